#!/bin/sh
# SPDX-License-Identifier: MIT
# clock.check.sh: clocks ten years off, and jumping: clock.py
cd "$(dirname "$0")" || exit 1
PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 clock.py
