/* SPDX-License-Identifier: MIT */
/* folder_test.c: names in the spool folder, and how much of a disk stays free. */
#include "lib/spool/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_floor(void **state)
{
	static const struct {
		const char *name;
		uint64_t disk_mib;
		unsigned free_min_mib;
		uint64_t expected_mib;
	} rows[] = {
		{"nothing is kept", 1000, 0, 0},
		{"a small disk: the least", 500, 64, 64},
		{"a twentieth is the least", 1280, 64, 64},
		{"a twentieth", 8000, 64, 400},
		{"a large disk: 16 times the least", 1000000, 64, 1024},
		{"of a test", 6, 1, 1},
		{"the most that can be asked for", UINT64_C(1) << 30, 65536, 65536 * 16},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (folder_floor(rows[i].disk_mib << 20, rows[i].free_min_mib) != rows[i].expected_mib << 20)
			fail_msg("%s", rows[i].name);
}

static void test_names(void **state)
{
	static const struct {
		const char *name;
		bool is_damaged, is_mark;
	} rows[] = {
		{"spool-2026-11-21-0123456789abcdef.damaged", true, false},
		{"spool-2026-11-21-0123456789abcdef.damaged-journal", false, false},
		{"spool-2026-11-21-0123456789abcdef.salvaged", false, false},
		{"spool-2026-11-21-0123456789abcde.damaged", false, false},
		{"spool-2026-11-21-0123456789abcdeg.damaged", false, false},
		{"spool-2026-11-21.damaged", false, false},
		{"spool.db", false, false},
		{"spool-", false, false},
		{"", false, false},
		{"spool-2026-11-21-0123456789abcdef.mark", false, true},
		{"spool-2026-11-21-0123456789abcdef.mark.1.2", false, true},
		{"spool-2026-11-21-0123456789abcdef.mar", false, false},
		{"other-2026-11-21-0123456789abcdef.mark", false, false},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char folder[] = "/tmp/soundings-folder-XXXXXX", path[300], mark[FOLDER_NAME_MAX];
		unsigned count;
		assert_non_null(mkdtemp(folder));
		snprintf(path, sizeof path, "%s/%s", folder, rows[i].name);
		FILE *file = rows[i].name[0] == '\0' ? NULL : fopen(path, "w");
		if (file != NULL)
			fclose(file);
		assert_int_equal(folder_count(folder, FOLDER_DAMAGED, &count), ERR_OK);
		enum err error = folder_find_mark(folder, mark);
		if (count != rows[i].is_damaged || error != (rows[i].is_mark ? ERR_OK : ERR_NOT_FOUND))
			fail_msg("%s", rows[i].name);
		assert_int_equal(folder_is_name(rows[i].name, FOLDER_DAMAGED), rows[i].is_damaged);
		if (error == ERR_OK)
			assert_string_equal(mark, rows[i].name);
		if (file != NULL)
			unlink(path);
		assert_int_equal(rmdir(folder), 0);
	}
	char name[FOLDER_NAME_MAX], other[FOLDER_NAME_MAX];
	folder_name(name);
	folder_name(other);
	assert_true(folder_is_name(name, ""));
	assert_string_not_equal(name, other);
	unsigned count;
	assert_int_equal(folder_count("/nowhere", "", &count), ERR_NOT_FOUND);
	assert_int_equal(folder_find_mark("/nowhere", name), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_floor), cmocka_unit_test(test_names)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
