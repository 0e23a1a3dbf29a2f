/* SPDX-License-Identifier: MIT */
/* judge.c: opens one envelope and decides whether it can be filed (architecture.md, steps 4 to 8; security.md, C1 and C2).
 *
 * Checks in the same functions as intake, and in full: the public program may have been taken over, or never have seen the
 * letter. It must not let one envelope's fault stop the others, and must not log anything of what it reads. */
#include "collector/judge.h"

#include "lib/form/answers.h"

#include <stdio.h>
#include <string.h>

enum { JUDGE_TAG_MAX = 72 }; /* base, "-x-", variant, NUL: both are bounded by letter_decode */

struct judging {
	struct collector *collector;
	struct arena *arena;
	struct verdict *out;
	const struct secret *secret;
	struct catalogue_event *event;
	const struct form *form;
	int language;
	bool is_unknown; /* a newer catalogue might know it */
};

static enum err judge_refuse(struct judging *judging, const char *reason)
{
	judging->out->kind = VERDICT_QUARANTINE;
	judging->out->reason = reason;
	return ERR_OK;
}

static enum err judge_refuse_unknown(struct judging *judging, const char *reason)
{
	judging->is_unknown = true;
	return judge_refuse(judging, reason);
}

/* Each step below returns ERR_OK after a refusal, too; judge_is_refused tells. */
static bool judge_is_refused(const struct judging *judging)
{
	return judging->out->reason != NULL;
}

/* ---- opening ------------------------------------------------------------------------------------------------- */

static enum err judge_open(struct judging *judging, const uint8_t *envelope, size_t length)
{
	struct envelope_header header;
	char *text = NULL;
	size_t text_length = 0;
	if (envelope_peek(envelope, length, &header) != ERR_OK)
		return judge_refuse(judging, "envelope");
	judging->secret = secrets_find(&judging->collector->secrets, header.period);
	if (judging->secret == NULL)
		return judge_refuse_unknown(judging, "period");
	enum err error = envelope_open(envelope, length, &judging->secret->pair, judging->arena, &text, &text_length);
	if (error == ERR_NOMEM)
		return error;
	if (error != ERR_OK)
		return judge_refuse(judging, "forged");
	error = letter_decode(text, text_length, judging->arena, &judging->out->letter);
	if (error == ERR_NOMEM)
		return error;
	return error == ERR_OK ? ERR_OK : judge_refuse(judging, "letter");
}

/* ---- what it is about ---------------------------------------------------------------------------------------- */

static enum err judge_event(struct judging *judging)
{
	const struct letter *letter = &judging->out->letter;
	enum err error = catalogue_event(judging->collector->catalogue, letter->event, judging->arena, &judging->event);
	if (error == ERR_NOT_FOUND)
		return judge_refuse_unknown(judging, "event");
	if (error != ERR_OK || letter->kind == LETTER_WITHDRAWAL)
		return error;
	if (judging->event->state == EVENT_PLANNED)
		return judge_refuse_unknown(judging, "event");
	if (judging->event->is_practice != judging->secret->is_practice)
		return judge_refuse(judging, "period");
	/* Tickets are checked by a later version; until one is, nothing that carries or needs one is filed. */
	if (letter->ticket != NULL || judging->event->wants_tickets)
		return judge_refuse(judging, "ticket");
	return ERR_OK;
}

static enum err judge_is_asked(const struct judging *judging, bool *is_asked)
{
	const char *form = judging->out->letter.form;
	*is_asked = false;
	for (size_t i = 0; i < judging->event->forms_count && !*is_asked; i++)
		*is_asked = strcmp(judging->event->forms[i].form, form) == 0;
	if (*is_asked || judging->event->state != EVENT_RELEASED)
		return ERR_OK;
	return office_event_asks(judging->collector->office, judging->event->code, form, is_asked);
}

static enum err judge_form(struct judging *judging)
{
	const struct letter *letter = &judging->out->letter;
	bool is_asked;
	enum err error = judge_is_asked(judging, &is_asked);
	if (error == ERR_OK && !is_asked)
		return judge_refuse_unknown(judging, "form");
	if (error == ERR_OK)
		error = collector_form(judging->collector, letter->form, letter->version, &judging->form);
	if (error == ERR_NOT_FOUND)
		return judge_refuse_unknown(judging, "form");
	if (error != ERR_OK)
		return error;
	char tag[JUDGE_TAG_MAX];
	int length = snprintf(tag, sizeof(tag), letter->variant[0] != '\0' ? "%s-x-%s" : "%s%s", letter->language,
			      letter->variant);
	judging->language = length < (int) sizeof(tag) ? form_language(judging->form, tag) : -1;
	return judging->language >= 0 ? ERR_OK : judge_refuse(judging, "language");
}

/* ---- answers ------------------------------------------------------------------------------------------------- */

/* Checking drops what the page would have dropped, so what changes here did not come from our page. */
static enum err judge_answers(struct judging *judging, struct answers **out)
{
	const char *canonical = judging->out->letter.answers;
	enum answers_refusal refusal;
	const char *field;
	struct mistakes mistakes;
	char *again = NULL;
	size_t again_length = 0;
	enum err error = answers_decode(judging->form, judging->language, canonical, strlen(canonical), judging->arena,
					out, &refusal, &field);
	if (error == ERR_INVALID)
		return judge_refuse(judging, "answers");
	if (error == ERR_OK)
		error = answers_check(*out, judging->arena, &mistakes);
	if (error == ERR_OK)
		error = answers_encode(*out, ANSWERS_ALL, judging->arena, &again, &again_length);
	if (error != ERR_OK)
		return error;
	bool is_same = again_length == strlen(canonical) && memcmp(again, canonical, again_length) == 0;
	return mistakes.count == 0 && is_same ? ERR_OK : judge_refuse(judging, "answers");
}

/* Takes the free texts out of ANSWERS, which is then encodable without them. */
static enum err judge_take_texts(struct judging *judging, struct answers *answers)
{
	const struct form *form = judging->form;
	struct office_response *response = &judging->out->response;
	struct office_free_text *texts = arena_array(judging->arena, form->fields_count + 1, struct office_free_text);
	if (texts == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < form->fields_count; i++) {
		const struct field *field = &form->fields[i];
		bool is_text = form_field_is_typed(field) && field->question->type == QUESTION_TEXT;
		if (!is_text || !answer_is_given(&answers->of[i]))
			continue;
		texts[response->texts_count++] = (struct office_free_text){
			.field = field->name,
			.language = judging->out->letter.language,
			.text = answers->of[i].text,
			.is_apart = field->question->page->is_apart,
		};
		answers->of[i].text = NULL;
	}
	response->texts = texts;
	return ERR_OK;
}

static enum err judge_split(struct judging *judging, struct answers *answers)
{
	struct office_response *response = &judging->out->response;
	char *plain = NULL;
	char *apart = NULL;
	size_t length;
	enum err error = judge_take_texts(judging, answers);
	if (error == ERR_OK)
		error = answers_encode(answers, ANSWERS_NOT_APART, judging->arena, &plain, &length);
	if (error == ERR_OK)
		error = answers_encode(answers, ANSWERS_APART, judging->arena, &apart, &length);
	response->letter = &judging->out->letter;
	response->answers = plain;
	response->apart_answers = apart;
	response->canonical = judging->out->letter.answers;
	return error;
}

/* ---- ids ----------------------------------------------------------------------------------------------------- */

static void judge_key(const struct secret *secret, struct verdict *out)
{
	memcpy(out->response.period, secret->id, KEYS_ID_BYTES);
	keys_keyed_id(secret->pair.secret_key, out->letter.id, sizeof(out->letter.id), out->response.keyed_id);
	keys_keyed_id(secret->pair.secret_key, out->letter.withdraw, sizeof(out->letter.withdraw),
		      out->response.keyed_withdraw);
}

/* Keys the letter for the first other period under which its id was seen, or its receipt used; *IS_FOUND false when
 * there is none. */
static enum err judge_elsewhere(struct judging *judging, bool asks_withdrawn, bool *is_found)
{
	const struct secrets *secrets = &judging->collector->secrets;
	struct office *office = judging->collector->office;
	*is_found = false;
	for (size_t i = 0; i < secrets->count; i++) {
		const struct secret *other = &secrets->list[i];
		if (other == judging->secret || other->is_practice != judging->secret->is_practice)
			continue;
		judge_key(other, judging->out);
		const struct office_response *response = &judging->out->response;
		enum err error = asks_withdrawn ? office_is_withdrawn(office, response->keyed_withdraw, is_found)
						: office_is_seen(office, response->keyed_id, is_found);
		if (error != ERR_OK || *is_found)
			return error;
	}
	return ERR_OK;
}

/* A page that was open while the key was rotated can send the same response under both periods: it belongs where it was filed first.
 * And a receipt can be used before its response has come at all: the withdrawal lies under the periods there were then, and the
 * response, sent again under a newer one, must find it. */
static enum err judge_home(struct judging *judging)
{
	bool is_found, is_seen_here;
	enum err error = judge_elsewhere(judging, false, &is_found);
	if (error != ERR_OK || is_found)
		return error;
	judge_key(judging->secret, judging->out);
	error = office_is_seen(judging->collector->office, judging->out->response.keyed_id, &is_seen_here);
	if (error != ERR_OK || is_seen_here)
		return error;
	error = judge_elsewhere(judging, true, &is_found);
	if (error == ERR_OK && !is_found)
		judge_key(judging->secret, judging->out);
	return error;
}

/* ---- all of it ----------------------------------------------------------------------------------------------- */

static enum err judge_withdrawal(struct judging *judging)
{
	judging->out->kind = VERDICT_WITHDRAWAL;
	judging->out->is_partial = judging->collector->secrets.lacking_count > 0;
	return judging->out->letter.event[0] == '\0' ? ERR_OK : judge_event(judging);
}

static enum err judge_response(struct judging *judging)
{
	struct answers *answers = NULL;
	judging->out->kind = VERDICT_RESPONSE;
	enum err error = judge_event(judging);
	if (error == ERR_OK && !judge_is_refused(judging))
		error = judge_form(judging);
	if (error == ERR_OK && !judge_is_refused(judging))
		error = judge_answers(judging, &answers);
	if (error == ERR_OK && !judge_is_refused(judging))
		error = judge_split(judging, answers);
	if (error == ERR_OK && !judge_is_refused(judging))
		error = judge_home(judging);
	return error;
}

static enum err judge_once(struct judging *judging, const uint8_t *envelope, size_t length)
{
	judging->is_unknown = false;
	*judging->out = (struct verdict){0};
	enum err error = judge_open(judging, envelope, length);
	if (error != ERR_OK || judge_is_refused(judging))
		return error;
	return judging->out->letter.kind == LETTER_WITHDRAWAL ? judge_withdrawal(judging) : judge_response(judging);
}

enum err judge(struct collector *collector, const uint8_t *envelope, size_t length, struct arena *arena,
	       struct verdict *out)
{
	struct judging judging = {.collector = collector, .arena = arena, .out = out};
	bool is_new = false;
	enum err error = judge_once(&judging, envelope, length);
	if (error == ERR_OK && judging.is_unknown)
		collector_refresh(collector, &is_new);
	return is_new ? judge_once(&judging, envelope, length) : error;
}
