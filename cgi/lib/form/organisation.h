/* SPDX-License-Identifier: MIT */
/* organisation.h: who asks: forms/organisation.yaml and its translations organisation.LANG.yaml.
 *
 * Everything that is particular to one customer is here and in forms/, nothing of it in C. */
#ifndef SOUNDINGS_FORM_ORGANISATION_H
#define SOUNDINGS_FORM_ORGANISATION_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/problem.h"
#include "lib/form/form.h"

#include <stdbool.h>
#include <stddef.h>

struct organisation_area {
	const char *name; /* [a-z0-9-] */
	struct text title;
	bool is_wales; /* events start with the language chooser, Cymraeg first */
};

struct organisation_named {
	const char *name; /* [a-z0-9-] */
	struct text title;
};

struct helpline {
	const char *name;
	struct text title;  /* "Samaritans" */
	const char *number; /* "116 123"; shown left to right as it is; NULL when it is only an address */
	const char *web;    /* "report-it.org.uk"; NULL when none */
	struct text note;   /* "Free, day and night"; may be missing */
	bool is_emergency;  /* stands in the short panel before the first question */
	bool is_wales_only;
};

/* A section of a notice: a heading, and paragraphs separated by blank lines; lines that begin "- " are a list. */
struct notice_section {
	const char *name;
	struct text heading;
	struct text body;
};

enum notice { NOTICE_PRIVACY, NOTICE_ACCESSIBILITY, NOTICE_COOKIES, NOTICE_COUNT };

struct organisation {
	struct text name;       /* "Crown Prosecution Service" */
	struct text short_name; /* "CPS" */
	const char *exit_url;   /* where 'Exit this page' leads: https:// only */
	const char *contact_email;
	const char *contact_phone;                     /* NULL when none */
	struct language languages[FORM_LANGUAGES_MAX]; /* [0] English; its texts' indexes */
	size_t languages_count;
	const struct organisation_area *areas;
	size_t areas_count;
	const struct organisation_named *programmes;
	size_t programmes_count;
	const struct organisation_named *placements; /* kinds of placement that organisers count; may be none */
	size_t placements_count;
	const struct organisation_named *aims; /* of the organisation's strategy, which actions are for; may be none */
	size_t aims_count;
	const struct organisation_named *themes; /* what people often speak of: headings of actions; may be none */
	size_t themes_count;
	const struct helpline *helplines;
	size_t helplines_count;
	const struct notice_section *notices[NOTICE_COUNT];
	size_t notices_count[NOTICE_COUNT];
};

/* Loads PATH (organisation.yaml) and its translations beside it. ERR_INVALID with problems, ERR_NOT_FOUND, ERR_IO. */
enum err organisation_load(const char *path, struct arena *arena, struct organisation **out,
			   struct problems *problems) MUST_CHECK;

/* As one canonical JSON document for the catalogue, and back. ERR_NOMEM, ERR_CORRUPT. */
enum err organisation_encode(const struct organisation *organisation, struct arena *arena, char **out,
			     size_t *length) MUST_CHECK;
enum err organisation_decode(const char *json, size_t length, struct arena *arena,
			     struct organisation **out) MUST_CHECK;

/* The text for a language tag (any case), falling back to the base language and to English; NULL when missing. */
const char *organisation_text(const struct organisation *organisation, const char *tag, const struct text *text);

#endif
