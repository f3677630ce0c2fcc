"""Zip files that are small and want to be large: an error, in little memory and time."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.warc.wacz.directory import Member
from pipeline.warc.wacz.members import readable
from pipeline.warc.wacz.rules import Tell
from tests.faults.measuring import MEMORY, measured
from tests.faults.test_bombs import MEBI, deflated
from tests.warc.wacz.packages import write_package

LOCAL, CENTRAL = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L")
END, END64 = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")
FULL = 0xFFFFFFFF


def local(name: bytes, size: int = 0, extra: bytes = b"", flags: int = 0) -> bytes:
    head = LOCAL.pack(b"PK\x03\x04", 20, flags, 0, 0, 33, 0, size, size, len(name), len(extra))
    return head + name + extra


def central(name: bytes, header: int, size: int = 0, extra: bytes = b"", flags: int = 0) -> bytes:
    lengths = (len(name), len(extra), 0, 0, 0)
    fixed = (b"PK\x01\x02", 20, 20, flags, 0, 0, 33, 0, size, size, *lengths, 0, header)
    return CENTRAL.pack(*fixed) + name + extra


def zip64(path: Path, members: bytes, directory: bytes, total: int, **lies: int) -> Path:
    """Write a zip file of these parts; the end record may lie about place and length."""
    at = len(members) + len(directory)
    length, offset = lies.get("length", len(directory)), lies.get("offset", len(members))
    end64 = END64.pack(b"PK\x06\x06", 44, 20, 20, 0, 0, total, total, length, offset)
    locator = LOCATOR.pack(b"PK\x06\x07", 0, lies.get("end64", at), 1)
    end = END.pack(b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, FULL, FULL, 0)
    path.write_bytes(members + directory + end64 + locator + end)
    return path


def members_without_number(path: Path) -> Path:
    directory = b"".join(central(b"%07d" % n, 0) for n in range(1_000_000))
    return zip64(path, local(b"0000000"), directory, 1_000_000)


def members_just_short_of_the_bound(path: Path) -> Path:
    names = [b"a/%05d" % n + "é".encode() * 30 + "😀".encode() for n in range(50_000)]
    parts, places, at = [], [], 0
    for name in names:
        parts.append(local(name))
        places.append(at)
        at += len(parts[-1])
    directory = b"".join(map(central, names, places))
    return zip64(path, b"".join(parts), directory, len(names))


def members_over_one_another(path: Path) -> Path:
    large = local(b"a", extra=bytes(65_000))
    return zip64(path, large, central(b"a", 0) * 90_000, 90_000)


def names_without_end(path: Path) -> Path:
    names = [b"%d" % n + "😀".encode() + b"\\" * 65_000 for n in range(1000)]
    return zip64(path, b"", b"".join(central(name, 0) for name in names), len(names))


def long_names_that_are_wrong(path: Path) -> Path:
    names = [b"%03d" % n + "😀".encode() + b"\\" * 16_000 for n in range(900)]
    parts, places, at = [], [], 0
    for name in names:
        parts.append(local(name))
        places.append(at)
        at += len(parts[-1])
    return zip64(path, b"".join(parts), b"".join(map(central, names, places)), len(names))


def fields_without_number(path: Path) -> Path:
    extra = b"\x02\x00\x00\x00" * 16_000 + struct.pack("<2H3Q", 1, 24, 0, 0, 0)
    entry = central(b"a", FULL, FULL, extra)
    return zip64(path, local(b"a"), entry * 500, 500)


def sizes_that_no_disk_has(path: Path) -> Path:
    most = (1 << 64) - 1
    extra = struct.pack("<2H2Q", 1, 16, most, most)
    member = local(b"a", FULL, extra, flags=8)
    return zip64(path, member, central(b"a", 0, FULL, extra, flags=8), 1)


def a_directory_beyond_the_end(path: Path) -> Path:
    most = (1 << 64) - 1
    return zip64(path, local(b"a"), central(b"a", 0), 1, offset=most, length=most)


def an_end_beyond_the_end(path: Path) -> Path:
    return zip64(path, local(b"a"), central(b"a", 0), 1, end64=(1 << 64) - 1)


def ends_without_number(path: Path) -> Path:
    path.write_bytes(b"PK\x03\x04" + b"PK\x05\x06" * 1_000_000)
    return path


def with_members(path: Path, files: list[tuple[str, bytes, int, int]]) -> Path:
    """Put deflated files into a whole package: name, deflated bytes, CRC-32 and size."""
    whole, _ = write_package(path.parent)
    before = whole.read_bytes()
    at = before.rfind(b"PK\x05\x06")
    *_, total, length, offset, _ = END.unpack(before[at : at + END.size])
    members, directory = before[:offset], before[offset : offset + length]
    for name, data, crc, size in files:
        raw = name.encode()
        told = (0, 8, 0, 33, crc, len(data), size, len(raw))
        directory += CENTRAL.pack(b"PK\x01\x02", 20, 20, *told, 0, 0, 0, 0, 0, len(members)) + raw
        members += LOCAL.pack(b"PK\x03\x04", 20, *told, 0) + raw + data
    total += len(files)
    end = END.pack(b"PK\x05\x06", 0, 0, total, total, len(directory), len(members), 0)
    path.write_bytes(members + directory + end)
    return path


def zeros(count: int) -> tuple[bytes, int, int]:
    """Deflate so many mebibytes of zeros: the bytes, their CRC-32 and size."""
    deflate, crc = zlib.compressobj(1, zlib.DEFLATED, -15), 0
    pieces = []
    for _ in range(count):
        pieces.append(deflate.compress(bytes(MEBI)))
        crc = zlib.crc32(bytes(MEBI), crc)
    return b"".join([*pieces, deflate.flush()]), crc, count * MEBI


def zeros_in_a_member(path: Path) -> Path:
    data, crc, size = zeros(100)
    return with_members(path, [("archive/a.warc", data, crc, 30 * size)])


def zeros_that_are_not_told(path: Path) -> Path:
    data, crc, _ = zeros(100)
    return with_members(path, [("archive/a.warc", data, crc, 100)])


def a_bomb_in_a_bomb(path: Path) -> Path:
    inner = deflated(bytes(MEBI) for _ in range(100)) * 100
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = deflate.compress(inner) + deflate.flush()
    return with_members(path, [("archive/a.warc.gz", data, zlib.crc32(inner), len(inner))])


def a_package_in_a_package(path: Path) -> Path:
    whole, _ = write_package(path.parent)
    data = whole.read_bytes()
    for _ in range(50):
        with io.BytesIO() as memory:
            with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("archive/inner.wacz", data)
            data = memory.getvalue()
    path.write_bytes(data)
    return path


ZIPS = (
    *(members_without_number, members_just_short_of_the_bound, members_over_one_another),
    *(names_without_end, long_names_that_are_wrong, fields_without_number),
    *(sizes_that_no_disk_has, a_directory_beyond_the_end, an_end_beyond_the_end),
    *(
        ends_without_number,
        zeros_in_a_member,
        zeros_that_are_not_told,
        a_bomb_in_a_bomb,
    ),
    a_package_in_a_package,
)


@pytest.mark.parametrize("bomb", ZIPS)
def test_a_bomb_is_an_error_in_little_memory_and_time(
    bomb: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = bomb(tmp_path / "bomb.wacz")
    code, memory, said = measured("verify", path)
    assert code == 1, said[-500:]
    assert b"Traceback" not in said
    assert memory <= MEMORY, memory


def test_members_that_are_bearable_one_by_one_are_not_all_borne() -> None:
    """Each inflates to what one may; what is told by the directory is enough to refuse the rest."""
    size = (1 << 30) - 1
    many = tuple(deflated_member(f"archive/{n}.warc".encode(), size) for n in range(4))
    tell = Tell("a.wacz")
    assert sorted(readable(many, tell)) == ["archive/0.warc"]
    assert [each.code for each in tell.findings() if "before it" in each.message] == [
        "wacz-zip-inflation"
    ] * 3


def deflated_member(name: bytes, size: int) -> Member:
    return Member(
        raw=name,
        made_by=20,
        needs=20,
        flags=0,
        method=8,
        moment=(0, 33),
        crc=0,
        packed=1000,
        size=size,
        extra=b"",
        comment=b"",
        internal=0,
        external=0,
        header=0,
    )
