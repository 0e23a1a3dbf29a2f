/* SPDX-License-Identifier: MIT */
/* instance.h: one instance on disk, as the command line works on it.
 *
 *   soundings.conf        settings                         keys/keyset          the signed key set
 *   office/office.db      the office                       keys/content.secret  signs catalogues
 *   catalogue/            published catalogues             keys/periods/        ID.secret: opens responses (collector)
 *   front/root.pub        what front machines pin          keys/sealed/         ID.sealed: the same, to the recovery key
 *   spool/                the spooler's                    run/                 sockets, nginx's files
 *   pages/                nginx's own pages                recovery-DATE.txt    to be taken away
 *   backups/              unless backup_dir names another  restoring-XXXXXX/    what an interrupted restore left */
#ifndef SOUNDINGS_SOUNDINGS_INSTANCE_H
#define SOUNDINGS_SOUNDINGS_INSTANCE_H

#include "lib/base/arena.h"
#include "lib/base/conf.h"
#include "lib/envelope/keys.h"
#include "lib/office/office.h"

#include <stdbool.h>
#include <stddef.h>

struct instance {
	const char *dir;
	struct arena arena; /* everything below lives in it */
	struct conf conf;
	uint8_t root_public[KEYS_PUBLIC_BYTES];
	struct root_pair content; /* wiped by instance_close */
	char *keyset_document;
	size_t keyset_length;
	struct keyset keyset;
	struct office *office;
};

/* Opens the instance in DIR: settings, keys that the command line may hold, office. Says on standard error what is wrong and
 * how to mend it; the result is a code of sysexits.h. */
int instance_open(struct instance *instance, const char *dir, enum office_role role);
void instance_close(struct instance *instance);

/* What an instance is made of besides its settings, in the order in which it is opened. */
enum instance_part {
	INSTANCE_ROOT,
	INSTANCE_CONTENT,
	INSTANCE_KEYSET, /* while there is no root to check it with, it is not open, and no error of its own */
	INSTANCE_OFFICE,
	INSTANCE_PARTS
};

struct instance_parts {
	bool is_open[INSTANCE_PARTS];
	enum err error[INSTANCE_PARTS];
};

/* The same for who can go on with what there is: only that the settings cannot be read is said, and ends it. Parts that do not open are
 * left empty in INSTANCE; its office is NULL then. */
int instance_open_parts(struct instance *instance, const char *dir, enum office_role role,
			struct instance_parts *parts);

/* What is wrong with a part that gave ERROR, and what that means; and the command that mends it, with the newest backup that can be found,
 * or NULL where nothing here does. In the instance's arena. */
const char *instance_trouble(struct instance *instance, enum instance_part part, enum err error);
const char *instance_mend(struct instance *instance, enum instance_part part, enum err error);

/* DIR/NAME in the instance's arena. Never NULL: ends the program when there is no memory. */
const char *instance_path(struct instance *instance, const char *name);

/* The recovery file that is still on this machine, in the instance's arena; NULL when there is none. */
const char *instance_recovery_file(struct instance *instance);

/* Reads organisation.yaml and strings/ of a forms folder and keeps them in the office for the next catalogue. Prints
 * problems. A code of sysexits.h. */
int instance_take_texts(struct instance *instance, const char *forms_dir);

/* Writes and swaps in a catalogue with the office's present state, and nginx's own pages. A code of sysexits.h. */
int instance_publish(struct instance *instance);

/* "http://127.0.0.1:8080/E4K7QX", from base_url. */
const char *instance_address(struct instance *instance, const char *code);

/* Where the shipped forms are: ./forms, or beside the program's checkout, or /usr/share/soundings/forms. In ARENA. */
const char *instance_forms_dir(struct arena *arena);

/* The folder this program lies in. In ARENA. */
const char *instance_program_dir(struct arena *arena);

/* "soundings: ..." on standard error, and CODE back. */
int complain(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for a failure: "soundings: WHAT: WORDS OF ERROR", and its exit code. */
int complain_err(enum err error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for a system call that has failed: "soundings: WHAT: " and what errno says. Gives USUAL, or, where no other name or right would
 * help (the disk failed or is full, memory lacks), the code of that. */
int complain_errno(int usual, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
