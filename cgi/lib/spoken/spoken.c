/* SPDX-License-Identifier: MIT */
/* spoken.c: the list of texts, each once, found by its key. BLAKE2b is RFC 7693. */
#include "lib/spoken/spoken_parts.h"

#include "lib/base/codec.h"
#include "lib/base/strbuf.h"
#include "lib/base/utf8.h"

#include <sodium.h>
#include <stdarg.h>
#include <string.h>

enum { SPOKEN_SLOTS_MIN = 1024, SPOKEN_TEXT_MAX = 64 * 1024 };

/* LEFT-TO-RIGHT and RIGHT-TO-LEFT MARK, and the isolates (UAX #9). */
static bool is_direction(uint32_t point)
{
	return point == 0x200e || point == 0x200f || (point >= 0x2066 && point <= 0x2069);
}

const char *spoken_plain(const char *text, struct arena *arena)
{
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, SPOKEN_TEXT_MAX);
	bool is_pending = false;
	uint32_t point;
	for (const char *at = text, *before = at; (point = utf8_next(&at)) != 0; before = at) {
		if (is_direction(point))
			continue;
		if (utf8_is_space(point)) {
			is_pending = out.length > 0;
			continue;
		}
		if (is_pending)
			strbuf_putc(&out, ' ');
		is_pending = false;
		strbuf_put(&out, before, (size_t) (at - before));
	}
	return strbuf_error(&out) == ERR_OK ? arena_strdup(arena, strbuf_text(&out)) : NULL;
}

void spoken_key(const char *language, const char *plain, uint8_t out[SPOKEN_KEY_BYTES])
{
	static const char label[] = "soundings/sound/1";
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, SPOKEN_KEY_BYTES);
	crypto_generichash_update(&state, (const unsigned char *) label, sizeof label); /* with its NUL */
	crypto_generichash_update(&state, (const unsigned char *) language, strlen(language) + 1);
	crypto_generichash_update(&state, (const unsigned char *) plain, strlen(plain));
	crypto_generichash_final(&state, out, SPOKEN_KEY_BYTES);
}

void spoken_name(const void *bytes, size_t length, char out[SPOKEN_NAME_TEXT])
{
	uint8_t hash[crypto_generichash_BYTES_MIN];
	crypto_generichash(hash, sizeof hash, bytes, length, NULL, 0);
	codec_hex(hash, SPOKEN_NAME_BYTES, out);
}

/* ---- the list --------------------------------------------------------------------------------------------------------------- */

void spoken_init(struct spoken *spoken, struct arena *arena)
{
	*spoken = (struct spoken){.arena = arena};
}

/* Keys are hashes: their own first bytes do. */
static size_t slot_of(const struct spoken *spoken, const uint8_t key[SPOKEN_KEY_BYTES])
{
	uint64_t first;
	memcpy(&first, key, sizeof first);
	size_t at = (size_t) first & (spoken->slots_count - 1);
	while (spoken->slots[at] && memcmp(spoken->list[spoken->slots[at] - 1].key, key, SPOKEN_KEY_BYTES) != 0)
		at = (at + 1) & (spoken->slots_count - 1);
	return at;
}

const struct spoken_text *spoken_find(const struct spoken *spoken, const uint8_t key[SPOKEN_KEY_BYTES])
{
	uint32_t found = spoken->slots_count ? spoken->slots[slot_of(spoken, key)] : 0;
	return found ? &spoken->list[found - 1] : NULL;
}

/* Room for one more; slots stay at most half full. */
static bool make_room(struct spoken *spoken)
{
	if (spoken->count == spoken->room) {
		size_t room = spoken->room ? 2 * spoken->room : SPOKEN_SLOTS_MIN / 2;
		struct spoken_text *list =
			arena_grow(spoken->arena, spoken->list, spoken->count, room, sizeof *spoken->list);
		uint32_t *slots = arena_array(spoken->arena, 2 * room, uint32_t);
		if (!list || !slots)
			return false;
		spoken->list = list;
		spoken->room = room;
		spoken->slots = slots;
		spoken->slots_count = 2 * room;
		for (size_t i = 0; i < spoken->count; i++)
			slots[slot_of(spoken, list[i].key)] = (uint32_t) i + 1;
	}
	return true;
}

/* 1 + where the text stands, which may have been there; 0 without memory. A text that was only made of others gets a path when it has
 * one. */
static uint32_t take(struct spoken *spoken, const struct spoken_text *text)
{
	if (!make_room(spoken))
		return 0;
	size_t slot = slot_of(spoken, text->key);
	if (!spoken->slots[slot]) {
		spoken->list[spoken->count] = *text;
		spoken->slots[slot] = (uint32_t) ++spoken->count;
		return spoken->slots[slot];
	}
	struct spoken_text *found = &spoken->list[spoken->slots[slot] - 1];
	if (!found->path && text->path) {
		found->path = text->path;
		found->source = text->source;
		found->tag = text->tag;
	}
	return spoken->slots[slot];
}

static void gather(struct spoken_reader *reader, uint32_t at)
{
	if (at && reader->run && reader->run->count < SPOKEN_PARTS_MAX)
		reader->run->parts[reader->run->count++] = at - 1;
}

/* True where there is anything to say at all. */
static bool has_words(const char *text)
{
	uint32_t point;
	for (const char *at = text; (point = utf8_next(&at)) != 0;)
		if (point >= 0x80 || (point >= '0' && point <= '9') || ((point | 0x20) >= 'a' && (point | 0x20) <= 'z'))
			return true;
	return false;
}

static void put_plain(struct spoken_reader *reader, struct spoken_text text, const char *shown)
{
	text.text = spoken_plain(shown, reader->spoken->arena);
	if (!text.text || !(text.is_sign || has_words(text.text)))
		return;
	text.tag = reader->face.form->languages[reader->face.language].tag;
	spoken_key(text.language, text.text, text.key);
	gather(reader, take(reader->spoken, &text));
}

void spoken_put(struct spoken_reader *reader, const char *language, const char *text, enum spoken_source source,
		const char *path)
{
	struct spoken_text row = {.language = language, .source = source, .path = path};
	if (!text)
		return;
	for (const char *at = text;;) {
		const char *open = strchr(at, '{'), *close = open ? strchr(open, '}') : NULL;
		if (!close && at == text) {
			put_plain(reader, row, at);
			return;
		}
		/* A piece has no recording of the whole, and no name but its key. */
		row.source = SPOKEN_DERIVED;
		row.path = NULL;
		at += strspn(at, " .,;:!?)");
		size_t length = close && open > at ? (size_t) (open - at) : close ? 0 : strlen(at);
		const char *piece = arena_strndup(reader->spoken->arena, at, length);
		if (piece)
			put_plain(reader, row, piece);
		if (!close)
			return;
		at = close + 1;
	}
}

void spoken_put_say(struct spoken_reader *reader, const char *language, const char *text, const char *say)
{
	struct spoken_text row = {.language = language, .say = say, .source = SPOKEN_DERIVED};
	row.is_sign = text && text[0] && !text[1] && (text[0] < '0' || text[0] > '9');
	if (text)
		put_plain(reader, row, text);
}

void spoken_put_word(struct spoken_reader *reader, enum word key)
{
	spoken_put(reader, reader->words_base, face_words(&reader->face, key), SPOKEN_WORDS, word_names[key]);
}

void spoken_put_text(struct spoken_reader *reader, const struct text *text, const char *path, ...)
{
	const char *lang = NULL;
	const char *words = face_text(&reader->face, text, &lang);
	va_list args;
	va_start(args, path);
	const char *name = words ? arena_vprintf(reader->spoken->arena, path, args) : NULL;
	va_end(args);
	spoken_put(reader, lang ? lang : reader->base, words, SPOKEN_FORM, name);
}

uint32_t spoken_put_run(struct spoken_reader *reader, const struct spoken_run *run)
{
	struct spoken *spoken = reader->spoken;
	if (run->count == 1)
		return run->parts[0] + 1;
	CLEANUP_STRBUF struct strbuf whole;
	strbuf_init(&whole, SPOKEN_TEXT_MAX);
	for (size_t i = 0; i < run->count; i++)
		strbuf_putf(&whole, "%s%s", i ? " " : "", spoken->list[run->parts[i]].text);
	struct spoken_text row = {
		.language = reader->base,
		.tag = reader->face.form->languages[reader->face.language].tag,
		.source = SPOKEN_DERIVED,
		.parts = arena_memdup(spoken->arena, run->parts, run->count * sizeof run->parts[0]),
		.parts_count = run->count,
	};
	if (run->count)
		row.text = arena_strdup(spoken->arena, strbuf_text(&whole));
	if (!row.text || !row.parts || strbuf_error(&whole) != ERR_OK)
		return 0;
	spoken_key(row.language, row.text, row.key);
	return take(spoken, &row);
}

/* ---- a face ----------------------------------------------------------------------------------------------------------------- */

static const char *base_of(const char *tag, struct arena *arena)
{
	const char *base = arena_strndup(arena, tag, strcspn(tag, "-"));
	return base ? base : tag;
}

enum err spoken_add(struct spoken *spoken, const struct form *form, int language, const struct words_set *words,
		    const struct organisation *organisation)
{
	const struct language *own = &form->languages[language];
	const struct words *strings = words_for(words, own->tag);
	const char *short_name = organisation_text(organisation, own->tag, &organisation->short_name);
	const char *name = organisation_text(organisation, own->tag, &organisation->name);
	struct spoken_reader reader = {
		.spoken = spoken,
		.organisation = organisation,
		.base = own->base,
		.words_base = base_of(strings->language, spoken->arena),
		.face = {.form = form, .language = language, .words = strings, .arena = spoken->arena},
	};
	/* The event's own stay holes. */
	reader.face.pipes[0] = (struct words_fill){"organisation", short_name ? short_name : ""};
	reader.face.pipes[1] = (struct words_fill){"name", name ? name : ""};
	reader.face.pipes_count = 2;
	spoken->questions = arena_array(spoken->arena, FORM_QUESTIONS_MAX, struct spoken_question);
	spoken->questions_count = 0;
	memset(spoken->blocks, 0, sizeof spoken->blocks);
	if (!spoken->questions)
		return ERR_NOMEM;
	spoken_read_questions(&reader);
	spoken_read_words(&reader);
	return spoken->arena->is_failed ? ERR_NOMEM : ERR_OK;
}

const struct spoken_text *spoken_question(const struct spoken *spoken, const struct question *question)
{
	for (size_t i = 0; i < spoken->questions_count; i++)
		if (spoken->questions[i].question == question)
			return &spoken->list[spoken->questions[i].at];
	return NULL;
}

const struct spoken_text *spoken_block(const struct spoken *spoken, enum spoken_block block, bool is_wales)
{
	uint32_t found = spoken->blocks[is_wales][block];
	return found ? &spoken->list[found - 1] : NULL;
}
