#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""walls.py UNIT COMMAND...: becomes COMMAND behind the walls that systemd would put up for UNIT: SystemCallFilter=, SystemCallErrorNumber=,
RestrictNamespaces= and NoNewPrivileges= (systemd.exec(5)). So a test without systemd finds what a program cannot do in its unit. SYSTEMCALLS in
the environment stands for one more line of SystemCallFilter= each word."""
import errno
import os
import re
import subprocess
import sys

import seccomp

CLONE_NEW = {'cgroup': 0x02000000, 'ipc': 0x08000000, 'mnt': 0x00020000, 'net': 0x40000000, 'pid': 0x20000000, 'user': 0x10000000,
             'uts': 0x04000000}  # linux/sched.h


def groups():
    """Every group of system calls that systemd knows, by its name with the @."""
    said = subprocess.run(['systemd-analyze', 'syscall-filter'], capture_output=True, text=True, check=True).stdout
    found, name = {}, None
    for line in said.split('\n'):
        if line.startswith('@'):
            name = line.strip()
            found[name] = []
        elif name and re.match(r'\s+[@a-z_]', line):
            found[name].append(line.strip())
        elif not line.startswith(' '):
            name = None
    return found


def members(word, known):
    if not word.startswith('@'):
        return {word}
    return set().union(*(members(one, known) for one in known[word]))


def settings(unit, name):
    with open(unit, encoding='utf-8') as lines:
        return [line.rstrip('\n').split('=', 1)[1] for line in lines if line.startswith(name + '=')]


def allowed(lines, known):
    """What the lines of SystemCallFilter= leave: the first says whether the list is of what is allowed."""
    assert not lines[0].startswith('~'), 'the first line lists what is allowed'
    left = members('@default', known)
    for line in lines:
        words = set().union(*(members(word, known) for word in line.lstrip('~').split()))
        left = left - words if line.startswith('~') else left | words
    return left


def main():
    unit, command = sys.argv[1], sys.argv[2:]
    calls = allowed(settings(unit, 'SystemCallFilter') + os.environ.pop('SYSTEMCALLS', '').split(), groups())
    number = getattr(errno, settings(unit, 'SystemCallErrorNumber')[-1])
    spaces = settings(unit, 'RestrictNamespaces')[-1].split()
    assert settings(unit, 'NoNewPrivileges') == ['yes']  # libseccomp does it

    namespaces = seccomp.SyscallFilter(seccomp.ALLOW)
    for name, flag in CLONE_NEW.items():
        if name not in spaces:
            for call in ('clone', 'unshare'):
                namespaces.add_rule(seccomp.ERRNO(errno.EPERM), call, seccomp.Arg(0, seccomp.MASKED_EQ, flag, flag))
    namespaces.add_rule(seccomp.ERRNO(errno.ENOSYS), 'clone3')  # its flags lie in memory, where no filter sees them
    namespaces.load()
    walls = seccomp.SyscallFilter(seccomp.ERRNO(number))
    for call in sorted(calls):
        try:
            walls.add_rule(seccomp.ALLOW, call)
        except (OSError, RuntimeError):
            pass  # one that this kind of processor does not have
    walls.load()
    os.execvp(command[0], command)


main()
