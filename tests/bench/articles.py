"""How well the article of a page is found: word F1 against what Jekyll itself put into the layout.

    python tests/bench/articles.py SITE=ORACLE.jsonl ... [--others PYTHON]

SITE is a folder built by real Jekyll, ORACLE what tests/jekyll_parity/oracle.rb wrote meanwhile.
Documents and Markdown pages with a layout and 15 words or more count, at most 150 a site, chosen by
the digest of their path. `--others` names the Python of an environment with trafilatura and
readability-lxml. Prints F1 and pages per second of CPU for each site and tool, without selectors.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lxml import etree, html

from pipeline.html.layout import Layout
from pipeline.html.page import open_page, read_opened

MOST, LEAST_WORDS = 150, 15
FOLD = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\ufeff": ""})
OTHERS = """
import json, sys, time, logging
import trafilatura
from lxml import html
from readability import Document
logging.disable(50)
def words(page):
    return " ".join(html.document_fromstring(Document(page).summary()).itertext())
tools = {"trafilatura": lambda page: trafilatura.extract(page) or "", "readability": words}
read = tools[sys.argv[1]]
for path in sys.stdin.read().split("\\n"):
    page = open(path, encoding="utf-8", errors="replace").read()
    start = time.process_time()
    text = read(page)
    print(json.dumps([text, time.process_time() - start]))
"""


def bag(text: str) -> Counter[str]:
    """Count the words."""
    return Counter(re.findall(r"\w+", text.translate(FOLD).lower()))


def f1(one: Counter[str], other: Counter[str]) -> float:
    """Give the harmonic mean of precision and recall of words."""
    both = sum((one & other).values())
    return 2 * both / (one.total() + other.total()) if both else 0.0


def truth(site: Path, oracle: Path) -> list[tuple[Path, Counter[str]]]:
    """Give pages with the words that Jekyll had before it applied layouts."""
    found: list[tuple[str, Path, Counter[str]]] = []
    for line in oracle.read_text("utf-8").splitlines():
        item = json.loads(line)
        data = item.get("data") or {}
        page = site / str(item.get("dest", "")).lstrip("/")
        markdown = item["kind"] == "doc" or str(item["path"]).endswith((".md", ".markdown"))
        if not markdown or not data.get("layout") or page.suffix != ".html" or not page.is_file():
            continue
        tree = html.document_fromstring(f"<div>{item['content_html']}</div>")
        etree.strip_elements(tree, "script", "style", "svg", "noscript", with_tail=False)
        for element in tree.iter("p", "div", "li", "td", "th", "br", "pre", "h1", "h2", "h3", "h4"):
            element.tail = " " + (element.tail or "")
        words = bag("".join(tree.itertext()))
        if words.total() >= LEAST_WORDS:
            found.append((hashlib.sha256(item["path"].encode()).hexdigest(), page, words))
    return [(page, words) for _, page, words in sorted(found, key=lambda each: each[0])[:MOST]]


def ours(pages: list[Path]) -> Iterator[tuple[str, float]]:
    """Read the pages as the job does: parsed once, what their neighbours share learnt before."""
    layout = Layout()
    start = time.process_time()
    parsed = [open_page(page.read_bytes()) for page in pages]
    for page in parsed:
        layout.learn(page.rows)
    learning = (time.process_time() - start) / len(pages)
    for page in parsed:
        start = time.process_time()
        text = read_opened(page, url=None, layout=layout, markdown=False).text
        yield text, time.process_time() - start + learning


def others(python: str, tool: str, pages: list[Path]) -> Iterator[tuple[str, float]]:
    """Read the pages with another tool, in its own environment."""
    asked = "\n".join(map(str, pages)).encode()
    ran = subprocess.run([python, "-c", OTHERS, tool], input=asked, capture_output=True, check=True)
    for line in ran.stdout.splitlines():
        text, seconds = json.loads(line)
        yield text, seconds


def main() -> None:
    """Print a line for each site and tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sites", nargs="+")
    parser.add_argument("--others")
    options = parser.parse_args()
    for each in options.sites:
        site, _, oracle = each.partition("=")
        known = truth(Path(site), Path(oracle))
        pages = [page for page, _ in known]
        tools = {"ours": ours(pages)}
        if options.others:
            tools |= {t: others(options.others, t, pages) for t in ("trafilatura", "readability")}
        for tool, read in tools.items():
            got = list(read)
            mean = sum(f1(w, bag(t)) for (_, w), (t, _) in zip(known, got, strict=True)) / len(got)
            speed = len(got) / sum(seconds for _, seconds in got)
            line = f"{Path(site).name:14} {tool:12} {len(got):4} {mean:.4f} {speed:6.0f} pages/s"
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
