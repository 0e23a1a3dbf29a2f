#!/bin/sh
# SPDX-License-Identifier: MIT
# soak.check.sh: 40 seconds of soak.py, with looser bars for memory. The whole half hour: soak.py
cd "$(dirname "$0")" || exit 1
PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 soak.py --sample
