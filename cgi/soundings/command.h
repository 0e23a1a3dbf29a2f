/* SPDX-License-Identifier: MIT */
/* command.h: how advice names a command, so that it can be typed as it stands. */
#ifndef SOUNDINGS_SOUNDINGS_COMMAND_H
#define SOUNDINGS_SOUNDINGS_COMMAND_H

/* The instance that a command works on unless told. */
#define COMMAND_INSTANCE "build/instance"

/* From now on advice is for the instance in DIR. Called once, by main. */
void command_on(const char *dir);

/* What stands before the command's own words: "soundings", with "--instance DIR" behind it where DIR is not the one that is meant
 * anyway. As a shell takes it. */
const char *command(void);

#endif
