/* SPDX-License-Identifier: MIT */
/* confine_test.c: each program's policy denies each forbidden act, on every kernel that could be underneath; the programs' own
 * work still works; and each hole that is planted in a policy is found by the self-test.
 *
 * Everything happens in children. The whole policy is meant here, also where this test itself is built with sanitizers;
 * confine_prove and confine_enter then take the smaller one, as programs that are built so do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/file.h"
#include "lib/confine/confine.h"
#include "lib/confine/confine_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

static char folder[] = "/tmp/soundings-confine-XXXXXX";

static void make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
}

/* What an instance has, as far as a policy or an act names it. */
static int set_up(void **state)
{
	static const char *const folders[] = {"catalogue",    "front",       "run",   "spool",   "office", "keys",
					      "keys/periods", "keys/sealed", "pages", "backups", "kiosk",  "run/kiosk"};
	static const char *const files[] = {"spool/spool.db", "office/office.db", "keys/content.secret", "keys/keyset",
					    "soundings.conf"};
	(void) state;
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return -1;
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		if (mkdir(folders[i], 0700) != 0)
			return -1;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		make_file(files[i]);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	char command[] = "exec rm -rf \"$1\"";
	pid_t pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, "sh", folder, (char *) NULL);
		_exit(1);
	}
	return waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

/* Runs WORK in a child and gives its exit code; -1 with a signal. What it wrote to standard error goes into SAID (may be NULL). */
static int in_child(int (*work)(const void *), const void *context, char *said, size_t size)
{
	int pipes[2], status;
	assert_int_equal(pipe(pipes), 0);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		_exit(work(context));
	}
	close(pipes[1]);
	size_t used = 0;
	char part[512];
	for (ssize_t got; (got = read(pipes[0], part, sizeof part)) > 0;)
		for (ssize_t i = 0; i < got; i++)
			if (said != NULL && used + 1 < size)
				said[used++] = part[i];
	if (said != NULL)
		said[used] = '\0';
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const struct act *act_of(const char *name)
{
	for (const struct act *act = acts(); act->name != NULL; act++)
		if (strcmp(act->name, name) == 0)
			return act;
	fail_msg("there is no act %s", name);
	return NULL;
}

/* What no rule of a machine (not being root, Yama, switches of sysctl) may stand in for: without confinement it happens. */
static bool is_for_everybody(const struct act *act)
{
	static const char *const others[] = {"read-memory", "unshare", "mount", "io-uring", "bpf", "x32"};
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp(act->name, others[i]) == 0)
			return false;
	return true;
}

static bool is_poster(enum confine_program program)
{
	return program == CONFINE_POSTER || program == CONFINE_POSTER_WORKER;
}

/* An attempt that cannot fail would prove nothing. */
static void test_acts_go_through_unconfined(void **state)
{
	(void) state;
	const struct confine_kernel none = {0};
	for (enum confine_program i = 0; i < CONFINE_COUNT; i++) {
		for (const struct act *act = acts(); act->name != NULL; act++) {
			enum act_result result;
			if (!is_for_everybody(act) && (geteuid() != 0 || strcmp(act->name, "x32") == 0))
				continue;
			/* The only folder that it may read is the system's. */
			if (is_poster(i) && strcmp(act->name, "write-read-only") == 0)
				continue;
			assert_int_equal(confine_rehearse(policy_get(i), none, false, act, &result), ERR_OK);
			if (result != ACT_WENT_THROUGH)
				fail_msg("%s: %s does not go through even where nothing confines it (%d)",
					 confine_name(i), act->name, (int) result);
		}
	}
}

/* Every act that is due on KERNEL is denied to every program, and is seen to be. Gives how many were. */
static unsigned check_kernel(struct confine_kernel kernel)
{
	unsigned count = 0;
	for (enum confine_program i = 0; i < CONFINE_COUNT; i++) {
		for (const struct act *act = acts(); act->name != NULL; act++) {
			enum act_result result;
			if (!act_is_due(act, policy_get(i), kernel, false))
				continue;
			enum err error = confine_rehearse(policy_get(i), kernel, false, act, &result);
			if (error != ERR_OK || result != ACT_DENIED)
				fail_msg("%s, Landlock %u, seccomp %d: %s: %s, result %d", confine_name(i),
					 kernel.landlock_abi, kernel.has_seccomp, act->name, err_name(error),
					 (int) result);
			count++;
		}
	}
	return count;
}

static void test_each_act_is_denied(void **state)
{
	(void) state;
	struct confine_kernel kernel = confine_kernel();
	assert_true(kernel.has_seccomp);
	unsigned count = check_kernel(kernel);
	print_message("Landlock ABI %u: %u acts denied\n", kernel.landlock_abi, count);
	/* 22 acts, of which intake's, organiser's, poster's and kiosk's parents may fork. */
	unsigned by_paths = kernel.landlock_abi > 0 ? 0 : 6 * CONFINE_COUNT;
#ifdef __x86_64__
	assert_int_equal(count, 22 * CONFINE_COUNT - 4 - by_paths);
#else
	assert_int_equal(count, 21 * CONFINE_COUNT - 4 - by_paths);
#endif
}

static void test_lower_kernels(void **state)
{
	(void) state;
	struct confine_kernel here = confine_kernel();
	unsigned before = 0;
	for (unsigned abi = 0; abi <= here.landlock_abi; abi++) {
		unsigned alone = check_kernel((struct confine_kernel){abi, false});
		unsigned both = check_kernel((struct confine_kernel){abi, true});
		print_message("Landlock ABI %u: %u acts denied by it alone, %u with seccomp\n", abi, alone, both);
		assert_true(alone >= before && both > alone);
		before = alone;
	}
}

/* ---- holes that are planted ------------------------------------------------------------------------------------ */

#define PLANT(name)                                                                                                    \
	{                                                                                                              \
		SCMP_SYS(name), -1, SCMP_CMP_EQ, 0, 0                                                                  \
	}
#define PLANT_END                                                                                                      \
	{                                                                                                              \
		POLICY_END, -1, SCMP_CMP_EQ, 0, 0                                                                      \
	}

static const struct plant {
	const char *act;
	struct policy_path path;     /* one more that may be opened */
	struct policy_call calls[4]; /* more that are allowed */
	unsigned abi_max;            /* Landlock would deny it all the same from the next on; 0: never */
	bool is_for_root;
} plants[] = {
	{"list-root", {"/", POLICY_READ}, {PLANT_END}, 9, false},
	{"list-instance", {".", POLICY_READ}, {PLANT_END}, 9, false},
	{"read-outside", {"/etc", POLICY_READ}, {PLANT_END}, 9, false},
	{"read-foreign", {"backups", POLICY_READ}, {PLANT_END}, 9, false},
	{"write-instance", {".", POLICY_WRITE}, {PLANT_END}, 9, false},
	{"write-read-only", {"catalogue", POLICY_WRITE}, {PLANT_END}, 9, false},
	{"chmod", {NULL, 0}, {PLANT(chmod), PLANT_END}, 9, false},
	{"tcp", {NULL, 0}, {PLANT(socket), PLANT(connect), PLANT_END}, 3, false},
	{"sockets", {NULL, 0}, {PLANT(socket), PLANT_END}, 9, false},
	{"listen", {NULL, 0}, {PLANT(socket), PLANT(listen), PLANT_END}, 9, false},
	{"exec", {"/usr", POLICY_READ}, {PLANT(execve), PLANT_END}, 0, false},
	{"fork", {NULL, 0}, {PLANT(clone), PLANT_END}, 9, false},
	{"ptrace", {NULL, 0}, {PLANT(ptrace), PLANT_END}, 0, false},
	{"read-memory", {NULL, 0}, {PLANT(process_vm_readv), PLANT_END}, 0, true},
	{"kill", {NULL, 0}, {PLANT(kill), PLANT_END}, 5, false},
	{"become", {NULL, 0}, {PLANT(setuid), PLANT_END}, 9, false},
	{"unshare", {NULL, 0}, {PLANT(unshare), PLANT_END}, 9, true},
	{"mount", {NULL, 0}, {PLANT(mount), PLANT_END}, 0, true},
	{"io-uring", {NULL, 0}, {PLANT(io_uring_setup), PLANT_END}, 9, true},
	{"bpf", {NULL, 0}, {PLANT(bpf), PLANT_END}, 9, true},
	{"run-memory", {NULL, 0}, {PLANT(mmap), PLANT(mprotect), PLANT_END}, 9, false},
};

enum { PATHS_MAX = 12 };

static void check_plant(const struct plant *plant, enum confine_program program, struct confine_kernel kernel)
{
	static const int nothing[] = {POLICY_END};
	struct policy weak = *policy_get(program);
	struct policy_path paths[PATHS_MAX] = {{NULL, 0}};
	size_t count = 0, lists = 0;
	if (plant->path.path != NULL)
		paths[count++] = plant->path;
	/* The organisers' program publishes, so the catalogue is its own. */
	if ((program == CONFINE_ORGANISER || program == CONFINE_ORGANISER_WORKER) && plant->path.path != NULL &&
	    strcmp(plant->path.path, "catalogue") == 0)
		paths[0].path = "front";
	for (const struct policy_path *path = policy_get(program)->paths; path->path != NULL; path++)
		paths[count++] = *path;
	assert_true(count < PATHS_MAX);
	while (weak.calls[lists] != NULL)
		lists++;
	assert_true(lists < POLICY_LISTS_MAX);
	weak.paths = paths;
	weak.calls[lists] = plant->calls;
	weak.deadly = nothing;
	if (kernel.landlock_abi > plant->abi_max)
		kernel.landlock_abi = plant->abi_max;

	enum act_result result;
	assert_int_equal(confine_rehearse(&weak, kernel, false, act_of(plant->act), &result), ERR_OK);
	if (result != ACT_WENT_THROUGH)
		fail_msg("%s, planted in %s, was not found (%d)", plant->act, weak.name, (int) result);
	const char *found = NULL;
	if (confine_rehearse_all(&weak, kernel, false, &found) != ERR_DENIED || found == NULL)
		fail_msg("%s, planted in %s, did not stop the program", plant->act, weak.name);
}

static void test_planted_holes_are_found(void **state)
{
	(void) state;
	unsigned count = 0;
	struct confine_kernel kernel = confine_kernel();
	for (enum confine_program i = 0; i < CONFINE_COUNT; i++) {
		for (size_t at = 0; at < sizeof plants / sizeof plants[0]; at++) {
			const struct act *act = act_of(plants[at].act);
			if ((plants[at].is_for_root && geteuid() != 0) ||
			    !act_is_due(act, policy_get(i), kernel, false))
				continue;
			/* Its own folders it may open; and the fonts are no folder of the instance. */
			if ((i == CONFINE_SPOOLER || is_poster(i)) && strcmp(act->name, "write-read-only") == 0)
				continue;
			check_plant(&plants[at], i, kernel);
			count++;
		}
	}
	print_message("%u planted holes found\n", count);
}

/* ---- what must still work --------------------------------------------------------------------------------------- */

static const char *missing_path;

static int enter(enum confine_program program)
{
	return confine_apply(policy_get(program), confine_kernel(), false, false, &missing_path) == ERR_OK ? 0 : 1;
}

static int work_database(const char *path)
{
	sqlite3 *db = NULL;
	const char *const steps[] = {
		"PRAGMA journal_mode=TRUNCATE",
		"PRAGMA synchronous=FULL",
		"PRAGMA secure_delete=ON",
		"PRAGMA temp_store=MEMORY",
		"CREATE TABLE t (a BLOB)",
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) "
		"INSERT INTO t SELECT randomblob(65536) FROM n",
		"DELETE FROM t WHERE rowid % 2",
		"VACUUM",
		"PRAGMA quick_check",
	};
	if (sqlite3_open(path, &db) != SQLITE_OK)
		return 10;
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (sqlite3_exec(db, steps[i], NULL, NULL, NULL) != SQLITE_OK)
			return 11 + (int) i;
	return sqlite3_close(db) == SQLITE_OK ? 0 : 40;
}

static int work_collector(const void *context)
{
	(void) context;
	return enter(CONFINE_COLLECTOR) != 0 ? 1 : work_database("office/new.db");
}

/* What aside.c and room.c do, beside the file itself. */
static int work_spooler(const void *context)
{
	(void) context;
	if (enter(CONFINE_SPOOLER) != 0)
		return 1;
	int code = work_database("spool/new.db");
	if (code != 0)
		return code;
	int fd = open("spool/ballast", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int directory = open("spool", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || posix_fallocate(fd, 0, 1 << 20) != 0 || ftruncate(fd, 5) != 0)
		return 50;
	if (directory < 0 || fsync(directory) != 0)
		return 51;
	if (rename("spool/ballast", "spool/aside") != 0 || unlink("spool/aside") != 0)
		return 52;
	/* Nothing that leads out of its folder. */
	return symlink("..", "spool/link") != 0 && errno == EPERM ? 0 : 53;
}

static int work_worker(const void *context)
{
	(void) context;
	if (enter(CONFINE_INTAKE) != 0 || enter(CONFINE_INTAKE_WORKER) != 0)
		return 1;
	int fd = open("catalogue", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int client = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "run/append.sock"};
	if (fd < 0 || client < 0)
		return 60;
	return connect(client, (const struct sockaddr *) &address, sizeof address) == 0 ? 0 : 61;
}

/* Publishing as catalogue_publish.c does it, the office, and the poster's socket. */
static int work_organiser(const void *context)
{
	(void) context;
	if (enter(CONFINE_ORGANISER) != 0 || enter(CONFINE_ORGANISER_WORKER) != 0)
		return 1;
	int code = work_database("office/organising.db");
	if (code != 0)
		return code;
	int root = open("catalogue", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0 || file_make_dir(root, ".building", 0755) != ERR_OK)
		return 70;
	if (work_database("catalogue/.building/catalogue.db") != 0)
		return 71;
	int file = openat(root, ".building/catalogue.db", O_RDONLY | O_CLOEXEC);
	if (file < 0 || fchmod(file, 0444) != 0 || fsync(file) != 0)
		return 72;
	if (renameat(root, ".building", root, "7-a") != 0 || symlinkat("7-a", root, ".link") != 0 ||
	    renameat(root, ".link", root, "current") != 0 || fsync(root) != 0)
		return 73;
	if (unlinkat(root, "current", 0) != 0 || unlinkat(root, "7-a/catalogue.db", 0) != 0 ||
	    unlinkat(root, "7-a/catalogue.db-journal", 0) != 0 || unlinkat(root, "7-a", AT_REMOVEDIR) != 0)
		return 74;
	/* Links and folders there alone. */
	if (symlink("..", "office/link") == 0 || errno != EACCES || mkdir("front/more", 0700) == 0 || errno != EACCES)
		return 75;
	int key = open("keys/content.secret", O_RDONLY | O_CLOEXEC);
	int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "run/poster.sock"};
	if (key < 0 || client < 0)
		return 76;
	return connect(client, (const struct sockaddr *) &address, sizeof address) == 0 ? 0 : 77;
}

static void test_organisers_own_work_works(void **state)
{
	(void) state;
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "run/poster.sock"};
	if (confine_kernel().landlock_abi == 0)
		skip();
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (const struct sockaddr *) &address, sizeof address), 0);
	assert_int_equal(listen(listener, 8), 0);
	assert_int_equal(in_child(work_organiser, NULL, NULL, 0), 0);
	close(listener);
	unlink("run/poster.sock");
}

static void test_own_work_works(void **state)
{
	(void) state;
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "run/append.sock"};
	int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (const struct sockaddr *) &address, sizeof address), 0);
	assert_int_equal(listen(listener, 8), 0);
	assert_int_equal(in_child(work_collector, NULL, NULL, 0), 0);
	assert_int_equal(in_child(work_spooler, NULL, NULL, 0), 0);
	assert_int_equal(in_child(work_worker, NULL, NULL, 0), 0);
	close(listener);
	unlink("run/append.sock");
}

/* Landlock's newest scopes are no act of the table: the self-test has nobody outside to talk to. */
static int work_abstract(const void *context)
{
	const struct confine_kernel *kernel = context;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", folder);
	if (confine_apply(policy_get(CONFINE_INTAKE_WORKER), *kernel, false, false, &missing_path) != ERR_OK)
		return 1;
	int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t size = (socklen_t) (offsetof(struct sockaddr_un, sun_path) + 1 + (size_t) length);
	return connect(client, (const struct sockaddr *) &address, size) == 0 ? 70 : errno == EPERM ? 71 : 72;
}

static void test_abstract_sockets(void **state)
{
	(void) state;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", folder);
	socklen_t size = (socklen_t) (offsetof(struct sockaddr_un, sun_path) + 1 + (size_t) length);
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (const struct sockaddr *) &address, size), 0);
	assert_int_equal(listen(listener, 8), 0);
	struct confine_kernel kernel = confine_kernel();
	for (unsigned abi = 0; abi <= kernel.landlock_abi; abi++) {
		const struct confine_kernel lower = {abi, true};
		assert_int_equal(in_child(work_abstract, &lower, NULL, 0), abi >= 6 ? 71 : 70);
	}
	close(listener);
}

/* ---- at a program's start --------------------------------------------------------------------------------------- */

/* What the kernel is made to lack, by a filter that is there before. */
struct start {
	const char *name;
	enum conf_confine wish;
	bool has_landlock, has_seccomp;
	int code;
	const char *said; /* a part of the one line; NULL: no line */
};

static int work_start(const void *context)
{
	const struct start *start = context;
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	if (!start->has_landlock)
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0);
	if (!start->has_seccomp)
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0);
	if (seccomp_load(filter) != 0)
		return 1;
	seccomp_release(filter);
	int code = confine_prove(CONFINE_SPOOLER, start->wish);
	return code != EX_OK ? code : confine_enter(CONFINE_SPOOLER, start->wish);
}

static void test_starts(void **state)
{
	(void) state;
	static const struct start rows[] = {
		{"both", CONF_CONFINE_AUTO, true, true, EX_OK, NULL},
		{"both, strict", CONF_CONFINE_STRICT, true, true, EX_OK, NULL},
		{"no Landlock", CONF_CONFINE_AUTO, false, true, EX_OK, "event=confine.partial landlock=0 seccomp=yes"},
		{"no Landlock, strict", CONF_CONFINE_STRICT, false, true, CONFINE_EXIT,
		 "event=confine.refused landlock=0"},
		{"no seccomp", CONF_CONFINE_AUTO, true, false, EX_OK, "seccomp=no"},
		{"no seccomp, strict", CONF_CONFINE_STRICT, true, false, CONFINE_EXIT, "seccomp=no"},
		{"neither", CONF_CONFINE_AUTO, false, false, EX_OK, "landlock=0 seccomp=no"},
		{"neither, strict", CONF_CONFINE_STRICT, false, false, CONFINE_EXIT, "landlock=0 seccomp=no"},
		{"off", CONF_CONFINE_OFF, true, true, EX_OK, "event=confine.off"},
	};
	bool has_landlock = confine_kernel().landlock_abi > 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char said[4096];
		if (rows[i].has_landlock && !has_landlock)
			continue;
		int code = in_child(work_start, &rows[i], said, sizeof said);
		const char *end = strchr(said, '\n');
		bool is_one_line = end != NULL && end[1] == '\0';
		if (code != rows[i].code ||
		    (rows[i].said == NULL ? said[0] != '\0' : !is_one_line || strstr(said, rows[i].said) == NULL))
			fail_msg("%s: code %d, said %s", rows[i].name, code, said);
	}
}

static int work_refused(const void *context)
{
	return confine_prove(*(const enum confine_program *) context, CONF_CONFINE_AUTO);
}

/* A link in the instance that leads out of its folder opens more than anybody meant. */
static void test_link_is_found(void **state)
{
	(void) state;
	static const enum confine_program program = CONFINE_COLLECTOR;
	char said[4096];
	if (confine_kernel().landlock_abi == 0)
		skip();
	assert_int_equal(rename("keys/periods", "keys/real"), 0);
	assert_int_equal(symlink("..", "keys/periods"), 0);
	int code = in_child(work_refused, &program, said, sizeof said);
	unlink("keys/periods");
	rename("keys/real", "keys/periods");
	assert_int_equal(code, CONFINE_EXIT);
	assert_non_null(strstr(said, "event=confine.refused policy=collector act=list-instance"));
}

static void test_missing_folder(void **state)
{
	(void) state;
	static const enum confine_program program = CONFINE_INTAKE;
	char said[4096];
	assert_int_equal(rmdir("catalogue"), 0);
	int code = in_child(work_refused, &program, said, sizeof said);
	mkdir("catalogue", 0700);
	assert_int_equal(code, EX_NOINPUT);
	assert_non_null(strstr(said, "folder=catalogue error=not_found"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_acts_go_through_unconfined),
		cmocka_unit_test(test_each_act_is_denied),
		cmocka_unit_test(test_lower_kernels),
		cmocka_unit_test(test_planted_holes_are_found),
		cmocka_unit_test(test_own_work_works),
		cmocka_unit_test(test_organisers_own_work_works),
		cmocka_unit_test(test_abstract_sockets),
		cmocka_unit_test(test_starts),
		cmocka_unit_test(test_link_is_found),
		cmocka_unit_test(test_missing_folder),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
