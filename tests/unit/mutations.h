/* SPDX-License-Identifier: MIT */
/* mutations.h: the shipped forms, spoilt at random: lines taken away, doubled and moved, words, indentation and bytes changed.
 *
 * Include cmocka first. Every spoilt form has a number, from which it can be made again: SOUNDINGS_MUTATION=NUMBER runs that one
 * alone, SOUNDINGS_MUTATIONS=10000 so many, both so many from that one on. Run from the top of the checkout. */
#ifndef SOUNDINGS_TESTS_MUTATIONS_H
#define SOUNDINGS_TESTS_MUTATIONS_H

#include "unit/seeded.h"

#include "lib/base/problem.h"

#include <ctype.h>
#include <dirent.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MUTATIONS_DEFAULT = 300, MUTATIONS_FILES_MAX = 80, MUTATIONS_BYTES_MAX = 256 * 1024, MUTATIONS_PATH = 256 };

static const char *const mutations_forms[] = {"community-conversation", "work-experience-before", "work-experience-day",
					      "work-experience-end", "everything"};
enum { MUTATIONS_FORMS = sizeof(mutations_forms) / sizeof(mutations_forms[0]) };

struct mutations_file {
	char path[MUTATIONS_PATH]; /* below the folder */
	char *text;
	size_t length;
	int form; /* index; -1: of the library */
};

struct mutations {
	char folder[64];
	struct mutations_file files[MUTATIONS_FILES_MAX];
	size_t files_count;
	unsigned number; /* of the one that is being tried */
	/* What was made of it. */
	char text[MUTATIONS_BYTES_MAX + 1];
	size_t length;
	const struct mutations_file *file;
	char form[MUTATIONS_PATH]; /* folder of the form to load */
	char library[MUTATIONS_PATH];
};

static inline void mutations_write(const struct mutations *mutations, const char *path, const char *text, size_t length)
{
	char whole[MUTATIONS_PATH * 2];
	snprintf(whole, sizeof(whole), "%s/%s", mutations->folder, path);
	FILE *out = fopen(whole, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, length, out), length);
	assert_int_equal(fclose(out), 0);
}

static inline void mutations_take(struct mutations *mutations, const char *from, const char *to, int form)
{
	char whole[MUTATIONS_PATH * 2];
	snprintf(whole, sizeof(whole), "%s/%s", mutations->folder, to);
	assert_int_equal(mkdir(whole, 0700), 0);
	DIR *dir = opendir(from);
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		size_t name = strlen(entry->d_name);
		if (name < 5 || strcmp(entry->d_name + name - 5, ".yaml") != 0)
			continue;
		assert_true(mutations->files_count < MUTATIONS_FILES_MAX);
		struct mutations_file *file = &mutations->files[mutations->files_count++];
		snprintf(whole, sizeof(whole), "%s/%s", from, entry->d_name);
		snprintf(file->path, sizeof(file->path), "%.100s/%.100s", to, entry->d_name);
		file->form = form;
		file->text = calloc(1, MUTATIONS_BYTES_MAX);
		FILE *in = fopen(whole, "r");
		assert_true(file->text != NULL && in != NULL);
		file->length = fread(file->text, 1, MUTATIONS_BYTES_MAX / 4, in);
		fclose(in);
		mutations_write(mutations, file->path, file->text, file->length);
	}
	closedir(dir);
}

static inline int mutations_compare(const void *a, const void *b)
{
	return strcmp(((const struct mutations_file *) a)->path, ((const struct mutations_file *) b)->path);
}

static inline struct mutations *mutations_start(void)
{
	struct mutations *mutations = calloc(1, sizeof(*mutations));
	assert_non_null(mutations);
	snprintf(mutations->folder, sizeof(mutations->folder), "%s/soundings-spoilt-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(mutations->folder));
	mutations_take(mutations, "forms/library", "library", -1);
	for (int i = 0; i < MUTATIONS_FORMS; i++) {
		char from[MUTATIONS_PATH];
		snprintf(from, sizeof(from), "%s/%s", i == MUTATIONS_FORMS - 1 ? "tests/forms" : "forms",
			 mutations_forms[i]);
		mutations_take(mutations, from, mutations_forms[i], i);
	}
	/* The order of a folder is the disk's. */
	qsort(mutations->files, mutations->files_count, sizeof(mutations->files[0]), mutations_compare);
	snprintf(mutations->library, sizeof(mutations->library), "%s/library", mutations->folder);
	return mutations;
}

static inline int mutations_delete(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void) status;
	(void) type;
	(void) walk;
	return remove(path);
}

static inline void mutations_end(struct mutations *mutations)
{
	nftw(mutations->folder, mutations_delete, 8, FTW_DEPTH | FTW_PHYS);
	for (size_t i = 0; i < mutations->files_count; i++)
		free(mutations->files[i].text);
	free(mutations);
}

/* How many to try, and from which number on. */
static inline unsigned mutations_count(unsigned *first)
{
	const char *one = getenv("SOUNDINGS_MUTATION"), *many = getenv("SOUNDINGS_MUTATIONS");
	*first = one != NULL ? (unsigned) strtoul(one, NULL, 10) : 0;
	if (one != NULL && many == NULL)
		return 1;
	return many != NULL ? (unsigned) strtoul(many, NULL, 10) : MUTATIONS_DEFAULT;
}

/* ---- what is done to a text ---- */

/* Replaces LENGTH bytes at AT. */
static inline void mutations_splice(struct mutations *m, size_t at, size_t length, const char *by, size_t by_length)
{
	if (m->length - length + by_length > MUTATIONS_BYTES_MAX)
		return;
	memmove(m->text + at + by_length, m->text + at + length, m->length - at - length);
	memcpy(m->text + at, by, by_length);
	m->length += by_length - length;
	m->text[m->length] = '\0';
}

/* A line, with its end, drawn at random. */
static inline void mutations_line(const struct mutations *m, size_t *at, size_t *length)
{
	*at = below((unsigned) m->length + 1);
	while (*at > 0 && m->text[*at - 1] != '\n')
		(*at)--;
	const char *end = memchr(m->text + *at, '\n', m->length - *at);
	*length = end != NULL ? (size_t) (end - m->text) + 1 - *at : m->length - *at;
}

static inline void mutations_word(const struct mutations *m, size_t *at, size_t *length)
{
	*at = below((unsigned) m->length + 1);
	while (*at < m->length && !isalnum((unsigned char) m->text[*at]))
		(*at)++;
	while (*at > 0 && (isalnum((unsigned char) m->text[*at - 1]) || m->text[*at - 1] == '_'))
		(*at)--;
	*length = 0;
	while (*at + *length < m->length &&
	       (isalnum((unsigned char) m->text[*at + *length]) || m->text[*at + *length] == '_'))
		(*length)++;
}

static const char *const mutations_values[] = {
	"",
	"''",
	"\"",
	"[",
	"{}",
	"&a",
	"*a",
	"!!int 3",
	"|",
	">-",
	"-",
	"~",
	"yes",
	"no",
	"0",
	"-1",
	"1",
	"2",
	"99999999999",
	"1e9",
	"0.5",
	"text",
	"note",
	"rank how-much",
	"grid how-often",
	"scale",
	"integer",
	"decimal",
	"date",
	"select_one yes",
	"select_multiple hard",
	"scales/satisfaction",
	"equality",
	"[overall]",
	"[overall, easy]",
	"overall",
	"choices",
	"cy",
	"\"${overall} = 'good'\"",
	"\"not(${easy} = '')\"",
	"\"count-selected(${hard}) > 2\"",
	"\"regex(., '[a-z]+')\"",
	"\"((((((((((\"",
	"\"${\"",
	"\". != ''\"",
	"\"selected(${did}, 'talk')\"",
	"before-after",
	"faces",
	"line",
	"plain",
	"draft",
	"checked",
	"2026-02-29",
	"2026-11-21",
	"{event} {wrong}",
	"\xe2\x80\xae",
	"\xff",
	"\xf0\x9f\x98\x80",
	"prefer_not",
	"dont_know",
	"top",
	"a_very_long_name_that_no_column_of_any_program_takes",
	"\t",
	"---",
	"...",
	"#",
	": ",
	"a: b",
};

static const char *const mutations_keys[] = {
	"form",         "title",
	"time",         "privacy",
	"keep",         "threshold",
	"safety",       "programmes",
	"retired",      "pages",
	"choices",      "page",
	"intro",        "apart",
	"questions",    "use",
	"ask",          "crosstabs",
	"name",         "type",
	"label",        "hint",
	"appearance",   "pair",
	"label_before", "label_now",
	"required",     "required_message",
	"max",          "min",
	"relevant",     "relevant_when",
	"constraint",   "constraint_message",
	"measure",      "group",
	"was",          "statements",
	"from",         "to",
	"label_low",    "label_high",
	"decimals",     "unit",
	"refusal",      "exclusive",
	"maps_to",      "standard",
	"picture",      "face",
	"language",     "status",
	"same",         "omit",
	"lists",
};

static inline void mutations_one(struct mutations *m)
{
	size_t at, length, other, other_length;
	char copy[4096], line[4200];
	mutations_line(m, &at, &length);
	size_t kept = length < sizeof(copy) ? length : sizeof(copy);
	memcpy(copy, m->text + at, kept);
	switch (below(14)) {
	case 0:
		mutations_splice(m, at, length, "", 0);
		return;
	case 1:
		mutations_splice(m, at, 0, copy, kept);
		return;
	case 2: /* elsewhere */
		mutations_splice(m, at, length, "", 0);
		mutations_line(m, &other, &other_length);
		mutations_splice(m, other, 0, copy, kept);
		return;
	case 3: /* a copy of it elsewhere */
		mutations_line(m, &other, &other_length);
		mutations_splice(m, other, 0, copy, kept);
		return;
	case 4: { /* with the next one */
		size_t next = at + length;
		const char *end = memchr(m->text + next, '\n', m->length - next);
		if (end == NULL || length > sizeof(copy))
			return;
		size_t next_length = (size_t) (end - m->text) + 1 - next;
		mutations_splice(m, next + next_length, 0, copy, kept);
		mutations_splice(m, at, length, "", 0);
		return;
	}
	case 5:
		mutations_splice(m, at, 0, "      ", 1 + below(6));
		return;
	case 6: {
		size_t blanks = 0;
		while (at + blanks < m->length && m->text[at + blanks] == ' ')
			blanks++;
		mutations_splice(m, at, blanks > 0 ? 1 + below((unsigned) blanks) : 0, "", 0);
		return;
	}
	case 7: /* another word of the same file */
		mutations_word(m, &at, &length);
		mutations_word(m, &other, &other_length);
		other_length = other_length < sizeof(copy) ? other_length : sizeof(copy);
		memcpy(copy, m->text + other, other_length);
		mutations_splice(m, at, length, copy, other_length);
		return;
	case 8:
		mutations_word(m, &at, &length);
		mutations_splice(m, at, length, "", 0);
		return;
	case 9: /* any byte */
		copy[0] = (char) below(256);
		at = below((unsigned) m->length + 1);
		mutations_splice(m, at, at < m->length ? below(2) : 0, copy, 1);
		return;
	case 10: /* a hole of some bytes */
		at = below((unsigned) m->length + 1);
		length = below(40);
		mutations_splice(m, at, at + length <= m->length ? length : m->length - at, "", 0);
		return;
	case 11: { /* another value */
		const char *colon = memmem(m->text + at, length, ": ", 2);
		const char *value = mutations_values[below(sizeof(mutations_values) / sizeof(mutations_values[0]))];
		if (colon == NULL)
			return;
		size_t start = (size_t) (colon - m->text) + 2, rest = at + length - start;
		mutations_splice(m, start, rest > 0 && m->text[at + length - 1] == '\n' ? rest - 1 : rest, value,
				 strlen(value));
		return;
	}
	case 12: { /* another key below it */
		size_t blanks = strspn(copy, " -");
		if (blanks > kept || kept == sizeof(copy))
			return;
		int used = snprintf(line, sizeof(line), "%*s%s: %s\n", (int) blanks, "",
				    mutations_keys[below(sizeof(mutations_keys) / sizeof(mutations_keys[0]))],
				    mutations_values[below(sizeof(mutations_values) / sizeof(mutations_values[0]))]);
		mutations_splice(m, at + length, 0, line, (size_t) used);
		return;
	}
	default: /* the file ends here */
		if (below(8) == 0) {
			m->length = below((unsigned) m->length + 1);
			m->text[m->length] = '\0';
		}
		return;
	}
}

/* Makes spoilt form NUMBER and writes its file. */
static inline void mutations_make(struct mutations *m, unsigned number)
{
	seed = (number + 1) * UINT64_C(0x9e3779b97f4a7c15) | 1;
	m->number = number;
	m->file = &m->files[below((unsigned) m->files_count)];
	memcpy(m->text, m->file->text, m->file->length);
	m->length = m->file->length;
	m->text[m->length] = '\0';
	for (unsigned i = 1 + below(3); i > 0; i--)
		mutations_one(m);
	mutations_write(m, m->file->path, m->text, m->length);
	int form = m->file->form >= 0 ? m->file->form : (int) below(MUTATIONS_FORMS);
	snprintf(m->form, sizeof(m->form), "%s/%s", m->folder, mutations_forms[form]);
}

static inline void mutations_restore(struct mutations *m)
{
	mutations_write(m, m->file->path, m->file->text, m->file->length);
}

/* A refused form says where: each problem names a file and a line of it, unless it is about a whole file. */
static inline void mutations_expect_place(const struct mutations *m, const struct problems *problems)
{
	static const char *const whole[] = {"missing-translation", "unknown-file", "missing-english", "too-big",
					    "unreadable"};
	if (problems->count == 0)
		fail_msg("mutation %u: refused without a word", m->number);
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->list[i];
		bool is_whole = false;
		for (size_t k = 0; k < sizeof(whole) / sizeof(whole[0]); k++)
			is_whole |= strcmp(problem->rule, whole[k]) == 0;
		if (problem->file == NULL || strncmp(problem->file, m->folder, strlen(m->folder)) != 0 ||
		    (problem->line == 0 && !is_whole))
			fail_msg("mutation %u: no place: %s:%u %s [%s]", m->number,
				 problem->file != NULL ? problem->file : "-", problem->line, problem->message,
				 problem->rule);
		/* No line that the file does not have. */
		unsigned lines = 2;
		const struct mutations_file *file = NULL;
		for (size_t k = 0; k < m->files_count; k++) {
			if (strcmp(problem->file + strlen(m->folder) + 1, m->files[k].path) == 0)
				file = &m->files[k];
		}
		const char *text = file == m->file ? m->text : file != NULL ? file->text : "";
		size_t length = file == m->file ? m->length : file != NULL ? file->length : 0;
		for (size_t k = 0; k < length; k++)
			lines += text[k] == '\n';
		if (problem->line > lines)
			fail_msg("mutation %u: line %u of %s, which has %u", m->number, problem->line, problem->file,
				 lines);
	}
}

#endif
