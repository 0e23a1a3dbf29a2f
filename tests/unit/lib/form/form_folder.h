/* SPDX-License-Identifier: MIT */
/* form_folder.h: folders of YAML that a test writes, loads and throws away. Include cmocka first.
 *
 * The first '@' of a text is left out of the file: it marks the place where a problem is expected. folder_write_as_is
 * keeps it. */
#ifndef SOUNDINGS_TESTS_FORM_FOLDER_H
#define SOUNDINGS_TESTS_FORM_FOLDER_H

#include "lib/base/problem.h"

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { FOLDER_PATH_MAX = 300 };

struct folder {
	char path[64];
};

static inline struct folder folder_make(void)
{
	struct folder folder = {"/tmp/soundings-form-XXXXXX"};
	assert_non_null(mkdtemp(folder.path));
	return folder;
}

/* The path of NAME in the folder, in OUT. */
static inline const char *folder_path(const struct folder *folder, const char *name, char out[FOLDER_PATH_MAX])
{
	snprintf(out, FOLDER_PATH_MAX, "%s/%s", folder->path, name);
	return out;
}

static inline void folder_subfolder(const struct folder *folder, const char *name)
{
	char path[FOLDER_PATH_MAX];
	assert_int_equal(mkdir(folder_path(folder, name, path), 0700), 0);
}

/* Writes TEXT to NAME. */
static inline void folder_write_as_is(const struct folder *folder, const char *name, const char *text)
{
	char path[FOLDER_PATH_MAX];
	FILE *file = fopen(folder_path(folder, name, path), "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* Writes TEXT without its mark. */
static inline void folder_write(const struct folder *folder, const char *name, const char *text)
{
	const char *mark = strchr(text, '@');
	if (mark == NULL) {
		folder_write_as_is(folder, name, text);
		return;
	}
	char *without = strdup(text);
	assert_non_null(without);
	size_t at = (size_t) (mark - text);
	memmove(without + at, without + at + 1, strlen(mark));
	folder_write_as_is(folder, name, without);
	free(without);
}

static inline int folder_delete_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void) status;
	(void) type;
	(void) walk;
	return remove(path);
}

static inline void folder_remove(const struct folder *folder)
{
	assert_int_equal(nftw(folder->path, folder_delete_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* The line of the '@' in TEXT, and its column as the file has it; 0 when there is none. */
static inline unsigned folder_marked_line(const char *text, unsigned *column)
{
	const char *mark = strchr(text, '@');
	*column = 0;
	if (mark == NULL)
		return 0;
	unsigned line = 1, signs = 1;
	for (const char *at = text; at < mark; at++) {
		if (((unsigned char) *at & 0xc0) != 0x80)
			signs++;
		if (*at == '\n') {
			line++;
			signs = 1;
		}
	}
	*column = signs;
	return line;
}

/* The first problem of that rule, or NULL. */
static inline const struct problem *folder_problem(const struct problems *problems, const char *rule)
{
	for (size_t i = 0; i < problems->count; i++) {
		if (strcmp(problems->list[i].rule, rule) == 0)
			return &problems->list[i];
	}
	return NULL;
}

/* Fails, and prints all problems, when the expected one is not among them. */
static inline void folder_expect(const struct problems *problems, const char *row, const char *rule, const char *file,
				 unsigned line, const char *says)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->list[i];
		if (strcmp(problem->rule, rule) == 0 && strcmp(problem->file, file) == 0 && problem->line == line &&
		    (says == NULL || strstr(problem->message, says) != NULL))
			return;
	}
	print_error("row \"%s\": expected %s:%u [%s] %s, got:\n", row, file, line, rule, says != NULL ? says : "");
	problems_print(problems, stderr);
	fail();
}

#endif
