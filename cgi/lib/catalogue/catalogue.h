/* SPDX-License-Identifier: MIT */
/* catalogue.h: the published, read-only file that front machines work from: soundings-catalogue(5).
 *
 * catalogue/current is a symbolic link to catalogue/SERIAL-RANDOM/, which holds catalogue.db and manifest. The manifest
 * is a signed document (keys.h, kind "manifest", signed by the content key) whose body is canonical JSON:
 *   {"bytes":N,"database":HEX of BLAKE2b-256,"format":1,"keyset":"the signed key set as text","serial":N}
 * Readers open the directory first and both files inside it, verify key set (root), manifest (content key) and hash,
 * then open the database immutable. Publishing writes a new directory and swaps the link; old ones are removed by the
 * next. */
#ifndef SOUNDINGS_CATALOGUE_CATALOGUE_H
#define SOUNDINGS_CATALOGUE_CATALOGUE_H

#include "lib/base/arena.h"
#include "lib/base/date.h"
#include "lib/base/err.h"
#include "lib/envelope/keys.h"
#include "lib/form/form.h"
#include "lib/form/organisation.h"
#include "lib/form/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CATALOGUE_CODE_SIGNS = 6,                     /* of an event's code, [0-9A-Z] */
	CATALOGUE_LANGUAGES_MAX = FORM_LANGUAGES_MAX, /* that one event offers; at least 1 */
	CATALOGUE_FORMS_MAX = 32                      /* that one event serves */
};

enum event_state {
	EVENT_PLANNED, /* not yet open */
	EVENT_OPEN,
	EVENT_GRACE, /* closed to new pages; a page that is open already can still send, for 24 hours */
	EVENT_CLOSED,
	EVENT_RELEASED,
	EVENT_STATE_COUNT
};

/* "planned", "open", "grace", "closed", "released"; and back (ERR_INVALID). */
const char *event_state_name(enum event_state state);
enum err event_state_parse(const char *name, enum event_state *out) MUST_CHECK;

struct catalogue_form_ref {
	const char *form;
	uint32_t version; /* served to new pages */
};

struct catalogue_event {
	const char *code;  /* 6 signs, upper case */
	const char *title; /* as the organiser wrote it, one language */
	const char *place;
	struct date held_on;
	const char *area; /* name in organisation */
	const char *programme;
	bool is_practice;
	bool is_wales; /* start with the chooser, Cymraeg first */
	bool is_careful; /* exit button, and no title of it anywhere: the safety profile, or a form with the exit button */
	bool wants_tickets;
	enum event_state state;
	const char *const *languages; /* tags offered, in order; the first is the event's own */
	size_t languages_count;
	const struct catalogue_form_ref *forms;
	size_t forms_count;
	const char *note;      /* the organisers' to attendees, plain text in their own language; NULL or "" : none */
	const char *points_to; /* the code that this one's printed code leads to; NULL: itself */
	const char *shown;     /* what it shows once it is closed: shown.h; NULL when nothing yet */
};

/* What an Area's page and feed show. */
struct catalogue_area {
	const char *area;  /* name in organisation */
	const char *shown; /* shown.h */
};

/* What publishing needs. Forms: every version that an unreleased event has served. */
struct catalogue_form_version {
	const char *form;
	uint32_t version;
	const char *document; /* canonical, form_document.h */
	size_t document_length;
};

/* Which sound says a text (lib/spoken has the keys). */
enum { CATALOGUE_SOUND_KEY = 16, CATALOGUE_SOUND_NAME = 20, CATALOGUE_SOUND_HASH = 32 };
struct catalogue_sound {
	uint8_t key[CATALOGUE_SOUND_KEY];
	const char *
		name; /* of the files NAME.opus and NAME.mp3 in the instance's sound/: CATALOGUE_SOUND_NAME hexadecimal digits */
	uint32_t ms;
	uint8_t hash
		[CATALOGUE_SOUND_HASH]; /* of both files: BLAKE2b-256 of the two BLAKE2b-256 of NAME.opus and NAME.mp3 */
};

struct catalogue_content {
	uint64_t serial;
	const char *organisation; /* organisation_encode */
	const char *words;        /* words_encode */
	const struct catalogue_form_version *forms;
	size_t forms_count;
	const struct catalogue_event *events;
	size_t events_count;
	const struct catalogue_area *areas; /* those that show anything */
	size_t areas_count;
	const struct catalogue_sound *sounds;
	size_t sounds_count;
};

/* Writes and swaps in a catalogue under ROOT_DIR (the instance's catalogue/ folder). KEYSET is the signed document.
 * What is swapped in has been opened and read as a front machine would: ERR_INVALID or ERR_CORRUPT when the content
 * contradicts itself (an event names a form version or another event that is not there) or cannot be read back. ERR_CONFLICT when the
 * serial is not above the current one's, or the key set's is below; ERR_DENIED: the root did not sign the key set, or
 * the content key is not the one that it names; ERR_BUSY: somebody else publishes; ERR_FULL, ERR_IO, ERR_NOMEM. After
 * any failure the folder leads to the old catalogue or, when only the last fsync failed, to the new one. */
enum err catalogue_publish(const char *root_dir, const struct catalogue_content *content, const char *keyset,
			   size_t keyset_length, const struct root_pair *content_pair,
			   const uint8_t root_public[KEYS_PUBLIC_BYTES]) MUST_CHECK;

struct catalogue; /* an open one; one process, one thread */

/* Why a catalogue was refused, for the log: "link", "directory", "manifest", "keyset", "signature", "name", "serial",
 * "size", "hash", "schema", "database", "organisation" or "words" (soundings-catalogue(5) has the meanings). */
struct catalogue_refusal {
	const char *reason;
};

/* Opens ROOT_DIR/current and verifies it. FLOOR_SERIAL and FLOOR_KEYSET: serials below these are refused (ERR_DENIED,
 * reason "serial"). ERR_NOT_FOUND: nothing is published. ERR_DENIED, ERR_CORRUPT, ERR_IO with *REFUSAL. */
enum err catalogue_open(const char *root_dir, const uint8_t root_public[KEYS_PUBLIC_BYTES], uint64_t floor_serial,
			uint64_t floor_keyset, struct catalogue **out, struct catalogue_refusal *refusal) MUST_CHECK;
void catalogue_close(struct catalogue *catalogue);

/* True when ROOT_DIR/current no longer leads to the directory this one was opened from. One readlink(2). */
bool catalogue_is_stale(const struct catalogue *catalogue);

uint64_t catalogue_serial(const struct catalogue *catalogue);
const struct keyset *catalogue_keyset(const struct catalogue *catalogue);
const struct words_set *catalogue_words(const struct catalogue *catalogue);
const struct organisation *catalogue_organisation(const struct catalogue *catalogue);

/* The event of a code (any case). Lives in ARENA. ERR_NOT_FOUND, ERR_NOMEM, ERR_IO, ERR_CORRUPT. */
enum err catalogue_event(struct catalogue *catalogue, const char *code, struct arena *arena,
			 struct catalogue_event **out) MUST_CHECK;

/* The codes of all events in one of two states, for whoever chooses one on a machine: by day, then title. Live in ARENA. ERR_NOMEM, ERR_IO,
 * ERR_CORRUPT. */
enum { CATALOGUE_LISTED_MAX = 2000 };
enum err catalogue_codes(struct catalogue *catalogue, enum event_state one, enum event_state other, struct arena *arena,
			 const char *const **out, size_t *count) MUST_CHECK;

/* All sounds that it has, each name once, as if of the key 0 and of no length. Live in ARENA. ERR_TOO_BIG past CATALOGUE_SOUNDS_MAX; ERR_NOMEM, ERR_IO, ERR_CORRUPT. */
enum { CATALOGUE_SOUNDS_MAX = 100000 };
enum err catalogue_sounds(struct catalogue *catalogue, struct arena *arena, struct catalogue_sound **out,
			  size_t *count) MUST_CHECK;

/* The same of every finished catalogue in ROOT_DIR, the current one and those before it: a name may come more than once. ERR_CORRUPT, ERR_DENIED
 * where one of them cannot be believed. */
enum err catalogue_sounds_on_disk(const char *root_dir, const uint8_t root_public[KEYS_PUBLIC_BYTES],
				  struct arena *arena, struct catalogue_sound **out, size_t *count) MUST_CHECK;

/* What an Area shows (shown.h). Lives in ARENA. ERR_NOT_FOUND: nothing; ERR_NOMEM, ERR_IO, ERR_CORRUPT. */
enum err catalogue_area(struct catalogue *catalogue, const char *area, struct arena *arena,
			const char **shown) MUST_CHECK;

/* The name of the sound that says the text with this key. ERR_NOT_FOUND: none does; ERR_NOMEM, ERR_IO, ERR_CORRUPT. */
enum err catalogue_sound(struct catalogue *catalogue, const uint8_t key[CATALOGUE_SOUND_KEY],
			 char name[CATALOGUE_SOUND_NAME + 1]) MUST_CHECK;

/* A form version, kept in memory until the catalogue is closed. ERR_NOT_FOUND, ERR_CORRUPT, ERR_NOMEM. */
enum err catalogue_form(struct catalogue *catalogue, const char *form, uint32_t version,
			const struct form **out) MUST_CHECK;

#endif
