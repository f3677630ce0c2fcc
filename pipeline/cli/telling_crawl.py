"""How the end of a crawl is told."""

from collections.abc import Mapping

from pipeline.cli.output import as_json as write_json
from pipeline.cli.output import plain, say, say_line, tell_findings
from pipeline.cli.verdict import tell_reports
from pipeline.jobs.crawl import Crawled


def tell_crawl(done: Crawled, *, as_json: bool) -> None:
    """Print what came of a crawl."""
    if as_json:
        facts = plain(done)
        facts["verified"] = done.verdict.value
        for told, file in zip(facts["files"], done.files, strict=True):
            told["verified"] = file.verified.verdict.value
        write_json(facts)
        return
    answers = f"{sum(done.answers.values())} answers{_counted(done.answers)}"
    failures = f"{sum(done.failures.values())} without{_counted(done.failures)}"
    say_line(f"{done.asked} URLs asked for: {answers}, {failures}")
    say(f"{done.pages} pages, {done.bytes} bytes of responses")
    if done.resumed:
        say(f"{done.resumed} of them were asked for by an earlier start, and not again")
    if done.left:
        say(f"{done.left} known URLs were not asked for")
    say(f"{done.records} records")
    for file in done.files:
        say_line(f"{file.path}: {file.size} bytes, {file.sha256}")
    tell_reports([file.verified for file in done.files])
    if done.findings:
        say()
        tell_findings(done.findings, "the same command with --json")


def _counted(counts: Mapping[str, int]) -> str:
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f" ({told})" if told else ""
