"""Jekyll's rules as pure functions: bytes and settings in, values out; no disk, no clock."""
