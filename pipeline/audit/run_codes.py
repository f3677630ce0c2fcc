"""The findings that a run can give about files, links and the rendered site."""

from pipeline.model import FindingCode, Severity


class RunCode(FindingCode):
    """One member a code. The value is (code, severity, what it means)."""

    FILE_ABSENT = (
        "FILE-ABSENT",
        Severity.WARNING,
        "The tree names a file whose bytes the repository does not have; it is listed as absent.",
    )
    FILE_FAILED = (
        "FILE-FAILED",
        Severity.ERROR,
        "A file could not be read, is damaged, or is larger than the limit.",
    )
    FILE_SUBMODULE = (
        "FILE-SUBMODULE",
        Severity.INFO,
        "The tree names a submodule: a repository of its own, which has to be archived by itself.",
    )
    LINK_BROKEN = (
        "LINK-BROKEN",
        Severity.WARNING,
        "A document links to a page that the site does not have.",
    )
    LINK_FILE_MISSING = (
        "LINK-FILE-MISSING",
        Severity.WARNING,
        "A document shows or links to an image or file that the site does not have.",
    )
    PAST_UNREADABLE = (
        "PAST-UNREADABLE",
        Severity.WARNING,
        "The front matter of a former version cannot be read; its bytes are kept, it is listed.",
    )
    SEARCH_CUT = (
        "SEARCH-CUT",
        Severity.INFO,
        "A text is so long that only its beginning can be searched; all of it is kept.",
    )
    RENDERED_NO_ADDRESS = (
        "RENDERED-NO-ADDRESS",
        Severity.WARNING,
        "The site does not say its public address, so its pages were captured under `.invalid`.",
    )
    RENDERED_ELSEWHERE = (
        "RENDERED-ELSEWHERE",
        Severity.INFO,
        "Captures of other addresses than the site's; a run keeps the file that has them whole.",
    )
    RENDERED_OTHER = (
        "RENDERED-OTHER",
        Severity.INFO,
        "Captures that show no page or file: redirects, errors; a run keeps their file whole.",
    )
    RENDERED_NOT_ARCHIVED = (
        "RENDERED-NOT-ARCHIVED",
        Severity.INFO,
        "An import describes the pages of a rendering and archives nothing of it; a run does.",
    )
    TREE_ODD = (
        "TREE-ODD",
        Severity.INFO,
        "The commit's tree has what git no longer writes, so that the files do not prove its id.",
    )
