/* SPDX-License-Identifier: MIT */
/* rig.h: a whole instance in a temporary folder (keys, office, published catalogue) and envelopes sealed to it. The test's
 * working directory becomes the instance, as the programs' does. */
#ifndef SOUNDINGS_TESTS_COLLECTOR_RIG_H
#define SOUNDINGS_TESTS_COLLECTOR_RIG_H

#include "lib/base/codec.h"
#include "lib/base/random.h"
#include "lib/catalogue/catalogue.h"
#include "lib/envelope/envelope.h"
#include "lib/form/form_document.h"
#include "lib/form/form_load.h"
#include "lib/office/office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <sqlite3.h>

static const char rig_form_yaml[] = "form: talk\n"
				    "title: Tell us about today\n"
				    "time: 1 minute\n"
				    "privacy:\n"
				    "  keep: 24 months\n"
				    "  threshold: 5\n"
				    "programmes: [conversation]\n"
				    "pages:\n"
				    "  - page: today\n"
				    "    title: Today\n"
				    "    questions:\n"
				    "      - name: overall\n"
				    "        type: select_one how\n"
				    "        label: How was today?\n"
				    "      - name: why\n"
				    "        type: select_multiple reasons\n"
				    "        label: Why?\n"
				    "        relevant: \"${overall} = 'poor'\"\n"
				    "        relevant_when: Answer this if it was poor.\n"
				    "      - name: better\n"
				    "        type: text\n"
				    "        label: What should we do better?\n"
				    "        max: 20\n"
				    "        refusal: prefer_not\n"
				    "      - name: matters\n"
				    "        type: rank reasons_to_come\n"
				    "        label: What matters most?\n"
				    "        refusal: prefer_not\n"
				    "      - name: likely\n"
				    "        type: scale\n"
				    "        from: -1\n"
				    "        to: 3\n"
				    "        label: How likely are you to come again?\n"
				    "        refusal: prefer_not\n"
				    "      - name: work\n"
				    "        type: grid how\n"
				    "        label: How was each part?\n"
				    "        statements:\n"
				    "          - clear: What was said\n"
				    "          - court: What was shown\n"
				    "      - name: people\n"
				    "        type: integer\n"
				    "        label: How many people came with you?\n"
				    "        min: 0\n"
				    "        max: 30\n"
				    "        refusal: prefer_not\n"
				    "      - name: hours\n"
				    "        type: decimal\n"
				    "        label: How many hours did you stay?\n"
				    "        max: 24\n"
				    "  - page: about-you\n"
				    "    title: About you\n"
				    "    apart: yes\n"
				    "    questions:\n"
				    "      - name: age\n"
				    "        type: select_one ages\n"
				    "        label: How old are you?\n"
				    "      - name: belief\n"
				    "        type: text\n"
				    "        label: What do you believe?\n"
				    "      - name: born\n"
				    "        type: date\n"
				    "        label: When were you born?\n"
				    "        min: 1900-01-01\n"
				    "        max: 2026-11-21\n"
				    "        refusal: prefer_not\n"
				    "choices:\n"
				    "  how:\n"
				    "    - good: Good\n"
				    "    - poor: Poor\n"
				    "  reasons:\n"
				    "    - words: The words\n"
				    "    - none: Nothing\n"
				    "      exclusive: yes\n"
				    "  ages:\n"
				    "    - young: 18 to 24\n"
				    "    - refused: Prefer not to say\n"
				    "      refusal: yes\n"
				    "  reasons_to_come:\n"
				    "    - friends: Friends\n"
				    "    - food: The food\n"
				    "    - law: The law\n"
				    "  refusals:\n"
				    "    - prefer_not: Prefer not to say\n"
				    "      refusal: yes\n";

enum { RIG_ORDINARY, RIG_PRACTICE, RIG_OLD, RIG_PERIODS_MAX };

struct rig {
	char folder[64];
	char before[4096]; /* working directory of the test program */
	struct arena arena;
	struct root_pair root, content_pair;
	struct box_pair periods[RIG_PERIODS_MAX];
	struct keyset keyset;
	struct office *office;
	char *event, *practice, *planned, *elsewhere; /* elsewhere asks another form */
};

static inline void rig_write(const char *path, const void *bytes, size_t length, mode_t mode)
{
	unlink(path);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static inline void rig_secret_path(const struct rig *rig, size_t period, char out[64])
{
	char hex[2 * KEYS_ID_BYTES + 1];
	codec_hex(rig->keyset.periods[period].id, KEYS_ID_BYTES, hex);
	snprintf(out, 64, "keys/periods/%s.secret", hex);
}

/* Adds a period to the key set, current or past; its secret goes where the collector looks. */
static inline void rig_add_period(struct rig *rig, bool is_practice, bool is_current)
{
	size_t i = rig->keyset.periods_count++;
	struct period *period = &rig->keyset.periods[i];
	char path[64];
	keys_new_period(&rig->periods[i]);
	memcpy(period->public_key, rig->periods[i].public_key, KEYS_PUBLIC_BYTES);
	keys_id(period->public_key, period->id);
	period->is_practice = is_practice;
	period->is_current = is_current;
	rig_secret_path(rig, i, path);
	rig_write(path, rig->periods[i].secret_key, KEYS_SECRET_BYTES, 0600);
}

static inline void rig_publish(struct rig *rig)
{
	struct catalogue_content *content = NULL;
	char *keyset = NULL;
	size_t length = 0;
	rig->keyset.serial++;
	assert_int_equal(keyset_encode(&rig->keyset, &rig->root, &rig->arena, &keyset, &length), ERR_OK);
	assert_int_equal(office_catalogue(rig->office, &rig->arena, &content), ERR_OK);
	assert_int_equal(
		catalogue_publish("catalogue", content, keyset, length, &rig->content_pair, rig->root.public_key),
		ERR_OK);
}

/* Publishes the rig's form under NAME, its title followed by MORE, so that each is another version. */
static inline void rig_form(struct rig *rig, const char *name, const char *more)
{
	struct form *form = NULL;
	struct problems problems;
	char *document = NULL;
	size_t length = 0;
	uint32_t version;
	bool is_new;
	char path[64];
	snprintf(path, sizeof(path), "forms-%s", name);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "forms-%s/form.yaml", name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "form: %s\ntitle: Tell us about today%s\n%s", name, more, strstr(rig_form_yaml, "time:"));
	assert_int_equal(fclose(file), 0);
	snprintf(path, sizeof(path), "forms-%s/cy.yaml", name);
	rig_write(path, "language: cy\nstatus: draft\ntoday.title: Heddiw\n", 47, 0600);
	problems_init(&problems, &rig->arena);
	snprintf(path, sizeof(path), "forms-%s", name);
	enum err error = form_load(path, NULL, &rig->arena, &form, &problems);
	if (error != ERR_OK)
		problems_print(&problems, stderr);
	assert_int_equal(error, ERR_OK);
	assert_int_equal(form_document_encode(form, &rig->arena, &document, &length), ERR_OK);
	assert_int_equal(office_form_publish(rig->office, name, document, length, &version, &is_new), ERR_OK);
	assert_true(is_new);
}

static inline char *rig_event(struct rig *rig, const char *form, bool is_practice, enum event_state state)
{
	static const char *const languages[] = {"en", "cy"};
	struct catalogue_form_ref ref = {form, 0};
	struct office_event event = {
		.shown = {.title = "A conversation",
			  .place = "The hall",
			  .held_on = {2026, 11, 21},
			  .area = "north",
			  .programme = "conversation",
			  .is_practice = is_practice,
			  .state = state,
			  .languages = languages,
			  .languages_count = 2,
			  .forms = &ref,
			  .forms_count = 1},
	};
	char *code = NULL;
	assert_int_equal(office_event_add(rig->office, &event, &rig->arena, &code), ERR_OK);
	return code;
}

/* Words whose every string is its own name, and an organisation that has little more than one. */
static inline void rig_texts(struct rig *rig)
{
	struct words words = {.language = "en", .name = "English"};
	struct words_set set = {&words, 1};
	struct organisation organisation = {
		.name = {.of = {"A council"}},
		.short_name = {.of = {"Council"}},
		.exit_url = "https://council.example/",
		.contact_email = "hello@council.example",
		.languages = {{.tag = "en", .variant = "", .base = "en"}},
		.languages_count = 1,
	};
	char *text = NULL;
	size_t length = 0;
	for (size_t i = 0; i < WORD_COUNT; i++)
		words.of[i] = word_names[i];
	assert_int_equal(words_encode(&set, &rig->arena, &text, &length), ERR_OK);
	assert_int_equal(office_text_set(rig->office, "words", text), ERR_OK);
	assert_int_equal(organisation_encode(&organisation, &rig->arena, &text, &length), ERR_OK);
	assert_int_equal(office_text_set(rig->office, "organisation", text), ERR_OK);
}

static inline void rig_folders(void)
{
	static const char *const folders[] = {"office", "keys", "keys/periods", "catalogue", "front", "run", "spool"};
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(mkdir(folders[i], 0700), 0);
}

static inline int rig_set_up(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	assert_non_null(rig);
	char root[2 * KEYS_PUBLIC_BYTES + 2];
	const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	assert_non_null(getcwd(rig->before, sizeof(rig->before)));
	snprintf(rig->folder, sizeof(rig->folder), "%s/collector-test-XXXXXX", parent);
	assert_non_null(mkdtemp(rig->folder));
	assert_int_equal(chdir(rig->folder), 0);
	arena_init(&rig->arena, 256 << 20);
	assert_int_equal(keys_start(), ERR_OK);
	rig_folders();
	keys_new_signing(&rig->root);
	keys_new_signing(&rig->content_pair);
	memcpy(rig->keyset.content_public, rig->content_pair.public_key, KEYS_PUBLIC_BYTES);
	rig_add_period(rig, false, true);
	rig_add_period(rig, true, true);
	codec_hex(rig->root.public_key, KEYS_PUBLIC_BYTES, root);
	root[2 * KEYS_PUBLIC_BYTES] = '\n';
	rig_write("front/root.pub", root, 2 * KEYS_PUBLIC_BYTES + 1, 0644);
	assert_int_equal(office_create("office/office.db"), ERR_OK);
	assert_int_equal(office_open("office/office.db", OFFICE_CLI, &rig->office), ERR_OK);
	rig_texts(rig);
	rig_form(rig, "talk", "");
	rig_form(rig, "other", "");
	rig->event = rig_event(rig, "talk", false, EVENT_OPEN);
	rig->practice = rig_event(rig, "talk", true, EVENT_OPEN);
	rig->planned = rig_event(rig, "talk", false, EVENT_PLANNED);
	rig->elsewhere = rig_event(rig, "other", false, EVENT_OPEN);
	rig_publish(rig);
	*state = rig;
	return 0;
}

static inline int rig_tear_down(void **state)
{
	struct rig *rig = *state;
	char command[128];
	office_close(rig->office);
	arena_fini(&rig->arena);
	assert_int_equal(chdir(rig->before), 0);
	snprintf(command, sizeof(command), "rm -rf %s", rig->folder);
	assert_int_equal(system(command), 0);
	free(rig);
	return 0;
}

/* One number that SQL gives. */
static inline int64_t rig_number(const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	int64_t number = -1;
	assert_int_equal(sqlite3_open_v2("office/office.db", &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, 60000); /* under a sanitizer, beside others */
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	if (sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

/* ---- envelopes ----------------------------------------------------------------------------------------------- */

struct rig_envelope {
	uint8_t bytes[ENVELOPE_MAX_BYTES];
	size_t length;
};

/* The letter of person number PERSON, whose nonce follows from it: the same person, the same page. */
static inline struct letter rig_letter(const struct rig *rig, unsigned person)
{
	struct letter letter = {
		.kind = LETTER_RESPONSE,
		.event = rig->event,
		.form = "talk",
		.version = 1,
		.language = "en",
		.variant = "",
		.mode = "phone",
		.answers = "{\"overall\":\"good\"}",
	};
	uint8_t nonce[ENVELOPE_NONCE_BYTES] = {(uint8_t) (person >> 8), (uint8_t) person};
	uint8_t receipt[CODEC_RECEIPT_BYTES];
	envelope_id(letter.event, letter.form, nonce, NULL, letter.id);
	envelope_receipt(letter.event, letter.form, nonce, NULL, receipt);
	envelope_withdraw(receipt, letter.withdraw);
	return letter;
}

static inline void rig_seal_text(struct rig *rig, const char *text, size_t length, size_t period,
				 struct rig_envelope *out)
{
	char *copy = arena_strndup(&rig->arena, text, length);
	assert_non_null(copy);
	assert_int_equal(envelope_seal(copy, length, &rig->keyset.periods[period], out->bytes, &out->length), ERR_OK);
}

static inline void rig_seal(struct rig *rig, const struct letter *letter, size_t period, struct rig_envelope *out)
{
	char *text = NULL;
	size_t length = 0;
	assert_int_equal(letter_encode(letter, &rig->arena, &text, &length), ERR_OK);
	rig_seal_text(rig, text, length, period, out);
}

/* What a person who kept the receipt sends. */
static inline struct letter rig_withdrawal(const struct rig *rig, unsigned person)
{
	struct letter letter = rig_letter(rig, person);
	letter.kind = LETTER_WITHDRAWAL;
	letter.event = "";
	return letter;
}

#endif
