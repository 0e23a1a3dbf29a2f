/* SPDX-License-Identifier: MIT */
/* kiosk_stick.c: out to a stick, and in from one.
 *
 * The catalogue is signed; nginx's own pages and page styles are not brought, but made where they are served. Sounds carry no signature, but the
 * signed catalogue has their names and hashes: nothing else is packed or taken. */
#include "kiosk_stick.h"

#include "command.h"
#include "folders.h"
#include "sound/sound_files.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/catalogue/catalogue_take.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define STICK_FOLDER "soundings-kiosk"

enum {
	SOUND_FILE_MAX = 8 * 1024 * 1024, /* twenty minutes of speech */
	FINGERPRINT_BYTES = 16,
	FINGERPRINT_TEXT = 2 * FINGERPRINT_BYTES + FINGERPRINT_BYTES / 2 /* in groups of four digits, and a NUL */
};

/* A path below FOLDER. Never NULL. */
static const char *below(struct instance *instance, const char *folder, const char *name)
{
	const char *path = arena_printf(&instance->arena, "%s/%s", folder, name);
	return path ? path : "";
}

/* What two people compare by eye. */
static void fingerprint(const uint8_t root_public[KEYS_PUBLIC_BYTES], char out[FINGERPRINT_TEXT])
{
	uint8_t hash[32];
	char hex[2 * FINGERPRINT_BYTES + 1];
	keys_hash(root_public, KEYS_PUBLIC_BYTES, hash);
	codec_hex(hash, FINGERPRINT_BYTES, hex);
	size_t used = 0;
	for (size_t i = 0; i < 2 * FINGERPRINT_BYTES; i++) {
		if (i > 0 && i % 4 == 0)
			out[used++] = ' ';
		out[used++] = hex[i];
	}
	out[used] = '\0';
}

/* PATH appears whole. Not file_write: the file system of most sticks refuses permissions. */
static enum err write_plainly(const char *path, const char *data, size_t length, struct arena *arena)
{
	const char *beside = arena_printf(arena, "%s.tmp", path);
	if (!beside)
		return ERR_NOMEM;
	CLEANUP_FD int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return file_err(errno);
	enum err error = file_write_all(fd, data, length);
	if (!error && (fsync(fd) != 0 || rename(beside, path) != 0))
		error = file_err(errno);
	if (error)
		unlink(beside);
	return error;
}

/* As keys_read_root reads it. */
static enum err write_root(const char *path, const uint8_t root_public[KEYS_PUBLIC_BYTES], struct arena *arena)
{
	char text[2 * KEYS_PUBLIC_BYTES + 2];
	codec_hex(root_public, KEYS_PUBLIC_BYTES, text);
	text[2 * KEYS_PUBLIC_BYTES] = '\n';
	return write_plainly(path, text, 2 * KEYS_PUBLIC_BYTES + 1, arena);
}

/* ---- sounds ------------------------------------------------------------------------------------------------------------ */

/* What became of the sounds that a catalogue names. */
struct carried {
	size_t missing; /* not there */
	size_t damaged; /* there, and not what the catalogue knows */
};

/* Both files of SOUND in the folder FROM, which must be there. ERR_CORRUPT: they are not what the catalogue knows. */
static enum err read_sound(const struct catalogue_sound *sound, const char *from, struct arena *arena,
			   char *bytes[VOICE_FORMAT_COUNT], size_t lengths[VOICE_FORMAT_COUNT])
{
	uint8_t hash[CATALOGUE_SOUND_HASH];
	for (size_t i = 0; i < VOICE_FORMAT_COUNT; i++) {
		const char *path = arena_printf(arena, "%s/%s.%s", from, sound->name, sound_endings[i]);
		if (!path)
			return ERR_NOMEM;
		enum err error = file_read(AT_FDCWD, path, SOUND_FILE_MAX, arena, &bytes[i], &lengths[i]);
		if (error)
			return error;
	}
	sound_files_hash_bytes((const char *const *) bytes, lengths, hash);
	return memcmp(hash, sound->hash, sizeof hash) == 0 ? ERR_OK : ERR_CORRUPT;
}

/* From the folder FROM into the folder TO, open as TO_FD, unless it is whole there. */
static enum err copy_sound(const struct catalogue_sound *sound, const char *from, const char *to, int to_fd)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 4 * SOUND_FILE_MAX);
	uint8_t hash[CATALOGUE_SOUND_HASH];
	char *bytes[VOICE_FORMAT_COUNT];
	size_t lengths[VOICE_FORMAT_COUNT];
	if (sound_files_hash(to_fd, sound->name, hash) == ERR_OK && memcmp(hash, sound->hash, sizeof hash) == 0)
		return ERR_OK;
	enum err error = read_sound(sound, from, &arena, bytes, lengths);
	for (size_t i = 0; !error && i < VOICE_FORMAT_COUNT; i++) {
		const char *path = arena_printf(&arena, "%s/%s.%s", to, sound->name, sound_endings[i]);
		error = path ? write_plainly(path, bytes[i], lengths[i], &arena) : ERR_NOMEM;
	}
	return error;
}

/* The sounds that CATALOGUE names, from one folder to another. */
static enum err copy_sounds(struct catalogue *catalogue, const char *from, const char *to, struct arena *arena,
			    struct carried *carried)
{
	struct catalogue_sound *sounds = NULL;
	size_t count = 0;
	CLEANUP_FD int to_fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err error = to_fd < 0 ? file_err(errno) : catalogue_sounds(catalogue, arena, &sounds, &count);
	for (size_t i = 0; !error && i < count; i++) {
		error = copy_sound(&sounds[i], from, to, to_fd);
		bool is_missing = error == ERR_NOT_FOUND || error == ERR_DENIED || error == ERR_TOO_BIG;
		carried->missing += is_missing;
		carried->damaged += error == ERR_CORRUPT;
		if (is_missing || error == ERR_CORRUPT)
			error = ERR_OK; /* the page has a button less; the form is the same */
	}
	return error;
}

/* ---- out --------------------------------------------------------------------------------------------------------------- */

static enum err make_folders(struct instance *instance, const char *stick)
{
	enum err error = file_make_dir(AT_FDCWD, stick, 0755);
	if (!error)
		error = file_make_dir(AT_FDCWD, below(instance, stick, "catalogue"), 0755);
	return error ? error : file_make_dir(AT_FDCWD, below(instance, stick, "sound"), 0755);
}

static enum err pack_sounds(struct instance *instance, const char *stick, struct carried *carried,
			    struct catalogue_refusal *refusal)
{
	struct catalogue *catalogue = NULL;
	enum err error =
		catalogue_open(instance_path(instance, "catalogue"), instance->root_public, 0, 0, &catalogue, refusal);
	if (!error)
		error = copy_sounds(catalogue, instance_path(instance, "sound"), below(instance, stick, "sound"),
				    &instance->arena, carried);
	catalogue_close(catalogue);
	return error;
}

/* The stick keeps the catalogue that it had. */
static int refuse_damaged(const struct carried *carried)
{
	return complain(EX_DATAERR,
			"%zu sounds of this hub are damaged: make them again with %s form sound FOLDER, for each form, "
			"and pack once more. The stick is not ready",
			carried->damaged, command());
}

int kiosk_pack(struct instance *instance, const char *folder)
{
	struct catalogue_refusal refusal = {.reason = "none"};
	const char *stick = below(instance, folder, STICK_FOLDER);
	struct carried carried = {0};
	char print[FINGERPRINT_TEXT];
	if (!folders_is(folder))
		return complain(EX_NOINPUT, "%s is no folder: name the one that the stick is mounted at", folder);
	enum err error = make_folders(instance, stick);
	if (!error)
		error = write_root(below(instance, stick, "root.pub"), instance->root_public, &instance->arena);
	/* Sounds first: what is on the stick is whole when its manifest is. */
	if (!error)
		error = pack_sounds(instance, stick, &carried, &refusal);
	if (!error && carried.damaged)
		return refuse_damaged(&carried);
	if (!error)
		error = catalogue_pack(instance_path(instance, "catalogue"), below(instance, stick, "catalogue"),
				       instance->root_public, &refusal);
	if (error == ERR_NOT_FOUND)
		return complain(EX_NOINPUT, "nothing is published yet: %s form publish FOLDER", command());
	if (error == ERR_CORRUPT && strcmp(refusal.reason, "schema") == 0)
		return complain(EX_DATAERR,
				"what this hub serves was published by another version of these programs. Publish it "
				"anew, and pack once more: %s event tick",
				command());
	if (error)
		return complain_err(error, "%s could not be written", stick);
	sync(); /* people pull sticks out */
	fingerprint(instance->root_public, print);
	printf("%s is ready. On the kiosk: soundings kiosk take FOLDER\n"
	       "This hub's fingerprint, to compare when a kiosk sees it for the first time:\n  %s\n",
	       stick, print);
	if (carried.missing)
		printf("%zu sounds were not there: %s form sound FOLDER makes them.\n", carried.missing, command());
	return EX_OK;
}

/* ---- in ---------------------------------------------------------------------------------------------------------------- */

/* The folder of a pack: FOLDER itself, or the one in it. NULL: neither. */
static const char *find_stick(struct instance *instance, const char *folder)
{
	const char *inside = below(instance, folder, STICK_FOLDER);
	const char *const places[] = {inside, folder};
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (access(below(instance, places[i], "root.pub"), F_OK) == 0 &&
		    folders_is(below(instance, places[i], "catalogue")))
			return places[i];
	return NULL;
}

static int refuse(enum err error, const struct catalogue_refusal *refusal, const char *stick)
{
	if (error == ERR_CONFLICT)
		return complain(
			EX_DATAERR,
			"what is in %s is older than what this kiosk has; pack it on the hub once more. Nothing "
			"was changed",
			stick);
	if (strcmp(refusal->reason, "link") == 0)
		return complain(EX_DATAERR,
				"%s is as it should be, but the link catalogue/current on this kiosk is damaged: "
				"remove it, and take the stick once more",
				stick);
	if (strcmp(refusal->reason, "schema") == 0)
		return complain(EX_DATAERR,
				"what is in %s was packed by another version of these programs: bring hub and "
				"kiosk to the same one, and pack it once more. Nothing was changed",
				stick);
	if (error == ERR_DENIED)
		return complain(EX_NOPERM,
				"what is in %s was not signed by the hub that this kiosk trusts (%s). Nothing was "
				"changed. A kiosk that is to change hubs is set up anew",
				stick, refusal->reason);
	if (error == ERR_CORRUPT || error == ERR_INVALID || error == ERR_NOT_FOUND || error == ERR_TOO_BIG)
		return complain(EX_DATAERR,
				"what is in %s is damaged (%s); pack it on the hub once more. Nothing was "
				"changed",
				stick, refusal->reason);
	return complain_err(error, "the catalogue could not be taken; the one before stays");
}

/* What the catalogue names that is now here and believed: a page asks for a sound when somebody wants to hear it, and does without until then. */
static enum err take_sounds(struct instance *instance, const char *stick, const uint8_t root_public[KEYS_PUBLIC_BYTES],
			    struct carried *carried)
{
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	enum err error = catalogue_open(instance_path(instance, "catalogue"), root_public, 0, 0, &catalogue, &refusal);
	if (!error)
		error = copy_sounds(catalogue, below(instance, stick, "sound"), instance_path(instance, "sound"),
				    &instance->arena, carried);
	catalogue_close(catalogue);
	return error;
}

int kiosk_take(struct instance *instance, const char *folder, bool is_pinned)
{
	const char *stick = find_stick(instance, folder);
	uint8_t root_public[KEYS_PUBLIC_BYTES];
	char print[FINGERPRINT_TEXT];
	if (!stick && access(folder, R_OK | X_OK) != 0)
		return complain_errno(EX_NOINPUT, "%s cannot be read by whoever owns %s", folder, instance->dir);
	if (!stick)
		return complain(EX_NOINPUT,
				"in %s is nothing for a kiosk: on the hub, soundings kiosk pack FOLDER writes it",
				folder);
	enum err error = keys_read_root(below(instance, stick, "root.pub"), root_public);
	if (error)
		return complain_err(error, "%s/root.pub", stick);
	if (is_pinned && memcmp(root_public, instance->root_public, sizeof root_public) != 0)
		return refuse(ERR_DENIED, &(struct catalogue_refusal){.reason = "root"}, stick);
	struct catalogue_refusal refusal = {.reason = "unknown"};
	bool is_news = false;
	error = catalogue_take(instance_path(instance, "catalogue"), below(instance, stick, "catalogue"), root_public,
			       &is_news, &refusal);
	if (error)
		return refuse(error, &refusal, stick);
	struct carried carried = {0};
	if (!is_pinned)
		error = write_root(instance_path(instance, "front/root.pub"), root_public, &instance->arena);
	memcpy(instance->root_public, root_public, sizeof root_public);
	if (!error)
		error = take_sounds(instance, stick, root_public, &carried);
	if (error)
		return complain_err(error, "the catalogue is here, but not all that belongs to it: take it once more");
	sound_files_sweep(instance);
	fingerprint(root_public, print);
	puts(is_news ? "Taken. The events and forms of the stick are here now."
		     : "The events and forms of the stick were here already.");
	if (!is_pinned)
		printf("From now on this kiosk trusts one hub alone. Compare with what the hub printed:\n  %s\n",
		       print);
	if (carried.missing)
		printf("%zu sounds were not on the stick.\n", carried.missing);
	if (carried.damaged)
		printf("%zu sounds on the stick are damaged and were left there: pack it on the hub once more.\n",
		       carried.damaged);
	return EX_OK;
}
