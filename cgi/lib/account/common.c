/* SPDX-License-Identifier: MIT */
/* common.c: which passwords are among the first that anybody tries.
 *
 * By rules and a short list of roots of our own, not by a list of what has leaked (there is none that may be shipped here). A password is
 * common when, without the digits and signs at its ends and with look-alikes read as letters, nothing is left but one such root, a
 * run of a keyboard or of the alphabet, or few signs repeated. Long ones of several words pass. Pure. */
#include "lib/account/password.h"

#include "lib/base/utf8.h"

#include <ctype.h>
#include <string.h>

enum { FOLDED_MAX = 64, PART_MIN = 4, DIFFERENT_MIN = 4, EXTRA_MAX = 4 };

/* What people choose: the thing itself, the door, the season, the team, the pet, endearments, and what an office would say. */
static const char *const roots[] = {
	"password",   "passwort",  "passw",      "pass",          "secret",       "secure",       "security",
	"letmein",    "letmeinn",  "welcome",    "welcometo",     "hello",        "hellothere",   "login",
	"logon",      "signin",    "admin",      "administrator", "root",         "user",         "username",
	"guest",      "default",   "changeme",   "change",        "changethis",   "access",       "master",
	"manager",    "system",    "server",     "computer",      "internet",     "test",         "testing",
	"tester",     "demo",      "example",    "sample",        "temp",         "temporary",    "trustno",
	"iloveyou",   "ilove",     "loveyou",    "lovely",        "princess",     "prince",       "sunshine",
	"football",   "baseball",  "basketball", "cricket",       "rugby",        "liverpool",    "arsenal",
	"chelsea",    "everton",   "united",     "rangers",       "celtic",       "spurs",        "tottenham",
	"dragon",     "monkey",    "shadow",     "superman",      "batman",       "spiderman",    "starwars",
	"pokemon",    "minecraft", "charlie",    "michael",       "jordan",       "jessica",      "ashley",
	"thomas",     "daniel",    "george",     "harry",         "summer",       "winter",       "spring",
	"autumn",     "january",   "february",   "march",         "april",        "june",         "july",
	"august",     "september", "october",    "november",      "december",     "monday",       "tuesday",
	"wednesday",  "thursday",  "friday",     "saturday",      "sunday",       "christmas",    "easter",
	"holiday",    "england",   "london",     "wales",         "cymru",        "caerdydd",     "cardiff",
	"croeso",     "cyfrinair", "cariad",     "scotland",      "ireland",      "britain",      "manchester",
	"birmingham", "office",    "work",       "company",       "organisation", "organization", "feedback",
	"form",       "forms",     "response",   "event",         "events",       "organiser",    "organizer",
	"soundings",  "sounding",  "survey",     "analyst",       "keyer",        "kiosk",        "service",
	"public",     "private",   "nothing",    "whatever",      "freedom",      "flower",       "butterfly",
	"chocolate",  "cheese",    "banana",     "orange",        "apple",        "ginger",       "pepper",
	"cookie",     "tigger",    "buster",     "bailey",        "maggie",       "mother",       "father",
	"family",     "children",  "baby",       "angel",         "jesus",        "blessed",      "lovelove",
	"killer",     "hunter",    "soccer",     "hockey",        "ninja",        "samsung",      "google",
	"facebook",   "microsoft", "windows",    "android",       "iphone",
};

/* Rows of keyboards, the alphabet and digits, forwards; backwards is looked for too. */
static const char *const runs[] = {"qwertyuiop",
				   "asdfghjkl",
				   "zxcvbnm",
				   "azertyuiop",
				   "qwertzuiop",
				   "abcdefghijklmnopqrstuvwxyz",
				   "01234567890",
				   "1q2w3e4r5t6y7u8i9o0p",
				   "qazwsxedcrfvtgbyhnujmikolp",
				   "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
				   "qawsedrftgyhujikolp"};

/* Lower case, look-alikes as the letters they stand for; of ASCII alone, for what is common elsewhere is not told here. */
static char fold(char sign, bool is_leet)
{
	static const char from[] = "013457@$!|", to[] = "oieastasil";
	const char *found = is_leet ? strchr(from, sign) : NULL;
	return found && sign ? to[found - from] : (char) tolower((unsigned char) sign);
}

/* The folded core of TEXT: without what is no letter at its ends. False when it has too many signs to be looked at. */
static bool core(const char *text, bool is_leet, char out[FOLDED_MAX])
{
	size_t first = 0, last = strlen(text);
	while (text[first] && !isalpha((unsigned char) text[first]) && !(is_leet && isalpha(fold(text[first], true))))
		first++;
	while (last > first && !isalpha((unsigned char) text[last - 1]))
		last--;
	size_t used = 0;
	for (size_t i = first; i < last; i++) {
		char sign = fold(text[i], is_leet);
		if (!isalpha((unsigned char) sign))
			continue;
		if (used == FOLDED_MAX - 1)
			return false;
		out[used++] = sign;
	}
	out[used] = '\0';
	return used > 0;
}

/* True when TEXT is the root, or it several times over. */
static bool is_of(const char *text, const char *root)
{
	size_t length = strlen(root);
	if (length == 0)
		return false;
	while (strncmp(text, root, length) == 0)
		text += length;
	return *text == '\0';
}

/* How many signs at TEXT go on as a row does, in either direction. */
static size_t run_length(const char *text)
{
	size_t best = 1;
	for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
		const char *row = runs[i];
		size_t length = strlen(row);
		for (size_t at = 0; at < length; at++) {
			size_t up = 0, down = 0;
			while (at + up < length && text[up] && text[up] == row[at + up])
				up++;
			while (down <= at && text[down] && text[down] == row[at - down])
				down++;
			best = up > best ? up : best;
			best = down > best ? down : best;
		}
	}
	return best;
}

/* All of it is rows of three signs and more, and at most EXTRA_MAX others. */
static bool is_runs(const char *text)
{
	size_t others = 0, length = strlen(text);
	for (size_t at = 0; at < length;) {
		size_t run = run_length(&text[at]);
		if (run < 3)
			others += run;
		at += run;
	}
	return others <= EXTRA_MAX && others * 2 < length;
}

static size_t count_different(const char *text)
{
	bool is_seen[256] = {false};
	size_t count = 0;
	for (; *text; text++) {
		bool *seen = &is_seen[(unsigned char) *text];
		count += !*seen;
		*seen = true;
	}
	return count;
}

/* "abcabcabc", "12341234": a beginning of at most four signs, again and again. */
static bool is_repeated(const char *text)
{
	size_t length = strlen(text);
	for (size_t period = 1; period <= 4 && period * 2 <= length; period++) {
		size_t i = period;
		while (i < length && text[i] == text[i - period])
			i++;
		if (i == length)
			return true;
	}
	return false;
}

static bool is_all_digits(const char *text)
{
	return strspn(text, "0123456789 -./") == strlen(text) && strlen(text) < PASSWORD_ADVISED;
}

static bool is_root(const char *text)
{
	for (int leet = 0; leet < 2; leet++) {
		char found[FOLDED_MAX];
		if (!core(text, leet != 0, found))
			continue;
		for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
			if (is_of(found, roots[i]))
				return true;
	}
	return false;
}

static bool is_common(const char *text)
{
	char low[PASSWORD_MAX_BYTES + 1];
	size_t length = strlen(text);
	for (size_t i = 0; i <= length; i++)
		low[i] = fold(text[i], false);
	bool is_found = count_different(low) < DIFFERENT_MIN || is_repeated(low) || is_runs(low) ||
			is_all_digits(low) || is_root(text);
	explicit_bzero(low, sizeof low);
	return is_found;
}

/* Whether the folded password is PART and at most EXTRA_MAX letters more. */
static bool is_made_of(const char *folded, const char *part)
{
	return strstr(folded, part) && strlen(folded) <= strlen(part) + EXTRA_MAX;
}

/* The words of NAME one by one, and all of them together: each may be what the password is made of. */
static bool is_of_name(const char *text, const char *name)
{
	char all[FOLDED_MAX] = "", folded[2][FOLDED_MAX] = {"", ""};
	bool is_folded[2] = {core(text, false, folded[0]), core(text, true, folded[1])};
	size_t used = 0;
	for (const char *at = name; *at;) {
		char part[FOLDED_MAX];
		size_t length = 0;
		for (; isalpha((unsigned char) *at); at++)
			if (length < FOLDED_MAX - 1)
				part[length++] = (char) tolower((unsigned char) *at);
		part[length] = '\0';
		for (size_t i = 0; i < length && used < FOLDED_MAX - 1; i++)
			all[used++] = part[i];
		all[used] = '\0';
		for (int i = 0; i < 2; i++)
			if (is_folded[i] && ((length >= PART_MIN && is_made_of(folded[i], part)) ||
					     (used >= PART_MIN && is_made_of(folded[i], all))))
				return true;
		while (*at && !isalpha((unsigned char) *at))
			at++;
	}
	return false;
}

enum password_flaw password_flaw(const char *text, const char *const *context, size_t context_count)
{
	size_t bytes = strlen(text), signs = 0;
	for (const char *at = text; bytes <= PASSWORD_MAX_BYTES && utf8_next(&at) != 0;)
		signs++;
	if (bytes > PASSWORD_MAX_BYTES)
		return PASSWORD_LONG;
	if (signs < PASSWORD_MIN)
		return PASSWORD_SHORT;
	if (is_common(text))
		return PASSWORD_COMMON;
	for (size_t i = 0; i < context_count; i++)
		if (context[i] && is_of_name(text, context[i]))
			return PASSWORD_OF_CONTEXT;
	return PASSWORD_FINE;
}
