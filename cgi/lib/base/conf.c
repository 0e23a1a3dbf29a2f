/* SPDX-License-Identifier: MIT */
/* conf.c: reads soundings.conf(5): "key = value" lines, blank lines, and comments on lines of their own.
 *
 * One table says what keys there are; whatever is not in it, or comes twice, is a problem with its line. All of the
 * file is read before anything is decided, so that a person mends it once. Holds no secret and must never be given one.
 */
#include "lib/base/conf.h"

#include "lib/base/file.h"
#include "lib/base/utf8.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum { CONF_FILE_MAX_BYTES = 64 * 1024, CONF_HOST_MAX = 254 };

enum conf_id {
	CONF_MODE,
	CONF_PORT,
	CONF_LISTEN,
	CONF_BASE_URL,
	CONF_WORKERS,
	CONF_SPOOL_WAIT_MS,
	CONF_BATCH_MIN,
	CONF_NGINX,
	CONF_BACKUP_DIR,
	CONF_SPOOL_FREE_MIN,
	CONF_SPOOL_BALLAST,
	CONF_CONFINE,
	CONF_SOUND,
	CONF_ORGANISER_PORT,
	CONF_ORGANISER_LISTEN,
	CONF_ORGANISER_URL,
	CONF_ORGANISER_CERTIFICATE,
	CONF_ORGANISER_CERTIFICATE_KEY,
	CONF_KIOSK_IDLE_S,
	CONF_KIOSK_WARNING_S,
	CONF_KIOSK_THANKS_S,
	CONF_COUNT
};

static const struct conf_key conf_table[CONF_COUNT + 1] = {
	[CONF_MODE] = {"mode", "phone",
		       "phone: people answer on their own phones. kiosk: many answer on one shared machine."},
	[CONF_PORT] = {"port", "8080", "The TCP port that nginx listens on, 1 to 65535."},
	[CONF_LISTEN] = {"listen", "127.0.0.1", "The IPv4 or IPv6 address that nginx listens on."},
	[CONF_BASE_URL] = {"base_url", NULL,
			   "Where event addresses begin, without a / at the end; http://LISTEN:PORT unless given."},
	[CONF_WORKERS] = {"workers", "8", "How many intake processes serve forms, 1 to 64."},
	[CONF_SPOOL_WAIT_MS] =
		{"spool_wait_ms", "5000",
		 "Milliseconds that intake waits for the spooler before it says that nothing is saved, 100 to "
		 "9000."},
	[CONF_BATCH_MIN] = {"batch_min", "5",
			    "The fewest envelopes of an ordinary period that the collector takes at once, 1 to 256."},
	[CONF_NGINX] = {"nginx", "/usr/sbin/nginx", "The nginx program, as an absolute path."},
	[CONF_BACKUP_DIR] = {"backup_dir", "backups",
			     "The folder that backups are written to; in the instance unless it begins with a /."},
	[CONF_SPOOL_FREE_MIN] = {"spool_free_min", "64",
				 "MiB of the spool's disk that are kept free of new responses, at least, 0 to 65536."},
	[CONF_SPOOL_BALLAST] = {"spool_ballast", "16",
				"MiB that the spooler keeps to give up when its disk is full, 0 to 1024; 0: none."},
	[CONF_CONFINE] =
		{"confine", "auto",
		 "auto: programs confine themselves as far as the kernel can. strict: they do not start where it "
		 "cannot. off: for debugging."},
	[CONF_SOUND] =
		{"sound", "on",
		 "on: publishing a form makes the sounds of its texts. off: it makes none, and those that there are "
		 "stay."},
	[CONF_ORGANISER_PORT] = {"organiser_port", NULL,
				 "The TCP port of the organisers' pages, 1 to 65535, or 0 for none; one above port "
				 "unless given."},
	[CONF_ORGANISER_LISTEN] = {"organiser_listen", "127.0.0.1",
				   "The address that nginx listens on for organisers; another than this machine's own "
				   "needs organiser_certificate."},
	[CONF_ORGANISER_URL] = {"organiser_url", NULL,
				"Where organisers' addresses begin; https unless it is this machine; "
				"http://ORGANISER_LISTEN:ORGANISER_PORT unless given."},
	[CONF_ORGANISER_CERTIFICATE] =
		{"organiser_certificate", NULL,
		 "The certificate chain of organiser_url's host, as an absolute path; none unless "
		 "given."},
	[CONF_ORGANISER_CERTIFICATE_KEY] = {"organiser_certificate_key", NULL,
					    "The key of that certificate, as an absolute path; none unless given."},
	[CONF_KIOSK_IDLE_S] = {"kiosk_idle_s", "120",
			       "Seconds without touch or key until a kiosk page asks whether anybody is there, 30 to "
			       "1200."},
	[CONF_KIOSK_WARNING_S] = {"kiosk_warning_s", "60",
				  "Seconds that it then waits before it wipes everything, 20 to 300."},
	[CONF_KIOSK_THANKS_S] = {"kiosk_thanks_s", "45",
				 "Seconds that a kiosk shows the thank-you before it asks, 20 to 600."},
	[CONF_COUNT] = {NULL, NULL, NULL},
};

const struct conf_key *conf_keys(void)
{
	return conf_table;
}

/* What is known while one file is read. */
struct conf_reader {
	const char *file;
	struct arena *arena;
	struct conf *out;
	struct problems *problems;
	unsigned line;
	unsigned value_column;
	unsigned lines[CONF_COUNT]; /* where each key stands; 0: nowhere yet */
};

static void conf_bad_value(struct conf_reader *reader, enum conf_id id, const char *value, const char *wanted)
{
	problems_add(reader->problems, reader->file, reader->line, reader->value_column, "bad-value",
		     "%s cannot be \"%s\": give %s", conf_table[id].name, value, wanted);
}

static void conf_number(struct conf_reader *reader, enum conf_id id, const char *value, unsigned low, unsigned high,
			unsigned *out)
{
	char *end = NULL;
	errno = 0;
	unsigned long number = strtoul(value, &end, 10);
	/* strtoul also takes blanks and signs, which are no numbers here. */
	if (errno == 0 && value[0] >= '0' && value[0] <= '9' && *end == '\0' && number >= low && number <= high) {
		*out = (unsigned) number;
		return;
	}
	const char *wanted = arena_printf(reader->arena, "a whole number from %u to %u", low, high);
	conf_bad_value(reader, id, value, wanted != NULL ? wanted : "a smaller or larger number");
}

static bool conf_is_address(const char *value)
{
	unsigned char address[sizeof(struct in6_addr)];
	return inet_pton(AF_INET, value, address) == 1 || inet_pton(AF_INET6, value, address) == 1;
}

/* Signs of a URL (RFC 3986) that a base may have: no query, no fragment, nothing that a configuration of nginx or a
 * page would have to quote. */
static bool conf_is_base_url(const char *value)
{
	const char *rest = strncmp(value, "https://", 8) == 0  ? value + 8
			   : strncmp(value, "http://", 7) == 0 ? value + 7
							       : "";
	size_t length = strlen(rest);
	if (length == 0 || rest[0] == '/' || rest[length - 1] == '/')
		return false;
	return strspn(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/[]%") == length;
}

/* 127.0.0.0/8, ::1, and the name that always means them (RFC 6761, 6.3). */
static bool conf_is_loopback(const char *host)
{
	struct in_addr four;
	struct in6_addr six;
	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET;
	return inet_pton(AF_INET6, host, &six) == 1 ? IN6_IS_ADDR_LOOPBACK(&six) : strcmp(host, "localhost") == 0;
}

/* The host of a URL without its brackets, "" when it does not fit. */
static void conf_host(const char *url, char host[CONF_HOST_MAX])
{
	const char *begin = strstr(url, "://") + 3;
	bool has_brackets = *begin == '[';
	size_t length = has_brackets ? strcspn(++begin, "]") : strcspn(begin, ":");
	if (length >= CONF_HOST_MAX)
		length = 0;
	memcpy(host, begin, length);
	host[length] = '\0';
}

/* An origin as a browser writes it (RFC 6454, 6.1), since it is compared with what browsers say: lower case, no path, no usual port.
 * Over plain http a session could be read on the way, so that is for this machine alone. */
static bool conf_is_organiser_url(const char *value)
{
	bool is_https = strncmp(value, "https://", 8) == 0;
	if (!is_https && strncmp(value, "http://", 7) != 0)
		return false;
	const char *host = value + (is_https ? 8 : 7);
	char name[CONF_HOST_MAX];
	unsigned char six[sizeof(struct in6_addr)];
	conf_host(value, name);
	const char *end = host + strlen(name);
	if (*host == '[') {
		end += 2;
		if (end[-1] != ']' || name[strspn(name, "0123456789abcdef:.")] != '\0' ||
		    inet_pton(AF_INET6, name, six) != 1)
			return false;
	} else if (end == host || *host == '.' || *host == '-' ||
		   name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.")] != '\0') {
		return false;
	}
	if (*end == ':') {
		char *rest = NULL;
		unsigned long port = strtoul(end + 1, &rest, 10);
		if (end[1] < '1' || end[1] > '9' || *rest != '\0' || port > 65535 || port == (is_https ? 443 : 80))
			return false;
		end = rest;
	}
	return *end == '\0' && (is_https || conf_is_loopback(name));
}

/* A path that goes into nginx's settings as it is. */
static bool conf_is_file(const char *value)
{
	return value[0] == '/' && strpbrk(value, "\"'; \t{}$\\#") == NULL;
}

/* The path goes into no shell and no configuration file, but a quote or a blank in it is a slip more often than not. */
static bool conf_is_program(const char *value)
{
	return value[0] == '/' && strpbrk(value, "\"'; \t") == NULL;
}

/* A name, or a path, that leads out of the instance only by beginning with a slash; a shell's signs are not understood here. */
static bool conf_is_folder(const char *value)
{
	if (value[0] == '\0' || value[0] == '~' || strpbrk(value, "\"'") != NULL)
		return false;
	for (const char *part = value; part != NULL; part = strchr(part, '/')) {
		part += *part == '/';
		if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
			return false;
	}
	return true;
}

static void conf_text(struct conf_reader *reader, enum conf_id id, const char *value, bool is_good, const char *wanted,
		      const char **out)
{
	if (is_good)
		*out = value;
	else
		conf_bad_value(reader, id, value, wanted);
}

static void conf_set(struct conf_reader *reader, enum conf_id id, const char *value)
{
	struct conf *out = reader->out;
	switch (id) {
	case CONF_MODE:
		if (strcmp(value, "phone") == 0)
			out->mode = CONF_MODE_PHONE;
		else if (strcmp(value, "kiosk") == 0)
			out->mode = CONF_MODE_KIOSK;
		else
			conf_bad_value(reader, id, value, "phone or kiosk");
		break;
	case CONF_PORT:
		conf_number(reader, id, value, 1, 65535, &out->port);
		break;
	case CONF_LISTEN:
		conf_text(reader, id, value, conf_is_address(value), "an address such as 127.0.0.1, 0.0.0.0 or ::1",
			  &out->listen);
		break;
	case CONF_BASE_URL:
		conf_text(reader, id, value, conf_is_base_url(value),
			  "an address such as https://feedback.example.org, without a / at the end", &out->base_url);
		break;
	case CONF_WORKERS:
		conf_number(reader, id, value, 1, 64, &out->workers);
		break;
	case CONF_SPOOL_WAIT_MS:
		conf_number(reader, id, value, 100, 9000, &out->spool_wait_ms);
		break;
	case CONF_BATCH_MIN:
		conf_number(reader, id, value, 1, 256, &out->batch_min);
		break;
	case CONF_NGINX:
		conf_text(reader, id, value, conf_is_program(value), "an absolute path such as /usr/sbin/nginx",
			  &out->nginx);
		break;
	case CONF_BACKUP_DIR:
		conf_text(reader, id, value, conf_is_folder(value),
			  "a folder such as backups or /media/stick/backups, without quotes, ~ or ..",
			  &out->backup_dir);
		break;
	case CONF_SPOOL_FREE_MIN:
		conf_number(reader, id, value, 0, 65536, &out->spool_free_min);
		break;
	case CONF_SPOOL_BALLAST:
		conf_number(reader, id, value, 0, 1024, &out->spool_ballast);
		break;
	case CONF_CONFINE:
		if (strcmp(value, "auto") == 0)
			out->confine = CONF_CONFINE_AUTO;
		else if (strcmp(value, "strict") == 0)
			out->confine = CONF_CONFINE_STRICT;
		else if (strcmp(value, "off") == 0)
			out->confine = CONF_CONFINE_OFF;
		else
			conf_bad_value(reader, id, value, "auto, strict or off");
		break;
	case CONF_SOUND:
		out->has_sound = strcmp(value, "off") != 0;
		if (out->has_sound && strcmp(value, "on") != 0)
			conf_bad_value(reader, id, value, "on or off");
		break;
	case CONF_ORGANISER_PORT:
		conf_number(reader, id, value, 0, 65535, &out->organiser_port);
		break;
	case CONF_ORGANISER_LISTEN:
		conf_text(reader, id, value, conf_is_address(value), "an address such as 127.0.0.1, 0.0.0.0 or ::1",
			  &out->organiser_listen);
		break;
	case CONF_ORGANISER_URL:
		conf_text(reader, id, value, conf_is_organiser_url(value),
			  "an address such as https://team.example.org, in small letters, without a / at the end and "
			  "without :443; http:// is for this machine alone, such as http://127.0.0.1:8081",
			  &out->organiser_url);
		break;
	case CONF_ORGANISER_CERTIFICATE:
		conf_text(reader, id, value, conf_is_file(value), "an absolute path such as /etc/ssl/team.pem",
			  &out->organiser_certificate);
		break;
	case CONF_ORGANISER_CERTIFICATE_KEY:
		conf_text(reader, id, value, conf_is_file(value), "an absolute path such as /etc/ssl/team.key",
			  &out->organiser_certificate_key);
		break;
	case CONF_KIOSK_IDLE_S:
		conf_number(reader, id, value, 30, 1200, &out->kiosk_idle_s);
		break;
	case CONF_KIOSK_WARNING_S: /* WCAG 2.2.1 wants 20 at least */
		conf_number(reader, id, value, 20, 300, &out->kiosk_warning_s);
		break;
	case CONF_KIOSK_THANKS_S:
		conf_number(reader, id, value, 20, 600, &out->kiosk_thanks_s);
		break;
	case CONF_COUNT:
		assert(!"a key beyond the table");
	}
}

static void conf_unknown_key(struct conf_reader *reader, const char *key)
{
	const char *names[CONF_COUNT];
	for (size_t i = 0; i < CONF_COUNT; i++)
		names[i] = conf_table[i].name;
	const char *nearest = problem_nearest(key, names, CONF_COUNT);
	if (nearest != NULL)
		problems_add(reader->problems, reader->file, reader->line, 1, "unknown-key",
			     "there is no key \"%s\"; did you mean \"%s\"?", key, nearest);
	else
		problems_add(reader->problems, reader->file, reader->line, 1, "unknown-key",
			     "there is no key \"%s\"; soundings.conf(5) lists them", key);
}

/* Cuts blanks and tabs off both ends of TEXT, in place. */
static char *conf_trim(char *text)
{
	text += strspn(text, " \t");
	size_t length = strlen(text);
	while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		length--;
	text[length] = '\0';
	return text;
}

static void conf_line(struct conf_reader *reader, char *line)
{
	char *text = conf_trim(line);
	if (*text == '\0' || *text == '#')
		return;
	char *equals = strchr(text, '=');
	if (equals == NULL) {
		problems_add(reader->problems, reader->file, reader->line, 1, "no-value",
			     "write \"key = value\", or begin the line with # to make it a comment");
		return;
	}
	*equals = '\0';
	const char *value = conf_trim(equals + 1);
	const char *key = conf_trim(text);
	reader->value_column = (unsigned) (value - line) + 1;
	enum conf_id id = 0;
	while (id < CONF_COUNT && strcmp(conf_table[id].name, key) != 0)
		id++;
	if (id == CONF_COUNT) {
		conf_unknown_key(reader, key);
		return;
	}
	if (reader->lines[id] > 0) {
		problems_add(reader->problems, reader->file, reader->line, 1, "repeated-key",
			     "\"%s\" stands in line %u already: keep one of the two", key, reader->lines[id]);
		return;
	}
	reader->lines[id] = reader->line;
	conf_set(reader, id, value);
}

static void conf_defaults(struct conf_reader *reader)
{
	for (enum conf_id id = 0; id < CONF_COUNT; id++)
		if (conf_table[id].fallback != NULL)
			conf_set(reader, id, conf_table[id].fallback);
}

/* An IPv6 address stands in brackets in a URL (RFC 3986, 3.2.2). */
static enum err conf_address(struct arena *arena, const char *host, unsigned port, const char **out)
{
	*out = arena_printf(arena, strchr(host, ':') != NULL ? "http://[%s]:%u" : "http://%s:%u", host, port);
	return *out == NULL ? ERR_NOMEM : ERR_OK;
}

/* What was not given follows from what was. */
static enum err conf_derive(struct arena *arena, struct conf *out)
{
	enum err error = ERR_OK;
	if (out->base_url_follows)
		error = conf_address(arena, out->listen, out->port, &out->base_url);
	if (out->organiser_port_follows) /* the last port has none above it */
		out->organiser_port = out->port < 65535 ? out->port + 1 : out->port - 1;
	if (error == ERR_OK && out->organiser_url_follows)
		error = conf_address(arena, out->organiser_listen, out->organiser_port, &out->organiser_url);
	out->organiser_is_https = error == ERR_OK && strncmp(out->organiser_url, "https://", 8) == 0;
	return error;
}

enum err conf_take_port(struct conf *conf, unsigned port, struct arena *arena)
{
	conf->port = port;
	return conf_derive(arena, conf);
}

/* Keys that only make sense together, once all are read. */
static void conf_check(struct conf_reader *reader)
{
	struct conf *out = reader->out;
	bool has_certificate = out->organiser_certificate != NULL, has_key = out->organiser_certificate_key != NULL;
	out->base_url_follows = reader->lines[CONF_BASE_URL] == 0;
	out->organiser_port_follows = reader->lines[CONF_ORGANISER_PORT] == 0;
	out->organiser_url_follows = reader->lines[CONF_ORGANISER_URL] == 0;
	if (has_certificate != has_key)
		problems_add(reader->problems, reader->file,
			     reader->lines[has_key ? CONF_ORGANISER_CERTIFICATE_KEY : CONF_ORGANISER_CERTIFICATE], 1,
			     "missing-key", "organiser_certificate and organiser_certificate_key come together");
	else if (has_certificate && (out->organiser_url == NULL || strncmp(out->organiser_url, "https://", 8) != 0))
		problems_add(reader->problems, reader->file, reader->lines[CONF_ORGANISER_CERTIFICATE], 1,
			     "missing-key",
			     "with organiser_certificate, organiser_url is the address that it is for and begins with "
			     "https://");
	else if (!has_certificate && !conf_is_loopback(out->organiser_listen))
		problems_add(
			reader->problems, reader->file, reader->lines[CONF_ORGANISER_LISTEN], 1, "missing-key",
			"organiser_listen other than 127.0.0.1 needs organiser_certificate: over plain http others "
			"could read along");
}

/* Goes through the lines of TEXT, changing it. */
static void conf_lines(struct conf_reader *reader, char *text)
{
	utf8_normalise_line_ends(text);
	while (text != NULL) {
		char *end = strchr(text, '\n');
		if (end != NULL)
			*end++ = '\0';
		reader->line++;
		conf_line(reader, text);
		text = end;
	}
}

enum err conf_load(const char *path, struct arena *arena, struct conf *out, struct problems *problems)
{
	*out = (struct conf){.base_url = NULL};
	struct conf_reader reader = {.file = path, .arena = arena, .out = out, .problems = problems};
	size_t count_before = problems->count + problems->dropped;
	conf_defaults(&reader);

	char *text = NULL;
	size_t length = 0;
	enum err error = file_read(AT_FDCWD, path, CONF_FILE_MAX_BYTES, arena, &text, &length);
	if (error == ERR_NOT_FOUND) {
		conf_check(&reader);
		return conf_derive(arena, out);
	}
	if (error == ERR_TOO_BIG) {
		problems_add(problems, path, 0, 0, "too-big", "a configuration file has at most %d bytes",
			     CONF_FILE_MAX_BYTES);
		return ERR_INVALID;
	}
	if (error != ERR_OK)
		return error;
	if (!utf8_is_valid(text, length)) {
		problems_add(problems, path, 0, 0, "not-utf8", "save the file as plain text in UTF-8");
		return ERR_INVALID;
	}
	conf_lines(&reader, text);
	conf_check(&reader);
	if (problems->count + problems->dropped > count_before)
		return ERR_INVALID;
	return conf_derive(arena, out);
}
