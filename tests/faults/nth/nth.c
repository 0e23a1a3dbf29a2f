/* SPDX-License-Identifier: MIT */
/* nth.c: LD_PRELOAD: the n-th call of a kind fails, once or for good. Which one, and from when on it counts, stands in a page of memory that
 * the test shares with the program (page.py has the same layout): so a running program can be told without a call or signal of its own,
 * and nothing of it is a system call that a confined program would not make.
 *
 *   NTH_PAGE     the page: a file made by the test
 *   NTH_PROGRAM  only the program of this name is meddled with
 *   NTH_SERVE    a socket: for each byte that comes, one process begins from where the program was linked and had not begun, for linking costs
 *                more than most runs; (pid, -1) goes back, and (pid, how it ended)
 *
 * What counts: eio and enospc: calls on files and folders, by name or by descriptor, that may fail so; short: writes to files; eintr:
 * what signal(7) says a signal may interrupt, reads, writes and fallocate(2) of files besides; fsync: fsync(2) and fdatasync(2); alloc: memory, also what the libraries ask for, SQLite among them. An fsync that
 * fails has not been done. A short write writes half. "For good" means for eintr: half of all calls, since a program that tries again has to get
 * through some day. "liar" is for the control: from the n-th write on nothing reaches the file, and all succeeds.
 *
 * libfcgi's calls are never interrupted: it would take that for the end of the connection, and intake's workers have all signals blocked.
 * stdio's own writes do not pass here: the programs print with it, and keep nothing with it. Linux, glibc. */
#define _GNU_SOURCE 1
#undef _FORTIFY_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum kind { KIND_NONE, KIND_EIO, KIND_ENOSPC, KIND_SHORT, KIND_EINTR, KIND_FSYNC, KIND_ALLOC, KIND_LIAR };

/* What a call may fail with: a mask of kinds. */
enum {
	MAY_EIO = 1 << KIND_EIO,
	MAY_ENOSPC = 1 << KIND_ENOSPC,
	MAY_SHORT = 1 << KIND_SHORT,
	MAY_EINTR = 1 << KIND_EINTR,
	MAY_FSYNC = 1 << KIND_FSYNC,
	MAY_ALLOC = 1 << KIND_ALLOC,
	MAY_LIE = 1 << KIND_LIAR,
	MAY_READ = MAY_EIO | MAY_EINTR,
	MAY_WRITE = MAY_EIO | MAY_ENOSPC | MAY_SHORT | MAY_EINTR | MAY_LIE,
	MAY_NAME = MAY_EIO | MAY_ENOSPC, /* makes or moves a name */
	MAY_SYNC = MAY_EIO | MAY_ENOSPC | MAY_FSYNC
};

enum { CONNECT_NOTHING, CONNECT_ARMS, CONNECT_DISARMS };

enum module { MODULE_OTHER, MODULE_PROGRAM, MODULE_SQLITE, MODULE_FCGI, MODULE_COUNT };

struct page {
	atomic_uint is_armed;
	uint32_t kind, is_for_good, at_connect; /* the program's first connect(2) may be the mark */
	uint64_t n;
	atomic_ullong count, fired;
	atomic_ullong by_module[MODULE_COUNT];
	atomic_uint module;                  /* whose call failed first */
	char call[20];                       /* and which */
	atomic_ullong ahead_s, days_ahead_s; /* the monotonic clock goes so far ahead; and the one that tells the day */
};

static struct page *page;
static struct range {
	uintptr_t from, to;
} modules[MODULE_COUNT];

#define REAL(name) ((__typeof__(&name)) nth_real(#name))

static void *nth_real(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);
	if (found == NULL)
		abort();
	return found;
}

static int nth_module(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void) size, (void) unused;
	const char *name = info->dlpi_name;
	enum module module = *name == '\0'                ? MODULE_PROGRAM
			     : strstr(name, "libsqlite3") ? MODULE_SQLITE
			     : strstr(name, "libfcgi")    ? MODULE_FCGI
							  : MODULE_OTHER;
	for (int i = 0; module != MODULE_OTHER && i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD && (info->dlpi_phdr[i].p_flags & PF_X)) {
			modules[module].from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
			modules[module].to = modules[module].from + info->dlpi_phdr[i].p_memsz;
		}
	return 0;
}

static void nth_tell(int fd, int64_t pid, int64_t status)
{
	int64_t words[2] = {pid, status};
	if (syscall(SYS_write, fd, words, sizeof words) != sizeof words)
		syscall(SYS_exit_group, 0);
}

/* Comes back in each new process, and only there. */
static void nth_serve(int fd)
{
	for (;;) {
		char byte;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (syscall(SYS_read, fd, &byte, 1) != 1)
			syscall(SYS_exit_group, 0);
		pid_t pid = fork();
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			syscall(SYS_close, fd);
			return;
		}
		int status = 0;
		nth_tell(fd, pid, -1);
		if (pid > 0 && waitpid(pid, &status, 0) == pid)
			nth_tell(fd, pid, status);
	}
}

static void nth_map(const char *path)
{
	int fd = (int) syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
	void *shared = REAL(mmap)(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd < 0 || shared == MAP_FAILED)
		abort();
	syscall(SYS_close, fd);
	dl_iterate_phdr(nth_module, NULL);
	page = shared; /* last: until then nothing counts */
}

__attribute__((constructor)) static void nth_start(void)
{
	const char *path = getenv("NTH_PAGE"), *program = getenv("NTH_PROGRAM"), *serve = getenv("NTH_SERVE");
	if (program == NULL || strcmp(program, program_invocation_short_name) != 0)
		return;
	if (path != NULL)
		nth_map(path);
	if (serve != NULL)
		nth_serve(atoi(serve));
}

static enum module nth_whose(const void *caller)
{
	for (enum module i = MODULE_PROGRAM; i < MODULE_COUNT; i++)
		if ((uintptr_t) caller >= modules[i].from && (uintptr_t) caller < modules[i].to)
			return i;
	return MODULE_OTHER;
}

/* Half of all numbers, in no rhythm: a loop of two calls would meet every other one at the same place for ever. */
static bool nth_coin(uint64_t number)
{
	number *= UINT64_C(0x9e3779b97f4a7c15);
	return (number ^ number >> 29) >> 33 & 1;
}

/* Counts a call that may fail as MASK says. True: it has to. */
static bool nth_fails(unsigned mask, const char *call, const void *caller)
{
	if (page == NULL || !atomic_load(&page->is_armed) || !(mask & (1u << page->kind)))
		return false;
	enum module module = nth_whose(caller);
	if (page->kind == KIND_EINTR && module == MODULE_FCGI)
		return false;
	uint64_t number = atomic_fetch_add(&page->count, 1) + 1;
	atomic_fetch_add(&page->by_module[module], 1);
	bool fails = number == page->n ||
		     (page->is_for_good && number > page->n && (page->kind != KIND_EINTR || nth_coin(number)));
	if (fails && atomic_fetch_add(&page->fired, 1) == 0) {
		atomic_store(&page->module, module);
		strncpy(page->call, call, sizeof page->call - 1);
	}
	return fails;
}

#define FAILS(mask, call) nth_fails(mask, call, __builtin_return_address(0))

static int nth_errno(void)
{
	static const int numbers[] = {[KIND_EIO] = EIO,
				      [KIND_ENOSPC] = ENOSPC,
				      [KIND_EINTR] = EINTR,
				      [KIND_FSYNC] = EIO,
				      [KIND_ALLOC] = ENOMEM};
	return numbers[page->kind];
}

static int nth_fail(void)
{
	errno = nth_errno();
	return -1;
}

static bool is_file(int fd)
{
	struct stat status;
	int saved = errno;
	bool is = syscall(SYS_newfstatat, fd, "", &status, AT_EMPTY_PATH) == 0 &&
		  (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
	errno = saved;
	return is;
}

/* ---- names ------------------------------------------------------------------------------------------------------------ */

static int nth_open(int folder, const char *path, int flags, mode_t mode, const void *caller)
{
	unsigned mask = MAY_EIO | (flags & O_CREAT ? MAY_ENOSPC : 0);
	if (nth_fails(mask, "open", caller))
		return nth_fail();
	int fd = (int) syscall(SYS_openat, folder, path, flags | O_LARGEFILE, mode);
	return fd;
}

#define OPEN_MODE(flags, last)                                                                                         \
	mode_t mode = 0;                                                                                               \
	if ((flags) & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) {                                                        \
		va_list rest;                                                                                          \
		va_start(rest, last);                                                                                  \
		mode = va_arg(rest, mode_t);                                                                           \
		va_end(rest);                                                                                          \
	}

#define CALLER __builtin_return_address(0)
int open(const char *path, int flags, ...)
{
	OPEN_MODE(flags, flags)
	return nth_open(AT_FDCWD, path, flags, mode, CALLER);
}
int open64(const char *path, int flags, ...)
{
	OPEN_MODE(flags, flags)
	return nth_open(AT_FDCWD, path, flags, mode, CALLER);
}
int openat(int folder, const char *path, int flags, ...)
{
	OPEN_MODE(flags, flags)
	return nth_open(folder, path, flags, mode, CALLER);
}
int openat64(int folder, const char *path, int flags, ...)
{
	OPEN_MODE(flags, flags)
	return nth_open(folder, path, flags, mode, CALLER);
}
/* What _FORTIFY_SOURCE makes of the same calls. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags);
int __open_2(const char *path, int flags)
{
	return nth_open(AT_FDCWD, path, flags, 0, CALLER);
}
int __open64_2(const char *path, int flags)
{
	return nth_open(AT_FDCWD, path, flags, 0, CALLER);
}
int __openat_2(int folder, const char *path, int flags)
{
	return nth_open(folder, path, flags, 0, CALLER);
}
int __openat64_2(int folder, const char *path, int flags)
{
	return nth_open(folder, path, flags, 0, CALLER);
}

/* TYPE NAME(PARAMETERS) that may fail as MASK says, and then gives FAILURE. */
#define WRAP(type, name, parameters, arguments, mask, failure)                                                         \
	type name parameters                                                                                           \
	{                                                                                                              \
		static __typeof__(&name) real;                                                                         \
		if (FAILS(mask, #name)) {                                                                              \
			errno = nth_errno();                                                                           \
			return failure;                                                                                \
		}                                                                                                      \
		if (real == NULL)                                                                                      \
			real = REAL(name);                                                                             \
		return real arguments;                                                                                 \
	}

WRAP(int, stat, (const char *restrict path, struct stat *restrict out), (path, out), MAY_EIO, -1)
WRAP(int, stat64, (const char *restrict path, struct stat64 *restrict out), (path, out), MAY_EIO, -1)
WRAP(int, lstat, (const char *restrict path, struct stat *restrict out), (path, out), MAY_EIO, -1)
WRAP(int, lstat64, (const char *restrict path, struct stat64 *restrict out), (path, out), MAY_EIO, -1)
WRAP(int, fstatat, (int fd, const char *restrict path, struct stat *restrict out, int flags), (fd, path, out, flags),
     MAY_EIO, -1)
WRAP(int, fstatat64, (int fd, const char *restrict path, struct stat64 *restrict out, int flags),
     (fd, path, out, flags), MAY_EIO, -1)
WRAP(int, fstat, (int fd, struct stat *out), (fd, out), MAY_EIO, -1)
WRAP(int, fstat64, (int fd, struct stat64 *out), (fd, out), MAY_EIO, -1)
WRAP(int, access, (const char *path, int how), (path, how), MAY_EIO, -1)
WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode), MAY_NAME, -1)
WRAP(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode), MAY_NAME, -1)
WRAP(int, rmdir, (const char *path), (path), MAY_EIO, -1)
WRAP(int, unlink, (const char *path), (path), MAY_EIO, -1)
WRAP(int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags), MAY_EIO, -1)
WRAP(int, rename, (const char *from, const char *to), (from, to), MAY_NAME, -1)
WRAP(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), MAY_NAME, -1)
WRAP(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags),
     MAY_NAME, -1)
WRAP(int, link, (const char *from, const char *to), (from, to), MAY_NAME, -1)
WRAP(int, linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags), MAY_NAME, -1)
WRAP(int, symlink, (const char *target, const char *path), (target, path), MAY_NAME, -1)
WRAP(int, symlinkat, (const char *target, int fd, const char *path), (target, fd, path), MAY_NAME, -1)
WRAP(ssize_t, readlink, (const char *restrict path, char *restrict out, size_t size), (path, out, size), MAY_EIO, -1)
WRAP(ssize_t, readlinkat, (int fd, const char *restrict path, char *restrict out, size_t size), (fd, path, out, size),
     MAY_EIO, -1)
WRAP(char *, realpath, (const char *restrict path, char *restrict out), (path, out), MAY_EIO, NULL)
WRAP(int, statvfs, (const char *restrict path, struct statvfs *restrict out), (path, out), MAY_EIO, -1)
WRAP(int, fstatvfs, (int fd, struct statvfs *out), (fd, out), MAY_EIO, -1)
WRAP(DIR *, opendir, (const char *path), (path), MAY_EIO, NULL)
WRAP(DIR *, fdopendir, (int fd), (fd), MAY_EIO, NULL)
WRAP(struct dirent *, readdir, (DIR * folder), (folder), MAY_EIO, NULL)
WRAP(int, fchmod, (int fd, mode_t mode), (fd, mode), MAY_EIO, -1)
WRAP(int, flock, (int fd, int how), (fd, how), how &(LOCK_NB | LOCK_UN) ? 0 : MAY_EINTR, -1) /* those do not wait */
WRAP(int, poll, (struct pollfd * list, nfds_t count, int ms), (list, count, ms), MAY_EINTR, -1)
WRAP(int, epoll_wait, (int fd, struct epoll_event *list, int count, int ms), (fd, list, count, ms), MAY_EINTR, -1)
WRAP(ssize_t, recv, (int fd, void *data, size_t length, int flags), (fd, data, length, flags), MAY_EINTR, -1)
WRAP(ssize_t, send, (int fd, const void *data, size_t length, int flags), (fd, data, length, flags), MAY_EINTR, -1)
WRAP(int, accept, (int fd, struct sockaddr *restrict address, socklen_t *restrict length), (fd, address, length),
     MAY_EINTR, -1)
WRAP(int, accept4, (int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags),
     (fd, address, length, flags), MAY_EINTR, -1)

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	if (page != NULL && page->at_connect != CONNECT_NOTHING) {
		atomic_store(&page->is_armed, page->at_connect == CONNECT_ARMS);
		page->at_connect = CONNECT_NOTHING;
	}
	return REAL(connect)(fd, address, length);
}

/* ---- contents ----------------------------------------------------------------------------------------------------------- */

#define WRAP_FILE(type, name, parameters, arguments, mask)                                                             \
	type name parameters                                                                                           \
	{                                                                                                              \
		static __typeof__(&name) real;                                                                         \
		if (FAILS(is_file(fd) ? (mask) : (mask) &MAY_EINTR, #name))                                            \
			return nth_fail();                                                                             \
		if (real == NULL)                                                                                      \
			real = REAL(name);                                                                             \
		return real arguments;                                                                                 \
	}

WRAP_FILE(ssize_t, read, (int fd, void *data, size_t length), (fd, data, length), MAY_READ)
WRAP_FILE(ssize_t, readv, (int fd, const struct iovec *list, int count), (fd, list, count), MAY_READ)
WRAP_FILE(ssize_t, pread, (int fd, void *data, size_t length, off_t at), (fd, data, length, at), MAY_READ)
WRAP_FILE(ssize_t, pread64, (int fd, void *data, size_t length, off64_t at), (fd, data, length, at), MAY_READ)
WRAP_FILE(int, ftruncate, (int fd, off_t length), (fd, length), MAY_EIO)
WRAP_FILE(int, ftruncate64, (int fd, off64_t length), (fd, length), MAY_EIO)
WRAP_FILE(int, fallocate, (int fd, int mode, off_t at, off_t length), (fd, mode, at, length),
	  MAY_EIO | MAY_ENOSPC | MAY_EINTR)
WRAP_FILE(int, fallocate64, (int fd, int mode, off64_t at, off64_t length), (fd, mode, at, length),
	  MAY_EIO | MAY_ENOSPC | MAY_EINTR)

ssize_t __read_chk(int fd, void *data, size_t length, size_t size);
ssize_t __read_chk(int fd, void *data, size_t length, size_t size)
{
	if (length > size)
		abort();
	if (FAILS(is_file(fd) ? MAY_READ : MAY_EINTR, "read"))
		return nth_fail();
	return syscall(SYS_read, fd, data, length);
}
ssize_t __pread64_chk(int fd, void *data, size_t length, off64_t at, size_t size);
ssize_t __pread64_chk(int fd, void *data, size_t length, off64_t at, size_t size)
{
	if (length > size)
		abort();
	if (FAILS(is_file(fd) ? MAY_READ : MAY_EINTR, "pread"))
		return nth_fail();
	return syscall(SYS_pread64, fd, data, length, at);
}
ssize_t __recv_chk(int fd, void *data, size_t length, size_t size, int flags);
ssize_t __recv_chk(int fd, void *data, size_t length, size_t size, int flags)
{
	if (length > size)
		abort();
	if (FAILS(MAY_EINTR, "recv"))
		return nth_fail();
	return syscall(SYS_recvfrom, fd, data, length, flags, NULL, NULL);
}

/* Bytes that are to be written, or are said to be; -1: none, with errno; 0: go on as usual. Cuts *LENGTH for a short write. */
static ssize_t nth_write(int fd, size_t *length, const void *caller)
{
	if (!is_file(fd))
		return nth_fails(MAY_EINTR, "write", caller) ? nth_fail() : 0;
	if (!nth_fails(MAY_WRITE, "write", caller))
		return 0;
	if (page->kind == KIND_LIAR)
		return (ssize_t) *length;
	if (page->kind != KIND_SHORT)
		return nth_fail();
	*length -= *length / 2;
	return 0;
}

ssize_t write(int fd, const void *data, size_t length)
{
	ssize_t told = nth_write(fd, &length, CALLER);
	return told != 0 ? told : syscall(SYS_write, fd, data, length);
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t at)
{
	ssize_t told = nth_write(fd, &length, CALLER);
	return told != 0 ? told : syscall(SYS_pwrite64, fd, data, length, at);
}
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at)
{
	ssize_t told = nth_write(fd, &length, CALLER);
	return told != 0 ? told : syscall(SYS_pwrite64, fd, data, length, at);
}
ssize_t writev(int fd, const struct iovec *list, int count)
{
	if (count == 1)
		return write(fd, list[0].iov_base, list[0].iov_len);
	if (FAILS(is_file(fd) ? MAY_WRITE & ~(MAY_SHORT | MAY_LIE) : MAY_EINTR, "writev"))
		return nth_fail();
	return syscall(SYS_writev, fd, list, count);
}

int fsync(int fd)
{
	return FAILS(MAY_SYNC, "fsync") ? nth_fail() : (int) syscall(SYS_fsync, fd);
}
int fdatasync(int fd)
{
	return FAILS(MAY_SYNC, "fdatasync") ? nth_fail() : (int) syscall(SYS_fdatasync, fd);
}
int close(int fd)
{
	bool fails = FAILS(is_file(fd) ? MAY_EIO : 0, "close"); /* closed all the same, as Linux does */
	int result = (int) syscall(SYS_close, fd);
	return fails && result == 0 ? nth_fail() : result;
}
int fcntl64(int fd, int command, ...);
static int nth_fcntl(int fd, int command, void *argument, const void *caller)
{
	bool is_lock = command == F_SETLK || command == F_SETLKW || command == F_GETLK;
	if (is_lock && nth_fails(MAY_EIO | (command == F_SETLKW ? MAY_EINTR : 0), "fcntl", caller))
		return nth_fail();
	return (int) syscall(SYS_fcntl, fd, command, argument);
}
int fcntl(int fd, int command, ...)
{
	va_list rest;
	va_start(rest, command);
	void *argument = va_arg(rest, void *);
	va_end(rest);
	return nth_fcntl(fd, command, argument, CALLER);
}
int fcntl64(int fd, int command, ...)
{
	va_list rest;
	va_start(rest, command);
	void *argument = va_arg(rest, void *);
	va_end(rest);
	return nth_fcntl(fd, command, argument, CALLER);
}

/* ---- memory --------------------------------------------------------------------------------------------------------------- */

/* dlsym(3) may ask for memory before the real malloc is known: it gets some of this, which is never given back. */
static _Alignas(16) unsigned char early[64 * 1024];
static size_t early_used;

static bool is_early(const void *pointer)
{
	return (const unsigned char *) pointer >= early && (const unsigned char *) pointer < early + sizeof early;
}

static void *early_take(size_t length)
{
	length = (length + 15) / 16 * 16;
	if (length > sizeof early - early_used)
		abort();
	early_used += length;
	return early + early_used - length;
}

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void *(*real_reallocarray)(void *, size_t, size_t);
static void (*real_free)(void *);

static bool has_memory(void)
{
	static bool is_looking;
	if (real_free != NULL)
		return true;
	if (is_looking)
		return false;
	is_looking = true;
	real_malloc = nth_real("malloc");
	real_calloc = nth_real("calloc");
	real_realloc = nth_real("realloc");
	real_reallocarray = nth_real("reallocarray");
	real_free = nth_real("free");
	return true;
}

static bool fails_alloc(const char *call, const void *caller)
{
	if (!nth_fails(MAY_ALLOC, call, caller))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t length)
{
	if (!has_memory())
		return early_take(length);
	return fails_alloc("malloc", CALLER) ? NULL : real_malloc(length);
}
void *calloc(size_t count, size_t size)
{
	if (!has_memory())
		return early_take(count * size);
	return fails_alloc("calloc", CALLER) ? NULL : real_calloc(count, size);
}
void *realloc(void *old, size_t length)
{
	if (!has_memory() || is_early(old))
		abort();
	return fails_alloc("realloc", CALLER) ? NULL : real_realloc(old, length);
}
void *reallocarray(void *old, size_t count, size_t size)
{
	if (!has_memory() || is_early(old))
		abort();
	return fails_alloc("reallocarray", CALLER) ? NULL : real_reallocarray(old, count, size);
}
void free(void *pointer)
{
	if (!is_early(pointer) && has_memory())
		real_free(pointer);
}
WRAP(int, posix_memalign, (void **out, size_t align, size_t length), (out, align, length), MAY_ALLOC, ENOMEM)
WRAP(void *, aligned_alloc, (size_t align, size_t length), (align, length), MAY_ALLOC, NULL)

static void *nth_mmap(void *at, size_t length, int rights, int flags, int fd, off_t offset, const void *caller)
{
	if ((flags & MAP_ANONYMOUS) && fails_alloc("mmap", caller))
		return MAP_FAILED;
	return (void *) syscall(SYS_mmap, at, length, rights, flags, fd, offset);
}
void *mmap(void *at, size_t length, int rights, int flags, int fd, off_t offset)
{
	return nth_mmap(at, length, rights, flags, fd, offset, CALLER);
}
void *mmap64(void *at, size_t length, int rights, int flags, int fd, off64_t offset)
{
	return nth_mmap(at, length, rights, flags, fd, offset, CALLER);
}

/* ---- the clock ------------------------------------------------------------------------------------------------------------------ */

int clock_gettime(clockid_t clock, struct timespec *out)
{
	static __typeof__(&clock_gettime) real;
	if (real == NULL)
		real = REAL(clock_gettime);
	int result = real(clock, out);
	if (result == 0 && page != NULL && clock == CLOCK_MONOTONIC)
		out->tv_sec += (time_t) atomic_load(&page->ahead_s);
	return result;
}

time_t time(time_t *out)
{
	struct timespec now = {0};
	syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
	if (page != NULL)
		now.tv_sec += (time_t) atomic_load(&page->days_ahead_s);
	if (out != NULL)
		*out = now.tv_sec;
	return now.tv_sec;
}

/* ---- a worker's end ---------------------------------------------------------------------------------------------------------- */

__attribute__((weak)) void __lsan_do_leak_check(void);

/* A worker ends without running what would look for leaks. */
void _exit(int code)
{
	if (page != NULL && __lsan_do_leak_check != NULL)
		__lsan_do_leak_check();
	for (;;)
		syscall(SYS_exit_group, code);
}
