/* SPDX-License-Identifier: MIT */
/* keeping.h: how long the office keeps what, and how it survives the loss of a machine: backups, expiry, the life of key
 * periods, and what a restored office takes over from one that it replaces. soundings-keeping(7) has the rules in words.
 *
 * Days come from the caller, so that all of it is a function of the office and the day. */
#ifndef SOUNDINGS_OFFICE_KEEPING_H
#define SOUNDINGS_OFFICE_KEEPING_H

#include "lib/office/office.h"

enum {
	OFFICE_BACKUP_KEEP_DAYS = 35, /* the privacy notice says so */
	OFFICE_DROP_RUNS = 7,         /* runs of expire that let envelopes go where there is no backup */
	OFFICE_QUARANTINE_MONTHS = 12,
	OFFICE_AUDIT_MONTHS = 72,
	OFFICE_DAY_AHEAD = 60,       /* a day further from the last that the office knows is a wrong clock's, */
	OFFICE_DAY_BEHIND = 1,       /* and so is one before it; but two machines need not agree on midnight */
	OFFICE_SERIAL_JUMP = 1000000 /* more than anybody publishes between two backups */
};

/* ---- backups: keeping_backup.c ------------------------------------------------------------------------------- */

struct office_backup {
	uint64_t number;
	struct date day;  /* begun on */
	bool is_finished; /* false also for the numbers that runs of expire have taken */
	const char *file; /* absolute path; NULL when it never finished or is known to be gone */
};

/* Takes the next number, durably, with TODAY: everything filed before this returned is in a snapshot that begins after
 * it. A number that never finishes is never used again. */
enum err office_backup_begin(struct office *office, struct date today, uint64_t *number) MUST_CHECK;

/* It is on disk, checked, at FILE (absolute path, or ERR_INVALID). Audit: "backup", the number. ERR_NOT_FOUND: never begun, or
 * taken by a run of expire. */
enum err office_backup_finish(struct office *office, uint64_t number, const char *file) MUST_CHECK;

/* All of them that are finished, newest first. */
enum err office_backup_list(struct office *office, struct arena *arena, struct office_backup **out,
			    size_t *count) MUST_CHECK;

/* Finished ones with a file whose day is OFFICE_BACKUP_KEEP_DAYS or more before TODAY, oldest first: their files are to go. A backup
 * cannot be older than one before it, whatever the clock said: the latest day up to its number counts that is not after TODAY. */
enum err office_backup_over(struct office *office, struct date today, struct arena *arena, struct office_backup **out,
			    size_t *count) MUST_CHECK;

/* Its file is gone (or was not there any more). Audit: "backup.expire", the number. ERR_NOT_FOUND: none was known. */
enum err office_backup_gone(struct office *office, uint64_t number) MUST_CHECK;

/* Up to which backup number the spooler may let filed envelopes go; 0: none. The newest finished backup that is not older than
 * OFFICE_BACKUP_KEEP_DAYS; where there is none, the higher of the newest finished one and the number that the
 * OFFICE_DROP_RUNSth newest run of expire took. The collector may ask. */
enum err office_droppable(struct office *office, struct date today, uint64_t *number) MUST_CHECK;

/* How many rows of a table there are, and a BLAKE2b-256 over all of them in key order, each value with its type and length. */
struct office_table_digest {
	const char *table;
	uint64_t rows;
	uint8_t hash[32];
};
enum { OFFICE_DIGEST_MAX = 32 };
struct office_digest {
	struct office_table_digest tables[OFFICE_DIGEST_MAX];
	size_t count;
};

/* One consistent picture of the office: a read transaction in which its bytes (*SINK, in order, from the first; LENGTH of all in
 * *BYTES, and told to *BEGIN before) and its digest are read. Nobody can write meanwhile; readers can. No copy of it is
 * ever written anywhere. A failure of BEGIN or SINK ends it and is passed on. DIGEST of every table with content: text,
 * form_version, event and its lists, period, response, apart, free_text, seen, link, tombstone, tombstone_waits,
 * quarantine, ticket, audit, accounts, placements, actions. */
struct office_snapshot {
	enum err (*begin)(void *context, const struct office_digest *digest, uint64_t bytes);
	enum err (*sink)(void *context, const void *data, size_t length);
	void *context;
};
enum err office_snapshot(struct office *office, const struct office_snapshot *snapshot) MUST_CHECK;

enum err office_digest(struct office *office, struct office_digest *out) MUST_CHECK;

/* As canonical JSON: {"TABLE":{"hash":HEX,"rows":N},...}; and whether two say the same (*TABLE: the first that differs). */
enum err office_digest_encode(const struct office_digest *digest, struct arena *arena, char **out,
			      size_t *length) MUST_CHECK;
enum err office_digest_decode(const char *json, size_t length, struct arena *arena,
			      struct office_digest *out) MUST_CHECK;
bool office_digest_is_equal(const struct office_digest *one, const struct office_digest *other, const char **table);

/* ---- the clock: keeping_day.c -------------------------------------------------------------------------------- */

/* The newest day that the office knows to have been: that of the newest run of expire (of the first key period where there was none), or
 * of a backup since that follows on it within OFFICE_DAY_AHEAD. ERR_NOT_FOUND where it knows none. */
enum err office_day_last(struct office *office, struct date *last) MUST_CHECK;

/* Whether TODAY lies from OFFICE_DAY_BEHIND before to OFFICE_DAY_AHEAD after that day; true where none is known. */
enum err office_day_is_likely(struct office *office, struct date today, bool *is_likely) MUST_CHECK;

/* ---- expiry: keeping_expire.c -------------------------------------------------------------------------------- */

/* What one run has deleted. */
struct office_expired {
	size_t events_closed; /* still open, though their time was over */
	size_t responses;     /* rows of response, released or not */
	size_t apart;
	size_t texts;
	size_t quarantined;
	size_t audit;
};

/* One run, in one transaction; it takes the next backup number (expire_run). A response goes, with its apart half, its texts and its
 * link, on the day that its thank-you named: the event's day plus what its form version keeps (form's "privacy: keep"); its
 * id stays seen. Apart texts that a release has cut loose go with the first of their form's versions. An event all of whose
 * served forms are past that day is over: closed first where it still takes answers (audit "event.close", actor "timer"), emptied,
 * and expired_on set; from then on filing answers OFFICE_FILED_EXPIRED and it never opens again. One that is over already, but not empty
 * (a merge), is emptied. Quarantine after OFFICE_QUARANTINE_MONTHS, audit after OFFICE_AUDIT_MONTHS. What was
 * deleted goes into the audit as counts: actions "expire.responses", "expire.texts", "expire.quarantine", "expire.audit",
 * each with its number, where it is not 0. Then the file is rebuilt in key order. ERR_CORRUPT when a form version that
 * is needed cannot be read. */
enum err office_expire(struct office *office, struct date today, struct office_expired *out) MUST_CHECK;

/* The day of the newest run; ERR_NOT_FOUND when there was none. */
enum err office_expire_last(struct office *office, struct date *day) MUST_CHECK;

/* ---- key periods: keeping_period.c --------------------------------------------------------------------------- */

struct office_period {
	uint8_t id[KEYS_ID_BYTES];
	bool is_practice;
	bool has_begun, is_retired, is_destroyed; /* whether the days below are known */
	struct date begun_on, retired_on, destroyed_on;
};

/* Makes the office know the key set: every period gets a row, those without a first day and current get TODAY as such, those no
 * longer current (or not in it any more) and not yet retired are retired TODAY. Safe to repeat. */
enum err office_periods_note(struct office *office, const struct keyset *keyset, struct date today) MUST_CHECK;

enum err office_periods(struct office *office, struct arena *arena, struct office_period **out,
			size_t *count) MUST_CHECK;

/* Those to destroy: retired, not destroyed, no link hangs on an id seen under it, and TODAY is at or past retired_on plus the
 * longest keep of any published form version (at least FORM_KEEP_MONTHS_DEFAULT) plus OFFICE_BACKUP_KEEP_DAYS. ERR_CORRUPT when a
 * form version cannot be read. */
enum err office_periods_over(struct office *office, struct date today, struct arena *arena, struct office_period **out,
			     size_t *count) MUST_CHECK;

/* Secret and sealed copy are gone: ids seen and tombstones under it go too, the row stays. Audit: "period.destroy", the id
 * in hexadecimal. Again: nothing more. ERR_CONFLICT when a link still hangs on it or it never retired; ERR_NOT_FOUND. */
enum err office_period_destroyed(struct office *office, const uint8_t id[KEYS_ID_BYTES], struct date today) MUST_CHECK;

/* The collector asks before it complains of a missing secret. *IS_DESTROYED false for an unknown id. */
enum err office_period_is_destroyed(struct office *office, const uint8_t id[KEYS_ID_BYTES],
				    bool *is_destroyed) MUST_CHECK;

/* ---- restoring: keeping_merge.c ------------------------------------------------------------------------------ */

/* Makes a file that came out of a backup the office from now on: a new generation, so that every mark in the spool is void;
 * serial at least LEAST_SERIAL and OFFICE_SERIAL_JUMP above its own, serials seen forgotten; backup NUMBER finished, at FILE;
 * flush numbers kept; nobody is signed in, and no one-time address works. Audit: "restore", the number; the audit's numbers jump too, past the lines of the office that is gone. ERR_NOT_FOUND
 * when the file does not know NUMBER; ERR_INVALID when FILE is no absolute path. Before or after merging. */
enum err office_renew(struct office *office, uint64_t number, const char *file, uint64_t least_serial) MUST_CHECK;

/* What office_merge took over. */
struct office_merged {
	size_t tombstones; /* that were not here */
	size_t withdrawn;  /* responses that went because of them, or of a period destroyed there */
	size_t released;   /* events whose release was repeated */
	size_t events;     /* that were not here */
	size_t quarantined;
};

/* Takes over from OTHER (opened as OFFICE_CLI; only read), in one transaction, what must never be undone or lost by going back,
 * whichever of the two is newer:
 *   form versions, events (with languages, forms, served versions; never their responses) that are not here. An event goes on
 *     from where it got furthest in either (planned, open, grace, closed), and is over in both when it is in one: run expire next;
 *   periods, and that they were retired or destroyed (the earlier day). Destroyed ones lose ids and tombstones here too, and
 *     what still hangs on them and does not lie there, released: it was withdrawn there, or its days are over;
 *   tombstones: whatever here carries that receipt goes, as if the withdrawal came again, but for what it came too late
 *     for there, because that response was released by then (its release is repeated here); unmatched ones wait for the
 *     events that they waited for there and that are not released here;
 *   releases: an event released more often there gets that release number here: its responses here are frozen (with the
 *     number after the last one here: that release was theirs), its links destroyed, release_backup set to the next
 *     backup number. A release here whose backup has not finished waits for the next number too: no backup of there holds it;
 *   what organisers keep (accounts, events' details, placements, targets, actions): the newer of two rows, by version; an account that
 *     has ended, a step or a code that was used, an action that was removed stay so. No session, no one-time address;
 *   quarantine (by hash), audit lines and rows of backup whose numbers are not here; backups finished in either are finished.
 * Once expire has run, nothing depends on the order in which several states of one office were merged; merging one twice
 * changes nothing more. */
enum err office_merge(struct office *office, struct office *other, struct office_merged *out) MUST_CHECK;

#endif
