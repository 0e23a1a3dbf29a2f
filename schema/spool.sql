-- The spool: sealed envelopes that wait on this machine until they are filed in the office and in a finished backup.
-- Only the spooler ever opens this file (locking_mode=EXCLUSIVE); soundings-spool(5) describes it for other readers.
--
-- Nothing here may tell who came when. So: no time of day, no counter, no row id that grows, and no place in the file
-- that follows from arrival. Keys are random; and because a page is filled from its end in the order in which rows
-- come, random keys are not enough: each new envelope trades places with one drawn evenly from those of its size
-- (cgi/spooler/store.c). That works because every row of a bucket has the same length, so contents change in place.
--
-- The spooler sets page_size=4096 (no larger: a group commit writes two pages an envelope, and their journal, so that
-- 64 KiB pages cost three times as much; overflow pages tell nothing, since their contents change places too),
-- auto_vacuum=INCREMENTAL (room comes back after a drop), application_id=0x534E4453 ("SNDS") and user_version=1
-- before it runs this script, inside the same transaction.

-- One row an envelope, as it came from intake: soundings-envelope(5).
CREATE TABLE envelope (
	key INTEGER PRIMARY KEY,                      -- random, 1 to 2^63 - 1; names a place, not an envelope: contents move
	period BLOB NOT NULL CHECK (length(period) = 8), -- which key pair opens it: the envelope's bytes 8 to 15
	bucket INTEGER NOT NULL CHECK (bucket BETWEEN 0 AND 3), -- 1, 4, 16 or 64 KiB: the envelope's byte 5
	data BLOB NOT NULL CHECK (length(data) = 136 + (1024 << (2 * bucket))) -- header, sealed letter, tag
) STRICT;

-- One row for each envelope that is filed in the office. Apart from the envelopes, so that marking one rewrites none
-- of them. Slots run from 1 without a gap, and a new mark trades places with an evenly drawn one, so that the order
-- of filing does not show either; key and backup are 8 bytes, big endian, so that they too change in place.
CREATE TABLE filed (
	slot INTEGER PRIMARY KEY,
	key BLOB NOT NULL CHECK (length(key) = 8),       -- envelope.key
	backup BLOB NOT NULL CHECK (length(backup) = 8)  -- the envelope may go once this backup is finished
) STRICT;

-- One row for each period of which envelopes wait unfiled: since which calendar day they do, in days since 1970-01-01
-- by this machine's clock. Never a time. Filing starts the wait of what is left afresh.
CREATE TABLE waiting (
	period BLOB PRIMARY KEY CHECK (length(period) = 8),
	day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The one row of things to remember.
CREATE TABLE meta (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	generation BLOB NOT NULL CHECK (length(generation) = 16), -- of the office that filed what is filed; zero: none yet
	catalogue BLOB NOT NULL CHECK (length(catalogue) = 8),    -- highest catalogue serial ever seen, big endian
	keyset BLOB NOT NULL CHECK (length(keyset) = 8)           -- highest key set serial ever seen, big endian
) STRICT;

INSERT INTO meta VALUES (1, zeroblob(16), zeroblob(8), zeroblob(8));
