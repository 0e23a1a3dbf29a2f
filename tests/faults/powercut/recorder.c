/* SPDX-License-Identifier: MIT */
/* recorder.c: LD_PRELOAD: writes down, in one order for all programs that share a log, what each does to files: contents, lengths,
 * names, and what it has synchronised. replay.py makes disks of it, as a power cut at any instant may leave them.
 *
 * Files and folders go by inode, so open descriptors, renames and unlinked files are right. A call and its record are one step under a
 * lock that all programs share. What it does not know how to record it writes down as "unknown", and the replay refuses; that
 * nothing went past it is seen by replaying everything and comparing with the real files.
 *
 *   POWERCUT_LOG   the log, best on another file system; POWERCUT_LOG.lock beside it is the lock. Both made by the test.
 *   POWERCUT_ROOT  a folder on the file system that is looked at
 *   POWERCUT_FAULT "nosync": no fsync reaches the disk, and all succeed. "normal": SQLite is told synchronous=NORMAL whatever
 *                  the program asks for, and the program is told that it got what it asked for. For controls that must lose.
 *
 * The programs' own files, and no pipes, sockets or logs on other file systems. Linux, glibc. */
#define _GNU_SOURCE 1
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define RECORD_MAGIC 0x54554350u /* "PCUT" */

enum { NAMES_MAX = 2 * PATH_MAX, DATA_MAX = 64 << 20 };

/* replay.py has the same table. */
enum kind {
	KIND_WRITE = 1, /* file, offset, -, data */
	KIND_TRUNCATE,  /* file, length */
	KIND_EXTEND,    /* file, end: fallocate */
	KIND_SYNC,      /* file or folder */
	KIND_SYNC_ALL,
	KIND_CREATE,  /* new, folder, mode, name */
	KIND_RENAME,  /* moved, folder, folder, name NUL name */
	KIND_LINK,    /* file, folder, -, name */
	KIND_UNLINK,  /* -, folder, -, name: rmdir too */
	KIND_MKDIR,   /* new, folder, mode, name */
	KIND_SYMLINK, /* new, folder, -, name, target as data */
	KIND_CHMOD,   /* file, mode */
	KIND_UNKNOWN, /* name: what */
	KIND_NO_SYNC  /* one that was asked for and did not happen */
};

struct record {
	uint32_t magic, length, kind, process;
	uint64_t inode, a, b;
	uint32_t name_length, data_length;
};

static struct recorder {
	int log;
	dev_t device;
	pthread_mutex_t *lock;
	uint32_t process;
	bool has_no_sync, has_normal;
	unsigned char *buffer;
	size_t capacity;
} recorder = {.log = -1};

#define REAL(name) ((__typeof__(&name)) recorder_real(#name))

static void *recorder_real(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);
	if (found == NULL)
		abort();
	return found;
}

__attribute__((constructor)) static void recorder_start(void)
{
	const char *log = getenv("POWERCUT_LOG"), *root = getenv("POWERCUT_ROOT"), *fault = getenv("POWERCUT_FAULT");
	char path[PATH_MAX];
	struct stat status;
	if (fault != NULL) {
		recorder.has_no_sync = strcmp(fault, "nosync") == 0;
		recorder.has_normal = strcmp(fault, "normal") == 0;
	}
	if (log == NULL || root == NULL)
		return;
	int length = snprintf(path, sizeof path, "%s.lock", log);
	int lock = length > 0 && (size_t) length < sizeof path ? REAL(open)(path, O_RDWR | O_CLOEXEC) : -1;
	void *shared = mmap(NULL, sizeof(pthread_mutex_t), PROT_READ | PROT_WRITE, MAP_SHARED, lock, 0);
	recorder.log = REAL(open)(log, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (shared == MAP_FAILED || recorder.log < 0 || stat(root, &status) < 0) {
		fputs("recorder: POWERCUT_LOG, its lock or POWERCUT_ROOT cannot be used\n", stderr);
		abort();
	}
	close(lock);
	recorder.lock = shared;
	recorder.process = (uint32_t) getpid();
	recorder.device = status.st_dev;
}

/* ---- the lock: in shared memory, so that a program that has confined itself needs no system call for it but futex ---- */

static void recorder_lock(void)
{
	if (pthread_mutex_lock(recorder.lock) == EOWNERDEAD)
		pthread_mutex_consistent(recorder.lock);
}

static void recorder_unlock(void)
{
	int saved = errno;
	pthread_mutex_unlock(recorder.lock);
	errno = saved;
}

/* The lock's first owner makes it: run once by the test as a program of its own. */
int powercut_make_lock(const char *path);
int powercut_make_lock(const char *path)
{
	int fd = REAL(open)(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || REAL(ftruncate)(fd, (off_t) sizeof(pthread_mutex_t)) < 0)
		return -1;
	pthread_mutex_t *lock = mmap(NULL, sizeof *lock, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	pthread_mutexattr_t how;
	if (lock == MAP_FAILED)
		return -1;
	pthread_mutexattr_init(&how);
	pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
	return pthread_mutex_init(lock, &how) == 0 ? close(fd) : -1;
}

/* ---- records ---- */

static void record_put(enum kind kind, uint64_t inode, uint64_t a, uint64_t b, const void *name, size_t name_length,
		       const void *data, size_t data_length)
{
	int saved = errno;
	struct record head = {
		.magic = RECORD_MAGIC, .kind = kind, .process = recorder.process, .inode = inode, .a = a, .b = b};
	size_t length = sizeof head + name_length + data_length;
	if (data_length > DATA_MAX || name_length > NAMES_MAX)
		abort();
	head.length = (uint32_t) length;
	head.name_length = (uint32_t) name_length;
	head.data_length = (uint32_t) data_length;
	if (length > recorder.capacity) {
		recorder.capacity = length * 2;
		recorder.buffer = realloc(recorder.buffer, recorder.capacity);
		if (recorder.buffer == NULL)
			abort();
	}
	memcpy(recorder.buffer, &head, sizeof head);
	if (name_length > 0)
		memcpy(recorder.buffer + sizeof head, name, name_length);
	if (data_length > 0)
		memcpy(recorder.buffer + sizeof head + name_length, data, data_length);
	/* One write: the test's own marks go into the same log, and must not land inside a record. */
	if (REAL(write)(recorder.log, recorder.buffer, length) != (ssize_t) length)
		abort();
	errno = saved;
}

static void record_unknown(const char *what)
{
	record_put(KIND_UNKNOWN, 0, 0, 0, what, strlen(what), NULL, 0);
}

static bool recorder_is_on(void)
{
	return recorder.log >= 0;
}

/* A file or folder on the file system that is looked at. */
static bool is_ours(int fd, struct stat *status)
{
	int saved = errno;
	bool is = recorder_is_on() && fstat(fd, status) == 0 && status->st_dev == recorder.device &&
		  (S_ISREG(status->st_mode) || S_ISDIR(status->st_mode));
	errno = saved;
	return is;
}

/* A name: the folder's inode, and what is behind the last slash. */
struct place {
	bool is_ours;
	uint64_t folder;
	const char *name;
};

static struct place place_of(int at, const char *path)
{
	struct place place = {.name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1};
	char folder[PATH_MAX];
	struct stat status;
	int saved = errno;
	const char *slash = strrchr(path, '/');
	size_t length = slash == NULL ? 0 : (size_t) (slash - path) + 1;
	if (!recorder_is_on() || length + 1 >= sizeof folder)
		return place;
	memcpy(folder, path, length);
	if (length == 0)
		folder[length++] = '.';
	folder[length] = '\0';
	place.is_ours = fstatat(at, folder, &status, 0) == 0 && status.st_dev == recorder.device;
	place.folder = status.st_ino;
	errno = saved;
	return place;
}

static uint64_t inode_at(int at, const char *path)
{
	struct stat status;
	int saved = errno;
	uint64_t inode = fstatat(at, path, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_ino : 0;
	errno = saved;
	return inode;
}

static void record_name(enum kind kind, uint64_t inode, struct place place, uint64_t b, const void *data,
			size_t data_length)
{
	record_put(kind, inode, place.folder, b, place.name, strlen(place.name), data, data_length);
}

/* ---- opening ---- */

/* O_CREAT follows a symbolic link to a file that is not there; the programs have none such, and the replay would notice. */
static int recorder_open(int at, const char *path, int flags, mode_t mode)
{
	__typeof__(&openat) real = REAL(openat);
	if (!recorder_is_on() || (flags & (O_CREAT | O_TRUNC)) == 0 || (flags & O_TMPFILE) == O_TMPFILE) {
		if (recorder_is_on() && (flags & O_TMPFILE) == O_TMPFILE)
			record_unknown("O_TMPFILE");
		return real(at, path, flags, mode);
	}
	recorder_lock();
	struct place place = place_of(at, path);
	bool is_new = (flags & O_CREAT) != 0 && inode_at(at, path) == 0;
	struct stat status;
	int fd = real(at, path, flags, mode);
	if (fd >= 0 && is_ours(fd, &status)) {
		if (is_new && place.is_ours)
			record_name(KIND_CREATE, status.st_ino, place, status.st_mode & 07777, NULL, 0);
		else if ((flags & O_TRUNC) != 0)
			record_put(KIND_TRUNCATE, status.st_ino, 0, 0, NULL, 0, NULL, 0);
	}
	recorder_unlock();
	return fd;
}

static mode_t mode_of(int flags, va_list arguments)
{
	return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(name)                                                                                                     \
	int name(const char *path, int flags, ...)                                                                     \
	{                                                                                                              \
		va_list arguments;                                                                                     \
		va_start(arguments, flags);                                                                            \
		mode_t mode = mode_of(flags, arguments);                                                               \
		va_end(arguments);                                                                                     \
		return recorder_open(AT_FDCWD, path, flags, mode);                                                     \
	}
#define OPENAT(name)                                                                                                   \
	int name(int at, const char *path, int flags, ...)                                                             \
	{                                                                                                              \
		va_list arguments;                                                                                     \
		va_start(arguments, flags);                                                                            \
		mode_t mode = mode_of(flags, arguments);                                                               \
		va_end(arguments);                                                                                     \
		return recorder_open(at, path, flags, mode);                                                           \
	}
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int creat(const char *path, mode_t mode)
{
	return recorder_open(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* ---- contents ---- */

static ssize_t recorder_pwrite(int fd, const void *data, size_t length, off_t offset)
{
	struct stat status;
	if (!is_ours(fd, &status))
		return REAL(pwrite64)(fd, data, length, offset);
	recorder_lock();
	ssize_t done = REAL(pwrite64)(fd, data, length, offset);
	if (done > 0)
		record_put(KIND_WRITE, status.st_ino, (uint64_t) offset, 0, NULL, 0, data, (size_t) done);
	recorder_unlock();
	return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset)
{
	return recorder_pwrite(fd, data, length, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset)
{
	return recorder_pwrite(fd, data, length, offset);
}

/* Where the bytes went is known afterwards: behind them is where the descriptor stands, also with O_APPEND. */
ssize_t write(int fd, const void *data, size_t length)
{
	struct stat status;
	if (!is_ours(fd, &status))
		return REAL(write)(fd, data, length);
	recorder_lock();
	ssize_t done = REAL(write)(fd, data, length);
	if (done > 0) {
		off_t end = lseek(fd, 0, SEEK_CUR);
		record_put(KIND_WRITE, status.st_ino, (uint64_t) (end - done), 0, NULL, 0, data, (size_t) done);
	}
	recorder_unlock();
	return done;
}

static void record_vector(uint64_t inode, off_t offset, const struct iovec *parts, int count, ssize_t done)
{
	for (int i = 0; i < count && done > 0; i++) {
		size_t part = parts[i].iov_len < (size_t) done ? parts[i].iov_len : (size_t) done;
		record_put(KIND_WRITE, inode, (uint64_t) offset, 0, NULL, 0, parts[i].iov_base, part);
		offset += (off_t) part;
		done -= (ssize_t) part;
	}
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	struct stat status;
	if (!is_ours(fd, &status))
		return REAL(writev)(fd, parts, count);
	recorder_lock();
	ssize_t done = REAL(writev)(fd, parts, count);
	if (done > 0)
		record_vector(status.st_ino, lseek(fd, 0, SEEK_CUR) - done, parts, count, done);
	recorder_unlock();
	return done;
}

static ssize_t recorder_pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
	struct stat status;
	if (!is_ours(fd, &status))
		return REAL(pwritev64)(fd, parts, count, offset);
	recorder_lock();
	ssize_t done = REAL(pwritev64)(fd, parts, count, offset);
	if (done > 0)
		record_vector(status.st_ino, offset, parts, count, done);
	recorder_unlock();
	return done;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
	return recorder_pwritev(fd, parts, count, offset);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset)
{
	return recorder_pwritev(fd, parts, count, offset);
}

static int recorder_ftruncate(int fd, off_t length)
{
	struct stat status;
	if (!is_ours(fd, &status))
		return REAL(ftruncate64)(fd, length);
	recorder_lock();
	int code = REAL(ftruncate64)(fd, length);
	if (code == 0)
		record_put(KIND_TRUNCATE, status.st_ino, (uint64_t) length, 0, NULL, 0, NULL, 0);
	recorder_unlock();
	return code;
}

int ftruncate(int fd, off_t length)
{
	return recorder_ftruncate(fd, length);
}

int ftruncate64(int fd, off64_t length)
{
	return recorder_ftruncate(fd, length);
}

static int recorder_truncate(const char *path, off_t length)
{
	if (!recorder_is_on())
		return REAL(truncate64)(path, length);
	int fd = REAL(open)(path, O_WRONLY | O_CLOEXEC);
	int code = fd < 0 ? -1 : recorder_ftruncate(fd, length), saved = errno;
	if (fd >= 0)
		close(fd);
	errno = saved;
	return code;
}

int truncate(const char *path, off_t length)
{
	return recorder_truncate(path, length);
}

int truncate64(const char *path, off64_t length)
{
	return recorder_truncate(path, length);
}

static int recorder_fallocate(int fd, int mode, off_t offset, off_t length)
{
	struct stat status;
	if (!is_ours(fd, &status))
		return REAL(fallocate64)(fd, mode, offset, length);
	recorder_lock();
	int code = REAL(fallocate64)(fd, mode, offset, length);
	if (code == 0 && mode == 0)
		record_put(KIND_EXTEND, status.st_ino, (uint64_t) (offset + length), 0, NULL, 0, NULL, 0);
	else if (code == 0 && mode != FALLOC_FL_KEEP_SIZE)
		record_unknown("fallocate");
	recorder_unlock();
	return code;
}

int fallocate(int fd, int mode, off_t offset, off_t length)
{
	return recorder_fallocate(fd, mode, offset, length);
}

int fallocate64(int fd, int mode, off64_t offset, off64_t length)
{
	return recorder_fallocate(fd, mode, offset, length);
}

/* glibc's own falls back to writing where the file system cannot; that one would go past us. */
int posix_fallocate(int fd, off_t offset, off_t length)
{
	return recorder_fallocate(fd, 0, offset, length) == 0 ? 0 : errno;
}

int posix_fallocate64(int fd, off64_t offset, off64_t length)
{
	return posix_fallocate(fd, offset, length);
}

void *mmap64(void *where, size_t length, int protection, int flags, int fd, off64_t offset)
{
	struct stat status;
	if (fd >= 0 && (flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0 && is_ours(fd, &status) &&
	    recorder.lock != NULL) {
		recorder_lock();
		record_unknown("mmap");
		recorder_unlock();
	}
	return REAL(mmap64)(where, length, protection, flags, fd, offset);
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned flags)
{
	struct stat status;
	if (is_ours(to, &status)) {
		errno = ENOSYS; /* then whoever asks writes */
		return -1;
	}
	return REAL(copy_file_range)(from, from_at, to, to_at, length, flags);
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t length)
{
	struct stat status;
	if (is_ours(to, &status)) {
		errno = ENOSYS;
		return -1;
	}
	return REAL(sendfile64)(to, from, offset, length);
}

/* ---- what is on disk now ---- */

static int recorder_sync(int fd, int (*real)(int))
{
	struct stat status;
	bool is_file = is_ours(fd, &status);
	if (recorder.has_no_sync) {
		if (is_file) {
			recorder_lock();
			record_put(KIND_NO_SYNC, status.st_ino, 0, 0, NULL, 0, NULL, 0);
			recorder_unlock();
		}
		return 0;
	}
	if (!is_file)
		return real(fd);
	recorder_lock();
	int code = real(fd);
	if (code == 0)
		record_put(KIND_SYNC, status.st_ino, 0, 0, NULL, 0, NULL, 0);
	recorder_unlock();
	return code;
}

int fsync(int fd)
{
	return recorder_sync(fd, REAL(fsync));
}

/* Also keeps a length that has changed (fdatasync(2)): what must be there to read the bytes again. */
int fdatasync(int fd)
{
	return recorder_sync(fd, REAL(fdatasync));
}

/* Neither lengths nor the drive's own cache: promises nothing, so it is recorded as nothing (sync_file_range(2)). */
int sync_file_range(int fd, off64_t offset, off64_t length, unsigned flags)
{
	return recorder.has_no_sync ? 0 : REAL(sync_file_range)(fd, offset, length, flags);
}

int syncfs(int fd)
{
	struct stat status;
	if (recorder.has_no_sync || !recorder_is_on())
		return recorder.has_no_sync ? 0 : REAL(syncfs)(fd);
	bool is_file = fstat(fd, &status) == 0 && status.st_dev == recorder.device;
	recorder_lock();
	int code = REAL(syncfs)(fd);
	if (code == 0 && is_file)
		record_put(KIND_SYNC_ALL, 0, 0, 0, NULL, 0, NULL, 0);
	recorder_unlock();
	return code;
}

void sync(void)
{
	if (recorder.has_no_sync)
		return;
	REAL(sync)();
	if (recorder_is_on()) {
		recorder_lock();
		record_put(KIND_SYNC_ALL, 0, 0, 0, NULL, 0, NULL, 0);
		recorder_unlock();
	}
}

/* ---- names ---- */

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags)
{
	__typeof__(&renameat2) real = REAL(renameat2);
	if (!recorder_is_on())
		return real(from_at, from, to_at, to, flags);
	recorder_lock();
	struct place old = place_of(from_at, from), new = place_of(to_at, to);
	uint64_t moved = inode_at(from_at, from), there = inode_at(to_at, to);
	int code = real(from_at, from, to_at, to, flags);
	/* Two names of one file: rename(2) does nothing. */
	if (code == 0 && (old.is_ours || new.is_ours) && moved != there) {
		char names[NAMES_MAX];
		size_t first = strlen(old.name) + 1, second = strlen(new.name);
		memcpy(names, old.name, first);
		memcpy(names + first, new.name, second);
		if ((flags & ~(unsigned) RENAME_NOREPLACE) != 0)
			record_unknown("renameat2");
		record_put(KIND_RENAME, moved, old.folder, new.folder, names, first + second, NULL, 0);
	}
	recorder_unlock();
	return code;
}

int renameat(int from_at, const char *from, int to_at, const char *to)
{
	return renameat2(from_at, from, to_at, to, 0);
}

int rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int from_at, const char *from, int to_at, const char *to, int flags)
{
	__typeof__(&linkat) real = REAL(linkat);
	if (!recorder_is_on())
		return real(from_at, from, to_at, to, flags);
	recorder_lock();
	struct place place = place_of(to_at, to);
	int code = real(from_at, from, to_at, to, flags);
	if (code == 0 && place.is_ours)
		record_name(KIND_LINK, inode_at(to_at, to), place, 0, NULL, 0);
	recorder_unlock();
	return code;
}

int link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int symlinkat(const char *target, int at, const char *path)
{
	__typeof__(&symlinkat) real = REAL(symlinkat);
	if (!recorder_is_on())
		return real(target, at, path);
	recorder_lock();
	struct place place = place_of(at, path);
	int code = real(target, at, path);
	if (code == 0 && place.is_ours)
		record_name(KIND_SYMLINK, inode_at(at, path), place, 0, target, strlen(target));
	recorder_unlock();
	return code;
}

int symlink(const char *target, const char *path)
{
	return symlinkat(target, AT_FDCWD, path);
}

int unlinkat(int at, const char *path, int flags)
{
	__typeof__(&unlinkat) real = REAL(unlinkat);
	if (!recorder_is_on())
		return real(at, path, flags);
	recorder_lock();
	struct place place = place_of(at, path);
	int code = real(at, path, flags);
	if (code == 0 && place.is_ours)
		record_name(KIND_UNLINK, 0, place, 0, NULL, 0);
	recorder_unlock();
	return code;
}

int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path)
{
	int code = unlinkat(AT_FDCWD, path, 0);
	return code == 0 || errno != EISDIR ? code : rmdir(path);
}

int mkdirat(int at, const char *path, mode_t mode)
{
	__typeof__(&mkdirat) real = REAL(mkdirat);
	struct stat status;
	if (!recorder_is_on())
		return real(at, path, mode);
	recorder_lock();
	struct place place = place_of(at, path);
	int code = real(at, path, mode);
	if (code == 0 && place.is_ours && fstatat(at, path, &status, AT_SYMLINK_NOFOLLOW) == 0)
		record_name(KIND_MKDIR, status.st_ino, place, status.st_mode & 07777, NULL, 0);
	recorder_unlock();
	return code;
}

int mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

/* glibc's own calls inside it go past us. */
char *mkdtemp(char *path)
{
	__typeof__(&mkdtemp) real = REAL(mkdtemp);
	struct stat status;
	if (!recorder_is_on())
		return real(path);
	recorder_lock();
	char *made = real(path);
	struct place place = place_of(AT_FDCWD, path);
	if (made != NULL && place.is_ours && lstat(path, &status) == 0)
		record_name(KIND_MKDIR, status.st_ino, place, status.st_mode & 07777, NULL, 0);
	recorder_unlock();
	return made;
}

static void record_mode(int at, const char *path, int flags)
{
	struct stat status;
	int saved = errno;
	if (fstatat(at, path, &status, flags) == 0 && status.st_dev == recorder.device)
		record_put(KIND_CHMOD, status.st_ino, status.st_mode & 07777, 0, NULL, 0, NULL, 0);
	errno = saved;
}

int fchmod(int fd, mode_t mode)
{
	__typeof__(&fchmod) real = REAL(fchmod);
	if (!recorder_is_on())
		return real(fd, mode);
	recorder_lock();
	int code = real(fd, mode);
	if (code == 0)
		record_mode(fd, "", AT_EMPTY_PATH);
	recorder_unlock();
	return code;
}

int fchmodat(int at, const char *path, mode_t mode, int flags)
{
	__typeof__(&fchmodat) real = REAL(fchmodat);
	if (!recorder_is_on())
		return real(at, path, mode, flags);
	recorder_lock();
	int code = real(at, path, mode, flags);
	if (code == 0)
		record_mode(at, path, flags);
	recorder_unlock();
	return code;
}

int chmod(const char *path, mode_t mode)
{
	return fchmodat(AT_FDCWD, path, mode, 0);
}

/* ---- SQLite, for the control with synchronous=NORMAL ---- */

struct sqlite3;
struct sqlite3_stmt;
int sqlite3_exec(struct sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **), void *context,
		 char **message);
int sqlite3_prepare_v2(struct sqlite3 *db, const char *sql, int length, struct sqlite3_stmt **out, const char **tail);
int sqlite3_prepare_v3(struct sqlite3 *db, const char *sql, int length, unsigned flags, struct sqlite3_stmt **out,
		       const char **tail);

/* What is asked for is FULL, and what is read back says so. Both are one statement, so nobody looks at the tail. */
static const char *pragma_instead(const char *sql)
{
	if (!recorder.has_normal || sql == NULL)
		return sql;
	if (strcasecmp(sql, "PRAGMA synchronous") == 0)
		return "SELECT '2'";
	return strncasecmp(sql, "PRAGMA synchronous", strlen("PRAGMA synchronous")) == 0 ? "PRAGMA synchronous=NORMAL"
											 : sql;
}

int sqlite3_exec(struct sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **), void *context,
		 char **message)
{
	return REAL(sqlite3_exec)(db, pragma_instead(sql), row, context, message);
}

int sqlite3_prepare_v2(struct sqlite3 *db, const char *sql, int length, struct sqlite3_stmt **out, const char **tail)
{
	const char *other = pragma_instead(sql);
	return REAL(sqlite3_prepare_v2)(db, other, other == sql ? length : -1, out, tail);
}

int sqlite3_prepare_v3(struct sqlite3 *db, const char *sql, int length, unsigned flags, struct sqlite3_stmt **out,
		       const char **tail)
{
	const char *other = pragma_instead(sql);
	return REAL(sqlite3_prepare_v3)(db, other, other == sql ? length : -1, flags, out, tail);
}
