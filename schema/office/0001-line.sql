-- SPDX-License-Identifier: MIT
-- 0001-line.sql: the office, as far as the line from scan to export needs it.
--
-- Run once, in one transaction, on an empty file with page_size 65536 (schema/README.md says why). Three rules hold for
-- every table in which a response's data lies:
--   * its key is random (random_key(), 63 bits) or a keyed hash, so that no number tells when a row came;
--   * no column holds a time of day, and none a date: the event has one;
--   * what belongs to one person in two tables is joined by table link alone, and release destroys that.
-- Days are TEXT, YYYY-MM-DD. Booleans are 0 or 1. Types keep to what PostgreSQL has too (INTEGER bigint, BLOB bytea).

-- Which of these files have been run.
CREATE TABLE migration (
	number INTEGER PRIMARY KEY CHECK (number > 0),
	name TEXT NOT NULL
) STRICT;

-- The one row of facts about this office.
CREATE TABLE meta (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	generation BLOB NOT NULL CHECK (length(generation) = 16),       -- random; a restored office gets another, which voids every filed mark
	serial INTEGER NOT NULL DEFAULT 0 CHECK (serial >= 0),          -- of the catalogue asked for last: it only rises
	catalogue_seen INTEGER NOT NULL DEFAULT 0 CHECK (catalogue_seen >= 0), -- highest serial of a verified catalogue; a lower one is refused
	keyset_seen INTEGER NOT NULL DEFAULT 0 CHECK (keyset_seen >= 0),       -- the same of its key set
	flush_wanted INTEGER NOT NULL DEFAULT 0 CHECK (flush_wanted >= 0),     -- raised to have the spool drained below batch_min
	flush_done INTEGER NOT NULL DEFAULT 0 CHECK (flush_done >= 0 AND flush_done <= flush_wanted),
	unordered INTEGER NOT NULL DEFAULT 0 CHECK (unordered >= 0)     -- rows written since the file was last rebuilt in key order
) STRICT;

-- Named documents that publishing puts into the catalogue: 'organisation', 'words'.
CREATE TABLE text (
	name TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 32),
	json TEXT NOT NULL CHECK (json GLOB '{*}')
) STRICT, WITHOUT ROWID;

-- Published forms. A row never changes and never goes while a response answers it.
CREATE TABLE form_version (
	form TEXT NOT NULL CHECK (length(form) BETWEEN 1 AND 32),
	version INTEGER NOT NULL CHECK (version > 0),
	hash BLOB NOT NULL CHECK (length(hash) = 32),                   -- BLAKE2b-256 of document
	document TEXT NOT NULL,                                         -- canonical JSON
	published_on TEXT NOT NULL CHECK (published_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	PRIMARY KEY (form, version)
) STRICT, WITHOUT ROWID;

-- What people attended.
CREATE TABLE event (
	code TEXT PRIMARY KEY CHECK (length(code) = 6 AND code NOT GLOB '*[^2-9A-HJ-NP-Z]*' AND code GLOB '*[0-9]*'),
	title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
	place TEXT NOT NULL CHECK (length(place) <= 200),
	held_on TEXT NOT NULL CHECK (held_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	area TEXT NOT NULL,                                             -- names of the organisation document
	programme TEXT NOT NULL,
	is_practice INTEGER NOT NULL CHECK (is_practice IN (0, 1)),     -- never counts, exports at once, has a key period of its own
	is_wales INTEGER NOT NULL CHECK (is_wales IN (0, 1)),           -- starts with the language chooser, Cymraeg first
	wants_tickets INTEGER NOT NULL CHECK (wants_tickets IN (0, 1)),
	state TEXT NOT NULL CHECK (state IN ('planned', 'open', 'grace', 'closed', 'released')),
	grace_until INTEGER CHECK ((grace_until IS NOT NULL) = (state = 'grace')), -- UTC seconds; the one time here: an organiser's act plus a day
	release INTEGER NOT NULL DEFAULT 0 CHECK (release >= 0),        -- how many times released
	shown TEXT CHECK (shown IS NULL OR shown GLOB '{*}'),          -- what the catalogue shows once it is released
	CHECK (is_practice = 0 OR release = 0),
	CHECK ((state = 'released') <= (release > 0))
) STRICT, WITHOUT ROWID;

-- Languages an event offers, in the order in which they are offered; the first is its own.
CREATE TABLE event_language (
	event TEXT NOT NULL REFERENCES event (code) ON DELETE CASCADE,
	place INTEGER NOT NULL CHECK (place >= 0),
	tag TEXT NOT NULL CHECK (length(tag) BETWEEN 2 AND 35),
	PRIMARY KEY (event, place),
	UNIQUE (event, tag)
) STRICT, WITHOUT ROWID;

-- Forms an event asks, in order, and the version that new pages are given.
CREATE TABLE event_form (
	event TEXT NOT NULL REFERENCES event (code) ON DELETE CASCADE,
	place INTEGER NOT NULL CHECK (place >= 0),
	form TEXT NOT NULL,
	version INTEGER,                                                -- NULL: the newest, until the event has served one
	PRIMARY KEY (event, place),
	UNIQUE (event, form),
	FOREIGN KEY (form, version) REFERENCES form_version (form, version)
) STRICT, WITHOUT ROWID;

-- Every version an event has ever served: pages of it may still be open, envelopes of it on their way.
CREATE TABLE event_served (
	event TEXT NOT NULL REFERENCES event (code) ON DELETE CASCADE,
	form TEXT NOT NULL,
	version INTEGER NOT NULL,
	PRIMARY KEY (event, form, version),
	FOREIGN KEY (form, version) REFERENCES form_version (form, version)
) STRICT, WITHOUT ROWID;

-- Key periods that anything filed was sealed to. Deleting one forgets every id seen and every tombstone under its secret.
CREATE TABLE period (
	id BLOB PRIMARY KEY CHECK (length(id) = 8),
	is_practice INTEGER NOT NULL CHECK (is_practice IN (0, 1))
) STRICT, WITHOUT ROWID;

-- A response without its equality answers, texts, language and mode.
CREATE TABLE response (
	row INTEGER PRIMARY KEY CHECK (row > 0),                        -- random
	event TEXT NOT NULL REFERENCES event (code),
	form TEXT NOT NULL,
	version INTEGER NOT NULL,
	answers TEXT NOT NULL CHECK (answers GLOB '{*}'),              -- canonical; no apart page, no free text
	release INTEGER CHECK (release > 0),                            -- the release that froze it; NULL until then
	FOREIGN KEY (form, version) REFERENCES form_version (form, version)
) STRICT;
CREATE INDEX response_event ON response (event, release);

-- The other half of each response. It has no release number: a release of one late response would join the two by it.
CREATE TABLE apart (
	row INTEGER PRIMARY KEY CHECK (row > 0),                        -- random, and not the response's
	event TEXT NOT NULL REFERENCES event (code),
	form TEXT NOT NULL,
	version INTEGER NOT NULL,
	answers TEXT NOT NULL CHECK (answers GLOB '{*}'),              -- canonical; apart pages only, no free text
	language TEXT NOT NULL,                                         -- base tag: 'en', 'cy'
	variant TEXT NOT NULL,                                          -- '' or 'easy'
	mode TEXT NOT NULL CHECK (mode IN ('phone', 'kiosk', 'paper')),
	FOREIGN KEY (form, version) REFERENCES form_version (form, version)
) STRICT;
CREATE INDEX apart_event ON apart (event);

-- Free texts, one a row, so that each can be read, translated, hidden and deleted by itself.
CREATE TABLE free_text (
	row INTEGER PRIMARY KEY CHECK (row > 0),                        -- random
	event TEXT NOT NULL REFERENCES event (code),
	form TEXT NOT NULL,
	field TEXT NOT NULL,
	language TEXT NOT NULL,                                         -- of this text, a base tag
	text TEXT NOT NULL,
	response INTEGER REFERENCES response (row) ON DELETE CASCADE,   -- NULL for texts of apart pages
	apart INTEGER REFERENCES apart (row) ON DELETE CASCADE,         -- only for those, and only until release
	CHECK (response IS NULL OR apart IS NULL)
) STRICT;
CREATE INDEX free_text_response ON free_text (response) WHERE response IS NOT NULL;
CREATE INDEX free_text_apart ON free_text (apart) WHERE apart IS NOT NULL;

-- Ids that were filed, keyed under their period's secret. They link to nothing: an id that is here without a row in link
-- was released or withdrawn, and its envelope is let go without a word, however often it comes.
CREATE TABLE seen (
	keyed_id BLOB PRIMARY KEY CHECK (length(keyed_id) = 32),
	period BLOB NOT NULL REFERENCES period (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_period ON seen (period);

-- The one thing that joins the halves of a response, and both to its receipt. Release deletes the event's rows.
CREATE TABLE link (
	keyed_id BLOB PRIMARY KEY CHECK (length(keyed_id) = 32) REFERENCES seen (keyed_id),
	keyed_withdraw BLOB NOT NULL CHECK (length(keyed_withdraw) = 32),
	response INTEGER NOT NULL UNIQUE REFERENCES response (row),
	apart INTEGER NOT NULL UNIQUE REFERENCES apart (row),
	edit INTEGER NOT NULL CHECK (edit BETWEEN 0 AND 9999)           -- the higher counts, in whatever order they are filed
) STRICT, WITHOUT ROWID;
CREATE INDEX link_withdraw ON link (keyed_withdraw);

-- Withdrawals. A matched one stays as long as its period, so that neither a replay nor a restored backup can bring the
-- response back; an unmatched one waits until every event of its kind that was unreleased when it came is released.
CREATE TABLE tombstone (
	keyed_withdraw BLOB PRIMARY KEY CHECK (length(keyed_withdraw) = 32),
	period BLOB NOT NULL REFERENCES period (id) ON DELETE CASCADE,
	is_matched INTEGER NOT NULL CHECK (is_matched IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_period ON tombstone (period);
CREATE TABLE tombstone_waits (
	event TEXT NOT NULL REFERENCES event (code) ON DELETE CASCADE,
	tombstone BLOB NOT NULL REFERENCES tombstone (keyed_withdraw) ON DELETE CASCADE,
	PRIMARY KEY (event, tombstone)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_waits_tombstone ON tombstone_waits (tombstone);

-- What could not be filed, still sealed, as it came. 'soundings expire' deletes it after the time the notice promises.
CREATE TABLE quarantine (
	row INTEGER PRIMARY KEY CHECK (row > 0),                        -- random
	hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),            -- BLAKE2b-256 of envelope: the same one is kept once
	reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 32 AND reason NOT GLOB '*[^a-z]*'), -- a fixed word
	envelope BLOB NOT NULL,
	day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]') -- when it was put here, for expire
) STRICT;

-- Single-use codes of events that want one response a person. Only hashes; never joined to a response.
CREATE TABLE ticket (
	event TEXT NOT NULL REFERENCES event (code) ON DELETE CASCADE,
	hash BLOB NOT NULL CHECK (length(hash) = 32),
	state TEXT NOT NULL CHECK (state IN ('issued', 'spent', 'void')),
	PRIMARY KEY (event, hash)
) STRICT, WITHOUT ROWID;

-- Backups begun. Envelopes are let go when a backup with their mark's number, or a higher one, has finished.
CREATE TABLE backup (
	number INTEGER PRIMARY KEY CHECK (number > 0),
	day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	is_finished INTEGER NOT NULL CHECK (is_finished IN (0, 1))
) STRICT;

-- Runs of 'soundings expire'. Each takes the next backup number by a row of its own in backup that never finishes: without
-- backups, envelopes go after seven runs.
CREATE TABLE expire_run (
	number INTEGER PRIMARY KEY CHECK (number > 0),
	day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	backup INTEGER NOT NULL UNIQUE REFERENCES backup (number)
) STRICT;

-- Who did what to which event or form, and on what day. Organisers' acts only; never contents, never an attendee.
CREATE TABLE audit (
	number INTEGER PRIMARY KEY CHECK (number > 0),
	day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 64),
	action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
	subject TEXT NOT NULL CHECK (length(subject) <= 64)
) STRICT;
