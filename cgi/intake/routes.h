/* SPDX-License-Identifier: MIT */
/* routes.h: addresses of the public site. No second place knows a URL; pages get their links from here. */
#ifndef SOUNDINGS_INTAKE_ROUTES_H
#define SOUNDINGS_INTAKE_ROUTES_H

#include "lib/base/arena.h"
#include "lib/form/organisation.h"
#include "lib/view/view.h"

enum route_kind {
	ROUTE_HOME,       /* "/", "/CY" */
	ROUTE_HELP,       /* "/help", "/help/CY" */
	ROUTE_NOTICE,     /* "/privacy", "/privacy/CY" and so on */
	ROUTE_WITHDRAW,   /* "/withdraw", "/withdraw/CY": of no event, since a receipt names none */
	ROUTE_EVENT,      /* "/CODE[/FORM][/LANG]", and the same below "/kiosk" and "/listen" */
	ROUTE_AREAS,      /* "/areas", "/areas/CY" */
	ROUTE_AREA,       /* "/areas/NAME", "/areas/NAME/CY" */
	ROUTE_FEED,       /* "/areas/NAME/feed.xml", "/areas/NAME/CY/feed.xml" */
	ROUTE_KIOSK_HOME, /* "/kiosk": on a kiosk nginx gives it to the program of that name; elsewhere it leads to "/" */
	ROUTE_NOT_FOUND
};

/* In which face an event's pages are shown. Every address on such a page stays in it. */
enum route_how {
	ROUTE_PLAIN,
	ROUTE_LISTEN, /* a phone, with sound */
	ROUTE_KIOSK,  /* one shared machine: what is sent there has mode "kiosk" */
	ROUTE_HOW_COUNT
};

struct route {
	enum route_kind kind;
	enum route_how how;   /* ROUTE_EVENT */
	enum notice notice;   /* ROUTE_NOTICE */
	const char *code;     /* ROUTE_EVENT: upper case, in the arena */
	const char *area;     /* ROUTE_AREA, ROUTE_FEED: lower case */
	const char *form;     /* lower case; NULL when the address names none */
	const char *language; /* lower-case tag; NULL when the address names none */
};

/* Reads a path, case-insensitive. What looks like a code (6 signs of the alphabet) is an event, known or not. */
struct route route_parse(const char *path, struct arena *arena);

/* "/E4K7QX/FORM/CY", "/kiosk/E4K7QX/FORM/CY"; FORM and LANGUAGE may be NULL. Upper case but for the form's name. "#" without room. */
struct safe_url route_event(enum route_how how, const char *code, const char *form, const char *language,
			    struct arena *arena);

/* "/kiosk". */
struct safe_url route_kiosk_home(void);

/* "/CY"; LANGUAGE may be NULL: "/". */
struct safe_url route_home(const char *language, struct arena *arena);

/* "/help/CY". */
struct safe_url route_help(const char *language, struct arena *arena);

/* "/withdraw/CY". A receipt never stands in an address. */
struct safe_url route_withdraw(const char *language, struct arena *arena);

/* "/privacy/CY". */
struct safe_url route_notice(enum notice notice, const char *language, struct arena *arena);

/* "/areas/CY"; "/areas/NAME/CY"; "/areas/NAME/CY/feed.xml". */
struct safe_url route_areas(const char *language, struct arena *arena);
struct safe_url route_area(const char *area, const char *language, struct arena *arena);
struct safe_url route_feed(const char *area, const char *language, struct arena *arena);

/* True when TEXT could be a code as a person types it; writes it in upper case to OUT (7 bytes). */
bool route_code(const char *text, char out[7]);

#endif
