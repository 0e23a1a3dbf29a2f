/* SPDX-License-Identifier: MIT */
/* plan.h: the columns of an export and its parsed rows in the order they will leave in; for this folder alone. */
#ifndef SOUNDINGS_EXPORT_PLAN_H
#define SOUNDINGS_EXPORT_PLAN_H

#include "lib/export/export.h"

#include <jansson.h>

enum { PLAN_MAPPED_COUNT = 4 };

/* A field of any version, as it is exported. */
struct plan_column {
	const char *name;
	bool is_multiple;                  /* select_multiple: a 0/1 column for each code */
	bool is_rank;                      /* rank: a column with the place for each code */
	bool is_number;                    /* scale, integer, decimal */
	bool is_mapped;                    /* by maps_to instead of codes */
	bool is_common[PLAN_MAPPED_COUNT]; /* mapped words that every face can give; no other leaves */
	const char **codes;                /* is_multiple, is_rank: one column each */
	size_t codes_count;
};

struct plan_row {
	const struct export_row *row;
	json_t *answers;
};

struct plan {
	const char *language; /* column name; NULL when no row shows its language */
	const char *mode;
	struct plan_column *columns;
	size_t columns_count;
	struct plan_row *rows; /* shuffled afresh */
	size_t rows_count;
};

/* Reads LIST. Columns and names live in ARENA, the parsed answers until plan_fini, which is fine to call in any case. */
enum err plan_make(const struct export_list *list, struct arena *arena, struct plan *out) MUST_CHECK;
void plan_fini(struct plan *plan);
#define CLEANUP_PLAN __attribute__((cleanup(plan_fini)))

/* What stands in a cell: codes as chosen, of a rank the best first, or mapped words each once; what was typed as it is.
 * COUNT is 0 when unanswered. VALUES in ARENA. */
enum err plan_values(const struct plan_row *row, const struct plan_column *column, struct arena *arena,
		     const char ***values, size_t *count) MUST_CHECK;

/* True for a canonical number in a column of numbers: it is no text, neither here nor in a spreadsheet. What else stands in
 * such a column is a scale's refusal, or text that another version of the form asked for. */
bool plan_is_number(const struct plan_column *column, const char *value);

#endif
