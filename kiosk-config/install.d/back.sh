# SPDX-License-Identifier: MIT
# back.sh: takes everything back, the last change first. What people have sent stays where it is until --erase.

# Whether people have sent something with this kiosk. A partition that cannot be looked at is taken to hold something.
is_full() {
	uuid=$(noted partition | tail -n 1)
	if [ -z "$uuid" ] || is_mounted; then
		has_spool "$HOME_DIR"
		return
	fi
	device=$(blkid -U "$uuid") || return 1
	place=$(mktemp -d) || return 0
	mount -t ext4 -o ro,noload "$device" "$place" 2>/dev/null || return 0
	has_spool "$place"
	found=$?
	umount "$place" && rmdir "$place"
	return $found
}

is_mounted() {
	awk -v where="$HOME_DIR" '$2 == where { found = 1 } END { exit !found }' /proc/mounts
}

has_spool() {
	[ -n "$(find "$1/spool" -type f ! -name ballast 2>/dev/null | head -n 1)" ]
}

back_look() {
	look_at_who
	if [ ! -s "$JOURNAL" ]; then
		echo "install: nothing was installed here by this command ($JOURNAL is missing): there is nothing to take back." >&2
		exit 78
	fi
	KEPT=
	[ -n "$ERASE" ] || ! is_full || KEPT=yes
	[ -z "$DRY$YES" ] && [ -t 0 ] || return 0
	printf 'This machine will be a kiosk no more%s. Go on? [y/N] ' "${ERASE:+, and everything that people have sent with it is erased}"
	read -r answer
	case $answer in
	y | Y | yes) ;;
	*) echo "Nothing was changed." && exit 0 ;;
	esac
}

# undo KIND ARGUMENT: true when it is undone, and leaves the journal; false when it has to stay.
undo() {
	case $1 in
	enable | mask)
		word=disable
		[ "$1" = enable ] || word=unmask
		change "$word $2" && run systemctl -q "$word" "$2"
		;;
	default) change "start with $2, as before" && run systemctl -q set-default "$2" ;;
	new) [ ! -e "$2" ] && [ ! -L "$2" ] || { change "remove $2" && run rm -f "$2"; } ;;
	saved) change "put $2 back as it was" && run cp -a "$STATE/saved$2" "$2.soundings-new" && run mv "$2.soundings-new" "$2" ;;
	mode)
		# shellcheck disable=SC2086
		set -- $2
		[ ! -e "$2" ] || { change "let $2 be used again" && run chmod "$1" "$2"; }
		;;
	own) [ ! -e "$2" ] || { change "remove $2" && run rm -rf "$2"; } ;;
	dir) undo_dir "$2" ;;
	user) undo_user "$2" ;;
	member)
		# shellcheck disable=SC2086
		set -- $2
		! id -nG "$1" 2>/dev/null | tr ' ' '\n' | grep -qx "$2" || { change "take $1 out of the group $2" && run gpasswd -d "$1" "$2"; }
		;;
	partition) undo_partition "$2" ;;
	swap) undo_swap "$2" ;;
	esac
	return 0
}

# What is not empty is not ours any more.
undo_dir() {
	[ -d "$1" ] || return 0
	[ -z "$DRY" ] || { change "remove the folder $1, if it is empty"; return 0; }
	rmdir "$1" 2>/dev/null && CHANGES=$((CHANGES + 1)) && say "remove the folder $1"
	return 0
}

undo_user() {
	getent passwd "$1" >/dev/null || return 0
	change "remove the user $1" || return 0
	run userdel "$1"
	! getent group "$1" >/dev/null || run groupdel "$1"
}

undo_partition() {
	device=$(blkid -U "$1" 2>/dev/null) || return 0
	change "erase $device" || return 0
	run shred -n 0 -z "$device"
}

undo_swap() {
	# shellcheck disable=SC2086
	set -- $1
	[ -b "$1" ] && [ -z "$(blkid -p -o value -s TYPE "$1" 2>/dev/null)" ] || return 0
	change "make $1 the machine's swap again" && run mkswap -q -U "$2" "$1"
}

# The journal without this line, on disk.
forget() {
	[ -z "$DRY" ] || return 0
	grep -vxF "$1" "$JOURNAL" >"$JOURNAL.new"
	mv "$JOURNAL.new" "$JOURNAL" && sync "$JOURNAL" || fail "$JOURNAL cannot be written"
}

# What has to stay while there is something of people's: the place, its owner, and what leads back to the partition's old use.
is_kept() {
	[ -n "$KEPT" ] || return 1
	case $1 in
	"partition "* | "swap "* | "user soundings" | "saved /etc/fstab" | "dir $HOME_DIR"* | "new $HOME_DIR"*) return 0 ;;
	esac
	return 1
}

back_instance() {
	[ -n "$ERASE" ] && [ -d "$HOME_DIR" ] || return 0
	if change "erase what is in $HOME_DIR"; then
		find "$HOME_DIR/spool" "$HOME_DIR/kiosk" -type f -exec shred -n 0 -z {} + 2>/dev/null
		run find "$HOME_DIR" -xdev -mindepth 1 -delete
	fi
}

back_mount() {
	is_mounted || return 0
	change "unmount $HOME_DIR" && run umount "$HOME_DIR"
}

# left PATH: what a purged package has left behind, as long as nobody has put anything into it.
left() {
	case $1 in
	/etc/crypttab) ! grep -q '^[^#]' "$1" 2>/dev/null && rm -f "$1" ;;
	/etc/usbguard | /etc/xml) rm -rf "$1" ;;
	/var/www) rm -f "$1/html/index.nginx-debian.html" && rmdir "$1/html" "$1" 2>/dev/null ;;
	esac
	return 0
}

# Only what came with us, and only where nothing that came later needs it.
back_packages() {
	packages_note
	ours=
	for name in $(noted package); do
		case $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) in
		'' | not-installed) ;;
		*) ours="$ours $name" ;;
		esac
	done
	if [ -n "$ours" ]; then
		# shellcheck disable=SC2086
		others=$(apt-get -s purge $ours 2>/dev/null | sed -n 's/^Purg \([^ ]*\).*/\1/p' | while read -r name; do
			case " $ours " in *" ${name%%:*} "*) ;; *) printf ' %s' "$name" ;; esac
		done)
		if [ -n "$others" ]; then
			say "The packages stay, for these need them:$others"
			return 0
		fi
		change "remove the packages that came with the kiosk ($(echo "$ours" | wc -w))" || return 0
		# shellcheck disable=SC2086
		packages_quietly apt-get purge -y -qq $ours
	fi
	[ -n "$DRY" ] || noted left | while read -r path; do
		left "$path"
	done
	[ -n "$DRY" ] || sed -i -e '/^package /d' -e '/^left /d' "$JOURNAL"
}

back_all() {
	step "Programs that run"
	if is_led && [ -z "$DRY" ]; then
		# shellcheck disable=SC2086
		run systemctl stop $UNITS usbguard.service
		systemctl stop var-lib-soundings-run.mount 2>/dev/null
	fi
	step "What people have sent"
	if [ -n "$KEPT" ]; then
		say "It stays, on $(awk -v where="$HOME_DIR" '$2 == where { at = $1 } END { print at ? at : "the disk" }' /proc/mounts) ($HOME_DIR), with the user soundings."
		say "Bring it to the hub (README.md in kiosk-config/), and then run: $0 kiosk --uninstall --erase"
	else
		back_instance
		back_mount
	fi
	step "Users, files, units"
	list=$(grep -Ev '^(package|again|left) ' "$JOURNAL" | tac)
	again_list=$(noted again)
	printf '%s\n' "$list" | {
		while read -r line; do
			[ -n "$line" ] || continue
			is_kept "$line" && continue
			undo "${line%% *}" "${line#* }" </dev/null
			forget "$line"
		done
		printf '%s\n' "$CHANGES" >"$STATE/changes"
	} || exit 1
	CHANGES=$(cat "$STATE/changes")
	rm -f "$STATE/changes"
	step "Packages of Debian"
	back_packages
	step "What is made of files that have changed"
	printf '%s\n' "$again_list" | while read -r line; do
		[ -n "$line" ] || continue
		command -v "${line%% *}" >/dev/null || continue
		# shellcheck disable=SC2086
		change "run $line" && run $line
	done
	[ -n "$DRY" ] || sed -i '/^again /d' "$JOURNAL"
	! is_led || [ -n "$DRY" ] || run systemctl daemon-reload
	step_end
	if [ -n "$DRY" ]; then
		printf '\nNothing was changed; %s would be made.\n' "$(changes)"
	elif [ -s "$JOURNAL" ]; then
		printf '\nDone. What stays is in %s.\n' "$JOURNAL"
	else
		rm -rf "$STATE"
		printf '\nDone: this machine is as it was. What was built lies in the clone alone. Start it anew: systemctl reboot\n'
	fi
}
