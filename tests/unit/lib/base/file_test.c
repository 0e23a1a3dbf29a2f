/* SPDX-License-Identifier: MIT */
/* file_test.c: whole files, old or new and never between; what is refused; nothing left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

struct fixture {
	char path[64];
	int folder;
	struct arena arena;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);
	if (fixture == NULL)
		return -1;
	snprintf(fixture->path, sizeof fixture->path, "/tmp/soundings-file-XXXXXX");
	if (mkdtemp(fixture->path) == NULL)
		return -1;
	fixture->folder = open(fixture->path, O_RDONLY | O_DIRECTORY);
	arena_init(&fixture->arena, 16 * 1024 * 1024);
	*state = fixture;
	return fixture->folder < 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	DIR *folder = fdopendir(fixture->folder);
	for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    unlinkat(dirfd(folder), entry->d_name, 0) < 0)
			unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
	closedir(folder);
	rmdir(fixture->path);
	arena_fini(&fixture->arena);
	free(fixture);
	return 0;
}

/* How many names the folder holds, temporary ones too. */
static size_t count_names(const struct fixture *fixture)
{
	size_t count = 0;
	int copy = openat(fixture->folder, ".", O_RDONLY | O_DIRECTORY);
	DIR *folder = fdopendir(copy);
	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(folder);
	return count;
}

static void assert_content(struct fixture *fixture, const char *name, const char *text)
{
	char *data = NULL;
	size_t length = 0;
	assert_int_equal(file_read(fixture->folder, name, 1000, &fixture->arena, &data, &length), ERR_OK);
	assert_int_equal(length, strlen(text));
	assert_string_equal(data, text);
}

static mode_t mode_of(const struct fixture *fixture, const char *name)
{
	struct stat status;
	assert_int_equal(fstatat(fixture->folder, name, &status, AT_SYMLINK_NOFOLLOW), 0);
	return status.st_mode & 07777;
}

static void test_write(void **state)
{
	struct fixture *fixture = *state;
	mode_t umask_before = umask(077);
	assert_int_equal(file_write(fixture->folder, "a", "old", 3, 0644), ERR_OK);
	umask(umask_before);
	assert_content(fixture, "a", "old");
	assert_int_equal(mode_of(fixture, "a"), 0644);
	int reader = openat(fixture->folder, "a", O_RDONLY);
	assert_int_equal(file_write(fixture->folder, "a", "newer", 5, 0600), ERR_OK);
	assert_content(fixture, "a", "newer");
	assert_int_equal(mode_of(fixture, "a"), 0600);
	/* Who had the old file open still has all of it: it was replaced, not written over. */
	char text[8] = "";
	assert_int_equal(read(reader, text, sizeof text), 3);
	assert_memory_equal(text, "old", 3);
	close(reader);
	assert_int_equal(file_write(fixture->folder, "empty", "", 0, 0600), ERR_OK);
	assert_content(fixture, "empty", "");
	assert_int_equal(count_names(fixture), 2);
}

static void test_write_new(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(file_write_new(fixture->folder, "key", "first", 5, 0400), ERR_OK);
	assert_int_equal(file_write_new(fixture->folder, "key", "second", 6, 0644), ERR_CONFLICT);
	assert_content(fixture, "key", "first");
	assert_int_equal(mode_of(fixture, "key"), 0400);
	assert_int_equal(symlinkat("nowhere", fixture->folder, "link"), 0);
	assert_int_equal(file_write_new(fixture->folder, "link", "x", 1, 0600), ERR_CONFLICT);
	assert_int_equal(count_names(fixture), 2);
	char path[128];
	snprintf(path, sizeof path, "%s/absolute", fixture->path);
	assert_int_equal(file_write_new(AT_FDCWD, path, "x", 1, 0600), ERR_OK);
	assert_content(fixture, "absolute", "x");
}

/* The write that fails in the middle: the limit on file size stands in for a full disk. */
static void test_write_fails(void **state)
{
	struct fixture *fixture = *state;
	static const char large[64 * 1024] = "";
	assert_int_equal(file_write(fixture->folder, "a", "old", 3, 0600), ERR_OK);
	struct rlimit before, small;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 4096;
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	enum err replaced = file_write(fixture->folder, "a", large, sizeof large, 0600);
	enum err created = file_write_new(fixture->folder, "b", large, sizeof large, 0600);
	setrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, handler);
	assert_int_equal(replaced, ERR_TOO_BIG);
	assert_int_equal(created, ERR_TOO_BIG);
	assert_content(fixture, "a", "old");
	assert_int_equal(count_names(fixture), 1);
}

static void test_refused(void **state)
{
	struct fixture *fixture = *state;
	char *data = NULL;
	size_t length = 0;
	assert_int_equal(file_write(fixture->folder, "a", "0123456789", 10, 0600), ERR_OK);
	assert_int_equal(symlinkat("a", fixture->folder, "link"), 0);
	assert_int_equal(mkfifoat(fixture->folder, "fifo", 0600), 0);
	assert_int_equal(file_make_dir(fixture->folder, "dir", 0700), ERR_OK);
	static const struct {
		const char *name, *path;
		size_t max_bytes;
		enum err error;
	} rows[] = {
		{"exactly the limit", "a", 10, ERR_OK},
		{"one byte more", "a", 9, ERR_TOO_BIG},
		{"nothing allowed", "a", 0, ERR_TOO_BIG},
		{"not there", "b", 10, ERR_NOT_FOUND},
		{"below a file", "a/b", 10, ERR_NOT_FOUND},
		{"a symbolic link", "link", 10, ERR_DENIED},
		{"a pipe that nobody writes", "fifo", 10, ERR_DENIED},
		{"a folder", "dir", 10, ERR_DENIED},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum err error =
			file_read(fixture->folder, rows[i].path, rows[i].max_bytes, &fixture->arena, &data, &length);
		if (error != rows[i].error)
			fail_msg("%s: %s", rows[i].name, err_name(error));
	}
	struct arena small;
	arena_init(&small, 8);
	assert_int_equal(file_read(fixture->folder, "a", 10, &small, &data, &length), ERR_NOMEM);
	arena_fini(&small);
	assert_int_equal(file_write(fixture->folder, "none/a", "x", 1, 0600), ERR_NOT_FOUND);
	assert_int_equal(file_write(fixture->folder, "dir/", "x", 1, 0600), ERR_INVALID);
}

/* A file that tells no size, as in /proc, is read to its end too. */
static void test_read_unsized(void **state)
{
	struct fixture *fixture = *state;
	char *data = NULL;
	size_t length = 0;
	assert_int_equal(file_read(AT_FDCWD, "/proc/self/status", 100000, &fixture->arena, &data, &length), ERR_OK);
	assert_true(length > 100);
	assert_int_equal(strlen(data), length);
	assert_int_equal(file_read(AT_FDCWD, "/proc/self/status", 50, &fixture->arena, &data, &length), ERR_TOO_BIG);
}

/* What is overwritten is seen through a descriptor that stays open when the name has gone. */
static void test_wipe(void **state)
{
	static const struct {
		const char *name;
		size_t length;
	} rows[] = {{"empty", 0}, {"a key", 32}, {"a piece", 4096}, {"pieces and a rest", 3 * 4096 + 7}};
	const struct fixture *fixture = *state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char bytes[4 * 4096], after[4 * 4096];
		memset(bytes, 'k', sizeof bytes);
		assert_int_equal(file_write(fixture->folder, "secret", bytes, rows[i].length, 0600), ERR_OK);
		int fd = openat(fixture->folder, "secret", O_RDONLY);
		assert_int_equal(file_wipe(fixture->folder, "secret"), ERR_OK);
		assert_int_equal(count_names(fixture), 0);
		assert_int_equal(read(fd, after, sizeof after), (ssize_t) rows[i].length);
		close(fd);
		size_t same = 0;
		for (size_t at = 0; at < rows[i].length; at++)
			same += after[at] == 'k';
		if (same > rows[i].length / 8)
			fail_msg("%s: %zu of %zu bytes are as they were", rows[i].name, same, rows[i].length);
	}
}

static void test_wipe_refused(void **state)
{
	const struct fixture *fixture = *state;
	assert_int_equal(file_wipe(fixture->folder, "none"), ERR_NOT_FOUND);
	assert_int_equal(file_wipe(fixture->folder, "none/secret"), ERR_NOT_FOUND);
	assert_int_equal(file_wipe(fixture->folder, "folder/"), ERR_INVALID);
	assert_int_equal(file_write(fixture->folder, "kept", "kept", 4, 0600), ERR_OK);
	assert_int_equal(symlinkat("kept", fixture->folder, "link"), 0);
	assert_int_equal(file_wipe(fixture->folder, "link"), ERR_DENIED);
	assert_int_equal(linkat(fixture->folder, "kept", fixture->folder, "second", 0), 0);
	assert_int_equal(file_wipe(fixture->folder, "kept"), ERR_DENIED);
	assert_int_equal(mkfifoat(fixture->folder, "pipe", 0600), 0);
	assert_int_not_equal(file_wipe(fixture->folder, "pipe"), ERR_OK);
	int fd = openat(fixture->folder, "kept", O_RDONLY);
	char bytes[5] = {0};
	assert_int_equal(read(fd, bytes, sizeof bytes), 4);
	close(fd);
	assert_string_equal(bytes, "kept");
	assert_int_equal(count_names(fixture), 4);
}

static void test_folders(void **state)
{
	struct fixture *fixture = *state;
	mode_t umask_before = umask(077);
	assert_int_equal(file_make_dir(fixture->folder, "d", 0755), ERR_OK);
	umask(umask_before);
	assert_int_equal(mode_of(fixture, "d"), 0755);
	assert_int_equal(file_make_dir(fixture->folder, "d", 0700), ERR_OK);
	assert_int_equal(mode_of(fixture, "d"), 0755);
	assert_int_equal(file_sync_dir(fixture->folder, "d"), ERR_OK);
	assert_int_equal(file_sync_dir(fixture->folder, "none"), ERR_NOT_FOUND);
	assert_int_equal(file_make_dir(fixture->folder, "x/y", 0700), ERR_NOT_FOUND);
	assert_int_equal(file_write(fixture->folder, "f", "", 0, 0600), ERR_OK);
	assert_int_equal(file_make_dir(fixture->folder, "f", 0700), ERR_CONFLICT);
}

static void test_errno(void **state)
{
	(void) state;
	static const struct {
		int number;
		enum err error;
	} rows[] = {
		{0, ERR_OK},         {ENOENT, ERR_NOT_FOUND}, {EEXIST, ERR_CONFLICT}, {EACCES, ERR_DENIED},
		{EPERM, ERR_DENIED}, {ENOSPC, ERR_FULL},      {EDQUOT, ERR_FULL},     {ENOMEM, ERR_NOMEM},
		{EAGAIN, ERR_BUSY},  {EROFS, ERR_IO},         {EIO, ERR_IO},          {EFBIG, ERR_TOO_BIG},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(file_err(rows[i].number), rows[i].error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_write, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_write_new, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_write_fails, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_read_unsized, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_wipe, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_wipe_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_folders, set_up, tear_down),
		cmocka_unit_test(test_errno),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
