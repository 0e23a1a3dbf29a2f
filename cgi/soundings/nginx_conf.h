/* SPDX-License-Identifier: MIT */
/* nginx_conf.h: the templates of kiosk-config/nginx with their names filled in. */
#ifndef SOUNDINGS_SOUNDINGS_NGINX_CONF_H
#define SOUNDINGS_SOUNDINGS_NGINX_CONF_H

#include "instance.h"

/* Writes INSTANCE/run/nginx.conf for PORT. Says what went wrong; a code of sysexits.h. */
int nginx_conf_write(struct instance *instance, unsigned port);

#endif
