/* SPDX-License-Identifier: MIT */
/* placement_words.c: quarters, kinds and criteria of placements in words. */
#include "placement_words.h"

#include <assert.h>
#include <string.h>

const char *placement_quarter(const struct visit *visit, struct financial_quarter quarter)
{
	const char *year = arena_printf(visit->arena, "%d", financial_calendar_year(quarter));
	enum word months = (enum word)((int) WORD_o_quarter_1 + quarter.quarter - 1);
	const struct words_fill fills[] = {{"months", visit_words(visit, months)}, {"year", year ? year : ""}};
	return visit_words_fill(visit, (enum word) WORD_o_quarter_words, fills, 2);
}

const char *placement_kind(const struct visit *visit, const char *name)
{
	const struct organisation *organisation = visit->organisation;
	for (size_t i = 0; i < organisation->placements_count; i++)
		if (strcmp(organisation->placements[i].name, name) == 0)
			return visit_text(visit, &organisation->placements[i].title);
	return name;
}

int placement_criterion_word(int number)
{
	assert(number >= 0 && number < OFFICE_CRITERIA);
	return (int) WORD_o_criterion_1 + number;
}

const char *placement_criterion(const struct visit *visit, int number)
{
	return visit_words(visit, (enum word) placement_criterion_word(number));
}
