/* SPDX-License-Identifier: MIT */
/* backing.c: making a backup while everything runs.
 *
 * The number is taken before anything is read, so that whatever was filed under a lower one is in the file. Keys are read from disk each
 * time, for 'soundings run' lives longer than a key does. What is written is read back and checked before the office hears that it is
 * finished. No plain copy of the office is made; a period's secret never goes in, only its copy sealed to the recovery key. */
#include "backing.h"
#include "backups.h"
#include "command.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/office/keeping.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

enum { SMALL_FILE_MAX = 64 * 1024, BACKING_ARENA_BYTES = 64 * 1024 * 1024, OTHER_PARTS = 5 };

/* A part that fits into memory: everything but the office. */
struct part {
	const char *name;
	char *data;
	size_t length;
};

struct backing {
	struct instance *instance;
	struct arena arena;
	struct date day;
	uint64_t number;
	const char *name; /* of the instance */
	const char *path; /* of the file, absolute */
	struct part *parts;
	size_t parts_count;
	uint64_t bytes; /* of these parts */
	struct backup_head head;
	struct root_pair content;
	struct backup_writer *writer;
};

static int no_memory(void)
{
	return complain(EX_OSERR, "there is not enough memory");
}

/* ---- where it goes ---------------------------------------------------------------------------------------------------- */

int backing_dir(struct instance *instance, const char **dir)
{
	const char *name = instance->conf.backup_dir;
	const char *path = name[0] == '/' ? name : instance_path(instance, name);
	enum err error = file_make_dir(AT_FDCWD, path, 0700);
	if (error)
		return complain_err(error, "the backup folder %s cannot be made or used (backup_dir in soundings.conf)",
				    path);
	*dir = path;
	return EX_OK;
}

/* The last part of the instance's path, in signs that any disk takes. */
static const char *own_name(struct backing *backing)
{
	char real[PATH_MAX];
	const char *slash = realpath(backing->instance->dir, real) ? strrchr(real, '/') : NULL;
	char *name = arena_strdup(&backing->arena, slash && slash[1] ? slash + 1 : "soundings");
	for (char *at = name; at && *at; at++)
		if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
		      *at == '_' || (*at == '.' && at > name)))
			*at = '-';
	return name;
}

/* The folder and, unless FILE names the file itself, the name in it. Everything absolute: the office remembers it. */
static int choose_path(struct backing *backing, const char *file)
{
	struct arena *arena = &backing->arena;
	struct stat status;
	char real[PATH_MAX], day[DATE_TEXT];
	int code = file ? EX_OK : backing_dir(backing->instance, &file);
	if (code != EX_OK)
		return code;
	bool is_there = stat(file, &status) == 0;
	if (!is_there && errno != ENOENT && errno != ENOTDIR)
		return complain_errno(EX_CANTCREAT, "%s cannot be looked at", file);
	bool is_folder = is_there && S_ISDIR(status.st_mode);
	const char *slash = strrchr(file, '/');
	const char *folder = is_folder ? file
			     : slash   ? arena_strndup(arena, file, slash == file ? 1 : (size_t) (slash - file))
				       : ".";
	const char *name = is_folder ? NULL : slash ? slash + 1 : file;
	if (!folder)
		return no_memory();
	if (!realpath(folder, real))
		return complain_errno(EX_CANTCREAT, "the folder %s cannot be used", folder);
	if (name && (*name == '\0' || lstat(file, &status) == 0))
		return complain(EX_CANTCREAT,
				*name ? "%s is there already; a backup never replaces a file: name another"
				      : "the folder %s is not there: make it, or name another",
				file);
	date_format(backing->day, day);
	const char *root = strcmp(real, "/") == 0 ? "" : real;
	backing->path = name ? arena_printf(arena, "%s/%s", root, name)
			     : arena_printf(arena, "%s/%s-%06llu-%s.backup", root, backing->name,
					    (unsigned long long) backing->number, day);
	return backing->path ? EX_OK : no_memory();
}

/* ---- the small parts --------------------------------------------------------------------------------------------------- */

static int add_part(struct backing *backing, const char *name, const char *path)
{
	struct part *part = &backing->parts[backing->parts_count];
	part->name = name;
	enum err error = file_read(AT_FDCWD, path, SMALL_FILE_MAX, &backing->arena, &part->data, &part->length);
	if (error)
		return complain_err(error, "%s cannot be read for the backup", path);
	backing->parts_count++;
	backing->bytes += part->length;
	return EX_OK;
}

static bool is_sealed_name(const char *name)
{
	uint8_t id[KEYS_ID_BYTES];
	char hex[2 * KEYS_ID_BYTES + 1] = "";
	if (strlen(name) != 2 * KEYS_ID_BYTES + strlen(".sealed") || strcmp(name + 2 * KEYS_ID_BYTES, ".sealed") != 0)
		return false;
	memcpy(hex, name, 2 * KEYS_ID_BYTES);
	return codec_unhex(hex, id, sizeof id) == ERR_OK;
}

static int add_sealed(struct backing *backing)
{
	struct arena *arena = &backing->arena;
	const char *dir = instance_path(backing->instance, "keys/sealed");
	DIR *folder = opendir(dir);
	if (!folder)
		return complain_errno(EX_NOINPUT, "%s cannot be read", dir);
	int code = EX_OK;
	size_t capacity = OTHER_PARTS;
	for (const struct dirent *entry; code == EX_OK && (entry = readdir(folder)) != NULL;) {
		if (!is_sealed_name(entry->d_name))
			continue;
		if (backing->parts_count == capacity) {
			capacity *= 2;
			backing->parts = arena_grow(arena, backing->parts, backing->parts_count, capacity,
						    sizeof *backing->parts);
		}
		const char *name = arena_printf(arena, "sealed/%s", entry->d_name);
		const char *path = arena_printf(arena, "%s/%s", dir, entry->d_name);
		code = backing->parts && name && path ? add_part(backing, name, path) : no_memory();
	}
	closedir(folder);
	return code;
}

/* Key set first, sealed copies after it: 'key rotate' writes them the other way round, so none that the set names is missing. */
static int read_parts(struct backing *backing)
{
	static const char *const files[][2] = {
		{"root.pub", "front/root.pub"},
		{"keyset", "keys/keyset"},
		{"content.secret", "keys/content.secret"},
		{"soundings.conf", "soundings.conf"},
	};
	backing->parts = arena_array(&backing->arena, OTHER_PARTS, struct part);
	if (!backing->parts)
		return no_memory();
	int code = EX_OK;
	for (size_t i = 0; code == EX_OK && i < sizeof files / sizeof files[0]; i++)
		code = add_part(backing, files[i][0], instance_path(backing->instance, files[i][1]));
	return code == EX_OK ? add_sealed(backing) : code;
}

/* 'key rotate' has the backup made before the key set with the new period is on disk, so that nobody can seal to a period that no backup
 * holds: then the one in its hands is the one that counts. */
static void take_newer_keyset(struct backing *backing, struct part *document)
{
	const struct instance *instance = backing->instance;
	struct keyset keyset;
	if (keyset_decode(document->data, document->length, instance->root_public, &keyset) != ERR_OK ||
	    instance->keyset.serial <= keyset.serial)
		return;
	backing->bytes = backing->bytes - document->length + instance->keyset_length;
	document->data = instance->keyset_document;
	document->length = instance->keyset_length;
}

/* The key set of the parts, and the content key that belongs to it. */
static int read_keys(struct backing *backing)
{
	const struct part *document = &backing->parts[1], *secret = &backing->parts[2];
	struct keyset keyset;
	take_newer_keyset(backing, &backing->parts[1]);
	enum err error = keyset_decode(document->data, document->length, backing->instance->root_public, &keyset);
	if (error)
		return complain_err(error, "%s/keys/keyset cannot be used", backing->instance->dir);
	if (secret->length != KEYS_SIGN_SECRET_BYTES)
		return complain(EX_DATAERR, "%s/keys/content.secret is damaged: %s key recover --recovery FILE",
				backing->instance->dir, command());
	memcpy(backing->content.secret_key, secret->data, KEYS_SIGN_SECRET_BYTES);
	memcpy(backing->content.public_key, secret->data + KEYS_SIGN_SECRET_BYTES - KEYS_PUBLIC_BYTES,
	       KEYS_PUBLIC_BYTES);
	if (memcmp(backing->content.public_key, keyset.content_public, KEYS_PUBLIC_BYTES) != 0)
		return complain(
			EX_TEMPFAIL,
			"keys/content.secret is not the one that keys/keyset names; if they are being changed just "
			"now, try again, otherwise: %s key recover --recovery FILE",
			command());
	backing->head = (struct backup_head){.number = backing->number,
					     .day = backing->day,
					     .name = backing->name,
					     .keyset_document = document->data,
					     .keyset_length = document->length};
	memcpy(backing->head.root_public, backing->instance->root_public, KEYS_PUBLIC_BYTES);
	error = office_generation(backing->instance->office, backing->head.generation);
	return error ? complain_err(error, "the office cannot be read") : EX_OK;
}

/* ---- writing ----------------------------------------------------------------------------------------------------------- */

static enum err write_part(struct backing *backing, const struct part *part)
{
	enum err error = backup_part(backing->writer, part->name, part->length);
	return error ? error : backup_write(backing->writer, part->data, part->length);
}

/* The small parts go first, so that whoever reads the file has them before the office. */
static enum err begin_office(void *context, const struct office_digest *digest, uint64_t bytes)
{
	struct backing *backing = context;
	struct part encoded = {.name = "digest"};
	enum err error = office_digest_encode(digest, &backing->arena, &encoded.data, &encoded.length);
	if (!error)
		error = backup_create(backing->path, &backing->head, backing->bytes + encoded.length + bytes,
				      &backing->content, &backing->writer);
	for (size_t i = 0; !error && i < backing->parts_count; i++)
		error = write_part(backing, &backing->parts[i]);
	if (!error)
		error = write_part(backing, &encoded);
	return error ? error : backup_part(backing->writer, "office.db", bytes);
}

static enum err write_office(void *context, const void *data, size_t length)
{
	struct backing *backing = context;
	return backup_write(backing->writer, data, length);
}

static int write_file(struct backing *backing)
{
	const struct office_snapshot snapshot = {.begin = begin_office, .sink = write_office, .context = backing};
	enum err error = office_snapshot(backing->instance->office, &snapshot);
	if (!error)
		error = backup_finish(backing->writer);
	else if (backing->writer)
		backup_abandon(backing->writer);
	backing->writer = NULL;
	if (error == ERR_FULL)
		return complain(EX_IOERR, "there is no room for a backup in %s; nothing was left there", backing->path);
	return error ? complain_err(error, "the backup %s could not be written; nothing was left there", backing->path)
		     : EX_OK;
}

/* Reads back what the disk now says. */
static int check_file(struct backing *backing)
{
	struct backup *backup = NULL;
	const char *reason = NULL;
	enum err error = backup_open(backing->path, &backup, &reason);
	if (!error)
		error = backup_check(backup, &reason);
	if (backup)
		backup_close(backup);
	if (!error)
		return EX_OK;
	unlink(backing->path);
	if (error == ERR_NOMEM)
		return complain_err(error, "the backup could not be read back, so nothing was left in its place");
	return complain(EX_IOERR,
			"the backup was written to %s but cannot be read back (%s); it was removed. Look at the disk",
			backing->path, backups_words(error, reason));
}

/* ---- what a backup that was killed has left ------------------------------------------------------------------------------ */

static bool is_finished(const struct office_backup *list, size_t count, uint64_t number)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].number == number)
			return true;
	return false;
}

/* A file that was whole before the office heard of it is finished now, so that it goes when its time is over like the others. */
static void note_forgotten(struct backing *backing)
{
	struct arena *arena = &backing->arena;
	struct office *office = backing->instance->office;
	struct office_backup *known = NULL;
	struct backup_file *files = NULL;
	size_t known_count = 0, count = 0;
	const char *folder =
		arena_strndup(arena, backing->path, (size_t) (strrchr(backing->path, '/') - backing->path));
	if (!folder || office_backup_list(office, arena, &known, &known_count) != ERR_OK ||
	    backups_in(*folder ? folder : "/", backing->head.root_public, arena, &files, &count) != ERR_OK)
		return;
	for (size_t i = 0; i < count; i++) {
		struct backup *backup = NULL;
		const char *reason = NULL;
		if (files[i].number >= backing->number || is_finished(known, known_count, files[i].number) ||
		    memcmp(files[i].generation, backing->head.generation, sizeof files[i].generation) != 0 ||
		    backup_open(files[i].path, &backup, &reason) != ERR_OK)
			continue;
		enum err error = backup_check(backup, &reason);
		backup_close(backup);
		if (!error)
			error = office_backup_finish(office, files[i].number, files[i].path);
		if (error)
			complain_err(error, "%s is a backup that the office does not know; look at it", files[i].path);
	}
}

/* ---- all of it ----------------------------------------------------------------------------------------------------------- */

static int make(struct backing *backing, const char *file)
{
	struct office *office = backing->instance->office;
	backing->day = date_today();
	backing->name = own_name(backing);
	if (!backing->name)
		return no_memory();
	int code = read_parts(backing);
	if (code == EX_OK)
		code = read_keys(backing);
	if (code != EX_OK)
		return code;
	enum err error = office_backup_begin(office, backing->day, &backing->number);
	if (error)
		return complain_err(error, "the backup could not be begun");
	backing->head.number = backing->number;
	code = choose_path(backing, file);
	if (code == EX_OK)
		code = write_file(backing);
	if (code == EX_OK)
		code = check_file(backing);
	if (code != EX_OK)
		return code;
	error = office_backup_finish(office, backing->number, backing->path);
	if (error)
		return complain_err(error, "the backup %s is whole, but the office could not note it", backing->path);
	note_forgotten(backing);
	return EX_OK;
}

/* A second one waits, and then makes its own, for what was done in between is not in the first. What waited for a restore is told by the
 * office, whose file is another by then. */
int backing_lock(const char *dir, int *fd)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 64 * 1024);
	const char *path = arena_printf(&arena, "%s/run/backup.lock", dir);
	if (!path)
		return no_memory();
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0)
		return complain_errno(EX_CANTCREAT, "%s/run cannot be written", dir);
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return EX_OK;
	complain(EX_OK, "another 'backup' or a 'restore' is at work on %s: waiting until it has ended", dir);
	while (flock(*fd, LOCK_EX) != 0)
		if (errno != EINTR)
			return complain_errno(EX_OSERR, "%s/run cannot be locked", dir);
	return EX_OK;
}

int backing_make(struct instance *instance, const char *file, uint64_t *number, const char **path)
{
	struct backing backing = {.instance = instance};
	CLEANUP_FD int fd = -1;
	int code = backing_lock(instance->dir, &fd);
	if (code != EX_OK)
		return code;
	arena_init(&backing.arena, BACKING_ARENA_BYTES);
	code = make(&backing, file);
	const char *copy = code == EX_OK ? arena_strdup(&instance->arena, backing.path) : NULL;
	if (code == EX_OK && !copy)
		code = no_memory();
	if (number)
		*number = backing.number;
	if (path)
		*path = copy;
	keys_wipe(&backing.content, sizeof backing.content);
	arena_fini(&backing.arena);
	return code;
}
