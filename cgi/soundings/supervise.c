/* SPDX-License-Identifier: MIT */
/* supervise.c: what systemd does in an installation, small enough for `make run` and tests.
 *
 * Signals are blocked and taken by sigtimedwait(2), so that nothing happens between a check and a wait. Children get
 * SIGTERM from the kernel when this process is killed: a crashed run leaves nothing behind. */
#include "supervise.h"

#include "instance.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum { QUICK_S = 2, QUICK_MAX = 5, STOP_S = 10, WAIT_S = 5, POLL_MS = 100 };

static time_t now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void become(const struct child *child, pid_t parent)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0); /* Ctrl-C reaches the supervisor alone, which ends the others in order */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent || (child->dir && chdir(child->dir) != 0))
		_exit(EX_OSERR);
	char *argv[SUPERVISE_ARGS_MAX] = {NULL};
	memcpy(argv, child->argv, sizeof argv);
	execv(argv[0], argv);
	_exit(complain(EX_UNAVAILABLE, "%s does not start: %s", child->argv[0], strerror(errno)));
}

static void start(struct child *child)
{
	pid_t parent = getpid();
	child->started_s = now_s();
	child->pid = fork();
	if (child->pid == 0)
		become(child, parent);
	if (child->pid < 0) {
		complain(EX_OSERR, "%s does not start: %s", child->name, strerror(errno));
		child->pid = 0;
		child->again_s = now_s() + 1;
	}
}

/* At the start each program finds the one behind it, so that nobody is told to come back later for no reason. */
static bool has_what_it_needs(const struct child *child)
{
	return !child->waits_for || access(child->waits_for, F_OK) == 0;
}

/* Each child leads a process group of its own. nginx's workers outlive a master that was killed, and hold its port. */
static void end_rest(pid_t leader)
{
	kill(-leader, SIGKILL);
}

/* Buries the dead. EX_OK, or the code to end with: what never ran will not run, but what did (its disk has become
 * read-only, say) is tried until it does again. */
static int bury(struct supervise *all, bool is_ready)
{
	int status;
	for (pid_t dead; (dead = waitpid(-1, &status, WNOHANG)) > 0;) {
		bool is_ours = false;
		for (size_t i = 0; i < all->count; i++) {
			struct child *child = &all->children[i];
			if (child->pid != dead)
				continue;
			is_ours = true;
			end_rest(dead);
			child->pid = 0;
			bool is_quick = now_s() - child->started_s < QUICK_S;
			child->quick_deaths = is_quick ? child->quick_deaths + 1 : 0;
			child->again_s = now_s() + (is_quick ? 1 : 0);
			int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
			if (child->quick_deaths >= QUICK_MAX && !is_ready)
				return complain(EX_UNAVAILABLE,
						"%s ends again and again (code %d); see what it says above",
						child->name, code);
			if (child->quick_deaths < QUICK_MAX)
				complain(EX_OK, "%s ended (code %d); starting it again", child->name, code);
			else if (child->quick_deaths == QUICK_MAX)
				complain(EX_OK,
					 "%s ends again and again (code %d); it is tried every second until it stays",
					 child->name, code);
		}
		if (!is_ours && all->buried)
			all->buried(all->context, dead, status);
	}
	return EX_OK;
}

static bool is_any_left(struct supervise *all)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->children[i].pid && waitpid(all->children[i].pid, NULL, WNOHANG) == all->children[i].pid)
			all->children[i].pid = 0;
	for (size_t i = 0; i < all->count; i++)
		if (all->children[i].pid)
			return true;
	return false;
}

/* Front first: no new request comes in while what is under way is finished behind it. */
static void end_all(struct supervise *all)
{
	for (size_t i = all->count; i-- > 0;) {
		struct child *child = &all->children[i];
		if (!child->pid)
			continue;
		kill(child->pid, child->stop_signal);
		for (int waited = 0; child->pid && waited < STOP_S * 1000; waited += 20) {
			if (waitpid(child->pid, NULL, WNOHANG) == child->pid)
				child->pid = 0;
			else
				usleep(20 * 1000);
		}
		if (child->pid) {
			complain(EX_SOFTWARE, "%s did not end in %d seconds and was killed", child->name, STOP_S);
			kill(child->pid, SIGKILL);
			waitpid(child->pid, NULL, 0);
			end_rest(child->pid);
			child->pid = 0;
		}
	}
	while (is_any_left(all))
		usleep(20 * 1000);
}

int supervise(struct supervise *all)
{
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	int code = EX_OK;
	bool is_ready = false;
	time_t last_tick = now_s(), begun = now_s();
	while (code == EX_OK) {
		int number = sigtimedwait(&signals, NULL, &(struct timespec){.tv_nsec = POLL_MS * 1000000L});
		if (number == SIGINT || number == SIGTERM || number == SIGHUP)
			break;
		code = bury(all, is_ready);
		for (size_t i = 0; code == EX_OK && i < all->count; i++)
			if (!all->children[i].pid && now_s() >= all->children[i].again_s &&
			    (has_what_it_needs(&all->children[i]) || now_s() - begun > WAIT_S))
				start(&all->children[i]);
		if (!is_ready && (is_ready = all->is_ready(all->context)))
			all->ready(all->context);
		if (now_s() - last_tick >= (time_t) all->tick_s) {
			last_tick = now_s();
			all->tick(all->context);
		}
	}
	end_all(all);
	return code;
}
