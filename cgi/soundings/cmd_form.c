/* SPDX-License-Identifier: MIT */
/* cmd_form.c: soundings form check|publish|list. */
#include "cmd.h"
#include "args.h"
#include "command.h"
#include "instance.h"

#include "lib/form/form_document.h"
#include "lib/form/form_load.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const char usage[] =
	"usage: soundings form check FOLDER     say what is wrong with a form, and what is not finished\n"
	"       soundings form publish FOLDER   give it a version and put it into the catalogue\n"
	"       soundings form list             the versions that are published\n"
	"FOLDER is like forms/community-conversation. See soundings-form(5).\n";

/* The forms folder around a form's folder: where library/, strings/ and organisation.yaml are. */
static const char *around(const char *folder, struct arena *arena)
{
	char *copy = arena_strdup(arena, folder);
	size_t length = copy ? strlen(copy) : 0;
	while (length > 1 && copy[length - 1] == '/')
		copy[--length] = '\0';
	char *slash = copy ? strrchr(copy, '/') : NULL;
	if (slash == copy && slash)
		return "/";
	if (slash)
		*slash = '\0';
	return slash ? copy : ".";
}

/* Loads FOLDER and says what is wrong. Findings, such as drafts, are counted in *FINDINGS; IS_CHECK prints each. */
static int load(const char *folder, bool is_check, struct arena *arena, struct form **form, size_t *findings)
{
	struct problems problems;
	problems_init(&problems, arena);
	const char *library = arena_printf(arena, "%s/library", around(folder, arena));
	enum err error = form_load(folder, library, arena, form, &problems);
	for (size_t i = 0; i < problems.count; i++)
		*findings += form_load_is_finding(&problems.list[i]);
	size_t wrong = problems.count - *findings + problems.dropped;
	if (is_check || wrong)
		problems_print(&problems, stderr);
	if (error == ERR_INVALID)
		return complain(EX_DATAERR, "%s cannot be published until this is mended: %zu found", folder, wrong);
	if (error)
		return complain_err(error, "%s", folder);
	size_t most = form_answers_max_bytes(*form), room = ENVELOPE_LETTER_MAX - 1024;
	if (most > room)
		return complain(EX_DATAERR,
				"%s: the longest response would be %zu bytes, and %zu fit: give some text questions a "
				"lower max:",
				folder, most, room);
	return EX_OK;
}

static int check(const char *folder)
{
	struct arena arena;
	arena_init(&arena, 64 * 1024 * 1024);
	struct form *form = NULL;
	size_t findings = 0;
	int code = load(folder, true, &arena, &form, &findings);
	if (code == EX_OK) {
		printf("%s: %zu pages, %zu answers, languages:", form->name, form->pages_count, form->fields_count);
		for (size_t i = 0; i < form->languages_count; i++)
			printf(" %s%s", form->languages[i].tag,
			       form->languages[i].status == LANGUAGE_DRAFT ? " (draft: nobody has checked it)" : "");
		putchar('\n');
	}
	arena_fini(&arena);
	return code;
}

static int publish(const char *dir, const char *folder)
{
	struct instance instance;
	int code = instance_open(&instance, dir, OFFICE_CLI);
	struct form *form = NULL;
	size_t findings = 0;
	if (code == EX_OK)
		code = load(folder, false, &instance.arena, &form, &findings);
	if (code == EX_OK)
		code = instance_take_texts(&instance, around(folder, &instance.arena));
	if (code == EX_OK) {
		char *document = NULL;
		size_t length = 0;
		uint32_t version = 0;
		bool is_new = false;
		enum err error = form_document_encode(form, &instance.arena, &document, &length);
		if (!error)
			error = office_form_publish(instance.office, form->name, document, length, &version, &is_new);
		code = error ? complain_err(error, "%s", folder) : instance_publish(&instance);
		if (code == EX_OK)
			printf(is_new ? "%s is published as version %u\n" : "%s has not changed: it stays version %u\n",
			       form->name, version);
		if (code == EX_OK && findings)
			printf("%zu things are not finished, such as translations nobody has checked: soundings form "
			       "check %s\n",
			       findings, folder);
	}
	instance_close(&instance);
	return code;
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
	}
	if (code == EX_OK && count == 0)
		printf("No form is published yet: %s form publish forms/community-conversation\n", command());
	instance_close(&instance);
	return code;
}

int cmd_form(const char *instance_dir, int argc, char **argv)
{
	if (args_want_help(argc, argv))
		return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
	if (argc == 3 && strcmp(argv[1], "check") == 0)
		return check(argv[2]);
	if (argc == 3 && strcmp(argv[1], "publish") == 0)
		return publish(instance_dir, argv[2]);
	if (argc == 2 && strcmp(argv[1], "list") == 0)
		return list(instance_dir);
	static const char *const verbs[] = {"check", "publish", "list"};
	enum { VERBS = sizeof verbs / sizeof verbs[0] };
	size_t verb = 0;
	while (argc > 1 && verb < VERBS && strcmp(verbs[verb], argv[1]) != 0)
		verb++;
	if (verb == VERBS)
		return args_unknown(EX_USAGE, "'soundings form' has no command", argv[1], verbs, VERBS,
				    "'soundings form --help' lists them");
	return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
}
