/* SPDX-License-Identifier: MIT */
/* recovery_test.c: the recovery key is read however it was kept and typed; whatever is wrong with it is told in one line that says where
 * and what to do, gives no sign of it away, and leaves no key behind. */
#include "soundings/recovery.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/base/strbuf.h"
#include "lib/envelope/shares.h"

#include <ctype.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

enum { TEXT_MAX = 100 * 1024, FILES = 2 };

static struct arena arena;
static char folder[] = "/tmp/soundings-recovery-XXXXXX";
static const char *paths[FILES];           /* where the tests put what is to be read */
static char *key_text;                     /* a recovery file */
static char *share_texts[2][SHARES_COUNT]; /* of two splittings */
static uint8_t seed[KEYS_SEED_BYTES];

static void write_text(const char *path, const char *text, size_t length)
{
	assert_int_equal(file_write(AT_FDCWD, path, text, length, 0600), ERR_OK);
}

static int set_up(void **state)
{
	(void) state;
	arena_init(&arena, 16 << 20);
	assert_int_equal(keys_start(), ERR_OK);
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < FILES; i++)
		paths[i] = arena_printf(&arena, "%s/%c.txt", folder, (char) ('a' + i));
	for (size_t i = 0; i < sizeof seed; i++)
		seed[i] = (uint8_t) (7 * i + 3);
	assert_int_equal(keys_recovery_text(seed, "Hall kiosk", "2026-11-21", &arena, &key_text), ERR_OK);
	for (size_t set = 0; set < 2; set++) {
		struct share shares[SHARES_COUNT];
		shares_split(seed, shares);
		for (size_t i = 0; i < SHARES_COUNT; i++)
			assert_int_equal(share_text(&shares[i], &arena, &share_texts[set][i]), ERR_OK);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	for (size_t i = 0; i < FILES; i++)
		unlink(paths[i]);
	rmdir(folder);
	arena_fini(&arena);
	return 0;
}

/* ---- reading, with standard error and standard input in our hands ----------------------------------------------------- */

static int swap_descriptor(int fd, int with)
{
	int kept = dup(fd);
	assert_true(kept >= 0 && dup2(with, fd) == fd);
	return kept;
}

/* Reads SOURCE with INPUT on standard input; what was said goes to SAID. */
static int read_source(const struct recovery_source *source, const char *fallback, const char *input,
		       struct recovery *out, char said[512])
{
	FILE *heard = tmpfile(), *given = tmpfile();
	assert_non_null(heard);
	assert_non_null(given);
	assert_true(fputs(input, given) >= 0);
	rewind(given);
	fflush(stderr);
	int error = swap_descriptor(STDERR_FILENO, fileno(heard)), in = swap_descriptor(STDIN_FILENO, fileno(given));
	int code = recovery_read(source, fallback, out);
	fflush(stderr);
	assert_true(dup2(error, STDERR_FILENO) >= 0 && dup2(in, STDIN_FILENO) >= 0);
	close(error);
	close(in);
	rewind(heard);
	said[fread(said, 1, 511, heard)] = '\0';
	fclose(heard);
	fclose(given);
	return code;
}

static void assert_given(const char *name, const struct recovery_source *source, const char *fallback,
			 const char *input)
{
	struct recovery recovery;
	struct root_pair root;
	struct box_pair box;
	char said[512];
	int code = read_source(source, fallback, input, &recovery, said);
	if (code != EX_OK || said[0])
		fail_msg("%s: %d, %s", name, code, said);
	keys_root(seed, &root);
	keys_recovery(seed, &box);
	assert_memory_equal(recovery.seed, seed, sizeof seed);
	assert_memory_equal(recovery.root.public_key, root.public_key, sizeof root.public_key);
	assert_memory_equal(recovery.box.secret_key, box.secret_key, sizeof box.secret_key);
	recovery_wipe(&recovery);
	const struct recovery nothing = {0};
	assert_memory_equal(recovery.seed, nothing.seed, sizeof seed);
}

/* No message repeats a group of four signs, of those that cannot be a word, from what was typed. */
static void assert_nothing_given_away(const char *name, const char *said, const char *typed)
{
	static const char signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	for (const char *at = typed; *at; at++) {
		char group[5];
		size_t length = strspn(at, signs);
		snprintf(group, sizeof group, "%.4s", at);
		if (length == 4 && strpbrk(group, "0123456789") && strstr(said, group))
			fail_msg("%s: gives away %s", name, group);
		if (length)
			at += length - 1;
	}
}

static void assert_refused(const char *name, const struct recovery_source *source, const char *input, int expected,
			   const char *message)
{
	const struct recovery nothing = {0};
	struct recovery recovery;
	char said[512];
	memset(&recovery, 0xee, sizeof recovery);
	int code = read_source(source, NULL, input, &recovery, said);
	if (code != expected)
		fail_msg("%s: exit code %d, not %d: %s", name, code, expected, said);
	if (strncmp(said, "soundings: ", 11) != 0 || strchr(said, '\n') != said + strlen(said) - 1)
		fail_msg("%s: not one line of ours: %s", name, said);
	if (!strstr(said, message))
		fail_msg("%s: '%s' does not say '%s'", name, said, message);
	assert_memory_equal(recovery.seed, nothing.seed, sizeof seed);
	assert_memory_equal(&recovery.root, &nothing.root, sizeof nothing.root);
	assert_memory_equal(&recovery.box, &nothing.box, sizeof nothing.box);
	assert_nothing_given_away(name, said, input);
}

static struct recovery_source file_source(const char *file)
{
	return (struct recovery_source){.file = file};
}

static struct recovery_source share_source(const char *one, const char *other)
{
	return (struct recovery_source){.shares = {one, other}, .shares_count = other ? 2 : 1};
}

/* ---- changing what was kept ------------------------------------------------------------------------------------------------ */

static char *copy(const char *text)
{
	char *made = arena_strdup(&arena, text);
	assert_non_null(made);
	return made;
}

static char *small(const char *text)
{
	char *made = copy(text);
	for (char *at = made; *at; at++)
		*at = (char) tolower((unsigned char) *at);
	return made;
}

static char *without(const char *text, const char *signs)
{
	char *made = copy(text), *to = made;
	for (const char *at = text; *at; at++)
		if (!strchr(signs, *at))
			*to++ = *at;
	*to = '\0';
	return made;
}

static char *with_spaces(const char *text)
{
	char *made = copy(text);
	for (char *at = made; *at; at++)
		*at = (char) (*at == '\n' ? ' ' : *at);
	return made;
}

static char *with_line_ends(const char *text)
{
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, TEXT_MAX);
	for (; *text; text++)
		strbuf_puts(&out, *text == '\n' ? "\r\n" : (char[]){*text, '\0'});
	return copy(strbuf_text(&out));
}

/* Where line NUMBER (from 1) of those between the marks begins. MARK: the first mark. */
static char *line_at(char *text, const char *mark, unsigned number)
{
	char *at = strstr(text, mark);
	for (unsigned i = 0; at && i < number; i++)
		at = strchr(at, '\n') + 1;
	assert_non_null(at);
	return at + strspn(at, " ");
}

enum change { WRONG_SIGN, SIGN_LOST, SIGN_TWICE, LINE_LOST, LAST_LOST, LINE_TWICE, LINES_SWAPPED, BEHIND_THE_LAST };

/* TEXT with one thing wrong in its third line. */
static char *changed(const char *text, const char *mark, enum change change, unsigned last)
{
	char *made = arena_alloc(&arena, strlen(text) + 64, 1);
	assert_non_null(made);
	snprintf(made, strlen(text) + 64, "%s", text);
	char *at = line_at(made, mark, 3), *next = line_at(made, mark, 4), *end = line_at(made, mark, last + 1),
	     kept[64];
	size_t length = strcspn(at, "\n") + 1;
	switch (change) {
	case WRONG_SIGN:
		at[6] = at[6] == '7' ? '8' : '7';
		break;
	case SIGN_LOST:
		memmove(at + 6, at + 7, strlen(at + 7) + 1);
		break;
	case SIGN_TWICE:
		memmove(at + 7, at + 6, strlen(at + 6) + 1);
		break;
	case LINE_LOST:
		memmove(at, next, strlen(next) + 1);
		break;
	case LAST_LOST:
		at = line_at(made, mark, last);
		memmove(at, end, strlen(end) + 1);
		break;
	case LINE_TWICE:
		memmove(at + length, at, strlen(at) + 1);
		break;
	case LINES_SWAPPED:
		snprintf(kept, sizeof kept, "%.*s", (int) length - 1, at);
		memcpy(at, next, length - 1);
		memcpy(next, kept, length - 1);
		break;
	case BEHIND_THE_LAST:
		memmove(end + 3, end, strlen(end) + 1);
		memcpy(end, "77\n", 3);
		break;
	}
	return made;
}

/* ---- the tests ------------------------------------------------------------------------------------------------------------------ */

static void the_recovery_file_is_read(void **state)
{
	(void) state;
	const char *block = strstr(key_text, "BEGIN-RECOVERY-KEY");
	const struct {
		const char *name, *text;
	} rows[] = {
		{"as it was made", key_text},
		{"the lines alone", block},
		{"small letters", small(block)},
		{"the line ends of another system", with_line_ends(key_text)},
		{"in one line", with_spaces(block)},
		{"in one line without any space", without(block, " \n")},
		{"no line end at the end", without(block, "\n")},
		{"a reader's words before it", arena_printf(&arena, "QR-Code:%s", block)},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct recovery_source source = file_source(paths[0]), input = file_source("-"), none = {0};
		write_text(paths[0], rows[i].text, strlen(rows[i].text));
		assert_given(rows[i].name, &source, NULL, "");
		assert_given(rows[i].name, &input, NULL, rows[i].text);
		assert_given(rows[i].name, &none, paths[0], ""); /* the one still in the instance */
	}
}

static void the_name_is_read(void **state)
{
	(void) state;
	struct recovery recovery;
	char said[512];
	struct recovery_source source = file_source("-");
	assert_int_equal(read_source(&source, NULL, key_text, &recovery, said), EX_OK);
	assert_string_equal(recovery.name, "Hall kiosk");
	assert_int_equal(read_source(&source, NULL, with_line_ends(key_text), &recovery, said), EX_OK);
	assert_string_equal(recovery.name, "Hall kiosk");
	assert_int_equal(read_source(&source, NULL, strstr(key_text, "BEGIN-"), &recovery, said), EX_OK);
	assert_string_equal(recovery.name, "");
	char name[RECOVERY_NAME_BYTES + 10] = {0};
	memset(name, 'n', sizeof name - 1);
	const char *text = arena_printf(&arena, "Instance: %s\n%s", name, strstr(key_text, "BEGIN-"));
	assert_int_equal(read_source(&source, NULL, text, &recovery, said), EX_OK);
	assert_string_equal(recovery.name, ""); /* not one that we wrote */
	recovery_wipe(&recovery);
}

static void any_two_shares_are_read(void **state)
{
	(void) state;
	static const unsigned pairs[][2] = {{0, 1}, {1, 0}, {0, 2}, {2, 0}, {1, 2}, {2, 1}};
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		const char *name =
			arena_printf(&arena, "%c and %c", (char) ('A' + pairs[i][0]), (char) ('A' + pairs[i][1]));
		const char *one = share_texts[0][pairs[i][0]], *other = share_texts[0][pairs[i][1]];
		struct recovery_source files = share_source(paths[0], paths[1]), mixed = share_source("-", paths[1]),
				       input = share_source("-", "-");
		write_text(paths[0], one, strlen(one));
		write_text(paths[1], with_line_ends(small(other)), strlen(with_line_ends(other)));
		assert_given(name, &files, NULL, "");
		assert_given(name, &mixed, NULL, with_spaces(one));
		assert_given(name, &input, NULL, arena_printf(&arena, "%s%s", one, other));
		assert_given(name, &input, NULL,
			     arena_printf(&arena, "QR-Code:%sQR-Code:%s", with_spaces(one), without(other, "\n")));
	}
}

static void a_pipe_is_read(void **state)
{
	(void) state;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], key_text, strlen(key_text)), strlen(key_text));
	close(ends[1]);
	struct recovery_source source = file_source(arena_printf(&arena, "/dev/fd/%d", ends[0]));
	assert_given("what another program decrypts", &source, NULL, "");
	close(ends[0]);
}

static void a_wrong_recovery_file_is_told(void **state)
{
	(void) state;
	static const char mark[] = "BEGIN-RECOVERY-KEY";
	const char *block = strstr(key_text, mark);
	char *wrong_whole = copy(block); /* a line of another seed, right in itself */
	uint8_t other_seed[KEYS_SEED_BYTES] = {1};
	char *other = NULL;
	assert_int_equal(keys_recovery_text(other_seed, "x", "2026-11-21", &arena, &other), ERR_OK);
	memcpy(line_at(wrong_whole, mark, 2), line_at(other, mark, 2), CODEC_RECEIPT_TEXT - 1);
	const struct {
		const char *name, *text, *message;
	} rows[] = {
		{"nothing", "", "standard input has no line BEGIN-RECOVERY-KEY"},
		{"another text", "Dear board,\n", "standard input has no line BEGIN-RECOVERY-KEY: type the lines"},
		{"a share", share_texts[0][0], "is a share of the recovery key, not the key: give it with --share"},
		{"a mistyped end", without(block, "D"), "standard input has no line END-RECOVERY-KEY"},
		{"torn off", arena_printf(&arena, "%.60s", block),
		 "standard input has no line END-RECOVERY-KEY: the end is missing"},
		{"a PDF", "%PDF-1.5\n", "is a PDF: open it, and copy the lines on it"},
		{"a wrong sign", changed(block, mark, WRONG_SIGN, 4),
		 "standard input:4: the third of the 4 lines has a wrong sign"},
		{"a sign that is none", arena_printf(&arena, "%s\n!!!! !!!! !!!! !!!! !\nEND-RECOVERY-KEY", mark),
		 "standard input:2: the first of the 4 lines has a wrong sign"},
		{"a sign lost", changed(block, mark, SIGN_LOST, 4),
		 "standard input:4: this line has 16 signs where 17 belong"},
		{"a sign twice", changed(block, mark, SIGN_TWICE, 4),
		 "standard input:4: this line has 18 signs where 17 belong"},
		{"a line lost", changed(block, mark, LINE_LOST, 4),
		 "standard input:4: this is not the third of the 4 lines: lines have changed places, or one is "
		 "missing"},
		{"the last line lost", changed(block, mark, LAST_LOST, 4),
		 "between the marks stand 3 lines where 4 belong"},
		{"a line twice", changed(block, mark, LINE_TWICE, 4),
		 "standard input:5: this is not the fourth of the 4 lines"},
		{"lines swapped", changed(block, mark, LINES_SWAPPED, 4),
		 "standard input:4: this is not the third of the 4 lines: lines have changed places, or one is "
		 "missing"},
		{"more behind", changed(block, mark, BEHIND_THE_LAST, 4),
		 "standard input:6: between the marks stands more than the 4 lines"},
		{"a line of another", wrong_whole, "every line is right for itself, but not all together"},
		{"a wrong sign in one line", with_spaces(changed(block, mark, WRONG_SIGN, 4)),
		 "standard input:1: the third of the 4 lines has a wrong sign"},
	};
	struct recovery_source source = file_source("-");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_refused(rows[i].name, &source, rows[i].text, EX_DATAERR, rows[i].message);
}

static void a_wrong_share_is_told(void **state)
{
	(void) state;
	static const char mark[] = "BEGIN-RECOVERY-SHARE";
	const char *share = share_texts[0][0];
	char *another_sheet = copy(share), *another_letter = copy(share);
	memcpy(line_at(another_sheet, mark, 5), line_at(share_texts[1][0], mark, 5), CODEC_RECEIPT_TEXT - 1);
	another_letter[strlen(mark) + 1] = 'C';
	const char *no_letter = arena_printf(&arena, "%s\n%s", mark, strchr(share, '\n') + 1);
	const char *wrong_letter = arena_printf(&arena, "%s D\n%s", mark, strchr(share, '\n') + 1);
	const struct {
		const char *name, *text, *message;
	} rows[] = {
		{"the whole key", key_text, "is the whole recovery key, not a share of it: give it with --recovery"},
		{"another text", "Dear board,\n", "standard input has no line BEGIN-RECOVERY-SHARE"},
		{"torn off", arena_printf(&arena, "%.90s", share), "standard input has no line END-RECOVERY-SHARE"},
		{"no letter", no_letter, "standard input:1: behind BEGIN-RECOVERY-SHARE stands the share's letter"},
		{"a letter that is none", wrong_letter,
		 "standard input:1: behind BEGIN-RECOVERY-SHARE stands the share's letter"},
		{"nothing between the marks", "BEGIN-RECOVERY-SHARE END-RECOVERY-SHARE",
		 "the share's letter, A, B or C: it is missing"},
		{"the letter alone", "BEGIN-RECOVERY-SHARE A\nEND-RECOVERY-SHARE",
		 "between the marks stand 0 lines where 8 belong"},
		{"another letter", another_letter, "standard input:2: this is not the first of the 8 lines"},
		{"a wrong sign", changed(share, mark, WRONG_SIGN, 8),
		 "standard input:4: the third of the 8 lines has a wrong sign"},
		{"a sign lost", changed(share, mark, SIGN_LOST, 8),
		 "standard input:4: this line has 16 signs where 17 belong"},
		{"a line lost", changed(share, mark, LINE_LOST, 8),
		 "standard input:4: this is not the third of the 8 lines"},
		{"the last line lost", changed(share, mark, LAST_LOST, 8),
		 "between the marks stand 7 lines where 8 belong"},
		{"a line of another sheet", another_sheet, "one may be from another sheet of this letter"},
	};
	struct recovery_source source = share_source("-", paths[1]);
	write_text(paths[1], share_texts[0][1], strlen(share_texts[0][1]));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_refused(rows[i].name, &source, rows[i].text, EX_DATAERR, rows[i].message);
}

/* As long as a share but of pieces that no splitting made. */
static char *forged_share(void)
{
	struct share share, real;
	char *text = NULL;
	assert_int_equal(share_read(share_texts[0][1], &real), ERR_OK);
	share = real;
	share.pieces[0][5] ^= 1;
	assert_int_equal(share_text(&share, &arena, &text), ERR_OK);
	return text;
}

static void shares_that_do_not_go_together_are_told(void **state)
{
	(void) state;
	struct recovery_source input = share_source("-", "-"), alone = share_source("-", NULL);
	const struct {
		const char *name, *one, *other, *message;
	} rows[] = {
		{"the same twice", share_texts[0][1], share_texts[0][1],
		 "are the same share, B: one share alone opens nothing"},
		{"of two splittings", share_texts[0][0], share_texts[1][1],
		 "they were not made together; give two sheets of one set"},
		{"forged", share_texts[0][0], forged_share(), "do not fit together: one has been changed"},
		{"only one", share_texts[0][0], "", "standard input holds one share, and --share - is given twice"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_refused(rows[i].name, &input, arena_printf(&arena, "%s%s", rows[i].one, rows[i].other),
			       EX_DATAERR, rows[i].message);
	assert_refused("one alone", &alone, share_texts[0][0], EX_USAGE, "one share alone opens nothing: give another");
}

static void what_cannot_be_read_is_told(void **state)
{
	(void) state;
	struct recovery_source none = {0}, both = {.file = "-", .shares = {"-"}, .shares_count = 1};
	struct recovery_source missing = file_source("/nowhere/recovery.txt"), directory = file_source(folder),
			       file = file_source(paths[0]), shares = share_source(paths[0], "/nowhere/b.txt");
	assert_refused("nothing named", &none, key_text, EX_USAGE,
		       "this needs the recovery key: --recovery FILE, or two");
	assert_refused("both ways", &both, key_text, EX_USAGE,
		       "--recovery and --share give the same thing in two ways");
	assert_refused("no such file", &missing, "", EX_NOINPUT, "/nowhere/recovery.txt: there is no such thing");
	assert_refused("a folder", &directory, "", EX_NOINPUT,
		       "is a folder; name the file in it that holds the recovery key");
	write_text(paths[0], share_texts[0][0], strlen(share_texts[0][0]));
	assert_refused("no such share", &shares, "", EX_NOINPUT, "/nowhere/b.txt: there is no such thing");
	write_text(paths[0], "B\0E\0G\0I\0N\0", 10);
	assert_refused("another encoding", &file, "", EX_DATAERR, "is not plain text");
	char *large = arena_alloc(&arena, TEXT_MAX, 1);
	assert_non_null(large);
	memset(large, 'A', TEXT_MAX);
	write_text(paths[0], large, TEXT_MAX);
	assert_refused("far too large", &file, "", EX_DATAERR, "it is larger than the limit allows");
}

static void options_are_taken(void **state)
{
	(void) state;
	struct recovery_source source = {0};
	FILE *heard = tmpfile();
	assert_non_null(heard);
	assert_int_equal(recovery_take(&source, RECOVERY_OPTION, "r"), EX_OK);
	assert_int_equal(recovery_take(&source, RECOVERY_SHARE_OPTION, "a"), EX_OK);
	assert_int_equal(recovery_take(&source, RECOVERY_SHARE_OPTION, "b"), EX_OK);
	int kept = swap_descriptor(STDERR_FILENO, fileno(heard));
	int third = recovery_take(&source, RECOVERY_SHARE_OPTION, "c"),
	    second = recovery_take(&source, RECOVERY_OPTION, "s");
	fflush(stderr);
	assert_true(dup2(kept, STDERR_FILENO) >= 0);
	close(kept);
	fclose(heard);
	assert_int_equal(third, EX_USAGE);
	assert_int_equal(second, EX_USAGE);
	assert_string_equal(source.file, "r");
	assert_int_equal(source.shares_count, 2);
	assert_string_equal(source.shares[0], "a");
	assert_string_equal(source.shares[1], "b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_recovery_file_is_read),
		cmocka_unit_test(the_name_is_read),
		cmocka_unit_test(any_two_shares_are_read),
		cmocka_unit_test(a_pipe_is_read),
		cmocka_unit_test(a_wrong_recovery_file_is_told),
		cmocka_unit_test(a_wrong_share_is_told),
		cmocka_unit_test(shares_that_do_not_go_together_are_told),
		cmocka_unit_test(what_cannot_be_read_is_told),
		cmocka_unit_test(options_are_taken),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
