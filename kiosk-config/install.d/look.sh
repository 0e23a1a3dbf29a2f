# SPDX-License-Identifier: MIT
# look.sh: everything that is looked at before anything is changed. Each finding says what is wrong and what to do; all are said at once.

FINDINGS=0
ROOM_MIB=3500     # on the disk, for packages, what building leaves, and the programs
SPOOL_MIN_MIB=200 # a response takes 1 to 64 KiB; the spooler keeps 64 MiB free and 16 more to give up
MEMORY_MIN_MIB=900

# wrong WHAT WHAT-TO-DO...
wrong() {
	FINDINGS=$((FINDINGS + 1))
	printf '   - %s\n' "$1" >&2
	shift
	for line in "$@"; do
		printf '     %s\n' "$line" >&2
	done
}

# What nothing else can be said about.
look_at_who() {
	[ "$(id -u)" = 0 ] || {
		echo "install: this changes the machine: run it as root (sudo $0 ...)" >&2
		exit 78
	}
	if grep -q ' /media/root-ro ' /proc/mounts; then
		echo "install: this kiosk is running, and its disk is read-only: nothing that is changed now would stay." >&2
		echo "         Start it again, choose the entry \"recovery mode\" in the boot menu, sign in, and run this once more." >&2
		exit 78
	fi
}

look_at_system() {
	id=$(sed -n 's/^ID=//p' /etc/os-release 2>/dev/null | tr -d '"')
	version=$(sed -n 's/^VERSION_ID=//p' /etc/os-release 2>/dev/null | tr -d '"')
	if [ "$id" != debian ] || [ "$version" != 12 ]; then
		wrong "this machine runs ${id:-something} ${version:-unknown}; a kiosk is made of Debian 12 (bookworm)" "Install Debian 12 first: www.debian.org"
	fi
	case $(dpkg --print-architecture) in
	amd64 | arm64) ;;
	*) wrong "the browser is not offered for this processor ($(dpkg --print-architecture)): amd64 and arm64 only" ;;
	esac
	free=$(df -Pm / | awk 'NR == 2 { print $4 }')
	installed_before || [ "$free" -ge $ROOM_MIB ] ||
		wrong "there are $free MiB left on the disk; $ROOM_MIB are needed" "Remove what is not needed, or use a larger disk"
	memory=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
	[ "$memory" -ge $MEMORY_MIN_MIB ] || wrong "this machine has $memory MiB of memory; the browser needs $MEMORY_MIN_MIB at least"
	for command in systemctl dpkg apt-get useradd lsblk blkid; do
		command -v $command >/dev/null || wrong "there is no $command on this machine: is it a whole Debian 12?"
	done
}

installed_before() {
	[ -s "$JOURNAL" ]
}

look_at_clone() {
	for name in Makefile cgi forms static schema kiosk-config/systemd/soundings-session.service kiosk-config/nginx/soundings.conf.in \
		kiosk-config/chromium/flags kiosk-config/machine/etc; do
		[ -e "$CLONE/$name" ] || wrong "$CLONE/$name is missing" "Is the clone complete? Try: git -C $CLONE status"
	done
	case $CLONE in
	*[!a-zA-Z0-9_/.+-]*) wrong "the clone lies in a folder with an unusual sign in its name: $CLONE" "Move it to /root/soundings" ;;
	esac
	[ -z "$PROGRAMS" ] && return 0
	for name in $PROGRAMS_KIOSK; do
		[ -x "$PROGRAMS/$name" ] || wrong "$PROGRAMS/$name is not there" "--programs takes a folder as 'make programs' leaves it: build/release"
	done
	[ -f "$PROGRAMS/../static/names.txt" ] || wrong "$PROGRAMS/../static has no static files" "--programs takes a folder as 'make programs' leaves it: build/release"
}

# What this machine does already, and would do no more.
look_at_work() {
	if [ -e /var/lib/soundings/office ] || [ -e /var/lib/soundings/keys/periods ]; then
		wrong "/var/lib/soundings has an office: this machine is a hub" "A kiosk keeps no office and no key. Take another machine, or move it away first"
	elif [ -e /var/lib/soundings ] && ! installed_before && [ -n "$(ls -A /var/lib/soundings)" ] && ! grep -qs '^mode *= *kiosk' /var/lib/soundings/soundings.conf; then
		wrong "/var/lib/soundings is not empty, and no kiosk" "Move it away first: mv /var/lib/soundings /root/soundings.old"
	fi
	manager=$(readlink /etc/systemd/system/display-manager.service) && manager=$(basename "$manager" .service)
	[ -z "$manager" ] || wrong "this machine has a desktop ($manager), which would take the screen" "Install Debian 12 without a desktop, or remove it: apt-get purge $manager"
	for site in /etc/nginx/sites-enabled/*; do
		[ -e "$site" ] && [ "$(basename "$site")" != default ] &&
			wrong "nginx serves $(basename "$site") here already" "A kiosk serves nothing else: take another machine, or remove $site"
	done
	for name in $PROGRAMS_KIOSK; do
		owner=$(dpkg -S "/usr/bin/$name" 2>/dev/null | cut -d: -f1)
		[ -z "$owner" ] || wrong "/usr/bin/$name belongs to the package $owner" "Remove that package: apt-get purge $owner"
	done
	# 1F90 is 8080; the fourth column 0A is "listening".
	if ! installed_before && awk '$2 ~ /:1F90$/ && $4 == "0A" { found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null; then
		wrong "another program listens on port 8080" "See which: ss -ltnp 'sport = :8080'. Stop it and keep it from starting"
	fi
}

# ---- where what people send is kept ----------------------------------------------------------------------------------------------------

spool_candidates() {
	lsblk -rpno NAME,TYPE,FSTYPE,SIZE,MOUNTPOINT 2>/dev/null | awk '$2 ~ /^(part|lvm)$/ { print "       " $0 }'
}

# The partition: SPOOL, SPOOL_UUID ("" when it has to be made), SPOOL_WAS ("swap UUID", or "").
look_at_spool() {
	SPOOL_UUID='' SPOOL_WAS=''
	[ -n "$WRITABLE" ] && return 0
	known=$(noted partition | tail -n 1)
	[ -n "$SPOOL" ] || [ -z "$known" ] || SPOOL=$(blkid -U "$known" 2>/dev/null)
	[ -n "$SPOOL" ] || SPOOL=$(blkid -L soundings 2>/dev/null)
	[ -n "$SPOOL" ] || SPOOL=$(lsblk -rpno NAME,TYPE,FSTYPE 2>/dev/null | awk '$2 ~ /^(part|lvm)$/ && $3 == "swap" { print $1; exit }')
	if [ -z "$SPOOL" ]; then
		wrong "there is no partition to keep what people send, and everything else of the disk becomes read-only" \
			"Give one with --spool; it need not be large (1 GiB is plenty), and must be empty. What this machine has:"
		spool_candidates >&2
		printf '     or leave the disk writable, to try things out: --writable-root\n' >&2
		return 0
	fi
	if [ ! -b "$SPOOL" ]; then
		wrong "$SPOOL is not a partition" "--spool takes a device, such as /dev/sda3. What this machine has:"
		spool_candidates >&2
		return 0
	fi
	SPOOL=$(readlink -f "$SPOOL")
	size=$(($(blockdev --getsize64 "$SPOOL") / 1048576))
	[ "$size" -ge $SPOOL_MIN_MIB ] || wrong "$SPOOL has $size MiB; $SPOOL_MIN_MIB are needed"
	[ "$(lsblk -rdno RM "$SPOOL" 2>/dev/null)" != 1 ] || wrong "$SPOOL can be pulled out" "What people send must not leave the room in a pocket: take a partition of the machine's own disk"
	where=$(awk -v device="$SPOOL" '$1 == device { print $2; exit }' /proc/mounts)
	kind=$(blkid -p -o value -s TYPE "$SPOOL" 2>/dev/null)
	label=$(blkid -p -o value -s LABEL "$SPOOL" 2>/dev/null)
	if [ "$kind" = ext4 ] && [ "$label" = soundings ]; then
		SPOOL_UUID=$(blkid -p -o value -s UUID "$SPOOL")
		[ -z "$where" ] || [ "$where" = /var/lib/soundings ] || wrong "$SPOOL is in use at $where" "Unmount it first: umount $where"
	elif [ -n "$where" ]; then
		wrong "$SPOOL is in use at $where" "Give a partition that is not"
	elif [ "$kind" = swap ]; then
		SPOOL_WAS="swap $(blkid -p -o value -s UUID "$SPOOL")"
	elif [ -n "$kind" ] || [ -n "$(wipefs -n "$SPOOL" 2>/dev/null)" ]; then
		wrong "$SPOOL is not empty: it has ${kind:-something}${label:+ called \"$label\"}" \
			"Nothing is overwritten here that may be wanted. When it is not: wipefs -a $SPOOL, and run this again"
	fi
}

look_at_pack() {
	[ -z "$PACK" ] || [ -d "$PACK" ] || wrong "$PACK is not a folder" "--pack takes what 'soundings kiosk pack DIR' has written on the hub"
}

look_all() {
	look_at_who
	printf 'Looking at this machine ...\n'
	look_at_system
	look_at_clone
	look_at_work
	look_at_spool
	look_at_pack
	if [ $FINDINGS -gt 0 ]; then
		printf '\ninstall: this machine cannot become a kiosk as it is (see above). Nothing was changed.\n' >&2
		exit 78
	fi
	say "It can become a kiosk, or is one."
	look_ask
}

# What is about to happen, in short; a yes is asked for where somebody sits in front of it.
look_ask() {
	if [ -n "$WRITABLE" ]; then
		say "The disk stays writable; what people send is kept on it, in /var/lib/soundings."
	elif [ -n "$SPOOL_UUID" ]; then
		say "What people send is kept on $SPOOL, as before; the rest of the disk is read-only from the next start on."
	else
		say "$SPOOL is made anew to keep what people send${SPOOL_WAS:+; it was for swap, which a kiosk has none of}. The rest of the disk is"
		say "read-only from the next start on."
	fi
	[ -z "$DRY$YES" ] && [ -t 0 ] || return 0
	installed_before && return 0
	printf '\nThis machine will be a kiosk and nothing else. Go on? [y/N] '
	read -r answer
	case $answer in
	y | Y | yes) ;;
	*) echo "Nothing was changed." && exit 0 ;;
	esac
}
