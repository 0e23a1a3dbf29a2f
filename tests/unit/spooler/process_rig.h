/* SPDX-License-Identifier: MIT */
/* process_rig.h: a real spooler in an instance of its own, and raw packets to and from it. */
#ifndef SOUNDINGS_TESTS_PROCESS_RIG_H
#define SOUNDINGS_TESTS_PROCESS_RIG_H

#include "unit/spooler/store_rig.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#define PROC_APPEND "run/append.sock"
#define PROC_BATCH "run/batch.sock"

enum { PROC_WAIT_S = 30 };

static const uint8_t proc_generation[SPOOL_GENERATION_BYTES] = "generation one.";

static pid_t proc_pid;

/* The spooler of this build: build/MODE/spooler, three folders above build/MODE/tests/unit/spooler/. */
static void proc_binary(char out[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", out, PATH_MAX - 1);
	assert_true(length > 0);
	out[length] = '\0';
	for (int up = 0; up < 4; up++) {
		char *slash = strrchr(out, '/');
		assert_non_null(slash);
		*slash = '\0';
	}
	assert_true(strlen(out) + sizeof "/spooler" <= PATH_MAX);
	strncat(out, "/spooler", PATH_MAX - strlen(out) - 1);
}

/* Starts a spooler on the current folder; its log goes to the file "log". */
static RIG_UNUSED pid_t proc_spawn(void)
{
	char binary[PATH_MAX];
	proc_binary(binary);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int log = open("log", O_WRONLY | O_CREAT | O_APPEND, 0600);
		dup2(log, STDERR_FILENO);
		setenv("SOUNDINGS_DEBUG", "1", 1); /* for the counts at the end */
		execl(binary, "spooler", "--instance", ".", (char *) NULL);
		_exit(127);
	}
	return pid;
}

/* Waits for its end. Gives the exit code, or 128 + signal. */
static RIG_UNUSED int proc_end(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* A connection, or -1. */
static int proc_try(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval wait = {.tv_sec = PROC_WAIT_S};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0 && strlen(path) < sizeof address.sun_path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
	if (connect(fd, (const struct sockaddr *) &address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

static RIG_UNUSED int proc_connect(const char *path)
{
	int fd = proc_try(path);
	assert_true(fd >= 0);
	return fd;
}

/* Starts one and waits until it takes connections. */
static RIG_UNUSED void proc_start(void)
{
	proc_pid = proc_spawn();
	for (int i = 0; i < PROC_WAIT_S * 100; i++) {
		int fd = proc_try(PROC_APPEND);
		if (fd >= 0) {
			close(fd);
			return;
		}
		struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
		nanosleep(&pause, NULL);
		assert_int_equal(waitpid(proc_pid, NULL, WNOHANG), 0);
	}
	fail_msg("the spooler does not start");
}

static RIG_UNUSED int proc_stop(int number)
{
	assert_int_equal(kill(proc_pid, number), 0);
	int code = proc_end(proc_pid);
	proc_pid = 0;
	return code;
}

static RIG_UNUSED void proc_send(int fd, char verb, const void *body, size_t length)
{
	static uint8_t packet[SPOOL_PACKET_MAX + 100];
	assert_true(length <= sizeof packet - SPOOL_HEAD_BYTES);
	memcpy(packet, "SP\1", 3);
	packet[3] = (uint8_t) verb;
	if (length > 0)
		memcpy(packet + SPOOL_HEAD_BYTES, body, length);
	assert_int_equal(send(fd, packet, SPOOL_HEAD_BYTES + length, MSG_NOSIGNAL), SPOOL_HEAD_BYTES + length);
}

static uint8_t proc_body[SPOOL_PACKET_MAX]; /* of the last answer */
static size_t proc_length;

/* The verb of the next answer; 0 when the connection ended. */
static RIG_UNUSED char proc_answer(int fd)
{
	static uint8_t packet[SPOOL_PACKET_MAX];
	ssize_t got = recv(fd, packet, sizeof packet, 0);
	if (got == 0 || (got < 0 && errno == ECONNRESET))
		return 0;
	assert_true(got >= SPOOL_HEAD_BYTES && memcmp(packet, "SP\1", 3) == 0);
	proc_length = (size_t) got - SPOOL_HEAD_BYTES;
	memcpy(proc_body, packet + SPOOL_HEAD_BYTES, proc_length);
	return (char) packet[3];
}

static RIG_UNUSED char proc_ask(int fd, char verb, const void *body, size_t length)
{
	proc_send(fd, verb, body, length);
	return proc_answer(fd);
}

static RIG_UNUSED uint64_t proc_number(const uint8_t *bytes)
{
	uint64_t number = 0;
	for (int i = 0; i < 8; i++)
		number = number << 8 | bytes[i];
	return number;
}

static RIG_UNUSED void proc_put(uint8_t *bytes, uint64_t number, size_t length)
{
	for (size_t i = length; i-- > 0; number >>= 8)
		bytes[i] = (uint8_t) number;
}

/* Appends, and gives the verb of the answer. */
static RIG_UNUSED char proc_append(int fd, unsigned bucket, uint64_t number)
{
	static uint8_t envelope[SPOOL_ENVELOPE_MAX];
	return proc_ask(fd, 'A', envelope, rig_envelope(envelope, bucket, number));
}

static RIG_UNUSED void proc_hello(int fd, const uint8_t *generation)
{
	assert_int_equal(proc_ask(fd, 'H', generation, SPOOL_GENERATION_BYTES), 'O');
}

static RIG_UNUSED void proc_send_batch(int fd, unsigned min, unsigned max)
{
	uint8_t body[12];
	memcpy(body, rig_period, 8);
	proc_put(body + 8, min, 2);
	proc_put(body + 10, max, 2);
	proc_send(fd, 'B', body, sizeof body);
}

/* Takes a whole batch. Gives how many, and for each its token and number. */
static RIG_UNUSED unsigned proc_take_batch(int fd, uint64_t *tokens, uint64_t *numbers)
{
	unsigned count = 0;
	char verb;
	while ((verb = proc_answer(fd)) == 'I') {
		assert_true(count < SPOOL_BATCH_MAX && proc_length > 8);
		tokens[count] = proc_number(proc_body);
		numbers[count] = rig_number(proc_body + 8);
		count++;
	}
	assert_int_equal(verb, 'E');
	return count;
}

static RIG_UNUSED char proc_filed(int fd, uint64_t backup, const uint64_t *tokens, unsigned count)
{
	uint8_t body[10 + 8 * SPOOL_BATCH_MAX];
	proc_put(body, backup, 8);
	proc_put(body + 8, count, 2);
	for (unsigned i = 0; i < count; i++)
		proc_put(body + 10 + 8 * (size_t) i, tokens[i], 8);
	return proc_ask(fd, 'F', body, 10 + 8 * (size_t) count);
}

static RIG_UNUSED uint64_t proc_drop(int fd, uint64_t backup)
{
	uint8_t body[8];
	proc_put(body, backup, 8);
	assert_int_equal(proc_ask(fd, 'D', body, sizeof body), 'N');
	assert_int_equal(proc_length, 8);
	return proc_number(proc_body);
}

static RIG_UNUSED void proc_count(uint64_t *waiting, uint64_t *filed)
{
	int fd = proc_connect(PROC_BATCH);
	assert_int_equal(proc_ask(fd, 'C', NULL, 0), 'N');
	assert_int_equal(proc_length, 16);
	*waiting = proc_number(proc_body);
	*filed = proc_number(proc_body + 8);
	close(fd);
}

static RIG_UNUSED void proc_expect(uint64_t waiting, uint64_t filed)
{
	uint64_t is_waiting, is_filed;
	proc_count(&is_waiting, &is_filed);
	assert_int_equal(is_waiting, waiting);
	assert_int_equal(is_filed, filed);
}

/* The number behind NAME= in the last log line that has it. */
static RIG_UNUSED uint64_t proc_logged(const char *name)
{
	static char log[65536];
	int fd = open("log", O_RDONLY);
	ssize_t length = read(fd, log, sizeof log - 1);
	close(fd);
	assert_true(length >= 0);
	log[length] = '\0';
	const char *found = NULL;
	for (const char *at = log; (at = strstr(at, name)) != NULL; at++)
		found = at;
	if (found == NULL)
		fail_msg("no %s in the log: %s", name, log);
	return strtoull(found + strlen(name), NULL, 10);
}

static RIG_UNUSED bool proc_log_has(const char *text)
{
	static char log[65536];
	int fd = open("log", O_RDONLY);
	ssize_t length = read(fd, log, sizeof log - 1);
	close(fd);
	assert_true(length >= 0);
	log[length] = '\0';
	return strstr(log, text) != NULL;
}

static RIG_UNUSED int proc_setup(void **state)
{
	int result = rig_setup(state);
	rmdir("spool"); /* the spooler makes its own */
	return result;
}

static int proc_remove(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void) status;
	(void) kind;
	(void) where;
	return remove(path);
}

static RIG_UNUSED int proc_teardown(void **state)
{
	char here[PATH_MAX];
	(void) state;
	if (proc_pid > 0)
		proc_stop(SIGKILL);
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(fchdir(rig_home), 0);
	close(rig_home);
	return nftw(here, proc_remove, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
