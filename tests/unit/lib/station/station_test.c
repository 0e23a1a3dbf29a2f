/* SPDX-License-Identifier: MIT */
/* station_test.c: settings and state come back as they were written, a file that is not ours is not half believed, and a reader never sees
 * half a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/file.h"
#include "lib/station/station.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/soundings-station-XXXXXX";

static int set_up(void **state)
{
	(void) state;
	return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	(void) state;
	unlink("settings");
	unlink("state");
	return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static const struct station usual = {.event = "E4K7QX", .is_silent = true, .sound_level = 40, .brightness = 60};

static mode_t mode_of(const char *path)
{
	struct stat status;
	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 07777;
}

static void test_round_trip(void **state)
{
	(void) state;
	struct station got;
	umask(0077);
	assert_int_equal(station_write("settings", &usual), ERR_OK);
	assert_int_equal(station_read("settings", &got), ERR_OK);
	assert_memory_equal(&got, &usual, sizeof got);
	assert_int_equal(mode_of("settings"), 0600);

	const struct station_state before = {.set = usual, .ended = 7, .alive_s = 123456};
	struct station_state after;
	assert_int_equal(station_state_write("state", &before), ERR_OK);
	assert_int_equal(station_state_read("state", &after), ERR_OK);
	assert_memory_equal(&after, &before, sizeof after);
	assert_int_equal(mode_of("state"), 0640);
	assert_int_not_equal(access("state.new", F_OK), 0);
}

static void test_no_event(void **state)
{
	(void) state;
	struct station fresh, got;
	station_init(&fresh);
	assert_string_equal(fresh.event, "");
	assert_int_equal(station_write("settings", &fresh), ERR_OK);
	assert_int_equal(station_read("settings", &got), ERR_OK);
	assert_memory_equal(&got, &fresh, sizeof got);
	assert_int_equal(station_read("none", &got), ERR_NOT_FOUND);
	assert_memory_equal(&got, &fresh, sizeof got);
}

/* Each is no file of ours, as settings and, but for the marked one, as state. */
static const struct row {
	const char *name, *text;
	bool is_state; /* looked at as state */
} rows[] = {
	{"empty", "", false},
	{"a key is lacking", "event = E4K7QX\nsound = on\nsound_level = 40\n", false},
	{"a key twice", "sound = on\nsound = off\nsound_level = 40\nbrightness = 60\n", false},
	{"another key", "sound = on\nsound_level = 40\nbrightness = 60\ncolour = 3\n", false},
	{"a key of the other file", "sound = on\nsound_level = 40\nbrightness = 60\nended = 3\n", false},
	{"no line end", "sound = on\nsound_level = 40\nbrightness = 60", false},
	{"no value", "sound\nsound_level = 40\nbrightness = 60\n", false},
	{"too loud", "sound = on\nsound_level = 101\nbrightness = 60\n", false},
	{"too quiet to be on", "sound = on\nsound_level = 0\nbrightness = 60\n", false},
	{"too dark", "sound = off\nsound_level = 40\nbrightness = 0\n", false},
	{"a sign", "sound = on\nsound_level = +40\nbrightness = 60\n", false},
	{"a blank more", "sound = on \nsound_level = 40\nbrightness = 60\n", false},
	{"a short code", "event = E4K7Q\nsound = on\nsound_level = 40\nbrightness = 60\n", false},
	{"a path for a code", "event = ../../\nsound = on\nsound_level = 40\nbrightness = 60\n", false},
	{"settings are no state", "sound = on\nsound_level = 40\nbrightness = 60\n", true},
	{"before the start", "sound = on\nsound_level = 40\nbrightness = 60\nended = -1\nalive_s = 0\n", true},
	{"a number too long",
	 "sound = on\nsound_level = 40\nbrightness = 60\nended = 1\nalive_s = 99999999999999999999\n", true},
};

static void test_not_ours(void **state)
{
	(void) state;
	struct station fresh;
	station_init(&fresh);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct station_state got;
		assert_int_equal(file_write(AT_FDCWD, "settings", rows[i].text, strlen(rows[i].text), 0600), ERR_OK);
		enum err error =
			rows[i].is_state ? station_state_read("settings", &got) : station_read("settings", &got.set);
		if (error != ERR_CORRUPT)
			fail_msg("%s: %s", rows[i].name, err_name(error));
		assert_memory_equal(&got.set, &fresh, sizeof fresh);
	}
	static const char with_nul[] = "sound = on\nsound_level = 40\nbrightness = 60\n\0more";
	struct station got;
	assert_int_equal(file_write(AT_FDCWD, "settings", with_nul, sizeof with_nul, 0600), ERR_OK);
	assert_int_equal(station_read("settings", &got), ERR_CORRUPT);
}

/* A reader beside a writer: whole files alone, and what rises never falls. */
static void test_never_half(void **state)
{
	(void) state;
	enum { WRITES = 2000 };
	struct station_state now = {.set = usual};
	assert_int_equal(station_state_write("state", &now), ERR_OK);
	pid_t pid = fork();
	if (pid == 0) {
		for (now.ended = 1; now.ended <= WRITES; now.ended++)
			if (station_state_write("state", &now) != ERR_OK)
				_exit(1);
		_exit(0);
	}
	uint64_t last = 0;
	for (int status = 0; waitpid(pid, &status, WNOHANG) == 0;) {
		struct station_state got;
		assert_int_equal(station_state_read("state", &got), ERR_OK);
		assert_true(got.ended >= last);
		last = got.ended;
	}
	struct station_state got;
	assert_int_equal(station_state_read("state", &got), ERR_OK);
	assert_int_equal(got.ended, WRITES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_no_event),
		cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_never_half),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
