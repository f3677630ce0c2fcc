"""The findings that reading a source can give: stable code, severity, meaning."""

from pipeline.model import FindingCode, Severity


class SourceCode(FindingCode):
    """One member a code. The value is (code, severity, what it means)."""

    BORROWED = (
        "SOURCE-BORROWED",
        Severity.INFO,
        "The repository borrows objects from another folder (objects/info/alternates).",
    )
    BORROWED_ABSENT = (
        "SOURCE-BORROWED-ABSENT",
        Severity.WARNING,
        "The folder that the repository borrows objects from is not there.",
    )
    GIT_FOLDER = (
        "SOURCE-GIT-FOLDER",
        Severity.INFO,
        "A `.git` lies in the rendered folder; it is no part of the site and is left out.",
    )
    GRAFTED = (
        "SOURCE-GRAFTED",
        Severity.INFO,
        "The repository has grafts (info/grafts); they are ignored, the commits' own parents hold.",
    )
    HEAD_GUESSED = (
        "SOURCE-HEAD-GUESSED",
        Severity.INFO,
        "The source does not say which branch is its tip, so we chose one.",
    )
    LINK_OUTSIDE = (
        "SOURCE-LINK-OUTSIDE",
        Severity.WARNING,
        "A symbolic link leads out of the rendered folder and is not followed.",
    )
    LINK_FOLDER = (
        "SOURCE-LINK-FOLDER",
        Severity.WARNING,
        "A symbolic link in the rendered folder leads to a folder, or nowhere; it is not followed.",
    )
    HISTORY_CUT = (
        "SOURCE-HISTORY-CUT",
        Severity.WARNING,
        "The history is incomplete, so the first appearance of some files is not known.",
    )
    HISTORY_TREE = (
        "SOURCE-HISTORY-TREE",
        Severity.WARNING,
        "A folder of an older commit is missing or damaged; what stood in it then is not known.",
    )
    PARTIAL = (
        "SOURCE-PARTIAL",
        Severity.INFO,
        "The clone is partial or shallow by design; what it lacks is listed as absent.",
    )
    REF_IGNORED = (
        "SOURCE-REF-IGNORED",
        Severity.WARNING,
        "A branch or tag has a name or a value that git would not accept, and is ignored.",
    )
    REPLACED = (
        "SOURCE-REPLACED",
        Severity.INFO,
        "The repository has replacements (refs/replace); they are ignored, the originals are read.",
    )
    SPECIAL_FILE = (
        "SOURCE-SPECIAL-FILE",
        Severity.WARNING,
        "A device, socket or named pipe lies in the folder; it is not read.",
    )
    TOO_LARGE = (
        "SOURCE-TOO-LARGE",
        Severity.WARNING,
        "A file of the rendered folder is larger than the limit and is not read.",
    )
    TREE_ABSENT = (
        "SOURCE-TREE-ABSENT",
        Severity.ERROR,
        "A folder of the commit is missing or damaged in the repository, with everything in it.",
    )
    TREE_NAME = (
        "SOURCE-TREE-NAME",
        Severity.WARNING,
        "A file of the commit has a name that must never reach a disk (`..`, `.git`); left out.",
    )
    TREE_MODE = (
        "SOURCE-TREE-MODE",
        Severity.WARNING,
        "A file of the commit has a mode that git does not write; it is read as a regular file.",
    )
    TREE_TWICE = (
        "SOURCE-TREE-TWICE",
        Severity.WARNING,
        "A folder of the commit has two things of the same name; only the first is read.",
    )
    UNREADABLE = (
        "SOURCE-UNREADABLE",
        Severity.ERROR,
        "A file or folder cannot be opened.",
    )
