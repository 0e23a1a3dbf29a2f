/* SPDX-License-Identifier: MIT */
/* publishing.c: the next catalogue, right after each change of what attendees see. The change itself is kept already: what goes wrong here is
 * put right by the next publication, at the latest by the daily one. */
#include "visit.h"

#include "app.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/catalogue/catalogue.h"

#include <fcntl.h>
#include <time.h>

enum { PUBLISH_ARENA_BYTES = 512 * 1024 * 1024, KEYSET_FILE_MAX = 64 * 1024, TRIES = 20, PAUSE_NS = 100 * 1000 * 1000 };

/* Everything is read anew, for keys may have been rotated since we started. */
static enum err publish_once(struct visit *visit)
{
	CLEANUP_ARENA struct arena arena;
	arena_init_mapped(&arena, PUBLISH_ARENA_BYTES);
	char *keyset = NULL;
	size_t length = 0;
	struct root_pair pair = {0};
	struct catalogue_content *content = NULL;
	enum err error = file_read(AT_FDCWD, "keys/keyset", KEYSET_FILE_MAX, &arena, &keyset, &length);
	if (!error)
		error = app_content_pair(&pair);
	if (!error)
		error = office_catalogue(visit->office, &arena, &content);
	if (!error)
		error = catalogue_publish("catalogue", content, keyset, length, &pair, visit->app->root_public);
	keys_wipe(&pair, sizeof pair);
	return error;
}

void visit_publish(struct visit *visit)
{
	enum err error = ERR_BUSY;
	for (int i = 0; i < TRIES && error == ERR_BUSY; i++) {
		if (i > 0)
			clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
		error = publish_once(visit);
	}
	if (error ==
	    ERR_CONFLICT) /* somebody has published a higher serial since ours was drawn: with our change in it */
		error = ERR_OK;
	visit->is_unpublished = error != ERR_OK;
	if (error)
		log_error("organiser.publish", "error=%s mend=\"the daily run publishes; soundings doctor tells more\"",
			  err_name(error));
}
