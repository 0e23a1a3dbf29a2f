/* SPDX-License-Identifier: MIT */
/* faults_test.c: a real spooler that is killed, stopped, started twice, refused, or out of disk. What it said is on disk is
 * on disk.
 *
 * The program runs in a mount namespace of its own, so that a full disk can be a small tmpfs and nothing stays mounted. */
#include "unit/spooler/process_rig.h"

#include <sched.h>
#include <sys/mount.h>
#include <sysexits.h>

static bool has_mounts;

/* Marks in SEEN which numbers below COUNT the (closed) file holds. */
static void read_file(bool *seen, uint64_t count)
{
	static uint8_t envelope[SPOOL_ENVELOPE_MAX];
	struct store store;
	rig_open(&store);
	for (uint32_t item = 0; item < store.held.used; item++) {
		size_t length;
		assert_int_equal(store_read(&store, item, envelope, &length), ERR_OK);
		assert_true(rig_number(envelope) < count);
		assert_false(seen[rig_number(envelope)]);
		seen[rig_number(envelope)] = true;
	}
	store_close(&store);
}

/* Ends the spooler with NUMBER while 16 clients append, over and over: every append that was acknowledged is there, and
 * none is there twice. */
static void check_end(int number, int expected)
{
	enum { CLIENTS = 16, CYCLES = 8, MAX = CLIENTS * CYCLES * 3 };
	static uint8_t envelope[SPOOL_ENVELOPE_MAX];
	bool is_acknowledged[MAX] = {false}, is_stored[MAX] = {false};
	uint64_t next = 0, acknowledged = 0, unanswered = 0;
	for (int cycle = 0; cycle < CYCLES; cycle++) {
		int fds[CLIENTS];
		uint64_t first[CLIENTS];
		proc_start();
		for (int i = 0; i < CLIENTS; i++)
			fds[i] = proc_connect(PROC_APPEND);
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < CLIENTS; i++) {
				first[i] = next++;
				proc_send(fds[i], 'A', envelope, rig_envelope(envelope, (unsigned) i % 3, first[i]));
			}
			if (round == 2) {
				struct timespec pause = {.tv_nsec = (long) random_below(20000000)};
				nanosleep(&pause, NULL);
				assert_int_equal(proc_stop(number), expected);
			}
			for (int i = 0; i < CLIENTS; i++) {
				char verb = proc_answer(fds[i]);
				if (verb == 'R')
					assert_int_equal(proc_body[0], SPOOL_REFUSED_STOPPING);
				is_acknowledged[first[i]] = verb == 'O';
				acknowledged += verb == 'O';
				unanswered += verb != 'O';
			}
		}
		for (int i = 0; i < CLIENTS; i++)
			close(fds[i]);
		struct stat status;
		assert_int_equal(stat(PROC_APPEND, &status) == 0, number == SIGKILL);
	}
	read_file(is_stored, MAX);
	for (uint64_t i = 0; i < MAX; i++)
		if (is_acknowledged[i] && !is_stored[i])
			fail_msg("%d was acknowledged and is lost", (int) i);
	print_message("%d acknowledged, %d not, none lost\n", (int) acknowledged, (int) unanswered);
	assert_true(acknowledged >= CLIENTS * CYCLES * 2);
}

static void test_kill(void **state)
{
	(void) state;
	check_end(SIGKILL, 128 + SIGKILL);
}

static void test_terminate(void **state)
{
	(void) state;
	check_end(SIGTERM, EX_OK);
}

/* What is said, filed and dropped outlives a kill. */
static void test_restart(void **state)
{
	uint64_t tokens[SPOOL_BATCH_MAX], numbers[SPOOL_BATCH_MAX];
	(void) state;
	proc_start();
	int append = proc_connect(PROC_APPEND), batch = proc_connect(PROC_BATCH);
	for (uint64_t number = 0; number < 9; number++)
		assert_int_equal(proc_append(append, (unsigned) (number % 4), number), 'O');
	proc_hello(batch, proc_generation);
	proc_send_batch(batch, 1, 6);
	assert_int_equal(proc_take_batch(batch, tokens, numbers), 6);
	assert_int_equal(proc_filed(batch, 1, tokens, 3), 'O');
	assert_int_equal(proc_filed(batch, 2, tokens + 3, 3), 'O');
	assert_int_equal(proc_drop(batch, 1), 3);
	assert_int_equal(proc_stop(SIGKILL), 128 + SIGKILL);
	proc_start();
	proc_expect(3, 3);
	close(append);
	close(batch);
}

/* A second one leaves the first alone. */
static void test_second(void **state)
{
	(void) state;
	proc_start();
	int fd = proc_connect(PROC_APPEND);
	assert_int_equal(proc_end(proc_spawn()), EX_TEMPFAIL);
	assert_true(proc_log_has("another spooler serves this instance"));
	assert_int_equal(proc_append(fd, 0, 0), 'O');
	close(fd);
	fd = proc_connect(PROC_APPEND);
	assert_int_equal(proc_append(fd, 0, 1), 'O');
	close(fd);
}

static void set_spool_open(void)
{
	assert_int_equal(chmod("spool", 0750), 0);
}
static void set_run_writable(void)
{
	assert_int_equal(chmod("run", 0770), 0);
}
static void set_instance_writable(void)
{
	assert_int_equal(chmod(".", 0707), 0);
}
static void set_file_open(void)
{
	assert_int_equal(chmod("spool/spool.db", 0644), 0);
}
static void set_wal(void)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(RIG_FILE, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}
static void set_schema(void)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(RIG_FILE, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE log (at TEXT)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}
static void set_spool_link(void)
{
	assert_int_equal(rename("spool", "elsewhere"), 0);
	assert_int_equal(symlink("elsewhere", "spool"), 0);
}
static void set_socket_file(void)
{
	int fd = open(PROC_APPEND, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	close(fd);
}

static void test_refuses(void **state)
{
	static const struct {
		const char *name;
		void (*set)(void);
		int expected;
		const char *line;
	} rows[] = {
		{"others may look into the spool", set_spool_open, EX_NOPERM, "chmod 0700"},
		{"others may write in run", set_run_writable, EX_NOPERM, "chmod go-w"},
		{"others may write in the instance", set_instance_writable, EX_NOPERM, "chmod go-w"},
		{"others may read the file", set_file_open, EX_NOPERM, "chmod 0600"},
		{"the spool is a link", set_spool_link, EX_NOPERM, "must be a folder"},
		{"journal mode", set_wal, EX_DATAERR, "journal_mode=TRUNCATE"},
		{"schema", set_schema, EX_DATAERR, "its tables are not"},
		{"a file where the socket goes", set_socket_file, EX_NOPERM, "remove it"},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char folder[] = "row-XXXXXX";
		int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_non_null(mkdtemp(folder));
		assert_int_equal(chdir(folder), 0);
		proc_start();
		assert_int_equal(proc_stop(SIGTERM), EX_OK);
		assert_int_equal(unlink("log"), 0);
		rows[i].set();
		int code = proc_end(proc_spawn());
		if (code != rows[i].expected || !proc_log_has(rows[i].line))
			fail_msg("%s: %d", rows[i].name, code);
		/* one line, and no more */
		char log[2048] = "";
		int fd = open("log", O_RDONLY);
		assert_true(read(fd, log, sizeof log - 1) > 0);
		close(fd);
		assert_ptr_equal(strchr(log, '\n'), log + strlen(log) - 1);
		assert_int_equal(fchdir(here), 0);
		close(here);
	}
}

/* An instance whose path is longer than a socket's address. */
static void test_long_path(void **state)
{
	char name[101];
	(void) state;
	memset(name, 'd', 100);
	name[100] = '\0';
	for (int i = 0; i < 3; i++) {
		assert_int_equal(mkdir(name, 0700), 0);
		assert_int_equal(chdir(name), 0);
	}
	proc_start();
	int fd = proc_connect(PROC_APPEND);
	assert_int_equal(proc_append(fd, 0, 0), 'O');
	close(fd);
	assert_int_equal(proc_stop(SIGTERM), EX_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(chdir(".."), 0);
}

/* Settings of the instance. */
static void put_conf(const char *text)
{
	int fd = open("soundings.conf", O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t) strlen(text));
	close(fd);
}

/* Takes what the disk has left. */
static void fill_disk(off_t size)
{
	int fd = open("spool/filler", O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	static const uint8_t zeros[65536];
	for (off_t at = 0; at < size; at += (off_t) sizeof zeros)
		if (write(fd, zeros, sizeof zeros) < (ssize_t) sizeof zeros)
			break;
	close(fd);
}

/* Full by envelopes: refused, nothing acknowledged is lost, filing and letting go make room, and it goes on by itself. Then
 * full to the last byte by somebody else: the same once that is gone. */
static void test_full(void **state)
{
	enum { MAX = 400 };
	uint64_t tokens[SPOOL_BATCH_MAX], numbers[SPOOL_BATCH_MAX], next = 0;
	bool is_stored[MAX] = {false};
	(void) state;
	if (!has_mounts) {
		print_message("SKIPPED: nothing can be mounted here, so no disk can be full\n");
		skip();
	}
	put_conf("spool_free_min = 1\nspool_ballast = 1\n");
	assert_int_equal(mkdir("spool", 0700), 0);
	assert_int_equal(mount("soundings-test", "spool", "tmpfs", 0, "size=6m,mode=0700"), 0);
	proc_start();
	int append = proc_connect(PROC_APPEND), batch = proc_connect(PROC_BATCH);
	for (unsigned refused = 0, tries = 0; refused < 12;
	     tries++) { /* what is too large for the rest may leave room for less */
		assert_true(next < MAX);
		if (proc_append(append, tries % 4, next) == 'O') {
			next++;
			continue;
		}
		assert_int_equal(proc_body[0], SPOOL_REFUSED_FULL);
		refused++;
	}
	assert_true(next > 10);
	proc_expect(next, 0);

	proc_hello(batch, proc_generation);
	proc_send_batch(batch, 1, 256);
	unsigned count = proc_take_batch(batch, tokens, numbers);
	assert_int_equal(count, next);
	assert_int_equal(proc_filed(batch, 1, tokens, count / 2), 'O');
	assert_int_equal(proc_drop(batch, 1), count / 2);
	assert_int_equal(proc_append(append, 1, next++), 'O');
	proc_expect(count - count / 2 + 1, 0);

	fill_disk(6 * 1024 * 1024);
	assert_int_equal(proc_append(append, 0, next), 'R');
	assert_int_equal(proc_body[0], SPOOL_REFUSED_FULL);
	assert_int_equal(unlink("spool/filler"), 0);
	assert_int_equal(proc_append(append, 0, next++), 'O');
	close(append);
	close(batch);
	assert_int_equal(proc_stop(SIGTERM), EX_OK);
	assert_true(proc_log_has("spool.recovered"));
	read_file(is_stored, MAX);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(is_stored[numbers[i]], i >= count / 2);
	assert_true(is_stored[next - 1] && is_stored[next - 2]);
	assert_int_equal(umount2("spool", MNT_DETACH), 0);
}

/* A disk that takes nothing at all, right from the start: one line, and it starts once the cause is gone. */
static void test_read_only(void **state)
{
	(void) state;
	if (!has_mounts) {
		print_message("SKIPPED: nothing can be mounted here, so no disk can be read-only\n");
		skip();
	}
	assert_int_equal(mkdir("spool", 0700), 0);
	put_conf("spool_free_min = 1\nspool_ballast = 0\n");
	assert_int_equal(mount("soundings-test", "spool", "tmpfs", 0, "size=6m,mode=0700"), 0);
	proc_start();
	int fd = proc_connect(PROC_APPEND);
	assert_int_equal(proc_append(fd, 0, 0), 'O');
	close(fd);
	assert_int_equal(proc_stop(SIGTERM), EX_OK);
	assert_int_equal(mount(NULL, "spool", NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	assert_int_equal(proc_end(proc_spawn()), EX_NOPERM);
	assert_true(proc_log_has("whether the disk is read-only"));
	assert_int_equal(mount(NULL, "spool", NULL, MS_REMOUNT, NULL), 0);
	proc_start();
	proc_expect(1, 0);
	assert_int_equal(proc_stop(SIGTERM), EX_OK);
	assert_int_equal(umount2("spool", MNT_DETACH), 0);
}

/* The file is moved away under a running spooler: it acknowledges nothing more and stops, for a supervisor to see. */
static void test_moved(void **state)
{
	(void) state;
	proc_start();
	int fd = proc_connect(PROC_APPEND);
	assert_int_equal(proc_append(fd, 0, 0), 'O');
	assert_int_equal(rename(RIG_FILE, "other"), 0);
	assert_int_equal(proc_append(fd, 0, 1), 'R');
	assert_int_equal(proc_body[0], SPOOL_REFUSED_IO);
	assert_int_equal(proc_answer(fd), 0);
	close(fd);
	assert_int_equal(proc_end(proc_pid), EX_IOERR);
	proc_pid = 0;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ssize_t written = write(fd, text, strlen(text));
	(void) written; /* a namespace that this leaves half made shows when something is mounted */
	close(fd);
}

/* A mount namespace of our own, in a user namespace of our own unless we are root. */
static bool isolate(void)
{
	char map[64];
	uid_t uid = getuid();
	gid_t gid = getgid();
	if (uid == 0 && unshare(CLONE_NEWNS) == 0)
		return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return false;
	put("/proc/self/setgroups", "deny");
	snprintf(map, sizeof map, "0 %u 1", (unsigned) uid);
	put("/proc/self/uid_map", map);
	snprintf(map, sizeof map, "0 %u 1", (unsigned) gid);
	put("/proc/self/gid_map", map);
	return getuid() == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kill, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_terminate, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_restart, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_second, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_refuses, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_long_path, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_full, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_read_only, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_moved, proc_setup, proc_teardown),
	};
	has_mounts = isolate();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
