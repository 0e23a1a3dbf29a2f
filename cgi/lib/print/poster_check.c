/* SPDX-License-Identifier: MIT */
/* poster_check.c: what a request for a poster may hold.
 *
 * The QR code and the words beside it must lead to the same place: nobody could see that they do not, and half of the people in the
 * hall would stand before another event. A poster for a refuge (domain.md 1.3) hangs where the wrong person may see it. */
#include "lib/print/poster_check.h"

#include "lib/base/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The 45 signs of a QR code's alphanumeric mode (ISO/IEC 18004, table 5), without the space. */
static const char address_signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:";
static const char code_signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

enum { LANG_MAX = 35 /* RFC 5646, 4.4.1 */ };

enum err poster_check_text(const char *key, const char *text, struct poster_trouble *trouble)
{
	size_t length = strlen(text);
	if (!utf8_is_valid(text, length))
		return poster_refuse(trouble, ERR_INVALID, "%s is not UTF-8", key);
	if (length > POSTER_TEXT_MAX_BYTES)
		return poster_refuse(trouble, ERR_TOO_BIG, "%s has %zu bytes, and %d is the most: shorten it", key,
				     length, POSTER_TEXT_MAX_BYTES);
	if (utf8_is_blank(text))
		return poster_refuse(trouble, ERR_INVALID, "%s is empty: write it, or leave the key out if it may be",
				     key);
	uint32_t point;
	for (const char *at = text; (point = utf8_next(&at)) != 0;) {
		bool is_control = (point < 0x20 && point != '\t' && point != '\n' && point != '\r') ||
				  (point >= 0x7f && point < 0xa0 && point != 0x85);
		bool is_none = (point >= 0xfdd0 && point <= 0xfdef) || (point & 0xfffe) == 0xfffe;
		if (is_control || is_none)
			return poster_refuse(trouble, ERR_INVALID,
					     "%s has a sign that cannot be printed (U+%04X): take it out", key,
					     (unsigned) point);
	}
	return ERR_OK;
}

/* SHOWN in capitals begins TEXT. */
static bool is_begin(const char *text, const char *shown)
{
	for (; *shown; shown++, text++)
		if (*text != toupper((unsigned char) *shown))
			return false;
	return true;
}

static enum err check_address(const struct poster_request *request, struct poster_trouble *trouble)
{
	const char *address = request->address, *shown = request->shown_address, *code = request->code;
	size_t length = strlen(address), code_length = strlen(code);
	if (length > POSTER_ADDRESS_MAX_BYTES || strlen(shown) > POSTER_ADDRESS_MAX_BYTES)
		return poster_refuse(trouble, ERR_TOO_BIG,
				     "address has %zu signs, and %d is the most: use a shorter name of the site",
				     length, POSTER_ADDRESS_MAX_BYTES);
	if (strspn(address, address_signs) != length)
		return poster_refuse(
			trouble, ERR_INVALID,
			"address has signs that make a QR code too fine: capitals, digits and - . / : only");
	if (strspn(code, code_signs) != code_length || code_length > POSTER_CODE_MAX_BYTES)
		return poster_refuse(trouble, ERR_INVALID, "code is made of at most %d capitals and digits",
				     POSTER_CODE_MAX_BYTES);
	const char *rest = strncmp(address, "HTTPS://", 8) == 0  ? address + 8
			   : strncmp(address, "HTTP://", 7) == 0 ? address + 7
								 : NULL;
	if (!rest)
		return poster_refuse(trouble, ERR_INVALID,
				     "address begins with HTTPS:// (or HTTP://, in a hall without one)");
	const char *tail = rest + (strlen(shown) < strlen(rest) ? strlen(shown) : strlen(rest));
	if (strspn(shown, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./:") != strlen(shown) ||
	    !is_begin(rest, shown) || *tail != '/' || strncmp(tail + 1, code, code_length) != 0 ||
	    (tail[1 + code_length] != '\0' && tail[1 + code_length] != '/'))
		return poster_refuse(trouble, ERR_INVALID,
				     "address must be shown_address in capitals, / and the code: the QR code and the "
				     "words would lead to two places");
	return ERR_OK;
}

static bool is_lang(const char *lang)
{
	size_t length = strlen(lang);
	if (length < 2 || length > LANG_MAX || !isalpha((unsigned char) lang[0]) || lang[length - 1] == '-')
		return false;
	for (const char *at = lang; *at; at++)
		if (!isalnum((unsigned char) *at) && (*at != '-' || at[1] == '-'))
			return false;
	return true;
}

static enum err check_langs(const struct poster_request *request, struct poster_trouble *trouble)
{
	for (size_t i = 0; i < request->faces_count; i++) {
		if (!is_lang(request->faces[i].lang))
			return poster_refuse(trouble, ERR_INVALID,
					     "faces[%zu].lang is no language tag: en, cy, ar, pa ...", i);
		for (size_t j = 0; j < i; j++)
			if (strcasecmp(request->faces[i].lang, request->faces[j].lang) == 0)
				return poster_refuse(trouble, ERR_INVALID,
						     "faces[%zu].lang is that of faces[%zu]: take one out", i, j);
	}
	return ERR_OK;
}

/* ---- a refuge ---------------------------------------------------------------------------------------------------- */

/* English and Welsh; whoever translates has the same list in the guide. */
static const char *const telling[] = {
	"abuse",     "abused",   "abuser",    "abusive",    "court",       "courts",     "crime",       "crimes",
	"criminal",  "domestic", "justice",   "police",     "prosecution", "prosecutor", "prosecutors", "rape",
	"refuge",    "refuges",  "shelter",   "survivor",   "survivors",   "victim",     "victims",     "violence",
	"violent",   "cam-drin", "dioddefwr", "dioddefwyr", "erlyn",       "erlyniad",   "erlynydd",    "goroeswr",
	"goroeswyr", "heddlu",   "lloches",   "llys",       "llysoedd",    "trais",      "trosedd",     "troseddau",
};

/* The first of the words above in TEXT; NULL: none. */
static const char *find_telling(const char *text)
{
	for (const char *at = text; *at;) {
		size_t length = 0;
		while (isalpha((unsigned char) at[length]) || (at[length] == '-' && length > 0))
			length++;
		for (size_t i = 0; length > 0 && i < sizeof telling / sizeof telling[0]; i++)
			if (strlen(telling[i]) == length && strncasecmp(at, telling[i], length) == 0)
				return telling[i];
		at += length > 0 ? length : 1;
	}
	return NULL;
}

static enum err check_refuge(const struct poster_request *request, struct poster_trouble *trouble)
{
	if (request->kind == POSTER_A3)
		return poster_refuse(
			trouble, ERR_INVALID,
			"kind a3 is no kind for a refuge: a wall tells every visitor; take cards, a tent or a4");
	if (request->organisation || request->event.title)
		return poster_refuse(trouble, ERR_INVALID, "%s cannot be on a poster for a refuge: leave it out",
				     request->organisation ? "organisation" : "event");
	for (size_t i = 0; i < request->faces_count; i++) {
		const struct poster_face *face = &request->faces[i];
		const char *const texts[] = {face->title,     face->lead,  face->what,    face->minutes,
					     face->anonymous, face->until, face->type_it, face->code_label,
					     face->paper,     face->phone, face->alt};
		static const char *const keys[] = {"title",   "lead",       "what",  "minutes", "anonymous", "until",
						   "type_it", "code_label", "paper", "phone",   "alt"};
		for (size_t j = 0; j < sizeof texts / sizeof texts[0]; j++) {
			const char *word = texts[j] ? find_telling(texts[j]) : NULL;
			if (word)
				return poster_refuse(trouble, ERR_INVALID,
						     "faces[%zu].%s says \"%s\": a poster for a refuge must not tell "
						     "what it is about; use other words",
						     i, keys[j], word);
		}
	}
	return ERR_OK;
}

enum err poster_check(const struct poster_request *request, struct poster_trouble *trouble)
{
	enum err error = check_address(request, trouble);
	if (!error)
		error = check_langs(request, trouble);
	if (!error && request->is_refuge)
		error = check_refuge(request, trouble);
	return error;
}
