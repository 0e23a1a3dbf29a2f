/* SPDX-License-Identifier: MIT */
/* make_samples.c: makes envelopes, a recovery file, a key set and a catalogue for the readers in other languages, and
 * beside each what a reader must find in it. run.sh compares. Prints nothing; any failure ends it with a line that says
 * where.
 *
 *   make_samples FORMS_DIR OUT_DIR
 *
 * FORMS_DIR is the shipped forms/ folder. OUT_DIR must be there and be empty. */
#include <fcntl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/arena.h"
#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/base/random.h"
#include "lib/catalogue/catalogue.h"
#include "lib/catalogue/shown.h"
#include "lib/envelope/envelope.h"
#include "lib/form/form_document.h"
#include "lib/form/form_load.h"

#define EVENT "E4K7QX"
#define FORM "community-conversation"
#define KIOSK_ANSWERS                                                                                                  \
	"{\"better\":\"Caf\xc3\xa9 \xe2\x98\x95 \\\"da\\\"\\n\\t\\u001F\x7f/\",\"hard\":[\"words\",\"other\"]}"

static struct arena arena;
static const char *out_dir;

#define MUST(call) must((call), #call)

static void must(enum err error, const char *what)
{
	if (error == ERR_OK)
		return;
	fprintf(stderr, "make_samples: %s: %s\n", err_name(error), what);
	exit(1);
}

static const char *in(const char *folder, const char *name)
{
	const char *path = arena_printf(&arena, "%s/%s", folder, name);
	must(path == NULL ? ERR_NOMEM : ERR_OK, "arena");
	return path;
}

static void put(const char *name, const void *bytes, size_t length)
{
	MUST(file_write_new(AT_FDCWD, in(out_dir, name), bytes, length, 0644));
}

static void put_text(const char *name, const char *text)
{
	put(name, text, strlen(text));
}

static const char *hex(const uint8_t *bytes, size_t length)
{
	char *text = arena_alloc(&arena, 2 * length + 1, 1);
	must(text == NULL ? ERR_NOMEM : ERR_OK, "arena");
	codec_hex(bytes, length, text);
	return text;
}

/* ---- keys ----------------------------------------------------------------------------------------------------------
 */

struct keys {
	struct root_pair root, content;
	struct box_pair recovery, periods[2];
	struct keyset keyset;
	char *keyset_text;
	size_t keyset_length;
};

static void make_keys(struct keys *keys)
{
	uint8_t seed[KEYS_SEED_BYTES];
	char *text = NULL;
	random_bytes(seed, sizeof seed);
	keys_root(seed, &keys->root);
	keys_recovery(seed, &keys->recovery);
	MUST(keys_recovery_text(seed, "Neuadd y dref", "2026-11-21", &arena, &text));
	put_text("recovery.txt", text);
	put_text("recovery.expected", arena_printf(&arena, "%s\n%s\n", hex(keys->root.public_key, KEYS_PUBLIC_BYTES),
						   hex(keys->recovery.public_key, KEYS_PUBLIC_BYTES)));
	put_text("root.hex", hex(keys->root.public_key, KEYS_PUBLIC_BYTES));

	keys_new_signing(&keys->content);
	keys->keyset.serial = 12;
	memcpy(keys->keyset.content_public, keys->content.public_key, KEYS_PUBLIC_BYTES);
	memcpy(keys->keyset.recovery_public, keys->recovery.public_key, KEYS_PUBLIC_BYTES);
	keys->keyset.periods_count = 2;
	for (size_t i = 0; i < 2; i++) {
		struct period *period = &keys->keyset.periods[i];
		keys_new_period(&keys->periods[i]);
		memcpy(period->public_key, keys->periods[i].public_key, KEYS_PUBLIC_BYTES);
		keys_id(period->public_key, period->id);
		period->is_practice = i == 1;
		period->is_current = true;
	}
	MUST(keyset_encode(&keys->keyset, &keys->root, &arena, &keys->keyset_text, &keys->keyset_length));
	put("keyset", keys->keyset_text, keys->keyset_length);
	put_text("keyset.expected", strchr(keys->keyset_text, '\n') + 1);
	put_text("period.secret", hex(keys->periods[0].secret_key, KEYS_SECRET_BYTES));
	put_text("practice.secret", hex(keys->periods[1].secret_key, KEYS_SECRET_BYTES));
}

/* ---- envelopes -----------------------------------------------------------------------------------------------------
 */

static void put_ids(const char *name, const uint8_t nonce[ENVELOPE_NONCE_BYTES], const char *kiosk_answers,
		    struct letter *letter)
{
	uint8_t receipt[CODEC_RECEIPT_BYTES];
	char text[CODEC_RECEIPT_TEXT];
	envelope_id(EVENT, FORM, nonce, kiosk_answers, letter->id);
	envelope_receipt(EVENT, FORM, nonce, kiosk_answers, receipt);
	envelope_withdraw(receipt, letter->withdraw);
	codec_receipt(receipt, text);
	put_text(name, arena_printf(&arena, "%s\n%s\n%s\n", hex(letter->id, sizeof letter->id), text,
				    hex(letter->withdraw, sizeof letter->withdraw)));
}

/* NAME.letter and NAME.envelope. */
static void put_envelope(const char *name, const struct letter *letter, const struct period *period)
{
	static uint8_t envelope[ENVELOPE_MAX_BYTES];
	char *text = NULL;
	size_t length = 0, envelope_length = 0;
	MUST(letter_encode(letter, &arena, &text, &length));
	MUST(envelope_seal(text, length, period, envelope, &envelope_length));
	put_text(arena_printf(&arena, "%s.letter", name), text);
	put(arena_printf(&arena, "%s.envelope", name), envelope, envelope_length);
}

static void make_envelopes(const struct keys *keys)
{
	uint8_t nonce[ENVELOPE_NONCE_BYTES];
	const struct period *period = &keys->keyset.periods[0], *practice = &keys->keyset.periods[1];
	random_bytes(nonce, sizeof nonce);
	put_text("nonce.hex", hex(nonce, sizeof nonce));
	put_text("kiosk.answers", KIOSK_ANSWERS);

	struct letter letter = {.kind = LETTER_RESPONSE,
				.event = EVENT,
				.form = FORM,
				.version = 3,
				.language = "en",
				.variant = "",
				.mode = "phone",
				.answers = "{\"overall\":\"good\"}"};
	put_ids("phone.ids", nonce, NULL, &letter);
	put_envelope("phone", &letter, period);
	put_envelope("practice", &letter, practice);

	letter.mode = "kiosk";
	letter.language = "cy";
	letter.variant = "easy";
	letter.edit = ENVELOPE_EDIT_MAX;
	letter.version = UINT32_MAX;
	letter.ticket = "K7QX-9m2t";
	letter.answers = KIOSK_ANSWERS;
	put_ids("kiosk.ids", nonce, KIOSK_ANSWERS, &letter);
	put_envelope("kiosk", &letter, period);

	letter.kind = LETTER_WITHDRAWAL;
	put_envelope("withdrawal", &letter, period);
	letter.event = "";
	put_envelope("withdrawal-unnamed", &letter, period);
	letter.kind = LETTER_RESPONSE;
	letter.event = EVENT;

	/* One for each bucket, and the longest letter there is. */
	static const size_t lengths[] = {900, 3000, 16000, 60000};
	static char answers[70000];
	for (size_t i = 0; i < 4; i++) {
		snprintf(answers, sizeof answers, "{\"better\":\"%0*d\"}", (int) lengths[i] - 500, 0);
		letter.answers = answers;
		put_envelope(arena_printf(&arena, "bucket-%zu", i), &letter, period);
	}
	char *text = NULL;
	size_t length = 0;
	letter.answers = "{\"better\":\"\"}";
	MUST(letter_encode(&letter, &arena, &text, &length));
	snprintf(answers, sizeof answers, "{\"better\":\"%0*d\"}", (int) (ENVELOPE_LETTER_MAX - length), 0);
	letter.answers = answers;
	put_envelope("longest", &letter, period);
}

/* ---- the catalogue -------------------------------------------------------------------------------------------------
 */

static void print_problems(enum err error, const struct problems *problems)
{
	if (error != ERR_OK)
		problems_print(problems, stderr);
}

static void load_content(const char *forms_dir, struct catalogue_content *content,
			 struct catalogue_form_version forms[2])
{
	struct problems problems;
	struct words_set words;
	struct organisation *organisation = NULL;
	struct form *form = NULL;
	char *text = NULL;
	size_t length = 0;
	problems_init(&problems, &arena);
	print_problems(words_load(in(forms_dir, "strings"), &arena, &words, &problems), &problems);
	MUST(words_encode(&words, &arena, &text, &length));
	content->words = text;
	print_problems(organisation_load(in(forms_dir, "organisation.yaml"), &arena, &organisation, &problems),
		       &problems);
	MUST(organisation_encode(organisation, &arena, &text, &length));
	content->organisation = text;
	enum err error = form_load(in(forms_dir, FORM), in(forms_dir, "library"), &arena, &form, &problems);
	print_problems(error, &problems);
	must(error, "form_load");
	MUST(form_document_encode(form, &arena, &text, &length));
	forms[0] = (struct catalogue_form_version){FORM, 1, text, length};
	forms[1] = (struct catalogue_form_version){FORM, 3, text, length};
	content->forms = forms;
	content->forms_count = 2;
}

/* What a reader must print: made from what our own reader gives, which the unit tests hold to the truth. */
static void put_expected(struct catalogue *catalogue, const struct catalogue_content *content)
{
	json_t *events = json_array(), *forms = json_array();
	for (size_t i = 0; i < content->events_count; i++) {
		struct catalogue_event *event = NULL;
		char held_on[DATE_TEXT];
		MUST(catalogue_event(catalogue, content->events[i].code, &arena, &event));
		date_format(event->held_on, held_on);
		json_t *languages = json_array(), *served = json_array();
		for (size_t k = 0; k < event->languages_count; k++)
			json_array_append_new(languages, json_string(event->languages[k]));
		for (size_t k = 0; k < event->forms_count; k++)
			json_array_append_new(served, json_pack("{s:s, s:I}", "form", event->forms[k].form, "version",
								(json_int_t) event->forms[k].version));
		json_t *object =
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:s, s:s, s:o, s:o, s:s*, s:o*}",
				  "code", event->code, "title", event->title, "place", event->place, "held_on", held_on,
				  "area", event->area, "programme", event->programme, "is_practice", event->is_practice,
				  "is_wales", event->is_wales, "is_careful", event->is_careful, "wants_tickets",
				  event->wants_tickets, "state", event_state_name(event->state), "note", event->note,
				  "languages", languages, "forms", served, "points_to", event->points_to, "shown",
				  event->shown != NULL ? json_loads(event->shown, 0, NULL) : NULL);
		json_array_append_new(events, object);
	}
	for (size_t i = 0; i < content->forms_count; i++) {
		uint8_t hash[32];
		keys_hash(content->forms[i].document, content->forms[i].document_length, hash);
		json_array_append_new(forms, json_pack("{s:s, s:I, s:s}", "form", content->forms[i].form, "version",
						       (json_int_t) content->forms[i].version, "hash", hex(hash, 32)));
	}
	json_t *areas = json_array();
	for (size_t i = 0; i < content->areas_count; i++) {
		const char *shown = NULL;
		MUST(catalogue_area(catalogue, content->areas[i].area, &arena, &shown));
		json_array_append_new(areas, json_pack("{s:s, s:o}", "area", content->areas[i].area, "shown",
						       json_loads(shown, 0, NULL)));
	}
	json_t *sounds = json_array();
	for (size_t i = 0; i < content->sounds_count; i++) {
		char name[CATALOGUE_SOUND_NAME + 1];
		MUST(catalogue_sound(catalogue, content->sounds[i].key, name));
		json_t *row = json_pack("{s:s, s:i, s:s}", "key", hex(content->sounds[i].key, CATALOGUE_SOUND_KEY),
					"ms", (int) content->sounds[i].ms, "name", name);
		json_object_set_new(row, "hash", json_string(hex(content->sounds[i].hash, CATALOGUE_SOUND_HASH)));
		json_array_append_new(sounds, row);
	}
	json_t *all = json_pack("{s:o, s:o, s:o, s:I, s:I, s:o}", "areas", areas, "events", events, "forms", forms,
				"keyset", (json_int_t) catalogue_keyset(catalogue)->serial, "serial",
				(json_int_t) catalogue_serial(catalogue), "sounds", sounds);
	char *text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
	must(text == NULL ? ERR_NOMEM : ERR_OK, "json_dumps");
	put_text("catalogue.expected", text);
	free(text);
	json_decref(all);
}

static void make_catalogue(const struct keys *keys, const char *forms_dir)
{
	static const char *const welsh[] = {"cy", "en", "cy-x-easy", "en-x-easy"}, *const english[] = {"en"};
	static const struct catalogue_form_ref served[] = {{FORM, 3}};
	static const struct shown_text texts[] = {
		{"en", "Time", "\"More \xe2\x80\x9ctime\xe2\x80\x9d\"\nto talk", "We stay longer."},
		{"cy", "Amser", "Mwy o amser", ""}};
	static const struct shown_action action = {"0123456789abcdef", SHOWN_DOING,  SHOWN_MANY, "A panel meeting",
						   {2026, 3, 1},       {2026, 5, 2}, texts,      2};
	static const struct shown shown = {.next_on = {2026, 5, 30}, .actions = &action, .actions_count = 1};
	char *document = NULL;
	MUST(shown_encode(&shown, &arena, &document));
	struct catalogue_form_version forms[2];
	const struct catalogue_event events[] = {
		{.code = "K7QX9M",
		 .title = "A panel meeting",
		 .place = "Leeds",
		 .held_on = {2026, 3, 1},
		 .area = "yorkshire-and-humberside",
		 .programme = FORM,
		 .is_careful = true,
		 .wants_tickets = true,
		 .state = EVENT_RELEASED,
		 .languages = english,
		 .languages_count = 1,
		 .shown = document},
		{.code = EVENT,
		 .title = "Sgwrs \"gymunedol\"",
		 .place = "Neuadd y dref",
		 .held_on = {2026, 11, 21},
		 .area = "cymru-wales",
		 .programme = FORM,
		 .is_practice = true,
		 .is_wales = true,
		 .state = EVENT_OPEN,
		 .note = "Te am 3.\n\"Croeso\"",
		 .points_to = "K7QX9M",
		 .languages = welsh,
		 .languages_count = 4,
		 .forms = served,
		 .forms_count = 1},
	};
	const struct catalogue_area areas[] = {{"wessex", document}};
	struct catalogue_content content = {.events = events, .events_count = 2, .areas = areas, .areas_count = 1};
	const struct catalogue_sound sounds[] = {{{0, 1, 2}, "0123456789abcdef0123", 1250, {1, 255}},
						 {{7}, "fedcba98765432100123", 0, {0}}};
	content.sounds = sounds;
	content.sounds_count = 2;
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	load_content(forms_dir, &content, forms);
	/* In the order of their codes, as readers list them. */
	const struct catalogue_event sorted[] = {events[1], events[0]};
	content.events = sorted;

	const char *root_dir = in(out_dir, "catalogue");
	MUST(file_make_dir(AT_FDCWD, root_dir, 0755));
	for (content.serial = 41; content.serial <= 42; content.serial++)
		MUST(catalogue_publish(root_dir, &content, keys->keyset_text, keys->keyset_length, &keys->content,
				       keys->root.public_key));
	MUST(catalogue_open(root_dir, keys->root.public_key, 42, 12, &catalogue, &refusal));
	put_expected(catalogue, &content);
	catalogue_close(catalogue);
}

int main(int argc, char **argv)
{
	struct keys keys = {0};
	if (argc != 3) {
		fprintf(stderr, "usage: make_samples FORMS_DIR OUT_DIR\n");
		return 64;
	}
	out_dir = argv[2];
	arena_init(&arena, 256 * 1024 * 1024);
	MUST(keys_start());
	make_keys(&keys);
	make_envelopes(&keys);
	make_catalogue(&keys, argv[1]);
	arena_fini(&arena);
	return 0;
}
