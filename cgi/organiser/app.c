/* SPDX-License-Identifier: MIT */
/* app.c: what a worker works with. Everything is opened before the program confines itself, but for what changes while it runs: keys that sign
 * catalogues, and the office's own files. */
#include "app.h"

#include "lib/account/totp.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "words_organiser.h"
#include "words_organiser_keys.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

enum { TEXTS_ARENA_BYTES = 32 * 1024 * 1024, KEY_FILE_MAX = 64 * 1024 };

/* What is missing or wrong is for whoever set the instance up; what the machine failed at is not. */
static int exit_code(enum err error)
{
	return error == ERR_IO || error == ERR_NOMEM ? err_exit_code(error) : EX_CONFIG;
}

enum err app_content_pair(struct root_pair *out)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, KEY_FILE_MAX);
	char *data = NULL;
	size_t length = 0;
	enum err error = file_read(AT_FDCWD, "keys/content.secret", KEY_FILE_MAX / 2, &arena, &data, &length);
	if (!error && length != KEYS_SIGN_SECRET_BYTES)
		error = ERR_CORRUPT;
	if (error)
		return error;
	memcpy(out->secret_key, data, KEYS_SIGN_SECRET_BYTES);
	/* An Ed25519 secret as libsodium keeps it is seed and public key, one behind the other. */
	memcpy(out->public_key, data + KEYS_SIGN_SECRET_BYTES - KEYS_PUBLIC_BYTES, KEYS_PUBLIC_BYTES);
	return ERR_OK;
}

/* Keys are replaced by renaming another file over them, so another file it is, by number and time (numbers are used again). 0 when there is none. */
static void note_keys(int64_t files[4])
{
	static const char *const paths[] = {"keys/keyset", "keys/content.secret"};
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		struct stat status;
		bool is_there = stat(paths[i], &status) == 0;
		files[2 * i] = is_there ? (int64_t) status.st_ino : 0;
		files[2 * i + 1] = is_there ? (int64_t) status.st_ctim.tv_sec * 1000000000 + status.st_ctim.tv_nsec : 0;
	}
}

bool app_keys_are_other(const struct app *app)
{
	int64_t files[4];
	note_keys(files);
	return memcmp(files, app->keys_at_start, sizeof files) != 0;
}

static enum err derive_secret(struct app *app)
{
	struct root_pair pair;
	enum err error = app_content_pair(&pair);
	if (error)
		return error;
	token_keyed(pair.secret_key, "soundings/organiser/1", "", app->secret); /* under the seed, its first 32 bytes */
	keys_wipe(&pair, sizeof pair);
	return ERR_OK;
}

int app_init(struct app *app, struct arena *arena)
{
	memset(app, 0, sizeof *app);
	struct problems problems;
	problems_init(&problems, arena);
	enum err error = conf_load("soundings.conf", arena, &app->conf, &problems);
	if (error) {
		problems_print(&problems, stderr);
		log_error("organiser.conf", "error=%s", err_name(error));
		return exit_code(error);
	}
	app->is_local = !app->conf.organiser_is_https;
	app->cookie = app->is_local ? "soundings" : "__Host-soundings";
	app->form_cookie = app->is_local ? "soundings-form" : "__Host-soundings-form";
	if (keys_start() != ERR_OK || totp_start() != ERR_OK)
		return EX_SOFTWARE;
	note_keys(app->keys_at_start);
	error = keys_read_root("front/root.pub", app->root_public);
	if (!error)
		error = derive_secret(app);
	if (error) {
		log_error("organiser.keys", "error=%s mend=\"soundings doctor tells what is missing\"",
			  err_name(error));
		return exit_code(error);
	}
	error = gate_new(GATE_AT_ONCE, GATE_QUEUE, &app->gate);
	if (!error)
		error = gate_new(APP_POSTERS_AT_ONCE, 0, &app->poster_gate);
	return error ? EX_OSERR : EX_OK;
}

int app_start(struct app *app)
{
	enum err error = office_open("office/office.db", OFFICE_ORGANISER, &app->office);
	if (error)
		log_error("organiser.office", "error=%s mend=\"soundings doctor tells more\"", err_name(error));
	return error ? exit_code(error) : EX_OK;
}

static void texts_free(struct app_texts *texts)
{
	if (texts)
		arena_fini(&texts->arena);
	free(texts);
}

void app_fini(struct app *app)
{
	office_close(app->office);
	texts_free(app->texts);
	keys_wipe(app->secret, sizeof app->secret);
}

static enum err add_own_words(struct app_texts *texts)
{
	static const struct words_file files[] = {
		{"forms/strings/organiser/en.yaml", "en", words_organiser_en},
		{"forms/strings/organiser/cy.yaml", "cy", words_organiser_cy},
	};
	struct problems problems;
	problems_init(&problems, &texts->arena);
	enum err error = words_add(&texts->words, files, sizeof files / sizeof files[0], word_organiser_names,
				   WORD_ORGANISER_COUNT, &texts->arena, &problems);
	if (error) /* a slip in what was built in */
		problems_print(&problems, stderr);
	return error;
}

/* The office's texts into TEXTS, which is empty. */
static enum err texts_read(struct office *office, struct app_texts *texts)
{
	char *organisation = NULL, *words = NULL;
	enum err error = office_text_get(office, "organisation", &texts->arena, &organisation);
	if (!error)
		error = office_text_get(office, "words", &texts->arena, &words);
	if (!error)
		error = organisation_decode(organisation, strlen(organisation), &texts->arena, &texts->organisation);
	if (!error)
		error = words_decode(words, strlen(words), &texts->arena, &texts->words);
	texts->organisation_json = organisation;
	texts->words_json = words;
	return error ? error : add_own_words(texts);
}

static bool is_current(struct office *office, const struct app_texts *texts)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, TEXTS_ARENA_BYTES);
	char *organisation = NULL, *words = NULL;
	return office_text_get(office, "organisation", &arena, &organisation) == ERR_OK &&
	       office_text_get(office, "words", &arena, &words) == ERR_OK &&
	       strcmp(organisation, texts->organisation_json) == 0 && strcmp(words, texts->words_json) == 0;
}

enum err app_refresh(struct app *app)
{
	if (app->texts && is_current(app->office, app->texts))
		return ERR_OK;
	struct app_texts *fresh = calloc(1, sizeof *fresh);
	if (!fresh)
		return ERR_NOMEM;
	arena_init_mapped(&fresh->arena, TEXTS_ARENA_BYTES);
	enum err error = texts_read(app->office, fresh);
	if (error) {
		texts_free(fresh);
		log_error("organiser.texts", "error=%s", err_name(error));
		return app->texts ? ERR_OK : error; /* what was right a moment ago still does */
	}
	texts_free(app->texts);
	app->texts = fresh;
	return ERR_OK;
}
