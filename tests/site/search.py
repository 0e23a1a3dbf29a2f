#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""search.py: where in an instance some words can be found: by somebody who has every file of it, and all its keys.

usage: search.py INSTANCE RECOVERY-FILE [BACKUP...] < a JSON list of words

Prints a JSON object: place -> list of the words found there. Places are every file under INSTANCE (the bytes as they lie: a database
with its free pages, journals, logs, sockets' folders), "spool, opened" (each envelope opened with the period's secret, where there still
is one, or its sealed copy), and "BACKUP, opened" for each backup that is named (each part's bytes). Uses the readers in tests/readers
and nothing of soundings itself."""
import io
import json
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../readers'))
import backup
import envelope
import spool


def found_in(data, words):
    return sorted(word for word in words if word.encode() in data)


def files(instance):
    for folder, _, names in os.walk(instance):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


def opened_spool(instance):
    """What every envelope says. The spooler holds the file, so a copy is read; nothing is being written meanwhile."""
    folder = tempfile.mkdtemp()
    try:
        copy = shutil.copyfile(os.path.join(instance, 'spool/spool.db'), os.path.join(folder, 'spool.db'))
        letters = io.BytesIO()
        for _, data in spool.read_file(copy):
            path = os.path.join(instance, 'keys/periods', data[8:16].hex() + '.secret')
            if os.path.exists(path):
                with open(path, 'rb') as file:
                    letters.write(envelope.envelope_open(data, file.read()) + b'\n')
        return letters.getvalue()
    finally:
        shutil.rmtree(folder)


def opened_backup(path, recovery):
    found = backup.Backup(path)
    return b''.join(data or b'\n' for _, _, data in found.parts(*backup.recovery_pair(['--recovery', recovery], found)))


def main(instance, recovery, *backups):
    words, found = json.load(sys.stdin), {}
    for path in files(instance):
        with open(path, 'rb') as file:
            found[os.path.relpath(path, instance)] = found_in(file.read(), words)
    found['spool, opened'] = found_in(opened_spool(instance), words)
    for path in backups:
        found[os.path.basename(path) + ', opened'] = found_in(opened_backup(path, recovery), words)
    json.dump({place: list_ for place, list_ in found.items() if list_}, sys.stdout)


main(*sys.argv[1:])
