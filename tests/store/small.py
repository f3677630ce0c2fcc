"""A small catalogue made by hand through Deposit, Describer and Holdings, for the tests here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection

from pipeline.content.dates import Provenance
from pipeline.content.values import (
    Content,
    Link,
    LinkKind,
    Mention,
    MentionKind,
    NamedDate,
    Part,
    PartFormat,
    PersonRole,
    Term,
    TermKind,
)
from pipeline.history.commit import Commit, parse_commit
from pipeline.history.lineage.series import Series
from pipeline.history.lineage.values import (
    Document,
    Evidence,
    EvidenceKind,
    Join,
    Lineage,
    Manner,
    Point,
    Relation,
    RelationKind,
    Stay,
)
from pipeline.history.urls.addresses import Address
from pipeline.history.versions import Gap
from pipeline.jekyll.item import Item, ItemKind, Split
from pipeline.model import FileMode, Finding, Place, Severity, Sha256, TreeEntry
from pipeline.store import events, search
from pipeline.store.addressing import keep_addresses
from pipeline.store.deposit import Deposit, SiteFacts, open_intake
from pipeline.store.descent import Descent
from pipeline.store.describe import Describer
from pipeline.store.holdings import (
    Holdings,
    keep_capture,
    keep_page,
    keep_warc_file,
    record_manifest,
    record_run,
)
from pipeline.store.intake import Intake
from pipeline.store.ledger import lines
from pipeline.store.tables.sources import BlobState
from pipeline.store.wording import Told
from pipeline.warc.manifest import ManifestFile
from pipeline.warc.record import Capture, RecordType

NOW = datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
RULES = Sha256.of(b"the rules of the first run")
POST = "_posts/2023-11-01-tides.md"
PERSON = "_people/ada.md"
PAGE = "about.md"
FORMER = "_drafts/t\udcffdes.md"  # what the post was called at first; not UTF-8
PICTURE = "img/t\udcffde.png"  # a name that is not UTF-8
LOST = "img/lost.png"
BYTES: Mapping[str, bytes] = {
    POST: b"---\ntitle: Tides\n---\nThe *tide* rises.\n",
    PERSON: b"---\ntitle: Ada Example\n---\n",
    PAGE: b"---\n---\nAbout us.\n",
    PICTURE: b"\x89PNG",
}
PAGE_HTML = b"<title>Tides</title>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is told to the catalogue in one go, and under which rules."""

    context: Sha256 = RULES
    title: str = "Tides"
    at: datetime = NOW
    key: str = "example"


def oid(name: str) -> str:
    """Give an object id for a content or commit by this name."""
    return Sha256.of(name.encode("utf-8", "surrogateescape")).hex[:40]


def a_commit(name: str, *parents: str, when: int = 1_698_800_000) -> Commit:
    """Make a commit whose id stands for its name."""
    head = "".join(f"parent {oid(parent)}\n" for parent in parents)
    who = f"Ada Example <ada@example.org> {when} +0100"
    raw = f"tree {oid('tree')}\n{head}author {who}\ncommitter {who}\n\n{name}\n"
    return parse_commit(oid(name), raw.encode())


FIRST = a_commit("first")
LAST = a_commit("last", "first", "elsewhere", when=1_698_900_000)


def an_item(path: str, **values: Any) -> Item:  # noqa: ANN401 - any field of an item
    """Make a document by what differs from a plain one."""
    size = len(BYTES.get(path, b""))
    given: dict[str, Any] = {
        "kind": ItemKind.DOCUMENT,
        "collection": "posts",
        "url": "/" + path.rsplit("/", 1)[-1].removesuffix(".md") + "/",
        "destination": path.removesuffix(".md") + "/index.html",
        "written": True,
        "own": {},
        "front_matter": {},
        "split": Split(present=True, yaml_start=4, yaml_end=17, body_start=21, size=size),
    }
    return Item(path=path, **(given | values))


def the_post(run: Run) -> tuple[Item, Content]:
    """Make the post, which has something of everything."""
    item = an_item(
        POST,
        url="/2023/tides/",
        title=run.title,
        slug="tides",
        date_raw="2023-11-01 09:30",
        layout="post",
        own={"title": run.title, "date": date(2023, 11, 1), "weird": float("nan")},
        front_matter={"title": run.title, "layout": "post"},
        redirect_from=("/old/tides/",),
        redirect_to="https://example.net/tides",
    )
    content = Content(
        title=run.title,
        parts=(
            Part(
                name="body",
                position=0,
                format=PartFormat.MARKDOWN,
                text="The *tide* rises.\n",
                plain="The tide rises.",
                offset=21,
                length=18,
            ),
            Part(name="teaser", position=1, format=PartFormat.TEXT, text="Low water", line=3),
        ),
        mentions=(
            a_mention(0, "Ada Example", "author"),
            a_mention(1, "Zoë Müller", "author"),
            a_mention(2, "Ada Example", "speakers[0]", PersonRole.SPEAKER),
        ),
        terms=(
            Term(
                kind=TermKind.TAG, position=0, name="Sea", key="sea", field="tags", raw='["Sea"]'
            ),
            Term(
                kind=TermKind.CATEGORY, position=1, name="news", key="news", field=None, raw='"n"'
            ),
        ),
        links=(
            Link(position=0, part="body", kind=LinkKind.LINK, target="/about/", text="us", line=4),
            Link(position=1, part="body", kind=LinkKind.LINK, target="https://x.example", text=""),
        ),
        dates=(
            NamedDate(
                name="event_date", raw="2 Nov 2023, 10:00 +01:00", day=date(2023, 11, 2),
                at=datetime(2023, 11, 2, 9, tzinfo=UTC), line=5,
            ),
            NamedDate(name="deadline", raw="soon"),
        ),
    )  # fmt: skip
    return item, content


def a_mention(
    position: int, name: str, field: str, role: PersonRole = PersonRole.AUTHOR
) -> Mention:
    """Make a mention of a person by name."""
    return Mention(
        position=position,
        role=role,
        kind=MentionKind.NAME,
        name=name,
        key=name.casefold(),
        field=field,
        raw=f'"{name}"',
        line=position + 2,
    )


class Keeper:
    """One run on a connection: puts everything into the intake, then writes it."""

    def __init__(self, connection: Connection, run: Run) -> None:
        """Open the site's intake."""
        self.connection, self.run = connection, run
        facts = SiteFacts(
            key=run.key,
            title="An example",
            origin=None,
            url="https://www.example.org/base",
            timezone="Europe/London",
        )
        self.intake, self.site_id = open_intake(connection, facts)
        self.deposit = Deposit(self.intake, self.site_id)
        self.describer = Describer(self.intake, self.site_id, run.key)
        self.file_ids: dict[str, int] = {}
        self.publications: dict[str, int | None] = {}

    def keep(self) -> tuple[bytes, ...]:
        """Do the whole run; give the ledger's lines."""
        snapshot_id, is_new = self._evidence()
        self._described()
        if is_new:
            self._placed(snapshot_id)
            self._findings(snapshot_id)
        self._records()
        written = tuple(lines(self.intake.changes()))
        self.intake.write()
        search.index(self.connection, self.describer.wording.searchable)
        self._log(snapshot_id)
        return written

    def _placed(self, snapshot_id: int) -> None:
        groups = {POST: "posts", PERSON: "people", PAGE: "(pages)"}
        for path, file_id in self.file_ids.items():
            values = {
                "role": "document",
                "collection": groups.get(path, "(static files)"),
                "publication_id": self.publications.get(path),
                "left_out": "",
            }
            self.deposit.place(snapshot_id, file_id, values)

    def _evidence(self) -> tuple[int, bool]:
        for commit in (FIRST, LAST):
            self.deposit.commit(commit)
        for path in (POST, PERSON, PAGE, PICTURE, LOST):
            data = BYTES.get(path)
            entry = TreeEntry(path=path, mode=FileMode.REGULAR, oid=oid(path))
            state = BlobState.ABSENT if data is None else BlobState.PRESENT
            self.file_ids[path] = self.deposit.file(entry, state, data)
        first, last = (self.deposit.commit_id(commit.oid) for commit in (FIRST, LAST))
        if first is None or last is None:
            raise AssertionError
        self.deposit.span(self.file_ids[POST], since=last, created=first)
        tree_oid = Sha256.of(self.run.context.raw).hex[:40]
        return self.deposit.snapshot(commit=LAST, tree_oid=tree_oid, context=self.run.context)

    def _described(self) -> None:
        self._past()
        post, content = the_post(self.run)
        person = an_item(
            PERSON, collection="people", title="Ada Example", slug="ada", written=False
        )
        page = an_item(PAGE, collection=None, kind=ItemKind.PAGE, url="/about/")
        items = {POST: post, PERSON: person, PAGE: page}
        for path, item in items.items():
            self.publications[path] = self.describer.published(self.file_ids[path], item)
            self.describer.redirects(self.file_ids[path], item)
            self.describer.document_at(item, path)
        self.describer.asset(self.file_ids[PICTURE], "image/png")
        told = Told(
            file_id=self.file_ids[POST],
            path=POST,
            item=post,
            content=content,
            date=datetime(2023, 11, 1, 9, 30, tzinfo=timezone(timedelta(hours=1))),
            date_source=Provenance.FRONT_MATTER,
            yaml_engine="safeyaml",
            context=self.run.context,
            profiles=(PERSON, None, PERSON),
            destinations=("/about/", None),
        )
        self.describer.version(told)
        for path in (PERSON, PAGE):
            plain = replace(
                told,
                file_id=self.file_ids[path],
                path=path,
                item=items[path],
                content=Content(title=items[path].title),
                date=None,
                date_source=Provenance.NONE,
                profiles=(),
                destinations=(),
            )
            self.describer.version(plain)
        self.describer.close()

    def _past(self) -> None:
        """Tell a history: the post was elsewhere once, and was joined; the person has a series."""
        known = self.deposit.known_commit
        self.deposit.absences([Gap(path=FORMER, line=0, since=LAST.oid)])
        now = a_stay(POST, "posts", since=LAST)
        before = a_stay(FORMER, None, since=FIRST, until=LAST)
        ada = a_stay(PERSON, "people", since=FIRST)
        join = Join(
            old=before, new=now, commit=now.since, manner=Manner.MOVED, confidence=0.75,
            evidence=(Evidence(kind=EvidenceKind.TITLE, weight=2.5, words="same title"),),
            joined=True, sentence="It moved.",
        )  # fmt: skip
        lineage = Lineage(
            documents=(Document(stays=(before, now), joins=(join,)), Document(stays=(ada,))),
            relations=(
                Relation(
                    kind=RelationKind.COPY, one=ada, other=now, commit=now.since, similarity=0.5,
                    sentence="It was copied.",
                ),
            ),
        )  # fmt: skip
        series = Series(name="tides", landing=0, members=(1,), published=now.since, reason="So.")
        descent = Descent(describer=self.describer, commit_id=known)
        descent.keep(lineage, {POST: ItemKind.DOCUMENT}, (series,))
        entry = TreeEntry(path=POST, mode=FileMode.REGULAR, oid=oid(POST))
        address = Address(
            entry=entry, url="/2023/tides/", destination="_posts/2023-11-01-tides/index.html",
            written=True, since=LAST.oid, until=None,
        )  # fmt: skip
        keep_addresses(self.describer, [(self.file_ids[POST], address)], known)

    def _findings(self, snapshot_id: int) -> None:
        place = Place(path=POST, line=5, field="deadline")
        found = [
            Finding(code="A-CODE", severity=Severity.WARNING, message='no "date"', place=place),
            Finding(code="B-CODE", severity=Severity.INFO, message="the whole site"),
        ]
        self.deposit.findings(snapshot_id, found, self.file_ids)

    def _records(self) -> None:
        version_id = self.describer.version_of(self.file_ids[POST])
        url_id = self.describer.url("/2023/tides/")
        commit_id = self.deposit.commit_id(LAST.oid)
        if commit_id is None:
            raise AssertionError
        files = {self.file_ids[path]: BYTES[path] for path in (POST, PERSON, PICTURE)}
        held = Holdings.of(self.connection, self.site_id)
        bodies = [(data, "file_id", row) for row, data in files.items() if row not in held.files]
        if commit_id not in held.commits:
            bodies.append((LAST.raw, "commit_id", commit_id))
        if (url_id, Sha256.of(PAGE_HTML)) not in held.urls:
            bodies.append((PAGE_HTML, "url_id", url_id))
        name = f"records/{self.run.key}-{self.run.context.hex[:8]}.warc.gz"
        if bodies:
            warc_id = keep_warc_file(self.intake, self.site_id, a_warc(name), self.run.at)
        for number, (data, column, row_id) in enumerate(bodies):
            capture = a_capture(name, number, data, self.run.at)
            keep_capture(self.intake, warc_id, capture, {column: row_id})
        keep_page(
            self.intake, url_id, version_id,
            path="2023/tides/index.html", title="Tides", sha256=Sha256.of(PAGE_HTML),
        )  # fmt: skip

    def _log(self, snapshot_id: int) -> None:
        counts = {"found": 5, "stored": 4, "skipped": 0, "failed": 0, "absent": 1}
        values = {
            "job": "run",
            "software": "jekyll-archive 0",
            "options": {"rev": None},
            "source_kind": "repository",
            "snapshot_id": snapshot_id,
            "started_at": self.run.at,
            "outcome": "stored",
            **counts,
        }
        payload = record_run(self.connection, self.site_id, values, {"posts": counts})
        events.append(self.connection, self.site_id, kind="run", at=self.run.at, payload=payload)
        last = events.head(self.connection, self.site_id)
        number = last.sequence if last else 0
        record_manifest(
            self.connection, self.site_id,
            path=f"manifests/{number}.json", sequence=number, at=self.run.at,
            sha256=Sha256.of(b"manifest"), previous=None,
        )  # fmt: skip


def a_stay(
    path: str, collection: str | None, *, since: Commit, until: Commit | None = None
) -> Stay:
    """Make a stay between two commits."""
    points = {
        FIRST.oid: Point(order=0, commit=FIRST.oid),
        LAST.oid: Point(order=1, commit=LAST.oid),
    }
    return Stay(
        path=path,
        collection=collection,
        since=points[since.oid],
        until=points[until.oid] if until else None,
        states=(0, 1),
    )


def a_warc(name: str) -> ManifestFile:
    """Make a sealed file that is nowhere."""
    return ManifestFile(
        path=name,
        size=900,
        sha256=Sha256.of(name.encode()),
        records=6,
        order_sha256=Sha256.of(b"order"),
        stream_sha256=Sha256.of(b"stream"),
    )


def a_capture(name: str, number: int, data: bytes, at: datetime) -> Capture:
    """Make a record of these bytes."""
    return Capture(
        file=name,
        offset=100 * number,
        length=90,
        record_id=f"<urn:uuid:{Sha256.of(name.encode()).hex[:12]}-{number}>",
        type=RecordType.RESOURCE,
        target_uri=f"urn:example:{number}",
        date=at,
        content_type="text/plain",
        block_sha256=Sha256.of(data),
        payload_sha256=Sha256.of(data),
        block_size=len(data),
    )


def keep(connection: Connection, run: Run | None = None) -> tuple[bytes, ...]:
    """Do a run on the small site; give the ledger's lines."""
    return Keeper(connection, run or Run()).keep()


def fresh_intake(connection: Connection) -> tuple[Intake, int]:
    """Open the intake of a site that nothing was told about."""
    facts = SiteFacts(key="other", title=None, origin=None, url=None, timezone=None)
    return open_intake(connection, facts)
