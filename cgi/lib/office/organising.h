/* SPDX-License-Identifier: MIT */
/* organising.h: what organisers keep about their events beside what attendees see: who came, partners, series, placements, actions (you
 * said, we did), and the audit with its chain. Written by the organiser program and the command line.
 *
 * Every row that two people may change has a version: a change names the version it was made from, and ERR_CONFLICT says that there is a
 * newer one, so that nobody's work is lost without being told. All words are organisers', UTF-8, limits below (ERR_INVALID). */
#ifndef SOUNDINGS_OFFICE_ORGANISING_H
#define SOUNDINGS_OFFICE_ORGANISING_H

#include "lib/office/office.h"

enum {
	OFFICE_LINE_MAX = 200, /* characters of a title, place, partner, topic, owner */
	OFFICE_TEXT_MAX = 2000 /* of a note, what people said, what we did */
};

/* ---- events ------------------------------------------------------------------------------------------------------------ */

/* All optional: "" , false, a day of year 0, or OFFICE_UNKNOWN. */
enum { OFFICE_UNKNOWN = -1 };
struct office_event_detail {
	const char *partner;
	const char *communities; /* comma-separated, as typed */
	const char *topic;
	const char *strand;
	const char *note;    /* to attendees: shown on the page above the form, and on no other event's */
	const char *channel; /* how people were told: R23 */
	int64_t reach;
	int64_t expected;
	int64_t came;          /* the count at the door */
	bool is_refuge;        /* safety profile: neutral titles, no organisation's name on anything printed */
	struct date opens_on;  /* planned -> open on that day, by the tick */
	struct date closes_on; /* open -> grace at the end of that day, by the tick */
	struct date
		next_on; /* until when people hear what was done; without it 90 days after the event (domain.md 8.6) */
	const char *series;    /* the code of its first event; "" */
	const char *points_to; /* a code: the printed code of this event leads there; "" */
	uint32_t version;
};
enum err office_event_detail(struct office *office, const char *code, struct arena *arena,
			     struct office_event_detail *out) MUST_CHECK;
/* Adds event and detail in one transaction. As office_event_add. */
enum err office_event_plan(struct office *office, const struct office_event *event,
			   const struct office_event_detail *detail, struct arena *arena, char **code) MUST_CHECK;
/* Title, place, day, programme, Area, languages, forms (only while it is planned, or practice: else ERR_DENIED when they differ) and the
 * detail but for points_to. Its actions follow it to another Area. ERR_CONFLICT: detail->version is not the newest; ERR_INVALID: words or days
 * that do not fit, a series that is not there; ERR_NOT_FOUND: the event, or a form that was never published. */
enum err office_event_change(struct office *office, const struct office_event *event,
			     const struct office_event_detail *detail) MUST_CHECK;
/* The first of DAYS is an event that is there and is changed, as office_event_change; the others are added, as office_event_plan: all of them
 * or, on any error, none. */
struct office_event_day {
	struct office_event event;
	struct office_event_detail detail;
};
enum err office_event_series(struct office *office, const struct office_event_day *days, size_t count,
			     struct arena *arena) MUST_CHECK;
/* The printed code leads to TARGET from the next publication on ("" : to itself again). ERR_INVALID: to itself, to one that leads on,
 * is over or unknown, from practice to what counts or back, or another leads here; ERR_CONFLICT: version. */
enum err office_event_point(struct office *office, const char *code, uint32_t version, const char *target) MUST_CHECK;

/* One line of a list. */
struct office_event_line {
	struct office_event *event;
	const char *band; /* office_event_band */
	int64_t expected, came;
	struct date opens_on, closes_on, next_on;
	const char *series;
	size_t actions; /* linked to it */
};
struct office_event_search {
	const char
		*words; /* each must be in title, place, partner, communities, topic or code, whatever the case; "" */
	const char *const *areas; /* NULL: all */
	size_t areas_count;
	const char *programme; /* "" : any */
	int state;             /* enum event_state; -1: any */
	struct date from, to;  /* held on; year 0: open */
	bool with_practice;
	bool soonest_first;
	bool waits_only; /* not practice, and it goes on, or is over without an action linked to it */
	size_t skip, most;
};
/* In order of day, newest first unless soonest_first. *TOTAL: how many there are in all. No more than MOST rows are read. */
enum err office_event_find(struct office *office, const struct office_event_search *search, struct arena *arena,
			   struct office_event_line **out, size_t *count, size_t *total) MUST_CHECK;

/* ---- placements (R7, R31) ------------------------------------------------------------------------------------------------- */

enum {
	OFFICE_CRITERIA = 6
}; /* free school meals or pupil premium; school below average; ethnic minority background; NBCPA; disability; in care */
struct office_placement {
	int64_t id;
	const char *area;
	int year, quarter; /* 1 to 4, of the financial year that begins in April of YEAR */
	const char *kind;  /* a name of placement kinds in organisation.yaml: "five-day", "university", "group" */
	int64_t offered, taken_up, completed;
	int64_t criteria
		[OFFICE_CRITERIA]; /* of those taken up; one person may meet several, so no sum is a number of people */
	uint32_t version;
};
/* ERR_INVALID also where more were taken up than offered, or completed, or met a criterion, than were taken up. ERR_CONFLICT:
 * version, or there is one of this kind in this quarter; ERR_NOT_FOUND. */
enum err office_placement_save(struct office *office,
			       const struct office_placement *placement) MUST_CHECK; /* id 0: new */
enum err office_placement_get(struct office *office, int64_t id, struct arena *arena,
			      struct office_placement **out) MUST_CHECK;
enum err office_placement_list(struct office *office, const char *const *areas, size_t areas_count, int year,
			       struct arena *arena, struct office_placement **out, size_t *count) MUST_CHECK;
enum err office_target_get(struct office *office, const char *area, int year,
			   int64_t *places) MUST_CHECK; /* OFFICE_UNKNOWN */
enum err office_target_set(struct office *office, const char *area, int year, int64_t places) MUST_CHECK;

/* ---- actions: you said, we did (domain.md 8.6) ------------------------------------------------------------------------------ */

enum action_status { ACTION_HEARD, ACTION_DOING, ACTION_DONE, ACTION_CANNOT, ACTION_STATUS_COUNT };
const char *action_status_name(enum action_status status); /* "heard", "doing", "done", "cannot" */
enum err action_status_parse(const char *name, enum action_status *out) MUST_CHECK;
enum action_many {
	ACTION_MANY_UNSAID,
	ACTION_A_FEW,
	ACTION_SEVERAL,
	ACTION_MANY,
	ACTION_MANY_COUNT
}; /* never a number below 10 */

struct office_action_text {
	const char *tag; /* language */
	const char *theme;
	const char *said; /* plain words */
	const char *did;  /* what we did, are doing, or why we cannot; "" only when heard */
};
struct office_action {
	int64_t id; /* random */
	const char *area;
	const char *event; /* code; "" : of the Area */
	enum action_status status;
	enum action_many many;
	const char *owner; /* a role, never a person's name */
	const char *aim;   /* a name of aims in organisation.yaml; "" */
	const char *partner;
	const char *evidence; /* https address; "" */
	struct date said_on, due, done_on;
	struct date
		changed_on; /* the day of its newest change, for the Area's feed: office_action_save sets it, whatever is here */
	bool is_public;
	const struct office_action_text *texts; /* [0] is the first language it was written in */
	size_t texts_count;
	uint32_t version;
};
/* ERR_INVALID: words that do not fit, no text, a language twice, nothing in DID though it is not only heard, an event that is unknown or of
 * another Area; ERR_CONFLICT: version; ERR_NOT_FOUND: never saved, or removed. */
enum err office_action_save(struct office *office, const struct office_action *action,
			    int64_t *id) MUST_CHECK; /* id 0: new */
enum err office_action_get(struct office *office, int64_t id, struct arena *arena,
			   struct office_action **out) MUST_CHECK;
struct office_action_search {
	const char *const *areas; /* NULL: all */
	size_t areas_count;
	const char *event; /* "" : any */
	bool due_only;     /* heard or doing, and due by TODAY */
	bool public_only;
	struct date today;
	size_t skip, most;
};
/* What is due: the longest due first. Else what was said last first. */
enum err office_action_find(struct office *office, const struct office_action_search *search, struct arena *arena,
			    struct office_action **out, size_t *count, size_t *total) MUST_CHECK;
enum err office_action_remove(struct office *office, int64_t id, uint32_t version) MUST_CHECK;

/* ---- audit ------------------------------------------------------------------------------------------------------------------ */

/* Each line carries BLAKE2b-256 over the line before it and its own content (soundings-keeping(7)); the head is the newest line's number and
 * hash. A head that was signed and is kept elsewhere shows what was cut off at the end. */
struct office_audit_line {
	int64_t number;
	struct date day;
	const char *actor, *action, *subject, *words; /* words: NULL */
};
/* Newest first. */
enum err office_audit_list(struct office *office, size_t skip, size_t most, struct arena *arena,
			   struct office_audit_line **out, size_t *count, size_t *total) MUST_CHECK;
struct office_audit_head {
	int64_t number; /* 0: no line yet */
	uint8_t hash[32];
};
enum err office_audit_head(struct office *office, struct office_audit_head *out) MUST_CHECK;
/* Reckons the whole chain. *BROKEN_AT: the first line that is not as it was written (0: none); ERR_CORRUPT then. WANTED (NULL: none): a signed
 * head of before; a chain that does not hold it is broken at that number. */
enum err office_audit_verify(struct office *office, const struct office_audit_head *wanted,
			     int64_t *broken_at) MUST_CHECK;

#endif
