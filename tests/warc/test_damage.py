"""Every flip of a bit and every cut of a small sealed file is found, and what is whole is kept."""

from pathlib import Path

import pytest

from pipeline.model import Severity
from pipeline.warc.check import check
from pipeline.warc.damage import RULES, Damage
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.limits import DAMAGES_MOST
from pipeline.warc.reader import read_record, walk
from pipeline.warc.record import Capture, Record, SealedFile
from pipeline.warc.writer import WarcWriter
from tests.warc.building import INFO, NOW, put


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SealedFile, list[Capture]]:
    folder = tmp_path_factory.mktemp("sealed")
    with WarcWriter(folder, "tiny", INFO, NOW) as warc:
        captures = [
            warc.resource(uri="https://a/", payload=b"text " * 9, media_type="text/x", date=NOW),
            warc.resource(
                uri="https://b/", payload=b"\x00\xff" * 9, media_type="image/x", date=NOW
            ),
            warc.metadata(uri="https://b/", fields=[("a", "b")], date=NOW),
        ]
        return folder, warc.seal(), captures


def test_every_flipped_bit_is_found(sealed: tuple[Path, SealedFile, list[Capture]]) -> None:
    """A flip breaks a rule in the record where it is, or changes no byte of any record.

    The latter are the bits that RFC 1951 and 1952 tell readers to pass over (time, system, hints,
    padding after the last block); the digest in the manifest finds those as well.
    """
    folder, file, captures = sealed
    whole = (folder / file.name).read_bytes()
    starts = [0, *(capture.offset for capture in captures)]
    silent = 0
    for index in range(len(whole)):
        start = max(offset for offset in starts if offset <= index)
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[index] ^= 1 << bit
            checked = check(put(folder, bytes(flipped), "flipped.warc.gz"))
            assert checked.sha256 != file.sha256  # what the manifest compares
            if checked.sound:
                silent += 1
                assert checked.stream_sha256 == file.stream_sha256
            else:
                assert checked.damages[0].offset == start, (index, bit)
    assert silent < len(starts) * 8 * 8


def test_every_cut_is_found(sealed: tuple[Path, SealedFile, list[Capture]]) -> None:
    folder, file, captures = sealed
    whole = (folder / file.name).read_bytes()
    ends = [captures[0].offset, *(capture.offset + capture.length for capture in captures)]
    for size in range(len(whole)):
        checked = check(put(folder, whole[:size], "cut.warc.gz"))
        assert (checked.size, checked.sha256) != (file.size, file.sha256)
        if size in ends:  # a whole number of records: only the manifest knows that more were there
            assert checked.records < file.records
            assert checked.order_sha256 != file.order_sha256
        else:
            assert not checked.sound, size
            assert checked.records == sum(end <= size for end in ends)


def test_what_lies_behind_damage_is_still_read(
    sealed: tuple[Path, SealedFile, list[Capture]],
) -> None:
    folder, file, captures = sealed
    whole = (folder / file.name).read_bytes()
    hurt = captures[0]
    for index in range(hurt.offset, hurt.offset + hurt.length):
        flipped = bytearray(whole)
        flipped[index] ^= 0x10
        found = list(walk(put(folder, bytes(flipped), "hurt.warc.gz")))
        ids = [one.record_id for one in found if isinstance(one, Record)]
        assert ids[-2:] == [capture.record_id for capture in captures[1:]], index


@pytest.mark.parametrize("change", ["dropped", "doubled", "swapped"])
def test_records_dropped_doubled_or_swapped_show_in_the_order(
    sealed: tuple[Path, SealedFile, list[Capture]], change: str
) -> None:
    folder, file, captures = sealed
    whole = (folder / file.name).read_bytes()
    parts = [whole[: captures[0].offset]]
    parts += [whole[one.offset : one.offset + one.length] for one in captures]
    orders = {"dropped": (0, 2, 3), "doubled": (0, 1, 1, 2, 3), "swapped": (0, 2, 1, 3)}
    made = put(folder, b"".join(parts[index] for index in orders[change]), "order.warc.gz")
    checked = check(made)
    assert checked.order_sha256 != file.order_sha256
    assert checked.stream_sha256 != file.stream_sha256
    assert [damage.code for damage in checked.damages] == (
        ["warc-id-repeated"] if change == "doubled" else []
    )


def test_a_place_that_is_not_the_records_is_refused(
    sealed: tuple[Path, SealedFile, list[Capture]],
) -> None:
    folder, file, captures = sealed
    path, (one, *_) = folder / file.name, captures
    assert read_record(path, one.offset, one.length).record_id == one.record_id
    for offset, length in [
        (one.offset + 1, one.length),
        (one.offset, one.length + 1),
        (one.offset, 0),
        (file.size, 1),
        (file.size + 10, 1),
    ]:
        with pytest.raises(DamagedRecordError, match=r"tiny\.warc\.gz:byte") as caught:
            read_record(path, offset, length)
        assert caught.value.exit_code == 1


def test_more_damages_than_anyone_reads_are_counted(tmp_path: Path) -> None:
    line = b"WARC/1.1\r\n\r\n"
    checked = check(put(tmp_path, line * (DAMAGES_MOST + 5), "many.warc"))
    assert len(checked.damages) == DAMAGES_MOST + 1
    assert checked.damages[-1].message == "5 more damages are not listed"


def test_rules_have_unique_codes_and_say_what_they_ask() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes)) > 20
    assert all(rule.says and rule.clause for rule in RULES)


def test_a_damage_becomes_a_finding_with_its_clause() -> None:
    damage = Damage(rule=RULES[0], offset=7, message="the file is empty")
    finding = damage.finding("warc/x.warc.gz")
    assert (finding.code, finding.severity) == ("warc-empty", Severity.ERROR)
    assert str(finding).startswith("warc/x.warc.gz:byte 7: error: the file is empty (ISO 28500")
