/* SPDX-License-Identifier: MIT */
/* accounts_test.c: accounts, what they sign in with, one-time addresses, sessions, back-off. */
#include "unit/lib/office/keeping_fixture.h"

#include "lib/office/accounts.h"

static const char *const north[] = {"north"};

static struct office_account sample(const char *name, enum account_role role)
{
	return (struct office_account){
		.name = name, .shown = "Sam Taylor", .role = role, .language = "en", .areas = north, .areas_count = 1};
}

static void hash_of(const char *token, uint8_t out[OFFICE_HASH_BYTES])
{
	keys_hash(token, strlen(token), out);
}

static int64_t add(struct fixture *fixture, const char *name, enum account_role role)
{
	struct office_account account = sample(name, role);
	int64_t id = 0;
	assert_int_equal(office_account_add(fixture->office, &account, &id), ERR_OK);
	return id;
}

static int64_t add_active(struct fixture *fixture, const char *name, enum account_role role)
{
	int64_t id = add(fixture, name, role);
	assert_int_equal(office_password_set(fixture->office, id, "$argon2id$one", NULL), ERR_OK);
	return id;
}

static struct office_account *get(struct fixture *fixture, int64_t id)
{
	struct office_account *account = NULL;
	assert_int_equal(office_account_get(fixture->office, id, &fixture->arena, &account), ERR_OK);
	return account;
}

static void set_codes(struct fixture *fixture, int64_t id, const char *prefix)
{
	uint8_t codes[OFFICE_RECOVERY_CODES][OFFICE_HASH_BYTES];
	uint8_t secret[OFFICE_TOTP_BYTES] = "twenty bytes secret";
	for (int i = 0; i < OFFICE_RECOVERY_CODES; i++) {
		char text[32];
		snprintf(text, sizeof(text), "%s %d", prefix, i);
		hash_of(text, codes[i]);
	}
	assert_int_equal(office_totp_set(fixture->office, id, secret, 0, codes), ERR_OK);
}

/* ---- accounts ------------------------------------------------------------------------------------------------ */

static void an_account_is_read_as_it_was_added(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = add(fixture, "sam@example.org", ACCOUNT_ORGANISER);
	struct office_account *account = get(fixture, id), *named = NULL, *list = NULL;
	size_t count = 0;
	assert_true(id > 0);
	assert_string_equal(account->name, "sam@example.org");
	assert_string_equal(account->shown, "Sam Taylor");
	assert_int_equal(account->role, ACCOUNT_ORGANISER);
	assert_int_equal(account->state, ACCOUNT_INVITED);
	assert_int_equal(account->areas_count, 1);
	assert_string_equal(account->areas[0], "north");
	assert_int_equal(account->version, 1);
	assert_false(account->has_totp);
	assert_int_equal(office_account_named(fixture->office, "sam@example.org", &fixture->arena, &named), ERR_OK);
	assert_int_equal(named->id, id);
	assert_int_equal(office_account_named(fixture->office, "sam", &fixture->arena, &named), ERR_NOT_FOUND);
	assert_int_equal(office_account_get(fixture->office, id + 1, &fixture->arena, &named), ERR_NOT_FOUND);
	struct office_account again = sample("sam@example.org", ACCOUNT_ANALYST);
	assert_int_equal(office_account_add(fixture->office, &again, &id), ERR_CONFLICT);
	assert_int_equal(get(fixture, add(fixture, "ann", ACCOUNT_ANALYST))->areas_count, 0);
	assert_int_equal(office_account_list(fixture->office, &fixture->arena, &list, &count), ERR_OK);
	assert_int_equal(count, 2);
	assert_int_equal(office_account_count(fixture->office, &count), ERR_OK);
	assert_int_equal(count, 2);
	assert_int_equal(office_administrator_count(fixture->office, &count), ERR_OK);
	assert_int_equal(count, 0); /* both are invited yet */
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'account.add'"), 2);
}

static void what_cannot_be_an_account_is_refused(void **state)
{
	struct fixture *fixture = *state;
	char longest[OFFICE_NAME_MAX + 2];
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	const struct {
		const char *what, *name, *shown, *language;
	} rows[] = {
		{"no name", "", "Sam", "en"},        {"a capital", "Sam", "Sam", "en"},
		{"a blank", "sam t", "Sam", "en"},   {"too long", longest, "Sam", "en"},
		{"not UTF-8", "s\xff", "Sam", "en"}, {"a line feed", "s\nm", "Sam", "en"},
		{"no shown name", "sam", " ", "en"}, {"another language", "sam", "Sam", "fr"},
		{"no language", "sam", "Sam", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct office_account account = sample(rows[i].name, ACCOUNT_ANALYST);
		int64_t id;
		account.shown = rows[i].shown;
		account.language = rows[i].language;
		if (office_account_add(fixture->office, &account, &id) != ERR_INVALID)
			fail_msg("%s", rows[i].what);
	}
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account"), 0);
}

static void a_change_from_an_old_version_is_told(void **state)
{
	struct fixture *fixture = *state;
	add_active(fixture, "admin", ACCOUNT_ADMINISTRATOR);
	struct office_account mine = *get(fixture, add_active(fixture, "sam", ACCOUNT_ORGANISER));
	struct office_account theirs = mine;
	static const char *const areas[] = {"south", "wales"};
	mine.shown = "Sam Jones";
	mine.areas = areas;
	mine.areas_count = 2;
	assert_int_equal(office_account_change(fixture->office, &mine), ERR_OK);
	theirs.shown = "Sam Smith";
	assert_int_equal(office_account_change(fixture->office, &theirs), ERR_CONFLICT);
	struct office_account *now = get(fixture, mine.id);
	assert_string_equal(now->shown, "Sam Jones");
	assert_int_equal(now->areas_count, 2);
	assert_int_equal(now->version, mine.version + 1);
	/* One that is no organiser any more has no Areas. */
	now->role = ACCOUNT_ANALYST;
	assert_int_equal(office_account_change(fixture->office, now), ERR_OK);
	assert_int_equal(get(fixture, mine.id)->areas_count, 0);
}

static void somebody_stays_administrator(void **state)
{
	struct fixture *fixture = *state;
	struct office_account first = *get(fixture, add_active(fixture, "first", ACCOUNT_ADMINISTRATOR));
	add(fixture, "invited", ACCOUNT_ADMINISTRATOR); /* who has never signed in is nobody yet */
	struct office_account smaller = first;
	smaller.role = ACCOUNT_ORGANISER;
	assert_int_equal(office_account_change(fixture->office, &smaller), ERR_DENIED);
	assert_int_equal(office_account_end(fixture->office, first.id), ERR_DENIED);
	assert_int_equal(get(fixture, first.id)->role, ACCOUNT_ADMINISTRATOR);
	assert_int_equal(get(fixture, first.id)->state, ACCOUNT_ACTIVE);
	add_active(fixture, "second", ACCOUNT_ADMINISTRATOR);
	assert_int_equal(office_account_change(fixture->office, &smaller), ERR_OK);
}

static void an_ended_account_has_nothing_left(void **state)
{
	struct fixture *fixture = *state;
	uint8_t hash[OFFICE_HASH_BYTES], address[OFFICE_HASH_BYTES];
	struct office_secrets secrets;
	struct office_session session;
	struct office_one_time found;
	int64_t id = add_active(fixture, "sam", ACCOUNT_KEYER), other;
	hash_of("cookie", hash);
	hash_of("address", address);
	set_codes(fixture, id, "code");
	assert_int_equal(office_session_add(fixture->office, hash, id, SESSION_FULL, 1000), ERR_OK);
	struct office_one_time what = {.purpose = ADDRESS_RESET, .account = id};
	assert_int_equal(office_one_time_add(fixture->office, address, &what, 9000), ERR_OK);
	assert_int_equal(office_account_end(fixture->office, id), ERR_OK);
	assert_int_equal(office_account_end(fixture->office, id), ERR_CONFLICT);
	assert_int_equal(get(fixture, id)->state, ACCOUNT_ENDED);
	assert_int_equal(office_session_get(fixture->office, hash, 1001, &session), ERR_NOT_FOUND);
	assert_int_equal(office_one_time_get(fixture->office, address, 1001, &found), ERR_NOT_FOUND);
	assert_int_equal(office_secrets_get(fixture->office, id, &secrets), ERR_OK);
	assert_string_equal(secrets.password, "");
	assert_false(secrets.has_totp);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account_recovery"), 0);
	assert_int_equal(office_password_set(fixture->office, id, "$argon2id$two", NULL), ERR_NOT_FOUND);
	assert_int_equal(office_session_add(fixture->office, hash, id, SESSION_FULL, 1000), ERR_NOT_FOUND);
	assert_int_equal(office_one_time_add(fixture->office, address, &what, 9000), ERR_NOT_FOUND);
	struct office_account again = sample("sam", ACCOUNT_KEYER);
	assert_int_equal(office_account_add(fixture->office, &again, &other), ERR_CONFLICT);
}

/* ---- what they sign in with ---------------------------------------------------------------------------------- */

static void a_password_makes_active_and_ends_other_sessions(void **state)
{
	struct fixture *fixture = *state;
	uint8_t one[OFFICE_HASH_BYTES], two[OFFICE_HASH_BYTES];
	struct office_secrets secrets;
	struct office_session session;
	int64_t id = add(fixture, "sam", ACCOUNT_KEYER);
	hash_of("one", one);
	hash_of("two", two);
	assert_int_equal(office_session_add(fixture->office, one, id, SESSION_FULL, 1000), ERR_NOT_FOUND);
	assert_int_equal(office_password_set(fixture->office, id, "", NULL), ERR_INVALID);
	assert_int_equal(office_password_set(fixture->office, id, "$argon2id$one", NULL), ERR_OK);
	assert_int_equal(get(fixture, id)->state, ACCOUNT_ACTIVE);
	assert_int_equal(office_secrets_get(fixture->office, id, &secrets), ERR_OK);
	assert_string_equal(secrets.password, "$argon2id$one");
	assert_int_equal(office_session_add(fixture->office, one, id, SESSION_FULL, 1000), ERR_OK);
	assert_int_equal(office_session_add(fixture->office, two, id, SESSION_FULL, 1000), ERR_OK);
	assert_int_equal(office_password_set(fixture->office, id, "$argon2id$two", one), ERR_OK);
	assert_int_equal(office_session_get(fixture->office, one, 1001, &session), ERR_OK);
	assert_int_equal(office_session_get(fixture->office, two, 1001, &session), ERR_NOT_FOUND);
	assert_false(keeping_holds_text(fixture, "$argon2id$one"));
}

static void steps_and_codes_work_once(void **state)
{
	struct fixture *fixture = *state;
	uint8_t code[OFFICE_HASH_BYTES];
	struct office_secrets secrets;
	size_t left = 0;
	int64_t id = add_active(fixture, "sam", ACCOUNT_KEYER), other = add_active(fixture, "ann", ACCOUNT_KEYER);
	assert_int_equal(office_totp_take(fixture->office, id, 100), ERR_CONFLICT); /* none is enrolled */
	set_codes(fixture, id, "code");
	assert_true(get(fixture, id)->has_totp);
	const struct {
		int64_t step;
		enum err wanted;
	} steps[] = {{100, ERR_OK}, {100, ERR_CONFLICT}, {99, ERR_CONFLICT}, {101, ERR_OK}, {100, ERR_CONFLICT}};
	for (size_t i = 0; i < COUNT_OF(steps); i++)
		assert_int_equal(office_totp_take(fixture->office, id, steps[i].step), steps[i].wanted);
	assert_int_equal(office_secrets_get(fixture->office, id, &secrets), ERR_OK);
	assert_int_equal(secrets.totp_step, 101);
	assert_memory_equal(secrets.totp, "twenty bytes secret", OFFICE_TOTP_BYTES);
	hash_of("code 3", code);
	assert_int_equal(office_recovery_take(fixture->office, other, code, &left), ERR_NOT_FOUND);
	assert_int_equal(office_recovery_take(fixture->office, id, code, &left), ERR_OK);
	assert_int_equal(left, OFFICE_RECOVERY_CODES - 1);
	assert_int_equal(office_recovery_take(fixture->office, id, code, &left), ERR_NOT_FOUND);
	set_codes(fixture, id, "new");
	hash_of("code 4", code);
	assert_int_equal(office_recovery_take(fixture->office, id, code, &left), ERR_NOT_FOUND);
	assert_int_equal(office_totp_set(fixture->office, id, NULL, 0, NULL), ERR_OK);
	assert_false(get(fixture, id)->has_totp);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account_recovery"), 0);
}

static void make_hashes(const char *prefix, uint8_t codes[OFFICE_RECOVERY_CODES][OFFICE_HASH_BYTES])
{
	for (int i = 0; i < OFFICE_RECOVERY_CODES; i++) {
		char text[32];
		snprintf(text, sizeof(text), "%s %d", prefix, i);
		hash_of(text, codes[i]);
	}
}

static void a_used_step_stays_used(void **state)
{
	struct fixture *fixture = *state;
	uint8_t codes[OFFICE_RECOVERY_CODES][OFFICE_HASH_BYTES];
	const uint8_t one[OFFICE_TOTP_BYTES] = "twenty bytes secret", two[OFFICE_TOTP_BYTES] = "another such secret";
	struct office_secrets secrets;
	size_t left = 0;
	int64_t id = add_active(fixture, "sam", ACCOUNT_KEYER);
	make_hashes("code", codes);
	assert_int_equal(office_recovery_set(fixture->office, id, codes), ERR_NOT_FOUND); /* without a secret */
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account_recovery"), 0);
	const struct {
		const uint8_t *secret;
		int64_t step, wanted;
	} rows[] = {{one, 100, 100}, {one, 0, 100}, {one, 101, 101}, {two, 50, 50}};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(office_totp_set(fixture->office, id, rows[i].secret, rows[i].step, codes), ERR_OK);
		assert_int_equal(office_secrets_get(fixture->office, id, &secrets), ERR_OK);
		assert_int_equal(secrets.totp_step, rows[i].wanted);
		assert_int_equal(office_totp_take(fixture->office, id, rows[i].wanted), ERR_CONFLICT);
	}
	uint32_t version = get(fixture, id)->version;
	uint8_t fresh[OFFICE_RECOVERY_CODES][OFFICE_HASH_BYTES];
	make_hashes("fresh", fresh);
	assert_int_equal(office_recovery_set(fixture->office, id, fresh), ERR_OK);
	assert_int_equal(office_secrets_get(fixture->office, id, &secrets), ERR_OK);
	assert_int_equal(secrets.totp_step, 50);
	assert_memory_equal(secrets.totp, two, OFFICE_TOTP_BYTES);
	assert_int_equal(get(fixture, id)->version, version + 1);
	assert_int_equal(office_totp_take(fixture->office, id, 50), ERR_CONFLICT);
	assert_int_equal(office_recovery_take(fixture->office, id, codes[0], &left), ERR_NOT_FOUND);
	assert_int_equal(office_recovery_take(fixture->office, id, fresh[0], &left), ERR_OK);
	assert_int_equal(left, OFFICE_RECOVERY_CODES - 1);
}

static void a_reset_account_has_its_address_alone(void **state)
{
	struct fixture *fixture = *state;
	uint8_t cookie[OFFICE_HASH_BYTES], old[OFFICE_HASH_BYTES], address[OFFICE_HASH_BYTES];
	struct office_secrets secrets;
	struct office_session session;
	struct office_one_time found;
	int64_t id = add_active(fixture, "sam", ACCOUNT_KEYER), taken = 0;
	int64_t invited = add(fixture, "ann", ACCOUNT_KEYER);
	hash_of("cookie", cookie);
	hash_of("old", old);
	hash_of("address", address);
	set_codes(fixture, id, "code");
	assert_int_equal(office_session_add(fixture->office, cookie, id, SESSION_FULL, 1000), ERR_OK);
	const struct office_one_time what = {.purpose = ADDRESS_RESET, .account = id};
	assert_int_equal(office_one_time_add(fixture->office, old, &what, 9000), ERR_OK);
	/* An address that is there already cannot be added: then nothing of it happens. */
	const struct office_one_time other = {.purpose = ADDRESS_INVITATION, .account = invited};
	assert_int_equal(office_one_time_add(fixture->office, address, &other, 9000), ERR_OK);
	assert_int_not_equal(office_account_reset(fixture->office, id, address, 9000), ERR_OK);
	assert_int_equal(office_session_get(fixture->office, cookie, 1001, &session), ERR_OK);
	assert_true(get(fixture, id)->has_totp);
	hash_of("another address", address);
	assert_int_equal(office_account_reset(fixture->office, invited, address, 9000), ERR_NOT_FOUND);
	assert_int_equal(office_account_reset(fixture->office, id, address, 9000), ERR_OK);
	assert_int_equal(office_session_get(fixture->office, cookie, 1001, &session), ERR_NOT_FOUND);
	assert_int_equal(office_one_time_get(fixture->office, old, 1001, &found), ERR_NOT_FOUND);
	assert_int_equal(office_secrets_get(fixture->office, id, &secrets), ERR_OK);
	assert_string_equal(secrets.password, "");
	assert_false(secrets.has_totp);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account_recovery"), 0);
	assert_int_equal(get(fixture, id)->state, ACCOUNT_ACTIVE);
	assert_int_equal(office_one_time_take(fixture->office, address, 1001, NULL, "$argon2id$two", &taken), ERR_OK);
	assert_int_equal(taken, id);
	assert_int_equal(office_secrets_get(fixture->office, id, &secrets), ERR_OK);
	assert_string_equal(secrets.password, "$argon2id$two");
}

/* ---- one-time addresses -------------------------------------------------------------------------------------- */

static void the_first_address_makes_one_administrator(void **state)
{
	struct fixture *fixture = *state;
	uint8_t hash[OFFICE_HASH_BYTES], second[OFFICE_HASH_BYTES];
	struct office_one_time found, first = {.purpose = ADDRESS_FIRST};
	struct office_account account = sample("sam", ACCOUNT_KEYER);
	int64_t id = 0;
	hash_of("one", hash);
	hash_of("two", second);
	assert_int_equal(office_one_time_add(fixture->office, second, &first, 5000), ERR_OK);
	assert_int_equal(office_one_time_add(fixture->office, hash, &first, 5000), ERR_OK); /* the one before goes */
	assert_int_equal(office_one_time_get(fixture->office, second, 1000, &found), ERR_NOT_FOUND);
	assert_int_equal(office_one_time_get(fixture->office, hash, 5000, &found), ERR_NOT_FOUND);
	assert_int_equal(office_one_time_get(fixture->office, hash, 1000, &found), ERR_OK);
	assert_int_equal(found.purpose, ADDRESS_FIRST);
	assert_int_equal(found.account, 0);
	account.name = "No Name";
	assert_int_equal(office_one_time_take(fixture->office, hash, 1000, &account, "$argon2id$", &id), ERR_INVALID);
	account.name = "sam"; /* a mistake does not use it up */
	assert_int_equal(office_one_time_take(fixture->office, hash, 1000, &account, "$argon2id$", &id), ERR_OK);
	assert_int_equal(get(fixture, id)->role, ACCOUNT_ADMINISTRATOR);
	assert_int_equal(get(fixture, id)->state, ACCOUNT_ACTIVE);
	account.name = "ann";
	assert_int_equal(office_one_time_take(fixture->office, hash, 1000, &account, "$argon2id$", &id), ERR_NOT_FOUND);
	assert_int_equal(office_one_time_add(fixture->office, hash, &first, 5000), ERR_CONFLICT);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'account.begin' "
						 "AND actor = 'sam' AND subject = 'sam'"),
			 1);
}

static void an_invitation_and_a_reset_set_a_password_once(void **state)
{
	struct fixture *fixture = *state;
	uint8_t hash[OFFICE_HASH_BYTES], cookie[OFFICE_HASH_BYTES];
	struct office_secrets secrets;
	struct office_session session;
	int64_t id = add(fixture, "sam", ACCOUNT_ORGANISER), found = 0;
	struct office_one_time invitation = {.purpose = ADDRESS_INVITATION, .account = id};
	struct office_one_time reset = {.purpose = ADDRESS_RESET, .account = id};
	hash_of("one", hash);
	hash_of("cookie", cookie);
	assert_int_equal(office_one_time_add(fixture->office, hash, &invitation, 5000), ERR_OK);
	assert_int_equal(office_one_time_take(fixture->office, hash, 5000, NULL, "$argon2id$a", &found), ERR_NOT_FOUND);
	assert_int_equal(office_one_time_take(fixture->office, hash, 1000, NULL, "$argon2id$a", &found), ERR_OK);
	assert_int_equal(found, id);
	assert_int_equal(get(fixture, id)->role, ACCOUNT_ORGANISER);
	assert_int_equal(office_one_time_take(fixture->office, hash, 1000, NULL, "$argon2id$a", &found), ERR_NOT_FOUND);
	/* A new password ends every session, and leaves the second factor as it is: ASVS 6.4.3. */
	set_codes(fixture, id, "code");
	assert_int_equal(office_session_add(fixture->office, cookie, id, SESSION_FULL, 1000), ERR_OK);
	assert_int_equal(office_one_time_add(fixture->office, hash, &reset, 5000), ERR_OK);
	assert_int_equal(office_one_time_take(fixture->office, hash, 1000, NULL, "$argon2id$b", &found), ERR_OK);
	assert_int_equal(office_session_get(fixture->office, cookie, 1001, &session), ERR_NOT_FOUND);
	assert_int_equal(office_secrets_get(fixture->office, id, &secrets), ERR_OK);
	assert_string_equal(secrets.password, "$argon2id$b");
	assert_true(secrets.has_totp);
}

/* ---- sessions ------------------------------------------------------------------------------------------------ */

static void a_session_lives_as_long_as_it_may(void **state)
{
	struct fixture *fixture = *state;
	uint8_t hash[OFFICE_HASH_BYTES];
	struct office_session session;
	int64_t id = add_active(fixture, "sam", ACCOUNT_KEYER);
	hash_of("cookie", hash);
	const struct {
		const char *name;
		int64_t uses[3]; /* seconds after it began; -1: none */
		int64_t at;
		enum err wanted;
	} rows[] = {
		{"at once", {-1, -1, -1}, 0, ERR_OK},
		{"nearly idle too long", {-1, -1, -1}, OFFICE_SESSION_IDLE_S - 1, ERR_OK},
		{"idle too long", {-1, -1, -1}, OFFICE_SESSION_IDLE_S, ERR_NOT_FOUND},
		{"used in between", {1000, 2000, 3000}, 3000 + OFFICE_SESSION_IDLE_S - 1, ERR_OK},
		{"uses closer than a minute are not noted", {10, 20, 59}, OFFICE_SESSION_IDLE_S, ERR_NOT_FOUND},
		{"a clock that is put right", {-1, -1, -1}, -60, ERR_OK},
		{"a clock that fell back", {-1, -1, -1}, -3600, ERR_NOT_FOUND},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		print_message("# %s\n", rows[i].name);
		assert_int_equal(office_session_add(fixture->office, hash, id, SESSION_FULL, 1000000), ERR_OK);
		for (size_t j = 0; j < 3 && rows[i].uses[j] >= 0; j++)
			assert_int_equal(office_session_get(fixture->office, hash, 1000000 + rows[i].uses[j], &session),
					 ERR_OK);
		assert_int_equal(office_session_get(fixture->office, hash, 1000000 + rows[i].at, &session),
				 rows[i].wanted);
		assert_int_equal(office_session_end(fixture->office, hash), ERR_OK);
	}
	/* However busy. */
	assert_int_equal(office_session_add(fixture->office, hash, id, SESSION_FULL, 1000000), ERR_OK);
	for (int64_t at = 0; at < OFFICE_SESSION_MAX_S; at += 1200)
		assert_int_equal(office_session_get(fixture->office, hash, 1000000 + at, &session), ERR_OK);
	assert_int_equal(office_session_get(fixture->office, hash, 1000000 + OFFICE_SESSION_MAX_S, &session),
			 ERR_NOT_FOUND);
}

static void a_new_token_makes_the_old_one_worthless(void **state)
{
	struct fixture *fixture = *state;
	uint8_t old[OFFICE_HASH_BYTES], fresh[OFFICE_HASH_BYTES];
	struct office_session before, after;
	int64_t id = add_active(fixture, "sam", ACCOUNT_KEYER);
	hash_of("old", old);
	hash_of("fresh", fresh);
	assert_int_equal(office_session_add(fixture->office, old, id, SESSION_PASSWORD, 1000), ERR_OK);
	assert_int_equal(office_session_get(fixture->office, old, 1001, &before), ERR_OK);
	assert_int_equal(before.stage, SESSION_PASSWORD);
	assert_int_equal(before.proved_s, 0);
	assert_int_equal(before.account, id);
	assert_int_equal(office_session_renew(fixture->office, old, fresh, SESSION_FULL, 1010), ERR_OK);
	assert_int_equal(office_session_get(fixture->office, old, 1011, &after), ERR_NOT_FOUND);
	assert_int_equal(office_session_get(fixture->office, fresh, 1011, &after), ERR_OK);
	assert_int_equal(after.id, before.id);
	assert_int_equal(after.began_s, 1000);
	assert_int_equal(after.stage, SESSION_FULL);
	assert_int_equal(after.proved_s, 1010);
	assert_int_equal(office_session_renew(fixture->office, old, fresh, SESSION_FULL, 1010), ERR_NOT_FOUND);
}

static void sessions_are_listed_and_ended(void **state)
{
	struct fixture *fixture = *state;
	uint8_t hashes[3][OFFICE_HASH_BYTES];
	struct office_session *list = NULL, session;
	size_t count = 0;
	int64_t id = add_active(fixture, "sam", ACCOUNT_KEYER), other = add_active(fixture, "ann", ACCOUNT_KEYER);
	hash_of("one", hashes[0]);
	hash_of("two", hashes[1]);
	hash_of("three", hashes[2]);
	assert_int_equal(office_session_add(fixture->office, hashes[0], id, SESSION_FULL, 1000), ERR_OK);
	assert_int_equal(office_session_add(fixture->office, hashes[1], id, SESSION_FULL, 2000), ERR_OK);
	assert_int_equal(office_session_add(fixture->office, hashes[2], other, SESSION_FULL, 2000), ERR_OK);
	assert_int_equal(office_session_list(fixture->office, id, 2100, &fixture->arena, &list, &count), ERR_OK);
	assert_int_equal(count, 2);
	assert_int_equal(list[0].began_s, 2000);
	assert_int_equal(office_session_end_id(fixture->office, other, list[0].id), ERR_NOT_FOUND);
	assert_int_equal(office_session_end_id(fixture->office, id, list[0].id), ERR_OK);
	assert_int_equal(office_session_get(fixture->office, hashes[1], 2100, &session), ERR_NOT_FOUND);
	assert_int_equal(office_session_get(fixture->office, hashes[2], 2100, &session), ERR_OK);
	/* What is over goes with the next sign-in. */
	assert_int_equal(office_session_add(fixture->office, hashes[1], id, SESSION_FULL, 90000), ERR_OK);
	assert_int_equal(office_session_list(fixture->office, id, 90000, &fixture->arena, &list, &count), ERR_OK);
	assert_int_equal(count, 1);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM session"), 2);
}

/* ---- back-off ------------------------------------------------------------------------------------------------ */

static void waits_grow_and_nobody_is_locked_out(void **state)
{
	struct fixture *fixture = *state;
	static const int64_t waits[] = {0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900};
	uint8_t key[OFFICE_HASH_BYTES], other[OFFICE_HASH_BYTES];
	int64_t wait = -1;
	hash_of("sam", key);
	hash_of("ann", other);
	for (size_t i = 0; i < COUNT_OF(waits); i++) {
		assert_int_equal(office_throttle_fail(fixture->office, key, 100000), ERR_OK);
		assert_int_equal(office_throttle_ask(fixture->office, key, THROTTLE_HARD, 100000, &wait), ERR_OK);
		assert_int_equal(wait, waits[i]);
	}
	assert_int_equal(office_throttle_ask(fixture->office, other, THROTTLE_HARD, 100000, &wait), ERR_OK);
	assert_int_equal(wait, 0);
	assert_int_equal(office_throttle_ask(fixture->office, key, THROTTLE_HARD, 100000 + 899, &wait), ERR_OK);
	assert_int_equal(wait, 1);
	assert_int_equal(office_throttle_ask(fixture->office, key, THROTTLE_HARD, 100000 + 900, &wait), ERR_OK);
	assert_int_equal(wait, 0);
	assert_int_equal(office_throttle_ask(fixture->office, key, THROTTLE_HARD, 50, &wait),
			 ERR_OK); /* a clock that fell back */
	assert_int_equal(wait, 900);
	/* Of what others share it is never long. */
	assert_int_equal(office_throttle_ask(fixture->office, key, THROTTLE_SOFT, 100000, &wait), ERR_OK);
	assert_int_equal(wait, 30);
	/* A day later it is forgotten; and at once when the right password came. */
	assert_int_equal(office_throttle_fail(fixture->office, key, 100000 + 86400), ERR_OK);
	assert_int_equal(office_throttle_ask(fixture->office, key, THROTTLE_HARD, 100000 + 86400, &wait), ERR_OK);
	assert_int_equal(wait, 0);
	assert_int_equal(office_throttle_clear(fixture->office, key), ERR_OK);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM throttle"), 0);
}

static void what_many_share_waits_late_and_never_long(void **state)
{
	struct fixture *fixture = *state;
	static const int64_t waits[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 4, 8, 16, 30, 30, 30};
	uint8_t key[OFFICE_HASH_BYTES];
	int64_t wait = -1;
	hash_of("an office", key);
	for (size_t i = 0; i < COUNT_OF(waits); i++) {
		assert_int_equal(office_throttle_fail(fixture->office, key, 100000), ERR_OK);
		assert_int_equal(office_throttle_ask(fixture->office, key, THROTTLE_SOFT, 100000, &wait), ERR_OK);
		assert_int_equal(wait, waits[i]);
	}
	assert_int_equal(office_throttle_ask(fixture->office, key, THROTTLE_SOFT, 50, &wait), ERR_OK);
	assert_int_equal(wait, 30);
	assert_int_equal(office_throttle_ask(fixture->office, key, THROTTLE_SOFT, 100000 + 30, &wait), ERR_OK);
	assert_int_equal(wait, 0);
}

/* ---- roles --------------------------------------------------------------------------------------------------- */

static void the_organiser_program_can_do_all_of_this_and_the_others_none(void **state)
{
	struct fixture *fixture = *state;
	struct office_account account = sample("sam", ACCOUNT_ADMINISTRATOR), *found = NULL;
	struct office_secrets secrets;
	struct office_session session;
	uint8_t hash[OFFICE_HASH_BYTES];
	int64_t id = 0, wait;
	hash_of("cookie", hash);
	struct office *office = fixture_open_as(fixture, OFFICE_ORGANISER);
	office_act_as(office, "ann");
	assert_int_equal(office_account_add(office, &account, &id), ERR_OK);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE actor = 'ann'"), 1);
	assert_int_equal(office_password_set(office, id, "$argon2id$", NULL), ERR_OK);
	assert_int_equal(office_secrets_get(office, id, &secrets), ERR_OK);
	assert_int_equal(office_session_add(office, hash, id, SESSION_FULL, 1000), ERR_OK);
	assert_int_equal(office_session_get(office, hash, 1100, &session), ERR_OK);
	assert_int_equal(office_throttle_fail(office, hash, 1000), ERR_OK);
	office_close(office);

	static const enum office_role others[] = {OFFICE_COLLECTOR, OFFICE_READER};
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		office = fixture_open_as(fixture, others[i]);
		assert_int_equal(office_secrets_get(office, id, &secrets), ERR_DENIED);
		assert_int_equal(office_session_get(office, hash, 1100, &session), ERR_DENIED);
		assert_int_equal(office_throttle_ask(office, hash, THROTTLE_HARD, 1100, &wait), ERR_DENIED);
		assert_int_equal(office_account_add(office, &account, &id), ERR_DENIED);
		if (others[i] == OFFICE_COLLECTOR)
			assert_int_equal(office_account_get(office, id, &fixture->arena, &found), ERR_DENIED);
		office_close(office);
	}
}

#define WITH_OFFICE(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_OFFICE(an_account_is_read_as_it_was_added),
		WITH_OFFICE(what_cannot_be_an_account_is_refused),
		WITH_OFFICE(a_change_from_an_old_version_is_told),
		WITH_OFFICE(somebody_stays_administrator),
		WITH_OFFICE(an_ended_account_has_nothing_left),
		WITH_OFFICE(a_password_makes_active_and_ends_other_sessions),
		WITH_OFFICE(steps_and_codes_work_once),
		WITH_OFFICE(a_used_step_stays_used),
		WITH_OFFICE(a_reset_account_has_its_address_alone),
		WITH_OFFICE(the_first_address_makes_one_administrator),
		WITH_OFFICE(an_invitation_and_a_reset_set_a_password_once),
		WITH_OFFICE(a_session_lives_as_long_as_it_may),
		WITH_OFFICE(a_new_token_makes_the_old_one_worthless),
		WITH_OFFICE(sessions_are_listed_and_ended),
		WITH_OFFICE(waits_grow_and_nobody_is_locked_out),
		WITH_OFFICE(what_many_share_waits_late_and_never_long),
		WITH_OFFICE(the_organiser_program_can_do_all_of_this_and_the_others_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
