/* SPDX-License-Identifier: MIT */
/* keeping_renew.c: makes a file that came out of a backup the office from now on.
 *
 * Numbers that others remember must never come a second time for something else: the serial and the audit's numbers jump
 * over whatever the office that is gone may have given out since the backup. Its generation is new, so that every mark in
 * the spool is void and all that is held there is offered again. */
#include "lib/office/audit_chain.h"
#include "lib/office/keeping.h"

#include "lib/base/random.h"

#include <inttypes.h>
#include <stdio.h>

enum sql { SQL_RENEW, SQL_FINISH, SQL_NO_SESSIONS, SQL_NO_ADDRESSES, SQL_NO_THROTTLES, SQL_COUNT };

static const char *const statements[SQL_COUNT] = {
	[SQL_RENEW] =
		"UPDATE meta SET generation = ?1, serial = max(serial + ?2, ?3), catalogue_seen = 0, keyset_seen = 0",
	[SQL_FINISH] = "UPDATE backup SET is_finished = 1, file = ?2 WHERE number = ?1",
	[SQL_NO_SESSIONS] = "DELETE FROM session",
	[SQL_NO_ADDRESSES] = "DELETE FROM one_time",
	[SQL_NO_THROTTLES] = "DELETE FROM throttle",
};

enum { RENEW_NUMBER_TEXT = 24 };

static enum err renew_meta(struct office *office, uint64_t least_serial)
{
	uint8_t generation[OFFICE_GENERATION_BYTES];
	random_bytes(generation, sizeof(generation));
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_RENEW]);
	query_bind_bytes(&query, 1, generation, sizeof(generation));
	query_bind_int(&query, 2, OFFICE_SERIAL_JUMP);
	query_bind_int(&query, 3, (int64_t) least_serial);
	return query_run(&query, NULL);
}

/* Its row is in the snapshot: the number was taken before, and could only be finished after. */
static enum err renew_backup(struct office *office, uint64_t number, const char *file)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_FINISH]);
	query_bind_int(&query, 1, (int64_t) number);
	query_bind_text(&query, 2, file);
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_NOT_FOUND : error;
}

/* Everybody signs in again: nobody can tell which sessions have ended since, and which addresses were used. */
static enum err renew_access(struct office *office)
{
	enum err error = query_run_sql(office, statements[SQL_NO_SESSIONS]);
	if (error == ERR_OK)
		error = query_run_sql(office, statements[SQL_NO_ADDRESSES]);
	return error == ERR_OK ? query_run_sql(office, statements[SQL_NO_THROTTLES]) : error;
}

static enum err renew_audit(struct office *office, uint64_t number)
{
	char subject[RENEW_NUMBER_TEXT];
	snprintf(subject, sizeof(subject), "%" PRIu64, number);
	return audit_add(office, OFFICE_SERIAL_JUMP, office_actor(office), "restore", subject, NULL);
}

enum err office_renew(struct office *office, uint64_t number, const char *file, uint64_t least_serial)
{
	if (file == NULL || file[0] != '/')
		return ERR_INVALID;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = renew_backup(office, number, file);
	if (error == ERR_OK)
		error = renew_meta(office, least_serial);
	if (error == ERR_OK)
		error = renew_access(office);
	if (error == ERR_OK)
		error = renew_audit(office, number);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}
