/* SPDX-License-Identifier: MIT */
/* browser.c: starts the browser and kills it, all of it.
 *
 * Chromium is a dozen processes: some leave its process group (the crash handler), some live in a namespace of their own, and some can be
 * seen by nobody (the sandboxed ones under ProtectProc=invisible). So the group is killed, then every child that the kernel names
 * as ours; as this program is the reaper of all that loses its parent, what is not a child yet becomes one. It is over when wait(2) says
 * that there is no child, which cannot be wrong.
 *
 * Must never ask the browser to end: it would save its session first. */
#include "kiosk-session/browser.h"

#include "lib/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 512, LISTED_BYTES = 4096, END_TRIES = 1000, END_PAUSE_MS = 10, EXIT_NOT_STARTED = 127 };

enum err browser_adopt(void)
{
	const struct rlimit none = {0, 0};
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    setrlimit(RLIMIT_CORE, &none) == 0)
		return ERR_OK;
	log_error("browser.refused", "reason=\"%s\"", strerror(errno));
	return ERR_DENIED;
}

static bool set_path(const char *name, const char *folder, const char *part)
{
	char path[PATH_BYTES];
	int length = snprintf(path, sizeof path, "%s/%s", folder, part);
	return length > 0 && (size_t) length < sizeof path && setenv(name, path, 1) == 0;
}

/* What the browser may know of where it runs: the screen, the language of its own few words, and its folder for everything else. */
static bool set_environment(const char *folder)
{
	static const char *const kept[] = {"WAYLAND_DISPLAY", "DISPLAY",         "XAUTHORITY", "LANG",
					   "XDG_RUNTIME_DIR", "ALSA_CONFIG_PATH"};
	enum { KEPT = sizeof kept / sizeof *kept };
	char *values[KEPT];
	for (size_t i = 0; i < KEPT; i++) {
		const char *value = getenv(kept[i]);
		values[i] = value ? strdup(value) : NULL;
		if (value && !values[i])
			return false;
	}
	if (clearenv() != 0)
		return false;
	for (size_t i = 0; i < KEPT; i++)
		if (values[i] && setenv(kept[i], values[i], 1) != 0)
			return false;
	/* The compositor's socket lies in XDG_RUNTIME_DIR; by its whole path it is found from another one, which goes with the session. */
	const char *screen = getenv("WAYLAND_DISPLAY"), *runtime = getenv("XDG_RUNTIME_DIR");
	if (screen && *screen != '/' && runtime && !set_path("WAYLAND_DISPLAY", runtime, screen))
		return false;
	return setenv("PATH", "/usr/bin:/bin", 1) == 0 && set_path("HOME", folder, "home") &&
	       set_path("XDG_CONFIG_HOME", folder, "home") && set_path("XDG_DATA_HOME", folder, "home") &&
	       set_path("XDG_CACHE_HOME", folder, "cache") && set_path("XDG_RUNTIME_DIR", folder, "run") &&
	       set_path("TMPDIR", folder, "tmp");
}

/* Standard error only for who looks for a fault: what pages and libraries say there is of no use to a hall. */
static bool set_descriptors(void)
{
	int nothing = open("/dev/null", O_RDWR);
	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(nothing, STDOUT_FILENO) < 0)
		return false;
	if (!getenv("SOUNDINGS_DEBUG") && dup2(nothing, STDERR_FILENO) < 0)
		return false;
	return close_range(STDERR_FILENO + 1, ~0U, 0) == 0;
}

static void become(const struct browser_plan *plan, pid_t parent)
{
	enum { OWN = 4 };
	const char *arguments[FLAGS_MAX + OWN + 1] = {plan->program};
	char profile[PATH_BYTES + 32];
	size_t count = 1;
	int length = snprintf(profile, sizeof profile, "--user-data-dir=%s/profile", plan->folder);
	if (length < 0 || (size_t) length >= sizeof profile)
		return;
	for (size_t i = 0; i < plan->flags->count; i++)
		arguments[count++] = plan->flags->list[i];
	arguments[count++] = profile;
	arguments[count++] = plan->address;
	arguments[count] = NULL;
	sigset_t none;
	sigemptyset(&none);
	/* Should this program be killed, the browser does not outlive it; nor if that has happened already. */
	if (setsid() < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent ||
	    chdir(plan->folder) != 0 || !set_descriptors() || !set_environment(plan->folder) ||
	    sigprocmask(SIG_SETMASK, &none, NULL) != 0)
		return;
	char *list[FLAGS_MAX + OWN + 1];
	memcpy(list, arguments, sizeof list);
	execv(plan->program, list);
}

enum err browser_start(const struct browser_plan *plan, pid_t *pid)
{
	pid_t parent = getpid();
	*pid = fork();
	if (*pid == 0) {
		become(plan, parent);
		_exit(EXIT_NOT_STARTED);
	}
	if (*pid > 0)
		return ERR_OK;
	log_error("browser.refused", "reason=\"%s\"", strerror(errno));
	return errno == ENOMEM ? ERR_NOMEM : ERR_BUSY;
}

/* The children as the kernel lists them: those that hidepid hides, too. */
static void kill_children(void)
{
	char listed[LISTED_BYTES + 1];
	int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return; /* a kernel without the list: the group, and the namespaces that end with their first process, are left */
	ssize_t length = read(fd, listed, LISTED_BYTES);
	close(fd);
	listed[length > 0 ? length : 0] = '\0';
	for (char *at = listed, *end; *at; at = end) {
		long child = strtol(at, &end, 10);
		if (end == at)
			break;
		if (child > 1 && (*end == ' ' || *end == '\0'))
			kill((pid_t) child, SIGKILL);
	}
}

enum err browser_end(pid_t pid)
{
	for (int i = 0; i < END_TRIES; i++) {
		if (pid > 1)
			kill(-pid, SIGKILL);
		kill_children();
		pid_t gone;
		while ((gone = waitpid(-1, NULL, WNOHANG)) > 0)
			if (gone == pid)
				pid = -1; /* its number may be another's soon */
		if (gone < 0 && errno == ECHILD)
			return ERR_OK;
		nanosleep(&(struct timespec){.tv_nsec = END_PAUSE_MS * 1000000L}, NULL);
	}
	log_error("browser.stays", "reason=\"a process of it did not end in ten seconds\"");
	return ERR_BUSY;
}
