"""Lists and signatures that want to be large: an error, in little memory and time.

Each stands in a package that holds otherwise: its own digests are right.
"""

import base64
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.warc.signing.der import OID, SEQUENCE, wrap
from tests.faults.measuring import MEMORY, measured
from tests.faults.test_bombs import MEBI, deflated
from tests.faults.test_zip_bombs import with_members
from tests.warc.wacz.packages import DATAPACKAGE, DIGEST, INDEX, PAGES, forge, write_package, zipped

Bomb = Callable[[Path], Path]


def forged(path: Path, name: str, data: bytes, *, deflate: bool = False) -> Path:
    whole, _ = write_package(path.parent, software="somebody's")
    out = forge(whole, {name: data})
    if deflate:
        with zipfile.ZipFile(out) as archive:
            kept = {each: archive.read(each) for each in archive.namelist()}
        zipped(out, kept, frozenset({name}))
    return out


def a_large_list_of_files(path: Path) -> Path:
    return forged(path, DATAPACKAGE, b'{"resources":[' + b"[]," * (33 * MEBI) + b"[]]}")


def a_list_of_nothings(path: Path) -> Path:
    most = (1 << 23) - 100
    return forged(path, DATAPACKAGE, b'{"resources":[' + b"{}," * (most // 3) + b"{}]}")


def a_list_of_names(path: Path) -> Path:
    names = b",".join(b'"%x":9' % n for n in range(700_000))
    return forged(path, DATAPACKAGE, b"{" + names + b"}")


def a_deep_list(path: Path) -> Path:
    return forged(path, DATAPACKAGE, b"[" * 5_000_000)


def a_page_of_nothings(path: Path) -> Path:
    line = b'{"url":"a","x":[' + b"[]," * 2_790_000 + b"[]]}\n"
    return forged(path, PAGES, line * 3, deflate=True)


def a_page_without_end(path: Path) -> Path:
    return forged(path, PAGES, b'{"url":"' + b"a" * (400 * MEBI // 4), deflate=True)


def pages_without_number(path: Path) -> Path:
    pages = b'{"url":"a","ts":"2024-05-06"}\n' * 30_000_000
    deflate = zlib.compressobj(1, zlib.DEFLATED, -15)
    data = deflate.compress(pages) + deflate.flush()
    return with_members(path, [("pages/more.jsonl", data, zlib.crc32(pages), len(pages))])


ENTRY = b'{"url":"a","digest":"x","filename":"a","offset":"0","length":"0","mime":"a"}\n'


def an_index_line_without_end(path: Path) -> Path:
    return forged(path, INDEX, deflated(iter([b"a" * (200 * MEBI)])))


def entries_of_one_record(path: Path) -> Path:
    line = b"a 20240506070809 " + ENTRY
    return forged(path, INDEX, deflated(line * 10_000 for _ in range(15)))


def entries_without_number(path: Path) -> Path:
    line = b"a 20240506070809 " + ENTRY.replace(b"{", b'{"more":"%s",' % (b"a" * 4000))
    return forged(path, INDEX, deflated(line * 10_000 for _ in range(20)))


def times_without_number(path: Path) -> Path:
    lines = (b"a %014d " % n + ENTRY for n in range(120_000))
    return forged(path, INDEX, deflated(lines))


def a_long_key(path: Path) -> Path:
    url = b"http://" + b"a." * 250_000 + b"/" + b"%41" * 100_000 + b"?" + b"&a" * 50_000
    line = b'a 20240506070809 {"url":"%s","digest":"x","filename":"a","offset":0,"length":1}\n'
    return forged(path, INDEX, deflated(iter([line % url] * 20)))


def signed(path: Path, **changes: str) -> Path:
    """Give a package whose digest has a signature in the anonymous form, with these fields."""
    whole, _ = write_package(path.parent, software="somebody's")
    with zipfile.ZipFile(whole) as archive:
        said = json.loads(archive.read(DIGEST))
    fields = {"hash": said["hash"], "created": "2024-05-06T07:08:09Z", "signature": "AAAA"}
    said["signedData"] = {**fields, "software": "somebody's", **changes}
    return forge(whole, {DIGEST: json.dumps(said).encode()})


def answer(token: bytes) -> dict[str, str]:
    coded = base64.b64encode(token).decode()
    return {"publicKey": "AAAA", "timeSignature": coded, "timestampCert": "x"}


def a_deep_signature(path: Path) -> Path:
    token = b""
    for _ in range(20_000):
        token = wrap(SEQUENCE, token)
    return signed(path, **answer(token))


def a_signature_of_nothings(path: Path) -> Path:
    return signed(path, **answer(wrap(SEQUENCE, b"\x05\x00" * 380_000)))


def a_number_without_end(path: Path) -> Path:
    version = wrap(SEQUENCE, wrap(0x02, b"\x7f" * 700_000))
    return signed(path, **answer(wrap(SEQUENCE, version, version)))


def a_name_of_an_algorithm_without_end(path: Path) -> Path:
    granted = wrap(SEQUENCE, b"\x02\x01\x00")
    name = wrap(OID, b"\xff" * 700_000 + b"\x01")
    return signed(path, **answer(wrap(SEQUENCE, granted, wrap(SEQUENCE, name))))


def certificates_without_number(path: Path) -> Path:
    one = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
    fields = {"domain": "a", "domainCert": one * 10_000, "timeSignature": "AAAA"}
    return signed(path, **fields, timestampCert=one)


def a_large_signature(path: Path) -> Path:
    return signed(path, publicKey="A" * (100 * MEBI))


LISTS = (
    *(a_large_list_of_files, a_list_of_nothings, a_list_of_names, a_deep_list),
    *(a_page_of_nothings, a_page_without_end, pages_without_number, an_index_line_without_end),
    *(entries_of_one_record, entries_without_number, times_without_number, a_long_key),
)


def a_signed_list_of_nothings(path: Path) -> Path:
    most = (1 << 23) - 100
    nothings = b'{"software":"a","created":"a","resources":[' + b"{}," * (most // 3) + b"{}]}"
    return forge(signed(path), {DATAPACKAGE: nothings})


SIGNATURES = (
    a_signed_list_of_nothings,
    *(a_deep_signature, a_signature_of_nothings, a_number_without_end),
    *(a_name_of_an_algorithm_without_end, certificates_without_number, a_large_signature),
)


@pytest.mark.parametrize("bomb", [*LISTS, *SIGNATURES])
def test_a_bomb_is_an_error_in_little_memory_and_time(bomb: Bomb, tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.wacz")
    code, memory, said = measured("verify", path)
    assert code == 1, said[-500:]
    assert b"Traceback" not in said
    assert memory <= MEMORY, memory
