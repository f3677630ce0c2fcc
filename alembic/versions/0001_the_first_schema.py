"""The first schema."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.String(27).with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
# Text sorts by code points, as in SQLite, whatever the locale of the PostgreSQL database is.
DAY = sa.String(10).with_variant(postgresql.DATE(), "postgresql")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")

TABLES = (
    "sites",
    "blobs",
    "commits",
    "documents",
    "events",
    "manifests",
    "tags",
    "urls",
    "warc_files",
    "commit_parents",
    "files",
    "people",
    "snapshots",
    "assets",
    "captures",
    "findings",
    "publications",
    "redirects",
    "runs",
    "spans",
    "versions",
    "dates",
    "links",
    "mentions",
    "pages",
    "parts",
    "run_counts",
    "snapshot_files",
    "taggings",
    "absences",
    "series",
    "stays",
    "joins",
    "relations",
    "series_members",
    "addresses",
    "reasons",
)

SEARCH = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search USING fts5"
        "(title, people, tags, body, tokenize='ascii')",  # search.py folds; this only splits
    ),
    "postgresql": (
        "CREATE TABLE search (version_id INTEGER PRIMARY KEY, title TEXT NOT NULL,"
        " people TEXT NOT NULL, tags TEXT NOT NULL, body TEXT NOT NULL, words TSVECTOR NOT NULL)",
        "CREATE INDEX ix_search_words ON search USING gin (words)",
    ),
}

# The event log only grows: the database itself refuses to change or delete an event.
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER events_keep_update BEFORE UPDATE ON events"
        " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
        "CREATE TRIGGER events_keep_delete BEFORE DELETE ON events"
        " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
        # INSERT OR REPLACE deletes without asking the trigger above.
        "CREATE TRIGGER events_keep_insert BEFORE INSERT ON events"
        " WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id"
        " OR (site_id = NEW.site_id AND sequence = NEW.sequence))"
        " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION events_keep() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$",
        "CREATE TRIGGER events_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON events"
        " FOR EACH STATEMENT EXECUTE FUNCTION events_keep()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "sites",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", TEXT, nullable=False, comment="short name, also of the archive folder"),
        sa.Column("title", TEXT, nullable=True, comment="`title` of the configuration"),
        sa.Column(
            "origin", TEXT, nullable=True, comment="URL of the repository, without credentials"
        ),
        sa.Column("url", TEXT, nullable=True, comment="public address: `url` + `baseurl`"),
        sa.Column("timezone", TEXT, nullable=True, comment="`timezone` of the configuration"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("key", name=op.f("uq_sites_key")),
    )
    op.create_table(
        "blobs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("oid", sa.String(length=64), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('present', 'absent', 'failed')", name=op.f("ck_blobs_state")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_blobs_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blobs")),
        sa.UniqueConstraint("site_id", "oid", name=op.f("uq_blobs_site_id_oid")),
    )
    op.create_index(op.f("ix_blobs_sha256"), "blobs", ["sha256"])

    op.create_table(
        "commits",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("oid", sa.String(length=64), nullable=False),
        sa.Column("tree_oid", sa.String(length=64), nullable=False),
        sa.Column("author_name", TEXT, nullable=False),
        sa.Column("author_email", TEXT, nullable=False),
        sa.Column("authored_at", TIME, nullable=True, comment="None: out of range"),
        sa.Column(
            "author_offset", sa.Integer(), nullable=False, comment="minutes east of UTC, as written"
        ),
        sa.Column("author_raw", TEXT, nullable=False),
        sa.Column("committer_name", TEXT, nullable=False),
        sa.Column("committer_email", TEXT, nullable=False),
        sa.Column("committed_at", TIME, nullable=True),
        sa.Column("committer_offset", sa.Integer(), nullable=False),
        sa.Column("committer_raw", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False, comment="of the raw commit object"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column(
            "branch_position",
            sa.Integer(),
            nullable=True,
            comment="on the branch that was read, from 0; None: on a side line, or not known",
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_commits_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commits")),
        sa.UniqueConstraint("site_id", "oid", name=op.f("uq_commits_site_id_oid")),
    )
    op.create_index(op.f("ix_commits_branch_position"), "commits", ["branch_position"])
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column(
            "uid",
            TEXT,
            nullable=False,
            comment="12 hex digits, from the path first seen; never changes",
        ),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("collection", TEXT, nullable=True, comment="collection of the newest version"),
        sa.Column("path", TEXT, nullable=False, comment="path of the newest version"),
        sa.CheckConstraint(
            "kind IN ('document', 'page', 'static')", name=op.f("ck_documents_kind")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_documents_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("site_id", "uid", name=op.f("uq_documents_site_id_uid")),
    )
    op.create_index(op.f("ix_documents_path"), "documents", ["path"])

    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column(
            "sequence", sa.Integer(), nullable=False, comment="from 1, without gaps, by site"
        ),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column(
            "payload",
            TEXT,
            nullable=False,
            comment="canonical JSON; these bytes are what is hashed",
        ),
        sa.Column("previous", sa.LargeBinary(32), nullable=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_events_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("site_id", "sequence", name=op.f("uq_events_site_id_sequence")),
    )
    op.create_table(
        "manifests",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("previous", sa.LargeBinary(32), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_manifests_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manifests")),
        sa.UniqueConstraint("site_id", "sequence", name=op.f("uq_manifests_site_id_sequence")),
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", TEXT, nullable=False, comment="`tag` or `category`"),
        sa.Column("key", TEXT, nullable=False, comment="name folded for matching"),
        sa.Column("name", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_tags_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("site_id", "kind", "key", name=op.f("uq_tags_site_id_kind_key")),
    )
    op.create_table(
        "urls",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_urls_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urls")),
        sa.UniqueConstraint("site_id", "url", name=op.f("uq_urls_site_id_url")),
    )
    op.create_table(
        "warc_files",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("path", TEXT, nullable=False, comment="relative to the archive folder"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column(
            "order_sha256", sa.LargeBinary(32), nullable=False, comment="of the record ids in order"
        ),
        sa.Column(
            "stream_sha256",
            sa.LargeBinary(32),
            nullable=False,
            comment="of the uncompressed records",
        ),
        sa.Column("sealed_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_warc_files_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warc_files")),
        sa.UniqueConstraint("site_id", "path", name=op.f("uq_warc_files_site_id_path")),
    )
    op.create_table(
        "commit_parents",
        sa.Column("commit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("parent_oid", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["commit_id"], ["commits.id"], name=op.f("fk_commit_parents_commit_id_commits")
        ),
        sa.PrimaryKeyConstraint("commit_id", "position", name=op.f("pk_commit_parents")),
    )
    op.create_table(
        "files",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column(
            "path",
            TEXT,
            nullable=False,
            comment="as git shows it; quoted where it is not plain UTF-8",
        ),
        sa.Column(
            "path_raw", sa.LargeBinary(), nullable=True, comment="only where `path` is quoted"
        ),
        sa.Column(
            "mode", sa.Integer(), nullable=False, comment="as git stores it, e.g. 33188 = 0o100644"
        ),
        sa.Column("blob_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blobs.id"], name=op.f("fk_files_blob_id_blobs")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_files_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint(
            "site_id", "path", "mode", "blob_id", name=op.f("uq_files_site_id_path_mode_blob_id")
        ),
    )
    op.create_index(op.f("ix_files_blob_id"), "files", ["blob_id"])

    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("key", TEXT, nullable=False, comment="name folded for matching"),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_people_document_id_documents")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_people_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("site_id", "key", name=op.f("uq_people_site_id_key")),
    )
    op.create_index(op.f("ix_people_document_id"), "people", ["document_id"])

    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column(
            "revision", TEXT, nullable=False, comment="commit id, or empty for a plain folder"
        ),
        sa.Column("commit_id", sa.Integer(), nullable=True),
        sa.Column(
            "tree_oid",
            sa.String(length=64),
            nullable=False,
            comment="git tree id, recomputed from the files by verify",
        ),
        sa.Column(
            "context",
            sa.LargeBinary(32),
            nullable=False,
            comment="of all that decides derived values: rules, settings, YAML engine, clock",
        ),
        sa.ForeignKeyConstraint(
            ["commit_id"], ["commits.id"], name=op.f("fk_snapshots_commit_id_commits")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_snapshots_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint(
            "site_id",
            "tree_oid",
            "revision",
            "context",
            name=op.f("uq_snapshots_site_id_tree_oid_revision_context"),
        ),
    )
    op.create_index(op.f("ix_snapshots_commit_id"), "snapshots", ["commit_id"])

    op.create_table(
        "assets",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("media_type", TEXT, nullable=False, comment="as a web server would send it"),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_assets_file_id_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
        sa.UniqueConstraint("file_id", name=op.f("uq_assets_file_id")),
    )
    op.create_table(
        "captures",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("warc_file_id", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False, comment="of the record's gzip member"),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("record_id", TEXT, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("target_uri", TEXT, nullable=True),
        sa.Column("captured_at", TIME, nullable=False),
        sa.Column("content_type", TEXT, nullable=True),
        sa.Column("block_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("block_size", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("commit_id", sa.Integer(), nullable=True),
        sa.Column("url_id", sa.Integer(), nullable=True),
        sa.Column(
            "refers_to_id",
            sa.Integer(),
            nullable=True,
            comment="of a revisit: the record that holds the same bytes",
        ),
        sa.ForeignKeyConstraint(
            ["commit_id"], ["commits.id"], name=op.f("fk_captures_commit_id_commits")
        ),
        sa.ForeignKeyConstraint(
            ["refers_to_id"], ["captures.id"], name=op.f("fk_captures_refers_to_id_captures")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_captures_file_id_files")),
        sa.ForeignKeyConstraint(["url_id"], ["urls.id"], name=op.f("fk_captures_url_id_urls")),
        sa.ForeignKeyConstraint(
            ["warc_file_id"], ["warc_files.id"], name=op.f("fk_captures_warc_file_id_warc_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captures")),
        sa.UniqueConstraint("record_id", name=op.f("uq_captures_record_id")),
        sa.UniqueConstraint("warc_file_id", "offset", name=op.f("uq_captures_warc_file_id_offset")),
    )
    op.create_index(op.f("ix_captures_block_sha256"), "captures", ["block_sha256"])
    op.create_index(op.f("ix_captures_commit_id"), "captures", ["commit_id"])
    op.create_index(op.f("ix_captures_file_id"), "captures", ["file_id"])
    op.create_index(op.f("ix_captures_refers_to_id"), "captures", ["refers_to_id"])
    op.create_index(op.f("ix_captures_url_id"), "captures", ["url_id"])

    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("severity", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("path", TEXT, nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("column", sa.Integer(), nullable=True),
        sa.Column("offset", sa.BigInteger(), nullable=True),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("field", TEXT, nullable=True),
        sa.CheckConstraint(
            "severity IN ('info', 'warning', 'error')", name=op.f("ck_findings_severity")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_findings_file_id_files")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_findings_snapshot_id_snapshots")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint(
            "snapshot_id", "position", name=op.f("uq_findings_snapshot_id_position")
        ),
    )
    op.create_index(op.f("ix_findings_code"), "findings", ["code"])
    op.create_index(op.f("ix_findings_file_id"), "findings", ["file_id"])

    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("url_id", sa.Integer(), nullable=False),
        sa.Column(
            "destination",
            TEXT,
            nullable=False,
            comment="path in the rendered site; empty: none",
        ),
        sa.Column(
            "written",
            sa.Boolean(),
            nullable=False,
            comment="False: Jekyll reads the file and writes nothing",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_publications_file_id_files")
        ),
        sa.ForeignKeyConstraint(["url_id"], ["urls.id"], name=op.f("fk_publications_url_id_urls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint(
            "file_id",
            "url_id",
            "destination",
            "written",
            name=op.f("uq_publications_file_id_url_id_destination_written"),
        ),
    )
    op.create_index(op.f("ix_publications_url_id"), "publications", ["url_id"])

    op.create_table(
        "redirects",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("source", TEXT, nullable=False, comment="`redirect_from` or `redirect_to`"),
        sa.Column("from_url_id", sa.Integer(), nullable=False),
        sa.Column("target", TEXT, nullable=False, comment="URL as written, or the file's own"),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_redirects_file_id_files")),
        sa.ForeignKeyConstraint(
            ["from_url_id"], ["urls.id"], name=op.f("fk_redirects_from_url_id_urls")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redirects")),
        sa.UniqueConstraint(
            "file_id", "from_url_id", "target", name=op.f("uq_redirects_file_id_from_url_id_target")
        ),
    )
    op.create_index(op.f("ix_redirects_from_url_id"), "redirects", ["from_url_id"])

    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("job", TEXT, nullable=False, comment="`run`, `import`, ..."),
        sa.Column("software", TEXT, nullable=False, comment="name and version of this software"),
        sa.Column("options", JSON, nullable=False, comment="what was asked for, as JSON"),
        sa.Column("source_kind", TEXT, nullable=False, comment="folder, repository, bundle or url"),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("outcome", TEXT, nullable=False, comment="`stored` or `unchanged`"),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column(
            "skipped",
            sa.Integer(),
            nullable=False,
            comment="already in the archive, or no file at all",
        ),
        sa.Column("failed", sa.Integer(), nullable=False, comment="could not be read"),
        sa.Column(
            "absent",
            sa.Integer(),
            nullable=False,
            comment="named by the tree, missing from the repository",
        ),
        sa.CheckConstraint(
            "found = stored + skipped + failed + absent", name=op.f("ck_runs_adds_up")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_runs_site_id_sites")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_runs_snapshot_id_snapshots")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_site_id"), "runs", ["site_id"])
    op.create_index(op.f("ix_runs_snapshot_id"), "runs", ["snapshot_id"])

    op.create_table(
        "spans",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column(
            "line",
            sa.Integer(),
            nullable=False,
            comment="0: the branch; else a side line, until its merge",
        ),
        sa.Column(
            "kind", TEXT, nullable=False, comment="how it began: added, modified, first seen, ..."
        ),
        sa.Column("since_commit_id", sa.Integer(), nullable=False),
        sa.Column("until_commit_id", sa.Integer(), nullable=True),
        sa.Column(
            "written_commit_id",
            sa.Integer(),
            nullable=False,
            comment="who made the state, where `since` is the merge that brought it",
        ),
        sa.Column(
            "created_commit_id",
            sa.Integer(),
            nullable=True,
            comment="the first commit that had any file at this path",
        ),
        sa.ForeignKeyConstraint(
            ["created_commit_id"], ["commits.id"], name=op.f("fk_spans_created_commit_id_commits")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_spans_file_id_files")),
        sa.ForeignKeyConstraint(
            ["since_commit_id"], ["commits.id"], name=op.f("fk_spans_since_commit_id_commits")
        ),
        sa.ForeignKeyConstraint(
            ["until_commit_id"], ["commits.id"], name=op.f("fk_spans_until_commit_id_commits")
        ),
        sa.ForeignKeyConstraint(
            ["written_commit_id"], ["commits.id"], name=op.f("fk_spans_written_commit_id_commits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spans")),
        sa.UniqueConstraint(
            "file_id", "since_commit_id", name=op.f("uq_spans_file_id_since_commit_id")
        ),
    )
    op.create_index(op.f("ix_spans_created_commit_id"), "spans", ["created_commit_id"])
    op.create_index(op.f("ix_spans_since_commit_id"), "spans", ["since_commit_id"])
    op.create_index(op.f("ix_spans_until_commit_id"), "spans", ["until_commit_id"])
    op.create_index(op.f("ix_spans_written_commit_id"), "spans", ["written_commit_id"])

    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("title", TEXT, nullable=True),
        sa.Column("slug", TEXT, nullable=True),
        sa.Column("date", TIME, nullable=True, comment="None: the author gave none"),
        sa.Column(
            "date_offset", sa.Integer(), nullable=True, comment="minutes east of UTC on the site"
        ),
        sa.Column("date_raw", TEXT, nullable=True, comment="as the author wrote it"),
        sa.Column(
            "date_source",
            TEXT,
            nullable=False,
            comment="front matter, file name, first commit, none",
        ),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("layout", TEXT, nullable=True),
        sa.Column("excerpt", TEXT, nullable=True),
        sa.Column("own", JSON, nullable=False, comment="front matter of the file"),
        sa.Column(
            "from_defaults",
            JSON,
            nullable=False,
            comment="keys that the site's defaults add or change; the rest is `own`",
        ),
        sa.Column("yaml_engine", TEXT, nullable=False),
        sa.Column(
            "context",
            sa.LargeBinary(32),
            nullable=False,
            comment="of the rules that it was derived by",
        ),
        sa.Column(
            "yaml_start",
            sa.BigInteger(),
            nullable=False,
            comment="byte offsets in the file: header and body",
        ),
        sa.Column("yaml_end", sa.BigInteger(), nullable=False),
        sa.Column("body_start", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "date_source IN ('front matter', 'file name', 'first commit', 'none')",
            name=op.f("ck_versions_date_source"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_versions_document_id_documents")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_versions_file_id_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("file_id", name=op.f("uq_versions_file_id")),
    )
    op.create_index(op.f("ix_versions_document_id"), "versions", ["document_id"])
    op.create_index(op.f("ix_versions_slug"), "versions", ["slug"])

    op.create_table(
        "dates",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "name", TEXT, nullable=False, comment="the field: `event_date`, `report_date`, ..."
        ),
        sa.Column("raw", TEXT, nullable=False, comment="as the author wrote it"),
        sa.Column("day", DAY, nullable=True, comment="None: not a date that we understand"),
        sa.Column(
            "at", TIME, nullable=True, comment="only where the author wrote a time with a zone"
        ),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_dates_version_id_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dates")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_dates_version_id_position")),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part", TEXT, nullable=False, comment="the part or field that holds it"),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("target", TEXT, nullable=False, comment="as written"),
        sa.Column("text", TEXT, nullable=False, comment="its label, often empty"),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("url_id", sa.Integer(), nullable=True, comment="where it leads inside the site"),
        sa.ForeignKeyConstraint(["url_id"], ["urls.id"], name=op.f("fk_links_url_id_urls")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_links_version_id_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_links_version_id_position")),
    )
    op.create_index(op.f("ix_links_url_id"), "links", ["url_id"])

    op.create_table(
        "mentions",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", TEXT, nullable=False, comment="author, speaker, ...: as the field says"),
        sa.Column(
            "kind",
            TEXT,
            nullable=False,
            comment="named by name, or by title or slug of a document",
        ),
        sa.Column("name", TEXT, nullable=False, comment="as written here"),
        sa.Column("field", TEXT, nullable=False, comment="`author`, `authors[1].name`"),
        sa.Column("raw", TEXT, nullable=False, comment="JSON of what exactly stood there"),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_mentions_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_mentions_version_id_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_mentions_version_id_position")),
    )
    op.create_index(op.f("ix_mentions_person_id"), "mentions", ["person_id"])

    op.create_table(
        "pages",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("url_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("path", TEXT, nullable=False, comment="path in the rendered folder"),
        sa.Column("title", TEXT, nullable=True, comment="text of `<title>`"),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False, comment="of the page's bytes"),
        sa.ForeignKeyConstraint(["url_id"], ["urls.id"], name=op.f("fk_pages_url_id_urls")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_pages_version_id_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint("url_id", "sha256", name=op.f("uq_pages_url_id_sha256")),
    )
    op.create_index(op.f("ix_pages_version_id"), "pages", ["version_id"])

    op.create_table(
        "parts",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "name", TEXT, nullable=False, comment="`body`, `event_content`, `faqs[2].answer`"
        ),
        sa.Column("format", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False, comment="as written"),
        sa.Column("plain", TEXT, nullable=False, comment="without markup; approximate"),
        sa.Column(
            "offset", sa.BigInteger(), nullable=True, comment="byte range in the file, where known"
        ),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_parts_version_id_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parts")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_parts_version_id_position")),
    )
    op.create_table(
        "run_counts",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("collection", TEXT, nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("absent", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "found = stored + skipped + failed + absent", name=op.f("ck_run_counts_adds_up")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_counts_run_id_runs")),
        sa.PrimaryKeyConstraint("run_id", "collection", name=op.f("pk_run_counts")),
    )
    op.create_table(
        "snapshot_files",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            TEXT,
            nullable=False,
            comment="document, page, static, data, config, layout, ...",
        ),
        sa.Column(
            "collection",
            TEXT,
            nullable=False,
            comment="collection, or the role in parentheses",
        ),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column(
            "left_out",
            TEXT,
            nullable=False,
            comment="why Jekyll leaves it out; empty if it does not",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_snapshot_files_file_id_files")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_snapshot_files_publication_id_publications"),
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_snapshot_files_snapshot_id_snapshots")
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "file_id", name=op.f("pk_snapshot_files")),
    )
    op.create_index(op.f("ix_snapshot_files_file_id"), "snapshot_files", ["file_id"])
    op.create_index(op.f("ix_snapshot_files_publication_id"), "snapshot_files", ["publication_id"])

    op.create_table(
        "taggings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("field", TEXT, nullable=True, comment="None: from the path or from defaults"),
        sa.Column("raw", TEXT, nullable=False, comment="JSON of what exactly stood there"),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_taggings_tag_id_tags")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_taggings_version_id_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taggings")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_taggings_version_id_position")),
    )
    op.create_index(op.f("ix_taggings_tag_id"), "taggings", ["tag_id"])
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("path", TEXT, nullable=False, comment="as git shows it"),
        sa.Column(
            "path_raw", sa.LargeBinary(), nullable=True, comment="only where `path` is quoted"
        ),
        sa.Column("line", sa.Integer(), nullable=False, comment="as in `spans`"),
        sa.Column("since_commit_id", sa.Integer(), nullable=False),
        sa.Column(
            "lost",
            sa.Boolean(),
            nullable=False,
            comment="all we know is that its folder cannot be read",
        ),
        sa.ForeignKeyConstraint(
            ["since_commit_id"], ["commits.id"], name=op.f("fk_absences_since_commit_id_commits")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_absences_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint(
            "site_id",
            "path",
            "line",
            "since_commit_id",
            name=op.f("uq_absences_site_id_path_line_since_commit_id"),
        ),
    )
    op.create_index(op.f("ix_absences_since_commit_id"), "absences", ["since_commit_id"])
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False, comment="why, for people"),
        sa.Column("published_commit_id", sa.Integer(), nullable=True),
        sa.Column(
            "settled",
            sa.Boolean(),
            nullable=False,
            comment="named in `jekyll-archive.toml`, not found",
        ),
        sa.ForeignKeyConstraint(
            ["published_commit_id"],
            ["commits.id"],
            name=op.f("fk_series_published_commit_id_commits"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_series_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_series_site_id_name")),
    )
    op.create_index(op.f("ix_series_published_commit_id"), "series", ["published_commit_id"])
    op.create_table(
        "stays",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column(
            "position",
            sa.Integer(),
            nullable=False,
            comment="among the document's stays, oldest first",
        ),
        sa.Column("path", TEXT, nullable=False, comment="as git shows it"),
        sa.Column(
            "path_raw", sa.LargeBinary(), nullable=True, comment="only where `path` is quoted"
        ),
        sa.Column("collection", TEXT, nullable=True),
        sa.Column("since_commit_id", sa.Integer(), nullable=False),
        sa.Column(
            "until_commit_id",
            sa.Integer(),
            nullable=True,
            comment="the commit that ended it; None: it still stands",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_stays_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["since_commit_id"], ["commits.id"], name=op.f("fk_stays_since_commit_id_commits")
        ),
        sa.ForeignKeyConstraint(
            ["until_commit_id"], ["commits.id"], name=op.f("fk_stays_until_commit_id_commits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stays")),
        sa.UniqueConstraint("document_id", "position", name=op.f("uq_stays_document_id_position")),
    )
    op.create_index(op.f("ix_stays_path"), "stays", ["path"])
    op.create_index(op.f("ix_stays_since_commit_id"), "stays", ["since_commit_id"])
    op.create_index(op.f("ix_stays_until_commit_id"), "stays", ["until_commit_id"])
    op.create_table(
        "joins",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("old_stay_id", sa.Integer(), nullable=False),
        sa.Column("new_stay_id", sa.Integer(), nullable=False),
        sa.Column(
            "commit_id", sa.Integer(), nullable=False, comment="the one that began the new stay"
        ),
        sa.Column("manner", TEXT, nullable=False),
        sa.Column(
            "confidence", sa.Float(), nullable=False, comment="0 to 1: that both are one document"
        ),
        sa.Column(
            "joined", sa.Boolean(), nullable=False, comment="False: they were left two documents"
        ),
        sa.Column("decided", sa.Boolean(), nullable=False, comment="by a person, in `lineage.txt`"),
        sa.Column("sentence", TEXT, nullable=False, comment="why, for people"),
        sa.CheckConstraint(
            "manner IN ('moved in one commit', 'rewritten in place', "
            "'came back after a gap', 'deleted, later added elsewhere', 'copied, "
            "then the original was deleted', 'stood on another branch at the same time')",
            name=op.f("ck_joins_manner"),
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_joins_confidence")),
        sa.ForeignKeyConstraint(
            ["commit_id"], ["commits.id"], name=op.f("fk_joins_commit_id_commits")
        ),
        sa.ForeignKeyConstraint(
            ["new_stay_id"], ["stays.id"], name=op.f("fk_joins_new_stay_id_stays")
        ),
        sa.ForeignKeyConstraint(
            ["old_stay_id"], ["stays.id"], name=op.f("fk_joins_old_stay_id_stays")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joins")),
        sa.UniqueConstraint(
            "old_stay_id", "new_stay_id", name=op.f("uq_joins_old_stay_id_new_stay_id")
        ),
    )
    op.create_index(op.f("ix_joins_commit_id"), "joins", ["commit_id"])
    op.create_index(op.f("ix_joins_new_stay_id"), "joins", ["new_stay_id"])
    op.create_table(
        "relations",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("one_stay_id", sa.Integer(), nullable=False),
        sa.Column("other_stay_id", sa.Integer(), nullable=False),
        sa.Column("commit_id", sa.Integer(), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False, comment="0 to 1"),
        sa.Column("sentence", TEXT, nullable=False, comment="the relation, for people"),
        sa.CheckConstraint(
            "kind IN ('copy', 'split', 'merge', 'name', 'path')", name=op.f("ck_relations_kind")
        ),
        sa.ForeignKeyConstraint(
            ["commit_id"], ["commits.id"], name=op.f("fk_relations_commit_id_commits")
        ),
        sa.ForeignKeyConstraint(
            ["one_stay_id"], ["stays.id"], name=op.f("fk_relations_one_stay_id_stays")
        ),
        sa.ForeignKeyConstraint(
            ["other_stay_id"], ["stays.id"], name=op.f("fk_relations_other_stay_id_stays")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations")),
        sa.UniqueConstraint(
            "kind",
            "one_stay_id",
            "other_stay_id",
            "commit_id",
            name=op.f("uq_relations_kind_one_stay_id_other_stay_id_commit_id"),
        ),
    )
    op.create_index(op.f("ix_relations_commit_id"), "relations", ["commit_id"])
    op.create_index(op.f("ix_relations_one_stay_id"), "relations", ["one_stay_id"])
    op.create_index(op.f("ix_relations_other_stay_id"), "relations", ["other_stay_id"])
    op.create_table(
        "series_members",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="0: the landing document"),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_series_members_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_series_members_series_id_series")
        ),
        sa.PrimaryKeyConstraint("series_id", "position", name=op.f("pk_series_members")),
    )
    op.create_index(op.f("ix_series_members_document_id"), "series_members", ["document_id"])
    op.create_table(
        "addresses",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("since_commit_id", sa.Integer(), nullable=False),
        sa.Column(
            "until_commit_id",
            sa.Integer(),
            nullable=True,
            comment="the first commit at which it held no more; None: it holds",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_addresses_publication_id_publications"),
        ),
        sa.ForeignKeyConstraint(
            ["since_commit_id"], ["commits.id"], name=op.f("fk_addresses_since_commit_id_commits")
        ),
        sa.ForeignKeyConstraint(
            ["until_commit_id"], ["commits.id"], name=op.f("fk_addresses_until_commit_id_commits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint(
            "publication_id",
            "since_commit_id",
            name=op.f("uq_addresses_publication_id_since_commit_id"),
        ),
    )
    op.create_index(op.f("ix_addresses_since_commit_id"), "addresses", ["since_commit_id"])
    op.create_index(op.f("ix_addresses_until_commit_id"), "addresses", ["until_commit_id"])
    op.create_table(
        "reasons",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("join_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("weight", sa.Float(), nullable=False, comment="natural logarithm of odds"),
        sa.Column("words", TEXT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('same bytes', 'git similarity', 'text', 'title', 'name', 'date', "
            "'people', 'image', 'url', 'redirect', 'link', 'path', 'collection', "
            "'company', 'time', 'decision')",
            name=op.f("ck_reasons_kind"),
        ),
        sa.ForeignKeyConstraint(["join_id"], ["joins.id"], name=op.f("fk_reasons_join_id_joins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reasons")),
        sa.UniqueConstraint("join_id", "position", name=op.f("uq_reasons_join_id_position")),
    )
    dialect = op.get_bind().dialect.name
    for statement in SEARCH[dialect] + APPEND_ONLY[dialect]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("search")
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION events_keep")
