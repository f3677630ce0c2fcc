"""Put into rows which paths were the same document, why, and what was published together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.history.lineage.series import Series
from pipeline.history.lineage.values import Document, Join, Lineage, Relation, Stay
from pipeline.jekyll.item import ItemKind
from pipeline.model import shown_path
from pipeline.store.describe import Describer, raw_path, uid_of
from pipeline.store.intake import Intake
from pipeline.store.tables import (
    JoinRow,
    ReasonRow,
    RelationRow,
    SeriesMemberRow,
    SeriesRow,
    StayRow,
)

CommitId = Callable[[str], int]
"""Gives the row id of a commit by its git id."""


def uids(site_key: str, documents: Iterable[Document]) -> tuple[str, ...]:
    """Give each document of a lineage its uid: from the path first seen.

    A path that another document began with already is told apart by the commit.
    """
    found: list[str] = []
    taken: set[str] = set()
    for document in documents:
        first = document.stays[0]
        uid = uid_of(site_key, first.path)
        if uid in taken:
            uid = uid_of(site_key, f"{first.path}@{first.since.commit}")
        taken.add(uid)
        found.append(uid)
    return tuple(found)


def standing(document: Document) -> Stay:
    """Give the stay that tells where a document is, or, when it is gone, where it was last."""
    return max(document.stays, key=lambda stay: (stay.until is None, stay.since.order))


@dataclass(slots=True, kw_only=True)
class Descent:
    """The lineage of one site, as rows. What is stored and no longer said is dropped."""

    describer: Describer
    commit_id: CommitId
    _stays: dict[Stay, int] = field(default_factory=dict)

    @property
    def _intake(self) -> Intake:
        return self.describer.intake

    def keep(
        self, lineage: Lineage, kinds: Mapping[str, ItemKind], series: Sequence[Series]
    ) -> tuple[int, ...]:
        """Keep it all; give the row ids of the documents, in the order of the lineage.

        `kinds` says by path what the newest state of a path is; a document that Jekyll never
        published is one all the same.
        """
        names = uids(self.describer.site_key, lineage.documents)
        ids = tuple(
            self._document(document, uid, kinds)
            for document, uid in zip(lineage.documents, names, strict=True)
        )
        for document, document_id in zip(lineage.documents, ids, strict=True):
            self._keep_stays(document, document_id)
        self._intake.shelf(StayRow, "document_id", "position").keep_only(
            (document_id, position)
            for document, document_id in zip(lineage.documents, ids, strict=True)
            for position in range(len(document.stays))
        )
        made = [join for document in lineage.documents for join in document.joins]
        self._keep_joins([*made, *(join for join in lineage.doubtful if not join.joined)])
        self._keep_relations(lineage.relations)
        self._keep_series(series, ids)
        return ids

    def _document(self, document: Document, uid: str, kinds: Mapping[str, ItemKind]) -> int:
        last = standing(document)
        if last.until is None:
            self.describer.homes[last.path] = uid
        kind = kinds.get(last.path, ItemKind.DOCUMENT)
        return self.describer.document(uid, kind, last.collection, last.path)

    def _keep_stays(self, document: Document, document_id: int) -> None:
        shelf = self._intake.shelf(StayRow, "document_id", "position")
        for position, stay in enumerate(document.stays):
            self._stays[stay] = shelf.put(
                document_id=document_id,
                position=position,
                path=shown_path(stay.path),
                path_raw=raw_path(stay.path),
                collection=stay.collection,
                since_commit_id=self.commit_id(stay.since.commit),
                until_commit_id=self.commit_id(stay.until.commit) if stay.until else None,
            )

    def _keep_joins(self, joins: Iterable[Join]) -> None:
        shelf = self._intake.shelf(JoinRow, "old_stay_id", "new_stay_id")
        reasons = self._intake.shelf(ReasonRow, "join_id", "position")
        kept, given = set(), set()
        for join in joins:
            key = (self._stays[join.old], self._stays[join.new])
            join_id = shelf.put(
                old_stay_id=key[0],
                new_stay_id=key[1],
                commit_id=self.commit_id(join.commit.commit),
                manner=join.manner.value,
                confidence=join.confidence,
                joined=join.joined,
                decided=join.decided,
                sentence=join.sentence,
            )
            kept.add(key)
            for position, reason in enumerate(join.evidence):
                reasons.put(
                    join_id=join_id,
                    position=position,
                    kind=reason.kind.value,
                    weight=round(reason.weight, 4),
                    words=reason.words,
                )
                given.add((join_id, position))
        shelf.keep_only(kept)
        reasons.keep_only(given)

    def _keep_relations(self, relations: Iterable[Relation]) -> None:
        names = ("kind", "one_stay_id", "other_stay_id", "commit_id")
        shelf = self._intake.shelf(RelationRow, *names)
        kept = set()
        for relation in relations:
            key = (
                relation.kind.value,
                self._stays[relation.one],
                self._stays[relation.other],
                self.commit_id(relation.commit.commit),
            )
            shelf.put(
                **dict(zip(names, key, strict=True)),
                similarity=round(relation.similarity, 4),
                sentence=relation.sentence,
            )
            kept.add(key)
        shelf.keep_only(kept)

    def _keep_series(self, series: Iterable[Series], documents: Sequence[int]) -> None:
        shelf = self._intake.shelf(SeriesRow, "site_id", "name")
        members = self._intake.shelf(SeriesMemberRow, "series_id", "position")
        kept, given = set(), set()
        for each in series:
            key = (self.describer.site_id, each.name)
            series_id = shelf.put(
                site_id=key[0],
                name=each.name,
                reason=each.reason,
                published_commit_id=self.commit_id(each.published.commit),
                settled=each.settled,
            )
            kept.add(key)
            for position, number in enumerate((each.landing, *each.members)):
                members.put(series_id=series_id, position=position, document_id=documents[number])
                given.add((series_id, position))
        shelf.keep_only(kept)
        members.keep_only(given)
