/* SPDX-License-Identifier: MIT */
/* page_vfs.c: SQLite's default VFS with another xWrite for databases.
 *
 * A file is opened by the default VFS in the place that SQLite gives; its table of methods is then copied behind it with xWrite
 * replaced. So what SQLite asks of a file today or in a later version reaches the real one. Format of pages: SQLite's "Database
 * File Format", 1.3 (header), 1.6 (b-tree pages), 1.8 (pointer maps). */
#include "lib/sqlite/page_vfs.h"

#include <string.h>

#include "lib/base/bytes.h"

enum {
	FILE_HEADER_BYTES = 100, /* before the header of page 1 */
	PAGE_MAX_BYTES = 65536,
	PAGE_MIN_BYTES = 512,
	LEAF_HEADER_BYTES = 8,
	INTERIOR_HEADER_BYTES = 12,
	FILE_AT_MAPS = 52, /* four bytes that are not zero in a file with maps */
	AT_CELLS = 3,      /* how many */
	AT_CONTENT = 5,    /* where they begin; 0 means 65,536 */
	MAP_ENTRY_BYTES = 5
};

/* First bytes of a tree's pages. */
enum { INDEX_INTERIOR = 2, TABLE_INTERIOR = 5, INDEX_LEAF = 10, TABLE_LEAF = 13 };

static const uint64_t lock_byte = 0x40000000; /* its page is used for nothing */

/* Behind the real file. */
struct page_file {
	sqlite3_io_methods methods; /* first: a file's pMethods leads here */
	const sqlite3_io_methods *real;
	bool has_maps; /* until page 1 says that it has none: SQLite writes that page before the others */
};

/* Whether a file that shrinks by itself has its map of page NUMBER and others in that page. */
static bool is_map(uint64_t number, size_t size)
{
	if (number < 2)
		return false;
	uint64_t mapped = size / MAP_ENTRY_BYTES + 1, map = (number - 2) / mapped * mapped + 2;
	return number == (map == lock_byte / size + 1 ? map + 1 : map);
}

bool page_gap(const uint8_t *page, size_t size, uint64_t at, bool has_maps, size_t *from, size_t *to)
{
	if (size < PAGE_MIN_BYTES || size > PAGE_MAX_BYTES || (size & (size - 1)) != 0 || at % size != 0)
		return false;
	size_t header = at == 0 ? FILE_HEADER_BYTES : 0, header_bytes = LEAF_HEADER_BYTES;
	switch (page[header]) {
	case INDEX_INTERIOR:
	case TABLE_INTERIOR:
		if (has_maps && is_map(at / size + 1, size))
			return false;
		header_bytes = INTERIOR_HEADER_BYTES;
		break;
	case INDEX_LEAF:
	case TABLE_LEAF:
		break;
	default:
		return false;
	}
	size_t content = (size_t) bytes_get(page + header + AT_CONTENT, 2);
	*from = header + header_bytes + 2 * (size_t) bytes_get(page + header + AT_CELLS, 2);
	*to = content == 0 ? PAGE_MAX_BYTES : content;
	return *from < *to && *to <= size;
}

static bool is_zero(const uint8_t *bytes, size_t count)
{
	return count == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, count - 1) == 0);
}

static int page_write(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 at)
{
	static _Thread_local uint8_t clean[PAGE_MAX_BYTES];
	struct page_file *own = (void *) (uintptr_t) file->pMethods;
	size_t from, to;
	if (at == 0 && amount >= PAGE_MIN_BYTES)
		own->has_maps = bytes_get((const uint8_t *) bytes + FILE_AT_MAPS, 4) != 0;
	if (amount <= 0 || at < 0 || !page_gap(bytes, (size_t) amount, (uint64_t) at, own->has_maps, &from, &to) ||
	    is_zero((const uint8_t *) bytes + from, to - from))
		return own->real->xWrite(file, bytes, amount, at);
	memcpy(clean, bytes, (size_t) amount);
	memset(clean + from, 0, to - from);
	int code = own->real->xWrite(file, clean, amount, at);
	explicit_bzero(clean, (size_t) amount); /* rows of people */
	return code;
}

/* Where a file of REAL ends and what is ours begins. */
static size_t page_behind(const sqlite3_vfs *real)
{
	size_t align = _Alignof(struct page_file);
	return ((size_t) real->szOsFile + align - 1) / align * align;
}

static const char layer[] = "soundings-page";
static sqlite3_vfs *under; /* the default that the layer stands on */

static int page_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
	(void) vfs;
	int code = under->xOpen(under, name, file, flags, out_flags);
	if (code != SQLITE_OK || !(flags & SQLITE_OPEN_MAIN_DB))
		return code;
	struct page_file *own = (void *) ((char *) file + page_behind(under));
	own->real = file->pMethods;
	own->methods = *file->pMethods;
	own->methods.xWrite = page_write;
	own->has_maps = true;
	file->pMethods = &own->methods;
	return code;
}

const char *page_vfs(void)
{
	static sqlite3_vfs vfs;
	if (under != NULL)
		sqlite3_vfs_unregister(&vfs); /* it is never the default that it stands on */
	sqlite3_vfs *real = sqlite3_vfs_find(NULL);
	under = real;
	if (real == NULL)
		return layer;
	vfs = *real; /* names, randomness, time: the default's own */
	vfs.pNext = NULL;
	vfs.zName = layer;
	vfs.szOsFile = (int) (page_behind(real) + sizeof(struct page_file));
	vfs.xOpen = page_open;
	if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK)
		under = NULL;
	return layer;
}

bool page_vfs_writes(sqlite3 *db)
{
	const sqlite3_vfs *vfs = NULL;
	return sqlite3_file_control(db, "main", SQLITE_FCNTL_VFS_POINTER, (void *) &vfs) == SQLITE_OK && vfs != NULL &&
	       vfs->zName == layer;
}
