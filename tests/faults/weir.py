"""A small site with a past, made so that its catalogue has rows in every table.

Its seven commits hold what can become of a document: it is edited, renamed, copied and deleted; it
is published in a series, redesigned away, broken for a while; it comes by a merge.
"""

from dataclasses import dataclass
from pathlib import Path

from tests.archives import write_files
from tests.history.lineage.story import prose
from tests.sources.workshop import Workshop

CONFIG = """\
title: The weir
url: https://weir.example
timezone: Europe/London
plugins: [jekyll-redirect-from]
collections:
  events: {output: true}
  news: {output: true}
  people: {output: true}
  stories: {output: true}
"""
WEIR = f"""\
---
title: The weir
author: Mara Quill and Bram Oakhanger
tags: [tide, gate]
category: journal
redirect_from: /gate/
---
The gate is [stuck](/about.html). See [the wheel](/wheel/).

{prose("the weir")}
"""
EVENT = """\
---
title: Open day
date: 2024-05-04 10:00:00 +0100
deadline: 1 May 2024
event_content: Bring *boots*.
image: /assets/gate.png
speakers:
  - Mara Quill
---
"""
PERSON = "---\ntitle: Mara Quill\nbiography: She keeps the gate.\n---\n"
PICTURE = b"\x89PNG\r\n\x1a\n not a picture"
TALKERS = ("ada", "bo", "cy")
TALKS = {
    f"_posts/2024-05-01-{name}.md": f"---\ntitle: A talk with {name}\nauthor: {name.title()}\n"
    f"---\n{prose(name)}\n"
    for name in TALKERS
}
LANDING = "---\ntitle: Talks at the weir\n---\n" + "\n".join(
    f"- [{name}](/2024/05/01/{name}.html)" for name in TALKERS
)
EEL = f"---\ntitle: Eels\n---\n{prose('eels')}\n"
RENDERED: dict[str, str | bytes] = {
    "the-weir/index.html": "<title>The weir</title><p>The gate is stuck.</p>",
    "assets/gate.png": PICTURE,
    "feed.xml": "<feed/>",
}
#: Two documents that nothing but a person's word would make one.
GONE, CAME = "about.md", "_stories/the-house.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weir:
    """The site: its repository, a commit on its way, and its rendered folder."""

    workshop: Workshop
    rendered: Path
    half: str

    @property
    def location(self) -> str:
        """What is typed as SOURCE."""
        return str(self.workshop.folder)


def make_weir(folder: Path) -> Weir:
    """Make the site in a folder."""
    workshop = Workshop.create(folder / "weir")
    workshop.commit(
        {
            "_config.yml": CONFIG,
            "_posts/2024-04-02-the-weir.md": WEIR,
            "_people/mara-quill.md": PERSON,
            "_events/open-day.md": EVENT,
            "about.md": f"---\ntitle: About\n---\n{prose('about')}\n",
            "wheel.md": "---\ntitle: The wheel\n---\nIt turns.\n",
            "assets/gate.png": PICTURE,
            "assets/the same gate.png": PICTURE,
        },
        "Open the weir",
    )
    talks = {**TALKS, "_news/2024-05-01-talks.md": LANDING}
    half = workshop.commit(talks, "Publish the talks")
    workshop.git("checkout", "--quiet", "-b", "side")
    workshop.commit({"_posts/2024-06-01-eels.md": EEL, "wheel.md": None}, "Eels for a wheel")
    workshop.git("checkout", "--quiet", "main")
    ada = "_posts/2024-05-01-ada.md"
    workshop.commit({ada: f"{TALKS[ada]}More.\n"}, "Ask Ada once more")
    workshop.clock += 60
    workshop.git("merge", "--quiet", "--no-ff", "--message", "Let the eels in", "side")
    workshop.commit({"_posts/2024-06-01-eels.md": EEL.replace("Eels", "[")}, "Break the eels")
    workshop.commit(_redesign(workshop.folder), "Make all of it new")
    rendered = write_files(folder / "_site", RENDERED)
    return Weir(workshop=workshop, rendered=rendered, half=half)


def _redesign(folder: Path) -> dict[str, str | bytes | None]:
    """Give the talks new names, copy the weir's text, and lose what told about us."""
    texts = [f"{(folder / path).read_text()}Told anew, by the mill itself.\n" for path in TALKS]
    stories = [f"_stories/what-{name}-said.md" for name in TALKERS]
    return {
        "_config.yml": f"{CONFIG}permalink: /:title/\n",
        **dict.fromkeys(TALKS),
        **dict(zip(stories, texts, strict=True)),
        "_stories/gates.md": WEIR.replace("title: The weir", "title: Gates"),
        "_posts/2024-06-01-eels.md": EEL,
        GONE: None,
        CAME: "---\ntitle: The house\n---\nIt has a roof.\n",
    }
