/* SPDX-License-Identifier: MIT */
/* form_report.h: problems while a folder is loaded: errors that stop it, findings that do not.
 *
 * Only files of lib/form include this. */
#ifndef SOUNDINGS_FORM_FORM_REPORT_H
#define SOUNDINGS_FORM_FORM_REPORT_H

#include "lib/base/err.h"
#include "lib/base/problem.h"
#include "lib/form/form_places.h"
#include "lib/form/yaml.h"

#include <stdbool.h>
#include <stddef.h>

struct form_report {
	struct problems *problems; /* the caller's list: errors at once, findings behind them at the end */
	struct problems findings;
	struct form_places *places; /* where every value came from; NULL when nobody asks */
	size_t errors;
	bool has_no_memory;
};

/* Texts, and the names of files, live in the arena of PROBLEMS. */
void form_report_init(struct form_report *report, struct problems *problems);

/* An error. The same sentence about the same place is told once. */
void form_report_error(struct form_report *report, const char *file, unsigned line, unsigned column, const char *rule,
		       const char *format, ...) __attribute__((format(printf, 6, 7)));

/* A finding. */
void form_report_finding(struct form_report *report, const char *file, unsigned line, unsigned column, const char *rule,
			 const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Takes back every finding about FILE, which turned out not to matter. */
void form_report_forget(struct form_report *report, const char *file);

/* As yaml_report_unknown, counted. */
void form_report_unknown(struct form_report *report, const struct yaml_node *map, const char *file,
			 const char *const *known, size_t known_count);

/* Appends the findings. ERR_NOMEM, ERR_INVALID when there was an error, ERR_OK. */
enum err form_report_finish(struct form_report *report) MUST_CHECK;

#endif
