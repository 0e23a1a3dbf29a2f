/* SPDX-License-Identifier: MIT */
/* catalogue_publish.c: writing a catalogue and swapping it in.
 *
 * Order is everything: the directory is complete and on disk under its final name, and has been opened and read as a
 * front machine would, before the one rename(2) that makes it current. So a crash at any point leaves "current" at a
 * whole catalogue, old or new, and what else it leaves is swept away by the next publication. Must not touch the
 * directory that "current" leads to, nor the one before it: readers may be between the link and the files.
 * soundings-catalogue(5). */
#include "lib/catalogue/catalogue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/random.h"
#include "lib/catalogue/database.h"
#include "lib/catalogue/directory.h"
#include "lib/catalogue/manifest.h"
#include "lib/catalogue/shown.h"
#include "schema_catalogue.h"

enum {
	PUBLISH_ARENA_BYTES = 8 * 1024 * 1024, /* the manifest, paths, and one event or Area read back at a time */
	PUBLISH_DIR_MODE = 0755,               /* who may come this far is decided by the folder around it */
	PUBLISH_FILE_MODE = 0444
};

struct publish {
	struct arena arena;
	const char *root_dir;
	int root;                      /* descriptor of it, locked */
	char previous[DIRECTORY_NAME]; /* what "current" leads to; "" for the first publication */
	char name[DIRECTORY_NAME];     /* what it will lead to */
	char building[DIRECTORY_NAME]; /* the same directory while it is being filled */
	char link[DIRECTORY_NAME];     /* the new link before it is renamed over the old one */
};

enum publish_statement {
	PUBLISH_PRAGMAS,
	PUBLISH_BEGIN,
	PUBLISH_CATALOGUE,
	PUBLISH_FORM,
	PUBLISH_EVENT,
	PUBLISH_LANGUAGE,
	PUBLISH_EVENT_FORM,
	PUBLISH_POINT,
	PUBLISH_SHOWN,
	PUBLISH_AREA,
	PUBLISH_SOUND,
	PUBLISH_COMMIT,
	PUBLISH_STATEMENT_COUNT
};

static const char *const publish_sql[PUBLISH_STATEMENT_COUNT] = {
	/* A crash throws the file away: no journal, no waiting. It is synced once, when it is whole. */
	[PUBLISH_PRAGMAS] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
			    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY",
	[PUBLISH_BEGIN] = "BEGIN IMMEDIATE",
	[PUBLISH_CATALOGUE] = "INSERT INTO catalogue (id, serial, organisation, words) VALUES (1, ?1, ?2, ?3)",
	[PUBLISH_FORM] = "INSERT INTO form_version (form, version, document) VALUES (?1, ?2, ?3)",
	[PUBLISH_EVENT] =
		"INSERT INTO event (code, title, place, held_on, area, programme, is_practice, is_wales,"
		" is_careful, wants_tickets, state, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
	[PUBLISH_LANGUAGE] = "INSERT INTO event_language (event, position, tag) VALUES (?1, ?2, ?3)",
	[PUBLISH_EVENT_FORM] = "INSERT INTO event_form (event, position, form, version) VALUES (?1, ?2, ?3, ?4)",
	/* When all events are there: each names another. */
	[PUBLISH_POINT] = "UPDATE event SET points_to = ?2 WHERE code = ?1",
	[PUBLISH_SHOWN] = "INSERT INTO event_shown (event, document) VALUES (?1, ?2)",
	[PUBLISH_AREA] = "INSERT INTO area_shown (area, document) VALUES (?1, ?2)",
	[PUBLISH_SOUND] = "INSERT INTO sound (key, name, ms, hash) VALUES (?1, ?2, ?3, ?4)",
	[PUBLISH_COMMIT] = "COMMIT",
};

/* ---- the database -------------------------------------------------------------------------------------------------
 */

struct publish_database {
	sqlite3 *connection;
	sqlite3_stmt *statements[PUBLISH_STATEMENT_COUNT]; /* only the inserts are prepared */
};

static void publish_close(struct publish_database *database)
{
	for (size_t i = 0; i < PUBLISH_STATEMENT_COUNT; i++)
		sqlite3_finalize(database->statements[i]);
	sqlite3_close(database->connection);
}

static enum err publish_run(struct publish_database *database, const char *sql)
{
	return database_err(sqlite3_exec(database->connection, sql, NULL, NULL, NULL));
}

static enum err publish_create(const char *path, struct publish_database *out)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	enum err error = database_err(sqlite3_open_v2(path, &out->connection, flags, NULL));
	if (error == ERR_OK)
		error = publish_run(out, publish_sql[PUBLISH_PRAGMAS]);
	if (error == ERR_OK)
		error = publish_run(out, schema_catalogue);
	for (size_t i = PUBLISH_CATALOGUE; i <= PUBLISH_SOUND && error == ERR_OK; i++)
		error = database_err(
			sqlite3_prepare_v2(out->connection, publish_sql[i], -1, &out->statements[i], NULL));
	return error;
}

/* Runs a bound statement. A binding that failed left a NULL, which NOT NULL refuses. */
static enum err publish_insert(sqlite3_stmt *row)
{
	enum err error = database_row(row);
	return error == ERR_NOT_FOUND ? ERR_OK : error; /* none of them gives a row */
}

static void publish_bind(sqlite3_stmt *row, int index, const char *text)
{
	sqlite3_bind_text(row, index, text, -1, SQLITE_STATIC);
}

static enum err publish_put_catalogue(struct publish_database *database, const struct catalogue_content *content)
{
	CLEANUP_RESET sqlite3_stmt *row = database->statements[PUBLISH_CATALOGUE];
	sqlite3_bind_int64(row, 1, (sqlite3_int64) content->serial);
	publish_bind(row, 2, content->organisation);
	publish_bind(row, 3, content->words);
	return publish_insert(row);
}

static enum err publish_put_form(struct publish_database *database, const struct catalogue_form_version *form)
{
	CLEANUP_RESET sqlite3_stmt *row = database->statements[PUBLISH_FORM];
	publish_bind(row, 1, form->form);
	sqlite3_bind_int64(row, 2, form->version);
	sqlite3_bind_text64(row, 3, form->document, form->document_length, SQLITE_STATIC, SQLITE_UTF8);
	return publish_insert(row);
}

static enum err publish_put_event_row(struct publish_database *database, const struct catalogue_event *event)
{
	CLEANUP_RESET sqlite3_stmt *row = database->statements[PUBLISH_EVENT];
	char held_on[DATE_TEXT];
	date_format(event->held_on, held_on);
	publish_bind(row, 1, event->code);
	publish_bind(row, 2, event->title);
	publish_bind(row, 3, event->place);
	publish_bind(row, 4, held_on);
	publish_bind(row, 5, event->area);
	publish_bind(row, 6, event->programme);
	sqlite3_bind_int(row, 7, event->is_practice);
	sqlite3_bind_int(row, 8, event->is_wales);
	sqlite3_bind_int(row, 9, event->is_careful);
	sqlite3_bind_int(row, 10, event->wants_tickets);
	publish_bind(row, 11, event_state_name(event->state));
	publish_bind(row, 12, event->note != NULL ? event->note : "");
	return publish_insert(row);
}

/* A statement of two texts. */
static enum err publish_put_pair(sqlite3_stmt *statement, const char *first, const char *second)
{
	CLEANUP_RESET sqlite3_stmt *row = statement;
	publish_bind(row, 1, first);
	publish_bind(row, 2, second);
	return publish_insert(row);
}

static enum err publish_put_event_parts(struct publish_database *database, const struct catalogue_event *event)
{
	enum err error = ERR_OK;
	for (size_t i = 0; i < event->languages_count && error == ERR_OK; i++) {
		CLEANUP_RESET sqlite3_stmt *row = database->statements[PUBLISH_LANGUAGE];
		publish_bind(row, 1, event->code);
		sqlite3_bind_int64(row, 2, (sqlite3_int64) i);
		publish_bind(row, 3, event->languages[i]);
		error = publish_insert(row);
	}
	for (size_t i = 0; i < event->forms_count && error == ERR_OK; i++) {
		CLEANUP_RESET sqlite3_stmt *row = database->statements[PUBLISH_EVENT_FORM];
		publish_bind(row, 1, event->code);
		sqlite3_bind_int64(row, 2, (sqlite3_int64) i);
		publish_bind(row, 3, event->forms[i].form);
		sqlite3_bind_int64(row, 4, event->forms[i].version);
		error = publish_insert(row);
	}
	return error != ERR_OK || event->shown == NULL
		       ? error
		       : publish_put_pair(database->statements[PUBLISH_SHOWN], event->code, event->shown);
}

static enum err publish_put_event(struct publish_database *database, const struct catalogue_event *event)
{
	if (event->languages_count == 0 || event->languages_count > CATALOGUE_LANGUAGES_MAX ||
	    event->forms_count > CATALOGUE_FORMS_MAX)
		return ERR_INVALID;
	enum err error = publish_put_event_row(database, event);
	return error != ERR_OK ? error : publish_put_event_parts(database, event);
}

static enum err publish_put_sound(struct publish_database *database, const struct catalogue_sound *sound)
{
	CLEANUP_RESET sqlite3_stmt *row = database->statements[PUBLISH_SOUND];
	sqlite3_bind_blob(row, 1, sound->key, sizeof sound->key, SQLITE_STATIC);
	publish_bind(row, 2, sound->name);
	sqlite3_bind_int64(row, 3, sound->ms);
	sqlite3_bind_blob(row, 4, sound->hash, sizeof sound->hash, SQLITE_STATIC);
	return publish_insert(row);
}

/* catalogue.db at PATH, closed again. */
static enum err publish_database(const char *path, const struct catalogue_content *content)
{
	__attribute__((cleanup(publish_close))) struct publish_database database = {0};
	enum err error = publish_create(path, &database);
	if (error == ERR_OK)
		error = publish_run(&database, publish_sql[PUBLISH_BEGIN]);
	if (error == ERR_OK)
		error = publish_put_catalogue(&database, content);
	for (size_t i = 0; i < content->forms_count && error == ERR_OK; i++)
		error = publish_put_form(&database, &content->forms[i]);
	for (size_t i = 0; i < content->events_count && error == ERR_OK; i++)
		error = publish_put_event(&database, &content->events[i]);
	for (size_t i = 0; i < content->events_count && error == ERR_OK; i++)
		if (content->events[i].points_to != NULL)
			error = publish_put_pair(database.statements[PUBLISH_POINT], content->events[i].code,
						 content->events[i].points_to);
	for (size_t i = 0; i < content->areas_count && error == ERR_OK; i++)
		error = publish_put_pair(database.statements[PUBLISH_AREA], content->areas[i].area,
					 content->areas[i].shown);
	for (size_t i = 0; i < content->sounds_count && error == ERR_OK; i++)
		error = publish_put_sound(&database, &content->sounds[i]);
	if (error == ERR_OK)
		error = publish_run(&database, publish_sql[PUBLISH_COMMIT]);
	if (error != ERR_OK) {
		int code = sqlite3_errcode(database.connection);
		bool is_sqlite = code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE;
		log_error("catalogue.database", "error=%s sqlite=\"%s\"", err_name(error),
			  is_sqlite ? sqlite3_errmsg(database.connection) : "");
	}
	return error;
}

/* ---- the directory ------------------------------------------------------------------------------------------------
 */

/* Names for what is about to be made. */
static void publish_names(struct publish *publish, uint64_t serial)
{
	uint8_t random[DIRECTORY_RANDOM_BYTES];
	char hex[2 * DIRECTORY_RANDOM_BYTES + 1];
	random_bytes(random, sizeof random);
	codec_hex(random, sizeof random, hex);
	snprintf(publish->name, sizeof publish->name, "%llu-%s", (unsigned long long) serial, hex);
	snprintf(publish->building, sizeof publish->building, DIRECTORY_BUILDING "%s", hex);
	snprintf(publish->link, sizeof publish->link, DIRECTORY_LINK "%s", hex);
}

/* Serials only rise. A current catalogue that does not verify is replaced: that is how one is mended. */
static enum err publish_check_serials(struct publish *publish, uint64_t serial, uint64_t keyset_serial,
				      const uint8_t root_public[KEYS_PUBLIC_BYTES])
{
	uint64_t current = 0;
	enum err error = directory_current(publish->root, publish->previous, &current);
	if (error == ERR_NOT_FOUND) {
		publish->previous[0] = '\0';
		return ERR_OK;
	}
	if (error != ERR_OK) {
		log_error("catalogue.link", "error=%s", err_name(error));
		return error;
	}
	if (serial <= current)
		return ERR_CONFLICT;
	CLEANUP_FD int dir = openat(publish->root, publish->previous, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct manifest manifest;
	const char *reason = "directory";
	error = dir < 0 ? file_err(errno) : manifest_read(dir, root_public, &manifest, &reason);
	if (error == ERR_OK)
		return keyset_serial < manifest.keyset.serial ? ERR_CONFLICT : ERR_OK;
	log_warn("catalogue.replaced", "serial=%llu reason=%s", (unsigned long long) current, reason);
	return ERR_OK;
}

/* Makes catalogue.db durable and says what it is. */
static enum err publish_seal_database(int dir, struct manifest *manifest)
{
	CLEANUP_FD int fd = openat(dir, "catalogue.db", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fchmod(fd, PUBLISH_FILE_MODE) < 0 || fsync(fd) < 0)
		return file_err(errno);
	return keys_hash_fd(fd, &manifest->bytes, manifest->database);
}

/* Fills the directory that is being built, and makes it durable. */
static enum err publish_fill(struct publish *publish, const struct catalogue_content *content, const char *keyset,
			     size_t keyset_length, const struct root_pair *content_pair)
{
	enum err error = file_make_dir(publish->root, publish->building, PUBLISH_DIR_MODE);
	if (error != ERR_OK)
		return error;
	CLEANUP_FD int dir = openat(publish->root, publish->building, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* SQLite may take a path that begins "file:" for a URI. */
	const char *before = publish->root_dir[0] == '/' ? "" : "./";
	const char *path =
		arena_printf(&publish->arena, "%s%s/%s/catalogue.db", before, publish->root_dir, publish->building);
	if (dir < 0 || path == NULL)
		return dir < 0 ? file_err(errno) : ERR_NOMEM;
	struct manifest manifest = {.serial = content->serial};
	char *document = NULL;
	size_t length = 0;
	if ((error = publish_database(path, content)) != ERR_OK ||
	    (error = publish_seal_database(dir, &manifest)) != ERR_OK ||
	    (error = manifest_encode(&manifest, keyset, keyset_length, content_pair, &publish->arena, &document,
				     &length)) != ERR_OK)
		return error;
	return file_write(dir, "manifest", document, length, PUBLISH_FILE_MODE); /* syncs the directory too */
}

/* Opens the finished directory as a front machine would and reads all that it could be asked for. */
static enum err publish_read_back(struct publish *publish, const struct catalogue_content *content,
				  const uint8_t root_public[KEYS_PUBLIC_BYTES])
{
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	const struct form *form = NULL;
	struct catalogue_event *event = NULL;
	struct shown *shown = NULL;
	enum err error =
		directory_open(publish->root_dir, publish->name, root_public, content->serial, 0, &catalogue, &refusal);
	for (size_t i = 0; i < content->forms_count && error == ERR_OK; i++) {
		refusal.reason = content->forms[i].form;
		error = catalogue_form(catalogue, content->forms[i].form, content->forms[i].version, &form);
	}
	for (size_t i = 0; i < content->events_count && error == ERR_OK; i++) {
		refusal.reason = content->events[i].code;
		error = catalogue_event(catalogue, content->events[i].code, &publish->arena, &event);
		if (error == ERR_OK && event->shown != NULL)
			error = shown_decode(event->shown, &publish->arena, &shown);
		arena_reset(&publish->arena);
	}
	for (size_t i = 0; i < content->areas_count && error == ERR_OK; i++) {
		const char *document = NULL;
		refusal.reason = content->areas[i].area;
		error = catalogue_area(catalogue, content->areas[i].area, &publish->arena, &document);
		if (error == ERR_OK)
			error = shown_decode(document, &publish->arena, &shown);
		arena_reset(&publish->arena);
	}
	catalogue_close(catalogue);
	if (error != ERR_OK)
		log_error("catalogue.unreadable", "error=%s what=%s", err_name(error), refusal.reason);
	return error;
}

/* Gives the directory its final name and turns "current" to it. */
static enum err publish_swap(struct publish *publish, const struct catalogue_content *content,
			     const uint8_t root_public[KEYS_PUBLIC_BYTES])
{
	int root = publish->root;
	if (renameat(root, publish->building, root, publish->name) < 0)
		return file_err(errno);
	enum err error = publish_read_back(publish, content, root_public);
	if (error != ERR_OK)
		return error;
	/* The directory must be on disk under its name before anything leads to it. */
	if (fsync(root) < 0 || symlinkat(publish->name, root, publish->link) < 0 ||
	    renameat(root, publish->link, root, "current") < 0 || fsync(root) < 0)
		return file_err(errno);
	return ERR_OK;
}

/* After a failure: gives the room back, unless the failure came so late that "current" leads there. */
static void publish_discard(struct publish *publish)
{
	char current[DIRECTORY_NAME];
	uint64_t serial = 0;
	directory_sweep_unfinished(publish->root);
	if (directory_current(publish->root, current, &serial) != ERR_OK || strcmp(current, publish->name) != 0)
		directory_remove(publish->root, publish->name);
}

static enum err publish_all(struct publish *publish, const struct catalogue_content *content, const char *keyset,
			    size_t keyset_length, const struct root_pair *content_pair,
			    const uint8_t root_public[KEYS_PUBLIC_BYTES])
{
	struct keyset keys;
	enum err error = keyset_decode(keyset, keyset_length, root_public, &keys);
	if (error != ERR_OK)
		return error;
	if (memcmp(keys.content_public, content_pair->public_key, KEYS_PUBLIC_BYTES) != 0)
		return ERR_DENIED;
	if (content->serial == 0 || content->serial > INT64_MAX)
		return ERR_INVALID;
	error = publish_check_serials(publish, content->serial, keys.serial, root_public);
	if (error != ERR_OK)
		return error;
	publish_names(publish, content->serial);
	directory_sweep_unfinished(publish->root);
	error = publish_fill(publish, content, keyset, keyset_length, content_pair);
	if (error == ERR_OK)
		error = publish_swap(publish, content, root_public);
	if (error == ERR_OK)
		directory_sweep_old(publish->root, publish->name, publish->previous);
	else
		publish_discard(publish);
	return error;
}

enum err catalogue_publish(const char *root_dir, const struct catalogue_content *content, const char *keyset,
			   size_t keyset_length, const struct root_pair *content_pair,
			   const uint8_t root_public[KEYS_PUBLIC_BYTES])
{
	struct publish publish = {.root_dir = root_dir};
	CLEANUP_FD int root = open(root_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return file_err(errno);
	enum err error = directory_lock(root);
	if (error != ERR_OK)
		return error;
	publish.root = root;
	arena_init(&publish.arena, PUBLISH_ARENA_BYTES);
	error = publish_all(&publish, content, keyset, keyset_length, content_pair, root_public);
	arena_fini(&publish.arena);
	return error;
}
