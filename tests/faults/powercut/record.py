# SPDX-License-Identifier: MIT
"""record.py: an instance whose programs are recorded, and marks in the same log for what the test was promised."""
import contextlib
import ctypes
import os
import shutil
import sqlite3
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '../../walk'))
import hub
import replay

hub.BUILD = os.path.abspath(os.environ.get('BUILD', os.path.join(hub.ROOT, 'build/release')))
PROGRAMS = ('spooler', 'collector', 'soundings')


def compile_recorder(folder):
    library = os.path.join(folder, 'recorder.so')
    subprocess.run([os.environ.get('CC', 'cc'), '-std=gnu17', '-O2', '-fPIC', '-shared', '-Wall', '-Wextra', '-o', library, os.path.join(HERE, 'recorder.c'), '-ldl'], check=True)
    return library


def copy(path, folder):
    """Looked at elsewhere: what is rolled back there, the real programs must still roll back themselves."""
    os.makedirs(folder, exist_ok=True)
    for end in ('', '-journal'):
        if os.path.exists(path + end):
            shutil.copy(path + end, folder)
    copied = os.path.join(folder, os.path.basename(path))
    with contextlib.closing(sqlite3.connect(copied)) as database:
        database.execute('SELECT count(*) FROM sqlite_schema').fetchone()  # a reader that may not write could not roll back
    return copied


class Site(hub.Site):
    """An instance in FOLDER/disk/hub, recorded from its making on, under today's date. Or, with DISK, one that is there, and not recorded."""

    def __init__(self, folder, recorder=None, log=None, fault=None, disk=None):
        self.folder, self.disk, self.recovery = folder, disk or os.path.join(folder, 'disk'), os.path.join(folder, 'recovery.txt')
        self.dir = os.path.join(self.disk, 'hub')
        self.recorder, self.log, self.fault, self.marks = recorder, log, fault, None
        self.spooler = self.collector = None
        self.printed = os.path.join(folder, 'programs.log')

    def record(self):
        """From now on. What is there now is on disk."""
        os.mkdir(self.disk)
        self.start_tree = replay.snapshot(self.disk)
        make_lock = ctypes.CDLL(self.recorder).powercut_make_lock
        if make_lock(f'{self.log}.lock'.encode()) != 0:
            raise OSError('the lock of the log')
        self.marks = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def mark(self, **facts):
        """Behind what the test has just heard; before what it asks for next. One write, so it lands between two records."""
        if self.marks is not None:
            os.write(self.marks, replay.pack_mark(facts))

    def end_record(self):
        os.close(self.marks)
        self.marks = None
        return replay.Log(self.log)

    def environment(self):
        environment = {**os.environ, 'TZ': 'UTC'}
        if self.marks is not None:
            environment.update(LD_PRELOAD=self.recorder, POWERCUT_LOG=self.log, POWERCUT_ROOT=self.disk, POWERCUT_FAULT=self.fault or '')
        return environment

    def run(self, *arguments, expected=0, text=''):
        """The exit code must be EXPECTED (None: any). Gives (code, what was printed). Today is today: nothing has to be confirmed."""
        command = [os.path.join(hub.BUILD, 'soundings'), *([] if arguments[0] == 'init' else ['--instance', self.dir]), *arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.environment(), input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        if expected is not None and done.returncode != expected:
            raise AssertionError(f'soundings {" ".join(arguments)}: exit {done.returncode}, expected {expected}: {done.stdout.strip()}')
        return done.returncode, done.stdout

    def start(self, name):
        with open(self.printed, 'ab') as printed:
            return subprocess.Popen([os.path.join(hub.BUILD, name), '--instance', self.dir], stdin=subprocess.DEVNULL, stdout=printed, stderr=printed, env=self.environment())

    def set_up(self):
        self.cli('init', self.dir, '--forms', os.path.join(hub.ROOT, 'forms'))
        [name] = [name for name in os.listdir(self.dir) if name.startswith('recovery-')]
        shutil.copy(os.path.join(self.dir, name), self.recovery)
        # by a program that is recorded too
        conf = os.path.join(self.dir, 'soundings.conf')
        subprocess.run(['sh', '-c', 'printf "batch_min = 1\\nsound = off\\n" >> "$1" && sync "$1"', 'sh', conf], env=self.environment(), check=True)

    def add_event(self):
        self.cli('form', 'publish', os.path.join(hub.ROOT, 'forms', hub.FORM), '--because', 'The drafts are looked at by a test')
        return self.cli('event', 'add', '--title', 'A walk', '--date', time.strftime('%Y-%m-%d', time.gmtime()), '--open').split()[0]

    def generation(self):
        """Of the office, out of a copy: its journal is for the real programs."""
        scratch = f'{self.disk}.copy'
        with contextlib.closing(sqlite3.connect(copy(os.path.join(self.dir, 'office/office.db'), scratch))) as database:
            [(generation,)] = database.execute('SELECT generation FROM meta').fetchall()
        shutil.rmtree(scratch)
        return generation

    def greet(self):
        generation = self.generation()
        self.ask(lambda peer: peer.hello(generation))
