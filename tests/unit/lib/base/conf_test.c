/* SPDX-License-Identifier: MIT */
/* conf_test.c: defaults, every key, and a problem with its line for whatever is not one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Loads a file that holds TEXT. */
static enum err load(const char *text, size_t length, struct arena *arena, struct conf *conf, struct problems *problems)
{
	char path[] = "/tmp/soundings-conf-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), length);
	close(fd);
	arena_init(arena, 1024 * 1024);
	problems_init(problems, arena);
	enum err error = conf_load(path, arena, conf, problems);
	unlink(path);
	return error;
}

static void test_defaults(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 64 * 1024);
	struct problems problems;
	problems_init(&problems, &arena);
	struct conf conf;
	assert_int_equal(conf_load("/nowhere/soundings.conf", &arena, &conf, &problems), ERR_OK);
	assert_int_equal(problems.count, 0);
	assert_int_equal(conf.mode, CONF_MODE_PHONE);
	assert_int_equal(conf.port, 8080);
	assert_string_equal(conf.listen, "127.0.0.1");
	assert_string_equal(conf.base_url, "http://127.0.0.1:8080");
	assert_int_equal(conf.workers, 8);
	assert_int_equal(conf.spool_wait_ms, 5000);
	assert_int_equal(conf.batch_min, 5);
	assert_string_equal(conf.nginx, "/usr/sbin/nginx");
	assert_string_equal(conf.backup_dir, "backups");
	assert_int_equal(conf.confine, CONF_CONFINE_AUTO);
	assert_int_equal(conf.spool_free_min, 64);
	assert_int_equal(conf.spool_ballast, 16);
	assert_int_equal(conf.organiser_port, 8081);
	assert_string_equal(conf.organiser_listen, "127.0.0.1");
	assert_string_equal(conf.organiser_url, "http://127.0.0.1:8081");
	assert_false(conf.organiser_is_https);
	assert_null(conf.organiser_certificate);
	assert_null(conf.organiser_certificate_key);
	assert_int_equal(conf.kiosk_idle_s, 120);
	assert_int_equal(conf.kiosk_warning_s, 60);
	assert_int_equal(conf.kiosk_thanks_s, 45);
}

static void test_every_key(void **state)
{
	(void) state;
	static const char text[] =
		"# our hub\r\n\r\n  mode=kiosk\nport\t=  9000  \nlisten = ::1\nworkers = 64\n"
		"spool_wait_ms = 100\nbatch_min = 256\nnginx = /opt/nginx\nbackup_dir = /media/a "
		"stick/..b/c..\nspool_free_min = 0\nspool_ballast = 1024\nconfine = strict\n#port = 1\n"
		"organiser_port = 443\norganiser_listen = 0.0.0.0\norganiser_url = https://team.example.org\n"
		"organiser_certificate = /etc/ssl/team.pem\norganiser_certificate_key = /etc/ssl/team.key\n"
		"kiosk_idle_s = 1200\nkiosk_warning_s = 20\nkiosk_thanks_s = 600";
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct conf conf;
	assert_int_equal(load(text, sizeof text - 1, &arena, &conf, &problems), ERR_OK);
	assert_int_equal(conf.mode, CONF_MODE_KIOSK);
	assert_int_equal(conf.port, 9000);
	assert_string_equal(conf.listen, "::1");
	assert_string_equal(conf.base_url, "http://[::1]:9000");
	assert_int_equal(conf.workers, 64);
	assert_int_equal(conf.spool_wait_ms, 100);
	assert_int_equal(conf.batch_min, 256);
	assert_string_equal(conf.nginx, "/opt/nginx");
	assert_string_equal(conf.backup_dir, "/media/a stick/..b/c..");
	assert_int_equal(conf.confine, CONF_CONFINE_STRICT);
	assert_int_equal(conf.spool_free_min, 0);
	assert_int_equal(conf.spool_ballast, 1024);
	assert_int_equal(conf.organiser_port, 443);
	assert_string_equal(conf.organiser_listen, "0.0.0.0");
	assert_string_equal(conf.organiser_url, "https://team.example.org");
	assert_true(conf.organiser_is_https);
	assert_string_equal(conf.organiser_certificate, "/etc/ssl/team.pem");
	assert_string_equal(conf.organiser_certificate_key, "/etc/ssl/team.key");
	assert_int_equal(conf.kiosk_idle_s, 1200);
	assert_int_equal(conf.kiosk_warning_s, 20);
	assert_int_equal(conf.kiosk_thanks_s, 600);
}

/* What was given stays; what was not follows the port. */
static void test_another_port(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
		unsigned port, organiser_port;
		const char *base_url, *organiser_url;
	} rows[] = {
		{"all follows", "", 9000, 9001, "http://127.0.0.1:9000", "http://127.0.0.1:9001"},
		{"the last port", "", 65535, 65534, "http://127.0.0.1:65535", "http://127.0.0.1:65534"},
		{"base_url stays", "base_url = https://tell.example.org\n", 9000, 9001, "https://tell.example.org",
		 "http://127.0.0.1:9001"},
		{"organiser_port stays", "organiser_port = 7000\n", 9000, 7000, "http://127.0.0.1:9000",
		 "http://127.0.0.1:7000"},
		{"none stays none", "organiser_port = 0\n", 9000, 0, "http://127.0.0.1:9000", "http://127.0.0.1:0"},
		{"organiser_url stays", "organiser_url = https://team.example.org\n", 9000, 9001,
		 "http://127.0.0.1:9000", "https://team.example.org"},
		{"IPv6", "listen = ::1\norganiser_listen = ::1\n", 9000, 9001, "http://[::1]:9000",
		 "http://[::1]:9001"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct conf conf;
		assert_int_equal(load(rows[i].text, strlen(rows[i].text), &arena, &conf, &problems), ERR_OK);
		assert_int_equal(conf_take_port(&conf, rows[i].port, &arena), ERR_OK);
		if (conf.port != rows[i].port || conf.organiser_port != rows[i].organiser_port ||
		    strcmp(conf.base_url, rows[i].base_url) != 0 ||
		    strcmp(conf.organiser_url, rows[i].organiser_url) != 0)
			fail_msg("%s: %u %s, %u %s", rows[i].name, conf.port, conf.base_url, conf.organiser_port,
				 conf.organiser_url);
	}
}

static void test_organiser_urls(void **state)
{
	(void) state;
	static const struct {
		const char *url;
		bool is_good;
	} rows[] = {
		{"http://127.0.0.1:8081", true},
		{"http://127.0.0.1", true},
		{"http://127.9.9.9:1", true},
		{"http://localhost:8081", true},
		{"http://[::1]:8081", true},
		{"https://team.example.org", true},
		{"https://team.example.org:8443", true},
		{"https://127.0.0.1:8443", true},
		{"https://[2001:db8::1]", true},
		{"http://team.example.org", false},
		{"http://192.168.1.5:8081", false},
		{"http://0.0.0.0:8081", false},
		{"http://[2001:db8::1]:8081", false},
		{"http://127.0.0.1.example.org", false},
		{"http://localhost.example.org", false},
		{"https://Team.example.org", false},
		{"https://team.example.org:443", false},
		{"http://127.0.0.1:80", false},
		{"https://team.example.org/", false},
		{"https://team.example.org/team", false},
		{"https://me@team.example.org", false},
		{"https://team.example.org:08443", false},
		{"https://team.example.org:70000", false},
		{"https://team.example.org:", false},
		{"https://-team.example.org", false},
		{"https://[::1", false},
		{"https://[::g]", false},
		{"https://[2001:DB8::1]", false},
		{"https://[]:8443", false},
		{"https://team.example.org]", false},
		{"https://", false},
		{"ftp://127.0.0.1", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[200];
		snprintf(text, sizeof text, "organiser_url = %s\n", rows[i].url);
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct conf conf;
		enum err error = load(text, strlen(text), &arena, &conf, &problems);
		if ((error == ERR_OK) != rows[i].is_good)
			fail_msg("%s: %s", rows[i].url, err_name(error));
	}
}

static void test_problems(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
		unsigned line;
		const char *rule, *part; /* of the message */
	} rows[] = {
		{"unknown key, with the nearest", "# x\n\nprot = 1\n", 3, "unknown-key", "\"port\""},
		{"unknown key, none near", "colour = blue", 1, "unknown-key", "soundings.conf(5)"},
		{"keys have one case", "Port = 1", 1, "unknown-key", "\"port\""},
		{"repeated key", "port = 1\nworkers = 2\nport = 1\n", 3, "repeated-key", "line 1"},
		{"no value", "port\n", 1, "no-value", "key = value"},
		{"empty value", "port =\n", 1, "bad-value", "1 to 65535"},
		{"no number", "port = http\n", 1, "bad-value", "\"http\""},
		{"number and more", "port = 80 # web\n", 1, "bad-value", "whole number"},
		{"too small", "port = 0\n", 1, "bad-value", "from 1"},
		{"too large", "port = 65536\n", 1, "bad-value", "65535"},
		{"far too large", "port = 99999999999999999999999\n", 1, "bad-value", "65535"},
		{"negative", "port = -80\n", 1, "bad-value", "whole number"},
		{"plus sign", "workers = +8\n", 1, "bad-value", "64"},
		{"hexadecimal", "workers = 0x8\n", 1, "bad-value", "64"},
		{"too patient", "spool_wait_ms = 9001\n", 1, "bad-value", "9000"},
		{"unknown mode", "mode = tablet\n", 1, "bad-value", "phone or kiosk"},
		{"no address", "listen = localhost\n", 1, "bad-value", "127.0.0.1"},
		{"address that opens nginx's file", "listen = ::1; include x\n", 1, "bad-value", "address"},
		{"base without scheme", "base_url = example.org\n", 1, "bad-value", "https://"},
		{"base with a slash", "base_url = https://example.org/\n", 1, "bad-value", "without a /"},
		{"base with a query", "base_url = https://example.org?x\n", 1, "bad-value", "https://"},
		{"base of nothing", "base_url = https://\n", 1, "bad-value", "https://"},
		{"base in quotes", "base_url = \"https://example.org\"\n", 1, "bad-value", "https://"},
		{"relative nginx", "nginx = nginx\n", 1, "bad-value", "absolute"},
		{"more free than there is", "spool_free_min = 65537\n", 1, "bad-value", "0 to 65536"},
		{"too much ballast", "spool_ballast = 1025\n", 1, "bad-value", "0 to 1024"},
		{"a kiosk in a hurry", "kiosk_idle_s = 29\n", 1, "bad-value", "30 to 1200"},
		{"a warning that is too short to answer", "kiosk_warning_s = 19\n", 1, "bad-value", "20 to 300"},
		{"a receipt that nobody can write down", "kiosk_thanks_s = 10\n", 1, "bad-value", "20 to 600"},
		{"confined a little", "confine = partly\n", 1, "bad-value", "auto, strict or off"},
		{"no backup folder", "backup_dir =\n", 1, "bad-value", "folder"},
		{"backup folder in quotes", "backup_dir = \"backups\"\n", 1, "bad-value", "quotes"},
		{"a shell's home", "backup_dir = ~/backups\n", 1, "bad-value", "~"},
		{"backup folder beside", "backup_dir = ../backups\n", 1, "bad-value", ".."},
		{"backup folder beside, further on", "backup_dir = /media/stick/..\n", 1, "bad-value", ".."},
		{"backup folder beside, in between", "backup_dir = a/../b\n", 1, "bad-value", ".."},
		{"organisers over plain http", "organiser_url = http://team.example.org\n", 1, "bad-value",
		 "this machine"},
		{"organisers open to all", "port = 1\norganiser_listen = 0.0.0.0\n", 2, "missing-key",
		 "organiser_certificate"},
		{"a certificate without its key",
		 "organiser_url = https://team.example.org\norganiser_certificate = /a.pem\n", 2, "missing-key",
		 "come together"},
		{"a key without its certificate", "organiser_certificate_key = /a.key\n", 1, "missing-key",
		 "come together"},
		{"a certificate for no address", "organiser_certificate = /a.pem\norganiser_certificate_key = /a.key\n",
		 1, "missing-key", "https://"},
		{"a certificate that opens nginx's file", "organiser_certificate = /a;include\n", 1, "bad-value",
		 "absolute"},
		{"no UTF-8", "port = 80\n# \xFF\n", 0, "not-utf8", "UTF-8"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct conf conf;
		enum err error = load(rows[i].text, strlen(rows[i].text), &arena, &conf, &problems);
		if (error != ERR_INVALID || problems.count != 1)
			fail_msg("%s: %s, %zu problems", rows[i].name, err_name(error), problems.count);
		const struct problem *problem = &problems.list[0];
		if (problem->line != rows[i].line || strcmp(problem->rule, rows[i].rule) != 0 ||
		    strstr(problem->message, rows[i].part) == NULL)
			fail_msg("%s: line %u, %s, %s", rows[i].name, problem->line, problem->rule, problem->message);
	}
}

static void test_all_at_once(void **state)
{
	(void) state;
	static const char text[] = "prot = 1\nmode = x\nworkers = 0\nworkers = 0\n";
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct conf conf;
	assert_int_equal(load(text, sizeof text - 1, &arena, &conf, &problems), ERR_INVALID);
	assert_int_equal(problems.count, 4);
	assert_int_equal(problems.list[2].line, 3);
	assert_int_equal(problems.list[2].column, 11);
}

static void test_bytes(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct conf conf;
	assert_int_equal(load("port = 1\0", 9, &arena, &conf, &problems), ERR_INVALID);
	arena_fini(&arena);
	char *large = calloc(1, 70000);
	assert_non_null(large);
	memset(large, '#', 70000);
	assert_int_equal(load(large, 70000, &arena, &conf, &problems), ERR_INVALID);
	assert_string_equal(problems.list[0].rule, "too-big");
	free(large);
}

/* Each default in the table is one that the file would take. */
static void test_table(void **state)
{
	(void) state;
	size_t count = 0;
	for (const struct conf_key *key = conf_keys(); key->name != NULL; key++, count++) {
		assert_non_null(key->meaning);
		if (key->fallback == NULL)
			continue;
		char text[200];
		snprintf(text, sizeof text, "%s = %s\n", key->name, key->fallback);
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct conf conf;
		if (load(text, strlen(text), &arena, &conf, &problems) != ERR_OK)
			fail_msg("%s", text);
	}
	assert_int_equal(count, 21);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_defaults),       cmocka_unit_test(test_every_key),
					   cmocka_unit_test(test_problems),       cmocka_unit_test(test_all_at_once),
					   cmocka_unit_test(test_bytes),          cmocka_unit_test(test_another_port),
					   cmocka_unit_test(test_organiser_urls), cmocka_unit_test(test_table)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
