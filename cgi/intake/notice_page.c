/* SPDX-License-Identifier: MIT */
/* notice_page.c: the organisation's own words about privacy, accessibility and cookies: a page, and the sections that a kiosk's panel shows. */
#include "page.h"

#include "pages/intake/notice.h"

#include <string.h>

/* Paragraphs are separated by blank lines; one whose lines all begin with "- " is a list. */
static void fill_blocks(const struct visit *visit, const char *body, const char *lang,
			struct page_notice_section *section)
{
	size_t most = 1;
	for (const char *at = body; (at = strstr(at, "\n\n")) != NULL; at += 2)
		most++;
	struct page_block *blocks = arena_array(visit->arena, most, struct page_block);
	section->blocks = blocks;
	while (blocks && *body) {
		const char *end = strstr(body, "\n\n");
		size_t length = end ? (size_t) (end - body) : strlen(body);
		char *text = arena_strndup(visit->arena, body, length);
		body += length + strspn(body + length, "\n");
		if (!text || !*text)
			continue;
		struct page_block *block = &blocks[section->blocks_count++];
		if (strncmp(text, "- ", 2) != 0) {
			block->paragraph = (struct page_text){text, lang};
			continue;
		}
		size_t lines = 1;
		for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
			lines++;
		struct page_text *items = arena_array(visit->arena, lines, struct page_text);
		for (char *line = text; items && line;) {
			char *next = strchr(line, '\n');
			if (next)
				*next++ = '\0';
			items[block->items_count++] =
				(struct page_text){strncmp(line, "- ", 2) == 0 ? line + 2 : line, lang};
			line = next;
		}
		block->items = items;
	}
}

/* Marked as English where the page's language has no text of its own (WCAG 3.1.2). */
static struct page_text notice_text(const struct visit *visit, const struct text *text)
{
	const char *found = organisation_text(catalogue_organisation(visit->app->catalogue), visit->tag, text);
	bool is_foreign = found && found == text->of[0] && strncmp(visit->tag, "en", 2) != 0;
	return (struct page_text){found, is_foreign ? "en" : NULL};
}

const struct page_notice_section *page_notice_sections(const struct visit *visit, enum notice notice, size_t *count)
{
	const struct organisation *organisation = catalogue_organisation(visit->app->catalogue);
	struct page_notice_section *sections =
		arena_array(visit->arena, organisation->notices_count[notice], struct page_notice_section);
	*count = sections ? organisation->notices_count[notice] : 0;
	for (size_t i = 0; i < *count; i++) {
		const struct notice_section *source = &organisation->notices[notice][i];
		sections[i].heading = notice_text(visit, &source->heading);
		struct page_text body = notice_text(visit, &source->body);
		fill_blocks(visit, body.text ? body.text : "", body.lang, &sections[i]);
	}
	return sections;
}

void page_notice(const struct visit *visit, enum notice notice, struct http_response *response)
{
	static const enum word titles[NOTICE_COUNT] = {
		[NOTICE_PRIVACY] = WORD_privacy_title,
		[NOTICE_ACCESSIBILITY] = WORD_accessibility_title,
		[NOTICE_COOKIES] = WORD_cookies_title,
	};
	const struct organisation *organisation = catalogue_organisation(visit->app->catalogue);
	struct page_notice model = {
		.title = visit_words(visit, titles[notice]),
		.email = organisation->contact_email,
		.phone = organisation->contact_phone,
	};
	model.sections = page_notice_sections(visit, notice, &model.sections_count);
	page_fill(visit, model.title, &model.page);
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	intake_notice_html(&html, visit->words, &model);
	page_send(visit, 200, &html, response);
}
