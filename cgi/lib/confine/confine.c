/* SPDX-License-Identifier: MIT */
/* confine.c: a program gives up, for good, everything that its job does not need, and proves that it has.
 *
 * Two mechanisms of the kernel, either of which may be missing: Landlock holds the paths, seccomp the system calls. A
 * mechanism that is not there is said once and gone without, unless the settings are strict; one that is there and does
 * not hold stops the program. What was asked for is never taken for what is: acts.c is attempted, in children before (some
 * acts are answered with death) and in the process itself after. See security.md 3.1 and landlock(7), seccomp(2). */
#include "lib/confine/confine.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/confine/acts.h"
#include "lib/confine/confine_parts.h"
#include "lib/confine/filter.h"
#include "lib/confine/landlock.h"
#include "lib/confine/policy.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum {
	CONFINE_PATHS_MAX = 16,
	CONFINE_ACT_S = 10, /* an act that takes longer hangs, and that is no denial */
	CONFINE_CHILD_BASE =
		100, /* a child's exit code is this and an enum act_result, so that no other code means one */
	CONFINE_CHILD_UNABLE = 120,   /* it could not enter the policy */
	CONFINE_CHILD_NO_MEMORY = 121 /* nor say whether it could */
};

/* Built with the address sanitizer: filter.c says what that changes. */
#ifdef __SANITIZE_ADDRESS__
static const bool is_sanitized = true;
/* The leak check and the printing of a stack: processes, the program itself, libraries. */
static const struct policy_path sanitizer_paths[] = {
	{"/proc", POLICY_READ}, {"/usr", POLICY_READ}, {"/proc/self/exe", POLICY_READ}, {NULL, 0}};
#else
static const bool is_sanitized = false;
static const struct policy_path sanitizer_paths[] = {{NULL, 0}};
#endif

struct confine_kernel confine_kernel(void)
{
	return (struct confine_kernel){.landlock_abi = landlock_abi(), .has_seccomp = filter_is_known()};
}

const char *confine_name(enum confine_program program)
{
	return policy_get(program)->name;
}

/* ---- entering -------------------------------------------------------------------------------------------------- */

/* A worker inherits all three, and may not set them again. */
static enum err confine_apply_limits(bool is_smaller)
{
	struct rlimit core;
	if (getrlimit(RLIMIT_CORE, &core) != 0)
		return ERR_IO;
	if ((core.rlim_cur != 0 || core.rlim_max != 0) && setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) != 0)
		return ERR_IO;
	/* The leak check traces the program from outside. */
	if (!is_smaller && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return ERR_IO;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return ERR_IO;
	return ERR_OK;
}

static enum err confine_apply_paths(const struct policy *policy, unsigned abi, bool is_smaller, bool is_rehearsal,
				    const char **missing)
{
	struct policy_path paths[CONFINE_PATHS_MAX + 1] = {{NULL, 0}};
	size_t count = 0;
	for (const struct policy_path *path = policy->paths; path->path != NULL && count < CONFINE_PATHS_MAX; path++)
		paths[count++] = *path;
	for (const struct policy_path *path = sanitizer_paths;
	     is_smaller && path->path != NULL && count < CONFINE_PATHS_MAX; path++)
		paths[count++] = *path;
	return landlock_enter(paths, abi, is_rehearsal, missing);
}

enum err confine_apply(const struct policy *policy, struct confine_kernel kernel, bool is_smaller, bool is_rehearsal,
		       const char **missing)
{
	enum err error = confine_apply_limits(is_smaller);
	if (error == ERR_OK && kernel.landlock_abi > 0)
		error = confine_apply_paths(policy, kernel.landlock_abi, is_smaller, is_rehearsal, missing);
	if (error == ERR_OK && kernel.has_seccomp)
		error = filter_enter(policy, is_smaller);
	return error;
}

/* ---- the self-test --------------------------------------------------------------------------------------------- */

/* A child's whole life. */
static int confine_attempt(const struct policy *policy, struct confine_kernel kernel, bool is_smaller,
			   const struct act *act)
{
	const char *missing = NULL;
	sigset_t none;
	sigemptyset(&none);
	signal(SIGALRM, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	alarm(CONFINE_ACT_S);
	enum err error = confine_apply(policy, kernel, is_smaller, true, &missing);
	if (error != ERR_OK)
		return error == ERR_NOMEM ? CONFINE_CHILD_NO_MEMORY : CONFINE_CHILD_UNABLE;
	return CONFINE_CHILD_BASE + (int) act->attempt(policy);
}

enum err confine_rehearse(const struct policy *policy, struct confine_kernel kernel, bool is_smaller,
			  const struct act *act, enum act_result *result)
{
	int status;
	pid_t pid = fork();
	if (pid == 0)
		_exit(confine_attempt(policy, kernel, is_smaller, act));
	if (pid < 0)
		return file_err(errno);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return ERR_IO;
	acts_tidy(policy);
	if (WIFEXITED(status) && WEXITSTATUS(status) == CONFINE_CHILD_UNABLE)
		return ERR_IO;
	if (WIFEXITED(status) && WEXITSTATUS(status) == CONFINE_CHILD_NO_MEMORY)
		return ERR_NOMEM;
	int number = WIFEXITED(status) ? WEXITSTATUS(status) - CONFINE_CHILD_BASE : -1;
	bool is_known = number >= 0 && number < ACT_RESULT_COUNT;
	bool was_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
	*result = was_killed ? ACT_DENIED : is_known ? (enum act_result) number : ACT_WENT_THROUGH;
	return ERR_OK;
}

enum err confine_rehearse_all(const struct policy *policy, struct confine_kernel kernel, bool is_smaller,
			      const char **act)
{
	acts_tidy(policy); /* of a run that was killed in between */
	for (const struct act *each = acts(); each->name != NULL; each++) {
		enum act_result result;
		if (!act_is_due(each, policy, kernel, is_smaller))
			continue;
		*act = each->name;
		enum err error = confine_rehearse(policy, kernel, is_smaller, each, &result);
		if (error != ERR_OK)
			return error;
		if (result == ACT_WENT_THROUGH)
			return ERR_DENIED;
	}
	*act = NULL;
	return ERR_OK;
}

/* A path of POLICY that is not there; NULL when all are. */
static const char *confine_missing(const struct policy *policy)
{
	for (const struct policy_path *path = policy->paths; path->path != NULL; path++)
		if (access(path->path, F_OK) != 0 && errno == ENOENT)
			return path->path;
	return NULL;
}

enum err confine_test(enum confine_program program, struct confine_kernel kernel, const char **act)
{
	const struct policy *policy = policy_get(program);
	*act = confine_missing(policy);
	if (*act != NULL)
		return ERR_NOT_FOUND;
	return confine_rehearse_all(policy, kernel, is_sanitized, act);
}

/* ---- at a program's start -------------------------------------------------------------------------------------- */

static int confine_refuse(const struct policy *policy, enum err error, const char *what)
{
	if (error == ERR_NOT_FOUND) {
		log_error("confine.refused", "policy=%s folder=%s error=%s mend=\"soundings init makes it\"",
			  policy->name, what != NULL ? what : "", err_name(error));
		return EX_NOINPUT;
	}
	/* Who starts this again may have more luck; after CONFINE_EXIT nobody does. */
	if (error == ERR_NOMEM || error == ERR_BUSY) {
		log_error("confine.refused", "policy=%s error=%s reason=\"%s\"", policy->name, err_name(error),
			  err_words(error));
		return error == ERR_NOMEM ? EX_OSERR : EX_TEMPFAIL;
	}
	if (error == ERR_DENIED)
		log_error("confine.refused",
			  "policy=%s act=%s reason=\"it went through\" mend=\"look for links in the instance that lead "
			  "out of their folder, and at what runs this program; soundings doctor tries the same\"",
			  policy->name, what != NULL ? what : "");
	else
		log_error("confine.refused", "policy=%s error=%s reason=\"the kernel did not take it\"", policy->name,
			  err_name(error));
	return CONFINE_EXIT;
}

int confine_prove(enum confine_program program, enum conf_confine wish)
{
	const struct policy *policy = policy_get(program);
	struct confine_kernel kernel = confine_kernel();
	bool is_first = program != CONFINE_INTAKE_WORKER && program != CONFINE_ORGANISER_WORKER &&
			program != CONFINE_KIOSK_WORKER; /* its parent has said it */
	if (wish == CONF_CONFINE_OFF) {
		if (is_first)
			log_warn("confine.off", "mend=\"confine = off in soundings.conf is for debugging only\"");
		return EX_OK;
	}
	bool is_whole = kernel.landlock_abi > 0 && kernel.has_seccomp;
	if (wish == CONF_CONFINE_STRICT && !is_whole) {
		log_error("confine.refused",
			  "landlock=%u seccomp=%s reason=\"confine = strict, and this kernel lacks a part\"",
			  kernel.landlock_abi, kernel.has_seccomp ? "yes" : "no");
		return CONFINE_EXIT;
	}
	if (!is_whole && is_first)
		log_warn("confine.partial", "landlock=%u seccomp=%s mend=\"a kernel with both: Debian 12's has them\"",
			 kernel.landlock_abi, kernel.has_seccomp ? "yes" : "no");
	const char *act = NULL;
	enum err error = confine_test(program, kernel, &act);
	return error == ERR_OK ? EX_OK : confine_refuse(policy, error, act);
}

/* What the kernel says of this process now. */
static bool confine_is_in_force(struct confine_kernel kernel)
{
	struct rlimit core = {1, 1};
	if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0)
		return false;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return false;
	if (!is_sanitized && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return false;
	return !kernel.has_seccomp || prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_FILTER;
}

int confine_enter(enum confine_program program, enum conf_confine wish)
{
	const struct policy *policy = policy_get(program);
	const char *missing = NULL;
	if (wish == CONF_CONFINE_OFF)
		return EX_OK;
	struct confine_kernel kernel = confine_kernel();
	enum err error = confine_apply(policy, kernel, is_sanitized, false, &missing);
	if (error != ERR_OK)
		return confine_refuse(policy, error, missing);
	if (!confine_is_in_force(kernel))
		return confine_refuse(policy, ERR_IO, NULL);
	for (const struct act *act = acts(); act->name != NULL; act++)
		if (!act->is_deadly && act_is_due(act, policy, kernel, is_sanitized) &&
		    act->attempt(policy) == ACT_WENT_THROUGH)
			return confine_refuse(policy, ERR_DENIED, act->name);
	return EX_OK;
}
