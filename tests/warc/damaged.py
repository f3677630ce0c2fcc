"""A corpus of WARC files that no checker should pass, made of one small valid file.

Each damage has a name that says what was done. The gzip checks are made anew wherever the damage is
not in them, and where a name says "forged" so are the digests that would give it away.
"""

import gzip
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.model import Severity, Sha256
from pipeline.warc.circumstances import Circumstances
from pipeline.warc.damage import RULES
from pipeline.warc.reader import walk
from pipeline.warc.record import Record
from pipeline.warc.writer import WarcWriter
from tests.warc.building import CHUNKED, INFO, NOW, info_record, members, original
from tests.warc.test_revisits import PAIRS
from tests.warc.test_rules import BROKEN

ERRORS = {rule.code for rule in RULES if rule.severity is Severity.ERROR}
HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
REQUEST = b"GET /a HTTP/1.1\r\nHost: example.org\r\n\r\n"
Named = Iterator[tuple[str, bytes]]


def every_type(folder: Path, name: str = "all") -> Path:
    """Write a valid file with a record of each type that we write."""
    uri = "https://example.org/a"
    with WarcWriter(folder, name, INFO, NOW) as warc:
        page = warc.response(uri=uri, message=CHUNKED, date=NOW)
        beside = Circumstances(ip="2001:db8::1", concurrent_to=(page.record_id,))
        warc.request(uri=uri, message=REQUEST, date=NOW, about=beside)
        file = warc.resource(uri=f"{uri}b", payload=b"body", media_type="text/plain", date=NOW)
        warc.resource(uri=f"{uri}p", payload=bytes(range(256)), media_type="image/png", date=NOW)
        warc.metadata(uri=uri, fields=[("via", uri)], date=NOW, concurrent_to=page.record_id)
        warc.revisit(uri=uri, original=original(page), date=NOW, head=HEAD)
        warc.revisit(uri=f"{uri}c", original=original(file), date=NOW)
        warc.conversion(of=file, payload=b"BODY", media_type="text/plain", date=NOW)
        return folder / warc.seal().name


def cut_up(path: Path) -> tuple[list[bytes], list[bytes]]:
    """Give the gzip members of a file, and the records in them."""
    data = path.read_bytes()
    found = [one for one in walk(path) if isinstance(one, Record)]
    packed = [data[one.offset : one.offset + one.length] for one in found]
    return packed, [gzip.decompress(one) for one in packed]


def damaged(folder: Path) -> dict[str, bytes]:
    """Make the corpus; `folder` is for the valid file."""
    packed, plain = cut_up(every_type(folder))
    made = dict(_rules())
    for part in (_cuts, _frames, _lies):
        made |= dict(part(packed, plain))
    made |= dict(_flips(packed))
    made |= dict(_forged(plain))
    made |= {
        path.name: path.read_bytes()
        for path in (Path(__file__).parent / "foreign/broken").iterdir()
    }
    return made


def _rules() -> Named:
    """One record for each way to break a rule that is an error."""
    for code, clause, data in BROKEN:
        if code in ERRORS:
            yield f"{code} {clause}", members(info_record(), data)
    for name, (one, revisit, codes) in PAIRS.items():
        if ERRORS.intersection(codes):
            yield f"a revisit {name}", members(info_record(), one, revisit)


def _cuts(packed: list[bytes], plain: list[bytes]) -> Named:
    whole, flat = b"".join(packed), b"".join(plain)
    last = len(packed[-1])
    for left in (1, 4, 8, 9, last // 2, last - 11, last - 10, last - 3, last - 1):
        yield f"cut {left} bytes before the end", whole[:-left]
    yield "cut after the first half", whole[: len(whole) // 2]
    yield "cut to nothing", b""
    yield "cut to two bytes", whole[:2]
    for left in (1, 2, 4, 5, 9, len(plain[-1]) - 3):
        yield f"cut {left} bytes before the end, not compressed", flat[:-left]
    yield "cut in a header, not compressed", flat[: -len(plain[-1]) + 60]


def _frames(packed: list[bytes], plain: list[bytes]) -> Named:
    whole, flat = b"".join(packed), b"".join(plain)
    yield "zeros at the end", whole + bytes(512)
    yield "a line at the end", whole + b"\r\n"
    yield "half a member at the end", whole + packed[1][: len(packed[1]) // 2]
    yield "an empty member at the end", whole + gzip.compress(b"", mtime=0)
    yield "text at the end, not compressed", flat + b"more\r\n"
    yield "something before the first record", b"\n" + whole
    yield "something before the first record, not compressed", b"\n" + flat
    yield "bytes between two members", packed[0] + b"\x00" * 7 + b"".join(packed[1:])
    yield "a member without its beginning", packed[0] + packed[1][10:] + b"".join(packed[2:])
    yield "a member without its middle", packed[0] + _without(packed[1]) + b"".join(packed[2:])
    yield "a record not compressed among members", packed[0] + plain[1] + b"".join(packed[2:])
    yield "a member among records not compressed", plain[0] + packed[1] + b"".join(plain[2:])
    yield "all in a member without its trailer", gzip.compress(flat, mtime=0)[:-8]
    yield "compressed twice", gzip.compress(whole, mtime=0)
    yield "a page and no WARC", b"<!doctype html><title>No</title>\r\n\r\n"
    yield "lines end without CR", flat.replace(b"\r\n", b"\n")
    yield "a line fewer between records", b"".join(one[:-2] for one in plain)
    yield "in the letters of another alphabet", flat.decode("latin-1").encode("utf-16")


def _without(member: bytes) -> bytes:
    return member[: len(member) // 2 - 3] + member[len(member) // 2 + 3 :]


def _flips(packed: list[bytes]) -> Named:
    for number, one in enumerate(packed):
        places = {"magic": 0, "method": 2, "data": len(one) // 2, "CRC": len(one) - 8}
        for name, at in (places | {"size": len(one) - 1}).items():
            hurt = bytearray(one)
            hurt[at] ^= 0x10
            parts = [*packed[:number], bytes(hurt), *packed[number + 1 :]]
            yield f"a bit of the {name} of member {number}", b"".join(parts)


def _lies(packed: list[bytes], plain: list[bytes]) -> Named:
    """Change what a record holds or says, and make the gzip checks anew."""
    for number, one in enumerate(plain):
        head, _, rest = one.partition(b"\r\n\r\n")
        block = rest[:-4]
        around = packed[:number], packed[number + 1 :]
        for name, data in {
            "block": _laid_out(head, block[:-1] + bytes([(block or b"\0")[-1] ^ 1])),
            "block made longer": _laid_out(head, block + b"!"),
            "block left out": _laid_out(head, b"") if block else b"",
            "length, one more": _longer(head, 1) + b"\r\n\r\n" + block + b"\r\n\r\n",
            "length, one less": _longer(head, -1) + b"\r\n\r\n" + block + b"\r\n\r\n",
        }.items():
            if data:
                yield f"record {number}: {name}", b"".join([*around[0], _packed(data), *around[1]])


def _forged(plain: list[bytes]) -> Named:
    """Change a payload and forge the digest of the block, or the other way round."""
    for number, name in ((1, "response"), (3, "resource"), (8, "conversion")):
        head, _, rest = plain[number].partition(b"\r\n\r\n")
        block = rest[:-4].replace(b"body", b"beer").replace(b"BODY", b"BEER")
        forged = _with(head, b"WARC-Block-Digest", str(Sha256.of(block)).encode())
        yield (
            f"a {name} with a forged block digest",
            _among(plain, number, _laid_out(forged, block)),
        )
        other = _with(head, b"WARC-Payload-Digest", str(Sha256.of(b"beer")).encode())
        data = other + b"\r\n\r\n" + rest
        yield f"a {name} with a forged payload digest", _among(plain, number, data)
    for number in (6, 7):
        head, _, rest = plain[number].partition(b"\r\n\r\n")
        other = _with(head, b"WARC-Payload-Digest", str(Sha256.of(b"beer")).encode())
        yield (
            f"revisit {number} of a forged payload",
            _among(plain, number, other + b"\r\n\r\n" + rest),
        )
    body = str(Sha256.of(b"beer")).encode()
    for number in (1, 3):  # the original is changed with all its digests: its revisits know better
        head, _, rest = plain[number].partition(b"\r\n\r\n")
        block = rest[:-4].replace(b"body", b"beer")
        forged = _with(head, b"WARC-Block-Digest", str(Sha256.of(block)).encode())
        forged = _with(forged, b"WARC-Payload-Digest", body)
        yield f"a forged original {number}", _among(plain, number, _laid_out(forged, block))


def _among(plain: list[bytes], number: int, data: bytes) -> bytes:
    return b"".join(map(_packed, [*plain[:number], data, *plain[number + 1 :]]))


def _with(head: bytes, name: bytes, value: bytes) -> bytes:
    lines = [name + b": " + value if x.startswith(name + b":") else x for x in head.split(b"\r\n")]
    return b"\r\n".join(lines)


def _laid_out(head: bytes, block: bytes) -> bytes:
    length = str(len(block)).encode()
    return _with(head, b"Content-Length", length) + b"\r\n\r\n" + block + b"\r\n\r\n"


def _longer(head: bytes, more: int) -> bytes:
    size = int(head.rpartition(b"Content-Length: ")[2])
    return _with(head, b"Content-Length", str(size + more).encode())


def _packed(data: bytes) -> bytes:
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(data) + deflate.flush()
    trailer = struct.pack("<II", zlib.crc32(data), len(data))
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + body + trailer
