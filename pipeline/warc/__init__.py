"""WARC 1.1 (ISO 28500:2017): records, writer, strict reader, rules, manifest; warcio's only home.

What is written is checked by our own reader before it gets a name; what is read is never trusted.
"""
