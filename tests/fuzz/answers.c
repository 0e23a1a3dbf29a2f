/* SPDX-License-Identifier: MIT */
/* answers.c: fuzzes the judgement of answers (lib/form/answers*.c): as JSON out of an envelope, and as fields of a page.
 *
 * The input: a byte (bit 0: JSON or a page's fields; then the language), and the rest. What is taken must come out the same again; a
 * check done twice finds the same; what it finds right is canonical. */
#define fail_msg(...) abort() /* the tests' form says what is wrong with it through cmocka, which is not here */
#define assert_true(fact) FUZZ_CHECK(fact)
#define assert_int_equal(a, b) FUZZ_CHECK((a) == (b))
#define assert_ptr_equal(a, b) FUZZ_CHECK((a) == (b))
#define assert_string_equal(a, b) FUZZ_CHECK(strcmp((a), (b)) == 0)
#include "fuzz.h"

#include "unit/lib/form/answers_form.h"

/* UTF-16 units of well-formed UTF-8, counted a second way: one for each first byte, two for those of four bytes. */
static size_t units(const char *text)
{
	size_t count = 0;
	for (; *text != '\0'; text++)
		count += ((unsigned char) *text & 0xc0) != 0x80 ? 1 + ((unsigned char) *text >= 0xf0) : 0;
	return count;
}

/* A text that is too long, and counts, is a mistake. */
static void check_lengths(const struct answers *answers, const struct mistakes *mistakes)
{
	for (size_t i = 0; i < answers->form->fields_count; i++) {
		const struct question *question = answers->form->fields[i].question;
		bool is_told = false;
		for (size_t m = 0; m < mistakes->count; m++)
			is_told = is_told ||
				  (mistakes->list[m].field == (int) i && mistakes->list[m].kind == MISTAKE_TOO_LONG);
		if (question->type == QUESTION_TEXT && answers->of[i].text != NULL)
			FUZZ_CHECK(is_told == (units(answers->of[i].text) > question->max_utf16));
	}
}

/* A second reader, far plainer: is TEXT a number as it is kept? */
static bool is_number(const char *text, bool is_whole)
{
	size_t at = text[0] == '-', whole = strspn(text + at, "0123456789"), behind = 0;
	const char *point = text + at + whole;
	if (*point == '.')
		behind = strspn(point + 1, "0123456789");
	bool is_shaped = whole > 0 && (whole == 1 || text[at] != '0') && point[behind + (*point == '.')] == '\0';
	bool is_short = *point == '\0' || (!is_whole && behind > 0 && point[behind] != '0');
	return is_shaped && is_short && whole + behind <= FORM_DIGITS_MAX && strcmp(text, "-0") != 0;
}

static bool has_mistake(const struct mistakes *mistakes, size_t field)
{
	for (size_t m = 0; m < mistakes->count; m++)
		if (mistakes->list[m].field == (int) field)
			return true;
	return false;
}

/* What has no mistake is canonical: numbers, dates, and a rank with each choice once. */
static void check_canonical(const struct answers *answers, const struct mistakes *mistakes)
{
	for (size_t i = 0; i < answers->form->fields_count; i++) {
		const struct field *field = &answers->form->fields[i];
		const struct answer *answer = &answers->of[i];
		enum question_type type = field->question->type;
		if (field->part == FIELD_REFUSAL || !answer_is_given(answer) || has_mistake(mistakes, i))
			continue;
		if (type == QUESTION_INTEGER || type == QUESTION_DECIMAL)
			FUZZ_CHECK(is_number(answer->text, type == QUESTION_INTEGER));
		if (type == QUESTION_DATE)
			FUZZ_CHECK(strlen(answer->text) == 10 && strspn(answer->text, "0123456789-") == 10);
		for (size_t a = 0; type == QUESTION_RANK && a < answer->choices_count; a++)
			for (size_t b = 0; b < a; b++)
				FUZZ_CHECK(answer->choices[a] != answer->choices[b]);
	}
}

static void check_same_twice(struct answers *answers, struct arena *arena)
{
	struct mistakes first, second;
	FUZZ_CHECK(answers_check(answers, arena, &first) == ERR_OK);
	check_lengths(answers, &first);
	const char *before = encode(answers, ANSWERS_ALL, arena);
	FUZZ_CHECK(answers_check(answers, arena, &second) == ERR_OK && first.count == second.count);
	FUZZ_CHECK(strcmp(describe(&first, arena), describe(&second, arena)) == 0);
	FUZZ_CHECK(strcmp(before, encode(answers, ANSWERS_ALL, arena)) == 0);
	check_canonical(answers, &first);
	encode(answers, ANSWERS_APART, arena);
	encode(answers, ANSWERS_NOT_APART, arena);
}

static void from_json(const struct form *of, int language, const struct fuzz_input *input, struct arena *arena)
{
	struct answers *answers = NULL;
	enum answers_refusal refusal = ANSWERS_OK;
	const char *field = NULL;
	uint8_t *json = fuzz_bytes(input->at, input->left);
	enum err error =
		answers_decode(of, language, (const char *) json, input->left, arena, &answers, &refusal, &field);
	FUZZ_CHECK(error == ERR_OK || (error == ERR_INVALID && refusal != ANSWERS_OK));
	if (error == ERR_OK) {
		const char *again = encode(answers, ANSWERS_ALL, arena);
		FUZZ_CHECK(strlen(again) == input->left && memcmp(again, json, input->left) == 0);
		check_same_twice(answers, arena);
	}
	free(json);
}

static void from_page(const struct form *of, int language, struct fuzz_input *input, struct arena *arena)
{
	struct answers *answers = answers_new(of, language, arena);
	FUZZ_CHECK(answers != NULL);
	while (input->left > 0) {
		enum answers_refusal refusal = ANSWERS_OK;
		char *name = fuzz_part(input, '='), *value = fuzz_part(input, '&');
		FUZZ_CHECK(answers_add(answers, arena, arena_strdup(arena, name), arena_strdup(arena, value),
				       &refusal) == ERR_OK);
		free(name);
		free(value);
	}
	check_same_twice(answers, arena);
	const char *json = encode(answers, ANSWERS_ALL, arena);
	const struct fuzz_input same = {(const uint8_t *) json, strlen(json)};
	from_json(of, language, &same, arena);
	struct answers *read = NULL;
	enum answers_refusal refusal = ANSWERS_OK;
	const char *field = NULL;
	FUZZ_CHECK(answers_decode(of, language, json, strlen(json), arena, &read, &refusal, &field) == ERR_OK);
	if (is_all_written(answers, json))
		assert_same(answers, read);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_set_up;
	if (!is_set_up)
		form_setup(NULL);
	is_set_up = true;
	struct fuzz_input input = {data, size};
	uint8_t how = fuzz_byte(&input);
	int language = (how >> 1 & 3) % 3;
	const struct form *of = (how & 8) != 0 ? &form_free : &form;
	struct arena arena;
	arena_init(&arena, 64 * 1024 * 1024);
	if ((how & 1) != 0)
		from_json(of, language, &input, &arena);
	else
		from_page(of, language, &input, &arena);
	arena_fini(&arena);
	return 0;
}
