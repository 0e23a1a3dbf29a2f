/* SPDX-License-Identifier: MIT */
/* cmd_run.c: soundings run: nginx and every program of an instance, in front, until Ctrl-C. */
#include "cmd.h"
#include "args.h"
#include "command.h"
#include "daily.h"
#include "first_address.h"
#include "front.h"
#include "instance.h"
#include "nginx_conf.h"
#include "periods.h"
#include "supervise.h"
#include "today.h"

#include "lib/print/qr.h"
#include "lib/station/station.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

enum { TICK_S = 30, QR_MAX_BYTES = 64 * 1024 };

static const char usage[] =
	"usage: soundings [--instance DIR] run [--port N]\n"
	"Starts nginx and every program of the instance, and stays in front; Ctrl-C ends all of it.\n";

struct running {
	struct instance *instance;
	unsigned port;
	bool is_front;        /* a kiosk and no more: no office, so nothing to be done by the day */
	bool is_lost_in_time; /* the clock was said to be wrong */
	bool is_behind;       /* events have changed, and publishing that has failed: once more at the next tick */
	struct daily daily;
};

/* One supervisor for an instance. The descriptor stays open, so the lock ends with this process. */
static int lock_instance(struct instance *instance)
{
	int fd = open(instance_path(instance, "run/lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return complain(EX_CANTCREAT, "%s/run cannot be written: %s", instance->dir, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return complain(EX_TEMPFAIL, "%s is running already: stop that one first (Ctrl-C where it runs)",
				instance->dir);
	}
	return EX_OK;
}

/* A crashed run leaves its sockets; with the lock held, nobody is behind them. Gone, they say truly who is ready. */
static void remove_stale_sockets(struct instance *instance)
{
	static const char *const names[] = {"run/append.sock",    "run/batch.sock",  "run/intake.sock",
					    "run/organiser.sock", "run/poster.sock", "run/kiosk.sock"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		unlink(instance_path(instance, names[i]));
}

static int open_port(const char *listen_on, unsigned port, bool is_probe)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
	if (inet_pton(AF_INET, listen_on, &address.sin_addr) != 1)
		return -2; /* a name or IPv6: nginx will say */
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int one = 1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	int result = is_probe ? connect(fd, (struct sockaddr *) &address, sizeof address)
			      : bind(fd, (struct sockaddr *) &address, sizeof address);
	if (result == 0 && !is_probe)
		result = listen(fd, 1);
	int number = errno;
	close(fd);
	errno = number;
	return result;
}

static int check_port(const struct conf *conf)
{
	unsigned port = conf->port, other = port < 65534 ? port + 2 : 8080;
	if (open_port(conf->listen, port, false) != -1)
		return EX_OK;
	if (errno == EADDRINUSE)
		return complain(
			EX_UNAVAILABLE,
			"port %u is taken by another program; choose another: %s run --port %u (with make: make run "
			"PORT=%u)",
			port, command(), other, other);
	return complain(EX_NOPERM, "port %u cannot be opened: %s", port, strerror(errno));
}

static int check_organiser_port(const struct conf *conf)
{
	unsigned port = conf->organiser_port;
	if (port == 0)
		return EX_OK;
	if (port == conf->port && strcmp(conf->listen, conf->organiser_listen) == 0)
		return complain(EX_CONFIG, "organiser_port and port are both %u: give them different ones", port);
	if (conf->organiser_certificate &&
	    (access(conf->organiser_certificate, R_OK) != 0 || access(conf->organiser_certificate_key, R_OK) != 0))
		return complain(EX_CONFIG, "organiser_certificate or organiser_certificate_key cannot be read: %s",
				strerror(errno));
	if (open_port(conf->organiser_listen, port, false) != -1)
		return EX_OK;
	if (errno == EADDRINUSE)
		return complain(EX_UNAVAILABLE,
				"port %u, for the organisers' pages, is taken by another program; choose another with "
				"organiser_port in soundings.conf",
				port);
	return complain(EX_NOPERM, "port %u, for the organisers' pages, cannot be opened: %s", port, strerror(errno));
}

/* Opens the instance anew: 'key rotate' or 'key recover' may have put other keys there since this run began. */
static bool publish(const char *dir)
{
	struct instance fresh;
	int code = instance_open(&fresh, dir, OFFICE_CLI);
	if (code == EX_OK)
		code = instance_publish(&fresh);
	instance_close(&fresh);
	return code == EX_OK;
}

/* Grace that a clock far ahead would end goes on until the clock is right. Said once: expire says it every time. */
static enum err tick_events(struct running *running, size_t *changed)
{
	struct office *office = running->instance->office;
	struct date today;
	bool is_likely = today_is_likely(office);
	if (!is_likely && !running->is_lost_in_time)
		today_check(office, NULL, "no event is closed by it", "expire", &today);
	running->is_lost_in_time = !is_likely;
	return is_likely ? office_event_tick(office, (int64_t) time(NULL), changed) : ERR_OK;
}

static void tick(void *context)
{
	struct running *running = context;
	size_t changed = 0;
	if (running->is_front)
		return;
	/* What a job holds the office for, this would wait for, and no dead program be started meanwhile. */
	if (!daily_is_busy(&running->daily)) {
		enum err error = tick_events(running, &changed);
		if (error && error != ERR_BUSY)
			complain_err(error, "the state of events could not be looked at");
		if (changed || running->is_behind)
			running->is_behind = !publish(running->instance->dir);
	}
	daily_tick(&running->daily);
}

static void buried(void *context, pid_t pid, int status)
{
	struct running *running = context;
	daily_buried(&running->daily, pid, status);
}

static bool is_ready(void *context)
{
	struct running *running = context;
	struct instance *instance = running->instance;
	bool has_organiser = instance->conf.organiser_port != 0, has_kiosk = instance->conf.mode == CONF_MODE_KIOSK;
	return access(instance_path(instance, "run/intake.sock"), F_OK) == 0 &&
	       access(instance_path(instance, "run/append.sock"), F_OK) == 0 &&
	       (!has_organiser || access(instance_path(instance, "run/organiser.sock"), F_OK) == 0) &&
	       (!has_kiosk || access(instance_path(instance, "run/kiosk.sock"), F_OK) == 0) &&
	       open_port(instance->conf.listen, running->port, true) != -1;
}

static void print_qr(struct instance *instance, const char *code)
{
	char *address = NULL;
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, QR_MAX_BYTES);
	if (qr_address(instance->conf.base_url, code, &instance->arena, &address) == ERR_OK &&
	    qr_draw(address, QR_TEXT, 0, true, &out) == ERR_OK)
		printf("\n%s", strbuf_text(&out));
}

static void print_recovery(struct instance *instance)
{
	const char *file = instance_recovery_file(instance);
	if (file)
		printf("\nThe recovery file: %s\nPrint it or copy it to a stick, keep it away from this machine, and "
		       "delete it here.\n",
		       file);
}

/* Where organisers go, and while nobody can sign in, where the first makes themselves. */
static void print_organiser(struct instance *instance)
{
	const char *address = NULL;
	if (instance->conf.organiser_port == 0)
		return;
	enum err error = first_address(instance, &address);
	if (error && error != ERR_CONFLICT)
		complain_err(error, "no address to begin with could be made; try: %s account first", command());
	if (address)
		printf("\nNobody can sign in yet. Make the first administrator here, within %d hours and only once:\n"
		       "  %s\n",
		       FIRST_ADDRESS_HOURS, address);
	else
		printf("\n  Organisers: %s/\n", instance->conf.organiser_url);
}

/* A tablet beside this machine needs no more than an address. */
static void print_shared_screen(struct instance *instance, const char *code)
{
	const char *path = arena_printf(&instance->arena, "kiosk/%s", code);
	if (path)
		printf("  %-9s  %s  the same on a screen that people share: /kiosk/ before any code\n",
		       "Kiosk:", instance_address(instance, path));
}

static void print_kiosk(const struct running *running)
{
	struct instance *instance = running->instance;
	if (instance->conf.mode != CONF_MODE_KIOSK)
		return;
	printf("  Kiosk:     %s\n", instance_address(instance, "kiosk"));
	if (access(instance_path(instance, STATION_PIN), F_OK) != 0)
		printf("  Its staff menu opens once it has a PIN: %s kiosk pin\n", command());
}

static void ready(void *context)
{
	struct running *running = context;
	struct instance *instance = running->instance;
	struct office_event *events = NULL;
	size_t count = 0;
	const char *first = NULL, *last = NULL;
	if (running->is_front || office_event_list(instance->office, &instance->arena, &events, &count) != ERR_OK)
		count = 0;
	puts("\nSoundings is running.\n");
	print_kiosk(running);
	for (int practice = 1; practice >= 0; practice--) {
		for (size_t i = 0; i < count; i++) {
			const struct catalogue_event *shown = &events[i].shown;
			if (shown->is_practice != practice || shown->state != EVENT_OPEN)
				continue;
			printf("  %-9s  %s  %s\n",
			       practice ? "Practice:" : "Event:", instance_address(instance, shown->code),
			       shown->title);
			if (!first)
				first = shown->code;
			last = shown->code;
		}
	}
	if (last && !running->is_front && instance->conf.mode != CONF_MODE_KIOSK)
		print_shared_screen(instance, last);
	if (first)
		print_qr(instance, first);
	else if (!running->is_front)
		printf("  No event is open: %s event add --title \"Community Conversation, Slough\" --open\n",
		       command());
	print_organiser(instance);
	print_recovery(instance);
	puts("\nCtrl-C stops everything.");
	fflush(stdout);
	if (!running->is_front)
		daily_tick(&running->daily);
}

static const char *program(struct instance *instance, const char *name)
{
	const char *path = arena_printf(&instance->arena, "%s/%s", instance_program_dir(&instance->arena), name);
	return path ? path : "";
}

/* What serves organisers, added to the COUNT children before it. It finds the poster when it needs it. */
static size_t add_organiser(struct instance *instance, const char *dir, struct child *children, size_t count)
{
	if (instance->conf.organiser_port == 0)
		return count;
	const char *poster = program(instance, "poster");
	if (access(poster, X_OK) == 0) /* without it all pages work but those with posters, which say so */
		children[count++] = (struct child){.name = "poster",
						   .argv = {poster, "--socket", "run/poster.sock"},
						   .dir = dir,
						   .stop_signal = SIGTERM};
	children[count++] = (struct child){.name = "organiser",
					   .argv = {program(instance, "organiser"), "--instance", dir},
					   .stop_signal = SIGTERM};
	return count;
}

static int supervise_all(struct running *running, const char *dir)
{
	struct instance *instance = running->instance;
	const char *prefix = arena_printf(&instance->arena, "%s/", dir);
	const char *append = instance_path(instance, "run/append.sock"),
		   *batch = instance_path(instance, "run/batch.sock");
	const char *front = instance_path(instance, "run/intake.sock");
	struct child children[SUPERVISE_MAX] = {
		{.name = "spooler", .argv = {program(instance, "spooler"), "--instance", dir}, .stop_signal = SIGTERM},
		{.name = "intake",
		 .argv = {program(instance, "intake"), "--instance", dir},
		 .stop_signal = SIGTERM,
		 .waits_for = append},
	};
	size_t count = 2;
	if (!running->is_front)
		children[count++] = (struct child){.name = "collector",
						   .argv = {program(instance, "collector"), "--instance", dir},
						   .stop_signal = SIGTERM,
						   .waits_for = batch};
	count = add_organiser(instance, dir, children, count);
	if (instance->conf.mode == CONF_MODE_KIOSK)
		children[count++] = (struct child){.name = "kiosk",
						   .argv = {program(instance, "kiosk"), "--instance", dir},
						   .stop_signal = SIGTERM};
	children[count++] = (struct child){
		.name = "nginx",
		.waits_for = front,
		.argv = {instance->conf.nginx, "-p", prefix, "-e", "run/nginx-error.log", "-c", "run/nginx.conf"},
		.dir = dir,
		.stop_signal = SIGQUIT};
	struct supervise all = {
		.children = children,
		.count = count,
		.tick = tick,
		.tick_s = TICK_S,
		.is_ready = is_ready,
		.ready = ready,
		.buried = buried,
		.context = running,
	};
	daily_init(&running->daily, instance, program(instance, "soundings"), dir);
	int code = supervise(&all);
	daily_end(&running->daily);
	return code;
}

/* What is served is that of this build: page and style names. */
static int refresh(struct running *running)
{
	if (running->is_front)
		return front_pages(running->instance);
	int code = instance_publish(running->instance);
	return code == EX_OK ? periods_note(running->instance->dir) : code;
}

static int run(struct instance *instance, unsigned port, bool is_front)
{
	if (port && conf_take_port(&instance->conf, port, &instance->arena) != ERR_OK)
		return complain(EX_OSERR, "there is not enough memory");
	if (is_front) /* no office, no organisers */
		instance->conf.organiser_port = 0;
	struct running running = {.instance = instance, .port = instance->conf.port, .is_front = is_front};
	char dir[PATH_MAX];
	if (!realpath(instance->dir, dir))
		return complain(EX_NOINPUT, "%s: %s", instance->dir, strerror(errno));
	int code = lock_instance(instance);
	if (code == EX_OK)
		remove_stale_sockets(instance);
	if (code == EX_OK)
		code = check_port(&instance->conf);
	if (code == EX_OK)
		code = check_organiser_port(&instance->conf);
	if (code == EX_OK)
		code = nginx_conf_write(instance, running.port);
	if (code == EX_OK)
		code = refresh(&running);
	if (code != EX_OK)
		return code;
	if (access(instance->conf.nginx, X_OK) != 0)
		return complain(EX_UNAVAILABLE, "nginx is not at %s: install it, or set nginx in soundings.conf",
				instance->conf.nginx);
	/* glibc overwrites what programs free, nginx too: or what somebody sent would stay in memory until chance takes the place. */
	if (setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.perturb=165", 0) != 0)
		return complain(EX_OSERR, "there is not enough memory");
	return supervise_all(&running, dir);
}

int cmd_run(const char *instance_dir, int argc, char **argv)
{
	static const struct option options[] = {
		{"port", required_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'}, {0}};
	unsigned long port = 0;
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET "h", options, NULL)) != -1;) {
		char *end = NULL;
		if (option == 'h')
			return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
		if (option == '?' || option == ':')
			return args_refuse(option, "run", argv, options);
		if (option == 'p' && ((port = strtoul(optarg, &end, 10)) < 1 || port > 65535 || *end))
			return complain(EX_USAGE, "--port takes a number from 1 to 65535, not '%s'", optarg);
	}
	if (optind != argc)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	struct instance instance;
	struct instance_parts parts;
	int code = instance_open_parts(&instance, instance_dir, OFFICE_CLI, &parts);
	bool is_front = code == EX_OK && front_is(&instance, &parts);
	if (is_front && !parts.is_open[INSTANCE_ROOT])
		code = complain(EX_NOINPUT,
				"this kiosk trusts no hub yet. On the hub: soundings kiosk pack FOLDER; here: %s kiosk "
				"take FOLDER",
				command());
	if (code == EX_OK && !is_front) {
		instance_close(&instance);
		code = instance_open(&instance, instance_dir, OFFICE_CLI);
	}
	if (code == EX_OK)
		code = run(&instance, (unsigned) port, is_front);
	instance_close(&instance);
	return code;
}
