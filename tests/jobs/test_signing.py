"""A signed archive: what others can check, and what is found when something is changed."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.audit.report import Level, Verdict
from pipeline.errors import ArchiveError, NotVerifiableError, UsageError
from pipeline.jobs.keys import SIZE_MOST, keygen, load_key, load_trust
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.signing import Signer, sign_archive, sign_verified
from pipeline.jobs.verify import Wanted, verify
from pipeline.jobs.verify_signatures import Signatures, look_at_package, look_at_signatures
from pipeline.warc.signing.anonymous import Stamping
from pipeline.warc.signing.detached import EVENTS, MANIFEST
from pipeline.warc.signing.keys import Algorithm, SigningKey
from pipeline.warc.signing.package import Demand, Standing
from pipeline.warc.signing.trust import Trust, TrustedKey
from tests.archives import kept_as_it_was
from tests.conftest import Need
from tests.warc.signing.certificates import STAMPS, Wish, issue
from tests.warc.signing.tokens import Told, response

KEY = SigningKey.generate(Algorithm.P384)
ME = TrustedKey(name="Me", fingerprint=KEY.public.fingerprint)
ROOT = issue(Wish(name="Root", authority=True))
TSA = issue(Wish(name="Clock", purposes=[STAMPS]), ROOT)
TRUST = Trust(keys=(ME,), roots=(ROOT.root(),))
ALL = Demand(signature=True, stamp=True)
MANIFEST_SIG, EVENTS_TXT = "signatures/000001.txt.sig", "signatures/events-000001.txt"


def stamping(data: bytes) -> bytes:
    return response(Told(signer=TSA, data=data, certificates=(TSA,)))


@pytest.fixture
def archive(mill_archive: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(mill_archive, tmp_path / "archive"))


@pytest.fixture
def signed(archive: Path) -> Path:
    sign_archive(place(archive), KEY, stamping)
    return archive


def place(archive: Path) -> Place:
    return find_place(archive, None)


def look(archive: Path, trust: Trust = TRUST, demand: Demand = ALL) -> Signatures:
    with kept_as_it_was(archive):
        return look_at_signatures(place(archive), trust, demand)


def codes(seen: Signatures) -> list[tuple[str | None, str]]:
    return [(finding.place.path, finding.code) for finding in seen.looked.findings]


def test_the_newest_manifest_and_event_are_signed_and_stamped(archive: Path) -> None:
    done = sign_archive(place(archive), KEY, stamping)
    assert done.written == (
        MANIFEST_SIG,
        f"{MANIFEST_SIG}.tsr",
        EVENTS_TXT,
        f"{EVENTS_TXT}.sig",
        f"{EVENTS_TXT}.sig.tsr",
    )
    seen = look(archive)
    assert [each.report.standing for each in seen.of] == [Standing.TRUSTED] * 2
    assert [each.about for each in seen.of] == ["manifests/000001.txt", EVENTS_TXT]
    assert (seen.looked.verdict, seen.looked.findings) == (Verdict.PASS, ())


def test_nobody_vouches_for_what_does_not_verify(archive: Path) -> None:
    (warc,) = (archive / "archive").iterdir()
    warc.write_bytes(warc.read_bytes()[:-1])
    assert sign_verified(place(archive), verify(archive), Signer(key=KEY)) is None
    assert not (archive / "signatures").exists()


def test_what_is_signed_stays_and_a_stamp_can_be_added(archive: Path) -> None:
    first = sign_archive(place(archive), KEY)
    again = sign_archive(place(archive), SigningKey.generate(Algorithm.P256), stamping)
    assert first.already == ()
    assert again.already == (MANIFEST_SIG, f"{EVENTS_TXT}.sig")
    assert again.written == (f"{MANIFEST_SIG}.tsr", f"{EVENTS_TXT}.sig.tsr")
    assert look(archive).looked.verdict is Verdict.PASS


def test_a_stamp_that_does_not_hold_is_not_kept(archive: Path) -> None:
    wrong: Stamping = lambda _: stamping(b"other")  # noqa: E731 - a stub of one line
    with pytest.raises(Exception, match="TIMESTAMP-CHANGED"):
        sign_archive(place(archive), KEY, wrong)
    assert not (archive / f"{MANIFEST_SIG}.tsr").exists()


def test_others_can_check_it(signed: Path, need: Need, tmp_path: Path) -> None:
    allowed = tmp_path / "allowed"
    allowed.write_bytes(b"me " + KEY.public.openssh + b"\n")
    (tmp_path / "root.pem").write_text(ROOT.pem)
    about = {MANIFEST_SIG: ("manifests/000001.txt", MANIFEST)}
    about[f"{EVENTS_TXT}.sig"] = (EVENTS_TXT, EVENTS)
    for signature, (data, namespace) in about.items():
        verify = [str(need("ssh-keygen")), "-Y", "verify", "-f", str(allowed), "-I", "me"]
        verify += ["-n", namespace, "-s", str(signed / signature)]
        with (signed / data).open("rb") as file:
            subprocess.run(verify, stdin=file, check=True, capture_output=True)
        check = [str(need("openssl")), "ts", "-verify", "-data", str(signed / signature)]
        check += ["-in", f"{signed / signature}.tsr", "-CAfile", str(tmp_path / "root.pem")]
        subprocess.run(check, check=True, capture_output=True)


def test_nothing_signed_is_not_verified_or_refused(archive: Path) -> None:
    seen = look(archive, demand=Demand())
    assert (seen.looked.verdict, seen.of) == (Verdict.NOT_VERIFIED, ())
    required = look(archive)
    assert required.looked.verdict is Verdict.FAIL
    assert codes(required) == [
        (MANIFEST_SIG, "SIGNATURE-ABSENT"),
        (MANIFEST_SIG, "SIGNATURE-REQUIRED"),
        (MANIFEST_SIG, "TIMESTAMP-REQUIRED"),
    ]


def rewrite(path: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def change(archive: Path) -> None:
        data = (archive / path).read_bytes()
        assert old in data
        (archive / path).write_bytes(data.replace(old, new))

    return change


def remove(path: str) -> Callable[[Path], None]:
    return lambda archive: (archive / path).unlink()


def forget_events(archive: Path) -> None:
    with sqlite3.connect(archive / "catalogue.db") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("DELETE FROM events")
    database.close()


def rewrite_event(archive: Path) -> None:
    with sqlite3.connect(archive / "catalogue.db") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE events SET kind = 'other'")
    database.close()


def break_catalogue(archive: Path) -> None:
    (archive / "catalogue.db").write_bytes(b"no database")


SIG = b"-----BEGIN SSH"
BROKEN: dict[str, tuple[Callable[[Path], None], tuple[str, str]]] = {
    "the manifest is gone": (
        remove("manifests/000001.txt"),
        (MANIFEST_SIG, "SIGNATURE-CHANGED"),
    ),
    "the manifest is changed": (
        rewrite("manifests/000001.txt", b"# sequence: 1", b"# sequence: 2"),
        (MANIFEST_SIG, "SIGNATURE-CHANGED"),
    ),
    "its signature is changed": (
        rewrite(MANIFEST_SIG, SIG, b"-----begin SSH"),
        (MANIFEST_SIG, "SIGNATURE-MALFORMED"),
    ),
    "its signature is gone": (remove(MANIFEST_SIG), (MANIFEST_SIG, "SIGNATURE-REQUIRED")),
    "its stamp is gone": (
        remove(f"{MANIFEST_SIG}.tsr"),
        (MANIFEST_SIG, "TIMESTAMP-REQUIRED"),
    ),
    "the statement is gone": (
        remove(EVENTS_TXT),
        (f"{EVENTS_TXT}.sig", "SIGNATURE-CHANGED"),
    ),
    "the statement is changed": (
        rewrite(EVENTS_TXT, b"# event: 1", b"# event: 2"),
        (f"{EVENTS_TXT}.sig", "SIGNATURE-WRONG"),
    ),
    "the statement is no longer signed": (
        remove(f"{EVENTS_TXT}.sig"),
        (EVENTS_TXT, "SIGNATURE-STRIPPED"),
    ),
    "something else lies there": (
        lambda archive: (archive / "signatures" / "x").touch(),
        ("signatures/x", "SIGNATURE-STRIPPED"),
    ),
    "events are gone": (forget_events, (EVENTS_TXT, "SIGNATURE-CHANGED")),
    "an event is another": (rewrite_event, (EVENTS_TXT, "SIGNATURE-CHANGED")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_changed_is_found_and_named(name: str, signed: Path) -> None:
    change, expected = BROKEN[name]
    change(signed)
    seen = look_at_signatures(place(signed), TRUST, ALL)
    assert seen.looked.verdict is Verdict.FAIL
    assert expected in codes(seen)


def test_a_pipe_in_place_of_a_signature_is_not_waited_for(signed: Path) -> None:
    (signed / MANIFEST_SIG).unlink()
    os.mkfifo(signed / MANIFEST_SIG)
    seen = look_at_signatures(place(signed), TRUST, ALL)
    assert (MANIFEST_SIG, "SIGNATURE-MALFORMED") in codes(seen)


def test_a_log_that_cannot_be_read_is_not_verified(signed: Path) -> None:
    break_catalogue(signed)
    seen = look_at_signatures(place(signed), TRUST, ALL)
    assert seen.looked.verdict is Verdict.NOT_VERIFIED
    assert seen.looked.not_verified.startswith("the event log")
    assert seen.looked.findings == ()


def test_an_archive_without_manifests_is_not_signed(tmp_path: Path) -> None:
    with pytest.raises(NotVerifiableError, match="no manifest"):
        sign_archive(Place(folder=tmp_path, database="sqlite:///none"), KEY)


def test_keys_are_for_their_owner_and_never_written_over(tmp_path: Path) -> None:
    made = keygen(tmp_path / "key", Algorithm.ED25519)
    assert made.private.stat().st_mode & 0o777 == 0o600
    assert load_key(made.private).public.fingerprint == made.fingerprint
    assert load_trust(made.public).keys[0].fingerprint == made.fingerprint
    before = made.private.read_bytes()
    for path in (tmp_path / "key", tmp_path / "other"):
        (tmp_path / "other.pub").touch()
        with pytest.raises(ArchiveError, match="never written over"):
            keygen(path, Algorithm.P384)
    assert made.private.read_bytes() == before
    assert not (tmp_path / "other").exists()


def test_key_and_trust_files_are_read_within_bounds(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"x" * (SIZE_MOST + 1))
    for path, why in ((tmp_path / "long", "over"), (tmp_path, "not a file"), (Path("/no"), "No")):
        with pytest.raises(UsageError, match=why):
            load_key(path)
    assert load_trust(None) == Trust()
    (tmp_path / "key.pub").write_bytes(KEY.public.pem)
    (tmp_path / "trust.toml").write_text('[[key]]\nname = "Me"\nfile = "key.pub"\n')
    assert load_trust(tmp_path / "trust.toml").keys == (ME,)


def test_what_is_no_package_cannot_be_checked(tmp_path: Path) -> None:
    (tmp_path / "a.wacz").write_bytes(b"no zip")
    with pytest.raises(NotVerifiableError, match="not a readable WACZ"):
        look_at_package(tmp_path / "a.wacz", TRUST)


def test_verify_has_signatures_as_a_level_of_their_own(signed: Path) -> None:
    wanted = Wanted(trust=TRUST, demand=ALL)
    report = verify(signed, wanted=wanted)
    assert (report.verdict, report.levels[Level.SIGNATURES].checked) == (Verdict.PASS, 2)
    (signed / MANIFEST_SIG).unlink()
    report = verify(signed, wanted=wanted)
    assert report.levels[Level.SIGNATURES].verdict is Verdict.FAIL
    assert report.exit_code == 1


def test_verify_says_of_what_is_not_signed_that_the_level_does_not_apply(archive: Path) -> None:
    report = verify(archive)
    assert (report.verdict, report.findings) == (Verdict.PASS, ())
    assert report.levels[Level.SIGNATURES].does_not_apply == "nothing is signed"
    demanded = verify(archive, wanted=Wanted(trust=TRUST, demand=Demand(signature=True)))
    assert demanded.levels[Level.SIGNATURES].verdict is Verdict.FAIL
