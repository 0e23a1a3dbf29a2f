/* SPDX-License-Identifier: MIT */
/* sample.h: keys, content and a folder to publish into, for the tests of this folder. */
#ifndef TESTS_UNIT_LIB_CATALOGUE_SAMPLE_H
#define TESTS_UNIT_LIB_CATALOGUE_SAMPLE_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/catalogue/catalogue.h"
#include "lib/form/form_document.h"
#include "lib/form/form_load.h"

static const char sample_form_yaml[] = "form: short\n"
				       "title: Tell us about today\n"
				       "time: 1 minute\n"
				       "privacy:\n"
				       "  keep: 24 months\n"
				       "  threshold: 5\n"
				       "programmes: [conversation]\n"
				       "pages:\n"
				       "  - page: today\n"
				       "    title: Today\n"
				       "    questions:\n"
				       "      - name: better\n"
				       "        type: text\n"
				       "        label: What should we do better?\n";

/* As shown_encode writes it. */
static const char sample_shown[] =
	"{\"actions\":[{\"id\":\"0123456789abcdef\",\"many\":\"several\",\"status\":\"heard\","
	"\"texts\":[{\"said\":\"More time to talk\",\"tag\":\"en\",\"theme\":\"Time\"}],"
	"\"updated\":\"2026-12-01\"}],\"format\":\"soundings-shown/1\",\"next_on\":\"2027-02-19\"}";

struct sample {
	char folder[256];     /* everything lies here */
	const char *root_dir; /* the catalogue folder in it */
	struct arena arena;
	struct root_pair root, content_pair;
	struct box_pair periods[2];
	struct keyset keyset;
	char *keyset_text;
	size_t keyset_length;
	struct catalogue_form_version forms[2];
	struct catalogue_form_ref refs[1];
	const char *languages[3];
	struct catalogue_event events[2];
	struct catalogue_area areas[1];
	struct catalogue_content content;
};

static inline void sample_sign_keyset(struct sample *sample)
{
	assert_int_equal(keyset_encode(&sample->keyset, &sample->root, &sample->arena, &sample->keyset_text,
				       &sample->keyset_length),
			 ERR_OK);
}

static inline void sample_keys(struct sample *sample)
{
	keys_new_signing(&sample->root);
	keys_new_signing(&sample->content_pair);
	sample->keyset.serial = 5;
	sample->keyset.periods_count = 2;
	memcpy(sample->keyset.content_public, sample->content_pair.public_key, KEYS_PUBLIC_BYTES);
	for (size_t i = 0; i < 2; i++) {
		struct period *period = &sample->keyset.periods[i];
		keys_new_period(&sample->periods[i]);
		memcpy(period->public_key, sample->periods[i].public_key, KEYS_PUBLIC_BYTES);
		keys_id(period->public_key, period->id);
		period->is_practice = i == 1;
		period->is_current = true;
	}
	sample_sign_keyset(sample);
}

static inline const char *sample_path(struct sample *sample, const char *name)
{
	const char *path = arena_printf(&sample->arena, "%s/%s", sample->folder, name);
	assert_non_null(path);
	return path;
}

static inline void sample_write(const char *path, const void *bytes, size_t length)
{
	unlink(path);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static inline void sample_form(struct sample *sample)
{
	struct form *form = NULL;
	struct problems problems;
	char *document = NULL;
	size_t length = 0;
	assert_int_equal(mkdir(sample_path(sample, "short"), 0755), 0);
	sample_write(sample_path(sample, "short/form.yaml"), sample_form_yaml, strlen(sample_form_yaml));
	problems_init(&problems, &sample->arena);
	enum err error = form_load(sample_path(sample, "short"), NULL, &sample->arena, &form, &problems);
	if (error != ERR_OK)
		problems_print(&problems, stderr);
	assert_int_equal(error, ERR_OK);
	assert_int_equal(form_document_encode(form, &sample->arena, &document, &length), ERR_OK);
	for (uint32_t i = 0; i < 2; i++)
		sample->forms[i] = (struct catalogue_form_version){"short", i + 1, document, length};
}

/* Words whose every string is its own name, and an organisation that has little more than one. */
static inline void sample_texts(struct sample *sample)
{
	struct words words = {.language = "en", .name = "English"};
	struct words_set set = {&words, 1};
	struct organisation organisation = {
		.name = {.of = {"A council"}},
		.short_name = {.of = {"Council"}},
		.exit_url = "https://www.bbc.co.uk/weather",
		.contact_email = "hello@council.example",
		.languages = {{.tag = "en", .variant = "", .base = "en"}},
		.languages_count = 1,
	};
	char *text = NULL;
	size_t length = 0;
	for (size_t i = 0; i < WORD_COUNT; i++)
		words.of[i] = word_names[i];
	assert_int_equal(words_encode(&set, &sample->arena, &text, &length), ERR_OK);
	sample->content.words = text;
	assert_int_equal(organisation_encode(&organisation, &sample->arena, &text, &length), ERR_OK);
	sample->content.organisation = text;
}

static inline void sample_events(struct sample *sample)
{
	sample->languages[0] = "cy";
	sample->languages[1] = "en";
	sample->languages[2] = "en-x-easy";
	sample->refs[0] = (struct catalogue_form_ref){"short", 2};
	sample->events[0] = (struct catalogue_event){
		.code = "E4K7QX",
		.title = "Sgwrs gymunedol \xe2\x80\x9c"
			 "Caf\xc3\xa9\xe2\x80\x9d",
		.place = "Neuadd y dref",
		.held_on = {2026, 11, 21},
		.area = "cymru-wales",
		.programme = "conversation",
		.is_practice = true,
		.is_wales = true,
		.state = EVENT_OPEN,
		.note = "Te am 3.\n<b>Croeso</b>",
		.points_to = "K7QX9M",
		.languages = sample->languages,
		.languages_count = 3,
		.forms = sample->refs,
		.forms_count = 1,
	};
	sample->events[1] = sample->events[0];
	sample->events[1].code = "K7QX9M";
	sample->events[1].title = "A panel meeting";
	sample->events[1].is_practice = sample->events[1].is_wales = false;
	sample->events[1].wants_tickets = true;
	sample->events[1].note = NULL;
	sample->events[1].points_to = NULL;
	sample->events[1].state = EVENT_RELEASED;
	sample->events[1].languages_count = 1;
	sample->events[1].forms_count = 0;
	sample->events[1].is_careful = true;
	sample->events[1].shown = sample_shown;
}

/* A fresh folder, fresh keys, and two form versions and two events to publish. */
static inline struct sample *sample_new(const char *root_name)
{
	struct sample *sample = calloc(1, sizeof *sample);
	assert_non_null(sample);
	arena_init(&sample->arena, 64 * 1024 * 1024);
	const char *place = getenv("TMPDIR");
	snprintf(sample->folder, sizeof sample->folder, "%s/catalogue-test-XXXXXX", place == NULL ? "/tmp" : place);
	assert_non_null(mkdtemp(sample->folder));
	sample->root_dir = sample_path(sample, root_name);
	assert_int_equal(mkdir(sample->root_dir, 0755), 0);
	sample_keys(sample);
	sample_form(sample);
	sample_texts(sample);
	sample_events(sample);
	sample->content.serial = 1;
	sample->content.forms = sample->forms;
	sample->content.forms_count = 2;
	sample->content.events = sample->events;
	sample->content.events_count = 2;
	sample->areas[0] = (struct catalogue_area){"cymru-wales", sample_shown};
	sample->content.areas = sample->areas;
	sample->content.areas_count = 1;
	return sample;
}

/* Removes PATH and all below it. */
static inline void sample_remove(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		char *below = NULL;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		assert_true(asprintf(&below, "%s/%s", path, entry->d_name) > 0);
		if (unlink(below) < 0)
			sample_remove(below);
		free(below);
	}
	if (directory != NULL)
		closedir(directory);
	rmdir(path);
}

static inline void sample_free(struct sample *sample)
{
	sample_remove(sample->folder);
	arena_fini(&sample->arena);
	free(sample);
}

static inline enum err sample_publish(struct sample *sample)
{
	return catalogue_publish(sample->root_dir, &sample->content, sample->keyset_text, sample->keyset_length,
				 &sample->content_pair, sample->root.public_key);
}

static inline enum err sample_open(struct sample *sample, struct catalogue **out, struct catalogue_refusal *refusal)
{
	return catalogue_open(sample->root_dir, sample->root.public_key, 0, 0, out, refusal);
}

/* The serial that front machines would see now; 0 when they would see none. */
static inline uint64_t sample_serial(struct sample *sample)
{
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	if (sample_open(sample, &catalogue, &refusal) != ERR_OK)
		return 0;
	uint64_t serial = catalogue_serial(catalogue);
	catalogue_close(catalogue);
	return serial;
}

/* How many names are in the catalogue folder, but for "." and "..". */
static inline size_t sample_count(struct sample *sample)
{
	size_t count = 0;
	DIR *directory = opendir(sample->root_dir);
	assert_non_null(directory);
	while (readdir(directory) != NULL)
		count++;
	closedir(directory);
	return count - 2;
}

#endif
