"""`keygen`, `sign`, `signatures`: as a person types them."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from pipeline.warc.signing.anonymous import sign_package
from pipeline.warc.signing.keys import SigningKey
from tests.cli.command import command, facts

PACKAGE = b'{"created": "2026-03-01T12:00:00Z", "software": "jekyll-archive 1"}'


@pytest.fixture
def key(tmp_path: Path) -> Path:
    assert command("keygen", tmp_path / "key").code == 0
    return tmp_path / "key"


@pytest.fixture
def archive(mill_archive: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(mill_archive, tmp_path / "archive"))


def test_keygen_tells_what_others_need(tmp_path: Path) -> None:
    ran = command("keygen", tmp_path / "key", "--kind", "ed25519")
    first, fingerprint, openssh = ran.lines
    assert "Ed25519 key in" in first
    assert openssh.startswith("ssh-ed25519 ")
    key = SigningKey.from_pem((tmp_path / "key").read_bytes(), "key")
    assert fingerprint == key.public.fingerprint.hex
    assert key.pem.decode() not in ran.out
    command("keygen", tmp_path / "key").assert_refused(23, "never written over")
    told = facts(command("keygen", tmp_path / "two", "--json"))
    assert (told["algorithm"], told["private"]) == ("ECDSA P-384", str(tmp_path / "two"))


def test_sign_and_signatures(archive: Path, key: Path) -> None:
    assert command("signatures", archive).code == 3
    ran = command("sign", "--key", key, "--archive", archive)
    assert ran.lines == [
        "signatures/000001.txt.sig: written",
        "signatures/events-000001.txt: written",
        "signatures/events-000001.txt.sig: written",
    ]
    again = facts(command("sign", "--key", key, "--archive", archive, "--json"))
    assert again["written"] == []
    assert "signed already" in command("sign", "--key", key, "--archive", archive).out
    unknown = command("signatures", archive)
    assert (unknown.code, "SIGNATURE-KEY-UNKNOWN" in unknown.out) == (0, True)
    assert command("signatures", archive, "--require-signature").code == 1
    trust = ("--trust", f"{key}.pub")
    trusted = command("signatures", archive, *trust, "--require-signature")
    assert trusted.code == 0
    assert trusted.lines[0] == f"manifests/000001.txt: trusted by {key}.pub:1"
    assert command("signatures", archive, *trust, "--require-timestamp").code == 1
    assert command("verify", archive).code == 0


def test_signatures_as_json(archive: Path, key: Path) -> None:
    assert command("sign", "--key", key, "--archive", archive).code == 0
    told = facts(command("signatures", archive, "--trust", f"{key}.pub", "--json"))
    first, second = told["signatures"]
    assert (told["verdict"], told["findings"], told["not_verified"]) == ("pass", [], "")
    assert (first["about"], first["standing"]) == ("manifests/000001.txt", "trusted")
    assert (second["stamped"], second["form"]) == (None, "detached")


def test_signatures_of_a_package(tmp_path: Path, key: Path) -> None:
    signer = SigningKey.from_pem(key.read_bytes(), "key")
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as package:
        package.writestr("datapackage.json", PACKAGE)
        package.writestr("datapackage-digest.json", sign_package(PACKAGE, signer))
    ran = command("signatures", tmp_path / "a.wacz", "--trust", f"{key}.pub", "--json")
    assert facts(ran)["signatures"][0]["standing"] == "trusted"
    with zipfile.ZipFile(tmp_path / "b.wacz", "w") as package:
        package.writestr("datapackage.json", PACKAGE)
    unsigned = command("signatures", tmp_path / "b.wacz")
    assert (unsigned.code, "not verified: nothing is signed" in unsigned.out) == (3, True)
    with zipfile.ZipFile(tmp_path / "c.wacz", "w") as package:
        package.writestr("other.json", json.dumps({}))
    command("signatures", tmp_path / "c.wacz").assert_refused(3, "exactly once")


def test_what_makes_no_sense_is_refused(archive: Path, key: Path) -> None:
    sign = ("sign", "--archive", archive, "--key")
    command(*sign, archive).assert_refused(2, "not a file")
    command(*sign, f"{key}.pub").assert_refused(2, "no private key")
    command(*sign, key, "--timestamp", "ftp://x/").assert_refused(2, "http:// or https://")
    assert not (archive / "signatures" / "000001.txt.sig.tsr").exists()
    command("signatures", archive, "--trust", key).assert_refused(2, "only whole")


SIGNED = [
    "signatures/000001.txt.sig: written",
    "signatures/events-000001.txt: written",
    "signatures/events-000001.txt.sig: written",
]
TRUSTED = ("--require-signature", "--trust")


def test_a_pack_is_signed_as_it_is_made(archive: Path, key: Path, tmp_path: Path) -> None:
    pack = ("archive", "--archive", archive, "--series", "conversations", "--sign", key, "--to")
    ran = command(*pack, tmp_path / "pack")
    assert (ran.code, ran.lines[1:]) == (0, ["verified: pass", *SIGNED])
    assert command("verify", tmp_path / "pack", *TRUSTED, f"{key}.pub").code == 0
    assert not (archive / "signatures").exists()
    told = facts(command(*pack, tmp_path / "again", "--json"))
    assert len(told["signed"]["written"]) == len(SIGNED)
    command(
        *pack[:-3], "--timestamp", "http://127.0.0.1:1/", "--to", tmp_path / "c"
    ).assert_refused(2, "name a key")
    assert not (tmp_path / "c").exists()


def test_a_run_is_signed_when_it_is_verified(site: Path, key: Path, tmp_path: Path) -> None:
    run = ("run", site, "--archive", tmp_path / "a", "--sign", key)
    ran = command(*run)
    assert ran.code == 0
    assert [line for line in ran.lines if line.startswith("signatures/")] == SIGNED
    assert command("verify", tmp_path / "a", *TRUSTED, f"{key}.pub").code == 0
    again = facts(command(*run, "--json"))
    assert again["unchanged"] is True
    assert again["signed"]["already"] == ["signatures/000001.txt.sig"]
    assert again["signed"]["written"] == [
        line.split(":")[0].replace("01", "02") for line in SIGNED[1:]
    ]
    assert command("verify", tmp_path / "a", *TRUSTED, f"{key}.pub").code == 0


def test_an_authority_that_is_away_undoes_nothing(site: Path, key: Path, tmp_path: Path) -> None:
    away = ("--sign", key, "--timestamp", "http://127.0.0.1:1/")
    ran = command("run", site, "--archive", tmp_path / "a", *away)
    assert ran.code == 16
    assert ran.err.startswith("jekyll-archive: http://127.0.0.1:1/: cannot be fetched")
    assert "verified: pass" in ran.out
    assert command("verify", tmp_path / "a", *TRUSTED, f"{key}.pub").code == 0


def test_nothing_is_done_where_it_could_not_be_signed(
    site: Path, key: Path, tmp_path: Path
) -> None:
    run = ("run", site, "--archive", tmp_path / "a")
    command(*run, "--sign", tmp_path / "none").assert_refused(2, "cannot be read")
    command(*run, "--sign", key, "--dry-run").assert_refused(2, "leave --sign out")
    command(*run, "--sign", key, "--timestamp", "ftp://x/").assert_refused(2, "http:// or https://")
    command(*run, "--timestamp", "http://x/").assert_refused(2, "name a key")
    assert not (tmp_path / "a").exists()
