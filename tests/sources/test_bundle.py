import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import (
    EmptyRepositoryError,
    LimitError,
    NotARepositoryError,
    PipelineError,
    UnknownRevisionError,
)
from pipeline.model import FileMode
from pipeline.sources import Absent, AbsentKind, Limits, SourceKind, open_source
from tests.sources.conftest import Make
from tests.sources.workshop import Workshop, run_git


def refused(path: Path, limits: Limits | None = None) -> PipelineError:
    with (
        pytest.raises(PipelineError) as caught,
        open_source(str(path), limits=limits or Limits()),
    ):
        pass
    assert "\n" not in str(caught.value)
    return caught.value


def test_gives_the_tree_and_bytes_of_the_tip(site: Workshop, tmp_path: Path) -> None:
    bundle = site.bundle(tmp_path / "Our Site.bundle")
    with open_source(str(bundle)) as source:
        assert source.kind is SourceKind.BUNDLE
        assert (source.name, source.origin) == ("our-site", None)
        assert source.revision is not None
        assert source.revision.oid == site.git("rev-parse", "HEAD")
        read = {entry.path: content for entry, content in source.read(source.entries)}
    assert read == {
        "_config.yml": b"title: A\n",
        "about/us.md": b"---\n---\nAll of us\n",
        "index.md": b"---\n---\nHello again\n",
    }


@pytest.mark.parametrize(
    "rev", ["HEAD~1", "v1", "main~1", "refs/tags/v1", "v1^{commit}", "HEAD^{/second}"]
)
def test_reads_the_revision_asked_for(site: Workshop, tmp_path: Path, rev: str) -> None:
    site.git("tag", "--annotate", "--message", "one", "v1", "HEAD~1")
    bundle = site.bundle(tmp_path / "b.bundle")
    with open_source(str(bundle), rev=rev) as source:
        assert source.revision is not None
        assert source.revision.message == "second\n"
        (content,) = [data for entry, data in source.read(source.entries) if entry.path[0] == "a"]
    assert content == b"Us\n"


@pytest.mark.parametrize(
    "rev",
    ["", "nope", "--all", "-h", "HEAD:index.md", "HEAD~9", "a\nb", "a\0b", "0" * 40, "\udcff"],
)
def test_refuses_a_revision_that_is_none(site: Workshop, tmp_path: Path, rev: str) -> None:
    bundle = site.bundle(tmp_path / "b.bundle")
    with pytest.raises(UnknownRevisionError), open_source(str(bundle), rev=rev):
        pass


def test_reads_a_bundle_without_head_at_its_likeliest_branch(
    site: Workshop, tmp_path: Path
) -> None:
    site.git("branch", "aside", "HEAD~1")
    bundle = site.bundle(tmp_path / "b.bundle", "main", "aside")
    with open_source(str(bundle)) as source:
        assert source.revision is not None
        assert source.revision.message == "third\n"
        assert [finding.code for finding in source.findings] == ["SOURCE-HEAD-GUESSED"]
    only = site.bundle(tmp_path / "c.bundle", "aside")
    with open_source(str(only)) as source:
        assert source.revision is not None
        assert source.revision.message == "second\n"


def test_does_not_guess_between_strange_branches(site: Workshop, tmp_path: Path) -> None:
    site.git("branch", "one")
    site.git("branch", "two")
    bundle = site.bundle(tmp_path / "b.bundle", "one", "two")
    assert isinstance(refused(bundle), UnknownRevisionError)
    with open_source(str(bundle), rev="two") as source:
        assert len(source.entries) == 3


def test_reads_sha256_bundles(make: Make, tmp_path: Path) -> None:
    workshop = make("site", "--object-format=sha256")
    oid = workshop.commit({"a.md": "text"})
    workshop.commit({"b.md": "text"})
    with open_source(str(workshop.bundle(tmp_path / "b.bundle"))) as source:
        assert [len(entry.oid) for entry in source.entries] == [64, 64]
        assert [data for _, data in source.read(source.entries)] == [b"text", b"text"]
        assert source.first_and_last()["a.md"].first == oid
        assert next(source.commits([oid])).oid == oid


def test_lists_what_a_filtered_bundle_leaves_out(site: Workshop, tmp_path: Path) -> None:
    bundle = site.bundle(tmp_path / "b.bundle", "--filter=blob:none", "--all", "HEAD")
    with open_source(str(bundle)) as source:
        assert [finding.code for finding in source.findings] == ["SOURCE-PARTIAL"]
        read = [data for _, data in source.read(source.entries)]
        assert len(source.first_and_last()) == 3
    assert len(read) == 3
    assert all(isinstance(data, Absent) and data.kind is AbsentKind.MISSING for data in read)


def test_refuses_files_that_are_no_bundle(tmp_path: Path) -> None:
    path = tmp_path / "x.bundle"
    for content in (b"", b"\n", b"PK\x03\x04", b"# v9 git bundle\n\n", b"x" * 100_000):
        path.write_bytes(content)
        error = refused(path)
        assert isinstance(error, NotARepositoryError)
        assert "not a git bundle" in str(error)


def test_refuses_a_bundle_that_continues_another(site: Workshop, tmp_path: Path) -> None:
    bundle = site.bundle(tmp_path / "b.bundle", "HEAD~1..main")
    assert "continues another one" in str(refused(bundle))


def test_refuses_a_bundle_with_capabilities_of_the_future(tmp_path: Path) -> None:
    path = tmp_path / "b.bundle"
    for line in (b"@teleport", b"@object-format=sha3"):
        path.write_bytes(b"# v3 git bundle\n" + line + b"\n\nPACK")
        assert "newer reader" in str(refused(path))


def test_refuses_truncated_and_damaged_bundles(site: Workshop, tmp_path: Path) -> None:
    whole = site.bundle(tmp_path / "b.bundle").read_bytes()
    path = tmp_path / "cut.bundle"
    pack = whole.index(b"\n\nPACK") + 2
    for cut in (20, pack - 1, pack, pack + 3, pack + 40, len(whole) - 1):
        path.write_bytes(whole[:cut])
        error = refused(path)
        assert isinstance(error, NotARepositoryError), cut
        assert "cut off" in str(error) or "cannot be unpacked" in str(error)
    flipped = bytearray(whole)
    flipped[pack + 60] ^= 0xFF
    path.write_bytes(flipped)
    assert "cannot be unpacked" in str(refused(path))


def test_ignores_refs_that_git_would_not_write(site: Workshop, tmp_path: Path) -> None:
    bundle = site.bundle(tmp_path / "b.bundle")
    header, pack = bundle.read_bytes().split(b"\n\nPACK", 1)
    oid = site.git("rev-parse", "HEAD").encode()
    bad = [oid + b" refs/heads/../../config", oid + b" refs/heads/a\x1b[31m", b"zz refs/heads/b"]
    bundle.write_bytes(b"\n".join([header, *bad]) + b"\n\nPACK" + pack)
    with open_source(str(bundle)) as source:
        assert [finding.code for finding in source.findings] == ["SOURCE-REF-IGNORED"] * 3
        assert all(finding.message.isprintable() for finding in source.findings)
        assert len(source.entries) == 3


def test_refuses_a_bundle_of_no_refs(tmp_path: Path) -> None:
    empty = run_git(tmp_path, "-C", str(_empty(tmp_path)), "pack-objects", "--stdout")
    path = tmp_path / "b.bundle"
    path.write_bytes(b"# v2 git bundle\n\n" + empty)
    assert isinstance(refused(path), EmptyRepositoryError)


def _empty(tmp_path: Path) -> Path:
    return Workshop.create(tmp_path / "empty").folder


def test_holds_the_bounds(site: Workshop, tmp_path: Path) -> None:
    bundle = site.bundle(tmp_path / "b.bundle")
    assert isinstance(refused(bundle, Limits(total_bytes=100)), LimitError)
    assert isinstance(refused(bundle, Limits(refs=1)), LimitError)
    assert isinstance(refused(bundle, Limits(entries=2)), LimitError)
    assert isinstance(refused(bundle, Limits(depth=1)), LimitError)
    with open_source(str(bundle), limits=Limits(file_bytes=900)) as source:
        assert all(isinstance(data, bytes) for _, data in source.read(source.entries))


def test_gives_a_file_over_the_limit_as_absent(make: Make, tmp_path: Path) -> None:
    workshop = make()
    workshop.commit({"big.txt": "x" * 5000, "small.txt": "x"})
    bundle = workshop.bundle(tmp_path / "b.bundle")
    with open_source(str(bundle), limits=Limits(file_bytes=4999)) as source:
        big, small = [data for _, data in source.read(source.entries)]
    assert isinstance(big, Absent)
    assert big.kind is AbsentKind.TOO_LARGE
    assert big.reason == "has 5000 bytes, more than the limit of 4999"
    assert small == b"x"


def test_gives_every_byte_of_the_real_site(aicam_bundle: Path, tmp_path: Path) -> None:
    run_git(tmp_path, "clone", "--quiet", "--bare", str(aicam_bundle), "clone.git")
    clone = tmp_path / "clone.git"
    listed = run_git(clone, "ls-tree", "-r", "-z", "HEAD").split(b"\0")[:-1]
    with open_source(str(aicam_bundle)) as source:
        ours = [
            b"%06o %s %s\t%s"
            % (
                entry.mode,
                b"commit" if entry.mode is FileMode.SUBMODULE else b"blob",
                entry.oid.encode(),
                entry.path.encode("utf-8", "surrogateescape"),
            )
            for entry in source.entries
        ]
        read = list(source.read(source.entries))
    assert ours == listed
    assert len(read) == 474
    oids = "".join(f"{entry.oid}\n" for entry, _ in read).encode()
    batch = run_git(clone, "cat-file", "--batch=%(objectname)", stdin=oids)
    joined = b"".join(
        entry.oid.encode() + b"\n" + data + b"\n" for entry, data in read if isinstance(data, bytes)
    )
    assert joined == batch


def test_reads_the_real_site_in_two_seconds_of_cpu(aicam_bundle: Path) -> None:
    def spent() -> float:
        usages = [
            resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        ]
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)

    before = spent()
    with open_source(str(aicam_bundle)) as source:
        assert sum(isinstance(data, bytes) for _, data in source.read(source.entries)) == 474
        assert len(source.first_and_last()) == 474
    assert spent() - before < 2


def test_leaves_no_process_and_no_folder_behind(
    site: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, need: Callable[[str], Path]
) -> None:
    ps = need("ps")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    bundle = site.bundle(tmp_path / "b.bundle")
    with open_source(str(bundle)) as source:
        next(source.read(source.entries))
        assert list(temporary.iterdir())
    assert list(temporary.iterdir()) == []
    running = subprocess.run([ps, "-eo", "args"], capture_output=True, check=True).stdout
    assert str(temporary).encode() not in running
