/* SPDX-License-Identifier: MIT */
/* periods_test.c: a key set gets periods until it is full; a secret fits its own public key alone; what is destroyed is gone, whatever a
 * crash had left of it. What a rotation leaves behind: tests/site/rotate.test.mjs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "soundings/folders.h"
#include "soundings/periods.h"

#include "lib/base/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sysexits.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	char dir[64];
	struct instance instance;
	struct box_pair recovery;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);
	if (!fixture)
		return -1;
	snprintf(fixture->dir, sizeof fixture->dir, "/tmp/soundings-periods-XXXXXX");
	if (!mkdtemp(fixture->dir))
		return -1;
	fixture->instance.dir = fixture->dir;
	arena_init(&fixture->instance.arena, 16 * 1024 * 1024);
	keys_new_period(&fixture->recovery);
	*state = fixture;
	return folders_make(fixture->dir, &fixture->instance.arena) == ERR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	folders_remove(fixture->dir);
	arena_fini(&fixture->instance.arena);
	free(fixture);
	return 0;
}

static void test_add(void **state)
{
	(void) state;
	static struct keyset keyset;
	struct box_pair pair;
	for (size_t i = 0; i < KEYS_PERIODS_MAX; i++) {
		bool is_practice = i % 3 == 0;
		keys_new_period(&pair);
		assert_int_equal(periods_add(&keyset, pair.public_key, is_practice), ERR_OK);
		assert_int_equal(keyset.periods_count, i + 1);
		const struct period *current = keyset_current(&keyset, is_practice);
		assert_non_null(current);
		assert_memory_equal(current->public_key, pair.public_key, KEYS_PUBLIC_BYTES);
	}
	size_t current = 0;
	for (size_t i = 0; i < KEYS_PERIODS_MAX; i++)
		current += keyset.periods[i].is_current;
	assert_int_equal(current, 2);
	struct keyset before = keyset;
	assert_int_equal(periods_add(&keyset, pair.public_key, false), ERR_TOO_BIG);
	assert_memory_equal(&before, &keyset, sizeof keyset);
}

static void test_fits(void **state)
{
	(void) state;
	struct box_pair one, other;
	keys_new_period(&one);
	keys_new_period(&other);
	assert_true(periods_fits(&one));
	one.secret_key[9] ^= 1;
	assert_false(periods_fits(&one));
	memcpy(one.secret_key, other.secret_key, KEYS_SECRET_BYTES);
	assert_false(periods_fits(&one));
	memset(&one, 0, sizeof one); /* of small order: nothing can be sealed to it */
	assert_false(periods_fits(&one));
}

static void test_write_and_destroy(void **state)
{
	struct fixture *fixture = *state;
	struct instance *instance = &fixture->instance;
	struct box_pair pair;
	struct stat status;
	uint8_t id[KEYS_ID_BYTES], secret[KEYS_SECRET_BYTES];
	keys_new_period(&pair);
	keys_id(pair.public_key, id);
	for (size_t i = 0; i < 2; i++) /* again, as after a crash */
		assert_int_equal(periods_write(instance, &pair, fixture->recovery.public_key), ERR_OK);
	const char *const paths[] = {periods_secret_path(instance, id), periods_sealed_path(instance, id)};
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(stat(paths[i], &status), 0);
		assert_int_equal(status.st_mode & 07777, 0600);
	}
	char *data = NULL;
	size_t length = 0;
	assert_int_equal(file_read(AT_FDCWD, paths[1], 4096, &instance->arena, &data, &length), ERR_OK);
	assert_int_equal(length, KEYS_SEALED_BYTES);
	assert_int_equal(keys_open_secret((const uint8_t *) data, &fixture->recovery, secret), ERR_OK);
	assert_memory_equal(secret, pair.secret_key, KEYS_SECRET_BYTES);
	/* Whatever a crash has left of them, what remains is destroyed. */
	for (size_t left = 0; left < 4; left++) {
		bool is_done = false;
		assert_int_equal(periods_write(instance, &pair, fixture->recovery.public_key), ERR_OK);
		for (size_t i = 0; i < 2; i++)
			if (!(left & 1u << i))
				assert_int_equal(unlink(paths[i]), 0);
		assert_int_equal(periods_destroy(instance, id, &is_done), ERR_OK);
		assert_int_equal(is_done, left != 0);
		assert_int_equal(access(paths[0], F_OK), -1);
		assert_int_equal(access(paths[1], F_OK), -1);
	}
}

static void test_destroy_fails(void **state)
{
	struct fixture *fixture = *state;
	struct instance *instance = &fixture->instance;
	uint8_t id[KEYS_ID_BYTES] = {1, 2, 3};
	/* A folder lies where the secret was: nothing is said to be destroyed that is not. */
	assert_int_equal(mkdir(periods_secret_path(instance, id), 0700), 0);
	assert_int_equal(file_write(AT_FDCWD, periods_sealed_path(instance, id), "sealed", 6, 0600), ERR_OK);
	assert_int_not_equal(periods_destroy(instance, id, NULL), ERR_OK);
	assert_int_equal(access(periods_sealed_path(instance, id), F_OK), 0);
}

static void test_lock(void **state)
{
	const struct fixture *fixture = *state;
	int one = -1, other = -1;
	assert_int_equal(periods_lock(fixture->dir, &one), EX_OK);
	assert_true(one >= 0);
	char path[96];
	snprintf(path, sizeof path, "%s/keys", fixture->dir);
	other = open(path, O_RDONLY | O_DIRECTORY);
	assert_int_not_equal(flock(other, LOCK_EX | LOCK_NB), 0);
	file_close(&one);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
	file_close(&other);
	assert_int_equal(periods_lock("/tmp/soundings-periods-none", &one), EX_OK);
	assert_int_equal(one, -1);
}

static int start_keys(void **state)
{
	(void) state;
	return keys_start() == ERR_OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_fits),
		cmocka_unit_test_setup_teardown(test_write_and_destroy, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_destroy_fails, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lock, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, start_keys, NULL);
}
