/* SPDX-License-Identifier: MIT */
/* err.c: the one table of failures: what logs call them, what people read, what HTTP and the shell are told.
 *
 * HTTP statuses follow RFC 9110, exit codes sysexits.h. A failure of storage is 503, not 500: what a person wrote is
 * kept on their page and sending again may work. No other file maps failures to either. */
#include "lib/base/err.h"

#include <assert.h>
#include <sysexits.h>

static const struct err_row {
	const char *name;
	const char *words;
	int http_status;
	int exit_code;
} err_table[ERR_COUNT] = {
	[ERR_OK] = {"ok", "all is well", 200, EX_OK},
	[ERR_NOMEM] = {"no_memory", "there is not enough memory", 503, EX_OSERR},
	[ERR_NOT_FOUND] = {"not_found", "there is no such thing", 404, EX_NOINPUT},
	[ERR_CONFLICT] = {"conflict", "it is there already, or something else is in its place", 409, EX_CANTCREAT},
	[ERR_BUSY] = {"busy", "it is in use by somebody else; try again in a moment", 503, EX_TEMPFAIL},
	[ERR_TOO_BIG] = {"too_big", "it is larger than the limit allows", 413, EX_DATAERR},
	[ERR_INVALID] = {"invalid", "it is not written the way it has to be", 400, EX_DATAERR},
	[ERR_DENIED] = {"denied", "it is not allowed", 403, EX_NOPERM},
	[ERR_FULL] = {"full", "there is no room on the disk", 503, EX_IOERR},
	[ERR_IO] = {"io", "the machine could not read or write", 503, EX_IOERR},
	[ERR_CORRUPT] = {"corrupt", "what is stored is damaged", 500, EX_DATAERR},
};

static const struct err_row *err_row(enum err error)
{
	assert((unsigned) error < ERR_COUNT);
	return &err_table[error];
}

const char *err_name(enum err error)
{
	return err_row(error)->name;
}

const char *err_words(enum err error)
{
	return err_row(error)->words;
}

int err_http_status(enum err error)
{
	return err_row(error)->http_status;
}

int err_exit_code(enum err error)
{
	return err_row(error)->exit_code;
}
