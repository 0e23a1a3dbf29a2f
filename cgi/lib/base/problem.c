/* SPDX-License-Identifier: MIT */
/* problem.c: collects what is wrong with something a person wrote, so that they mend a file once.
 *
 * When memory runs out a problem is only counted: the list is never the reason that a check passes. */
#include "lib/base/problem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

enum {
	PROBLEM_WORD_MAX = 64, /* longer names have no near ones: a key is at most 32 signs */
	PROBLEMS_FIRST = 8
};

void problems_init(struct problems *problems, struct arena *arena)
{
	*problems = (struct problems){.arena = arena};
}

static bool problems_has_kind(const struct problems *problems, const char *file, const char *rule)
{
	for (size_t i = 0; i < problems->count; i++) {
		const char *other = problems->list[i].file;
		bool is_same = other == file || (other != NULL && file != NULL && strcmp(other, file) == 0);
		if (is_same && strcmp(problems->list[i].rule, rule) == 0)
			return true;
	}
	return false;
}

/* Room for one more of that kind, or NULL. */
static struct problem *problems_slot(struct problems *problems, const char *file, const char *rule)
{
	if (problems->count == PROBLEMS_KINDS_MAX ||
	    (problems->count >= PROBLEMS_MAX && problems_has_kind(problems, file, rule)))
		return NULL;
	if (problems->count == problems->capacity) {
		size_t capacity = problems->capacity > 0 ? problems->capacity * 2 : PROBLEMS_FIRST;
		struct problem *list =
			arena_grow(problems->arena, problems->list, problems->count, capacity, sizeof *list);
		if (list == NULL)
			return NULL;
		problems->list = list;
		problems->capacity = capacity;
	}
	return &problems->list[problems->count];
}

void problems_add(struct problems *problems, const char *file, unsigned line, unsigned column, const char *rule,
		  const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct problem *slot = problems_slot(problems, file, rule);
	char *message = slot == NULL ? NULL : arena_vprintf(problems->arena, format, args);
	va_end(args);
	if (message == NULL) {
		problems->dropped++;
		return;
	}
	*slot = (struct problem){.file = file, .line = line, .column = column, .rule = rule, .message = message};
	problems->count++;
}

void problems_print(const struct problems *problems, FILE *out)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->list[i];
		if (problem->file != NULL)
			fprintf(out, "%s:", problem->file);
		if (problem->line > 0)
			fprintf(out, "%u:", problem->line);
		if (problem->line > 0 && problem->column > 0)
			fprintf(out, "%u:", problem->column);
		fprintf(out, "%s%s [%s]\n", problem->file != NULL || problem->line > 0 ? " " : "", problem->message,
			problem->rule);
	}
	if (problems->dropped > 0)
		fprintf(out, "and %zu more\n", problems->dropped);
}

static size_t problem_least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment distance, three rows at a time. Both lengths are at most PROBLEM_WORD_MAX. */
static size_t problem_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][PROBLEM_WORD_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];
	for (size_t j = 0; j <= b_length; j++)
		before[j] = last[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		now[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t cost = a[i - 1] != b[j - 1];
			now[j] = problem_least(last[j - 1] + cost, problem_least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = problem_least(now[j], before[j - 2] + 1);
		}
		size_t *spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[b_length];
}

const char *problem_nearest(const char *word, const char *const *names, size_t count)
{
	size_t length = strlen(word);
	if (length == 0 || length > PROBLEM_WORD_MAX)
		return NULL;
	size_t limit = length / 3 > 2 ? length / 3 : 2;
	if (limit >= length)
		limit = length - 1; /* replacing every sign is no likeness */
	const char *nearest = NULL;
	for (size_t i = 0; i < count; i++) {
		size_t name_length = strlen(names[i]);
		if (name_length > PROBLEM_WORD_MAX)
			continue;
		size_t distance = problem_distance(word, length, names[i], name_length);
		if (distance > limit || (nearest != NULL && distance == limit))
			continue;
		nearest = names[i];
		limit = distance;
	}
	return nearest;
}
