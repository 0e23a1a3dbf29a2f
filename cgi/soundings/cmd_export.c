/* SPDX-License-Identifier: MIT */
/* cmd_export.c: soundings export: rows of one event, under the rules of architecture.md step 10 (the office decides). */
#include "cmd.h"
#include "args.h"
#include "command.h"
#include "folders.h"
#include "instance.h"
#include "write_out.h"

#include "lib/export/export.h"
#include "lib/form/form_document.h"
#include "lib/office/keeping.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

enum { EXPORT_MAX_BYTES = 1024 * 1024 * 1024, VERSIONS_MAX = 200, FORM_ROWS_MIN = 10 };

static const char usage[] = "usage: soundings export CODE --format csv|json -o FILE [--form NAME]\n"
			    "Writes the responses of an event: after its release and from 10 responses on, without "
			    "equality answers, language or\n"
			    "mode. A practice event is exported at once, its equality answers as a list of their own "
			    "(for CSV: in FILE-about-you).\n";

struct wanted {
	const char *code, *form, *file;
	bool is_json;
};

/* Decoded form versions, each once. */
struct versions {
	const struct form *list[VERSIONS_MAX];
	size_t count;
};

static const struct form *find_version(struct instance *instance, struct versions *versions, const char *name,
				       uint32_t number)
{
	for (size_t i = 0; i < versions->count; i++)
		if (versions->list[i]->version == number && strcmp(versions->list[i]->name, name) == 0)
			return versions->list[i];
	char *document = NULL;
	size_t length = 0;
	uint32_t found = 0;
	struct form *form = NULL;
	if (versions->count == VERSIONS_MAX ||
	    office_form_get(instance->office, name, number, &instance->arena, &found, &document, &length) != ERR_OK ||
	    form_document_decode(document, length, number, &instance->arena, &form) != ERR_OK)
		return NULL;
	versions->list[versions->count++] = form;
	return form;
}

/* The rows of one form. False when a version they answer is not in the office. */
static bool take_rows(struct instance *instance, struct versions *versions, const struct office_row *source,
		      size_t count, const char *form, struct export_list *out)
{
	struct export_row *rows = arena_array(&instance->arena, count + 1, struct export_row);
	if (!rows)
		return false;
	size_t used = 0;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(source[i].form, form) != 0)
			continue;
		rows[used] = (struct export_row){
			.answers = source[i].answers,
			.form = find_version(instance, versions, source[i].form, source[i].version),
			.language = source[i].language,
			.mode = source[i].mode,
		};
		if (!rows[used++].form)
			return false;
	}
	out->rows = rows;
	out->rows_count = used;
	return true;
}

/* "out.csv" and "about-you" make "out-about-you.csv". */
static const char *beside(struct instance *instance, const char *file, const char *name)
{
	const char *slash = strrchr(file, '/');
	const char *dot = strrchr(slash ? slash : file, '.');
	size_t stem = dot && dot != file && dot != slash + 1 ? (size_t) (dot - file) : strlen(file);
	const char *path = arena_printf(&instance->arena, "%.*s-%s%s", (int) stem, file, name, file + stem);
	return path ? path : "";
}

static int write_lists(struct instance *instance, const struct wanted *wanted, const char *form,
		       const struct export_list *lists, size_t count)
{
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, EXPORT_MAX_BYTES);
	if (wanted->is_json) {
		enum err error = export_json(wanted->code, form, lists, count, &instance->arena, &out);
		return error ? complain_err(error, "the export could not be made")
			     : write_out(wanted->file, strbuf_text(&out), out.length, 0600);
	}
	for (size_t i = 0; i < count; i++) {
		strbuf_reset(&out);
		enum err error = export_csv(&lists[i], &instance->arena, &out);
		if (error)
			return complain_err(error, "the export could not be made");
		const char *file = i == 0 ? wanted->file : beside(instance, wanted->file, lists[i].name);
		int code = write_out(file, strbuf_text(&out), out.length, 0600);
		if (code != EX_OK)
			return code;
		if (strcmp(file, "-") != 0)
			fprintf(stderr, "%s: %zu rows\n", file, lists[i].rows_count);
	}
	return EX_OK;
}

/* The last day by which a notice of EVENT has promised that its responses are gone. */
static bool was_promised(struct instance *instance, const struct office_event *event, struct date *day)
{
	uint32_t months = 0;
	for (size_t i = 0; i < event->shown.forms_count; i++) {
		const struct catalogue_form_ref *ref = &event->shown.forms[i];
		char *document = NULL;
		size_t length = 0;
		uint32_t version = 0;
		struct form *form = NULL;
		if (office_form_get(instance->office, ref->form, ref->version, &instance->arena, &version, &document,
				    &length) != ERR_OK ||
		    form_document_decode(document, length, version, &instance->arena, &form) != ERR_OK)
			return false;
		months = form->keep_months > months ? form->keep_months : months;
	}
	*day = date_add_months(event->shown.held_on, (int) months);
	return event->shown.forms_count > 0;
}

/* Whether they were there once, and were deleted when their time was over. */
static bool is_expired(struct instance *instance, const struct office_event *event, char day[DATE_TEXT])
{
	struct date promised, last;
	const char *band = NULL;
	if (!was_promised(instance, event, &promised) ||
	    office_event_band(instance->office, event->shown.code, &band) != ERR_OK || strcmp(band, "none") != 0 ||
	    office_expire_last(instance->office, &last) != ERR_OK || date_days(last) < date_days(promised))
		return false;
	date_format(promised, day);
	return true;
}

static int refused(struct instance *instance, enum err error, const struct office_event *event)
{
	char day[DATE_TEXT];
	if ((error == ERR_CONFLICT || error == ERR_DENIED) && is_expired(instance, event, day))
		return complain(EX_NOPERM, "the responses of %s were deleted as promised on %s", event->shown.code,
				day);
	if (error == ERR_DENIED)
		return complain(EX_NOPERM,
				"%s has not been released: responses leave the office only after '%s event release %s'",
				event->shown.code, command(), event->shown.code);
	if (error == ERR_CONFLICT)
		return complain(
			EX_NOPERM,
			"%s has fewer than 10 released responses: rows of so few people could pick somebody out",
			event->shown.code);
	return complain_err(error, "the responses of %s cannot be read", event->shown.code);
}

static bool asks(const struct office_event *event, const char *form)
{
	for (size_t i = 0; i < event->shown.forms_count; i++)
		if (strcmp(event->shown.forms[i].form, form) == 0)
			return true;
	return false;
}

static int export(struct instance *instance, const struct wanted *wanted)
{
	struct office_event *event = NULL;
	enum err error = office_event_get(instance->office, wanted->code, &instance->arena, &event);
	if (error == ERR_NOT_FOUND)
		return args_no_event(instance, wanted->code);
	if (error)
		return complain_err(error, "the event %s cannot be read", wanted->code);
	const char *form = wanted->form;
	if (!form && event->shown.forms_count != 1)
		return complain(EX_USAGE, "%s has several forms: say which with --form NAME", wanted->code);
	if (!form)
		form = event->shown.forms[0].form;
	if (!asks(event, form))
		return complain(EX_DATAERR, "%s does not ask the form '%s'; '%s event show %s' says which it asks",
				wanted->code, form, command(), wanted->code);
	if (event->shown.is_practice && !wanted->is_json && strcmp(wanted->file, "-") == 0)
		return complain(
			EX_USAGE,
			"a practice event gives two lists, which do not fit into one CSV: name a file with -o FILE, or "
			"take --format json");
	if (folders_is(wanted->file)) /* before anything leaves the office, which notes it */
		return complain(EX_CANTCREAT, "%s is a folder; name a file in it", wanted->file);
	struct office_row *rows = NULL, *apart = NULL;
	size_t count = 0, apart_count = 0;
	error = office_export(instance->office, event->shown.code, &instance->arena, &rows, &count, &apart,
			      &apart_count);
	if (error)
		return refused(instance, error, event);
	struct versions versions = {.count = 0};
	bool is_practice = event->shown.is_practice;
	struct export_list lists[] = {
		{.name = "responses", .is_full = is_practice},
		{.name = "about-you", .is_full = is_practice, .is_apart = true},
	};
	if (!take_rows(instance, &versions, rows, count, form, &lists[0]) ||
	    !take_rows(instance, &versions, apart, apart_count, form, &lists[1]))
		return complain(EX_SOFTWARE, "a form version that was answered is not in the office");
	if (!is_practice && lists[0].rows_count < FORM_ROWS_MIN) /* the office counts the event's forms together */
		return complain(EX_NOPERM,
				"%s has fewer than %d released responses to '%s': rows of so few people could pick "
				"somebody out",
				event->shown.code, FORM_ROWS_MIN, form);
	return write_lists(instance, wanted, form, lists, is_practice ? 2 : 1);
}

int cmd_export(const char *instance_dir, int argc, char **argv)
{
	static const struct option options[] = {{"format", required_argument, NULL, 'f'},
						{"form", required_argument, NULL, 'F'},
						{"help", no_argument, NULL, 'h'},
						{0}};
	struct wanted wanted = {.file = "-"};
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET "ho:", options, NULL)) != -1;) {
		if (option == 'h')
			return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
		if (option == '?' || option == ':')
			return args_refuse(option, "export", argv, options);
		if (option == 'o')
			wanted.file = optarg;
		if (option == 'F')
			wanted.form = optarg;
		if (option == 'f') {
			wanted.is_json = strcmp(optarg, "json") == 0;
			if (!wanted.is_json && strcmp(optarg, "csv") != 0)
				return complain(EX_USAGE, "--format is csv or json, not '%s'", optarg);
		}
	}
	if (optind + 1 != argc)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	wanted.code = argv[optind];
	struct instance instance;
	int code = instance_open(&instance, instance_dir, OFFICE_CLI);
	if (code == EX_OK)
		code = export(&instance, &wanted);
	instance_close(&instance);
	return code;
}
