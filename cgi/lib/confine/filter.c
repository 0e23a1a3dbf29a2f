/* SPDX-License-Identifier: MIT */
/* filter.c: the system calls of a policy, held by the kernel (seccomp(2)), compiled by libseccomp.
 *
 * The whole policy is a list of what is allowed. Sanitized builds (__SANITIZE_ADDRESS__) get the smaller one, a list of
 * what is forbidden: the leak check clones a tracer, reads /proc and maps what it likes, and which calls that takes changes
 * with each compiler. Programs that people install are never built so. */
#include "lib/confine/filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void filter_release(scmp_filter_ctx *filter)
{
	if (*filter != NULL)
		seccomp_release(*filter);
}
#define CLEANUP_FILTER __attribute__((cleanup(filter_release)))

bool filter_is_known(void)
{
	const uint32_t death = SECCOMP_RET_KILL_PROCESS;
	return syscall(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &death) == 0;
}

/* libseccomp's results are negative errno values. A call that this architecture has not (EDOM) needs no rule. */
static enum err filter_err(int result)
{
	if (result == 0 || result == -EDOM)
		return ERR_OK;
	return result == -ENOMEM ? ERR_NOMEM : ERR_IO;
}

static enum err filter_list(scmp_filter_ctx filter, uint32_t action, const int *numbers, bool is_smaller)
{
	for (; *numbers != POLICY_END; numbers++) {
		/* The leak check's. */
		bool is_theirs = *numbers == SCMP_SYS(ptrace) || *numbers == SCMP_SYS(process_vm_readv) ||
				 *numbers == SCMP_SYS(process_vm_writev) || *numbers == SCMP_SYS(personality);
		if (is_smaller && is_theirs)
			continue;
		enum err error = filter_err(seccomp_rule_add(filter, action, *numbers, 0));
		if (error != ERR_OK)
			return error;
	}
	return ERR_OK;
}

static enum err filter_allow(scmp_filter_ctx filter, const struct policy_call *calls)
{
	enum err error = ERR_OK;
	for (; error == ERR_OK && calls->number != POLICY_END; calls++) {
		const struct scmp_arg_cmp only = {.arg = (unsigned) calls->argument,
						  .op = calls->compare,
						  .datum_a = calls->first,
						  .datum_b = calls->second};
		unsigned count = calls->argument < 0 ? 0 : 1;
		error = filter_err(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, calls->number, count, &only));
	}
	return error;
}

static bool filter_is_allowed(const struct policy *policy, int number)
{
	for (unsigned i = 0; i < POLICY_LISTS_MAX && policy->calls[i] != NULL; i++)
		for (const struct policy_call *call = policy->calls[i]; call->number != POLICY_END; call++)
			if (call->number == number)
				return true;
	return false;
}

/* This kernel has none of them, as far as POLICY does not allow one. */
static enum err filter_deny_knowledge(scmp_filter_ctx filter, const struct policy *policy)
{
	enum err error = ERR_OK;
	for (const int *number = policy_unknown(); error == ERR_OK && *number != POLICY_END; number++)
		if (!filter_is_allowed(policy, *number))
			error = filter_err(seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), *number, 0));
	return error;
}

/* What the whole policy answers with EPERM for want of a rule, named. */
static enum err filter_forbid(scmp_filter_ctx filter, bool may_link)
{
	static const int always[] = {
		SCMP_SYS(chmod),     SCMP_SYS(fchmodat),  SCMP_SYS(chown),    SCMP_SYS(lchown),   SCMP_SYS(fchownat),
		SCMP_SYS(setuid),    SCMP_SYS(setgid),    SCMP_SYS(setreuid), SCMP_SYS(setregid), SCMP_SYS(setresuid),
		SCMP_SYS(setgroups), SCMP_SYS(setresgid), SCMP_SYS(capset),   SCMP_SYS(link),     SCMP_SYS(linkat),
		SCMP_SYS(listen),    SCMP_SYS(bind),      SCMP_SYS(mknod),    SCMP_SYS(mknodat),  SCMP_SYS(truncate),
		POLICY_END,
	};
	static const int links[] = {SCMP_SYS(symlink), SCMP_SYS(symlinkat), POLICY_END};
	const struct scmp_arg_cmp other = SCMP_A0(SCMP_CMP_NE, AF_UNIX);
	enum err error = filter_list(filter, SCMP_ACT_ERRNO(EPERM), always, true);
	if (error == ERR_OK && !may_link)
		error = filter_list(filter, SCMP_ACT_ERRNO(EPERM), links, true);
	if (error == ERR_OK)
		error = filter_err(seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1, &other));
	return error;
}

enum err filter_enter(const struct policy *policy, bool is_smaller)
{
	CLEANUP_FILTER scmp_filter_ctx filter = seccomp_init(is_smaller ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));
	if (filter == NULL)
		return ERR_NOMEM;
	enum err error = filter_err(seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
	if (error == ERR_OK)
		error = filter_err(seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2)); /* a tree, not a list */
	if (error == ERR_OK)
		error = filter_list(filter, SCMP_ACT_KILL_PROCESS, policy->deadly, is_smaller);
	if (error == ERR_OK && is_smaller)
		error = filter_forbid(filter, policy->may_link);
	if (error == ERR_OK && !is_smaller)
		error = filter_deny_knowledge(filter, policy);
	for (unsigned i = 0; error == ERR_OK && !is_smaller && i < POLICY_LISTS_MAX && policy->calls[i] != NULL; i++)
		error = filter_allow(filter, policy->calls[i]);
	return error == ERR_OK ? filter_err(seccomp_load(filter)) : error;
}
