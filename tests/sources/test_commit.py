from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.history.commit import parse_commit
from pipeline.history.gitobject import commit_id
from tests.sources.workshop import Workshop

OID = "0" * 40
BASE = b"tree " + b"1" * 40 + b"\n"


def test_reads_what_git_wrote(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    first = workshop.commit({"a": "1"})
    second = workshop.commit({"a": "2"}, "Grüße\n\nbody\nmore\n")
    raw = workshop.git("cat-file", "commit", second).encode() + b"\n"
    commit = parse_commit(second, raw)
    assert commit_id(commit.raw) == second
    assert commit.parents == (first,)
    assert commit.tree == workshop.git("rev-parse", f"{second}^{{tree}}")
    assert commit.message == "Grüße\n\nbody\nmore\n"
    assert commit.encoding is None
    assert commit.author.name == workshop.git("log", "-1", "--format=%an", second)
    assert commit.author.email == workshop.git("log", "-1", "--format=%ae", second)
    assert commit.author.at is not None
    assert commit.author.at.isoformat() == workshop.git("log", "-1", "--format=%aI", second)
    assert commit.author.offset_minutes == 60
    assert commit.committer == commit.author


def test_reads_a_merge_and_the_continued_header_of_a_signature() -> None:
    raw = (
        BASE
        + b"parent " + b"2" * 40 + b"\nparent " + b"3" * 40 + b"\n"
        + b"author A <a@example.org> 0 +0000\ncommitter C <c@example.org> 1 -0330\n"
        + b"gpgsig -----BEGIN\n \n parent not-one\n -----END\n\nmessage"
    )  # fmt: skip
    commit = parse_commit(OID, raw)
    assert commit.parents == ("2" * 40, "3" * 40)
    assert commit.author.at == datetime(1970, 1, 1, tzinfo=UTC)
    assert commit.committer.offset_minutes == -210
    assert commit.message == "message"


def test_decodes_by_the_encoding_that_the_commit_states() -> None:
    raw = BASE + b"author J\xf6rg <j@example.org> 0 +0000\nencoding ISO-8859-1\n\ncaf\xe9\n"
    commit = parse_commit(OID, raw)
    assert (commit.author.name, commit.message) == ("Jörg", "café\n")
    assert commit.author.raw == "J\udcf6rg <j@example.org> 0 +0000"
    assert commit.encoding == "ISO-8859-1"


@pytest.mark.parametrize(
    "encoding",
    [
        b"utf-8",
        b"no-such",
        b"zlib",
        b"rot13",
        b"idna",
        b"undefined",
        b"unicode_escape",
        b"",
        b"a\0b",
        b"\xff",
    ],
)
def test_keeps_bytes_that_the_stated_encoding_cannot_read(encoding: bytes) -> None:
    raw = BASE + b"author A <a@b> 0 +0000\nencoding " + encoding + b"\n\ncaf\xe9"
    commit = parse_commit(OID, raw)
    assert commit.message.encode("utf-8", "surrogateescape") == b"caf\xe9"


@pytest.mark.parametrize(
    ("line", "seconds", "offset"),
    [
        (b"A <a@b> 1700000000 +0530", 1_700_000_000, 330),
        (b"A <a@b> 1700000000 -0000", 1_700_000_000, 0),
        (b"A <a@b> 1700000000", 1_700_000_000, 0),
        (b"A <a@b> 1700000000 +051800", 1_700_000_000, 0),
        (b"A <a@b> 1700000000 +2400", 1_700_000_000, 0),
        (b"A <a@b> -86400 +0100", -86_400, 60),
        (b"A <a@b> 99999999999999999 +0000", None, 0),
        (b"A <a@b> 253402300799 +1400", None, 840),
        (b"A <a@b> soon", None, 0),
        (b"A <a@b>", None, 0),
        (b"nobody", None, 0),
    ],
)
def test_reads_dates_as_far_as_they_can_be_read(
    line: bytes, seconds: int | None, offset: int
) -> None:
    signature = parse_commit(OID, BASE + b"author " + line + b"\n\n").author
    assert signature.raw == line.decode()
    assert signature.offset_minutes == offset
    if seconds is None:
        assert signature.at is None
    else:
        assert signature.at is not None
        assert signature.at.timestamp() == seconds
        assert signature.at.utcoffset() == timedelta(minutes=offset)


def test_reads_an_identity_with_odd_brackets_as_far_as_it_goes() -> None:
    author = parse_commit(OID, BASE + b"author  Mr. <> Strange <x@y> 12 +0000\n\n").author
    assert (author.name, author.email, author.at) == ("Mr.", "", None)


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_never_fails_and_keeps_the_raw_bytes(raw: bytes) -> None:
    assert parse_commit(OID, raw).raw == raw


@given(st.binary(max_size=80), st.binary(max_size=12))
@settings(max_examples=150, deadline=None)
def test_never_fails_on_an_author_line(line: bytes, encoding: bytes) -> None:
    raw = b"author " + line + b"\nencoding " + encoding + b"\n\nmessage"
    assert parse_commit(OID, raw).oid == OID
