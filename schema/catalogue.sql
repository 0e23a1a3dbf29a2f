-- catalogue.sql: what front machines work from. Written whole by a publication, hashed, signed and never changed after;
-- opened immutable by intake, courier and collector. soundings-catalogue(5) tells how it is published and verified.
--
-- Nothing in it is about a person: forms, events, strings, and hashes of tickets that were handed out.
-- Every table is STRICT; those with short rows lie in the order of their key (WITHOUT ROWID), the two with long documents do
-- not, because long rows would make every step of a search read them.

PRAGMA page_size = 4096;
PRAGMA application_id = 1397638979; -- "SNGC"
PRAGMA user_version = 3;            -- the number of this schema: readers refuse any other

-- One row: the publication itself.
CREATE TABLE catalogue (
	id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
	serial INTEGER NOT NULL CHECK (serial > 0),        -- the same as in the manifest
	organisation TEXT NOT NULL,                        -- canonical JSON: names, Areas, programmes, helplines, notices
	words TEXT NOT NULL                                -- canonical JSON: the pages' own strings in every language
) STRICT;

-- Every form version that an event which is not yet released has served: an open page may still send answers to an old one.
CREATE TABLE form_version (
	form TEXT NOT NULL CHECK (length(form) BETWEEN 1 AND 32 AND form NOT GLOB '*[^a-z0-9-]*'),
	version INTEGER NOT NULL CHECK (version BETWEEN 1 AND 4294967295),
	document TEXT NOT NULL,                            -- canonical JSON of the whole form in all its languages
	PRIMARY KEY (form, version)
) STRICT;

-- What people attended.
CREATE TABLE event (
	code TEXT NOT NULL PRIMARY KEY CHECK (length(code) = 6 AND code NOT GLOB '*[^0-9A-Z]*'),
	title TEXT NOT NULL,                               -- as the organiser wrote it, in one language
	place TEXT NOT NULL,
	held_on TEXT NOT NULL CHECK (held_on GLOB '[1-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'), -- a date, never a time
	area TEXT NOT NULL,                                -- name in organisation
	programme TEXT NOT NULL,                           -- name in organisation
	is_practice INTEGER NOT NULL CHECK (is_practice IN (0, 1)),     -- sealed to the practice period, never counts
	is_wales INTEGER NOT NULL CHECK (is_wales IN (0, 1)),           -- starts with the language chooser, Cymraeg first
	is_careful INTEGER NOT NULL CHECK (is_careful IN (0, 1)),       -- exit button, neutral titles, in every state: also when its forms are gone
	wants_tickets INTEGER NOT NULL CHECK (wants_tickets IN (0, 1)), -- one response for each ticket
	state TEXT NOT NULL CHECK (state IN ('planned', 'open', 'grace', 'closed', 'released')),
	note TEXT NOT NULL CHECK (length(note) <= 2000),                -- the organisers' to attendees, plain text; '' : none
	-- The code that is printed for this event leads to that one. Pages that are open still send to this one.
	points_to TEXT REFERENCES event (code) CHECK (points_to <> code)
) STRICT, WITHOUT ROWID;

-- The languages an event offers, in order; position 0 is the event's own.
CREATE TABLE event_language (
	event TEXT NOT NULL REFERENCES event (code),
	position INTEGER NOT NULL CHECK (position >= 0),
	tag TEXT NOT NULL CHECK (length(tag) BETWEEN 2 AND 35 AND tag NOT GLOB '*[^a-z0-9-]*'), -- BCP 47, lower case
	PRIMARY KEY (event, position),
	UNIQUE (event, tag)
) STRICT, WITHOUT ROWID;

-- The forms an event serves, in order, and the version that new pages get.
CREATE TABLE event_form (
	event TEXT NOT NULL REFERENCES event (code),
	position INTEGER NOT NULL CHECK (position >= 0),
	form TEXT NOT NULL,
	version INTEGER NOT NULL,
	PRIMARY KEY (event, position),
	UNIQUE (event, form),
	FOREIGN KEY (form, version) REFERENCES form_version (form, version)
) STRICT, WITHOUT ROWID;

-- What the address of an event shows once it is closed: you said, we did; or until when people hear of it. No row: nothing yet.
CREATE TABLE event_shown (
	event TEXT NOT NULL PRIMARY KEY REFERENCES event (code),
	document TEXT NOT NULL                             -- canonical JSON: soundings-catalogue(5)
) STRICT;

-- The same of a whole Area, for its page and its feed. No row: nothing yet.
CREATE TABLE area_shown (
	area TEXT NOT NULL PRIMARY KEY,                    -- name in organisation
	document TEXT NOT NULL                             -- canonical JSON: soundings-catalogue(5)
) STRICT;

-- The sounds of texts, made when a form was published: which file of sound/ says a text. No row: nothing does, or nobody has made one.
CREATE TABLE sound (
	key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 16),         -- BLAKE2b-128 of label, language and text: soundings-catalogue(5)
	name TEXT NOT NULL CHECK (length(name) = 20 AND name NOT GLOB '*[^0-9a-f]*'), -- of the files NAME.opus and NAME.mp3
	ms INTEGER NOT NULL CHECK (ms BETWEEN 0 AND 3600000),           -- how long it is, in thousandths of a second
	hash BLOB NOT NULL CHECK (length(hash) = 32)       -- of both files: soundings-catalogue(5)
) STRICT, WITHOUT ROWID;

-- Tickets that may be used at an event that wants them. Front machines can check one, and cannot list any.
CREATE TABLE ticket (
	event TEXT NOT NULL REFERENCES event (code),
	hash BLOB NOT NULL CHECK (length(hash) = 32),      -- BLAKE2b-256 of label, event and ticket: soundings-catalogue(5)
	PRIMARY KEY (event, hash)
) STRICT, WITHOUT ROWID;
