/* SPDX-License-Identifier: MIT */
/* keyset.c: fuzzes signed documents and key sets (lib/envelope/keys_signed.c, keyset.c).
 *
 * The input: a byte, then by its lowest bit 0: a signed document as it stands; 1: a key set's body, signed here with the right root, so that
 * the fuzzer gets past the signature. */
#include "fuzz.h"

#include "lib/envelope/keys.h"

static struct root_pair root;

/* A key set that was taken is written as the same document. */
static void check(const char *document, size_t length, struct arena *arena)
{
	struct keyset keyset;
	char *again = NULL;
	size_t again_length = 0, body_length = 0;
	const char *body = NULL;
	enum err error = keyset_decode(document, length, root.public_key, &keyset);
	enum err signature = signed_decode("keyset", document, length, root.public_key, &body, &body_length);
	FUZZ_CHECK(error == ERR_OK || error == ERR_INVALID || error == ERR_DENIED);
	FUZZ_CHECK(signature == ERR_OK || error == signature);
	if (signature == ERR_OK)
		FUZZ_CHECK(body >= document && body + body_length == document + length);
	if (error != ERR_OK)
		return;
	FUZZ_CHECK(keyset_current(&keyset, false) != NULL && keyset_current(&keyset, true) != NULL);
	for (size_t i = 0; i < keyset.periods_count; i++)
		FUZZ_CHECK(keyset_find(&keyset, keyset.periods[i].id) == &keyset.periods[i]);
	FUZZ_CHECK(keyset_encode(&keyset, &root, arena, &again, &again_length) == ERR_OK);
	FUZZ_CHECK(again_length == length && memcmp(again, document, length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t seed[KEYS_SEED_BYTES] = {42};
	static bool is_set_up;
	if (!is_set_up) {
		FUZZ_CHECK(keys_start() == ERR_OK);
		keys_root(seed, &root);
		is_set_up = true;
	}
	struct arena arena;
	arena_init(&arena, 16 * 1024 * 1024);
	struct fuzz_input input = {data, size};
	bool is_signed_here = (fuzz_byte(&input) & 1) != 0;
	char *document = (char *) fuzz_bytes(input.at, input.left);
	size_t length = input.left;
	if (is_signed_here) {
		char *whole = NULL;
		enum err error = signed_encode("keyset", document, length, &root, &arena, &whole, &length);
		FUZZ_CHECK(error == ERR_OK || error == ERR_TOO_BIG);
		free(document);
		document = error == ERR_OK ? (char *) fuzz_bytes(whole, length) : NULL;
	}
	if (document != NULL)
		check(document, length, &arena);
	free(document);
	arena_fini(&arena);
	return 0;
}
