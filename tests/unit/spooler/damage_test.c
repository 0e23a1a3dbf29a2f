/* SPDX-License-Identifier: MIT */
/* damage_test.c: a real spooler whose file fails, or is found damaged: refused, set aside, and a new one begun that knows no
 * lower serials; from every step at which a crash can leave that; and never one file after the other. */
#include "unit/spooler/process_rig.h"

#include "lib/spool/folder.h"
#include "lib/spool/pages.h"

#include <dirent.h>
#include <sys/resource.h>
#include <sysexits.h>

enum { ENVELOPES = 24, CATALOGUE = 1234567890, KEYSET = 77, PAGE = 4096 };

static const char mark_name[] = "spool/spool-2026-11-21-0123456789abcdef.mark";
static const char damaged_name[] = "spool/spool-2026-11-21-0123456789abcdef.damaged";

/* ---- what there is ---- */

static unsigned count(const char *ending)
{
	unsigned found;
	assert_int_equal(folder_count("spool", ending, &found), ERR_OK);
	return found;
}

/* The path of the one damaged file. */
static const char *find_damaged(char out[300])
{
	assert_int_equal(count(FOLDER_DAMAGED), 1);
	DIR *folder = opendir("spool");
	assert_non_null(folder);
	for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
		if (folder_is_name(entry->d_name, FOLDER_DAMAGED))
			snprintf(out, 300, "spool/%s", entry->d_name);
	closedir(folder);
	return out;
}

static bool is_found[ENVELOPES];

static enum err take(void *context, const uint8_t *envelope, size_t length)
{
	(void) context;
	(void) length;
	if (rig_number(envelope) < ENVELOPES)
		is_found[rig_number(envelope)] = true;
	return ERR_OK;
}

static unsigned salvageable(const char *path)
{
	struct pages_report report;
	unsigned found = 0;
	memset(is_found, 0, sizeof is_found);
	assert_int_equal(pages_read(path, take, NULL, &report), ERR_OK);
	for (unsigned i = 0; i < ENVELOPES; i++)
		found += is_found[i];
	return found;
}

/* Asks with zeros, which changes nothing. */
static void expect_serials(uint64_t catalogue, uint64_t keyset)
{
	static const uint8_t zeros[16];
	int fd = proc_connect(PROC_APPEND);
	assert_int_equal(proc_ask(fd, 'S', zeros, sizeof zeros), 'S');
	assert_int_equal(proc_number(proc_body), catalogue);
	assert_int_equal(proc_number(proc_body + 8), keyset);
	close(fd);
}

/* ---- what is made ---- */

static void put_bytes(const char *path, const void *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t) length);
	close(fd);
}

/* A spool file with ENVELOPES in it, left by a spooler that has stopped. */
static void make_file(void)
{
	struct store store;
	if (mkdir("spool", 0700) < 0)
		assert_int_equal(errno, EEXIST);
	rig_open(&store);
	for (unsigned i = 0; i < ENVELOPES; i++)
		rig_append(&store, 0, i);
	store_seen(&store, CATALOGUE, KEYSET);
	assert_int_equal(store_commit(&store), ERR_OK);
	store_close(&store);
}

/* What soundings publishes, as far as it is looked at here. */
static void make_catalogue(void)
{
	static const char manifest[] =
		"soundings-signed 1 manifest "
		"00\n{\"bytes\":1,\"database\":\"00\",\"format\":1,\"keyset\":\"soundings-signed 1 "
		"keyset "
		"00\\n{\\\"content\\\":\\\"00\\\",\\\"format\\\":1,\\\"periods\\\":[],\\\"serial\\\":55}\",\"serial\":"
		"9001}";
	assert_int_equal(mkdir("catalogue", 0755), 0);
	assert_int_equal(mkdir("catalogue/9001-0123456789abcdef", 0755), 0);
	assert_int_equal(symlink("9001-0123456789abcdef", "catalogue/current"), 0);
	put_bytes("catalogue/current/manifest", manifest, sizeof manifest - 1);
}

static void write_at(off_t at, const void *bytes, size_t length)
{
	int fd = open(RIG_FILE, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, length, at), (ssize_t) length);
	close(fd);
}

/* The page, from 0, that begins with BYTE and holds MARK. */
static off_t find_page(uint8_t byte, const void *mark, size_t length)
{
	uint8_t page[PAGE];
	int fd = open(RIG_FILE, O_RDONLY);
	assert_true(fd >= 0);
	for (off_t at = PAGE; pread(fd, page, sizeof page, at) == (ssize_t) sizeof page; at += PAGE)
		if (page[0] == byte && memmem(page, sizeof page, mark, length) != NULL) {
			close(fd);
			return at / PAGE;
		}
	fail_msg("no such page");
	return 0;
}

static const uint8_t zeros[PAGE];

static void damage_nothing(void) {}
static void damage_truncated(void)
{
	struct stat status;
	assert_int_equal(stat(RIG_FILE, &status), 0);
	assert_int_equal(truncate(RIG_FILE, status.st_size / PAGE / 2 * PAGE), 0);
}
static void damage_page(void)
{
	write_at(find_page(0x0D, "<marker>", 8) * PAGE, zeros, PAGE);
}
static void damage_first(void)
{
	write_at(0, zeros, PAGE);
}
static void damage_header(void)
{
	write_at(0, "not a file of SQLite", 16);
}
static void damage_page_size(void)
{
	write_at(16, "\x20\x00", 2);
}
static void damage_meta(void)
{
	write_at(find_page(0x0D, "\x25\x01\x05\x00\x2c\x1c\x1c", 7) * PAGE, zeros, PAGE);
}

/* ---- found at the start ---- */

static void test_found(void **state)
{
	static const struct {
		const char *name;
		void (*damage)(void);
		unsigned least; /* envelopes that can be salvaged */
		uint64_t catalogue, keyset;
	} rows[] = {
		{"truncated", damage_truncated, 1, CATALOGUE, KEYSET},
		{"a page of zeros", damage_page, ENVELOPES - 3, CATALOGUE, KEYSET},
		{"the first page zeros", damage_first, ENVELOPES, CATALOGUE, KEYSET},
		{"header broken", damage_header, ENVELOPES, CATALOGUE, KEYSET},
		{"wrong page size", damage_page_size, ENVELOPES, CATALOGUE, KEYSET},
		{"the serials gone", damage_meta, ENVELOPES, 9001, 55},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char folder[] = "row-XXXXXX", damaged[300];
		struct stat status;
		int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_non_null(mkdtemp(folder));
		assert_int_equal(chdir(folder), 0);
		make_catalogue();
		make_file();
		rows[i].damage();
		proc_start();
		find_damaged(damaged);
		if (salvageable(damaged) < rows[i].least)
			fail_msg("%s: only %u", rows[i].name, salvageable(damaged));
		assert_int_equal(stat(damaged, &status), 0);
		assert_int_equal(status.st_mode & 07777, 0400);
		assert_true(proc_log_has("event=spool.damaged"));
		assert_int_equal(proc_log_has("those-of-the-published-catalogue"), rows[i].damage == damage_meta);
		expect_serials(rows[i].catalogue, rows[i].keyset);
		proc_expect(0, 0);
		int fd = proc_connect(PROC_APPEND);
		assert_int_equal(proc_append(fd, 0, 0), 'O');
		close(fd);
		assert_int_equal(proc_stop(SIGTERM), EX_OK);
		assert_int_equal(unlink("log"), 0);
		proc_start(); /* said once, and that file is trusted */
		assert_false(proc_log_has("spool.damaged"));
		proc_expect(1, 0);
		assert_int_equal(proc_stop(SIGTERM), EX_OK);
		assert_int_equal(count(FOLDER_DAMAGED), 1);
		assert_int_equal(fchdir(here), 0);
		close(here);
	}
}

/* Sound files, and files of others, stay where they are. */
static void test_left_alone(void **state)
{
	(void) state;
	make_file();
	damage_nothing();
	proc_start();
	proc_expect(ENVELOPES, 0);
	assert_int_equal(proc_stop(SIGTERM), EX_OK);
	write_at(60, "\0\0\0\2", 4); /* a newer version */
	assert_int_equal(proc_end(proc_spawn()), EX_DATAERR);
	assert_int_equal(count(FOLDER_DAMAGED), 0);
}

/* ---- failing under a spooler ---- */

/* Every write fails from now on: EFBIG, which SQLite takes for an error of the disk. */
static void limit(rlim_t bytes)
{
	struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
	assert_int_equal(prlimit(proc_pid, RLIMIT_FSIZE, &limit, NULL), 0);
}

static void test_failing(void **state)
{
	char damaged[300], mark[FOLDER_NAME_MAX];
	static uint8_t serials[16];
	(void) state;
	proc_start();
	int first = proc_connect(PROC_APPEND), second = proc_connect(PROC_APPEND);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(proc_append(first, i % 2, i), 'O');
	proc_put(serials, CATALOGUE, 8);
	proc_put(serials + 8, KEYSET, 8);
	assert_int_equal(proc_ask(first, 'S', serials, sizeof serials), 'S');
	limit(0);
	assert_int_equal(proc_append(first, 0, 6), 'R');
	assert_int_equal(proc_body[0], SPOOL_REFUSED_IO);
	assert_int_equal(proc_answer(second), 0);
	close(first);
	close(second);
	assert_int_equal(proc_end(proc_pid), EX_IOERR);
	/* The mark was made on a disk that took no byte any more. */
	assert_int_equal(folder_find_mark("spool", mark), ERR_OK);
	assert_non_null(strstr(mark, ".mark.1234567890.77"));
	assert_int_equal(count(FOLDER_DAMAGED), 0);
	proc_start();
	assert_int_equal(salvageable(find_damaged(damaged)), 6);
	assert_int_equal(folder_find_mark("spool", mark), ERR_NOT_FOUND);
	expect_serials(CATALOGUE, KEYSET);
	proc_expect(0, 0);
	assert_int_equal(proc_stop(SIGTERM), EX_OK);
}

/* ---- crashes on the way ---- */

static void set_marked(void) {}
static void set_journal_renamed(void)
{
	assert_int_equal(rename(RIG_FILE "-journal", "spool/spool-2026-11-21-0123456789abcdef.damaged-journal"), 0);
}
static void set_renamed(void)
{
	set_journal_renamed();
	assert_int_equal(chmod(RIG_FILE, 0400), 0);
	assert_int_equal(rename(RIG_FILE, damaged_name), 0);
}
static void set_half_made(void)
{
	set_renamed();
	put_bytes(RIG_FILE, "half of a new file", 18);
	put_bytes(RIG_FILE "-journal", "and a journal", 13);
}
static void set_made(void)
{
	struct store store;
	set_renamed();
	rig_open(&store);
	store_close(&store);
}

static void test_steps(void **state)
{
	static const struct {
		const char *name, *mark;
		void (*set)(void);
	} rows[] = {
		{"marked", ".1234567890.77", set_marked},
		{"marked without serials", "", set_marked},
		{"the journal renamed", "", set_journal_renamed},
		{"both renamed", "", set_renamed},
		{"a new file half made", "", set_half_made},
		{"a new file made, without serials yet", "", set_made},
		{"the same, and the mark knows them", ".1234567890.77", set_made},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char folder[] = "row-XXXXXX", mark[200];
		struct stat status;
		int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_non_null(mkdtemp(folder));
		assert_int_equal(chdir(folder), 0);
		make_file();
		put_bytes(RIG_FILE "-journal", "what is left of a journal", 25);
		snprintf(mark, sizeof mark, "%s%s", mark_name, rows[i].mark);
		put_bytes(mark, "", 0);
		rows[i].set();
		proc_start();
		assert_int_equal(salvageable(damaged_name), ENVELOPES);
		assert_int_equal(count(FOLDER_DAMAGED), 1);
		assert_int_equal(stat("spool/spool-2026-11-21-0123456789abcdef.damaged-journal", &status), 0);
		if (status.st_size != 25)
			fail_msg("%s: the journal is another one", rows[i].name);
		assert_int_equal(access(mark, F_OK), -1);
		expect_serials(CATALOGUE, KEYSET);
		proc_expect(0, 0);
		assert_int_equal(proc_stop(SIGKILL), 128 + SIGKILL);
		assert_int_equal(fchdir(here), 0);
		close(here);
	}
}

/* ---- a disk that damages everything ---- */

static int start_limited(void)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct rlimit limit = {.rlim_cur = 0, .rlim_max = RLIM_INFINITY};
		setrlimit(RLIMIT_FSIZE, &limit);
		char binary[PATH_MAX];
		proc_binary(binary);
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		execl(binary, "spooler", "--instance", ".", (char *) NULL);
		_exit(127);
	}
	return proc_end(pid);
}

/* Started again and again while no byte can be written: one file is set aside, and no more, however often. */
static void test_loop(void **state)
{
	(void) state;
	make_file();
	damage_page();
	for (int i = 0; i < 12; i++)
		assert_int_not_equal(start_limited(), EX_OK);
	assert_int_equal(count(FOLDER_DAMAGED), 1);
	proc_start(); /* the disk is well again */
	proc_expect(0, 0);
	assert_int_equal(proc_stop(SIGTERM), EX_OK);
	assert_int_equal(count(FOLDER_DAMAGED), 1);
}

/* Each new file is damaged as well: after FOLDER_DAMAGED_MAX the spooler refuses, and goes on when they are out of the way. */
static void test_limit(void **state)
{
	char damaged[300];
	(void) state;
	for (unsigned i = 0; i < FOLDER_DAMAGED_MAX; i++) {
		make_file();
		damage_header();
		proc_start();
		assert_int_equal(proc_stop(SIGTERM), EX_OK);
		assert_int_equal(count(FOLDER_DAMAGED), i + 1);
		assert_int_equal(unlink(RIG_FILE), 0);
	}
	make_file();
	damage_header();
	for (int i = 0; i < 3; i++)
		assert_int_equal(proc_end(proc_spawn()), EX_IOERR);
	assert_true(proc_log_has("one spool file after the other"));
	assert_int_equal(count(FOLDER_DAMAGED), FOLDER_DAMAGED_MAX);
	assert_int_equal(system("rm spool/*.damaged"), 0);
	proc_start();
	assert_int_equal(salvageable(find_damaged(damaged)), ENVELOPES);
	assert_int_equal(proc_stop(SIGTERM), EX_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_found, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_left_alone, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_failing, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_steps, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_loop, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_limit, proc_setup, proc_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
