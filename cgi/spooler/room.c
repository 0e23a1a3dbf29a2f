/* SPDX-License-Identifier: MIT */
/* room.c: the floor below which nothing new is taken, and spool/ballast.
 *
 * While the ballast is gone its bytes count as taken: new envelopes must not have the room that deleting needs. */
#include "spooler/room.h"

#include "spooler/place.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/spool/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { ROOM_BLOCK = 512 /* of st_blocks, whatever the disk's are */ };

/* What is free, and what must be, when the ballast is there or is to be made. True when the disk tells. */
static bool room_ask(const struct room *room, uint64_t *free_bytes, uint64_t *floor_bytes)
{
	struct statvfs disk;
	if (statvfs(PLACE_SPOOL, &disk) < 0)
		return false;
	*free_bytes = (uint64_t) disk.f_bavail * disk.f_frsize;
	*floor_bytes = folder_floor((uint64_t) disk.f_blocks * disk.f_frsize, room->free_min_mib);
	return true;
}

/* Says how it is. With no floor the disk itself refuses. */
static void room_note(struct room *room, uint64_t free_bytes, uint64_t floor_bytes)
{
	uint64_t wanted = floor_bytes + (room->has_ballast ? 0 : room->ballast_bytes);
	bool is_low = room->free_min_mib > 0 && free_bytes < wanted;
	if (is_low && !room->is_low)
		log_warn("spool.full",
			 "the disk has less room left than is kept free (spool_free_min): nothing more is taken "
			 "until there is room again");
	if (!is_low && room->is_low)
		log_info("spool.recovered", "there is room again: envelopes are taken");
	room->is_low = is_low;
}

void room_look(struct room *room)
{
	uint64_t free_bytes, floor_bytes;
	if (room->free_min_mib > 0 && room_ask(room, &free_bytes, &floor_bytes)) /* else SQLite will say */
		room_note(room, free_bytes, floor_bytes);
}

/* True when the ballast is there as it should be, every block of it. */
static bool room_is_made(const struct room *room)
{
	struct stat status;
	return lstat(FOLDER_BALLAST, &status) == 0 && S_ISREG(status.st_mode) &&
	       (uint64_t) status.st_size == room->ballast_bytes &&
	       (uint64_t) status.st_blocks * ROOM_BLOCK >= room->ballast_bytes;
}

static enum err room_make(const struct room *room)
{
	if (unlink(FOLDER_BALLAST) < 0 && errno != ENOENT)
		return file_err(errno);
	CLEANUP_FD int fd = open(FOLDER_BALLAST, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return file_err(errno);
	enum err error = file_err(posix_fallocate(fd, 0, (off_t) room->ballast_bytes));
	if (error != ERR_OK)
		unlink(FOLDER_BALLAST);
	return error;
}

void room_restore(struct room *room)
{
	uint64_t free_bytes, floor_bytes;
	if (!room_ask(room, &free_bytes, &floor_bytes))
		return;
	if (room->ballast_bytes > 0 && !room->has_ballast && free_bytes >= floor_bytes + room->ballast_bytes) {
		room->has_ballast = room_make(room) == ERR_OK;
		if (!room_ask(room, &free_bytes, &floor_bytes))
			return;
	}
	room_note(room, free_bytes, floor_bytes);
}

void room_init(struct room *room, unsigned free_min_mib, unsigned ballast_mib)
{
	*room = (struct room){.free_min_mib = free_min_mib, .ballast_bytes = (uint64_t) ballast_mib << 20};
	room->has_ballast = room->ballast_bytes > 0 && room_is_made(room);
	if (!room->has_ballast)
		unlink(FOLDER_BALLAST); /* of another size, or not wanted any more */
	room_restore(room);
	if (room->ballast_bytes > 0 && !room->has_ballast)
		log_warn("spool.ballast", "there is no room for %s: on a full disk nothing could be deleted",
			 FOLDER_BALLAST);
}

bool room_is_short(const struct room *room)
{
	return room->is_low || (room->ballast_bytes > 0 && !room->has_ballast);
}

bool room_let_go(struct room *room)
{
	if (!room->has_ballast || unlink(FOLDER_BALLAST) < 0)
		return false;
	room->has_ballast = false;
	/* Some file systems give blocks back with their own next commit only: this asks for it. */
	enum err error = file_sync_dir(AT_FDCWD, PLACE_SPOOL);
	log_warn("spool.ballast",
		 "error=%s the disk is full: the ballast was let go, so that what is filed can be deleted",
		 err_name(error));
	return true;
}
