/* SPDX-License-Identifier: MIT */
/* pages_audit.c: the audit log, newest first, whether it is whole, and its head as a signed file to be kept elsewhere: a chain alone does not show
 * what was cut off at its end (security.md O8). */
#include "app.h"
#include "routes.h"
#include "pages/organiser/audit.h"

#include "lib/base/codec.h"
#include "lib/view/organiser_accounts.h"

#include <stdlib.h>
#include <string.h>

enum { AUDIT_LINES = 100 };

/* Says whether every line is as it was written. */
static enum err judge(struct visit *visit, struct page_audit *model)
{
	struct office_audit_head head;
	int64_t broken_at = 0;
	enum err error = office_audit_head(visit->office, &head);
	if (error)
		return error;
	error = office_audit_verify(visit->office, NULL, &broken_at);
	if (error && error != ERR_CORRUPT)
		return error;
	model->is_broken = error == ERR_CORRUPT;
	const char *n = arena_printf(visit->arena, "%lld", (long long) (model->is_broken ? broken_at : head.number));
	model->state =
		visit_words_with(visit, model->is_broken ? WORD_o_audit_broken : WORD_o_audit_whole, "n", n ? n : "");
	return ERR_OK;
}

static struct page_audit_line line_of(const struct visit *visit, const struct office_audit_line *line)
{
	return (struct page_audit_line){
		.number = arena_printf(visit->arena, "%lld", (long long) line->number),
		.day = visit_date(visit, line->day),
		.who = line->actor,
		.what = line->action,
		.on = line->subject,
		.words = line->words,
	};
}

void audit_page(struct visit *visit)
{
	size_t skip = (size_t) strtoul(visit_query(visit, "from"), NULL, 10), count = 0, total = 0;
	struct office_audit_line *list = NULL;
	struct page_audit model = {0};
	enum err error = office_audit_list(visit->office, skip, AUDIT_LINES, visit->arena, &list, &count, &total);
	struct page_audit_line *lines = error ? NULL : arena_array(visit->arena, count + 1, struct page_audit_line);
	if (!error)
		error = lines ? judge(visit, &model) : ERR_NOMEM;
	if (error) {
		visit_failed(visit, error);
		return;
	}
	for (size_t i = 0; i < count; i++)
		lines[i] = line_of(visit, &list[i]);
	visit->page.is_wide = true;
	visit_frame(visit, WORD_o_audit_title, "/audit");
	model.page = visit->page;
	model.lines = lines;
	model.lines_count = count;
	model.pager = (struct page_pager){skip + 1, skip + count, total, {""}, {""}};
	if (skip > 0)
		model.pager.previous_url =
			visit_url(visit, "/audit?from=%zu", skip > AUDIT_LINES ? skip - AUDIT_LINES : 0);
	if (skip + count < total)
		model.pager.next_url = visit_url(visit, "/audit?from=%zu", skip + count);
	visit_print(visit, 200, organiser_audit_html, &model);
}

void audit_head_file(struct visit *visit)
{
	struct office_audit_head head;
	struct root_pair pair;
	char hex[2 * sizeof head.hash + 1], *document = NULL;
	size_t length = 0;
	enum err error = office_audit_head(visit->office, &head);
	if (!error)
		error = app_content_pair(&pair);
	if (!error) {
		codec_hex(head.hash, sizeof head.hash, hex);
		const char *body =
			arena_printf(visit->arena, "{\"hash\":\"%s\",\"number\":%lld}\n", hex, (long long) head.number);
		error = body ? signed_encode("audithead", body, strlen(body), &pair, visit->arena, &document, &length)
			     : ERR_NOMEM;
		keys_wipe(&pair, sizeof pair);
	}
	const char *name = arena_printf(visit->arena, "audit-head-%lld.txt", error ? 0LL : (long long) head.number);
	if (error || !name)
		visit_failed(visit, error ? error : ERR_NOMEM);
	else
		visit_file(visit, "text/plain; charset=utf-8", name, false, document, length);
}
