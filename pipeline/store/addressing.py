"""Put into rows at which URL each state of a file stood, from which commit until which."""

from collections.abc import Callable, Iterable

from pipeline.history.urls.addresses import Address
from pipeline.store.describe import Describer
from pipeline.store.tables import AddressRow


def keep_addresses(
    describer: Describer, found: Iterable[tuple[int, Address]], commit_id: Callable[[str], int]
) -> None:
    """Keep the addresses of a whole history, by file id; what was said before is dropped.

    `commit_id` gives the row id of a commit.
    """
    shelf = describer.intake.shelf(AddressRow, "publication_id", "since_commit_id")
    kept = set()
    for file_id, address in found:
        publication_id = describer.publication(
            file_id, address.url, address.destination, written=address.written
        )
        since = commit_id(address.since)
        shelf.put(
            publication_id=publication_id,
            since_commit_id=since,
            until_commit_id=commit_id(address.until) if address.until else None,
        )
        kept.add((publication_id, since))
    shelf.keep_only(kept)
