#!/bin/sh
# SPDX-License-Identifier: MIT
# publishes.check.sh: a hundred catalogues after each other, and what intake and the collector then hold.
cd "$(dirname "$0")" || exit 1
PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 publishes.py
