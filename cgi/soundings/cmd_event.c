/* SPDX-License-Identifier: MIT */
/* cmd_event.c: soundings event: made in one line, and led from planned to released. Every change is published at once. */
#include "cmd.h"
#include "args.h"
#include "command.h"
#include "event_release.h"
#include "form_gate.h"
#include "instance.h"
#include "today.h"

#include "lib/base/problem.h"

#include "lib/form/form_document.h"
#include "lib/form/organisation.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
	"usage: soundings event add --title TEXT [--place TEXT] [--date YYYY-MM-DD] [--area NAME] [--programme NAME]\n"
	"                           [--form NAME]... [--languages en,cy,...] [--practice] [--open]\n"
	"                           [--because \"WORDS\"]\n"
	"       soundings event list\n"
	"       soundings event show CODE\n"
	"       soundings event open CODE [--because \"WORDS\"]\n"
	"       soundings event close CODE [--now]   closes to new pages; open pages can still send for 24 hours, "
	"unless --now\n"
	"       soundings event release CODE [--few] once it is closed: cuts every response loose from its equality "
	"answers, for\n"
	"                                            good, and makes a backup before anything is shown; --few: also "
	"fewer\n"
	"                                            than 10 responses, which are never exported\n"
	"       soundings event tick                 opens and closes events by their days, and publishes that; "
	"'soundings "
	"run'\n"
	"                                            does it by itself, a timer elsewhere\n"
	"A practice event is open at once, files at once, and never counts.\n"
	"--because says why an event outside practice uses a form that is not finished, such as a translation nobody "
	"has "
	"checked.\n";

enum { LIST_MAX = 24 };

static const char organisation_file[] = "forms/organisation.yaml";

struct wanted {
	struct office_event event;
	struct catalogue_form_ref forms[LIST_MAX];
	const char *languages[LIST_MAX];
	const char *because; /* NULL: no reason was given */
	bool is_open;
	bool has_day;
};

/* Splits "en,cy" into lower-case tags. */
static bool split_languages(const char *text, struct wanted *wanted, struct arena *arena)
{
	struct catalogue_event *shown = &wanted->event.shown;
	while (*text) {
		size_t length = strcspn(text, ",");
		if (length == 0 || shown->languages_count == LIST_MAX)
			return false;
		char *tag = arena_strndup(arena, text, length);
		for (char *at = tag; at && *at; at++)
			if (*at >= 'A' && *at <= 'Z')
				*at = (char) (*at - 'A' + 'a');
		wanted->languages[shown->languages_count++] = tag;
		text += length + (text[length] == ',');
	}
	return shown->languages_count > 0;
}

/* Reads the options of 'add'. EX_OK, or the code after complaining. */
static int read_options(int argc, char **argv, struct wanted *wanted, struct arena *arena)
{
	static const struct option options[] = {
		{"title", required_argument, NULL, 't'},
		{"place", required_argument, NULL, 'p'},
		{"date", required_argument, NULL, 'd'},
		{"area", required_argument, NULL, 'a'},
		{"programme", required_argument, NULL, 'g'},
		{"form", required_argument, NULL, 'f'},
		{"languages", required_argument, NULL, 'l'},
		{"because", required_argument, NULL, 'b'},
		{"practice", no_argument, NULL, 'P'},
		{"open", no_argument, NULL, 'o'},
		{0},
	};
	struct catalogue_event *shown = &wanted->event.shown;
	*shown = (struct catalogue_event){.title = "",
					  .place = "",
					  .area = "",
					  .programme = "",
					  .forms = wanted->forms,
					  .languages = wanted->languages};
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET, options, NULL)) != -1;) {
		switch (option) {
		case 't':
			shown->title = optarg;
			break;
		case 'p':
			shown->place = optarg;
			break;
		case 'a':
			shown->area = optarg;
			break;
		case 'g':
			shown->programme = optarg;
			break;
		case 'd':
			if (date_parse(optarg, &shown->held_on) != ERR_OK)
				return complain(EX_USAGE, "--date is a day like 2026-11-21, not '%s'", optarg);
			wanted->has_day = true;
			break;
		case 'f':
			if (shown->forms_count == LIST_MAX)
				return complain(EX_USAGE, "an event has at most %d forms", LIST_MAX);
			wanted->forms[shown->forms_count++].form = optarg;
			break;
		case 'l':
			if (!split_languages(optarg, wanted, arena))
				return complain(EX_USAGE, "--languages is a list like en,cy,en-x-easy, not '%s'",
						optarg);
			break;
		case 'b':
			wanted->because = optarg;
			break;
		case 'P':
			shown->is_practice = true;
			break;
		case 'o':
			wanted->is_open = true;
			break;
		default:
			return args_refuse(option, "event add", argv, options);
		}
	}
	if (optind != argc)
		return complain(EX_USAGE, "'%s' is not an option of 'event add'; 'soundings event --help' lists them",
				argv[optind]);
	return *shown->title ? EX_OK
			     : complain(EX_USAGE, "an event needs a title: --title \"Community Conversation, Slough\"");
}

/* "'walse' is not an Area in forms/organisation.yaml: did you mean 'wales'?", or all the names there are. */
static int not_listed(struct instance *instance, const char *word, const char *what, const char *where,
		      const char *const *names, size_t count)
{
	const char *nearest = problem_nearest(word, names, count);
	if (nearest)
		return complain(EX_USAGE, "'%s' is not %s in %s: did you mean '%s'?", word, what, where, nearest);
	const char *all = "";
	for (size_t i = 0; i < count; i++) {
		const char *longer = arena_printf(&instance->arena, "%s%s%s", all, i ? ", " : "", names[i]);
		all = longer ? longer : all;
	}
	return complain(EX_USAGE, "'%s' is not %s in %s: it has %s", word, what, where, all);
}

static int check_area(struct instance *instance, const struct organisation *organisation, struct catalogue_event *shown)
{
	if (!*shown->area)
		return EX_OK;
	const char **names = arena_array(&instance->arena, organisation->areas_count, const char *);
	for (size_t i = 0; names && i < organisation->areas_count; i++) {
		names[i] = organisation->areas[i].name;
		if (strcmp(names[i], shown->area) != 0)
			continue;
		shown->is_wales = organisation->areas[i].is_wales;
		return EX_OK;
	}
	return not_listed(instance, shown->area, "an Area", organisation_file, names,
			  names ? organisation->areas_count : 0);
}

static int check_programme(struct instance *instance, const struct organisation *organisation,
			   const struct catalogue_event *shown)
{
	if (!*shown->programme)
		return EX_OK;
	const char **names = arena_array(&instance->arena, organisation->programmes_count, const char *);
	for (size_t i = 0; names && i < organisation->programmes_count; i++) {
		names[i] = organisation->programmes[i].name;
		if (strcmp(names[i], shown->programme) == 0)
			return EX_OK;
	}
	return not_listed(instance, shown->programme, "a programme", organisation_file, names,
			  names ? organisation->programmes_count : 0);
}

/* Every form that is named must be published; where none is named, the only one there is is meant. */
static int choose_forms(struct instance *instance, struct wanted *wanted)
{
	struct catalogue_event *shown = &wanted->event.shown;
	struct office_form_row *rows = NULL;
	size_t rows_count = 0, count = 0;
	enum err error = office_form_list(instance->office, &instance->arena, &rows, &rows_count);
	const char **names = error ? NULL : arena_array(&instance->arena, rows_count, const char *);
	for (size_t i = 0; names && i < rows_count; i++)
		if (rows[i].is_newest)
			names[count++] = rows[i].form;
	if (error || count == 0)
		return error ? complain_err(error, "the published forms cannot be read")
			     : complain(EX_USAGE,
					"no form is published yet: %s form publish forms/community-conversation",
					command());
	if (shown->forms_count == 0) {
		wanted->forms[shown->forms_count++].form = names[0];
		return count == 1 ? EX_OK
				  : complain(EX_USAGE,
					     "say which form the event uses: --form NAME ('%s form list' shows them)",
					     command());
	}
	for (size_t i = 0; i < shown->forms_count; i++) {
		const char *name = wanted->forms[i].form;
		size_t found = 0;
		while (found < count && strcmp(names[found], name) != 0)
			found++;
		if (found == count)
			return args_unknown(EX_DATAERR, "no form is published that is called", name, names, count,
					    arena_printf(&instance->arena, "'%s form list' shows what is", command()));
	}
	return EX_OK;
}

/* Checks area and programme against the organisation, whether the Area is in Wales, and fills what was left out. */
static int complete(struct instance *instance, struct wanted *wanted)
{
	struct catalogue_event *shown = &wanted->event.shown;
	char *json = NULL;
	struct organisation *organisation = NULL;
	enum err error = office_text_get(instance->office, "organisation", &instance->arena, &json);
	if (!error)
		error = organisation_decode(json, strlen(json), &instance->arena, &organisation);
	if (error)
		return complain_err(error, "the organisation's data cannot be read");
	int code = check_area(instance, organisation, shown);
	if (code == EX_OK)
		code = check_programme(instance, organisation, shown);
	if (code != EX_OK)
		return code;
	return choose_forms(instance, wanted);
}

/* An event that names no languages offers all that its first form has. */
static int all_languages(struct instance *instance, struct wanted *wanted)
{
	struct catalogue_event *shown = &wanted->event.shown;
	char *document = NULL;
	size_t length = 0;
	uint32_t version = 0;
	struct form *form = NULL;
	const char *name = wanted->forms[0].form;
	enum err error = office_form_get(instance->office, name, 0, &instance->arena, &version, &document, &length);
	if (!error)
		error = form_document_decode(document, length, version, &instance->arena, &form);
	if (error)
		return complain_err(error, "the form '%s' cannot be read", name);
	const char *tags[FORM_LANGUAGES_MAX];
	size_t count = 0;
	for (size_t i = 0; i < form->languages_count; i++)
		if (form_language_is_chosen(&form->languages[i]))
			tags[count++] = form->languages[i].tag;
	for (size_t i = 0; i < shown->languages_count; i++) {
		int language = form_language(form, wanted->languages[i]);
		if (language < 0 || !form_language_is_chosen(&form->languages[language]))
			return not_listed(instance, wanted->languages[i], "a language", form->name, tags, count);
	}
	if (shown->languages_count == 0) {
		memcpy(wanted->languages, tags, count * sizeof tags[0]);
		shown->languages_count = count;
	}
	return EX_OK;
}

static void print_event(struct instance *instance, const struct office_event *event)
{
	const struct catalogue_event *shown = &event->shown;
	char day[DATE_TEXT];
	bool is_shown = true;
	date_format(shown->held_on, day);
	if (shown->state == EVENT_RELEASED && office_event_is_shown(instance->office, shown->code, &is_shown) != ERR_OK)
		is_shown = true;
	printf("%s  %-8s  %s  %s%s%s%s\n", shown->code,
	       is_shown ? event_state_name(shown->state) : "released, waits for its backup", day, shown->title,
	       *shown->place ? ", " : "", shown->place, shown->is_practice ? " (practice)" : "");
	printf("        %s\n", instance_address(instance, shown->code));
}

static int add(struct instance *instance, int argc, char **argv)
{
	struct wanted wanted = {.is_open = false};
	struct form_gate gate = {0};
	int code = read_options(argc, argv, &wanted, &instance->arena);
	if (code == EX_OK)
		code = form_gate_reason(wanted.because);
	/* How long answers are kept counts from the event's day. */
	if (code == EX_OK && !wanted.has_day)
		code = today_check(instance->office, NULL, "no event was added (--date names its day)", "expire",
				   &wanted.event.shown.held_on);
	if (code == EX_OK)
		code = complete(instance, &wanted);
	if (code == EX_OK)
		code = all_languages(instance, &wanted);
	if (code == EX_OK)
		code = form_gate_event(instance, &wanted.event.shown, wanted.because, "event add ...", &gate);
	if (code != EX_OK)
		return code;
	wanted.event.shown.state = wanted.is_open || wanted.event.shown.is_practice ? EVENT_OPEN : EVENT_PLANNED;
	char *event_code = NULL;
	enum err error = office_event_add_because(instance->office, &wanted.event, gate.list, gate.count, gate.because,
						  &instance->arena, &event_code);
	if (error == ERR_NOT_FOUND)
		return complain(EX_DATAERR, "a form of this event is not published; '%s form list' shows what is",
				command());
	if (error)
		return complain_err(error, "the event could not be made");
	code = instance_publish(instance);
	struct office_event *event = NULL;
	if (code == EX_OK && office_event_get(instance->office, event_code, &instance->arena, &event) == ERR_OK)
		print_event(instance, event);
	return code;
}

static int list(struct instance *instance)
{
	struct office_event *events = NULL;
	size_t count = 0;
	enum err error = office_event_list(instance->office, &instance->arena, &events, &count);
	if (error)
		return complain_err(error, "the events cannot be read");
	for (size_t i = 0; i < count; i++)
		print_event(instance, &events[i]);
	if (count == 0)
		printf("There are no events yet: %s event add --title \"Community Conversation, Slough\" --open\n",
		       command());
	return EX_OK;
}

/* Practice events follow the newest version. */
static void print_form(const struct catalogue_form_ref *ref)
{
	if (ref->version)
		printf(" %s (version %u)", ref->form, ref->version);
	else
		printf(" %s (newest version)", ref->form);
}

static int show(struct instance *instance, const char *code)
{
	struct office_event *event = NULL;
	const char *band = NULL;
	enum err error = office_event_get(instance->office, code, &instance->arena, &event);
	if (!error)
		error = office_event_band(instance->office, event->shown.code, &band);
	if (error)
		return event_not_read(instance, code, error);
	const struct catalogue_event *shown = &event->shown;
	print_event(instance, event);
	printf("Area        %s\nProgramme   %s\nForms      ", *shown->area ? shown->area : "-",
	       *shown->programme ? shown->programme : "-");
	for (size_t i = 0; i < shown->forms_count; i++)
		print_form(&shown->forms[i]);
	printf("\nLanguages  ");
	for (size_t i = 0; i < shown->languages_count; i++)
		printf(" %s", shown->languages[i]);
	/* In the same words whatever there is: whether somebody has come just now is nobody's business. */
	bool is_coming = shown->state == EVENT_OPEN || shown->state == EVENT_GRACE;
	bool is_none = strcmp(band, "none") == 0;
	printf("\nResponses   %s%s%s\nReleases    %u\n", band, is_coming ? " filed" : "",
	       !is_coming ? ""
	       : is_none  ? " yet; fewer than 5 wait up to a day"
			  : "; fewer than 5 wait up to a day",
	       event->release);
	return EX_OK;
}

/* Why an event cannot take the step that was asked for, in the words of the state it is in. */
static int cannot_step(struct instance *instance, const char *code, enum event_state wanted)
{
	struct office_event *event = NULL;
	if (office_event_get(instance->office, code, &instance->arena, &event) != ERR_OK)
		return complain(EX_DATAERR, "the event %s cannot be read", code);
	bool is_opening = wanted == EVENT_OPEN;
	switch (event->shown.state) {
	case EVENT_PLANNED:
		return complain(EX_DATAERR, "%s is planned and was never open: there is nothing to close", code);
	case EVENT_OPEN:
		return complain(EX_DATAERR, "%s is open already", code);
	case EVENT_GRACE:
		return complain(
			EX_DATAERR,
			"%s is closed to new pages already; open ones can send until its 24 hours of grace are over. "
			"To end that too: %s event close %s --now",
			code, command(), code);
	case EVENT_CLOSED:
		return complain(EX_DATAERR, "%s is closed already", code);
	default:
		return complain(EX_DATAERR, "%s is released: it cannot be %s again", code,
				is_opening ? "opened" : "closed");
	}
}

/* Says what came of a step, and publishes it. */
static int end_step(struct instance *instance, const char *code, enum event_state state, enum err error)
{
	if (error == ERR_CONFLICT)
		return cannot_step(instance, code, state);
	if (error)
		return event_not_read(instance, code, error);
	int done = instance_publish(instance);
	return done == EX_OK ? show(instance, code) : done;
}

static int set_state(struct instance *instance, const char *code, enum event_state state)
{
	/* By a clock that had fallen back, the 24 hours would be over as soon as it is right again. */
	struct date today;
	int likely = state == EVENT_GRACE ? today_check(instance->office, NULL, "nothing was closed", "expire", &today)
					  : EX_OK;
	if (likely != EX_OK)
		return likely;
	return end_step(instance, code, state,
			office_event_set_state(instance->office, code, state, (int64_t) time(NULL)));
}

static int open_event(struct instance *instance, const char *code, const char *because)
{
	struct office_event *event = NULL;
	int fine = form_gate_reason(because);
	if (fine != EX_OK)
		return fine;
	enum err error = office_event_get(instance->office, code, &instance->arena, &event);
	if (error)
		return event_not_read(instance, code, error);
	struct form_gate gate;
	fine = form_gate_event(instance, &event->shown, because,
			       arena_printf(&instance->arena, "event open %s", event->shown.code), &gate);
	return fine != EX_OK ? fine
			     : end_step(instance, code, EVENT_OPEN,
					office_event_open_because(instance->office, &event->shown, gate.list,
								  gate.count, gate.because, (int64_t) time(NULL)));
}

static int open_because(struct instance *instance, const char *code, const char *option, const char *because)
{
	static const char *const options[] = {"--because"};
	if (strcmp(option, options[0]) != 0)
		return args_unknown(EX_USAGE, "'soundings event open' has no option", option, options, 1,
				    "'soundings event --help' shows what it has");
	return open_event(instance, code, because);
}

static int release_few(struct instance *instance, const char *code, const char *option)
{
	static const char *const options[] = {"--few"};
	if (strcmp(option, options[0]) != 0)
		return args_unknown(EX_USAGE, "'soundings event release' has no option", option, options, 1,
				    "'soundings event --help' shows what it has");
	return event_release(instance, code, true);
}

static int close_now(struct instance *instance, const char *code, const char *option)
{
	static const char *const options[] = {"--now"};
	if (strcmp(option, options[0]) != 0)
		return args_unknown(EX_USAGE, "'soundings event close' has no option", option, options, 1,
				    "'soundings event --help' shows what it has");
	return set_state(instance, code, EVENT_CLOSED);
}

/* Whether the catalogue still shows an event in another state than the office: an earlier tick may have died before it published. */
static bool is_behind(struct instance *instance)
{
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	struct office_event *events = NULL;
	size_t count = 0, same = 0;
	if (office_event_list(instance->office, &instance->arena, &events, &count) != ERR_OK ||
	    catalogue_open(instance_path(instance, "catalogue"), instance->root_public, 0, 0, &catalogue, &refusal) !=
		    ERR_OK)
		return true;
	for (size_t i = 0; i < count; i++) {
		const struct catalogue_event *shown = &events[i].shown;
		struct catalogue_event *published = NULL;
		bool may_be_shown = false;
		if (catalogue_event(catalogue, shown->code, &instance->arena, &published) != ERR_OK)
			break;
		if (shown->state == EVENT_RELEASED &&
		    office_event_is_shown(instance->office, shown->code, &may_be_shown) != ERR_OK)
			break;
		bool waits = shown->state == EVENT_RELEASED && !may_be_shown;
		same += published->state == (waits ? EVENT_CLOSED : shown->state);
	}
	catalogue_close(catalogue);
	return same < count;
}

/* For an installation without 'soundings run': what that one does twice a minute. */
static int tick(struct instance *instance)
{
	struct date today;
	size_t changed = 0;
	int code = today_check(instance->office, NULL, "no event was closed", "expire", &today);
	if (code != EX_OK)
		return code;
	enum err error = office_event_tick(instance->office, (int64_t) time(NULL), &changed);
	if (error)
		return complain_err(error, "the state of events could not be looked at");
	return changed > 0 || is_behind(instance) ? instance_publish(instance) : EX_OK;
}

static int run(struct instance *instance, int argc, char **argv)
{
	const char *verb = argv[1];
	if (strcmp(verb, "add") == 0)
		return add(instance, argc - 1, argv + 1);
	if (strcmp(verb, "list") == 0 && argc == 2)
		return list(instance);
	if (strcmp(verb, "tick") == 0 && argc == 2)
		return tick(instance);
	if (strcmp(verb, "show") == 0 && argc == 3)
		return show(instance, argv[2]);
	if (strcmp(verb, "open") == 0 && argc == 3)
		return open_event(instance, argv[2], NULL);
	if (strcmp(verb, "open") == 0 && argc == 5)
		return open_because(instance, argv[2], argv[3], argv[4]);
	if (strcmp(verb, "close") == 0 && argc == 3)
		return set_state(instance, argv[2], EVENT_GRACE);
	if (strcmp(verb, "close") == 0 && argc == 4)
		return close_now(instance, argv[2], argv[3]);
	if (strcmp(verb, "release") == 0 && argc == 3)
		return event_release(instance, argv[2], false);
	if (strcmp(verb, "release") == 0 && argc == 4)
		return release_few(instance, argv[2], argv[3]);
	return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
}

int cmd_event(const char *instance_dir, int argc, char **argv)
{
	if (argc < 2)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	if (args_want_help(argc, argv))
		return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
	static const char *const verbs[] = {"add", "list", "show", "open", "close", "release", "tick"};
	enum { VERBS = sizeof verbs / sizeof verbs[0] };
	size_t verb = 0;
	while (verb < VERBS && strcmp(verbs[verb], argv[1]) != 0)
		verb++;
	if (verb == VERBS)
		return args_unknown(EX_USAGE, "'soundings event' has no command", argv[1], verbs, VERBS,
				    "'soundings event --help' lists them");
	struct instance instance;
	int code = instance_open(&instance, instance_dir, OFFICE_CLI);
	if (code == EX_OK)
		code = run(&instance, argc, argv);
	instance_close(&instance);
	return code;
}
