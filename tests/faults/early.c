/* SPDX-License-Identifier: MIT */
/* early.c: a slow disk for the spooler, and, with EARLY=1, a spooler that says "durable" before its commit: the mistake that the kill test
 * must find. For LD_PRELOAD; the product knows nothing of it. SLOW_MS: how long each sync takes longer.
 *
 * Only system calls that the spooler makes anyhow (poll, send), so that its confinement has nothing to say. */
#include <dlfcn.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DESCRIPTORS = 4096, HEAD = 4 };

static int told[DESCRIPTORS]; /* answers already given, still to be swallowed */

static int number(const char *name)
{
	const char *text = getenv(name);
	return text ? atoi(text) : 0;
}

ssize_t recv(int fd, void *buffer, size_t length, int flags)
{
	static ssize_t (*real)(int, void *, size_t, int);
	if (!real)
		*(void **) &real = dlsym(RTLD_NEXT, "recv");
	ssize_t got = real(fd, buffer, length, flags);
	const unsigned char *packet = buffer;
	if (number("EARLY") && got >= HEAD && packet[3] == 'A' && fd < DESCRIPTORS) {
		static const unsigned char durable[HEAD] = {'S', 'P', 1, 'O'};
		told[fd]++;
		static ssize_t (*send_now)(int, const void *, size_t, int);
		if (!send_now)
			*(void **) &send_now = dlsym(RTLD_NEXT, "send");
		send_now(fd, durable, sizeof durable, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	return got;
}

ssize_t send(int fd, const void *buffer, size_t length, int flags)
{
	static ssize_t (*real)(int, const void *, size_t, int);
	if (!real)
		*(void **) &real = dlsym(RTLD_NEXT, "send");
	const unsigned char *packet = buffer;
	if (length >= HEAD && (packet[3] == 'O' || packet[3] == 'R') && fd < DESCRIPTORS && told[fd] > 0) {
		told[fd]--;
		return (ssize_t) length;
	}
	return real(fd, buffer, length, flags);
}

int close(int fd)
{
	static int (*real)(int);
	if (!real)
		*(void **) &real = dlsym(RTLD_NEXT, "close");
	if (fd >= 0 && fd < DESCRIPTORS)
		told[fd] = 0;
	return real(fd);
}

static int slow(const char *name, int fd)
{
	int (*real)(int);
	*(void **) &real = dlsym(RTLD_NEXT, name);
	poll(NULL, 0, number("SLOW_MS"));
	return real(fd);
}

int fsync(int fd)
{
	return slow("fsync", fd);
}

int fdatasync(int fd)
{
	return slow("fdatasync", fd);
}
