"""A day's site, built today and replayed: labelled everywhere, and never taken for a capture."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import BuildFailedError, NoJekyllError, NotFoundError, UsageError
from pipeline.jobs.replay import Wanted
from pipeline.jobs.replay_choosing import Choice, Chosen, choose
from pipeline.jobs.replay_serving import serving
from pipeline.replay.answer import Answer, Request
from pipeline.warc.signing.trust import Trust
from tests.archives import sealed, write_files
from tests.replay.served import answering, header

TODAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WHEEL = "ines-ferreira-holt-wheel"


def choice(what: str | None, archive: Path | None, at: str | None, source: str = "") -> Choice:
    return Choice(what=what, archive=archive, at=at, render=True, source=source or None, now=TODAY)


@contextmanager
def shown(asked: Choice) -> Iterator[Chosen]:
    with choose(asked, Wanted(trust=Trust(), cache=Path("/nowhere"))) as chosen:
        yield chosen


class Reader:
    """Asks a server for pages, as a browser that follows redirects."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen

    def text(self, target: str) -> str:
        with serving(self.chosen.opened, 0) as it:
            answering = it.server.answering
            assert answering is not None
            host = {"host": f"localhost:{it.server.port}"}
            answer = Answer(status=302, fields=(("Location", target),))
            while answer.status == 302:
                where = dict(answer.fields)["Location"]
                answer = answering(Request(method="GET", target=where, headers=host))
            return answer.body.decode()


def test_a_document_that_nobody_captured_is_built_and_labelled(mill_archive: Path) -> None:
    before = sealed(mill_archive)
    with shown(choice(WHEEL, mill_archive, "2024-06-01")) as chosen:
        assert chosen.begin == f"https://tidemill.example/journal/{WHEEL}"
        page = Reader(chosen).text(f"/{chosen.begin}")
        label = chosen.opened.made
        assert label.startswith("Not a capture: rendered today from commit ")
        assert "by Jekyll " in label
        assert "its clock at 2024-06-01 22:59 UTC" in label
        assert label in page
        assert "rendered <time" in page
        assert "captured <time" not in page
        assert "not a capture: no digest of then" in page
        assert "digest holds" not in page
        assert "the commit can" in page
        raw = Reader(chosen).text(f"/20261123090000id_/https://tidemill.example/journal/{WHEEL}")
        assert "<html" in raw
        assert label not in raw
    assert sealed(mill_archive) == before


def test_a_rendering_is_no_memento(mill_archive: Path) -> None:
    with (
        shown(choice("visit.md", mill_archive, "2024-03-10")) as chosen,
        answering(chosen.opened) as server,
    ):
        entry = chosen.opened.holding.nearest("https://tidemill.example/visit", None)
        for form in ("id_", "mp_"):
            answer = server.ask(f"/{entry.timestamp}{form}/{entry.url}")
            assert answer.status == 200
            assert header(answer, "Memento-Datetime") == header(answer, "Link") == ""
        assert server.ask(f"/timemap/link/{entry.url}").status == 404
        assert server.ask(f"/timegate/{entry.url}").status == 404


def test_the_start_page_of_a_rendering_lists_its_pages_and_says_what_it_is(
    mill_archive: Path,
) -> None:
    with shown(choice(None, mill_archive, "2024-03-10")) as chosen:
        assert chosen.begin == ""
        page = Reader(chosen).text("/")
        for words in (chosen.opened.made, "rendering made today", "Closed for the winter"):
            assert words in page, words
        assert "jekyll-archive verify" not in page
        assert "were met" not in page
        assert "nobody signed it: it was made today" in page


def test_a_source_that_is_named_is_built_instead(mill_archive: Path, sample_bundle: Path) -> None:
    with shown(choice("visit.md", mill_archive, "2024-03-10", str(sample_bundle))) as chosen:
        assert chosen.begin == "https://tidemill.example/visit"
    with shown(choice(str(sample_bundle), None, "2024-03-10")) as chosen:
        assert "of 2024-" in chosen.opened.made


def test_a_folder_without_a_history_or_an_address(tmp_path: Path) -> None:
    files = {"_config.yml": "url: 'javascript:alert(1)'\n", "a.md": "---\n---\nA page", "b": "b"}
    site = write_files(tmp_path / "site", {**files, "a": "not the page"})
    with shown(choice(str(site), None, None)) as chosen:
        assert "from the folder as it is" in chosen.opened.made
        urls = {url for url, _ in chosen.opened.holding.survey.pages}
        assert urls == {"http://site.invalid/a.html"}
        nearest = chosen.opened.holding.nearest("http://site.invalid/a", None)
        assert chosen.opened.holding.read(nearest).body == b"not the page"


def test_what_was_not_there_or_cannot_be_built_is_told(
    mill_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(asked: Choice) -> str:
        with (
            pytest.raises((NotFoundError, UsageError, BuildFailedError, NoJekyllError)) as error,
            shown(asked),
        ):
            pass
        return f"{error.value.exit_code} {error.value}"

    early = refused(choice(WHEEL, mill_archive, "2024-03-10"))
    assert early.startswith("24 ")
    assert (
        f"it was not published on 2024-03-10; it was at /journal/{WHEEL} from 2024-05-14" in early
    )
    gone = refused(choice("closed-for-the-winter", mill_archive, None))
    assert "it was not published today; it was at /journal/closed-for-the-winter" in gone
    other = write_files(tmp_path / "other", {"_config.yml": "title: A\n", "a.md": "---\n---\nA"})
    lost = refused(choice("visit.md", mill_archive, None, str(other)))
    assert lost.startswith("24 no rendered page of 'visit.md'")
    empty = write_files(tmp_path / "empty", {"_config.yml": "title: A\n"})
    assert refused(choice(str(empty), None, None)).startswith("41 ")
    monkeypatch.setenv("PATH", "/nowhere")
    assert refused(choice("visit.md", mill_archive, None)).startswith("40 Jekyll is not installed")
