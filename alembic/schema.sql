CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE sites (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	title TEXT, 
	origin TEXT, 
	url TEXT, 
	timezone TEXT, 
	CONSTRAINT pk_sites PRIMARY KEY (id), 
	CONSTRAINT uq_sites_key UNIQUE ("key")
);

CREATE TABLE blobs (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	oid VARCHAR(64) NOT NULL, 
	state TEXT NOT NULL, 
	sha256 BLOB, 
	size BIGINT, 
	CONSTRAINT pk_blobs PRIMARY KEY (id), 
	CONSTRAINT ck_blobs_state CHECK (state IN ('present', 'absent', 'failed')), 
	CONSTRAINT fk_blobs_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_blobs_site_id_oid UNIQUE (site_id, oid)
);

CREATE INDEX ix_blobs_sha256 ON blobs (sha256);

CREATE TABLE commits (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	oid VARCHAR(64) NOT NULL, 
	tree_oid VARCHAR(64) NOT NULL, 
	author_name TEXT NOT NULL, 
	author_email TEXT NOT NULL, 
	authored_at VARCHAR(27), 
	author_offset INTEGER NOT NULL, 
	author_raw TEXT NOT NULL, 
	committer_name TEXT NOT NULL, 
	committer_email TEXT NOT NULL, 
	committed_at VARCHAR(27), 
	committer_offset INTEGER NOT NULL, 
	committer_raw TEXT NOT NULL, 
	message TEXT NOT NULL, 
	sha256 BLOB NOT NULL, 
	size BIGINT NOT NULL, 
	branch_position INTEGER, 
	CONSTRAINT pk_commits PRIMARY KEY (id), 
	CONSTRAINT fk_commits_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_commits_site_id_oid UNIQUE (site_id, oid)
);

CREATE INDEX ix_commits_branch_position ON commits (branch_position);

CREATE TABLE documents (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	uid TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	collection TEXT, 
	path TEXT NOT NULL, 
	CONSTRAINT pk_documents PRIMARY KEY (id), 
	CONSTRAINT ck_documents_kind CHECK (kind IN ('document', 'page', 'static')), 
	CONSTRAINT fk_documents_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_documents_site_id_uid UNIQUE (site_id, uid)
);

CREATE INDEX ix_documents_path ON documents (path);

CREATE TABLE events (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	sequence INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	payload TEXT NOT NULL, 
	previous BLOB, 
	digest BLOB NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (id), 
	CONSTRAINT fk_events_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_events_site_id_sequence UNIQUE (site_id, sequence)
);

CREATE TABLE manifests (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	sequence INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	sha256 BLOB NOT NULL, 
	previous BLOB, 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_manifests PRIMARY KEY (id), 
	CONSTRAINT fk_manifests_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_manifests_site_id_sequence UNIQUE (site_id, sequence)
);

CREATE TABLE tags (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_tags PRIMARY KEY (id), 
	CONSTRAINT fk_tags_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_tags_site_id_kind_key UNIQUE (site_id, kind, "key")
);

CREATE TABLE urls (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	CONSTRAINT pk_urls PRIMARY KEY (id), 
	CONSTRAINT fk_urls_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_urls_site_id_url UNIQUE (site_id, url)
);

CREATE TABLE warc_files (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	sha256 BLOB NOT NULL, 
	records INTEGER NOT NULL, 
	order_sha256 BLOB NOT NULL, 
	stream_sha256 BLOB NOT NULL, 
	sealed_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_warc_files PRIMARY KEY (id), 
	CONSTRAINT fk_warc_files_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_warc_files_site_id_path UNIQUE (site_id, path)
);

CREATE TABLE commit_parents (
	commit_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	parent_oid VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_commit_parents PRIMARY KEY (commit_id, position), 
	CONSTRAINT fk_commit_parents_commit_id_commits FOREIGN KEY(commit_id) REFERENCES commits (id)
);

CREATE TABLE files (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	path_raw BLOB, 
	mode INTEGER NOT NULL, 
	blob_id INTEGER NOT NULL, 
	CONSTRAINT pk_files PRIMARY KEY (id), 
	CONSTRAINT fk_files_blob_id_blobs FOREIGN KEY(blob_id) REFERENCES blobs (id), 
	CONSTRAINT fk_files_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_files_site_id_path_mode_blob_id UNIQUE (site_id, path, mode, blob_id)
);

CREATE INDEX ix_files_blob_id ON files (blob_id);

CREATE TABLE people (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	document_id INTEGER, 
	CONSTRAINT pk_people PRIMARY KEY (id), 
	CONSTRAINT fk_people_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id), 
	CONSTRAINT fk_people_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_people_site_id_key UNIQUE (site_id, "key")
);

CREATE INDEX ix_people_document_id ON people (document_id);

CREATE TABLE snapshots (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	revision TEXT NOT NULL, 
	commit_id INTEGER, 
	tree_oid VARCHAR(64) NOT NULL, 
	context BLOB NOT NULL, 
	CONSTRAINT pk_snapshots PRIMARY KEY (id), 
	CONSTRAINT fk_snapshots_commit_id_commits FOREIGN KEY(commit_id) REFERENCES commits (id), 
	CONSTRAINT fk_snapshots_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_snapshots_site_id_tree_oid_revision_context UNIQUE (site_id, tree_oid, revision, context)
);

CREATE INDEX ix_snapshots_commit_id ON snapshots (commit_id);

CREATE TABLE assets (
	id INTEGER NOT NULL, 
	file_id INTEGER NOT NULL, 
	media_type TEXT NOT NULL, 
	CONSTRAINT pk_assets PRIMARY KEY (id), 
	CONSTRAINT fk_assets_file_id_files FOREIGN KEY(file_id) REFERENCES files (id), 
	CONSTRAINT uq_assets_file_id UNIQUE (file_id)
);

CREATE TABLE captures (
	id INTEGER NOT NULL, 
	warc_file_id INTEGER NOT NULL, 
	"offset" BIGINT NOT NULL, 
	length BIGINT NOT NULL, 
	record_id TEXT NOT NULL, 
	type TEXT NOT NULL, 
	target_uri TEXT, 
	captured_at VARCHAR(27) NOT NULL, 
	content_type TEXT, 
	block_sha256 BLOB NOT NULL, 
	block_size BIGINT NOT NULL, 
	file_id INTEGER, 
	commit_id INTEGER, 
	url_id INTEGER, 
	refers_to_id INTEGER, 
	CONSTRAINT pk_captures PRIMARY KEY (id), 
	CONSTRAINT fk_captures_commit_id_commits FOREIGN KEY(commit_id) REFERENCES commits (id), 
	CONSTRAINT fk_captures_refers_to_id_captures FOREIGN KEY(refers_to_id) REFERENCES captures (id), 
	CONSTRAINT fk_captures_file_id_files FOREIGN KEY(file_id) REFERENCES files (id), 
	CONSTRAINT fk_captures_url_id_urls FOREIGN KEY(url_id) REFERENCES urls (id), 
	CONSTRAINT fk_captures_warc_file_id_warc_files FOREIGN KEY(warc_file_id) REFERENCES warc_files (id), 
	CONSTRAINT uq_captures_record_id UNIQUE (record_id), 
	CONSTRAINT uq_captures_warc_file_id_offset UNIQUE (warc_file_id, "offset")
);

CREATE INDEX ix_captures_block_sha256 ON captures (block_sha256);

CREATE INDEX ix_captures_commit_id ON captures (commit_id);

CREATE INDEX ix_captures_file_id ON captures (file_id);

CREATE INDEX ix_captures_refers_to_id ON captures (refers_to_id);

CREATE INDEX ix_captures_url_id ON captures (url_id);

CREATE TABLE findings (
	id INTEGER NOT NULL, 
	snapshot_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	file_id INTEGER, 
	code TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	message TEXT NOT NULL, 
	path TEXT, 
	line INTEGER, 
	"column" INTEGER, 
	"offset" BIGINT, 
	length BIGINT, 
	field TEXT, 
	CONSTRAINT pk_findings PRIMARY KEY (id), 
	CONSTRAINT ck_findings_severity CHECK (severity IN ('info', 'warning', 'error')), 
	CONSTRAINT fk_findings_file_id_files FOREIGN KEY(file_id) REFERENCES files (id), 
	CONSTRAINT fk_findings_snapshot_id_snapshots FOREIGN KEY(snapshot_id) REFERENCES snapshots (id), 
	CONSTRAINT uq_findings_snapshot_id_position UNIQUE (snapshot_id, position)
);

CREATE INDEX ix_findings_code ON findings (code);

CREATE INDEX ix_findings_file_id ON findings (file_id);

CREATE TABLE publications (
	id INTEGER NOT NULL, 
	file_id INTEGER NOT NULL, 
	url_id INTEGER NOT NULL, 
	destination TEXT NOT NULL, 
	written BOOLEAN NOT NULL, 
	CONSTRAINT pk_publications PRIMARY KEY (id), 
	CONSTRAINT fk_publications_file_id_files FOREIGN KEY(file_id) REFERENCES files (id), 
	CONSTRAINT fk_publications_url_id_urls FOREIGN KEY(url_id) REFERENCES urls (id), 
	CONSTRAINT uq_publications_file_id_url_id_destination_written UNIQUE (file_id, url_id, destination, written)
);

CREATE INDEX ix_publications_url_id ON publications (url_id);

CREATE TABLE redirects (
	id INTEGER NOT NULL, 
	file_id INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	from_url_id INTEGER NOT NULL, 
	target TEXT NOT NULL, 
	CONSTRAINT pk_redirects PRIMARY KEY (id), 
	CONSTRAINT fk_redirects_file_id_files FOREIGN KEY(file_id) REFERENCES files (id), 
	CONSTRAINT fk_redirects_from_url_id_urls FOREIGN KEY(from_url_id) REFERENCES urls (id), 
	CONSTRAINT uq_redirects_file_id_from_url_id_target UNIQUE (file_id, from_url_id, target)
);

CREATE INDEX ix_redirects_from_url_id ON redirects (from_url_id);

CREATE TABLE runs (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	job TEXT NOT NULL, 
	software TEXT NOT NULL, 
	options TEXT NOT NULL, 
	source_kind TEXT NOT NULL, 
	snapshot_id INTEGER NOT NULL, 
	started_at VARCHAR(27) NOT NULL, 
	outcome TEXT NOT NULL, 
	found INTEGER NOT NULL, 
	stored INTEGER NOT NULL, 
	skipped INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	absent INTEGER NOT NULL, 
	CONSTRAINT pk_runs PRIMARY KEY (id), 
	CONSTRAINT ck_runs_adds_up CHECK (found = stored + skipped + failed + absent), 
	CONSTRAINT fk_runs_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT fk_runs_snapshot_id_snapshots FOREIGN KEY(snapshot_id) REFERENCES snapshots (id)
);

CREATE INDEX ix_runs_site_id ON runs (site_id);

CREATE INDEX ix_runs_snapshot_id ON runs (snapshot_id);

CREATE TABLE spans (
	id INTEGER NOT NULL, 
	file_id INTEGER NOT NULL, 
	line INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	since_commit_id INTEGER NOT NULL, 
	until_commit_id INTEGER, 
	written_commit_id INTEGER NOT NULL, 
	created_commit_id INTEGER, 
	CONSTRAINT pk_spans PRIMARY KEY (id), 
	CONSTRAINT fk_spans_created_commit_id_commits FOREIGN KEY(created_commit_id) REFERENCES commits (id), 
	CONSTRAINT fk_spans_file_id_files FOREIGN KEY(file_id) REFERENCES files (id), 
	CONSTRAINT fk_spans_since_commit_id_commits FOREIGN KEY(since_commit_id) REFERENCES commits (id), 
	CONSTRAINT fk_spans_until_commit_id_commits FOREIGN KEY(until_commit_id) REFERENCES commits (id), 
	CONSTRAINT fk_spans_written_commit_id_commits FOREIGN KEY(written_commit_id) REFERENCES commits (id), 
	CONSTRAINT uq_spans_file_id_since_commit_id UNIQUE (file_id, since_commit_id)
);

CREATE INDEX ix_spans_created_commit_id ON spans (created_commit_id);

CREATE INDEX ix_spans_since_commit_id ON spans (since_commit_id);

CREATE INDEX ix_spans_until_commit_id ON spans (until_commit_id);

CREATE INDEX ix_spans_written_commit_id ON spans (written_commit_id);

CREATE TABLE versions (
	id INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	file_id INTEGER NOT NULL, 
	title TEXT, 
	slug TEXT, 
	date VARCHAR(27), 
	date_offset INTEGER, 
	date_raw TEXT, 
	date_source TEXT NOT NULL, 
	draft BOOLEAN NOT NULL, 
	layout TEXT, 
	excerpt TEXT, 
	own TEXT NOT NULL, 
	from_defaults TEXT NOT NULL, 
	yaml_engine TEXT NOT NULL, 
	context BLOB NOT NULL, 
	yaml_start BIGINT NOT NULL, 
	yaml_end BIGINT NOT NULL, 
	body_start BIGINT NOT NULL, 
	CONSTRAINT pk_versions PRIMARY KEY (id), 
	CONSTRAINT ck_versions_date_source CHECK (date_source IN ('front matter', 'file name', 'first commit', 'none')), 
	CONSTRAINT fk_versions_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id), 
	CONSTRAINT fk_versions_file_id_files FOREIGN KEY(file_id) REFERENCES files (id), 
	CONSTRAINT uq_versions_file_id UNIQUE (file_id)
);

CREATE INDEX ix_versions_document_id ON versions (document_id);

CREATE INDEX ix_versions_slug ON versions (slug);

CREATE TABLE dates (
	id INTEGER NOT NULL, 
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	raw TEXT NOT NULL, 
	day VARCHAR(10), 
	at VARCHAR(27), 
	line INTEGER, 
	CONSTRAINT pk_dates PRIMARY KEY (id), 
	CONSTRAINT fk_dates_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id), 
	CONSTRAINT uq_dates_version_id_position UNIQUE (version_id, position)
);

CREATE TABLE links (
	id INTEGER NOT NULL, 
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	part TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	target TEXT NOT NULL, 
	text TEXT NOT NULL, 
	line INTEGER, 
	url_id INTEGER, 
	CONSTRAINT pk_links PRIMARY KEY (id), 
	CONSTRAINT fk_links_url_id_urls FOREIGN KEY(url_id) REFERENCES urls (id), 
	CONSTRAINT fk_links_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id), 
	CONSTRAINT uq_links_version_id_position UNIQUE (version_id, position)
);

CREATE INDEX ix_links_url_id ON links (url_id);

CREATE TABLE mentions (
	id INTEGER NOT NULL, 
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	field TEXT NOT NULL, 
	raw TEXT NOT NULL, 
	line INTEGER, 
	CONSTRAINT pk_mentions PRIMARY KEY (id), 
	CONSTRAINT fk_mentions_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_mentions_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id), 
	CONSTRAINT uq_mentions_version_id_position UNIQUE (version_id, position)
);

CREATE INDEX ix_mentions_person_id ON mentions (person_id);

CREATE TABLE pages (
	id INTEGER NOT NULL, 
	url_id INTEGER NOT NULL, 
	version_id INTEGER, 
	path TEXT NOT NULL, 
	title TEXT, 
	sha256 BLOB NOT NULL, 
	CONSTRAINT pk_pages PRIMARY KEY (id), 
	CONSTRAINT fk_pages_url_id_urls FOREIGN KEY(url_id) REFERENCES urls (id), 
	CONSTRAINT fk_pages_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id), 
	CONSTRAINT uq_pages_url_id_sha256 UNIQUE (url_id, sha256)
);

CREATE INDEX ix_pages_version_id ON pages (version_id);

CREATE TABLE parts (
	id INTEGER NOT NULL, 
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	format TEXT NOT NULL, 
	text TEXT NOT NULL, 
	plain TEXT NOT NULL, 
	"offset" BIGINT, 
	length BIGINT, 
	line INTEGER, 
	CONSTRAINT pk_parts PRIMARY KEY (id), 
	CONSTRAINT fk_parts_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id), 
	CONSTRAINT uq_parts_version_id_position UNIQUE (version_id, position)
);

CREATE TABLE run_counts (
	run_id INTEGER NOT NULL, 
	collection TEXT NOT NULL, 
	found INTEGER NOT NULL, 
	stored INTEGER NOT NULL, 
	skipped INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	absent INTEGER NOT NULL, 
	CONSTRAINT pk_run_counts PRIMARY KEY (run_id, collection), 
	CONSTRAINT ck_run_counts_adds_up CHECK (found = stored + skipped + failed + absent), 
	CONSTRAINT fk_run_counts_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id)
);

CREATE TABLE snapshot_files (
	snapshot_id INTEGER NOT NULL, 
	file_id INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	collection TEXT NOT NULL, 
	publication_id INTEGER, 
	left_out TEXT NOT NULL, 
	CONSTRAINT pk_snapshot_files PRIMARY KEY (snapshot_id, file_id), 
	CONSTRAINT fk_snapshot_files_file_id_files FOREIGN KEY(file_id) REFERENCES files (id), 
	CONSTRAINT fk_snapshot_files_publication_id_publications FOREIGN KEY(publication_id) REFERENCES publications (id), 
	CONSTRAINT fk_snapshot_files_snapshot_id_snapshots FOREIGN KEY(snapshot_id) REFERENCES snapshots (id)
);

CREATE INDEX ix_snapshot_files_file_id ON snapshot_files (file_id);

CREATE INDEX ix_snapshot_files_publication_id ON snapshot_files (publication_id);

CREATE TABLE taggings (
	id INTEGER NOT NULL, 
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	tag_id INTEGER NOT NULL, 
	field TEXT, 
	raw TEXT NOT NULL, 
	line INTEGER, 
	CONSTRAINT pk_taggings PRIMARY KEY (id), 
	CONSTRAINT fk_taggings_tag_id_tags FOREIGN KEY(tag_id) REFERENCES tags (id), 
	CONSTRAINT fk_taggings_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id), 
	CONSTRAINT uq_taggings_version_id_position UNIQUE (version_id, position)
);

CREATE INDEX ix_taggings_tag_id ON taggings (tag_id);

CREATE TABLE absences (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	path_raw BLOB, 
	line INTEGER NOT NULL, 
	since_commit_id INTEGER NOT NULL, 
	lost BOOLEAN NOT NULL, 
	CONSTRAINT pk_absences PRIMARY KEY (id), 
	CONSTRAINT fk_absences_since_commit_id_commits FOREIGN KEY(since_commit_id) REFERENCES commits (id), 
	CONSTRAINT fk_absences_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_absences_site_id_path_line_since_commit_id UNIQUE (site_id, path, line, since_commit_id)
);

CREATE INDEX ix_absences_since_commit_id ON absences (since_commit_id);

CREATE TABLE series (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	published_commit_id INTEGER, 
	settled BOOLEAN NOT NULL, 
	CONSTRAINT pk_series PRIMARY KEY (id), 
	CONSTRAINT fk_series_published_commit_id_commits FOREIGN KEY(published_commit_id) REFERENCES commits (id), 
	CONSTRAINT fk_series_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id), 
	CONSTRAINT uq_series_site_id_name UNIQUE (site_id, name)
);

CREATE INDEX ix_series_published_commit_id ON series (published_commit_id);

CREATE TABLE stays (
	id INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	path_raw BLOB, 
	collection TEXT, 
	since_commit_id INTEGER NOT NULL, 
	until_commit_id INTEGER, 
	CONSTRAINT pk_stays PRIMARY KEY (id), 
	CONSTRAINT fk_stays_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id), 
	CONSTRAINT fk_stays_since_commit_id_commits FOREIGN KEY(since_commit_id) REFERENCES commits (id), 
	CONSTRAINT fk_stays_until_commit_id_commits FOREIGN KEY(until_commit_id) REFERENCES commits (id), 
	CONSTRAINT uq_stays_document_id_position UNIQUE (document_id, position)
);

CREATE INDEX ix_stays_path ON stays (path);

CREATE INDEX ix_stays_since_commit_id ON stays (since_commit_id);

CREATE INDEX ix_stays_until_commit_id ON stays (until_commit_id);

CREATE TABLE joins (
	id INTEGER NOT NULL, 
	old_stay_id INTEGER NOT NULL, 
	new_stay_id INTEGER NOT NULL, 
	commit_id INTEGER NOT NULL, 
	manner TEXT NOT NULL, 
	confidence FLOAT NOT NULL, 
	joined BOOLEAN NOT NULL, 
	decided BOOLEAN NOT NULL, 
	sentence TEXT NOT NULL, 
	CONSTRAINT pk_joins PRIMARY KEY (id), 
	CONSTRAINT ck_joins_manner CHECK (manner IN ('moved in one commit', 'rewritten in place', 'came back after a gap', 'deleted, later added elsewhere', 'copied, then the original was deleted', 'stood on another branch at the same time')), 
	CONSTRAINT ck_joins_confidence CHECK (confidence BETWEEN 0 AND 1), 
	CONSTRAINT fk_joins_commit_id_commits FOREIGN KEY(commit_id) REFERENCES commits (id), 
	CONSTRAINT fk_joins_new_stay_id_stays FOREIGN KEY(new_stay_id) REFERENCES stays (id), 
	CONSTRAINT fk_joins_old_stay_id_stays FOREIGN KEY(old_stay_id) REFERENCES stays (id), 
	CONSTRAINT uq_joins_old_stay_id_new_stay_id UNIQUE (old_stay_id, new_stay_id)
);

CREATE INDEX ix_joins_commit_id ON joins (commit_id);

CREATE INDEX ix_joins_new_stay_id ON joins (new_stay_id);

CREATE TABLE relations (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	one_stay_id INTEGER NOT NULL, 
	other_stay_id INTEGER NOT NULL, 
	commit_id INTEGER NOT NULL, 
	similarity FLOAT NOT NULL, 
	sentence TEXT NOT NULL, 
	CONSTRAINT pk_relations PRIMARY KEY (id), 
	CONSTRAINT ck_relations_kind CHECK (kind IN ('copy', 'split', 'merge', 'name', 'path')), 
	CONSTRAINT fk_relations_commit_id_commits FOREIGN KEY(commit_id) REFERENCES commits (id), 
	CONSTRAINT fk_relations_one_stay_id_stays FOREIGN KEY(one_stay_id) REFERENCES stays (id), 
	CONSTRAINT fk_relations_other_stay_id_stays FOREIGN KEY(other_stay_id) REFERENCES stays (id), 
	CONSTRAINT uq_relations_kind_one_stay_id_other_stay_id_commit_id UNIQUE (kind, one_stay_id, other_stay_id, commit_id)
);

CREATE INDEX ix_relations_commit_id ON relations (commit_id);

CREATE INDEX ix_relations_one_stay_id ON relations (one_stay_id);

CREATE INDEX ix_relations_other_stay_id ON relations (other_stay_id);

CREATE TABLE series_members (
	series_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	CONSTRAINT pk_series_members PRIMARY KEY (series_id, position), 
	CONSTRAINT fk_series_members_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id), 
	CONSTRAINT fk_series_members_series_id_series FOREIGN KEY(series_id) REFERENCES series (id)
);

CREATE INDEX ix_series_members_document_id ON series_members (document_id);

CREATE TABLE addresses (
	id INTEGER NOT NULL, 
	publication_id INTEGER NOT NULL, 
	since_commit_id INTEGER NOT NULL, 
	until_commit_id INTEGER, 
	CONSTRAINT pk_addresses PRIMARY KEY (id), 
	CONSTRAINT fk_addresses_publication_id_publications FOREIGN KEY(publication_id) REFERENCES publications (id), 
	CONSTRAINT fk_addresses_since_commit_id_commits FOREIGN KEY(since_commit_id) REFERENCES commits (id), 
	CONSTRAINT fk_addresses_until_commit_id_commits FOREIGN KEY(until_commit_id) REFERENCES commits (id), 
	CONSTRAINT uq_addresses_publication_id_since_commit_id UNIQUE (publication_id, since_commit_id)
);

CREATE INDEX ix_addresses_since_commit_id ON addresses (since_commit_id);

CREATE INDEX ix_addresses_until_commit_id ON addresses (until_commit_id);

CREATE TABLE reasons (
	id INTEGER NOT NULL, 
	join_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	weight FLOAT NOT NULL, 
	words TEXT NOT NULL, 
	CONSTRAINT pk_reasons PRIMARY KEY (id), 
	CONSTRAINT ck_reasons_kind CHECK (kind IN ('same bytes', 'git similarity', 'text', 'title', 'name', 'date', 'people', 'image', 'url', 'redirect', 'link', 'path', 'collection', 'company', 'time', 'decision')), 
	CONSTRAINT fk_reasons_join_id_joins FOREIGN KEY(join_id) REFERENCES joins (id), 
	CONSTRAINT uq_reasons_join_id_position UNIQUE (join_id, position)
);

CREATE VIRTUAL TABLE search USING fts5(title, people, tags, body, tokenize='ascii');

CREATE TRIGGER events_keep_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER events_keep_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER events_keep_insert BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id OR (site_id = NEW.site_id AND sequence = NEW.sequence)) BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

INSERT INTO alembic_version VALUES ('0001');

