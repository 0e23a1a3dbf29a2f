# SPDX-License-Identifier: MIT
"""rig.py: instances for the n-th fault, programs under nth.c, the page of memory they share, and what is on the disk after it all.

Everything lies in memory (/dev/shm, or NTH_FOLDER): what the disk does is what nth.c says."""
import datetime
import json
import mmap
import os
import select
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

hub.FORM = 'small'  # forms/small: each text of a form costs allocations, and each allocation runs

KINDS = {'eio': 1, 'enospc': 2, 'short': 3, 'eintr': 4, 'fsync': 5, 'alloc': 6, 'liar': 7}
MODULES = ('other', 'program', 'sqlite', 'fcgi')
RELEASE = hub.BUILD
FOLDER = os.environ.get('NTH_FOLDER', '/dev/shm')
WAIT_S = 15
LEFT_OUT = ('looked-at.db', 'looked-at.db-journal')  # the test's own
REPORTS = ('AddressSanitizer', 'LeakSanitizer', 'runtime error:')
# What a program that ends because of the fault may end with: what its man page says under EXIT STATUS, and nothing else. Whose call must have
# failed, where that matters (for a fault that stays, the first call may not be the one that ended it). SQLite calls a page that the disk does not
# read damaged, and a file that it does not open one that it may only read, so the programs cannot tell either.
SQLITE = ('sqlite',)
DISK = {74: MODULES}
READ = {74: MODULES, 65: SQLITE, 77: SQLITE}
MEMORY = {71: MODULES}
EXITS = {'spooler': {'eio': READ, 'liar': READ, 'enospc': DISK, 'fsync': DISK, 'alloc': MEMORY},
         # A secret that cannot be read.
         'collector': {'eio': {**READ, 77: MODULES}, 'enospc': DISK, 'fsync': DISK, 'alloc': {**MEMORY, 77: ('program',)}},
         # Its library does not start; or its workers die, and their successors, too quickly.
         'intake': {'eio': DISK, 'alloc': {**MEMORY, 70: MODULES}},
         'backup': {'eio': READ, 'enospc': DISK, 'fsync': DISK, 'alloc': MEMORY},
         # The spooler cannot be started.
         'restore': {'eio': {**READ, 69: ('program',)}, 'enospc': DISK, 'fsync': DISK, 'alloc': MEMORY},
         'expire': {'eio': READ, 'enospc': DISK, 'fsync': DISK, 'alloc': MEMORY}}


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
        self.bytes[96:112] = bytes(16)
        self.bytes[0:96] = struct.pack('=IIIIQQQQQQQI20s', 0, KINDS[kind], int(for_good), connect, n, 0, 0, 0, 0, 0, 0, 0, b'')

    def set_ahead(self, seconds):
        """How far the program's monotonic clock is ahead: so nobody waits for what it does every two seconds."""
        self.bytes[96:104] = struct.pack('=Q', seconds)

    def ahead(self):
        return struct.unpack_from('=Q', self.bytes, 96)[0]

    def set_day(self, day):
        """What the program takes for today."""
        self.bytes[104:112] = struct.pack('=Q', int((day - datetime.date.today()).total_seconds()))

    def arm(self, is_armed=1):
        self.bytes[0:4] = struct.pack('=I', is_armed)

    def disarm(self):
        self.arm(0)

    def is_for_good(self):
        return struct.unpack_from('=I', self.bytes, 8)[0] == 1

    def n(self):
        return struct.unpack_from('=Q', self.bytes, 16)[0]

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


class Server:
    """A program that is linked once, and begins as often as it is told to (nth.c, NTH_SERVE). One at a time."""

    def __init__(self, command, environment, printed):
        self.socket, its = socket.socketpair()
        with open(printed, 'ab') as file:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, pass_fds=[its.fileno()],
                                            env={**environment, 'NTH_SERVE': str(its.fileno())})
        its.close()

    def start(self):
        self.socket.sendall(b'+')
        return Child(self, self.receive()[0])

    def receive(self):
        words = b''
        while len(words) < 16:
            part = self.socket.recv(16 - len(words))
            if not part:
                raise Wrong(f'{self.process.args} cannot be begun')
            words += part
        return struct.unpack('=qq', words)

    def close(self):
        self.socket.close()
        self.process.kill()
        self.process.wait()


class Child:
    """What subprocess.Popen gives, of a process that a Server has begun."""

    def __init__(self, server, pid):
        self.server, self.pid, self.returncode = server, pid, None

    def poll(self, seconds=0):
        if self.returncode is None and select.select([self.server.socket], [], [], seconds)[0]:
            self.returncode = os.waitstatus_to_exitcode(self.server.receive()[1])
        return self.returncode

    def wait(self, timeout=None):
        if self.poll(timeout) is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout)
        return self.returncode

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)


class Instance(hub.Site):
    """Under today's clock. FOLDER/hub is the instance; FOLDER/recovery.txt. PRELOAD is for programs that are started with a page."""

    def __init__(self, folder, library=None, build=RELEASE):
        self.folder, self.dir, self.recovery = folder, os.path.join(folder, 'hub'), os.path.join(folder, 'recovery.txt')
        self.library, self.build, self.first = library, build, {}
        self.spooler = self.collector = None
        self.before = ''  # a library before ours, for controls
        self.printed = folder + '.printed'
        self.servers = None
        self.contents = {}  # of the template's files
        self.noted = None
        self.is_untouched = False  # nothing has happened since it was noted

    # ---- has anything changed ----

    def look(self):
        """{path: what changes with it}, without locks, which are empty, and sockets, which a program that was killed leaves and the next one takes away."""
        found, folders = {}, ['']
        while folders:
            folder = folders.pop()
            with os.scandir(os.path.join(self.folder, folder)) as entries:
                for entry in entries:
                    path = f'{folder}/{entry.name}' if folder else entry.name
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(path)
                        found[path] = None
                    elif entry.is_symlink():
                        found[path] = os.readlink(os.path.join(self.folder, path))
                    elif entry.is_file() and path not in LEFT_OUT and not path.endswith('lock'):
                        status = entry.stat()
                        found[path] = (status.st_ino, status.st_size, status.st_mode, status.st_ctime_ns)
        return found

    def note(self):
        self.noted, self.is_untouched = self.look(), True

    def is_as_it_was(self):
        """Every file, byte by byte, as when it was noted: what comes now is what comes without a fault."""
        now = self.look()
        self.is_untouched = now.keys() == self.noted.keys() and all(now[path] == was or self.is_equal(path, was, now[path]) for path, was in self.noted.items())
        return self.is_untouched

    def is_equal(self, path, was, now):
        """Written to, but with the template's bytes, as they were when it was noted. Of SQLite's files what counts for SQLite: a database but for
        the counter of its changes, a journal only when it is not to be played back. sqlite.org/fileformat2.html, 1.3 and 3"""
        content = self.contents.get(path)
        if not isinstance(was, tuple) or not isinstance(now, tuple) or content is None or was[2] != now[2] or self.first.get(path) != was:
            return False
        with open(os.path.join(self.folder, path), 'rb') as file:
            found = bytearray(file.read())
        if path.endswith('.db-journal'):
            return not any(content[:8]) and not any(found[:8])
        if path.endswith('.db'):
            found[24:28], found[92:96] = content[24:28], content[92:96]
        return found == content

    def environment(self, page=None, program=None):
        environment = {**os.environ, 'TZ': 'UTC'}
        for name in ('LD_PRELOAD', 'NTH_PAGE'):
            environment.pop(name, None)
        if page is not None:
            environment.update(NTH_PAGE=page.path)
        if self.library is not None:
            environment.update(LD_PRELOAD=f'{self.before if page else ""} {self.library}'.strip(), NTH_PROGRAM=program,
                               ASAN_OPTIONS='verify_asan_link_order=0:exitcode=99:allocator_may_return_null=1:detect_leaks=1', LSAN_OPTIONS='exitcode=98')
        return environment

    def path(self, name, is_faulted):
        return os.path.join(self.build if is_faulted else RELEASE, name)

    def start(self, name, page=None, arguments=()):
        command = [self.path(name, page is not None), '--instance', self.dir, *arguments]
        environment = self.environment(page, name)
        if self.servers is None:
            with open(self.printed, 'ab') as printed:
                return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=printed, stderr=printed, env=environment)
        key = (*command, *environment.items())
        if key not in self.servers:
            self.servers[key] = Server(command, environment, self.printed)
        return self.servers[key].start()

    def command(self, *arguments, page=None, expected=0):
        """Exit code. None expected: any; a crash is never right."""
        code = self.wait_end(self.start('soundings', page, arguments), 60)
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

    def confine(self, how):
        """From the programs' next start on: 'auto' or 'off'."""
        path = os.path.join(self.dir, 'soundings.conf')
        with open(path) as file:
            lines = [line for line in file if not line.startswith('confine =')]
        with open(path, 'w') as file:
            file.write(''.join(lines) + f'confine = {how}\n')

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


def check_alive(code, what):
    """Of a program that ended by itself: in order, whatever else it says."""
    if code < 0:
        raise Wrong(f'{what} died of {signal.Signals(-code).name}')
    if code in (98, 99):
        raise Wrong(f'{what}: {"leak" if code == 98 else "memory error"}')


def check_end(code, page, kind, program, for_good):
    """Of a program that ended by itself, after the fault."""
    check_alive(code, program)
    whose = EXITS[program].get(kind, {}).get(code, ())
    if not page.fired() or page.first()[0] not in whose and not (whose and for_good):
        raise Wrong(f'{program} ended with {code}')


# ---- the template ---------------------------------------------------------------------------------------------------------------

def answers(number):
    return {'overall': ('good', 'poor')[number % 2], 'next': f'What person {number} said.', 'age_band': '25_34'}


# A front machine shows the name of a string that it has not got, so these are enough for each way of reading them.
WORDS_KEPT = ('page_title', 'thanks_title')


class Template:
    """An instance as all scenes begin with it: 6 responses in the office, filed under backup 1; backup 1 finished; 2 responses and the withdrawal
    of one that is in the office waiting in the spool."""

    def __init__(self, folder, place, library, build):
        """In FOLDER, but made where it will be used, in PLACE: the office remembers paths."""
        self.folder, self.library, self.build, self.servers = folder, library, build, {}
        os.mkdir(place)
        site = self.site = Instance(place)
        forms = os.path.join(place, 'forms')
        shutil.copytree(os.path.join(HERE, 'forms'), forms)
        os.mkdir(os.path.join(forms, 'strings'))
        shutil.copy(os.path.join(hub.ROOT, 'forms/strings/en.yaml'), os.path.join(forms, 'strings'))
        subprocess.run([os.path.join(RELEASE, 'soundings'), 'init', site.dir, '--forms', forms], check=True, stdout=subprocess.DEVNULL)
        [name] = [name for name in os.listdir(site.dir) if name.startswith('recovery-')]
        os.rename(os.path.join(site.dir, name), site.recovery)
        with open(os.path.join(site.dir, 'soundings.conf'), 'a') as file:
            file.write('batch_min = 1\nworkers = 1\nconfine = off\nspool_free_min = 0\nsound = off\n')
        site.command('form', 'publish', os.path.join(forms, hub.FORM))
        shutil.rmtree(forms)
        self.cut_words()
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
        self.waiting = [self.response(number) for number in range(6, 8)]
        withdrawal = site.withdrawal(0, self.filed[0][0], self.code, self.period, self.public)
        for _, envelope in self.waiting:
            site.append(envelope.data)
        site.append(withdrawal.data)
        site.stop_clean_spooler()
        self.envelopes = {envelope.data for _, envelope in self.filed + self.waiting} | {withdrawal.data}
        self.rows = sorted(envelope.canonical for _, envelope in self.filed)
        self.rows_after = sorted(envelope.canonical for _, envelope in self.filed[1:] + self.waiting)
        self.number, self.before = 100, ''
        [(self.generation,)] = site.query('SELECT generation FROM meta')
        os.rename(place, folder)
        self.plan()

    def cut_words(self):
        """Leaves few of the page's own strings in the office, for the next catalogue."""
        database = sqlite3.connect(os.path.join(self.site.dir, 'office/office.db'))
        [(document,)] = database.execute("SELECT json FROM text WHERE name = 'words'").fetchall()
        words = json.loads(document)
        for language in words['words']:
            language['of'] = {key: language['of'][key] for key in WORDS_KEPT}
        database.execute("UPDATE text SET json = ? WHERE name = 'words'", (json.dumps(words, sort_keys=True, separators=(',', ':')),))
        database.commit()
        database.close()

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

    def plan(self):
        """Its files, to be written again and again: (path, mode, size, [(where, bytes that are not 0)])."""
        self.folders, self.links, self.same, self.files, self.contents = [], [], [], [], {}
        for folder, names, files in os.walk(self.folder):
            base = os.path.relpath(folder, self.folder)
            for name in names + files:
                path = os.path.normpath(os.path.join(base, name))
                full = os.path.join(self.folder, path)
                status = os.lstat(full)
                if os.path.islink(full):
                    self.links.append((path, os.readlink(full)))
                elif os.path.isdir(full):
                    self.folders.append((path, status.st_mode & 0o7777))
                elif path == 'hub/spool/ballast' or path.endswith('.backup'):
                    self.same.append(path)  # programs only ever unlink them
                elif os.path.isfile(full) and path not in LEFT_OUT:
                    with open(full, 'rb') as file:
                        self.contents[path] = file.read()
                    self.files.append((path, status.st_mode & 0o7777, status.st_size, pieces_of(self.contents[path])))

    def copy(self, folder):
        """An instance like it in FOLDER, which goes first."""
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder)
        for path, mode in self.folders:
            os.mkdir(os.path.join(folder, path), mode)
        for path, target in self.links:
            os.symlink(target, os.path.join(folder, path))
        for path in self.same:
            os.link(os.path.join(self.folder, path), os.path.join(folder, path))
        for path, mode, size, pieces in self.files:
            fd = os.open(os.path.join(folder, path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            for at, piece in pieces:
                os.pwrite(fd, piece, at)
            if not pieces or pieces[-1][0] + len(pieces[-1][1]) < size:
                os.ftruncate(fd, size)
            os.close(fd)
        site = Instance(folder, self.library, self.build)
        site.before, site.servers, site.contents = self.before, self.servers, self.contents
        site.first = site.look()
        return site


def pieces_of(content, block=4096):
    """[(where, bytes)]: what of CONTENT is not 0, by blocks."""
    pieces = []
    for at in range(0, len(content), block):
        piece = content[at:at + block]
        if not any(piece):
            continue
        if pieces and pieces[-1][0] + len(pieces[-1][1]) == at:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + piece)
        else:
            pieces.append((at, piece))
    return pieces


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
