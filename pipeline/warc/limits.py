"""Bounds on what a WARC may make us hold or do. Passing one is a finding, never a crash."""

from typing import Final

CHUNK: Final = 1 << 16
"""Bytes read, inflated and digested at a time."""

PIECE: Final = 1 << 20
"""Bytes of a block that the writer deflates or stores at a time."""

BUFFER: Final = 1 << 18
"""Bytes read ahead from a file, so that going back to a member's end costs nothing."""

FIRST_CHUNK: Final = 1 << 12
"""The first read of a gzip member: most records fit."""

HEADER_MOST: Final = 1 << 16
"""The longest record header (version line to blank line): 64 KiB. ISO 28500 sets no bound; a URL
of 2,048 characters and twenty fields need under 4 KiB."""

LINES_MOST: Final = 2_000
"""The most lines of a record header. We write 500 at most: the records that a commit made."""

WHOLE_MOST: Final = 1 << 20
"""Gzip members that inflate to up to 1 MiB are inflated at once; longer ones piece by piece."""

KEPT_MOST: Final = 1 << 24
"""Blocks up to 16 MiB are held in memory by `walk`; longer ones are digested while they stream."""

LOADED_MOST: Final = 1 << 31
"""The longest block that `read_record` loads when it is asked for by place: 2 GiB."""

INFLATED_FREE: Final = 1 << 30
INFLATED_RATIO: Final = 100
"""A file may inflate to 1 GiB plus 100 times what was read of it. Deflate ends at 1032 to 1."""

LISTS_FREE: Final = 1 << 26
LISTS_RATIO: Final = 20
"""The same of an index or a list of pages, each line of which is work: 64 MiB plus 20 times."""

SEGMENT_MOST: Final = 10**9
"""The size that a WARC file of ours stays under: 1 GB, as annex C.1 recommends."""

RECORDS_FREE: Final = 10_000
RECORD_LEAST: Final = 16
"""A file may hold 10,000 records plus one for each 16 bytes that were read of it: an id that is a
record's own takes as much, however it is compressed."""

STORED_AFTER: Final = 1 << 29
"""The writer stops compressing once half of the free gigabyte is used at more than half the ratio,
so that whatever a site contains, its archive stays within the bounds that readers are held to."""

PROBES_MOST: Final = 10_000
"""Places tried for the next gzip member after damage, per file."""

DAMAGES_MOST: Final = 1_000
"""Damages listed one by one per file; the rest is counted."""
