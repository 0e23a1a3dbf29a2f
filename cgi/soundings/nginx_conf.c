/* SPDX-License-Identifier: MIT */
/* nginx_conf.c: one template for tests, make run and an installation; this fills in what differs. */
#include "nginx_conf.h"

#include "lib/base/file.h"
#include "lib/base/strbuf.h"

#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { CONF_MAX_BYTES = 64 * 1024 };

struct filling {
	const char *name, *value;
};

/* The first of these folders that exists, as an absolute path; NULL. */
static const char *find_folder(struct instance *instance, const char *beside, const char *installed)
{
	const char *near = arena_printf(&instance->arena, "%s/%s", instance_program_dir(&instance->arena), beside);
	char real[PATH_MAX];
	if ((near && realpath(near, real)) || realpath(installed, real))
		return arena_strdup(&instance->arena, real);
	return NULL;
}

/* The host of base_url, so that the name on the poster is served. */
static const char *host_of(struct instance *instance)
{
	const char *host = strstr(instance->conf.base_url, "://");
	host = host ? host + 3 : instance->conf.base_url;
	const char *copy = arena_strndup(&instance->arena, host, strcspn(host, ":/"));
	return copy ? copy : "";
}

static const char *user_line(struct instance *instance)
{
	if (geteuid() != 0)
		return "";
	const struct passwd *who = getpwuid(0);
	const char *line = arena_printf(&instance->arena, "user %s;", who ? who->pw_name : "root");
	return line ? line : "";
}

static void put_filled(struct strbuf *out, const char *text, const struct filling *fillings)
{
	while (*text) {
		size_t plain = strcspn(text, "@");
		strbuf_put(out, text, plain);
		text += plain;
		if (!*text)
			return;
		const struct filling *found = NULL;
		for (const struct filling *at = fillings; at->name && !found; at++) {
			size_t length = strlen(at->name);
			if (strncmp(text + 1, at->name, length) == 0 && text[length + 1] == '@')
				found = at;
		}
		if (found) {
			strbuf_puts(out, found->value);
			text += strlen(found->name) + 2;
		} else {
			strbuf_putc(out, *text++);
		}
	}
}

int nginx_conf_write(struct instance *instance, unsigned port)
{
	const char *config = find_folder(instance, "../../kiosk-config/nginx", "/usr/share/soundings/nginx");
	const char *files = find_folder(instance, "../static", "/usr/share/soundings/static");
	if (!config || !files)
		return complain(EX_SOFTWARE, "%s are not there: build with 'make all'",
				config ? "the static files" : "nginx's templates");
	if (strpbrk(config, " ;{}\"'\\$") || strpbrk(files, " ;{}\"'\\$"))
		return complain(EX_CONFIG,
				"nginx cannot work in a folder with spaces or signs like ; $ in its name: %s", files);
	char *template = NULL;
	size_t length = 0;
	const char *path = arena_printf(&instance->arena, "%s/soundings.conf.in", config);
	enum err error = file_read(AT_FDCWD, path, CONF_MAX_BYTES, &instance->arena, &template, &length);
	if (error)
		return complain_err(error, "%s", path);
	const char *host = host_of(instance);
	const char *names = arena_printf(&instance->arena, "127.0.0.1 localhost%s%s",
					 strcmp(host, "127.0.0.1") && strcmp(host, "localhost") ? " " : "",
					 strcmp(host, "127.0.0.1") && strcmp(host, "localhost") ? host : "");
	const char *listen = arena_printf(&instance->arena, "%s:%u", instance->conf.listen, port);
	const struct filling fillings[] = {
		{"USER", user_line(instance)},
		{"LISTEN", listen},
		{"NAMES", names},
		{"TLS", ""},
		{"STATIC", files},
		{"CONFIG", config},
		{NULL, NULL},
	};
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, CONF_MAX_BYTES);
	put_filled(&out, template, fillings);
	error = strbuf_error(&out);
	if (!error)
		error = file_make_dir(AT_FDCWD, instance_path(instance, "run/nginx-temp"), 0700);
	if (!error)
		error = file_write(AT_FDCWD, instance_path(instance, "run/nginx.conf"), strbuf_text(&out), out.length,
				   0644);
	return error ? complain_err(error, "%s/run/nginx.conf cannot be written", instance->dir) : EX_OK;
}
