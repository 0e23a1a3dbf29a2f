# SPDX-License-Identifier: MIT
"""rig.py: instances for the n-th fault, programs under nth.c, the page of memory they share, and what is on the disk after it all.

Everything lies in memory (/dev/shm, or NTH_FOLDER): what the disk does is what nth.c says."""
import mmap
import os
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '../../walk'))
import hub

KINDS = {'eio': 1, 'enospc': 2, 'short': 3, 'eintr': 4, 'fsync': 5, 'alloc': 6, 'liar': 7}
MODULES = ('other', 'program', 'sqlite', 'fcgi')
RELEASE = hub.BUILD
FOLDER = os.environ.get('NTH_FOLDER', '/dev/shm')
WAIT_S = 15
REPORTS = ('AddressSanitizer', 'LeakSanitizer', 'runtime error:')
# As the man pages say (err.c): what a program that ends because of the fault may end with. A damaged file is EX_DATAERR; a transaction
# that cannot be rolled back for want of memory is EX_IOERR.
EXITS = {'eio': (74, 65), 'enospc': (74,), 'short': (), 'eintr': (), 'fsync': (74,), 'alloc': (71, 74), 'liar': (74, 65)}


class Wrong(AssertionError):
    """The product did what it must not."""


def compile_library(folder):
    path = os.path.join(folder, 'nth.so')
    subprocess.run([os.environ.get('CC', 'cc'), '-std=gnu17', '-O1', '-shared', '-fPIC', '-Wall', '-Wextra', '-Werror', '-o', path, os.path.join(HERE, 'nth.c'), '-ldl'], check=True)
    return path


class Page:
    """nth.c has the same layout."""
    SIZE = 4096

    def __init__(self, path):
        self.path = path
        with open(path, 'wb') as file:
            file.truncate(self.SIZE)
        with open(path, 'r+b') as file:
            self.bytes = mmap.mmap(file.fileno(), self.SIZE)

    def set(self, kind, n, for_good, connect=0):
        """The n-th call of the kind, counted from arm() on; CONNECT 1: from the program's first connect(2) on; 2: until then. n 0: none, only count."""
        self.bytes[0:96] = struct.pack('=IIIIQQQQQQQI20s', 0, KINDS[kind], int(for_good), connect, n, 0, 0, 0, 0, 0, 0, 0, b'')

    def arm(self, is_armed=1):
        self.bytes[0:4] = struct.pack('=I', is_armed)

    def disarm(self):
        self.arm(0)

    def count(self):
        return struct.unpack_from('=Q', self.bytes, 24)[0]

    def fired(self):
        return struct.unpack_from('=Q', self.bytes, 32)[0]

    def by_module(self):
        return dict(zip(MODULES, struct.unpack_from('=4Q', self.bytes, 40)))

    def first(self):
        """(whose call failed first, which call)."""
        module, call = struct.unpack_from('=I20s', self.bytes, 72)
        return MODULES[module], call.rstrip(b'\0').decode()


class Instance(hub.Site):
    """Under today's clock. FOLDER/hub is the instance; FOLDER/recovery.txt. PRELOAD is for programs that are started with a page."""

    def __init__(self, folder, library=None, build=RELEASE):
        self.folder, self.dir, self.recovery = folder, os.path.join(folder, 'hub'), os.path.join(folder, 'recovery.txt')
        self.library, self.build = library, build
        self.spooler = self.collector = None
        self.before = ''  # a library before ours, for controls
        self.printed = os.path.join(folder, 'printed')

    def environment(self, page=None, program=None, more=''):
        environment = {**os.environ, 'TZ': 'UTC'}
        for name in ('LD_PRELOAD', 'NTH_PAGE'):
            environment.pop(name, None)
        if page is not None:
            environment.update(LD_PRELOAD=f'{self.before} {self.library} {more}'.strip(), NTH_PAGE=page.path, NTH_PROGRAM=program,
                               ASAN_OPTIONS='verify_asan_link_order=0:exitcode=99:allocator_may_return_null=1:detect_leaks=1', LSAN_OPTIONS='exitcode=98')
        return environment

    def path(self, name, is_faulted):
        return os.path.join(self.build if is_faulted else RELEASE, name)

    def start(self, name, page=None):
        with open(self.printed, 'ab') as printed:
            return subprocess.Popen([self.path(name, page is not None), '--instance', self.dir], stdin=subprocess.DEVNULL, stdout=printed, stderr=printed,
                                    env=self.environment(page, name))

    def command(self, *arguments, page=None, expected=0, more='', environment=None):
        """Exit code. None expected: any; a crash is never right."""
        with open(self.printed, 'ab') as printed:
            code = subprocess.run([self.path('soundings', page is not None), '--instance', self.dir, *arguments], stdin=subprocess.DEVNULL, stdout=printed, stderr=printed,
                                  env={**self.environment(page, 'soundings', more), **(environment or {})}, timeout=60).returncode
        if expected is not None and code != expected:
            raise Wrong(f'without a fault, soundings {arguments[0]} ends with {code}')
        return code

    # ---- a program that may have ended ----

    def wait_end(self, program, seconds=WAIT_S):
        try:
            return program.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
            raise Wrong('does not end') from None

    def terminate(self, program, seconds=WAIT_S):
        """Its exit code, whether it had ended by itself or not."""
        if program.poll() is None:
            program.send_signal(signal.SIGTERM)
        return self.wait_end(program, seconds)

    def is_up(self, program, question=lambda peer: (peer.count(), True)[1]):
        """True when the spooler answers, False when PROGRAM has ended first."""
        end = time.monotonic() + WAIT_S
        while program.poll() is None:
            try:
                if self.ask(question):
                    return True
            except (OSError, hub.spool_format.Refused):
                pass
            if time.monotonic() > end:
                program.kill()
                program.wait()
                raise Wrong('neither answers nor ends')
            time.sleep(0.002)
        return False

    def start_clean_spooler(self):
        self.spooler = self.start('spooler')
        if not self.is_up(self.spooler):
            raise Wrong(f'without a fault, the spooler does not start: {self.spooler.returncode}')

    def stop_clean_spooler(self):
        code = self.terminate(self.spooler)
        self.spooler = None
        if code != 0:
            raise Wrong(f'without a fault, the spooler ends with {code}')

    # ---- what is on disk ----

    def held(self):
        """{envelope: is filed} of the spool file and of those that were set aside. No spooler may run."""
        found, folder = {}, os.path.join(self.dir, 'spool')
        for name in sorted(os.listdir(folder)):
            if not (name == 'spool.db' or name.endswith('.damaged')):
                continue
            copied = os.path.join(self.folder, 'looked-at.db')
            for end in ('', '-journal'):
                if os.path.exists(copied + end):
                    os.unlink(copied + end)
                if os.path.exists(os.path.join(folder, name + end)):
                    shutil.copyfile(os.path.join(folder, name + end), copied + end)
            if os.path.getsize(copied) == 0:
                continue
            try:
                database = sqlite3.connect(copied)
                database.execute('SELECT count(*) FROM sqlite_schema').fetchone()  # plays a journal back
                database.close()
                read = hub.spool_format.read_file(copied)
            except (sqlite3.DatabaseError, ValueError) as error:
                raise Wrong(f'{name} is damaged ({error}): what it held is lost') from None
            for is_filed, data in read:
                found[data] = found.get(data, False) or is_filed
        return found

    def damaged(self):
        return [name for name in os.listdir(os.path.join(self.dir, 'spool')) if name.endswith('.damaged')]

    def query(self, sql):
        database = sqlite3.connect(os.path.join(self.dir, 'office/office.db'), timeout=20)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def descriptors(self, pid):
        return len(os.listdir(f'/proc/{pid}/fd'))

    def said(self):
        with open(self.printed, encoding='utf8', errors='replace') as file:
            return file.read()


# spooler(8): a file that SQLite cannot open may be one that it may not open.
SPOOLER_EXITS = {'eio': (74, 65, 77)}
# collector(8): a secret that cannot be read is EX_NOPERM.
COLLECTOR_EXITS = {'eio': (74, 65, 77)}
# intake(8) promises no more than a code of sysexits(3): settings that cannot be read are EX_CONFIG, workers that die at once EX_SOFTWARE.
INTAKE_EXITS = (70, 71, 74, 78)


# soundings(1): what is not there, or may not be looked at, cannot be told from what the disk does not show.
COMMAND_EXITS = {'eio': (65, 66, 71, 73, 74, 75, 77), 'enospc': (73, 74), 'alloc': (71, 74)}


def check_end(code, kind, what, exits=None):
    """Of a program that ended by itself, after the fault."""
    if code < 0:
        raise Wrong(f'{what} died of {signal.Signals(-code).name}')
    if code in (98, 99):
        raise Wrong(f'{what}: {"leak" if code == 98 else "memory error"}')
    if code not in (exits or EXITS[kind]):
        raise Wrong(f'{what} ended with {code}')


# ---- the template ---------------------------------------------------------------------------------------------------------------

def answers(number):
    return {'overall': ('good', 'ok', 'poor')[number % 3], 'next': f'What person {number} said.', 'age_band': '25_34'}


class Template:
    """An instance as all scenes begin with it: 6 responses in the office, filed under backup 1; backup 1 finished; 4 responses and the withdrawal
    of one that is in the office waiting in the spool."""

    def __init__(self, folder, place, library, build):
        """In FOLDER, but made where it will be used, in PLACE: the office remembers paths."""
        self.folder, self.library, self.build = folder, library, build
        os.mkdir(place)
        site = self.site = Instance(place)
        subprocess.run([os.path.join(RELEASE, 'soundings'), 'init', site.dir, '--forms', os.path.join(hub.ROOT, 'forms')], check=True, stdout=subprocess.DEVNULL)
        [name] = [name for name in os.listdir(site.dir) if name.startswith('recovery-')]
        os.rename(os.path.join(site.dir, name), site.recovery)
        with open(os.path.join(site.dir, 'soundings.conf'), 'a') as file:
            file.write('batch_min = 1\nworkers = 1\nconfine = off\nspool_free_min = 0\n')
        site.command('form', 'publish', os.path.join(hub.ROOT, 'forms', hub.FORM))
        self.code = self.open_event()
        self.period, self.public, _ = next(entry for entry in site.keyset() if entry[2])
        self.filed = [self.response(number) for number in range(6)]
        site.start_clean_spooler()
        for _, envelope in self.filed:
            site.append(envelope.data)
        site.collector = site.start('collector')
        site.until('filing', lambda: site.counts() == (0, 6))
        site.stop_collector()
        site.command('backup')
        [self.backup] = [os.path.join('hub/backups', name) for name in os.listdir(os.path.join(site.dir, 'backups'))]
        self.waiting = [self.response(number) for number in range(6, 10)]
        withdrawal = site.withdrawal(0, self.filed[0][0], self.code, self.period, self.public)
        for _, envelope in self.waiting:
            site.append(envelope.data)
        site.append(withdrawal.data)
        site.stop_clean_spooler()
        self.envelopes = {envelope.data for _, envelope in self.filed + self.waiting} | {withdrawal.data}
        self.rows = sorted(envelope.canonical for _, envelope in self.filed)
        self.rows_after = sorted(envelope.canonical for _, envelope in self.filed[1:] + self.waiting)
        self.number, self.before = 100, ''
        os.rename(place, folder)

    def open_event(self):
        done = subprocess.run([os.path.join(RELEASE, 'soundings'), '--instance', self.site.dir, 'event', 'add', '--title', 'Faults', '--open'],
                              check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.split()[0]

    def response(self, number):
        nonce = os.urandom(20)
        return nonce, self.site.response(number, nonce, self.code, 0, answers(number), self.period, self.public)

    def fresh(self):
        self.number += 1
        return self.response(self.number)[1]

    def copy(self, folder):
        """An instance like it in FOLDER, which goes first."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder, symlinks=True, ignore=lambda _, names: [name for name in names if name.endswith('.sock') or name == 'printed'])
        site = Instance(folder, self.library, self.build)
        site.before = self.before
        return site


# ---- FastCGI ----------------------------------------------------------------------------------------------------------------------

def fastcgi(path, params, body=b'', timeout=WAIT_S):
    """(status, body, whether the answer came to its end); status 0 for none."""
    def record(kind, content):
        return struct.pack('>BBHHBB', 1, kind, 1, len(content), 0, 0) + content

    def size(count):
        return bytes([count]) if count < 128 else struct.pack('>I', count | 0x80000000)
    pairs = b''.join(size(len(name)) + size(len(value)) + name.encode() + value.encode() for name, value in params.items())
    sent = record(1, b'\0\1\0\0\0\0\0\0') + record(4, pairs) + record(4, b'') + (record(5, body) if body else b'') + record(5, b'')
    got, out, is_whole = b'', b'', False
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(timeout)
    try:
        peer.connect(path)
        peer.sendall(sent)
        while part := peer.recv(1 << 20):
            got += part
    except TimeoutError:
        raise Wrong('no answer') from None
    except OSError:
        pass
    finally:
        peer.close()
    while len(got) >= 8:
        _, kind, _, length, padding, _ = struct.unpack('>BBHHBB', got[:8])
        out += got[8:8 + length] if kind == 6 else b''
        is_whole |= kind == 3
        got = got[8 + length + padding:]
    head, _, content = out.partition(b'\r\n\r\n')
    fields = dict(line.split(b': ', 1) for line in head.split(b'\r\n') if b': ' in line)
    status = int(fields.get(b'Status', b'0').split()[0])
    is_whole = is_whole and len(content) == int(fields.get(b'Content-Length', b'-1'))
    return status, content, is_whole
