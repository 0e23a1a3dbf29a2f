/* SPDX-License-Identifier: MIT */
/* catalogue.c: opening a published catalogue, and looking things up in it.
 *
 * Front machines trust the root's public key and nothing else: every byte that is used was signed for, by way of the
 * key set, the manifest and the database's hash, in the order that soundings-catalogue(5) gives. Must not write, and
 * must not follow a symbolic link below "current". What every request needs (words, organisation, forms) is parsed once
 * and kept until the catalogue is closed; events are small and are read when they are asked for. */
#include "lib/catalogue/catalogue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/memory.h"
#include "lib/catalogue/database.h"
#include "lib/catalogue/directory.h"
#include "lib/catalogue/manifest.h"
#include "lib/form/form_document.h"

enum {
	CATALOGUE_ARENA_BYTES = 128 * 1024 * 1024, /* parsed words, organisation and forms */
	CATALOGUE_TRIES = 3                        /* publications may swap between our two looks */
};

enum catalogue_statement {
	STATEMENT_PUBLICATION,
	STATEMENT_EVENT,
	STATEMENT_LANGUAGES,
	STATEMENT_FORMS,
	STATEMENT_FORM,
	STATEMENT_AREA,
	STATEMENT_CODES,
	STATEMENT_SOUNDS,
	STATEMENT_SOUND,
	STATEMENT_COUNT
};

static const char *const catalogue_sql[STATEMENT_COUNT] = {
	[STATEMENT_PUBLICATION] = "SELECT serial, organisation, words FROM catalogue",
	[STATEMENT_EVENT] =
		"SELECT title, place, held_on, area, programme, is_practice, is_wales, is_careful, wants_tickets, "
		"state,"
		" note, points_to, document FROM event LEFT JOIN event_shown ON event = code WHERE code = ?1",
	[STATEMENT_LANGUAGES] = "SELECT tag FROM event_language WHERE event = ?1 ORDER BY position",
	[STATEMENT_FORMS] = "SELECT form, version FROM event_form WHERE event = ?1 ORDER BY position",
	[STATEMENT_FORM] = "SELECT document FROM form_version WHERE form = ?1 AND version = ?2",
	[STATEMENT_AREA] = "SELECT document FROM area_shown WHERE area = ?1",
	[STATEMENT_CODES] = "SELECT code FROM event WHERE state IN (?1, ?2) ORDER BY held_on, title, code LIMIT ?3",
	[STATEMENT_SOUNDS] = "SELECT DISTINCT name, hash FROM sound ORDER BY name",
	[STATEMENT_SOUND] = "SELECT name FROM sound WHERE key = ?1",
};

struct catalogue_cached {
	struct catalogue_cached *next;
	const char *name;
	uint32_t version;
	const struct form *form; /* NULL: it does not parse */
};

struct catalogue {
	struct arena arena;        /* all that is parsed */
	int root;                  /* descriptor of the catalogue folder */
	char name[DIRECTORY_NAME]; /* which directory in it this is */
	sqlite3 *database;
	sqlite3_stmt *statements[STATEMENT_COUNT];
	struct manifest manifest;
	struct words_set words;
	struct organisation *organisation;
	struct catalogue_cached *forms; /* a handful: a list will do */
};

/* ---- opening ------------------------------------------------------------------------------------------------------
 */

static enum err catalogue_check_database(struct catalogue *catalogue, const char *root_dir, int dir,
					 struct catalogue_refusal *refusal)
{
	refusal->reason = "database";
	/* O_NONBLOCK: opening a FIFO that somebody put there must not hang. */
	CLEANUP_FD int fd = openat(dir, "catalogue.db", O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT ? ERR_CORRUPT : file_err(errno);
	struct stat status;
	if (fstat(fd, &status) < 0)
		return file_err(errno);
	if (!S_ISREG(status.st_mode))
		return ERR_DENIED;
	refusal->reason = "size";
	if (status.st_size > DATABASE_MAX_BYTES || (uint64_t) status.st_size != catalogue->manifest.bytes)
		return ERR_CORRUPT;
	refusal->reason = "hash";
	uint8_t hash[32];
	uint64_t bytes = 0;
	enum err error = keys_hash_fd(fd, &bytes, hash);
	if (error != ERR_OK)
		return error;
	if (bytes != catalogue->manifest.bytes || memcmp(hash, catalogue->manifest.database, sizeof hash) != 0)
		return ERR_CORRUPT;
	refusal->reason = "database";
	error = database_open(root_dir, catalogue->name, &status, &catalogue->database);
	if (error != ERR_OK)
		return error;
	if (database_is_of_other_version(catalogue->database)) {
		refusal->reason = "schema";
		return ERR_CORRUPT;
	}
	return database_confine(catalogue->database, catalogue_sql, STATEMENT_COUNT, catalogue->statements);
}

/* What every request needs. */
static enum err catalogue_load(struct catalogue *catalogue, struct catalogue_refusal *refusal)
{
	CLEANUP_RESET sqlite3_stmt *row = catalogue->statements[STATEMENT_PUBLICATION];
	refusal->reason = "database";
	enum err error = database_row(row);
	if (error != ERR_OK)
		return error == ERR_NOT_FOUND ? ERR_CORRUPT : error;
	if ((uint64_t) sqlite3_column_int64(row, 0) != catalogue->manifest.serial)
		return ERR_CORRUPT;
	const char *organisation = (const char *) sqlite3_column_text(row, 1);
	const char *words = (const char *) sqlite3_column_text(row, 2);
	if (organisation == NULL || words == NULL)
		return ERR_NOMEM; /* the columns are NOT NULL */
	refusal->reason = "organisation";
	error = organisation_decode(organisation, strlen(organisation), &catalogue->arena, &catalogue->organisation);
	if (error != ERR_OK)
		return error;
	refusal->reason = "words";
	return words_decode(words, strlen(words), &catalogue->arena, &catalogue->words);
}

/* All checks, in order. */
static enum err catalogue_verify(struct catalogue *catalogue, const char *root_dir,
				 const uint8_t root_public[KEYS_PUBLIC_BYTES], uint64_t floor_serial,
				 uint64_t floor_keyset, struct catalogue_refusal *refusal)
{
	refusal->reason = "directory";
	CLEANUP_FD int dir = openat(catalogue->root, catalogue->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return errno == ENOTDIR ? ERR_DENIED : file_err(errno); /* ENOTDIR: a symbolic link, or a file */
	enum err error = manifest_read(dir, root_public, &catalogue->manifest, &refusal->reason);
	if (error != ERR_OK)
		return error;
	refusal->reason = "name";
	uint64_t named = 0;
	if (!directory_parse(catalogue->name, &named) || named != catalogue->manifest.serial)
		return ERR_CORRUPT;
	refusal->reason = "serial";
	if (catalogue->manifest.serial < floor_serial || catalogue->manifest.keyset.serial < floor_keyset)
		return ERR_DENIED;
	error = catalogue_check_database(catalogue, root_dir, dir, refusal);
	return error != ERR_OK ? error : catalogue_load(catalogue, refusal);
}

enum err directory_open(const char *root_dir, const char *name, const uint8_t root_public[KEYS_PUBLIC_BYTES],
			uint64_t floor_serial, uint64_t floor_keyset, struct catalogue **out,
			struct catalogue_refusal *refusal)
{
	refusal->reason = "directory";
	struct catalogue *catalogue = calloc(1, sizeof *catalogue);
	if (catalogue == NULL)
		return ERR_NOMEM;
	arena_init_mapped(&catalogue->arena, CATALOGUE_ARENA_BYTES);
	memcpy(catalogue->name, name, strnlen(name, DIRECTORY_NAME - 1));
	catalogue->root = open(root_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err error = catalogue->root < 0 ? file_err(errno) : ERR_OK;
	if (error == ERR_OK)
		error = catalogue_verify(catalogue, root_dir, root_public, floor_serial, floor_keyset, refusal);
	if (error != ERR_OK) {
		catalogue_close(catalogue);
		return error;
	}
	refusal->reason = NULL;
	*out = catalogue;
	return ERR_OK;
}

enum err catalogue_open(const char *root_dir, const uint8_t root_public[KEYS_PUBLIC_BYTES], uint64_t floor_serial,
			uint64_t floor_keyset, struct catalogue **out, struct catalogue_refusal *refusal)
{
	refusal->reason = "link";
	CLEANUP_FD int root = open(root_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return file_err(errno);
	enum err error = ERR_OK;
	char name[DIRECTORY_NAME], now[DIRECTORY_NAME];
	for (int i = 0; i < CATALOGUE_TRIES; i++) {
		uint64_t serial = 0;
		refusal->reason = "link";
		name[0] = now[0] = '\0';
		error = directory_current(root, name, &serial);
		if (error == ERR_OK)
			error = directory_open(root_dir, name, root_public, floor_serial, floor_keyset, out, refusal);
		/* Two publications may go by while we read, and take what we read away. Nothing else is worth another
		 * try. */
		if (error == ERR_OK || directory_current(root, now, &serial) != ERR_OK || strcmp(now, name) == 0)
			break;
	}
	/* "Not found" means that nothing is published: a link that leads nowhere is another thing. */
	return error == ERR_NOT_FOUND && now[0] != '\0' ? ERR_CORRUPT : error;
}

void catalogue_close(struct catalogue *catalogue)
{
	if (catalogue == NULL)
		return;
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(catalogue->statements[i]);
	sqlite3_close(catalogue->database);
	file_close(&catalogue->root);
	arena_fini(&catalogue->arena);
	free(catalogue);
	memory_trim(); /* a worker closes one when it has the next: what parsing that one took is free now, and this one's place */
}

bool catalogue_is_stale(const struct catalogue *catalogue)
{
	char name[DIRECTORY_NAME];
	uint64_t serial = 0;
	return directory_current(catalogue->root, name, &serial) != ERR_OK || strcmp(name, catalogue->name) != 0;
}

uint64_t catalogue_serial(const struct catalogue *catalogue)
{
	return catalogue->manifest.serial;
}

const struct keyset *catalogue_keyset(const struct catalogue *catalogue)
{
	return &catalogue->manifest.keyset;
}

const struct words_set *catalogue_words(const struct catalogue *catalogue)
{
	return &catalogue->words;
}

const struct organisation *catalogue_organisation(const struct catalogue *catalogue)
{
	return catalogue->organisation;
}

/* ---- looking up ---------------------------------------------------------------------------------------------------
 */

/* A text column, copied. NULL: no memory (or a NULL column). */
static const char *catalogue_text(sqlite3_stmt *row, int column, struct arena *arena)
{
	const char *text = (const char *) sqlite3_column_text(row, column);
	return text == NULL ? NULL : arena_strdup(arena, text);
}

/* Upper case and of a code's shape, or false. */
static bool catalogue_code(const char *text, char code[CATALOGUE_CODE_SIGNS + 1])
{
	size_t length = strnlen(text, CATALOGUE_CODE_SIGNS + 1);
	for (size_t i = 0; i < length && i < CATALOGUE_CODE_SIGNS; i++) {
		char sign = text[i];
		if (sign >= 'a' && sign <= 'z')
			sign = (char) (sign - 'a' + 'A');
		if (!((sign >= '0' && sign <= '9') || (sign >= 'A' && sign <= 'Z')))
			return false;
		code[i] = sign;
	}
	code[CATALOGUE_CODE_SIGNS] = '\0';
	return length == CATALOGUE_CODE_SIGNS;
}

static enum err catalogue_event_row(struct catalogue *catalogue, struct arena *arena, struct catalogue_event *event)
{
	CLEANUP_RESET sqlite3_stmt *row = catalogue->statements[STATEMENT_EVENT];
	sqlite3_bind_text(row, 1, event->code, -1, SQLITE_STATIC);
	enum err error = database_row(row);
	if (error != ERR_OK)
		return error;
	event->title = catalogue_text(row, 0, arena);
	event->place = catalogue_text(row, 1, arena);
	const char *held_on = (const char *) sqlite3_column_text(row, 2);
	event->area = catalogue_text(row, 3, arena);
	event->programme = catalogue_text(row, 4, arena);
	event->is_practice = sqlite3_column_int(row, 5) != 0;
	event->is_wales = sqlite3_column_int(row, 6) != 0;
	event->is_careful = sqlite3_column_int(row, 7) != 0;
	event->wants_tickets = sqlite3_column_int(row, 8) != 0;
	const char *state = (const char *) sqlite3_column_text(row, 9);
	event->note = catalogue_text(row, 10, arena);
	bool has_target = sqlite3_column_type(row, 11) != SQLITE_NULL;
	event->points_to = catalogue_text(row, 11, arena);
	bool is_shown = sqlite3_column_type(row, 12) != SQLITE_NULL;
	event->shown = catalogue_text(row, 12, arena);
	if (event->title == NULL || event->place == NULL || event->area == NULL || event->programme == NULL ||
	    held_on == NULL || state == NULL || event->note == NULL || (has_target && event->points_to == NULL) ||
	    (is_shown && event->shown == NULL))
		return ERR_NOMEM;
	if (date_parse(held_on, &event->held_on) != ERR_OK || event_state_parse(state, &event->state) != ERR_OK)
		return ERR_CORRUPT;
	return ERR_OK;
}

static enum err catalogue_event_languages(struct catalogue *catalogue, struct arena *arena,
					  struct catalogue_event *event)
{
	CLEANUP_RESET sqlite3_stmt *row = catalogue->statements[STATEMENT_LANGUAGES];
	const char **tags = arena_array(arena, CATALOGUE_LANGUAGES_MAX, const char *);
	if (tags == NULL)
		return ERR_NOMEM;
	sqlite3_bind_text(row, 1, event->code, -1, SQLITE_STATIC);
	enum err error;
	size_t count = 0;
	while ((error = database_row(row)) == ERR_OK) {
		if (count == CATALOGUE_LANGUAGES_MAX)
			return ERR_CORRUPT;
		if ((tags[count++] = catalogue_text(row, 0, arena)) == NULL)
			return ERR_NOMEM;
	}
	event->languages = tags;
	event->languages_count = count;
	return error != ERR_NOT_FOUND ? error : count == 0 ? ERR_CORRUPT : ERR_OK;
}

static enum err catalogue_event_forms(struct catalogue *catalogue, struct arena *arena, struct catalogue_event *event)
{
	CLEANUP_RESET sqlite3_stmt *row = catalogue->statements[STATEMENT_FORMS];
	struct catalogue_form_ref *forms = arena_array(arena, CATALOGUE_FORMS_MAX, struct catalogue_form_ref);
	if (forms == NULL)
		return ERR_NOMEM;
	sqlite3_bind_text(row, 1, event->code, -1, SQLITE_STATIC);
	enum err error;
	size_t count = 0;
	while ((error = database_row(row)) == ERR_OK) {
		if (count == CATALOGUE_FORMS_MAX)
			return ERR_CORRUPT;
		forms[count].version = (uint32_t) sqlite3_column_int64(row, 1);
		if ((forms[count++].form = catalogue_text(row, 0, arena)) == NULL)
			return ERR_NOMEM;
	}
	event->forms = forms;
	event->forms_count = count;
	return error == ERR_NOT_FOUND ? ERR_OK : error;
}

enum err catalogue_event(struct catalogue *catalogue, const char *code, struct arena *arena,
			 struct catalogue_event **out)
{
	char upper[CATALOGUE_CODE_SIGNS + 1];
	if (!catalogue_code(code, upper))
		return ERR_NOT_FOUND;
	struct catalogue_event *event = arena_new(arena, struct catalogue_event);
	if (event == NULL || (event->code = arena_strdup(arena, upper)) == NULL)
		return ERR_NOMEM;
	enum err error = catalogue_event_row(catalogue, arena, event);
	if (error == ERR_OK)
		error = catalogue_event_languages(catalogue, arena, event);
	if (error == ERR_OK)
		error = catalogue_event_forms(catalogue, arena, event);
	if (error == ERR_OK)
		*out = event;
	return error;
}

enum err catalogue_codes(struct catalogue *catalogue, enum event_state one, enum event_state other, struct arena *arena,
			 const char *const **out, size_t *count)
{
	CLEANUP_RESET sqlite3_stmt *row = catalogue->statements[STATEMENT_CODES];
	const char **codes = arena_array(arena, CATALOGUE_LISTED_MAX, const char *);
	if (codes == NULL)
		return ERR_NOMEM;
	sqlite3_bind_text(row, 1, event_state_name(one), -1, SQLITE_STATIC);
	sqlite3_bind_text(row, 2, event_state_name(other), -1, SQLITE_STATIC);
	sqlite3_bind_int(row, 3, CATALOGUE_LISTED_MAX);
	enum err error;
	size_t used = 0;
	while ((error = database_row(row)) == ERR_OK)
		if ((codes[used++] = catalogue_text(row, 0, arena)) == NULL)
			return ERR_NOMEM;
	*out = codes;
	*count = used;
	return error == ERR_NOT_FOUND ? ERR_OK : error;
}

enum err catalogue_sounds(struct catalogue *catalogue, struct arena *arena, struct catalogue_sound **out, size_t *count)
{
	CLEANUP_RESET sqlite3_stmt *row = catalogue->statements[STATEMENT_SOUNDS];
	struct catalogue_sound *list = NULL;
	enum err error;
	size_t used = 0, room = 0;
	while ((error = database_row(row)) == ERR_OK) {
		if (used == CATALOGUE_SOUNDS_MAX)
			return ERR_TOO_BIG;
		if (used == room) {
			room = room == 0 ? 256 : room * 2;
			list = arena_grow(arena, list, used, room, sizeof *list);
			if (list == NULL)
				return ERR_NOMEM;
		}
		struct catalogue_sound *sound = &list[used++];
		*sound = (struct catalogue_sound){.name = catalogue_text(row, 0, arena)};
		if (sound->name == NULL)
			return ERR_NOMEM;
		if (strlen(sound->name) != CATALOGUE_SOUND_NAME ||
		    strspn(sound->name, "0123456789abcdef") != CATALOGUE_SOUND_NAME ||
		    sqlite3_column_bytes(row, 1) != CATALOGUE_SOUND_HASH)
			return ERR_CORRUPT;
		memcpy(sound->hash, sqlite3_column_blob(row, 1), CATALOGUE_SOUND_HASH);
	}
	*out = list;
	*count = used;
	return error == ERR_NOT_FOUND ? ERR_OK : error;
}

enum err catalogue_area(struct catalogue *catalogue, const char *area, struct arena *arena, const char **shown)
{
	CLEANUP_RESET sqlite3_stmt *row = catalogue->statements[STATEMENT_AREA];
	sqlite3_bind_text(row, 1, area, -1, SQLITE_STATIC);
	enum err error = database_row(row);
	if (error != ERR_OK)
		return error;
	const char *document = catalogue_text(row, 0, arena);
	if (document == NULL)
		return ERR_NOMEM;
	*shown = document;
	return ERR_OK;
}

enum err catalogue_sound(struct catalogue *catalogue, const uint8_t key[CATALOGUE_SOUND_KEY],
			 char name[CATALOGUE_SOUND_NAME + 1])
{
	CLEANUP_RESET sqlite3_stmt *row = catalogue->statements[STATEMENT_SOUND];
	sqlite3_bind_blob(row, 1, key, CATALOGUE_SOUND_KEY, SQLITE_STATIC);
	enum err error = database_row(row);
	if (error != ERR_OK)
		return error;
	const char *found = (const char *) sqlite3_column_text(row, 0);
	if (found == NULL)
		return ERR_NOMEM;
	if (strlen(found) != CATALOGUE_SOUND_NAME)
		return ERR_CORRUPT;
	memcpy(name, found, CATALOGUE_SOUND_NAME + 1);
	return ERR_OK;
}

/* Reads and parses a form version into the cache. One that does not parse (a newer hub's, say) is remembered too: it
 * must not cost memory again with every request. */
static enum err catalogue_form_load(struct catalogue *catalogue, const char *name, uint32_t version,
				    struct catalogue_cached **out)
{
	CLEANUP_RESET sqlite3_stmt *row = catalogue->statements[STATEMENT_FORM];
	sqlite3_bind_text(row, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(row, 2, version);
	enum err error = database_row(row);
	if (error != ERR_OK)
		return error;
	const char *document = (const char *) sqlite3_column_text(row, 0);
	struct catalogue_cached *cached = arena_new(&catalogue->arena, struct catalogue_cached);
	if (document == NULL || cached == NULL || (cached->name = arena_strdup(&catalogue->arena, name)) == NULL)
		return ERR_NOMEM;
	cached->version = version;
	struct form *form = NULL;
	error = form_document_decode(document, strlen(document), version, &catalogue->arena, &form);
	memory_trim(); /* the JSON tree is much larger than the form, and lay at the end of the heap */
	if (error != ERR_OK && error != ERR_CORRUPT)
		return error;
	if (error == ERR_OK && strcmp(form->name, name) == 0)
		cached->form = form;
	cached->next = catalogue->forms;
	catalogue->forms = cached;
	*out = cached;
	return ERR_OK;
}

enum err catalogue_form(struct catalogue *catalogue, const char *form, uint32_t version, const struct form **out)
{
	struct catalogue_cached *cached = catalogue->forms;
	while (cached != NULL && (cached->version != version || strcmp(cached->name, form) != 0))
		cached = cached->next;
	if (cached == NULL) {
		enum err error = catalogue_form_load(catalogue, form, version, &cached);
		if (error != ERR_OK)
			return error;
	}
	if (cached->form == NULL)
		return ERR_CORRUPT;
	*out = cached->form;
	return ERR_OK;
}
