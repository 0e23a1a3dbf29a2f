/* SPDX-License-Identifier: MIT */
/* pages_poster.c: posters, tents, cards, slides and codes of an event: chosen and seen on one page, and handed out as files.
 *
 * What is chosen stands in the query, since nothing is changed by it. poster(1) draws, behind its socket, and hands out only what it has
 * read back; so whatever is shown here works. */
#include "app.h"
#include "controls.h"
#include "event_words.h"
#include "routes.h"

#include "lib/form/form_document.h"
#include "lib/placard/placard.h"
#include "lib/print/poster_client.h"
#include "lib/view/organiser_loop.h"
#include "pages/organiser/poster.h"

#include <stdlib.h>
#include <string.h>

enum { QUERY_MAX = 1000, LANGUAGES_OFFERED = 24, METRE_CM = 100 };

static const unsigned distances_cm[] = {25, 50, 100, 150, 200, 300, 500};
enum { DISTANCES = sizeof distances_cm / sizeof distances_cm[0] };

static enum word of(int word)
{
	return (enum word) word;
}

/* ---- what is asked for ------------------------------------------------------------------------------------------------------------ */

struct asked {
	struct placard_event about;
	const char *offered[LANGUAGES_OFFERED]; /* languages that posters of this event can be in */
	size_t offered_count;
	struct placard_choice choice;
	bool has_too_many; /* languages */
};

static enum err load_form(struct visit *visit, struct form **out)
{
	const struct catalogue_event *event = &visit->event->shown;
	uint32_t version = 0;
	char *document = NULL;
	size_t length = 0;
	*out = NULL;
	if (event->forms_count == 0)
		return ERR_OK;
	enum err error =
		office_form_get(visit->office, event->forms[0].form, 0, visit->arena, &version, &document, &length);
	return error ? error : form_document_decode(document, length, version, visit->arena, out);
}

static bool is_ticked(const struct visit *visit, const char *name, const char *value)
{
	for (size_t i = 0; i < visit->request->query_count; i++)
		if (strcmp(visit->request->query[i].name, name) == 0 &&
		    strcmp(visit->request->query[i].value, value) == 0)
			return true;
	return false;
}

/* In the order in which they are offered, whatever the order of the query. */
static void read_languages(const struct visit *visit, struct asked *asked)
{
	struct placard_choice *choice = &asked->choice;
	for (size_t i = 0; i < asked->offered_count; i++) {
		if (!is_ticked(visit, "language", asked->offered[i]))
			continue;
		if (choice->languages_count == POSTER_FACES_MAX)
			asked->has_too_many = true;
		else
			choice->languages[choice->languages_count++] = asked->offered[i];
	}
	for (size_t i = 0; choice->languages_count == 0 && i < asked->offered_count && i < POSTER_FACES_MAX; i++)
		choice->languages[i] = asked->offered[i];
	if (choice->languages_count == 0)
		choice->languages_count =
			asked->offered_count < POSTER_FACES_MAX ? asked->offered_count : (size_t) POSTER_FACES_MAX;
}

static unsigned read_distance(const struct visit *visit)
{
	const char *typed = visit_query(visit, "distance");
	for (size_t i = 0; i < DISTANCES; i++)
		if (strtoul(typed, NULL, 10) == distances_cm[i])
			return distances_cm[i];
	return 0;
}

static enum err read_asked(struct visit *visit, struct asked *out)
{
	const struct catalogue_event *event = &visit->event->shown;
	struct office_event_detail detail;
	struct form *form = NULL;
	*out = (struct asked){0};
	enum err error = office_event_detail(visit->office, event->code, visit->arena, &detail);
	if (!error)
		error = load_form(visit, &form);
	if (error)
		return error;
	out->about = (struct placard_event){.event = event,
					    .form = form,
					    .closes_on = detail.closes_on,
					    .base_url = visit->app->conf.base_url,
					    .organisation = visit->organisation,
					    .words = visit_languages(visit)};
	out->offered_count = placard_languages(&out->about, out->offered, LANGUAGES_OFFERED);
	bool is_asked = is_ticked(visit, "asked", "yes");
	out->choice = (struct placard_choice){
		.kind = POSTER_A4,
		.format = POSTER_PDF,
		.is_laminated = is_ticked(visit, "laminated", "yes"),
		.distance_cm = read_distance(visit),
		.is_refuge = is_asked ? is_ticked(visit, "refuge", "yes") : detail.is_refuge,
	};
	if (!poster_kind_find(visit_query(visit, "kind"), &out->choice.kind))
		out->choice.kind = POSTER_A4;
	if (!poster_format_find(visit_query(visit, "format"), &out->choice.format))
		out->choice.format = POSTER_PDF;
	read_languages(visit, out);
	return ERR_OK;
}

/* ERR_BUSY without words in TROUBLE: as many others wait for a poster as may. Else as poster_client_ask. */
static enum err draw(struct visit *visit, const struct asked *asked, struct poster_request *request,
		     struct strbuf *file, struct poster_trouble *trouble)
{
	trouble->words[0] = '\0';
	enum err error = placard_request(&asked->about, &asked->choice, visit->arena, request);
	if (error)
		return error;
	int place = 0;
	error = gate_enter(visit->app->poster_gate, 0, &place);
	if (error)
		return error;
	error = poster_client_ask(POSTER_CLIENT_SOCKET, request, POSTER_CLIENT_TIMEOUT_MS, file, trouble);
	gate_leave(visit->app->poster_gate, place);
	return error;
}

/* ---- the page ----------------------------------------------------------------------------------------------------------------------- */

static struct control kinds(const struct visit *visit, const struct asked *asked)
{
	static const struct {
		int label, hint;
	} words[POSTER_KIND_COUNT] = {
		[POSTER_A4] = {WORD_o_poster_kind_a4, WORD_o_poster_kind_a4_hint},
		[POSTER_A3] = {WORD_o_poster_kind_a3, WORD_o_poster_kind_a3_hint},
		[POSTER_TENT] = {WORD_o_poster_kind_tent, WORD_o_poster_kind_tent_hint},
		[POSTER_CARDS] = {WORD_o_poster_kind_cards, WORD_o_poster_kind_cards_hint},
		[POSTER_SLIDE] = {WORD_o_poster_kind_slide, WORD_o_poster_kind_slide_hint},
		[POSTER_QR] = {WORD_o_poster_kind_qr, WORD_o_poster_kind_qr_hint},
	};
	struct control_option *options = arena_array(visit->arena, POSTER_KIND_COUNT, struct control_option);
	for (int i = 0; options && i < POSTER_KIND_COUNT; i++)
		options[i] = (struct control_option){.value = poster_kind_name((enum poster_kind) i),
						     .label = visit_words(visit, of(words[i].label)),
						     .hint = visit_words(visit, of(words[i].hint)),
						     .is_chosen = asked->choice.kind == (enum poster_kind) i};
	return control_options(visit, "kind", WORD_o_poster_kind, CONTROL_NO_HINT, options,
			       options ? POSTER_KIND_COUNT : 0);
}

/* One language: nothing to choose. */
static struct control languages(const struct visit *visit, const struct asked *asked)
{
	size_t count = asked->offered_count > 1 ? asked->offered_count : 0;
	struct control_option *options = arena_array(visit->arena, count + 1, struct control_option);
	for (size_t i = 0; options && i < count; i++) {
		const char *tag = asked->offered[i];
		bool is_chosen = false;
		for (size_t k = 0; k < asked->choice.languages_count; k++)
			is_chosen |= strcmp(asked->choice.languages[k], tag) == 0;
		options[i] = (struct control_option){
			.value = tag,
			.label = event_language_name(visit, tag),
			.lang = arena_strndup(visit->arena, tag, strcspn(tag, "-")),
			.is_chosen = is_chosen || (asked->has_too_many && is_ticked(visit, "language", tag))};
	}
	struct control control = control_options(visit, "language", WORD_o_poster_languages,
						 WORD_o_poster_languages_hint, options, count);
	control.is_small = true;
	return control;
}

static struct control distances(const struct visit *visit, const struct asked *asked)
{
	struct control_option *options = arena_array(visit->arena, DISTANCES + 1, struct control_option);
	if (options)
		options[0] = (struct control_option){.value = "",
						     .label = visit_words(visit, of(WORD_o_poster_distance_usual)),
						     .is_chosen = asked->choice.distance_cm == 0};
	for (size_t i = 0; options && i < DISTANCES; i++) {
		unsigned cm = distances_cm[i];
		bool is_metres = cm >= METRE_CM;
		const char *value = arena_printf(visit->arena, "%u", cm);
		const char *number = !is_metres ? value
				     : cm % METRE_CM == 0
					     ? arena_printf(visit->arena, "%u", cm / METRE_CM)
					     : arena_printf(visit->arena, "%u.%u", cm / METRE_CM, cm % METRE_CM / 10);
		options[i + 1] = (struct control_option){
			.value = value,
			.label = visit_words_with(visit,
						  of(is_metres ? WORD_o_poster_distance_m : WORD_o_poster_distance_cm),
						  "n", number),
			.is_chosen = asked->choice.distance_cm == cm};
	}
	return control_options(visit, "distance", WORD_o_poster_distance, CONTROL_NO_HINT, options,
			       options ? DISTANCES + 1 : 0);
}

static struct control tick(const struct visit *visit, const char *name, int label, int hint, bool is_chosen)
{
	struct control_option *option = arena_new(visit->arena, struct control_option);
	if (option)
		*option = (struct control_option){.value = "yes",
						  .label = visit_words(visit, of(label)),
						  .hint = visit_words(visit, of(hint)),
						  .is_chosen = is_chosen};
	return control_options(visit, name, label, CONTROL_NO_HINT, option, option ? 1 : 0);
}

/* The file's address with everything that was chosen. */
static struct safe_url file_url(const struct visit *visit, const struct asked *asked, enum poster_format format,
				bool is_inline)
{
	const struct placard_choice *choice = &asked->choice;
	CLEANUP_STRBUF struct strbuf url;
	strbuf_init(&url, QUERY_MAX);
	strbuf_putf(&url, "/events/%s/poster/file?asked=yes&kind=%s&format=%s", visit->event->shown.code,
		    poster_kind_name(choice->kind), poster_format_name(format));
	for (size_t i = 0; i < choice->languages_count; i++)
		strbuf_putf(&url, "&language=%s", choice->languages[i]);
	if (choice->is_laminated)
		strbuf_puts(&url, "&laminated=yes");
	if (choice->distance_cm)
		strbuf_putf(&url, "&distance=%u", choice->distance_cm);
	strbuf_puts(&url, choice->is_refuge ? "&refuge=yes" : "");
	strbuf_puts(&url, is_inline ? "&inline=1" : "");
	char *copy = strbuf_error(&url) ? NULL : arena_strdup(visit->arena, strbuf_text(&url));
	return view_url(copy ? copy : "#");
}

/* What to tell of an ERROR of draw, and whether the poster's own sentence says more than that. The poster names keys of its request, which
 * say nothing to organisers; the usual refusals have words here. */
struct told {
	int status, title, text;
	bool has_detail;
};

static int refusal_words(const struct asked *asked, const char *sentence)
{
	bool is_far = strncmp(sentence, "distance_cm: ", strlen("distance_cm: ")) == 0;
	bool is_long = strncmp(sentence, "the words do not fit ", strlen("the words do not fit ")) == 0;
	if (is_far && asked->choice.distance_cm)
		return WORD_o_poster_too_far;
	if (strstr(sentence, "has a sign"))
		return WORD_o_poster_sign;
	if (strstr(sentence, "title (") || (strstr(sentence, "title has ") && strstr(sentence, "is the most")))
		return WORD_o_poster_title_long;
	if (!is_long)
		return WORD_o_poster_refused_text;
	if (asked->choice.languages_count == 1)
		return WORD_o_poster_no_room;
	return asked->choice.kind == POSTER_A4 && !asked->choice.is_refuge ? WORD_o_poster_languages_a3
									   : WORD_o_poster_languages_fewer;
}

static struct told tell(const struct asked *asked, enum err error, const struct poster_trouble *trouble)
{
	bool has_words = trouble->words[0] != '\0';
	if (asked->has_too_many)
		return (struct told){422, WORD_o_poster_refused_title, WORD_o_poster_too_many, false};
	if (error == ERR_BUSY && !has_words)
		return (struct told){503, WORD_o_poster_busy_title, WORD_o_poster_crowded, false};
	if (error != ERR_INVALID)
		return (struct told){503, WORD_o_poster_busy_title, WORD_o_poster_busy_text, false};
	if (!has_words)
		return (struct told){422, WORD_o_poster_address_title, WORD_o_poster_address_text, false};
	return (struct told){422, WORD_o_poster_refused_title, refusal_words(asked, trouble->words), true};
}

/* Tries it, so that what the page shows is what was read back; else says why there is none. */
static int try_it(struct visit *visit, const struct asked *asked, struct page_poster *page)
{
	CLEANUP_STRBUF struct strbuf file;
	struct poster_request request;
	struct poster_trouble trouble = {{0}};
	struct asked picture = *asked;
	picture.choice.format = POSTER_PNG;
	strbuf_init(&file, POSTER_CLIENT_FILE_MAX_BYTES);
	enum err error = asked->has_too_many ? ERR_TOO_BIG : draw(visit, &picture, &request, &file, &trouble);
	page->is_fine = error == ERR_OK;
	if (page->is_fine)
		return 200;
	struct told told = tell(asked, error, &trouble);
	page->trouble_title = visit_words(visit, of(told.title));
	page->trouble_text = visit_words(visit, of(told.text));
	page->trouble = told.has_detail ? arena_strdup(visit->arena, trouble.words) : NULL;
	page->is_trouble_plain = told.text == WORD_o_poster_refused_text;
	return told.text == WORD_o_poster_crowded ? told.status : 200; /* otherwise the page is what was asked for */
}

static const char *hint_of(const struct visit *visit, const struct office_event_detail *detail)
{
	const struct catalogue_event *event = &visit->event->shown;
	if (*detail->points_to)
		return visit_words(visit, of(WORD_o_poster_points));
	if (event->state == EVENT_PLANNED)
		return visit_words_with(visit, of(WORD_o_poster_planned), "day",
					visit_date(visit, detail->opens_on.year ? detail->opens_on : event->held_on));
	return NULL;
}

static bool has_drawing(enum poster_kind kind)
{
	size_t count = 0;
	const enum poster_format *formats = placard_formats(kind, &count);
	for (size_t i = 0; i < count; i++)
		if (formats[i] == POSTER_SVG)
			return true;
	return false;
}

void poster_page(struct visit *visit)
{
	const struct catalogue_event *event = &visit->event->shown;
	struct asked asked;
	struct office_event_detail detail;
	enum err error = read_asked(visit, &asked);
	if (!error)
		error = office_event_detail(visit->office, event->code, visit->arena, &detail);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	struct page_poster page = {
		.title = visit_words_with(visit, of(WORD_o_poster_title), "title", event->title),
		.code = event->code,
		.hint = hint_of(visit, &detail),
		.kind = kinds(visit, &asked),
		.languages = languages(visit, &asked),
		.laminated = tick(visit, "laminated", WORD_o_poster_laminated, WORD_o_poster_laminated_hint,
				  asked.choice.is_laminated),
		.distance = distances(visit, &asked),
		.refuge =
			tick(visit, "refuge", WORD_o_poster_refuge, WORD_o_poster_refuge_hint, asked.choice.is_refuge),
		.preview_url = file_url(visit, &asked, POSTER_PNG, true),
		.pdf_url = file_url(visit, &asked, POSTER_PDF, false),
		.png_url = file_url(visit, &asked, POSTER_PNG, false),
		.svg_url = has_drawing(asked.choice.kind) ? file_url(visit, &asked, POSTER_SVG, false)
							  : (struct safe_url){""},
	};
	int status = try_it(visit, &asked, &page);
	visit_frame_text(visit, page.title, "/events");
	visit_back(visit, of(WORD_o_events_title), visit_url(visit, "/events/%s", event->code));
	visit->page.is_wide = true;
	page.page = visit->page;
	visit_print(visit, status, organiser_poster_html, &page);
}

/* ---- the file ----------------------------------------------------------------------------------------------------------------------- */

static void hand_out(struct visit *visit, const struct poster_request *request, const struct strbuf *file)
{
	static const char *const types[POSTER_FORMAT_COUNT] = {
		[POSTER_PDF] = "application/pdf", [POSTER_PNG] = "image/png", [POSTER_SVG] = "image/svg+xml"};
	const char *name = placard_file(request, visit->arena);
	visit_file(visit, types[request->format], name ? name : "poster", is_ticked(visit, "inline", "1"), file->data,
		   file->length);
}

void poster_file(struct visit *visit)
{
	CLEANUP_STRBUF struct strbuf file;
	struct asked asked;
	struct poster_request request;
	struct poster_trouble trouble = {{0}};
	strbuf_init(&file, POSTER_CLIENT_FILE_MAX_BYTES);
	enum err error = read_asked(visit, &asked);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	error = asked.has_too_many ? ERR_INVALID : draw(visit, &asked, &request, &file, &trouble);
	if (error) {
		struct told told = tell(&asked, error, &trouble);
		visit_say(visit, told.status, of(told.title), of(told.text));
		return;
	}
	hand_out(visit, &request, &file);
}
