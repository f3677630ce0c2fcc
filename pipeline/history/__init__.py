"""Pure rules about history: commits, object ids, lineage."""
