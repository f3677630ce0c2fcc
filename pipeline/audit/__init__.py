"""What verification says: codes, levels, verdicts. Values only, no input or output."""
