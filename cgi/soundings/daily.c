/* SPDX-License-Identifier: MIT */
/* daily.c: once a day, expire and then backup, each a process of its own with low priority, never two at once.
 *
 * An installation has timers for this (kiosk-config/systemd); where both run, the office's own record of the day keeps them from doing it
 * twice. Must not hold up the supervisor, and must not repeat a run of expire for what a second one cannot mend: seven of them let
 * envelopes go where there is no backup. A job dies with 'soundings run', however that ends (PR_SET_PDEATHSIG). */
#include "daily.h"

#include "lib/office/keeping.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum {
	FRESH_S = 15 * 60, /* an instance that was made today has little to lose yet: let it be set up first */
	AGAIN_S = 60 * 60,
	BUSY_S = 10 * 60,
	STOP_S = 10,
	NICE = 10,
	DAILY_ARENA_BYTES = 4 << 20
};

static time_t now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

void daily_init(struct daily *daily, struct instance *instance, const char *program, const char *dir)
{
	*daily = (struct daily){.instance = instance, .program = program, .dir = dir, .begun_s = now_s()};
}

/* ---- what is due --------------------------------------------------------------------------------------------- */

static bool is_same_day(struct date one, struct date other)
{
	return date_days(one) == date_days(other);
}

/* Whether the first key period began today: with it, the instance. */
static enum err made_today(struct office *office, struct arena *arena, struct date today, bool *is_today)
{
	struct office_period *periods = NULL;
	size_t count = 0;
	enum err error = office_periods(office, arena, &periods, &count);
	*is_today = count > 0;
	for (size_t i = 0; !error && i < count; i++)
		*is_today = *is_today && periods[i].has_begun && is_same_day(periods[i].begun_on, today);
	return error;
}

static enum err last_expire(struct office *office, struct arena *arena, struct date *day)
{
	(void) arena;
	return office_expire_last(office, day);
}

static enum err last_backup(struct office *office, struct arena *arena, struct date *day)
{
	struct office_backup *list = NULL;
	size_t count = 0;
	enum err error = office_backup_list(office, arena, &list, &count);
	if (!error && count == 0)
		error = ERR_NOT_FOUND;
	if (!error)
		*day = list[0].day;
	return error;
}

static const struct {
	const char *name;
	enum err (*last)(struct office *office, struct arena *arena, struct date *day);
} jobs[DAILY_JOBS] = {{"expire", last_expire}, {"backup", last_backup}};

/* An office that cannot be asked just now is asked again with the next tick. */
static bool is_due(const struct daily *daily, size_t job)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, DAILY_ARENA_BYTES);
	struct office *office = daily->instance->office;
	struct date today = date_today(), last;
	bool is_fresh = false;
	enum err error = jobs[job].last(office, &arena, &last);
	if (error == ERR_OK)
		return !is_same_day(last, today);
	if (error == ERR_NOT_FOUND)
		error = made_today(office, &arena, today, &is_fresh);
	return error == ERR_OK && (!is_fresh || now_s() - daily->begun_s >= FRESH_S);
}

/* ---- the processes ------------------------------------------------------------------------------------------- */

static void become(const struct daily *daily, const char *job, pid_t parent)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0); /* Ctrl-C reaches 'soundings run' alone */
	setpriority(PRIO_PROCESS, 0, NICE);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (getppid() != parent || nothing < 0 || dup2(nothing, STDIN_FILENO) < 0)
		_exit(EX_OSERR);
	char *argv[] = {(char[]){"soundings"}, (char[]){"--instance"}, strdup(daily->dir), strdup(job), NULL};
	if (argv[2] && argv[3])
		execv(daily->program, argv);
	_exit(complain(EX_UNAVAILABLE, "%s does not start: %s", daily->program, strerror(errno)));
}

static void start(struct daily *daily, size_t job)
{
	pid_t parent = getpid();
	daily->job = job;
	daily->started_s = now_s();
	daily->not_before[job] = daily->started_s + AGAIN_S;
	daily->pid = fork();
	if (daily->pid == 0)
		become(daily, jobs[job].name, parent);
	if (daily->pid < 0) {
		complain(EX_OSERR, "'soundings %s' cannot be started: %s; it is tried again in an hour", jobs[job].name,
			 strerror(errno));
		daily->pid = 0;
	}
}

void daily_tick(struct daily *daily)
{
	for (size_t job = 0; !daily->pid && job < DAILY_JOBS; job++)
		if (now_s() >= daily->not_before[job] && is_due(daily, job))
			start(daily, job);
}

bool daily_is_busy(const struct daily *daily)
{
	return daily->pid && now_s() - daily->started_s < BUSY_S;
}

void daily_buried(struct daily *daily, pid_t pid, int status)
{
	if (!daily->pid || pid != daily->pid)
		return;
	daily->pid = 0;
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (code != EX_OK)
		complain(code, "'soundings %s' did not do all of its work (code %d); %s", jobs[daily->job].name, code,
			 is_due(daily, daily->job) ? "it is tried again in an hour"
						   : "what is left is done tomorrow, or by hand");
	daily_tick(daily);
}

void daily_end(struct daily *daily)
{
	if (!daily->pid)
		return;
	kill(daily->pid, SIGTERM);
	for (int waited = 0; waited < STOP_S * 1000; waited += 20) {
		if (waitpid(daily->pid, NULL, WNOHANG) != 0)
			return;
		usleep(20 * 1000);
	}
	kill(daily->pid, SIGKILL);
	waitpid(daily->pid, NULL, 0);
}
