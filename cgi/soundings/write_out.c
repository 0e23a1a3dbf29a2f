/* SPDX-License-Identifier: MIT */
/* write_out.c: the one place where commands write files for people. */
#include "write_out.h"

#include "folders.h"
#include "instance.h"

#include "lib/base/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

int write_out(const char *file, const void *data, size_t length, mode_t mode)
{
	if (!file || strcmp(file, "-") == 0) {
		bool is_written = fwrite(data, 1, length, stdout) == length && fflush(stdout) == 0;
		return is_written ? EX_OK : complain(EX_IOERR, "standard output cannot be written");
	}
	if (folders_is(file))
		return complain(EX_CANTCREAT, "%s is a folder; name a file in it", file);
	enum err error = file_write(AT_FDCWD, file, data, length, mode);
	return error ? complain_err(error, "%s cannot be written", file) : EX_OK;
}
