/* SPDX-License-Identifier: MIT */
/* office.h: the store organisers work in. All SQL of the office is behind this header (the files of this folder), so that PostgreSQL can
 * take SQLite's place; the schema and its reasons are schema/office/0001-line.sql.
 *
 * SQLite: TRUNCATE journal, synchronous FULL, secure_delete, foreign keys, BEGIN IMMEDIATE for writes, busy timeout, 64 KiB
 * pages with nothing between their rows (lib/sqlite), random keys. Opening reads every one of these back and refuses to work on anything else. */
#ifndef SOUNDINGS_OFFICE_OFFICE_H
#define SOUNDINGS_OFFICE_OFFICE_H

#include "lib/base/arena.h"
#include "lib/base/date.h"
#include "lib/base/err.h"
#include "lib/base/problem.h"
#include "lib/catalogue/catalogue.h"
#include "lib/envelope/envelope.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct office;

enum office_role {
	OFFICE_COLLECTOR, /* files responses; may not read accounts or change events */
	OFFICE_CLI,       /* everything but the spool */
	OFFICE_ORGANISER, /* accounts, events, actions; may not read what anybody answered, nor take a line out of the audit */
	OFFICE_READER /* doctor: reads only */
};

/* Creates a new office file (mode 0600) with the whole schema, which is built in, and a fresh 16-byte generation.
 * ERR_CONFLICT when it is there. */
enum err office_create(const char *path) MUST_CHECK;

/* Opens and checks it (schema number, application id, pragmas read back, permissions not wider than 0640). OFFICE_CLI first runs
 * the migrations that an older office has not had, in one transaction; other roles refuse an older one, and everybody a newer
 * one. ERR_DENIED with a logged reason when anything is not ours; ERR_NOT_FOUND; ERR_IO; ERR_CORRUPT. */
enum err office_open(const char *path, enum office_role role, struct office **out) MUST_CHECK;

/* Why office_open answered ERR_DENIED: true when nothing is wrong with the office but that an older Soundings made it, so that opening it as
 * OFFICE_CLI brings it up to date. */
bool office_is_older(const char *path);

void office_close(struct office *office);

enum { OFFICE_GENERATION_BYTES = 16 };
enum err office_generation(struct office *office, uint8_t out[OFFICE_GENERATION_BYTES]) MUST_CHECK;

/* Reports the serials of a verified catalogue and learns the highest ever reported, durably: a lower one is refused, also
 * after a restart. Zeroes only ask. */
enum err office_serials(struct office *office, uint64_t catalogue, uint64_t keyset, uint64_t *highest_catalogue,
			uint64_t *highest_keyset) MUST_CHECK;

/* ---- events -------------------------------------------------------------------------------------------------- */

/* As catalogue_event, with what only the office knows. forms: name with version 0 = "the newest published". */
struct office_event {
	struct catalogue_event shown;
	int64_t grace_until; /* UTC seconds; 0 outside grace. An organiser's act, never an attendee's */
	uint32_t release;    /* how many times it was released */
};

/* Adds it with a fresh code (6 signs of 23456789ABCDEFGHJKMNPQRSTUVWXYZ, at least one digit, not taken), planned or open.
 * *CODE in ARENA. ERR_NOT_FOUND when a form was never published; ERR_INVALID for an empty or over-long (200 characters)
 * title or place, no language, no form, or another state. */
enum err office_event_add(struct office *office, const struct office_event *event, struct arena *arena,
			  char **code) MUST_CHECK;
enum err office_event_get(struct office *office, const char *code, struct arena *arena,
			  struct office_event **out) MUST_CHECK;
enum err office_event_list(struct office *office, struct arena *arena, struct office_event **out,
			   size_t *count) MUST_CHECK;

/* planned/grace/closed -> open; open -> grace (until NOW_S + 24 h) or closed; grace -> closed. ERR_CONFLICT when the step does not exist
 * from the event's state (released events never change back, and one of which everything was deleted never opens again).
 * Closing raises the flush number (below); opening forgets a last day that is past, or the tick would close it again. */
enum err office_event_set_state(struct office *office, const char *code, enum event_state state,
				int64_t now_s) MUST_CHECK;

/* Events whose grace is over become closed; open ones whose last day is over, grace; planned ones whose day has come, open (never after their
 * last day). *CHANGED of them. Run by the hub's timer. */
enum err office_event_tick(struct office *office, int64_t now_s, size_t *changed) MUST_CHECK;

/* Release (architecture 7): in one transaction, every response of the event not yet released gets the next release number,
 * its link to equality answers, language and mode is destroyed, the keyed ids stay, and the act goes into the audit.
 * ERR_CONFLICT unless the event is in grace, closed or released before; practice events are never released
 * (ERR_DENIED). ERR_BUSY when it was released before and fewer than 5 responses have come since: they wait for more. The first
 * backup that holds the release is noted with it: until that one or a later one has finished, nothing of the release is exported
 * and the catalogue still calls the event closed. */
enum err office_event_release(struct office *office, const char *code, uint32_t *release, size_t *responses) MUST_CHECK;

/* Whether the newest release may be shown: a backup that holds it has finished. False when it was never released. */
enum err office_event_is_shown(struct office *office, const char *code, bool *is_shown) MUST_CHECK;

/* How many responses, in a band that is safe to show before release: "none", "1 to 4", "5 to 9", "10 to 19", "20 to 49",
 * "50 to 99", "100 or more". Static storage. */
enum err office_event_band(struct office *office, const char *code, const char **band) MUST_CHECK;

/* ---- forms and publishing ------------------------------------------------------------------------------------ */

/* Stores a compiled document: the same hash as the newest version gives that version again; otherwise the next number.
 * *IS_NEW says which. */
enum err office_form_publish(struct office *office, const char *form, const char *document, size_t length,
			     uint32_t *version, bool *is_new) MUST_CHECK;

/* The same, and notes in the audit what is not finished (advice_warnings, cut at OFFICE_UNFINISHED_MAX; "" when nothing is), and for
 * which reason it is published all the same ("": none was given; at most OFFICE_WORDS_MAX characters). All of it, or nothing. */
enum err office_form_publish_with(struct office *office, const char *form, const char *document, size_t length,
				  const char *unfinished, const char *because, uint32_t *version,
				  bool *is_new) MUST_CHECK;

/* A reason for using a version that is not finished, given later: for all that is known not to be finished. For one event's languages only
 * there is office_unfinished_because (unfinished.h), which asks again for others. */
enum err office_form_because(struct office *office, const char *form, uint32_t version, const char *because) MUST_CHECK;

/* The same for some languages, "cy,en-x-easy". Inside a transaction: it writes two lines. */
enum err office_form_because_for(struct office *office, const char *form, uint32_t version, const char *languages,
				 const char *because) MUST_CHECK;

/* What the audit says of a version: what was not finished when it was last published, the newest reason that was given
 * since, and for which languages reasons were given since then ("cy,en", with repeats); "" where there is none. In ARENA. */
struct office_form_notes {
	char *unfinished;
	char *because;
	char *because_for;
	bool is_for_all; /* some reason was given for all of it */
};
enum err office_form_notes(struct office *office, const char *form, uint32_t version, struct arena *arena,
			   struct office_form_notes *out) MUST_CHECK;

/* The newest version's number and document; VERSION 0 asks for the newest. ERR_NOT_FOUND. */
enum err office_form_get(struct office *office, const char *form, uint32_t version, struct arena *arena,
			 uint32_t *found, char **document, size_t *length) MUST_CHECK;

struct office_form_row {
	const char *form;
	uint32_t version;
	struct date published_on;
	bool is_newest;
};
enum err office_form_list(struct office *office, struct arena *arena, struct office_form_row **out,
			  size_t *count) MUST_CHECK;

/* Named texts that publishing puts into the catalogue: "organisation" and "words" (canonical JSON). */
enum err office_text_set(struct office *office, const char *name, const char *text) MUST_CHECK;
enum err office_text_get(struct office *office, const char *name, struct arena *arena, char **text) MUST_CHECK;

/* Everything a catalogue is made of, with the next serial (which is taken by asking, so that it only rises). Events move to
 * the newest version of their forms while they have served none other (practice events always: they are there to try a
 * form); every version an unreleased event has served goes in. Events are in order of code; released ones name no forms, so
 * that their versions can leave the catalogue. ERR_NOT_FOUND when "organisation" or "words" was never set. */
enum err office_catalogue(struct office *office, struct arena *arena, struct catalogue_content **out) MUST_CHECK;

/* ---- filing (collector) -------------------------------------------------------------------------------------- */

/* One opened and checked letter, split as it will lie. keyed_*: keys_keyed_id under the period's secret. */
struct office_response {
	const struct letter *letter;
	uint8_t period[KEYS_ID_BYTES];
	uint8_t keyed_id[32];
	uint8_t keyed_withdraw[32];
	const char *answers;       /* canonical, not apart, without texts */
	const char *apart_answers; /* canonical, apart pages only; "{}" when none */
	const char *canonical;     /* all answers as in the letter: a tie of edits falls to the bytewise greater */
	const struct office_free_text *texts;
	size_t texts_count;
};

struct office_free_text {
	const char *field;
	const char *language; /* of this text */
	const char *text;
	bool is_apart;
};

enum office_filed {
	OFFICE_FILED_NEW,
	OFFICE_FILED_REPLACED,   /* a higher edit, or the greater bytes at the same edit */
	OFFICE_FILED_OLDER,      /* what is there counts */
	OFFICE_FILED_SEEN,       /* its id was seen and let go (released, withdrawn): nothing to do */
	OFFICE_FILED_TOMBSTONED, /* withdrawn before it came */
	OFFICE_FILED_EXPIRED,    /* everything of its event was deleted, as its thank-you said: nothing to do */
	OFFICE_FILED_CROSSED,    /* not filed: its id is that of a response to another event or form */
	OFFICE_FILED_COUNT
};

/* A transaction around a whole batch; rolled back unless committed. */
enum err office_begin(struct office *office) MUST_CHECK;
enum err office_commit(struct office *office) MUST_CHECK;
void office_rollback(struct office *office);

/* True when the event asks that form: late responses to a released event, whose forms the catalogue no longer names. */
enum err office_event_asks(struct office *office, const char *code, const char *form, bool *is_asked) MUST_CHECK;

/* True when this id was ever filed under the period its key belongs to. A response that is sent again after a key rotation
 * comes under another period: the collector asks for each period and files it where it is known. */
enum err office_is_seen(struct office *office, const uint8_t keyed_id[32], bool *is_seen) MUST_CHECK;

/* True when a withdrawal lies under this receipt hash: the collector asks for each period, like for ids. */
enum err office_is_withdrawn(struct office *office, const uint8_t keyed_withdraw[32], bool *is_withdrawn) MUST_CHECK;

/* Inside office_begin. A failure other than ERR_NOT_FOUND and ERR_CONFLICT means that the batch must be rolled back; those
 * two change nothing: the office has no such event or form version, or a constraint refuses the row. */
enum err office_file_response(struct office *office, const struct office_response *response,
			      enum office_filed *result) MUST_CHECK;
/* Call it for every period whose secret there is: a receipt may be older than the key its withdrawal is sealed to. */
enum err office_file_withdrawal(struct office *office, const uint8_t period[KEYS_ID_BYTES], bool is_practice,
				const uint8_t keyed_withdraw[32]) MUST_CHECK;
/* REASON is a fixed word ("forged", "event", "answers", ...). Kept as it came, once: the envelope, a reason, a date. */
enum err office_file_quarantine(struct office *office, const char *reason, const void *envelope,
				size_t length) MUST_CHECK;
enum err office_quarantine_count(struct office *office, size_t *count) MUST_CHECK;

/* An envelope in quarantine, as it came. */
struct office_quarantined {
	int64_t row;
	uint8_t *envelope;
	size_t length;
};

/* Up to MAX of those that were put there because the office or the catalogue did not know what they are about ("event", "form",
 * "office", "period"), or lacked a secret ("secret"), and may by now: in the order of their keys, which are random, from the one above AFTER on (0: from
 * the first). *COUNT 0: that was all. */
enum err office_quarantine_next(struct office *office, int64_t after, size_t max, struct arena *arena,
				struct office_quarantined **out, size_t *count) MUST_CHECK;

/* It has been filed, or need not be. Inside office_begin. ERR_NOT_FOUND: it is not there any more. As long as one of them
 * is there, no withdrawal is forgotten that has found nothing: it may be that one's. */
enum err office_quarantine_remove(struct office *office, int64_t row) MUST_CHECK;

/* The number of the backup that will be the first to hold what is filed now. */
enum err office_backup_next(struct office *office, uint64_t *number) MUST_CHECK;

/* Closing an event, and whoever is about to release one (office_flush_want), asks the collector to take even fewer than
 * batch_min once: it drains with min 1 and then sets done to the number that was wanted when it began. */
enum err office_flush(struct office *office, uint64_t *wanted, uint64_t *done) MUST_CHECK;
enum err office_flush_want(struct office *office, uint64_t *wanted) MUST_CHECK;
enum err office_flush_done(struct office *office, uint64_t number) MUST_CHECK;

/* Rebuilds the file in key order (VACUUM), so that the place of a row inside a page says nothing about when it came. The
 * office counts what was filed since the last time. Without IS_NOW only when it is due: anything was filed and the file is
 * small (OFFICE_SMALL_BYTES: it costs milliseconds), or max(50, a quarter of all rows) were. *IS_DONE says whether it
 * happened (nothing filed: it did not); ERR_BUSY (somebody reads) is fine: ask again later. */
enum { OFFICE_SMALL_BYTES = 16 << 20 };
enum err office_reorder(struct office *office, bool is_now, bool *is_done) MUST_CHECK;

/* ---- reading for export -------------------------------------------------------------------------------------- */

struct office_row {
	const char *form;
	uint32_t version;
	const char *answers;  /* canonical object, its texts put back in */
	const char *language; /* practice only, of the apart list; "en-x-easy" */
	const char *mode;     /* the same */
};

/* The two lists of a practice event, or the released responses of an ordinary one (then APART is empty and NULL).
 * ERR_DENIED: an ordinary event that was never released. ERR_BUSY: released, but no backup that holds the release has finished
 * yet. ERR_TOO_BIG is never meant as "too few": *COUNT below 10 of an
 * ordinary event is ERR_CONFLICT. The act goes into the audit. */
enum err office_export(struct office *office, const char *code, struct arena *arena, struct office_row **rows,
		       size_t *count, struct office_row **apart, size_t *apart_count) MUST_CHECK;

/* One line of the audit: date, who ("cli"), what ("event.release"), on what (a code). Never contents. */
enum err office_audit(struct office *office, const char *actor, const char *action, const char *subject) MUST_CHECK;

/* The same with the organiser's own words, or "". */
enum { OFFICE_WORDS_MAX = 500, OFFICE_UNFINISHED_MAX = 2000 }; /* characters */
enum err office_audit_words(struct office *office, const char *actor, const char *action, const char *subject,
			    const char *words) MUST_CHECK;

#endif
