/* SPDX-License-Identifier: MIT */
/* expression.c: fuzzes relevant: and constraint: (lib/form/expr*.c): parsing, checking, evaluating, JSON, names, regex().
 *
 * The input: a byte of answers, four lines of answers, then the expression. Whatever parses must give a truth for these answers and for
 * others drawn from its bytes, twice the same; and its JSON must be JSON. That it ends is the fuzzer's -timeout to see. */
#include "fuzz.h"

#include "lib/base/problem.h"
#include "lib/base/utf8.h"
#include "lib/form/expr.h"

#include <jansson.h>

enum { TEXTS = 4, NAMES = 8, EXPRESSION_ARENA_BYTES = 32 * 1024 * 1024 };

static const char *const names[NAMES] = {"easy", "learned", "better", "overall", "age", "score", "born", "moved"};
static const char *const choices[] = {"good", "poor", "words", "other", "none"};

static int name_index(const char *name)
{
	for (int i = 0; i < NAMES; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

/* "learned" is a list, "age" and "score" are numbers, "born" and "moved" dates; the others are texts. */
static bool names_find(const void *context, const char *name, enum expr_type *type)
{
	int index = name_index(name);
	(void) context;
	if (index >= 0)
		*type = index == 1   ? EXPR_TYPE_LIST
			: index < 4  ? EXPR_TYPE_STRING
			: index <= 5 ? EXPR_TYPE_NUMBER
				     : EXPR_TYPE_DATE;
	return index >= 0;
}

static bool names_has_choice(const void *context, const char *name, const char *value)
{
	(void) context;
	FUZZ_CHECK(name_index(name) >= 0);
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
		if (strcmp(choices[i], value) == 0)
			return true;
	return name_index(name) == 2 || name_index(name) >= 4;
}

static const char *names_nearest(const void *context, const char *name)
{
	(void) context;
	return problem_nearest(name, names, NAMES);
}

/* "age" is what "better" is and "born" what "overall" is, whatever that is; "score" and "moved" are one of these. */
static const char *const numbers[] = {"", "0", "-3", "2.5", "999999999999999"};
static const char *const dates[] = {"", "2010-09-01", "2000-02-29"};

struct answered {
	const char *texts[TEXTS];
	unsigned chosen; /* bits, of choices */
};

static const char *values_text(const void *context, const char *name)
{
	const struct answered *answered = context;
	int index = name_index(name);
	FUZZ_CHECK(index >= 0 && index != 1);
	if (index == 5)
		return numbers[answered->chosen % (sizeof numbers / sizeof *numbers)];
	if (index == 7)
		return dates[answered->chosen % (sizeof dates / sizeof *dates)];
	return answered->texts[index == 4 ? 2 : index == 6 ? 3 : index];
}

static size_t values_count(const void *context, const char *name)
{
	const struct answered *answered = context;
	FUZZ_CHECK(name_index(name) == 1);
	return (size_t) __builtin_popcount(answered->chosen);
}

static bool values_is_selected(const void *context, const char *name, const char *choice)
{
	const struct answered *answered = context;
	FUZZ_CHECK(name_index(name) == 1);
	for (unsigned i = 0; i < sizeof choices / sizeof *choices; i++)
		if (strcmp(choices[i], choice) == 0)
			return (answered->chosen >> i & 1) != 0;
	return false;
}

static bool truth(const struct expr *expr, const struct answered *answered)
{
	const struct expr_values values = {values_text, values_count, values_is_selected, answered};
	bool is_true = expr_is_true(expr, &values);
	FUZZ_CHECK(expr_is_true(expr, &values) == is_true);
	return is_true;
}

static void check_tree(const struct expr *expr, struct arena *arena)
{
	size_t count = 0;
	json_error_t trouble;
	const char *json = expr_to_json(expr, arena);
	const char *const *used = expr_names_used(expr, arena, &count);
	FUZZ_CHECK(json != NULL && used != NULL && count <= NAMES);
	for (size_t i = 0; i < count; i++)
		FUZZ_CHECK(name_index(used[i]) >= 0);
	json_t *read = json_loads(json, JSON_DECODE_ANY, &trouble);
	FUZZ_CHECK(read != NULL);
	json_decref(read);
}

static void one(const char *text, const char *self, const struct answered *answered, struct arena *arena)
{
	const struct expr_names known = {names_find, names_has_choice, names_nearest, NULL, self};
	const struct expr *expr = NULL;
	struct expr_error wrong = {0};
	enum err error = expr_parse(text, &known, EXPR_TYPE_BOOL, arena, &expr, &wrong);
	FUZZ_CHECK(error == ERR_OK || error == ERR_INVALID);
	if (error != ERR_OK) {
		FUZZ_CHECK(wrong.message[0] != '\0' && wrong.at <= strlen(text));
		return;
	}
	check_tree(expr, arena);
	truth(expr, answered);
	struct answered others = *answered;
	for (unsigned i = 0; i < 8; i++) {
		others.chosen = (answered->chosen * 5 + i * 11) & 31;
		others.texts[i % TEXTS] = i < 4 ? "" : i == 6 ? text : choices[i % 5];
		truth(expr, &others);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	struct answered answered = {.chosen = fuzz_byte(&input) & 31};
	char *lines[TEXTS];
	for (int i = 0; i < TEXTS; i++) {
		lines[i] = fuzz_part(&input, '\n');
		answered.texts[i] = utf8_is_valid(lines[i], strlen(lines[i])) ? lines[i] : "";
	}
	char *text = fuzz_text(input.at, input.left);
	struct arena arena;
	arena_init(&arena, EXPRESSION_ARENA_BYTES);
	one(text, NULL, &answered, &arena);
	one(text, "better", &answered, &arena);
	one(text, "learned", &answered, &arena);
	one(text, "age", &answered, &arena);
	one(text, "born", &answered, &arena);
	arena_fini(&arena);
	free(text);
	for (int i = 0; i < TEXTS; i++)
		free(lines[i]);
	return 0;
}
