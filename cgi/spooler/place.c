/* SPDX-License-Identifier: MIT */
/* place.c: the spooler's folders, lock and sockets. All paths are relative to the instance: a socket's address has room
 * for 107 bytes only (unix(7)), and instances may lie deep.
 *
 * The lock is flock(2) on the spool folder itself: it ends with the process however that ends, and leaves no file. */
#include "spooler/place.h"

#include "lib/base/file.h"
#include "lib/base/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	PLACE_PATH_MAX = 480, /* SQLite makes paths absolute and takes 512 bytes of them */
	PLACE_BACKLOG = 1024
};

static enum err place_refuse(enum err error, const char *path, const char *why)
{
	log_error("spool.refused", "file=%s error=%s %s", path, err_name(error), why);
	return error;
}

/* Refuses a folder with a permission of FORBIDDEN, or of somebody else's. */
static enum err place_check(const char *path, mode_t forbidden, const char *mend)
{
	struct stat status;
	if (lstat(path, &status) < 0)
		return place_refuse(file_err(errno), path, "it cannot be looked at");
	if (!S_ISDIR(status.st_mode))
		return place_refuse(ERR_DENIED, path, "it must be a folder, not a link or a file");
	if ((status.st_mode & forbidden) != 0)
		return place_refuse(ERR_DENIED, path, mend);
	if (forbidden == 077 && status.st_uid != geteuid())
		return place_refuse(ERR_DENIED, path, "it belongs to somebody else: chown it to the spooler");
	return ERR_OK;
}

static enum err place_make(const char *path)
{
	enum err error = file_make_dir(AT_FDCWD, path, 0700);
	return error == ERR_OK
		       ? ERR_OK
		       : place_refuse(error, path, "it cannot be made: look at the instance's permissions and disk");
}

enum err place_take(int *lock)
{
	*lock = -1;
	char here[PATH_MAX];
	if (getcwd(here, sizeof here) == NULL || strlen(here) > PLACE_PATH_MAX)
		return place_refuse(ERR_TOO_BIG, ".",
				    "the instance's path is too long for SQLite: move it nearer to /");
	enum err error = place_check(".", 022, "others may write in the instance: chmod go-w it");
	if (error == ERR_OK)
		error = place_make(PLACE_SPOOL);
	if (error == ERR_OK)
		error = place_make(PLACE_RUN);
	if (error == ERR_OK)
		error = place_check(PLACE_SPOOL, 077, "others may look into it: chmod 0700 it");
	if (error == ERR_OK)
		error = place_check(PLACE_RUN, 022, "others may write in it: chmod go-w it");
	if (error != ERR_OK)
		return error;

	CLEANUP_FD int fd = open(PLACE_SPOOL, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return place_refuse(file_err(errno), PLACE_SPOOL, "it cannot be opened: chmod 0700 it");
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK
			       ? place_refuse(ERR_BUSY, PLACE_SPOOL,
					      "another spooler serves this instance: stop that one first")
			       : place_refuse(ERR_IO, PLACE_SPOOL, "it cannot be locked: use a local disk");
	*lock = fd;
	fd = -1;
	return ERR_OK;
}

/* One listening socket at PATH. MODE counts before the first connection, for that needs listen(2). */
static enum err place_socket(const char *path, mode_t mode, int *out)
{
	struct stat status;
	if (lstat(path, &status) == 0 && (!S_ISSOCK(status.st_mode) || unlink(path) < 0))
		return place_refuse(ERR_DENIED, path, "something is in the socket's place: remove it");
	CLEANUP_FD int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	assert(strlen(path) < sizeof address.sun_path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (fd < 0 || bind(fd, (const struct sockaddr *) &address, sizeof address) < 0 || chmod(path, mode) < 0 ||
	    listen(fd, PLACE_BACKLOG) < 0)
		return place_refuse(file_err(errno), path,
				    "the socket cannot be made: look at the permissions and the disk");
	*out = fd;
	fd = -1;
	return ERR_OK;
}

enum err place_listen(int *append, int *batch)
{
	/* The group of append.sock may be intake's; what batch.sock can do is for its owner alone. */
	enum err error = place_socket(PLACE_BATCH, 0600, batch);
	return error == ERR_OK ? place_socket(PLACE_APPEND, 0660, append) : error;
}

void place_leave(void)
{
	unlink(PLACE_APPEND);
	unlink(PLACE_BATCH);
}
