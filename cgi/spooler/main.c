/* SPDX-License-Identifier: MIT */
/* main.c: spooler(8): the only program that ever opens the spool file. Reads its one option, takes its place in the
 * instance, opens the file, serves, and goes in the opposite order.
 *
 * Must not open an envelope, touch the network or start another program. */
#include "spooler/place.h"
#include "spooler/serve.h"
#include "spooler/store.h"

#include "lib/base/file.h"
#include "lib/base/log.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

/* No memory to disk in a crash, descriptors for all clients, new files for the owner alone. */
static void main_confine(void)
{
	struct rlimit none = {0}, files;
	setrlimit(RLIMIT_CORE, &none);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	umask(077);
}

/* A descriptor that SIGTERM and SIGINT can be read from; a write that nobody reads, or that a limit forbids, is an
 * error and no signal. */
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

static enum err main_serve(struct store *store)
{
	CLEANUP_FD int lock = -1, append = -1, batch = -1, stop = main_signals();
	if (stop < 0)
		return ERR_IO;
	enum err error = place_take(&lock);
	if (error == ERR_OK)
		error = store_open(store, PLACE_FILE, serve_now());
	if (error != ERR_OK)
		return error;
	error = place_listen(&append, &batch);
	if (error == ERR_OK) {
		log_info("spooler.started", "waiting=%s filed=%s", store->held.waiting > 0 ? "some" : "none",
			 store->held.marks.count > 0 ? "some" : "none");
		error = serve_run(store, append, batch, stop);
	}
	/* The file before the sockets: whoever sees them gone may start the next spooler. */
	store_close(store);
	place_leave();
	return error;
}

static int main_usage(FILE *out, int code)
{
	fprintf(out, "usage: spooler --instance DIR\n"
		     "Keeps sealed envelopes of the instance in DIR until they are filed: see spooler(8).\n");
	return code;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"instance", required_argument, NULL, 'i'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	log_init("spooler");
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
	main_confine();
	if (chdir(instance) < 0) {
		log_error("spool.refused", "error=%s the instance cannot be entered (%s): make it with soundings init",
			  err_name(file_err(errno)), strerror(errno));
		return EX_NOINPUT;
	}
	struct store store = {0};
	enum err error = main_serve(&store);
	store_close(&store);
	return err_exit_code(error);
}
