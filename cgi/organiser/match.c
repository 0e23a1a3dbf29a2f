/* SPDX-License-Identifier: MIT */
/* match.c: finding rows of the table of routes. No second place knows an address. */
#include "match.h"

#include <stdio.h>
#include <string.h>

/* Compares PATH with PATTERN; {...} stands for one segment that is not empty. */
static bool is_of_pattern(const char *path, const char *pattern, struct arena *arena, const char *part[3])
{
	size_t parts = 0;
	while (*pattern) {
		if (*pattern != '{') {
			if (*path++ != *pattern++)
				return false;
			continue;
		}
		size_t length = strcspn(path, "/");
		if (length == 0 || parts == 3)
			return false;
		if (arena)
			part[parts] = arena_strndup(arena, path, length);
		parts++;
		path += length;
		pattern = strchr(pattern, '}') + 1;
	}
	return *path == '\0';
}

const struct route *match_route(const struct http_request *request, struct arena *arena, const char *part[3],
				bool *is_there)
{
	enum http_method method = request->method == HTTP_HEAD ? HTTP_GET : request->method;
	*is_there = false;
	for (size_t i = 0; i < routes_count; i++) {
		if (!routes[i].handle || !is_of_pattern(request->path, routes[i].pattern, NULL, part))
			continue;
		*is_there = true;
		if (routes[i].method == method && is_of_pattern(request->path, routes[i].pattern, arena, part))
			return &routes[i];
	}
	return NULL;
}

bool match_is_page(const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/._";
	const char *part[3];
	if (path[0] != '/' || strlen(path) > HTTP_PATH_MAX || strspn(path, plain) != strlen(path))
		return false;
	for (size_t i = 0; i < routes_count; i++)
		if (routes[i].handle && routes[i].method == HTTP_GET &&
		    is_of_pattern(path, routes[i].pattern, NULL, part))
			return true;
	return false;
}

const char *match_page_of(const char *path)
{
	if (match_is_page(path))
		return path;
	static const char *const above[] = {"/people", "/events", "/actions", "/placements", "/account"};
	for (size_t i = 0; i < sizeof above / sizeof above[0]; i++)
		if (strncmp(path, above[i], strlen(above[i])) == 0)
			return above[i];
	return "/";
}

const char *match_act_name(enum act act)
{
	static const char *const names[ACT_COUNT] = {
		[ACT_NOBODY_NEEDED] = "nobody-needed",
		[ACT_SELF] = "self",
		[ACT_EVENT_READ] = "event-read",
		[ACT_EVENT_WRITE] = "event-write",
		[ACT_ACTION_READ] = "action-read",
		[ACT_ACTION_WRITE] = "action-write",
		[ACT_PLACEMENT_READ] = "placement-read",
		[ACT_PLACEMENT_WRITE] = "placement-write",
		[ACT_TARGET_WRITE] = "target-write",
		[ACT_ACCOUNTS] = "accounts",
		[ACT_AUDIT] = "audit",
	};
	return names[act];
}

void match_print(void)
{
	static const char *const objects[] = {"-", "event", "action", "placement", "account"};
	for (size_t i = 0; i < routes_count; i++)
		if (routes[i].handle)
			printf("%s\t%s\t%s\t%s\t%s\n", routes[i].method == HTTP_GET ? "GET" : "POST", routes[i].pattern,
			       match_act_name(routes[i].act), objects[routes[i].object],
			       routes[i].needs_proof ? "proof" : "-");
}
