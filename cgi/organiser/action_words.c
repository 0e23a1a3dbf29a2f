/* SPDX-License-Identifier: MIT */
/* action_words.c: what pages say of an action. */
#include "action_words.h"

#include <string.h>

static enum word of(int word)
{
	return (enum word) word;
}

bool action_is_late(const struct visit *visit, const struct office_action *action)
{
	bool is_going_on = action->status == ACTION_HEARD || action->status == ACTION_DOING;
	return is_going_on && action->due.year && date_days(action->due) < date_days(visit->today);
}

const char *action_status_words(const struct visit *visit, enum action_status status)
{
	static const int words[ACTION_STATUS_COUNT] = {
		[ACTION_HEARD] = WORD_o_action_status_heard,
		[ACTION_DOING] = WORD_o_action_status_doing,
		[ACTION_DONE] = WORD_o_action_status_done,
		[ACTION_CANNOT] = WORD_o_action_status_cannot,
	};
	return visit_words(visit, of(words[status]));
}

const char *action_many_words(const struct visit *visit, enum action_many many)
{
	static const int words[ACTION_MANY_COUNT] = {
		[ACTION_MANY_UNSAID] = WORD_o_action_many_unsaid,
		[ACTION_A_FEW] = WORD_o_action_many_few,
		[ACTION_SEVERAL] = WORD_o_action_many_several,
		[ACTION_MANY] = WORD_o_action_many_many,
	};
	return visit_words(visit, of(words[many]));
}

const char *action_aim_words(const struct visit *visit, const char *name)
{
	const struct organisation *organisation = visit->organisation;
	for (size_t i = 0; i < organisation->aims_count; i++)
		if (strcmp(organisation->aims[i].name, name) == 0)
			return visit_text(visit, &organisation->aims[i].title);
	return name;
}

/* Its text in the page's language, else the one it was written in. */
static const struct office_action_text *text_of(const struct visit *visit, const struct office_action *action)
{
	for (size_t i = 0; i < action->texts_count; i++)
		if (strcmp(action->texts[i].tag, visit->t->language) == 0)
			return &action->texts[i];
	return action->texts_count ? &action->texts[0] : NULL;
}

/* "London North · Head of Victim Care · due 8 March 2028" */
static const char *meta_of(const struct visit *visit, const struct office_action *action)
{
	const char *area = visit_area(visit, action->area);
	const char *due = "";
	bool is_going_on = action->status == ACTION_HEARD || action->status == ACTION_DOING;
	if (is_going_on && action->due.year)
		due = visit_words_with(visit,
				       of(action_is_late(visit, action) ? WORD_o_action_was_due : WORD_o_action_due_on),
				       "day", visit_date(visit, action->due));
	const char *meta = arena_printf(visit->arena, "%s%s%s%s%s", area, *action->owner ? " · " : "", action->owner,
					*due ? " · " : "", due);
	return meta ? meta : "";
}

struct page_line action_line(const struct visit *visit, const struct office_action *action)
{
	static const struct {
		int word;
		const char *kind;
	} tags[ACTION_STATUS_COUNT] = {
		[ACTION_HEARD] = {WORD_o_action_tag_heard, ""},
		[ACTION_DOING] = {WORD_o_action_tag_doing, "wait"},
		[ACTION_DONE] = {WORD_o_action_tag_done, "good"},
		[ACTION_CANNOT] = {WORD_o_action_tag_cannot, "off"},
	};
	const struct office_action_text *text = text_of(visit, action);
	bool is_late = action_is_late(visit, action);
	const char *state = visit_words(visit, of(is_late ? (int) WORD_o_action_tag_late : tags[action->status].word));
	const char *title = text && *text->theme ? text->theme : text ? text->said : "";
	return (struct page_line){
		.title = title,
		.url = visit_url(visit, "/actions/%lld", (long long) action->id),
		.lang = text ? arena_strndup(visit->arena, text->tag, strcspn(text->tag, "-")) : NULL,
		.meta = meta_of(visit, action),
		.tag = action->is_public ? state
					 : visit_words_with(visit, of(WORD_o_action_tag_hidden), "state", state),
		.kind = is_late ? "late" : tags[action->status].kind,
		.next = is_late && may(visit->account, ACT_ACTION_WRITE, action->area)
				? visit_words(visit, of(WORD_o_action_next_late))
				: NULL,
	};
}
