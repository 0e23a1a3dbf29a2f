/* SPDX-License-Identifier: MIT */
/* serve.c: poster as a daemon: a process for each request, which lives for ten seconds at most and gives up what is left of its
 * rights before it reads the first byte. What one request does to its process, no other will see.
 *
 * The parent never reads a request. It forks before pango has a thread. */
#include "poster/serve.h"

#include "poster/once.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/confine/confine.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum { BACKLOG = 64, LINE_MAX_BYTES = POSTER_WORDS_MAX + 8 };

static int client = -1; /* of the one process for one request: whom the signal's handler tells */

/* Binds PATH afresh: a socket left by a crash is no obstacle, another kind of file is. -1 with a logged reason. */
static int listen_on(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct stat status;
	if (strlen(path) >= sizeof address.sun_path) {
		log_error("poster.socket", "reason=\"the path is longer than 107 bytes\" mend=\"go to the instance and "
					   "name it from there\"");
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (lstat(path, &status) == 0 && S_ISSOCK(status.st_mode))
		unlink(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t before = umask(0117); /* 0660: the organisers' group may connect, nobody else */
	int bound = fd < 0 ? -1 : bind(fd, (const struct sockaddr *) &address, sizeof address);
	umask(before);
	if (bound == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	log_error("poster.socket", "file=%s reason=\"%s\"", path, strerror(errno));
	file_close(&fd);
	return -1;
}

/* Nothing of an answer has left, so this one line has room and cannot wait for its reader: the answer is written whole at the end, when
 * the signal ends the process without a word. */
static void too_late(int number)
{
	static const char words[] =
		"no it took too long to draw; try again, and with shorter texts if it happens again\n";
	(void) number;
	ssize_t written = write(client, words, sizeof words - 1);
	(void) written;
	_exit(EX_TEMPFAIL);
}

/* Not alarm(2), which cannot say that it was denied: then a client that says nothing would keep this process for ever. Nor may whoever
 * started us have left the signal blocked. One limit for reading, drawing and writing: nothing begins it anew. */
static bool limit_time(void)
{
	sigset_t none;
	sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, NULL) != 0)
		return false;
	const struct itimerval limit = {.it_value = {.tv_sec = SERVE_LIMIT_S}};
	return setitimer(ITIMER_REAL, &limit, NULL) == 0;
}

/* One request's whole process. */
static int answer(int fd, enum conf_confine wish, const struct poster_fonts *fonts)
{
	CLEANUP_STRBUF struct strbuf file;
	struct poster_trouble trouble = {{0}};
	enum poster_format format;
	char line[LINE_MAX_BYTES];
	strbuf_init(&file, POSTER_FILE_MAX_BYTES);
	client = fd;
	signal(SIGALRM, too_late);
	if (!limit_time())
		return EX_OSERR;
	int code = confine_enter(CONFINE_POSTER_WORKER, wish);
	if (code != EX_OK)
		return code;
	enum err error = once_draw(fd, fonts, &file, &format, &trouble);
	signal(SIGALRM, SIG_DFL); /* half an answer may have left; whoever reads too slowly is left alone */
	if (error)
		snprintf(line, sizeof line, "no %s\n", trouble.words);
	else
		snprintf(line, sizeof line, "ok %s %zu\n", poster_format_name(format), file.length);
	if (file_write_all(fd, line, strlen(line)) != ERR_OK ||
	    (!error && file_write_all(fd, file.data, file.length) != ERR_OK))
		return EX_IOERR;
	return EX_OK;
}

/* Buries those that have ended. */
static void bury(unsigned *children)
{
	while (*children > 0) {
		int status;
		pid_t dead = waitpid(-1, &status, WNOHANG);
		if (dead <= 0)
			return;
		(*children)--;
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
			log_warn("poster.unread", "reason=\"who asked did not take the file in time\"");
		else if (WIFSIGNALED(status))
			log_error("poster.died", "signal=%d", WTERMSIG(status));
		else if (WEXITSTATUS(status) != EX_OK && WEXITSTATUS(status) != EX_TEMPFAIL &&
			 WEXITSTATUS(status) != EX_IOERR)
			log_error("poster.failed", "code=%d", WEXITSTATUS(status));
	}
}

static void take(int listener, enum conf_confine wish, const struct poster_fonts *fonts, unsigned *children)
{
	CLEANUP_FD int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0) {
		if (errno != EINTR && errno != ECONNABORTED && errno != EAGAIN) {
			log_error("poster.accept", "reason=\"%s\"", strerror(errno));
			sleep(1); /* out of descriptors, say: not a thousand lines a second */
		}
		return;
	}
	pid_t parent = getpid(), pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		file_close(&listener);
		_exit(getppid() == parent ? answer(fd, wish, fonts) : EX_TEMPFAIL);
	}
	if (pid < 0)
		log_error("poster.fork", "reason=\"%s\"", strerror(errno));
	else
		(*children)++;
}

/* The one thing that it does is to end a wait. */
static void note_death(int number)
{
	(void) number;
}

/* A child's death is told during the wait and at no other time, so none is missed, and none lies dead until somebody asks. */
static int loop(int listener, enum conf_confine wish, const struct poster_fonts *fonts)
{
	const struct sigaction death = {.sa_handler = note_death};
	struct pollfd asked = {.fd = listener, .events = POLLIN};
	sigset_t deaths, none;
	sigemptyset(&none);
	sigemptyset(&deaths);
	sigaddset(&deaths, SIGCHLD);
	if (sigaction(SIGCHLD, &death, NULL) != 0 || sigprocmask(SIG_SETMASK, &deaths, NULL) != 0)
		return EX_OSERR;
	log_info("poster.started", "children=%d", SERVE_CHILDREN_MAX);
	for (unsigned children = 0;;) {
		bury(&children);
		int ready = ppoll(&asked, children < SERVE_CHILDREN_MAX ? 1 : 0, NULL, &none);
		if (ready > 0)
			take(listener, wish, fonts, &children);
		if (ready < 0 && errno != EINTR) {
			log_error("poster.wait", "reason=\"%s\"", strerror(errno));
			return EX_OSERR;
		}
	}
}

int serve(const char *path, enum conf_confine wish, const struct poster_fonts *fonts)
{
	signal(SIGPIPE, SIG_IGN);
	int code = confine_prove(CONFINE_POSTER, wish);
	if (code == EX_OK)
		code = confine_prove(CONFINE_POSTER_WORKER, wish);
	if (code != EX_OK)
		return code;
	CLEANUP_FD int listener = listen_on(path);
	if (listener < 0)
		return EX_CANTCREAT;
	code = confine_enter(CONFINE_POSTER, wish);
	return code == EX_OK ? loop(listener, wish, fonts) : code;
}
