/* SPDX-License-Identifier: MIT */
/* catalogue.c: fuzzes the opener of catalogues (lib/catalogue): link, manifest, key set, and what is behind the hash when all of it is right.
 *
 * A real catalogue is published once, in memory. The input: a byte, then by its lowest two bits 0: the manifest file as it stands; 1: the
 * manifest's body, signed here by the content key, in which %KEYSET%, %HASH%, %BYTES% and %SERIAL% stand for the real ones; 2: a key set's body,
 * signed by the root, in a manifest that is right in all else; 3: what the link "current" leads to. A manifest that is taken must be
 * canonical, and its catalogue answer for an event. */
#include "fuzz.h"

#include <sys/wait.h>

/* The tests' sample catalogue says what is wrong with it through cmocka. */
#include "unit/lib/catalogue/sample.h"

#include "lib/base/codec.h"
#include "lib/catalogue/directory.h"
#include "lib/catalogue/manifest.h"

#include <jansson.h>

static struct sample *sample;
static char name[DIRECTORY_NAME], manifest_path[512], link_path[512], hash[65];
static unsigned long long database_bytes;

static void set_up(void)
{
	uint64_t serial = 0;
	uint8_t digest[32];
	FUZZ_CHECK(keys_start() == ERR_OK);
	sample = sample_new("catalogue");
	FUZZ_CHECK(sample_publish(sample) == ERR_OK);
	int root = open(sample->root_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	FUZZ_CHECK(root >= 0 && directory_current(root, name, &serial) == ERR_OK && serial == 1);
	int dir = openat(root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int database = openat(dir, "catalogue.db", O_RDONLY | O_CLOEXEC);
	uint64_t bytes = 0;
	FUZZ_CHECK(keys_hash_fd(database, &bytes, digest) == ERR_OK);
	codec_hex(digest, sizeof digest, hash);
	database_bytes = bytes;
	snprintf(manifest_path, sizeof manifest_path, "%s/%s/manifest", sample->root_dir, name);
	snprintf(link_path, sizeof link_path, "%s/current", sample->root_dir);
	chmod(manifest_path, 0600);
	fchmod(dir, 0700);
	close(database);
	close(dir);
	close(root);
}

/* TEXT as the inside of a JSON string. */
static void put_escaped(struct strbuf *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\n')
			strbuf_puts(out, "\\n");
		else if (text[i] == '"')
			strbuf_puts(out, "\\\"");
		else
			strbuf_putc(out, text[i]);
	}
}

static void fill(const struct fuzz_input *input, const char *keyset, size_t keyset_length, struct strbuf *out)
{
	for (size_t i = 0; i < input->left; i++) {
		const char *at = (const char *) input->at + i;
		size_t left = input->left - i, taken = 1;
		if (left >= 8 && memcmp(at, "%KEYSET%", 8) == 0) {
			put_escaped(out, keyset, keyset_length);
			taken = 8;
		} else if (left >= 6 && memcmp(at, "%HASH%", 6) == 0) {
			strbuf_puts(out, hash);
			taken = 6;
		} else if (left >= 7 && memcmp(at, "%BYTES%", 7) == 0) {
			strbuf_putf(out, "%llu", database_bytes);
			taken = 7;
		} else if (left >= 8 && memcmp(at, "%SERIAL%", 8) == 0) {
			strbuf_putc(out, '1');
			taken = 8;
		} else {
			strbuf_putc(out, *at);
		}
		i += taken - 1;
	}
}

/* The manifest was taken: its body is the one text that means this. */
static void check_canonical(void)
{
	static char text[256 * 1024 + 1];
	json_error_t trouble;
	int fd = open(manifest_path, O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, text, sizeof text - 1);
	close(fd);
	FUZZ_CHECK(length > 0);
	const char *body = memchr(text, '\n', (size_t) length);
	FUZZ_CHECK(body++ != NULL);
	size_t body_length = (size_t) (text + length - body);
	json_auto_t *json = json_loadb(body, body_length, JSON_REJECT_DUPLICATES, &trouble);
	FUZZ_CHECK(json != NULL && json_object_size(json) == 5);
	char *again = json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT);
	FUZZ_CHECK(again != NULL && strlen(again) == body_length && memcmp(again, body, body_length) == 0);
	free(again);
}

static void open_it(void)
{
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal = {NULL};
	enum err error = catalogue_open(sample->root_dir, sample->root.public_key, 1, 1, &catalogue, &refusal);
	FUZZ_CHECK(error == ERR_OK || error == ERR_CORRUPT || error == ERR_DENIED || error == ERR_NOT_FOUND);
	FUZZ_CHECK(error == ERR_OK || refusal.reason != NULL);
	if (error != ERR_OK)
		return;
	struct arena arena;
	struct catalogue_event *event = NULL;
	const struct form *form = NULL;
	arena_init(&arena, 64 * 1024);
	check_canonical();
	FUZZ_CHECK(catalogue_event(catalogue, "e4k7qx", &arena, &event) == ERR_OK && event->forms_count == 1);
	FUZZ_CHECK(catalogue_form(catalogue, event->forms[0].form, event->forms[0].version, &form) == ERR_OK);
	FUZZ_CHECK(catalogue_event(catalogue, "E4K7Q", &arena, &event) == ERR_NOT_FOUND);
	arena_fini(&arena);
	catalogue_close(catalogue);
}

static void from_body(const struct fuzz_input *input, const char *keyset, size_t keyset_length, struct arena *arena)
{
	struct strbuf body;
	char *document = NULL;
	size_t length = 0;
	strbuf_init(&body, 1024 * 1024);
	fill(input, keyset, keyset_length, &body);
	if (strbuf_error(&body) == ERR_OK && signed_encode("manifest", strbuf_text(&body), body.length,
							   &sample->content_pair, arena, &document, &length) == ERR_OK)
		fuzz_write(manifest_path, document, length);
	strbuf_fini(&body);
	if (document != NULL)
		open_it();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char whole[] = "{\"bytes\":%BYTES%,\"database\":\"%HASH%\",\"format\":1,\"keyset\":\"%KEYSET%\","
				    "\"serial\":%SERIAL%}";
	const struct fuzz_input right = {(const uint8_t *) whole, sizeof whole - 1};
	if (sample == NULL)
		set_up();
	struct fuzz_input input = {data, size};
	struct arena arena;
	char *keyset = sample->keyset_text, *target = NULL;
	size_t keyset_length = sample->keyset_length;
	arena_init(&arena, 16 * 1024 * 1024);
	switch (fuzz_byte(&input) & 3) {
	case 0:
		fuzz_write(manifest_path, input.at, input.left);
		open_it();
		break;
	case 1:
		from_body(&input, keyset, keyset_length, &arena);
		break;
	case 2:
		if (signed_encode("keyset", (const char *) input.at, input.left, &sample->root, &arena, &keyset,
				  &keyset_length) == ERR_OK)
			from_body(&right, keyset, keyset_length, &arena);
		break;
	default:
		target = fuzz_text(input.at, input.left);
		unlink(link_path);
		if (symlink(target, link_path) == 0)
			open_it();
		unlink(link_path);
		FUZZ_CHECK(symlink(name, link_path) == 0);
		free(target);
	}
	arena_fini(&arena);
	return 0;
}
