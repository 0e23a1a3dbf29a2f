/* SPDX-License-Identifier: MIT */
/* err.h: the failures a function can report, and what they mean outside.
 *
 * Three kinds of trouble are never mixed here. Mistakes of a person are data (lib/form/answers.h). Failures are
 * this enum. Bugs are asserts. */
#ifndef SOUNDINGS_BASE_ERR_H
#define SOUNDINGS_BASE_ERR_H

enum err {
	ERR_OK = 0,
	ERR_NOMEM,     /* no memory, or an arena's ceiling was reached */
	ERR_NOT_FOUND, /* there is no such thing */
	ERR_CONFLICT,  /* it is there already, or something else is */
	ERR_BUSY,      /* somebody else holds it, or did not answer in time: trying again may help */
	ERR_TOO_BIG,   /* over a limit that is written down */
	ERR_INVALID,   /* input that does not follow its format */
	ERR_DENIED,    /* a signature, key, permission or state forbids it */
	ERR_FULL,      /* no room on the disk */
	ERR_IO,        /* the operating system failed to read or write */
	ERR_CORRUPT,   /* stored data that cannot be what we wrote */
	ERR_COUNT
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* A short lower-case name for logs ("not_found"). Static storage. */
const char *err_name(enum err error);

/* A sentence a person can read, without path or SQL ("there is no room on the disk"). Static storage. */
const char *err_words(enum err error);

/* The HTTP status (RFC 9110) that this failure means to a client: 200, 400, 403, 404, 409, 413, 500 or 503. */
int err_http_status(enum err error);

/* The exit code of sysexits.h that this failure means for a command: EX_OK, EX_DATAERR, EX_NOINPUT, ... */
int err_exit_code(enum err error);

#endif
