/* SPDX-License-Identifier: MIT */
/* catalogue_take.c: the two files of a catalogue's directory, out to a stick and in from one.
 *
 * What comes in is copied first and verified as it lies here, where nobody who holds the stick can change it any more; then it gets its name and the
 * link, as a publication does (catalogue_publish.c). Must not follow a symbolic link on the stick. */
#include "lib/catalogue/catalogue_take.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/base/random.h"
#include "lib/catalogue/database.h"
#include "lib/catalogue/directory.h"
#include "lib/catalogue/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TAKE_MANIFEST_MAX = 1024 * 1024,
	TAKE_CHUNK = 64 * 1024,
	TAKE_NAME = 32, /* of ".new-" or ".current-" and 16 hex digits, with the NUL */
	TAKE_DIR_MODE = 0755,
	TAKE_FILE_MODE = 0644
};

static const struct {
	const char *name;
	off_t most;
} take_files[] = {{"catalogue.db", DATABASE_MAX_BYTES}, {"manifest", TAKE_MANIFEST_MAX}};
enum { TAKE_FILES = sizeof take_files / sizeof take_files[0] };

/* ---- copying ----------------------------------------------------------------------------------------------------------- */

static enum err copy_bytes(int from, int to, off_t most)
{
	char chunk[TAKE_CHUNK];
	off_t total = 0;
	for (;;) {
		ssize_t got = read(from, chunk, sizeof chunk);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? file_err(errno) : ERR_OK;
		total += got;
		if (total > most)
			return ERR_TOO_BIG;
		enum err error = file_write_all(to, chunk, (size_t) got);
		if (error != ERR_OK)
			return error;
	}
}

/* The plain file NAME of the folder FROM. *FD is to be closed, whatever is returned. */
static enum err open_plain(int from, const char *name, int *fd, off_t *bytes)
{
	struct stat status;
	*fd = openat(from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0)
		return errno == ELOOP ? ERR_DENIED : file_err(errno);
	if (fstat(*fd, &status) < 0)
		return file_err(errno);
	*bytes = status.st_size;
	return S_ISREG(status.st_mode) ? ERR_OK : ERR_DENIED;
}

/* NAME of the folder FROM as AS in the folder TO, durable but for AS's own name. A stick's file system may know no permissions. */
static enum err copy_file(int from, const char *name, off_t most, int to, const char *as)
{
	CLEANUP_FD int in = -1;
	off_t bytes = 0;
	enum err error = open_plain(from, name, &in, &bytes);
	if (error != ERR_OK)
		return error;
	CLEANUP_FD int out = openat(to, as, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, TAKE_FILE_MODE);
	if (out < 0)
		return file_err(errno);
	if (fchmod(out, TAKE_FILE_MODE) < 0 && errno != EPERM && errno != ENOTSUP)
		return file_err(errno);
	error = copy_bytes(in, out, most);
	return error == ERR_OK && fsync(out) < 0 ? file_err(errno) : error;
}

/* ---- out --------------------------------------------------------------------------------------------------------------- */

static enum err pack_file(int from, size_t i, int to)
{
	char beside[TAKE_NAME];
	snprintf(beside, sizeof beside, ".%s.tmp", take_files[i].name);
	unlinkat(to, beside, 0); /* of one that was pulled out in between */
	enum err error = copy_file(from, take_files[i].name, take_files[i].most, to, beside);
	if (error == ERR_OK && renameat(to, beside, to, take_files[i].name) < 0)
		error = file_err(errno);
	if (error != ERR_OK)
		unlinkat(to, beside, 0);
	return error;
}

enum err catalogue_pack(const char *root_dir, const char *to, const uint8_t root_public[KEYS_PUBLIC_BYTES],
			struct catalogue_refusal *refusal)
{
	char name[DIRECTORY_NAME];
	uint64_t serial = 0;
	struct catalogue *catalogue = NULL;
	refusal->reason = "link";
	CLEANUP_FD int root = open(root_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CLEANUP_FD int folder = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0 || folder < 0)
		return file_err(errno);
	enum err error = directory_lock(root); /* so that no publication takes it away meanwhile */
	if (error == ERR_OK)
		error = directory_current(root, name, &serial);
	if (error == ERR_OK)
		error = directory_open(root_dir, name, root_public, 0, 0, &catalogue, refusal);
	catalogue_close(catalogue);
	if (error != ERR_OK)
		return error;
	CLEANUP_FD int dir = openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	error = dir < 0 ? file_err(errno) : ERR_OK;
	for (size_t i = 0; error == ERR_OK && i < TAKE_FILES; i++)
		error = pack_file(dir, i, folder);
	return error == ERR_OK && fsync(folder) < 0 ? file_err(errno) : error;
}

/* ---- in ---------------------------------------------------------------------------------------------------------------- */

struct take {
	const char *root_dir;
	int root;
	char previous[DIRECTORY_NAME]; /* "" : none */
	char hex[2 * DIRECTORY_RANDOM_BYTES + 1];
	char building[TAKE_NAME], link[TAKE_NAME], name[DIRECTORY_NAME];
	struct manifest manifest;
};

/* Serials only rise here, and the serial stands in a directory's name as well: a current catalogue that does not verify is replaced, by none that is
 * older. */
static enum err check_serials(struct take *take, const uint8_t root_public[KEYS_PUBLIC_BYTES], bool *is_news,
			      struct catalogue_refusal *refusal)
{
	uint64_t current = 0;
	enum err error = directory_current(take->root, take->previous, &current);
	if (error == ERR_NOT_FOUND) {
		take->previous[0] = '\0';
		return ERR_OK;
	}
	refusal->reason = "link";
	if (error != ERR_OK)
		return error;
	refusal->reason = "serial";
	CLEANUP_FD int dir = openat(take->root, take->previous, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct manifest manifest;
	const char *reason = NULL;
	if (dir < 0 || manifest_read(dir, root_public, &manifest, &reason) != ERR_OK)
		return take->manifest.serial < current ? ERR_CONFLICT : ERR_OK;
	if (take->manifest.serial < manifest.serial || take->manifest.keyset.serial < manifest.keyset.serial)
		return ERR_CONFLICT;
	bool is_same = memcmp(take->manifest.database, manifest.database, sizeof manifest.database) == 0;
	*is_news = take->manifest.serial > manifest.serial;
	/* The same serial with other contents: two hubs of one root, or a restored one. Somebody must look. */
	return *is_news || is_same ? ERR_OK : ERR_CONFLICT;
}

/* Whether what the stick has is what was signed: else up to DATABASE_MAX_BYTES of it would lie where answers need the room. What counts is the check of
 * the copy. */
static enum err check_source(const struct take *take, int from, struct catalogue_refusal *refusal)
{
	CLEANUP_FD int fd = -1;
	off_t size = 0;
	uint64_t bytes = 0;
	uint8_t hash[sizeof take->manifest.database];
	refusal->reason = "database";
	enum err error = open_plain(from, "catalogue.db", &fd, &size);
	if (error != ERR_OK)
		return error;
	refusal->reason = "size";
	if (size > DATABASE_MAX_BYTES || (uint64_t) size != take->manifest.bytes)
		return ERR_CORRUPT;
	refusal->reason = "hash";
	error = keys_hash_fd(fd, &bytes, hash);
	if (error != ERR_OK)
		return error;
	bool is_same = bytes == take->manifest.bytes && memcmp(hash, take->manifest.database, sizeof hash) == 0;
	return is_same ? ERR_OK : ERR_CORRUPT;
}

static enum err fill(struct take *take, int from)
{
	enum err error = file_make_dir(take->root, take->building, TAKE_DIR_MODE);
	if (error != ERR_OK)
		return error;
	CLEANUP_FD int dir = openat(take->root, take->building, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	error = dir < 0 ? file_err(errno) : ERR_OK;
	for (size_t i = 0; error == ERR_OK && i < TAKE_FILES; i++)
		error = copy_file(from, take_files[i].name, take_files[i].most, dir, take_files[i].name);
	return error == ERR_OK && fsync(dir) < 0 ? file_err(errno) : error;
}

/* The directory gets its name, is opened as every program here will open it, and only then led to. */
static enum err swap(struct take *take, const uint8_t root_public[KEYS_PUBLIC_BYTES], struct catalogue_refusal *refusal)
{
	struct catalogue *catalogue = NULL;
	int root = take->root;
	if (renameat(root, take->building, root, take->name) < 0)
		return file_err(errno);
	enum err error = directory_open(take->root_dir, take->name, root_public, take->manifest.serial,
					take->manifest.keyset.serial, &catalogue, refusal);
	catalogue_close(catalogue);
	if (error != ERR_OK)
		return error;
	if (fsync(root) < 0 || symlinkat(take->name, root, take->link) < 0 ||
	    renameat(root, take->link, root, "current") < 0 || fsync(root) < 0)
		return file_err(errno);
	return ERR_OK;
}

static void discard(struct take *take)
{
	char current[DIRECTORY_NAME];
	uint64_t serial = 0;
	directory_sweep_unfinished(take->root);
	if (directory_current(take->root, current, &serial) != ERR_OK || strcmp(current, take->name) != 0)
		directory_remove(take->root, take->name);
}

static enum err take_all(struct take *take, int from, const uint8_t root_public[KEYS_PUBLIC_BYTES], bool *is_news,
			 struct catalogue_refusal *refusal)
{
	uint8_t random[DIRECTORY_RANDOM_BYTES];
	refusal->reason = "manifest";
	enum err error = manifest_read(from, root_public, &take->manifest, &refusal->reason);
	if (error == ERR_OK)
		error = check_serials(take, root_public, is_news, refusal);
	if (error != ERR_OK || !*is_news)
		return error;
	error = check_source(take, from, refusal);
	if (error != ERR_OK)
		return error;
	random_bytes(random, sizeof random);
	codec_hex(random, sizeof random, take->hex);
	snprintf(take->building, sizeof take->building, DIRECTORY_BUILDING "%s", take->hex);
	snprintf(take->link, sizeof take->link, DIRECTORY_LINK "%s", take->hex);
	snprintf(take->name, sizeof take->name, "%llu-%s", (unsigned long long) take->manifest.serial, take->hex);
	directory_sweep_unfinished(take->root);
	refusal->reason = "database";
	error = fill(take, from);
	if (error == ERR_OK)
		error = swap(take, root_public, refusal);
	if (error == ERR_OK)
		directory_sweep_old(take->root, take->name, take->previous);
	else
		discard(take);
	return error;
}

enum err catalogue_take(const char *root_dir, const char *from, const uint8_t root_public[KEYS_PUBLIC_BYTES],
			bool *is_news, struct catalogue_refusal *refusal)
{
	struct take take = {.root_dir = root_dir};
	*is_news = true;
	refusal->reason = "directory";
	CLEANUP_FD int folder = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CLEANUP_FD int root = open(root_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0 || root < 0)
		return file_err(errno);
	take.root = root;
	enum err error = directory_lock(root);
	return error == ERR_OK ? take_all(&take, folder, root_public, is_news, refusal) : error;
}
