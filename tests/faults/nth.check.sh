#!/bin/sh
# SPDX-License-Identifier: MIT
# nth.check.sh: about 60 n of each program and kind, spread, the last ones among them, and the controls. Every n: nth/nth.py
cd "$(dirname "$0")/nth" || exit 1
PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 nth.py --sample
