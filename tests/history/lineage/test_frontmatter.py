"""What a front matter says: each entry is looked at once, and a hostile one says nothing."""

from typing import Any

import pytest

from pipeline.content.fields import MAX_DEPTH, MAX_TEXT, MAX_VALUES
from pipeline.content.settings import Settings, parse_settings
from pipeline.history.lineage import frontmatter
from pipeline.history.lineage.frontmatter import FrontReader, Said

FAQS = [{"question": "Is it deep?", "answer": "It is."}]
OWN = {
    "title": "The pond",
    "author": "Ada Archer",
    "people": ["Bo Barker", {"name": "Cy Carter"}],
    "link": "https://mill.example/tide",
    "cover": "/pond.png",
    "summary": "It is wet.\n\nNor warm.",
    "faqs": FAQS,
}
SAID = Said(
    passages=("It is wet.", "Nor warm.", "Is it deep?", "It is."),
    links=("https://mill.example/tide",),
    people=("ada archer", "bo barker", "cy carter"),
)


def test_texts_links_and_people_are_told_in_the_order_of_the_file() -> None:
    reader = FrontReader(Settings())
    assert reader.read(OWN, "news") == SAID
    turned = reader.read(dict(reversed(OWN.items())), "news")
    assert (turned.passages[0], turned.people[-1]) == ("Is it deep?", "ada archer")


def test_entries_that_stay_are_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    look = FrontReader._look

    def counted(self: FrontReader, name: str, value: Any, collection: str | None) -> Any:  # noqa: ANN401
        looked.append(name)
        return look(self, name, value, collection)

    monkeypatch.setattr(FrontReader, "_look", counted)
    reader = FrontReader(Settings())
    reader.read(OWN, "news")
    edited = reader.read({**OWN, "summary": "It is dry."}, "news")
    assert edited.passages == ("It is dry.", "Is it deep?", "It is.")
    assert looked == [*OWN, "summary"]
    reader.read({"faqs": list(FAQS)}, "news")  # equal, but another value
    reader.read({"faqs": FAQS}, "posts")  # the settings may say another thing of each collection
    assert looked == [*OWN, "summary", "faqs", "faqs"]


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontmatter, "_MOST", 1000)
    reader = FrontReader(Settings())
    for number in range(100):
        own = {"summary": f"{number}: it is wet and it is deep"}
        assert reader.read(own, None).passages == (own["summary"],)
        assert len(reader._entries) <= 11


@pytest.mark.parametrize(
    ("said", "texts"),
    [
        ('text = ["summary"]', SAID.passages[:2]),
        ('text_remove = ["summary"]', SAID.passages[2:]),
        ('text_add = ["link"]', ("https://mill.example/tide", *SAID.passages)),
    ],
)
def test_settings_decide_over_the_rule(said: str, texts: tuple[str, ...]) -> None:
    reader = FrontReader(parse_settings(f"[collections.news]\n{said}\n".encode()))
    found = reader.read(OWN, "news")
    assert found.passages == texts
    assert (found.links, found.people) == (SAID.links, SAID.people)
    assert reader.read(OWN, "posts") == SAID


def deep(levels: int) -> Any:  # noqa: ANN401
    value: Any = "It is wet."
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "own",
    [
        {"summary": "It is wet.", "a": list(range(MAX_VALUES))},
        {
            "summary": "It is wet.",
            **{f"a{n}": list(range(1000)) for n in range(MAX_VALUES // 1000)},
        },
        {"summary": "It is wet.", "a": "x" * MAX_TEXT},
        {"summary": "It is wet.", **{f"a{n}": "x" * (MAX_TEXT // 4) for n in range(4)}},
        {"summary": "It is wet.", "a": deep(MAX_DEPTH + 1)},
    ],
)
def test_a_front_matter_that_stands_for_too_much_says_nothing(own: dict[str, Any]) -> None:
    reader = FrontReader(Settings())
    assert reader.read(own, None) == Said()
    assert reader.read({"summary": own["summary"]}, None).passages == ("It is wet.",)
