# SPDX-License-Identifier: MIT
# say.sh: what every step uses: words, the journal, and the few kinds of change there are. Each kind looks first whether all is so already, says what
# it does (in a dry run: would do), and notes in the journal how to undo it before it does it.
#
# The journal has a line for each change, "KIND ARGUMENT", oldest first; saved/ has what was in the place of files that were replaced. Both lie on
# the disk that --uninstall finds again.

STATE=/var/lib/soundings-install
JOURNAL=$STATE/journal
OWN=/usr/share/soundings
CHANGES=0
STEP=0

# step TITLE: a numbered heading; of the step before it is said when there was nothing to do.
step() {
	step_end
	STEP=$((STEP + 1))
	BEFORE=$CHANGES
	printf '\n%s. %s\n' "$STEP" "$1"
}

step_end() {
	[ "$STEP" = 0 ] || [ "$CHANGES" != "$BEFORE" ] || say "(nothing to do)"
}

# say WORDS...: one line about what is done.
say() {
	printf '   %s\n' "$*"
}

# fail WORDS...: a step could not be done. Everything before it stays, and is in the journal.
fail() {
	printf '\ninstall: %s\n' "$1" >&2
	shift
	for line in "$@"; do
		printf '         %s\n' "$line" >&2
	done
	exit 1
}

# change WORDS...: says a change and counts it. False in a dry run, so that "change ... || return 0" ends what would do it. MARK: a file that says that
# all is done which follows from changes like this one, and which is true no more.
MARK=
change() {
	CHANGES=$((CHANGES + 1))
	if [ -n "$DRY" ]; then
		say "would $*"
		return 1
	fi
	say "$*"
	[ -z "$MARK" ] || rm -f "$MARK"
}

# note KIND ARGUMENT: into the journal, once, before the change itself; on disk before anything else happens.
note() {
	mkdir -p "$STATE/saved" && chmod 700 "$STATE" || fail "$STATE cannot be written"
	grep -qxF "$1 $2" "$JOURNAL" 2>/dev/null && return 0
	printf '%s %s\n' "$1" "$2" >>"$JOURNAL" && sync "$JOURNAL" || fail "$JOURNAL cannot be written"
}

# noted KIND: the arguments of that kind.
noted() {
	sed -n "s/^$1 //p" "$JOURNAL" 2>/dev/null
}

# run COMMAND...: as it is, its words indented; the first failure ends the installation.
run() {
	said=$("$@" 2>&1) || {
		printf '%s\n' "$said" | tail -n 20 >&2
		fail "this did not work: $*" "What it said stands above. When that is mended, run the same command again: it goes on from here."
	}
}

# ---- files ------------------------------------------------------------------------------------------------------------------------

# dir PATH MODE OWNER: a folder.
dir() {
	if [ -d "$1" ] && [ "$(stat -c '%a %U:%G' "$1")" = "$2 $3" ]; then
		return 0
	fi
	change "make the folder $1" || return 0
	[ -d "$1" ] || note dir "$1"
	run install -d -m "$2" -o "${3%:*}" -g "${3#*:}" "$1"
}

# parents PATH: the folders above a file, each noted.
parents() {
	[ -d "${1%/*}" ] && return 0
	parents "${1%/*}"
	note dir "${1%/*}"
	run mkdir "${1%/*}"
}

# is_same SOURCE PATH MODE
is_same() {
	[ -f "$2" ] && [ ! -L "$2" ] && cmp -s "$1" "$2" && [ "$(stat -c %a "$2")" = "$3" ]
}

# put SOURCE PATH MODE: a file as it is in SOURCE. What was there is kept for --uninstall.
put() {
	[ -f "$1" ] || fail "$1 is missing" "Is the clone complete? Try: git -C $CLONE status"
	is_same "$1" "$2" "$3" && return 0
	change "write $2" || return 0
	put_now "$1" "$2" "$3"
}

put_now() {
	case $2 in
	"$OWN"/*) run mkdir -p "${2%/*}" ;;
	*)
		parents "$2"
		keep "$2"
		;;
	esac
	run install -m "$3" "$1" "$2.soundings-new"
	run mv "$2.soundings-new" "$2"
}

# keep PATH: notes a file before it is replaced, with a copy of what is there, once.
keep() {
	grep -qxF -e "new $1" -e "saved $1" "$JOURNAL" 2>/dev/null && return 0
	if [ -e "$1" ] || [ -L "$1" ]; then
		mkdir -p "$STATE/saved$(dirname "$1")" && cp -a "$1" "$STATE/saved$1" && sync || fail "$1 cannot be kept in $STATE"
		note saved "$1"
	else
		note new "$1"
	fi
}

# changes: how many there were, in words.
changes() {
	[ "$CHANGES" = 1 ] && echo "1 change" || echo "$CHANGES changes"
}

# text PATH MODE WORDS: a file with these words.
text() {
	made=$(mktemp) || fail "there is no room in /tmp"
	printf '%s\n' "$3" >"$made"
	put "$made" "$1" "$2"
	rm -f "$made"
}

# own: the folder that is ours as a whole, and goes as a whole.
own() {
	[ ! -e "$OWN" ] || [ -n "$(noted own)" ] || fail "$OWN is there already, and was not made by this command" "Move it away: mv $OWN $OWN.old"
	[ -d "$OWN" ] || { change "make the folder $OWN" && note own "$OWN" && run mkdir "$OWN"; }
}

# tree FOLDER PREFIX MODE: every file below FOLDER to PREFIX, with the same name; said once.
tree() {
	[ -d "$1" ] || fail "$1 is missing" "Is the clone complete? Try: git -C $CLONE status"
	differing=$(mktemp) || fail "there is no room in /tmp"
	(cd "$1" && find . -type f | sort) | while read -r name; do
		name=${name#./}
		is_same "$1/$name" "$2/$name" "$3" || printf '%s\n' "$name"
	done >"$differing"
	count=$(wc -l <"$differing")
	if [ "$count" -gt 0 ] && change "write $count files below $2"; then
		while read -r name; do
			put_now "$1/$name" "$2/$name" "$3" </dev/null
		done <"$differing"
	fi
	rm -f "$differing"
}

# ---- users, units --------------------------------------------------------------------------------------------------------------------

# user NAME WHAT: a user and a group that nobody can sign in as.
user() {
	getent passwd "$1" >/dev/null && return 0
	change "make the user $1 ($2)" || return 0
	note user "$1"
	run useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --comment "Soundings, $2" "$1"
}

# member USER GROUP: USER is in GROUP.
member() {
	if id -nG "$1" 2>/dev/null | tr ' ' '\n' | grep -qx "$2"; then
		return 0
	fi
	change "let $1 use what belongs to the group $2" || return 0
	note member "$1 $2"
	run usermod -a -G "$2" "$1"
}

# state UNIT: enabled, disabled, masked, ... ; nothing when there is none.
state() {
	systemctl is-enabled "$1" 2>/dev/null || true
}

# starts UNIT: enabled.
starts() {
	case $(state "$1") in
	enabled | static) return 0 ;;
	esac
	change "start $1 with the machine" || return 0
	note enable "$1"
	run systemctl enable "$1"
}

# mask UNIT WHY: nothing starts it any more.
mask() {
	[ "$(state "$1")" = masked ] && return 0
	change "switch off $1: $2" || return 0
	note mask "$1"
	run systemctl mask "$1"
}

# Whether systemd leads this machine now, and not only its files lie here.
is_led() {
	[ -d /run/systemd/system ]
}
