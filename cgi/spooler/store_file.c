/* SPDX-License-Identifier: MIT */
/* store_file.c: the spool file as a file: made, checked, set up, or refused with one line.
 *
 * The settings are those that lost nothing in power-cut tests: TRUNCATE journal and synchronous=FULL; never WAL, which
 * SQLite before 3.51.3 can lose commits in (sqlite.org/wal.html#walresetbug) and which a shared lock would need. What
 * was set is read back: a pragma that does not take is silent. */
#include "spooler/store_file.h"

#include "schema_spool.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/sqlite/page_vfs.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	STORE_FILE_SQLITE_MIN = 3037000, /* STRICT tables, SQLITE_OPEN_EXRESCODE */
	STORE_FILE_VERSION = 1,          /* user_version */
	STORE_FILE_WRITE_FORMAT =
		18,               /* bytes 18 and 19 of the header are 2 in WAL mode (sqlite.org/fileformat2.html) */
	STORE_FILE_RESERVED = 20, /* byte 20: how many at the end of each page are not SQLite's */
	STORE_FILE_HEADER = 100,
	STORE_FILE_ROW_MAX = 256 * 1024,
	STORE_FILE_PAGE_BYTES = 4096, /* page_size below */
	STORE_FILE_PAGES = 2048 + 64  /* cache_size below; and what SQLite leaves free, or borrows for a moment */
};

#define STORE_FILE_APPLICATION "1397638227" /* 0x534E4453, "SNDS" */

static void store_file_close(sqlite3 **db)
{
	sqlite3_close(*db);
	*db = NULL;
}
#define CLEANUP_DB __attribute__((cleanup(store_file_close)))

static void store_file_finalize(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
}
#define CLEANUP_STMT __attribute__((cleanup(store_file_finalize)))

enum err store_file_err(int code)
{
	if (code == SQLITE_IOERR_NOMEM) /* the disk has done nothing wrong */
		return ERR_NOMEM;
	switch (code & 0xFF) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return ERR_OK;
	case SQLITE_FULL:
		return ERR_FULL;
	case SQLITE_NOMEM:
		return ERR_NOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return ERR_DENIED;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CONSTRAINT: /* our own statements never break one on a sound file */
	case SQLITE_MISMATCH:
		return ERR_CORRUPT;
	default:
		return ERR_IO;
	}
}

/* Logs why the spooler does not start, and passes the failure on. */
static enum err store_file_refuse(enum err error, const char *path, const char *why)
{
	log_error("spool.refused", "file=%s error=%s %s", path, err_name(error), why);
	return error;
}

static enum err store_file_refuse_sqlite(const char *path, int code)
{
	enum err error = store_file_err(code);
	const char *why = error == ERR_BUSY ? "another process has it open: nothing but one spooler may"
			  : error == ERR_DENIED
				  ? "it cannot be written: look at its permissions and whether the disk is read-only"
			  : error == ERR_FULL    ? "there is no room on the disk"
			  : error == ERR_CORRUPT ? "it is not a sound spool file"
						 : "the machine could not read or write it: look at the disk";
	log_error("spool.refused", "file=%s error=%s code=%d %s", path, err_name(error), code, why);
	return error;
}

/* Makes the file, empty and for its owner alone, unless it is there. */
static enum err store_file_make(const char *path)
{
	CLEANUP_FD int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return ERR_OK;
	if (fd < 0)
		return store_file_refuse(file_err(errno), path,
					 "it cannot be made: look at the permissions of its folder");
	if (fchmod(fd, 0600) < 0 || fsync(fd) < 0)
		return store_file_refuse(file_err(errno), path, "it cannot be made: look at the disk");
	char folder[256];
	const char *slash = strrchr(path, '/');
	int length = snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int) (slash - path),
			      slash == NULL ? "." : path);
	assert(length >= 0 && (size_t) length < sizeof folder);
	enum err error = file_sync_dir(AT_FDCWD, folder);
	return error == ERR_OK ? ERR_OK : store_file_refuse(error, path, "its folder cannot be synchronised");
}

/* Refuses PATH unless it is a plain file that its owner, and nobody else, can read and write. */
static enum err store_file_check_mode(const char *path, bool is_optional)
{
	struct stat status;
	if (lstat(path, &status) < 0)
		return is_optional && errno == ENOENT
			       ? ERR_OK
			       : store_file_refuse(file_err(errno), path, "it cannot be looked at");
	if (!S_ISREG(status.st_mode))
		return store_file_refuse(ERR_DENIED, path, "it is not a plain file: move it away");
	if (status.st_uid != geteuid())
		return store_file_refuse(ERR_DENIED, path, "it belongs to somebody else: chown it to the spooler");
	if (status.st_nlink != 1)
		return store_file_refuse(ERR_DENIED, path, "it has a second name: remove the other link");
	if ((status.st_mode & 07177) != 0 || (status.st_mode & 0600) != 0600)
		return store_file_refuse(ERR_DENIED, path, "others may not read or write it: chmod 0600 it");
	return ERR_OK;
}

/* Refuses a file in WAL mode before SQLite would quietly convert it, and one with room in its pages that is not SQLite's. */
static enum err store_file_check_header(const char *path)
{
	CLEANUP_FD int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return store_file_refuse(file_err(errno), path, "it cannot be read");
	uint8_t header[STORE_FILE_HEADER];
	ssize_t got;
	do
		got = pread(fd, header, sizeof header, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return store_file_refuse(ERR_IO, path, "the machine could not read it: look at the disk");
	if (got == (ssize_t) sizeof header &&
	    (header[STORE_FILE_WRITE_FORMAT] == 2 || header[STORE_FILE_WRITE_FORMAT + 1] == 2))
		return store_file_refuse(ERR_INVALID, path,
					 "it is in WAL mode, so another program has had it open: "
					 "check it, then set PRAGMA journal_mode=TRUNCATE with the sqlite3 shell");
	if (got == (ssize_t) sizeof header && memcmp(header, "SQLite format 3", 16) == 0 &&
	    header[STORE_FILE_RESERVED] != 0)
		return store_file_refuse(
			ERR_INVALID, path,
			"another SQLite has made it, which keeps bytes at the end of each page: move it "
			"away");
	return ERR_OK;
}

/* Everything that the connection must be, and what it answers when it is. */
static const struct store_file_pragma {
	const char *name;
	const char *set; /* run in this order; NULL: only read */
	const char *read;
	const char *expected;
} store_file_pragmas[] = {
	{"locking_mode", "PRAGMA locking_mode=EXCLUSIVE", "PRAGMA locking_mode", "exclusive"},
	{"page_size", "PRAGMA page_size=4096", "PRAGMA page_size", "4096"},           /* counts for a new file only */
	{"auto_vacuum", "PRAGMA auto_vacuum=INCREMENTAL", "PRAGMA auto_vacuum", "2"}, /* the same */
	{"journal_mode", "PRAGMA journal_mode=TRUNCATE", "PRAGMA journal_mode", "truncate"},
	{"synchronous", "PRAGMA synchronous=FULL", "PRAGMA synchronous", "2"},
	{"secure_delete", "PRAGMA secure_delete=ON", "PRAGMA secure_delete", "1"},
	{"mmap_size", "PRAGMA mmap_size=0", "PRAGMA mmap_size", "0"},
	{"trusted_schema", "PRAGMA trusted_schema=OFF", "PRAGMA trusted_schema", "0"},
	{"temp_store", "PRAGMA temp_store=MEMORY", "PRAGMA temp_store", "2"},
	{"cell_size_check", "PRAGMA cell_size_check=ON", "PRAGMA cell_size_check", "1"},
	{"cache_size", "PRAGMA cache_size=-8192", "PRAGMA cache_size",
	 "-8192"}, /* 2,048 pages: what a group touches, and none spills */
	{"max_page_count", "PRAGMA max_page_count=4194304", "PRAGMA max_page_count",
	 "4194304"}, /* 16 GiB: as many small envelopes as held.h counts, and a limit for a forger */
};
enum { STORE_FILE_PRAGMAS = sizeof store_file_pragmas / sizeof store_file_pragmas[0] };

static int store_file_exec(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* The first column of the first row as text, "" when there is none. */
static int store_file_ask(sqlite3 *db, const char *sql, char *out, size_t size)
{
	CLEANUP_STMT sqlite3_stmt *statement = NULL;
	out[0] = '\0';
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	if (code != SQLITE_OK)
		return code;
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		/* A number becomes text here. Without memory for it, a sound file would be taken for another. */
		bool is_null = sqlite3_column_type(statement, 0) == SQLITE_NULL;
		const char *text = (const char *) sqlite3_column_text(statement, 0);
		snprintf(out, size, "%s", text == NULL ? "" : text);
		code = text == NULL && !is_null ? SQLITE_NOMEM : SQLITE_DONE;
	}
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static enum err store_file_configure(sqlite3 *db, const char *path)
{
	static const struct {
		int option, value;
	} options[] = {
		{SQLITE_DBCONFIG_DEFENSIVE, 1},
		{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
		{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
		{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
		{SQLITE_DBCONFIG_DQS_DML, 0},
		{SQLITE_DBCONFIG_DQS_DDL, 0},
	};
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		int is = -1;
		int code = sqlite3_db_config(db, options[i].option, options[i].value, &is);
		if (code != SQLITE_OK || is != options[i].value)
			return store_file_refuse(ERR_DENIED, path,
						 "this SQLite cannot be locked down: install Debian's");
	}
	if (!page_vfs_writes(db))
		return store_file_refuse(
			ERR_DENIED, path,
			"this program would write rows that have gone into its pages: install Soundings again");
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, STORE_FILE_ROW_MAX);
	for (size_t i = 0; i < STORE_FILE_PRAGMAS; i++) {
		int code = store_file_exec(db, store_file_pragmas[i].set);
		if (code != SQLITE_OK)
			return store_file_refuse_sqlite(path, code);
	}
	return ERR_OK;
}

static enum err store_file_verify(sqlite3 *db, const char *path)
{
	for (size_t i = 0; i < STORE_FILE_PRAGMAS; i++) {
		const struct store_file_pragma *pragma = &store_file_pragmas[i];
		char is[32];
		int code = store_file_ask(db, pragma->read, is, sizeof is);
		if (code != SQLITE_OK)
			return store_file_refuse_sqlite(path, code);
		if (strcmp(is, pragma->expected) != 0) {
			log_error("spool.refused", "file=%s error=corrupt its %s is \"%s\" and must be \"%s\"", path,
				  pragma->name, is, pragma->expected);
			return ERR_CORRUPT;
		}
	}
	return ERR_OK;
}

/* Step N brings a file of version N to N + 1. Later ones are added behind, and these never change. */
static const char *const store_file_steps[STORE_FILE_VERSION] = {schema_spool};
static const char *const store_file_versions[STORE_FILE_VERSION] = {
	"PRAGMA application_id=" STORE_FILE_APPLICATION "; PRAGMA user_version=1",
};

static int store_file_migrate_from(sqlite3 *db, int version)
{
	int code = store_file_exec(db, "BEGIN IMMEDIATE");
	for (int i = version; code == SQLITE_OK && i < STORE_FILE_VERSION; i++) {
		code = store_file_exec(db, store_file_steps[i]);
		if (code == SQLITE_OK)
			code = store_file_exec(db, store_file_versions[i]);
	}
	if (code == SQLITE_OK)
		code = store_file_exec(db, "COMMIT");
	if (code != SQLITE_OK && !sqlite3_get_autocommit(db))
		store_file_exec(db, "ROLLBACK");
	return code;
}

/* Takes the file's lock, which this connection then keeps, and makes or migrates what is in it. */
static enum err store_file_migrate(sqlite3 *db, const char *path)
{
	char application[32], version[32], tables[32];
	int code = store_file_exec(db, "BEGIN EXCLUSIVE; COMMIT");
	if (code == SQLITE_OK)
		code = store_file_ask(db, "PRAGMA application_id", application, sizeof application);
	if (code == SQLITE_OK)
		code = store_file_ask(db, "PRAGMA user_version", version, sizeof version);
	if (code == SQLITE_OK)
		code = store_file_ask(db, "SELECT count(*) FROM sqlite_schema", tables, sizeof tables);
	if (code != SQLITE_OK)
		return store_file_refuse_sqlite(path, code);

	bool is_empty = strcmp(application, "0") == 0 && strcmp(version, "0") == 0 && strcmp(tables, "0") == 0;
	if (!is_empty && strcmp(application, STORE_FILE_APPLICATION) != 0)
		return store_file_refuse(ERR_INVALID, path, "it is a database, but not a spool file: move it away");
	int from = 0;
	while (from <= STORE_FILE_VERSION) {
		char name[32];
		snprintf(name, sizeof name, "%d", from);
		if (strcmp(name, version) == 0)
			break;
		from++;
	}
	if (from > STORE_FILE_VERSION)
		return store_file_refuse(ERR_INVALID, path, "it was made by a newer Soundings: start that one");
	if (from == STORE_FILE_VERSION)
		return ERR_OK;
	code = store_file_migrate_from(db, from);
	return code == SQLITE_OK ? ERR_OK : store_file_refuse_sqlite(path, code);
}

/* Appends every object of the schema of DB to *OUT. */
static int store_file_schema(sqlite3 *db, sqlite3_str *out)
{
	CLEANUP_STMT sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(
		db, "SELECT type, name, tbl_name, ifnull(sql, '') FROM sqlite_schema ORDER BY type, name", -1,
		&statement, NULL);
	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(statement);
		for (int i = 0; code == SQLITE_ROW && i < 4; i++)
			sqlite3_str_appendf(out, "%s\n", sqlite3_column_text(statement, i));
	}
	return code == SQLITE_DONE ? sqlite3_str_errcode(out) : code;
}

/* Compares the schema with what the script makes of an empty database. */
static enum err store_file_check_schema(sqlite3 *db, const char *path)
{
	CLEANUP_DB sqlite3 *model = NULL;
	int code = sqlite3_open(":memory:", &model);
	for (int i = 0; code == SQLITE_OK && i < STORE_FILE_VERSION; i++)
		code = store_file_exec(model, store_file_steps[i]);
	sqlite3_str *expected = sqlite3_str_new(NULL), *found = sqlite3_str_new(NULL);
	if (code == SQLITE_OK)
		code = store_file_schema(model, expected);
	if (code == SQLITE_OK)
		code = store_file_schema(db, found);
	bool is_same = code == SQLITE_OK && sqlite3_str_length(expected) == sqlite3_str_length(found) &&
		       strcmp(sqlite3_str_value(expected), sqlite3_str_value(found)) == 0;
	sqlite3_free(sqlite3_str_finish(expected));
	sqlite3_free(sqlite3_str_finish(found));
	if (code != SQLITE_OK)
		return store_file_refuse_sqlite(path, code);
	return is_same ? ERR_OK
		       : store_file_refuse(ERR_INVALID, path,
					   "its tables are not those of a spool file: move it away, keep it, and start "
					   "again with an empty one");
}

static enum err store_file_check_contents(sqlite3 *db, const char *path)
{
	char result[200];
	int code = store_file_ask(db, "PRAGMA quick_check(1)", result, sizeof result);
	if (code != SQLITE_OK)
		return store_file_refuse_sqlite(path, code);
	return strcmp(result, "ok") == 0 ? ERR_OK : store_file_refuse_sqlite(path, SQLITE_CORRUPT);
}

/* What our statements need, and nothing else: no ATTACH, no schema change, no other table or function. */
static int store_file_authorize(void *context, int action, const char *first, const char *second, const char *database,
				const char *trigger)
{
	static const char *const tables[] = {"envelope", "filed", "waiting", "meta"};
	static const char *const pragmas[] = {"incremental_vacuum", "freelist_count"};
	(void) context;
	(void) database;
	if (trigger != NULL)
		return SQLITE_DENY;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_TRANSACTION:
		return SQLITE_OK;
	case SQLITE_READ:
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
			if (first != NULL && strcmp(first, tables[i]) == 0)
				return SQLITE_OK;
		return SQLITE_DENY;
	case SQLITE_PRAGMA:
		for (size_t i = 0; i < sizeof pragmas / sizeof pragmas[0]; i++)
			if (first != NULL && strcmp(first, pragmas[i]) == 0)
				return SQLITE_OK;
		return SQLITE_DENY;
	case SQLITE_FUNCTION: /* of the CHECKs */
		return second != NULL && strcmp(second, "length") == 0 ? SQLITE_OK : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

enum err store_file_start(void)
{
	int head = 0;
	int code = sqlite3_config(SQLITE_CONFIG_PCACHE_HDRSZ, &head);
	size_t slot = ((size_t) STORE_FILE_PAGE_BYTES + (size_t) head + 7) / 8 * 8;
	void *pages = code == SQLITE_OK ? malloc(slot * STORE_FILE_PAGES) : NULL;
	if (pages == NULL)
		return store_file_refuse(ERR_NOMEM, "-", "there is no memory for its pages");
	memset(pages, 0, slot * STORE_FILE_PAGES); /* taken now, not in the middle of an evening */
	code = sqlite3_config(SQLITE_CONFIG_PAGECACHE, pages, (int) slot,
			      (int) STORE_FILE_PAGES); /* SQLite's from here on */
	if (code == SQLITE_OK)
		return ERR_OK;
	free(pages);
	return store_file_refuse_sqlite("-", code);
}

enum err store_file_open(const char *path, sqlite3 **out)
{
	*out = NULL;
	if (sqlite3_libversion_number() < STORE_FILE_SQLITE_MIN)
		return store_file_refuse(ERR_DENIED, path,
					 "this SQLite is older than 3.37: install Debian 12's or a newer one");
	char journal[256];
	int length = snprintf(journal, sizeof journal, "%s-journal", path);
	assert(length > 0 && (size_t) length < sizeof journal);
	enum err error = store_file_make(path);
	if (error == ERR_OK)
		error = store_file_check_mode(path, false);
	if (error == ERR_OK)
		error = store_file_check_mode(journal, true);
	if (error == ERR_OK)
		error = store_file_check_header(path);
	if (error != ERR_OK)
		return error;

	CLEANUP_DB sqlite3 *db = NULL;
	int code = sqlite3_open_v2(path, &db,
				   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE |
					   SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
				   page_vfs());
	if (code != SQLITE_OK)
		return store_file_refuse_sqlite(path, code);
	if (sqlite3_db_readonly(db, "main") != 0)
		return store_file_refuse_sqlite(path, SQLITE_READONLY);
	error = store_file_configure(db, path);
	if (error == ERR_OK)
		error = store_file_migrate(db, path);
	if (error == ERR_OK)
		error = store_file_verify(db, path);
	if (error == ERR_OK)
		error = store_file_check_schema(db, path);
	if (error == ERR_OK)
		error = store_file_check_contents(db, path);
	if (error == ERR_OK)
		error = store_file_check_mode(journal, true);
	if (error != ERR_OK)
		return error;
	sqlite3_set_authorizer(db, store_file_authorize, NULL);
	*out = db;
	db = NULL;
	return ERR_OK;
}
