-- SPDX-License-Identifier: MIT
-- 0004-organisers.sql: who organises, what they keep about their events, and an audit that shows what was taken out of it.
--
-- Nothing here is about an attendee. Times are UTC seconds and stand only where something ends by them within a day or so.
-- Rows that two people may change have two numbers: version counts the changes, so that nobody writes over what they have not
-- seen; mark is random and new with each change, so that of two offices that have parted, the same one of two changes wins
-- whichever is merged into the other.

-- ---- accounts -------------------------------------------------------------------------------------------------------------

-- People who may sign in. A row never goes: the audit names it, and its name is given to nobody else.
CREATE TABLE account (
	id INTEGER PRIMARY KEY CHECK (id > 0),                          -- random
	name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64), -- what is typed at sign-in: lower case, no white space
	shown TEXT NOT NULL CHECK (length(shown) BETWEEN 1 AND 64),     -- what colleagues read
	role TEXT NOT NULL CHECK (role IN ('administrator', 'organiser', 'analyst', 'keyer')),
	state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'ended')),
	language TEXT NOT NULL CHECK (language IN ('en', 'cy')),        -- of the pages
	password TEXT CHECK (length(password) BETWEEN 1 AND 127),       -- argon2id, as libsodium writes it
	totp BLOB CHECK (length(totp) = 20),                            -- RFC 6238 secret; it must be readable to be compared
	totp_step INTEGER NOT NULL DEFAULT 0 CHECK (totp_step >= 0),    -- the newest that was used
	version INTEGER NOT NULL CHECK (version > 0),
	mark INTEGER NOT NULL CHECK (mark > 0),
	CHECK ((password IS NOT NULL) = (state = 'active')),
	CHECK (totp IS NULL OR state = 'active')
) STRICT;

-- Areas of an organiser or a keyer; others have none, and see all.
CREATE TABLE account_area (
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	area TEXT NOT NULL CHECK (length(area) BETWEEN 1 AND 64),
	PRIMARY KEY (account, area)
) STRICT, WITHOUT ROWID;

-- Recovery codes. A used one stays until the next ten, so that a merge does not bring it back.
CREATE TABLE account_recovery (
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	hash BLOB NOT NULL CHECK (length(hash) = 32),                   -- BLAKE2b-256
	is_used INTEGER NOT NULL CHECK (is_used IN (0, 1)),
	PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

-- Addresses that work once. Used ones go. A restored office has none: nobody could tell which of them were used since.
CREATE TABLE one_time (
	hash BLOB PRIMARY KEY CHECK (length(hash) = 32),                -- BLAKE2b-256 of the token in the address
	purpose TEXT NOT NULL CHECK (purpose IN ('first', 'invitation', 'reset')),
	account INTEGER REFERENCES account (id) ON DELETE CASCADE,      -- NULL: it makes the first
	until_s INTEGER NOT NULL CHECK (until_s > 0),
	CHECK ((account IS NULL) = (purpose = 'first'))
) STRICT, WITHOUT ROWID;
CREATE INDEX one_time_account ON one_time (account);

-- Who is signed in. A restored office has none.
CREATE TABLE session (
	hash BLOB PRIMARY KEY CHECK (length(hash) = 32),                -- BLAKE2b-256 of the cookie's token
	id INTEGER NOT NULL UNIQUE CHECK (id > 0),                      -- random: names it in a list
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	stage TEXT NOT NULL CHECK (stage IN ('password', 'full')),
	began_s INTEGER NOT NULL,
	used_s INTEGER NOT NULL,
	proved_s INTEGER NOT NULL                                       -- when password and code were last given
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account);

-- Failed attempts to sign in: back-off, never a lock-out. Goes a day after the last failure.
CREATE TABLE throttle (
	key BLOB PRIMARY KEY CHECK (length(key) = 32),                  -- keyed hash of a name or an address
	failures INTEGER NOT NULL CHECK (failures > 0),
	last_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ---- events ---------------------------------------------------------------------------------------------------------------

-- What organisers keep of an event beside what the line needs. An event without a row has version 1 and none of it.
CREATE TABLE event_detail (
	event TEXT PRIMARY KEY REFERENCES event (code) ON DELETE CASCADE,
	version INTEGER NOT NULL CHECK (version > 0),                   -- of the event's own row and lists, too
	mark INTEGER NOT NULL CHECK (mark > 0),
	partner TEXT NOT NULL DEFAULT '' CHECK (length(partner) <= 200),
	communities TEXT NOT NULL DEFAULT '' CHECK (length(communities) <= 200), -- comma-separated, as typed
	topic TEXT NOT NULL DEFAULT '' CHECK (length(topic) <= 200),
	strand TEXT NOT NULL DEFAULT '' CHECK (length(strand) <= 200),
	note TEXT NOT NULL DEFAULT '' CHECK (length(note) <= 2000),     -- to attendees
	channel TEXT NOT NULL DEFAULT '' CHECK (length(channel) <= 200), -- how people were told
	reach INTEGER CHECK (reach >= 0),                               -- NULL here and below: not known
	expected INTEGER CHECK (expected >= 0),
	came INTEGER CHECK (came >= 0),                                 -- counted at the door
	is_refuge INTEGER NOT NULL DEFAULT 0 CHECK (is_refuge IN (0, 1)),
	opens_on TEXT CHECK (opens_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	closes_on TEXT CHECK (closes_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	next_on TEXT CHECK (next_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	series TEXT NOT NULL DEFAULT '',                                -- code of its first event
	points_to TEXT NOT NULL DEFAULT '' CHECK (points_to <> event),  -- code where this one's printed code leads
	-- The earliest day that the event was said to be held on since it took answers: thank-you pages have promised by it.
	kept_from TEXT CHECK (kept_from GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT, WITHOUT ROWID;
CREATE INDEX event_detail_points_to ON event_detail (points_to) WHERE points_to <> '';
CREATE INDEX event_held_on ON event (held_on, code);
CREATE INDEX event_state ON event (state);

-- ---- placements -----------------------------------------------------------------------------------------------------------

-- Places offered, taken up and completed, in one quarter (1 to 4) of the financial year that begins in April of year. The
-- criteria are of those taken up; one person may meet several.
CREATE TABLE placement (
	id INTEGER PRIMARY KEY CHECK (id > 0),                          -- random
	area TEXT NOT NULL CHECK (length(area) BETWEEN 1 AND 64),
	year INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 9998),
	quarter INTEGER NOT NULL CHECK (quarter BETWEEN 1 AND 4),
	kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),       -- a name of the organisation document
	offered INTEGER NOT NULL CHECK (offered >= 0),
	taken_up INTEGER NOT NULL CHECK (taken_up BETWEEN 0 AND offered),
	completed INTEGER NOT NULL CHECK (completed BETWEEN 0 AND taken_up),
	meals INTEGER NOT NULL CHECK (meals BETWEEN 0 AND taken_up),    -- free school meals or pupil premium
	school INTEGER NOT NULL CHECK (school BETWEEN 0 AND taken_up),  -- a school below the average
	ethnic INTEGER NOT NULL CHECK (ethnic BETWEEN 0 AND taken_up),  -- ethnic minority background
	nbcpa INTEGER NOT NULL CHECK (nbcpa BETWEEN 0 AND taken_up),
	disability INTEGER NOT NULL CHECK (disability BETWEEN 0 AND taken_up),
	care INTEGER NOT NULL CHECK (care BETWEEN 0 AND taken_up),      -- in care
	version INTEGER NOT NULL CHECK (version > 0),
	mark INTEGER NOT NULL CHECK (mark > 0)
) STRICT;
-- One record of a kind in a quarter: what is sent twice counts nobody twice.
CREATE UNIQUE INDEX placement_once ON placement (year, area, quarter, kind);

-- How many places an Area means to give in a year.
CREATE TABLE placement_target (
	area TEXT NOT NULL CHECK (length(area) BETWEEN 1 AND 64),
	year INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 9998),
	places INTEGER CHECK (places >= 0),                             -- NULL: it was taken back
	version INTEGER NOT NULL CHECK (version > 0),
	mark INTEGER NOT NULL CHECK (mark > 0),
	PRIMARY KEY (area, year)
) STRICT, WITHOUT ROWID;

-- ---- actions: you said, we did --------------------------------------------------------------------------------------------

-- A removed one keeps its row, without words, so that no merge brings it back.
CREATE TABLE action (
	id INTEGER PRIMARY KEY CHECK (id > 0),                          -- random
	area TEXT NOT NULL CHECK (length(area) BETWEEN 1 AND 64),
	event TEXT REFERENCES event (code),                             -- NULL: of the Area
	status TEXT NOT NULL CHECK (status IN ('heard', 'doing', 'done', 'cannot')),
	many TEXT NOT NULL CHECK (many IN ('unsaid', 'few', 'several', 'many')), -- how many said it; never a number
	owner TEXT NOT NULL CHECK (length(owner) <= 200),               -- a role, never a person
	aim TEXT NOT NULL CHECK (length(aim) <= 64),                    -- a name of the organisation document
	partner TEXT NOT NULL CHECK (length(partner) <= 200),
	evidence TEXT NOT NULL CHECK (evidence = '' OR (length(evidence) <= 2000 AND evidence GLOB 'https://?*')),
	said_on TEXT CHECK (said_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	due TEXT CHECK (due GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	done_on TEXT CHECK (done_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	changed_on TEXT CHECK (changed_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'), -- newest change, for the Area's feed
	is_public INTEGER NOT NULL CHECK (is_public IN (0, 1)),
	is_removed INTEGER NOT NULL CHECK (is_removed IN (0, 1)),
	version INTEGER NOT NULL CHECK (version > 0),
	mark INTEGER NOT NULL CHECK (mark > 0)
) STRICT;
CREATE INDEX action_event ON action (event, is_removed);
CREATE INDEX action_due ON action (due) WHERE is_removed = 0 AND status IN ('heard', 'doing');

-- Its words in each language that it has; the first is the one it was written in.
CREATE TABLE action_text (
	action INTEGER NOT NULL REFERENCES action (id) ON DELETE CASCADE,
	place INTEGER NOT NULL CHECK (place >= 0),
	tag TEXT NOT NULL CHECK (length(tag) BETWEEN 2 AND 35),
	theme TEXT NOT NULL CHECK (length(theme) <= 200),
	said TEXT NOT NULL CHECK (length(said) BETWEEN 1 AND 2000),
	did TEXT NOT NULL CHECK (length(did) <= 2000),
	PRIMARY KEY (action, place),
	UNIQUE (action, tag)
) STRICT, WITHOUT ROWID;

-- ---- the audit's chain ----------------------------------------------------------------------------------------------------

-- Each line's hash is over the line or lines before it and its own words: soundings-keeping(7). after: their numbers, of which
-- there are several only where offices were merged; '' for the first of all. NULL: not yet chained, which the next line does.
ALTER TABLE audit ADD COLUMN after TEXT CHECK (after NOT GLOB '*[^0-9 ]*');
ALTER TABLE audit ADD COLUMN hash BLOB CHECK (hash IS NULL OR (length(hash) = 32 AND after IS NOT NULL));
CREATE INDEX audit_unchained ON audit (number) WHERE hash IS NULL;

-- The lines that no other comes after: what the next one is chained to. It can be reckoned from the audit.
CREATE TABLE audit_tip (
	number INTEGER PRIMARY KEY CHECK (number > 0),
	hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Lines that were let go when their time was over, and after which one comes that is kept.
CREATE TABLE audit_anchor (
	number INTEGER PRIMARY KEY CHECK (number > 0),
	hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
