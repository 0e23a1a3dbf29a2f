# SPDX-License-Identifier: MIT
"""site_run.py: a whole instance for the fault tests: every real program of a private copy of a build, behind a real nginx, under
`soundings run`; its processes by name; and what its office holds, read as a file.

A program of the copy may be started under a library of its own (preload): that is how clocks are bent and a lying spooler is made.
Ends only what it has started. Must not import anything of the product."""
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..'))
sys.path.insert(0, os.path.join(ROOT, 'tests/readers'))
import envelope as envelope_format
import spool as spool_format

BUILD = os.path.abspath(os.environ.get('BUILD', os.path.join(ROOT, 'build/release')))
PROGRAMS = ('intake', 'spooler', 'collector', 'soundings')
FORM = 'community-conversation'


def until(what, ask, seconds=20.0, pause=0.05):
    end = time.monotonic() + seconds
    while True:
        found = ask()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f'waited {seconds:.0f} s for {what}')
        time.sleep(pause)


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def compile_library(source, folder):
    """A library for LD_PRELOAD out of a file beside this one."""
    path = os.path.join(folder, os.path.basename(source).replace('.c', '.so'))
    subprocess.run(['cc', '-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-O1', '-shared', '-fPIC', '-o', path, os.path.join(ROOT, 'tests/faults', source), '-ldl'], check=True)
    return path


def text_hash(answers):
    """Of a whole response as a person gave it. A list of choices has no order."""
    plain = {name: sorted(value) if isinstance(value, list) else value for name, value in answers.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:32]


class Site:
    """FOLDER: temporary, made here and removed by remove()."""

    def __init__(self, conf=None):
        self.folder = tempfile.mkdtemp(prefix='soundings-fault-')
        self.bin = os.path.join(self.folder, 'build/release')
        self.dir = os.path.join(self.folder, 'instance')
        self.port = free_port()
        self.process = self.log = None
        shutil.copytree(os.path.join(ROOT, 'kiosk-config/nginx'), os.path.join(self.folder, 'kiosk-config/nginx'))
        shutil.copytree(os.path.join(ROOT, 'build/static'), os.path.join(self.folder, 'build/static'))
        os.mkdir(self.bin)
        for name in PROGRAMS:
            shutil.copy2(os.path.join(BUILD, name), self.bin)
        self.cli('init', self.dir, '--forms', os.path.join(ROOT, 'forms'), '--port', str(self.port))
        with open(os.path.join(self.dir, 'soundings.conf'), 'a') as file:
            file.writelines(f'{key} = {value}\n' for key, value in {'organiser_port': 0, 'sound': 'off', **(conf or {})}.items())
        self.cli('form', 'publish', os.path.join(ROOT, 'forms', FORM), '--because', 'The drafts are looked at by a test')

    def preload(self, name, **environment):
        """From now on NAME starts with these variables, among them LD_PRELOAD. The process keeps its name."""
        real = os.path.join(self.bin, 'real')
        os.makedirs(real, exist_ok=True)
        if not os.path.exists(os.path.join(real, name)):
            os.rename(os.path.join(self.bin, name), os.path.join(real, name))
        words = ' '.join(f"{key}='{value}'" for key, value in environment.items())
        with open(os.path.join(self.bin, name), 'w') as file:
            file.write(f"#!/bin/sh\nexec env {words} '{real}/{name}' \"$@\"\n")
        os.chmod(os.path.join(self.bin, name), 0o755)

    def run(self, *arguments, expected=0, environment=None):
        """The exit code must be EXPECTED (None: any). Gives (code, what was printed)."""
        program = os.path.join(self.bin, 'soundings')
        done = subprocess.run([program, *([] if arguments[0] == 'init' else ['--instance', self.dir]), *arguments], cwd=ROOT, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, env={**os.environ, **(environment or {})})
        if expected is not None and done.returncode != expected:
            raise AssertionError(f'soundings {" ".join(arguments)}: exit {done.returncode}, expected {expected}: {done.stdout.strip()}')
        return done.returncode, done.stdout

    def cli(self, *arguments, **options):
        return self.run(*arguments, **options)[1]

    def event(self, *arguments):
        return re.match('[2-9A-HJKMNP-Z]{6}', self.cli('event', 'add', '--title', 'Test event', *arguments)).group()

    # ---- programs ----

    def start(self, seconds=30, environment=None):
        """`soundings run`, until it says that it is ready: before that it gives up when a program dies five times within two seconds each."""
        path = os.path.join(self.folder, 'run.log')
        self.log = open(path, 'ab')
        begun = self.log.tell()
        # In a process group of its own, like the children it starts: a signal to this test's group reaches none of them.
        self.process = subprocess.Popen([os.path.join(self.bin, 'soundings'), '--instance', self.dir, 'run'], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, process_group=0, env={**os.environ, **(environment or {})})

        def is_ready():
            if self.process.poll() is not None:
                raise AssertionError(f'soundings run ended with {self.process.returncode}: {self.said(begun)}')
            return 'Ctrl-C stops everything' in self.said(begun)
        until('the site', is_ready, seconds)

    def said(self, since=0):
        with open(os.path.join(self.folder, 'run.log'), encoding='utf8', errors='replace') as file:
            file.seek(since)
            return file.read()

    def stop(self, how=signal.SIGINT):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=60)
        self.process = None
        if self.log:
            self.log.close()
            self.log = None

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def children(pid):
        try:
            with open(f'/proc/{pid}/task/{pid}/children') as file:
                return [int(word) for word in file.read().split()]
        except OSError:
            return []

    @staticmethod
    def name(pid):
        try:
            with open(f'/proc/{pid}/comm') as file:
                return file.read().strip()
        except OSError:
            return ''

    def mains(self):
        """{name: pid} of what `soundings run` has started itself and is up."""
        return {self.name(pid): pid for pid in self.children(self.process.pid)} if self.process else {}

    def workers(self, program):
        pid = self.mains().get(program)
        return [worker for worker in self.children(pid) if self.name(worker) == program] if pid else []

    # ---- the spool ----

    def ask(self, question):
        """None where nobody answers."""
        try:
            peer = spool_format.Spool(os.path.join(self.dir, 'run/batch.sock'))
        except OSError:
            return None
        try:
            return question(peer)
        except (OSError, spool_format.Refused):
            return None
        finally:
            peer.close()

    def drain(self, seconds=60):
        """Until the collector has dealt with all that the spooler holds. Events whose last few are kept back must be closed first."""
        until('an empty spool', lambda: (self.ask(lambda peer: peer.count()) or [1])[0] == 0, seconds)

    # ---- the office ----

    def office_path(self):
        return os.path.join(self.dir, 'office/office.db')


def read_office(path):
    """Every response that is not released, whole again by its link: a list of (event, edit, answers); and the reasons of the quarantine.
    Fails when the file is not sound. One transaction: the collector may be filing meanwhile."""
    database = sqlite3.connect(f'file:{path}?mode=ro', uri=True, timeout=20, isolation_level=None)
    try:
        database.execute('BEGIN')
        assert database.execute('PRAGMA integrity_check').fetchone() == ('ok',), 'integrity'
        assert not database.execute('PRAGMA foreign_key_check').fetchall(), 'foreign keys'
        whole = {row: (event, json.loads(answers)) for row, event, answers in database.execute('SELECT row, event, answers FROM response')}
        halves = {row: json.loads(answers) for row, answers in database.execute('SELECT row, answers FROM apart')}
        for field, text, response, apart in database.execute('SELECT field, text, response, apart FROM free_text'):
            (whole[response][1] if response is not None else halves[apart])[field] = text
        links = database.execute('SELECT response, apart, edit FROM link').fetchall()
        assert len(links) == len(whole) == len(halves), f'{len(links)} links, {len(whole)} responses, {len(halves)} sets of equality answers'
        reasons = [reason for (reason,) in database.execute('SELECT reason FROM quarantine')]
        return [(whole[response][0], edit, {**whole[response][1], **halves[apart]}) for response, apart, edit in links], reasons
    finally:
        database.close()
