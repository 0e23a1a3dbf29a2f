#!/bin/sh
# SPDX-License-Identifier: MIT
# disk.check.sh: a full disk on every path, and the ballast with its control: disk.py
cd "$(dirname "$0")" || exit 1
PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 disk.py
