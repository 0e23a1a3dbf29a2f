/* SPDX-License-Identifier: MIT */
/* backup_write_test.c: what is written is read back, at every size around the borders of chunks; and whatever goes wrong while writing,
 * nothing is left behind and nothing that was there is touched. */
#include "fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "lib/base/random.h"

enum { MIB = 1024 * 1024 };

static uint8_t bytes[2 * MIB], back[2 * MIB];

/* ---- a disk that fails: these stand before the C library's ----------------------------------------------------------- */

static int writes_left = -1, syncs_left = -1; /* before FAILS_WITH; -1: none fails */
static int fails_with;
static bool is_stuttering; /* writes take half, and are interrupted */

ssize_t write(int fd, const void *data, size_t length)
{
	static bool is_interrupted;
	if (writes_left == 0) {
		errno = fails_with;
		return -1;
	}
	writes_left -= writes_left > 0;
	if (is_stuttering && (is_interrupted = !is_interrupted)) {
		errno = EINTR;
		return -1;
	}
	return syscall(SYS_write, fd, data, is_stuttering && length > 1 ? length / 2 : length);
}

int fsync(int fd)
{
	if (syncs_left == 0) {
		errno = fails_with;
		return -1;
	}
	syncs_left -= syncs_left > 0;
	return (int) syscall(SYS_fsync, fd);
}

static void disk_is_sound(void)
{
	writes_left = syncs_left = -1;
	is_stuttering = false;
}

/* ---- round trips --------------------------------------------------------------------------------------------------- */

static void assert_reads_back(const struct fixture_part *parts, size_t count, size_t room)
{
	struct backup *backup = NULL;
	const char *reason = NULL, *name = NULL;
	uint64_t length = 0;
	assert_int_equal(backup_open(path, &backup, &reason), ERR_OK);
	assert_int_equal(backup_check(backup, &reason), ERR_OK);
	assert_int_equal(backup_unseal(backup, &keys.recovery), ERR_OK);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(backup_next(backup, &arena, &name, &length), ERR_OK);
		assert_string_equal(name, parts[i].name);
		assert_int_equal(length, parts[i].length);
		assert_int_equal(fixture_read_part(backup, back, parts[i].length, room), ERR_OK);
		assert_memory_equal(back, parts[i].bytes, parts[i].length);
	}
	assert_int_equal(backup_next(backup, &arena, &name, &length), ERR_NOT_FOUND);
	assert_int_equal(backup_next(backup, &arena, &name, &length), ERR_NOT_FOUND);
	backup_close(backup);
}

static void every_size_comes_back(void **state)
{
	(void) state;
	/* Around chunks, and around parts that make the stream's plain text whole chunks: with 16384 bytes of room. */
	static const size_t sizes[] = {0,     1,     2,      49151,  49152,  49153,  65524,   65525, 65526,  65535,
				       65536, 65537, 114687, 114688, 114689, 131072, MIB - 1, MIB,   MIB + 1};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		const struct fixture_part part = {"a", bytes, sizes[i]};
		assert_int_equal(fixture_write(&part, 1), ERR_OK);
		assert_reads_back(&part, 1, sizes[i] % 2 == 0 ? 65536 : 4099);
		assert_int_equal(fixture_count(), 1);
		fixture_empty();
	}
}

static void many_parts_come_back(void **state)
{
	(void) state;
	const struct fixture_part parts[] = {
		{"office.db", bytes, 3 * 65536 + 17},
		{"digest", bytes + 100, 1000},
		{"empty", bytes, 0},
		{"sealed/0123456789abcdef.sealed", bytes + 5, 80},
		{"sealed/fedcba9876543210.sealed", bytes + 6, 80},
		{"a-b/c.d/e..f", bytes + 7, 1},
		{"last", bytes, 65536},
	};
	static const size_t rooms[] = {1, 7, 65536, 2 * MIB};
	assert_int_equal(fixture_write(parts, sizeof parts / sizeof *parts), ERR_OK);
	for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++)
		assert_reads_back(parts, sizeof parts / sizeof *parts, rooms[i]);
}

static void no_parts_come_back(void **state)
{
	(void) state;
	assert_int_equal(fixture_write(NULL, 0), ERR_OK);
	assert_reads_back(NULL, 0, 1);
}

/* A part as bytes come from elsewhere: in pieces that fit nothing. */
static void pieces_come_back(void **state)
{
	(void) state;
	static const size_t pieces[] = {1, 4096, 65535, 65536, 65537, 200000};
	const struct fixture_part part = {"office.db", bytes, MIB};
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct backup_head head = fixture_head(&keys);
		struct backup_writer *writer = NULL;
		assert_int_equal(backup_create(path, &head, MIB, &keys.content, &writer), ERR_OK);
		assert_int_equal(backup_part(writer, "office.db", MIB), ERR_OK);
		for (size_t at = 0; at < MIB;) {
			size_t piece = pieces[i] < MIB - at ? pieces[i] : MIB - at;
			assert_int_equal(backup_write(writer, bytes + at, piece), ERR_OK);
			at += piece;
		}
		assert_int_equal(backup_finish(writer), ERR_OK);
		assert_reads_back(&part, 1, 65536);
		fixture_empty();
	}
}

static void the_head_comes_back(void **state)
{
	(void) state;
	struct backup *backup = NULL;
	const char *reason = NULL;
	struct stat status;
	assert_int_equal(fixture_write(NULL, 0), ERR_OK);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(backup_open(path, &backup, &reason), ERR_OK);
	const struct backup_head *head = backup_head(backup);
	struct backup_head expected = fixture_head(&keys);
	assert_int_equal(head->number, expected.number);
	assert_memory_equal(head->generation, expected.generation, BACKUP_GENERATION_BYTES);
	assert_int_equal(date_days(head->day), date_days(expected.day));
	assert_string_equal(head->name, expected.name);
	assert_memory_equal(head->root_public, keys.root.public_key, KEYS_PUBLIC_BYTES);
	assert_int_equal(head->keyset_length, keys.keyset_length);
	assert_memory_equal(head->keyset_document, keys.keyset, keys.keyset_length);
	assert_int_equal(backup_keyset(backup)->serial, 7);
	backup_close(backup);
}

/* The length follows from the head: it tells nothing of how many parts there are or what they are called. */
static void the_length_is_of_the_bytes_alone(void **state)
{
	(void) state;
	const struct fixture_part one = {"a", bytes, 1000};
	const struct fixture_part three[] = {{"a-much-longer-name", bytes, 400}, {"b", bytes, 0}, {"c/d", bytes, 600}};
	struct stat first, second;
	assert_int_equal(fixture_write(&one, 1), ERR_OK);
	assert_int_equal(stat(path, &first), 0);
	fixture_empty();
	assert_int_equal(fixture_write(three, 3), ERR_OK);
	assert_int_equal(stat(path, &second), 0);
	assert_int_equal(first.st_size, second.st_size);
}

/* ---- what goes wrong -------------------------------------------------------------------------------------------------- */

static void misuse_leaves_nothing(void **state)
{
	(void) state;
	static char long_name[BACKUP_NAME_MAX + 2];
	memset(long_name, 'a', BACKUP_NAME_MAX + 1);
	const struct {
		const char *name, *part;
		size_t announced, written;
		enum err at_part, at_write, at_finish;
	} rows[] = {
		{"as it should be", "a", 10, 10, ERR_OK, ERR_OK, ERR_OK},
		{"more bytes than promised", "a", 11, 0, ERR_INVALID, ERR_INVALID, ERR_INVALID},
		{"more bytes than announced", "a", 10, 11, ERR_OK, ERR_INVALID, ERR_INVALID},
		{"fewer bytes than announced", "a", 10, 9, ERR_OK, ERR_OK, ERR_INVALID},
		{"fewer bytes than promised", "a", 9, 9, ERR_OK, ERR_OK, ERR_INVALID},
		{"no name", "", 10, 10, ERR_INVALID, ERR_INVALID, ERR_INVALID},
		{"an absolute name", "/etc/passwd", 10, 10, ERR_INVALID, ERR_INVALID, ERR_INVALID},
		{"a name that leads up", "../a", 10, 10, ERR_INVALID, ERR_INVALID, ERR_INVALID},
		{"a name that leads up later", "a/../../b", 10, 10, ERR_INVALID, ERR_INVALID, ERR_INVALID},
		{"a name that is a folder", "a/", 10, 10, ERR_INVALID, ERR_INVALID, ERR_INVALID},
		{"two slashes", "a//b", 10, 10, ERR_INVALID, ERR_INVALID, ERR_INVALID},
		{"a hidden name", ".a", 10, 10, ERR_INVALID, ERR_INVALID, ERR_INVALID},
		{"capital letters", "A", 10, 10, ERR_INVALID, ERR_INVALID, ERR_INVALID},
		{"a space", "a b", 10, 10, ERR_INVALID, ERR_INVALID, ERR_INVALID},
		{"201 signs", long_name, 10, 10, ERR_INVALID, ERR_INVALID, ERR_INVALID},
		{"200 signs", long_name + 1, 10, 10, ERR_OK, ERR_OK, ERR_OK},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct backup_head head = fixture_head(&keys);
		struct backup_writer *writer = NULL;
		assert_int_equal(backup_create(path, &head, 10, &keys.content, &writer), ERR_OK);
		enum err at_part = backup_part(writer, rows[i].part, rows[i].announced);
		enum err at_write = backup_write(writer, bytes, rows[i].written);
		enum err at_finish = backup_finish(writer);
		if (at_part != rows[i].at_part || at_write != rows[i].at_write || at_finish != rows[i].at_finish)
			fail_msg("%s: gave %s, %s, %s", rows[i].name, err_name(at_part), err_name(at_write),
				 err_name(at_finish));
		assert_int_equal(fixture_count(), rows[i].at_finish == ERR_OK);
		fixture_empty();
	}
}

static void a_part_waits_for_the_one_before(void **state)
{
	(void) state;
	struct backup_head head = fixture_head(&keys);
	struct backup_writer *writer = NULL;
	assert_int_equal(backup_create(path, &head, 10, &keys.content, &writer), ERR_OK);
	assert_int_equal(backup_part(writer, "a", 5), ERR_OK);
	assert_int_equal(backup_write(writer, bytes, 4), ERR_OK);
	assert_int_equal(backup_part(writer, "b", 5), ERR_INVALID);
	assert_int_equal(backup_write(writer, bytes, 1), ERR_INVALID); /* it sticks */
	backup_abandon(writer);
	assert_int_equal(fixture_count(), 0);
}

static void names_have_their_room(void **state)
{
	(void) state;
	struct backup_head head = fixture_head(&keys);
	struct backup_writer *writer = NULL;
	char name[BACKUP_NAME_MAX + 1];
	memset(name, 'a', BACKUP_NAME_MAX);
	name[BACKUP_NAME_MAX] = '\0';
	assert_int_equal(backup_create(path, &head, 1000, &keys.content, &writer), ERR_OK);
	/* 78 times 2 + 200 + 8, and the 2 of the empty name, are 16382 of 16384 bytes. */
	for (size_t i = 0; i < 78; i++)
		assert_int_equal(backup_part(writer, name, 0), ERR_OK);
	assert_int_equal(backup_part(writer, "last", 1000), ERR_TOO_BIG);
	backup_abandon(writer);
	assert_int_equal(fixture_count(), 0);
}

static void heads_that_are_refused(void **state)
{
	(void) state;
	struct fixture_keys other;
	fixture_keys_make(&other, 2);
	struct backup_head good = fixture_head(&keys), other_root = good, other_keyset = good, number = good,
			   large_number = good, name = good, long_name = good, cut = good;
	static char two_hundred_and_one[BACKUP_NAME_MAX + 2];
	memset(two_hundred_and_one, 'n', BACKUP_NAME_MAX + 1);
	memcpy(other_root.root_public, other.root.public_key, KEYS_PUBLIC_BYTES);
	other_keyset.keyset_document = other.keyset;
	other_keyset.keyset_length = other.keyset_length;
	number.number = 0;
	large_number.number = (uint64_t) INT64_MAX + 1;
	name.name = "two\nlines";
	long_name.name = two_hundred_and_one;
	cut.keyset_length--;
	const struct {
		const char *name;
		const struct backup_head *head;
		uint64_t bytes;
		const struct root_pair *content;
		enum err expected;
	} rows[] = {
		{"a good one", &good, 0, &keys.content, ERR_OK},
		{"another root", &other_root, 0, &keys.content, ERR_INVALID},
		{"another's key set", &other_keyset, 0, &keys.content, ERR_INVALID},
		{"a key set cut short", &cut, 0, &keys.content, ERR_INVALID},
		{"a content key that it does not name", &good, 0, &other.content, ERR_INVALID},
		{"number 0", &number, 0, &keys.content, ERR_INVALID},
		{"number 2^63", &large_number, 0, &keys.content, ERR_INVALID},
		{"a name of two lines", &name, 0, &keys.content, ERR_INVALID},
		{"a long name", &long_name, 0, &keys.content, ERR_INVALID},
		{"more bytes than there are", &good, UINT64_MAX, &keys.content, ERR_INVALID},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct backup_writer *writer = NULL;
		enum err error = backup_create(path, rows[i].head, rows[i].bytes, rows[i].content, &writer);
		if (error != rows[i].expected)
			fail_msg("%s: gave %s", rows[i].name, err_name(error));
		if (error == ERR_OK)
			backup_abandon(writer);
		assert_int_equal(fixture_count(), 0);
	}
}

static void places_that_are_refused(void **state)
{
	(void) state;
	struct backup_head head = fixture_head(&keys);
	struct backup_writer *writer = NULL;
	char long_name[400], missing[160];
	memset(long_name, 'n', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	snprintf(missing, sizeof missing, "%s/missing/a.backup", folder);
	assert_int_equal(backup_create(missing, &head, 0, &keys.content, &writer), ERR_NOT_FOUND);
	assert_int_equal(backup_create("", &head, 0, &keys.content, &writer), ERR_INVALID);
	assert_int_equal(backup_create("/tmp/", &head, 0, &keys.content, &writer), ERR_INVALID);
	assert_int_equal(backup_create(folder, &head, 0, &keys.content, &writer), ERR_CONFLICT);
	assert_int_equal(backup_create(long_name, &head, 0, &keys.content, &writer), ERR_TOO_BIG);
	assert_int_equal(symlink("nowhere", path), 0);
	assert_int_equal(backup_create(path, &head, 0, &keys.content, &writer), ERR_CONFLICT);
	assert_int_equal(fixture_count(), 1);
}

/* What is at PATH when the backup is finished stays, even if it came meanwhile. */
static void nothing_is_replaced(void **state)
{
	(void) state;
	struct backup_head head = fixture_head(&keys);
	struct backup_writer *writer = NULL;
	char *data = NULL;
	size_t length = 0;
	assert_int_equal(backup_create(path, &head, 0, &keys.content, &writer), ERR_OK);
	assert_int_equal(file_write_new(AT_FDCWD, path, "mine", 4, 0600), ERR_OK);
	assert_int_equal(backup_finish(writer), ERR_CONFLICT);
	assert_int_equal(backup_create(path, &head, 0, &keys.content, &writer), ERR_CONFLICT);
	assert_int_equal(file_read(AT_FDCWD, path, 100, &arena, &data, &length), ERR_OK);
	assert_string_equal(data, "mine");
	assert_int_equal(fixture_count(), 1);
}

static void an_abandoned_one_leaves_nothing(void **state)
{
	(void) state;
	struct backup_head head = fixture_head(&keys);
	struct backup_writer *writer = NULL;
	assert_int_equal(backup_create(path, &head, MIB, &keys.content, &writer), ERR_OK);
	assert_int_equal(access(path, F_OK), -1); /* not under its own name before it is whole */
	assert_int_equal(fixture_count(), 1);
	assert_int_equal(backup_part(writer, "a", MIB), ERR_OK);
	assert_int_equal(backup_write(writer, bytes, MIB / 2), ERR_OK);
	backup_abandon(writer);
	assert_int_equal(fixture_count(), 0);
	backup_abandon(NULL);
}

/* Each write and each fsync fails once. */
static void a_full_disk_leaves_nothing(void **state)
{
	(void) state;
	const struct fixture_part parts[] = {{"office.db", bytes, 300000}, {"digest", bytes, 10}};
	static const struct {
		int number;
		enum err expected;
	} failures[] = {{ENOSPC, ERR_FULL}, {EDQUOT, ERR_FULL}, {EIO, ERR_IO}, {EFBIG, ERR_TOO_BIG}};
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
		enum err error = ERR_FULL;
		int writes = 0, syncs = 0;
		fails_with = failures[i].number;
		for (; error != ERR_OK; writes++) {
			writes_left = writes;
			error = fixture_write(parts, 2);
			disk_is_sound();
			assert_int_equal(error, error == ERR_OK ? ERR_OK : failures[i].expected);
			assert_int_equal(fixture_count(), error == ERR_OK);
		}
		assert_int_equal(writes, 9); /* start, head, five chunks, tail; and one more, of which none failed */
		fixture_empty();
		error = ERR_FULL;
		for (; error != ERR_OK; syncs++) {
			syncs_left = syncs;
			error = fixture_write(parts, 2);
			disk_is_sound();
			assert_int_equal(error, error == ERR_OK ? ERR_OK : failures[i].expected);
			assert_int_equal(fixture_count(), error == ERR_OK);
		}
		assert_int_equal(syncs, 3); /* the file, the folder */
		assert_reads_back(parts, 2, 65536);
		fixture_empty();
	}
}

static void writes_that_take_half_are_finished(void **state)
{
	(void) state;
	const struct fixture_part part = {"office.db", bytes, 300000};
	is_stuttering = true;
	enum err error = fixture_write(&part, 1);
	disk_is_sound();
	assert_int_equal(error, ERR_OK);
	assert_reads_back(&part, 1, 65536);
}

/* The limit on a file's size stands in for a disk on which there is no more room, without our own write(2) between. */
static void a_limit_leaves_nothing(void **state)
{
	(void) state;
	const struct fixture_part part = {"office.db", bytes, MIB};
	struct rlimit before, small;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = MIB / 2;
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	enum err error = fixture_write(&part, 1);
	setrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, handler);
	assert_int_equal(error, ERR_TOO_BIG);
	assert_int_equal(fixture_count(), 0);
	assert_int_equal(fixture_write(&part, 1), ERR_OK);
}

/* ---- what a crash leaves ------------------------------------------------------------------------------------------------ */

/* Gives the name of the unfinished file in the folder. */
static void find_unfinished(char *out, size_t size)
{
	DIR *entries = opendir(folder);
	assert_non_null(entries);
	out[0] = '\0';
	for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
		if (strstr(entry->d_name, ".unfinished") != NULL)
			snprintf(out, size, "%s/%s", folder, entry->d_name);
	}
	closedir(entries);
	assert_int_not_equal(out[0], '\0');
}

static void what_a_crash_left_goes_with_the_next(void **state)
{
	(void) state;
	struct backup_head head = fixture_head(&keys);
	struct backup_writer *writer = NULL, *second = NULL;
	char unfinished[400], other_path[160], left[160], foreign[160], barely[160];
	snprintf(other_path, sizeof other_path, "%s/b.backup", folder);
	snprintf(left, sizeof left, "%s/.a.backup.0123.unfinished", folder);
	snprintf(foreign, sizeof foreign, "%s/.thesis.unfinished", folder);
	assert_int_equal(backup_create(path, &head, 0, &keys.content, &writer), ERR_OK);
	find_unfinished(unfinished, sizeof unfinished);
	/* Killed before its first byte, or amid the first few. */
	static const size_t lengths[] = {0, 1, 18};
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		snprintf(barely, sizeof barely, "%s/.a.backup.%zu.unfinished", folder, lengths[i]);
		assert_int_equal(file_write_new(AT_FDCWD, barely, "soundings-backup 1", lengths[i], 0600), ERR_OK);
	}
	/* A copy of it has the bytes, but nobody who writes it; and another's file has neither. */
	char *data = NULL;
	size_t length = 0;
	assert_int_equal(file_read(AT_FDCWD, unfinished, MIB, &arena, &data, &length), ERR_OK);
	assert_int_equal(file_write_new(AT_FDCWD, left, data, length, 0600), ERR_OK);
	assert_int_equal(file_write_new(AT_FDCWD, foreign, "Chapter 1, of beginnings", 24, 0600), ERR_OK);
	assert_int_equal(backup_create(other_path, &head, 0, &keys.content, &second), ERR_OK);
	assert_int_equal(access(left, F_OK), -1);
	assert_int_equal(access(foreign, F_OK), 0);
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		snprintf(barely, sizeof barely, "%s/.a.backup.%zu.unfinished", folder, lengths[i]);
		assert_int_equal(access(barely, F_OK), -1);
	}
	/* The one that is being written stayed, and can be finished; so can the other. */
	assert_int_equal(backup_finish(writer), ERR_OK);
	assert_int_equal(backup_finish(second), ERR_OK);
	assert_int_equal(fixture_count(), 3);
	assert_reads_back(NULL, 0, 1);
}

/* The instant between a file's first name and its lock is anybody's: who sweeps then costs the writer nothing but another name. */
static void who_sweeps_takes_nothing_from_who_writes(void **state)
{
	(void) state;
	enum { WRITERS = 4, TURNS = 60 };
	struct backup_head head = fixture_head(&keys);
	pid_t children[WRITERS];
	for (int i = 0; i < WRITERS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] > 0)
			continue;
		for (int turn = 0; turn < TURNS; turn++) {
			char own[160];
			struct backup_writer *writer = NULL;
			snprintf(own, sizeof own, "%s/%d-%d.backup", folder, i, turn);
			if (backup_create(own, &head, 0, &keys.content, &writer) != ERR_OK ||
			    backup_finish(writer) != ERR_OK || unlink(own) != 0)
				_exit(1);
		}
		_exit(0);
	}
	for (int i = 0; i < WRITERS; i++) {
		int status = -1;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(fixture_count(), 0);
}

/* ---- nothing grows ------------------------------------------------------------------------------------------------------- */

static long peak_kib(void)
{
	struct rusage usage;
	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_maxrss;
}

static void memory_does_not_grow_with_the_file(void **state)
{
	(void) state;
	enum { MIBS = 48 };
	struct backup_head head = fixture_head(&keys);
	struct backup_writer *writer = NULL;
	struct backup *backup = NULL;
	const char *reason = NULL;
	long before = peak_kib();
	assert_int_equal(backup_create(path, &head, (uint64_t) MIBS * MIB, &keys.content, &writer), ERR_OK);
	assert_int_equal(backup_part(writer, "office.db", (uint64_t) MIBS * MIB), ERR_OK);
	for (size_t i = 0; i < MIBS; i++)
		assert_int_equal(backup_write(writer, bytes, MIB), ERR_OK);
	assert_int_equal(backup_finish(writer), ERR_OK);
	assert_int_equal(backup_open(path, &backup, &reason), ERR_OK);
	assert_int_equal(backup_check(backup, &reason), ERR_OK);
	assert_int_equal(backup_unseal(backup, &keys.recovery), ERR_OK);
	assert_int_equal(fixture_drain(backup), ERR_NOT_FOUND);
	backup_close(backup);
	assert_in_range(peak_kib() - before, 0, 6 * 1024);
}

static int start(void **state)
{
	random_bytes(bytes, sizeof bytes);
	memset(back, 1, sizeof back); /* touched, so that it does not count as growth later */
	return fixture_start(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_size_comes_back, fixture_each),
		cmocka_unit_test_setup(many_parts_come_back, fixture_each),
		cmocka_unit_test_setup(no_parts_come_back, fixture_each),
		cmocka_unit_test_setup(pieces_come_back, fixture_each),
		cmocka_unit_test_setup(the_head_comes_back, fixture_each),
		cmocka_unit_test_setup(the_length_is_of_the_bytes_alone, fixture_each),
		cmocka_unit_test_setup(misuse_leaves_nothing, fixture_each),
		cmocka_unit_test_setup(a_part_waits_for_the_one_before, fixture_each),
		cmocka_unit_test_setup(names_have_their_room, fixture_each),
		cmocka_unit_test_setup(heads_that_are_refused, fixture_each),
		cmocka_unit_test_setup(places_that_are_refused, fixture_each),
		cmocka_unit_test_setup(nothing_is_replaced, fixture_each),
		cmocka_unit_test_setup(an_abandoned_one_leaves_nothing, fixture_each),
		cmocka_unit_test_setup(a_full_disk_leaves_nothing, fixture_each),
		cmocka_unit_test_setup(writes_that_take_half_are_finished, fixture_each),
		cmocka_unit_test_setup(a_limit_leaves_nothing, fixture_each),
		cmocka_unit_test_setup(what_a_crash_left_goes_with_the_next, fixture_each),
		cmocka_unit_test_setup(who_sweeps_takes_nothing_from_who_writes, fixture_each),
		cmocka_unit_test_setup(memory_does_not_grow_with_the_file, fixture_each),
	};
	return cmocka_run_group_tests(tests, start, fixture_stop);
}
