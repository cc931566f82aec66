"""How the journal's tables came to be: literal SQL, never changed once released. Engine thread."""

from collections.abc import Sequence

_V1 = """
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('draft', 'queued', 'running', 'paused', 'failed', 'cancelled', 'done')),
    path BLOB NOT NULL,
    name TEXT NOT NULL,
    added_at TEXT NOT NULL,
    identity TEXT,
    recording TEXT,
    crc64nvme TEXT,
    size INTEGER,
    company_name TEXT NOT NULL DEFAULT '',
    contact_email TEXT NOT NULL DEFAULT '',
    call_type TEXT NOT NULL DEFAULT '',
    duplicate_of TEXT,
    accepted INTEGER NOT NULL DEFAULT 0 CHECK (accepted IN (0, 1)),
    cancel_asked_at TEXT,
    submitted_at TEXT,
    bucket TEXT NOT NULL DEFAULT '',
    key TEXT NOT NULL DEFAULT '',
    part_size INTEGER NOT NULL DEFAULT 0 CHECK (part_size >= 0),
    checked_at TEXT,
    intent TEXT,
    upload_id TEXT,
    stored INTEGER NOT NULL DEFAULT 0 CHECK (stored >= 0),
    etag TEXT,
    checksum TEXT,
    uploaded_at TEXT,
    registered_at TEXT,
    announced_at TEXT,
    message_id TEXT,
    restarts INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    retry_at TEXT,
    trouble TEXT,
    CHECK (state IN ('draft', 'cancelled') OR (submitted_at IS NOT NULL AND key <> '' AND recording IS NOT NULL)),
    CHECK (state <> 'done' OR announced_at IS NOT NULL),
    CHECK (announced_at IS NULL OR registered_at IS NOT NULL),
    CHECK (registered_at IS NULL OR (etag IS NOT NULL AND uploaded_at IS NOT NULL)),
    CHECK (state <> 'cancelled' OR registered_at IS NULL)
) STRICT;
CREATE INDEX jobs_live ON jobs (added_at) WHERE state <> 'done';
CREATE INDEX jobs_sent ON jobs (announced_at) WHERE state = 'done';
CREATE INDEX jobs_content ON jobs (crc64nvme, size) WHERE state = 'done';
CREATE TABLE parts (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 10000),
    size INTEGER NOT NULL CHECK (size > 0),
    etag TEXT NOT NULL,
    checksum TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""

_V2 = """
ALTER TABLE jobs ADD COLUMN send_again INTEGER NOT NULL DEFAULT 0 CHECK (send_again IN (0, 1));
ALTER TABLE jobs ADD COLUMN send_asked_at TEXT;
UPDATE jobs SET send_again = accepted;
UPDATE jobs SET trouble = json_set(
    json_remove(trouble, '$.facts'), '$.params', json(coalesce(json_extract(trouble, '$.facts'), 'null'))
) WHERE trouble IS NOT NULL;
UPDATE jobs SET trouble = json_set(trouble, '$.code', 'mismatch_again')
WHERE json_extract(trouble, '$.code') = 'mismatch' AND json_extract(trouble, '$.params.again') IS NOT NULL;
"""

_V3 = """
ALTER TABLE jobs ADD COLUMN destination TEXT NOT NULL DEFAULT '';
UPDATE jobs SET duplicate_of = (
    SELECT max(sent.registered_at) FROM jobs AS sent
    WHERE sent.crc64nvme = jobs.crc64nvme AND sent.size = jobs.size AND sent.id <> jobs.id
) WHERE state = 'draft' AND duplicate_of IS NOT NULL;
"""

_V4 = """
ALTER TABLE jobs ADD COLUMN version_id TEXT;
"""

_V5 = """
ALTER TABLE jobs ADD COLUMN edit_asked_at TEXT CHECK (edit_asked_at IS NULL OR submitted_at IS NOT NULL);
ALTER TABLE jobs ADD COLUMN edited_at TEXT CHECK (edited_at IS NULL OR registered_at IS NOT NULL);
ALTER TABLE jobs ADD COLUMN registered_details TEXT;
CREATE INDEX jobs_edited ON jobs (added_at) WHERE state = 'done' AND edit_asked_at IS NOT NULL;
"""

_V6 = """
ALTER TABLE jobs ADD COLUMN watched INTEGER NOT NULL DEFAULT 0 CHECK (watched IN (0, 1));
CREATE INDEX jobs_path ON jobs (path);
CREATE INDEX jobs_watched ON jobs (crc64nvme, size) WHERE watched = 1;
CREATE TABLE watched_files (path BLOB PRIMARY KEY, identity TEXT NOT NULL) STRICT;
CREATE INDEX watched_identities ON watched_files (identity);
CREATE TABLE watched_contents (
    crc64nvme TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (crc64nvme, size)
) STRICT, WITHOUT ROWID;
"""

_V7 = """
CREATE INDEX jobs_sent_company ON jobs (company_name COLLATE NOCASE, announced_at DESC) WHERE state = 'done';
CREATE INDEX jobs_sent_call_type ON jobs (call_type COLLATE NOCASE, announced_at DESC) WHERE state = 'done';
CREATE INDEX jobs_sent_name ON jobs (name COLLATE NOCASE, announced_at DESC) WHERE state = 'done';
CREATE INDEX jobs_sent_size ON jobs (size DESC, announced_at DESC) WHERE state = 'done';
"""

_V8 = """
CREATE TABLE watched_sounds (path BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
"""

MIGRATIONS: Sequence[str] = (_V1, _V2, _V3, _V4, _V5, _V6, _V7, _V8)
"""Step n brings `user_version` n to n + 1, each in one transaction."""

VERSION = len(MIGRATIONS)
"""The version that this program writes; a newer file is refused."""
