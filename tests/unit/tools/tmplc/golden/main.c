/* SPDX-License-Identifier: MIT */
/* main.c: prints one golden template, named by the argument, with the one sample model. */
#include "model.h"

#include "pages/sample/attributes.h"
#include "pages/sample/blocks.h"
#include "pages/sample/includes.h"
#include "pages/sample/text.h"
#include "pages/sample/urls.h"
#include "pages/sample/white-space.h"
#include "pages/sample/words.h"

#include <stdio.h>
#include <string.h>

static char writable[] = "may <change>";
static const char *const two_lines[] = {"first", "se<ond"};
static const char *const one_line[] = {"only"};
static const struct part hint = {"a hint", NULL};
static const struct part yes = {"Yes", NULL}, no = {"Na", "cy"};
static const struct part *const parts[] = {&yes, &no};
static const struct item items[] = {
	{"one", {"One", NULL}, &hint, true, two_lines, 2},
	{"two", {"Dau", "cy"}, NULL, false, NULL, 0},
	{"three", {"3 > 2", NULL}, NULL, false, one_line, 1},
};

static const struct sample sample = {
	.hostile = "<script>alert(\"1\" & '2')</script>",
	.plain = "plain",
	.empty = "",
	.writable = writable,
	.lines = "\n  two\nlines",
	.address = "//evil.example/?a=b&c",
	.html = {"<b>made by a template</b>"},
	.url = {"/E4K7QX/CY?a=1&b=2"},
	.evil_url = {"javascript:alert(1)"},
	.number = -5,
	.unsigned_number = 6,
	.size = 7,
	.negative = -8000000000,
	.is_true = true,
	.part = {"a part", "cy"},
	.pointer = &yes,
	.items = items,
	.items_count = 3,
	.parts = parts,
	.parts_count = 2,
	.fraction = 0.5,
};

static const struct {
	const char *name;
	void (*print)(struct strbuf *out, const struct words *t, const struct sample *p);
} templates[] = {
	{"attributes", sample_attributes_html},
	{"blocks", sample_blocks_html},
	{"includes", sample_includes_html},
	{"text", sample_text_html},
	{"urls", sample_urls_html},
	{"white-space", sample_white_space_html},
	{"words", sample_words_html},
};

int main(int argc, char **argv)
{
	static const struct words words = {
		.language = "en",
		.of = {[WORD_plain] = "Tom & \"Jerry\"",
		       [WORD_step] = "Question {n} of {total}",
		       [WORD_folded] = "You wrote {count} of {max} characters"},
	};
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, 100000);
	for (size_t i = 0; argc == 2 && i < sizeof templates / sizeof templates[0]; i++)
		if (strcmp(templates[i].name, argv[1]) == 0)
			templates[i].print(&out, &words, &sample);
	if (strbuf_error(&out) != ERR_OK || out.length == 0)
		return 1;
	puts(strbuf_text(&out));
	return 0;
}
