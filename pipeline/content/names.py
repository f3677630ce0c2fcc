"""Names of people: the form to read, the form to match, and strings that hold several.

The key of a name: NFKC, case folded, accents kept, white space collapsed, one kind of apostrophe
and hyphen, no invisible characters, no dots, honorifics in front and degrees behind left out. So
`Prof. Ada D. Example,` and `ada d example` are one; `Zoe` and `Zoë` are two.
"""

import re
import unicodedata

from pipeline.content.raw import clean, word_set

HONORIFICS = word_set(
    "dr doctor prof professor mr mrs ms miss mx sir dame lord lady baroness baron rev revd "
    "reverend hon dipl-ing ing drs emeritus emerita"
)
RANKS = frozenset(("assistant", "associate", "assoc", "asst", "visiting", "adjunct"))
DEGREES = word_set("phd dphil frs fba freng frse obe cbe mbe kbe dbe msc bsc jr sr")

PARTICLES = word_set(
    "van von der den de del della di da dos du la le el al bin ibn binti abu ter ten zu y e"
)
# Words that say that a string names a body of people; such a string is never cut at "and".
BODIES = word_set(
    "university institute institution department school college centre center faculty office press "
    "programme program project group team society association council committee academy foundation "
    "trust museum library laboratory lab labs hub unit network ministry government agency company "
    "ltd limited inc gmbh plc llc science sciences research technology alliance partnership "
    "editors staff"
)

MAX_WORDS = 6
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SAME = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'"}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
)
_EDGES = " \t,;:|/"
_JOINT = re.compile(r",?\s+(?:&|and)\s+|\s*;\s*", re.IGNORECASE)
_SURNAME_FIRST = 2  # pieces of `Example, Ada`
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


def display(text: str) -> str:
    """Make a name for people to read: visible characters, single spaces, no stray separators."""
    return " ".join(_INVISIBLE.sub("", clean(text)).split()).strip(_EDGES)


def term_key(text: str) -> str:
    """Fold a tag or a title for comparison: NFKC, case, white space."""
    folded = unicodedata.normalize("NFKC", display(text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split()).strip(_EDGES)


def person_key(name: str) -> str:
    """Fold a name for matching, as the head of this module says. Never empty unless the name is."""
    words = term_key(name).translate(_SAME).replace(".", " ").replace(",", " ").split()
    while len(words) > 1 and (words[0] in HONORIFICS or words[0] in RANKS):
        words = words[1:]
    while len(words) > 1 and words[-1] in DEGREES:
        words = words[:-1]
    return " ".join(words) or term_key(name)


def is_honorific(text: str) -> bool:
    """Tell whether a string is nothing but a form of address: `Dr`, `Professor Dame`."""
    words = term_key(text).replace(".", " ").split()
    return bool(words) and all(word in HONORIFICS or word in RANKS for word in words)


def is_slug(text: str) -> bool:
    """Tell whether a string is the slug of a document rather than a name: `ada-example`."""
    return _SLUG.fullmatch(text) is not None


def split_names(text: str) -> tuple[str, ...]:
    """Cut `A and B`, `A, B and C`, `A & B; C` into names, in order, each for people to read.

    A string is cut only where every piece looks like a name. At a comma every piece needs two
    words besides honorifics and degrees, unless it is a plain enumeration (`Ada, Bo and Cy`):
    `Example, Ada` and `Ada Example, PhD` stay whole, and so does `Centre for Tides and Mills`.
    """
    whole = display(text)
    if not whole:
        return ()
    pieces = [piece for piece in _JOINT.split(whole) if piece]
    first_words = len(pieces) > 1 and "," not in pieces[-1]
    names: list[str] = []
    for piece in pieces:
        listed = [name for name in map(display, piece.split(",")) if name]
        if all(map(_is_full, listed)) or (first_words and all(name.isalpha() for name in listed)):
            names.extend(listed)
        elif len(listed) > _SURNAME_FIRST:
            return (whole,)
        else:
            names.append(display(piece))
    return tuple(names) if all(map(is_name, names)) else (whole,)


def is_name(text: str) -> bool:
    """Tell whether a string can be a person's name; one word may be a handle or a first name."""
    words = text.replace(",", " ").split()
    if not words or len(words) > MAX_WORDS or any(w.casefold() in BODIES for w in words):
        return False
    return (len(words) == 1 and words[0].isalpha()) or all(map(_is_name_word, words))


def _is_name_word(word: str) -> bool:
    letters = word.translate(_SAME).strip(".'()\"\u201c\u201d")
    if letters.casefold() in PARTICLES:
        return True
    if not letters.isalpha() and not (
        letters and all(c.isalpha() or c in "-'." or unicodedata.combining(c) for c in letters)
    ):
        return False
    return not letters[0].islower() or any(c.isupper() for c in letters)


def _is_full(piece: str) -> bool:
    return " " in person_key(piece) and is_name(piece)
