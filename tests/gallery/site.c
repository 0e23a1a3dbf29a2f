/* SPDX-License-Identifier: MIT */
/* site.c: publishes the shipped forms, and the one with every kind of question, for events that were never held. Only the dates are made
 * up, and the places; keys are fresh each time and show nowhere. */
#include "site.h"

#include "lib/catalogue/shown.h"
#include "lib/form/form_document.h"
#include "lib/form/form_load.h"
#include "lib/form/organisation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SITE_BYTES = 128 << 20, SITE_VERSION = 3 };

/* CODE: how the codes of its events begin. */
static const struct {
	const char *folder, *library, *code, *title, *place, *programme;
} sources[SITE_FORMS] = {
	{"forms/community-conversation", "forms/library", "CC", "Community Conversation, Slough",
	 "Chalvey Community Centre", "community-conversation"},
	{"forms/work-experience-before", "forms/library", "WB", "Work experience, spring", "Reading Crown Court",
	 "work-experience"},
	{"forms/work-experience-day", "forms/library", "WD", "Work experience, spring", "Reading Crown Court",
	 "work-experience"},
	{"forms/work-experience-end", "forms/library", "WE", "Work experience, spring", "Reading Crown Court",
	 "work-experience"},
	{"tests/forms/everything", "tests/forms/library", "EV", "The tea party", "Under the big tree", "engagement"},
	{"tests/forms/agreement", "tests/forms/library", "AG", "Limits", "Nowhere", "engagement"},
};

static const struct {
	const char *sign;
	enum event_state state;
} kinds[SITE_EVENT_COUNT] = {
	[SITE_OPEN] = {"2222", EVENT_OPEN},     [SITE_PRACTICE] = {"3333", EVENT_OPEN},
	[SITE_WALES] = {"4444", EVENT_OPEN},    [SITE_PLANNED] = {"5555", EVENT_PLANNED},
	[SITE_CLOSED] = {"6666", EVENT_CLOSED}, [SITE_RELEASED] = {"7777", EVENT_RELEASED},
};

static _Noreturn void fail(const char *what, enum err error)
{
	fprintf(stderr, "gallery: %s: %s\n", what, err_name(error));
	exit(1);
}

static void must(const char *what, enum err error)
{
	if (error)
		fail(what, error);
}

static void *some(void *pointer)
{
	if (!pointer)
		fail("memory", ERR_NOMEM);
	return pointer;
}

static void load_texts(struct site *site, struct problems *problems, struct catalogue_content *content)
{
	struct organisation *organisation = NULL;
	struct words_set *words = some(arena_alloc(&site->arena, sizeof *words, _Alignof(struct words_set)));
	char *text = NULL;
	size_t length = 0;
	must("forms/organisation.yaml",
	     organisation_load("forms/organisation.yaml", &site->arena, &organisation, problems));
	must("forms/strings", words_load("forms/strings", &site->arena, words, problems));
	must("organisation", organisation_encode(organisation, &site->arena, &text, &length));
	content->organisation = text;
	must("words", words_encode(words, &site->arena, &text, &length));
	content->words = text;
	site->words = words;
}

static void load_forms(struct site *site, struct problems *problems, struct catalogue_content *content)
{
	struct catalogue_form_version *versions =
		some(arena_array(&site->arena, SITE_FORMS, struct catalogue_form_version));
	for (size_t i = 0; i < SITE_FORMS; i++) {
		enum err error =
			form_load(sources[i].folder, sources[i].library, &site->arena, &site->forms[i], problems);
		if (error) {
			problems_print(problems, stderr);
			fail(sources[i].folder, error);
		}
		char *document = NULL;
		size_t length = 0;
		must(sources[i].folder, form_document_encode(site->forms[i], &site->arena, &document, &length));
		site->forms[i]->version = SITE_VERSION;
		versions[i] = (struct catalogue_form_version){site->forms[i]->name, SITE_VERSION, document, length};
	}
	content->forms = versions;
	content->forms_count = SITE_FORMS;
}

/* What was heard and done: in two languages, one of them alone, in each state; and signs that are no markup of ours. */
static const struct shown_text court[] = {
	{"en", "Meeting the other side at court",
	 "I was afraid to meet him in the corridor.\nNobody told me there is another way in.",
	 "The court in Reading now has an entrance of its own for witnesses. We tell everybody about it in the first "
	 "letter."},
	{"cy", "Cwrdd â’r ochr arall yn y llys",
	 "Roedd arna i ofn cwrdd ag ef yn y coridor.\nDdywedodd neb wrtha i fod ffordd arall i mewn.",
	 "Mae gan y llys yn Reading fynedfa ei hun i dystion erbyn hyn. Rydym yn dweud wrth bawb amdani yn y llythyr "
	 "cyntaf."},
	{"en-x-easy", "Going to court", "I was scared to see him at court.",
	 "There is now a door for you. You do not have to see him."},
};
static const struct shown_text letters[] = {
	{"en", "Letters that are hard to read",
	 "Your letters use words like <i>disclosure</i> & “bad character”. What do they mean?",
	 "We are writing all 14 letters again, in plain words. Ten of them are ready. People who came to this event "
	 "read each one first."},
};
static const struct shown_text money[] = {
	{"en", "Getting to court costs money", "I had to borrow money for the bus.",
	 "Fares are paid after the trial. The law says so, and we cannot change it. We can give you a travel card "
	 "before, if you ask us."},
	{"ar", "الذهاب إلى المحكمة يكلّف مالًا", "اضطررت إلى اقتراض المال لأجل الحافلة.",
	 "تُدفع الأجرة بعد المحاكمة. هكذا يقول القانون ولا نستطيع تغييره. نستطيع أن نعطيكم بطاقة سفر قبل ذلك إن طلبتم."},
};
static const struct shown_text schools[] = {
	{"en", "Come to our schools", "Young people do not know what the CPS does.", ""},
};

static const struct shown_action heard[] = {
	{"1000000000000001", SHOWN_DONE, SHOWN_MANY, NULL, {0}, {2027, 5, 20}, court, 3},
	{"1000000000000002", SHOWN_DOING, SHOWN_SEVERAL, NULL, {0}, {2027, 5, 2}, letters, 1},
	{"1000000000000003", SHOWN_CANNOT, SHOWN_A_FEW, NULL, {0}, {2027, 4, 30}, money, 2},
	{"1000000000000004", SHOWN_HEARD, SHOWN_UNSAID, NULL, {0}, {2027, 3, 8}, schools, 1},
};

enum { SITE_HEARD = sizeof heard / sizeof heard[0] };

static const char *shown_of_event(struct site *site)
{
	const struct shown shown = {.next_on = {2027, 6, 6}, .actions = heard, .actions_count = SITE_HEARD};
	char *document = NULL;
	must("what is shown", shown_encode(&shown, &site->arena, &document));
	return document;
}

/* The same of an Area, where it says at which event it was said. */
static void add_areas(struct site *site, struct catalogue_content *content)
{
	struct shown_action actions[SITE_HEARD];
	struct catalogue_area *areas = some(arena_array(&site->arena, 1, struct catalogue_area));
	char *document = NULL;
	for (size_t i = 0; i < SITE_HEARD; i++) {
		actions[i] = heard[i];
		if (i > 0) {
			actions[i].event = "Talk & tea: “trust”";
			actions[i].held_on = (struct date){2027, 3, 8};
		}
	}
	const struct shown shown = {.actions = actions, .actions_count = SITE_HEARD};
	must("what is shown", shown_encode(&shown, &site->arena, &document));
	areas[0] = (struct catalogue_area){"thames-and-chiltern", document};
	content->areas = areas;
	content->areas_count = 1;
}

/* The tags that a person can choose. */
static const char **languages_of(struct site *site, const struct form *form, size_t *count)
{
	const char **tags = some(arena_array(&site->arena, form->languages_count, const char *));
	*count = 0;
	for (size_t i = 0; i < form->languages_count; i++)
		if (form_language_is_chosen(&form->languages[i]))
			tags[(*count)++] = form->languages[i].tag;
	return tags;
}

static void add_event(struct site *site, struct catalogue_content *content, size_t form, enum site_event kind)
{
	struct catalogue_form_ref *ref = some(arena_array(&site->arena, 1, struct catalogue_form_ref));
	*ref = (struct catalogue_form_ref){site->forms[form]->name, SITE_VERSION};
	struct catalogue_event event = {
		.code = some(arena_printf(&site->arena, "%s%s", sources[form].code, kinds[kind].sign)),
		.title = sources[form].title,
		.place = sources[form].place,
		.held_on = {.year = 2027, .month = 3, .day = 8},
		.area = "thames-and-chiltern",
		.programme = sources[form].programme,
		.is_practice = kind == SITE_PRACTICE,
		.is_wales = kind == SITE_WALES,
		.is_careful = site->forms[form]->safety == FORM_SAFETY_EXIT_PAGE,
		.note = kind == SITE_PRACTICE ? "Tea is at 4.\nThe doors on the left are <open>." : NULL,
		.shown = kind == SITE_RELEASED ? shown_of_event(site) : NULL,
		.state = kinds[kind].state,
		.forms = ref,
		.forms_count = kind == SITE_RELEASED ? 0 : 1, /* as the office publishes one whose answers are shown */
	};
	if (event.is_wales) {
		event.area = "cymru-wales";
		event.place = "Neuadd y Ddinas, Caerdydd";
	}
	event.languages = languages_of(site, site->forms[form], &event.languages_count);
	site->codes[form][kind] = event.code;
	site->events[content->events_count++] = event;
}

/* One day with three forms: people choose which. */
static void add_several(struct site *site, struct catalogue_content *content)
{
	struct catalogue_form_ref *refs = some(arena_array(&site->arena, SITE_FORMS, struct catalogue_form_ref));
	struct catalogue_event event = site->events[0];
	event.code = site->several = "WX2222";
	event.title = sources[SITE_FORM_BEFORE].title;
	event.place = sources[SITE_FORM_BEFORE].place;
	event.programme = sources[SITE_FORM_BEFORE].programme;
	event.languages = languages_of(site, site->forms[SITE_FORM_BEFORE], &event.languages_count);
	event.forms = refs;
	event.forms_count = 3;
	for (size_t i = 0; i < event.forms_count; i++)
		refs[i] = (struct catalogue_form_ref){site->forms[SITE_FORM_BEFORE + i]->name, SITE_VERSION};
	site->events[content->events_count++] = event;
}

static void publish(struct site *site, const struct catalogue_content *content)
{
	struct root_pair root, signer;
	struct keyset keyset = {.serial = 1, .periods_count = 2};
	char *text = NULL;
	size_t length = 0;
	must("keys", keys_start());
	keys_new_signing(&root);
	keys_new_signing(&signer);
	memcpy(keyset.content_public, signer.public_key, KEYS_PUBLIC_BYTES);
	for (size_t i = 0; i < 2; i++) {
		struct box_pair pair;
		keys_new_period(&pair);
		memcpy(keyset.periods[i].public_key, pair.public_key, KEYS_PUBLIC_BYTES);
		keys_id(pair.public_key, keyset.periods[i].id);
		keyset.periods[i].is_practice = i == 1;
		keyset.periods[i].is_current = true;
	}
	must("key set", keyset_encode(&keyset, &root, &site->arena, &text, &length));
	must("catalogue", catalogue_publish("catalogue", content, text, length, &signer, root.public_key));
	memcpy(site->app.root_public, root.public_key, KEYS_PUBLIC_BYTES);
}

static void open_app(struct site *site, struct problems *problems)
{
	struct app *app = &site->app;
	struct catalogue_refusal refusal = {.reason = "none"};
	must("soundings.conf", conf_load("soundings.conf", &site->arena, &app->conf, problems));
	must("catalogue", catalogue_open("catalogue", app->root_public, 0, 0, &app->catalogue, &refusal));
	app->is_seen = true;
	spool_init(&app->spool, "", 0);
	spool_init(&app->seen, "", 0);
}

void site_make(struct site *site, const char *folder)
{
	struct problems problems;
	struct catalogue_content *content;
	memset(site, 0, sizeof *site);
	arena_init(&site->arena, SITE_BYTES);
	problems_init(&problems, &site->arena);
	content = some(arena_array(&site->arena, 1, struct catalogue_content));
	content->serial = 1;
	load_texts(site, &problems, content);
	load_forms(site, &problems, content);
	content->events = site->events;
	for (size_t i = 0; i < SITE_FORMS; i++)
		for (int kind = 0; kind < SITE_EVENT_COUNT; kind++)
			add_event(site, content, i, (enum site_event) kind);
	add_several(site, content);
	add_areas(site, content);
	if (chdir(folder) != 0 || mkdir("catalogue", 0755) != 0)
		fail(folder, ERR_IO);
	publish(site, content);
	open_app(site, &problems);
}
