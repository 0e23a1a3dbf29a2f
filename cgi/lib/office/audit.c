/* SPDX-License-Identifier: MIT */
/* audit.c: one line for each act of an organiser: day, who, what, on what, and why where that is asked.
 *
 * It must never hold contents, nor anything an attendee did. Acts that change something write their line in the same
 * transaction. */
#include "lib/office/query.h"

static const char sql_add[] =
	"INSERT INTO audit (number, day, actor, action, subject, words) "
	"VALUES ((SELECT coalesce(max(number), 0) + 1 FROM audit), " OFFICE_DAY_NOT_BEFORE("?1") ", ?2, ?3, ?4, "
												 "nullif(?5, ''))";

enum err office_audit(struct office *office, const char *actor, const char *action, const char *subject)
{
	return office_audit_words(office, actor, action, subject, "");
}

enum err office_audit_words(struct office *office, const char *actor, const char *action, const char *subject,
			    const char *words)
{
	char day[DATE_TEXT];
	date_format(date_today(), day);
	CLEANUP_QUERY struct query query = query_new(office, sql_add);
	query_bind_text(&query, 1, day);
	query_bind_text(&query, 2, actor);
	query_bind_text(&query, 3, action);
	query_bind_text(&query, 4, subject);
	query_bind_text(&query, 5, words);
	return query_run(&query, NULL);
}
