#!/bin/sh
# A lost machine with 2,000 responses comes back. With 100,000: make drill.
exec /usr/bin/python3 tests/walk/drill.py --responses 2000
