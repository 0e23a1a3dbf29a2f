#!/bin/sh
# Three short random walks, and one that must find a planted mistake. The long ones: make walk.
set -u
/usr/bin/python3 tests/walk/walk.py --walks 3 --steps 250 && /usr/bin/python3 tests/walk/walk.py --walks 5 --steps 120 --plant edits --shrink-seconds 15
