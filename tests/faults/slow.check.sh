#!/bin/sh
# SPDX-License-Identifier: MIT
# slow.check.sh: 300 slow clients and 256 kept connections hold up nobody: slow.py
cd "$(dirname "$0")" || exit 1
PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 slow.py
