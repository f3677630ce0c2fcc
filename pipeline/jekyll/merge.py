"""`deep_merge_hashes` of Jekyll's utils.rb: the later value wins, but null never does."""

from collections.abc import Mapping
from typing import Any


def deep_merge(target: Mapping[str, Any], overwrite: Mapping[str, Any]) -> dict[str, Any]:
    """Return `target` overwritten by `overwrite`; mappings merge, everything else replaces."""
    merged = dict(target)
    for key, new in overwrite.items():
        if key not in merged:
            merged[key] = new
        elif new is not None:
            old = merged[key]
            both = isinstance(old, Mapping) and isinstance(new, Mapping)
            merged[key] = deep_merge(old, new) if both else new
    return merged
