/* SPDX-License-Identifier: MIT */
/* restore_signer.c: which content key may have signed a backup that is to be believed.
 *
 * A backup carries the key set of its day, so that it can be checked alone; and whoever stole a content key can make one that checks out,
 * for ever. So wherever a key set of a higher serial is known, its content key alone counts. The root signs key sets, so none of
 * these can be made up: not by a thief, nor by a file that lies about. */
#include "soundings/command.h"
#include "restore_parts.h"

#include "lib/base/file.h"
#include "lib/catalogue/catalogue.h"

#include <fcntl.h>
#include <string.h>
#include <sysexits.h>

enum { SIGNER_FILE_MAX = 64 * 1024 };

void restore_note_keyset(struct restoring *restoring, uint64_t serial, const uint8_t content_public[KEYS_PUBLIC_BYTES])
{
	struct keyset_seen *newest = &restoring->newest_keyset;
	if (newest->is_known && newest->serial >= serial)
		return;
	newest->is_known = true;
	newest->serial = serial;
	memcpy(newest->content_public, content_public, KEYS_PUBLIC_BYTES);
}

/* What cannot be read or was not signed by the root says nothing, and is told when keys are taken over. */
int restore_note_found_keysets(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	char *document = NULL;
	size_t length = 0;
	struct keyset keyset;
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal = {.reason = NULL};
	enum err error =
		file_read(AT_FDCWD, instance_path(to, "keys/keyset"), SIGNER_FILE_MAX, &to->arena, &document, &length);
	if (!error)
		error = keyset_decode(document, length, to->root_public, &keyset);
	if (!error)
		restore_note_keyset(restoring, keyset.serial, keyset.content_public);
	if (error == ERR_NOMEM)
		return complain(EX_OSERR, "there is not enough memory");
	if (catalogue_open(instance_path(to, "catalogue"), to->root_public, 0, 0, &catalogue, &refusal) != ERR_OK)
		return EX_OK;
	restore_note_keyset(restoring, catalogue_keyset(catalogue)->serial,
			    catalogue_keyset(catalogue)->content_public);
	catalogue_close(catalogue);
	return EX_OK;
}

bool restore_is_signed_newly(const struct restoring *restoring, const struct backup_file *file)
{
	const struct keyset_seen *newest = &restoring->newest_keyset;
	return !newest->is_known || memcmp(newest->content_public, file->content_public, KEYS_PUBLIC_BYTES) == 0;
}

int restore_check_signer(const struct restoring *restoring)
{
	if (restoring->request->is_old_key || restore_is_signed_newly(restoring, &restoring->self))
		return EX_OK;
	return complain(EX_NOPERM,
			"%s was signed by a content key that another has replaced since: if that was because the old "
			"one was stolen, the thief can have made this file. Take a backup that is newer than the "
			"change. If you know where this one has been, and that it is yours: %s restore %s --old-key",
			restoring->request->file, command(), restoring->request->file);
}
