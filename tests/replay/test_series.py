"""The page of a series: each document then and now, with what was captured of it."""

import re
import shlex
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from pipeline.errors import NotFoundError, UsageError
from pipeline.jobs.place import find_place
from pipeline.jobs.replay import Wanted
from pipeline.jobs.replay_choosing import Choice, choose
from pipeline.jobs.replay_document import When, seek
from pipeline.jobs.replay_series import series_marks, series_view
from pipeline.warc.signing.trust import Trust
from tests.archives import NOW, archive, write_files
from tests.replay.served import Served, header, served

NAME = "conversations-at-the-wheel-2024"
OLD = "journal/ines-ferreira-holt-wheel"
NEW = "stories/how-do-you-mend-a-wheel-that-never-stops/index"


@pytest.fixture(scope="module")
def mill(sample_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The sample's whole history, with one page of the series as it was and as it is."""
    folder = tmp_path_factory.mktemp("series")
    site = write_files(folder / "_site", {f"{each}.html": f"<p>{each}" for each in (OLD, NEW)})
    archive(sample_bundle, folder / "mill", rendered=site, history=True)
    with served(folder / "mill") as found:
        yield found


def page(server: Served, target: str) -> BeautifulSoup:
    answer = server.ask(target)
    assert answer.status == 200
    return BeautifulSoup(answer.body, "html.parser")


def links(part: Tag) -> list[str]:
    return [str(link["href"]) for link in part.find_all("a")]


def test_the_start_page_leads_to_each_series(mill: Served) -> None:
    section = page(mill, "/").find("section", {"aria-labelledby": "series"})
    assert isinstance(section, Tag)
    assert links(section) == [f"/series/{NAME}"]
    assert "Listening at the wheel 6 documents" in " ".join(section.get_text(" ").split())


def test_then_and_now_lead_to_what_was_captured_of_each_url(mill: Served) -> None:
    told = page(mill, f"/series/{NAME}")
    members = told.select("article.member")
    assert len(members) == 6
    (wheel,) = (each for each in members if "How do you mend" in each.get_text())
    then, now = wheel.select("section.state-of")
    assert "author: Ines Ferreira-Holt" in then.get_text()
    assert "names nobody" in now.get_text()
    assert "days after that" in then.get_text()
    for part, name in ((then, f"{OLD}.html"), (now, "stories/how-do-you-mend-a-wheel")):
        captured, source = links(part)
        assert name in captured
        assert ">" in mill.ask(captured.replace("/https", "id_/https", 1)).body.decode()
        stamp, _, swhid = source[1:].partition("/")
        raw = mill.ask(f"/{stamp}id_/{swhid}")
        assert raw.status == 200
        assert raw.body.startswith(b"---\n")
    assert "No longer named: Ines Ferreira-Holt" in " ".join(wheel.get_text().split())


def test_what_was_not_captured_is_said_with_the_day_that_can_be_built(mill: Served) -> None:
    told = page(mill, f"/series/{NAME}")
    missing = [each for each in told.select("section.state-of li") if "No capture" in str(each)]
    assert len(missing) == 10
    for each in missing:
        command = each.find("code")
        assert isinstance(command, Tag)
        words = shlex.split(unescape(command.get_text()))
        assert (words[:2], words[-1]) == (["jekyll-archive", "replay"], "--render")
        day = words[words.index("--at") + 1]
        place = find_place(Path(words[words.index("--archive") + 1]), None)
        found = seek(place, words[2], When.of(day))
        assert found.stood
        assert re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", day)


def test_a_series_is_found_by_a_part_of_its_name_and_else_is_not_there(mill: Served) -> None:
    assert b"Listening at the wheel" in mill.ask("/series/wheel").body
    answer = mill.ask("/series/%3Cscript%3E")
    assert answer.status == 404
    assert b"<script>&#39;" not in answer.body
    assert b"&lt;script&gt;" in answer.body
    assert "default-src 'none'" in header(answer, "content-security-policy")


def test_what_holds_no_history_tells_of_no_series(quay_archive: Path, tmp_path: Path) -> None:
    (tmp_path / "quay").symlink_to(quay_archive)
    with served(tmp_path / "quay") as server:
        assert b"Published together" not in server.ask("/").body
        assert server.ask("/series/wheel").status == 404
    (package,) = Path("archives/demo").resolve().glob("*.wacz")
    (tmp_path / "demo.wacz").symlink_to(package)
    with served(tmp_path / "demo.wacz") as server:
        assert b"Published together" not in server.ask("/").body
        assert server.ask("/series/wheel").status == 404


def wanted(
    what: Path | None = None, archive: Path | None = None, at: str | None = None, name: str = NAME
) -> Choice:
    what_said = str(what) if what else None
    return Choice(
        what=what_said, archive=archive, at=at, render=False, source=None, now=NOW, series=name
    )


def test_it_opens_at_the_page_of_the_series(mill_archive: Path, tmp_path: Path) -> None:
    with_index = Wanted(trust=Trust(), cache=tmp_path)
    for asked in (wanted(mill_archive), wanted(archive=mill_archive, name="listening")):
        with choose(asked, with_index) as chosen:
            assert chosen.begin == f"series/{NAME}"
    file = tmp_path / "a.wacz"
    file.write_bytes(b"")
    for asked in (
        wanted(file),
        wanted(Path("visit.md"), archive=mill_archive),
        wanted(mill_archive, at="2024"),
    ):
        with pytest.raises(UsageError), choose(asked, with_index):
            pass
    with (
        pytest.raises(NotFoundError, match=NAME),
        choose(wanted(mill_archive, name="x"), with_index),
    ):
        pass


def test_values_are_those_of_the_series(mill_archive: Path) -> None:
    place = find_place(mill_archive, None)
    (mark,) = series_marks(place)
    view = series_view(place, mark.name)
    assert view.mark == mark
    assert [each.landing for each in view.members] == [True, False, False, False, False, False]
    assert {name for name, _ in view.lost} >= {name for each in view.members for name in each.lost}
    for each in view.members:
        assert {address.url for address in each.addresses} >= {each.then.url, each.now.url}
        assert each.now.capture is not None
        assert each.now.capture.days == 0
