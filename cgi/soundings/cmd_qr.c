/* SPDX-License-Identifier: MIT */
/* cmd_qr.c: soundings qr: the QR code of an event's address, for posters, slides and terminals. */
#include "cmd.h"
#include "args.h"
#include "instance.h"
#include "write_out.h"

#include "lib/print/qr.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { PNG_MODULE_PX = 16, IMAGE_MAX_BYTES = 8 * 1024 * 1024 };

static const char usage[] =
	"usage: soundings qr CODE --format svg|png|text [-o FILE]\n"
	"Draws the QR code of the event's address (base_url of soundings.conf). Without -o: standard output.\n";

static int draw(struct instance *instance, const char *code, enum qr_format format, const char *file)
{
	struct office_event *event = NULL;
	enum err error = office_event_get(instance->office, code, &instance->arena, &event);
	if (error == ERR_NOT_FOUND)
		return args_no_event(instance, code);
	if (error)
		return complain_err(error, "the event %s cannot be read", code);
	char *address = NULL;
	error = qr_address(instance->conf.base_url, event->shown.code, &instance->arena, &address);
	if (error)
		return complain(EX_CONFIG,
				"base_url (%s) has signs that a QR code cannot hold in its small form: use letters, "
				"digits and - . / : only",
				instance->conf.base_url);
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, IMAGE_MAX_BYTES);
	error = qr_draw(address, format, PNG_MODULE_PX, isatty(STDOUT_FILENO) && !file, &out);
	if (error)
		return complain_err(error, "the QR code of %s could not be drawn", address);
	return write_out(file, strbuf_text(&out), out.length, 0644);
}

int cmd_qr(const char *instance_dir, int argc, char **argv)
{
	static const struct option options[] = {
		{"format", required_argument, NULL, 'f'}, {"help", no_argument, NULL, 'h'}, {0}};
	static const char *const names[] = {[QR_SVG] = "svg", [QR_PNG] = "png", [QR_TEXT] = "text"};
	enum qr_format format = QR_TEXT;
	const char *file = NULL;
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET "ho:", options, NULL)) != -1;) {
		if (option == 'h')
			return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
		if (option == '?' || option == ':')
			return args_refuse(option, "qr", argv, options);
		if (option == 'o')
			file = optarg;
		if (option == 'f') {
			int found = -1;
			for (int i = 0; i < 3; i++)
				if (strcmp(optarg, names[i]) == 0)
					found = i;
			if (found < 0)
				return complain(EX_USAGE, "--format is svg, png or text, not '%s'", optarg);
			format = (enum qr_format) found;
		}
	}
	if (optind + 1 != argc)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	struct instance instance;
	int code = instance_open(&instance, instance_dir, OFFICE_READER);
	if (code == EX_OK)
		code = draw(&instance, argv[optind], format, file);
	instance_close(&instance);
	return code;
}
