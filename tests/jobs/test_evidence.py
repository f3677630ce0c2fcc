"""Evidence for one document: its checker runs on bare Python, and sees whatever is changed."""

import ast
import gzip
import hashlib
import json
import random
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import bagit
import pytest

from pipeline.errors import ArchiveError, NotFoundError, NotWritableError
from pipeline.jobs.bagit import export_bagit
from pipeline.jobs.evidence import make_evidence
from pipeline.jobs.keys import keygen, load_key
from pipeline.jobs.place import find_place
from pipeline.jobs.premis import export_premis
from pipeline.jobs.signing import sign_archive
from pipeline.report.dossier import checker
from pipeline.warc.reader import walk
from pipeline.warc.record import Record
from pipeline.warc.signing.keys import Algorithm
from tests.archives import LATER, NOW, Source, archive, contents, kept_as_it_was, plain_site
from tests.cli.command import command
from tests.sources.workshop import Workshop, run_git
from tests.warc.payloads.making import HTML, http, record

NAME = "_posts/2024-04-02-the-sluice-gate.md"
LANDING = "2023-11-01-cambridge-perspectives-genAI-governance.md"


def checked(folder: Path) -> tuple[int, list[str]]:
    """Run the checker in a folder as an auditor does: bare, in an empty environment."""
    bare = [sys.executable, "-I", "-S", str(folder / "check.py")]
    ran = subprocess.run(bare, capture_output=True, env={}, check=False, text=True)
    assert ran.stderr == ""
    return ran.returncode, ran.stdout.splitlines()


Checked = Callable[[Path], tuple[int, list[str]]]


@pytest.fixture
def seen(check: ModuleType, capsys: pytest.CaptureFixture[str]) -> Checked:
    """Run the checker of the software on a folder, in this process, which is quick."""

    def run(folder: Path) -> tuple[int, list[str]]:
        capsys.readouterr()
        code: int = check.main([str(folder)])
        return code, capsys.readouterr().out.splitlines()

    return run


def sums(folder: Path) -> None:
    """Make the list of digests anew, as a forger would."""
    names = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    digests = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in names
        if name != "SHA256SUMS"
    }
    lines = (f"{digest}  {name}\n" for name, digest in digests.items())
    (folder / "SHA256SUMS").write_text("".join(lines))


@pytest.fixture(scope="module")
def signed(quay_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small archive, signed. Nobody changes it."""
    folder = tmp_path_factory.mktemp("signed")
    shutil.copytree(quay_archive, folder / "quay")
    keygen(folder / "key", Algorithm.ED25519)
    sign_archive(find_place(folder / "quay", None), load_key(folder / "key"))
    return folder / "quay"


@pytest.fixture(scope="module")
def made(signed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Evidence for the post of the small site. Nobody changes it."""
    folder = tmp_path_factory.mktemp("evidence") / "gate"
    make_evidence(find_place(signed, None), NAME, folder, NOW)
    return folder


def test_bare_python_says_what_is_proved_and_what_is_not(made: Path) -> None:
    with kept_as_it_was(made):
        code, lines = checked(made)
    assert code == 0, lines
    assert lines[-1].startswith("OK: nothing is wrong; ")
    told = "\n".join(lines)
    assert "WRONG" not in told
    assert re.search(
        r"^OK +2 times a commit was followed|^OK +1 times a commit", told, re.MULTILINE
    )
    assert re.search(r"^OK +manifests/000001.txt: signed with the key SHA256:", told, re.MULTILINE)
    assert re.search(r"^OK +signatures/events-000001.txt: signed", told, re.MULTILINE)
    assert re.search(r"^NOT VERIFIED +that authors are who they are called", told, re.MULTILINE)
    assert re.search(r"^NOT VERIFIED +where the records lie", told, re.MULTILINE)


def test_others_read_it_too(made: Path, signed: Path) -> None:
    listed = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(listed, cwd=made, check=False).returncode == 0
    found = [each for each in walk(made / "records.warc.gz") if isinstance(each, Record)]
    told = json.loads((made / "evidence.json").read_text())
    assert [each.record_id for each in found] == [each["id"] for each in told["records"]]
    for each in told["records"]:  # byte for byte what is sealed
        sealed = (signed / each["file"]).read_bytes()[each["offset"] :][: each["length"]]
        here = (made / "records.warc.gz").read_bytes()[each["at"] :][: each["length"]]
        assert sealed == here


def test_the_program_is_one_file_for_python_3_8() -> None:
    tree = ast.parse(checker(), feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


def test_every_flipped_bit_is_seen_and_named(made: Path, seen: Checked, tmp_path: Path) -> None:
    chance = random.Random(9)  # noqa: S311 - a choice of bits, not a secret
    copy = shutil.copytree(made, tmp_path / "copy")
    for path in sorted(copy.rglob("*")):
        if path.is_dir():
            continue
        data = path.read_bytes()
        for at in {0, len(data) - 1, *(chance.randrange(len(data)) for _ in range(8))}:
            broken = bytearray(data)
            broken[at] ^= 1 << chance.randrange(8)
            path.write_bytes(broken)
            code, lines = seen(copy)
            assert code == 1, (path, at)
            assert path.name in "\n".join(lines), (path, at)
        path.write_bytes(data)
    assert checked(copy)[0] == 0


def test_what_is_gone_or_came_is_seen(made: Path, seen: Checked, tmp_path: Path) -> None:
    for name in ("events.jsonl", "SHA256SUMS", "evidence.json", "manifests/000001.txt"):
        copy = shutil.copytree(made, tmp_path / name.replace("/", "-"))
        (copy / name).unlink()
        assert seen(copy)[0] == 1
    copy = shutil.copytree(made, tmp_path / "more")
    (copy / "more.txt").write_text("more")
    code, lines = seen(copy)
    assert (code, lines[0]) == (1, "WRONG         more.txt: not in SHA256SUMS")


def _other_text(folder: Path) -> None:
    """Put other words into a record, its digests made anew."""
    path = folder / "evidence.json"
    told, packed, at = json.loads(path.read_text()), b"", 0
    data = (folder / "records.warc.gz").read_bytes()
    for each in told["records"]:
        member = data[each["at"] :][: each["length"]]
        if b"Mara Quill" in gzip.decompress(member) and each["type"] == "resource":
            head, _, block = gzip.decompress(member).partition(b"\r\n\r\n")
            old = hashlib.sha256(block[:-4]).hexdigest().encode()
            block = block.replace(b"Mara Quill", b"Bram Quill")
            new = hashlib.sha256(block[:-4]).hexdigest().encode()
            member = gzip.compress(head.replace(old, new) + b"\r\n\r\n" + block, mtime=0)
            each["length"] = len(member)
        each["at"], at = at, at + each["length"]
        packed += member
    (folder / "records.warc.gz").write_bytes(packed)
    path.write_text(json.dumps(told))


def _replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        data = path.read_bytes()
        assert old.encode() in data
        path.write_bytes(data.replace(old.encode(), new.encode()))

    return change


def _resealed_manifest(folder: Path) -> None:
    path = folder / "manifests/000001.txt"
    body = path.read_bytes().rpartition(b"# sha256 of the lines above")[0]
    body = body.replace(b"# records: ", b"# records: 1", 1)
    last = f"# sha256 of the lines above: {hashlib.sha256(body).hexdigest()}\n"
    path.write_bytes(body + last.encode())


def _rewritten_log(folder: Path) -> None:
    """Make the event anew, digest and all; then only the signed statement says otherwise."""
    path = folder / "events.jsonl"
    event = json.loads(path.read_text())
    event["kind"] = "walk"
    del event["digest"]
    form = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    event["digest"] = hashlib.sha256(form.encode()).hexdigest()
    path.write_text(json.dumps(event) + "\n")


def _other_order(folder: Path) -> None:
    path = folder / "order/000001.ids"
    data = path.read_bytes()
    path.write_bytes(data[16:] + data[:16])


def _no_trees(folder: Path) -> None:
    path = folder / "evidence.json"
    told = json.loads(path.read_text())
    told["states"][0]["trees"][0]["holds"] = ""
    path.write_text(json.dumps(told))


FORGERIES: dict[str, tuple[Callable[[Path], None], str]] = {
    "text": (_other_text, "its id is not made of what it says"),
    "order": (_other_order, "not the records that the manifest names"),
    "manifest": (_resealed_manifest, "the signature is not by its key over these bytes"),
    "log": (_rewritten_log, "the event log says otherwise"),
    "path": (_replaced("evidence.json", '"path_hex": "5f', '"path_hex": "5e'), "says otherwise"),
    "oid": (_replaced("evidence.json", '"oid": "', '"oid": "0'), "the bytes are not these"),
    "trees": (_no_trees, "says otherwise"),
    "uri": (_replaced("evidence.json", '"uri": "swh', '"uri": "sxh'), "tells of another record"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forger_who_knows_the_list_is_seen(
    name: str, made: Path, seen: Checked, tmp_path: Path
) -> None:
    copy = shutil.copytree(made, tmp_path / "copy")
    change, words = FORGERIES[name]
    change(copy)
    sums(copy)
    code, lines = seen(copy)
    assert code == 1
    assert any(line.startswith("WRONG") and words in line for line in lines), lines


def test_a_flipped_bit_of_what_proves_is_seen_without_the_list(
    made: Path, seen: Checked, tmp_path: Path
) -> None:
    chance = random.Random(8)  # noqa: S311 - a choice of bits, not a secret
    copy = shutil.copytree(made, tmp_path / "copy")
    told = json.loads((copy / "evidence.json").read_text())
    heads = {each["at"] + byte for each in told["records"] for byte in range(10)}  # of gzip: empty
    proving = ("events.jsonl", "records.warc.gz", "git/*", "manifests/*", "order/*", "signatures/*")
    for path in [path for pattern in proving for path in sorted(copy.glob(pattern))]:
        data = path.read_bytes()
        for at in {0, len(data) - 1, *(chance.randrange(len(data)) for _ in range(8))}:
            if path.name == "records.warc.gz" and at in heads:
                continue
            broken = bytearray(data)
            broken[at] ^= 1 << chance.randrange(8)
            path.write_bytes(broken)
            sums(copy)
            assert seen(copy)[0] == 1, (path, at)
        path.write_bytes(data)
    sums(copy)
    assert seen(copy)[0] == 0


def test_a_chain_of_manifests_is_followed(seen: Checked, tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    for number, text in enumerate(("One.", "Two.", "Three.")):
        workshop.commit({"_config.yml": "title: A\n", "a.md": f"---\ntitle: A\n---\n{text}\n"})
        archive(workshop.folder, tmp_path / "archive", now=NOW + timedelta(days=number))
    place = find_place(tmp_path / "archive", None)
    made = tmp_path / "made"
    assert make_evidence(place, "a.md", made, NOW).states == 3
    code, lines = seen(made)
    assert code == 0
    assert any("3 manifest(s), one chain" in line for line in lines)
    assert len(list((made / "order").iterdir())) == 3
    faults = {
        "another manifest": (rb"# previous: sha256:....", b"# previous: sha256:0000"),
        "gone or changed": (rb"# size: ", b"# size: 1"),
        "not manifest 2": (rb"# sequence: 2", b"# sequence: 7"),
        "not a manifest": (rb"# files: ", b"# files: 9"),
    }
    for words, (old, new) in faults.items():
        copy = shutil.copytree(made, tmp_path / words)
        path = copy / "manifests/000002.txt"
        body = path.read_bytes().rpartition(b"# sha256 of the lines above")[0]
        body = re.sub(old, new, body, count=1)
        last = f"# sha256 of the lines above: {hashlib.sha256(body).hexdigest()}\n"
        path.write_bytes(body + last.encode())
        sums(copy)
        code, lines = seen(copy)
        assert code == 1
        assert any(words in line for line in lines), (words, lines)
    (made / "manifests/000003.txt").unlink()
    sums(made)
    assert seen(made)[0] == 1


def test_the_same_archive_and_clock_give_the_same_bytes(made: Path, signed: Path) -> None:
    place = find_place(signed, None)
    again = made.parent / "again"
    make_evidence(place, NAME, again, NOW)
    assert contents(again) == contents(made)
    for name in ("a.zip", "b.zip"):
        make_evidence(place, NAME, made.parent / name, NOW)
    assert (made.parent / "a.zip").read_bytes() == (made.parent / "b.zip").read_bytes()
    with zipfile.ZipFile(made.parent / "a.zip") as packed:
        assert packed.testzip() is None
        assert {entry.compress_type for entry in packed.infolist()} == {zipfile.ZIP_STORED}
        packed.extractall(made.parent / "unpacked")
    (folder,) = (made.parent / "unpacked").iterdir()
    assert contents(folder) == contents(made)
    assert checked(folder)[0] == 0


def test_nobody_and_a_time_stamp_are_not_called_proved(
    quay_archive: Path, quay_copy: Path, seen: Checked, tmp_path: Path
) -> None:
    make_evidence(find_place(quay_archive, None), NAME, tmp_path / "none", NOW)
    code, lines = seen(tmp_path / "none")
    assert code == 0
    assert any("nothing is signed" in line for line in lines)
    assert "nobody has signed it" in (tmp_path / "none/index.html").read_text()
    (quay_copy / "signatures").mkdir()
    (quay_copy / "signatures/000001.txt.sig.tsr").write_bytes(b"whatever")
    make_evidence(find_place(quay_copy, None), NAME, tmp_path / "stamp", NOW)
    code, lines = seen(tmp_path / "stamp")
    assert code == 0
    assert any(line.startswith("NOT VERIFIED") and "a time stamp" in line for line in lines)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_signatures_of_every_kind_are_verified(
    algorithm: Algorithm, quay_copy: Path, seen: Checked, tmp_path: Path
) -> None:
    keygen(tmp_path / "key", algorithm)
    place = find_place(quay_copy, None)
    sign_archive(place, load_key(tmp_path / "key"))
    made = tmp_path / "made"
    make_evidence(place, NAME, made, NOW)
    code, lines = seen(made)
    assert code == 0
    assert sum(": signed with the key SHA256:" in line for line in lines) == 2
    other = (made / "signatures/events-000001.txt.sig").read_bytes()
    (made / "signatures/000001.txt.sig").write_bytes(other)
    sums(made)
    code, lines = seen(made)
    assert code == 1
    assert any("the signature is for something else" in line for line in lines)


def test_both_databases_give_the_same_bytes(
    both_urls: tuple[str, str], quay: Source, tmp_path: Path
) -> None:
    for number, url in enumerate(both_urls):
        folder = tmp_path / str(number) / "quay"
        archive(quay, folder, database=url, rendered=quay.rendered)
        place = find_place(folder, url)
        make_evidence(place, NAME, tmp_path / f"{number}.zip", NOW)
        bag = export_bagit(place, tmp_path / f"bag{number}", NOW)
        assert bag.catalogue is (number == 0)
        bagit.Bag(str(tmp_path / f"bag{number}")).validate()
    assert (tmp_path / "0.zip").read_bytes() == (tmp_path / "1.zip").read_bytes()


def test_captures_of_other_tools_are_told_with_their_origin(
    quay: Source, seen: Checked, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    url = "https://quay.example/about.html"
    for number, now in ((1, NOW), (9, LATER)):
        source = tmp_path / f"{number}.warc"
        source.write_bytes(record("response", http(HTML), url=url, number=number))
        archive(quay, folder, rendered=source, now=now)
    place = find_place(folder, None)
    done = make_evidence(place, "about.md", tmp_path / "made", NOW)
    assert done.pages == 2
    code, lines = seen(tmp_path / "made")
    assert code == 0, lines
    told = json.loads((tmp_path / "made/evidence.json").read_text())
    assert [each["revisit"] is None for each in told["pages"]] == [True, False]
    assert "captured-in: foreign/" in "\n".join(told["origins"][0]["lines"])
    premis = tmp_path / "p.xml"
    export_premis(place, premis)
    assert premis.read_text().count("fmt/289<") == 2
    told["pages"][1]["record"] = told["states"][0]["record"]
    (tmp_path / "made/evidence.json").write_text(json.dumps(told))
    sums(tmp_path / "made")
    assert seen(tmp_path / "made")[0] == 1


def test_git_itself_says_the_same(quay: Source, made: Path) -> None:
    trees = list((made / "git").iterdir())
    for path in trees:
        found = run_git(quay.workshop.folder, "cat-file", "tree", path.name)
        assert found == path.read_bytes()
    assert len(trees) == 2  # the root, and the folder of posts


def test_revisits_merges_and_sha256_are_proved_too(seen: Checked, tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site", "--object-format=sha256")
    workshop.commit({"_config.yml": "title: A\n", "a.md": "---\ntitle: A\n---\nOne two three.\n"})
    workshop.git("checkout", "--quiet", "-b", "side")
    workshop.commit({"a.md": "---\ntitle: A\n---\nOne two three, four.\n"})
    workshop.git("checkout", "--quiet", "main")
    workshop.commit({"b.md": "---\ntitle: B\n---\n"})
    workshop.git("merge", "--quiet", "--no-edit", "side")
    workshop.commit({"c.md": "---\ntitle: A\n---\nOne two three.\n"})
    archive(workshop.folder, tmp_path / "archive")
    place = find_place(tmp_path / "archive", None)
    for name in ("a.md", "c.md"):
        done = make_evidence(place, name, tmp_path / name, NOW)
        code, lines = seen(tmp_path / name)
        assert code == 0, lines
        assert not done.missing
        assert not any("what was there" in line for line in lines)
    assert "revisit" in (tmp_path / "c.md/evidence.json").read_text()


def test_an_archive_without_history_says_that_it_has_none(seen: Checked, tmp_path: Path) -> None:
    archive(plain_site(tmp_path / "site"), tmp_path / "archive")
    make_evidence(find_place(tmp_path / "archive", None), "about.md", tmp_path / "e", NOW)
    code, lines = seen(tmp_path / "e")
    assert code == 0
    assert any("made without the history" in line for line in lines)


def test_what_the_archive_does_not_have_is_told(seen: Checked, tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    files = {"_config.yml": "title: A\n", "a.md": "---\ntitle: A\n---\nOne.\n"}
    workshop.commit(files)
    oid = workshop.git("rev-parse", "HEAD:a.md")
    workshop.commit({"a.md": "---\ntitle: A\n---\nTwo.\n"})
    (workshop.folder / ".git/objects" / oid[:2] / oid[2:]).unlink()
    archive(workshop.folder, tmp_path / "archive")
    ran = command("evidence", "a.md", "--archive", tmp_path / "archive", "--to", tmp_path / "e")
    assert (ran.code, ran.err) == (0, "1 states are not in the archive: the page says why\n")
    code, lines = seen(tmp_path / "e")
    assert code == 0
    assert any("its bytes are not here" in line for line in lines)


def test_the_page_shows_what_it_is_given_and_obeys_nothing(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    text = '---\ntitle: "<script>alert(1)</script>"\n---\n</pre><img src=x>\x1b[2J\u202e\n'
    workshop.commit({"_config.yml": "title: '<b>'\n", "a.md": text}, "<i>\x1b[31m")
    archive(workshop.folder, tmp_path / "archive")
    make_evidence(find_place(tmp_path / "archive", None), "a.md", tmp_path / "e", NOW)
    page = (tmp_path / "e/index.html").read_text()
    for bad in ("<script", "<img", "<i>", "\x1b", "\u202e", "http:", "https:"):
        assert bad not in page
    for word in ("What this folder proves", "What it does not prove", "&lt;script&gt;alert(1)"):
        assert word in page
    assert checked(tmp_path / "e")[0] == 0


def test_the_command_says_what_it_made(mill_archive: Path, tmp_path: Path) -> None:
    with kept_as_it_was(mill_archive):
        ran = command(
            "evidence", "/stories/what-do-eels-know-about-data/", "--archive", mill_archive,
            "--to", tmp_path / "eels.zip", "--json",
        )  # fmt: skip
    told = json.loads(ran.out)
    assert (ran.code, ran.err, told["missing"]) == (0, "", 0)
    assert told["pages"] > 0
    assert told["states"] > 1
    assert (tmp_path / "eels.zip").stat().st_size < 200_000
    ran = command("evidence", "eels.md", "--archive", mill_archive, "--to", tmp_path / "eels.zip")
    assert ran.code != 0
    ran = command(
        "evidence", told["document"], "--archive", mill_archive, "--to", tmp_path / "eels"
    )
    assert (
        ran.lines[-1]
        == "index.html says what is proved and what is not; `python3 check.py` checks it"
    )
    code, lines = checked(tmp_path / "eels")
    assert code == 0
    assert any(f"{told['pages']} pages by SHA-256" in line for line in lines)


def test_the_clock_is_typed(quay_archive: Path, tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        where = ("--archive", quay_archive, "--to", tmp_path / name)
        assert command("evidence", NAME, *where, "--clock", "2026-02-03T04:05:06Z").code == 0
        made.append(contents(tmp_path / name))
    assert made[0] == made[1]
    assert b"2026-02-03T04:05:06" in (tmp_path / "a" / "evidence.json").read_bytes()
    asking = ("evidence", NAME, "--archive", quay_archive, "--to", tmp_path / "c")
    command(*asking, "--clock", "soon").assert_refused(2, "--clock")


def test_what_cannot_be_is_refused(quay_copy: Path, tmp_path: Path) -> None:
    place = find_place(quay_copy, None)
    with pytest.raises(NotFoundError):
        make_evidence(place, "nothing", tmp_path / "e", NOW)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").touch()
    with pytest.raises(NotWritableError):
        make_evidence(place, NAME, tmp_path / "full", NOW)
    (tmp_path / "a.zip").touch()
    with pytest.raises(ArchiveError, match="exists already"):
        make_evidence(place, NAME, tmp_path / "a.zip", NOW)
    (warc,) = (quay_copy / "archive").iterdir()
    warc.write_bytes(bytes(b ^ 0x55 for b in warc.read_bytes()))
    with pytest.raises(ArchiveError):
        make_evidence(place, NAME, tmp_path / "e", NOW)
    assert not (tmp_path / "e").exists()


def test_the_landing_page_of_the_real_series_is_proved(
    aicam_archive: Path, aicam_bundle: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "landing"
    done = make_evidence(find_place(aicam_archive, None), LANDING, folder, NOW)
    code, lines = checked(folder)
    assert code == 0, lines
    assert (done.states, done.missing) == (15, 0)
    assert done.size < 400_000
    run_git(tmp_path, "clone", "--quiet", "--bare", str(aicam_bundle), "site.git")
    for path in (folder / "git").iterdir():
        assert run_git(tmp_path / "site.git", "cat-file", "tree", path.name) == path.read_bytes()
