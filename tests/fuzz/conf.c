/* SPDX-License-Identifier: MIT */
/* conf.c: fuzzes the reader of soundings.conf (lib/base/conf.c). What it takes must be within what the man page promises. */
#include "fuzz.h"

#include "lib/base/conf.h"

static void check(const struct conf *conf)
{
	FUZZ_CHECK(conf->mode == CONF_MODE_PHONE || conf->mode == CONF_MODE_KIOSK);
	FUZZ_CHECK(conf->port >= 1 && conf->port <= 65535 && conf->workers >= 1 && conf->workers <= 64);
	FUZZ_CHECK(conf->spool_wait_ms >= 100 && conf->spool_wait_ms <= 9000);
	FUZZ_CHECK(conf->batch_min >= 1 && conf->batch_min <= 256);
	/* These go into nginx's configuration and into pages: nothing in them may need quotes. */
	FUZZ_CHECK(strpbrk(conf->listen, " \"';{}$\\\n\r\t#") == NULL && conf->listen[0] != '\0');
	FUZZ_CHECK(strpbrk(conf->base_url, " \"';{}$\\\n\r\t#?<>") == NULL);
	FUZZ_CHECK(strncmp(conf->base_url, "http", 4) == 0 && conf->base_url[strlen(conf->base_url) - 1] != '/');
	FUZZ_CHECK(strpbrk(conf->organiser_listen, " \"';{}$\\\n\r\t#") == NULL && conf->organiser_listen[0] != '\0');
	FUZZ_CHECK(strpbrk(conf->organiser_url, " \"';{}$\\\n\r\t#?<>@%") == NULL && conf->organiser_port <= 65535);
	FUZZ_CHECK(strncmp(conf->organiser_url, conf->organiser_is_https ? "https://" : "http://", 7) == 0);
	FUZZ_CHECK((conf->organiser_certificate == NULL) == (conf->organiser_certificate_key == NULL));
	if (conf->organiser_certificate != NULL)
		FUZZ_CHECK(conf->organiser_is_https &&
			   strpbrk(conf->organiser_certificate, " \"';{}$\\\n\r\t#") == NULL);
	FUZZ_CHECK(conf->nginx[0] == '/' && conf->backup_dir[0] != '\0' && strpbrk(conf->backup_dir, "\n\r") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_there;
	if (!is_there)
		fuzz_enter_folder();
	is_there = true;
	fuzz_write("soundings.conf", data, size);
	struct arena arena;
	struct problems problems;
	struct conf conf;
	arena_init(&arena, 4 * 1024 * 1024);
	problems_init(&problems, &arena);
	enum err error = conf_load("soundings.conf", &arena, &conf, &problems);
	FUZZ_CHECK(error == ERR_OK || (error == ERR_INVALID && problems.count > 0));
	if (error == ERR_OK)
		check(&conf);
	arena_fini(&arena);
	return 0;
}
