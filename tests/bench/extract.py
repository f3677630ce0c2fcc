"""How long a site of N posts takes us, and how long `jekyll build` on the same tree.

    python tests/bench/extract.py [--posts 10000] [--jekyll-posts 1000]

Prints CPU seconds, their growth from half the posts to all of them, and the ratio to Jekyll.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline.jekyll.options import ReadOptions
from tests.jekyll_parity.ours import extract

CONFIG = (
    "title: Bench\npermalink: pretty\ndefaults:\n- {scope: {path: ''}, values: {layout: none}}\n"
)
POST = """---
layout: post
title: "Post number {n}: what it says"
date: 20{year:02d}-{month:02d}-{day:02d} 10:30:00 +0100
categories: [news, "group {group}"]
tags: a b c{group}
author: {{name: Somebody, role: [writer, editor]}}
excerpt_separator: <!--more-->
---
First paragraph of post {n}.

<!--more-->

{text}
"""


def write_site(folder: Path, posts: int) -> Path:
    """Write a site with that many posts."""
    (folder / "_posts").mkdir(parents=True)
    (folder / "_config.yml").write_text(CONFIG, encoding="utf-8")
    for n in range(posts):
        year, month, day = n % 24, n % 12 + 1, n % 28 + 1
        text = "Some *words* in a line of text.\n" * 40
        post = POST.format(n=n, year=year, month=month, day=day, group=n % 7, text=text)
        name = f"20{year:02d}-{month:02d}-{day:02d}-post-number-{n}.md"
        (folder / "_posts" / name).write_text(post, encoding="utf-8")
    return folder


def ours(folder: Path) -> float:
    """Return the CPU seconds of one extraction."""
    start = time.process_time()
    extracted = extract(folder, ReadOptions())
    if not all(item.url for item in extracted.outcome.items):
        raise SystemExit("an item has no URL")
    return time.process_time() - start


def jekyll(folder: Path) -> float | None:
    """Return the CPU seconds of `jekyll build`, None where it is not installed."""
    if shutil.which("jekyll") is None:
        return None
    before = os.times()
    subprocess.run(
        ["jekyll", "build", "-q", "-s", str(folder), "-d", str(folder / "_site")],  # noqa: S607
        check=True,
        env={**os.environ, "JEKYLL_NO_BUNDLER_REQUIRE": "true"},
    )
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--jekyll-posts", type=int, default=1_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        half = ours(write_site(Path(scratch) / "half", options.posts // 2))
        whole = ours(write_site(Path(scratch) / "whole", options.posts))
        sys.stdout.write(f"extract: {options.posts} posts in {whole:.2f} s of CPU")
        sys.stdout.write(f" ({whole / half:.2f} times those of half as many)\n")
        seconds = jekyll(write_site(Path(scratch) / "jekyll", options.jekyll_posts))
        if seconds is not None:
            ratio = (seconds / options.jekyll_posts) / (whole / options.posts)
            sys.stdout.write(
                f"jekyll build: {options.jekyll_posts} posts in {seconds:.2f} s of CPU\n"
            )
            sys.stdout.write(f"ratio by post: {ratio:.1f}\n")


if __name__ == "__main__":
    main()
