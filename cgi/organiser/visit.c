/* SPDX-License-Identifier: MIT */
/* visit.c: what handlers read of a request and answer it with. */
#include "visit.h"

#include "app.h"
#include "frame.h"
#include "pages/organiser/plain.h"

#include "lib/base/log.h"
#include "lib/base/utf8.h"

#include <stdio.h>
#include <string.h>

/* VALUE without white space (Unicode White_Space) at its ends. */
static const char *trimmed(const struct visit *visit, const char *value)
{
	const char *first = NULL, *last = value;
	for (const char *at = value; *at;) {
		const char *here = at;
		bool is_space = utf8_is_space(utf8_next(&at));
		if (!is_space && !first)
			first = here;
		if (!is_space)
			last = at;
	}
	const char *copy = first ? arena_strndup(visit->arena, first, (size_t) (last - first)) : "";
	return copy ? copy : "";
}

const char *visit_field(const struct visit *visit, const char *name)
{
	bool is_repeated = false;
	const char *value = http_field(visit->request->fields, visit->request->fields_count, name, &is_repeated);
	return value && !is_repeated ? trimmed(visit, value) : "";
}

const char *visit_secret(const struct visit *visit, const char *name)
{
	bool is_repeated = false;
	const char *value = http_field(visit->request->fields, visit->request->fields_count, name, &is_repeated);
	return value && !is_repeated ? value : "";
}

const char *visit_query(const struct visit *visit, const char *name)
{
	bool is_repeated = false;
	const char *value = http_field(visit->request->query, visit->request->query_count, name, &is_repeated);
	return value && !is_repeated ? trimmed(visit, value) : "";
}

const char *const *visit_fields(const struct visit *visit, const char *name, size_t *count)
{
	const struct http_request *request = visit->request;
	const char **list = arena_array(visit->arena, request->fields_count + 1, const char *);
	*count = 0;
	for (size_t i = 0; list && i < request->fields_count; i++)
		if (strcmp(request->fields[i].name, name) == 0)
			list[(*count)++] = trimmed(visit, request->fields[i].value);
	return list;
}

const char *visit_words(const struct visit *visit, enum word key)
{
	const char *text = words_text(visit->t, key);
	return text ? text : "";
}

const char *visit_words_fill(const struct visit *visit, enum word key, const struct words_fill *fills, size_t count)
{
	const char *text = words_fill(visit->t, key, fills, count, visit->arena);
	return text ? text : "";
}

const char *visit_words_with(const struct visit *visit, enum word key, const char *name, const char *value)
{
	const struct words_fill one = {name, value};
	return visit_words_fill(visit, key, &one, 1);
}

const struct words_set *visit_languages(const struct visit *visit)
{
	return &visit->app->texts->words;
}

const char *visit_date(const struct visit *visit, struct date date)
{
	if (date.year == 0)
		return "";
	const char *day = arena_printf(visit->arena, "%d", date.day),
		   *year = arena_printf(visit->arena, "%d", date.year);
	const struct words_fill fills[] = {{"day", day ? day : ""},
					   {"month", visit_words(visit, (enum word)(WORD_month_1 + date.month - 1))},
					   {"year", year ? year : ""}};
	return visit_words_fill(visit, WORD_date_words, fills, 3);
}

const char *visit_text(const struct visit *visit, const struct text *text)
{
	const char *found = organisation_text(visit->organisation, visit->t->language, text);
	return found ? found : "";
}

const char *visit_area(const struct visit *visit, const char *name)
{
	const struct organisation *organisation = visit->organisation;
	for (size_t i = 0; i < organisation->areas_count; i++)
		if (strcmp(organisation->areas[i].name, name) == 0)
			return visit_text(visit, &organisation->areas[i].title);
	return name;
}

const char *visit_programme(const struct visit *visit, const char *name)
{
	const struct organisation *organisation = visit->organisation;
	for (size_t i = 0; i < organisation->programmes_count; i++)
		if (strcmp(organisation->programmes[i].name, name) == 0)
			return visit_text(visit, &organisation->programmes[i].title);
	return name;
}

struct safe_url visit_url(const struct visit *visit, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *url = arena_vprintf(visit->arena, format, args);
	va_end(args);
	return view_url(url ? url : "/");
}

void visit_wrong(struct visit *visit, const char *field, const char *message)
{
	if (visit->page.errors_count == VISIT_WRONG_MAX)
		return;
	struct safe_url href = {""};
	if (*field)
		href = visit_url(visit, "#%s", field);
	visit->wrong[visit->page.errors_count++] = (struct page_error){href, message};
	visit->page.errors = visit->wrong;
}

const char *visit_wrong_of(const struct visit *visit, const char *field)
{
	for (size_t i = 0; *field && i < visit->page.errors_count; i++)
		if (visit->wrong[i].href.url[0] == '#' && strcmp(visit->wrong[i].href.url + 1, field) == 0)
			return visit->wrong[i].message;
	return NULL;
}

bool visit_is_wrong(const struct visit *visit)
{
	return visit->page.errors_count > 0;
}

void visit_page(struct visit *visit, int status, const struct strbuf *body)
{
	enum err error = strbuf_error(body);
	if (!error && visit->arena->is_failed)
		error = ERR_NOMEM; /* something on the page may be lacking */
	char *copy = error ? NULL : arena_memdup(visit->arena, strbuf_text(body), body->length);
	if (!copy) {
		log_error("organiser.page", "error=%s", err_name(error ? error : ERR_NOMEM));
		visit->response->status = 500;
		visit->response->content_type = "text/plain; charset=utf-8";
		visit->response->body = "";
		return;
	}
	visit->response->status = status;
	visit->response->body = copy;
	visit->response->body_length = body->length;
}

void visit_go(struct visit *visit, const char *path, int notice)
{
	const char *mark = strchr(path, '?') ? "&" : "?";
	if (visit->is_unpublished)
		notice = WORD_o_not_published;
	const char *name =
		notice >= WORD_COUNT && notice < WORD_ORGANISER_END ? word_organiser_names[notice - WORD_COUNT] : NULL;
	const char *to =
		name ? arena_printf(visit->arena, "%s%snotice=%s", path, mark, name) : arena_strdup(visit->arena, path);
	visit->response->status = 303;
	visit->response->location = to ? to : "/";
	visit->response->body = "";
}

void visit_file(struct visit *visit, const char *type, const char *name, bool is_inline, const void *bytes,
		size_t length)
{
	const char *copy = arena_memdup(visit->arena, bytes, length);
	if (!copy) {
		visit_failed(visit, ERR_NOMEM);
		return;
	}
	visit->response->status = 200;
	visit->response->content_type = type;
	visit->response->file = name;
	visit->response->is_inline = is_inline;
	visit->response->body = copy;
	visit->response->body_length = length;
}

static void say(struct visit *visit, int status, enum word title, enum word text, struct safe_url url, enum word link)
{
	visit_frame(visit, title, "");
	const struct page_text paragraph = {visit_words(visit, text), NULL};
	struct page_plain model = {
		.page = visit->page,
		.title = visit_words(visit, title),
		.paragraphs = &paragraph,
		.paragraphs_count = 1,
		.url = url,
		.link = visit_words(visit, link),
	};
	CLEANUP_STRBUF struct strbuf body;
	strbuf_init(&body, VISIT_HTML_MAX);
	organiser_plain_html(&body, visit->t, &model);
	visit_page(visit, status, &body);
}

void visit_say(struct visit *visit, int status, enum word title, enum word text)
{
	say(visit, status, title, text, view_url(visit->account ? "/" : "/sign-in"),
	    visit->account ? WORD_o_go_home : WORD_o_sign_in);
}

void visit_ask_again(struct visit *visit)
{
	say(visit, 200, WORD_o_from_elsewhere_title, WORD_o_from_elsewhere_text, view_url(visit->request->path),
	    WORD_o_from_elsewhere_link);
}

void visit_missing(struct visit *visit)
{
	visit_say(visit, 404, WORD_o_missing_title, WORD_o_missing_text);
}

void visit_refused(struct visit *visit)
{
	visit_say(visit, 403, WORD_o_refused_title, WORD_o_refused_text);
}

void visit_failed(struct visit *visit, enum err error)
{
	log_error("organiser.failed", "error=%s", err_name(error));
	visit_say(visit, error == ERR_BUSY ? 503 : 500, WORD_o_failed_title, WORD_o_failed_text);
}
