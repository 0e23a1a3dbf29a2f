/* SPDX-License-Identifier: MIT */
/* site.h: a real catalogue and an event, for tests that make pages. Include cmocka first; run from the top of the checkout. */
#ifndef SOUNDINGS_TESTS_INTAKE_SITE_H
#define SOUNDINGS_TESTS_INTAKE_SITE_H

#include "intake/form_page.h"

#include "lib/envelope/keys.h"
#include "lib/form/organisation.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SITE_CEILING = 64 * 1024 * 1024 };

/* A real catalogue, for the words and the organisation around each page. */
struct site {
	struct arena arena;
	char folder[64];
	struct app app;
	const char *languages[FORM_LANGUAGES_MAX];
	struct catalogue_form_ref ref;
	struct catalogue_event event;
};

static inline void site_sign(struct site *site, struct root_pair *root, struct root_pair *content, char **document,
			     size_t *length)
{
	struct keyset keyset = {.serial = 1, .periods_count = 2};
	struct box_pair boxes[2];
	assert_int_equal(keys_start(), ERR_OK);
	keys_new_signing(root);
	keys_new_signing(content);
	memcpy(keyset.content_public, content->public_key, KEYS_PUBLIC_BYTES);
	for (size_t i = 0; i < 2; i++) {
		keys_new_period(&boxes[i]);
		memcpy(keyset.periods[i].public_key, boxes[i].public_key, KEYS_PUBLIC_BYTES);
		keys_id(boxes[i].public_key, keyset.periods[i].id);
		keyset.periods[i].is_practice = i == 1;
		keyset.periods[i].is_current = true;
	}
	assert_int_equal(keyset_encode(&keyset, root, &site->arena, document, length), ERR_OK);
	memcpy(site->app.root_public, root->public_key, KEYS_PUBLIC_BYTES);
}

static inline int site_start(void **state)
{
	struct site *site = calloc(1, sizeof(*site));
	struct root_pair root, content_pair;
	struct problems problems;
	struct words_set words = {0};
	struct organisation *organisation = NULL;
	struct catalogue_content content = {.serial = 1};
	struct catalogue_refusal refusal;
	char *keyset = NULL, *text = NULL;
	size_t keyset_length = 0, length = 0;
	assert_non_null(site);
	*state = site;
	arena_init(&site->arena, SITE_CEILING);
	problems_init(&problems, &site->arena);
	snprintf(site->folder, sizeof(site->folder), "/tmp/soundings-site-XXXXXX");
	assert_non_null(mkdtemp(site->folder));
	site_sign(site, &root, &content_pair, &keyset, &keyset_length);
	assert_int_equal(words_load("forms/strings", &site->arena, &words, &problems), ERR_OK);
	assert_int_equal(words_encode(&words, &site->arena, &text, &length), ERR_OK);
	content.words = text;
	assert_int_equal(organisation_load("forms/organisation.yaml", &site->arena, &organisation, &problems), ERR_OK);
	assert_int_equal(organisation_encode(organisation, &site->arena, &text, &length), ERR_OK);
	content.organisation = text;
	assert_int_equal(
		catalogue_publish(site->folder, &content, keyset, keyset_length, &content_pair, site->app.root_public),
		ERR_OK);
	assert_int_equal(catalogue_open(site->folder, site->app.root_public, 0, 0, &site->app.catalogue, &refusal),
			 ERR_OK);
	site->event = (struct catalogue_event){.code = "E4K7QX",
					       .title = "An afternoon",
					       .place = "The hall",
					       .held_on = {2026, 11, 21},
					       .area = "",
					       .programme = "",
					       .state = EVENT_OPEN,
					       .languages = site->languages,
					       .forms = &site->ref,
					       .forms_count = 1};
	return 0;
}

static inline int site_delete_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void) status;
	(void) type;
	(void) walk;
	return remove(path);
}

static inline int site_stop(void **state)
{
	struct site *site = *state;
	catalogue_close(site->app.catalogue);
	nftw(site->folder, site_delete_one, 8, FTW_DEPTH | FTW_PHYS);
	arena_fini(&site->arena);
	free(site);
	return 0;
}

#endif
