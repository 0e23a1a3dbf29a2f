/* SPDX-License-Identifier: MIT */
/* recovery_text.c: what is wrong with the lines that somebody typed from a recovery file or share.
 *
 * Both are blocks between two marks, of lines of 17 signs: 16 and a check sign, as a receipt has them (lib/base/codec.h); the first byte
 * of a line is its number (soundings-envelope(5)). White space and hyphens mean nothing, so a code that was scanned into one
 * long line is as good as eight lines: signs are counted on, 17 by 17, and the line of the file is only for the words. Never
 * repeats a sign of what it read: messages end up in scrollback and logs. */
#include "recovery_text.h"

#include "instance.h"

#include "lib/base/codec.h"
#include "lib/envelope/shares.h"

#include <ctype.h>
#include <string.h>
#include <sysexits.h>

struct kind {
	const char *begin, *end; /* marks */
	size_t lines;            /* between them */
	bool is_lettered;        /* a letter follows the first mark */
	const char *mistaken;    /* what to say where it stands and another kind is wanted */
};

static const struct kind kinds[RECOVERY_TEXT_COUNT] = {
	[RECOVERY_TEXT_KEY] = {"BEGIN-RECOVERY-KEY", "END-RECOVERY-KEY", KEYS_SEED_BYTES / (CODEC_RECEIPT_BYTES - 2),
			       false, "is the whole recovery key, not a share of it: give it with --recovery"},
	[RECOVERY_TEXT_SHARE] = {"BEGIN-RECOVERY-SHARE", "END-RECOVERY-SHARE", SHARES_LINES, true,
				 "is a share of the recovery key, not the key: give it with --share, and another share "
				 "with a second --share"},
};

static const char *const ordinals[] = {"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"};

struct group {
	char signs[CODEC_RECEIPT_SIGNS + 1];
	size_t count;     /* of signs */
	const char *from; /* the first of them in the text */
};

bool recovery_text_has(enum recovery_text kind, const char *text)
{
	return strcasestr(text, kinds[kind].begin) != NULL;
}

static bool is_sign(char byte)
{
	return byte != '-' && !isspace((unsigned char) byte);
}

static unsigned line_of(const char *text, const char *at)
{
	unsigned line = 1;
	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

/* The next 17 signs; fewer at the end. */
static const char *take_group(const char *at, const char *end, struct group *out)
{
	memset(out, 0, sizeof *out);
	for (; at < end && out->count < CODEC_RECEIPT_SIGNS; at++) {
		if (!is_sign(*at))
			continue;
		if (out->count == 0)
			out->from = at;
		out->signs[out->count++] = *at;
	}
	return at;
}

struct block {
	const struct kind *kind;
	const char *text, *name;
	const char *begin, *end; /* of the lines */
	uint8_t first;           /* the number in the first line; the others count on */
};

enum trouble { TROUBLE_NONE, TROUBLE_SIGNS, TROUBLE_PLACE };

static enum trouble group_trouble(const struct block *block, const struct group *group, size_t number)
{
	uint8_t bytes[CODEC_RECEIPT_BYTES] = {0};
	enum trouble trouble = TROUBLE_NONE;
	if (group->count != CODEC_RECEIPT_SIGNS || codec_unreceipt(group->signs, bytes) != ERR_OK)
		trouble = TROUBLE_SIGNS;
	else if (bytes[0] != block->first + number)
		trouble = TROUBLE_PLACE;
	keys_wipe(bytes, sizeof bytes);
	return trouble;
}

/* The first line up to FROM, or the one it is in, that has not 17 signs, and how many; NULL where there are no such lines. A sign too
 * many or too few shifts those behind it, and one time in 37 the check sign does not see it. */
static const char *odd_line(const struct block *block, const char *from, size_t *signs)
{
	const char *odd = NULL;
	for (const char *at = block->begin; at <= from; at++) {
		const char *begin = at;
		size_t count = 0;
		for (; at < block->end && *at != '\n'; at++)
			count += is_sign(*at);
		if (count >= 2 * (size_t) CODEC_RECEIPT_SIGNS)
			return NULL; /* it was scanned into one long line */
		if (odd || count == 0 || count == CODEC_RECEIPT_SIGNS)
			continue;
		odd = begin;
		*signs = count;
	}
	return odd;
}

static int refuse_group(const struct block *block, const struct group *group, size_t number, enum trouble trouble)
{
	size_t signs = 0;
	const char *odd = odd_line(block, group->from, &signs);
	unsigned line = line_of(block->text, odd ? odd : group->from);
	if (odd)
		return complain(EX_DATAERR, "%s:%u: this line has %zu signs where 17 belong: compare it with the sheet",
				block->name, line, signs);
	if (trouble == TROUBLE_PLACE)
		return complain(EX_DATAERR,
				"%s:%u: this is not the %s of the %zu lines: lines have changed places, or one is "
				"missing, or it is "
				"from another sheet",
				block->name, line, ordinals[number], block->kind->lines);
	return complain(EX_DATAERR,
			"%s:%u: the %s of the %zu lines has a wrong sign: compare it with the sheet, sign by sign",
			block->name, line, ordinals[number], block->kind->lines);
}

static int check_lines(const struct block *block)
{
	struct group group = {0};
	const char *at = block->begin;
	enum trouble trouble = TROUBLE_NONE;
	int code = EX_OK;
	for (size_t i = 0; code == EX_OK && i < block->kind->lines; i++) {
		at = take_group(at, block->end, &group);
		if (group.count == 0)
			code = complain(EX_DATAERR,
					"%s: between the marks stand %zu lines where %zu belong: type them all",
					block->name, i, block->kind->lines);
		else if ((trouble = group_trouble(block, &group, i)) != TROUBLE_NONE)
			code = refuse_group(block, &group, i, trouble);
	}
	if (code == EX_OK) {
		take_group(at, block->end, &group);
		if (group.count)
			code = complain(EX_DATAERR,
					"%s:%u: between the marks stands more than the %zu lines: take it out",
					block->name, line_of(block->text, group.from), block->kind->lines);
	}
	keys_wipe(&group, sizeof group);
	return code;
}

static int refuse_mark(const struct kind *kind, const char *text, const char *name)
{
	for (size_t i = 0; i < RECOVERY_TEXT_COUNT; i++)
		if (&kinds[i] != kind && recovery_text_has((enum recovery_text) i, text))
			return complain(EX_DATAERR, "%s %s", name, kinds[i].mistaken);
	return complain(EX_DATAERR,
			"%s has no line %s: type the lines of the sheet with both marks, as they are printed", name,
			kind->begin);
}

/* The letter stands in the line of the mark, or where lines were lost, as the first sign. */
static bool skip_letter(struct block *block)
{
	const char *at = block->begin;
	while (at < block->end && !is_sign(*at))
		at++;
	int letter = toupper((unsigned char) *at);
	if (at == block->end || letter < 'A' || letter >= 'A' + SHARES_COUNT)
		return false;
	if (memchr(block->begin, '\n', (size_t) (at - block->begin)) && is_sign(at[1]))
		return false; /* the first sign of the first line */
	block->begin = at + 1;
	block->first = (uint8_t) ((letter - 'A' + 1) << 4 | 1);
	return true;
}

int recovery_text_check(enum recovery_text kind, const char *text, const char *name, const char **rest)
{
	struct block block = {.kind = &kinds[kind], .text = text, .name = name, .first = 1};
	const char *begin = strcasestr(text, block.kind->begin);
	if (!begin)
		return refuse_mark(block.kind, text, name);
	const char *end = strcasestr(begin, block.kind->end);
	if (!end)
		return complain(EX_DATAERR, "%s has no line %s: the end is missing; type all of it, with both marks",
				name, block.kind->end);
	block.begin = begin + strlen(block.kind->begin);
	block.end = end;
	if (block.kind->is_lettered && !skip_letter(&block))
		return complain(EX_DATAERR, "%s:%u: behind %s stands the share's letter, A, B or C: it is missing",
				name, line_of(text, begin), block.kind->begin);
	if (rest)
		*rest = end + strlen(block.kind->end);
	return check_lines(&block);
}
