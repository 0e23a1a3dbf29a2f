/* SPDX-License-Identifier: MIT */
/* main.c: spooler(8): the only program that ever opens the spool file. Reads its one option, takes its place in the
 * instance, opens the file, serves, and goes in the opposite order. A file that has failed is set aside (aside.h).
 *
 * Must not open an envelope, touch the network or start another program. */
#include "spooler/aside.h"
#include "spooler/place.h"
#include "spooler/serve.h"
#include "spooler/store.h"
#include "spooler/store_file.h"

#include "lib/base/conf.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/memory.h"
#include "lib/confine/confine.h"

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

enum { MAIN_ARENA_BYTES = 1 << 20 };

/* No memory to disk in a crash, descriptors for all clients, new files for the owner alone. */
static void main_limits(void)
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

/* What soundings.conf says to the spooler. */
struct main_settings {
	unsigned free_min_mib, ballast_mib; /* how much room is to be kept: spool_free_min and spool_ballast */
	enum conf_confine confine;
};

static enum err main_read_conf(struct main_settings *out)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, MAIN_ARENA_BYTES);
	struct conf conf;
	struct problems problems;
	problems_init(&problems, &arena);
	enum err error = conf_load("soundings.conf", &arena, &conf, &problems);
	if (error != ERR_OK) {
		problems_print(&problems, stderr);
		log_error("spool.refused", "file=soundings.conf error=%s %s", err_name(error), err_words(error));
		return error;
	}
	*out = (struct main_settings){conf.spool_free_min, conf.spool_ballast, conf.confine};
	return ERR_OK;
}

/* Opens a new file, which is to know no lower serials than the one that was set aside, and takes the mark away. */
static enum err main_open_new(struct store *store, struct aside_serials serials)
{
	enum err error = store_open(store, PLACE_FILE, serve_now());
	if (error != ERR_OK)
		return error;
	store_seen(store, serials.catalogue, serials.keyset);
	error = store_commit(store);
	return error == ERR_OK ? aside_end() : error;
}

static bool main_has_file(void)
{
	struct stat status;
	return lstat(PLACE_FILE, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

/* Opens the file; or, in the place of one that is marked or turns out to be damaged, a new one. */
static enum err main_open(struct store *store, struct aside_serials published)
{
	struct aside_serials serials = {0};
	bool is_aside;
	enum err error = aside_begin(published, &is_aside, &serials);
	if (error != ERR_OK)
		return error;
	if (is_aside)
		return main_open_new(store, serials);
	error = store_open(store, PLACE_FILE, serve_now());
	if ((error != ERR_CORRUPT && error != ERR_IO) || !main_has_file())
		return error;
	store_close(store);
	error = aside_mark(serials);
	if (error == ERR_OK)
		error = aside_begin(published, &is_aside, &serials);
	return error == ERR_OK ? main_open_new(store, serials) : error;
}

/* The file failed under us. Without a mark the next start would trust it. */
static void main_mark(struct store *store)
{
	struct aside_serials serials = {true, store->catalogue, store->keyset};
	room_let_go(&store->room);
	store_close(store);
	enum err error = aside_mark(serials);
	if (error != ERR_OK)
		log_error("spool.unmarked",
			  "error=%s the spool file failed and cannot be marked as damaged: look at the disk, and "
			  "restart the "
			  "machine before the spooler",
			  err_name(error));
}

/* *CODE is set, and ERR_DENIED returned, when the program cannot be confined as it must be: confine.h has logged why. */
static enum err main_serve(struct store *store, int *code)
{
	struct main_settings settings;
	struct aside_serials published = aside_published();
	CLEANUP_FD int lock = -1, append = -1, batch = -1, stop = main_signals();
	if (stop < 0)
		return ERR_IO;
	enum err error = main_read_conf(&settings);
	if (error == ERR_OK)
		error = place_take(&lock);
	if (error == ERR_OK)
		error = store_file_start();
	if (error == ERR_OK && (*code = confine_prove(CONFINE_SPOOLER, settings.confine)) != EX_OK)
		error = ERR_DENIED;
	if (error == ERR_OK)
		error = main_open(store, published);
	if (error != ERR_OK)
		return error;
	error = place_listen(&append, &batch);
	if (error == ERR_OK && (*code = confine_enter(CONFINE_SPOOLER, settings.confine)) != EX_OK)
		error = ERR_DENIED;
	if (error == ERR_OK) {
		room_init(&store->room, settings.free_min_mib,
			  settings.ballast_mib); /* whoever comes meanwhile waits in line */
		log_info("spooler.started", "waiting=%s filed=%s", store->held.waiting > 0 ? "some" : "none",
			 store->held.marks.count > 0 ? "some" : "none");
		error = serve_run(store, append, batch, stop);
	}
	/* The file before the sockets: whoever sees them gone may start the next spooler. */
	if (store->is_damaged)
		main_mark(store);
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
		log_error("spool.refused", "error=%s the instance cannot be entered (%s): make it with soundings init",
			  err_name(file_err(errno)), strerror(errno));
		return EX_NOINPUT;
	}
	struct store store = {0};
	int code = EX_OK;
	enum err error = main_serve(&store, &code);
	store_close(&store);
	return code != EX_OK ? code : err_exit_code(error);
}
