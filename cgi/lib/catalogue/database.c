/* SPDX-License-Identifier: MIT */
/* database.c: an SQLite connection that can read one file, under fixed statements, and nothing else.
 *
 * The catalogue is signed, so this is the second line: what a front machine opens can neither write, attach, call a
 * function nor run a statement that is not in our tables (sqlite.org/security.html). immutable=1 also means that no
 * journal is looked for and no lock is taken. */
#include "lib/catalogue/database.h"

#include <errno.h>
#include <string.h>

#include "lib/base/file.h"
#include "lib/base/strbuf.h"

enum { DATABASE_URI_MAX = 16 * 1024 };

/* Lower than SQLite's own: our few statements are the only ones that will ever run. */
static const struct {
	int id;
	int value;
} database_limits[] = {
	{SQLITE_LIMIT_LENGTH, DATABASE_MAX_BYTES},
	{SQLITE_LIMIT_SQL_LENGTH, 16384}, /* CREATE statements are read back with their comments */
	{SQLITE_LIMIT_COLUMN, 64},
	{SQLITE_LIMIT_EXPR_DEPTH, 20},
	{SQLITE_LIMIT_COMPOUND_SELECT, 2},
	{SQLITE_LIMIT_VDBE_OP, 10000},
	{SQLITE_LIMIT_FUNCTION_ARG, 8},
	{SQLITE_LIMIT_ATTACHED, 0},
	{SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64},
	{SQLITE_LIMIT_VARIABLE_NUMBER, 8},
	{SQLITE_LIMIT_TRIGGER_DEPTH, 0},
	{SQLITE_LIMIT_WORKER_THREADS, 0},
};

enum database_pragma {
	PRAGMA_APPLICATION,
	PRAGMA_SCHEMA,
	PRAGMA_QUERY_ONLY_SET,
	PRAGMA_QUERY_ONLY,
	PRAGMA_CACHE_SET,
	PRAGMA_COUNT
};

static const char *const database_pragmas[PRAGMA_COUNT] = {
	[PRAGMA_APPLICATION] = "PRAGMA application_id",
	[PRAGMA_SCHEMA] = "PRAGMA user_version",
	[PRAGMA_QUERY_ONLY_SET] = "PRAGMA query_only = ON",
	[PRAGMA_QUERY_ONLY] = "PRAGMA query_only",
	/* Words, organisation and forms are read once, through more pages than all the rest has. 20 are what SQLite sets aside for a
	 * connection in one piece; more would be a piece each, left between others on the heap whenever a catalogue is replaced. */
	[PRAGMA_CACHE_SET] = "PRAGMA cache_size = 20",
};

enum err database_err(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return ERR_OK;
	case SQLITE_NOMEM:
		return ERR_NOMEM;
	case SQLITE_FULL:
		return ERR_FULL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
		return ERR_INVALID;
	case SQLITE_TOOBIG:
		return ERR_TOO_BIG;
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_READONLY:
		return ERR_DENIED;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR: /* a fixed statement does not fit the schema: not a database of ours */
		return ERR_CORRUPT;
	default:
		return ERR_IO;
	}
}

enum err database_row(sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);
	return code == SQLITE_DONE ? ERR_NOT_FOUND : database_err(code);
}

void database_reset(sqlite3_stmt **statement)
{
	sqlite3_reset(*statement);
	sqlite3_clear_bindings(*statement);
}

/* The "file:" URI of the database in NAME (RFC 3986, 2.1: all but unreserved signs and "/" are escaped). */
static void database_put_uri(struct strbuf *out, const char *root_dir, const char *name)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
	strbuf_puts(out, root_dir[0] == '/' ? "file://" : "file:./");
	for (const char *at = root_dir; *at != '\0'; at++) {
		if (strchr(plain, *at) != NULL)
			strbuf_putc(out, *at);
		else
			strbuf_putf(out, "%%%02X", (unsigned) (unsigned char) *at);
	}
	strbuf_putf(out, "/%s/catalogue.db?mode=ro&immutable=1", name);
}

enum err database_open(const char *root_dir, const char *name, const struct stat *hashed, sqlite3 **out)
{
	*out = NULL;
	CLEANUP_STRBUF struct strbuf uri;
	strbuf_init(&uri, DATABASE_URI_MAX);
	database_put_uri(&uri, root_dir, name);
	enum err error = strbuf_error(&uri);
	if (error != ERR_OK)
		return error;
	int code = sqlite3_open_v2(uri.data, out, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	if (code != SQLITE_OK)
		return database_err(code);
	/* SQLite opens by path; the hash was taken through a descriptor. */
	struct stat opened;
	const char *path = sqlite3_db_filename(*out, "main");
	if (path == NULL)
		return ERR_IO;
	if (stat(path, &opened) < 0)
		return file_err(errno);
	return opened.st_dev == hashed->st_dev && opened.st_ino == hashed->st_ino ? ERR_OK : ERR_DENIED;
}

/* Only SELECT, and only of our schema's tables. */
static int database_authorize(void *context, int action, const char *table, const char *column, const char *database,
			      const char *trigger)
{
	(void) context;
	(void) column;
	(void) trigger;
	if (action == SQLITE_SELECT)
		return SQLITE_OK;
	if (action == SQLITE_READ && strncmp(table, "sqlite_", 7) != 0 &&
	    (database == NULL || strcmp(database, "main") == 0))
		return SQLITE_OK;
	return SQLITE_DENY;
}

/* Runs a pragma; *VALUE is the number that it gives, and stays as it is when it gives none. */
static enum err database_pragma(sqlite3 *database, enum database_pragma pragma, int *value)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(database, database_pragmas[pragma], -1, &statement, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*value = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return database_err(code);
}

bool database_is_of_other_version(sqlite3 *database)
{
	int application = 0, schema = 0;
	return database_pragma(database, PRAGMA_APPLICATION, &application) == ERR_OK &&
	       database_pragma(database, PRAGMA_SCHEMA, &schema) == ERR_OK && application == DATABASE_APPLICATION &&
	       schema != DATABASE_SCHEMA;
}

enum err database_confine(sqlite3 *database, const char *const *sql, size_t count, sqlite3_stmt **statements)
{
	for (size_t i = 0; i < sizeof database_limits / sizeof *database_limits; i++)
		sqlite3_limit(database, database_limits[i].id, database_limits[i].value);
	sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	int values[PRAGMA_COUNT] = {0};
	for (enum database_pragma i = 0; i < PRAGMA_COUNT; i++) {
		enum err error = database_pragma(database, i, &values[i]);
		if (error != ERR_OK)
			return error;
	}
	if (values[PRAGMA_APPLICATION] != DATABASE_APPLICATION || values[PRAGMA_SCHEMA] != DATABASE_SCHEMA ||
	    values[PRAGMA_QUERY_ONLY] != 1)
		return ERR_CORRUPT;
	sqlite3_set_authorizer(database, database_authorize, NULL);
	for (size_t i = 0; i < count; i++) {
		int code = sqlite3_prepare_v3(database, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &statements[i], NULL);
		if (code != SQLITE_OK)
			return database_err(code);
	}
	return ERR_OK;
}
