"""What an index may say of a record: its bytes with or without the CRLFs after it, nothing else."""

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.model import Sha256
from pipeline.warc.cdxj import Entry
from pipeline.warc.indexing import index
from pipeline.warc.wacz.check import check_wacz
from tests.warc.building import put
from tests.warc.payloads.making import HTML, http, record
from tests.warc.wacz.packages import INDEX, SHORT, WARC, forge, write_package

THEIRS = "another tool 1"
PLAIN = "archive/plain.warc"
Change = Callable[[dict[str, str], bytes], None]
NOTHING = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


def packed(folder: Path, data: bytes, change: Change, key: str | None = None) -> set[str]:
    """Pack a file of theirs, its index changed; give what is wrong beside the pages."""
    path = folder / "tiny.wacz"
    if not path.exists():
        write_package(folder)
    name = "archive/their.warc.gz" if data.startswith(b"\x1f\x8b") else PLAIN
    entries: list[Entry] = []
    file = put(folder, data)
    index(file, name.removeprefix("archive/"), lambda entry, _: entries.append(entry))
    lines = []
    for entry in entries:
        own, timestamp, block = entry.line().decode().split(" ", 2)
        said = json.loads(block)
        change(said, data)
        lines.append(f"{key or own} {timestamp} {json.dumps(said)}\n")
    changes = {WARC: None, INDEX: None, SHORT: None, name: data}
    text = "".join(sorted(lines)).encode()
    forged = forge(path, {**changes, "indexes/i.cdxj": text}, software=THEIRS)
    found = check_wacz(forged)
    assert entries
    return {each.code for each in found.index if not each.code.startswith("wacz-page")}


def asked(*fields: str) -> bytes:
    return record("response", http(HTML), *fields)


def bare(said: dict[str, str], data: bytes) -> None:
    """As cdxj-indexer: a record in a file without gzip ends before the CRLFs."""
    start, size = int(said["offset"]), int(said["length"]) - 4
    assert data[start + size : start + size + 4] == b"\r\n\r\n"
    said["length"] = str(size)
    said["recordDigest"] = f"sha256:{hashlib.sha256(data[start : start + size]).hexdigest()}"


def whole(said: dict[str, str], _: bytes) -> None:
    assert said["recordDigest"]


def shorter(said: dict[str, str], data: bytes) -> None:
    """A digest of fewer bytes than the record has."""
    start, size = int(said["offset"]), int(said["length"]) - 5
    said["recordDigest"] = f"sha256:{hashlib.sha256(data[start : start + size]).hexdigest()}"


def cut(said: dict[str, str], _: bytes) -> None:
    said["length"] = str(int(said["length"]) - 4)


def hollow(said: dict[str, str], _: bytes) -> None:
    said["digest"] = NOTHING


def other(said: dict[str, str], _: bytes) -> None:
    said["digest"] = str(Sha256.of(b"other"))


@pytest.mark.parametrize("change", [whole, bare])
def test_both_ways_to_measure_a_plain_record_are_right(tmp_path: Path, change: Change) -> None:
    assert packed(tmp_path, asked(), change) == set()


def test_a_digest_of_other_bytes_is_wrong(tmp_path: Path) -> None:
    assert packed(tmp_path, asked(), shorter) == {"wacz-index-differs"}


def test_a_gzip_member_has_one_length(tmp_path: Path) -> None:
    data = gzip.compress(asked(), mtime=0)
    assert packed(tmp_path, data, whole) == set()
    assert packed(tmp_path, data, cut) == {"wacz-index-differs"}


def test_the_digest_of_no_bytes_is_borne_where_the_standard_asks_for_none(tmp_path: Path) -> None:
    note = record("metadata", b"a note", f"WARC-Block-Digest: sha1:{'0' * 40}").replace(
        b"0" * 40, hashlib.sha1(b"a note", usedforsecurity=False).hexdigest().encode()
    )
    assert packed(tmp_path, note, whole) == set()
    assert packed(tmp_path, note, hollow) == {"wacz-index-hollow"}
    assert packed(tmp_path, note, other) == set()  # of another algorithm: nothing contradicts


def test_a_response_whose_entry_has_the_digest_of_no_bytes_is_wrong(tmp_path: Path) -> None:
    digest = hashlib.sha1(HTML, usedforsecurity=False).hexdigest()
    page = asked(f"WARC-Payload-Digest: sha1:{digest}")
    assert packed(tmp_path, page, whole) == set()
    assert packed(tmp_path, page, hollow) == {"wacz-index-differs"}
    kept = record("resource", HTML, f"WARC-Payload-Digest: sha1:{digest}")
    assert packed(tmp_path, kept, hollow) == {"wacz-index-differs"}


def without(said: dict[str, str], _: bytes) -> None:
    del said["digest"]


def test_a_digest_is_needed_where_there_was_http(tmp_path: Path) -> None:
    digest = hashlib.sha1(HTML, usedforsecurity=False).hexdigest()
    page = asked(f"WARC-Payload-Digest: sha1:{digest}")
    assert packed(tmp_path, page, without) == {"wacz-index-field", "wacz-unindexed"}
    assert packed(tmp_path, record("resource", HTML), without) == {"wacz-index-digest"}


POSTED = {
    # what cdxj-indexer 1.5.0 wrote with --post-append: the URL, its requestBody, the key
    ("https://mill.example/a", "b=2&a=1"): "example,mill)/a?__wb_method=post&a=1&b=2",
    ("https://mill.example/a/?q=1", "name=Zoë A&B%"): (
        "example,mill)/a?__wb_method=post&b%25&name=zo%c3%ab%20a&q=1"
    ),
    ("https://mill.example/a", ""): "example,mill)/a?__wb_method=post",
}


@pytest.mark.parametrize("asked_for", POSTED, ids=str)
def test_the_key_of_a_request_with_a_body_has_its_method_and_body(
    tmp_path: Path, asked_for: tuple[str, str]
) -> None:
    url, body = asked_for
    page = record("response", http(HTML), url=url)

    def posted(said: dict[str, str], _: bytes) -> None:
        said.update(method="POST", requestBody=body)

    assert packed(tmp_path, page, posted, key=POSTED[asked_for]) == set()
    assert packed(tmp_path, page, posted, key="example,mill)/a") == {"wacz-index-key"}
