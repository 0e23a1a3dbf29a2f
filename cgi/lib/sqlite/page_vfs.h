/* SPDX-License-Identifier: MIT */
/* page_vfs.h: how our databases are written: with nothing between the rows of a page but zeros.
 *
 * secure_delete overwrites what is deleted. But when SQLite balances its tree and writes the rows of a page anew (rebuildPage in its
 * btree.c), what lay in the part of the page that is free afterwards stays there: the first part of a row that has moved, after
 * the row itself is gone. Nobody may read there what was withdrawn, or what lay where before another came. So every page of a
 * database goes to the disk by way of this file system layer, which writes that part as zeros. The contents of the part mean
 * nothing to SQLite (File Format, 1.6: "the unallocated region"). */
#ifndef SOUNDINGS_SQLITE_PAGE_VFS_H
#define SOUNDINGS_SQLITE_PAGE_VFS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Name of the layer, for the last argument of sqlite3_open_v2: SQLite's default VFS with the databases' xWrite replaced; everything
 * else, journals too, is the default's own. Call it anew for each opening: it stands on what is the default then, and files that were
 * opened under another default must be closed by then. Constant text. Where the layer cannot be made (no memory), opening by this
 * name fails: nothing is ever written without it. */
const char *page_vfs(void);

/* True when the main database of DB is written by way of the layer: for whoever opens one, to refuse it where it is not. */
bool page_vfs_writes(sqlite3 *db);

/* True when PAGE, of SIZE bytes (512 to 65,536, a power of two) at byte AT of its file, is a page of a tree with a part between its
 * cell pointers and its cells: bytes *FROM up to *TO of it, not included, mean nothing. False for every other page. HAS_MAPS: the file
 * shrinks by itself (auto_vacuum), so that pages at certain places, as a rule every (SIZE / 5 + 1)th from the second, map others;
 * those are left alone by their place. In a file of up to 2^24 pages no other kind of page is taken for one of a tree: overflow and
 * freelist pages begin with the number of a page, so with a zero. For files without reserved bytes at the end of pages. */
bool page_gap(const uint8_t *page, size_t size, uint64_t at, bool has_maps, size_t *from, size_t *to);

#endif
