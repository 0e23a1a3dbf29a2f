#!/bin/sh
# SPDX-License-Identifier: MIT
# kill.check.sh: the sampled version of kill.py and its controls. The whole run, 100 kills and 20,000 acknowledgements: kill.py
cd "$(dirname "$0")" || exit 1
export PYTHONDONTWRITEBYTECODE=1
/usr/bin/python3 kill.py --sample
code=$?
/usr/bin/python3 kill.py --controls && exit $code
