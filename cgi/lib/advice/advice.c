/* SPDX-License-Identifier: MIT */
/* advice.c: the list of findings, and the order of the work.
 *
 * Every rule goes through advice_add, which knows its level from the table and its place from the loader. A rule must
 * never stop another, and never fail: what cannot be judged is not told. */
#include "lib/advice/advice_parts.h"

#include "lib/form/form_build.h"
#include "lib/form/form_document.h"
#include "lib/form/form_load.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *advice_level_name(enum advice_level level)
{
	static const char *const names[ADVICE_LEVELS] = {
		[ADVICE_ERROR] = "error",
		[ADVICE_WARNING] = "warning",
		[ADVICE_ADVICE] = "advice",
	};
	return names[level];
}

static int compare_rule(const void *name, const void *rule)
{
	return strcmp(name, ((const struct advice_rule *) rule)->name);
}

const struct advice_rule *advice_rule_find(const char *name)
{
	return bsearch(name, advice_rules, advice_rules_count, sizeof(struct advice_rule), compare_rule);
}

void advice_init(struct advice *advice, struct arena *arena, const struct form_places *places)
{
	*advice = (struct advice){.arena = arena, .places = places};
}

static bool is_there(const struct advice *advice, const struct advice_finding *finding)
{
	for (size_t i = 0; i < advice->count; i++) {
		const struct advice_finding *other = &advice->list[i];
		bool is_same_file = other->file == finding->file || (other->file != NULL && finding->file != NULL &&
								     strcmp(other->file, finding->file) == 0);
		if (other->rule == finding->rule && is_same_file && other->line == finding->line &&
		    strcmp(other->message, finding->message) == 0)
			return true;
	}
	return false;
}

static int compare_text(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

/* Whether one of the first COUNT findings says the same in short: the same rule, of the same language. */
static bool is_told(const struct advice *advice, size_t count, const struct advice_finding *finding)
{
	for (size_t i = 0; i < count; i++) {
		if (advice->list[i].rule == finding->rule &&
		    compare_text(advice->list[i].language, finding->language) == 0)
			return true;
	}
	return false;
}

static void put(struct advice *advice, const struct advice_finding *finding)
{
	if (advice->count < ADVICE_MAX && is_there(advice, finding))
		return; /* shared by two questions, or shown in two faces */
	advice->of_level[finding->rule->level]++;
	if (advice->count == ADVICE_MAX) {
		advice->dropped++;
		advice->has_untold = advice->has_untold || (finding->rule->level == ADVICE_WARNING &&
							    !is_told(advice, advice->count, finding));
		return;
	}
	if (advice->count == advice->capacity) {
		size_t capacity = advice->capacity == 0 ? 64 : advice->capacity * 2;
		struct advice_finding *list =
			arena_grow(advice->arena, advice->list, advice->count, capacity, sizeof(*list));
		if (list == NULL) {
			advice->has_no_memory = true;
			return;
		}
		advice->list = list;
		advice->capacity = capacity;
	}
	advice->list[advice->count++] = *finding;
}

bool advice_add(struct advice *advice, const char *rule, const struct form *form, int language, const char *value,
		const char *format, ...)
{
	struct form_place place = form_places_find(advice->places, value);
	struct advice_finding finding = {.rule = advice_rule_find(rule),
					 .file = place.file,
					 .line = place.line,
					 .column = place.column,
					 .language = language > 0 ? form->languages[language].tag : NULL};
	assert(finding.rule != NULL);
	va_list args;
	va_start(args, format);
	finding.message = arena_vprintf(advice->arena, format, args);
	va_end(args);
	finding.example = finding.rule->example;
	if (finding.message == NULL) {
		advice->has_no_memory = true;
		return false;
	}
	size_t before = advice->count;
	put(advice, &finding);
	return advice->count > before;
}

void advice_better(struct advice *advice, const char *example)
{
	if (example != NULL && advice->count > 0)
		advice->list[advice->count - 1].example = example;
}

/* The tag in a translation's file name, cy.yaml or equality.cy.yaml; NULL. */
static const char *language_of_file(const struct form *form, const char *file)
{
	const char *name = file == NULL ? NULL : strrchr(file, '/');
	name = name != NULL ? name + 1 : file;
	for (size_t i = 1; form != NULL && name != NULL && i < form->languages_count; i++) {
		const char *tag = form->languages[i].tag;
		size_t length = strlen(name), tail = strlen(tag) + strlen(".yaml");
		if (length < tail || strncmp(name + length - tail, tag, strlen(tag)) != 0)
			continue;
		if (length == tail || name[length - tail - 1] == '.')
			return tag;
	}
	return NULL;
}

/* A rule of the loader that is not in the table yet is told all the same. */
static const struct advice_rule *rule_of(struct advice *advice, const struct problem *problem)
{
	const struct advice_rule *rule = advice_rule_find(problem->rule);
	if (rule != NULL)
		return rule;
	struct advice_rule *own = arena_new(advice->arena, struct advice_rule);
	if (own != NULL)
		*own = (struct advice_rule){.name = problem->rule,
					    .level = form_load_is_finding(problem) ? ADVICE_WARNING : ADVICE_ERROR,
					    .why = "The form cannot be understood as it is.",
					    .example = "See soundings-form(5)."};
	return own;
}

/* What the loader's sentence says to write: the name behind "did you mean", or the path that has no words. */
static const char *example_of(struct advice *advice, const struct problem *problem, const struct advice_rule *rule)
{
	static const char mean[] = "did you mean ";
	bool is_path = strcmp(problem->rule, "missing-translation") == 0;
	const char *at = is_path ? problem->message : strstr(problem->message, mean);
	if (at == NULL)
		return rule->example;
	at += is_path ? 0 : sizeof(mean) - 1;
	bool is_quoted = *at == '"';
	at += is_quoted;
	const char *end = strpbrk(at, is_quoted ? "\"" : "?");
	const char *example =
		end == NULL
			? NULL
			: arena_printf(advice->arena, is_path ? "%.*s: The same in the language of the file" : "%.*s",
				       (int) (end - at), at);
	return example != NULL && example[0] != '\0' ? example : rule->example;
}

void advice_problems(struct advice *advice, const struct form *form, const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->list[i];
		const struct advice_rule *rule = rule_of(advice, problem);
		if (rule == NULL) {
			advice->has_no_memory = true;
			return;
		}
		struct advice_finding finding = {.rule = rule,
						 .file = problem->file,
						 .line = problem->line,
						 .column = problem->column,
						 .language = language_of_file(form, problem->file),
						 .message = problem->message,
						 .example = example_of(advice, problem, rule)};
		put(advice, &finding);
	}
	advice->dropped += problems->dropped;
	/* Below that, each kind has its first one in the list. */
	advice->has_untold = advice->has_untold || (problems->dropped > 0 && problems->count >= PROBLEMS_KINDS_MAX);
	if (form == NULL)
		advice->of_level[ADVICE_ERROR] += problems->dropped;
	else
		advice->of_level[ADVICE_WARNING] += problems->dropped;
}

void advice_form(struct advice *advice, const struct form *form)
{
	advice_wording(advice, form);
	advice_reading(advice, form);
	advice_questions(advice, form);
	advice_lists(advice, form);
	advice_length(advice, form);
	advice_reach(advice, form);
}

void advice_room(struct advice *advice, const struct form *form, size_t room)
{
	size_t most = form_answers_max_bytes(form);
	if (most > room)
		advice_add(
			advice, "long-response", form, -1, form->name,
			"the longest response would be %zu bytes, and %zu fit: give some text questions a lower max:",
			most, room);
}

const char *advice_quote(struct advice *advice, const char *text, size_t length)
{
	enum { QUOTE_BYTES = 64 };
	size_t end = length;
	if (length > QUOTE_BYTES) {
		end = QUOTE_BYTES;
		while (end > 0 && text[end] != ' ' && text[end] != '\n')
			end--;
		for (end = end > 0 ? end : QUOTE_BYTES; end > 0 && ((unsigned char) text[end] & 0xc0) == 0x80;)
			end--;
	}
	char *quote = arena_printf(advice->arena, "%.*s%s", (int) end, text, end < length ? "\xe2\x80\xa6" : "");
	for (char *at = quote; at != NULL && *at != '\0'; at++) {
		if (*at == '\n')
			*at = ' ';
	}
	return quote != NULL ? quote : "";
}

const char *advice_instead(struct advice *advice, const struct advice_sentence *sentence, const char *at, size_t length,
			   const char *words)
{
	const char *behind = at + length + strspn(at + length, ", ");
	size_t before = (size_t) (at - sentence->at);
	while (before > 0 && strchr(", ", sentence->at[before - 1]) != NULL)
		before--;
	size_t rest = (size_t) (sentence->at + sentence->length - behind);
	bool has_words = words[0] != '\0';
	char *text =
		arena_printf(advice->arena, "%.*s%s%s%s%.*s%c", (int) before, sentence->at,
			     before > 0 && (rest > 0 || has_words) ? " " : "", words, has_words && rest > 0 ? " " : "",
			     (int) rest, behind, sentence->end != 0 ? sentence->end : ' ');
	if (text == NULL || before + rest == 0)
		return NULL;
	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char) (text[0] - 'a' + 'A');
	size_t used = strlen(text);
	while (used > 0 && text[used - 1] == ' ')
		text[--used] = '\0';
	return used > 1 ? text : NULL;
}

const char *advice_at_question(const struct question *question)
{
	return question->label.of[0] != NULL ? question->label.of[0] : question->name;
}

/* The form itself, then the library, then variants in English, then translations: what is wrong in one may come of what is wrong in those
 * before it. */
static int rank_of_file(const char *file)
{
	const char *name = file == NULL ? NULL : strrchr(file, '/');
	name = name != NULL ? name + 1 : file;
	if (name == NULL || strcmp(name, "form.yaml") == 0)
		return 0;
	const char *end = strrchr(name, '.');
	const char *tag = name;
	for (const char *at = strchr(name, '.'); at != NULL && at != end; at = strchr(at + 1, '.'))
		tag = at + 1; /* scales.cy.yaml */
	char own[ADVICE_WORD_ROOM] = "";
	if (end != NULL && (size_t) (end - tag) < sizeof(own))
		memcpy(own, tag, (size_t) (end - tag));
	bool is_library = tag == name && name - file > 8 && strncmp(name - 9, "/library/", 9) == 0;
	if (is_library || !form_tag_is_valid(own))
		return 1; /* its name may look like a language */
	return strncmp(own, "en-", 3) == 0 ? 2 : 3;
}

static int compare_findings(const void *a, const void *b)
{
	const struct advice_finding *left = a, *right = b;
	int order = rank_of_file(left->file) - rank_of_file(right->file);
	if (order == 0)
		order = compare_text(left->file, right->file);
	if (order == 0 && left->rule->level != right->rule->level)
		order = left->rule->level < right->rule->level ? -1 : 1;
	if (order == 0)
		order = strcmp(left->rule->name, right->rule->name);
	if (order == 0 && left->line != right->line)
		order = left->line < right->line ? -1 : 1;
	if (order == 0 && left->column != right->column)
		order = left->column < right->column ? -1 : 1;
	return order != 0 ? order : strcmp(left->message, right->message);
}

enum err advice_finish(struct advice *advice)
{
	if (advice->count > 1)
		qsort(advice->list, advice->count, sizeof(advice->list[0]), compare_findings);
	return advice->has_no_memory || advice->arena->is_failed ? ERR_NOMEM : ERR_OK;
}

/* By language, those about none first; then by rule. */
static int compare_in_short(const void *a, const void *b)
{
	const struct advice_finding *const *left = a, *const *right = b;
	int order = compare_text((*left)->language, (*right)->language);
	return order != 0 ? order : strcmp((*left)->rule->name, (*right)->rule->name);
}

const char *advice_warnings(const struct advice *advice, size_t most)
{
	static const char more[] = ", more";
	const char *words = "";
	bool is_cut = false;
	size_t count = 0;
	const struct advice_finding **list =
		arena_array(advice->arena, advice->count + 1, const struct advice_finding *);
	for (size_t i = 0; list != NULL && i < advice->count; i++) {
		const struct advice_finding *finding = &advice->list[i];
		if (finding->rule->level == ADVICE_WARNING && !is_told(advice, i, finding))
			list[count++] = finding;
	}
	if (list == NULL)
		return NULL;
	qsort(list, count, sizeof(list[0]), compare_in_short);
	for (size_t i = 0; i < count && !is_cut; i++) {
		const char *longer = arena_printf(advice->arena, "%s%s%s%s%s", words, words[0] != '\0' ? ", " : "",
						  list[i]->rule->name, list[i]->language != NULL ? " " : "",
						  list[i]->language != NULL ? list[i]->language : "");
		if (longer == NULL)
			return NULL;
		is_cut = strlen(longer) + strlen(more) > most;
		words = is_cut ? words : longer;
	}
	if (is_cut || advice->has_untold)
		words = words[0] != '\0' ? arena_printf(advice->arena, "%s%s", words, more) : more + 2;
	return words;
}
