/* SPDX-License-Identifier: MIT */
/* parity.c: our templates, printed from the options of GOV.UK Frontend's own examples.
 *
 * `parity COMPONENT FIXTURES.json` reads the package's examples of a component and prints a JSON array of { name, html }: for each the
 * template of ours that stands for that component, with those of the example's options that our models know. What an option
 * means to us is said here and nowhere else; which differences are meant, parity.json says. */
#include "lib/base/arena.h"
#include "lib/view/pages.h"

#include "pages/components/error.h"
#include "pages/components/exit.h"
#include "pages/components/exit_about.h"
#include "pages/components/hints.h"
#include "pages/components/question.h"
#include "pages/intake/form.h"
#include "pages/intake/message.h"
#include "pages/intake/thanks.h"
#include "pages/layout/head.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXAMPLE_BYTES = 4 << 20, ITEMS_MAX = 40 };

/* One example, and the words and memory to print it with. */
struct example {
	const json_t *options;
	struct words *words;
	struct arena *arena;
};

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "parity: %s\n", what);
	exit(1);
}

/* The text at a path of keys, "hint.text"; a number as its digits. NULL when there is none. */
static const char *text_at(const json_t *object, const char *path)
{
	static char digits[ITEMS_MAX][24];
	static unsigned used;
	char key[64];
	while (object) {
		size_t length = strcspn(path, ".");
		snprintf(key, sizeof key, "%.*s", (int) length, path);
		object = json_object_get(object, key);
		if (!path[length])
			break;
		path += length + 1;
	}
	if (!json_is_integer(object))
		return json_is_string(object) ? json_string_value(object) : NULL;
	char *number = digits[used++ % ITEMS_MAX]; /* no example has as many */
	snprintf(number, sizeof digits[0], "%lld", (long long) json_integer_value(object));
	return number;
}

static const char *option(const struct example *example, const char *path)
{
	return text_at(example->options, path);
}

static const char *joined(const struct example *example, const char *one, const char *other)
{
	const char *text = arena_printf(example->arena, "%s%s", one, other);
	return text ? text : "";
}

/* ---- questions ------------------------------------------------------------------------------------------------------------- */

/* Ids behind one another, as intake joins them. */
static const char *described_by(const struct example *example, const char *outer, const char *hint, const char *error,
				const char *last)
{
	const char *const ids[] = {outer, hint, error, last};
	const char *all = NULL;
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
		if (ids[i])
			all = all ? joined(example, joined(example, all, " "), ids[i]) : ids[i];
	return all;
}

/* What every question has: words, hint, mistake. LAST: one more id that describes the control. */
static void fill_question(const struct example *example, const char *id, const char *last,
			  struct page_question *question, struct page_field *field)
{
	const char *legend = option(example, "fieldset.legend.text"), *label = option(example, "label.text");
	*question = (struct page_question){
		.name = id,
		.label = {legend ? legend : label, NULL},
		.hint = {option(example, "hint.text"), NULL},
		.fields = field,
		.fields_count = 1,
	};
	*field = (struct page_field){
		.name = option(example, "name") ? option(example, "name") : id,
		.id = id,
		.error = option(example, "errorMessage.text"),
		.value = option(example, "value") ? option(example, "value") : "",
	};
	if (question->hint.text)
		question->hint_id = joined(example, id, "-hint");
	if (field->error)
		field->error_id = joined(example, id, "-error");
	question->has_error = field->error != NULL;
	const char *outer = option(example, "fieldset.describedBy");
	field->described_by = described_by(example, outer ? outer : option(example, "describedBy"), question->hint_id,
					   field->error_id, last);
}

static bool is_listed(const json_t *list, const char *value)
{
	size_t i;
	const json_t *one;
	json_array_foreach(list, i,
			   one) if (json_is_string(one) && strcmp(json_string_value(one), value) == 0) return true;
	return false;
}

static void fill_items(const struct example *example, const char *id, struct page_field *field)
{
	static struct page_item items[ITEMS_MAX];
	const char *chosen = option(example, "value");
	const json_t *one;
	size_t i;
	bool is_divided = false;
	field->items = items;
	json_array_foreach(json_object_get(example->options, "items"), i, one)
	{
		if (!json_is_object(one) || json_object_get(one, "divider")) {
			is_divided = json_is_object(one);
			continue;
		}
		const char *value = text_at(one, "value"), *own_id = text_at(one, "id"), *name = text_at(one, "name");
		const char *behaviour = text_at(one, "behaviour");
		if (field->items_count == ITEMS_MAX)
			fail("too many items");
		if (!own_id)
			own_id = i ? arena_printf(example->arena, "%s-%zu", id, i + 1) : id;
		items[field->items_count++] = (struct page_item){
			.id = own_id,
			.name = name ? name : field->name,
			.value = value ? value : "",
			.label = {text_at(one, "text"), NULL},
			.is_checked = json_is_true(json_object_get(one, "checked")) ||
				      (value && ((chosen && strcmp(chosen, value) == 0) ||
						 is_listed(json_object_get(example->options, "values"), value))),
			.is_exclusive = behaviour && strcmp(behaviour, "exclusive") == 0,
			.has_divider = is_divided,
		};
		is_divided = false;
	}
}

static void print_choices(const struct example *example, bool is_multiple, struct strbuf *html)
{
	const char *prefix = option(example, "idPrefix");
	const char *id = prefix ? prefix : option(example, "name");
	struct page_question question;
	struct page_field field;
	fill_question(example, id ? id : "", NULL, &question, &field);
	fill_items(example, id ? id : "", &field);
	question.is_select_multiple = is_multiple;
	question.is_select_one = !is_multiple;
	components_question_html(html, example->words, &question);
}

static void print_radios(const struct example *example, struct strbuf *html)
{
	print_choices(example, false, html);
}

static void print_checkboxes(const struct example *example, struct strbuf *html)
{
	print_choices(example, true, html);
}

static void print_fieldset(const struct example *example, struct strbuf *html)
{
	const struct page_field field = {.described_by = option(example, "describedBy")};
	const struct page_question question = {
		.name = "",
		.label = {option(example, "legend.text"), NULL},
		.is_select_one = true,
		.fields = &field,
		.fields_count = 1,
	};
	components_question_html(html, example->words, &question);
}

/* The words of the three parts are ours, and in this order; an example has its own only as day, month, year. */
static void print_date(const struct example *example, struct strbuf *html)
{
	static const char *const names[] = {"day", "month", "year"}, *const labels[] = {"Day", "Month", "Year"};
	const char *id = option(example, "id"), *prefix = option(example, "namePrefix");
	struct page_part parts[3];
	struct page_question question;
	struct page_field field;
	fill_question(example, id ? id : "", NULL, &question, &field);
	question.is_date = true;
	for (size_t i = 0; i < 3; i++) {
		const char *end = joined(example, "-", names[i]);
		const json_t *item = json_array_get(json_object_get(example->options, "items"), i);
		const char *value = text_at(item, "value");
		if (!value)
			value = text_at(json_object_get(example->options, "values"), names[i]);
		parts[i] = (struct page_part){
			.id = joined(example, id ? id : "", end),
			.name = prefix ? joined(example, prefix, end) : names[i],
			.label = labels[i],
			.value = value ? value : "",
			.width = i == 2 ? 4 : 2,
			.has_error = field.error != NULL,
		};
	}
	field.parts = parts;
	field.parts_count = 3;
	components_question_html(html, example->words, &question);
}

/* An example without an id leaves it to the macro, which takes the name. */
static const char *id_of(const struct example *example)
{
	const char *id = option(example, "id"), *name = option(example, "name");
	return id ? id : (name ? name : "");
}

static void print_input(const struct example *example, struct strbuf *html)
{
	const char *id = id_of(example);
	struct page_question question;
	struct page_field field;
	fill_question(example, id, NULL, &question, &field);
	question.is_number = true;
	field.unit.text = option(example, "suffix.text");
	field.unit_id = field.unit.text ? joined(example, id, "-unit") : NULL;
	components_question_html(html, example->words, &question);
}

static void print_textarea(const struct example *example, struct strbuf *html)
{
	const char *id = id_of(example);
	struct page_question question;
	struct page_field field;
	fill_question(example, id, json_object_get(example->options, "maxlength") ? joined(example, id, "-info") : NULL,
		      &question, &field);
	question.is_text = question.is_multiline = true;
	field.max = (unsigned) json_integer_value(json_object_get(example->options, "maxlength"));
	components_question_html(html, example->words, &question);
}

static void print_hint(const struct example *example, struct strbuf *html)
{
	const struct page_question question = {.hint = {option(example, "text"), NULL},
					       .hint_id = option(example, "id")};
	components_hints_html(html, example->words, &question);
}

static void print_inset(const struct example *example, struct strbuf *html)
{
	const struct page_question question = {.name = "", .is_note = true, .label = {option(example, "text"), NULL}};
	components_question_html(html, example->words, &question);
}

static void print_error(const struct example *example, struct strbuf *html)
{
	const struct page_field field = {.error = option(example, "text"), .error_id = option(example, "id")};
	const char *prefix = option(example, "visuallyHiddenText");
	if (prefix)
		example->words->of[WORD_error_prefix] = joined(example, prefix, ":");
	components_error_html(html, example->words, &field);
}

/* ---- what stands in the pages themselves -------------------------------------------------------------------------------------- */

static void print_summary(const struct example *example, struct strbuf *html)
{
	static struct page_error errors[ITEMS_MAX];
	struct page_form form = {.errors = errors};
	const char *description = option(example, "descriptionText");
	const json_t *one;
	size_t i;
	json_array_foreach(json_object_get(example->options, "errorList"), i, one)
	{
		const char *href = text_at(one, "href");
		errors[form.errors_count++] = (struct page_error){view_url(href ? href : ""), text_at(one, "text")};
	}
	example->words->of[WORD_error_summary_title] = option(example, "titleText");
	example->words->of[WORD_error_kept] = description ? description : "";
	intake_form_html(html, example->words, &form);
}

static void print_button(const struct example *example, struct strbuf *html)
{
	const char *href = option(example, "href");
	const struct page_form form = {0};
	const struct page_message message = {.again_url = view_url(href ? href : "")};
	example->words->of[WORD_send] = example->words->of[WORD_open_form] = option(example, "text");
	if (href)
		intake_message_html(html, example->words, &message);
	else
		intake_form_html(html, example->words, &form);
}

static void print_details(const struct example *example, struct strbuf *html)
{
	const struct page_frame frame = {0};
	static const enum word all[] = {WORD_exit_about_button, WORD_exit_about_keys,  WORD_exit_about_history,
					WORD_exit_about_unsent, WORD_exit_about_safer, WORD_exit_about_heading};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		example->words->of[all[i]] = "";
	example->words->of[WORD_exit_about_button] = option(example, "text");
	example->words->of[WORD_exit_about_heading] = option(example, "summaryText");
	components_exit_about_html(html, example->words, &frame);
}

static void print_list(const struct example *example, struct strbuf *html)
{
	static struct page_stored stored[ITEMS_MAX];
	struct page_thanks thanks = {.stored = stored};
	const json_t *one;
	size_t i;
	json_array_foreach(json_object_get(example->options, "rows"), i, one) if (json_is_object(one))
		stored[thanks.stored_count++] =
			(struct page_stored){{text_at(one, "key.text"), NULL}, {text_at(one, "value.text"), NULL}};
	intake_thanks_html(html, example->words, &thanks);
}

static void print_skip(const struct example *example, struct strbuf *html)
{
	const struct page_frame frame = {0};
	example->words->of[WORD_skip_to_content] = option(example, "text");
	layout_head_html(html, example->words, &frame);
}

static void print_exit(const struct example *example, struct strbuf *html)
{
	static const struct {
		enum word word;
		const char *option, *fallback;
	} texts[] = {
		{WORD_exit, "text", "Exit this page"},
		{WORD_exit_activated, "activatedText", NULL},
		{WORD_exit_timed_out, "timedOutText", NULL},
		{WORD_exit_press_two_more, "pressTwoMoreTimesText", NULL},
		{WORD_exit_press_one_more, "pressOneMoreTimeText", NULL},
	};
	const char *url = option(example, "redirectUrl");
	const struct page_frame frame = {.exit_url = view_url(url ? url : "https://www.bbc.co.uk/weather")};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const char *text = option(example, texts[i].option);
		example->words->of[texts[i].word] = text ? text : texts[i].fallback;
	}
	example->words->of[WORD_exit_prefix] = option(example, "text") ? "" : "Emergency";
	components_exit_html(html, example->words, &frame);
}

static void print_label(const struct example *example, struct strbuf *html)
{
	const char *id = option(example, "for");
	const struct page_field field = {.id = id ? id : "", .name = "", .value = ""};
	const struct page_question question = {
		.name = "",
		.label = {option(example, "text"), NULL},
		.is_text = true,
		.fields = &field,
		.fields_count = 1,
	};
	components_question_html(html, example->words, &question);
}

/* -------------------------------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *component;
	void (*print)(const struct example *example, struct strbuf *html);
} printers[] = {
	{"button", print_button},         {"character-count", print_textarea},
	{"checkboxes", print_checkboxes}, {"date-input", print_date},
	{"details", print_details},       {"error-message", print_error},
	{"error-summary", print_summary}, {"exit-this-page", print_exit},
	{"fieldset", print_fieldset},     {"hint", print_hint},
	{"input", print_input},           {"inset-text", print_inset},
	{"label", print_label},           {"radios", print_radios},
	{"skip-link", print_skip},        {"summary-list", print_list},
	{"textarea", print_textarea},
};

/* English words as GOV.UK's own macros have them, where an example leaves them to the macro. */
static void take_words(struct words *words)
{
	words->of[WORD_error_prefix] = "Error:";
	words->of[WORD_or] = "or";
	words->of[WORD_characters_allowed] = "You can enter up to {max} characters";
}

static json_t *print_one(const json_t *fixture, const struct words *english, size_t printer)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, EXAMPLE_BYTES);
	struct words words = *english;
	take_words(&words);
	const struct example example = {json_object_get(fixture, "options"), &words, &arena};
	struct strbuf html;
	strbuf_init(&html, EXAMPLE_BYTES);
	printers[printer].print(&example, &html);
	if (strbuf_error(&html))
		fail("no room");
	json_t *out = json_pack("{s:s, s:s}", "name", text_at(fixture, "name"), "html", strbuf_text(&html));
	strbuf_fini(&html);
	return out;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		fail("parity COMPONENT FIXTURES.json");
	size_t printer = 0;
	while (printer < sizeof printers / sizeof printers[0] && strcmp(printers[printer].component, argv[1]) != 0)
		printer++;
	if (printer == sizeof printers / sizeof printers[0])
		fail("no template of ours stands for that component");
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct words_set set;
	arena_init(&arena, 16 << 20);
	problems_init(&problems, &arena);
	if (words_load("forms/strings", &arena, &set, &problems) != ERR_OK)
		fail("forms/strings cannot be read");
	json_t *all = json_load_file(argv[2], 0, NULL), *out = json_array();
	const json_t *one;
	size_t i;
	json_array_foreach(json_object_get(all, "fixtures"), i, one)
		json_array_append_new(out, print_one(one, words_for(&set, "en"), printer));
	if (!json_array_size(out) || json_dumpf(out, stdout, JSON_COMPACT) != 0)
		fail("no examples, or nobody reads");
	json_decref(out);
	json_decref(all);
	return 0;
}
