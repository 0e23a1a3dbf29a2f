/* SPDX-License-Identifier: MIT */
/* gallery.c: every page that a person can see, in every language and state, as static files to look at and to test.
 *
 * `gallery OUT` asks intake's own handle() for each of them, over a catalogue that it publishes itself, and writes what it answers to
 * OUT/LANG/NAME.html, and to OUT/pages.json what each shows. nginx's own pages come from the same function as in an instance. Nothing is
 * made up but events and answers; everything that changes from run to run (nonces) is made the same. */
#include "site.h"
#include "typed.h"

#include "intake/form_page.h"
#include "intake/handle.h"
#include "intake/page.h"
#include "soundings/down_pages.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { REQUEST_BYTES = 32 << 20, PATH_BYTES = 512 };

static const char nonce[] = "5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e";
static const char right_receipt[] = "K7QX 9M2T 4WRB 6HD3 K", wrong_receipt[] = "K7QX 9M2T 4WRB 6HD3 5";

static char out_folder[PATH_MAX];
static json_t *pages;

static _Noreturn void fail(const char *what, const char *where)
{
	fprintf(stderr, "gallery: %s: %s\n", where, what);
	exit(1);
}

/* ---- writing -------------------------------------------------------------------------------------------------------------- */

/* What is on a page. */
struct shown {
	const char *group; /* a form, or what the page is about */
	const char *state;
	const char *tag; /* language; "nginx" where a page is in all of them */
	int status;
	const char
		*path; /* where it is asked for; NULL: an answer to something sent, which has no address of its own */
};

static void make_folder(const char *path)
{
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		fail(strerror(errno), path);
}

/* A fresh page has a nonce that nobody else has. */
static void fix_nonce(char *html)
{
	static const char before[] = "name=\"nonce\" value=\"";
	char *at = strstr(html, before);
	if (at)
		memcpy(at + sizeof before - 1, nonce, sizeof nonce - 1);
}

static void write_page(const struct shown *shown, const char *html, size_t length)
{
	char path[PATH_MAX + PATH_BYTES], name[PATH_BYTES];
	snprintf(path, sizeof path, "%s/%s", out_folder, shown->tag);
	make_folder(path);
	snprintf(name, sizeof name, "%s/%s-%s.html", shown->tag, shown->group, shown->state);
	snprintf(path, sizeof path, "%s/%s", out_folder, name);
	char *copy = strndup(html, length);
	FILE *file = fopen(path, "w");
	if (!copy || !file)
		fail(strerror(errno), path);
	fix_nonce(copy);
	if (fwrite(copy, 1, length, file) != length || fclose(file) != 0)
		fail(strerror(errno), path);
	free(copy);
	json_array_append_new(pages, json_pack("{s:s, s:s, s:s, s:s, s:i, s:s?}", "file", name, "group", shown->group,
					       "state", shown->state, "language", shown->tag, "status", shown->status,
					       "path", shown->path));
}

/* ---- asking --------------------------------------------------------------------------------------------------------------- */

/* A request, and what it must be answered with. */
struct asked {
	struct shown shown;
	const char *path; /* without the language */
	enum http_fault fault;
	const struct typed *typed; /* a POST; NULL: a GET */
	const char *name, *value;  /* one field more */
	bool may_differ;           /* another status: then there is no such page, which is no fault */
};

static bool ask(struct site *site, const struct asked *asked)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, REQUEST_BYTES);
	struct typed typed;
	typed_init(&typed, NULL, 0, &arena);
	for (size_t i = 0; asked->typed && i < asked->typed->count; i++)
		typed_add(&typed, asked->typed->fields[i].name, asked->typed->fields[i].value);
	if (asked->name)
		typed_add(&typed, asked->name, asked->value);
	struct http_request request = {
		.method = asked->typed || asked->name ? HTTP_POST : HTTP_GET,
		.path = asked->path,
		.fields = typed.fields,
		.fields_count = typed.count,
		.accept_language = asked->shown.tag,
		.fault = asked->fault,
	};
	struct http_response response = {0};
	site->app.is_silent = true; /* no line about the spooler, which only seems to sleep */
	handle(&site->app, &request, &arena, &response);
	char where[PATH_BYTES];
	snprintf(where, sizeof where, "%s %s %s (%s)", asked->shown.tag, asked->shown.group, asked->shown.state,
		 asked->path);
	if (response.status != asked->shown.status) {
		if (asked->may_differ)
			return false;
		fprintf(stderr, "%.*s\n", (int) response.body_length, response.body ? response.body : "");
		snprintf(where + strlen(where), sizeof where - strlen(where), ": status %d", response.status);
		fail("another status than was meant", where);
	}
	if (!response.body || response.content_type)
		fail("no page", where);
	struct shown shown = asked->shown;
	shown.path = request.method == HTTP_GET && !request.fault ? asked->path : NULL;
	write_page(&shown, response.body, response.body_length);
	return true;
}

/* "/CODE/TAG" in the way of addresses. */
static const char *address(struct arena *arena, const char *first, const char *tag)
{
	const char *path = tag ? arena_printf(arena, "/%s/%s", first, tag) : arena_printf(arena, "/%s", first);
	if (!path)
		fail("no memory", first);
	return path;
}

/* ---- the form ------------------------------------------------------------------------------------------------------------- */

/* One face of one form. */
struct own_face {
	struct site *site;
	struct arena *arena;
	size_t number;
	const struct form *form;
	const char *tag;
	int language;
};

static void open_page(struct typed *typed, const struct own_face *face, const char *version)
{
	typed_init(typed, face->form, face->language, face->arena);
	typed_add(typed, "nonce", nonce);
	typed_add(typed, "version", version);
	typed_add(typed, "edit", "0");
	typed_add(typed, "at", "");
	typed_add(typed, "face", face->tag);
}

static bool show(const struct own_face *face, enum site_event event, const char *state, int status,
		 const struct typed *typed)
{
	struct asked asked = {
		.shown = {face->form->name, state, face->tag, status},
		.path = address(face->arena, face->site->codes[face->number][event], face->tag),
		.typed = typed,
		.may_differ = status == 422,
	};
	return ask(face->site, &asked);
}

static void show_right(const struct own_face *face, const char *version)
{
	struct typed right;
	open_page(&right, face, version);
	typed_right(&right);
	show(face, SITE_OPEN, "thanks", 200, &right);
	show(face, SITE_CLOSED, "late", 410, &right);
	site_spooler_sleeps(true);
	show(face, SITE_OPEN, "not-saved", 503, &right);
	site_spooler_sleeps(false);
	typed_add(&right, "to", face->tag);
	show(face, SITE_OPEN, "filled", 200, &right);
}

static void show_wrong(const struct own_face *face, const char *version)
{
	struct typed typed;
	open_page(&typed, face, version);
	show(face, SITE_OPEN, "nothing", 422, &typed);
	show(face, SITE_CLOSED, "late-nothing", 410, &typed);
	for (unsigned round = 0; round < TYPED_ROUNDS; round++) {
		char state[32];
		snprintf(state, sizeof state, "mistakes-%u", round + 1);
		open_page(&typed, face, version);
		typed_wrong(&typed, round);
		show(face, SITE_OPEN, state, 422, &typed);
	}
}

/* Events that have no form to fill in, and requests that are not taken: one form with an exit button and one without. */
static void show_refused(const struct own_face *face)
{
	struct typed typed;
	show(face, SITE_PRACTICE, "practice", 200, NULL);
	show(face, SITE_PLANNED, "planned", 200, NULL);
	show(face, SITE_CLOSED, "closed", 200, NULL);
	show(face, SITE_RELEASED, "released", 200, NULL);
	open_page(&typed, face, "999");
	show(face, SITE_OPEN, "old-form", 400, &typed);
	static const struct {
		const char *state;
		enum http_fault fault;
		int status;
	} faults[] = {
		{"refused", HTTP_FAULT_FIELDS, 400},
		{"too-large", HTTP_FAULT_TOO_LARGE, 413},
		{"foreign", HTTP_FAULT_FOREIGN, 403},
	};
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		struct asked asked = {
			.shown = {face->form->name, faults[i].state, face->tag, faults[i].status},
			.path = address(face->arena, face->site->codes[face->number][SITE_OPEN], face->tag),
			.fault = faults[i].fault,
		};
		ask(face->site, &asked);
	}
}

static void show_form(struct site *site, size_t number, struct arena *arena)
{
	const struct form *form = site->forms[number];
	char version[16];
	snprintf(version, sizeof version, "%u", form->version);
	for (size_t i = 0; i < form->languages_count; i++) {
		if (!form_language_is_chosen(&form->languages[i]))
			continue;
		const struct own_face face = {site, arena, number, form, form->languages[i].tag, (int) i};
		show(&face, SITE_OPEN, "fresh", 200, NULL);
		show_wrong(&face, version);
		if (number != SITE_FORM_LIMITS) /* what answers it takes, no answer of typed_right could know */
			show_right(&face, version);
		if (form_language_in_wales(form, face.language) != face.language)
			show(&face, SITE_WALES, "wales", 200, NULL);
		if (number == SITE_FORM_CONVERSATION || number == SITE_FORM_EVERYTHING)
			show_refused(&face);
	}
}

/* ---- a kiosk -------------------------------------------------------------------------------------------------------------- */

/* "/kiosk/CODE/TAG"; TAG may be NULL. */
static const char *hall(struct arena *arena, const char *code, const char *tag)
{
	const char *first = arena_printf(arena, "kiosk/%s", code);
	return address(arena, first ? first : "", tag);
}

/* A page of a kiosk: what is sent, and which button of the bar was pressed (NULL: none). */
static void stand(const struct own_face *face, enum site_event event, const char *state, int status,
		  struct typed *typed, const char *name, const char *value)
{
	char group[PATH_BYTES];
	snprintf(group, sizeof group, "kiosk-%s", face->form->name);
	if (typed) {
		typed_add(typed, "view-size", "1");
		typed_add(typed, "view-contrast", "0");
		typed_add(typed, "view-listen", "0");
	}
	const struct asked asked = {
		.shown = {group, state, face->tag, status},
		.path = hall(face->arena, face->site->codes[face->number][event], face->tag),
		.typed = typed,
		.name = name,
		.value = value,
	};
	ask(face->site, &asked);
}

/* Every state of the form that many will see; of the one with every kind of question what its questions look like. */
static void show_kiosk_form(const struct own_face *face, const char *version)
{
	struct typed typed;
	stand(face, SITE_OPEN, "fresh", 200, NULL, NULL, NULL);
	open_page(&typed, face, version);
	typed_wrong(&typed, 0);
	stand(face, SITE_OPEN, "mistakes", 422, &typed, NULL, NULL);
	open_page(&typed, face, version);
	typed_right(&typed);
	stand(face, SITE_OPEN, "large", 200, &typed, "view-size", "3");
	open_page(&typed, face, version);
	typed_right(&typed);
	stand(face, SITE_OPEN, "contrast", 200, &typed, "view-contrast", "1");
}

static void show_kiosk_answers(const struct own_face *face, const char *version)
{
	struct typed typed;
	stand(face, SITE_PRACTICE, "practice", 200, NULL, NULL, NULL);
	stand(face, SITE_PLANNED, "planned", 200, NULL, NULL, NULL);
	stand(face, SITE_CLOSED, "closed", 200, NULL, NULL, NULL);
	open_page(&typed, face, version);
	typed_right(&typed);
	stand(face, SITE_OPEN, "thanks", 200, &typed, NULL, NULL);
	open_page(&typed, face, version);
	typed_right(&typed);
	stand(face, SITE_CLOSED, "late", 410, &typed, NULL, NULL);
	site_spooler_sleeps(true);
	open_page(&typed, face, version);
	typed_right(&typed);
	stand(face, SITE_OPEN, "not-saved", 503, &typed, NULL, NULL);
	site_spooler_sleeps(false);
	open_page(&typed, face, "999");
	stand(face, SITE_OPEN, "old-form", 400, &typed, NULL, NULL);
}

/* What an event shows before a language was chosen: in the one that the event has first, in Wales in two. */
static void show_starts(struct site *site, struct arena *arena)
{
	const struct typed pressed = {.fields = (struct http_field[]){{"view-size", "1"}}, .count = 1};
	const struct {
		const char *state, *tag, *code;
		const struct typed *typed;
	} rows[] = {
		{"start", "en", site->codes[SITE_FORM_CONVERSATION][SITE_OPEN], NULL},
		{"start-set", "en", site->codes[SITE_FORM_CONVERSATION][SITE_OPEN], &pressed},
		{"start-wales", "cy", site->codes[SITE_FORM_CONVERSATION][SITE_WALES], NULL},
		{"start-practice", "en", site->codes[SITE_FORM_CONVERSATION][SITE_PRACTICE], NULL},
		{"start-several", "en", site->several, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct asked asked = {
			.shown = {"kiosk", rows[i].state, rows[i].tag, 200},
			.path = hall(arena, rows[i].code, NULL),
			.typed = rows[i].typed,
			.name = rows[i].typed ? "view-size" : NULL,
			.value = "2",
		};
		ask(site, &asked);
	}
}

static void show_kiosk(struct site *site, const char *tag, struct arena *arena)
{
	static const size_t numbers[] = {SITE_FORM_CONVERSATION, SITE_FORM_EVERYTHING};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		const struct form *form = site->forms[numbers[i]];
		int language = form_language(form, tag);
		char version[16];
		if (language < 0)
			continue;
		const struct own_face face = {site, arena, numbers[i], form, tag, language};
		snprintf(version, sizeof version, "%u", form->version);
		show_kiosk_form(&face, version);
		if (numbers[i] == SITE_FORM_CONVERSATION)
			show_kiosk_answers(&face, version);
	}
	struct asked asked = {.shown = {"kiosk", "forms", tag, 200}, .path = hall(arena, site->several, tag)};
	if (form_language(site->forms[SITE_FORM_BEFORE], tag) >= 0)
		ask(site, &asked);
	asked = (struct asked){.shown = {"kiosk", "unknown-code", tag, 404}, .path = hall(arena, "ZZZZZ9", tag)};
	ask(site, &asked);
}

/* ---- the small pages -------------------------------------------------------------------------------------------------------- */

static void show_small(struct site *site, const char *tag, struct arena *arena)
{
	static const struct {
		const char *group, *state, *path; /* "": nothing before the language */
		int status;
		const char *name, *value;
	} rows[] = {
		{"home", "fresh", "", 200, NULL, NULL},
		{"home", "nothing", "", 422, "code", ""},
		{"home", "wrong", "", 422, "code", "E4K"},
		{"home", "receipt", "", 422, "code", right_receipt},
		{"home", "unknown-code", "ZZZZZ9", 404, NULL, NULL},
		{"help", "fresh", "help", 200, NULL, NULL},
		{"privacy", "fresh", "privacy", 200, NULL, NULL},
		{"accessibility", "fresh", "accessibility", 200, NULL, NULL},
		{"cookies", "fresh", "cookies", 200, NULL, NULL},
		{"areas", "fresh", "areas", 200, NULL, NULL},
		{"areas", "one", "areas/thames-and-chiltern", 200, NULL, NULL},
		{"areas", "nothing", "areas/wessex", 200, NULL, NULL},
		{"areas", "unknown", "areas/atlantis", 404, NULL, NULL},
		{"withdraw", "fresh", "withdraw", 200, NULL, NULL},
		{"withdraw", "nothing", "withdraw", 422, "receipt", ""},
		{"withdraw", "short", "withdraw", 422, "receipt", "K7QX 9M2T"},
		{"withdraw", "code", "withdraw", 422, "receipt", "E4K7QX"},
		{"withdraw", "wrong", "withdraw", 422, "receipt", wrong_receipt},
		{"withdraw", "done", "withdraw", 200, "receipt", right_receipt},
		{"withdraw", "not-saved", "withdraw", 503, "receipt", right_receipt},
		{"withdraw", "refused", "withdraw", 400, "code", "E4K"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct asked asked = {
			.shown = {rows[i].group, rows[i].state, tag, rows[i].status},
			.path = *rows[i].path ? address(arena, rows[i].path, tag) : address(arena, tag, NULL),
			.name = rows[i].name,
			.value = rows[i].value,
		};
		site_spooler_sleeps(rows[i].status == 503);
		ask(site, &asked);
	}
	site_spooler_sleeps(false);
}

/* Pages whose language the browser says, since the address does not. (Nobody's browser asks for Easy Read.) */
static void show_unaddressed(struct site *site, const char *tag, struct arena *arena)
{
	struct asked asked = {.shown = {"home", "not-found", tag, 404}, .path = "/nowhere"};
	if (strstr(tag, "-x-"))
		return;
	ask(site, &asked);
	asked = (struct asked){.shown = {"chooser", "forms", tag, 200}, .path = address(arena, site->several, NULL)};
	if (form_language(site->forms[SITE_FORM_BEFORE], tag) >= 0)
		ask(site, &asked);
}

/* Trouble that a request cannot be made to have. */
static void show_failed(struct site *site, const char *tag, struct arena *arena)
{
	struct http_request request = {.path = address(arena, tag, NULL), .accept_language = tag};
	struct http_response response = {0};
	struct visit visit;
	const enum word paragraphs[] = {WORD_failed_text};
	visit_init(&visit, &site->app, &request, arena);
	page_message(&visit, 500, WORD_failed_title, paragraphs, 1, false, &response);
	const struct shown shown = {"home", "failed", tag, 500, NULL};
	write_page(&shown, response.body, response.body_length);
}

/* ---- nginx's own pages -------------------------------------------------------------------------------------------------------- */

/* down_pages.c writes into an instance; here that is a folder. */
const char *instance_path(struct instance *instance, const char *name)
{
	const char *path = arena_printf(&instance->arena, "%s", name);
	return path ? path : "";
}

int complain_err(enum err error, const char *format, ...)
{
	(void) format;
	fail(err_name(error), "nginx's pages");
}

static void show_down(const struct site *site, struct arena *arena)
{
	static const char *const names[] = {"not-saved", "too-many",  "too-many-receipts", "too-large",
					    "refused",   "not-found", "team-down",         "staff-down"};
	struct instance instance = {.arena = *arena};
	if (down_pages_write(&instance, site->words) != 0)
		fail("not written", "nginx's pages");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		static char html[1 << 20];
		char path[PATH_BYTES];
		snprintf(path, sizeof path, "pages/%s.html", names[i]);
		FILE *file = fopen(path, "r");
		size_t read = file ? fread(html, 1, sizeof html, file) : 0;
		if (!read || fclose(file) != 0)
			fail("cannot be read", path);
		const struct shown shown = {"nginx", names[i], "nginx", 0, NULL};
		write_page(&shown, html, read);
	}
	*arena = instance.arena;
}

int main(int argc, char **argv)
{
	static struct site site;
	char scratch[] = "/tmp/soundings-gallery-XXXXXX", command[sizeof scratch + 16];
	if (argc != 2) {
		fputs("usage: gallery OUT\n", stderr);
		return 64;
	}
	make_folder(argv[1]);
	if (!realpath(argv[1], out_folder) || !mkdtemp(scratch))
		fail(strerror(errno), argv[1]);
	pages = json_array();
	site_make(&site, scratch);
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, REQUEST_BYTES);
	for (size_t i = 0; i < site.words->count; i++) {
		const char *tag = site.words->list[i].language;
		show_small(&site, tag, &arena);
		show_unaddressed(&site, tag, &arena);
		show_failed(&site, tag, &arena);
	}
	for (size_t i = 0; i < SITE_FORMS; i++) {
		arena_reset(&arena);
		show_form(&site, i, &arena);
	}
	for (size_t i = 0; i < site.words->count; i++) {
		arena_reset(&arena);
		show_kiosk(&site, site.words->list[i].language, &arena);
	}
	show_starts(&site, &arena);
	const struct asked chooser = {.shown = {"chooser", "wales", "cy", 200},
				      .path = address(&arena, site.codes[SITE_FORM_CONVERSATION][SITE_WALES], NULL)};
	ask(&site, &chooser);
	show_down(&site, &arena);
	char list[PATH_MAX + PATH_BYTES];
	snprintf(list, sizeof list, "%s/pages.json", out_folder);
	if (json_dump_file(pages, list, JSON_INDENT(1)) != 0)
		fail("cannot be written", list);
	json_decref(pages);
	catalogue_close(site.app.catalogue);
	arena_fini(&site.arena);
	snprintf(command, sizeof command, "rm -r %s", scratch);
	return system(command) != 0;
}
