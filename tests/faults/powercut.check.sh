#!/bin/sh
# powercut.check.sh: a sample of the power cuts of tests/faults/powercut: 40 for each model of spool and office, fewer of restores and rotations, the
# controls that must lose, and 3 of a real ext4 where this machine allows it. The whole: tests/faults/powercut/powercut.py.
exec /usr/bin/python3 "$(dirname "$0")/powercut/powercut.py" --sample --cuts 40 --control-cuts 12 --image-cuts 3 --jobs "$(nproc)"
