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

/* The host of a URL, as nginx compares it: IPv6 with its brackets. */
static const char *host_of(struct instance *instance, const char *url)
{
	const char *host = strstr(url, "://");
	host = host ? host + 3 : url;
	size_t length = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
	const char *copy = arena_strndup(&instance->arena, host, length);
	return copy ? copy : "";
}

/* ADDRESS:PORT as nginx wants it. */
static const char *listen_on(struct instance *instance, const char *address, unsigned port, const char *more)
{
	const char *line =
		arena_printf(&instance->arena, strchr(address, ':') ? "[%s]:%u%s" : "%s:%u%s", address, port, more);
	return line ? line : "";
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

/* NAME of the folder CONFIG with its names filled in, added to OUT. */
static int put_template(struct instance *instance, const char *config, const char *name, const struct filling *fillings,
			struct strbuf *out)
{
	char *template = NULL;
	size_t length = 0;
	const char *path = arena_printf(&instance->arena, "%s/%s", config, name);
	enum err error =
		path ? file_read(AT_FDCWD, path, CONF_MAX_BYTES, &instance->arena, &template, &length) : ERR_NOMEM;
	if (error)
		return complain_err(error, "%s/%s", config, name);
	put_filled(out, template, fillings);
	return EX_OK;
}

/* The organisers' server. Their browsers are told to come by https only, also where a proxy of this machine speaks it for us: that one's
 * word is taken for whose request it is. */
static int put_organiser(struct instance *instance, const char *config, const char *files, struct strbuf *out)
{
	const struct conf *conf = &instance->conf;
	bool has_tls = conf->organiser_certificate != NULL;
	const char *tls = "";
	if (has_tls)
		tls = arena_printf(
			&instance->arena,
			"ssl_certificate %s;\n\t\tssl_certificate_key %s;\n\t\tssl_protocols TLSv1.2 TLSv1.3;\n"
			"\t\tssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;\n\t\tssl_session_tickets off;",
			conf->organiser_certificate, conf->organiser_certificate_key);
	const struct filling fillings[] = {
		{"LISTEN",
		 listen_on(instance, conf->organiser_listen, conf->organiser_port, has_tls ? " ssl http2" : "")},
		{"TLS", tls ? tls : ""},
		{"NAME", host_of(instance, conf->organiser_url)},
		{"ORIGIN", conf->organiser_is_https && !has_tls
				   ? "set_real_ip_from 127.0.0.1;\n\t\tset_real_ip_from ::1;\n\t\treal_ip_header "
				     "X-Forwarded-For;"
				   : ""},
		{"STATIC", files},
		{"CONFIG", config},
		{"HSTS", conf->organiser_is_https ? "max-age=63072000; includeSubDomains" : ""},
		{"UPGRADE", conf->organiser_is_https ? "; upgrade-insecure-requests" : ""},
		{NULL, NULL},
	};
	return tls ? put_template(instance, config, "organiser.conf.in", fillings, out)
		   : complain(EX_OSERR, "there is not enough memory");
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
	const char *host = host_of(instance, instance->conf.base_url);
	const char *names = arena_printf(&instance->arena, "127.0.0.1 localhost%s%s",
					 strcmp(host, "127.0.0.1") && strcmp(host, "localhost") ? " " : "",
					 strcmp(host, "127.0.0.1") && strcmp(host, "localhost") ? host : "");
	CLEANUP_STRBUF struct strbuf organiser;
	CLEANUP_STRBUF struct strbuf kiosk;
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&organiser, CONF_MAX_BYTES);
	strbuf_init(&kiosk, CONF_MAX_BYTES);
	strbuf_init(&out, CONF_MAX_BYTES);
	int code = EX_OK;
	if (instance->conf.organiser_port != 0)
		code = put_organiser(instance, config, files, &organiser);
	const struct filling none[] = {{NULL, NULL}};
	if (code == EX_OK && instance->conf.mode == CONF_MODE_KIOSK)
		code = put_template(instance, config, "kiosk.conf.in", none, &kiosk);
	const struct filling fillings[] = {
		{"USER", user_line(instance)},
		{"LISTEN", listen_on(instance, instance->conf.listen, port, "")},
		{"NAMES", names ? names : ""},
		{"TLS", ""},
		{"STATIC", files},
		{"CONFIG", config},
		{"ORGANISER", strbuf_text(&organiser)},
		{"KIOSK", strbuf_text(&kiosk)},
		{NULL, NULL},
	};
	if (code == EX_OK)
		code = put_template(instance, config, "soundings.conf.in", fillings, &out);
	if (code != EX_OK)
		return code;
	enum err error = strbuf_error(&organiser);
	if (!error)
		error = strbuf_error(&kiosk);
	if (!error)
		error = strbuf_error(&out);
	if (!error)
		error = file_make_dir(AT_FDCWD, instance_path(instance, "run/nginx-temp"), 0700);
	if (!error)
		error = file_write(AT_FDCWD, instance_path(instance, "run/nginx.conf"), strbuf_text(&out), out.length,
				   0644);
	return error ? complain_err(error, "%s/run/nginx.conf cannot be written", instance->dir) : EX_OK;
}
