#!/bin/sh
# SPDX-License-Identifier: MIT
# spool_check.sh [SPOOLER]: does a client that was written from soundings-spool(5) alone get on with our spooler, and can a
# reader written from it read the file? Prints "ok NAME" or "not ok NAME" for each question; exit status 1 when one is
# not ok. Builds the release spooler unless one is given. Works from any folder and leaves nothing behind.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
spooler=${1:-}
work=$(mktemp -d) || exit 1
pid=
failed=0
finish() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
export PYTHONDONTWRITEBYTECODE=1

# same NAME EXPECTED COMMAND...: prints exactly that
same() {
	name=$1 expected=$2
	shift 2
	printed=$("$@" 2>&1)
	if [ "$printed" = "$expected" ]; then
		echo "ok spool: $name"
	else
		echo "not ok spool: $name: $printed"
		failed=1
	fi
}
spool() {
	/usr/bin/python3 "$here/spool.py" "$@"
}
start() {
	"$spooler" --instance "$work/instance" 2>>"$work/log" &
	pid=$!
	tries=0
	while ! spool count "$work/instance/run" >/dev/null 2>&1; do
		tries=$((tries + 1))
		if [ "$tries" -gt 100 ] || ! kill -0 "$pid" 2>/dev/null; then
			echo "not ok spool: the spooler starts: $(cat "$work/log")"
			exit 1
		fi
		sleep 0.1
	done
}
stop() {
	kill -TERM "$pid"
	wait "$pid"
	status=$?
	pid=
}
# envelopes NAME BUCKET COUNT: files NAME-1 ... that are envelopes from outside; all of one period
envelopes() {
	/usr/bin/python3 - "$work/$1" "$2" "$3" <<'PYTHON'
import os, sys
path, bucket, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for number in range(1, count + 1):
    body = os.urandom(104 + (1024 << (2 * bucket)) + 16)
    with open(f"{path}-{number}", "wb") as file:
        file.write(b"SNDG\x01" + bytes([bucket, 0, 0]) + b"\x0a" * 8 + body)
PYTHON
}
# sums FOLDER_OR_FILES...: what is in them, in an order of its own
sums() {
	find "$@" -type f -exec sha256sum {} + | cut -d' ' -f1 | sort
}

if [ -z "$spooler" ]; then
	make -s --no-print-directory -C "$top" MODE=release build/release/spooler || exit 1
	spooler=$top/build/release/spooler
fi
mkdir -m 0700 "$work/instance" "$work/taken" "$work/read"
run=$work/instance/run
generation=000102030405060708090a0b0c0d0e0f
restored=f00102030405060708090a0b0c0d0e0f
period=0a0a0a0a0a0a0a0a
for bucket in 0 1 2 3; do
	envelopes "in-$bucket" "$bucket" 2
done
head -c 1159 "$work/in-0-1" >"$work/short"

start
same "periods of an empty spool" "" spool periods "$run"
same "append" "durable
durable
durable
durable
durable
durable
durable
durable" spool append "$run" "$work"/in-*
same "append of a short one" "refused: format" spool append "$run" "$work/short"
same "count" "8 0" spool count "$run"
same "serials" "7 3" spool seen "$run" 7 3
same "a batch larger than what waits" 0 spool take "$run" "$generation" "$period" 9 256 "$work/taken" 1
same "a batch of another period" 0 spool take "$run" "$generation" 0000000000000001 1 256 "$work/taken" 1
same "a batch with min over max" "refused: format" spool take "$run" "$generation" "$period" 6 5 "$work/taken" 1
same "a batch" 5 spool take "$run" "$generation" "$period" 5 5 "$work/taken" 1
same "count after it" "3 5" spool count "$run"
same "periods after it" "$period waiting 3 filed 5" spool periods "$run"
stop
same "it stops" 0 echo "$status"
same "the file" "waiting 3 filed 5" spool read "$work/instance/spool/spool.db" "$work/read"
same "the file holds what came" "$(sums "$work"/in-*)" sums "$work/read"

start
same "serials after a restart" "9 3" spool seen "$run" 9 1
same "a drop below the backup" 0 spool drop "$run" "$generation" 0
same "a drop" 5 spool drop "$run" "$generation" 1
same "the next batch" 3 spool take "$run" "$generation" "$period" 1 256 "$work/taken" 2
same "every envelope came once, as it was" "$(sums "$work"/in-*)" sums "$work/taken"
same "a restored office's batch" 3 spool take "$run" "$restored" "$period" 3 256 "$work/taken" 1
same "the old office's drop" 0 spool drop "$run" "$generation" 99
same "count at the end" "3 0" spool count "$run"
stop
same "it stops again" 0 echo "$status"
same "the file at the end" "waiting 3 filed 0" spool read "$work/instance/spool/spool.db" "$work/read"
exit "$failed"
