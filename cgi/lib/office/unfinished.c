/* SPDX-License-Identifier: MIT */
/* unfinished.c: which forms of an event are not finished, as far as its own languages go.
 *
 * A draft may be better than nothing for somebody who reads no English, and the page says that it is one; but an organiser
 * should have thought about it, and the next one should find out why. A practice event is there to try things. */
#include "lib/office/unfinished.h"

#include "lib/base/utf8.h"
#include "lib/office/events.h"

#include <string.h>

enum { UNFINISHED_BYTES = 64 * 1024 };

/* True when an event with LANGUAGE shows what stands under TAG: the language itself, or its wording for Wales. */
static bool is_shown_in(const char *language, const char *tag, size_t length)
{
	static const char wales[] = "-x-wales";
	size_t own = strlen(language);
	return strncmp(language, tag, own) == 0 &&
	       (length == own || (length == own + sizeof(wales) - 1 && strncmp(tag + own, wales, length - own) == 0));
}

/* One item of what is not finished: "draft-translation cy". */
struct item {
	const char *at;
	size_t length;
	const char *tag; /* NULL: about no one language */
	size_t tag_length;
	bool is_more; /* "more": the list does not say all */
};

/* The item at *AT, which moves behind it. False at the end. */
static bool next_item(const char **at, struct item *out)
{
	if (**at == '\0')
		return false;
	*out = (struct item){.at = *at, .length = strcspn(*at, ",")};
	const char *blank = memchr(*at, ' ', out->length);
	out->tag = blank != NULL ? blank + 1 : NULL;
	out->tag_length = blank != NULL ? out->length - (size_t) (out->tag - *at) : 0;
	out->is_more = out->length == 4 && strncmp(*at, "more", 4) == 0;
	*at += out->length;
	*at += strspn(*at, ", ");
	return true;
}

/* True when LANGUAGE is one of LIST, "cy,en". */
static bool is_in_list(const char *list, const char *language)
{
	size_t own = strlen(language);
	for (const char *at = list; *at != '\0'; at += strcspn(at, ","), at += *at == ',') {
		if (strcspn(at, ",") == own && strncmp(at, language, own) == 0)
			return true;
	}
	return false;
}

/* True when the item concerns the event and no reason was given for that. NOTES NULL: whatever reasons there are. */
static bool is_left(const struct item *item, const struct catalogue_event *event, const struct office_form_notes *notes)
{
	bool has_reason = notes != NULL && *notes->because;
	if (notes != NULL && notes->is_for_all)
		return false;
	if (item->tag == NULL && !item->is_more)
		return !has_reason;
	for (size_t i = 0; i < event->languages_count; i++) {
		const char *language = event->languages[i];
		bool concerns = item->is_more || is_shown_in(language, item->tag, item->tag_length);
		if (concerns && (notes == NULL || !is_in_list(notes->because_for, language)))
			return true;
	}
	return false;
}

bool office_unfinished_concerns(const char *what, const struct catalogue_event *event)
{
	struct item item;
	for (const char *at = what; next_item(&at, &item);) {
		if (is_left(&item, event, NULL))
			return true;
	}
	return false;
}

/* The items that are left, in ARENA; "" when there are none, NULL without memory. */
static const char *left_of(const struct office_form_notes *notes, const struct catalogue_event *event,
			   struct arena *arena)
{
	const char *left = "";
	struct item item;
	for (const char *at = notes->unfinished; left != NULL && next_item(&at, &item);) {
		if (is_left(&item, event, notes))
			left = arena_printf(arena, "%s%s%.*s", left, *left ? ", " : "", (int) item.length, item.at);
	}
	return left;
}

enum err office_event_unfinished(struct office *office, const struct catalogue_event *event, struct arena *arena,
				 struct office_unfinished **out, size_t *count)
{
	*count = 0;
	*out = arena_array(arena, event->forms_count + 1, struct office_unfinished);
	if (*out == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < event->forms_count && !event->is_practice; i++) {
		const char *form = event->forms[i].form;
		uint32_t version = 0;
		char *document = NULL;
		size_t length = 0;
		struct office_form_notes notes = {0};
		enum err error =
			office_form_get(office, form, event->forms[i].version, arena, &version, &document, &length);
		if (!error)
			error = office_form_notes(office, form, version, arena, &notes);
		if (error)
			return error;
		const char *left = left_of(&notes, event, arena);
		if (left == NULL)
			return ERR_NOMEM;
		if (*left)
			(*out)[(*count)++] = (struct office_unfinished){form, version, left};
	}
	return ERR_OK;
}

/* Inside a transaction. */
static enum err keep_reasons(struct office *office, const struct catalogue_event *event,
			     const struct office_unfinished *list, size_t count, const char *because)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, UNFINISHED_BYTES);
	const char *languages = "";
	for (size_t i = 0; languages != NULL && i < event->languages_count; i++)
		languages = arena_printf(&arena, "%s%s%s", languages, i > 0 ? "," : "", event->languages[i]);
	enum err error = languages == NULL ? ERR_NOMEM : ERR_OK;
	for (size_t i = 0; !error && i < count; i++)
		error = office_form_because_for(office, list[i].form, list[i].version, languages, because);
	return error;
}

enum err office_unfinished_because(struct office *office, const struct catalogue_event *event,
				   const struct office_unfinished *list, size_t count, const char *because)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (!error)
		error = keep_reasons(office, event, list, count, because);
	return error ? error : transaction_commit(&transaction);
}

enum err office_event_add_because(struct office *office, const struct office_event *event,
				  const struct office_unfinished *list, size_t count, const char *because,
				  struct arena *arena, char **code)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (!error)
		error = event_insert(office, event, arena, code);
	if (!error)
		error = keep_reasons(office, &event->shown, list, count, because);
	return error ? error : transaction_commit(&transaction);
}

enum err office_event_open_because(struct office *office, const struct catalogue_event *event,
				   const struct office_unfinished *list, size_t count, const char *because,
				   int64_t now_s)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (!error)
		error = event_set_state(office, event->code, EVENT_OPEN, now_s);
	if (!error)
		error = keep_reasons(office, event, list, count, because);
	return error ? error : transaction_commit(&transaction);
}

bool office_because_is_fine(const char *because)
{
	if (!utf8_is_valid(because, strlen(because)) || utf8_is_blank(because))
		return false;
	for (const char *at = because; *at != '\0'; at++)
		if ((unsigned char) *at < ' ' || *at == '\x7f')
			return false;
	return utf8_utf16_length(because) <= OFFICE_WORDS_MAX;
}
