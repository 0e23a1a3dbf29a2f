/* SPDX-License-Identifier: MIT */
/* store_rig.h: what the tests of the spool file share: a folder, envelopes that can be told apart, a look at the raw
 * file, and a disk that fails on command (an SQLite VFS in front of the real one). */
#ifndef SOUNDINGS_TESTS_STORE_RIG_H
#define SOUNDINGS_TESTS_STORE_RIG_H

#include "spooler/store.h"

#include "lib/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above */
#include <cmocka.h>

#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define RIG_FILE "spool/spool.db"
#define RIG_UNUSED __attribute__((unused))

enum { RIG_MARK_BYTES = 16, RIG_MARK_NEAR = 136, RIG_MARK_FAR = 8000 };

/* Where an envelope is marked: large ones far inside, in the pages that a row spills into. */
static inline size_t rig_mark_at(const uint8_t *envelope)
{
	return envelope[5] >= 2 ? RIG_MARK_FAR : RIG_MARK_NEAR;
}

static const uint8_t rig_period[SPOOL_PERIOD_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8};
static const struct store_now rig_now = {.boottime_ms = 1000, .day = 20000};

static int rig_home = -1;

/* A folder of its own for each test, and back again: as cmocka's setup and teardown. */
static RIG_UNUSED int rig_setup(void **state)
{
	char folder[] = "/tmp/soundings-store-XXXXXX";
	(void) state;
	rig_home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(rig_home >= 0);
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(mkdir("spool", 0700), 0);
	return 0;
}

static RIG_UNUSED int rig_teardown(void **state)
{
	static const char *const files[] = {RIG_FILE, RIG_FILE "-journal", RIG_FILE "-wal", RIG_FILE "-shm", "other"};
	char here[4096];
	(void) state;
	assert_non_null(getcwd(here, sizeof here));
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		unlink(files[i]);
	rmdir("spool");
	assert_int_equal(fchdir(rig_home), 0);
	close(rig_home);
	return rmdir(here);
}

/* An envelope whose ciphertext holds a mark with NUMBER in it. Gives its length. */
static RIG_UNUSED size_t rig_envelope(uint8_t *out, unsigned bucket, uint64_t number)
{
	size_t length = 120 + ((size_t) 1024 << (2 * bucket)) + 16;
	random_bytes(out, length);
	memcpy(out, "SNDG\1", 5);
	out[5] = (uint8_t) bucket;
	out[6] = out[7] = 0;
	memcpy(out + 8, rig_period, sizeof rig_period);
	memcpy(out + rig_mark_at(out), "<marker>", 8);
	memcpy(out + rig_mark_at(out) + 8, &number, sizeof number);
	return length;
}

static RIG_UNUSED uint64_t rig_number(const uint8_t *envelope)
{
	uint64_t number;
	memcpy(&number, envelope + rig_mark_at(envelope) + 8, sizeof number);
	return number;
}

static RIG_UNUSED void rig_open(struct store *store)
{
	assert_int_equal(store_open(store, RIG_FILE, rig_now), ERR_OK);
}

/* Appends one envelope in a commit of its own. */
static RIG_UNUSED void rig_append(struct store *store, unsigned bucket, uint64_t number)
{
	static uint8_t envelope[SPOOL_ENVELOPE_MAX];
	size_t length = rig_envelope(envelope, bucket, number);
	assert_int_equal(store_append(store, rig_now, envelope, length), ERR_OK);
	assert_int_equal(store_commit(store), ERR_OK);
}

/* The item that holds NUMBER, found by reading all. */
static RIG_UNUSED uint32_t rig_find(struct store *store, uint64_t number)
{
	static uint8_t envelope[SPOOL_ENVELOPE_MAX];
	for (uint32_t i = 0; i < store->held.used; i++) {
		size_t length;
		if (store->held.items[i].bucket == HELD_BUCKETS)
			continue;
		assert_int_equal(store_read(store, i, envelope, &length), ERR_OK);
		if (rig_number(envelope) == number)
			return i;
	}
	return HELD_NONE;
}

/* Where each of COUNT marks lies in FILE, -1 where it does not; none may be there twice. Gives how many were found. */
static RIG_UNUSED size_t rig_offsets(const char *file, int64_t *offsets, size_t count)
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++)
		offsets[i] = -1;
	int fd = open(file, O_RDONLY);
	struct stat status;
	assert_true(fd >= 0 && fstat(fd, &status) == 0);
	if (status.st_size == 0) {
		close(fd);
		return 0;
	}
	const uint8_t *bytes = mmap(NULL, (size_t) status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_true(bytes != MAP_FAILED);
	const uint8_t *end = bytes + status.st_size, *at = bytes;
	while ((at = memmem(at, (size_t) (end - at), "<marker>", 8)) != NULL) {
		uint64_t number;
		memcpy(&number, at + 8, sizeof number);
		assert_true(number < count);
		assert_int_equal(offsets[number], -1);
		found++;
		offsets[number] = at - bytes;
		at += RIG_MARK_BYTES;
	}
	munmap((void *) (uintptr_t) bytes, (size_t) status.st_size);
	close(fd);
	return found;
}

static RIG_UNUSED int rig_compare(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;
	return (*left > *right) - (*left < *right);
}

/* Spearman's rank correlation between 0, 1, 2, ... and VALUES, which are all different. */
static RIG_UNUSED double rig_spearman(const int64_t *values, size_t count)
{
	int64_t *sorted = malloc(count * sizeof *sorted);
	assert_non_null(sorted);
	memcpy(sorted, values, count * sizeof *sorted);
	qsort(sorted, count, sizeof *sorted, rig_compare);
	double sum = 0, n = (double) count;
	for (size_t i = 0; i < count; i++) {
		const int64_t *rank = bsearch(&values[i], sorted, count, sizeof *sorted, rig_compare);
		double difference = (double) (rank - sorted) - (double) i;
		sum += difference * difference;
	}
	free(sorted);
	return 1 - 6 * sum / (n * (n * n - 1));
}

/* ---- a disk that fails on command ---- */

static struct {
	int code;      /* what the call gives instead; 0: all is well */
	int countdown; /* that many calls of the kind below succeed first; it fails from then on */
	bool is_sync;  /* count xSync, else xWrite */
	int calls;     /* of the kind, since the last change */
} rig_fault;

struct rig_vfs_file {
	sqlite3_file base;
	sqlite3_file *real; /* right behind this struct */
};

#define RIG_REAL(file) (((struct rig_vfs_file *) (void *) (file))->real)

static int rig_vfs_close(sqlite3_file *file)
{
	return RIG_REAL(file)->pMethods == NULL ? SQLITE_OK : RIG_REAL(file)->pMethods->xClose(RIG_REAL(file));
}
static int rig_vfs_read(sqlite3_file *file, void *out, int amount, sqlite3_int64 at)
{
	return RIG_REAL(file)->pMethods->xRead(RIG_REAL(file), out, amount, at);
}
static int rig_vfs_fail(bool is_sync)
{
	if (is_sync != rig_fault.is_sync)
		return SQLITE_OK;
	rig_fault.calls++;
	if (rig_fault.code == SQLITE_OK || rig_fault.countdown-- > 0)
		return SQLITE_OK;
	rig_fault.countdown = 0;
	return rig_fault.code;
}
static int rig_vfs_write(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 at)
{
	int code = rig_vfs_fail(false);
	return code != SQLITE_OK ? code : RIG_REAL(file)->pMethods->xWrite(RIG_REAL(file), bytes, amount, at);
}
static int rig_vfs_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return RIG_REAL(file)->pMethods->xTruncate(RIG_REAL(file), size);
}
static int rig_vfs_sync(sqlite3_file *file, int flags)
{
	int code = rig_vfs_fail(true);
	return code != SQLITE_OK ? code : RIG_REAL(file)->pMethods->xSync(RIG_REAL(file), flags);
}
static int rig_vfs_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return RIG_REAL(file)->pMethods->xFileSize(RIG_REAL(file), size);
}
static int rig_vfs_lock(sqlite3_file *file, int level)
{
	return RIG_REAL(file)->pMethods->xLock(RIG_REAL(file), level);
}
static int rig_vfs_unlock(sqlite3_file *file, int level)
{
	return RIG_REAL(file)->pMethods->xUnlock(RIG_REAL(file), level);
}
static int rig_vfs_reserved(sqlite3_file *file, int *out)
{
	return RIG_REAL(file)->pMethods->xCheckReservedLock(RIG_REAL(file), out);
}
static int rig_vfs_control(sqlite3_file *file, int operation, void *argument)
{
	return RIG_REAL(file)->pMethods->xFileControl(RIG_REAL(file), operation, argument);
}
static int rig_vfs_sector(sqlite3_file *file)
{
	return RIG_REAL(file)->pMethods->xSectorSize(RIG_REAL(file));
}
static int rig_vfs_device(sqlite3_file *file)
{
	return RIG_REAL(file)->pMethods->xDeviceCharacteristics(RIG_REAL(file));
}

static const sqlite3_io_methods rig_vfs_methods = {
	.iVersion = 1,
	.xClose = rig_vfs_close,
	.xRead = rig_vfs_read,
	.xWrite = rig_vfs_write,
	.xTruncate = rig_vfs_truncate,
	.xSync = rig_vfs_sync,
	.xFileSize = rig_vfs_size,
	.xLock = rig_vfs_lock,
	.xUnlock = rig_vfs_unlock,
	.xCheckReservedLock = rig_vfs_reserved,
	.xFileControl = rig_vfs_control,
	.xSectorSize = rig_vfs_sector,
	.xDeviceCharacteristics = rig_vfs_device,
};

static sqlite3_vfs *rig_vfs_real;

static int rig_vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out_flags)
{
	struct rig_vfs_file *wrapped = (struct rig_vfs_file *) (void *) file;
	(void) vfs;
	wrapped->real = (sqlite3_file *) (void *) (wrapped + 1);
	wrapped->base.pMethods = NULL;
	int code = rig_vfs_real->xOpen(rig_vfs_real, name, wrapped->real, flags, out_flags);
	if (code == SQLITE_OK)
		wrapped->base.pMethods = &rig_vfs_methods;
	return code;
}

/* Puts the failing disk in front of the real one. Once a program. */
static RIG_UNUSED void rig_vfs_install(void)
{
	static sqlite3_vfs vfs;
	rig_vfs_real = sqlite3_vfs_find(NULL);
	vfs = *rig_vfs_real;
	vfs.zName = "rig";
	vfs.pNext = NULL;
	vfs.szOsFile = (int) sizeof(struct rig_vfs_file) + rig_vfs_real->szOsFile;
	vfs.xOpen = rig_vfs_open;
	assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

static RIG_UNUSED void rig_fail(int code, int countdown, bool is_sync)
{
	rig_fault.code = code;
	rig_fault.countdown = countdown;
	rig_fault.is_sync = is_sync;
	rig_fault.calls = 0;
}

#endif
