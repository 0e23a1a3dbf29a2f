/* SPDX-License-Identifier: MIT */
/* answers_rank.c: choices in order: from the places that were given them, whichever of them were.
 *
 * Gaps are no mistake: who gave the places 1 and 3 said which is better. So the order alone is kept. */
#include "lib/form/answers_parts.h"

#include <string.h>

unsigned answers_rank_place(const char *part, size_t count)
{
	size_t digits = part == NULL ? 0 : strspn(part, "0123456789");
	if (digits < 1 || digits > 3 || part[digits] != '\0' || part[0] == '0')
		return 0;
	unsigned place = 0;
	for (size_t i = 0; i < digits; i++)
		place = 10 * place + (unsigned) (part[i] - '0');
	return place <= count ? place : 0;
}

size_t answers_rank_count(const struct answer *answer)
{
	size_t count = 0;
	for (size_t i = 0; i < answer->parts_count; i++)
		count += answers_rank_place(answer->parts[i], answer->parts_count) > 0;
	return count;
}

bool answers_rank_has(const struct answer *answer, const struct choice_list *list, const char *name)
{
	const struct choice *choice = choice_list_find(list, name);
	size_t index = choice == NULL ? list->choices_count : (size_t) (choice - list->choices);
	return index < answer->parts_count && answers_rank_place(answer->parts[index], answer->parts_count) > 0;
}

enum err answers_rank_order(struct answer *answer, const struct choice_list *list, struct arena *arena, int *same)
{
	const struct choice *at[FORM_CHOICES_MAX + 1] = {NULL}; /* by place */
	size_t count = list->choices_count;
	answer->choices = NULL;
	answer->choices_count = 0;
	*same = -1;
	for (size_t i = 0; i < answer->parts_count && i < count && count <= FORM_CHOICES_MAX; i++) {
		unsigned place = answers_rank_place(answer->parts[i], count);
		if (place == 0)
			continue;
		if (at[place] != NULL) {
			*same = (int) i;
			return ERR_OK;
		}
		at[place] = &list->choices[i];
	}
	const struct choice **order = arena_array(arena, count, const struct choice *);
	if (order == NULL)
		return ERR_NOMEM;
	answer->choices = order;
	for (size_t place = 1; place <= count && count <= FORM_CHOICES_MAX; place++)
		if (at[place] != NULL)
			order[answer->choices_count++] = at[place];
	return ERR_OK;
}
