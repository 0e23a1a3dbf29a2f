/* SPDX-License-Identifier: MIT */
/* shares_test.c: any two shares of one splitting give the seed back, one alone says nothing of it, and what was typed wrong is found and
 * its line named. The texts are values that Python gave. */
#include "lib/envelope/shares.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/codec.h"

/* Seed 00 01 to 1f, pieces 40 41 to 5f and 80 81 to 9f, set 01 02 03 04. */
static const char *const texts[SHARES_COUNT] = {
	"BEGIN-RECOVERY-SHARE A\n"
	"240M 0GA2 8D24 AHJ7 6\n"
	"2814 GJAA 9D64 TKJF $\n"
	"2C1N 0MAJ ADA5 ANJQ S\n"
	"2G25 GPAT BDE5 TQJZ G\n"
	"2Q5R 10C2 GE28 B1M7 1\n"
	"2T58 H2CA HE68 V3MF E\n"
	"2X5S 14CJ JEA9 B5MQ E\n"
	"30H9 H6CT KEE9 V7MZ K\n"
	"END-RECOVERY-SHARE\n",
	"BEGIN-RECOVERY-SHARE B\n"
	"440R 10C2 GE28 B1M7 Z\n"
	"4818 H2CA HE68 V3MF P\n"
	"4C1S 14CJ JEA9 B5MQ D\n"
	"4G29 H6CT KEE9 V7MZ 4\n"
	"4PZW 1GE2 RF2C BHP7 Y\n"
	"4TEW HJEA SF6C VKPF 8\n"
	"4Y3D 1MEJ TFAD BNPQ 7\n"
	"50XD HPET VFED VQPZ U\n"
	"END-RECOVERY-SHARE\n",
	"BEGIN-RECOVERY-SHARE C\n"
	"640W 1GE2 RF2C BHP7 K\n"
	"681C HJEA SF6C VKPF A\n"
	"6C1X 1MEJ TFAD BNPQ 1\n"
	"6G2D HPET VFED VQPZ X\n"
	"6ME4 0GA2 8D24 AHJ7 ~\n"
	"6TG4 GJAA 9D64 TKJF 5\n"
	"6XZ5 0MAJ ADA5 ANJQ M\n"
	"710N GPAT BDE5 TQJZ 7\n"
	"END-RECOVERY-SHARE\n",
};

static struct arena arena;

/* The splitting that the texts are of. */
static void known(uint8_t seed[KEYS_SEED_BYTES], struct share out[SHARES_COUNT])
{
	static const uint8_t set[SHARES_SET_BYTES] = {1, 2, 3, 4};
	uint8_t pieces[SHARES_COUNT][KEYS_SEED_BYTES];
	for (uint8_t i = 0; i < KEYS_SEED_BYTES; i++) {
		seed[i] = i;
		pieces[0][i] = (uint8_t) (0x40 + i);
		pieces[1][i] = (uint8_t) (0x80 + i);
		pieces[2][i] = seed[i] ^ pieces[0][i] ^ pieces[1][i];
	}
	for (unsigned i = 0; i < SHARES_COUNT; i++) {
		memcpy(out[i].set, set, sizeof set);
		out[i].number = i;
		memcpy(out[i].pieces[0], pieces[i], KEYS_SEED_BYTES);
		memcpy(out[i].pieces[1], pieces[(i + 1) % SHARES_COUNT], KEYS_SEED_BYTES);
	}
}

static void assert_share(const struct share *one, const struct share *other)
{
	assert_int_equal(one->number, other->number);
	assert_memory_equal(one->set, other->set, SHARES_SET_BYTES);
	assert_memory_equal(one->pieces, other->pieces, sizeof one->pieces);
}

/* ---- splitting and joining ----------------------------------------------------------------------------------------- */

static void any_two_give_the_seed(void **state)
{
	(void) state;
	for (uint8_t round = 0; round < 50; round++) {
		uint8_t seed[KEYS_SEED_BYTES], back[KEYS_SEED_BYTES];
		struct share shares[SHARES_COUNT];
		keys_hash(&round, 1, seed);
		shares_split(seed, shares);
		for (unsigned one = 0; one < SHARES_COUNT; one++) {
			assert_int_equal(shares[one].number, one);
			for (unsigned other = 0; other < SHARES_COUNT; other++) {
				if (one == other)
					continue;
				memset(back, 0xee, sizeof back);
				assert_int_equal(shares_join(&shares[one], &shares[other], back), ERR_OK);
				assert_memory_equal(back, seed, sizeof seed);
			}
		}
	}
}

/* Whoever holds one share lacks one piece, and to any seed whatever there is a missing piece that makes the other two shares: they are
 * shares like any others, and join to that seed. So one share excludes no seed. */
static void one_share_fits_every_seed(void **state)
{
	(void) state;
	uint8_t seed[KEYS_SEED_BYTES], other_seed[KEYS_SEED_BYTES], back[KEYS_SEED_BYTES];
	struct share shares[SHARES_COUNT];
	for (size_t i = 0; i < 8 * KEYS_SEED_BYTES + 50; i++) {
		keys_hash("a seed", 6, seed);
		shares_split(seed, shares);
		if (i < 8 * KEYS_SEED_BYTES) { /* one bit beside it; then anything */
			memcpy(other_seed, seed, sizeof seed);
			other_seed[i / 8] ^= (uint8_t) (1 << i % 8);
		} else {
			keys_hash(&i, sizeof i, other_seed);
		}
		for (unsigned held = 0; held < SHARES_COUNT; held++) {
			struct share one = shares[held], next = shares[(held + 1) % SHARES_COUNT],
				     last = shares[(held + 2) % SHARES_COUNT];
			for (size_t k = 0; k < KEYS_SEED_BYTES; k++)
				next.pieces[1][k] = last.pieces[0][k] =
					other_seed[k] ^ one.pieces[0][k] ^ one.pieces[1][k];
			assert_int_equal(shares_join(&one, &next, back), ERR_OK);
			assert_memory_equal(back, other_seed, sizeof back);
			assert_int_equal(shares_join(&one, &last, back), ERR_OK);
			assert_memory_equal(back, other_seed, sizeof back);
			assert_int_equal(shares_join(&last, &next, back), ERR_OK);
			assert_memory_equal(back, other_seed, sizeof back);
		}
	}
}

/* Every bit of every piece is set in half of the splittings of one seed, whatever the seed has there: within seven standard deviations,
 * which honest randomness leaves about once in 500 million runs. */
static void pieces_are_random_whatever_the_seed(void **state)
{
	(void) state;
	enum { ROUNDS = 4000, SPREAD = 7 * 32 /* of sqrt(4000) / 2 = 31.6 */ };
	static unsigned set_bits[SHARES_COUNT][8 * KEYS_SEED_BYTES];
	uint8_t seed[KEYS_SEED_BYTES];
	memset(seed, 0, sizeof seed);
	memset(seed, 0xff, sizeof seed / 2);
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct share shares[SHARES_COUNT];
		shares_split(seed, shares);
		for (unsigned i = 0; i < SHARES_COUNT; i++) {
			for (size_t k = 0; k < 8 * KEYS_SEED_BYTES; k++)
				set_bits[i][k] += shares[i].pieces[0][k / 8] >> k % 8 & 1;
		}
	}
	for (unsigned i = 0; i < SHARES_COUNT; i++) {
		for (size_t k = 0; k < 8 * KEYS_SEED_BYTES; k++)
			assert_in_range(set_bits[i][k], ROUNDS / 2 - SPREAD, ROUNDS / 2 + SPREAD);
	}
}

static void shares_that_do_not_go_together(void **state)
{
	(void) state;
	uint8_t seed[KEYS_SEED_BYTES], back[KEYS_SEED_BYTES];
	struct share shares[SHARES_COUNT], others[SHARES_COUNT];
	keys_hash("a seed", 6, seed);
	shares_split(seed, shares);
	shares_split(seed, others);
	assert_memory_not_equal(shares[0].set, others[0].set, SHARES_SET_BYTES);
	for (unsigned one = 0; one < SHARES_COUNT; one++) {
		assert_int_equal(shares_join(&shares[one], &shares[one], back), ERR_CONFLICT);
		for (unsigned other = 0; other < SHARES_COUNT; other++)
			assert_int_equal(shares_join(&shares[one], &others[other], back), ERR_DENIED);
	}
	/* Of one set by their numbers, but with different pieces where they share one. */
	memcpy(others[1].set, shares[1].set, SHARES_SET_BYTES);
	assert_int_equal(shares_join(&shares[0], &others[1], back), ERR_INVALID);
	assert_int_equal(shares_join(&others[1], &shares[0], back), ERR_INVALID);
	shares[0].number = SHARES_COUNT;
	assert_int_equal(shares_join(&shares[0], &shares[1], back), ERR_INVALID);
	assert_int_equal(shares_join(&shares[1], &shares[0], back), ERR_INVALID);
}

/* ---- as text ---------------------------------------------------------------------------------------------------------- */

static void the_text_is_as_the_page_says(void **state)
{
	(void) state;
	uint8_t seed[KEYS_SEED_BYTES];
	struct share shares[SHARES_COUNT], back;
	known(seed, shares);
	for (unsigned i = 0; i < SHARES_COUNT; i++) {
		char *text = NULL;
		assert_int_equal(share_text(&shares[i], &arena, &text), ERR_OK);
		assert_string_equal(text, texts[i]);
		assert_int_equal(share_read(text, &back), ERR_OK);
		assert_share(&back, &shares[i]);
	}
	shares[0].number = SHARES_COUNT;
	char *text = NULL;
	assert_int_equal(share_text(&shares[0], &arena, &text), ERR_INVALID);
}

static void fresh_shares_come_back_from_their_texts(void **state)
{
	(void) state;
	for (uint8_t round = 0; round < 50; round++) {
		uint8_t seed[KEYS_SEED_BYTES], joined[KEYS_SEED_BYTES];
		struct share shares[SHARES_COUNT], back[SHARES_COUNT];
		keys_hash(&round, 1, seed);
		shares_split(seed, shares);
		for (unsigned i = 0; i < SHARES_COUNT; i++) {
			char *text = NULL;
			assert_int_equal(share_text(&shares[i], &arena, &text), ERR_OK);
			assert_int_equal(share_read(text, &back[i]), ERR_OK);
			assert_share(&back[i], &shares[i]);
		}
		assert_int_equal(shares_join(&back[2], &back[0], joined), ERR_OK);
		assert_memory_equal(joined, seed, sizeof seed);
		arena_reset(&arena);
	}
}

static void typed_in_other_ways(void **state)
{
	(void) state;
#define FOUR "240M 0GA2 8D24 AHJ7 6 2814 GJAA 9D64 TKJF $ 2C1N 0MAJ ADA5 ANJQ S 2G25 GPAT BDE5 TQJZ G "
#define LAST_FOUR "2Q5R 10C2 GE28 B1M7 1 2T58 H2CA HE68 V3MF E 2X5S 14CJ JEA9 B5MQ E 30H9 H6CT KEE9 V7MZ K "
	static const struct {
		const char *name, *text;
		enum err expected;
	} rows[] = {
		{"in one line", "BEGIN-RECOVERY-SHARE A " FOUR LAST_FOUR "END-RECOVERY-SHARE", ERR_OK},
		{"a sheet's other words around it",
		 "Sheet A of three.\n\tBEGIN-RECOVERY-SHARE A\n" FOUR "\n" LAST_FOUR
		 "\nEND-RECOVERY-SHARE\nKeep it safe.",
		 ERR_OK},
		{"lower case, o for 0, i and l for 1, other white space and hyphens",
		 "begin-recovery-share\ta\r\n24om-oga2-8d24-ahj7-6\r\n\r\n28l4\tgjaa\v9d64 tkjf $ \f2cin 0majada5anjqs"
		 "2G25 GPAT BDE5 TQJZ G\r\n 2q5r ioc2 ge28 bim7 i 2T58 H2CA HE68 V3MF E 2x5s 14cj jea9 b5mq e "
		 "3oh9 h6ct kee9 v7mz k\r\nend-recovery-share",
		 ERR_OK},
		{"the letter of another share", "BEGIN-RECOVERY-SHARE B " FOUR LAST_FOUR "END-RECOVERY-SHARE",
		 ERR_INVALID},
		{"no letter", "BEGIN-RECOVERY-SHARE " FOUR LAST_FOUR "END-RECOVERY-SHARE", ERR_INVALID},
		{"a letter that no share has", "BEGIN-RECOVERY-SHARE D " FOUR LAST_FOUR "END-RECOVERY-SHARE",
		 ERR_INVALID},
		{"halves swapped", "BEGIN-RECOVERY-SHARE A " LAST_FOUR FOUR "END-RECOVERY-SHARE", ERR_INVALID},
		{"a half missing", "BEGIN-RECOVERY-SHARE A " FOUR "END-RECOVERY-SHARE", ERR_INVALID},
		{"a sign too many", "BEGIN-RECOVERY-SHARE A " FOUR LAST_FOUR "0 END-RECOVERY-SHARE", ERR_INVALID},
		{"a sign that is none", "BEGIN-RECOVERY-SHARE A # " FOUR LAST_FOUR "END-RECOVERY-SHARE", ERR_INVALID},
		{"two blocks",
		 "BEGIN-RECOVERY-SHARE A " FOUR LAST_FOUR "END-RECOVERY-SHARE BEGIN-RECOVERY-SHARE A " FOUR LAST_FOUR
		 "END-RECOVERY-SHARE",
		 ERR_INVALID},
		{"no end", "BEGIN-RECOVERY-SHARE A " FOUR LAST_FOUR, ERR_INVALID},
		{"no beginning", FOUR LAST_FOUR "END-RECOVERY-SHARE", ERR_INVALID},
		{"nothing between", "BEGIN-RECOVERY-SHARE A END-RECOVERY-SHARE", ERR_INVALID},
		{"nothing", "", ERR_INVALID},
		{"a recovery file",
		 "BEGIN-RECOVERY-KEY 0710 0082 0C20 A1G7 3 09J0 G28A 1C60 T3GF 1 0EZH 048J 2CA1 A5GQ U 0K0H G68T 3CE1 "
		 "T7GZ 2 END-RECOVERY-KEY",
		 ERR_INVALID},
		/* A line with a multiple of 37 added: its check sign is right, the check over the whole is not. */
		{"a mistake that checks",
		 "BEGIN-RECOVERY-SHARE A 240M 0GA2 8D24 AHKC 6 2814 GJAA 9D64 TKJF $ 2C1N 0MAJ ADA5 ANJQ S "
		 "2G25 GPAT BDE5 TQJZ G " LAST_FOUR "END-RECOVERY-SHARE",
		 ERR_INVALID},
	};
	uint8_t seed[KEYS_SEED_BYTES];
	struct share shares[SHARES_COUNT], back;
	static const struct share none;
	uint8_t line[CODEC_RECEIPT_BYTES];
	assert_int_equal(codec_unreceipt("240M 0GA2 8D24 AHKC 6", line), ERR_OK); /* what the last row is about */
	known(seed, shares);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		memset(&back, 0xee, sizeof back);
		enum err error = share_read(rows[i].text, &back);
		if (error != rows[i].expected)
			fail_msg("%s: gave %s", rows[i].name, err_name(error));
		if (error == ERR_OK)
			assert_share(&back, &shares[0]);
		else
			assert_memory_equal(&back, &none, sizeof back); /* never half a share */
	}
}

/* What share_read says on standard error for TEXT. */
static void complaint(const char *text, char *out, size_t size)
{
	struct share share;
	int ends[2], kept = dup(STDERR_FILENO);
	assert_int_equal(pipe(ends), 0);
	assert_true(kept >= 0 && dup2(ends[1], STDERR_FILENO) >= 0);
	enum err error = share_read(text, &share);
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(ends[1]);
	ssize_t got = read(ends[0], out, size - 1);
	close(ends[0]);
	assert_true(got >= 0);
	out[got] = '\0';
	assert_int_equal(error, ERR_INVALID);
}

/* Every sign of every line of every share, changed to every other sign: refused, and the line's number is in the log but no sign of it. */
static void one_wrong_sign_names_its_line(void **state)
{
	(void) state;
	static const char signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	size_t tried = 0;
	for (unsigned i = 0; i < SHARES_COUNT; i++) {
		char text[512], said[512], expected[32];
		unsigned line = 0;
		assert_true(strlen(texts[i]) < sizeof text);
		memcpy(text, texts[i], strlen(texts[i]) + 1);
		for (char *at = text; line <= SHARES_LINES; at++) {
			if (*at == '\n') {
				line++;
				continue;
			}
			char right = *at;
			for (const char *wrong = signs; line > 0 && right != ' ' && *wrong != '\0'; wrong++) {
				if (*wrong == right)
					continue;
				*at = *wrong;
				complaint(text, said, sizeof said);
				snprintf(expected, sizeof expected, " number=%u\n", line);
				if (strstr(said, expected) == NULL)
					fail_msg("share %u, line %u: said %s", i, line, said);
				tried++;
			}
			*at = right;
		}
	}
	/* 16 plain signs and a check sign in a line, 31 others for each; of the check signs, $, ~ and U are not among the plain ones. */
	assert_int_equal(tried, 3 * 8 * 17 * 31 + 3);
}

/* Lines that check by themselves but do not belong where they stand. */
static void a_line_in_the_wrong_place_is_named(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text, *expected;
	} rows[] = {
		{"the letter of another share", "BEGIN-RECOVERY-SHARE B " FOUR LAST_FOUR "END-RECOVERY-SHARE",
		 " number=1\n"},
		{"halves swapped", "BEGIN-RECOVERY-SHARE A " LAST_FOUR FOUR "END-RECOVERY-SHARE", " number=1\n"},
		{"the first half twice", "BEGIN-RECOVERY-SHARE A " FOUR FOUR "END-RECOVERY-SHARE", " number=5\n"},
		{"a half missing", "BEGIN-RECOVERY-SHARE A " FOUR "END-RECOVERY-SHARE", " number=5\n"},
		{"another share's line",
		 "BEGIN-RECOVERY-SHARE A 240M 0GA2 8D24 AHJ7 6 4818 H2CA HE68 V3MF P 2C1N 0MAJ ADA5 ANJQ S "
		 "2G25 GPAT BDE5 TQJZ G " LAST_FOUR "END-RECOVERY-SHARE",
		 " number=2\n"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char said[512];
		complaint(rows[i].text, said, sizeof said);
		if (strstr(said, rows[i].expected) == NULL)
			fail_msg("%s: said %s", rows[i].name, said);
	}
}

static void no_room_in_the_arena(void **state)
{
	(void) state;
	uint8_t seed[KEYS_SEED_BYTES];
	struct share shares[SHARES_COUNT];
	CLEANUP_ARENA struct arena small;
	char *text = NULL;
	arena_init(&small, 64);
	known(seed, shares);
	assert_int_equal(share_text(&shares[0], &small, &text), ERR_NOMEM);
	assert_null(text);
}

static int start(void **state)
{
	(void) state;
	arena_init(&arena, 1024 * 1024);
	return keys_start() != ERR_OK;
}

static int stop(void **state)
{
	(void) state;
	arena_fini(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_two_give_the_seed),
		cmocka_unit_test(one_share_fits_every_seed),
		cmocka_unit_test(pieces_are_random_whatever_the_seed),
		cmocka_unit_test(shares_that_do_not_go_together),
		cmocka_unit_test(the_text_is_as_the_page_says),
		cmocka_unit_test(fresh_shares_come_back_from_their_texts),
		cmocka_unit_test(typed_in_other_ways),
		cmocka_unit_test(one_wrong_sign_names_its_line),
		cmocka_unit_test(a_line_in_the_wrong_place_is_named),
		cmocka_unit_test(no_room_in_the_arena),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
