/* SPDX-License-Identifier: MIT */
/* cmd_key.h: the verbs of soundings key. cmd_key.c tells them apart and opens the instance; argv[0] is the verb. Each gives a code of
 * sysexits.h. */
#ifndef SOUNDINGS_SOUNDINGS_CMD_KEY_H
#define SOUNDINGS_SOUNDINGS_CMD_KEY_H

#include "instance.h"

/* key shares [--recovery F] -o DIR: three sheets, share-A.pdf to share-C.pdf, in DIR. key sheet [--recovery F] -o FILE: the whole
 * recovery key on one. Of INSTANCE they use dir, arena and root_public and nothing else, so it needs no office and no other key. NULL
 * where there is none: then the source has to be named, and the sheet bears the name that stands in the recovery file. */
int cmd_key_shares(struct instance *instance, int argc, char **argv);
int cmd_key_sheet(struct instance *instance, int argc, char **argv);

#endif
