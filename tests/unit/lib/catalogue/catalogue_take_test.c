/* SPDX-License-Identifier: MIT */
/* catalogue_take_test.c: a catalogue goes to a stick and from it into another machine; what is not signed by the root that is pinned there, older,
 * cut, or no plain file changes nothing. And events are listed by state. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include "lib/base/file.h"
#include "lib/catalogue/catalogue_take.h"
#include "unit/lib/catalogue/sample.h"

static struct sample *hub;
static const char *stick, *kiosk;

static int set_up(void **state)
{
	(void) state;
	hub = sample_new("catalogue");
	hub->content.serial = 3;
	assert_int_equal(sample_publish(hub), ERR_OK);
	stick = sample_path(hub, "stick");
	kiosk = sample_path(hub, "kiosk");
	assert_int_equal(mkdir(stick, 0755), 0);
	assert_int_equal(mkdir(kiosk, 0755), 0);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	sample_free(hub);
	return 0;
}

static const char *on_stick(const char *name)
{
	return arena_printf(&hub->arena, "%s/%s", stick, name);
}

static enum err pack(void)
{
	struct catalogue_refusal refusal;
	return catalogue_pack(hub->root_dir, stick, hub->root.public_key, &refusal);
}

static void publish(uint64_t serial)
{
	hub->content.serial = serial;
	assert_int_equal(sample_publish(hub), ERR_OK);
}

/* The serial that the kiosk serves; 0: none. */
static uint64_t served(void)
{
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	enum err error = catalogue_open(kiosk, hub->root.public_key, 0, 0, &catalogue, &refusal);
	if (error == ERR_NOT_FOUND)
		return 0;
	assert_int_equal(error, ERR_OK);
	uint64_t serial = catalogue_serial(catalogue);
	catalogue_close(catalogue);
	return serial;
}

static unsigned count_in(const char *folder)
{
	unsigned count = 0;
	DIR *directory = opendir(folder);
	assert_non_null(directory);
	for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(directory);
	return count;
}

static void assert_taken(enum err expected, bool expected_news, const char *reason)
{
	struct catalogue_refusal refusal = {.reason = NULL};
	bool is_news = false;
	enum err error = catalogue_take(kiosk, stick, hub->root.public_key, &is_news, &refusal);
	if (error != expected || (!error && is_news != expected_news) ||
	    (reason != NULL && strcmp(refusal.reason, reason) != 0))
		fail_msg("gave %s, news %d, reason %s", err_name(error), is_news,
			 refusal.reason != NULL ? refusal.reason : "none");
}

static void out_and_in(void **state)
{
	(void) state;
	assert_int_equal(pack(), ERR_OK);
	assert_int_equal(count_in(stick), 2);
	assert_int_equal(served(), 0);
	assert_taken(ERR_OK, true, NULL);
	assert_int_equal(served(), 3);
	assert_taken(ERR_OK, false, NULL);
	assert_int_equal(count_in(kiosk), 2); /* the directory, and the link */
}

static void newer_ones_follow(void **state)
{
	(void) state;
	for (uint64_t serial = 4; serial < 8; serial++) {
		publish(serial);
		assert_int_equal(pack(), ERR_OK);
		assert_taken(ERR_OK, true, NULL);
		assert_int_equal(served(), serial);
	}
	assert_int_equal(count_in(kiosk), 3); /* the one before stays, for whoever reads it */
}

static void an_older_one_is_refused(void **state)
{
	(void) state;
	assert_int_equal(pack(), ERR_OK);
	const char *old = sample_path(hub, "old");
	assert_int_equal(rename(stick, old), 0);
	assert_int_equal(mkdir(stick, 0755), 0);
	publish(4);
	assert_int_equal(pack(), ERR_OK);
	assert_taken(ERR_OK, true, NULL);
	stick = old;
	assert_taken(ERR_CONFLICT, false, "serial");
	assert_int_equal(served(), 4);
	stick = sample_path(hub, "stick");
}

/* Whose manifest cannot be read is still known by its directory's name, and its repair is one of the same serial or a newer one. */
static void none_older_than_a_damaged_one(void **state)
{
	(void) state;
	char name[64] = "";
	assert_int_equal(pack(), ERR_OK);
	const char *old = sample_path(hub, "old");
	assert_int_equal(rename(stick, old), 0);
	assert_int_equal(mkdir(stick, 0755), 0);
	publish(4);
	assert_int_equal(pack(), ERR_OK);
	assert_taken(ERR_OK, true, NULL);
	assert_true(readlink(arena_printf(&hub->arena, "%s/current", kiosk), name, sizeof name - 1) > 0);
	sample_write(arena_printf(&hub->arena, "%s/%s/manifest", kiosk, name), "x", 1);
	stick = old;
	assert_taken(ERR_CONFLICT, false, "serial");
	stick = sample_path(hub, "stick");
	assert_taken(ERR_OK, true, NULL);
	assert_int_equal(served(), 4);
}

static void a_link_of_no_catalogue(void **state)
{
	(void) state;
	const char *link = arena_printf(&hub->arena, "%s/current", kiosk);
	assert_int_equal(pack(), ERR_OK);
	assert_int_equal(symlink("elsewhere", link), 0);
	assert_taken(ERR_CORRUPT, false, "link");
	assert_int_equal(unlink(link), 0);
	assert_int_equal(mkdir(link, 0755), 0);
	assert_taken(ERR_CORRUPT, false, "link");
	assert_int_equal(count_in(kiosk), 1);
}

/* A kiosk whose disk takes 16 KiB of a file and no more is told what is wrong with the stick: nothing of that was written. */
static void what_is_not_signed_is_not_copied(void **state)
{
	(void) state;
	struct rlimit before, little;
	char *data = NULL;
	size_t length = 0;
	assert_int_equal(pack(), ERR_OK);
	assert_int_equal(file_read(AT_FDCWD, on_stick("catalogue.db"), 1 << 24, &hub->arena, &data, &length), ERR_OK);
	data[length - 1] ^= 1;
	sample_write(on_stick("catalogue.db"), data, length);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	little = (struct rlimit){.rlim_cur = 16384, .rlim_max = before.rlim_max};
	assert_true(length > 16384);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	assert_taken(ERR_CORRUPT, false, "hash");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	data[length - 1] ^= 1;
	sample_write(on_stick("catalogue.db"), data, length);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	struct catalogue_refusal refusal;
	bool is_news = false;
	enum err error = catalogue_take(kiosk, stick, hub->root.public_key, &is_news, &refusal);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(error == ERR_FULL || error == ERR_IO || error == ERR_TOO_BIG);
	assert_int_equal(count_in(kiosk), 0);
}

static void of_another_root(void **state)
{
	(void) state;
	struct root_pair other;
	struct catalogue_refusal refusal;
	bool is_news = false;
	keys_new_signing(&other);
	assert_int_equal(pack(), ERR_OK);
	assert_int_equal(catalogue_take(kiosk, stick, other.public_key, &is_news, &refusal), ERR_DENIED);
	assert_string_equal(refusal.reason, "keyset");
	assert_int_equal(count_in(kiosk), 0);
}

/* Each byte position of a sample of them: what was changed on the stick is never served, and leaves nothing. */
static void a_changed_byte(void **state)
{
	(void) state;
	static const char *const files[] = {"manifest", "catalogue.db"};
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(pack(), ERR_OK);
		char *data = NULL;
		size_t length = 0;
		assert_int_equal(file_read(AT_FDCWD, on_stick(files[i]), 1 << 24, &hub->arena, &data, &length), ERR_OK);
		for (size_t at = 0; at < length; at += length / 7) {
			struct catalogue_refusal refusal = {.reason = NULL};
			bool is_news = false;
			data[at] ^= 1;
			sample_write(on_stick(files[i]), data, length);
			enum err error = catalogue_take(kiosk, stick, hub->root.public_key, &is_news, &refusal);
			if (error != ERR_CORRUPT && error != ERR_DENIED)
				fail_msg("%s, byte %zu: %s", files[i], at, err_name(error));
			assert_int_equal(count_in(kiosk), 0);
			data[at] ^= 1;
		}
		sample_write(on_stick(files[i]), data, length / 2);
		assert_int_not_equal(served(), 3);
		struct catalogue_refusal refusal;
		bool is_news = false;
		assert_int_not_equal(catalogue_take(kiosk, stick, hub->root.public_key, &is_news, &refusal), ERR_OK);
		assert_int_equal(count_in(kiosk), 0);
	}
}

static void no_plain_files(void **state)
{
	(void) state;
	assert_taken(ERR_CORRUPT, false, "manifest"); /* nothing there */
	assert_int_equal(pack(), ERR_OK);
	assert_int_equal(rename(on_stick("catalogue.db"), on_stick("other")), 0);
	assert_taken(ERR_NOT_FOUND, false, "database");
	assert_int_equal(symlink("other", on_stick("catalogue.db")), 0);
	assert_taken(ERR_DENIED, false, "database");
	assert_int_equal(unlink(on_stick("catalogue.db")), 0);
	assert_int_equal(mkfifo(on_stick("catalogue.db"), 0644), 0);
	assert_taken(ERR_DENIED, false, "database");
	assert_int_equal(count_in(kiosk), 0);
	assert_int_equal(unlink(on_stick("catalogue.db")), 0);
	assert_int_equal(rename(on_stick("other"), on_stick("catalogue.db")), 0);
	assert_taken(ERR_OK, true, NULL);
}

/* What a stick that was pulled out has left is in nobody's way. */
static void what_was_left(void **state)
{
	(void) state;
	sample_write(on_stick(".manifest.tmp"), "x", 1);
	assert_int_equal(mkdir(arena_printf(&hub->arena, "%s/.new-0123456789abcdef", kiosk), 0755), 0);
	assert_int_equal(pack(), ERR_OK);
	assert_int_equal(count_in(stick), 2);
	assert_taken(ERR_OK, true, NULL);
	assert_int_equal(count_in(kiosk), 2);
}

static void nothing_is_published(void **state)
{
	(void) state;
	const char *empty = sample_path(hub, "empty");
	struct catalogue_refusal refusal;
	assert_int_equal(mkdir(empty, 0755), 0);
	assert_int_equal(catalogue_pack(empty, stick, hub->root.public_key, &refusal), ERR_NOT_FOUND);
	assert_int_equal(count_in(stick), 0);
}

static void events_by_state(void **state)
{
	(void) state;
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	const char *const *codes = NULL;
	size_t count = 9;
	assert_int_equal(catalogue_open(hub->root_dir, hub->root.public_key, 0, 0, &catalogue, &refusal), ERR_OK);
	assert_int_equal(catalogue_codes(catalogue, EVENT_OPEN, EVENT_PLANNED, &hub->arena, &codes, &count), ERR_OK);
	assert_int_equal(count, 1);
	assert_string_equal(codes[0], "E4K7QX");
	assert_int_equal(catalogue_codes(catalogue, EVENT_OPEN, EVENT_RELEASED, &hub->arena, &codes, &count), ERR_OK);
	assert_int_equal(count, 2);
	assert_string_equal(codes[0], "K7QX9M"); /* of the same day: by title */
	assert_int_equal(catalogue_codes(catalogue, EVENT_CLOSED, EVENT_GRACE, &hub->arena, &codes, &count), ERR_OK);
	assert_int_equal(count, 0);
	catalogue_close(catalogue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(out_and_in, set_up, tear_down),
		cmocka_unit_test_setup_teardown(newer_ones_follow, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_older_one_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(none_older_than_a_damaged_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_link_of_no_catalogue, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_not_signed_is_not_copied, set_up, tear_down),
		cmocka_unit_test_setup_teardown(of_another_root, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_changed_byte, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_plain_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_was_left, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_is_published, set_up, tear_down),
		cmocka_unit_test_setup_teardown(events_by_state, set_up, tear_down),
	};
	return keys_start() == ERR_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
