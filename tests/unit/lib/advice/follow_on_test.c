/* SPDX-License-Identifier: MIT */
/* follow_on_test.c: one mistake in the English is told once, where it is. What looks wrong because of it, in translations, conditions and
 * tables, is not told: people deleted good translations of a question whose type was misspelt.
 *
 * One good form with all that can hang on a question; each row spoils one thing of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/advice/advice.h"
#include "lib/form/form_load.h"
#include "unit/lib/form/form_folder.h"

enum { CEILING = 64 * 1024 * 1024, YAML_MAX = 8192, FILES = 7 };

static const char *const names[FILES] = {"trial/form.yaml",           "trial/cy.yaml",    "trial/en-x-easy.yaml",
					 "trial/cy-x-easy.yaml",      "library/lib.yaml", "library/lib.cy.yaml",
					 "library/lib.en-x-easy.yaml"};

static const char *const files[FILES] = {
	"form: trial\n"
	"title: Tell us about today\n"
	"pages:\n"
	"  - page: one\n"
	"    title: Today\n"
	"    intro: About the day.\n"
	"    questions:\n"
	"      - name: how\n"
	"        type: select_one scale\n"
	"        label: How was it?\n"
	"        hint: Choose one\n"
	"      - name: table\n"
	"        type: grid scale\n"
	"        label: And at the table?\n"
	"        statements:\n"
	"          - warm: It was warm\n"
	"          - kind: People were kind\n"
	"      - name: know\n"
	"        type: select_one scale\n"
	"        label: How much do you know?\n"
	"        pair: before-after\n"
	"        label_before: Before\n"
	"        label_now: After\n"
	"      - name: again\n"
	"        type: scale\n"
	"        label: How likely are you to come again?\n"
	"        label_low: Not likely\n"
	"        label_high: Very likely\n"
	"  - page: two\n"
	"    title: More\n"
	"    questions:\n"
	"      - name: cups\n"
	"        type: integer\n"
	"        label: How many cups?\n"
	"        unit: cups\n"
	"        required: yes\n"
	"        required_message: Enter a number\n"
	"        refusal: dont_know\n"
	"      - name: why\n"
	"        type: text\n"
	"        label: What made it so?\n"
	"        hint: Do not write names\n"
	"        relevant: \"${cups} > 3 or ${cups_refusal} != '' or ${again} < 3 or ${know_now} = 'bad'\"\n"
	"        relevant_when: Answer this if it was so.\n"
	"        constraint: \"${table_warm} = '' or string-length(.) > 2\"\n"
	"        constraint_message: Write more\n"
	"      - name: fine\n"
	"        use: lib/fine\n"
	"    crosstabs:\n"
	"      - [how, again]\n"
	"choices:\n"
	"  scale:\n"
	"    - good: Good\n"
	"      maps_to: top\n"
	"    - bad: Bad\n"
	"      maps_to: bottom\n"
	"    - dont_know: I do not know\n"
	"      refusal: yes\n"
	"  refusals:\n"
	"    - dont_know: I do not know\n"
	"      refusal: yes\n",

	"language: cy\nstatus: checked\n"
	"same: [how.hint]\n"
	"title: Dywedwch\none.title: Heddiw\none.intro: Y dydd.\n"
	"how.label: Sut?\n"
	"table.label: A'r bwrdd?\ntable.statements.warm: Cynnes\ntable.statements.kind: Caredig\n"
	"know.label: Faint?\nknow.label_before: Cynt\nknow.label_now: Wedyn\n"
	"again.label: Eto?\nagain.label_low: Na\nagain.label_high: Ydw\n"
	"two.title: Mwy\ncups.label: Sawl?\ncups.unit: cwpan\ncups.required_message: Rhif\n"
	"why.label: Pam?\nwhy.hint: Dim enwau\nwhy.relevant_when: Os felly.\nwhy.constraint_message: Mwy\n"
	"choices.scale.good: Da\nchoices.scale.bad: Drwg\nchoices.scale.dont_know: Dim syniad\n"
	"choices.refusals.dont_know: Dim syniad\n"
	"choices.shared.yes: Oedd\n",

	"language: en-x-easy\nstatus: checked\n"
	"omit: [cups, why]\n"
	"lists:\n  two:\n    - ok: OK\n      maps_to: top\n    - no: No\n      maps_to: bottom\n"
	"how.choices: two\nhow.picture: good.svg\nhow.hint: One of two\n"
	"know.ask: plain\nagain.label: Will you come again?\n"
	"choices.scale.good.picture: good.svg\n",

	"language: cy-x-easy\nstatus: checked\nhow.choices: two\nchoices.two.ok: Iawn\nchoices.two.no: Na\n"
	"same: [how.hint]\n",

	"library: lib\n"
	"questions:\n"
	"  - name: fine\n"
	"    type: select_one shared\n"
	"    label: Was it fine?\n"
	"    hint: Yes or no\n"
	"choices:\n"
	"  shared:\n"
	"    - yes: Yes\n"
	"    - no: No\n",

	"language: cy\nstatus: checked\nfine.label: Braf?\nfine.hint: Do neu naddo\n"
	"choices.shared.yes: Do\nchoices.shared.no: Naddo\n",

	"language: en-x-easy\nstatus: checked\nfine.hint: Choose one\nfine.picture: good.svg\n",
};

/* In FILE, FROM becomes TO; the one error is of RULE, in the line of MARK there (NULL: of TO), or of the other file ALSO ":". */
static const struct row {
	const char *name;
	int file;
	const char *from, *to;
	const char *rule;
	const char *mark;
	bool has_waiting; /* some translation has entries that wait */
} rows[] = {
	{"a type", 0, "type: grid scale", "type: gird scale", "unknown-type", NULL, true},
	{"a type of what is a number", 0, "type: integer", "type: intger", "unknown-type", NULL, true},
	{"a type with ends", 0, "type: scale\n", "type: scael\n", "unknown-type", "scael", true},
	{"a type that is another", 0, "type: integer", "type: text", "key-not-for-type", "unit: cups", true},
	{"the list of one", 0, "type: select_one scale\n        label: How much",
	 "type: select_one scal\n        label: How", "unknown-list", "scal\n", false},
	{"a name", 0, "- name: again", "- nmae: again", "unknown-key", NULL, true},
	{"a page's name", 0, "- page: two", "- pgae: two", "unknown-key", NULL, true},
	{"the key of a type", 0, "type: integer", "tpye: integer", "unknown-key", NULL, true},
	{"the key of a label", 0, "label: How was it", "lable: How was it", "unknown-key", NULL, true},
	{"the key of a hint", 0, "hint: Choose one", "hnit: Choose one", "unknown-key", NULL, false},
	{"the key of a unit", 0, "unit: cups", "untis: cups", "unknown-key", NULL, true},
	{"the key of a condition", 0, "relevant: ", "relvant: ", "unknown-key", NULL, true},
	{"the key of a rule", 0, "constraint: ", "constrain: ", "unknown-key", NULL, true},
	{"the key of statements", 0, "statements:", "statments:", "unknown-key", NULL, true},
	{"the key of a pair", 0, "pair: ", "pear: ", "unknown-key", NULL, true},
	{"the value of a pair", 0, "before-after", "before-and-after", "bad-value", NULL, true},
	{"the value of required", 0, "required: yes", "required: ja", "bad-value", NULL, true},
	{"a refusal", 0, "refusal: dont_know\n      - name: why", "refusal: dunno\n      - name: why",
	 "unknown-refusal", "refusal: dunno", false},
	{"a statement", 0, "- kind: People were kind", "- People were kind", "wrong-kind", NULL, true},
	{"the key of questions", 0, "    questions:\n      - name: how", "    question:\n      - name: how",
	 "unknown-key", "question:", true},
	{"the key of pages", 0, "pages:\n", "page:\n", "unknown-key", "page:\n  - page", true},
	{"the key of choices", 0, "\nchoices:", "\nchoises:", "unknown-key", "choises", true},
	{"the key of a title", 0, "\ntitle:", "\ntilte:", "unknown-key", "tilte", true},
	{"the key of a page's intro", 0, "intro:", "itnro:", "unknown-key", NULL, true},
	{"a list that is a map", 0, "  refusals:\n    - dont_know: I do not know\n      refusal: yes\n",
	 "  refusals:\n    dont_know: I do not know\n", "wrong-kind", "    dont_know", true},
	{"a choice without a code", 0, "- bad: Bad\n      maps_to: bottom\n", "- Bad\n", "wrong-kind", NULL, true},
	{"what a choice maps to", 0, "maps_to: bottom", "maps_to: botom", "bad-value", NULL, false},
	{"a question of the library", 0, "use: lib/fine", "use: lib/fien", "unknown-question", NULL, true},
	{"a file of the library", 0, "use: lib/fine", "use: bil/fine", "unknown-library", NULL, true},
	{"the library's question", 4, "- name: fine", "- nmae: fine", "unknown-key", NULL, true},
	{"the library's type", 4, "type: select_one", "type: select_on", "unknown-type", NULL, true},
	{"the library's questions", 4, "questions:", "qeustions:", "unknown-key", NULL, true},
	{"the library's lists", 4, "\nchoices:", "\nchoises:", "unknown-key", "choises", true},
	{"the name of a library's list", 4, "  shared:", "  sharde:", "unknown-list", "select_one shared", true},
	{"a variant's lists", 2, "lists:", "lits:", "unknown-path", NULL, true},
};

static unsigned line_of(const char *text, const char *mark)
{
	const char *at = strstr(text, mark);
	if (at == NULL)
		fail_msg("\"%s\" is not there", mark);
	unsigned line = 1;
	for (const char *sign = text; sign < at; sign++)
		line += *sign == '\n';
	return line + (*mark == '\n');
}

static void replace(char out[YAML_MAX], const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	if (at == NULL)
		fail_msg("\"%s\" is not there", from);
	int length = snprintf(out, YAML_MAX, "%.*s%s%s", (int) (at - text), text, to, at + strlen(from));
	assert_true(length > 0 && length < YAML_MAX);
}

/* ROW NULL: nothing is spoilt. */
static struct folder write_all(const struct row *row, char spoilt[YAML_MAX])
{
	struct folder folder = folder_make();
	folder_subfolder(&folder, "trial");
	folder_subfolder(&folder, "library");
	for (int i = 0; i < FILES; i++) {
		if (row != NULL && row->file == i)
			replace(spoilt, files[i], row->from, row->to);
		folder_write_as_is(&folder, names[i], row != NULL && row->file == i ? spoilt : files[i]);
	}
	return folder;
}

static enum err load(const struct folder *folder, struct arena *arena, struct advice *advice)
{
	struct problems problems;
	struct form *form = NULL;
	char trial[FOLDER_PATH_MAX], library[FOLDER_PATH_MAX];
	problems_init(&problems, arena);
	advice_init(advice, arena, NULL);
	enum err error = form_load(folder_path(folder, "trial", trial), folder_path(folder, "library", library), arena,
				   &form, &problems);
	advice_problems(advice, form, &problems);
	assert_int_equal(advice_finish(advice), ERR_OK);
	return error;
}

static void print(const char *name, const struct advice *advice)
{
	print_error("\"%s\":\n", name);
	for (size_t i = 0; i < advice->count; i++)
		print_error("    %s:%u [%s] %s\n", advice->list[i].file, advice->list[i].line,
			    advice->list[i].rule->name, advice->list[i].message);
}

static bool is_rule(const struct advice_finding *finding, const char *rule)
{
	return strcmp(finding->rule->name, rule) == 0;
}

/* The cause, first and alone among the errors; nothing asks to delete anything. */
static bool is_right(const struct row *row, const struct advice *advice, const char *file, unsigned line)
{
	size_t errors = 0, waiting = 0, unused = 0;
	for (size_t i = 0; i < advice->count; i++) {
		const struct advice_finding *finding = &advice->list[i];
		errors += finding->rule->level == ADVICE_ERROR;
		waiting += is_rule(finding, "checked-later");
		unused += is_rule(finding, "unused-list");
	}
	const struct advice_finding *first = &advice->list[0];
	return errors == 1 && unused == 0 && (waiting > 0) == row->has_waiting && is_rule(first, row->rule) &&
	       strcmp(first->file, file) == 0 && first->line == line;
}

static void test_the_form_is_good(void **state)
{
	(void) state;
	char spoilt[YAML_MAX];
	CLEANUP_ARENA struct arena arena;
	struct advice advice;
	arena_init(&arena, CEILING);
	struct folder folder = write_all(NULL, spoilt);
	assert_int_equal(load(&folder, &arena, &advice), ERR_OK);
	folder_remove(&folder);
	if (advice.count != 0)
		print("as it is", &advice);
	assert_int_equal(advice.count, 0);
}

static void test_one_mistake_is_told_once(void **state)
{
	(void) state;
	int wrong = 0;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char spoilt[YAML_MAX], file[FOLDER_PATH_MAX];
		CLEANUP_ARENA struct arena arena;
		struct advice advice;
		arena_init(&arena, CEILING);
		struct folder folder = write_all(&rows[i], spoilt);
		enum err error = load(&folder, &arena, &advice);
		unsigned line = line_of(spoilt, rows[i].mark != NULL ? rows[i].mark : rows[i].to);
		bool is_fine = error == ERR_INVALID && advice.count > 0 &&
			       is_right(&rows[i], &advice, folder_path(&folder, names[rows[i].file], file), line);
		folder_remove(&folder);
		if (!is_fine)
			print(rows[i].name, &advice);
		wrong += !is_fine;
	}
	assert_int_equal(wrong, 0);
}

/* What has nothing to do with a mistake is told beside it, so that a form is mended in one go. */
static void test_others_are_told(void **state)
{
	(void) state;
	static const struct row beside = {.file = 0, .from = "type: grid scale", .to = "type: gird scale"};
	char spoilt[YAML_MAX], cy[YAML_MAX];
	CLEANUP_ARENA struct arena arena;
	struct advice advice;
	arena_init(&arena, CEILING);
	struct folder folder = write_all(&beside, spoilt);
	replace(cy, files[1], "again.label_low: Na", "agian.label_low: Na");
	folder_write_as_is(&folder, names[1], cy);
	assert_int_equal(load(&folder, &arena, &advice), ERR_INVALID);
	folder_remove(&folder);
	size_t told = 0;
	for (size_t i = 0; i < advice.count; i++)
		told += is_rule(&advice.list[i], "unknown-path") &&
			strstr(advice.list[i].message, "\"again.label_low\"") != NULL;
	if (told != 1 || advice.of_level[ADVICE_ERROR] != 2)
		print("beside", &advice);
	assert_int_equal(told, 1);
	assert_int_equal(advice.of_level[ADVICE_ERROR], 2);
}

/* In the report as in the list: the form, the library, translations. */
static void test_causes_come_first(void **state)
{
	(void) state;
	static const char *const in_order[] = {"a/form.yaml",      "b/equality.yaml", "b/scales.yaml",
					       "a/en-x-easy.yaml", "a/cy.yaml",       "b/scales.ar.yaml"};
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct advice advice;
	arena_init(&arena, CEILING);
	problems_init(&problems, &arena);
	advice_init(&advice, &arena, NULL);
	for (size_t i = COUNT_OF(in_order); i-- > 0;)
		problems_add(&problems, in_order[i], 1, 1, "bad-name", "wrong");
	advice_problems(&advice, NULL, &problems);
	assert_int_equal(advice_finish(&advice), ERR_OK);
	for (size_t i = 0; i < COUNT_OF(in_order); i++)
		assert_string_equal(advice.list[i].file, in_order[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_form_is_good),
		cmocka_unit_test(test_one_mistake_is_told_once),
		cmocka_unit_test(test_others_are_told),
		cmocka_unit_test(test_causes_come_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
