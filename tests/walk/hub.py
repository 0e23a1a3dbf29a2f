# SPDX-License-Identifier: MIT
"""hub.py: a real instance for the walk: the command line, the spooler and the collector of a build, under a clock that the walk sets.

Speaks to the spooler as soundings-spool(5) says and seals as soundings-envelope(5) says (tests/readers); reads the office and the spool
as files, after the programs have stopped. Decides nothing: model.py says what must be there."""
import datetime
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../readers'))
import envelope as envelope_format
import spool as spool_format
from nacl import bindings

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..'))
BUILD = os.path.abspath(os.environ.get('BUILD', os.path.join(ROOT, 'build/release')))
FAKETIME = next((path for path in ('/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1') if os.path.exists(path)), None)
FORM, APART = 'community-conversation', ('age_band', 'sex', 'religion')


class Envelope:
    """One sealed thing on its way; the model reads kind, rid, event, edit, answers, canonical and period."""

    def __init__(self, kind, rid, period, data, event='', edit=0, answers=None):
        self.kind, self.rid, self.period, self.data, self.event, self.edit, self.answers = kind, rid, period, data, event, edit, answers
        self.canonical = envelope_format.canonical(answers) if answers is not None else ''
        self.mark = None  # the backup that must finish before it may go; None: not filed
        self.hash = hashlib.sha256(data).hexdigest()


def label(name, *parts):
    return envelope_format.parts_hash(name, *parts)


class Site:
    def __init__(self, folder):
        self.folder, self.dir, self.backups = folder, os.path.join(folder, 'hub'), os.path.join(folder, 'backups')
        self.recovery = os.path.join(folder, 'recovery.txt')
        self.day = datetime.date(2027, 1, 4)
        self.spooler = self.collector = None
        os.mkdir(self.backups)
        self.cli('init', self.dir, '--forms', os.path.join(ROOT, 'forms'))
        [name] = [name for name in os.listdir(self.dir) if name.startswith('recovery-')]
        os.rename(os.path.join(self.dir, name), self.recovery)
        with open(os.path.join(self.dir, 'soundings.conf'), 'a') as file:
            file.write(f'sound = off\nbatch_min = 1\nbackup_dir = {self.backups}\n')
        self.cli('form', 'publish', os.path.join(ROOT, 'forms', FORM), '--because', 'The drafts are looked at by a test')

    # ---- the command line ----

    def environment(self):
        return {**os.environ, 'LD_PRELOAD': FAKETIME, 'FAKETIME': f'@{self.day} 12:00:00', 'FAKETIME_DONT_FAKE_MONOTONIC': '1', 'TZ': 'UTC'}

    def run(self, *arguments, expected=0, text=''):
        """The exit code must be EXPECTED (None: any). Gives (code, what was printed)."""
        # Walks leap over months in which nobody ran anything; somebody has then looked at the calendar.
        confirmed = ['--yes-it-is', str(self.day)] if arguments[0] in ('expire', 'restore') else []
        command = [os.path.join(BUILD, 'soundings'), *([] if arguments[0] == 'init' else ['--instance', self.dir]), *arguments, *confirmed]
        done = subprocess.run(command, cwd=self.folder, env=self.environment(), input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        if expected is not None and done.returncode != expected:
            raise AssertionError(f'soundings {" ".join(arguments)}: exit {done.returncode}, expected {expected}: {done.stdout.strip()}')
        return done.returncode, done.stdout

    def cli(self, *arguments):
        return self.run(*arguments)[1]

    # ---- programs ----

    def start(self, name):
        log = open(os.path.join(self.folder, f'{name}.log'), 'ab')
        environment = self.environment() if name == 'collector' else None
        return subprocess.Popen([os.path.join(BUILD, name), '--instance', self.dir], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)

    def start_spooler(self):
        self.spooler = self.start('spooler')
        self.until('the spooler', lambda: self.ask(lambda peer: peer.count()))

    def stop(self, program, how=signal.SIGTERM):
        if program is None:
            return
        program.send_signal(how)
        program.wait(timeout=30)

    def stop_spooler(self, how=signal.SIGTERM):
        self.stop(self.spooler, how)
        self.spooler = None

    def stop_collector(self, how=signal.SIGTERM):
        self.stop(self.collector, how)
        self.collector = None

    def until(self, what, ask, seconds=30):
        end = time.monotonic() + seconds
        while True:
            found = ask()
            if found:
                return found
            for name in ('spooler', 'collector'):
                program = getattr(self, name)
                if program is not None and program.poll() is not None:
                    raise AssertionError(f'{name} ended with {program.returncode} while waiting for {what}')
            if time.monotonic() > end:
                raise AssertionError(f'waited {seconds} s for {what}')
            time.sleep(0.01)

    def ask(self, question, socket='batch'):
        """None where nobody answers yet."""
        try:
            peer = spool_format.Spool(os.path.join(self.dir, f'run/{socket}.sock'))
        except OSError:
            return None
        try:
            return question(peer)
        finally:
            peer.close()

    def greet(self):
        """Tells the spooler which office there is now, as a collector would: until somebody does, the marks of the one before still count."""
        database = sqlite3.connect(f'file:{self.dir}/office/office.db?mode=ro', uri=True)
        [(generation,)] = database.execute('SELECT generation FROM meta').fetchall()
        database.close()
        self.ask(lambda peer: peer.hello(generation))

    def counts(self):
        return self.ask(lambda peer: peer.count())

    # ---- envelopes ----

    def keyset(self):
        """[(id, public, is_current)] of the ordinary periods."""
        with open(os.path.join(self.dir, 'keys/keyset'), 'rb') as file:
            body = json.loads(file.read().partition(b'\n')[2])
        return [(period['id'], bytes.fromhex(period['public']), period['current']) for period in body['periods'] if not period['practice']]

    def seal(self, public, letter):
        text = envelope_format.canonical(letter).encode()
        bucket = next(i for i, size in enumerate(envelope_format.BUCKETS) if size > len(text))
        padded = (text + b'\x80').ljust(envelope_format.BUCKETS[bucket], b'\0')
        key, nonce = os.urandom(32), os.urandom(24)
        head = b'SNDG' + bytes([1, bucket, 0, 0]) + envelope_format.period_id(public) + bindings.crypto_box_seal(key, public) + nonce
        return head + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, head, nonce, key)

    def response(self, rid, nonce, event, edit, answers, period, public):
        id_ = label(b'soundings/id/1', event.encode(), FORM.encode(), nonce)
        letter = {'answers': answers, 'edit': edit, 'event': event, 'form': FORM, 'format': 1, 'id': id_.hex(), 'kind': 'response', 'language': 'en',
                  'mode': 'phone', 'receipt': self.receipt(event, nonce).hex(), 'variant': '', 'version': 1}
        return Envelope('response', rid, period, self.seal(public, letter), event, edit, answers)

    def withdrawal(self, rid, nonce, event, period, public):
        letter = {'event': '', 'format': 1, 'kind': 'withdrawal', 'receipt': self.receipt(event, nonce).hex()}
        return Envelope('withdrawal', rid, period, self.seal(public, letter))

    @staticmethod
    def receipt(event, nonce):
        return label(b'soundings/withdraw/1', label(b'soundings/receipt/1', event.encode(), FORM.encode(), nonce)[:10])

    def append(self, data):
        self.ask(lambda peer: (peer.append(data), True), 'append')

    # ---- what is there ----

    def office(self):
        """(linked, released, apart without a link): lists that can be sorted and compared. Linked: (event, edit, canonical answers)."""
        database = sqlite3.connect(f'{self.dir}/office/office.db')  # to be read as whoever comes next finds it: a killed program's journal is played back
        texts, apart_texts = {}, {}
        for field, text, response, apart in database.execute('SELECT field, text, response, apart FROM free_text'):
            (texts if response is not None else apart_texts).setdefault(response if response is not None else apart, {})[field] = text
        whole = {row: {**json.loads(answers), **texts.pop(row, {})} for row, answers in database.execute('SELECT row, answers FROM response')}
        halves = {row: {**json.loads(answers), **apart_texts.pop(row, {})} for row, answers in database.execute('SELECT row, answers FROM apart')}
        assert not texts, 'a free text of no response'
        events = dict(database.execute('SELECT row, event FROM response'))
        releases = dict(database.execute('SELECT row, release FROM response'))
        apart_events = dict(database.execute('SELECT row, event FROM apart'))
        linked, canonical = [], envelope_format.canonical
        for response, apart, edit in database.execute('SELECT response, apart, edit FROM link'):
            assert releases.pop(response) is None, 'a link of a released response'
            assert apart_events.pop(apart) == events[response], 'a link between two events'
            linked.append((events[response], edit, canonical({**whole[response], **halves[apart]})))
        released = [(events[row], release, canonical(whole[row])) for row, release in releases.items()]
        lonely = [(event, canonical(halves[row])) for row, event in apart_events.items()]
        states = {code: (state, release) for code, state, release in database.execute('SELECT code, state, release FROM event')}
        reasons = [reason for (reason,) in database.execute('SELECT reason FROM quarantine')]
        assert database.execute('PRAGMA integrity_check').fetchone() == ('ok',) and not database.execute('PRAGMA foreign_key_check').fetchall()
        database.close()
        return sorted(linked), sorted(released, key=str), sorted(lonely), states, reasons

    def spool(self):
        """Sorted (hash of the envelope, is filed). The spooler must have stopped."""
        return sorted((hashlib.sha256(data).hexdigest(), is_filed) for is_filed, data in spool_format.read_file(os.path.join(self.dir, 'spool/spool.db')))

    def lose(self):
        """Everything but the spool's folder: what a burnt machine leaves when the disk of the spool was another."""
        for name in os.listdir(self.dir):
            path = os.path.join(self.dir, name)
            if name == 'spool':
                continue
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
