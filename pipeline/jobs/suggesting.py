"""Suggest the redirects that would keep broken promises, as a patch; nothing is ever applied."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.history.urls.insertion import UnsafeInsertionError, with_redirects
from pipeline.history.urls.patch import patch_of
from pipeline.history.urls.suggesting import Remark, Suggestion, suggest
from pipeline.jobs.ask import asked
from pipeline.jobs.place import Place
from pipeline.jobs.then import content_of
from pipeline.jobs.urls import Choice, Known, tests_of
from pipeline.model import shown_path
from pipeline.sources import Absent
from pipeline.store.states import files_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A patch for `git apply`, what it adds to which files, and what it leaves out."""

    patch: bytes
    files: tuple[Suggestion, ...]
    remarks: tuple[Remark, ...]

    @property
    def urls(self) -> int:
        """How many URLs it mends."""
        return sum(len(file.starts) for file in self.files)


def suggestions(place: Place, choice: Choice) -> Suggested:
    """Write the patch that would redirect what is gone to the same documents of today.

    Raises as `urls` does.
    """
    with asked(place) as (connection, site):
        known = Known.of(connection, site, place)
        tests = tests_of(connection, site, known, replace(choice, gone=True))
        meant = [each for each in known.promises if all(test(each) for test in tests)]
        found = suggest(meant, known.today.published, known.today.owners)
        ids = {each.path: known.today.file_ids[each.path] for each in found.files}
        stored = {file.file_id: file for file in files_by_id(connection, site, ids.values())}
    patches: list[bytes] = []
    remarks = list(found.remarks)
    mended: list[Suggestion] = []
    for each in found.files:
        data = content_of(place.archive, stored[ids[each.path]])
        try:
            patches.append(_patch(each, data))
        except UnsafeInsertionError as error:
            remarks += [Remark(url=url, path=each.path, why=str(error)) for url in each.starts]
        else:
            mended.append(each)
    made = Suggested(patch=b"", files=tuple(mended), remarks=tuple(remarks))
    title = f"Redirects from {made.urls} URLs that are gone, in {len(mended)} files"
    header = _header(f"{title} of {site.revision[:12]}.", remarks, plugin=known.redirects)
    return replace(made, patch=b"".join([header, *patches]))


def _patch(suggestion: Suggestion, data: bytes | Absent) -> bytes:
    if isinstance(data, Absent):
        raise UnsafeInsertionError(f"the file {data.reason}")
    return patch_of(suggestion.path, data, with_redirects(data, suggestion.starts))


def _header(title: str, remarks: Sequence[Remark], *, plugin: bool) -> bytes:
    """Write what a person should know, in lines that `git apply` passes over."""
    lines = [
        title,
        "Review it; then: git apply FILE (--directory=FOLDER where the site is in a folder).",
    ]
    if not plugin:
        lines.append("The site does not load jekyll-redirect-from: add it to `plugins`.")
    if remarks:
        lines += ["", f"Not suggested: {len(remarks)}"]
        lines += [f"  {each.url}  ({shown_path(each.path)}): {each.why}" for each in remarks]
    text = "".join(f"# {_printable(line)}".rstrip() + "\n" for line in lines)
    return text.encode("utf-8", "replace")


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in line)
