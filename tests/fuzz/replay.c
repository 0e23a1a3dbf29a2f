/* SPDX-License-Identifier: MIT */
/* replay.c: runs a fuzz target over files instead of a fuzzer, for compilers that have none.
 *
 * replay FILE...: each input three times. It must end (20 s of the wall, else SIGALRM), take less than a second of the processor, and
 * not leave the heap larger the third time than the second. The sanitizers say the rest; leaks when the program ends. */
#include "fuzz.h"

#include <time.h>

/* The sanitizer's; gcc comes without the header. */
size_t __sanitizer_get_current_allocated_bytes(void);

enum { REPLAY_HANG_S = 20, REPLAY_TIMES = 3 };

static double replay_clock_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

/* The file's bytes, to be freed. */
static uint8_t *replay_read(const char *path, size_t *length)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	FUZZ_CHECK(fd >= 0 && fstat(fd, &status) == 0);
	uint8_t *bytes = malloc((size_t) status.st_size + 1);
	FUZZ_CHECK(bytes != NULL && read(fd, bytes, (size_t) status.st_size) == status.st_size);
	close(fd);
	*length = (size_t) status.st_size;
	uint8_t *exact = fuzz_bytes(bytes, *length);
	free(bytes);
	return exact;
}

/* True when all was well. */
static int replay_one(const char *path)
{
	size_t length, held[REPLAY_TIMES];
	uint8_t *bytes = replay_read(path, &length);
	double slowest = 0;
	fprintf(stderr, "%s\n", path);
	for (int i = 0; i < REPLAY_TIMES; i++) {
		alarm(REPLAY_HANG_S);
		double start = replay_clock_s();
		LLVMFuzzerTestOneInput(bytes, length);
		double took = replay_clock_s() - start;
		slowest = took > slowest ? took : slowest;
		held[i] = __sanitizer_get_current_allocated_bytes();
	}
	alarm(0);
	free(bytes);
	if (slowest > 1)
		fprintf(stderr, "%s: took %.1f s\n", path, slowest);
	if (held[2] > held[1])
		fprintf(stderr, "%s: leaves %zu bytes each time\n", path, held[2] - held[1]);
	return slowest <= 1 && held[2] <= held[1];
}

int main(int argc, char **argv)
{
	int failed = 0;
	for (int i = 1; i < argc; i++)
		failed |= !replay_one(argv[i]);
	return failed;
}
