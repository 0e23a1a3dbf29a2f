/* SPDX-License-Identifier: MIT */
/* shown.c: fuzzes what closed events and Areas show (lib/catalogue/shown.c): a document as a front machine reads it out of a catalogue. What is
 * taken is canonical, within its bounds, written again the same, has a text for every language, and holds no sign that HTML or XML may not.
 *
 * The input: the document. It is also taken for the words of an action: whatever somebody types, it can be published. */
#include "fuzz.h"

#include "lib/base/utf8.h"
#include "lib/catalogue/shown.h"

enum { SHOWN_BYTES = 32 * 1024 * 1024 };

static void check_text(const char *text)
{
	FUZZ_CHECK(strlen(text) <= SHOWN_TEXT_MAX && utf8_is_valid(text, strlen(text)));
	for (uint32_t point; (point = utf8_next(&text)) != 0;)
		FUZZ_CHECK(point == '\n' ||
			   (point >= 0x20 && (point < 0x7f || point > 0x9f) && point != 0xfffe && point != 0xffff));
}

static void check_action(const struct shown_action *action)
{
	static const char *const tags[] = {"en", "cy", "en-x-easy", "ur", ""};
	FUZZ_CHECK(strlen(action->id) == SHOWN_ID_BYTES && action->updated.year != 0);
	FUZZ_CHECK(action->texts_count >= 1 && action->texts_count <= CATALOGUE_LANGUAGES_MAX);
	FUZZ_CHECK(action->status < SHOWN_STATUS_COUNT && action->many < SHOWN_MANY_COUNT);
	for (size_t i = 0; i < action->texts_count; i++) {
		check_text(action->texts[i].theme);
		check_text(action->texts[i].said);
		check_text(action->texts[i].did);
	}
	if (action->event != NULL)
		check_text(action->event);
	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
		FUZZ_CHECK(shown_text(action, tags[i]) != NULL);
}

static void read_document(const char *document)
{
	struct arena arena;
	struct shown *shown = NULL;
	char *again = NULL;
	arena_init(&arena, SHOWN_BYTES);
	enum err error = shown_decode(document, &arena, &shown);
	FUZZ_CHECK(error == ERR_OK || error == ERR_CORRUPT);
	if (error == ERR_OK) {
		FUZZ_CHECK(shown->actions_count <= SHOWN_ACTIONS_MAX);
		for (size_t i = 0; i < shown->actions_count; i++)
			check_action(&shown->actions[i]);
		FUZZ_CHECK(shown_encode(shown, &arena, &again) == ERR_OK && strcmp(again, document) == 0);
	}
	arena_fini(&arena);
}

/* What somebody typed, if it is text. */
static void write_words(const char *words)
{
	struct arena arena;
	struct shown *shown = NULL;
	char *document = NULL;
	if (strlen(words) > SHOWN_TEXT_MAX || !utf8_is_valid(words, strlen(words)))
		return;
	const struct shown_text text = {"en", words, words, words};
	const struct shown_action action = {"0123456789abcdef", SHOWN_DONE,   SHOWN_MANY, words,
					    {2027, 3, 8},       {2027, 5, 2}, &text,      1};
	const struct shown one = {.next_on = {2027, 6, 6}, .actions = &action, .actions_count = 1};
	arena_init(&arena, SHOWN_BYTES);
	FUZZ_CHECK(shown_encode(&one, &arena, &document) == ERR_OK);
	FUZZ_CHECK(shown_decode(document, &arena, &shown) == ERR_OK && shown->actions_count == 1);
	check_action(&shown->actions[0]);
	arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	if (strlen(text) == size) {
		read_document(text);
		write_words(text);
	}
	free(text);
	return 0;
}
