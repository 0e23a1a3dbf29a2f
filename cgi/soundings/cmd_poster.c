/* SPDX-License-Identifier: MIT */
/* cmd_poster.c: soundings poster: the posters that organisers' pages give, from the same words, without a page.
 *
 * Drawn by poster(1): by its daemon where the instance runs, else by the program itself. */
#include "cmd.h"
#include "args.h"
#include "instance.h"
#include "write_out.h"

#include "lib/base/file.h"
#include "lib/form/form_document.h"
#include "lib/office/organising.h"
#include "lib/placard/placard.h"
#include "lib/print/poster_client.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

static const char usage[] =
	"usage: soundings poster CODE [--kind a4|a3|tent|cards|slide|qr] [--format pdf|png|svg] [--language TAG]...\n"
	"                        [--laminated] [--distance CM] [--refuge] [-o FILE]\n"
	"Draws a poster of the event, in up to four of its languages. What cannot be read back from its code is "
	"refused.\n"
	"Without -o: standard output. --refuge: nothing on it tells what it is about.\n";

struct wanted {
	struct placard_choice choice;
	const char *code, *file;
};

/* ---- options ---------------------------------------------------------------------------------------------------------------- */

static int take_kind(struct wanted *wanted, const char *name)
{
	if (poster_kind_find(name, &wanted->choice.kind))
		return EX_OK;
	return complain(EX_USAGE, "--kind is a4, a3, tent, cards, slide or qr, not '%s'", name);
}

static int take_format(struct wanted *wanted, const char *name)
{
	if (poster_format_find(name, &wanted->choice.format))
		return EX_OK;
	return complain(EX_USAGE, "--format is pdf, png or svg, not '%s'", name);
}

static int take_language(struct wanted *wanted, const char *tag)
{
	if (wanted->choice.languages_count == POSTER_FACES_MAX)
		return complain(EX_USAGE, "a poster has room for %d languages: leave some out", POSTER_FACES_MAX);
	wanted->choice.languages[wanted->choice.languages_count++] = tag;
	return EX_OK;
}

static int take_distance(struct wanted *wanted, const char *text)
{
	char *end;
	unsigned long cm = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || cm == 0 || cm > POSTER_DISTANCE_MAX_CM)
		return complain(EX_USAGE, "--distance is a number of centimetres from 10 to %d, not '%s'",
				POSTER_DISTANCE_MAX_CM, text);
	wanted->choice.distance_cm = (unsigned) cm;
	return EX_OK;
}

static int take_option(struct wanted *wanted, int option)
{
	switch (option) {
	case 'k':
		return take_kind(wanted, optarg);
	case 'f':
		return take_format(wanted, optarg);
	case 'l':
		return take_language(wanted, optarg);
	case 'd':
		return take_distance(wanted, optarg);
	case 'L':
		wanted->choice.is_laminated = true;
		return EX_OK;
	case 'r':
		wanted->choice.is_refuge = true;
		return EX_OK;
	default:
		wanted->file = optarg;
		return EX_OK;
	}
}

/* ---- drawing ---------------------------------------------------------------------------------------------------------------- */

/* A file without a name, with TEXT in it. -1 with errno. */
static int nameless(const char *text, size_t length)
{
	int fd = memfd_create("poster", MFD_CLOEXEC);
	if (fd >= 0 && (file_write_all(fd, text, length) != ERR_OK || lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static _Noreturn void become_poster(const char *program, int in, int out)
{
	char *argv[] = {(char *) (uintptr_t) program, NULL};
	if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
		execv(program, argv);
	_exit(complain(EX_UNAVAILABLE, "%s does not start: %s", program, strerror(errno)));
}

/* By the program, which says itself what is wrong with a request. */
static int draw_alone(struct instance *instance, const char *json, size_t length, struct strbuf *file)
{
	const char *program = arena_printf(&instance->arena, "%s/poster", instance_program_dir(&instance->arena));
	CLEANUP_FD int in = nameless(json, length);
	CLEANUP_FD int out = nameless("", 0);
	if (program == NULL || in < 0 || out < 0)
		return complain_errno(EX_OSERR, "the poster could not be asked for");
	pid_t child = fork();
	if (child == 0)
		become_poster(program, in, out);
	int status = 0;
	if (child < 0 || waitpid(child, &status, 0) != child)
		return complain_errno(EX_OSERR, "the poster could not be asked for");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;
	char part[4096];
	ssize_t got;
	for (off_t at = 0; (got = pread(out, part, sizeof part, at)) > 0; at += got)
		strbuf_put(file, part, (size_t) got);
	return got < 0 || strbuf_error(file) ? complain(EX_IOERR, "the poster could not be read") : EX_OK;
}

static int draw(struct instance *instance, const struct poster_request *request, struct strbuf *file)
{
	struct poster_trouble trouble = {{0}};
	CLEANUP_STRBUF struct strbuf json;
	strbuf_init(&json, POSTER_REQUEST_MAX_BYTES);
	enum err error = poster_client_ask(instance_path(instance, POSTER_CLIENT_SOCKET), request,
					   POSTER_CLIENT_TIMEOUT_MS, file, &trouble);
	if (error == ERR_OK)
		return EX_OK;
	if (error == ERR_INVALID)
		return complain(EX_DATAERR, "%s", trouble.words);
	if (error != ERR_BUSY) /* nobody listens: the instance does not run */
		return complain_err(error, "the poster was not drawn (%s)", trouble.words);
	error = poster_request_write(request, &json);
	if (error)
		return complain_err(error, "the poster was not drawn");
	return draw_alone(instance, strbuf_text(&json), json.length, file);
}

/* ---- what it says ------------------------------------------------------------------------------------------------------------ */

struct known {
	struct office_event *event;
	struct office_event_detail detail;
	struct organisation *organisation;
	struct words_set words;
	struct form *form;
};

static enum err know_texts(struct instance *instance, struct known *known)
{
	char *organisation = NULL, *words = NULL;
	enum err error = office_text_get(instance->office, "organisation", &instance->arena, &organisation);
	if (!error)
		error = office_text_get(instance->office, "words", &instance->arena, &words);
	if (!error)
		error = organisation_decode(organisation, strlen(organisation), &instance->arena, &known->organisation);
	return error ? error : words_decode(words, strlen(words), &instance->arena, &known->words);
}

static enum err know_form(struct instance *instance, struct known *known)
{
	const struct catalogue_event *event = &known->event->shown;
	uint32_t version = 0;
	char *document = NULL;
	size_t length = 0;
	if (event->forms_count == 0)
		return ERR_OK;
	enum err error = office_form_get(instance->office, event->forms[0].form, 0, &instance->arena, &version,
					 &document, &length);
	return error ? error : form_document_decode(document, length, version, &instance->arena, &known->form);
}

static bool has_language(const struct catalogue_event *event, const char *tag)
{
	for (size_t i = 0; i < event->languages_count; i++)
		if (strcmp(event->languages[i], tag) == 0)
			return true;
	return false;
}

static int request_of(struct instance *instance, struct wanted *wanted, struct known *known,
		      struct poster_request *request)
{
	const struct catalogue_event *event = &known->event->shown;
	const struct placard_event about = {.event = event,
					    .form = known->form,
					    .closes_on = known->detail.closes_on,
					    .base_url = instance->conf.base_url,
					    .organisation = known->organisation,
					    .words = &known->words};
	for (size_t i = 0; i < wanted->choice.languages_count; i++)
		if (!has_language(event, wanted->choice.languages[i]))
			return args_unknown(EX_DATAERR, "the event is not in the language", wanted->choice.languages[i],
					    event->languages, event->languages_count, "'event show' says in which");
	wanted->choice.is_refuge |= known->detail.is_refuge;
	enum err error = placard_request(&about, &wanted->choice, &instance->arena, request);
	if (error == ERR_INVALID)
		return complain(EX_CONFIG,
				"base_url (%s) has signs that a QR code cannot hold in its small form: use letters, "
				"digits and - . / : only",
				instance->conf.base_url);
	return error ? complain_err(error, "the poster of %s was not drawn", event->code) : EX_OK;
}

static int make(struct instance *instance, struct wanted *wanted)
{
	struct known known = {0};
	struct poster_request request;
	CLEANUP_STRBUF struct strbuf file;
	strbuf_init(&file, POSTER_CLIENT_FILE_MAX_BYTES);
	enum err error = office_event_get(instance->office, wanted->code, &instance->arena, &known.event);
	if (error == ERR_NOT_FOUND)
		return args_no_event(instance, wanted->code);
	if (!error)
		error = office_event_detail(instance->office, known.event->shown.code, &instance->arena, &known.detail);
	if (!error)
		error = know_texts(instance, &known);
	if (!error)
		error = know_form(instance, &known);
	if (error)
		return complain_err(error, "the event %s cannot be read", wanted->code);
	int code = request_of(instance, wanted, &known, &request);
	if (code == EX_OK)
		code = draw(instance, &request, &file);
	return code == EX_OK ? write_out(wanted->file, strbuf_text(&file), file.length, 0644) : code;
}

int cmd_poster(const char *instance_dir, int argc, char **argv)
{
	static const struct option options[] = {
		{"kind", required_argument, NULL, 'k'},     {"format", required_argument, NULL, 'f'},
		{"language", required_argument, NULL, 'l'}, {"laminated", no_argument, NULL, 'L'},
		{"distance", required_argument, NULL, 'd'}, {"refuge", no_argument, NULL, 'r'},
		{"help", no_argument, NULL, 'h'},           {0}};
	struct wanted wanted = {.choice = {.kind = POSTER_A4, .format = POSTER_PDF}};
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET "ho:", options, NULL)) != -1;) {
		if (option == 'h')
			return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
		if (option == '?' || option == ':')
			return args_refuse(option, "poster", argv, options);
		int code = take_option(&wanted, option);
		if (code != EX_OK)
			return code;
	}
	if (optind + 1 != argc)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	wanted.code = argv[optind];
	if (wanted.file == NULL && isatty(STDOUT_FILENO))
		return complain(EX_USAGE, "a poster is no text for a terminal: name a file with -o");
	struct instance instance;
	int code = instance_open(&instance, instance_dir, OFFICE_READER);
	if (code == EX_OK)
		code = make(&instance, &wanted);
	instance_close(&instance);
	return code;
}
