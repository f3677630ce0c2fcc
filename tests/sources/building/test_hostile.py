"""Trees that want to run, read or write what is not theirs; nothing outside is touched."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import BuildFailedError, NoJekyllError
from pipeline.sources.building import Building, BuildLimits, build_tree, confining, find_jekyll
from pipeline.sources.building.confining import Share, apart, confined, confinement
from pipeline.sources.building.notes import read_notes

NOW = datetime(2020, 5, 17, tzinfo=UTC)
PAGE = "---\nlayout: none\n---\n"
SECRET = "the-secret-of-another-file"  # noqa: S105 - a word to look for
TOUCH = "File.write('{marker}', 'x')"


def laid(scratch: Path, files: dict[str, str]) -> Building:
    scratch.mkdir(exist_ok=True)
    for name, content in ({"_config.yml": "title: A\n"} | files).items():
        place = scratch / "source" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
    limits = BuildLimits(
        page_seconds=4,
        total_seconds=120,
        grace_seconds=20,
        output_files=30,
        output_bytes=1_000_000,
        liquid_bytes=200_000,
        memory_bytes=1024**3,
    )
    return Building(scratch=scratch, config="_config.yml", now=NOW, limits=limits)


def everything(folder: Path) -> str:
    return "\n".join(
        path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file()
    )


def test_nothing_of_the_tree_is_run_and_nothing_else_is_read_or_written(tmp_path: Path) -> None:
    marker, secret = tmp_path / "marker", tmp_path / "secret.txt"
    secret.write_text(SECRET)
    touch = TOUCH.format(marker=marker)
    config = f"""
source: {tmp_path}
destination: {tmp_path / "stolen"}
safe: false
plugins_dir: [.., {tmp_path}, _plugins]
plugins: [open3, ./_plugins/evil, {tmp_path / "evil"}, jekyll-remote-theme]
gems: [../evil]
whitelist: ["*", open3]
layouts_dir: {tmp_path}
includes_dir: ../..
data_dir: ..
cache_dir: {tmp_path / "cache"}
theme: ../../evil
remote_theme: evil/evil
markdown: Evil
highlighter: pygments
lsi: true
incremental: true
profile: true
kramdown: {{template: _evil.erb, input: ../../evil, math_engine: ritex,
  syntax_highlighter: coderay, syntax_highlighter_opts: {{formatter: Kernel}},
  forbidden_inline_options: []}}
sass: {{load_paths: [{tmp_path}, ..], sass_dir: ..}}
"""
    files = {
        "_config.yml": config,
        "_plugins/evil.rb": touch,
        "_evil.erb": f"<% {touch} %>",
        "Gemfile": touch,
        ".bundle/config": f"BUNDLE_GEMFILE: {tmp_path}/evil.rb",
        "a.md": f"{PAGE}Still here.\n",
        "up.md": f"{PAGE}{{% include_relative ../../secret.txt %}}",
        "include.md": f"{PAGE}{{% include ../../secret.txt %}}",
        "absolute.md": f"{PAGE}{{% include_relative {secret} %}}",
        "options.md": f'{PAGE}{{::options template="{secret}" /}}\ntext\n',
        "link.md": f"{PAGE}{{% link ../../secret.txt %}}",
        "permalink.md": "---\npermalink: /../../../escaped.html\n---\nescape\n",
        "layout.md": f"---\nlayout: {secret}\n---\n",
        "style.scss": '---\n---\n@import "secret.txt"; @import "../../secret";\n',
    }
    (tmp_path / "evil.rb").write_text(touch)
    building = laid(tmp_path / "scratch", files)
    before = {path for path in tmp_path.rglob("*") if "scratch" not in path.parts}
    built = build_tree(find_jekyll(), building)
    after = {path for path in tmp_path.rglob("*") if "scratch" not in path.parts}
    assert before == after
    assert not marker.exists()
    assert SECRET not in everything(building.destination)
    assert "Still here." in (building.destination / "a.html").read_text()
    assert built.plugins == ()
    assert {"up.md", "include.md", "absolute.md", "link.md"} <= built.failed
    codes = {finding.code for finding in built.findings}
    assert {"RENDER-PLUGIN", "RENDER-THEME", "RENDER-SETTING", "RENDER-FAILED"} <= codes


def test_bombs_cost_their_own_page_alone(tmp_path: Path) -> None:
    files = {
        "a.md": f"{PAGE}Still here.\n",
        "memory.md": PAGE + "{% for a in (1..2000000000) %}x{% endfor %}",
        "text.md": PAGE + "{% assign a = 'xxxxxxxxxxxxxxxx' %}"
        "{% for b in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}",
        "time.md": PAGE
        + "{% for a in (1..99999) %}{% for b in (1..99999) %}{% endfor %}{% endfor %}",
        "deep.md": PAGE + "{% if 1 %}" * 20_000,
        "quotes.md": PAGE + "> " * 20_000 + "x\n",
        "_includes/self.html": "{% include self.html %}",
        "self.md": PAGE + "{% include self.html %}",
        "alias.md": "---\na: &a [x]\n"
        + "".join(
            f"b{n}: &b{n} [{', '.join(['*a' if n == 0 else f'*b{n - 1}'] * 9)}]\n" for n in range(9)
        )
        + "---\n{{ page.b8 | jsonify }}\n",
        "big.txt": "x" * 2_000_000,
        **{f"many/{n}.txt": "x" for n in range(40)},
    }
    building = laid(tmp_path / "scratch", files)
    built = build_tree(find_jekyll(), building)
    assert "Still here." in (building.destination / "a.html").read_text()
    assert {"memory.md", "text.md", "time.md", "deep.md", "self.md", "alias.md", "big.txt"} <= (
        built.failed
    )
    written = [path for path in building.destination.rglob("*") if path.is_file()]
    assert len(written) <= 30
    assert sum(path.stat().st_size for path in written) <= 1_000_000


def test_a_program_that_is_confined_reaches_nothing(tmp_path: Path) -> None:
    secret, scratch = tmp_path / "secret", tmp_path / "scratch"
    secret.write_text(SECRET)
    scratch.mkdir()
    script = scratch / "try.rb"
    script.write_text(f"""
require "json"; require "socket"
tries = {{
  "read" => -> {{ File.read("{secret}") }},
  "list" => -> {{ Dir.children("{tmp_path}") }},
  "users" => -> {{ File.read("/etc/passwd") }},
  "write" => -> {{ File.write("{tmp_path}/marker", "x") }},
  "net" => -> {{ TCPSocket.new("127.0.0.1", 1) }},
  "own" => -> {{ File.write("{scratch}/own", ENV.to_h.keys.sort.join(" ")) }},
}}
came = tries.transform_values do |try|
  try.call
  "done"
rescue SystemCallError => e
  e.class.name
end
puts JSON.generate(came)
""")
    command = confined(
        [find_jekyll().ruby, str(script)],
        scratch=scratch,
        reading=(),
        environment={"HOME": str(scratch)},
        share=Share(seconds=20, memory=1024**3, file_bytes=1000),
    )
    done = subprocess.run(command, capture_output=True, check=False, env={}, cwd=scratch)
    assert done.returncode == 0, done.stderr
    came = json.loads(done.stdout)
    kept_in = confinement(scratch)
    assert kept_in.network == bool(apart())
    if kept_in.files:
        refused = {"read": "Errno::EACCES", "list": "Errno::EACCES", "users": "Errno::EACCES"}
        assert came | refused | {"write": "Errno::EACCES"} == came
        assert not (tmp_path / "marker").exists()
    if kept_in.network:
        assert came["net"].startswith("Errno::")
    assert came["own"] == "done"
    assert (scratch / "own").read_text().split() == ["HOME"]


def test_a_configuration_that_stops_jekyll_is_one_error(tmp_path: Path) -> None:
    building = laid(tmp_path / "scratch", {"_config.yml": "collections: 3\n"})
    with pytest.raises(BuildFailedError, match="could not build the site at all: TypeError"):
        build_tree(find_jekyll(), building)


def test_notes_of_a_killed_process_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    lines = [{"kind": "failed", "path": "a\x1b[31m.md", "why": "x"}, {"kind": "begin", "path": "b"}]
    notes.write_text("".join(f"{json.dumps(line)}\n" for line in lines) + '[1]\n{"kind": "en')
    read = read_notes(notes, "_config.yml")
    assert [finding.place.path for finding in read.findings] == ["a\\x1b[31m.md"]
    assert (read.begun, read.ended) == ("b", False)
    assert not read_notes(tmp_path / "absent", "_config.yml").ended


def test_a_page_that_cannot_be_interrupted_is_taken_out(tmp_path: Path) -> None:
    files = {
        "a.md": f"{PAGE}Still here.\n",
        "hang.scss": "---\n---\n$i: 1;\n@while $i > 0 { $i: $i + 1; }\n",
    }
    building = laid(tmp_path / "scratch", files)
    quick = replace(building, limits=replace(building.limits, page_seconds=2, crashes=1))
    built = build_tree(find_jekyll(), quick)
    assert "Still here." in (building.destination / "a.html").read_text()
    assert built.failed == {"hang.scss"}


def test_where_nothing_can_be_closed_off_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confining, "apart", tuple)
    building = laid(tmp_path / "scratch", {"a.md": f"{PAGE}Here.\n"})
    built = build_tree(find_jekyll(), building)
    assert built.confinement.network is False
    assert "RENDER-NOT-CONFINED" in [finding.code for finding in built.findings]
    (tmp_path / "scratch" / "confinement.json").unlink()
    assert confinement(tmp_path / "scratch").files is False


def test_a_system_without_unshare_cannot_cut_the_network_off(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    apart.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert apart() == ()
    apart.cache_clear()
    (tmp_path / "unshare").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "unshare").chmod(0o755)
    assert apart() == ()
    apart.cache_clear()


def test_a_ruby_that_is_no_jekyll_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ruby").write_text("#!/bin/sh\necho nothing\n")
    (tmp_path / "ruby").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoJekyllError, match="has no jekyll"):
        find_jekyll()
