#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A reader of soundings-backup(5), made from that page and soundings-envelope(5) alone.

  backup.py check FILE [ROOT]            hash and signature; prints the head without its key set. ROOT is HEX of the root
  backup.py list FILE KEY                prints length and name of each part
  backup.py extract FILE FOLDER KEY      lays the parts down in FOLDER, which must not be there

KEY is --recovery TEXTFILE, the recovery file, or --share TEXTFILE twice.
Exit status 1 and one line on standard error when something is refused; nothing is left in FOLDER then. Memory does not grow
with FILE.
"""
import hashlib
import os
import re
import shutil
import struct
import sys

from nacl import bindings, exceptions

import envelope
from envelope import Refused, require

MAGIC = b"soundings-backup 1\n"
CHUNK, ADDED, ROOM, TAIL = 65536, 17, 16384, 96
NAME = re.compile(r"[a-z0-9-][a-z0-9.-]*(/[a-z0-9-][a-z0-9.-]*)*")
MEMBERS = {"bytes", "day", "generation", "keyset", "name", "number", "root"}


def is_day(text):
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text) if isinstance(text, str) else None
    if not found:
        return False
    year, month, day = map(int, found.groups())
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1900 <= year and 1 <= month <= 12 and 1 <= day <= days[month - 1]


class Backup:
    """The head is read and its key set verified; nothing else yet."""

    def __init__(self, path):
        self.file = open(path, "rb")
        require(self.file.read(len(MAGIC)) == MAGIC, "not a backup")
        prefix = self.exactly(4, "head")
        length = struct.unpack(">I", prefix)[0]
        require(length <= 32768, "head")
        text = self.exactly(length, "head")
        self.start = MAGIC + prefix + text
        self.head = head = envelope.canonical_read(text)
        require(set(head) == MEMBERS, "head")
        require(envelope.is_number(head["bytes"], 0, 2**50) and envelope.is_number(head["number"], 1, 2**63 - 1), "head")
        require(is_day(head["day"]) and isinstance(head["name"], str) and isinstance(head["keyset"], str), "head")
        require(len(head["name"].encode()) <= 200 and not re.search("[\x00-\x1f\x7f]", head["name"]), "head")
        envelope.unhex(head["generation"], 16, "head")
        self.root = envelope.unhex(head["root"], 32, "head")
        self.keyset = envelope.keyset_read(head["keyset"].encode(), self.root)
        self.plain_bytes = head["bytes"] + ROOM
        chunks = -(-self.plain_bytes // CHUNK)
        self.end = len(self.start) + 104 + self.plain_bytes + ADDED * chunks
        require(os.fstat(self.file.fileno()).st_size == self.end + TAIL, "length")

    def exactly(self, length, what):
        data = self.file.read(length)
        require(len(data) == length, what)
        return data

    def verify_tail(self, digest):
        tail = self.exactly(TAIL, "length")
        require(tail[:32] == digest, "hash")
        public = bytes.fromhex(self.keyset["content"])
        try:
            bindings.crypto_sign_open(tail[32:] + b"soundings/backup/1\n" + digest, public)
        except exceptions.BadSignatureError as error:
            raise Refused("signature") from error

    def check(self):
        hasher = hashlib.blake2b(digest_size=32)
        self.file.seek(0)
        left = self.end
        while left > 0:
            data = self.exactly(min(left, CHUNK), "length")
            hasher.update(data)
            left -= len(data)
        self.verify_tail(hasher.digest())

    def plain(self, public, secret):
        """The stream's plain text, chunk by chunk; ends only when all of it was right."""
        require(public == bytes.fromhex(self.keyset["recovery"]), "another recovery key's")
        hasher = hashlib.blake2b(self.start, digest_size=32)
        self.file.seek(len(self.start))
        box, header = self.exactly(80, "length"), self.exactly(24, "length")
        hasher.update(box + header)
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bound, left = self.start, self.plain_bytes
        try:
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(
                state, header, bindings.crypto_box_seal_open(box, public, secret))
            while left > 0:
                sealed = self.exactly(min(left, CHUNK) + ADDED, "length")
                hasher.update(sealed)
                data, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, sealed, bound)
                bound, left = None, left - len(data)
                is_last = tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
                require(is_last or tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, "does not open")
                require(is_last == (left == 0), "does not open")
                yield data
        except (exceptions.CryptoError, RuntimeError) as error:
            raise Refused("does not open") from error
        self.verify_tail(hasher.digest())

    def parts(self, public, secret):
        """Yields (name, length, None) for each part, then (name, length, bytes) until it has all of them."""
        source, held = self.plain(public, secret), b""

        def take(length):
            nonlocal held
            while len(held) < length:
                data = next(source, None)
                require(data is not None, "parts")
                held += data
            taken, held = held[:length], held[length:]
            return taken

        left = self.head["bytes"]
        while True:
            name = take(struct.unpack(">H", take(2))[0]).decode("latin-1")
            if name == "":
                break
            length = struct.unpack(">Q", take(8))[0]
            require(len(name) <= 200 and NAME.fullmatch(name) and length <= left, "parts")
            left -= length
            yield name, length, None
            rest = length
            while rest > 0:
                data = take(min(rest, CHUNK))
                rest -= len(data)
                yield name, length, data
        require(left == 0, "parts")
        while held is not None:
            require(not held.strip(b"\0"), "parts")
            held = next(source, None)


def recovery_pair(arguments, backup):
    """The recovery pair that KEY gives; the backup must be of the same seed's root."""
    if len(arguments) == 2 and arguments[0] == "--recovery":
        seed = envelope.recovery_seed(envelope.read(arguments[1]).decode())
    elif len(arguments) == 4 and arguments[::2] == ["--share", "--share"]:
        seed = envelope.shares_join(*(envelope.share_read(envelope.read(path).decode()) for path in arguments[1::2]))
    else:
        sys.exit(__doc__)
    root, public, secret = envelope.recovery_keys(seed)
    require(public == bytes.fromhex(backup.keyset["recovery"]), "another recovery key's")
    require(root == backup.root, "another root's")
    return public, secret


def extract(backup, folder, pair):
    os.mkdir(folder, 0o700)
    try:
        file = None
        for name, _, data in backup.parts(*pair):
            if data is not None:
                file.write(data)
                continue
            if file is not None:
                file.close()
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
            file = open(path, "xb")
        if file is not None:
            file.close()
    except BaseException:
        shutil.rmtree(folder)
        raise


def main(arguments):
    if len(arguments) in (2, 3) and arguments[0] == "check":
        backup = Backup(arguments[1])
        require(len(arguments) == 2 or backup.root.hex() == arguments[2], "another root's")
        backup.check()
        print(envelope.canonical({name: value for name, value in backup.head.items() if name != "keyset"}))
    elif len(arguments) >= 4 and arguments[0] == "list":
        backup = Backup(arguments[1])
        lines = [f"{length} {name}" for name, length, data in backup.parts(*recovery_pair(arguments[2:], backup))
                 if data is None]
        print("\n".join(lines))
    elif len(arguments) >= 5 and arguments[0] == "extract":
        backup = Backup(arguments[1])
        extract(backup, arguments[2], recovery_pair(arguments[3:], backup))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (Refused, OSError, UnicodeDecodeError) as refusal:
        print("refused:", refusal, file=sys.stderr)
        sys.exit(1)
