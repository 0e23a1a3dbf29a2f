/* SPDX-License-Identifier: MIT */
/* office.c: makes, opens and checks the office file; transactions of whole batches; the facts in table meta.
 *
 * It must not serve a file that is not exactly what it expects: security.md's findings on journal modes decide which
 * settings are safe, so each is set, read back and compared. sqlite.org/pragma.html */
#include "lib/office/audit_chain.h"
#include "lib/office/events.h"
#include "lib/office/query.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/random.h"
#include "lib/sqlite/page_vfs.h"
#include "schema_office.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* PRAGMA application_id: "SNDo". The literal below is the same number. */
#define OFFICE_APPLICATION_ID "1397638255"

enum {
	OFFICE_BUSY_MS = 5000, /* an export or a release is over long before */
	OFFICE_LOOK_MS = 2,    /* between two attempts to get a lock */
	OFFICE_MODE = 0600,
	OFFICE_MODE_FORBIDDEN = 0137 /* what is wider than 0640 */
};

enum sql {
	SQL_MIGRATIONS,
	SQL_ADD_MIGRATION,
	SQL_ADD_META,
	SQL_GET_GENERATION,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_BACKUP_NEXT,
	SQL_FLUSH_GET,
	SQL_FLUSH_WANT,
	SQL_FLUSH_DONE,
	SQL_SEEN_RAISE,
	SQL_SEEN_GET,
	SQL_COUNT
};

static const char *const statements[SQL_COUNT] = {
	[SQL_MIGRATIONS] = "SELECT number, name FROM migration ORDER BY number",
	[SQL_ADD_MIGRATION] = "INSERT INTO migration (number, name) VALUES (?1, ?2)",
	[SQL_ADD_META] = "INSERT INTO meta (one, generation) VALUES (1, ?1)",
	[SQL_GET_GENERATION] = "SELECT generation FROM meta",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_BACKUP_NEXT] = "SELECT coalesce(max(number), 0) + 1 FROM backup",
	[SQL_FLUSH_GET] = "SELECT flush_wanted, flush_done FROM meta",
	[SQL_FLUSH_WANT] = "UPDATE meta SET flush_wanted = flush_wanted + 1",
	[SQL_FLUSH_DONE] = "UPDATE meta SET flush_done = ?1 WHERE flush_done < ?1 AND ?1 <= flush_wanted",
	[SQL_SEEN_RAISE] =
		"UPDATE meta SET catalogue_seen = max(catalogue_seen, ?1), keyset_seen = max(keyset_seen, ?2) "
		"WHERE catalogue_seen < ?1 OR keyset_seen < ?2",
	[SQL_SEEN_GET] = "SELECT catalogue_seen, keyset_seen FROM meta",
};

/* A setting of the connection or the file: how to set it (NULL: it was fixed when the file was made), how to read it
 * back, and the only value we work with. */
struct setting {
	const char *set;
	const char *get;
	const char *wanted;
};

static const struct setting settings[] = {
	/* Another connection's WAL would show here, before we ask for what we want. */
	{NULL, "PRAGMA application_id", OFFICE_APPLICATION_ID},
	{NULL, "PRAGMA journal_mode", "delete"},
	{NULL, "PRAGMA page_size", "65536"},
	{NULL, "PRAGMA encoding", "UTF-8"},
	{NULL, "PRAGMA auto_vacuum", "0"},
	{"PRAGMA journal_mode = TRUNCATE", "PRAGMA journal_mode", "truncate"},
	{"PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"},
	{"PRAGMA secure_delete = ON", "PRAGMA secure_delete", "1"},
	{"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"},
	{"PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0"},
	{"PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", "1"},
	/* VACUUM and sorting never leave a copy in a temporary file. */
	{"PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "2"},
	{NULL, NULL, NULL},
};

/* A mapped file would need the same care as WAL; SQLite answers nothing where it has none. */
static const char sql_no_mmap[] = "PRAGMA mmap_size = 0";
static const char sql_query_only[] = "PRAGMA query_only = ON";
static const char sql_quick_check[] = "PRAGMA quick_check(1)";

static size_t office_schema_count(void)
{
	size_t count = 0;
	while (schema_office[count].name != NULL)
		count++;
	return count;
}

/* The first column of the first row, compared as text. */
static enum err office_value_is(struct office *office, const char *sql, const char *wanted, bool *is_equal)
{
	CLEANUP_QUERY struct query query = query_new(office, sql);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	/* A number becomes text here, and that needs memory. */
	bool is_null = sqlite3_column_type(query.statement, 0) == SQLITE_NULL;
	const char *found = (const char *) sqlite3_column_text(query.statement, 0);
	*is_equal = found != NULL && strcmp(found, wanted) == 0;
	return found == NULL && !is_null ? ERR_NOMEM : ERR_OK;
}

/* For pragmas: they may or may not answer with a row. */
static enum err office_pragma(struct office *office, const char *sql)
{
	CLEANUP_QUERY struct query query = query_new(office, sql);
	bool has_row;
	return query_row(&query, &has_row);
}

static enum err office_settle(struct office *office)
{
	if (!page_vfs_writes(office->db)) {
		log_error("office.refused", "setting=vfs wanted=%s", page_vfs());
		return ERR_DENIED;
	}
	for (const struct setting *setting = settings; setting->get != NULL; setting++) {
		bool is_equal = false;
		enum err error = setting->set != NULL ? office_pragma(office, setting->set) : ERR_OK;
		if (error == ERR_OK)
			error = office_value_is(office, setting->get, setting->wanted, &is_equal);
		if (error != ERR_OK)
			return error;
		if (!is_equal) {
			log_error("office.refused", "setting=\"%s\" wanted=%s", setting->get, setting->wanted);
			return ERR_DENIED;
		}
	}
	return office_pragma(office, sql_no_mmap);
}

/* How many of our migrations it has had. ERR_DENIED: none, others, or more than there are here. */
static enum err office_schema_number(struct office *office, size_t *number)
{
	size_t known = office_schema_count();
	size_t had = 0;
	bool has_row = false;
	bool is_ours = true;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_MIGRATIONS]);
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row && is_ours) {
		const char *name = (const char *) sqlite3_column_text(query.statement, 1);
		is_ours = had < known && query_int(&query, 0) == (int64_t) had + 1 && name != NULL &&
			  strcmp(name, schema_office[had].name) == 0;
		had++;
	}
	if (error != ERR_OK)
		return error;
	if (!is_ours || had == 0) {
		log_error("office.refused", "schema=%zu wanted=%zu", had, known);
		return ERR_DENIED;
	}
	*number = had;
	return ERR_OK;
}

/* Runs those after the first HAD. */
static enum err office_run_migrations(struct office *office, size_t had)
{
	for (size_t i = had; schema_office[i].name != NULL; i++) {
		enum err error = query_err(sqlite3_exec(office->db, schema_office[i].text, NULL, NULL, NULL));
		if (error != ERR_OK)
			return error;
		CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_MIGRATION]);
		query_bind_int(&query, 1, (int64_t) i + 1);
		query_bind_text(&query, 2, schema_office[i].name);
		error = query_run(&query, NULL);
		if (error != ERR_OK)
			return error;
	}
	return ERR_OK;
}

static enum err office_migrate(struct office *office)
{
	size_t had = 0;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = office_schema_number(office, &had); /* another command may have been quicker */
	if (error == ERR_OK)
		error = office_run_migrations(office, had);
	if (error == ERR_OK)
		error = audit_chain_pending(office); /* lines of before there was a chain */
	if (error == ERR_OK)
		error = transaction_commit(&transaction);
	if (error == ERR_OK)
		log_info("office.migrated", "from=%zu to=%zu", had, office_schema_count());
	else
		log_error("office.migrate", "error=%s result=rolled-back", err_name(error));
	return error;
}

/* Only the command line changes a schema: a daemon with an older office waits for 'soundings' to be run. */
static enum err office_check_schema(struct office *office)
{
	size_t had = 0;
	size_t known = office_schema_count();
	enum err error = office_schema_number(office, &had);
	if (error != ERR_OK || had == known)
		return error;
	if (office->role == OFFICE_CLI)
		return office_migrate(office);
	log_error("office.refused", "schema=%zu wanted=%zu", had, known);
	return ERR_DENIED;
}

static enum err office_check_file(const char *path)
{
	struct stat status;
	if (lstat(path, &status) != 0)
		return file_err(errno);
	if (!S_ISREG(status.st_mode) || (status.st_mode & OFFICE_MODE_FORBIDDEN) != 0) {
		log_error("office.refused", "permissions=%04o wanted=0640 or less", (unsigned) status.st_mode & 07777);
		return ERR_DENIED;
	}
	return ERR_OK;
}

/* SQLite's own waiting looks again after ever longer sleeps, up to 100 ms: a collector that files batch after batch leaves no gap of that
 * length, and a backup beside it waited for seconds. Evenly and often, so that the gap it does leave is found (collector/loop.c). */
static int office_wait(void *context, int waits)
{
	(void) context;
	if (waits >= OFFICE_BUSY_MS / OFFICE_LOOK_MS)
		return 0;
	nanosleep(&(struct timespec){.tv_nsec = OFFICE_LOOK_MS * 1000000L}, NULL);
	return 1;
}

static enum err office_connect(const char *path, enum office_role role, struct office **out)
{
	struct office *office = calloc(1, sizeof(*office));
	if (office == NULL)
		return ERR_NOMEM;
	office->role = role;
	int code = sqlite3_open_v2(path, &office->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE, page_vfs());
	if (code == SQLITE_OK)
		code = sqlite3_extended_result_codes(office->db, 1);
	if (code == SQLITE_OK)
		code = sqlite3_busy_handler(office->db, office_wait, NULL);
	if (code == SQLITE_OK)
		code = event_add_functions(office->db);
	if (code == SQLITE_OK)
		code = sqlite3_db_config(office->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *) NULL);
	if (code != SQLITE_OK) {
		enum err error = query_err(code);
		office_close(office);
		return error;
	}
	sqlite3_limit(office->db, SQLITE_LIMIT_ATTACHED, 1); /* VACUUM's own */
	sqlite3_limit(office->db, SQLITE_LIMIT_LENGTH, 16 << 20);
	*out = office;
	return ERR_OK;
}

/* What the check has no memory to look at it reports as it reports damage, with a number behind it (btree.c, checkTreePage). */
static enum err office_check_pages(struct office *office)
{
	static const char mark[] = "error code=";
	CLEANUP_QUERY struct query query = query_new(office, sql_quick_check);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	const char *found = (const char *) sqlite3_column_text(query.statement, 0);
	if (found == NULL)
		return ERR_NOMEM;
	if (strcmp(found, "ok") == 0)
		return ERR_OK;
	const char *number = strstr(found, mark);
	long code = number != NULL ? strtol(number + sizeof(mark) - 1, NULL, 10) : 0;
	if (code == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM)
		return ERR_NOMEM;
	log_error("office.refused", "quick_check=failed");
	return ERR_CORRUPT;
}

/* A file that SQLite cannot read as a database is not ours: refused like any other. */
static enum err office_admit(struct office *office)
{
	enum err error = office_settle(office);
	if (error == ERR_OK)
		error = office_check_schema(office);
	if (error == ERR_CORRUPT) {
		log_error("office.refused", "file=not-an-office-or-damaged");
		return ERR_CORRUPT;
	}
	if (error == ERR_OK && office->role == OFFICE_COLLECTOR) /* the daemon looks once; commands must stay quick */
		error = office_check_pages(office);
	if (error == ERR_OK && office->role == OFFICE_READER)
		error = office_pragma(office, sql_query_only);
	if (error == ERR_OK)
		error = query_err(sqlite3_set_authorizer(office->db, office_authorize, office));
	return error;
}

enum err office_open(const char *path, enum office_role role, struct office **out)
{
	*out = NULL;
	struct office *office = NULL;
	enum err error = office_check_file(path);
	if (error == ERR_OK)
		error = office_connect(path, role, &office);
	if (error == ERR_OK)
		error = office_admit(office);
	if (error != ERR_OK) {
		office_close(office);
		return error;
	}
	*out = office;
	return ERR_OK;
}

bool office_is_older(const char *path)
{
	struct office *office = NULL;
	size_t had = 0;
	enum err error = office_check_file(path);
	if (error == ERR_OK)
		error = office_connect(path, OFFICE_READER, &office);
	if (error == ERR_OK)
		error = office_settle(office);
	if (error == ERR_OK)
		error = office_schema_number(office, &had);
	office_close(office);
	return error == ERR_OK && had < office_schema_count();
}

void office_close(struct office *office)
{
	if (office == NULL)
		return;
	if (office->is_in_batch)
		office_rollback(office);
	sqlite3_close(office->db); /* every query of ours is finalised by its scope */
	free(office);
}

/* ---- making a new one ---------------------------------------------------------------------------------------- */

static enum err office_fill(struct office *office)
{
	static const char *const before[] = {
		"PRAGMA page_size = 65536",
		"PRAGMA encoding = 'UTF-8'",
		"PRAGMA auto_vacuum = 0",
		"PRAGMA application_id = " OFFICE_APPLICATION_ID,
	};
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		enum err error = office_pragma(office, before[i]);
		if (error != ERR_OK)
			return error;
	}
	enum err error = office_settle(office);
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	if (error == ERR_OK)
		error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = office_run_migrations(office, 0);
	if (error != ERR_OK)
		return error;
	uint8_t generation[OFFICE_GENERATION_BYTES];
	random_bytes(generation, sizeof(generation));
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_META]);
	query_bind_bytes(&query, 1, generation, sizeof(generation));
	error = query_run(&query, NULL);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

/* SQLite would make the file with the umask's permissions, so it finds an empty one of ours. */
static enum err office_make_file(const char *path)
{
	CLEANUP_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, OFFICE_MODE);
	if (fd < 0 || fchmod(fd, OFFICE_MODE) != 0)
		return file_err(errno);
	return ERR_OK;
}

static enum err office_make(const char *path)
{
	enum err error = office_make_file(path);
	if (error != ERR_OK)
		return error;
	struct office *office = NULL;
	error = office_connect(path, OFFICE_CLI, &office);
	if (error == ERR_OK)
		error = office_fill(office);
	office_close(office);
	return error;
}

enum err office_create(const char *path)
{
	/* Made whole under another name and then linked: nobody ever finds half an office, and none is overwritten. */
	char made[PATH_MAX];
	char journal[PATH_MAX];
	int length = snprintf(made, sizeof(made), "%s-new", path);
	int journal_length = snprintf(journal, sizeof(journal), "%s-new-journal", path);
	if (length < 0 || journal_length < 0 || (size_t) journal_length >= sizeof(journal))
		return ERR_TOO_BIG;
	if (access(path, F_OK) == 0)
		return ERR_CONFLICT;
	unlink(made); /* what a crash left */
	unlink(journal);
	enum err error = office_make(made);
	if (error == ERR_OK && link(made, path) != 0)
		error = file_err(errno);
	unlink(made);
	unlink(journal);
	return error;
}

/* ---- table meta, batches, backups ---------------------------------------------------------------------------- */

enum err office_generation(struct office *office, uint8_t out[OFFICE_GENERATION_BYTES])
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GET_GENERATION]);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	query_bytes(&query, 0, out, OFFICE_GENERATION_BYTES);
	return query_done(&query);
}

enum err office_begin(struct office *office)
{
	assert(!office->is_in_batch);
	enum err error = query_begin(office);
	office->is_in_batch = error == ERR_OK;
	return error;
}

enum err office_commit(struct office *office)
{
	assert(office->is_in_batch);
	enum err error = query_run_sql(office, statements[SQL_COMMIT]);
	if (error == ERR_OK)
		office->is_in_batch = false;
	return error;
}

void office_rollback(struct office *office)
{
	if (!office->is_in_batch)
		return;
	office->is_in_batch = false;
	if (sqlite3_get_autocommit(office->db) == 0 && query_run_sql(office, statements[SQL_ROLLBACK]) != ERR_OK)
		log_error("office.rollback", "result=failed");
}

static enum err office_two_numbers(struct office *office, enum sql sql, uint64_t *first, uint64_t *second)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	*first = (uint64_t) query_int(&query, 0);
	if (second != NULL)
		*second = (uint64_t) query_int(&query, 1);
	return query_done(&query);
}

enum err office_backup_next(struct office *office, uint64_t *number)
{
	return office_two_numbers(office, SQL_BACKUP_NEXT, number, NULL);
}

enum err office_flush(struct office *office, uint64_t *wanted, uint64_t *done)
{
	return office_two_numbers(office, SQL_FLUSH_GET, wanted, done);
}

enum err office_flush_want(struct office *office, uint64_t *wanted)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	uint64_t done;
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = query_run_sql(office, statements[SQL_FLUSH_WANT]);
	if (error == ERR_OK)
		error = office_flush(office, wanted, &done);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

enum err office_flush_done(struct office *office, uint64_t number)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_FLUSH_DONE]);
	query_bind_int(&query, 1, (int64_t) number);
	return query_run(&query, NULL);
}

enum err office_serials(struct office *office, uint64_t catalogue, uint64_t keyset, uint64_t *highest_catalogue,
			uint64_t *highest_keyset)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_SEEN_RAISE]);
	query_bind_int(&query, 1, (int64_t) catalogue);
	query_bind_int(&query, 2, (int64_t) keyset);
	enum err error = query_run(&query, NULL);
	return error == ERR_OK ? office_two_numbers(office, SQL_SEEN_GET, highest_catalogue, highest_keyset) : error;
}
