/* SPDX-License-Identifier: MIT */
/* judge.c: what the server makes of sets of answers, for the test that the page's script makes the same of them.
 *
 * `judge FOLDER LIBRARY STRINGS LANGUAGE` reads what a browser would send, one application/x-www-form-urlencoded body a line,
 * and prints a JSON object a line: which questions are relevant, the mistakes in the server's words with the control each
 * is said of, how long each text is, and the canonical answers when there is no mistake. It judges with the very functions
 * that intake and the collector call, and decides nothing itself. */
#include "../../cgi/intake/mistake_words.h"
#include "../../cgi/intake/visit.h"

#include "lib/base/utf8.h"
#include "lib/form/answers.h"
#include "lib/form/form_load.h"
#include "lib/http/http.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORM_BYTES = 64 << 20, LINE_BYTES = 16 << 20 };

static const char *const kinds[MISTAKE_KIND_COUNT] = {
	[MISTAKE_REQUIRED] = "required",     [MISTAKE_TOO_LONG] = "too long",     [MISTAKE_EXCLUSIVE] = "exclusive",
	[MISTAKE_NOT_NUMBER] = "not number", [MISTAKE_NOT_WHOLE] = "not whole",   [MISTAKE_TOO_FINE] = "too fine",
	[MISTAKE_TOO_SMALL] = "too small",   [MISTAKE_TOO_LARGE] = "too large",   [MISTAKE_DATE_PART] = "date part",
	[MISTAKE_NOT_DATE] = "not date",     [MISTAKE_SAME_PLACE] = "same place", [MISTAKE_CONSTRAINT] = "constraint",
	[MISTAKE_NOTHING] = "nothing",
};

static void fail(const char *what)
{
	fprintf(stderr, "judge: %s\n", what);
	exit(1);
}

/* The name of the first field that cannot have come from our page; NULL when all is well. */
static const char *take(struct answers *answers, struct arena *arena, const char *line, size_t length)
{
	struct http_field *fields = NULL;
	size_t count = 0;
	enum http_fault fault = HTTP_FAULT_NONE;
	if (http_decode_fields(line, length, arena, &fields, &count, &fault) != ERR_OK)
		fail("no memory");
	if (fault != HTTP_FAULT_NONE)
		return "(the whole)";
	for (size_t i = 0; i < count; i++) {
		enum answers_refusal refusal = ANSWERS_OK;
		if (answers_add(answers, arena, fields[i].name, fields[i].value, &refusal) != ERR_OK)
			fail("no memory");
		if (refusal != ANSWERS_OK)
			return fields[i].name;
	}
	return NULL;
}

static json_t *relevance(const struct visit *visit, const struct answers *answers)
{
	json_t *object = json_object();
	for (size_t p = 0; p < visit->form->pages_count; p++) {
		for (size_t q = 0; q < visit->form->pages[p].questions_count; q++) {
			const struct question *question = &visit->form->pages[p].questions[q];
			if (form_asks(visit->form, visit->language, question))
				json_object_set_new(object, question->name,
						    json_boolean(answers_is_relevant(answers, question)));
		}
	}
	return object;
}

static json_t *lengths(const struct visit *visit, const struct answers *answers)
{
	json_t *object = json_object();
	for (size_t i = 0; i < visit->form->fields_count; i++) {
		const struct field *field = &visit->form->fields[i];
		if (field->question->type == QUESTION_TEXT && answers->of[i].text)
			json_object_set_new(object, field->name,
					    json_integer((json_int_t) utf8_utf16_length(answers->of[i].text)));
	}
	return object;
}

static json_t *said(const struct visit *visit, const struct mistakes *mistakes)
{
	json_t *list = json_array();
	for (size_t i = 0; i < mistakes->count; i++) {
		const struct mistake *mistake = &mistakes->list[i];
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "kind", kinds[mistake->kind], "field",
						      visit->form->fields[mistake->field].name, "id",
						      mistake_words_control(visit, mistake), "message",
						      mistake_words(visit, mistake)));
	}
	return list;
}

static void judge(struct visit *visit, struct arena *arena, const char *line, size_t length)
{
	visit->arena = arena;
	struct answers *answers = answers_new(visit->form, visit->language, arena);
	if (!answers)
		fail("no memory");
	answers->months = visit_months(visit);
	const char *refused = take(answers, arena, line, length);
	/* Each looks at the answers before answers_check drops what does not count. */
	json_t *relevant = relevance(visit, answers), *used = lengths(visit, answers);
	struct mistakes mistakes;
	char *canonical = NULL;
	size_t canonical_length;
	if (answers_check(answers, arena, &mistakes) != ERR_OK)
		fail("no memory");
	if (!mistakes.count && answers_encode(answers, ANSWERS_ALL, arena, &canonical, &canonical_length) != ERR_OK)
		fail("no memory");
	json_t *out = json_pack("{s:s?, s:o, s:o, s:o, s:s?}", "refused", refused, "relevant", relevant, "used", used,
				"mistakes", said(visit, &mistakes), "answers", canonical);
	if (!out || json_dumpf(out, stdout, JSON_COMPACT) != 0 || putchar('\n') == EOF)
		fail("no memory, or nobody reads");
	json_decref(out);
}

int main(int argc, char **argv)
{
	if (argc != 5)
		fail("judge FOLDER LIBRARY STRINGS LANGUAGE");
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct form *form = NULL;
	struct words_set set;
	arena_init(&arena, FORM_BYTES);
	problems_init(&problems, &arena);
	if (form_load(argv[1], argv[2], &arena, &form, &problems) != ERR_OK ||
	    words_load(argv[3], &arena, &set, &problems) != ERR_OK) {
		problems_print(&problems, stderr);
		fail("the form or the strings cannot be loaded");
	}
	struct visit visit = {.form = form, .tag = argv[4], .words = words_for(&set, argv[4])};
	visit.language = form_language(form, argv[4]);
	if (visit.language < 0)
		fail("the form has no such language");
	CLEANUP_ARENA struct arena own;
	arena_init(&own, LINE_BYTES);
	char *line = NULL;
	size_t room = 0;
	for (ssize_t length; (length = getline(&line, &room, stdin)) >= 0; arena_reset(&own))
		judge(&visit, &own, line,
		      length > 0 && line[length - 1] == '\n' ? (size_t) length - 1 : (size_t) length);
	free(line);
	return ferror(stdin) || fflush(stdout) != 0;
}
