/* SPDX-License-Identifier: MIT */
/* instance.c: opening an instance, and publishing from it. */
#include "instance.h"

#include "down_pages.h"

#include "lib/base/file.h"
#include "lib/form/organisation.h"
#include "lib/form/words.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

enum { INSTANCE_ARENA_BYTES = 512 * 1024 * 1024, KEY_FILE_MAX = 64 * 1024 };

int complain(int code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("soundings: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return code;
}

int complain_err(enum err error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("soundings: ", stderr);
	vfprintf(stderr, format, args);
	fprintf(stderr, ": %s\n", err_words(error));
	va_end(args);
	return err_exit_code(error);
}

const char *instance_path(struct instance *instance, const char *name)
{
	const char *path = arena_printf(&instance->arena, "%s/%s", instance->dir, name);
	if (!path)
		exit(complain(EX_OSERR, "there is not enough memory"));
	return path;
}

const char *instance_recovery_file(struct instance *instance)
{
	DIR *folder = opendir(
		instance->dir); /* not glob(3): the folder's own name may have signs that mean something there */
	const char *path = NULL;
	for (const struct dirent *entry; !path && folder && (entry = readdir(folder)) != NULL;)
		if (fnmatch("recovery-*.txt", entry->d_name, 0) == 0)
			path = instance_path(instance, entry->d_name);
	if (folder)
		closedir(folder);
	return path;
}

const char *instance_program_dir(struct arena *arena)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
	if (length <= 0)
		return ".";
	path[length] = '\0';
	char *slash = strrchr(path, '/');
	if (slash)
		*slash = '\0';
	const char *copy = arena_strdup(arena, path);
	return copy ? copy : ".";
}

const char *instance_forms_dir(struct arena *arena)
{
	const char *beside = arena_printf(arena, "%s/../../forms", instance_program_dir(arena));
	const char *const places[] = {"forms", beside ? beside : "", "/usr/share/soundings/forms"};
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		const char *probe = arena_printf(arena, "%s/organisation.yaml", places[i]);
		if (probe && access(probe, R_OK) == 0)
			return places[i];
	}
	return "forms";
}

static int read_keys(struct instance *instance)
{
	char *data = NULL;
	size_t length = 0;
	const char *path = instance_path(instance, "front/root.pub");
	enum err error = keys_read_root(path, instance->root_public);
	if (error)
		return complain_err(error, "%s", path);
	path = instance_path(instance, "keys/content.secret");
	error = file_read(AT_FDCWD, path, KEY_FILE_MAX, &instance->arena, &data, &length);
	if (!error && length != KEYS_SIGN_SECRET_BYTES)
		error = ERR_CORRUPT;
	if (error)
		return complain_err(error, "%s", path);
	memcpy(instance->content.secret_key, data, KEYS_SIGN_SECRET_BYTES);
	/* An Ed25519 secret as libsodium keeps it is seed and public key, one behind the other. */
	memcpy(instance->content.public_key, data + KEYS_SIGN_SECRET_BYTES - KEYS_PUBLIC_BYTES, KEYS_PUBLIC_BYTES);
	keys_wipe(data, length);
	path = instance_path(instance, "keys/keyset");
	error = file_read(AT_FDCWD, path, KEY_FILE_MAX, &instance->arena, &instance->keyset_document,
			  &instance->keyset_length);
	if (!error)
		error = keyset_decode(instance->keyset_document, instance->keyset_length, instance->root_public,
				      &instance->keyset);
	if (error == ERR_DENIED)
		return complain(EX_NOPERM, "%s is not signed by this instance's root key; put back the one that was",
				path);
	return error ? complain_err(error, "%s", path) : EX_OK;
}

int instance_open(struct instance *instance, const char *dir, enum office_role role)
{
	memset(instance, 0, sizeof *instance);
	arena_init(&instance->arena, INSTANCE_ARENA_BYTES);
	instance->dir = dir;
	struct stat status;
	if (stat(instance_path(instance, "soundings.conf"), &status) != 0)
		return complain(EX_NOINPUT, "there is no instance in %s; make one with: soundings init %s", dir, dir);
	if (keys_start() != ERR_OK)
		return complain(EX_OSERR, "libsodium does not start");
	struct problems problems;
	problems_init(&problems, &instance->arena);
	enum err error =
		conf_load(instance_path(instance, "soundings.conf"), &instance->arena, &instance->conf, &problems);
	if (error) {
		problems_print(&problems, stderr);
		return error == ERR_INVALID ? EX_CONFIG : complain_err(error, "%s/soundings.conf", dir);
	}
	int code = read_keys(instance);
	if (code != EX_OK)
		return code;
	error = office_open(instance_path(instance, "office/office.db"), role, &instance->office);
	if (error)
		return complain_err(error, "the office (%s/office/office.db) does not open", dir);
	return EX_OK;
}

void instance_close(struct instance *instance)
{
	office_close(instance->office);
	keys_wipe(&instance->content, sizeof instance->content);
	arena_fini(&instance->arena);
}

int instance_take_texts(struct instance *instance, const char *forms_dir)
{
	struct problems problems;
	problems_init(&problems, &instance->arena);
	struct organisation *organisation = NULL;
	struct words_set words;
	char *path = arena_printf(&instance->arena, "%s/organisation.yaml", forms_dir);
	char *strings = arena_printf(&instance->arena, "%s/strings", forms_dir);
	if (!path || !strings)
		return complain(EX_OSERR, "there is not enough memory");
	enum err error = organisation_load(path, &instance->arena, &organisation, &problems);
	if (!error)
		error = words_load(strings, &instance->arena, &words, &problems);
	if (error) {
		problems_print(&problems, stderr);
		return problems.count ? EX_DATAERR : complain_err(error, "%s", path);
	}
	char *json = NULL;
	size_t length = 0;
	error = organisation_encode(organisation, &instance->arena, &json, &length);
	if (!error)
		error = office_text_set(instance->office, "organisation", json);
	if (!error)
		error = words_encode(&words, &instance->arena, &json, &length);
	if (!error)
		error = office_text_set(instance->office, "words", json);
	return error ? complain_err(error, "the texts of %s cannot be stored", forms_dir) : EX_OK;
}

int instance_publish(struct instance *instance)
{
	struct catalogue_content *content = NULL;
	enum err error = office_catalogue(instance->office, &instance->arena, &content);
	if (!error)
		error = catalogue_publish(instance_path(instance, "catalogue"), content, instance->keyset_document,
					  instance->keyset_length, &instance->content, instance->root_public);
	if (error)
		return complain_err(error, "publishing failed; what was published before stays");
	return down_pages_write(instance, content);
}

const char *instance_address(struct instance *instance, const char *code)
{
	const char *base = instance->conf.base_url;
	size_t length = strlen(base);
	while (length && base[length - 1] == '/')
		length--;
	const char *address = arena_printf(&instance->arena, "%.*s/%s", (int) length, base, code);
	return address ? address : "";
}
