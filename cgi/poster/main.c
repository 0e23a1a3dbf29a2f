/* SPDX-License-Identifier: MIT */
/* main.c: poster(1) draws posters, cards, slides and QR codes: a request as JSON in, a file out.
 *
 * May draw, and open fonts. May never open anything else, run anything, or see the network; it is confined before it reads its
 * input, which organisers typed. */
#include "poster/once.h"
#include "poster/serve.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/memory.h"
#include "lib/confine/confine.h"

#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
/* Fonts and types live as long as the program: the leak checker asks this. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\nleak:libglib\nleak:libgobject\nleak:libcairo\n";
}
#endif

/* The largest poster, in four scripts, needs 104 MiB of addresses and 51 MiB of memory. */
enum { MEMORY_MIB = 256 };

static void limit(void)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	mallopt(M_ARENA_MAX,
		1); /* a heap of each thread's own sets 64 MiB of addresses aside, and most of this limit was that */
#ifndef __SANITIZE_ADDRESS__ /* whose own maps are larger than any limit */
	setrlimit(RLIMIT_AS, &(struct rlimit){MEMORY_MIB * 1024UL * 1024, MEMORY_MIB * 1024UL * 1024});
#endif
	clearenv(); /* languages, themes, switches of libraries: the same request gives the same bytes everywhere */
}

/* One request on standard input. */
static int once(enum conf_confine wish, const struct poster_fonts *fonts)
{
	CLEANUP_STRBUF struct strbuf file;
	struct poster_trouble trouble = {{0}};
	enum poster_format format;
	strbuf_init(&file, POSTER_FILE_MAX_BYTES);
	signal(SIGPIPE, SIG_IGN);
	int code = confine_prove(CONFINE_POSTER_WORKER, wish);
	if (code == EX_OK)
		code = confine_enter(CONFINE_POSTER_WORKER, wish);
	if (code != EX_OK)
		return code;
	enum err error = once_draw(STDIN_FILENO, fonts, &file, &format, &trouble);
	if (error) {
		fprintf(stderr, "poster: %s\n", trouble.words);
		return error == ERR_NOMEM || error == ERR_IO ? err_exit_code(error) : EX_DATAERR;
	}
	if (file_write_all(STDOUT_FILENO, file.data, file.length) != ERR_OK) {
		fprintf(stderr, "poster: the file could not be written to standard output\n");
		return EX_IOERR;
	}
	return EX_OK;
}

static int usage(FILE *out, int code)
{
	fputs("usage: poster [--confine auto|strict|off] < REQUEST > FILE\n"
	      "       poster --socket PATH [--confine auto|strict|off]\n"
	      "Draws a poster, table tent, cards, slide or QR code as PDF, PNG or SVG: see poster(1).\n",
	      out);
	return code;
}

static bool find_wish(const char *name, enum conf_confine *wish)
{
	static const char *const names[CONF_CONFINE_COUNT] = {
		[CONF_CONFINE_AUTO] = "auto", [CONF_CONFINE_STRICT] = "strict", [CONF_CONFINE_OFF] = "off"};
	for (unsigned i = 0; i < CONF_CONFINE_COUNT; i++)
		if (strcmp(name, names[i]) == 0) {
			*wish = (enum conf_confine) i;
			return true;
		}
	return false;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"socket", required_argument, NULL, 's'},
						{"confine", required_argument, NULL, 'c'},
						{"help", no_argument, NULL, 'h'},
						{0}};
	const char *socket = NULL;
	enum conf_confine wish = CONF_CONFINE_AUTO;
	log_init("poster");
	memory_start();
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == 'h')
			return usage(stdout, EX_OK);
		if (option == 's')
			socket = optarg;
		if (option == '?' || (option == 'c' && !find_wish(optarg, &wish)))
			return usage(stderr, EX_USAGE);
	}
	if (optind != argc)
		return usage(stderr, EX_USAGE);
	limit();
	struct poster_fonts fonts = {0};
	struct poster_trouble trouble;
	enum err error = poster_fonts_load(&fonts, &trouble);
	if (error) {
		fprintf(stderr, "poster: %s\n", trouble.words);
		return error == ERR_NOMEM ? EX_OSERR : EX_UNAVAILABLE;
	}
	return socket ? serve(socket, wish, &fonts) : once(wish, &fonts);
}
