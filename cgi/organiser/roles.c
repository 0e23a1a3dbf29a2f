/* SPDX-License-Identifier: MIT */
/* roles.c: words for roles and Areas. */
#include "roles.h"

#include <string.h>

const char *role_words(const struct visit *visit, enum account_role role)
{
	const enum word words[ACCOUNT_ROLE_COUNT] = {
		[ACCOUNT_ADMINISTRATOR] = WORD_o_role_administrator,
		[ACCOUNT_ORGANISER] = WORD_o_role_organiser,
		[ACCOUNT_ANALYST] = WORD_o_role_analyst,
		[ACCOUNT_KEYER] = WORD_o_role_keyer,
	};
	return visit_words(visit, words[role]);
}

const char *role_hint(const struct visit *visit, enum account_role role)
{
	const enum word words[ACCOUNT_ROLE_COUNT] = {
		[ACCOUNT_ADMINISTRATOR] = WORD_o_role_administrator_hint,
		[ACCOUNT_ORGANISER] = WORD_o_role_organiser_hint,
		[ACCOUNT_ANALYST] = WORD_o_role_analyst_hint,
		[ACCOUNT_KEYER] = WORD_o_role_keyer_hint,
	};
	return visit_words(visit, words[role]);
}

bool role_has_areas(enum account_role role)
{
	return role == ACCOUNT_ORGANISER || role == ACCOUNT_KEYER;
}

const char *role_areas(const struct visit *visit, const struct office_account *account)
{
	const char *list = "";
	for (size_t i = 0; list && role_has_areas(account->role) && i < account->areas_count; i++)
		list = arena_printf(visit->arena, "%s%s%s", list, i ? ", " : "", visit_area(visit, account->areas[i]));
	return list ? list : "";
}

struct control_option *role_languages(const struct visit *visit, const char *chosen, size_t *count)
{
	static const char *const tags[] = {"en", "cy"};
	struct control_option *options = arena_array(visit->arena, 2, struct control_option);
	*count = options ? 2 : 0;
	for (size_t i = 0; i < *count; i++)
		options[i] = (struct control_option){.value = tags[i],
						     .label = words_for(visit_languages(visit), tags[i])->name,
						     .lang = tags[i],
						     .is_chosen = strcmp(tags[i], chosen) == 0};
	return options;
}
