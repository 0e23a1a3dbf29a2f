/* SPDX-License-Identifier: MIT */
/* keeping_merge_organisers.c: takes over from another office what organisers have changed there: the newer of two rows, by version and
 * mark, as a whole.
 *
 * It must never bring back an account that has ended, a code or a step that was used, or an action that was removed: each of these wins
 * over whatever is newer. Sessions, one-time addresses and throttles are taken from nobody. */
#include "lib/office/keeping_merge_parts.h"

/* The event's detail here is, by now, the one that VERSION and MARK of there say. One that has no row has version 1 and no mark. */
#define SAME_DETAIL(CODE, VERSION, MARK)                                                                               \
	"EXISTS (SELECT 1 FROM event e LEFT JOIN event_detail d ON d.event = e.code "                                  \
	"WHERE e.code = " CODE " AND coalesce(d.version, 1) = " VERSION " AND coalesce(d.mark, 0) = " MARK ")"
#define WITH_DETAIL "coalesce(d.version, 1), coalesce(d.mark, 0) "
#define SAME_ROW(TABLE, ID, VERSION, MARK)                                                                             \
	"EXISTS (SELECT 1 FROM " TABLE " WHERE id = " ID " AND version = " VERSION " AND mark = " MARK ")"

#define DETAIL_COLUMNS                                                                                                 \
	"event, version, mark, partner, communities, topic, strand, note, channel, reach, expected, came, is_refuge, " \
	"opens_on, closes_on, next_on, series, points_to, kept_from"
#define DETAIL_FROM "SELECT " DETAIL_COLUMNS " FROM event_detail"

static const struct merge_copy detail_copies[] = {
	{DETAIL_FROM,
	 "INSERT OR IGNORE INTO event_detail (" DETAIL_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
	 "?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)"},
	/* What thank-you pages have promised by is the earliest of both, whichever is newer. */
	{"SELECT event, kept_from FROM event_detail WHERE kept_from IS NOT NULL",
	 "UPDATE event_detail SET kept_from = min(coalesce(kept_from, ?2), ?2) WHERE event = ?1"},
	{DETAIL_FROM, "UPDATE event_detail SET version = ?2, mark = ?3, partner = ?4, communities = ?5, topic = ?6, "
		      "strand = ?7, note = ?8, channel = ?9, reach = ?10, expected = ?11, came = ?12, is_refuge = ?13, "
		      "opens_on = ?14, closes_on = ?15, next_on = ?16, series = ?17, points_to = ?18, "
		      "kept_from = coalesce(kept_from, ?19) WHERE event = ?1 AND (?2, ?3) > (version, mark)"},
	{"SELECT e.code, e.title, e.place, e.held_on, e.area, e.programme, e.is_wales, " WITH_DETAIL
	 "FROM event e LEFT JOIN event_detail d ON d.event = e.code",
	 "UPDATE event SET title = ?2, place = ?3, held_on = ?4, area = ?5, programme = ?6, is_wales = ?7 "
	 "WHERE code = ?1 AND " SAME_DETAIL("?1", "?8", "?9")},
	/* Lists: first what is here in a place and not there, then what is there. */
	{"SELECT l.event, l.place, l.tag, " WITH_DETAIL
	 "FROM event_language l LEFT JOIN event_detail d ON d.event = l.event",
	 "DELETE FROM event_language WHERE event = ?1 AND place = ?2 AND tag <> ?3 AND " SAME_DETAIL("?1", "?4", "?5")},
	{"SELECT l.event, count(*), " WITH_DETAIL "FROM event_language l LEFT JOIN event_detail d ON d.event = l.event "
	 "GROUP BY l.event",
	 "DELETE FROM event_language WHERE event = ?1 AND place >= ?2 AND " SAME_DETAIL("?1", "?3", "?4")},
	{"SELECT l.event, l.place, l.tag, " WITH_DETAIL
	 "FROM event_language l LEFT JOIN event_detail d ON d.event = l.event",
	 "INSERT OR IGNORE INTO event_language (event, place, tag) SELECT ?1, ?2, ?3 WHERE " SAME_DETAIL("?1", "?4",
													 "?5")},
	{"SELECT f.event, f.place, f.form, " WITH_DETAIL
	 "FROM event_form f LEFT JOIN event_detail d ON d.event = f.event",
	 "DELETE FROM event_form WHERE event = ?1 AND place = ?2 AND form <> ?3 AND " SAME_DETAIL("?1", "?4", "?5")},
	{"SELECT f.event, count(*), " WITH_DETAIL "FROM event_form f LEFT JOIN event_detail d ON d.event = f.event "
	 "GROUP BY f.event",
	 "DELETE FROM event_form WHERE event = ?1 AND place >= ?2 AND " SAME_DETAIL("?1", "?3", "?4")},
	{"SELECT f.event, f.place, f.form, f.version, " WITH_DETAIL
	 "FROM event_form f LEFT JOIN event_detail d ON d.event = f.event",
	 "INSERT OR IGNORE INTO event_form (event, place, form, version) SELECT ?1, ?2, ?3, ?4 "
	 "WHERE " SAME_DETAIL("?1", "?5", "?6")},
	{"SELECT event, form, version FROM event_form WHERE version IS NOT NULL",
	 "UPDATE event_form SET version = ?3 WHERE event = ?1 AND form = ?2 AND version IS NULL"},
};

#define ACCOUNT_COLUMNS "id, name, shown, role, state, language, password, totp, totp_step, version, mark"
#define ACCOUNT_FROM "SELECT " ACCOUNT_COLUMNS " FROM account"
#define PLACEMENT_COLUMNS                                                                                              \
	"id, area, year, quarter, kind, offered, taken_up, completed, meals, school, ethnic, nbcpa, disability, "      \
	"care, "                                                                                                       \
	"version, mark"
#define PLACEMENT_FROM "SELECT " PLACEMENT_COLUMNS " FROM placement"
#define TARGET_FROM "SELECT area, year, places, version, mark FROM placement_target"
#define ACTION_COLUMNS                                                                                                 \
	"id, area, event, status, many, owner, aim, partner, evidence, said_on, due, done_on, changed_on, is_public, " \
	"is_removed, version, mark"
#define ACTION_FROM "SELECT " ACTION_COLUMNS " FROM action"

static const struct merge_copy organiser_copies[] = {
	/* One whose name is another's here stays away, with all that hangs on it. */
	{ACCOUNT_FROM,
	 "INSERT OR IGNORE INTO account (" ACCOUNT_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
	 "?11)"},
	/* Codes that the newer row does not know; used ones stay, so that they are never anything else. */
	{ACCOUNT_FROM,
	 "DELETE FROM account_recovery WHERE account = ?1 AND is_used = 0 AND EXISTS (SELECT 1 FROM account "
	 "WHERE id = ?1 AND (?5 = 'ended', ?10, ?11) > (state = 'ended', version, mark))"},
	{ACCOUNT_FROM,
	 "UPDATE account SET shown = ?3, role = ?4, state = ?5, language = ?6, password = ?7, totp = ?8, "
	 "totp_step = CASE WHEN totp IS ?8 THEN max(totp_step, ?9) ELSE ?9 END, version = ?10, mark = ?11 "
	 "WHERE id = ?1 AND (?5 = 'ended', ?10, ?11) > (state = 'ended', version, mark)"},
	{"SELECT id, totp, totp_step FROM account WHERE totp IS NOT NULL",
	 "UPDATE account SET totp_step = ?3 WHERE id = ?1 AND totp = ?2 AND totp_step < ?3"},
	{"SELECT id, version, mark FROM account",
	 "DELETE FROM account_area WHERE account = ?1 AND " SAME_ROW("account", "?1", "?2", "?3")},
	{"SELECT b.account, b.area, a.version, a.mark FROM account_area b JOIN account a ON a.id = b.account",
	 "INSERT OR IGNORE INTO account_area (account, area) SELECT ?1, ?2 WHERE " SAME_ROW("account", "?1", "?3",
											    "?4")},
	{"SELECT r.account, r.hash, r.is_used, a.version, a.mark FROM account_recovery r JOIN account a ON a.id = "
	 "r.account",
	 "INSERT OR IGNORE INTO account_recovery (account, hash, is_used) SELECT ?1, ?2, ?3 "
	 "WHERE (?3 = 1 AND EXISTS (SELECT 1 FROM account WHERE id = ?1)) OR " SAME_ROW("account", "?1", "?4", "?5")},
	{"SELECT account, hash FROM account_recovery WHERE is_used = 1",
	 "UPDATE account_recovery SET is_used = 1 WHERE account = ?1 AND hash = ?2"},
	{"SELECT id FROM account", "DELETE FROM account_recovery WHERE account = ?1 AND EXISTS "
				   "(SELECT 1 FROM account WHERE id = ?1 AND state = 'ended')"},
	/* Of two that count the same places the newer one stays. */
	{PLACEMENT_FROM,
	 "DELETE FROM placement WHERE area = ?2 AND year = ?3 AND quarter = ?4 AND kind = ?5 AND id <> ?1 "
	 "AND (?15, ?16) > (version, mark) AND NOT EXISTS (SELECT 1 FROM placement p WHERE p.id = ?1 "
	 "AND (p.version, p.mark) >= (?15, ?16))"},
	{PLACEMENT_FROM,
	 "INSERT OR IGNORE INTO placement (" PLACEMENT_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
	 "?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"},
	{PLACEMENT_FROM,
	 "UPDATE OR IGNORE placement SET area = ?2, year = ?3, quarter = ?4, kind = ?5, offered = ?6, taken_up = ?7, "
	 "completed = ?8, meals = ?9, school = ?10, ethnic = ?11, nbcpa = ?12, disability = ?13, "
	 "care = ?14, version = ?15, mark = ?16 WHERE id = ?1 AND (?15, ?16) > (version, mark)"},
	{TARGET_FROM, "INSERT OR IGNORE INTO placement_target (area, year, places, version, mark) "
		      "VALUES (?1, ?2, ?3, ?4, ?5)"},
	{TARGET_FROM, "UPDATE placement_target SET places = ?3, version = ?4, mark = ?5 "
		      "WHERE area = ?1 AND year = ?2 AND (?4, ?5) > (version, mark)"},
	{ACTION_FROM,
	 "INSERT OR IGNORE INTO action (" ACTION_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
	 "?11, ?12, ?13, ?14, ?15, ?16, ?17)"},
	{ACTION_FROM,
	 "UPDATE action SET area = ?2, event = ?3, status = ?4, many = ?5, owner = ?6, aim = ?7, partner = ?8, "
	 "evidence = ?9, said_on = ?10, due = ?11, done_on = ?12, changed_on = ?13, is_public = ?14, "
	 "is_removed = ?15, version = ?16, mark = ?17 "
	 "WHERE id = ?1 AND (?15, ?16, ?17) > (is_removed, version, mark)"},
	{"SELECT id, version, mark FROM action",
	 "DELETE FROM action_text WHERE action = ?1 AND " SAME_ROW("action", "?1", "?2", "?3")},
	{"SELECT t.action, t.place, t.tag, t.theme, t.said, t.did, a.version, a.mark FROM action_text t "
	 "JOIN action a ON a.id = t.action",
	 "INSERT INTO action_text (action, place, tag, theme, said, did) SELECT ?1, ?2, ?3, ?4, ?5, ?6 "
	 "WHERE " SAME_ROW("action", "?1", "?7", "?8")},
};

static enum err merge_steps(struct merge *merge, const struct merge_copy *copies, size_t count)
{
	enum err error = ERR_OK;
	for (size_t i = 0; error == ERR_OK && i < count; i++)
		error = merge_run(merge, &copies[i], NULL);
	return error;
}

enum err merge_event_details(struct merge *merge)
{
	return merge_steps(merge, detail_copies, sizeof(detail_copies) / sizeof(detail_copies[0]));
}

enum err merge_organisers(struct merge *merge)
{
	return merge_steps(merge, organiser_copies, sizeof(organiser_copies) / sizeof(organiser_copies[0]));
}
