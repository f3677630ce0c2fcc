"""The findings that holding a rendering against its source can give."""

from pipeline.model import FindingCode, Severity


class ReconcileCode(FindingCode):
    """One member a code. The value is (code, severity, what it means)."""

    NO_PAGE = (
        "RECONCILE-NO-PAGE",
        Severity.ERROR,
        "A document that Jekyll should write has no page in the rendering.",
    )
    NO_SOURCE = (
        "RECONCILE-NO-SOURCE",
        Severity.WARNING,
        "A page has no source, and nothing says what made it.",
    )
    TIED_LOOSELY = (
        "RECONCILE-TIED-LOOSELY",
        Severity.WARNING,
        "A page is not at the URL of its document; it was known by its path or by its text.",
    )
    UNREADABLE = (
        "RECONCILE-UNREADABLE",
        Severity.ERROR,
        "A page or a source cannot be read from the archive, so it was not compared.",
    )
    NOT_ARCHIVED = (
        "RECONCILE-NOT-ARCHIVED",
        Severity.WARNING,
        "The rendering was described by an import and is not archived: its text was not compared.",
    )
    TEXT = (
        "RECONCILE-TEXT",
        Severity.ERROR,
        "Words of the source are nowhere on its page.",
    )
    TEXT_LIQUID = (
        "RECONCILE-TEXT-LIQUID",
        Severity.INFO,
        "Words of a text with Liquid are not on its page; Liquid was not run to compare them.",
    )
    FIELD_HIDDEN = (
        "RECONCILE-FIELD-HIDDEN",
        Severity.WARNING,
        "No page of a collection shows a field with text: only the source has it.",
    )
    TITLE = (
        "RECONCILE-TITLE",
        Severity.WARNING,
        "A page has another title than its source.",
    )
    DATE = (
        "RECONCILE-DATE",
        Severity.WARNING,
        "A page says another date of publication than its source.",
    )
    DATE_MADE_UP = (
        "RECONCILE-DATE-MADE-UP",
        Severity.WARNING,
        "A page says a date of publication, and its source has none: the build made it up.",
    )
    PEOPLE = (
        "RECONCILE-PEOPLE",
        Severity.WARNING,
        "An author whom the source names is nowhere on the page.",
    )
    LINKS = (
        "RECONCILE-LINKS",
        Severity.WARNING,
        "A link in the text of the source is not on the page.",
    )
    IMAGES = (
        "RECONCILE-IMAGES",
        Severity.WARNING,
        "An image in the text of the source is not on the page.",
    )
    ASSET_MISSING = (
        "RECONCILE-ASSET-MISSING",
        Severity.WARNING,
        "Pages need an image, style or script of the site that the rendering does not have.",
    )
    LINK_DEAD = (
        "RECONCILE-LINK-DEAD",
        Severity.WARNING,
        "Pages link to a place of the site that the rendering does not have.",
    )
    THIRD_PARTY = (
        "RECONCILE-THIRD-PARTY",
        Severity.WARNING,
        "Pages need files of another host that are not in the archive.",
    )
    REBUILT_DIFFERS = (
        "RECONCILE-REBUILT-DIFFERS",
        Severity.ERROR,
        "A page says something else than what Jekyll makes of the commit today.",
    )
    REBUILT_MISSING = (
        "RECONCILE-REBUILT-MISSING",
        Severity.WARNING,
        "A page is only on one side: in the rendering, or in what Jekyll makes of the commit.",
    )
