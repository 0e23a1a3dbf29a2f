/* SPDX-License-Identifier: MIT */
/* main.c: kiosk-session(8): the browser of the hall, one after the other: a fresh folder in memory, the browser, and at the end of
 * each person's session both are gone.
 *
 * Runs as its own user inside the compositor; what the staff have chosen, and whether a session is over, it reads from one small file. May
 * start the browser, kill it, and turn brightness and volume. May never read an answer, write to a disk, or speak to a network. */
#include "kiosk-session/browser.h"
#include "kiosk-session/flags.h"
#include "kiosk-session/folder.h"
#include "kiosk-session/judge.h"
#include "kiosk-session/probe.h"
#include "kiosk-session/screen.h"
#include "kiosk-session/sound.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/station/station.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum {
	TICK_MS = 250,     /* a person who is quick touches the screen a second after the last one has left it */
	SHORT_LIFE_S = 10, /* a browser that ends by itself sooner has not worked */
	PAUSE_MAX_S = 16,  /* between browsers that do not work */
	PROBE_EACH_S = 5,
	PROBE_WAIT_MS = 2000,
	LIMIT_MIN_S = 2,
	LIMIT_MAX_S = 3600,
	ADDRESS_MAX_BYTES = 128,
	FOLDER_MAX_BYTES = 256,
};

struct session {
	const char *state_file, *flags_file, *backlight;
	char folder[FOLDER_MAX_BYTES + sizeof "/session"];
	struct browser_plan plan;
	int64_t start_limit_s, silence_limit_s;
	sigset_t signals;
	struct station wish, set; /* what the staff have chosen, and what brightness and volume were last set to */
	enum err state_error, sound_error, screen_error; /* each is said once */
};

static int64_t now_s(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/* ---- what the staff have chosen ---- */

static void say_once(const char *event, const char *mend, enum err error, enum err *before)
{
	if (error && error != *before)
		log_warn(event, "reason=\"%s\" mend=\"%s\"", err_words(error), mend);
	*before = error;
}

/* For each new browser, and when it changes. */
static void set_machine(struct session *session, const struct station *wish, bool is_new)
{
	const struct station *set = &session->set;
	if (is_new || wish->brightness != set->brightness)
		say_once("session.brightness",
			 "let this user write to the backlight, or see to it at the screen itself",
			 screen_set(session->backlight, wish->brightness), &session->screen_error);
	if (is_new || wish->sound_level != set->sound_level || wish->is_silent != set->is_silent)
		say_once("session.sound", "see whether the machine has a sound card and this user is in its group",
			 sound_set(wish->is_silent, wish->sound_level), &session->sound_error);
	session->set = *wish;
}

/* Gives NULL when nothing can be read; what the staff have chosen stays as it was then. */
static const struct station_state *read_state(struct session *session, struct station_state *state)
{
	enum err error = station_state_read(session->state_file, state);
	say_once("session.state", "see that this user may read it, and that the program kiosk runs",
		 error == ERR_NOT_FOUND ? ERR_OK : error, &session->state_error);
	if (!error)
		session->wish = state->set;
	return error ? NULL : state;
}

/* ---- one browser ---- */

enum end {
	END_BY_ITSELF, /* it crashed, or somebody found a way to close it */
	END_OF_SESSION,
	END_SILENT,
	END_SIGNAL, /* this program is told to end */
	END_COUNT
};

static const char *const end_names[END_COUNT] = {"by_itself", "session", "silent", "signal"};

/* Waits for a signal or TICK_MS. True when this program is told to end. */
static bool wait_tick(struct session *session)
{
	const struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};
	int number = sigtimedwait(&session->signals, NULL, &tick);
	return number == SIGTERM || number == SIGINT || number == SIGHUP;
}

/* Whether the browser itself has ended; it stays to be waited for, so that its number is not another's yet. Orphans of it are buried. */
static bool has_ended(pid_t pid)
{
	for (;;) {
		siginfo_t info = {0};
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
			return errno == ECHILD;
		if (info.si_pid == 0)
			return false;
		if (info.si_pid == pid) {
			log_warn("browser.ended", "%s=%d", info.si_code == CLD_EXITED ? "code" : "signal",
				 info.si_status);
			return true;
		}
		waitpid(info.si_pid, NULL, WNOHANG);
	}
}

/* Asks now and then, while it matters, whether the silence is the page's own. */
static void doubt(const struct session *session, const struct station_state *said, struct judge *judged,
		  int64_t *asked_s)
{
	if (!judge_has_doubt(judged, said, now_s()) || now_s() - *asked_s < PROBE_EACH_S)
		return;
	if (!probe(session->plan.address, PROBE_WAIT_MS))
		judged->deaf_s = now_s();
	*asked_s = now_s();
}

static enum end watch(struct session *session, pid_t pid, int64_t started_s)
{
	struct judge judged = {.started_s = started_s,
			       .start_limit_s = session->start_limit_s,
			       .silence_limit_s = session->silence_limit_s};
	int64_t asked_s = 0;
	for (bool is_new = true;; is_new = false) {
		struct station_state state;
		const struct station_state *said = read_state(session, &state);
		set_machine(session, &session->wish, is_new);
		doubt(session, said, &judged, &asked_s);
		switch (judge(&judged, said, now_s())) {
		case VERDICT_ENDED:
			return END_OF_SESSION;
		case VERDICT_SILENT:
			return END_SILENT;
		case VERDICT_STAYS:
			break;
		}
		if (wait_tick(session))
			return END_SIGNAL;
		if (has_ended(pid))
			return END_BY_ITSELF;
	}
}

/* One browser, until nothing of it is left. */
static enum err live(struct session *session, enum end *end)
{
	pid_t pid;
	enum err error = folder_fresh(session->folder);
	if (error)
		return error;
	error = browser_start(&session->plan, &pid);
	if (error)
		return error;
	*end = watch(session, pid, now_s());
	error = browser_end(pid);
	enum err wiped = error ? ERR_OK : folder_wipe(session->folder);
	/* Not of a session that is over: the log has the second of every line, and would tell when each person was here. */
	if (*end != END_OF_SESSION)
		log_info("browser.gone", "why=%s", end_names[*end]);
	return error ? error : wiped;
}

/* Waits SECONDS; true when this program is told to end meanwhile. */
static bool pause_for(struct session *session, int64_t seconds)
{
	for (int64_t until_s = now_s() + seconds; now_s() < until_s;)
		if (wait_tick(session))
			return true;
	return false;
}

static int run(struct session *session)
{
	for (int64_t pause_s = 0;;) {
		enum end end = END_BY_ITSELF;
		int64_t started_s = now_s();
		enum err error = live(session, &end);
		if (error)
			return err_exit_code(error); /* whoever runs us ends all that is left, and starts us anew */
		if (end == END_SIGNAL)
			return EX_OK;
		bool was_short = end == END_BY_ITSELF && now_s() - started_s < SHORT_LIFE_S;
		pause_s = !was_short ? 0 : pause_s == 0 ? 1 : pause_s < PAUSE_MAX_S ? pause_s * 2 : PAUSE_MAX_S;
		if (pause_for(session, pause_s))
			return EX_OK;
	}
}

/* ---- what it is started with ---- */

static int usage(FILE *out, int code)
{
	fputs("usage: kiosk-session [--state FILE] [--address URL] [--flags FILE] [--folder DIR] [--browser PATH]\n"
	      "                     [--start-limit S] [--silence-limit S] [--backlight DIR]\n"
	      "Keeps a browser on the kiosk's page, and nothing of it from one person to the next: see "
	      "kiosk-session(8).\n",
	      out);
	return code;
}

/* This machine alone, by its number: no name has to be looked up. */
static bool is_address(const char *address)
{
	static const char start[] = "http://127.0.0.1:";
	if (strncmp(address, start, sizeof start - 1) != 0 || strlen(address) > ADDRESS_MAX_BYTES)
		return false;
	const char *rest = address + sizeof start - 1;
	size_t digits = strspn(rest, "0123456789");
	return digits >= 1 && digits <= 5 && rest[digits] == '/' &&
	       strspn(rest + digits, "/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
		       strlen(rest + digits);
}

static bool read_limit(const char *text, int64_t *limit)
{
	char *end;
	errno = 0;
	long number = strtol(text, &end, 10);
	if (errno || *end || end == text || number < LIMIT_MIN_S || number > LIMIT_MAX_S)
		return false;
	*limit = number;
	return true;
}

static enum err read_flags(const char *path, struct arena *arena, struct flags *flags)
{
	char *text;
	size_t length, line = 0;
	enum err error = file_read(AT_FDCWD, path, FLAGS_FILE_MAX_BYTES, arena, &text, &length);
	if (!error)
		error = flags_parse(text, length, arena, flags, &line);
	if (error)
		fprintf(stderr, "kiosk-session: %s, line %zu: %s\n", path, line,
			error == ERR_DENIED && line ? "this flag takes away what keeps the browser shut; remove it"
			: error == ERR_INVALID      ? "not a flag"
						    : err_words(error));
	return error;
}

/* The folder for sessions: below DIR, which must be in memory. */
static int set_folder(struct session *session, const char *dir)
{
	if (!dir || *dir != '/' || strlen(dir) > FOLDER_MAX_BYTES) {
		fputs("kiosk-session: name a folder in memory with --folder (in a unit: RuntimeDirectory=)\n", stderr);
		return EX_USAGE;
	}
	snprintf(session->folder, sizeof session->folder, "%s/session", dir);
	session->plan.folder = session->folder;
	return err_exit_code(folder_check(dir));
}

static int parse(int argc, char **argv, struct session *session, const char **dir)
{
	static const struct option options[] = {{"state", required_argument, NULL, 's'},
						{"address", required_argument, NULL, 'a'},
						{"flags", required_argument, NULL, 'f'},
						{"folder", required_argument, NULL, 'd'},
						{"browser", required_argument, NULL, 'b'},
						{"backlight", required_argument, NULL, 'l'},
						{"start-limit", required_argument, NULL, 'S'},
						{"silence-limit", required_argument, NULL, 'H'},
						{"help", no_argument, NULL, 'h'},
						{0}};
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		bool is_right = true;
		switch (option) {
		case 's':
			session->state_file = optarg;
			break;
		case 'a':
			session->plan.address = optarg;
			is_right = is_address(optarg);
			break;
		case 'f':
			session->flags_file = optarg;
			break;
		case 'd':
			*dir = optarg;
			break;
		case 'b':
			session->plan.program = optarg;
			is_right = *optarg == '/';
			break;
		case 'l':
			session->backlight = optarg;
			break;
		case 'S':
			is_right = read_limit(optarg, &session->start_limit_s);
			break;
		case 'H':
			is_right = read_limit(optarg, &session->silence_limit_s);
			break;
		default:
			is_right = false;
		}
		if (option == 'h')
			return usage(stdout, -1);
		if (!is_right)
			return usage(stderr, EX_USAGE);
	}
	return optind == argc ? EX_OK : usage(stderr, EX_USAGE);
}

int main(int argc, char **argv)
{
	CLEANUP_ARENA struct arena arena;
	struct flags flags;
	struct session session = {.state_file = "/var/lib/soundings/" STATION_STATE,
				  .flags_file = "/usr/share/soundings/chromium/flags",
				  .backlight = "/sys/class/backlight",
				  .plan = {.program = "/usr/lib/chromium/chromium",
					   .address = "http://127.0.0.1:8080/kiosk",
					   .flags = &flags},
				  .start_limit_s = 90,
				  .silence_limit_s = 60};
	const char *dir = getenv("RUNTIME_DIRECTORY");
	log_init("kiosk-session");
	station_init(&session.wish);
	arena_init(&arena, 1 << 20);
	umask(0077);
	int code = parse(argc, argv, &session, &dir);
	if (code)
		return code < 0 ? EX_OK : code;
	if (geteuid() == 0) {
		fputs("kiosk-session: not as root: the browser's sandbox needs a user of its own\n", stderr);
		return EX_NOPERM;
	}
	code = set_folder(&session, dir);
	if (code)
		return code;
	if (read_flags(session.flags_file, &arena, &flags) != ERR_OK)
		return EX_CONFIG;
	/* A compositor that has crashed tells nobody. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) != 0 || browser_adopt() != ERR_OK)
		return EX_OSERR;
	/* Blocked, and taken up between two looks at the state: none comes at a bad moment. */
	static const int heard[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};
	sigemptyset(&session.signals);
	for (size_t i = 0; i < sizeof heard / sizeof *heard; i++)
		sigaddset(&session.signals, heard[i]);
	sigprocmask(SIG_BLOCK, &session.signals, NULL);
	return run(&session);
}
