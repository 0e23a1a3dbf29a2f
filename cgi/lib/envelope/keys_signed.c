/* SPDX-License-Identifier: MIT */
/* keys_signed.c: a text with a signature in front of it, and what it may be taken for.
 *
 * The kind is signed along with the body, so that a manifest can never stand in for a key set. Nothing may look at the
 * body before the signature is checked, except to learn which key must have signed it (lib/catalogue/manifest.c, which
 * says why that is safe). Signatures are plain Ed25519 (RFC 8032); the format is in soundings-envelope(5). */
#include "lib/envelope/keys.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "lib/base/codec.h"
#include "lib/base/strbuf.h"

enum {
	SIGNED_KIND_MAX = 16,
	SIGNED_BODY_MAX =
		1024 * 1024, /* the largest body: a manifest with a key set of 64 periods takes about 16 KiB */
	SIGNED_HEX = 2 * crypto_sign_BYTES
};

static const char signed_magic[] = "soundings-signed 1 ";
static const char signed_label[] = "soundings/signed/1\n";

/* What the signature is over. */
static void signed_message(const char *kind, const char *body, size_t body_length, struct strbuf *out)
{
	strbuf_init(out, sizeof signed_label + SIGNED_KIND_MAX + 1 + SIGNED_BODY_MAX);
	strbuf_puts(out, signed_label);
	strbuf_puts(out, kind);
	strbuf_putc(out, '\n');
	strbuf_put(out, body, body_length);
}

/* [a-z]+ is what our own calls pass: anything else is a bug. */
static void signed_assert_kind(const char *kind)
{
	size_t length = strspn(kind, "abcdefghijklmnopqrstuvwxyz");
	assert(length > 0 && length <= SIGNED_KIND_MAX && kind[length] == '\0');
}

enum err signed_encode(const char *kind, const char *body, size_t body_length, const struct root_pair *signer,
		       struct arena *arena, char **out, size_t *length)
{
	signed_assert_kind(kind);
	if (body_length > SIGNED_BODY_MAX)
		return ERR_TOO_BIG;
	CLEANUP_STRBUF struct strbuf message;
	signed_message(kind, body, body_length, &message);
	enum err error = strbuf_error(&message);
	if (error != ERR_OK)
		return error;

	uint8_t signature[crypto_sign_BYTES];
	char hex[SIGNED_HEX + 1];
	crypto_sign_detached(signature, NULL, (const uint8_t *) message.data, message.length, signer->secret_key);
	codec_hex(signature, sizeof signature, hex);

	size_t head = sizeof signed_magic - 1 + strlen(kind) + 1 + SIGNED_HEX + 1;
	char *document = arena_alloc(arena, head + body_length + 1, 1);
	char *line = arena_printf(arena, "%s%s %s\n", signed_magic, kind, hex);
	if (document == NULL || line == NULL)
		return ERR_NOMEM;
	memcpy(document, line, head);
	memcpy(document + head, body, body_length);
	*out = document;
	*length = head + body_length;
	return ERR_OK;
}

/* Takes the first line apart: KIND and SIGNATURE are as the document says; *HEAD is where the body begins. */
static enum err signed_head(const char *document, size_t length, char kind[SIGNED_KIND_MAX + 1],
			    uint8_t signature[crypto_sign_BYTES], size_t *head)
{
	size_t magic = sizeof signed_magic - 1;
	if (length < magic || memcmp(document, signed_magic, magic) != 0)
		return ERR_INVALID;
	const char *at = document + magic, *end = document + length;
	size_t kind_length = 0;
	while (at < end && *at >= 'a' && *at <= 'z' && kind_length < SIGNED_KIND_MAX)
		kind[kind_length++] = *at++;
	kind[kind_length] = '\0';
	if (kind_length == 0 || (size_t) (end - at) < 1 + SIGNED_HEX + 1 || at[0] != ' ' || at[1 + SIGNED_HEX] != '\n')
		return ERR_INVALID;
	char hex[SIGNED_HEX + 1], again[SIGNED_HEX + 1];
	memcpy(hex, at + 1, SIGNED_HEX);
	hex[SIGNED_HEX] = '\0';
	if (codec_unhex(hex, signature, crypto_sign_BYTES) != ERR_OK)
		return ERR_INVALID;
	codec_hex(signature, crypto_sign_BYTES, again);
	*head = (size_t) (at - document) + 1 + SIGNED_HEX + 1;
	return memcmp(hex, again, SIGNED_HEX) == 0 ? ERR_OK : ERR_INVALID; /* lower case only: one document, one text */
}

enum err signed_decode(const char *kind, const char *document, size_t length,
		       const uint8_t public_key[KEYS_PUBLIC_BYTES], const char **body, size_t *body_length)
{
	signed_assert_kind(kind);
	char given[SIGNED_KIND_MAX + 1];
	uint8_t signature[crypto_sign_BYTES];
	size_t head = 0;
	enum err error = signed_head(document, length, given, signature, &head);
	if (error != ERR_OK)
		return error;
	if (length - head > SIGNED_BODY_MAX)
		return ERR_INVALID;
	if (strcmp(given, kind) != 0)
		return ERR_DENIED;
	CLEANUP_STRBUF struct strbuf message;
	signed_message(kind, document + head, length - head, &message);
	error = strbuf_error(&message);
	if (error != ERR_OK)
		return error;
	if (crypto_sign_verify_detached(signature, (const uint8_t *) message.data, message.length, public_key) != 0)
		return ERR_DENIED;
	*body = document + head;
	*body_length = length - head;
	return ERR_OK;
}
