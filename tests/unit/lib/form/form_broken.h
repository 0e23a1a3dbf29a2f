/* SPDX-License-Identifier: MIT */
/* form_broken.h: broken forms, each with the rule, the file and the line that the person is told. Include cmocka first.
 *
 * Every row is a whole folder; '@' marks the place. A row must give that problem, and be ERR_INVALID for it. */
#ifndef SOUNDINGS_TESTS_FORM_BROKEN_H
#define SOUNDINGS_TESTS_FORM_BROKEN_H

#include "lib/form/form_load.h"
#include "unit/lib/form/form_folder.h"

enum { CEILING = 64 * 1024 * 1024, ROW_FILES_MAX = 3 };

/* Pieces that a right form is made of. */
#define HEAD "form: trial\ntitle: Try\npages:\n"
#define PAGE "  - page: one\n    title: One\n    questions:\n"
#define TOP HEAD PAGE
#define Q1 "      - name: how\n        type: select_one scale\n        label: How was it?\n"
#define Q2 "      - name: words\n        type: text\n        label: Say more\n"
#define APART "  - page: you\n    title: You\n    apart: yes\n    questions:\n"
#define AGE "      - name: age\n        type: select_one scale\n        label: How old?\n"
#define SCALE "choices:\n  scale:\n    - good: Good\n    - bad: Bad\n"
#define MAPPED "choices:\n  scale:\n    - good: Good\n      maps_to: top\n    - bad: Bad\n      maps_to: bottom\n"
#define RIGHT TOP Q1 Q2 SCALE
#define CY "language: cy\nstatus: draft\n"
#define EASY "language: en-x-easy\nstatus: draft\n"

struct file {
	const char *name; /* below the folder "forms": the form is in forms/try */
	const char *text;
};

struct row {
	const char *name;
	const char *rule;
	const char *says; /* part of the message; NULL: any */
	struct file files[ROW_FILES_MAX];
};

#define FORM(text)                                                                                                     \
	{                                                                                                              \
		"try/form.yaml", text                                                                                  \
	}
#define WITH(name, text)                                                                                               \
	{                                                                                                              \
		name, text                                                                                             \
	}

/* The file with the mark, or the last one. */
static inline const struct file *marked_file(const struct row *row)
{
	const struct file *last = &row->files[0];
	for (size_t i = 0; i < ROW_FILES_MAX && row->files[i].name != NULL; i++) {
		if (strchr(row->files[i].text, '@') != NULL)
			return &row->files[i];
		last = &row->files[i];
	}
	return last;
}

static inline void run_row(const struct row *row)
{
	struct folder folder = folder_make();
	folder_subfolder(&folder, "try");
	folder_subfolder(&folder, "library");
	for (size_t i = 0; i < ROW_FILES_MAX && row->files[i].name != NULL; i++)
		folder_write(&folder, row->files[i].name, row->files[i].text);
	char try[FOLDER_PATH_MAX], library[FOLDER_PATH_MAX], expected[FOLDER_PATH_MAX];
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	problems_init(&problems, &arena);
	struct form *form = NULL;
	enum err error = form_load(folder_path(&folder, "try", try), folder_path(&folder, "library", library), &arena,
				   &form, &problems);
	folder_remove(&folder);
	const struct file *file = marked_file(row);
	unsigned column, line = folder_marked_line(file->text, &column);
	folder_expect(&problems, row->name, row->rule, folder_path(&folder, file->name, expected), line, row->says);
	if (error != ERR_INVALID)
		fail_msg("%s: %s", row->name, err_name(error));
	assert_null(form);
	assert_false(form_load_is_finding(folder_problem(&problems, row->rule)));
}

#endif
