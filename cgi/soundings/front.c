/* SPDX-License-Identifier: MIT */
/* front.c: a kiosk's own instance. It can be rebuilt from what a hub gives, but for its spool. */
#include "front.h"

#include "command.h"
#include "down_pages.h"

#include "lib/base/file.h"
#include "lib/station/station.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

bool front_is(const struct instance *instance, const struct instance_parts *parts)
{
	bool has_keyset = parts->is_open[INSTANCE_KEYSET] || parts->error[INSTANCE_KEYSET] != ERR_OK;
	if (parts->error[INSTANCE_KEYSET] == ERR_NOT_FOUND || parts->error[INSTANCE_ROOT] != ERR_OK)
		has_keyset = false;
	return instance->conf.mode == CONF_MODE_KIOSK && parts->error[INSTANCE_OFFICE] == ERR_NOT_FOUND &&
	       parts->error[INSTANCE_CONTENT] == ERR_NOT_FOUND && !has_keyset;
}

int front_make(struct instance *instance, unsigned port)
{
	static const struct {
		const char *name;
		mode_t mode;
	} folders[] = {{"catalogue", 0755}, {"front", 0755}, {"spool", 0700},       {"run", 0700},
		       {"pages", 0755},     {"sound", 0755}, {STATION_FOLDER, 0700}};
	enum err error = file_make_dir(AT_FDCWD, instance->dir, 0755);
	for (size_t i = 0; !error && i < sizeof folders / sizeof folders[0]; i++)
		error = file_make_dir(AT_FDCWD, instance_path(instance, folders[i].name), folders[i].mode);
	const char *text =
		port ? arena_printf(&instance->arena,
				    "# Settings of this kiosk: soundings.conf(5)\nmode = kiosk\nport = %u\n", port)
		     : "# Settings of this kiosk: soundings.conf(5)\nmode = kiosk\n";
	if (!error)
		error = text ? file_write_new(AT_FDCWD, instance_path(instance, "soundings.conf"), text, strlen(text),
					      0644)
			     : ERR_NOMEM;
	if (error == ERR_CONFLICT)
		error = ERR_OK; /* there are settings */
	return error ? complain_err(error, "%s cannot be made", instance->dir) : EX_OK;
}

int front_pages(struct instance *instance)
{
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal = {.reason = "unknown"};
	enum err error =
		catalogue_open(instance_path(instance, "catalogue"), instance->root_public, 0, 0, &catalogue, &refusal);
	if (error == ERR_NOT_FOUND)
		return complain(EX_NOINPUT,
				"this kiosk has no catalogue yet. On the hub: soundings kiosk pack FOLDER; here: %s "
				"kiosk take FOLDER",
				command());
	if (error)
		return complain_err(error,
				    "the catalogue does not verify (%s); pack it on the hub once more, and here: %s "
				    "kiosk take FOLDER",
				    refusal.reason, command());
	int code = down_pages_write(instance, catalogue_words(catalogue));
	catalogue_close(catalogue);
	return code;
}

int front_become_owner(const char *dir)
{
	struct stat status;
	if (geteuid() != 0 || stat(dir, &status) != 0 || status.st_uid == 0)
		return EX_OK;
	const struct passwd *owner = getpwuid(status.st_uid);
	if ((owner ? initgroups(owner->pw_name, status.st_gid) : setgroups(0, NULL)) != 0 ||
	    setgid(status.st_gid) != 0 || setuid(status.st_uid) != 0)
		return complain(EX_NOPERM, "%s is not root's, and root cannot become its owner: %s", dir,
				strerror(errno));
	return EX_OK;
}
