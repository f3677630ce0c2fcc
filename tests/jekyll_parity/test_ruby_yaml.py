"""YAML values against Ruby: every front matter of the real history, and scalars of every kind."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.jekyll.frontmatter import JekyllYamlHandler, header_text, split
from pipeline.jekyll.yaml_loader import YamlEngine, YamlError
from tests.jekyll_parity.comparison import plain
from tests.jekyll_parity.conftest import need_ruby
from tests.jekyll_parity.ruby import ask_ruby

HERE = Path(__file__).resolve().parent
SCALARS = (HERE / "scalars.txt").read_text(encoding="utf-8").splitlines()
STRUCTURES = (
    "---\na: &x {b: 1}\nc: *x\n<<: *x\n",
    "---\na: &x {b: 1}\n<<: [*x, {d: 2, b: 3}]\n",
    "---\n<<: {a: 1}\n<<: text\n'<<': {q: 1}\n!!str <<: {r: 1}\n",
    "---\na: &x '123'\nb: *x\n",
    "---\na: *nowhere\n",
    "---\n~: swallowed\na: b\nc: d\n",
    "---\n1: a\n1.5: b\ntrue: c\n2023-01-02: d\n:s: e\nyes: f\n",
    "---\na: 1\na: 2\n",
    "---\na: !!omap [b: 1, c: 2]\n",
    "---\na: !!set {b, c}\n",
    "---\na: !ruby/object:Object {}\n",
    "---\na: |\n  17:30\n  text\nb: >\n  folded\n  text\n",
    "--- just text\n",
    "---\n- a\n- 2\n",
    "---\n",
    "---\na: 1\n---\nb: [\n",
    "---\na: [\n",
    "---\na: 'x\n",
    "---\n\ta: b\n",
    "---\n%bad\n",
    '---\na: "\\ud800"\n',
    '---\na: "\\0 \\x01"\n',
    "---\ncontent: x\ncontent_html: y\n",
)


def _texts() -> list[str]:
    texts = [f"---\nk: {scalar}\n" for scalar in SCALARS]
    texts += [
        f"---\n{scalar}: x\n" for scalar in SCALARS if not scalar.startswith(("!", "2023-01-02T"))
    ]
    return [*texts, *STRUCTURES]


def _ours(engine: YamlEngine, text: str) -> Any:  # noqa: ANN401 - YAML decides
    try:
        return {"value": plain(JekyllYamlHandler(engine).load(text))}
    except YamlError:
        return {}


def _differing(engine: YamlEngine, texts: list[str], ruby: list[dict[str, Any]]) -> list[Any]:
    pairs = []
    for text, answer in zip(texts, ruby, strict=True):
        theirs = {"value": answer["value"]} if "value" in answer else {}
        ours = _ours(engine, text)
        if json.dumps(theirs) != json.dumps(ours):  # 1 is not 1.0 and not true, order matters
            pairs.append((text, theirs, ours))
    return pairs


def test_psych_gives_every_scalar_the_same_value() -> None:
    need_ruby()
    texts = _texts()
    ruby = ask_ruby({"yaml": text} for text in texts)
    assert _differing(YamlEngine.PSYCH, texts, ruby) == []


def test_safeyaml_gave_every_scalar_the_same_value() -> None:
    recorded = (HERE / "scalars.safeyaml.jsonl").read_text(encoding="utf-8").splitlines()
    ruby = [json.loads(line) for line in recorded]
    assert _differing(YamlEngine.SAFEYAML, _texts(), ruby) == []


def _front_matters(bundle: Path, folder: Path) -> list[str]:
    """Read the front matter of every version of every document of a repository."""

    def git(*arguments: str, given: bytes = b"") -> bytes:
        command = ["git", "-C", str(folder), *arguments]
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout

    folder.mkdir()
    git("clone", "-q", "--bare", str(bundle), "bare")
    folder = folder / "bare"
    listed = git("rev-list", "--all", "--objects").splitlines()
    blobs = dict.fromkeys(
        line.split(b" ", 1)[0] for line in listed if line.endswith((b".md", b".html"))
    )
    stream = git("cat-file", "--batch", given=b"\n".join(blobs) + b"\n")
    texts = []
    position = 0
    while position < len(stream):
        end = stream.index(b"\n", position)
        size = int(stream[position:end].split()[2])
        data = stream[end + 1 : end + 1 + size]
        position = end + size + 2
        cut = split(data)
        if cut.present:
            texts.append(header_text(data, cut).decode())
    return texts


# The safe_yaml gem is not packaged everywhere: the variable names its `lib` folder where it is.
SAFE_YAML = os.environ.get("SAFE_YAML_LIB")
ENGINES = [YamlEngine.PSYCH, *([YamlEngine.SAFEYAML] if SAFE_YAML else [])]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_front_matter_of_the_real_history_has_the_value_that_ruby_gives_it(
    engine: YamlEngine, aicam_bundle: Path, tmp_path: Path
) -> None:
    need_ruby()
    texts = _front_matters(aicam_bundle, tmp_path / "work")
    assert len(texts) > 3700
    gem = Path(SAFE_YAML) if SAFE_YAML and engine is YamlEngine.SAFEYAML else None
    ruby = ask_ruby(({"yaml": text} for text in texts), gem)
    assert _differing(engine, texts, ruby) == []
