/* SPDX-License-Identifier: MIT */
/* fuzz.h: what the fuzz targets share: facts that must hold, input taken bit by bit, and a folder of their own. */
#ifndef SOUNDINGS_TESTS_FUZZ_H
#define SOUNDINGS_TESTS_FUZZ_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One input. Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program with the place, so that the input is kept. Also says what "not so" would have meant. */
#define FUZZ_CHECK(fact)                                                                                               \
	do {                                                                                                           \
		if (!(fact)) {                                                                                         \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #fact);                             \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

/* What is left of an input. */
struct fuzz_input {
	const uint8_t *at;
	size_t left;
};

/* The next byte; 0 behind the end. */
static inline uint8_t fuzz_byte(struct fuzz_input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->at++;
}

/* The next LENGTH bytes as a number, low end first: compared constants are found as bytes of the input then. */
static inline uint64_t fuzz_number(struct fuzz_input *input, unsigned length)
{
	uint64_t number = 0;
	for (unsigned i = 0; i < length; i++)
		number |= (uint64_t) fuzz_byte(input) << (8 * i);
	return number;
}

/* LENGTH bytes at DATA in a piece of memory that has exactly one more, a NUL: reading past it is noticed. To be freed. */
static inline char *fuzz_text(const void *data, size_t length)
{
	char *text = malloc(length + 1);
	FUZZ_CHECK(text != NULL);
	if (length > 0)
		memcpy(text, data, length);
	text[length] = '\0';
	return text;
}

/* The same without the NUL. To be freed. */
static inline uint8_t *fuzz_bytes(const void *data, size_t length)
{
	uint8_t *bytes = malloc(length > 0 ? length : 1);
	FUZZ_CHECK(bytes != NULL);
	if (length > 0)
		memcpy(bytes, data, length);
	return bytes;
}

/* The bytes up to SEPARATOR, or to the end, as a text to be freed. */
static inline char *fuzz_part(struct fuzz_input *input, char separator)
{
	const uint8_t *end = input->left > 0 ? memchr(input->at, separator, input->left) : NULL;
	size_t length = end != NULL ? (size_t) (end - input->at) : input->left;
	char *text = fuzz_text(input->at, length);
	length += end != NULL;
	input->at += length;
	input->left -= length;
	return text;
}

static inline void fuzz_write(const char *path, const void *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FUZZ_CHECK(fd >= 0 && write(fd, bytes, length) == (ssize_t) length);
	close(fd);
}

/* Makes a folder for this process and goes there. tests/fuzz/run and replay give a TMPDIR in memory and remove it. */
static inline void fuzz_enter_folder(void)
{
	char folder[256];
	const char *place = getenv("TMPDIR");
	snprintf(folder, sizeof folder, "%s/fuzz-XXXXXX", place != NULL ? place : "/dev/shm");
	FUZZ_CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
}

#endif
