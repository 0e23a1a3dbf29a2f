/* SPDX-License-Identifier: MIT */
/* clock.c: a clock that is off by as many seconds as the file CLOCK_OFFSET says, now and at every look: the first eight bytes, signed, in the
 * machine's own order, mapped once at the start. For LD_PRELOAD.
 *
 * libfaketime reads its file at every look, which a program that has confined itself may not do; and so would not jump. Only the time of
 * day is bent: no clock that nobody can set (CLOCK_MONOTONIC, CLOCK_BOOTTIME) ever jumps on a real machine. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *offset;

__attribute__((constructor)) static void clock_open(void)
{
	const char *path = getenv("CLOCK_OFFSET");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *found = fd >= 0 ? mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
	if (found == MAP_FAILED)
		abort(); /* a test without its clock would prove nothing */
	close(fd);
	offset = found;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
	static int (*real)(clockid_t, struct timespec *);
	if (!real)
		*(void **) &real = dlsym(RTLD_NEXT, "clock_gettime");
	int result = real(id, now);
	if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) && offset)
		now->tv_sec += *offset;
	return result;
}

time_t time(time_t *out)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	(void) zone;
	struct timespec fine;
	clock_gettime(CLOCK_REALTIME, &fine);
	*now = (struct timeval){.tv_sec = fine.tv_sec, .tv_usec = fine.tv_nsec / 1000};
	return 0;
}
