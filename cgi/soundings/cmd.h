/* SPDX-License-Identifier: MIT */
/* cmd.h: the subcommands of soundings(1). Each gets its own words (argv[0] is the subcommand) and gives a code of sysexits.h. */
#ifndef SOUNDINGS_SOUNDINGS_CMD_H
#define SOUNDINGS_SOUNDINGS_CMD_H

int cmd_init(const char *instance_dir, int argc, char **argv);
int cmd_run(const char *instance_dir, int argc, char **argv);
int cmd_form(const char *instance_dir, int argc, char **argv);
int cmd_event(const char *instance_dir, int argc, char **argv);
int cmd_qr(const char *instance_dir, int argc, char **argv);
int cmd_poster(const char *instance_dir, int argc, char **argv);
int cmd_export(const char *instance_dir, int argc, char **argv);
int cmd_withdraw(const char *instance_dir, int argc, char **argv);
int cmd_expire(const char *instance_dir, int argc, char **argv);
int cmd_account(const char *instance_dir, int argc, char **argv);
int cmd_audit(const char *instance_dir, int argc, char **argv);
int cmd_key(const char *instance_dir, int argc, char **argv);
int cmd_backup(const char *instance_dir, int argc, char **argv);
int cmd_restore(const char *instance_dir, int argc, char **argv);
int cmd_spool(const char *instance_dir, int argc, char **argv);
int cmd_kiosk(const char *instance_dir, int argc, char **argv);
int cmd_doctor(const char *instance_dir, int argc, char **argv);

#endif
