/* SPDX-License-Identifier: MIT */
/* nginx_conf.h: kiosk-config/nginx/soundings.conf.in with its names filled in. */
#ifndef SOUNDINGS_SOUNDINGS_NGINX_CONF_H
#define SOUNDINGS_SOUNDINGS_NGINX_CONF_H

#include "instance.h"

/* Writes INSTANCE/run/nginx.conf for PORT. Says what went wrong; a code of sysexits.h. */
int nginx_conf_write(struct instance *instance, unsigned port);

#endif
