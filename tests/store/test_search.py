"""Both engines find the same for every query, however it is written."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from pipeline.errors import UsageError
from pipeline.store.search import QUERY_LIMIT, SearchText, find, fold, index
from pipeline.store.session import writing
from tests.databases import Server

TEXTS = {
    1: "The Tide Tables|Ada Example|sea|When does the tide rise? At 10:30, e.g. in Zürich.",
    2: "Harbour walls|Zoë Müller|sea, stone|Walls hold back the sea; the rising tide goes on.",
    3: "Generative AI|Carola-Bibiane Schönlieb|AI|How can we harness generative-AI to help?",
    4: "Straße und Hafen||harbour|ﬁnd the café at www.example.org/tide_pools, №5",
    5: "東京の港||海|港 の 潮 潮汐表 Ελλάδα ΟΔΟΣ İstanbul 1e10 0x1f 3.14",
    6: "||| \0 \ud800 ... --- ''' \\ : & | ! ( ) * \"",
}


@pytest.fixture(scope="module")
def both(
    postgres: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Connection, Connection]]:
    """Give a catalogue in each engine, with the texts indexed."""
    entries = [
        SearchText(version_id=number, title=title, people=people, tags=tags, body=body)
        for number, (title, people, tags, body) in (
            (number, text.split("|", 3)) for number, text in TEXTS.items()
        )
    ]
    file = tmp_path_factory.mktemp("search") / "catalogue.db"
    with (
        postgres.empty() as url,
        writing(f"sqlite:///{file}", rehearse=True) as sqlite,
        writing(url, rehearse=True) as postgresql,
    ):
        for connection in (sqlite, postgresql):
            assert index(connection, entries) == ()
        yield sqlite, postgresql


def found(both: tuple[Connection, Connection], words: str) -> tuple[list[int], list[int]]:
    """Search in both; give the versions in the order of each."""
    first, second = ([version for version, score in find(c, words) if score > 0] for c in both)
    return first, second


@pytest.mark.parametrize(
    ("words", "versions"),
    [
        ("tide", {1, 2, 4}),
        ("TIDE", {1, 2, 4}),
        ("tide sea", {1, 2}),
        ("sea tide", {1, 2}),
        ("tide -walls", {1, 4}),
        ("-walls tide", {1, 4}),
        ("tide -walls -cafe", {1}),
        ("-tide", set()),
        ('"rising tide"', {2}),
        ('"tide rising"', set()),
        ('tide -"rising tide"', {1, 4}),
        ('"tables ada"', set()),  # a phrase does not run from the title into the people
        ("ris*", {1, 2}),
        ("ris", set()),
        ("ri* tid*", {1, 2}),
        ('"ris*"', set()),  # within quotes a star is no word
        ("tide -ris*", {4}),
        ("generative-ai", {3}),
        ("ai-generative", set()),
        ("harness*", {3}),
        ("schonlieb", {3}),
        ("SCHÖNLIEB", {3}),
        ("Scho\u0308nlieb", {3}),
        ("carola-bibiane", {3}),
        ("zürich", {1}),
        ("zoe muller", {2}),
        ("strasse", {4}),
        ("STRAẞE", {4}),
        ("find", {4}),
        ("cafe", {4}),
        ("tide pools", {4}),
        ("tide_pools", {4}),
        ("www.example.org/tide_pools", {4}),
        ("example", {1, 4}),
        ("10:30", {1}),
        ("30:10", set()),
        ("e.g.", {1}),
        ("№5", {4}),
        ("no5", {4}),
        ("港", {5}),
        ("潮汐*", {5}),
        ("ελλαδα", {5}),
        ("οδος", {5}),
        ("istanbul", {5}),
        ("1e10", {5}),
        ("0x1f", {5}),
        ("3.14", {5}),
        ("", set()),
        ("   ", set()),
        ("*", set()),
        ("-", set()),
        ('""', set()),
        ('"', set()),
        ("...", set()),
        ("\0", set()),
        ("\ud800", set()),
        ("tide \ud800", {1, 2, 4}),
        ("tide \0", {1, 2, 4}),
    ],
)
def test_both_engines_find_what_a_person_expects(
    both: tuple[Connection, Connection], words: str, versions: set[int]
) -> None:
    first, second = found(both, words)
    assert first == second
    assert set(first) == versions
    assert len(first) == len(versions)


@pytest.mark.parametrize(
    "words",
    [
        "tide AND sea",
        "tide OR sea",
        "NOT tide",
        "NEAR(tide sea, 5)",
        "title:tide",
        "{title people} : tide",
        "^tide",
        "tide & sea | walls",
        "!tide",
        "tide:*",
        "tide <-> rising",
        "'tide'",
        "tide'; DROP TABLE search; --",
        'a"b"c',
        '"tide" + "sea"',
        "tide\\",
        "(((((",
        "tide)",
        "%s %(x)s :query ? $1",
        "-" * 1000,
        '"' * 999,
        "tide*" * 20,
        "t" * 10_000,
    ],
)
def test_the_query_language_of_an_engine_means_nothing(
    both: tuple[Connection, Connection], words: str
) -> None:
    first, second = found(both, words)
    assert first == second


@pytest.mark.parametrize(
    ("words", "best"),
    [("tide", 1), ("harbour", 2), ("ai", 3), ("sea", 2), ("tide tables", 1), ("hafen", 4)],
)
def test_the_best_hit_comes_first(
    both: tuple[Connection, Connection], words: str, best: int
) -> None:
    first, second = found(both, words)
    assert (first[0], second) == (best, first)


RANKED = {
    "in the title": ("harbour", "x"),
    "in a short text, twice": ("x", "harbour harbour wall"),
    "in a short text": ("x", "harbour wall"),
    "in a long text": ("x", "harbour" + " wall" * 900),
}


def test_a_hit_is_better_in_a_title_a_short_text_and_when_there_are_more(
    database_url: str,
) -> None:
    texts = [
        SearchText(version_id=number, title=title, people="", tags="", body=body)
        for number, (title, body) in enumerate(reversed(RANKED.values()))
    ]
    with writing(database_url) as connection:
        index(connection, texts)
        hits = find(connection, "harbour")
    assert [version for version, _ in hits] == [3, 2, 1, 0]
    assert all(0 < worse < better < 1 for (_, better), (_, worse) in pairwise(hits))


def test_equal_hits_come_in_the_order_of_their_versions(database_url: str) -> None:
    with writing(database_url) as connection:
        index(connection, [entry(number, "the same") for number in (5, 3, 9)])
        assert [number for number, _ in find(connection, "same")] == [3, 5, 9]


WORDS = st.one_of(
    st.text(max_size=12),
    st.text("tidesa \"*-'\\():&|!<>_.0é\u0308", max_size=20),
    st.lists(st.sampled_from([*" ".join(TEXTS.values()).split(), '"', "-", "*"]), max_size=5).map(
        " ".join
    ),
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(words=WORDS)
def test_any_query_finds_the_same_in_both(both: tuple[Connection, Connection], words: str) -> None:
    first, second = found(both, words)
    assert first == second


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.text(max_size=60), title=st.text(max_size=20))
def test_any_text_is_found_by_each_of_its_words_and_as_a_whole(
    both: tuple[Connection, Connection], body: str, title: str
) -> None:
    for connection in both:
        index(connection, [SearchText(version_id=7, title=title, people="", tags="", body=body)])
    for tokens in (fold(body).split(), fold(title).split()):
        for words in ([" ".join(tokens)] if tokens else []) + tokens[:3]:
            first, second = found(both, f'"{words}"')
            assert 7 in first
            assert first == second


def entry(version_id: int, body: str) -> SearchText:
    """Make what is searched of a version that has only a body."""
    return SearchText(version_id=version_id, title="", people="", tags="", body=body)


def test_indexing_again_replaces(database_url: str) -> None:
    with writing(database_url) as connection:
        assert index(connection, []) == ()
        index(connection, [entry(1, "old words"), entry(2, "old")])
        index(connection, [entry(1, "new words")])
        assert [number for number, _ in find(connection, "old")] == [2]
        assert [number for number, _ in find(connection, "new")] == [1]


def test_a_text_without_end_is_cut_at_the_same_word_and_told(both_urls: tuple[str, str]) -> None:
    letters = "абвгдежзик"  # two bytes each: more than a tsvector holds, in fewer characters
    words = ["".join(letters[int(digit)] for digit in f"{n:07}") for n in range(60_000)]
    last = []
    for url in both_urls:
        with writing(url) as connection:
            texts = [entry(1, " ".join(words)), entry(2, "tide " * 100_000), entry(3, "x" * 5000)]
            assert index(connection, texts) == (1,)
            assert [number for number, _ in find(connection, "tide")] == [2]
            assert [number for number, _ in find(connection, "x" * 100)] == [3]
            last.append(sum(bool(find(connection, word)) for word in words[49_980:50_020]))
    assert last == [20, 20]


def test_a_phrase_far_down_is_found(database_url: str) -> None:
    with writing(database_url) as connection:
        index(connection, [entry(1, " ".join(f"w{n}" for n in range(16_000)))])
        assert find(connection, '"w15998 w15999"')


@pytest.mark.parametrize("mark", ["", "-", "*"])
def test_a_query_has_a_limit_that_both_engines_reach(database_url: str, mark: str) -> None:
    words = [f"-w{n}" if mark == "-" else f"w{n}{mark}" for n in range(QUERY_LIMIT - 1)]
    with writing(database_url) as connection:
        index(connection, [entry(1, " ".join(f"w{n}" for n in range(QUERY_LIMIT)))])
        assert bool(find(connection, " ".join([*words, "w1"]))) == (mark != "-")
        with pytest.raises(UsageError, match="at most 50 words"):
            find(connection, " ".join([*words, "w1", "w2"]))
        with pytest.raises(UsageError):
            find(connection, '"' + "a " * (QUERY_LIMIT + 1) + '"')


def test_folding_keeps_the_words_and_drops_the_rest() -> None:
    assert fold("Schönlieb's") == "schonlieb s"
    assert fold("ÅNGSTRÖM ﬀ ½ Ⅷ ①") == "angstrom ff 1 2 viii 1"
    assert fold("snake_case") == "snake case"
    assert fold("x" * 300) == "x" * 100
    assert fold("\u0301\u0302") == ""
