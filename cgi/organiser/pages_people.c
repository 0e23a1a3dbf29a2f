/* SPDX-License-Identifier: MIT */
/* pages_people.c: who may sign in and do what. Nobody here ever chooses another's password: people get an address, and choose it themselves. */
#include "app.h"
#include "controls.h"
#include "roles.h"
#include "routes.h"
#include "pages/organiser/address.h"
#include "pages/organiser/people.h"
#include "pages/organiser/person.h"

#include "lib/view/organiser_accounts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 24 * 3600, INVITATION_DAYS = 7, RESET_DAYS = 1 };

static const char *about(const struct visit *visit, const struct office_account *account)
{
	const char *areas = role_areas(visit, account);
	const struct words_fill fills[] = {
		{"name", account->name}, {"role", role_words(visit, account->role)}, {"areas", areas}};
	return visit_words_fill(visit, *areas ? WORD_o_person_meta_areas : WORD_o_person_meta, fills, *areas ? 3 : 2);
}

static struct page_line line_of(const struct visit *visit, const struct office_account *account)
{
	bool is_ended = account->state == ACCOUNT_ENDED, is_invited = account->state == ACCOUNT_INVITED;
	return (struct page_line){
		.title = account->shown,
		.url = visit_url(visit, "/people/%lld", (long long) account->id),
		.meta = about(visit, account),
		.tag = visit_words(visit, is_ended            ? WORD_o_person_ended
					  : is_invited        ? WORD_o_person_invited
					  : account->has_totp ? WORD_o_person_active
							      : WORD_o_person_no_second),
		.kind = is_ended                           ? "off"
			: is_invited || !account->has_totp ? "wait"
							   : "good",
	};
}

void people_page(struct visit *visit)
{
	struct office_account *list = NULL;
	size_t count = 0;
	enum err error = office_account_list(visit->office, visit->arena, &list, &count);
	struct page_line *lines = error ? NULL : arena_array(visit->arena, count + 1, struct page_line);
	if (!lines) {
		visit_failed(visit, error ? error : ERR_NOMEM);
		return;
	}
	for (size_t i = 0; i < count; i++)
		lines[i] = line_of(visit, &list[i]);
	visit->page.is_wide = true;
	visit_frame(visit, WORD_o_people_title, "/people");
	const struct page_people model = {.page = visit->page, .people = {lines, count}, .is_alone = count == 1};
	visit_print(visit, 200, organiser_people_html, &model);
}

/* ---- the form ---------------------------------------------------------------------------------------------------------------- */

/* What it shows: of an account, or as typed. */
struct draft {
	struct office_account account;
	bool has_role;
	bool is_stale;
};

static bool has_area(const struct office_account *account, const char *name)
{
	for (size_t i = 0; i < account->areas_count; i++)
		if (strcmp(account->areas[i], name) == 0)
			return true;
	return false;
}

static struct control role_control(const struct visit *visit, const struct draft *draft)
{
	/* The most usual first. */
	static const enum account_role order[] = {ACCOUNT_ORGANISER, ACCOUNT_ANALYST, ACCOUNT_KEYER,
						  ACCOUNT_ADMINISTRATOR};
	struct control_option *options = arena_array(visit->arena, ACCOUNT_ROLE_COUNT, struct control_option);
	for (size_t i = 0; options && i < ACCOUNT_ROLE_COUNT; i++)
		options[i] = (struct control_option){.value = account_role_name(order[i]),
						     .label = role_words(visit, order[i]),
						     .hint = role_hint(visit, order[i]),
						     .is_chosen = draft->has_role && draft->account.role == order[i]};
	return control_options(visit, "role", (int) WORD_o_role, CONTROL_NO_HINT, options,
			       options ? ACCOUNT_ROLE_COUNT : 0);
}

static struct control areas_control(const struct visit *visit, const struct draft *draft)
{
	const struct organisation *organisation = visit->organisation;
	struct control_option *options =
		arena_array(visit->arena, organisation->areas_count + 1, struct control_option);
	for (size_t i = 0; options && i < organisation->areas_count; i++)
		options[i] =
			(struct control_option){.value = organisation->areas[i].name,
						.label = visit_text(visit, &organisation->areas[i].title),
						.is_chosen = has_area(&draft->account, organisation->areas[i].name)};
	struct control control = control_options(visit, "area", (int) WORD_o_areas, (int) WORD_o_areas_hint, options,
						 options ? organisation->areas_count : 0);
	control.is_small = true;
	return control;
}

static void fill_acts(const struct visit *visit, const struct office_account *person, struct page_person *model)
{
	long long id = (long long) person->id;
	model->is_self = person->id == visit->account->id;
	model->is_invited = person->state == ACCOUNT_INVITED;
	model->is_ended = person->state == ACCOUNT_ENDED;
	model->is_active = person->state == ACCOUNT_ACTIVE && !model->is_self;
	model->has_totp = person->has_totp;
	model->about = person->name;
	model->reset = visit_url(visit, "/people/%lld/reset", id);
	model->sessions = visit_url(visit, "/people/%lld/sessions", id);
	if (!model->is_self && !model->is_ended)
		model->end = visit_url(visit, "/people/%lld/end", id);
	const struct words_fill fills[] = {{"name", person->shown}, {"role", role_words(visit, person->role)}};
	model->now = visit_words_fill(visit, WORD_o_person_now, fills, 2);
}

/* The page of a new person (visit->person NULL), or of one that there is. */
static void show(struct visit *visit, int status, const struct draft *draft)
{
	const struct office_account *person = visit->person;
	struct page_person model = {.is_new = !person, .is_stale = draft->is_stale, .end = {""}};
	visit_back(visit, WORD_o_person_back, view_url("/people"));
	if (person) {
		visit_frame_text(visit, person->shown, "/people");
		fill_acts(visit, person, &model);
		model.title = person->shown;
		model.action = visit_url(visit, "/people/%lld", (long long) person->id);
		model.version = arena_printf(visit->arena, "%u", (unsigned) person->version);
	} else {
		visit_frame(visit, WORD_o_people_new, "/people");
		model.title = visit_words(visit, WORD_o_people_new);
		model.action = view_url("/people/new");
		model.version = "0";
	}
	model.page = visit->page;
	size_t count = 0;
	struct control_option *languages = role_languages(visit, draft->account.language, &count);
	model.shown = control_text(visit, "shown", (int) WORD_o_person_shown, (int) WORD_o_person_shown_hint,
				   draft->account.shown);
	model.name = control_text(visit, "name", (int) WORD_o_person_name, (int) WORD_o_person_name_hint,
				  draft->account.name);
	model.name.inputmode = "email";
	model.role = role_control(visit, draft);
	model.areas = areas_control(visit, draft);
	model.language =
		control_options(visit, "language", (int) WORD_o_person_language, CONTROL_NO_HINT, languages, count);
	model.language.is_small = true;
	visit_print(visit, status, organiser_person_html, &model);
}

/* One that the organisation has, or that this person has had all along. */
static bool is_area(const struct visit *visit, const char *name)
{
	for (size_t i = 0; i < visit->organisation->areas_count; i++)
		if (strcmp(visit->organisation->areas[i].name, name) == 0)
			return true;
	return visit->person && has_area(visit->person, name);
}

/* What was typed; mistakes are noted. */
static void read(struct visit *visit, struct draft *draft)
{
	struct office_account *account = &draft->account;
	control_read_text(visit, "shown", (int) WORD_o_person_shown_missing, OFFICE_NAME_MAX, &account->shown);
	draft->has_role = account_role_parse(visit_field(visit, "role"), &account->role) == ERR_OK;
	if (!draft->has_role)
		visit_wrong(visit, "role", visit_words(visit, WORD_o_role_missing));
	account->areas = visit_fields(visit, "area", &account->areas_count);
	bool needs_areas = draft->has_role && role_has_areas(account->role);
	if (needs_areas && account->areas_count == 0)
		visit_wrong(visit, "area", visit_words(visit, WORD_o_areas_missing));
	for (size_t i = 0; i < account->areas_count; i++)
		if (!is_area(visit, account->areas[i]) && !visit_wrong_of(visit, "area"))
			visit_wrong(visit, "area", visit_words(visit, WORD_o_areas_missing));
	account->language = strcmp(visit_field(visit, "language"), "cy") == 0 ? "cy" : "en";
}

/* Roles without Areas are kept without. */
static struct office_account to_keep(const struct draft *draft)
{
	struct office_account account = draft->account;
	if (!role_has_areas(account.role))
		account.areas_count = 0;
	return account;
}

/* ---- one-time addresses --------------------------------------------------------------------------------------------------------- */

/* Makes one for ACCOUNT and shows it: it stands in no store as it is, so the answer to this POST is the only page that has it. WITH_SECOND: takes
 * all else away that signs the account in. */
static void hand_over(struct visit *visit, const struct office_account *account, enum address_purpose purpose,
		      bool with_second)
{
	int days = purpose == ADDRESS_RESET ? RESET_DAYS : INVITATION_DAYS;
	int64_t until_s = visit->now_s + (int64_t) days * DAY_S;
	char token[TOKEN_TEXT];
	uint8_t hash[TOKEN_HASH_BYTES];
	token_new(token);
	token_hash(token, hash);
	const struct office_one_time what = {.purpose = purpose, .account = account->id};
	enum err error = with_second ? office_account_reset(visit->office, account->id, hash, until_s)
				     : office_one_time_add(visit->office, hash, &what, until_s);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	const struct words_fill fills[] = {{"name", account->shown},
					   {"day", visit_date(visit, date_from_days(until_s / DAY_S))}};
	visit_frame(visit, WORD_o_address_title, "/people");
	const struct page_address model = {
		.page = visit->page,
		.text = visit_words_fill(visit, WORD_o_address_text, fills, 2),
		.address = arena_printf(visit->arena, "%s/welcome/%s", visit->app->conf.organiser_url, token),
	};
	visit_print(visit, 200, organiser_address_html, &model);
}

/* False, and sent to set it up: who invites others has a second step, also on a practice instance. */
static bool has_second_step(struct visit *visit)
{
	if (visit->account->has_totp)
		return true;
	visit_go(visit, "/enrol?next=/people/new", (int) WORD_o_done_enrol_first);
	return false;
}

void person_new_page(struct visit *visit)
{
	const struct draft draft = {.account = {.shown = "", .name = "", .language = visit->account->language}};
	if (has_second_step(visit))
		show(visit, 200, &draft);
}

void person_new_post(struct visit *visit)
{
	if (!has_second_step(visit))
		return;
	struct draft draft = {0};
	const char *typed = NULL;
	read(visit, &draft);
	control_read_text(visit, "name", (int) WORD_o_person_name_missing, OFFICE_NAME_MAX, &typed);
	char *name = arena_strdup(visit->arena, typed);
	for (char *at = name; at && *at; at++)
		*at = (char) tolower((unsigned char) *at);
	draft.account.name = name ? name : "";
	int status = 422;
	struct office_account account = to_keep(&draft);
	if (!visit_is_wrong(visit)) {
		enum err error = office_account_add(visit->office, &account, &account.id);
		if (!error) {
			hand_over(visit, &account, ADDRESS_INVITATION, false);
			return;
		}
		if (error != ERR_CONFLICT && error != ERR_INVALID) {
			visit_failed(visit, error);
			return;
		}
		status = error == ERR_CONFLICT ? 409 : 422;
		visit_wrong(visit, "name",
			    visit_words(visit, error == ERR_CONFLICT ? WORD_o_name_taken : WORD_o_name_wrong));
	}
	show(visit, status, &draft);
}

void person_page(struct visit *visit)
{
	const struct draft draft = {.account = *visit->person, .has_role = true};
	show(visit, 200, &draft);
}

void person_post(struct visit *visit)
{
	struct draft draft = {.account = *visit->person};
	read(visit, &draft);
	draft.account.version = (uint32_t) strtoul(visit_field(visit, "version"), NULL, 10);
	if (visit_is_wrong(visit)) {
		show(visit, 422, &draft);
		return;
	}
	struct office_account account = to_keep(&draft);
	enum err error = office_account_change(visit->office, &account);
	draft.is_stale = error == ERR_CONFLICT;
	if (error == ERR_DENIED)
		visit_wrong(visit, "role", visit_words(visit, WORD_o_person_last));
	if (!error)
		visit_go(visit, "/people", (int) WORD_o_done_person);
	else if (error == ERR_CONFLICT || error == ERR_DENIED)
		show(visit, error == ERR_CONFLICT ? 409 : 422, &draft);
	else
		visit_failed(visit, error);
}

void person_reset_post(struct visit *visit)
{
	const struct office_account *person = visit->person;
	bool is_invited = person->state == ACCOUNT_INVITED;
	if (person->state == ACCOUNT_ENDED || person->id == visit->account->id) {
		visit_refused(visit);
		return;
	}
	if (!has_second_step(visit))
		return;
	bool with_second = !is_invited && strcmp(visit_field(visit, "second"), "yes") == 0;
	hand_over(visit, person, is_invited ? ADDRESS_INVITATION : ADDRESS_RESET, with_second);
}

void person_end_post(struct visit *visit)
{
	struct draft draft = {.account = *visit->person, .has_role = true};
	if (visit->person->id == visit->account->id) {
		visit_refused(visit);
		return;
	}
	enum err error = office_account_end(visit->office, visit->person->id);
	if (error == ERR_DENIED) {
		visit_wrong(visit, "", visit_words(visit, WORD_o_person_last));
		show(visit, 422, &draft);
	} else if (error) {
		visit_failed(visit, error);
	} else {
		visit_go(visit, "/people", (int) WORD_o_done_person_end);
	}
}

void person_sessions_end_post(struct visit *visit)
{
	struct office_session *list = NULL;
	size_t count = 0;
	enum err error =
		office_session_list(visit->office, visit->person->id, visit->now_s, visit->arena, &list, &count);
	for (size_t i = 0; !error && i < count; i++) {
		error = office_session_end_id(visit->office, visit->person->id, list[i].id);
		if (error == ERR_NOT_FOUND)
			error = ERR_OK;
	}
	const char *back = arena_printf(visit->arena, "/people/%lld", (long long) visit->person->id);
	if (error)
		visit_failed(visit, error);
	else
		visit_go(visit, back ? back : "/people", (int) WORD_o_done_person_sessions);
}
