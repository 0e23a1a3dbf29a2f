/* SPDX-License-Identifier: MIT */
/* instance.c: opening an instance, and publishing from it. */
#include "instance.h"

#include "command.h"
#include "down_pages.h"
#include "folders.h"

#include "lib/base/file.h"
#include "lib/form/organisation.h"
#include "lib/form/words.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <pwd.h>
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

int complain_errno(int usual, const char *format, ...)
{
	int number = errno;
	enum err error = file_err(number);
	bool is_machine = number != EROFS && (error == ERR_IO || error == ERR_FULL || error == ERR_NOMEM);
	va_list args;
	va_start(args, format);
	fputs("soundings: ", stderr);
	vfprintf(stderr, format, args);
	fprintf(stderr, ": %s\n", strerror(number));
	va_end(args);
	return is_machine ? err_exit_code(error) : usual;
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

static enum err read_content(struct instance *instance)
{
	char *data = NULL;
	size_t length = 0;
	enum err error = file_read(AT_FDCWD, instance_path(instance, "keys/content.secret"), KEY_FILE_MAX,
				   &instance->arena, &data, &length);
	if (!error && length != KEYS_SIGN_SECRET_BYTES)
		error = ERR_CORRUPT;
	if (error)
		return error;
	memcpy(instance->content.secret_key, data, KEYS_SIGN_SECRET_BYTES);
	/* An Ed25519 secret as libsodium keeps it is seed and public key, one behind the other. */
	memcpy(instance->content.public_key, data + KEYS_SIGN_SECRET_BYTES - KEYS_PUBLIC_BYTES, KEYS_PUBLIC_BYTES);
	keys_wipe(data, length);
	return ERR_OK;
}

static enum err read_keyset(struct instance *instance)
{
	enum err error = file_read(AT_FDCWD, instance_path(instance, "keys/keyset"), KEY_FILE_MAX, &instance->arena,
				   &instance->keyset_document, &instance->keyset_length);
	return error ? error
		     : keyset_decode(instance->keyset_document, instance->keyset_length, instance->root_public,
				     &instance->keyset);
}

static bool is_forbidden(const char *path)
{
	return access(path, R_OK) != 0 && errno == EACCES;
}

/* Why there are no settings to be read in DIR. */
static int no_settings(struct instance *instance)
{
	const char *dir = instance->dir;
	struct stat status;
	if (is_forbidden(dir) || is_forbidden(instance_path(instance, "soundings.conf"))) {
		const struct passwd *owner = stat(dir, &status) == 0 ? getpwuid(status.st_uid) : NULL;
		return complain(EX_NOPERM, "you may not read %s: run this as its owner%s%s%s", dir, owner ? " (" : "",
				owner ? owner->pw_name : "", owner ? ")" : "");
	}
	if (folders_is(instance_path(instance, "spool")))
		return complain(EX_NOINPUT,
				"%s holds a spool, but no instance any more: put the newest backup back beside it, and "
				"what the spool holds is filed again: %s restore FILE --recovery FILE",
				dir, command());
	return complain(EX_NOINPUT, "there is no instance in %s; make one with: soundings init %s", dir, dir);
}

static int read_settings(struct instance *instance)
{
	const char *path = instance_path(instance, "soundings.conf");
	struct stat status;
	bool is_there = stat(path, &status) == 0;
	if (!is_there && errno != ENOENT && errno != ENOTDIR && errno != EACCES)
		return complain_errno(EX_NOINPUT, "%s", path);
	if (!is_there || is_forbidden(path))
		return no_settings(instance);
	if (keys_start() != ERR_OK)
		return complain(EX_OSERR, "libsodium does not start");
	struct problems problems;
	problems_init(&problems, &instance->arena);
	enum err error = conf_load(path, &instance->arena, &instance->conf, &problems);
	if (!error)
		return EX_OK;
	problems_print(&problems, stderr);
	return error == ERR_INVALID ? EX_CONFIG : complain_err(error, "%s", path);
}

int instance_open_parts(struct instance *instance, const char *dir, enum office_role role, struct instance_parts *parts)
{
	memset(instance, 0, sizeof *instance);
	memset(parts, 0, sizeof *parts);
	arena_init(&instance->arena, INSTANCE_ARENA_BYTES);
	instance->dir = dir;
	int code = read_settings(instance);
	if (code != EX_OK)
		return code;
	enum err *error = parts->error;
	error[INSTANCE_ROOT] = keys_read_root(instance_path(instance, "front/root.pub"), instance->root_public);
	error[INSTANCE_CONTENT] = read_content(instance);
	error[INSTANCE_KEYSET] = error[INSTANCE_ROOT] ? ERR_OK : read_keyset(instance);
	error[INSTANCE_OFFICE] = office_open(instance_path(instance, "office/office.db"), role, &instance->office);
	for (size_t i = 0; i < INSTANCE_PARTS; i++)
		parts->is_open[i] = !error[i];
	parts->is_open[INSTANCE_KEYSET] = parts->is_open[INSTANCE_KEYSET] && parts->is_open[INSTANCE_ROOT];
	return EX_OK;
}

int instance_open(struct instance *instance, const char *dir, enum office_role role)
{
	struct instance_parts parts;
	int code = instance_open_parts(instance, dir, role, &parts);
	for (int i = 0; code == EX_OK && i < INSTANCE_PARTS; i++) {
		enum instance_part part = (enum instance_part) i;
		if (!parts.error[i])
			continue;
		const char *mend = instance_mend(instance, part, parts.error[i]);
		code = complain(err_exit_code(parts.error[i]), "%s%s%s",
				instance_trouble(instance, part, parts.error[i]), mend ? ". " : "", mend ? mend : "");
	}
	return code;
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
	struct words_set words;
	error = words_decode(content->words, strlen(content->words), &instance->arena, &words);
	return error ? complain_err(error, "nginx's own pages could not be written")
		     : down_pages_write(instance, &words);
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
