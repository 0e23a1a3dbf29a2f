/* SPDX-License-Identifier: MIT */
/* http_serve.c: a listener, pre-forked workers, and an end that loses no request.
 *
 * libfcgi's own SIGTERM handling lets a worker serve one more request and then hang with the listener open
 * (performance.md, pitfall 3). So workers ignore SIGTERM; the parent shuts the listening socket instead, which makes every
 * accept(2) on it return at once, in all processes and without a race: Linux answers EINVAL on a shut UNIX listener. */
#include "lib/http/http.h"

#include "lib/base/log.h"
#include "lib/http/http_request.h"

#include <errno.h>
#include <fcgiapp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum {
	BACKLOG = 512,
	WORKERS_MAX = 64,
	LOOK_S = 2, /* between looks whether a worker is missing */
	QUICK_DEATHS_MAX =
		20, /* this many workers dying at once, without a second between: something is wrong for good */
};

/* Binds PATH afresh: a socket left by a crash is no obstacle, another kind of file is. -1 with a logged reason. */
static int listen_on(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);
	if (length >= sizeof address.sun_path) {
		log_error("http.socket", "reason=\"socket path too long\"");
		return -1;
	}
	memcpy(address.sun_path, path, length + 1);
	struct stat status;
	if (lstat(path, &status) == 0 && S_ISSOCK(status.st_mode))
		unlink(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	mode_t before = umask(0117); /* 0660: nginx's group may connect, nobody else */
	int bound = fd < 0 ? -1 : bind(fd, (struct sockaddr *) &address, sizeof address);
	umask(before);
	if (bound < 0 || listen(fd, BACKLOG) < 0) {
		log_error("http.socket", "reason=\"%s\"", strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static void answer(const struct http_server *server, FCGX_Request *raw, struct arena *arena)
{
	struct http_request request;
	struct http_response response = {.status = 500, .content_type = "text/plain; charset=utf-8"};
	enum err error = http_request_read(raw, server, arena, &request);
	if (error) {
		log_error("http.request", "error=%s", err_name(error));
		response.status = err_http_status(error);
		request.method = HTTP_GET;
	} else {
		response.content_type = NULL;
		server->handle(server->context, &request, arena, &response);
	}
	http_response_send(raw, request.method, &response);
}

/* A worker's whole life. Ends when the listener is shut. */
static int work(const struct http_server *server, int listener, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* no worker outlives a killed parent, nor one killed just before this */
	if (getppid() != parent)
		return EX_OSERR;
	FCGX_Request raw; /* SIGTERM and SIGINT stay blocked here: the parent decides */
	if (FCGX_InitRequest(&raw, listener, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
		return EX_OSERR;
	int code = server->start ? server->start(server->context) : EX_OK;
	if (code != EX_OK)
		return code;
	struct arena arena;
	arena_init(&arena, server->arena_bytes);
	while (FCGX_Accept_r(&raw) == 0) {
		answer(server, &raw, &arena);
		FCGX_Finish_r(&raw);
		arena_reset(&arena);
	}
	arena_fini(&arena);
	return EX_OK;
}

static pid_t spawn(const struct http_server *server, int listener)
{
	pid_t parent = getpid(), pid = fork();
	if (pid == 0)
		_exit(work(server, listener, parent));
	if (pid < 0)
		log_error("http.fork", "reason=\"%s\"", strerror(errno));
	return pid;
}

/* Buries every worker that has died and puts another in its place. EX_OK, or why there is no point in going on. */
static int replace_dead(const struct http_server *server, int listener, pid_t *workers, unsigned *quick_deaths,
			time_t *last_death)
{
	int status;
	for (pid_t dead; (dead = waitpid(-1, &status, WNOHANG)) > 0;) {
		if (WIFEXITED(status) && WEXITSTATUS(status) >= EX__BASE && WEXITSTATUS(status) != EX_OSERR)
			return WEXITSTATUS(status); /* its start said why; another would say the same */
		struct timespec now;
		clock_gettime(CLOCK_MONOTONIC, &now);
		*quick_deaths = now.tv_sec == *last_death ? *quick_deaths + 1 : 0;
		*last_death = now.tv_sec;
		if (*quick_deaths > QUICK_DEATHS_MAX)
			return EX_SOFTWARE;
		log_warn("http.worker", "died=%s code=%d", WIFSIGNALED(status) ? "signal" : "exit",
			 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		for (unsigned i = 0; i < server->workers; i++)
			if (workers[i] == dead)
				workers[i] = -1;
	}
	for (unsigned i = 0; i < server->workers; i++)
		if (workers[i] < 0) /* also one that could not be forked a while ago */
			workers[i] = spawn(server, listener);
	return EX_OK;
}

/* Waits for what concerns the parent: an end that is asked for, or a worker's death. The signals are blocked and taken
 * one by one, so none can slip between a check and a wait. */
static int watch(const struct http_server *server, int listener, pid_t *workers, const sigset_t *signals)
{
	unsigned quick_deaths = 0;
	time_t last_death = 0;
	for (;;) {
		int number = sigtimedwait(signals, NULL, &(struct timespec){.tv_sec = LOOK_S});
		if (number == SIGTERM || number == SIGINT)
			return EX_OK;
		int code = replace_dead(server, listener, workers, &quick_deaths, &last_death);
		if (code == EX_OK && server->look)
			code = server->look(server->context);
		if (code != EX_OK)
			return code;
	}
}

int http_serve(const struct http_server *server)
{
	if (server->workers < 1 || server->workers > WORKERS_MAX || FCGX_Init() != 0)
		return EX_SOFTWARE;
	prctl(PR_SET_DUMPABLE, 0); /* answers never reach a core file */
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGUSR1, SIG_IGN); /* FCGX_Init gave it a meaning */
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	int listener = listen_on(server->socket);
	if (listener < 0)
		return EX_OSERR;
	int code = server->begin ? server->begin(server->context) : EX_OK;
	if (code == EX_OK) {
		pid_t workers[WORKERS_MAX];
		for (unsigned i = 0; i < server->workers; i++)
			workers[i] = spawn(server, listener);
		code = watch(server, listener, workers, &signals);
	}
	shutdown(listener, SHUT_RDWR);
	close(listener);
	unlink(server->socket);
	for (;;) {
		if (wait(NULL) < 0 && errno == ECHILD)
			break;
	}
	return code;
}
