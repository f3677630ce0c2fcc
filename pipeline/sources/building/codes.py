"""The findings that a build can give: stable code, severity, meaning."""

from pipeline.model import FindingCode, Severity


class BuildCode(FindingCode):
    """One member a code. The value is (code, severity, what it means)."""

    FAILED = (
        "RENDER-FAILED",
        Severity.ERROR,
        "Jekyll could not build this page, or it passed a limit; the others were built without it.",
    )
    ABSENT = (
        "RENDER-ABSENT",
        Severity.ERROR,
        "By Jekyll's rules the file should have been written; it was not, and nothing says why.",
    )
    LEFT_OUT = (
        "RENDER-LEFT-OUT",
        Severity.WARNING,
        "A file of the tree was not given to Jekyll: its bytes are absent, or it is a bad link.",
    )
    LAYOUT = (
        "RENDER-LAYOUT",
        Severity.WARNING,
        "A layout that the page asks for is not there, so the page was built without it.",
    )
    TAG = (
        "RENDER-TAG",
        Severity.WARNING,
        "The page uses a tag of a plugin that was not loaded; nothing stands in its place.",
    )
    FILTER = (
        "RENDER-FILTER",
        Severity.WARNING,
        "The page uses a filter of a plugin that was not loaded; the value was not filtered.",
    )
    PLUGIN = (
        "RENDER-PLUGIN",
        Severity.WARNING,
        "A plugin of the site was not run: it lies in the tree, is not installed, or not trusted.",
    )
    PLUGIN_FAILED = (
        "RENDER-PLUGIN-FAILED",
        Severity.ERROR,
        "A plugin failed, so the files that it adds to the site are missing or not complete.",
    )
    THEME = (
        "RENDER-THEME",
        Severity.WARNING,
        "The theme of the site is not installed, so its layouts, styles and scripts are missing.",
    )
    SETTING = (
        "RENDER-SETTING",
        Severity.WARNING,
        "A setting of the site could run or read something outside of it, and was not followed.",
    )
    DATE = (
        "RENDER-DATE",
        Severity.WARNING,
        "The document has no date; any that its page shows is that of the clock of the build.",
    )
    SAID = (
        "RENDER-SAID",
        Severity.WARNING,
        "A warning or complaint of Jekyll itself, in its own words.",
    )
    NOT_CONFINED = (
        "RENDER-NOT-CONFINED",
        Severity.WARNING,
        "This system could not cut Jekyll off from the network, or from other files.",
    )
