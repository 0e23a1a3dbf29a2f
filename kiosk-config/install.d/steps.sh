# SPDX-License-Identifier: MIT
# steps.sh: what makes the kiosk, in order. Each step may be run again, and then finds all done.

PROGRAMS_KIOSK='soundings intake spooler kiosk kiosk-session'
# What runs on a kiosk (overlayroot's part of the kernel's first file system needs busybox, and does not say so; logind gives the
# screen to nobody but root without polkitd); the libraries are those of the programs and of 'soundings', which brings in the event.
PACKAGES_KIOSK='cage xwayland chromium nginx usbguard overlayroot initramfs-tools busybox curl dbus polkitd libpam-systemd udev kmod fonts-dejavu-core
	fonts-noto-core e2fsprogs libfcgi0ldbl libseccomp2 libsqlite3-0 libsodium23 libyaml-0-2 libjansson4 libqrencode4
	liboath0 libcairo2 libpango-1.0-0 libpangocairo-1.0-0 libpangoft2-1.0-0 libfontconfig1 libqpdf29 libzbar0 libasound2 libespeak-ng1
	libsamplerate0 libsndfile1'
UNITS_START='soundings-spooler.service soundings-intake.service soundings-kiosk.service soundings-nginx.service soundings-session.service
	soundings-watch.timer soundings-nightly.timer usbguard.service'
UNITS='soundings-spooler.service soundings-intake.service soundings-kiosk.service soundings-pages.service soundings-nginx.service soundings-session.service
	soundings-watch.service soundings-watch.timer soundings-again.service soundings-nightly.service soundings-nightly.timer'
HOME_DIR=/var/lib/soundings

# ---- packages ----------------------------------------------------------------------------------------------------------------------------

packages_now() {
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort -u
}

# What an interrupted run has installed is noted by the next.
packages_note() {
	[ -f "$STATE/packages.before" ] || return 0
	packages_now | comm -13 "$STATE/packages.before" - >"$STATE/packages.new"
	while read -r name; do
		note package "$name"
	done <"$STATE/packages.new"
	rm -f "$STATE/packages.before" "$STATE/packages.new"
}

packages_missing() {
	# shellcheck disable=SC2086
	for name in $PACKAGES_KIOSK; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || printf ' %s' "$name"
	done
}

# packages_quietly COMMAND...: it may install and remove; no server starts or stops by that. Debian asks policy-rc.d, and 101 means no.
packages_quietly() {
	policy=/usr/sbin/policy-rc.d
	is_ours=
	if [ ! -e $policy ]; then
		printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy && is_ours=yes
	fi
	trap '[ -z "$is_ours" ] || rm -f /usr/sbin/policy-rc.d' EXIT
	trap 'exit 130' INT TERM
	run env DEBIAN_FRONTEND=noninteractive "$@"
	[ -z "$is_ours" ] || rm -f $policy
	trap - EXIT INT TERM
}

# packages_run COMMAND...: the same, and what it has installed goes into the journal.
packages_run() {
	packages_note
	if ! mkdir -p "$STATE/saved" || ! chmod 700 "$STATE" || ! packages_now >"$STATE/packages.before"; then
		fail "$STATE cannot be written"
	fi
	packages_quietly "$@"
	packages_note
}

# What packages leave behind when they are purged, and was not here before they came.
packages_leave() {
	for path in /etc/crypttab /etc/usbguard /etc/xml /var/www; do
		[ -e $path ] || note left $path
	done
}

step_packages() {
	step "Packages of Debian"
	missing=$(packages_missing)
	if [ -n "$missing" ]; then
		# shellcheck disable=SC2086
		if ! apt-get -s -qq install --no-install-recommends $missing >/dev/null 2>&1; then
			[ -n "$DRY" ] || run apt-get update -qq
			[ -n "$DRY" ] || said=$(apt-get -s -qq install --no-install-recommends $missing 2>&1) ||
				fail "Debian does not have what a kiosk needs" "$said" "Is this machine connected, and does /etc/apt/sources.list name bookworm?"
		fi
		# shellcheck disable=SC2086
		change "install$missing" && packages_leave && packages_run apt-get install -y -qq --no-install-recommends $missing
	fi
}

# ---- programs ----------------------------------------------------------------------------------------------------------------------------

step_build() {
	[ -n "$PROGRAMS" ] && return 0
	step "Building the programs"
	PROGRAMS=$CLONE/build/release
	if [ -n "$DRY" ]; then
		say "would build $PROGRAMS_KIOSK with make, after what building needs is installed"
		return 0
	fi
	if [ "$(dpkg-query -W -f '${db:Status-Status}' make 2>/dev/null)" != installed ]; then
		packages_run apt-get install -y -qq --no-install-recommends make
	fi
	say "this takes some minutes the first time"
	packages_run make -s -C "$CLONE" deps
	run make -s -C "$CLONE" -j"$(nproc)" programs
}

# sweep FOLDER SOURCE: what an older version has put there and this one no longer has.
sweep() {
	[ -d "$1" ] || return 0
	find "$1" -type f | sort | while read -r path; do
		[ -e "$2/${path#"$1"/}" ] && continue
		change "remove $path, which is of an older version" && run rm -f "$path"
	done
}

step_programs() {
	step "Programs, pages and the browser's policies"
	if [ -n "$DRY" ] && [ ! -x "$PROGRAMS/soundings" ]; then
		say "would put $PROGRAMS_KIOSK into /usr/bin, and what they need into /usr/share/soundings"
		return 0
	fi
	for name in $PROGRAMS_KIOSK; do
		put "$PROGRAMS/$name" "/usr/bin/$name" 755
	done
	put "$HERE/stick" /usr/sbin/soundings-stick 755
	own
	tree "$PROGRAMS/../static" /usr/share/soundings/static 644
	sweep /usr/share/soundings/static "$PROGRAMS/../static"
	tree "$HERE/nginx" /usr/share/soundings/nginx 644
	put "$HERE/chromium/flags" /usr/share/soundings/chromium/flags 644
	text /etc/chromium/policies/managed/soundings.json 644 "$(sed 's/@PORT@/8080/g' "$HERE/chromium/policies.json.in")"
	tree "$HERE/session/xkb" /usr/share/soundings/xkb 644
	for page in "$CLONE"/cgi/kiosk/*.8 "$CLONE"/cgi/kiosk-session/*.8 "$CLONE"/cgi/intake/*.8 "$CLONE"/cgi/spooler/*.8 "$CLONE"/cgi/soundings/*.[157]; do
		[ ! -f "$page" ] || put "$page" "/usr/share/man/man${page##*.}/${page##*/}" 644
	done
	text /usr/share/soundings/installed 644 "$(git -c safe.directory="$CLONE" -C "$CLONE" rev-parse HEAD 2>/dev/null || echo unknown)"
	for name in $PROGRAMS_KIOSK; do
		lacking=$(ldd "/usr/bin/$name" 2>/dev/null | sed -n 's/^\t*\(.*\) => not found$/\1/p' | tr '\n' ' ')
		[ -z "$lacking" ] || [ -n "$DRY" ] || fail "$name needs libraries that are not here: $lacking" "Were the programs built on another Debian?"
	done
}

# ---- users, and the place of what people send -----------------------------------------------------------------------------------------------

step_users() {
	step "Users"
	user soundings "keeps what people send"
	user kiosk "the screen and the browser"
	[ -n "$DRY" ] && ! getent passwd kiosk >/dev/null || member kiosk audio
}

# Debian's own line for the swap partition would make each start wait for it.
swap_off() {
	uuid=${SPOOL_WAS#swap }
	change "end the use of $SPOOL for swap" || return 0
	note swap "$SPOOL $uuid"
	awk -v device="$SPOOL" 'NR > 1 && $1 == device { found = 1 } END { exit !found }' /proc/swaps && run swapoff "$SPOOL"
	if grep -Eq "^[[:space:]]*(UUID=$uuid|$SPOOL)[[:space:]]" /etc/fstab 2>/dev/null; then
		keep /etc/fstab
		run sed -i -E "s,^[[:space:]]*(UUID=$uuid|$SPOOL)[[:space:]],# a kiosk has no swap: &," /etc/fstab
	fi
}

# unit_text NAME: the units that depend on the machine.
unit_text() {
	case $1 in
	var-lib-soundings.mount)
		device=/dev/disk/by-uuid/$SPOOL_UUID
		check=$(systemd-escape --path --template=systemd-fsck@.service "$device")
		cat <<END
# $1: the partition with what people send, the one part of the disk that is written. Written by kiosk-config/install.
[Unit]
Description=Soundings: the place of what people send
Requires=$check
After=$check
[Mount]
What=$device
Where=$HOME_DIR
Type=ext4
# nofail: without it the machine starts all the same, and its pages say that nothing can be saved.
Options=rw,nosuid,nodev,noexec,noatime,nofail,errors=remount-ro
[Install]
WantedBy=local-fs.target
END
		;;
	var-lib-soundings-run.mount)
		cat <<END
# $1: sockets, and what the session is told: in memory, gone with the power. Written by kiosk-config/install.
[Unit]
Description=Soundings: the running kiosk's folder, in memory
[Mount]
What=tmpfs
Where=$HOME_DIR/run
Type=tmpfs
Options=rw,nosuid,nodev,noexec,size=32M,mode=0710,uid=$(id -u soundings 2>/dev/null || echo 0),gid=$(id -g kiosk 2>/dev/null || echo 0)
[Install]
WantedBy=multi-user.target
END
		;;
	esac
}

make_partition() {
	[ -z "$SPOOL_WAS" ] || swap_off
	SPOOL_UUID=$(cat /proc/sys/kernel/random/uuid)
	change "make a file system on $SPOOL" || return 0
	note partition "$SPOOL_UUID"
	run wipefs -q -a "$SPOOL"
	run mkfs.ext4 -q -L soundings -U "$SPOOL_UUID" -m 0 "$SPOOL"
	udevadm settle 2>/dev/null || true
}

mount_partition() {
	awk -v where=$HOME_DIR '$2 == where { found = 1 } END { exit !found }' /proc/mounts && return 0
	change "mount $SPOOL at $HOME_DIR" || return 0
	if [ ! -d $HOME_DIR ]; then
		note dir $HOME_DIR
		run mkdir $HOME_DIR
	fi
	run mount -t ext4 -o nosuid,nodev,noexec,noatime "$SPOOL" $HOME_DIR
}

step_spool() {
	step "The place of what people send"
	if [ -z "$WRITABLE" ]; then
		[ -n "$SPOOL_UUID" ] || make_partition
		[ -n "$DRY" ] || note partition "$SPOOL_UUID"
		text /etc/systemd/system/var-lib-soundings.mount 644 "$(unit_text var-lib-soundings.mount)"
		mount_partition
	fi
	text /etc/systemd/system/var-lib-soundings-run.mount 644 "$(unit_text var-lib-soundings-run.mount)"
	if [ -n "$DRY" ] && ! getent passwd soundings >/dev/null; then
		say "would make the folders in $HOME_DIR"
		return 0
	fi
	dir $HOME_DIR 711 soundings:soundings
	for name in spool kiosk; do
		dir $HOME_DIR/$name 700 soundings:soundings
	done
	for name in catalogue front pages sound; do
		dir $HOME_DIR/$name 755 soundings:soundings
	done
	# The place of a mount: its own mode counts only before that.
	[ -d $HOME_DIR/run ] || dir $HOME_DIR/run 710 soundings:kiosk
	[ -e $HOME_DIR/soundings.conf ] || text $HOME_DIR/soundings.conf 644 "# soundings.conf: the settings of this kiosk. Every key and its default: man soundings.conf
mode = kiosk
organiser_port = 0"
}

# ---- the machine -----------------------------------------------------------------------------------------------------------------------------

has_initramfs() {
	command -v update-initramfs >/dev/null && ls /boot/initrd.img-* >/dev/null 2>&1
}

# A disk that should be read-only and is not would keep what nobody knows of.
check_initramfs() {
	newest=$(find /boot -name 'initrd.img-*' ! -name '*.bak' | sort -V | tail -n 1)
	list=$(lsinitramfs "$newest") || fail "$newest cannot be read"
	for part in scripts/init-bottom/overlayroot bin/busybox; do
		case $list in
		*"$part"*) ;;
		*) fail "$newest lacks $part: the disk would not become read-only" "Try: update-initramfs -u, and run this again" ;;
		esac
	done
}

# Debian's own lines of the boot menu are printed by ours, which locks them: not by themselves.
quiet_grub() {
	[ -x /etc/grub.d/10_linux ] || return 0
	change "keep Debian's own lines out of the boot menu" || return 0
	note mode "$(stat -c %a /etc/grub.d/10_linux) /etc/grub.d/10_linux"
	run chmod a-x /etc/grub.d/10_linux
}

has_grub() {
	command -v update-grub >/dev/null && [ -f /boot/grub/grub.cfg ]
}

# again WHAT COMMAND...: what is made of files that have changed; --uninstall makes it once more.
again() {
	what=$1
	shift
	change "make $what anew" || return 0
	note again "$*"
	run "$@"
}

step_machine() {
	step "The machine: keys, consoles, journal, watchdog, read-only disk"
	before=$CHANGES
	MARK=$STATE/machine.made
	for name in $(cd "$HERE/machine" && find . -type f | sort); do
		name=${name#./}
		mode=644
		case $name in
		etc/overlayroot.local.conf) [ -z "$WRITABLE" ] || continue ;;
		etc/default/grub.d/*) [ -d /etc/default/grub.d ] || [ -f /etc/default/grub ] || continue ;;
		etc/grub.d/*)
			[ -d /etc/grub.d ] || continue
			mode=755
			;;
		etc/usbguard/*) mode=600 ;; # usbguard refuses what others may read
		esac
		put "$HERE/machine/$name" "/$name" $mode
	done
	quiet_grub
	text /etc/usbguard/rules.d/10-soundings-machine.conf 600 "$(usb_rules)"
	# A machine without a watchdog's chip has one in the kernel.
	if ! ls /sys/class/watchdog/watchdog* >/dev/null 2>&1; then
		text /etc/modules-load.d/soundings-kiosk.conf 644 "# soundings-kiosk.conf: this machine has no watchdog of its own.
softdog"
	fi
	mask ctrl-alt-del.target "nobody starts the machine anew by three keys"
	mask swap.target "what is in memory reaches no disk"
	mask usbguard-dbus.service "nobody is asked what may be plugged in"
	mask nginx.service "soundings-nginx.service serves the pages"
	if [ "$(systemctl get-default)" != graphical.target ]; then
		if change "start with the screen"; then
			note default "$(systemctl get-default)"
			run systemctl set-default graphical.target
		fi
	fi
	# A run that ended before all was made of these files leaves that to the next.
	if [ -f "$MARK" ] && [ "$CHANGES" = "$before" ]; then
		MARK=
		return 0
	fi
	# Debian's own is in /usr; one in /etc would hide it.
	if [ -e /etc/udev/hwdb.bin ]; then
		again "the table of keys" systemd-hwdb update
	else
		again "the table of keys" systemd-hwdb --usr update
	fi
	if [ -z "$DRY" ] && has_initramfs; then
		again "the kernel's first file system" update-initramfs -u
		[ -n "$WRITABLE" ] || check_initramfs
	fi
	if has_grub; then
		again "the boot menu" update-grub
	elif [ -z "$WRITABLE" ] && [ -z "$DRY" ]; then
		say "This machine has no GRUB: the line of its kernel stays as it is. README.md in kiosk-config/ says what to add, on a Raspberry Pi too."
	fi
	[ -n "$DRY" ] || : >"$MARK" || fail "$MARK cannot be written"
	MARK=
}

# usb_rule PATH-IN-SYSFS WHY: the USB device that PATH lies on, as it names itself.
usb_rule() {
	at=$(readlink -f "$1") || return 0
	case $at in
	*/usb[0-9]*/*) ;;
	*) return 0 ;;
	esac
	while [ "$at" != / ] && [ ! -f "$at/idVendor" ]; do
		at=$(dirname "$at")
	done
	[ -f "$at/idVendor" ] || return 0
	serial=$(tr -cd 'A-Za-z0-9._:-' <"$at/serial" 2>/dev/null)
	printf '# %s\nallow id %s:%s%s\n' "$2" "$(cat "$at/idVendor")" "$(cat "$at/idProduct")" "${serial:+ serial \"$serial\"}"
}

# What this machine itself cannot be without, whatever class it is of: disks on USB, and touch screens with a way of their own.
usb_rules() {
	printf '# 10-soundings-machine.conf: what this machine was found with, and needs. Written by kiosk-config/install.\n'
	{
		for from in / /boot /boot/efi /boot/firmware; do
			awk -v where="$from" '$2 == where { print $1 }' /proc/mounts
		done
		[ -z "$SPOOL" ] || echo "$SPOOL"
	} | grep '^/dev/' | sort -u | while read -r device; do
		lsblk -srno KNAME "$device" 2>/dev/null
	done | sort -u | while read -r name; do
		usb_rule "/sys/class/block/$name" "The disk ($name)."
	done
	for event in /sys/class/input/event*; do
		[ -e "$event" ] || continue
		udevadm info --query=property --path="$event" 2>/dev/null | grep -qx ID_INPUT_TOUCHSCREEN=1 &&
			usb_rule "$event" "The touch screen ($(tr -cd 'A-Za-z0-9 ._-' <"$event/device/name"))."
	done
	return 0
}

# ---- units -----------------------------------------------------------------------------------------------------------------------------------

step_units() {
	step "What starts with the machine"
	before=$CHANGES
	for name in $UNITS; do
		put "$HERE/systemd/$name" "/etc/systemd/system/$name" 644
	done
	if [ -n "$DRY" ] && ! getent passwd kiosk >/dev/null; then
		say "would keep the user kiosk from other machines and from disks"
	else
		put "$HERE/systemd/kiosk-user.slice.conf" "/etc/systemd/system/user-$(id -u kiosk).slice.d/soundings-kiosk.conf" 644
	fi
	[ -n "$WRITABLE" ] || starts var-lib-soundings.mount
	starts var-lib-soundings-run.mount
	for name in $UNITS_START; do
		starts "$name"
	done
	[ -n "$DRY" ] || [ "$CHANGES" = "$before" ] || ! is_led || run systemctl daemon-reload
}

# ---- the last words --------------------------------------------------------------------------------------------------------------------------

step_event() {
	[ -n "$PACK" ] || return 0
	step "The event"
	change "bring in $PACK" || return 0
	# The program works as the user soundings, who may not be let into the folder of whoever is root.
	copy=$(mktemp -d /var/tmp/soundings-pack-XXXXXX) || fail "there is no room in /var/tmp"
	run cp -R "$PACK/." "$copy"
	run chown -R soundings:soundings "$copy"
	/usr/bin/soundings --instance $HOME_DIR kiosk take "$copy"
	code=$?
	rm -rf "$copy"
	[ $code = 0 ] || fail "$PACK could not be brought in (see above)"
}

step_pin() {
	[ -z "$DRY" ] && [ -t 0 ] && [ ! -e $HOME_DIR/kiosk/pin ] || return 0
	step "The PIN of the staff menu"
	change "ask for it" && /usr/bin/soundings --instance $HOME_DIR kiosk pin
}

steps_all() {
	step_packages
	step_build
	step_programs
	step_users
	step_spool
	step_machine
	step_units
	step_event
	step_pin
	step_end
	if [ -n "$DRY" ]; then
		printf '\nNothing was changed; %s would be made.\n' "$(changes)"
		return 0
	fi
	if [ "$CHANGES" = 0 ]; then
		printf '\nEverything is as it should be: nothing had to be changed.\n'
	else
		printf '\nDone, %s. This machine is a kiosk from its next start on.\n' "$(changes)"
	fi
	printf '\nWhat is left to do:\n'
	[ -e $HOME_DIR/kiosk/pin ] || say "set the PIN of the staff menu:  soundings --instance $HOME_DIR kiosk pin"
	[ -e $HOME_DIR/catalogue/current ] || say "bring in the event:             $0 kiosk --pack FOLDER"
	say "lock the machine's own set-up with a password, so that it starts from no stick"
	say "start it anew:                  systemctl reboot"
}
