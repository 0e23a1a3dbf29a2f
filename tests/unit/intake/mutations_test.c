/* SPDX-License-Identifier: MIT */
/* mutations_test.c: no spoilt form is published and fails then: what loads becomes a document, every language of it a page, and
 * answers to it are judged, sealed into JSON, read back and thanked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/form_document.h"
#include "lib/form/form_load.h"
#include "unit/intake/site.h"
#include "unit/mutations.h"

enum { CEILING = 64 * 1024 * 1024 };

/* ---- a page, and an answer to it ---- */

static void expect_page(const struct mutations *mutations, const struct http_response *response, int status)
{
	if (response->status != status || response->body_length < 100 || strstr(response->body, "</html>") == NULL)
		fail_msg("mutation %u: a page of status %d with %zu bytes", mutations->number, response->status,
			 response->body_length);
}

static const char *const typed[] = {
	"",
	" ",
	"12",
	"-3",
	"2.5",
	"1e3",
	"0",
	"99999999999999999999",
	"abc",
	"2026",
	"13",
	"29",
	"=1+1",
	"<b>&\"'",
	"\xd9\xa3",
	"\xe2\x80\xae\xf0\x9f\x98\x80",
	"a longer text\r\nof two lines",
};

static void put(struct answers *answers, struct arena *arena, const char *name, const char *value)
{
	enum answers_refusal refusal = ANSWERS_OK;
	assert_non_null(name);
	assert_int_equal(answers_add(answers, arena, name, value, &refusal), ERR_OK);
}

static void put_field(struct answers *answers, struct arena *arena, const struct field *field)
{
	static const char *const parts[] = {"day", "month", "year"};
	const struct choice_list *list = form_field_list(answers->form, answers->language, field);
	const char *text = typed[below(sizeof(typed) / sizeof(typed[0]))];
	bool is_date = field->question->type == QUESTION_DATE && field->part != FIELD_REFUSAL;
	if (below(4) == 0)
		return;
	if (list == NULL && !is_date) {
		put(answers, arena, field->name, text);
		return;
	}
	for (size_t i = 0; is_date && i < 3; i++)
		put(answers, arena, arena_printf(arena, "%s.%s", field->name, parts[i]),
		    typed[below(sizeof(typed) / sizeof(typed[0]))]);
	if (list == NULL || list->choices_count == 0)
		return;
	for (size_t i = 0; i < list->choices_count; i++) {
		if (field->question->type == QUESTION_RANK && field->part != FIELD_REFUSAL)
			put(answers, arena, arena_printf(arena, "%s.%s", field->name, list->choices[i].name),
			    arena_printf(arena, "%u", 1 + below((unsigned) list->choices_count)));
		else if (below((unsigned) list->choices_count) == 0)
			put(answers, arena, field->name, list->choices[i].name);
	}
}

/* What was judged goes to the office as JSON, and is judged there once more: to the same end. */
static void expect_stored(const struct mutations *mutations, const struct answers *answers, struct arena *arena)
{
	char *json = NULL, *again = NULL;
	size_t length = 0, again_length = 0;
	struct answers *read = NULL;
	struct mistakes mistakes;
	enum answers_refusal refusal = ANSWERS_OK;
	const char *field = NULL;
	assert_int_equal(answers_encode(answers, ANSWERS_ALL, arena, &json, &length), ERR_OK);
	if (length > form_answers_max_bytes(answers->form))
		fail_msg("mutation %u: %zu bytes of answers", mutations->number, length);
	enum err error = answers_decode(answers->form, answers->language, json, length, arena, &read, &refusal, &field);
	if (error != ERR_OK)
		fail_msg("mutation %u: %s cannot be read back: %s", mutations->number, json, err_name(error));
	assert_int_equal(answers_check(read, arena, &mistakes), ERR_OK);
	assert_int_equal(answers_encode(read, ANSWERS_ALL, arena, &again, &again_length), ERR_OK);
	assert_string_equal(json, again);
}

static void answer(const struct mutations *mutations, struct visit *visit, bool *is_thanked)
{
	struct draft draft = {.at = "", .edit = 1};
	struct http_response response = {.status = 0};
	struct answers *answers = answers_new(visit->form, visit->language, visit->arena);
	assert_non_null(answers);
	for (size_t i = 0; i < visit->form->fields_count; i++) {
		if (form_asks_field(visit->form, visit->language, &visit->form->fields[i]))
			put_field(answers, visit->arena, &visit->form->fields[i]);
	}
	assert_int_equal(answers_check(answers, visit->arena, &draft.mistakes), ERR_OK);
	draft.answers = answers;
	form_page(visit, draft.mistakes.count > 0 ? 422 : 200, &draft, &response);
	expect_page(mutations, &response, draft.mistakes.count > 0 ? 422 : 200);
	if (draft.mistakes.count > 0)
		return;
	expect_stored(mutations, answers, visit->arena);
	thanks_page(visit, answers, "K7QX 9M2T 4WRB 6HD3 5", &response);
	expect_page(mutations, &response, 200);
	*is_thanked = true;
}

/* In every language, as a phone asks for it. */
static bool show(const struct mutations *mutations, struct site *site, const struct form *form)
{
	bool is_thanked = false;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	site->ref = (struct catalogue_form_ref){form->name, 1};
	site->event.languages_count = form->languages_count;
	for (size_t i = 0; i < form->languages_count; i++)
		site->languages[i] = form->languages[i].tag;
	for (size_t i = 0; i < form->languages_count; i++) {
		const struct http_request request = {.method = HTTP_GET, .path = "/E4K7QX", .accept_language = ""};
		struct http_response response = {.status = 0};
		struct draft draft = {.at = ""};
		struct visit visit;
		if (!form_language_is_chosen(&form->languages[i]))
			continue;
		arena_reset(&arena);
		site->event.is_wales = below(2) == 0;
		visit_init(&visit, &site->app, &request, &arena);
		visit_take_event(&visit, &site->event);
		assert_true(visit_take_form(&visit, form, form->languages[i].tag));
		form_page(&visit, 200, &draft, &response);
		expect_page(mutations, &response, 200);
		for (int tries = 0; tries < 3; tries++)
			answer(mutations, &visit, &is_thanked);
	}
	return is_thanked;
}

static bool run(const struct mutations *mutations, struct site *site, bool *is_thanked)
{
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct form *form = NULL, *published = NULL;
	char *document = NULL;
	size_t length = 0;
	arena_init(&arena, CEILING);
	problems_init(&problems, &arena);
	enum err error = form_load(mutations->form, mutations->library, &arena, &form, &problems);
	*is_thanked = false;
	if (error == ERR_INVALID) {
		mutations_expect_place(mutations, &problems);
		return false;
	}
	if (error != ERR_OK)
		fail_msg("mutation %u: %s", mutations->number, err_name(error));
	assert_int_equal(form_document_encode(form, &arena, &document, &length), ERR_OK);
	error = form_document_decode(document, length, 1, &arena, &published);
	if (error != ERR_OK)
		fail_msg("mutation %u: it loads, and its document does not: %s", mutations->number, err_name(error));
	*is_thanked = show(mutations, site, published);
	return true;
}

static void test_spoilt_forms(void **state)
{
	struct site *site = *state;
	struct mutations *mutations = mutations_start();
	unsigned first, count = mutations_count(&first), loaded = 0, thanked = 0;
	for (unsigned i = 0; i < count; i++) {
		bool is_thanked;
		mutations_make(mutations, first + i);
		loaded += run(mutations, site, &is_thanked);
		thanked += is_thanked;
		mutations_restore(mutations);
	}
	print_message("# %u spoilt forms: %u refused with a place, %u asked, %u of them answered without a mistake\n",
		      count, count - loaded, loaded, thanked);
	if (count >= MUTATIONS_DEFAULT)
		assert_true(loaded > count / 20 && loaded < count * 19 / 20 && thanked > loaded / 4);
	mutations_end(mutations);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spoilt_forms),
	};
	return cmocka_run_group_tests(tests, site_start, site_stop);
}
