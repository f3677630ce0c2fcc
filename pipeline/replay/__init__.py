"""Look captures up by URL and time, prove what they say, show it on loopback.

Nothing here writes to an archive, and nothing is ever fetched from anywhere else.
"""
