/* SPDX-License-Identifier: MIT */
/* pages.c: what is left in a damaged spool file.
 *
 * The format is sqlite.org/fileformat2.html, of which this needs little, because the spool's own rows are of four kinds only
 * (soundings-spool(5)): an envelope's length says how many of its bytes lie in the row's page (section 1.6), the 4 bytes behind
 * them lead to the first overflow page, and each of those begins with the number of the next. So neither header, schema nor
 * the tree above the rows is needed, nor believed; an envelope is found by its first bytes, wherever in a page they are.
 *
 * Must not write, and must not believe a single number that it reads: every page number is checked, every chain has the length
 * that the envelope's size says. Whether the bytes are those that were sealed, only the collector can tell. */
#include "lib/spool/pages.h"

#include "lib/base/bytes.h"
#include "lib/base/file.h"
#include "lib/spool/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PAGES_BYTES = 4096,
	PAGES_SECTOR = 512,
	PAGES_NEXT = 4, /* an overflow page begins with the number of the next */
	PAGES_OVERFLOW = PAGES_BYTES - PAGES_NEXT,
	PAGES_LOCAL_MAX = PAGES_BYTES - 35,                   /* a row up to this length needs no overflow page, */
	PAGES_LOCAL_MIN = (PAGES_BYTES - 12) * 32 / 255 - 23, /* and of a longer one at least this lies in its own */
	PAGES_ZEROS_MAX = 64,                                 /* so many zeros in a row are in no ciphertext */
	PAGES_PATH_MAX = 4096
};

/* The envelope's outside: soundings-envelope(5). */
enum { OUTSIDE_BUCKET = 5, OUTSIDE_ZERO = 6, OUTSIDE_SEEN = 8, OUTSIDE_BYTES = 136, OUTSIDE_BUCKETS = 4 };
static const uint8_t pages_magic[] = {'S', 'N', 'D', 'G', 1};

/* The row of table meta, from its length to the last type: row 1, and blobs of 16, 8 and 8 bytes. */
static const uint8_t pages_meta[] = {37, 1, 5, 0, 12 + 2 * 16, 12 + 2 * 8, 12 + 2 * 8};
enum { META_LEAF = 0x0D, META_COUNT = 3, META_POINTER = 8, META_SERIALS = sizeof pages_meta + 16 };
static const uint64_t pages_serial_max = UINT64_C(1) << 53; /* JSON's; what is higher was never a serial */

/* Where in the journal a page lies as it was before the change that was under way. */
struct pages_original {
	uint32_t number;
	off_t at;
};

struct pages {
	int fd, journal;
	uint32_t count;
	struct pages_original *originals; /* sorted by number; the first of a number counts */
	size_t originals_count, originals_room;
	bool is_before;   /* look at what the journal would put back */
	bool is_original; /* a page of the journal's was used since this was last cleared */
	pages_take *take;
	void *context;
	struct pages_report *report;
};

/* ---- pages --------------------------------------------------------------------------------------------------- */

/* Reads LENGTH bytes at AT; what is behind the end is zeros. False where the disk gives nothing: zeros too. */
static bool pages_read_at(int fd, uint8_t *out, size_t length, off_t at)
{
	memset(out, 0, length);
	for (size_t have = 0; have < length;) {
		ssize_t got = pread(fd, out + have, length - have, at + (off_t) have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		have += (size_t) got;
	}
	return true;
}

static const struct pages_original *pages_find(const struct pages *pages, uint32_t number)
{
	size_t low = 0, high = pages->originals_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (pages->originals[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	bool is_found = low < pages->originals_count && pages->originals[low].number == number;
	return is_found ? &pages->originals[low] : NULL;
}

/* Page NUMBER, from 1. A page that cannot be read as a whole is read by sectors: mostly one of them is gone. */
static bool pages_get(struct pages *pages, uint32_t number, uint8_t page[PAGES_BYTES])
{
	const struct pages_original *original = pages->is_before ? pages_find(pages, number) : NULL;
	int fd = original == NULL ? pages->fd : pages->journal;
	off_t at = original == NULL ? (off_t) (number - 1) * PAGES_BYTES : original->at;
	pages->is_original = pages->is_original || original != NULL;
	if (pages_read_at(fd, page, PAGES_BYTES, at))
		return true;
	for (size_t sector = 0; sector < PAGES_BYTES; sector += PAGES_SECTOR)
		(void) pages_read_at(fd, page + sector, PAGES_SECTOR, at + (off_t) sector);
	return false;
}

/* ---- the journal (fileformat2, section 3) -------------------------------------------------------------------- */

enum { JOURNAL_HEAD = 28, JOURNAL_RECORD = 4 + PAGES_BYTES + 4, JOURNAL_SUM_STEP = 200 };

static int pages_compare(const void *a, const void *b)
{
	const struct pages_original *left = a, *right = b;
	if (left->number != right->number)
		return left->number < right->number ? -1 : 1;
	return (left->at > right->at) - (left->at < right->at);
}

static enum err pages_keep(struct pages *pages, uint32_t number, off_t at)
{
	if (pages->originals_count == pages->originals_room) {
		size_t room = pages->originals_room * 2 + 64;
		void *grown = reallocarray(pages->originals, room, sizeof *pages->originals);
		if (grown == NULL)
			return ERR_NOMEM;
		pages->originals = grown;
		pages->originals_room = room;
	}
	pages->originals[pages->originals_count++] = (struct pages_original){number, at};
	return ERR_OK;
}

/* One record at AT. False when its sum is wrong: then it was never written to its end. */
static bool pages_record(int journal, off_t at, uint32_t nonce, uint32_t *number)
{
	uint8_t record[JOURNAL_RECORD];
	if (!pages_read_at(journal, record, sizeof record, at))
		return false;
	uint32_t sum = nonce;
	for (int i = PAGES_BYTES - JOURNAL_SUM_STEP; i > 0; i -= JOURNAL_SUM_STEP)
		sum += record[4 + i];
	*number = (uint32_t) bytes_get(record, 4);
	return *number >= 1 && *number < UINT32_MAX && sum == (uint32_t) bytes_get(record + 4 + PAGES_BYTES, 4);
}

/* How many records a head promises is not believed: it is written after them. */
static enum err pages_journal(struct pages *pages)
{
	static const uint8_t magic[] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
	struct stat status;
	if (pages->journal < 0 || fstat(pages->journal, &status) < 0)
		return ERR_OK;
	for (off_t at = 0; at + JOURNAL_HEAD <= status.st_size;) {
		uint8_t head[JOURNAL_HEAD];
		if (!pages_read_at(pages->journal, head, sizeof head, at) || memcmp(head, magic, sizeof magic) != 0)
			break;
		uint32_t nonce = (uint32_t) bytes_get(head + 12, 4), sector = (uint32_t) bytes_get(head + 20, 4);
		if (sector < 32 || sector > 65536 || (sector & (sector - 1)) != 0 ||
		    bytes_get(head + 24, 4) != PAGES_BYTES)
			break;
		uint32_t number;
		for (at += sector;
		     at + JOURNAL_RECORD <= status.st_size && pages_record(pages->journal, at, nonce, &number);
		     at += JOURNAL_RECORD) {
			enum err error = pages_keep(pages, number, at + 4);
			if (error != ERR_OK)
				return error;
		}
		at = (at + sector - 1) / sector * sector;
	}
	if (pages->originals_count > 0)
		qsort(pages->originals, pages->originals_count, sizeof *pages->originals, pages_compare);
	return ERR_OK;
}

/* ---- envelopes ----------------------------------------------------------------------------------------------- */

/* How the row of an envelope lies in its page, which follows from the bucket alone. */
struct pages_row {
	size_t length; /* of the envelope */
	size_t local;  /* of it, in the row's own page */
	size_t before; /* of the row, in front of it */
};

static struct pages_row pages_row(unsigned bucket)
{
	size_t length = OUTSIDE_BYTES + ((size_t) 1024 << (2 * bucket));
	size_t types = 4 + (12 + 2 * length < 1 << 14 ? 2 : 3); /* their own length, key, period, bucket, data */
	size_t before = types + SPOOL_PERIOD_BYTES + (bucket >= 2 ? 1 : 0); /* 0 and 1 lie in their type */
	size_t row = before + length;
	if (row <= PAGES_LOCAL_MAX)
		return (struct pages_row){length, length, before};
	size_t local = PAGES_LOCAL_MIN + (row - PAGES_LOCAL_MIN) % PAGES_OVERFLOW;
	return (struct pages_row){length, (local <= PAGES_LOCAL_MAX ? local : PAGES_LOCAL_MIN) - before, before};
}

/* True when LENGTH bytes hold as many zeros in a row as no ciphertext does: a part that was lost. */
static bool pages_is_holed(const uint8_t *bytes, size_t length)
{
	size_t zeros = 0;
	for (size_t i = 0; i < length && zeros < PAGES_ZEROS_MAX; i++)
		zeros = bytes[i] == 0 ? zeros + 1 : 0;
	return zeros >= PAGES_ZEROS_MAX;
}

/* Follows the overflow pages from NEXT, and puts their bytes behind the HAVE first of ENVELOPE. */
static bool pages_chain(struct pages *pages, uint32_t next, uint8_t *envelope, size_t have, size_t length)
{
	while (have < length) {
		uint8_t page[PAGES_BYTES];
		if (next < 2 || next > pages->count || !pages_get(pages, next, page))
			return false;
		size_t part = length - have < PAGES_OVERFLOW ? length - have : PAGES_OVERFLOW;
		next = (uint32_t) bytes_get(page, PAGES_NEXT);
		memcpy(envelope + have, page + PAGES_NEXT, part);
		have += part;
	}
	return next == 0;
}

/* The envelope that begins at AT in PAGE, if there is one. */
static enum err pages_envelope(struct pages *pages, const uint8_t page[PAGES_BYTES], size_t at)
{
	uint8_t envelope[SPOOL_ENVELOPE_MAX];
	if (at + OUTSIDE_SEEN > PAGES_BYTES || page[at + OUTSIDE_BUCKET] >= OUTSIDE_BUCKETS ||
	    page[at + OUTSIDE_ZERO] != 0 || page[at + OUTSIDE_ZERO + 1] != 0)
		return ERR_OK;
	struct pages_row row = pages_row(page[at + OUTSIDE_BUCKET]);
	bool is_local = row.local == row.length;
	if (at < row.before || at + row.local + (is_local ? 0 : PAGES_NEXT) > PAGES_BYTES)
		return ERR_OK; /* no row can lie there: bytes that look like a beginning */
	memcpy(envelope, page + at, row.local);
	uint32_t next = is_local ? 0 : (uint32_t) bytes_get(page + at + row.local, PAGES_NEXT);
	bool is_whole = pages_chain(pages, next, envelope, row.local, row.length);
	if (pages->is_before && !pages->is_original)
		return ERR_OK; /* the same as without the journal */
	if (!is_whole || pages_is_holed(envelope, row.length)) {
		pages->report->broken++;
		return ERR_OK;
	}
	pages->report->envelopes++;
	return pages->take == NULL ? ERR_OK : pages->take(pages->context, envelope, row.length);
}

/* The one row of table meta, if this is its page. Never from inside an envelope, which anybody can send: an overflow page begins
 * with a page number, and that of a file with more than 2^27 pages is not read. */
static void pages_serials(struct pages *pages, const uint8_t page[PAGES_BYTES])
{
	if (page[0] != META_LEAF || bytes_get(page + META_COUNT, 2) != 1)
		return;
	size_t at = (size_t) bytes_get(page + META_POINTER, 2);
	if (at + META_SERIALS + 16 > PAGES_BYTES || memcmp(page + at, pages_meta, sizeof pages_meta) != 0)
		return;
	uint64_t catalogue = bytes_get(page + at + META_SERIALS, 8),
		 keyset = bytes_get(page + at + META_SERIALS + 8, 8);
	struct pages_report *report = pages->report;
	if (catalogue >= pages_serial_max || keyset >= pages_serial_max)
		return;
	report->catalogue = catalogue > report->catalogue ? catalogue : report->catalogue;
	report->keyset = keyset > report->keyset ? keyset : report->keyset;
	report->has_serials = true;
}

static enum err pages_scan(struct pages *pages)
{
	for (uint32_t number = 1; number <= pages->count; number++) {
		uint8_t page[PAGES_BYTES];
		pages->is_original = false;
		if (!pages_get(pages, number, page))
			pages->report->unreadable += !pages->is_before;
		bool is_original = pages->is_original;
		pages_serials(pages, page);
		const uint8_t *end = page + PAGES_BYTES, *at = page;
		while ((at = memmem(at, (size_t) (end - at), pages_magic, sizeof pages_magic)) != NULL) {
			pages->is_original = is_original;
			enum err error = pages_envelope(pages, page, (size_t) (at - page));
			if (error != ERR_OK)
				return error;
			at++;
		}
	}
	return ERR_OK;
}

/* ---- the file ------------------------------------------------------------------------------------------------ */

static void pages_fini(struct pages *pages)
{
	file_close(&pages->fd);
	file_close(&pages->journal);
	free(pages->originals);
}

static enum err pages_open(struct pages *pages, const char *path)
{
	enum { PAGES_MAX = 1 << 27 };
	char journal[PAGES_PATH_MAX];
	struct stat status;
	int length = snprintf(journal, sizeof journal, "%s-journal", path);
	if (length < 0 || (size_t) length >= sizeof journal)
		return ERR_TOO_BIG;
	pages->fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (pages->fd < 0 || fstat(pages->fd, &status) < 0)
		return file_err(errno);
	if (!S_ISREG(status.st_mode))
		return ERR_DENIED;
	if (status.st_size > (off_t) PAGES_MAX * PAGES_BYTES)
		return ERR_TOO_BIG;
	pages->count = (uint32_t) ((status.st_size + PAGES_BYTES - 1) / PAGES_BYTES);
	pages->journal = open(journal, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return pages_journal(pages);
}

enum err pages_read(const char *path, pages_take *take, void *context, struct pages_report *report)
{
	*report = (struct pages_report){0};
	__attribute__((cleanup(pages_fini))) struct pages pages = {
		.fd = -1, .journal = -1, .take = take, .context = context, .report = report};
	enum err error = pages_open(&pages, path);
	if (error == ERR_OK)
		error = pages_scan(&pages);
	if (error != ERR_OK || pages.originals_count == 0)
		return error;
	uint32_t last = pages.originals[pages.originals_count - 1].number;
	pages.count = last > pages.count && last < pages.count + pages.originals_count ? last : pages.count;
	pages.is_before = true;
	return pages_scan(&pages);
}
