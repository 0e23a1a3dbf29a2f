/* SPDX-License-Identifier: MIT */
/* form_report.c: keeps errors and findings apart until everything is read.
 *
 * A draft of a translation can miss a hundred texts, and the list of problems is short: errors come first, so that what
 * stops a form is never crowded out by what does not. */
#include "lib/form/form_report.h"

#include <stdarg.h>
#include <string.h>

void form_report_init(struct form_report *report, struct problems *problems)
{
	*report = (struct form_report){.problems = problems};
	problems_init(&report->findings, problems->arena);
}

static bool is_told(const struct problems *problems, const char *file, unsigned line, const char *rule,
		    const char *message)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *told = &problems->list[i];
		if (told->line == line && strcmp(told->rule, rule) == 0 && strcmp(told->message, message) == 0 &&
		    told->file != NULL && strcmp(told->file, file) == 0)
			return true;
	}
	return false;
}

void form_report_error(struct form_report *report, const char *file, unsigned line, unsigned column, const char *rule,
		       const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *message = arena_vprintf(report->problems->arena, format, args);
	va_end(args);
	report->errors++;
	if (message == NULL)
		report->has_no_memory = true;
	else if (!is_told(report->problems, file, line, rule, message))
		problems_add(report->problems, file, line, column, rule, "%s", message);
}

void form_report_finding(struct form_report *report, const char *file, unsigned line, unsigned column, const char *rule,
			 const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *message = arena_vprintf(report->problems->arena, format, args);
	va_end(args);
	if (message == NULL)
		report->has_no_memory = true;
	else if (!is_told(&report->findings, file, line, rule, message))
		problems_add(&report->findings, file, line, column, rule, "%s", message);
}

void form_report_forget(struct form_report *report, const char *file)
{
	size_t kept = 0;
	for (size_t i = 0; i < report->findings.count; i++) {
		if (strcmp(report->findings.list[i].file, file) != 0)
			report->findings.list[kept++] = report->findings.list[i];
	}
	report->findings.count = kept;
}

void form_report_unknown(struct form_report *report, const struct yaml_node *map, const char *file,
			 const char *const *known, size_t known_count)
{
	size_t before = report->problems->count + report->problems->dropped;
	yaml_report_unknown(map, file, known, known_count, report->problems);
	report->errors += report->problems->count + report->problems->dropped - before;
}

enum err form_report_finish(struct form_report *report)
{
	for (size_t i = 0; i < report->findings.count; i++) {
		const struct problem *finding = &report->findings.list[i];
		problems_add(report->problems, finding->file, finding->line, finding->column, finding->rule, "%s",
			     finding->message);
	}
	report->problems->dropped += report->findings.dropped;
	if (report->has_no_memory)
		return ERR_NOMEM;
	return report->errors > 0 ? ERR_INVALID : ERR_OK;
}
