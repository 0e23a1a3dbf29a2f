-- SPDX-License-Identifier: MIT
-- 0002-keeping.sql: what keeping and letting go need to remember: where backups lie, which one a release waits for, and how
-- long a key period lives. soundings-keeping(7) has the rules.

-- Where a finished backup was written, as an absolute path; NULL when it never finished, or is known to be gone.
ALTER TABLE backup ADD COLUMN file TEXT CHECK (file IS NULL OR (is_finished = 1 AND file GLOB '/*'));

-- The first backup that holds the newest release. Nothing of that release is shown or exported before this backup, or a
-- later one, has finished. NULL: never released, or released before this column came.
ALTER TABLE event ADD COLUMN release_backup INTEGER CHECK (release_backup IS NULL OR (release_backup > 0 AND release > 0));

-- The life of a key period. NULL begun_on: before this column came. Retired: new envelopes are no longer sealed to it.
-- Destroyed: secret and sealed copy are gone, ids seen and tombstones with them; what is left can never be opened. The row
-- stays, so that the missing secret is known to be missing on purpose.
ALTER TABLE period ADD COLUMN begun_on TEXT CHECK (begun_on IS NULL OR begun_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]');
ALTER TABLE period ADD COLUMN retired_on TEXT CHECK (retired_on IS NULL OR retired_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]');
ALTER TABLE period ADD COLUMN destroyed_on TEXT CHECK (destroyed_on IS NULL OR (retired_on IS NOT NULL AND destroyed_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'));

-- The day on which the last of what an event's forms promised to keep was over, and everything of it was deleted. From then on
-- nothing more is filed for it, however late it comes: a replay, a restored spool, a kiosk that was forgotten in a cupboard.
ALTER TABLE event ADD COLUMN expired_on TEXT CHECK (expired_on IS NULL OR expired_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]');
