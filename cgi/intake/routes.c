/* SPDX-License-Identifier: MIT */
/* routes.c: the table of public addresses, both ways. Pure. */
#include "routes.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const notice_paths[NOTICE_COUNT] = {
	[NOTICE_PRIVACY] = "privacy",
	[NOTICE_ACCESSIBILITY] = "accessibility",
	[NOTICE_COOKIES] = "cookies",
};

/* What stands before the code in each face. */
static const char *const faces[ROUTE_HOW_COUNT] = {
	[ROUTE_PLAIN] = "",
	[ROUTE_LISTEN] = "listen",
	[ROUTE_KIOSK] = "kiosk",
};

enum { SEGMENTS_MAX = 4, CODE_SIGNS = 6 };

static const char feed_name[] = "feed.xml";

static char *changed_case(const char *text, struct arena *arena, int (*change)(int))
{
	char *copy = arena_strdup(arena, text);
	for (char *at = copy; at && *at; at++)
		*at = (char) change((unsigned char) *at);
	return copy;
}

bool route_code(const char *text, char out[7])
{
	static const char alphabet[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"; /* 31 signs, none like another */
	size_t used = 0;
	bool has_digit = false;
	for (; *text; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		char sign = (char) toupper((unsigned char) *text);
		if (used == CODE_SIGNS || !strchr(alphabet, sign))
			return false;
		has_digit = has_digit || isdigit((unsigned char) sign);
		out[used++] = sign;
	}
	out[used] = '\0';
	return used == CODE_SIGNS && has_digit;
}

/* BCP 47 as we use it: two or three letters, or those and subtags. Form names are never like that (form_load refuses). */
static bool is_language(const char *text)
{
	size_t primary = strcspn(text, "-");
	if (primary < 2 || primary > 3)
		return false;
	for (size_t i = 0; i < primary; i++)
		if (!isalpha((unsigned char) text[i]))
			return false;
	return text[primary] == '\0' || text[primary + 1] != '\0';
}

/* Splits PATH at its slashes. More than the maximum, or an empty part in the middle, is no address of ours. */
static bool split(const char *path, struct arena *arena, char *parts[SEGMENTS_MAX], size_t *count)
{
	*count = 0;
	if (*path++ != '/')
		return false;
	while (*path) {
		size_t length = strcspn(path, "/");
		if (length == 0 || *count == SEGMENTS_MAX)
			return false;
		parts[*count] = arena_strndup(arena, path, length);
		if (!parts[(*count)++])
			return false;
		path += length;
		if (*path == '/')
			path++;
	}
	return true;
}

/* Which page of ours NAME is; false for none. */
static bool parse_name(struct route *route, const char *name)
{
	route->kind = ROUTE_NOTICE;
	for (int i = 0; i < NOTICE_COUNT; i++) {
		route->notice = (enum notice) i;
		if (strcasecmp(name, notice_paths[i]) == 0)
			return true;
	}
	route->notice = (enum notice) 0;
	route->kind = strcasecmp(name, "help") == 0 ? ROUTE_HELP : ROUTE_WITHDRAW;
	return route->kind == ROUTE_HELP || strcasecmp(name, "withdraw") == 0;
}

/* "help" or "help/CY", "withdraw", "privacy", and so on. */
static bool parse_page(struct route *route, char *const parts[], size_t count, struct arena *arena)
{
	struct route found = {.kind = ROUTE_NOT_FOUND};
	if (!parse_name(&found, parts[0]) || count > 2 || (count == 2 && !is_language(parts[1])))
		return false;
	found.language = count == 2 ? changed_case(parts[1], arena, tolower) : NULL;
	*route = found;
	return true;
}

/* "areas", "areas/CY", "areas/NAME[/CY][/feed.xml]". An Area that is named like a language is looked for by whoever knows the Areas. */
static bool parse_areas(struct route *route, char *const parts[], size_t count, struct arena *arena)
{
	struct route found = {.kind = ROUTE_AREAS};
	size_t next = 1;
	if (strcasecmp(parts[0], "areas") != 0)
		return false;
	if (next < count && (!is_language(parts[next]) || count > 2)) {
		found.kind = ROUTE_AREA;
		found.area = changed_case(parts[next++], arena, tolower);
	}
	if (next < count && is_language(parts[next]))
		found.language = changed_case(parts[next++], arena, tolower);
	if (found.kind == ROUTE_AREA && next < count && strcasecmp(parts[next], feed_name) == 0) {
		found.kind = ROUTE_FEED;
		next++;
	}
	if (next != count || (found.kind != ROUTE_AREAS && found.area == NULL))
		return false;
	*route = found;
	return true;
}

/* "CODE[/FORM][/LANG]", behind the name of its face where it has one. */
static bool parse_event(struct route *route, char *const parts[], size_t count, struct arena *arena)
{
	struct route found = {.kind = ROUTE_EVENT};
	size_t next = 0;
	for (int how = ROUTE_PLAIN + 1; how < ROUTE_HOW_COUNT && next == 0; how++) {
		if (strcasecmp(parts[0], faces[how]) != 0)
			continue;
		found.how = (enum route_how) how;
		next++;
	}
	char code[CODE_SIGNS + 1];
	if (next == count || !route_code(parts[next], code) || strlen(parts[next]) != CODE_SIGNS)
		return false;
	found.code = arena_strdup(arena, code);
	next++;
	if (next < count && !is_language(parts[next]))
		found.form = changed_case(parts[next++], arena, tolower);
	if (next < count && is_language(parts[next]))
		found.language = changed_case(parts[next++], arena, tolower);
	if (next != count || !found.code)
		return false;
	*route = found;
	return true;
}

struct route route_parse(const char *path, struct arena *arena)
{
	struct route route = {.kind = ROUTE_NOT_FOUND};
	char *parts[SEGMENTS_MAX];
	size_t count = 0;
	if (!split(path, arena, parts, &count))
		return route;
	if (count == 0) {
		route.kind = ROUTE_HOME;
		return route;
	}
	if (count == 1 && is_language(parts[0])) {
		route.kind = ROUTE_HOME;
		route.language = changed_case(parts[0], arena, tolower);
		return route;
	}
	if (count == 1 && strcasecmp(parts[0], faces[ROUTE_KIOSK]) == 0)
		route.kind = ROUTE_KIOSK_HOME;
	else if (!parse_page(&route, parts, count, arena) && !parse_areas(&route, parts, count, arena))
		parse_event(&route, parts, count, arena);
	return route;
}

static struct safe_url built(char *url)
{
	return view_url(url ? url : "#");
}

struct safe_url route_event(enum route_how how, const char *code, const char *form, const char *language,
			    struct arena *arena)
{
	const char *tag = language ? changed_case(language, arena, toupper) : "";
	return built(arena_printf(arena, "%s%s/%s%s%s%s%s", how == ROUTE_PLAIN ? "" : "/", faces[how], code,
				  form ? "/" : "", form ? form : "", language ? "/" : "", tag ? tag : ""));
}

struct safe_url route_kiosk_home(void)
{
	return (struct safe_url){"/kiosk"};
}

/* "/NAME" and, where a language is named, "/TAG" in capitals. */
static struct safe_url with_language(const char *name, const char *language, struct arena *arena)
{
	const char *tag = language ? changed_case(language, arena, toupper) : "";
	return built(arena_printf(arena, "/%s%s%s", name, language ? "/" : "", tag ? tag : ""));
}

struct safe_url route_home(const char *language, struct arena *arena)
{
	const char *tag = language ? changed_case(language, arena, toupper) : "";
	return built(arena_printf(arena, "/%s", tag ? tag : ""));
}

struct safe_url route_help(const char *language, struct arena *arena)
{
	return with_language("help", language, arena);
}

struct safe_url route_withdraw(const char *language, struct arena *arena)
{
	return with_language("withdraw", language, arena);
}

struct safe_url route_notice(enum notice notice, const char *language, struct arena *arena)
{
	return with_language(notice_paths[notice], language, arena);
}

struct safe_url route_areas(const char *language, struct arena *arena)
{
	return with_language("areas", language, arena);
}

struct safe_url route_area(const char *area, const char *language, struct arena *arena)
{
	const char *name = arena_printf(arena, "areas/%s", area);
	return with_language(name ? name : "", language, arena);
}

struct safe_url route_feed(const char *area, const char *language, struct arena *arena)
{
	return built(arena_printf(arena, "%s/%s", route_area(area, language, arena).url, feed_name));
}
