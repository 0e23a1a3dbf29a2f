/* SPDX-License-Identifier: MIT */
/* policy.c: which program may do what: the paths it may open, and the system calls it may make.
 *
 * What is not listed is refused. Two answers to it: EPERM for most, because a library that is newer than these lists then
 * takes its error path and the program logs it, where a killed worker would cost somebody their page; and death for what
 * none of these programs does in any state (deadly, below), because then somebody else is steering. A call of another
 * architecture (x32, 32 bit) is death as well: its numbers would mean something else. Compare OpenSSH's
 * sandbox-seccomp-filter.c.
 *
 * Arguments are held where a call would be too much otherwise: sockets are AF_UNIX, memory is never executable, limits are
 * read and not set. Nothing here can be loosened from outside: no environment variable is looked at. */
#include "lib/confine/policy.h"

#include <assert.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#define CALL(name)                                                                                                     \
	{                                                                                                              \
		SCMP_SYS(name), -1, SCMP_CMP_EQ, 0, 0                                                                  \
	}
#define CALL_IF(name, argument, value)                                                                                 \
	{                                                                                                              \
		SCMP_SYS(name), argument, SCMP_CMP_EQ, value, 0                                                        \
	}
#define CALL_MASKED(name, argument, mask, value)                                                                       \
	{                                                                                                              \
		SCMP_SYS(name), argument, SCMP_CMP_MASKED_EQ, mask, value                                              \
	}
#define CALLS_END                                                                                                      \
	{                                                                                                              \
		POLICY_END, -1, SCMP_CMP_EQ, 0, 0                                                                      \
	}

/* ---- system calls ---------------------------------------------------------------------------------------------- */

/* Memory, time, chance, an orderly end, and reading files that Landlock lets it open. */
static const struct policy_call common[] = {
	CALL(read),
	CALL(readv),
	CALL(pread64),
	CALL(write), /* the log */
	CALL(writev),
	CALL(close),
	CALL(lseek),
	CALL(open),
	CALL(openat),
	CALL(stat),
	CALL(lstat),
	CALL(fstat),
	CALL(newfstatat),
	CALL(fstatat64),
	CALL(statx),
	CALL(access), /* SQLite looks for journals */
	CALL(faccessat),
	CALL(readlink), /* SQLite makes paths whole; the catalogue's link */
	CALL(readlinkat),
	CALL(getcwd),
	CALL(brk),
	CALL_MASKED(mmap, 2, PROT_EXEC, 0), /* the arenas, SQLite's VACUUM in memory */
	CALL_MASKED(mmap2, 2, PROT_EXEC, 0),
	CALL_MASKED(mprotect, 2, PROT_EXEC, 0),
	CALL(munmap),
	CALL(mremap),
	CALL(madvise),
	CALL(sysinfo), /* qsort(3) asks how much memory there is */
	CALL(getrandom),
	CALL(clock_gettime), /* without a vDSO */
	CALL(gettimeofday),
	CALL(time),
	CALL(clock_nanosleep),
	CALL(nanosleep),
	CALL(restart_syscall),
	CALL(futex),
	CALL(sched_yield),
	CALL(rt_sigaction),
	CALL(rt_sigprocmask),
	CALL(rt_sigreturn),
	CALL(sigaltstack), /* harmless; sanitized tests of these policies ask for it at each _exit */
	CALL(getpid),
	CALL(gettid),
	CALL(getppid),
	CALL(getuid),
	CALL(geteuid),
	CALL_IF(tgkill, 2, SIGABRT), /* assert(3), abort(3) */
	CALL_IF(fcntl, 1, F_GETFD),
	CALL_IF(fcntl, 1, F_SETFD),
	CALL_IF(fcntl, 1, F_GETFL),
	CALL_IF(fcntl, 1, F_SETFL),
	CALL_IF(fcntl, 1, F_GETLK),
	CALL_IF(fcntl, 1, F_SETLK),
	CALL_IF(fcntl, 1, F_SETLKW),
	CALL_IF(fcntl, 1, F_DUPFD_CLOEXEC), /* SQLite never uses descriptors 0 to 2 */
	CALL_IF(prlimit64, 2, 0),           /* reading a limit */
	CALL(getrlimit),
	CALL_IF(prctl, 0, PR_GET_DUMPABLE), /* confine_enter reads back what took */
	CALL_IF(prctl, 0, PR_GET_NO_NEW_PRIVS),
	CALL_IF(prctl, 0, PR_GET_SECCOMP),
	CALL(exit),
	CALL(exit_group),
	CALLS_END,
};

/* Talking on UNIX sockets that are connected, and waiting. */
static const struct policy_call talking[] = {
	CALL(recvfrom),   CALL(recvmsg), CALL(recv),  CALL(sendto), CALL(sendmsg),    CALL(send),     CALL(shutdown),
	CALL(getsockopt), CALL(poll),    CALL(ppoll), CALL(select), CALL(_newselect), CALL(pselect6), CALLS_END,
};

/* Going to somebody else's socket. */
static const struct policy_call connecting[] = {
	CALL_IF(socket, 0, AF_UNIX),
	CALL(connect),
	CALLS_END,
};

/* SQLite in TRUNCATE mode with FULL, and files beside: rollback journals, a ballast file, the mark of a file that failed. */
static const struct policy_call storing[] = {
	CALL(pwrite64),  CALL(fsync),      CALL(fdatasync), CALL(ftruncate), CALL(ftruncate64),
	CALL(fallocate), CALL(unlink),     CALL(unlinkat),  CALL(rename),    CALL(renameat),
	CALL(renameat2), CALL(statfs),     CALL(fstatfs),   CALL(statfs64),  CALL(fstatfs64),
	CALL(flock),     CALL(getdents64), CALL(umask),     CALL(fchmod), /* SQLite gives a journal its database's permissions and, as root, its owner; Landlock holds both to */
	CALL(fchown), /* what the program may open at all */
	CALLS_END,
};

/* Publishing: a folder is filled, gets its name, and a link is turned to it; old ones go. */
static const struct policy_call arranging[] = {
	CALL(mkdir), CALL(mkdirat), CALL(rmdir), CALL(symlink), CALL(symlinkat), CALLS_END,
};

/* The spooler's one loop, over two sockets that listen already. */
static const struct policy_call serving[] = {
	CALL(accept4),    CALL(accept),      CALL(epoll_create1), CALL(epoll_ctl),
	CALL(epoll_wait), CALL(epoll_pwait), CALLS_END,
};

/* A parent of workers has bound its socket before. It forks workers, which confine themselves further, waits for signals
 * and for the dead, and removes the socket at the end. The flags are those of fork(3): nothing shared, no namespace. */
static const struct policy_call leading[] = {
	CALL_MASKED(clone, 0, ~(uint64_t) (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID | CSIGNAL),
		    0),
	CALL(fork),
	CALL(wait4),
	CALL(waitid),
	CALL(set_robust_list), /* of a child's one thread */
	CALL(rt_sigtimedwait),
	CALL(rt_sigtimedwait_time64),
	CALL(unlink),
	CALL(unlinkat),
	CALL(accept), /* of the workers */
	CALL(accept4),
	CALL_IF(prctl, 0, PR_SET_PDEATHSIG),
	CALL_IF(prctl, 0, PR_SET_NO_NEW_PRIVS),
	CALL(seccomp), /* these four: only ever to be allowed less */
	CALL(landlock_create_ruleset),
	CALL(landlock_add_rule),
	CALL(landlock_restrict_self),
	CALLS_END,
};

static const struct policy_call accepting[] = {CALL(accept), CALL(accept4), CALLS_END};

/* Pango asks fontconfig in a thread of its own, which keeps the policy it was born with. A process it cannot make. Each request has
 * its time. */
static const struct policy_call drawing[] = {
	CALL(setitimer), CALL_MASKED(clone, 0, CLONE_THREAD, CLONE_THREAD), CALL(set_robust_list),
	CALL(rseq), /* glibc has told the kernel of the first thread, and ends the program if it cannot of the next */
	CALLS_END,
};

static const int deadly[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(move_mount),
	SCMP_SYS(open_tree),
	SCMP_SYS(fsopen),
	SCMP_SYS(mount_setattr),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load),
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(personality),
	SCMP_SYS(reboot),
	SCMP_SYS(swapon),
	POLICY_END,
};

static const int unknown[] = {
	SCMP_SYS(clone3),     SCMP_SYS(openat2),      SCMP_SYS(faccessat2), SCMP_SYS(close_range),
	SCMP_SYS(membarrier), SCMP_SYS(epoll_pwait2), SCMP_SYS(rseq),       POLICY_END,
};

/* ---- paths ----------------------------------------------------------------------------------------------------- */

/* SQLite and jansson draw their seeds from it when they are first used, which is later than here. */
#define PATH_CHANCE                                                                                                    \
	{                                                                                                              \
		"/dev/urandom", POLICY_READ                                                                            \
	}
#define PATHS_END                                                                                                      \
	{                                                                                                              \
		NULL, 0                                                                                                \
	}

static const struct policy_path intake_paths[] = {
	{"catalogue", POLICY_READ}, {"front", POLICY_READ}, {"run", POLICY_REMOVE}, PATH_CHANCE, PATHS_END,
};
/* Connecting to run/append.sock needs no right that Landlock knows of. */
static const struct policy_path worker_paths[] = {
	{"catalogue", POLICY_READ},
	{"front", POLICY_READ},
	PATH_CHANCE,
	PATHS_END,
};
static const struct policy_path spooler_paths[] = {
	{"spool", POLICY_WRITE},
	{"run", POLICY_REMOVE},
	PATH_CHANCE,
	PATHS_END,
};
static const struct policy_path collector_paths[] = {
	{"keys/periods", POLICY_READ}, {"catalogue", POLICY_READ}, {"office", POLICY_WRITE}, PATH_CHANCE, PATHS_END,
};

/* Keys that are replaced while it runs are other files, and closed to it: it ends then, and is started again. No forms, no spool, no period's
 * secret, no pages; connecting to run/poster.sock needs no right that Landlock knows of. */
#define PATHS_ORGANISER                                                                                                \
	{"office", POLICY_WRITE}, {"catalogue", POLICY_WRITE | POLICY_ARRANGE}, {"keys/content.secret", POLICY_READ},  \
		{"keys/keyset", POLICY_READ}, {"front", POLICY_READ}, PATH_CHANCE
static const struct policy_path organiser_paths[] = {PATHS_ORGANISER, {"run", POLICY_REMOVE}, PATHS_END};
static const struct policy_path organiser_worker_paths[] = {PATHS_ORGANISER, PATHS_END};

/* What staff have set, and what the session is told: lib/station. Two folders and not "run" itself, where nginx's own settings lie. */
#define PATHS_KIOSK                                                                                                    \
	{"catalogue", POLICY_READ}, {"front", POLICY_READ}, {"kiosk", POLICY_WRITE}, {"run/kiosk", POLICY_WRITE},      \
		PATH_CHANCE
static const struct policy_path kiosk_paths[] = {PATHS_KIOSK, {"run", POLICY_REMOVE}, PATHS_END};
static const struct policy_path kiosk_worker_paths[] = {PATHS_KIOSK, PATHS_END};

/* As lib/print/poster_fonts.h has it. */
static const struct policy_path poster_paths[] = {
	{"/usr/share/fonts", POLICY_READ},
	PATH_CHANCE,
	PATHS_END,
};

/* ---- programs -------------------------------------------------------------------------------------------------- */

static const char *const intake_foreign[] = {"spool",
					     "spool/spool.db",
					     "office",
					     "office/office.db",
					     "keys",
					     "keys/periods",
					     "keys/content.secret",
					     "pages",
					     "backups",
					     "soundings.conf",
					     NULL};
static const char *const spooler_foreign[] = {
	"office",  "office/office.db", "keys", "keys/periods", "keys/content.secret", "catalogue", "front",
	"backups", "soundings.conf",   NULL};
static const char *const collector_foreign[] = {"spool",       "spool/spool.db", "keys",    "keys/content.secret",
						"keys/sealed", "pages",          "backups", "soundings.conf",
						NULL};

static const char *const organiser_foreign[] = {
	"spool", "spool/spool.db", "keys", "keys/periods", "keys/sealed", "pages", "backups", "soundings.conf", NULL};

/* Nothing of an instance is the poster's. */
static const char *const poster_foreign[] = {"spool",
					     "spool/spool.db",
					     "office",
					     "office/office.db",
					     "keys",
					     "keys/periods",
					     "keys/content.secret",
					     "catalogue",
					     "front",
					     "pages",
					     "backups",
					     "soundings.conf",
					     NULL};

static const struct policy policies[CONFINE_COUNT] = {
	[CONFINE_INTAKE] = {.name = "intake",
			    .paths = intake_paths,
			    .calls = {common, talking, connecting, leading},
			    .deadly = deadly,
			    .foreign = intake_foreign,
			    .may_fork = true},
	[CONFINE_INTAKE_WORKER] = {.name = "intake-worker",
				   .paths = worker_paths,
				   .calls = {common, talking, connecting, accepting},
				   .deadly = deadly,
				   .foreign = intake_foreign},
	[CONFINE_SPOOLER] = {.name = "spooler",
			     .paths = spooler_paths,
			     .calls = {common, talking, storing, serving},
			     .deadly = deadly,
			     .foreign = spooler_foreign},
	[CONFINE_COLLECTOR] = {.name = "collector",
			       .paths = collector_paths,
			       .calls = {common, talking, connecting, storing},
			       .deadly = deadly,
			       .foreign = collector_foreign},
	[CONFINE_POSTER] = {.name = "poster",
			    .paths = poster_paths,
			    .calls = {common, talking, leading, drawing}, /* what it forbids, its children lack too */
			    .deadly = deadly,
			    .foreign = poster_foreign,
			    .may_fork = true},
	[CONFINE_POSTER_WORKER] = {.name = "poster-worker",
				   .paths = poster_paths,
				   .calls = {common, drawing},
				   .deadly = deadly,
				   .foreign = poster_foreign},
	[CONFINE_KIOSK] = {.name = "kiosk",
			   .paths = kiosk_paths,
			   .calls = {common, talking, connecting, storing, leading},
			   .deadly = deadly,
			   .foreign = intake_foreign,
			   .may_fork = true},
	[CONFINE_KIOSK_WORKER] = {.name = "kiosk-worker",
				  .paths = kiosk_worker_paths,
				  .calls = {common, talking, connecting, storing, accepting},
				  .deadly = deadly,
				  .foreign = intake_foreign},
	[CONFINE_ORGANISER] = {.name = "organiser",
			       .paths = organiser_paths,
			       .calls = {common, talking, connecting, storing, arranging, leading},
			       .deadly = deadly,
			       .foreign = organiser_foreign,
			       .may_fork = true,
			       .may_link = true},
	[CONFINE_ORGANISER_WORKER] = {.name = "organiser-worker",
				      .paths = organiser_worker_paths,
				      .calls = {common, talking, connecting, storing, arranging, accepting},
				      .deadly = deadly,
				      .foreign = organiser_foreign,
				      .may_link = true},
};

const struct policy *policy_get(enum confine_program program)
{
	assert((unsigned) program < CONFINE_COUNT);
	return &policies[program];
}

const int *policy_unknown(void)
{
	return unknown;
}
