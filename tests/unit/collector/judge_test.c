/* SPDX-License-Identifier: MIT */
/* judge_test.c: an envelope is opened, checked in full, and split; everything that cannot have come from our page goes to
 * quarantine under its reason; what a newer catalogue knows is found there first. */
#include "unit/collector/rig.h"

#include "collector/file.h"
#include "collector/judge.h"
#include "lib/office/keeping.h"

static struct collector collector;
static struct arena scratch;

static int set_up(void **state)
{
	bool is_complete = false;
	rig_set_up(state);
	struct rig *rig = *state;
	memset(&collector, 0, sizeof(collector));
	arena_init(&collector.versions_arena, 64 << 20);
	arena_init(&scratch, 64 << 20);
	memcpy(collector.root_public, rig->root.public_key, KEYS_PUBLIC_BYTES);
	spool_init(&collector.spool, "run/batch.sock", 100); /* nobody listens: confirming fails, filing does not */
	assert_int_equal(office_open("office/office.db", OFFICE_COLLECTOR, &collector.office), ERR_OK);
	assert_int_equal(collector_load(&collector, &is_complete), ERR_OK);
	assert_true(is_complete);
	return 0;
}

static int tear_down(void **state)
{
	spool_fini(&collector.spool);
	catalogue_close(collector.catalogue);
	office_close(collector.office);
	arena_fini(&collector.versions_arena);
	arena_fini(&scratch);
	secrets_wipe(&collector.secrets);
	return rig_tear_down(state);
}

static struct verdict judged(const struct rig_envelope *envelope)
{
	struct verdict verdict;
	assert_int_equal(judge(&collector, envelope->bytes, envelope->length, &scratch, &verdict), ERR_OK);
	return verdict;
}

static void expect(const struct rig_envelope *envelope, const char *reason)
{
	struct verdict verdict = judged(envelope);
	if (reason == NULL) {
		assert_null(verdict.reason);
		assert_int_equal(verdict.kind, VERDICT_RESPONSE);
		return;
	}
	assert_int_equal(verdict.kind, VERDICT_QUARANTINE);
	assert_string_equal(verdict.reason, reason);
}

/* ---- letters ------------------------------------------------------------------------------------------------- */

static void each_letter_has_its_verdict(void **state)
{
	struct rig *rig = *state;
	const struct {
		const char *name;
		const char *event, *form, *language, *variant, *mode, *ticket, *answers; /* NULL: as it should be */
		uint32_t version;
		size_t period;
		const char *reason;
	} rows[] = {
		{.name = "as it should be"},
		{.name = "on a kiosk", .mode = "kiosk"},
		{.name = "paper", .mode = "paper"},
		{.name = "in Welsh", .language = "cy"},
		{.name = "everything answered",
		 .answers = "{\"age\":\"young\",\"belief\":\"yes\",\"better\":\"chairs\",\"overall\":\"poor\",\"why\":["
			    "\"words\"]}"},
		{.name = "practice", .event = rig->practice, .period = RIG_PRACTICE},
		{.name = "practice under the ordinary key", .event = rig->practice, .reason = "period"},
		{.name = "ordinary under the practice key", .period = RIG_PRACTICE, .reason = "period"},
		{.name = "no such event", .event = "ZZZZZ9", .reason = "event"},
		{.name = "an event that is not open yet", .event = rig->planned, .reason = "event"},
		{.name = "another event's form", .event = rig->elsewhere, .reason = "form"},
		{.name = "this event, another's form", .form = "other", .reason = "form"},
		{.name = "no such form", .form = "nothing", .reason = "form"},
		{.name = "a version to come", .version = 2, .reason = "form"},
		{.name = "a language that the form lacks", .language = "pl", .reason = "language"},
		{.name = "a variant that the form lacks", .variant = "easy", .reason = "language"},
		{.name = "a ticket", .ticket = "AB12", .reason = "ticket"},
		{.name = "no such field", .answers = "{\"nothing\":\"x\"}", .reason = "answers"},
		{.name = "no such choice", .answers = "{\"overall\":\"excellent\"}", .reason = "answers"},
		{.name = "one as a list", .answers = "{\"overall\":[\"good\"]}", .reason = "answers"},
		{.name = "nothing answered", .answers = "{}", .reason = "answers"},
		{.name = "too long", .answers = "{\"better\":\"123456789012345678901\"}", .reason = "answers"},
		{.name = "an exclusive choice beside another",
		 .answers = "{\"overall\":\"poor\",\"why\":[\"words\",\"none\"]}",
		 .reason = "answers"},
		{.name = "an answer that was not asked",
		 .answers = "{\"overall\":\"good\",\"why\":[\"words\"]}",
		 .reason = "answers"},
		{.name = "choices in another order",
		 .answers = "{\"overall\":\"poor\",\"why\":[\"none\",\"words\"]}",
		 .reason = "answers"},
		{.name = "each of the other types",
		 .answers = "{\"born\":\"1984-02-29\",\"hours\":\"2.5\",\"likely\":\"-1\",\"matters\":[\"law\","
			    "\"friends\"],\"people\":\"16\",\"work_clear\":\"good\",\"work_court\":\"poor\"}"},
		{.name = "everything refused",
		 .answers = "{\"better_refusal\":\"prefer_not\",\"born_refusal\":\"prefer_not\",\"likely\":\"prefer_"
			    "not\",\"matters_refusal\":\"prefer_not\",\"people_refusal\":\"prefer_not\"}"},
		{.name = "an answer and its refusal",
		 .answers = "{\"people\":\"16\",\"people_refusal\":\"prefer_not\"}",
		 .reason = "answers"},
		{.name = "a date and its refusal",
		 .answers = "{\"born\":\"1984-02-29\",\"born_refusal\":\"prefer_not\"}",
		 .reason = "answers"},
		{.name = "a number that is not canonical", .answers = "{\"people\":\"016\"}", .reason = "answers"},
		{.name = "a number in another script",
		 .answers = "{\"people\":\"\xD9\xA1\xD9\xA6\"}",
		 .reason = "answers"},
		{.name = "a number above the most", .answers = "{\"people\":\"31\"}", .reason = "answers"},
		{.name = "a number below the least", .answers = "{\"people\":\"-1\"}", .reason = "answers"},
		{.name = "a decimal that is too fine", .answers = "{\"hours\":\"2.555\"}", .reason = "answers"},
		{.name = "a formula for a number", .answers = "{\"hours\":\"=1+1\"}", .reason = "answers"},
		{.name = "a day that is none", .answers = "{\"born\":\"1983-02-29\"}", .reason = "answers"},
		{.name = "a day after the most", .answers = "{\"born\":\"2026-11-22\"}", .reason = "answers"},
		{.name = "a date in parts", .answers = "{\"born.day\":\"1\"}", .reason = "answers"},
		{.name = "a point that the scale has not", .answers = "{\"likely\":\"4\"}", .reason = "answers"},
		{.name = "a rank with a choice twice",
		 .answers = "{\"matters\":[\"law\",\"law\"]}",
		 .reason = "answers"},
		{.name = "a rank of nothing", .answers = "{\"matters\":[]}", .reason = "answers"},
		{.name = "a grid as one", .answers = "{\"work\":\"good\"}", .reason = "answers"},
		/* These spoil the letter's own bytes, before anybody looks at the form. */
		{.name = "a number as a number", .answers = "{\"people\":16}", .reason = "letter"},
		{.name = "white space in the answers", .answers = "{\"overall\": \"good\"}", .reason = "letter"},
		{.name = "keys in another order",
		 .answers = "{\"overall\":\"good\",\"better\":\"x\"}",
		 .reason = "letter"},
		{.name = "broken JSON", .answers = "{\"overall\":}", .reason = "letter"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct letter letter = rig_letter(rig, 1);
		struct rig_envelope envelope;
		print_message("# %s\n", rows[i].name);
#define TAKE(member)                                                                                                   \
	if (rows[i].member != NULL)                                                                                    \
	letter.member = rows[i].member
		TAKE(event);
		TAKE(form);
		TAKE(language);
		TAKE(variant);
		TAKE(mode);
		TAKE(ticket);
		TAKE(answers);
		if (rows[i].version != 0)
			letter.version = rows[i].version;
		char *text = NULL;
		size_t length = 0;
		assert_int_equal(letter_encode(&letter, &rig->arena, &text, &length), ERR_OK);
		rig_seal_text(rig, text, length, rows[i].period, &envelope);
		expect(&envelope, rows[i].reason);
	}
}

static void bytes_that_are_no_letter(void **state)
{
	struct rig *rig = *state;
	static const char *const texts[] = {
		"", "{}", "[]", "hello", "{\"kind\":\"response\"}", "{\"kind\":\"withdrawal\"}"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct rig_envelope envelope;
		rig_seal_text(rig, texts[i], strlen(texts[i]), RIG_ORDINARY, &envelope);
		expect(&envelope, "letter");
	}
	struct letter letter = rig_letter(rig, 1);
	char *text = NULL;
	size_t length = 0;
	struct rig_envelope envelope;
	assert_int_equal(letter_encode(&letter, &rig->arena, &text, &length), ERR_OK);
	rig_seal_text(rig, arena_printf(&rig->arena, "%s ", text), length + 1, RIG_ORDINARY, &envelope);
	expect(&envelope, "letter");
}

/* ---- envelopes ----------------------------------------------------------------------------------------------- */

static void a_changed_envelope_is_forged(void **state)
{
	struct rig *rig = *state;
	struct letter letter = rig_letter(rig, 1);
	struct rig_envelope good, bad;
	rig_seal(rig, &letter, RIG_ORDINARY, &good);
	expect(&good, NULL);
	/* Sealed key, nonce, text, tag. */
	static const size_t places[] = {16, 95, 96, 119, 120, 500, 1143, 1159};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		bad = good;
		assert_true(places[i] < bad.length);
		bad.bytes[places[i]] ^= 1;
		expect(&bad, "forged");
	}
	bad = good; /* the header put on afresh: another period's name on the same ciphertext */
	memcpy(bad.bytes + 8, rig->keyset.periods[RIG_PRACTICE].id, KEYS_ID_BYTES);
	expect(&bad, "forged");
	bad = good;
	bad.bytes[8] ^= 1;
	expect(&bad, "period");
	bad = good;
	bad.length = 1000;
	expect(&bad, "envelope");
	bad = good;
	bad.bytes[0] = 'X';
	expect(&bad, "envelope");
	bad = good;
	bad.bytes[4] = 2;
	expect(&bad, "envelope");
	bad.length = 0;
	expect(&bad, "envelope");
}

/* Sealed again by somebody who never knew the letter: a key of their own, the period's name on the outside. */
static void an_envelope_for_another_key_is_forged(void **state)
{
	struct rig *rig = *state;
	struct letter letter = rig_letter(rig, 1);
	struct box_pair stranger;
	struct period period = rig->keyset.periods[RIG_ORDINARY];
	struct rig_envelope envelope;
	char *text = NULL;
	size_t length = 0;
	keys_new_period(&stranger);
	memcpy(period.public_key, stranger.public_key, KEYS_PUBLIC_BYTES);
	assert_int_equal(letter_encode(&letter, &rig->arena, &text, &length), ERR_OK);
	assert_int_equal(envelope_seal(text, length, &period, envelope.bytes, &envelope.length), ERR_OK);
	expect(&envelope, "forged");
}

/* ---- splitting ----------------------------------------------------------------------------------------------- */

static void a_response_is_split(void **state)
{
	struct rig *rig = *state;
	struct letter letter = rig_letter(rig, 1);
	struct rig_envelope envelope;
	uint8_t keyed[32];
	letter.language = "cy";
	letter.answers = "{\"age\":\"young\",\"belief\":\"chapel\",\"better\":\"te\",\"overall\":\"good\"}";
	rig_seal(rig, &letter, RIG_ORDINARY, &envelope);
	struct verdict verdict = judged(&envelope);
	const struct office_response *response = &verdict.response;
	assert_string_equal(response->answers, "{\"overall\":\"good\"}");
	assert_string_equal(response->apart_answers, "{\"age\":\"young\"}");
	assert_string_equal(response->canonical, letter.answers);
	assert_int_equal(response->texts_count, 2);
	assert_string_equal(response->texts[0].field, "better");
	assert_string_equal(response->texts[0].text, "te");
	assert_string_equal(response->texts[0].language, "cy");
	assert_false(response->texts[0].is_apart);
	assert_string_equal(response->texts[1].field, "belief");
	assert_true(response->texts[1].is_apart);
	assert_memory_equal(response->period, rig->keyset.periods[RIG_ORDINARY].id, KEYS_ID_BYTES);
	keys_keyed_id(rig->periods[RIG_ORDINARY].secret_key, letter.id, sizeof(letter.id), keyed);
	assert_memory_equal(response->keyed_id, keyed, sizeof(keyed));
	keys_keyed_id(rig->periods[RIG_ORDINARY].secret_key, letter.withdraw, sizeof(letter.withdraw), keyed);
	assert_memory_equal(response->keyed_withdraw, keyed, sizeof(keyed));
}

/* What is in digits, and a refusal of a text, is no free text. */
static void only_texts_are_free_texts(void **state)
{
	struct rig *rig = *state;
	struct letter letter = rig_letter(rig, 1);
	struct rig_envelope envelope;
	letter.answers =
		"{\"better_refusal\":\"prefer_not\",\"born\":\"1984-02-29\",\"hours\":\"2.5\",\"likely\":\"-1\","
		"\"matters\":[\"law\",\"friends\"],\"people_refusal\":\"prefer_not\",\"work_court\":\"poor\"}";
	rig_seal(rig, &letter, RIG_ORDINARY, &envelope);
	struct verdict verdict = judged(&envelope);
	const struct office_response *response = &verdict.response;
	assert_null(verdict.reason);
	assert_int_equal(response->texts_count, 0);
	assert_string_equal(
		response->answers,
		"{\"better_refusal\":\"prefer_not\",\"hours\":\"2.5\",\"likely\":\"-1\",\"matters\":[\"law\","
		"\"friends\"],\"people_refusal\":\"prefer_not\",\"work_court\":\"poor\"}");
	assert_string_equal(response->apart_answers, "{\"born\":\"1984-02-29\"}");
	assert_string_equal(response->canonical, letter.answers);
}

static void a_withdrawal_may_name_an_event(void **state)
{
	struct rig *rig = *state;
	const struct {
		const char *event;
		size_t period;
		const char *reason;
	} rows[] = {{"", RIG_ORDINARY, NULL},
		    {rig->event, RIG_ORDINARY, NULL},
		    {rig->practice, RIG_ORDINARY, NULL},
		    {"", RIG_PRACTICE, NULL},
		    {"ZZZZZ9", RIG_ORDINARY, "event"}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct letter letter = rig_withdrawal(rig, 1);
		struct rig_envelope envelope;
		letter.event = rows[i].event;
		rig_seal(rig, &letter, rows[i].period, &envelope);
		struct verdict verdict = judged(&envelope);
		assert_int_equal(verdict.kind, rows[i].reason == NULL ? VERDICT_WITHDRAWAL : VERDICT_QUARANTINE);
		if (rows[i].reason != NULL)
			assert_string_equal(verdict.reason, rows[i].reason);
		assert_memory_equal(verdict.letter.withdraw, letter.withdraw, sizeof(letter.withdraw));
	}
}

/* ---- what is newer ------------------------------------------------------------------------------------------- */

static void a_newer_catalogue_is_looked_into(void **state)
{
	struct rig *rig = *state;
	struct letter letter = rig_letter(rig, 1);
	struct rig_envelope early, late;
	letter.event = rig->planned;
	rig_seal(rig, &letter, RIG_ORDINARY, &early);
	expect(&early, "event");
	assert_int_equal(office_event_set_state(rig->office, rig->planned, EVENT_OPEN, 0), ERR_OK);
	rig_add_period(rig, false, false);
	rig_publish(rig);
	expect(&early, NULL);
	rig_seal(rig, &letter, RIG_OLD, &late);
	expect(&late, NULL); /* a period that came with it */
}

static void a_lower_serial_is_never_taken(void **state)
{
	struct rig *rig = *state;
	bool is_complete, is_new = true;
	struct letter letter = rig_letter(rig, 1);
	struct rig_envelope envelope;
	char older[256] = {0};
	assert_true(readlink("catalogue/current", older, sizeof(older) - 1) > 0);
	assert_int_equal(system("cp -r catalogue kept"), 0);
	char *event = rig_event(rig, "talk", false, EVENT_OPEN);
	rig_publish(rig);
	letter.event = event;
	rig_seal(rig, &letter, RIG_ORDINARY, &envelope);
	expect(&envelope, NULL);
	/* Somebody puts the older one back, whole and signed. */
	assert_int_equal(system("rm -rf catalogue && mv kept catalogue"), 0);
	collector_refresh(&collector, &is_new);
	assert_false(is_new);
	expect(&envelope, NULL);
	/* Also after a restart: the office remembers. */
	assert_int_equal(collector_load(&collector, &is_complete), ERR_DENIED);
}

static void late_responses_to_a_released_event_are_judged(void **state)
{
	struct rig *rig = *state;
	uint32_t release;
	size_t count;
	struct letter letter = rig_letter(rig, 1);
	struct rig_envelope envelope, wrong;
	const struct form *form = NULL;
	rig_seal(rig, &letter, RIG_ORDINARY, &envelope);
	letter.form = "other";
	rig_seal(rig, &letter, RIG_ORDINARY, &wrong);
	assert_int_equal(office_event_set_state(rig->office, rig->practice, EVENT_CLOSED, 0), ERR_OK);
	rig_form(rig, "talk", ", again"); /* the next version, so that the catalogue forgets the first */
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open("office/office.db", &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "DELETE FROM event_served WHERE event IN (SELECT code FROM event WHERE is_practice)",
			     NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(office_event_set_state(rig->office, rig->event, EVENT_CLOSED, 0), ERR_OK);
	assert_int_equal(office_event_release(rig->office, rig->event, &release, &count), ERR_OK);
	bool is_new;
	uint64_t backup;
	rig_publish(rig); /* until a backup holds the release, the event is closed for everybody */
	collector_refresh(&collector, &is_new);
	assert_int_equal(catalogue_form(collector.catalogue, "talk", 1, &form), ERR_OK);
	expect(&envelope, NULL);
	expect(&wrong, "form");
	assert_int_equal(office_backup_begin(rig->office, date_today(), &backup), ERR_OK);
	assert_int_equal(office_backup_finish(rig->office, backup, "/backup"), ERR_OK);
	rig_publish(rig);
	collector_refresh(&collector, &is_new);
	assert_true(is_new);
	assert_int_equal(catalogue_form(collector.catalogue, "talk", 1, &form), ERR_NOT_FOUND);
	expect(&envelope, NULL);
	expect(&envelope, NULL); /* now from memory */
	expect(&wrong, "form");
}

/* ---- batches ------------------------------------------------------------------------------------------------- */

static void file_all(struct rig_envelope *envelopes, size_t count)
{
	struct spool_item items[32];
	assert_true(count <= 32);
	for (size_t i = 0; i < count; i++)
		items[i] = (struct spool_item){i + 1, envelopes[i].bytes, envelopes[i].length};
	assert_int_equal(file_batch(&collector, items, count), ERR_OK);
}

static void a_batch_files_withdraws_and_quarantines(void **state)
{
	struct rig *rig = *state;
	struct rig_envelope *envelopes = arena_array(&rig->arena, 7, struct rig_envelope);
	struct letter letter = rig_letter(rig, 1);
	letter.edit = 1;
	rig_seal(rig, &letter, RIG_ORDINARY, &envelopes[0]);
	letter.edit = 0;
	letter.answers = "{\"overall\":\"poor\"}";
	rig_seal(rig, &letter, RIG_ORDINARY, &envelopes[1]);
	letter = rig_letter(rig, 2);
	rig_seal(rig, &letter, RIG_ORDINARY, &envelopes[2]);
	letter = rig_withdrawal(rig, 2); /* in the same batch, after its response */
	rig_seal(rig, &letter, RIG_ORDINARY, &envelopes[3]);
	envelopes[4] = envelopes[0];
	envelopes[4].bytes[300] ^= 1;
	letter = rig_letter(rig, 3);
	letter.ticket = "T1";
	rig_seal(rig, &letter, RIG_ORDINARY, &envelopes[5]);
	letter = rig_letter(rig, 1);
	letter.event = rig->elsewhere;
	letter.form = "other";
	rig_seal(rig, &letter, RIG_ORDINARY, &envelopes[6]);
	for (int again = 0; again < 3; again++) {
		file_all(envelopes, again == 0 ? 6 : 7);
		assert_int_equal(rig_number("SELECT count(*) FROM response"), 1);
		assert_int_equal(rig_number("SELECT count(*) FROM response WHERE answers = '{\"overall\":\"good\"}'"),
				 1);
		assert_int_equal(rig_number("SELECT count(*) FROM quarantine WHERE reason = 'forged'"), 1);
		assert_int_equal(rig_number("SELECT count(*) FROM quarantine WHERE reason = 'ticket'"), 1);
		assert_int_equal(rig_number("SELECT count(*) FROM quarantine WHERE reason = 'crossed'"), again > 0);
		assert_int_equal(rig_number("SELECT count(*) FROM quarantine"), 2 + (again > 0));
		assert_int_equal(rig_number("SELECT count(*) FROM seen"), 2);
	}
	assert_string_equal(collector_band(collector.counts.filed), "1 to 4");
}

/* Sent, not confirmed; the key is rotated; sent again from the same page, and withdrawn by its receipt. */
static void rotation_makes_no_second_response(void **state)
{
	struct rig *rig = *state;
	struct rig_envelope *envelopes = arena_array(&rig->arena, 3, struct rig_envelope);
	struct letter letter = rig_letter(rig, 1);
	rig_seal(rig, &letter, RIG_ORDINARY, &envelopes[0]);
	file_all(envelopes, 1);
	rig->keyset.periods[RIG_ORDINARY].is_current = false;
	rig_add_period(rig, false, true);
	rig_publish(rig);
	letter.edit = 1;
	letter.answers = "{\"overall\":\"poor\"}";
	rig_seal(rig, &letter, RIG_OLD, &envelopes[1]); /* third in the list, though the newest */
	file_all(envelopes + 1, 1);
	assert_int_equal(rig_number("SELECT count(*) FROM response"), 1);
	assert_int_equal(rig_number("SELECT count(*) FROM response WHERE answers = '{\"overall\":\"poor\"}'"), 1);
	letter = rig_withdrawal(rig, 1);
	rig_seal(rig, &letter, RIG_OLD, &envelopes[2]);
	file_all(envelopes + 2, 1);
	assert_int_equal(rig_number("SELECT count(*) FROM response"), 0);
	file_all(envelopes, 2);
	assert_int_equal(rig_number("SELECT count(*) FROM response"), 0);
}

/* A kiosk has the response, and its receipt is used before it comes; the key is rotated; the page, still open, sends again. */
static void a_receipt_used_before_a_rotation_holds_after_it(void **state)
{
	struct rig *rig = *state;
	struct rig_envelope *envelopes = arena_array(&rig->arena, 3, struct rig_envelope);
	struct letter letter = rig_withdrawal(rig, 1);
	rig_seal(rig, &letter, RIG_ORDINARY, &envelopes[0]);
	file_all(envelopes, 1);
	rig->keyset.periods[RIG_ORDINARY].is_current = false;
	rig_add_period(rig, false, true);
	rig_publish(rig);
	letter = rig_letter(rig, 1);
	rig_seal(rig, &letter, RIG_OLD, &envelopes[1]); /* the newest, see above */
	file_all(envelopes + 1, 1);
	assert_int_equal(rig_number("SELECT count(*) FROM response"), 0);
	rig_seal(rig, &letter, RIG_ORDINARY, &envelopes[2]);
	file_all(envelopes + 1, 2);
	assert_int_equal(rig_number("SELECT count(*) FROM response"), 0);
	letter = rig_letter(rig, 2);
	rig_seal(rig, &letter, RIG_OLD, &envelopes[0]);
	file_all(envelopes, 1);
	assert_int_equal(rig_number("SELECT count(*) FROM response"), 1);
}

static void what_the_office_does_not_know_waits_in_quarantine(void **state)
{
	struct rig *rig = *state;
	struct rig_envelope envelope;
	struct letter letter = rig_letter(rig, 1);
	sqlite3 *db = NULL;
	char sql[128];
	/* An office restored from before the event was made, beside a newer catalogue. */
	snprintf(sql, sizeof(sql), "PRAGMA foreign_keys = ON; DELETE FROM event WHERE code = '%s'", rig->event);
	assert_int_equal(sqlite3_open("office/office.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	rig_seal(rig, &letter, RIG_ORDINARY, &envelope);
	file_all(&envelope, 1);
	assert_int_equal(rig_number("SELECT count(*) FROM quarantine WHERE reason = 'office'"), 1);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(each_letter_has_its_verdict),
		EACH(bytes_that_are_no_letter),
		EACH(a_changed_envelope_is_forged),
		EACH(an_envelope_for_another_key_is_forged),
		EACH(a_response_is_split),
		EACH(only_texts_are_free_texts),
		EACH(a_withdrawal_may_name_an_event),
		EACH(a_newer_catalogue_is_looked_into),
		EACH(a_lower_serial_is_never_taken),
		EACH(late_responses_to_a_released_event_are_judged),
		EACH(a_batch_files_withdraws_and_quarantines),
		EACH(rotation_makes_no_second_response),
		EACH(a_receipt_used_before_a_rotation_holds_after_it),
		EACH(what_the_office_does_not_know_waits_in_quarantine),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
