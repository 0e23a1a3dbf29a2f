# SPDX-License-Identifier: MIT
"""replay.py: disks out of a recording: what may be on one when the power goes after event number K.

What was synchronised is there: a file's bytes and length by fsync of that file, names by fsync of their folder, and nothing else.
A rename counts as one step, of the folder that it goes to. Of all the rest, by model:
  drop    nothing
  subset  each write, change of length and change of a name there or not, by chance
  torn    the same, but each 512-byte sector of a write by itself, and the length by itself
Chance is drawn anew for each file and folder: often none or all of one, which is where order matters. Permissions are always there.

Knows files, folders and symbolic links by inode, and one life of an inode from the next by its creation. recorder.c writes the log."""
import json
import mmap
import os
import random
import shutil
import stat
import struct

HEAD = struct.Struct('<IIIIQQQII')
MAGIC, SECTOR = 0x54554350, 512
WRITE, TRUNCATE, EXTEND, SYNC, SYNC_ALL, CREATE, RENAME, LINK, UNLINK, MKDIR, SYMLINK, CHMOD, UNKNOWN, NO_SYNC = range(1, 15)
MARK = 100
MODELS = ('drop', 'subset', 'torn')
CHANCES = (0, 0, 0.05, 0.3, 0.7, 0.95, 1, 1)


def pack_mark(facts):
    name = json.dumps(facts).encode()
    return HEAD.pack(MAGIC, HEAD.size + len(name), MARK, os.getpid(), 0, 0, 0, len(name), 0) + name


class Log:
    """The events in order: (kind, inode, a, b, name, where the data is, how long it is)."""

    def __init__(self, path):
        with open(path, 'rb') as file:
            self.bytes = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        self.events, at = [], 0
        while at < len(self.bytes):
            magic, length, kind, _, inode, a, b, name_length, data_length = HEAD.unpack_from(self.bytes, at)
            if magic != MAGIC or length != HEAD.size + name_length + data_length:
                raise ValueError(f'the log is broken at {at}')
            name = self.bytes[at + HEAD.size:at + HEAD.size + name_length]
            if kind == UNKNOWN:
                raise ValueError(f'{name.decode()}: not a call that can be replayed')
            self.events.append((kind, inode, a, b, name, at + HEAD.size + name_length, data_length))
            at += length
        self.marks = [(number, json.loads(event[4])) for number, event in enumerate(self.events) if event[0] == MARK]

    def data(self, event):
        return self.bytes[event[5]:event[5] + event[6]]

    def facts(self, cut):
        """What the test had been told before the cut."""
        return [facts for number, facts in self.marks if number < cut]


def snapshot(root):
    """The tree as it is, all of it on disk: what a recording begins with. Sockets do not outlive their programs."""
    found = []
    for folder, folders, files in os.walk(root):
        for path in [folder] + [os.path.join(folder, name) for name in files + [name for name in folders if os.path.islink(os.path.join(folder, name))]]:
            status = os.lstat(path)
            content = None
            if stat.S_ISREG(status.st_mode):
                with open(path, 'rb') as file:
                    content = file.read()
            elif stat.S_ISLNK(status.st_mode):
                content = os.readlink(path).encode()
            elif not stat.S_ISDIR(status.st_mode):
                continue
            found.append((os.path.relpath(path, root), status.st_ino, status.st_mode, content))
    return found


class Disk:
    """What is durable, and what is pending, after the events so far. Entries are numbers of our own: one a life of an inode."""

    def __init__(self, start):
        self.number = 0
        self.lives = {}     # inode: entry
        self.kind, self.mode = {}, {}
        self.content = {}   # entry: bytes of a file or link, as durable
        self.pending = {}   # entry: [(kind, offset or length, data)]
        self.names = {}     # folder: {name: (entry, event)}, as durable
        self.later = []     # [(event, folder that makes it durable, [(folder, name, entry or None)])]
        self.now = {}       # folder: {name: entry}, as the programs see it
        paths = {}
        for path, inode, mode, content in start:
            entry = self.lives.get(inode)
            if entry is None:
                entry = self.add(inode, stat.S_IFMT(mode), stat.S_IMODE(mode), content)
            paths[path] = entry
            if path != '.':
                folder = paths[os.path.dirname(path) or '.']
                self.names[folder][os.path.basename(path).encode()] = (entry, -1)
                self.now[folder][os.path.basename(path).encode()] = entry
        self.root = paths['.']

    def add(self, inode, kind, mode, content=None):
        self.number += 1
        self.lives[inode] = self.number
        self.kind[self.number], self.mode[self.number] = kind, mode
        if kind == stat.S_IFDIR:
            self.names[self.number], self.now[self.number] = {}, {}
        else:
            self.content[self.number] = bytearray(content or b'')
        return self.number

    # ---- events ----

    def apply(self, number, event, log):
        kind, inode, a, b, name, _, _ = event
        if kind in (MARK, NO_SYNC):
            return
        if kind == SYNC_ALL:
            for entry in list(self.pending) + list(self.names):
                self.sync(entry)
        elif kind in (WRITE, TRUNCATE, EXTEND, SYNC, CHMOD):
            entry = self.lives.get(inode)
            if entry is None:  # a file outside the tree
                return
            if kind == SYNC:
                self.sync(entry)
            elif kind == CHMOD:
                self.mode[entry] = a
            else:
                self.pending.setdefault(entry, []).append((kind, a, log.data(event) if kind == WRITE else b''))
        else:
            self.rename(number, kind, inode, a, b, name, log.data(event))

    def rename(self, number, kind, inode, a, b, name, data):
        folder = self.lives.get(a)
        if kind == RENAME:
            target = self.lives.get(b)
            old, new = name.split(b'\0')
            entry = self.now[folder][old] if folder is not None else None
            if folder is None and target is None:
                return
            if folder is None or target is None or entry is None:
                raise ValueError('a rename in or out of the tree')
            self.step(number, target, [(folder, old, None), (target, new, entry)])
            return
        if folder is None:
            return
        if kind == UNLINK:
            if name in self.now[folder]:  # else a socket's
                self.step(number, folder, [(folder, name, None)])
            return
        if kind == LINK:
            entry = self.lives[inode]
        elif kind == MKDIR:
            entry = self.add(inode, stat.S_IFDIR, b)
        elif kind == SYMLINK:
            entry = self.add(inode, stat.S_IFLNK, 0o777, data)
        else:
            entry = self.add(inode, stat.S_IFREG, b)
        self.step(number, folder, [(folder, name, entry)])

    def step(self, number, folder, changes):
        for where, name, entry in changes:
            if entry is None:
                self.now[where].pop(name, None)
            else:
                self.now[where][name] = entry
        self.later.append((number, folder, changes))

    def sync(self, entry):
        if entry in self.names:
            rest = []
            for step in self.later:
                if step[1] == entry:
                    self.keep(self.names, step)
                else:
                    rest.append(step)
            self.later = rest
        elif entry in self.pending:
            apply_whole(self.content[entry], self.pending.pop(entry))

    @staticmethod
    def keep(names, step):
        number, _, changes = step
        for folder, name, entry in changes:
            if names[folder].get(name, (None, -2))[1] < number:
                names[folder][name] = (entry, number)

    # ---- a disk ----

    def build(self, model, chance, out):
        """Makes OUT the disk that MODEL leaves; CHANCE is a random.Random. "whole" is what the programs saw."""
        names = {folder: dict(entries) for folder, entries in self.names.items()}
        shares = {}
        for step in self.later:
            share = shares.setdefault(step[1], chance.choice(CHANCES))
            if model == 'whole' or (model != 'drop' and chance.random() < share):
                self.keep(names, step)
        made = {}
        folders = [(self.root, out)]
        os.mkdir(out, self.mode[self.root])
        while folders:
            folder, path = folders.pop()
            for name, (entry, _) in sorted(names[folder].items()):
                if entry is None:
                    continue
                to = os.path.join(path, os.fsdecode(name))
                if entry in made:
                    if self.kind[entry] == stat.S_IFDIR:
                        continue  # a rename of a folder of which half is there: it keeps one name
                    os.link(made[entry], to, follow_symlinks=False)
                    continue
                made[entry] = to
                self.put(entry, to, model, chance)
                if self.kind[entry] == stat.S_IFDIR:
                    folders.append((entry, to))

    def put(self, entry, to, model, chance):
        if self.kind[entry] == stat.S_IFDIR:
            os.mkdir(to)
        elif self.kind[entry] == stat.S_IFLNK:
            os.symlink(bytes(self.content[entry]), to)
            return
        else:
            with open(to, 'wb', buffering=0) as file:
                content, at = memoryview(self.bytes_of(entry, model, chance)), 0
                while at < len(content):
                    at += file.write(content[at:])
        os.chmod(to, self.mode[entry])

    def bytes_of(self, entry, model, chance):
        content, pending = self.content[entry], self.pending.get(entry)
        if not pending or model == 'drop':
            return content
        content = bytearray(content)
        if model == 'whole':
            apply_whole(content, pending)
            return content
        share = chance.choice(CHANCES)
        if model == 'subset':
            apply_whole(content, [change for change in pending if chance.random() < share])
            return content
        return apply_torn(content, pending, share, chance)


def apply_whole(content, changes):
    for kind, at, data in changes:
        if kind == TRUNCATE and at < len(content):
            del content[at:]
        end = at + len(data)
        if len(content) < end:
            content.extend(bytes(end - len(content)))
        if kind == WRITE:
            content[at:end] = data


def apply_torn(content, changes, share, chance):
    lengths = [len(content)]
    for kind, at, data in changes:
        lengths.append(at if kind == TRUNCATE else max(lengths[-1], at + len(data)))
    content.extend(bytes(max(lengths) - len(content)))
    for kind, at, data in changes:
        if kind == TRUNCATE and chance.random() < share:
            content[at:] = bytes(len(content) - at)
        if kind != WRITE:
            continue
        begin, end = at, at + len(data)
        while begin < end:
            next_sector = min(end, (begin // SECTOR + 1) * SECTOR)
            if chance.random() < share:
                content[begin:next_sector] = data[begin - at:next_sector - at]
            begin = next_sector
    length = lengths[0] if share == 0 else lengths[-1] if share == 1 else chance.choice(lengths)
    del content[length:]
    content.extend(bytes(length - len(content)))
    return content


def cuts_of(log, count, chance, begin=0):
    """Where to cut, from event BEGIN on: half of them right behind a promise, half anywhere; in order."""
    behind = [number + 1 for number, _ in log.marks if number >= begin]
    return sorted(chance.choice(behind) if i % 2 and behind else chance.randint(begin, len(log.events)) for i in range(count))


def disks(start, log, cuts, model, seed, folder):
    """Builds a disk for each of CUTS, which are in order, and gives (cut, path). Whoever takes it removes it."""
    disk, done = Disk(start), 0
    for i, cut in enumerate(cuts):
        while done < cut:
            disk.apply(done, log.events[done], log)
            done += 1
        path = os.path.join(folder, f'{os.getpid()}-{i}')
        disk.build(model, random.Random(f'{seed}/{model}/{cut}/{i}'), path)
        yield cut, path


def check_whole(start, log, root, folder):
    """Everything replayed must be what is really there: then no call went past the recorder. Gives what differs."""
    [(_, path)] = disks(start, log, [len(log.events)], 'whole', 0, folder)
    real, made = ({path: (mode, content) for path, _, mode, content in snapshot(top)} for top in (root, path))
    shutil.rmtree(path)
    return sorted(path for path in real.keys() | made.keys() if real.get(path) != made.get(path))
