/* SPDX-License-Identifier: MIT */
/* landlock.c: the paths of a policy, held by the kernel (landlock(7), docs.kernel.org/userspace-api/landlock.html).
 *
 * Raw system calls and constants of our own: Debian 12's headers know ABI 2, and kernels that it runs on know more. Each
 * ABI added rights that a ruleset may speak of; an older kernel refuses those it does not know, so they are left out. */
#include "lib/confine/landlock.h"

#include "lib/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The same on every architecture. */
#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule 445
#define __NR_landlock_restrict_self 446
#endif

enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5, /* whatever is no folder */
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SYM = 1 << 12,
	FS_ABI_1 = (1 << 13) - 1, /* all thirteen of the first */
	FS_REFER = 1 << 13,       /* ABI 2: moving between folders; without it never allowed */
	FS_TRUNCATE = 1 << 14,    /* ABI 3 */
	FS_IOCTL_DEV = 1 << 15,   /* ABI 5 */
	FS_OF_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV,
	NET_BIND_TCP = 1 << 0, /* ABI 4 */
	NET_CONNECT_TCP = 1 << 1,
	SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0, /* ABI 6 */
	SCOPE_SIGNAL = 1 << 1,
	CREATE_VERSION = 1 << 0,
	RULE_PATH_BENEATH = 1,
	RESTRICT_LOG_SAME_EXEC_OFF = 1 << 0 /* ABI 7 */
};

struct ruleset {
	uint64_t fs;
	uint64_t net;    /* from ABI 4 */
	uint64_t scoped; /* from ABI 6 */
};

struct path_beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

unsigned landlock_abi(void)
{
	long abi = syscall(__NR_landlock_create_ruleset, NULL, 0, CREATE_VERSION);
	if (abi < 1)
		return 0;
	return abi > LANDLOCK_ABI_MAX ? LANDLOCK_ABI_MAX : (unsigned) abi;
}

static struct ruleset landlock_all(unsigned abi, size_t *size)
{
	struct ruleset all = {.fs = FS_ABI_1};
	*size = abi >= 6 ? sizeof all : abi >= 4 ? offsetof(struct ruleset, scoped) : offsetof(struct ruleset, net);
	all.fs |= abi >= 2 ? FS_REFER : 0;
	all.fs |= abi >= 3 ? FS_TRUNCATE : 0;
	all.fs |= abi >= 5 ? FS_IOCTL_DEV : 0;
	all.net = abi >= 4 ? NET_BIND_TCP | NET_CONNECT_TCP : 0;
	all.scoped = abi >= 6 ? SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL : 0;
	return all;
}

static uint64_t landlock_rights(unsigned rights)
{
	uint64_t out = 0;
	if (rights & (POLICY_READ | POLICY_WRITE))
		out |= FS_READ_FILE | FS_READ_DIR;
	if (rights & POLICY_WRITE)
		out |= FS_WRITE_FILE | FS_TRUNCATE | FS_MAKE_REG | FS_REMOVE_FILE;
	if (rights & POLICY_REMOVE)
		out |= FS_REMOVE_FILE;
	if (rights & POLICY_ARRANGE)
		out |= FS_MAKE_DIR | FS_REMOVE_DIR | FS_MAKE_SYM | FS_REMOVE_FILE;
	return out;
}

static enum err landlock_allow(int ruleset, const struct policy_path *path, uint64_t known)
{
	CLEANUP_FD int fd = open(path->path, O_PATH | O_CLOEXEC);
	struct stat status;
	if (fd < 0 || fstat(fd, &status) != 0)
		return file_err(errno);
	uint64_t mask = S_ISDIR(status.st_mode) ? known : known & FS_OF_FILES;
	struct path_beneath rule = {.allowed = landlock_rights(path->rights) & mask, .parent = fd};
	return syscall(__NR_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0 ? ERR_OK : ERR_IO;
}

enum err landlock_enter(const struct policy_path *paths, unsigned abi, bool is_rehearsal, const char **missing)
{
	size_t size;
	const struct ruleset all = landlock_all(abi, &size);
	CLEANUP_FD int ruleset = (int) syscall(__NR_landlock_create_ruleset, &all, size, 0);
	if (ruleset < 0)
		return ERR_IO;
	for (const struct policy_path *path = paths; path->path != NULL; path++) {
		enum err error = landlock_allow(ruleset, path, all.fs);
		if (error == ERR_NOT_FOUND)
			*missing = path->path;
		if (error != ERR_OK)
			return error;
	}
	unsigned flags = is_rehearsal && abi >= 7 ? RESTRICT_LOG_SAME_EXEC_OFF : 0;
	return syscall(__NR_landlock_restrict_self, ruleset, flags) == 0 ? ERR_OK : ERR_IO;
}
