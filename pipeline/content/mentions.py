"""The people whom a front matter names, in all the shapes that sites write them in.

Strings (`A, B and C`), lists of strings, mappings (`{name, email, url}`, `{given, family}`,
`{author_people: Title of a page}`), and lists of mappings. An `author` further inside the front
matter (of a quotation, say) is not the document's author: it is a person that it names.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pipeline.content import names
from pipeline.content.codes import Code
from pipeline.content.fields import Field, snake, step
from pipeline.content.raw import clean, raw_json
from pipeline.content.scalars import Written
from pipeline.content.settings import Settings
from pipeline.content.values import Mention, MentionKind, PersonRole

_FIELDS_OF_ROLE = {
    PersonRole.AUTHOR: "author authors written_by byline",
    PersonRole.CONTRIBUTOR: "contributor contributors illustrator photographer",
    PersonRole.EDITOR: "editor editors",
    PersonRole.TRANSLATOR: "translator translators",
    PersonRole.REVIEWER: "reviewer reviewers",
    PersonRole.SPEAKER: "speaker speakers speaker_manual speaker_people presenter presenters "
    "panelist panelists panellist panellists interviewee interviewees lecturer lecturers",
    PersonRole.CHAIR: "chair chairs moderator moderators interviewer interviewers",
    PersonRole.ORGANIZER: "organizer organizers organiser organisers",
    PersonRole.RESEARCHER: "researcher researchers investigator investigators",
    PersonRole.SUPERVISOR: "supervisor supervisors",
    PersonRole.MEMBER: "team_member team_members",
    PersonRole.PERSON: "person people interview_with contact_person",
}
ROLES = MappingProxyType({f: role for role, fs in _FIELDS_OF_ROLE.items() for f in fs.split()})
# The value names a document of another collection by its title, as relation fields of editors do.
_RELATIONS = frozenset(("people", "team", "person", "member", "team_member", "team_members"))
_NAME_KEYS = ("name", "full_name", "fullname", "title", "display_name", "manual")
_GIVEN = ("given", "given_name", "first", "first_name", "firstname", "forename")
_FAMILY = ("family", "family_name", "last", "last_name", "lastname", "surname")
_SURNAME_FIRST = 2

Complain = Callable[[Code, str, str], None]
"""Takes a code, a sentence and the path of a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A name with the path of the value that gave it."""

    name: str
    path: str
    kind: MentionKind = MentionKind.NAME
    collection: str | None = None
    other_keys: tuple[str, ...] = ()


def people_fields(settings: Settings) -> Mapping[str, PersonRole]:
    """Give the names of the fields that hold people, in snake case, with what each says."""
    added = {snake(name): PersonRole.PERSON for name in settings.people_fields_add}
    gone = {snake(name) for name in settings.people_fields_remove}
    return {name: role for name, role in {**added, **ROLES}.items() if name not in gone}


def mentions(
    fields: Iterable[Field],
    roles: Mapping[str, PersonRole],
    written: Mapping[str, Written],
    complain: Complain,
) -> Iterator[Mention]:
    """Give every person named in the fields, in file order."""
    position = 0
    inside: tuple[str, ...] = ()
    for field in fields:
        role = roles.get(field.key)
        if role is None or field.listed or (inside and field.path.startswith(inside)):
            continue
        if role is PersonRole.AUTHOR and field.depth > 1:
            role = PersonRole.PERSON
        inside = (f"{field.path}.", f"{field.path}[")
        for entry, path in _entries(field):
            raw = raw_json(entry)
            place = written.get(path) or written.get(field.path)
            for named in _named(entry, path, field.key, complain):
                yield Mention(
                    position=position,
                    role=role,
                    kind=named.kind,
                    name=named.name,
                    key=names.person_key(named.name),
                    other_keys=named.other_keys,
                    collection=named.collection,
                    field=clean(named.path),
                    raw=raw,
                    line=place.line if place else None,
                )
                position += 1


def _entries(field: Field) -> Iterator[tuple[Any, str]]:
    if isinstance(field.value, list | tuple):
        for index, entry in enumerate(field.value):
            yield entry, f"{field.path}[{index}]"
    else:
        yield field.value, field.path


def _named(entry: Any, path: str, key: str, complain: Complain) -> Iterator[_Named]:  # noqa: ANN401
    match entry:
        case None:
            return
        case str():
            found = _of_string(entry, path, _relation(key))
            empty = not found and path.endswith("]")
        case Mapping():
            found = _of_mapping({snake(str(k)): (str(k), v) for k, v in entry.items()}, path)
            empty = not found and not any(isinstance(v, Mapping | list) for v in entry.values())
        case _:
            found, empty = [], False
    if empty:
        complain(Code.PERSON_EMPTY, "an entry in a list of people has no name", path)
    elif not found and not isinstance(entry, str):
        complain(Code.PERSON_SHAPE, "people in a shape that we do not know", path)
    if len(found) == 1 and ROLES.get(key) is not PersonRole.ORGANIZER:
        name = found[0].name  # organizers are bodies as often as people
        if not names.is_name(name) and not names.is_slug(name):
            complain(Code.PERSON_NOT_PLAIN, f"more than names, kept whole: {name:.60}", path)
    yield from found


def _of_string(text: str, path: str, collection: str | None) -> list[_Named]:
    return [_one(name, path, collection) for name in names.split_names(text)]


def _of_mapping(entry: Mapping[str, tuple[str, Any]], path: str) -> list[_Named]:
    def text(*keys: str) -> str:
        values = (entry[key][1] for key in keys if key in entry)
        return next((names.display(v) for v in values if isinstance(v, str) and v.strip()), "")

    for key, (written, _) in entry.items():
        if (collection := _relation(key)) and (title := text(key)):
            return [_one(title, step(path, written), collection)]
    given, family = text(*_GIVEN), text(*_FAMILY)
    if given or family:
        preferred = text("preferred", "preferred_name", "nickname")
        other = (names.person_key(f"{preferred} {family}"),) if preferred and family else ()
        return [_Named(name=f"{given} {family}".strip(), path=path, other_keys=other)]
    for key in (*_NAME_KEYS, *ROLES):
        if name := text(key):
            return _of_string(name, step(path, entry[key][0]), None)
    return []


def _one(name: str, path: str, collection: str | None) -> _Named:
    if collection is not None:
        return _Named(name=name, path=path, kind=MentionKind.TITLE, collection=collection)
    if names.is_slug(name):
        return _Named(name=name, path=path, kind=MentionKind.SLUG)
    surname, comma, rest = name.partition(",")
    turned = f"{rest} {surname}" if comma and len(rest.split()) <= _SURNAME_FIRST else ""
    other = (names.person_key(turned),) if turned and "," not in rest else ()
    return _Named(name=name, path=path, other_keys=other)


def _relation(key: str) -> str | None:
    """Give the word for the collection that a field such as `author_people` points into."""
    if key in {"team_member", "team_members"}:
        return "team"
    head, _, word = key.partition("_")
    return word if head in ROLES and word in _RELATIONS else None
