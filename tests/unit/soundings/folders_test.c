/* SPDX-License-Identifier: MIT */
/* folders_test.c: what is taken away with a scratch folder is overwritten where it holds answers or secrets, but never what somebody keeps
 * under another name, nor what a link leads to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "soundings/folders.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char text[] = "what somebody said";

struct place {
	char dir[64];
	char path[128];
};

static struct place place_new(void)
{
	struct place place = {.dir = "/tmp/soundings-folders-XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	snprintf(place.path, sizeof place.path, "%s/keys", place.dir);
	assert_int_equal(mkdir(place.path, 0700), 0);
	return place;
}

static int write_text(struct place *place, const char *name)
{
	snprintf(place->path, sizeof place->path, "%s/%s", place->dir, name);
	int fd = open(place->path, O_RDWR | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof text), sizeof text);
	return fd;
}

static bool is_whole(int fd)
{
	char found[sizeof text] = "";
	return pread(fd, found, sizeof found, 0) == sizeof found && memcmp(found, text, sizeof text) == 0;
}

static void what_is_taken_away_is_overwritten(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		bool is_overwritten;
	} rows[] = {
		{"office.db", true},           {"newer.db-journal", true},  {"keys/0123.secret", true},
		{"keys/.keyset.01.tmp", true}, {"recovery-2026.txt", true}, {"page.html", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		print_message("# %s\n", rows[i].name);
		struct place place = place_new();
		int fd = write_text(&place, rows[i].name);
		assert_true(folders_remove(place.dir));
		assert_int_equal(access(place.dir, F_OK), -1);
		assert_int_equal(is_whole(fd), !rows[i].is_overwritten);
		close(fd);
	}
}

static void what_is_kept_elsewhere_is_not(void **state)
{
	(void) state;
	struct place place = place_new(), other = place_new();
	char kept[128];
	int fd = write_text(&place, "office.db"), linked = write_text(&other, "office.db");
	snprintf(kept, sizeof kept, "%s/kept", other.dir);
	snprintf(place.path, sizeof place.path, "%s/office.db", place.dir);
	assert_int_equal(link(place.path, kept), 0);
	snprintf(place.path, sizeof place.path, "%s/link.db", place.dir);
	assert_int_equal(symlink(other.path, place.path), 0);
	assert_true(folders_remove(place.dir));
	assert_true(is_whole(fd));
	assert_true(is_whole(linked));
	folders_wipe(kept);
	assert_int_equal(access(kept, F_OK), -1);
	assert_false(is_whole(fd));
	folders_wipe(kept); /* gone is gone */
	close(fd);
	close(linked);
	assert_true(folders_remove(other.dir));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken_away_is_overwritten),
		cmocka_unit_test(what_is_kept_elsewhere_is_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
