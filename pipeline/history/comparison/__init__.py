"""What became of every document between two moments of a site: the fidelity of a migration. Pure.

`compare(before, after, ties)` pairs the documents of two trees by lineage, compares what a reader
sees of each pair field by field and word by word, and tells what was lost, the worst first.
"""
