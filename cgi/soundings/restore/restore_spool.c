/* SPDX-License-Identifier: MIT */
/* restore_spool.c: what the spool that is there knows: the highest serials that front machines have seen (a restored office must begin
 * above them, or intake refuses what it publishes), and whether envelopes lie in it.
 *
 * Only the spooler may open its file, so it is started for a moment, and ends with this process if that is killed. */
#include "restore_parts.h"

#include "lib/base/file.h"
#include "lib/spool/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum { START_MS = 15000, STEP_MS = 20, ANSWER_MS = 5000 };

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Its lines are for a log, not for whoever restores. */
static void become_spooler(const char *program, const char *dir, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	int nowhere = open("/dev/null", O_RDWR);
	if (getppid() != parent || nowhere < 0 || dup2(nowhere, STDERR_FILENO) < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
		_exit(EX_OSERR);
	execl(program, program, "--instance", dir, (char *) NULL);
	_exit(EX_UNAVAILABLE);
}

/* In the instance's folder, for socket addresses are short. True when all was answered. */
static bool ask(struct restoring *restoring, struct spool *append, struct spool *batch)
{
	struct spool_period *held = NULL;
	size_t count = 0;
	uint64_t serial = 0, keyset = 0;
	if (spool_seen(append, 0, 0, &serial, &keyset) != ERR_OK ||
	    spool_periods(batch, &restoring->to.arena, &held, &count) != ERR_OK)
		return false;
	restoring->least_serial = serial > restoring->least_serial ? serial : restoring->least_serial;
	restoring->least_keyset = keyset > restoring->least_keyset ? keyset : restoring->least_keyset;
	restoring->report->is_spool_asked = true;
	restoring->report->is_spool_held = count > 0;
	return true;
}

/* *CODE: how the spooler ended, when it did before it answered. */
static bool ask_until_it_answers(struct restoring *restoring, pid_t *pid, int *code)
{
	struct spool append, batch;
	spool_init(&append, "run/append.sock", ANSWER_MS);
	spool_init(&batch, "run/batch.sock", ANSWER_MS);
	bool is_answered = false;
	for (int64_t end = now_ms() + START_MS; !is_answered && *pid && now_ms() < end;) {
		int status;
		is_answered = ask(restoring, &append, &batch);
		if (!is_answered && waitpid(*pid, &status, WNOHANG) == *pid) {
			*pid = 0;
			*code = WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;
		}
		if (!is_answered)
			usleep(STEP_MS * 1000);
	}
	spool_fini(&append);
	spool_fini(&batch);
	return is_answered;
}

static void end_spooler(pid_t pid)
{
	if (!pid)
		return;
	kill(pid, SIGTERM);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static bool ask_in(struct restoring *restoring, pid_t *pid, int *code)
{
	CLEANUP_FD int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (before < 0 || chdir(restoring->to.dir) != 0)
		return false;
	bool is_answered = ask_until_it_answers(restoring, pid, code);
	return fchdir(before) == 0 && is_answered;
}

int restore_ask_spool(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	if (restoring->request->is_drill || access(instance_path(to, "spool/spool.db"), F_OK) != 0)
		return EX_OK;
	const char *program = arena_printf(&to->arena, "%s/spooler", instance_program_dir(&to->arena));
	if (!program)
		return complain(EX_OSERR, "there is not enough memory");
	flock(restoring->spool_lock, LOCK_UN); /* it takes this lock itself */
	pid_t parent = getpid(), pid = fork();
	if (pid == 0)
		become_spooler(program, to->dir, parent);
	int code = EX_SOFTWARE;
	bool is_answered = pid > 0 && ask_in(restoring, &pid, &code);
	end_spooler(pid > 0 ? pid : 0);
	if (flock(restoring->spool_lock, LOCK_EX | LOCK_NB) != 0)
		return complain(EX_TEMPFAIL, "the spooler of %s was started while it is being restored: stop it",
				to->dir);
	if (!is_answered)
		return complain(EX_UNAVAILABLE,
				"the spool in %s/spool does not open (the spooler ends with %d). See why: %s "
				"--instance %s. If it "
				"cannot be mended, move that folder away and keep it: what it holds is then not filed",
				to->dir, code, program, to->dir);
	return EX_OK;
}
