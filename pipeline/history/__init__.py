"""The past of a site as pure functions: names for content that anyone can recompute.

No disk, no process, no clock. Versions from commits, lineage and comparison come to live here.
"""
