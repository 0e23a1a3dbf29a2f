/* SPDX-License-Identifier: MIT */
/* acts.c: what a confined program must not be able to do, each as something that can be attempted.
 *
 * Each act is chosen so that it succeeds, or fails for another reason than permission, where nothing confines the program;
 * and so that it does no harm if it does (a file that it could make is removed by acts_tidy). Only EPERM, EACCES and their like count as a denial: whatever else comes
 * back has got past the gate. */
#include "lib/confine/acts.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	ACT_PATH_MAX = 256,
	ACT_DISCARD_PORT = 9, /* of this machine: nobody listens there, and the kernel says so at once */
	ACT_X32 = 0x40000000  /* the bit that makes a call one of x32 */
};

static enum act_result act_result(long result)
{
	if (result >= 0)
		return ACT_WENT_THROUGH;
	switch (errno) {
	case EPERM:
	case EACCES:
	case ENOSYS:
	case EAFNOSUPPORT: /* systemd's RestrictAddressFamilies */
	case EROFS:        /* and its ProtectSystem: the kernel says so before it asks Landlock */
		return ACT_DENIED;
	case ENOENT:
	case ENOTDIR:
		return ACT_NOTHING_THERE;
	default:
		return ACT_WENT_THROUGH;
	}
}

/* Closes what should not have been opened. */
static enum act_result act_fd(int fd)
{
	enum act_result result = act_result(fd);
	if (fd >= 0)
		close(fd);
	return result;
}

/* ---- files ----------------------------------------------------------------------------------------------------- */

static enum act_result act_open(const char *path)
{
	return act_fd(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

static enum act_result act_list_root(const struct policy *policy)
{
	(void) policy;
	return act_open("/");
}

static enum act_result act_list_instance(const struct policy *policy)
{
	(void) policy;
	return act_open(".");
}

static enum act_result act_read_outside(const struct policy *policy)
{
	(void) policy;
	return act_open("/etc/passwd");
}

static enum act_result act_read_foreign(const struct policy *policy)
{
	enum act_result all = ACT_NOTHING_THERE;
	for (const char *const *path = policy->foreign; *path != NULL; path++) {
		enum act_result result = act_open(*path);
		if (result == ACT_WENT_THROUGH)
			return result;
		if (result == ACT_DENIED)
			all = result;
	}
	return all;
}

/* The file that is made to see whether one can be: it should never be there. */
static void act_file(const char *folder, char path[ACT_PATH_MAX])
{
	int length = snprintf(path, ACT_PATH_MAX, "%s/.confine-self-test", folder);
	assert(length > 0 && length < ACT_PATH_MAX);
}

static enum act_result act_make(const char *folder)
{
	char path[ACT_PATH_MAX];
	act_file(folder, path);
	return act_fd(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

void acts_tidy(const struct policy *policy)
{
	char file[ACT_PATH_MAX];
	act_file(".", file);
	unlink(file);
	for (const struct policy_path *path = policy->paths; path->path != NULL; path++) {
		act_file(path->path, file);
		unlink(file);
	}
}

static enum act_result act_write_instance(const struct policy *policy)
{
	(void) policy;
	return act_make(".");
}

/* In the folders that it may only read, or only make or remove sockets in. */
static enum act_result act_write_read_only(const struct policy *policy)
{
	enum act_result all = ACT_NOTHING_THERE;
	for (const struct policy_path *path = policy->paths; path->path != NULL; path++) {
		if (path->rights & POLICY_WRITE)
			continue;
		enum act_result result = act_make(path->path);
		if (result == ACT_WENT_THROUGH)
			return result;
		if (result == ACT_DENIED)
			all = result;
	}
	return all;
}

/* To what it is already. */
static enum act_result act_chmod(const struct policy *policy)
{
	(void) policy;
	struct stat status;
	if (stat(".", &status) != 0)
		return ACT_NOTHING_THERE;
	return act_result(chmod(".", status.st_mode & 07777));
}

/* ---- the network ----------------------------------------------------------------------------------------------- */

static enum act_result act_tcp(const struct policy *policy)
{
	(void) policy;
	const struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(ACT_DISCARD_PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return act_result(fd);
	enum act_result result = act_result(connect(fd, (const struct sockaddr *) &address, sizeof address));
	close(fd);
	return result;
}

static enum act_result act_sockets(const struct policy *policy)
{
	static const struct {
		int family, type;
	} kinds[] = {{AF_INET, SOCK_DGRAM}, {AF_INET6, SOCK_STREAM}, {AF_NETLINK, SOCK_RAW}, {AF_PACKET, SOCK_RAW}};
	(void) policy;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (act_fd(socket(kinds[i].family, kinds[i].type | SOCK_CLOEXEC, 0)) != ACT_DENIED)
			return ACT_WENT_THROUGH;
	return ACT_DENIED;
}

/* A socket without a name cannot listen, but the kernel says so only to who may ask. */
static enum act_result act_listen(const struct policy *policy)
{
	(void) policy;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return act_result(fd);
	enum act_result result = act_result(listen(fd, 1));
	close(fd);
	return result;
}

/* ---- other programs, and being another ---------------------------------------------------------------------------- */

static enum act_result act_exec(const struct policy *policy)
{
	(void) policy;
	char name[] = "/bin/true";
	char *const arguments[] = {name, NULL}, *const environment[] = {NULL};
	return act_result(execve(name, arguments, environment));
}

static enum act_result act_fork(const struct policy *policy)
{
	(void) policy;
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return act_result(pid);
}

static enum act_result act_ptrace(const struct policy *policy)
{
	(void) policy;
	return act_result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static enum act_result act_read_memory(const struct policy *policy)
{
	(void) policy;
	char from = 1, to = 0;
	struct iovec remote = {&from, 1}, local = {&to, 1};
	return act_result(process_vm_readv(getppid(), &local, 1, &remote, 1, 0));
}

/* Whether it is there, no more. */
static enum act_result act_kill(const struct policy *policy)
{
	(void) policy;
	return act_result(kill(getppid(), 0));
}

static enum act_result act_become(const struct policy *policy)
{
	(void) policy;
	return act_result(setuid(getuid()));
}

static enum act_result act_unshare(const struct policy *policy)
{
	(void) policy;
	return act_result(unshare(CLONE_NEWUSER));
}

/* ---- the kernel ------------------------------------------------------------------------------------------------ */

/* There is no such file system, which is found out after the permission. */
static enum act_result act_mount(const struct policy *policy)
{
	(void) policy;
	return act_result(mount("none", "/", "soundings", 0, NULL));
}

static enum act_result act_io_uring(const struct policy *policy)
{
	(void) policy;
#ifdef __NR_io_uring_setup
	return act_result(syscall(__NR_io_uring_setup, 0, NULL)); /* EINVAL or EFAULT, were it allowed */
#else
	return ACT_NOTHING_THERE;
#endif
}

static enum act_result act_bpf(const struct policy *policy)
{
	(void) policy;
	return act_result(syscall(__NR_bpf, BPF_MAP_CREATE, NULL, 0));
}

static enum act_result act_run_memory(const struct policy *policy)
{
	(void) policy;
	const size_t size = 4096;
	void *both = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (both != MAP_FAILED) {
		munmap(both, size);
		return ACT_WENT_THROUGH;
	}
	enum act_result result = act_result(-1);
	void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (data == MAP_FAILED)
		return ACT_WENT_THROUGH;
	if (result == ACT_DENIED)
		result = act_result(mprotect(data, size, PROT_READ | PROT_EXEC));
	munmap(data, size);
	return result;
}

#ifdef __x86_64__
static enum act_result act_x32(const struct policy *policy)
{
	(void) policy;
	return act_result(syscall(ACT_X32 | __NR_getpid)) == ACT_DENIED ? ACT_NOTHING_THERE : ACT_WENT_THROUGH;
}
#endif

/* ---- the table ------------------------------------------------------------------------------------------------- */

static const struct act table[] = {
	{.name = "list-root", .attempt = act_list_root, .landlock_abi = 1, .is_left_by_calls = true},
	{.name = "list-instance", .attempt = act_list_instance, .landlock_abi = 1, .is_left_by_calls = true},
	{.name = "read-outside", .attempt = act_read_outside, .landlock_abi = 1, .is_left_by_calls = true},
	{.name = "read-foreign", .attempt = act_read_foreign, .landlock_abi = 1, .is_left_by_calls = true},
	{.name = "write-instance", .attempt = act_write_instance, .landlock_abi = 1, .is_left_by_calls = true},
	{.name = "write-read-only", .attempt = act_write_read_only, .landlock_abi = 1, .is_left_by_calls = true},
	{.name = "chmod", .attempt = act_chmod},
	{.name = "tcp", .attempt = act_tcp, .landlock_abi = 4},
	{.name = "sockets", .attempt = act_sockets},
	{.name = "listen", .attempt = act_listen},
	{.name = "exec", .attempt = act_exec, .landlock_abi = 1, .is_deadly = true},
	{.name = "fork", .attempt = act_fork, .is_of_sanitizers = true},
	{.name = "ptrace", .attempt = act_ptrace, .is_deadly = true, .is_of_sanitizers = true},
	{.name = "read-memory", .attempt = act_read_memory, .is_deadly = true, .is_of_sanitizers = true},
	{.name = "kill", .attempt = act_kill, .landlock_abi = 6, .is_of_sanitizers = true},
	{.name = "become", .attempt = act_become},
	{.name = "unshare", .attempt = act_unshare, .is_deadly = true},
	{.name = "mount", .attempt = act_mount, .landlock_abi = 1, .is_deadly = true},
	{.name = "io-uring", .attempt = act_io_uring, .is_deadly = true},
	{.name = "bpf", .attempt = act_bpf, .is_deadly = true},
	{.name = "run-memory", .attempt = act_run_memory, .is_of_sanitizers = true},
#ifdef __x86_64__
	{.name = "x32", .attempt = act_x32, .is_deadly = true},
#endif
	{.name = NULL},
};

const struct act *acts(void)
{
	return table;
}

bool act_is_due(const struct act *act, const struct policy *policy, struct confine_kernel kernel, bool is_smaller)
{
	if (act->attempt == act_fork && policy->may_fork)
		return false;
	bool by_landlock = act->landlock_abi != 0 && kernel.landlock_abi >= act->landlock_abi;
	bool by_calls = kernel.has_seccomp && !act->is_left_by_calls && !(is_smaller && act->is_of_sanitizers);
	return by_landlock || by_calls;
}
