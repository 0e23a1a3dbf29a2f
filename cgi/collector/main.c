/* SPDX-License-Identifier: MIT */
/* main.c: collector(8): the only program that holds the secrets of the periods. It proves that everything is right before
 * it takes the first envelope, then works until it is told to stop.
 *
 * Must not listen anywhere, and must not start with anything missing: a secret that is found wrong later is found too late. */
#include "collector/collector.h"
#include "collector/loop.h"

#include "lib/base/conf.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/memory.h"
#include "lib/confine/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

enum { MAIN_SPOOL_TIMEOUT_MS = 5000, MAIN_ARENA_BYTES = 1 << 20, MAIN_VERSIONS_ARENA_BYTES = 64 << 20 };

/* Letters lie open in this program's memory: none of it may reach a disk or a debugger. */
static void main_limits(void)
{
	struct rlimit none = {0};
	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* whose leak check traces the program from outside */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
	umask(077);
}

static int main_signals(void)
{
	sigset_t stop;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	return signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* front/root.pub: 64 hex digits and a newline. */
static enum err main_read_root(struct collector *collector)
{
	enum err error = keys_read_root("front/root.pub", collector->root_public);
	if (error != ERR_OK)
		log_error("collector.refused", "file=front/root.pub error=%s", err_name(error));
	return error;
}

static enum err main_read_conf(struct collector *collector, enum conf_confine *confine)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, MAIN_ARENA_BYTES);
	struct conf conf;
	struct problems problems;
	problems_init(&problems, &arena);
	enum err error = conf_load("soundings.conf", &arena, &conf, &problems);
	if (error != ERR_OK) {
		problems_print(&problems, stderr);
		log_error("collector.refused", "file=soundings.conf error=%s", err_name(error));
		return error;
	}
	collector->batch_min = conf.batch_min;
	*confine = conf.confine;
	return ERR_OK;
}

/* Reads what lies outside of the folders that it may open once it is confined, and then the rest. *CODE is set, and
 * ERR_DENIED returned, when it cannot be confined as it must be: confine.h has logged why. */
static enum err main_open(struct collector *collector, int *code)
{
	bool is_complete;
	enum conf_confine confine;
	enum err error = keys_start();
	if (error == ERR_OK)
		error = main_read_conf(collector, &confine);
	if (error == ERR_OK)
		error = main_read_root(collector);
	if (error != ERR_OK)
		return error;
	*code = confine_prove(CONFINE_COLLECTOR, confine);
	if (*code == EX_OK)
		*code = confine_enter(CONFINE_COLLECTOR, confine);
	if (*code != EX_OK)
		return ERR_DENIED;
	error = office_open("office/office.db", OFFICE_COLLECTOR, &collector->office);
	if (error != ERR_OK) {
		log_error("collector.refused", "file=office/office.db error=%s", err_name(error));
		return error;
	}
	error = collector_load(collector, &is_complete);
	if (error == ERR_OK && !is_complete) {
		log_error("collector.refused",
			  "a period's secret is missing or wrong: bring it back with \"soundings key "
			  "recover\"; nothing is collected until then");
		return ERR_DENIED;
	}
	return error;
}

static enum err main_work(struct collector *collector, int *code)
{
	CLEANUP_FD int stop = main_signals();
	if (stop < 0)
		return ERR_IO;
	enum err error = main_open(collector, code);
	if (error != ERR_OK)
		return error;
	log_info("collector.started", "periods=%zu", collector->secrets.count);
	error = loop_run(collector, stop);
	log_info("collector.stopped", "error=%s filed=\"%s\" withdrawals=\"%s\" quarantined=\"%s\"", err_name(error),
		 collector_band(collector->counts.filed), collector_band(collector->counts.withdrawals),
		 collector_band(collector->counts.quarantined));
	return error;
}

static int main_usage(FILE *out, int code)
{
	fprintf(out, "usage: collector --instance DIR\n"
		     "Opens the envelopes of the instance in DIR and files the responses in its office: see "
		     "collector(8).\n");
	return code;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"instance", required_argument, NULL, 'i'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	log_init("collector");
	memory_start();
	const char *instance = NULL;
	int option;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h')
			return main_usage(stdout, EX_OK);
		if (option != 'i')
			return main_usage(stderr, EX_USAGE);
		instance = optarg;
	}
	if (instance == NULL || optind < argc)
		return main_usage(stderr, EX_USAGE);
	main_limits();
	if (chdir(instance) < 0) {
		log_error("collector.refused",
			  "error=%s the instance cannot be entered (%s): make it with soundings init",
			  err_name(file_err(errno)), strerror(errno));
		return EX_NOINPUT;
	}
	static struct collector collector; /* large; wiped below */
	arena_init(&collector.versions_arena, MAIN_VERSIONS_ARENA_BYTES);
	spool_init(&collector.spool, "run/batch.sock", MAIN_SPOOL_TIMEOUT_MS);
	int code = EX_OK;
	enum err error = main_work(&collector, &code);
	spool_fini(&collector.spool);
	catalogue_close(collector.catalogue);
	office_close(collector.office);
	arena_fini(&collector.versions_arena);
	secrets_wipe(&collector.secrets);
	return code != EX_OK ? code : err_exit_code(error);
}
