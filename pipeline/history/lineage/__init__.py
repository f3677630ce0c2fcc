"""Which paths, in which order, are the same document, and why we say so. Pure.

`trace(lives)` cuts every path's past into stays, finds the stays that could continue one another
through an inverted index, weighs the evidence of each such pair, and solves one assignment problem
over the whole history, so that a redesign that deletes many files and adds many is matched as a
whole. What was copied, split or merged is told, not joined. A person's decisions come first.
"""
