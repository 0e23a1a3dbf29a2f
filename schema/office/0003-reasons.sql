-- SPDX-License-Identifier: MIT
-- 0003-reasons.sql: why something was done that is asked about first: a form that is not finished, used outside practice.

-- An organiser's own words, or what was not finished when a form was published (names of rules, tags of languages). Never
-- anything that an attendee did or wrote. NULL: nobody was asked.
ALTER TABLE audit ADD COLUMN words TEXT CHECK (words IS NULL OR length(words) BETWEEN 1 AND 2000);
