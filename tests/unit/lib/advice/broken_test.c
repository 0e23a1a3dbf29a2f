/* SPDX-License-Identifier: MIT */
/* broken_test.c: every case of tests/forms/broken/cases.txt: the right rule, file, line and advice, and nothing else that stops it.
 *
 * Run from the top of the checkout, as all unit tests are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/advice/advice.h"
#include "lib/form/form_load.h"
#include "unit/lib/form/form_folder.h"

enum {
	CEILING = 64 * 1024 * 1024,
	CASES_LEAST = 100,
	CASE_FILES_MAX = 4,
	CASE_BYTES_MAX = 64 * 1024,
	RESPONSE_MOST = 60 * 1024
};

static const char cases_file[] = "tests/forms/broken/cases.txt";

struct case_file {
	char name[64];
	char text[CASE_BYTES_MAX];
	size_t length;
};

struct broken {
	char rule[64];
	char name[128];
	char says[128];
	char also[64]; /* another rule that the same mistake breaks */
	struct case_file files[CASE_FILES_MAX];
	size_t files_count;
	size_t marked; /* file of the mark; the last one without */
	unsigned line; /* of the mark; 0 without */
};

/* One line into a case: \xNN is a byte, the first @ of the case its place. */
static void put_line(struct broken *broken, const char *line)
{
	struct case_file *file = &broken->files[broken->files_count - 1];
	for (const char *at = line; *at != '\0';) {
		unsigned byte;
		assert_true(file->length + 2 < CASE_BYTES_MAX);
		if (*at == '@' && broken->line == 0) {
			broken->line = 1;
			for (size_t i = 0; i < file->length; i++)
				broken->line += file->text[i] == '\n';
			broken->marked = broken->files_count - 1;
			at++;
		} else if (at[0] == '\\' && at[1] == 'x' && sscanf(at + 2, "%2x", &byte) == 1) {
			file->text[file->length++] = (char) byte;
			at += 4;
		} else {
			file->text[file->length++] = *at++;
		}
	}
}

/* Reads the next case. False at the end. HEAD holds the line that begins it, and then the one that begins the next. */
static bool next_case(FILE *in, char head[512], struct broken *broken)
{
	if (strncmp(head, "== ", 3) != 0)
		return false;
	memset(broken, 0, sizeof(*broken));
	assert_int_equal(sscanf(head, "== %63[^:]: %127[^\n]", broken->rule, broken->name), 2);
	while (fgets(head, 512, in) != NULL && strncmp(head, "== ", 3) != 0) {
		if (strncmp(head, "says: ", 6) == 0) {
			assert_int_equal(sscanf(head, "says: %127[^\n]", broken->says), 1);
		} else if (strncmp(head, "also: ", 6) == 0) {
			assert_int_equal(sscanf(head, "also: %63[^\n]", broken->also), 1);
		} else if (strncmp(head, "-- ", 3) == 0) {
			assert_true(broken->files_count < CASE_FILES_MAX);
			assert_int_equal(sscanf(head, "-- %63[^\n]", broken->files[broken->files_count++].name), 1);
			broken->marked = broken->line == 0 ? broken->files_count - 1 : broken->marked;
		} else if (broken->files_count > 0) {
			put_line(broken, head);
		}
	}
	if (feof(in))
		head[0] = '\0';
	/* The empty line before the next case is not the file's. */
	struct case_file *last = &broken->files[broken->files_count - 1];
	if (last->length > 1 && last->text[last->length - 1] == '\n' && last->text[last->length - 2] == '\n' &&
	    !feof(in))
		last->length--;
	return true;
}

static void write_bytes(const char *path, const struct case_file *file)
{
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(file->text, 1, file->length, out), file->length);
	assert_int_equal(fclose(out), 0);
}

static void write_files(const struct folder *folder, const struct broken *broken)
{
	char path[FOLDER_PATH_MAX], name[80];
	folder_subfolder(folder, "try");
	folder_subfolder(folder, "library");
	folder_subfolder(folder, "before");
	for (size_t i = 0; i < broken->files_count; i++) {
		const char *own = broken->files[i].name;
		if (strcmp(own, "published.yaml") == 0)
			snprintf(name, sizeof(name), "before/form.yaml");
		else if (strncmp(own, "../", 3) == 0)
			snprintf(name, sizeof(name), "%s", own + 3);
		else
			snprintf(name, sizeof(name), "try/%s", own);
		write_bytes(folder_path(folder, name, path), &broken->files[i]);
	}
}

static bool is_given(const struct broken *broken, const char *name)
{
	for (size_t i = 0; i < broken->files_count; i++) {
		if (strcmp(broken->files[i].name, name) == 0)
			return true;
	}
	return false;
}

static void compare_with_published(struct advice *advice, const struct folder *folder, const struct form *form,
				   struct arena *arena)
{
	struct problems problems;
	struct form *published = NULL;
	char before[FOLDER_PATH_MAX];
	problems_init(&problems, arena);
	enum err error = form_load(folder_path(folder, "before", before), NULL, arena, &published, &problems);
	if (error != ERR_OK)
		problems_print(&problems, stderr);
	assert_int_equal(error, ERR_OK);
	published->version = 1;
	advice_published(advice, form, published);
}

static bool is_it(const struct advice_finding *finding, const struct broken *broken, const char *file)
{
	return strcmp(finding->rule->name, broken->rule) == 0 && finding->file != NULL &&
	       strcmp(finding->file, file) == 0 && finding->line == broken->line &&
	       strstr(finding->message, broken->says) != NULL;
}

/* The finding is there; it says why and how; nothing else stops the form. Gives how many things are wrong with that. */
static int judge(const struct broken *broken, const struct advice *advice, const char *file)
{
	const struct advice_rule *rule = advice_rule_find(broken->rule);
	int found = 0, others = 0;
	if (rule == NULL) {
		print_error("%s: there is no rule %s\n", broken->name, broken->rule);
		return 1;
	}
	for (size_t i = 0; i < advice->count; i++) {
		const struct advice_finding *finding = &advice->list[i];
		found += is_it(finding, broken, file);
		others += finding->rule != rule && finding->rule->level == ADVICE_ERROR &&
			  strcmp(finding->rule->name, broken->also) != 0;
		assert_true(finding->message[0] != '\0' && finding->rule->why[0] != '\0' &&
			    finding->example[0] != '\0');
		assert_true(finding->column == 0 || finding->line > 0);
	}
	bool is_stopped = advice->of_level[ADVICE_ERROR] > 0;
	if (found == 1 && others == 0 && is_stopped == (rule->level == ADVICE_ERROR))
		return 0;
	print_error("\"%s\": expected %s:%u [%s] %s, once and no other error, got:\n", broken->name, file, broken->line,
		    broken->rule, broken->says);
	for (size_t i = 0; i < advice->count; i++)
		print_error("    %s:%u:%u [%s] %s\n", advice->list[i].file, advice->list[i].line,
			    advice->list[i].column, advice->list[i].rule->name, advice->list[i].message);
	return 1;
}

static int run_case(const struct broken *broken)
{
	struct folder folder = folder_make();
	char try[FOLDER_PATH_MAX], library[FOLDER_PATH_MAX], file[FOLDER_PATH_MAX], name[80];
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	struct form_places places;
	struct advice advice;
	struct form *form = NULL;
	write_files(&folder, broken);
	problems_init(&problems, &arena);
	form_places_init(&places, &arena);
	advice_init(&advice, &arena, &places);
	enum err error =
		form_load_with_places(folder_path(&folder, "try", try), folder_path(&folder, "library", library),
				      &arena, &form, &problems, &places);
	assert_true((error == ERR_OK) == (form != NULL));
	assert_true(error == ERR_OK || error == ERR_INVALID || error == ERR_NOT_FOUND);
	advice_problems(&advice, form, &problems);
	static const char *const pictures[] = {"good.svg", "bad.svg"};
	if (form != NULL) {
		advice_form(&advice, form);
		advice_pictures(&advice, form, pictures, COUNT_OF(pictures));
		advice_room(&advice, form, RESPONSE_MOST);
	}
	if (form != NULL && is_given(broken, "published.yaml"))
		compare_with_published(&advice, &folder, form, &arena);
	assert_int_equal(advice_finish(&advice), ERR_OK);
	const char *own = broken->files[broken->marked].name;
	if (strcmp(broken->rule, "missing-english") == 0)
		own = "form.yaml";
	snprintf(name, sizeof(name), "%s%s", strncmp(own, "../", 3) == 0 ? "" : "try/",
		 strncmp(own, "../", 3) == 0 ? own + 3 : own);
	int wrong = judge(broken, &advice, folder_path(&folder, name, file));
	folder_remove(&folder);
	return wrong;
}

static void test_every_case(void **state)
{
	(void) state;
	static struct broken broken;
	char head[512] = "";
	size_t count = 0;
	int wrong = 0;
	FILE *in = fopen(cases_file, "r");
	assert_non_null(in);
	while (fgets(head, sizeof(head), in) != NULL && strncmp(head, "== ", 3) != 0)
		;
	for (; next_case(in, head, &broken); count++)
		wrong += run_case(&broken);
	fclose(in);
	print_message("# %zu broken forms\n", count);
	assert_true(count >= CASES_LEAST);
	assert_int_equal(wrong, 0);
}

/* The table can be searched, and every rule says something. */
static void test_rules(void **state)
{
	(void) state;
	for (size_t i = 0; i < advice_rules_count; i++) {
		const struct advice_rule *rule = &advice_rules[i];
		if (i > 0)
			assert_true(strcmp(advice_rules[i - 1].name, rule->name) < 0);
		assert_ptr_equal(advice_rule_find(rule->name), rule);
		assert_true(strlen(rule->why) > 10 && strlen(rule->example) > 3);
		assert_true(rule->why[strlen(rule->why) - 1] == '.');
	}
	assert_null(advice_rule_find("no-such-rule"));
}

/* soundings-form(5) names every rule, so that a person can look it up. */
static void test_rules_are_in_the_manual(void **state)
{
	(void) state;
	static char manual[256 * 1024];
	FILE *in = fopen("cgi/soundings/soundings-form.5", "r");
	assert_non_null(in);
	size_t length = fread(manual, 1, sizeof(manual) - 1, in);
	manual[length] = '\0';
	fclose(in);
	int missing = 0;
	for (size_t i = 0; i < advice_rules_count; i++) {
		const char *name = advice_rules[i].name, *at = strstr(manual, ".Sh DIAGNOSTICS");
		size_t own = strlen(name);
		for (; at != NULL && (at = strstr(at, name)) != NULL; at += own) {
			if (at[-1] == ' ' && (at[own] == ' ' || at[own] == '\n'))
				break;
		}
		if (at == NULL)
			print_error("soundings-form.5 does not name %s\n", name);
		missing += at == NULL;
	}
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_case),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_rules_are_in_the_manual),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
