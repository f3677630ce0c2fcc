"""`list`, `show`, `search`, `explain`, `findings`: ask the catalogue."""

from typing import Annotated

import typer

from pipeline.cli.options import Archive, AsJson, At, Database, Site


def list_documents(
    collection: Annotated[
        str | None, typer.Argument(help="Only this collection.", show_default=False)
    ] = None,
    paths: Annotated[
        bool, typer.Option("--paths", help="Every path that each document ever had, oldest first.")
    ] = False,
    gone: Annotated[
        bool, typer.Option("--gone", help="The documents that no file holds any more.")
    ] = False,
    at: At = None,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """List the documents of the newest snapshot, or of an earlier time, or those that are gone."""
    from pipeline.cli.output import as_json
    from pipeline.cli.telling import tell_entries
    from pipeline.cli.telling_past import tell_gone
    from pipeline.errors import UsageError
    from pipeline.jobs.ask import list_documents as job
    from pipeline.jobs.lineage import list_gone
    from pipeline.jobs.looking_back import list_then
    from pipeline.jobs.place import find_place

    if gone and at is not None:
        raise UsageError("--gone lists what no file holds today: leave out --at")
    place = find_place(archive, db, site)
    if gone:
        lost = list_gone(place, collection)
        if json:
            as_json(lost)
        else:
            tell_gone(lost, paths=paths)
        return
    found = job(place, collection) if at is None else list_then(place, at, collection)
    if json:
        as_json(found)
    else:
        tell_entries(found, paths=paths)


def show(
    document: Annotated[
        str | None,
        typer.Argument(help="Its uid, path, URL, slug or title.", show_default=False),
    ] = None,
    sha256: Annotated[
        str | None, typer.Option("--sha256", help="The digest of any stored bytes.", metavar="HEX")
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Write the exact bytes to stdout.")] = False,
    at: At = None,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Show a document with its text, people, tags, dates and evidence; or its exact bytes."""
    from pipeline.cli.output import as_bytes, as_json, plain
    from pipeline.cli.telling import tell_detail, tell_proofs
    from pipeline.errors import UsageError
    from pipeline.jobs import ask
    from pipeline.jobs.looking_back import show_then
    from pipeline.jobs.place import find_place

    if (document is None) == (sha256 is None):
        raise UsageError("name one document, or one digest with --sha256")
    if at is not None and sha256 is not None:
        raise UsageError("a digest is the same at any time: leave out --at or --sha256")
    place = find_place(archive, db, site)
    if sha256 is not None:
        name = f"sha256:{ask.digest(sha256).hex}"
        if raw:
            as_bytes(ask.bytes_of(place, name))
        else:
            tell_proofs(ask.explain(place, name), in_json=json)
        return
    found = ask.show(place, str(document)) if at is None else show_then(place, str(document), at)
    if raw:
        as_bytes(ask.bytes_of(place, f"file:{found.entry.file_id}"))
    elif json:
        as_json(plain(found))
    else:
        tell_detail(found)


def search(
    words: Annotated[list[str], typer.Argument(help='Words, "a phrase", begin*, -without.')],
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at the most.")] = 20,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Search titles, people, tags and all text, also the text that stands in front matter."""
    from pipeline.cli.output import as_json
    from pipeline.cli.telling import tell_hits
    from pipeline.jobs.ask import search as job
    from pipeline.jobs.place import find_place

    query = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)
    found = job(find_place(archive, db, site), query, limit)
    if json:
        as_json(found)
    else:
        tell_hits(found)


def explain(
    identifier: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="KIND:NUMBER as `show` prints it (part:12, mention:3, tag:7, ...), commit:ID, "
            "sha256:HEX, or any name of a document.",
        ),
    ],
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Follow a row to its commit, path, git object and WARC record, and prove the bytes again."""
    from pipeline.cli.telling import tell_proofs
    from pipeline.jobs.ask import explain as job
    from pipeline.jobs.place import find_place

    proofs = job(find_place(archive, db, site), identifier)
    tell_proofs(proofs, in_json=json)
    raise typer.Exit(0 if all(proof.holds for proof in proofs) else 1)


def findings(
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """List all findings of the newest snapshot, one a line."""
    from pipeline.cli.output import as_json, say_line
    from pipeline.jobs.ask import findings as job
    from pipeline.jobs.place import find_place

    found = job(find_place(archive, db, site))
    if json:
        as_json(found)
    else:
        for finding in found:
            say_line(str(finding))
