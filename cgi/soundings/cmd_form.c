/* SPDX-License-Identifier: MIT */
/* cmd_form.c: soundings form check|publish|list. */
#include "cmd.h"
#include "args.h"
#include "command.h"
#include "form_gate.h"
#include "instance.h"
#include "sound/sound.h"
#include "sound/sound_files.h"

#include "lib/advice/advice.h"
#include "lib/form/form_document.h"
#include "lib/form/form_load.h"
#include "static_names.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum {
	FORM_BYTES_MAX = 64 * 1024 * 1024,
	LETTER_HEAD = 1024 /* what a letter holds besides the answers */
};

static const char usage[] =
	"usage: soundings form check FOLDER [--json]                say what is wrong with a form, what is not "
	"finished, and\n"
	"                                                           what could be put better\n"
	"       soundings form publish FOLDER [--because \"WORDS\"]  give it a version and put it into the catalogue; "
	"a form that\n"
	"                                                           is not finished is used outside practice for a "
	"reason\n"
	"                                                           With --without-sound nothing of it can be heard "
	"yet\n"
	"       soundings form sound FOLDER [--check|--list]        make what lacks a sound; or say what would; or "
	"list all\n"
	"       soundings form list                                 the versions that are published\n"
	"FOLDER is like forms/community-conversation. See soundings-form(5).\n";

/* The forms folder around a form's folder: where library/, strings/ and organisation.yaml are. NULL without memory. */
static const char *around(const char *folder, struct arena *arena)
{
	char *copy = arena_strdup(arena, folder);
	if (copy == NULL)
		return NULL;
	size_t length = strlen(copy);
	while (length > 1 && copy[length - 1] == '/')
		copy[--length] = '\0';
	char *slash = strrchr(copy, '/');
	if (slash == copy)
		return "/";
	if (slash)
		*slash = '\0';
	return slash ? copy : ".";
}

/* A form that was loaded, and all that there is to say about it. */
struct checked {
	struct form *form; /* NULL: it could not be loaded */
	enum err error;
	struct problems problems;
	struct form_places places;
	struct advice advice;
	uint32_t against; /* the published version that it was compared with; 0: none */
};

/* What would break exports that join the new version to the newest one that the office has. */
static int compare(struct checked *checked, struct instance *instance)
{
	char *document = NULL;
	size_t length = 0;
	struct form *published = NULL;
	enum err error = office_form_get(instance->office, checked->form->name, 0, &instance->arena, &checked->against,
					 &document, &length);
	if (error == ERR_NOT_FOUND)
		return EX_OK;
	if (!error)
		error = form_document_decode(document, length, checked->against, &instance->arena, &published);
	if (error)
		return complain_err(error, "the published version of '%s' cannot be read", checked->form->name);
	advice_published(&checked->advice, checked->form, published);
	return EX_OK;
}

/* The pictures that the pages have. */
static void look_at_pictures(struct checked *checked)
{
	static const struct {
		const char *name, *path;
	} pictures[] = {STATIC_PICTURES{NULL, NULL}};
	enum { PICTURES = sizeof pictures / sizeof pictures[0] - 1 };
	const char *names[PICTURES + 1];
	for (size_t i = 0; i < PICTURES; i++)
		names[i] = pictures[i].name;
	advice_pictures(&checked->advice, checked->form, names, PICTURES);
}

/* Loads FOLDER and finds out all about it. INSTANCE may be NULL. EX_OK also when there are errors in the form. */
static int look(struct checked *checked, const char *folder, struct arena *arena, struct instance *instance)
{
	*checked = (struct checked){.form = NULL};
	problems_init(&checked->problems, arena);
	form_places_init(&checked->places, arena);
	advice_init(&checked->advice, arena, &checked->places);
	const char *forms = around(folder, arena);
	const char *library = forms == NULL ? NULL : arena_printf(arena, "%s/library", forms);
	if (library == NULL)
		return complain_err(ERR_NOMEM, "%s", folder);
	checked->error =
		form_load_with_places(folder, library, arena, &checked->form, &checked->problems, &checked->places);
	if (checked->error == ERR_NOMEM)
		return complain_err(checked->error, "%s", folder);
	int code = EX_OK;
	advice_problems(&checked->advice, checked->form, &checked->problems);
	if (checked->form != NULL) {
		advice_form(&checked->advice, checked->form);
		look_at_pictures(checked);
		advice_room(&checked->advice, checked->form, ENVELOPE_LETTER_MAX - LETTER_HEAD);
		code = instance != NULL ? compare(checked, instance) : EX_OK;
	}
	enum err error = advice_finish(&checked->advice);
	return error ? complain_err(error, "%s", folder) : code;
}

/* Errors as editors know them: FILE:LINE:COLUMN: MESSAGE [RULE]. */
static void print_errors(const struct advice *advice)
{
	for (size_t i = 0; i < advice->count; i++) {
		const struct advice_finding *finding = &advice->list[i];
		if (finding->rule->level != ADVICE_ERROR)
			continue;
		if (finding->file != NULL)
			fprintf(stderr, "%s:", finding->file);
		if (finding->line > 0)
			fprintf(stderr, "%u:", finding->line);
		if (finding->line > 0 && finding->column > 0)
			fprintf(stderr, "%u:", finding->column);
		fprintf(stderr, " %s [%s]\n", finding->message, finding->rule->name);
	}
	if (advice->dropped > 0)
		fprintf(stderr, "and %zu more\n", advice->dropped);
}

/* The exit code of a form that was looked at, after saying what stops it. */
static int verdict(const struct checked *checked, const char *folder)
{
	size_t wrong = checked->advice.of_level[ADVICE_ERROR];
	if (checked->error && checked->error != ERR_INVALID) /* where there is no such folder the finding says it */
		return wrong > 0 ? err_exit_code(checked->error) : complain_err(checked->error, "%s", folder);
	if (wrong > 0)
		return complain(EX_DATAERR, "%s cannot be published until %zu %s mended", folder, wrong,
				wrong == 1 ? "error is" : "errors are");
	return EX_OK;
}

/* "3 warnings" */
static void print_count(size_t count, const char *one, const char *many)
{
	printf("%zu %s", count, count == 1 ? one : many);
}

static void print_what_next(const struct checked *checked, const char *folder)
{
	if (checked->advice.of_level[ADVICE_WARNING] == 0)
		printf("It can be published: %s form publish %s\n", command(), folder);
	else
		printf("It can be published: %s form publish %s\n"
		       "Outside practice the warnings ask for a reason: --because \"WORDS\"\n",
		       command(), folder);
}

static void print_summary(const struct checked *checked, const char *folder)
{
	const struct form *form = checked->form;
	const size_t *of_level = checked->advice.of_level;
	printf("%s: ", form->name);
	print_count(form->pages_count, "page, ", "pages, ");
	print_count(form->fields_count, "answer\nLanguages:", "answers\nLanguages:");
	for (size_t i = 0; i < form->languages_count; i++)
		printf("%s %s%s", i == 0 ? "" : ",", form->languages[i].tag,
		       form->languages[i].status == LANGUAGE_DRAFT ? " (draft)" : "");
	putchar('\n');
	print_count(of_level[ADVICE_ERROR], "error, ", "errors, ");
	print_count(of_level[ADVICE_WARNING], "warning, ", "warnings, ");
	print_count(of_level[ADVICE_ADVICE], "piece of advice\n", "pieces of advice\n");
	if (checked->against > 0)
		printf("Compared with version %u, which is published.\n", checked->against);
	if (of_level[ADVICE_ERROR] == 0)
		print_what_next(checked, folder);
}

/* What cannot be heard in some language, where there is anything. */
static void print_gaps(const struct checked *checked, const char *folder, struct arena *arena)
{
	struct sound_report report;
	const char *forms = around(folder, arena);
	const char *organisation = forms != NULL ? arena_printf(arena, "%s/organisation.yaml", forms) : NULL;
	/* A folder on its own can be checked, too. */
	if (organisation != NULL && access(organisation, R_OK) == 0 &&
	    sound_check(arena, checked->form, folder, forms, &report) == EX_OK)
		sound_print(&report, folder, false);
}

/* The instance is looked at only where there is one: a form can be written before there is. */
static int check(const char *dir, const char *folder, bool is_json)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, FORM_BYTES_MAX);
	const char *settings = arena_printf(&arena, "%s/soundings.conf", dir);
	bool has_instance = settings != NULL && access(settings, R_OK) == 0;
	struct instance instance;
	int code = has_instance ? instance_open(&instance, dir, OFFICE_READER) : EX_OK;
	if (code != EX_OK)
		fprintf(stderr, "soundings: so the form is not compared with what is published\n");
	struct checked checked;
	int looked = look(&checked, folder, &arena, has_instance && code == EX_OK ? &instance : NULL);
	bool has_sound = has_instance && instance.conf.has_sound;
	if (has_instance)
		instance_close(&instance);
	if (looked != EX_OK)
		return looked;
	bool is_heard = !has_instance || code != EX_OK || has_sound;
	enum err error = is_json ? advice_print_json(&checked.advice, stdout) : ERR_OK;
	if (error)
		return complain_err(error, "the findings cannot be written");
	bool is_there = !checked.error || checked.error == ERR_INVALID;
	if (!is_json && is_there)
		advice_print(&checked.advice, stdout);
	if (!is_json && checked.form != NULL)
		print_summary(&checked, folder);
	if (!is_json && checked.form != NULL && is_heard)
		print_gaps(&checked, folder, &arena);
	if (!is_json && !is_there)
		print_errors(&checked.advice);
	return verdict(&checked, folder);
}

/* Whether a reason is wanted and there is none: this very version may have been given one when it was published first. */
static int ask_reason(struct instance *instance, const struct form *form, const char *document, const char *unfinished,
		      const char *folder)
{
	char *newest = NULL;
	size_t length = 0, planned = 0;
	uint32_t version = 0;
	struct office_form_notes notes = {0};
	int code = form_gate_planned(instance, form->name, unfinished, &planned);
	if (code != EX_OK || planned == 0)
		return code;
	enum err error = office_form_get(instance->office, form->name, 0, &instance->arena, &version, &newest, &length);
	if (!error && strcmp(newest, document) == 0) {
		error = office_form_notes(instance->office, form->name, version, &instance->arena, &notes);
		if (!error && *notes.because && strcmp(notes.unfinished, unfinished) == 0)
			return EX_OK;
	}
	if (error && error != ERR_NOT_FOUND)
		return complain_err(error, "the published form cannot be read");
	return complain(
		EX_DATAERR,
		"%s is not finished: %s. %zu planned %s outside practice would use it: finish it, or say why it is "
		"used all the same, which the audit keeps: %s form publish %s --because \"WORDS\"",
		folder, unfinished, planned, planned == 1 ? "event" : "events", command(), folder);
}

/* What of it can be heard, once it can be answered: nobody waits with a form for its sounds. */
static int make_sounds(struct instance *instance, const struct form *form, const char *folder, const char *forms)
{
	struct sound_report report;
	int code = sound_make(instance, form, folder, forms, &report);
	if (code == EX_OK && report.is_changed)
		code = instance_publish(instance);
	if (code == EX_OK)
		sound_files_sweep(instance);
	if (code == EX_OK)
		sound_print(&report, folder, false);
	return code;
}

/* Puts a form without errors into the office. */
static int store(struct instance *instance, const struct checked *checked, const char *folder, const char *because,
		 bool has_sound)
{
	char *document = NULL;
	size_t length = 0, warnings = checked->advice.of_level[ADVICE_WARNING];
	uint32_t version = 0;
	bool is_new = false;
	const char *name = checked->form->name, *unfinished = advice_warnings(&checked->advice, OFFICE_UNFINISHED_MAX);
	enum err error = unfinished == NULL ? ERR_NOMEM
					    : form_document_encode(checked->form, &instance->arena, &document, &length);
	if (error)
		return complain_err(error, "%s", folder);
	int code = because == NULL && warnings > 0 ? ask_reason(instance, checked->form, document, unfinished, folder)
						   : EX_OK;
	const char *forms = around(folder, &instance->arena);
	if (code == EX_OK)
		code = forms != NULL ? instance_take_texts(instance, forms) : complain_err(ERR_NOMEM, "%s", folder);
	if (code != EX_OK)
		return code;
	error = office_form_publish_with(instance->office, name, document, length, unfinished,
					 because != NULL && warnings > 0 ? because : "", &version, &is_new);
	code = error ? complain_err(error, "%s", folder) : instance_publish(instance);
	if (code != EX_OK)
		return code;
	printf(is_new ? "%s is published as version %u\n" : "%s has not changed: it stays version %u\n", name, version);
	if (warnings > 0)
		printf("%zu %s not finished, such as translations nobody has checked: %s form check %s\n", warnings,
		       warnings == 1 ? "thing is" : "things are", command(), folder);
	if (warnings > 0 && because == NULL)
		printf("Practice events can use it as it is. Others will ask for a reason: --because \"WORDS\"\n");
	fflush(stdout);
	return has_sound && instance->conf.has_sound ? make_sounds(instance, checked->form, folder, forms) : EX_OK;
}

static int publish(const char *dir, const char *folder, const char *because, bool has_sound)
{
	struct instance instance;
	struct checked checked;
	int code = instance_open(&instance, dir, OFFICE_CLI);
	if (code == EX_OK)
		code = form_gate_reason(because);
	if (code == EX_OK)
		code = look(&checked, folder, &instance.arena, &instance);
	if (code == EX_OK) {
		print_errors(&checked.advice);
		code = verdict(&checked, folder);
	}
	if (code == EX_OK)
		code = store(&instance, &checked, folder, because, has_sound);
	instance_close(&instance);
	return code;
}

/* What a form that is published lacks, made; or only said. */
static int sound(const char *dir, const char *folder, bool is_check, bool is_list)
{
	struct instance instance;
	struct checked checked;
	struct sound_report report;
	uint32_t version = 0;
	char *document = NULL;
	size_t length = 0;
	int code = instance_open(&instance, dir, is_check || is_list ? OFFICE_READER : OFFICE_CLI);
	if (code == EX_OK)
		code = look(&checked, folder, &instance.arena, NULL);
	if (code == EX_OK && checked.form == NULL)
		print_errors(&checked.advice);
	if (code == EX_OK)
		code = verdict(&checked, folder);
	const char *forms = around(folder, &instance.arena);
	if (code == EX_OK && (is_check || is_list)) {
		code = sound_check(&instance.arena, checked.form, folder, forms ? forms : ".", &report);
		if (code == EX_OK && is_list)
			sound_print_list(&report);
		else if (code == EX_OK)
			sound_print(&report, folder, true);
	} else if (code == EX_OK) {
		enum err error = office_form_get(instance.office, checked.form->name, 0, &instance.arena, &version,
						 &document, &length);
		code = error == ERR_NOT_FOUND ? complain(EX_DATAERR, "%s is not published: %s form publish %s",
							 checked.form->name, command(), folder)
		       : error                ? complain_err(error, "the published form cannot be read")
					      : make_sounds(&instance, checked.form, folder, forms ? forms : ".");
	}
	instance_close(&instance);
	return code;
}

/* "en,cy,en", each once. */
static void print_languages(const char *list)
{
	for (const char *at = list; *at; at += strcspn(at, ","), at += *at == ',') {
		size_t length = strcspn(at, ",");
		bool is_first = true;
		for (const char *before = list; before < at; before += strcspn(before, ",") + 1)
			is_first &= strcspn(before, ",") != length || strncmp(before, at, length) != 0;
		if (is_first)
			printf(" %.*s", (int) length, at);
	}
	putchar('\n');
}

/* What a version lacks, and why it is used all the same. */
static int print_notes(struct instance *instance, const struct office_form_row *row)
{
	struct office_form_notes notes = {0};
	enum err error = office_form_notes(instance->office, row->form, row->version, &instance->arena, &notes);
	if (error)
		return complain_err(error, "the audit cannot be read");
	if (*notes.unfinished)
		printf("    not finished: %s\n", notes.unfinished);
	if (*notes.unfinished && *notes.because)
		printf("    used outside practice because: %s\n", notes.because);
	if (*notes.unfinished && *notes.because_for && !notes.is_for_all) {
		printf("    reasons were given for:");
		print_languages(notes.because_for);
	}
	return EX_OK;
}

static int list(const char *dir)
{
	struct instance instance;
	int code = instance_open(&instance, dir, OFFICE_READER);
	struct office_form_row *rows = NULL;
	size_t count = 0;
	if (code == EX_OK) {
		enum err error = office_form_list(instance.office, &instance.arena, &rows, &count);
		code = error ? complain_err(error, "the office cannot be read") : EX_OK;
	}
	for (size_t i = 0; code == EX_OK && i < count; i++) {
		char day[DATE_TEXT];
		date_format(rows[i].published_on, day);
		printf("%-32s version %-4u published %s%s\n", rows[i].form, rows[i].version, day,
		       rows[i].is_newest ? "  newest" : "");
		code = print_notes(&instance, &rows[i]);
	}
	if (code == EX_OK && count == 0)
		printf("No form is published yet: %s form publish forms/community-conversation\n", command());
	instance_close(&instance);
	return code;
}

enum { FLAG = 'f' };

/* Reads FOLDER, at most one option with its value in *VALUE, and whether the option FLAG stands there. EX_OK, or the code after complaining. */
static int read_words(int argc, char **argv, const char *command_name, const struct option *options,
		      const char **folder, const char **value, bool *is_flagged)
{
	*folder = NULL;
	*value = NULL;
	*is_flagged = false;
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET, options, NULL)) != -1;) {
		if (option == '?' || option == ':')
			return args_refuse(option, command_name, argv, options);
		if (option == FLAG)
			*is_flagged = true;
		else
			*value = optarg != NULL ? optarg : "";
	}
	if (optind + 1 != argc)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	*folder = argv[optind];
	return EX_OK;
}

static int run_check(const char *dir, int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	const char *folder, *json;
	bool ignored;
	int code = read_words(argc, argv, "form check", options, &folder, &json, &ignored);
	return code == EX_OK ? check(dir, folder, json != NULL) : code;
}

static int run_publish(const char *dir, int argc, char **argv)
{
	static const struct option options[] = {
		{"because", required_argument, NULL, 'b'}, {"without-sound", no_argument, NULL, FLAG}, {0}};
	const char *folder, *because;
	bool is_silent;
	int code = read_words(argc, argv, "form publish", options, &folder, &because, &is_silent);
	return code == EX_OK ? publish(dir, folder, because, !is_silent) : code;
}

static int run_sound(const char *dir, int argc, char **argv)
{
	static const struct option options[] = {
		{"check", no_argument, NULL, FLAG}, {"list", no_argument, NULL, 'l'}, {0}};
	const char *folder, *list;
	bool is_check;
	int code = read_words(argc, argv, "form sound", options, &folder, &list, &is_check);
	return code == EX_OK ? sound(dir, folder, is_check, list != NULL) : code;
}

int cmd_form(const char *instance_dir, int argc, char **argv)
{
	if (args_want_help(argc, argv))
		return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
	if (argc > 1 && strcmp(argv[1], "check") == 0)
		return run_check(instance_dir, argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "publish") == 0)
		return run_publish(instance_dir, argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "sound") == 0)
		return run_sound(instance_dir, argc - 1, argv + 1);
	if (argc == 2 && strcmp(argv[1], "list") == 0)
		return list(instance_dir);
	static const char *const verbs[] = {"check", "publish", "sound", "list"};
	enum { VERBS = sizeof verbs / sizeof verbs[0] };
	size_t verb = 0;
	while (argc > 1 && verb < VERBS && strcmp(verbs[verb], argv[1]) != 0)
		verb++;
	if (verb == VERBS)
		return args_unknown(EX_USAGE, "'soundings form' has no command", argv[1], verbs, VERBS,
				    "'soundings form --help' lists them");
	return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
}
