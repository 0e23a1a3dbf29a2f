/* SPDX-License-Identifier: MIT */
/* fill.c: fill OFFICE EVENTS: a made office with so many events in every Area over three years, a fifth of them with actions, for `make bench`.
 *
 * It goes through lib/office like every program, and draws from a fixed seed, so that two runs measure the same. */
#include "lib/base/log.h"
#include "lib/form/organisation.h"
#include "lib/office/office.h"
#include "lib/office/organising.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static uint64_t state = 0x9e3779b97f4a7c15u;

/* xorshift64 (Marsaglia, 2003): below LIMIT. */
static unsigned draw(unsigned limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned) (state % limit);
}

static const char *const places[] = {"Slough", "Bangor", "Derby", "Leeds", "Hull", "Truro", "Luton", "Dover"};
static const char *const topics[] = {"Hate crime", "Going to court", "Special measures", "Trust", "Victims' rights"};
static const char *const partners[] = {"People First", "Age UK", "A women's refuge", "A college", ""};

static enum err add_event(struct office *office, const struct organisation *organisation, unsigned number, char *code)
{
	char title[64], topic[64];
	struct arena arena;
	arena_init(&arena, 64 * 1024);
	snprintf(title, sizeof title, "Conversation %u in %s", number, places[draw(8)]);
	snprintf(topic, sizeof topic, "%s", topics[draw(5)]);
	const struct organisation_area *area = &organisation->areas[number % organisation->areas_count];
	const struct catalogue_form_ref forms[] = {{.form = "community-conversation"}};
	const char *const languages[] = {"en", "cy"};
	const struct office_event event = {
		.shown = {.title = title,
			  .place = places[draw(8)],
			  .held_on = {.year = 2025 + (int) draw(3),
				      .month = 1 + (int) draw(12),
				      .day = 1 + (int) draw(28)},
			  .area = area->name,
			  .programme = organisation->programmes[draw((unsigned) organisation->programmes_count)].name,
			  .is_wales = area->is_wales,
			  .state = draw(4) ? EVENT_PLANNED : EVENT_OPEN,
			  .languages = languages,
			  .languages_count = 2,
			  .forms = forms,
			  .forms_count = 1},
	};
	const struct office_event_detail detail = {.partner = partners[draw(5)],
						   .communities = "Older people, young people",
						   .topic = topic,
						   .strand = "",
						   .note = "",
						   .channel = "",
						   .series = "",
						   .points_to = "",
						   .reach = OFFICE_UNKNOWN,
						   .expected = (int64_t) draw(80),
						   .came = OFFICE_UNKNOWN};
	char *fresh = NULL;
	enum err error = office_event_plan(office, &event, &detail, &arena, &fresh);
	if (!error)
		snprintf(code, 8, "%s", fresh);
	arena_fini(&arena);
	return error;
}

static enum err add_action(struct office *office, const char *area, const char *code, unsigned number)
{
	char theme[64];
	snprintf(theme, sizeof theme, "Theme %u", number);
	const struct office_action_text text = {.tag = "en",
						.theme = theme,
						.said = "People told us that waiting at court is hard.",
						.did = "We are making a quiet room with the court."};
	const struct office_action action = {.area = area,
					     .event = code,
					     .status = ACTION_DOING,
					     .many = ACTION_SEVERAL,
					     .owner = "Area manager",
					     .aim = "",
					     .partner = "",
					     .evidence = "",
					     .said_on = {.year = 2026, .month = 1 + (int) draw(12), .day = 1},
					     .due = {.year = 2026, .month = 1 + (int) draw(12), .day = 15},
					     .is_public = draw(2) == 0,
					     .texts = &text,
					     .texts_count = 1};
	int64_t id = 0;
	return office_action_save(office, &action, &id);
}

static enum err fill(struct office *office, const struct organisation *organisation, unsigned events)
{
	enum err error = ERR_OK;
	for (unsigned i = 0; !error && i < events; i++) {
		char code[8] = "";
		error = add_event(office, organisation, i, code);
		if (!error && i % 5 == 0)
			error = add_action(office, organisation->areas[i % organisation->areas_count].name, code, i);
	}
	return error;
}

int main(int argc, char **argv)
{
	log_init("fill");
	if (argc != 3) {
		fputs("usage: fill OFFICE EVENTS\n", stderr);
		return EX_USAGE;
	}
	struct office *office = NULL;
	struct arena arena;
	arena_init(&arena, 4 * 1024 * 1024);
	char *json = NULL;
	struct organisation *organisation = NULL;
	enum err error = office_open(argv[1], OFFICE_CLI, &office);
	if (!error)
		error = office_text_get(office, "organisation", &arena, &json);
	if (!error)
		error = organisation_decode(json, strlen(json), &arena, &organisation);
	if (!error)
		error = fill(office, organisation, (unsigned) strtoul(argv[2], NULL, 10));
	if (error)
		fprintf(stderr, "fill: %s: %s\n", argv[1], err_words(error));
	office_close(office);
	arena_fini(&arena);
	return error ? EX_SOFTWARE : EX_OK;
}
