/* SPDX-License-Identifier: MIT */
/* event_words.c: days, states, bands and languages in words. Numbers of responses come here in bands alone, and nothing here makes them finer. */
#include "event_words.h"

#include "app.h"
#include "event_choices.h"
#include "series.h"

#include "lib/office/unfinished.h"

#include <assert.h>
#include <string.h>

static enum word of(int word)
{
	return (enum word) word;
}

const char *event_day(const struct visit *visit, struct date day)
{
	if (day.year == 0)
		return "";
	const struct words_fill fills[] = {
		{"weekday", visit_words(visit, of((int) WORD_o_weekday_1 + series_weekday(day)))},
		{"date", visit_date(visit, day)}};
	return visit_words_fill(visit, of(WORD_o_day_words), fills, 2);
}

const char *event_day_near(const struct visit *visit, struct date day)
{
	static const int near[] = {WORD_o_yesterday, WORD_o_today, WORD_o_tomorrow};
	const char *words = event_day(visit, day);
	int64_t ahead = day.year ? date_days(day) - date_days(visit->today) : 0;
	if (day.year && ahead >= -1 && ahead <= 1)
		words = visit_words_with(visit, of(near[ahead + 1]), "day", words);
	char *line = arena_strdup(visit->arena, words);
	if (line && *line >= 'a' && *line <= 'z') /* it begins a line; weekdays in Welsh do not begin with a capital */
		*line = (char) (*line - 'a' + 'A');
	return line ? line : words;
}

const char *event_where_when(const struct visit *visit, const struct catalogue_event *shown)
{
	const char *area = *shown->area ? visit_area(visit, shown->area) : "";
	const char *text = arena_printf(visit->arena, "%s%s%s%s%s", event_day_near(visit, shown->held_on),
					*shown->place ? " · " : "", shown->place, *area ? " · " : "", area);
	return text ? text : "";
}

const char *event_state_words(const struct visit *visit, enum event_state state)
{
	static const int words[EVENT_STATE_COUNT] = {
		[EVENT_PLANNED] = WORD_o_state_planned,   [EVENT_OPEN] = WORD_o_state_open,
		[EVENT_GRACE] = WORD_o_state_grace,       [EVENT_CLOSED] = WORD_o_state_closed,
		[EVENT_RELEASED] = WORD_o_state_released,
	};
	assert(state < EVENT_STATE_COUNT);
	return visit_words(visit, of(words[state]));
}

const char *event_state_kind(enum event_state state)
{
	static const char *const kinds[EVENT_STATE_COUNT] = {
		[EVENT_PLANNED] = "wait", [EVENT_OPEN] = "good",     [EVENT_GRACE] = "wait",
		[EVENT_CLOSED] = "off",   [EVENT_RELEASED] = "good",
	};
	assert(state < EVENT_STATE_COUNT);
	return kinds[state];
}

/* The bands of office_event_band, with their ends; the last has no upper one. */
static const struct {
	const char *name;
	int word;
	int64_t least, most;
} bands[] = {
	{"none", WORD_o_band_none, 0, 0},
	{"1 to 4", WORD_o_band_1, 1, 4},
	{"5 to 9", WORD_o_band_5, 5, 9},
	{"10 to 19", WORD_o_band_10, 10, 19},
	{"20 to 49", WORD_o_band_20, 20, 49},
	{"50 to 99", WORD_o_band_50, 50, 99},
	{"100 or more", WORD_o_band_100, 100, INT64_MAX},
};
enum { BANDS = sizeof bands / sizeof bands[0], TENTHS = 10 };

static size_t find_band(const char *name)
{
	size_t i = 0;
	while (i < BANDS && strcmp(bands[i].name, name) != 0)
		i++;
	return i;
}

const char *event_band_words(const struct visit *visit, const char *band)
{
	size_t found = find_band(band);
	return found < BANDS ? visit_words(visit, of(bands[found].word)) : "";
}

const char *event_rate_words(const struct visit *visit, const char *band, int64_t came)
{
	size_t found = find_band(band);
	if (came < EVENT_RATE_LEAST || found == BANDS || bands[found].most == 0)
		return NULL;
	int64_t least = bands[found].least, most = bands[found].most;
	int64_t low = least >= came ? TENTHS : least * TENTHS / came;
	int64_t high = most >= came ? TENTHS : (most * TENTHS + came - 1) / came;
	const char *from = arena_printf(visit->arena, "%lld", (long long) low);
	const char *to = arena_printf(visit->arena, "%lld", (long long) high);
	if (!from || !to)
		return NULL;
	const struct words_fill fills[] = {{"low", from}, {"high", to}};
	if (low == 0)
		return visit_words_fill(visit, of(WORD_o_rate_most), fills + 1, 1);
	if (high == TENTHS)
		return visit_words_fill(visit, of(WORD_o_rate_least), fills, 1);
	return visit_words_fill(visit, of(WORD_o_rate_between), fills, 2);
}

const char *event_came_words(const struct visit *visit, int64_t came)
{
	if (came < EVENT_RATE_LEAST)
		return visit_words(visit, of(WORD_o_band_few));
	const char *text = arena_printf(visit->arena, "%lld", (long long) came);
	return text ? text : "";
}

const char *event_language_name(const struct visit *visit, const char *tag)
{
	const struct words *words = words_for(&visit->app->texts->words, tag);
	return strcmp(words->language, tag) == 0 ? words->name : tag;
}

const char *event_language_list(const struct visit *visit, const char *const *tags, size_t count)
{
	const char *all = "";
	for (size_t i = 0; i < count; i++) {
		const char *longer =
			arena_printf(visit->arena, "%s%s%s", all, i ? ", " : "", event_language_name(visit, tags[i]));
		all = longer ? longer : all;
	}
	return all;
}

/* True when an item of WHAT ends in NEEDLE. */
static bool is_item_end(const char *what, const char *needle)
{
	size_t length = strlen(needle);
	for (const char *at = what; (at = strstr(at, needle)) != NULL; at++)
		if (at[length] == ',' || at[length] == '\0')
			return true;
	return false;
}

/* The names of those languages of the event that WHAT ("draft-translation cy, ...") is about; "" where it is about none. */
static const char *drafts(const struct visit *visit, const struct catalogue_event *shown, const char *what)
{
	const char *all = "";
	for (size_t i = 0; i < shown->languages_count; i++) {
		const char *needle = arena_printf(visit->arena, " %s", shown->languages[i]);
		if (!needle || !is_item_end(what, needle))
			continue;
		const char *longer = arena_printf(visit->arena, "%s%s%s", all, *all ? ", " : "",
						  event_language_name(visit, shown->languages[i]));
		all = longer ? longer : all;
	}
	return all;
}

/* One more in a list, "A, B". NULL without memory. */
static const char *listed(const struct visit *visit, const char *all, const char *one)
{
	return all && one ? arena_printf(visit->arena, "%s%s%s", all, *all ? ", " : "", one) : NULL;
}

const char *event_unfinished_words(const struct visit *visit, const struct catalogue_event *shown,
				   const struct office_unfinished *list, size_t count)
{
	const char *unread = "", *others = "";
	for (size_t i = 0; i < count; i++) {
		const char *languages = drafts(visit, shown, list[i].what);
		const struct words_fill fills[] = {{"form", event_form_title(visit, list[i].form)},
						   {"languages", languages}};
		if (*languages)
			unread = listed(visit, unread, visit_words_fill(visit, of(WORD_o_draft_item), fills, 2));
		else
			others = listed(visit, others, visit_words_fill(visit, of(WORD_o_draft_form), fills, 1));
	}
	if (!unread || !others)
		return NULL;
	unread = *unread ? visit_words_with(visit, of(WORD_o_draft_languages), "list", unread) : "";
	others = *others ? visit_words_with(visit, of(WORD_o_draft_other), "list", others) : "";
	return arena_printf(visit->arena, "%s%s%s", unread, *unread && *others ? " " : "", others);
}

const char *event_address(const struct visit *visit, const char *code)
{
	const char *base = visit->app->conf.base_url;
	const char *host = strstr(base, "://");
	const char *text = arena_printf(visit->arena, "%s/%s", host ? host + 3 : base, code);
	return text ? text : "";
}

struct safe_url event_address_url(const struct visit *visit, const char *code)
{
	const char *url = arena_printf(visit->arena, "%s/%s", visit->app->conf.base_url, code);
	return (struct safe_url){url ? url : ""};
}

struct date event_next_on(const struct catalogue_event *shown, const struct office_event_detail *detail)
{
	return detail->next_on.year ? detail->next_on : date_from_days(date_days(shown->held_on) + EVENT_NEXT_DAYS);
}
