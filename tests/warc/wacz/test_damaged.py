"""None of many damaged packages passes; the valid ones that they are made of do."""

from pathlib import Path

from pipeline.audit.report import Level, Verdict
from pipeline.jobs.verify import Wanted, verify
from pipeline.warc.signing.package import Demand
from pipeline.warc.wacz.check import check_wacz
from tests.warc.wacz.damaged import damaged, valid
from tests.warc.wacz.ill_signed import TRUST, broken, signed, taken_away

SIGNED = Wanted(trust=TRUST, demand=Demand(signature=True))


def test_no_damaged_package_passes(tmp_path: Path) -> None:
    corpus = damaged(tmp_path / "made")
    assert len(corpus) >= 150
    path = tmp_path / "one.wacz"
    passed = []
    for name, data in corpus.items():
        path.write_bytes(data)
        if check_wacz(path).sound:
            passed.append(name)
    assert passed == []
    for name in list(corpus)[::25]:
        path.write_bytes(corpus[name])
        assert verify(path).verdict is Verdict.FAIL, name


def test_the_package_that_they_are_made_of_passes(tmp_path: Path) -> None:
    assert check_wacz(valid(tmp_path)).findings == ()


def test_no_package_under_another_signature_passes(tmp_path: Path) -> None:
    assert verify(signed(tmp_path), wanted=SIGNED).verdict is Verdict.PASS
    path = tmp_path / "one.wacz"
    wrong = dict(broken(tmp_path / "broken"))
    assert len(wrong) >= 15
    for name, data in wrong.items():
        path.write_bytes(data)
        assert verify(path).verdict is Verdict.FAIL, name
        levels = verify(path, wanted=SIGNED).levels
        assert levels[Level.SIGNATURES].verdict is Verdict.FAIL, name


def test_a_signature_taken_away_is_missed_where_one_is_required(tmp_path: Path) -> None:
    path = tmp_path / "one.wacz"
    for name, data in taken_away(tmp_path / "taken"):
        path.write_bytes(data)
        levels = verify(path, wanted=SIGNED).levels
        assert levels[Level.SIGNATURES].verdict is Verdict.FAIL, name
