#!/bin/sh
# Replays every input of the fuzz targets, and proves that two of them find a planted bug. All of them, and a minute of fuzzing each: make fuzz.
cd "$(dirname "$0")/../.." || exit 1
tests/fuzz/replay
code=$?
tests/fuzz/planted request spool && exit $code
