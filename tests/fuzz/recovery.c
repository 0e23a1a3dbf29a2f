/* SPDX-License-Identifier: MIT */
/* recovery.c: fuzzes what people type: recovery file, shares, receipts (lib/envelope, lib/base/codec.c, soundings/recovery_text.c).
 *
 * The input: a byte, then by its lowest two bits 0: a text as it stands, as a recovery file and as shares; 1: lines' bytes, ten by ten, which
 * get right check signs here and stand between the marks of a recovery file; 2: the same, of a share, whose numbers are put right too
 * unless bit 2 is set; 3: a receipt. What lib/envelope takes, the command line's own look at it must not refuse, or somebody with the
 * right sheet would be sent away. */
#include "fuzz.h"

#include "lib/base/codec.h"
#include "lib/base/utf8.h"
#include "lib/envelope/lines.h"
#include "lib/envelope/shares.h"
#include "lib/envelope/withdrawal.h"

#include "recovery_text.h"

#include <stdarg.h>
#include <sysexits.h>

/* soundings/instance.c's, which recovery_text.c says its mistakes with; here it only has to be a sentence. */
int complain(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
int complain(int code, const char *format, ...)
{
	char line[1000];
	va_list args;
	va_start(args, format);
	FUZZ_CHECK(vsnprintf(line, sizeof line, format, args) > 0);
	va_end(args);
	return code;
}

static void check_key(const char *text, struct arena *arena)
{
	uint8_t seed[KEYS_SEED_BYTES], again[KEYS_SEED_BYTES];
	enum err error = keys_recovery_read(text, seed);
	int code = recovery_text_check(RECOVERY_TEXT_KEY, text, "file", NULL);
	FUZZ_CHECK(code == EX_OK || code == EX_DATAERR);
	FUZZ_CHECK(error == ERR_OK || error == ERR_INVALID);
	if (error != ERR_OK)
		return;
	char *written = NULL;
	FUZZ_CHECK(code == EX_OK);
	FUZZ_CHECK(keys_recovery_text(seed, "A council", "2026-11-21", arena, &written) == ERR_OK);
	FUZZ_CHECK(keys_recovery_read(written, again) == ERR_OK && memcmp(seed, again, sizeof seed) == 0);
}

static void check_share(const char *text, struct arena *arena)
{
	struct share share, again;
	uint8_t seed[KEYS_SEED_BYTES];
	const char *rest = NULL;
	enum err error = share_read(text, &share);
	int code = recovery_text_check(RECOVERY_TEXT_SHARE, text, "file", &rest);
	FUZZ_CHECK(code == EX_OK || code == EX_DATAERR);
	FUZZ_CHECK(code != EX_OK || (rest > text && rest <= text + strlen(text)));
	if (error != ERR_OK)
		return;
	char *written = NULL;
	FUZZ_CHECK(code == EX_OK && share.number < SHARES_COUNT);
	FUZZ_CHECK(share_text(&share, arena, &written) == ERR_OK && share_read(written, &again) == ERR_OK);
	FUZZ_CHECK(memcmp(&share, &again, sizeof share) == 0);
	FUZZ_CHECK(shares_join(&share, &again, seed) == ERR_CONFLICT);
	again.number = (again.number + 1) % SHARES_COUNT;
	enum err joined = shares_join(&share, &again, seed);
	FUZZ_CHECK(joined == ERR_OK || joined == ERR_INVALID);
}

/* Lines of ten bytes with right check signs, between the marks, until the input is at an end. The first bytes say what stands between. */
static char *lines(struct fuzz_input *input, const char *begin, const char *end, uint8_t first, bool are_numbered)
{
	size_t room =
		strlen(begin) + strlen(end) + 4 + (input->left / CODEC_RECEIPT_BYTES + 1) * (CODEC_RECEIPT_TEXT + 4);
	char *text = malloc(room + 1);
	FUZZ_CHECK(text != NULL);
	uint8_t gap = fuzz_byte(input);
	size_t used = (size_t) sprintf(text, "%s\n", begin);
	for (uint8_t number = first; input->left >= CODEC_RECEIPT_BYTES; number++) {
		uint8_t line[CODEC_RECEIPT_BYTES];
		char signs[CODEC_RECEIPT_TEXT];
		for (size_t i = 0; i < sizeof line; i++)
			line[i] = fuzz_byte(input);
		if (are_numbered)
			line[0] = number;
		codec_receipt(line, signs);
		used += (size_t) sprintf(text + used, "%s%s", signs, (gap >> (number & 7) & 1) != 0 ? " " : "\n");
	}
	sprintf(text + used, "%s\n", end);
	char *exact = fuzz_text(text, strlen(text));
	free(text);
	return exact;
}

static void check_receipt(const struct fuzz_input *input)
{
	uint8_t receipt[CODEC_RECEIPT_BYTES], again[CODEC_RECEIPT_BYTES];
	char written[CODEC_RECEIPT_TEXT];
	size_t signs = 0;
	char *text = fuzz_text(input->at, input->left);
	if (codec_unreceipt(text, receipt) == ERR_OK) {
		codec_receipt(receipt, written);
		FUZZ_CHECK(codec_unreceipt(written, again) == ERR_OK && memcmp(receipt, again, sizeof again) == 0);
		FUZZ_CHECK(withdrawal_read(text, again, &signs) == WITHDRAWAL_RECEIPT);
		FUZZ_CHECK(memcmp(receipt, again, sizeof again) == 0);
	}
	if (utf8_is_valid(text, strlen(text)) && withdrawal_read(text, receipt, &signs) == WITHDRAWAL_RECEIPT)
		FUZZ_CHECK(signs == CODEC_RECEIPT_SIGNS);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const shares[] = {"begin-recovery-share A", "BEGIN-RECOVERY-SHARE B",
					     "BEGIN-RECOVERY-SHARE\nC"};
	struct fuzz_input input = {data, size};
	struct arena arena;
	uint8_t how = fuzz_byte(&input), which = (how >> 3) % 3;
	char *text = NULL;
	FUZZ_CHECK(keys_start() == ERR_OK);
	arena_init(&arena, 1024 * 1024);
	if ((how & 3) == 0)
		text = fuzz_text(input.at, strnlen((const char *) input.at, input.left));
	else if ((how & 3) == 1)
		text = lines(&input, "BEGIN-RECOVERY-KEY", "END-RECOVERY-KEY", 1, (how & 4) == 0);
	else if ((how & 3) == 2)
		text = lines(&input, shares[which], "END-RECOVERY-SHARE", (uint8_t) ((which + 1) << 4 | 1),
			     (how & 4) == 0);
	else
		check_receipt(&input);
	if (text != NULL) {
		check_key(text, &arena);
		check_share(text, &arena);
	}
	free(text);
	arena_fini(&arena);
	return 0;
}
