"""Where the text of a document is: its body, and the fields that hold text."""

from collections.abc import Callable

import pytest

from pipeline.content import parts
from pipeline.content.settings import Settings, TextFields
from pipeline.content.values import Content, PartFormat

Say = Callable[..., Content]

LONG = "The wheel turns twice a day, when the water is high enough to be let out again at last."

EVENT = f"""\
---
title: Open day
event_content: |-
  ## Come and see

  The *wheel* turns.
faqs:
- question: Is it wet?
  answer: Yes, very.
location: Quay Road
time: 10.00 - 12.00
unforeseen: {LONG}
cover_image: /assets/wheel.jpg
event_date: 2024-05-06
---
Bring boots.
"""


def test_body_and_fields_are_parts_in_file_order(say: Say) -> None:
    content = say(EVENT)
    assert [(p.position, p.name, p.format, p.line) for p in content.parts] == [
        (0, "body", PartFormat.MARKDOWN, 16),
        (1, "event_content", PartFormat.MARKDOWN, 3),
        (2, "faqs[0].question", PartFormat.TEXT, 8),
        (3, "faqs[0].answer", PartFormat.TEXT, 9),
        (4, "unforeseen", PartFormat.TEXT, 12),
    ]
    assert content.findings == ()


def test_the_body_names_its_bytes_in_the_file(say: Say) -> None:
    data = "---\ntitle: Å\n---\r\nBring böots.\r\n".encode()
    (part,) = say(data).parts
    assert part.offset is not None
    assert part.length is not None
    assert data[part.offset : part.offset + part.length] == "Bring böots.\r\n".encode()
    assert part.text == "Bring böots.\r\n"


def test_the_plain_text_of_every_part_is_there(say: Say) -> None:
    content = say(EVENT)
    assert "\n".join([content.title or "", *(part.plain or "" for part in content.parts)]) == (
        "Open day\nBring boots.\nCome and see\nThe wheel turns.\nIs it wet?\nYes, very.\n" + LONG
    )


@pytest.mark.parametrize(
    "field",
    [
        "biography: Keeps the wheel.",
        "desc: Keeps the wheel.",
        "eventContent: Keeps the wheel.",
        "registration-text: Keeps the wheel.",
        "key_findings: [It turns, It is wet]",
        'odd: "Two\\nlines"',
        f"odd: {LONG}",
        "hero: {heading: Come and see}",
        "x: {y: [{answer: 'Yes'}]}",
    ],
)
def test_these_fields_hold_text(say: Say, field: str) -> None:
    content = say(f"---\n{field}\n---\n")
    assert content.parts
    assert content.findings == ()


@pytest.mark.parametrize(
    "field",
    [
        "odd: Keeps the wheel.",
        "description: '  '",
        "description: /",
        "information_content: '.'",
        "description: https://mill.example/a",
        "summary: /assets/a/long/path/that/is/a/file/and/no/text/whatever/its/name/says.pdf",
        "apply_link_text: Apply here",
        "buttons: [{text: Apply here, link: /apply}]",
        f"title: {LONG}",
        f"role: {LONG}",
        "content: 42",
        "content: true",
        "email: ada@mill.example",
    ],
)
def test_these_fields_do_not(say: Say, field: str) -> None:
    content = say(f"---\n{field}\n---\n")
    assert content.parts == ()
    assert [finding.code for finding in content.findings] == ["CONTENT-NO-TEXT"]


def test_a_collection_can_say_where_its_text_is(say: Say) -> None:
    def names(fields: TextFields) -> list[str]:
        settings = Settings(text_fields={"events": fields})
        return [part.name for part in say(EVENT, settings=settings).parts]

    assert names(TextFields(only=("faqs[].answer", "time"))) == ["body", "faqs[0].answer", "time"]
    assert names(TextFields(add=("location",), remove=("faqs[].question", "unforeseen"))) == [
        "body",
        "event_content",
        "faqs[0].answer",
        "location",
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("about.md", [PartFormat.MARKDOWN]),
        ("about.html", [PartFormat.HTML]),
        ("about.txt", [PartFormat.TEXT]),
        ("style.scss", []),
        ("feed.xml", []),
    ],
)
def test_the_extension_says_what_the_body_is(
    say: Say, path: str, expected: list[PartFormat]
) -> None:
    content = say("---\ntitle: T\n---\n<p>Words</p>\n", path)
    assert [part.format for part in content.parts] == expected
    assert content.findings == ()


def test_a_field_of_html_is_html(say: Say) -> None:
    (part,) = say("---\ncontent: '<p>One</p><p>Two</p>'\n---\n").parts
    assert (part.format, part.plain) == (PartFormat.HTML, "One\nTwo")


def test_a_static_file_says_nothing(say: Say) -> None:
    assert say("plain text", "robots.txt") == Content()


def test_a_body_that_is_not_utf8_is_read_as_far_as_it_goes(say: Say) -> None:
    content = say(b"---\ntitle: T\n---\nCaf\xe9 and mill\n", "about.md")
    assert content.parts[0].plain == "Caf\ufffd and mill"
    assert "CONTENT-NOT-UTF8" in [finding.code for finding in content.findings]
    honest = say("---\ntitle: T\n---\nCaf\ufffd\n", "about.md")
    assert honest.findings == ()


@pytest.mark.parametrize(
    ("front_matter", "title", "raw"),
    [
        ("title: '  Open   day '", "Open day", '"  Open   day "'),
        ("title: 2024", "2024", "2024"),
        ("title: [x]\nname: Millers", "Millers", '"Millers"'),
        ("title: Dr\ngiven: Ada\nfamily: Example", "Ada Example", '"Dr"'),
        ("title: Dr Who\ngiven: Ada\nfamily: Example", "Dr Who", '"Dr Who"'),
        ("layout: x", "Open Day", None),
        ('title: "A\\0B"', "A\ufffdB", '"A\\u0000B"'),
    ],
)
def test_a_title_is_one_line_beside_what_stood_there(
    say: Say, front_matter: str, title: str, raw: str | None
) -> None:
    content = say(f"---\n{front_matter}\n---\nText\n")
    assert (content.title, content.title_raw) == (title, raw)


def test_a_redirect_needs_no_text(say: Say) -> None:
    assert say("---\nredirect_to: /mill/\n---\n", "old.md").findings == ()


def test_a_clock_without_quotes_is_told_with_its_line(say: Say) -> None:
    source = "---\nagenda:\n- {time: 10:30, n: 630}\n- {time: '10:30'}\nclock: 1:02:03\n---\nText\n"
    assert [(f.code, f.place.field, f.place.line) for f in say(source).findings] == [
        ("CONTENT-CLOCK-AS-NUMBER", "agenda[0].time", 3),
        ("CONTENT-CLOCK-AS-NUMBER", "clock", 5),
    ]


def test_of_an_endless_body_the_beginning_is_kept_to_a_whole_character(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BODY_MOST", 10)
    for text, kept in (
        ("0123456789", 10),
        ("01234567ä", 10),
        ("012345678ä", 9),
        ("01234567ää", 10),
    ):
        (part,) = say(f"---\na: 1\n---\n{text}").parts
        assert part.text == text.encode()[:kept].decode()
        assert (part.offset, part.length) == (13, kept)
