/* SPDX-License-Identifier: MIT */
/* totp.c: one-time codes by liboath, recovery codes by libsodium. */
#include "lib/account/totp.h"

#include "lib/base/random.h"
#include "lib/base/strbuf.h"

#include <ctype.h>
#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS_MAX = 2048, BACK_STEPS = 1 };

enum err totp_start(void)
{
	return oath_init() == OATH_OK && sodium_init() >= 0 ? ERR_OK : ERR_IO;
}

enum err totp_code(const uint8_t secret[TOTP_BYTES], int64_t step, char out[TOTP_DIGITS + 1])
{
	char key[TOTP_BYTES]; /* liboath reads bytes as plain chars */
	memcpy(key, secret, sizeof key);
	int failed = oath_hotp_generate(key, sizeof key, (uint64_t) step, TOTP_DIGITS, false,
					OATH_HOTP_DYNAMIC_TRUNCATION, out);
	sodium_memzero(key, sizeof key);
	return failed == OATH_OK ? ERR_OK : ERR_IO;
}

/* Exactly six digits, whatever blanks stand between them. */
static bool read_digits(const char *typed, char out[TOTP_DIGITS + 1])
{
	size_t count = 0;
	for (; *typed; typed++) {
		if (*typed == ' ')
			continue;
		if (!isdigit((unsigned char) *typed) || count == TOTP_DIGITS)
			return false;
		out[count++] = *typed;
	}
	out[count] = '\0';
	return count == TOTP_DIGITS;
}

bool totp_is_right(const uint8_t secret[TOTP_BYTES], const char *typed, int64_t now_s, int64_t *step)
{
	char digits[TOTP_DIGITS + 1];
	if (!read_digits(typed, digits))
		return false;
	bool is_right = false;
	for (int64_t at = now_s / TOTP_STEP_S - BACK_STEPS; at <= now_s / TOTP_STEP_S; at++) {
		char code[TOTP_DIGITS + 1];
		if (totp_code(secret, at, code) != ERR_OK || sodium_memcmp(code, digits, TOTP_DIGITS) != 0)
			continue;
		is_right = true;
		*step = at;
	}
	return is_right;
}

void totp_secret_text(const uint8_t secret[TOTP_BYTES], char out[TOTP_SECRET_TEXT])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint32_t held = 0;
	unsigned bits = 0;
	size_t used = 0;
	for (size_t i = 0; i < TOTP_BYTES; i++) { /* 20 bytes are 32 signs, without padding */
		held = held << 8 | secret[i];
		for (bits += 8; bits >= 5; bits -= 5)
			out[used++] = alphabet[held >> (bits - 5) & 31];
	}
	out[used] = '\0';
}

/* RFC 3986: all but unreserved signs as %XX. */
static void put_encoded(struct strbuf *out, const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char) *text;
		if (isalnum(byte) || strchr("-._~", byte))
			strbuf_putc(out, *text);
		else
			strbuf_putf(out, "%%%02X", byte);
	}
}

char *totp_address(const uint8_t secret[TOTP_BYTES], const char *issuer, const char *name, struct arena *arena)
{
	char text[TOTP_SECRET_TEXT];
	totp_secret_text(secret, text);
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, ADDRESS_MAX);
	strbuf_puts(&out, "otpauth://totp/");
	put_encoded(&out, issuer);
	strbuf_puts(&out, ":");
	put_encoded(&out, name);
	strbuf_putf(&out, "?secret=%s&issuer=", text);
	put_encoded(&out, issuer);
	sodium_memzero(text, sizeof text);
	return strbuf_error(&out) ? NULL : arena_strdup(arena, strbuf_text(&out));
}

static void hash_code(const uint8_t code[CODEC_RECEIPT_BYTES], uint8_t out[TOTP_HASH_BYTES])
{
	static const char label[] = "soundings/recovery/1";
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, TOTP_HASH_BYTES);
	crypto_generichash_update(&state, (const unsigned char *) label, sizeof label);
	crypto_generichash_update(&state, code, CODEC_RECEIPT_BYTES);
	crypto_generichash_final(&state, out, TOTP_HASH_BYTES);
	sodium_memzero(&state, sizeof state);
}

void totp_recovery_new(struct totp_recovery *out)
{
	for (size_t i = 0; i < TOTP_RECOVERY_CODES; i++) {
		uint8_t code[CODEC_RECEIPT_BYTES];
		do { /* four of the 37 check signs are no letters or digits: nobody should have to read out "dollar" */
			random_bytes(code, sizeof code);
			codec_receipt(code, out->text[i]);
		} while (strpbrk(out->text[i], "*~$=") != NULL);
		hash_code(code, out->hash[i]);
		sodium_memzero(code, sizeof code);
	}
}

enum err totp_recovery_hash(const char *typed, uint8_t out[TOTP_HASH_BYTES])
{
	uint8_t code[CODEC_RECEIPT_BYTES];
	enum err error = codec_unreceipt(typed, code);
	if (error)
		return error;
	hash_code(code, out);
	sodium_memzero(code, sizeof code);
	return ERR_OK;
}
