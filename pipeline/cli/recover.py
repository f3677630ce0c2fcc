"""`recover`: finish or put away what a crash left."""

from datetime import UTC, datetime

from pipeline.cli.options import Archive, AsJson, Database, Site


def recover(
    archive: Archive = None, db: Database = None, site: Site = None, json: AsJson = False
) -> None:
    """Finish or put away what a run left that did not end: a crash, a full disk, a lost power.

    Files that no committed run names go to quarantine/, nothing is deleted; a transaction that was
    left open in the database is undone. One event in the log tells of it. Every run does the same
    when it starts. Then `verify` says whether all is well.
    """
    from pipeline.cli.output import as_json, say
    from pipeline.jobs.place import find_place
    from pipeline.jobs.recovery import recover_archive

    done = recover_archive(find_place(archive, db, site), datetime.now(UTC))
    if json:
        as_json(done)
        return
    for path in done.quarantined:
        say(f"left by a run that did not end, now set aside: {path}")
    if done.rolled_back:
        say("the database: a transaction that was left open is undone")
    if done.finished:
        say("the last run had ended; what was missing was its note that it had")
    if not done.anything:
        say(f"{done.archive}: nothing to recover")
    elif not done.told:
        say("no run of this archive ever counted: the first one will tell of it in the log")
