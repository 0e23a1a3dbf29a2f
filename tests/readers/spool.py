#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""spool.py: a client of the spooler and a reader of its file, written from soundings-spool(5) and nothing else.

As a module: Spool, Refused, read_file. As a program:
  spool.py append RUN FILE...          hands envelopes over; prints "durable" for each
  spool.py seen RUN CATALOGUE KEYSET   prints the highest serials
  spool.py count RUN                   prints how many wait and how many are filed
  spool.py periods RUN                 prints "ID waiting N filed N" for each period, the id in hexadecimal
  spool.py take RUN GENERATION PERIOD MIN MAX FOLDER BACKUP
                                       takes a batch into FOLDER, a file an envelope, and marks it; prints how many
  spool.py drop RUN GENERATION BACKUP  prints how many went
  spool.py read FILE FOLDER            reads a stopped spool: a file an envelope; prints "waiting N filed N"
RUN is the instance's run folder. Generation and period are hexadecimal. Exit status 1 with "refused: REASON" when refused."""
import hashlib
import os
import socket
import sqlite3
import struct
import sys

REASONS = {1: "format", 2: "full", 3: "store", 4: "state", 5: "stopping"}
HEAD = b"SP\x01"
LONGEST = 65684
BUCKETS = (1024, 4096, 16384, 65536)


class Refused(Exception):
    """An 'R', with its reason as a word."""


class Spool:
    """One connection. Closed by any trouble, so that a late answer is never taken for the next one's."""

    def __init__(self, path, timeout=10.0):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(timeout)
        # a socket's address is short: go there by the folder's descriptor
        folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.socket.connect(f"/proc/self/fd/{folder}/{os.path.basename(path)}")
        finally:
            os.close(folder)

    def close(self):
        self.socket.close()

    def send(self, verb, body=b""):
        self.socket.send(HEAD + verb + body)

    def receive(self):
        """The next answer: verb and body."""
        try:
            packet = self.socket.recv(LONGEST + 1)
        except OSError:
            self.close()
            raise
        if len(packet) < 4 or len(packet) > LONGEST or packet[:3] != HEAD:
            self.close()
            raise ConnectionError("the connection ended" if not packet else "not an answer")
        verb, body = packet[3:4], packet[4:]
        if verb == b"R":
            raise Refused(REASONS.get(body[0], "unknown") if len(body) == 1 else "unknown")
        return verb, body

    def ask(self, verb, body, wanted, form=""):
        self.send(verb, body)
        got, answer = self.receive()
        if got != wanted or len(answer) != struct.calcsize(">" + form):
            self.close()
            raise ConnectionError("not the answer to this")
        return struct.unpack(">" + form, answer)

    def append(self, envelope):
        self.ask(b"A", envelope, b"O")

    def seen(self, catalogue, keyset):
        return self.ask(b"S", struct.pack(">QQ", catalogue, keyset), b"S", "QQ")

    def hello(self, generation):
        self.ask(b"H", generation, b"O")

    def batch(self, period, least, most):
        """A list of (token, envelope)."""
        self.send(b"B", period + struct.pack(">HH", least, most))
        found = []
        while True:
            verb, body = self.receive()
            if verb == b"E" and not body:
                return found
            if verb != b"I" or len(body) <= 8:
                self.close()
                raise ConnectionError("not a batch")
            found.append((struct.unpack(">Q", body[:8])[0], body[8:]))

    def filed(self, backup, tokens):
        self.ask(b"F", struct.pack(f">QH{len(tokens)}Q", backup, len(tokens), *tokens), b"O")

    def drop(self, backup):
        return self.ask(b"D", struct.pack(">Q", backup), b"N", "Q")[0]

    def count(self):
        return self.ask(b"C", b"", b"N", "QQ")

    def periods(self):
        """A list of (period, waiting, filed)."""
        self.send(b"P")
        got, answer = self.receive()
        if got != b"P" or len(answer) % 24 or len(answer) > 24 * 1024:
            self.close()
            raise ConnectionError("not the answer to this")
        rows = list(struct.iter_unpack(">8sQQ", answer))
        if rows != sorted(rows) or len({period for period, _, _ in rows}) != len(rows):
            raise ConnectionError("rows out of order")
        return rows


def read_file(path):
    """The envelopes of a stopped spool: a list of (is_filed, envelope), checked against the page."""
    with open(path, "rb") as file:
        header = file.read(100)
    if header[:16] != b"SQLite format 3\0" or header[68:72] != b"SNDS" or header[60:64] != b"\0\0\0\1":
        raise ValueError("not a spool file of version 1")
    if header[16:18] != b"\x10\0":
        raise ValueError("pages of another size than 4096")
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        filed = {int.from_bytes(key, "big") for (key,) in database.execute("SELECT key FROM filed")}
        slots = [slot for (slot,) in database.execute("SELECT slot FROM filed ORDER BY slot")]
        found = []
        for key, period, bucket, data in database.execute("SELECT key, period, bucket, data FROM envelope"):
            if not 1 <= key < 2**63 or data[:5] != b"SNDG\x01" or data[5] != bucket or data[8:16] != period:
                raise ValueError("a row and its envelope differ")
            if len(data) != 136 + BUCKETS[bucket]:
                raise ValueError("length and bucket differ")
            found.append((key in filed, data))
        waiting = {row[0] for row in database.execute("SELECT period FROM waiting")}
    finally:
        database.close()
    if slots != list(range(1, len(slots) + 1)) or len(filed) != sum(is_filed for is_filed, _ in found):
        raise ValueError("marks and envelopes differ")
    if waiting != {data[8:16] for is_filed, data in found if not is_filed}:
        raise ValueError("waits and envelopes differ")
    return found


def save(folder, envelope):
    """A file of its own, named after what is in it: the spool gives no other name."""
    with open(os.path.join(folder, hashlib.sha256(envelope).hexdigest()), "wb") as file:
        file.write(envelope)


def main(arguments):
    command, run, *rest = arguments
    append, batch = os.path.join(run, "append.sock"), os.path.join(run, "batch.sock")
    if command == "append":
        spool = Spool(append)
        for path in rest:
            with open(path, "rb") as file:
                spool.append(file.read())
            print("durable")
    elif command == "seen":
        print(*Spool(append).seen(*map(int, rest)))
    elif command == "count":
        print(*Spool(batch).count())
    elif command == "periods":
        for period, waiting, filed in Spool(batch).periods():
            print(period.hex(), "waiting", waiting, "filed", filed)
    elif command == "take":
        generation, period, least, most, folder, backup = rest
        spool = Spool(batch)
        spool.hello(bytes.fromhex(generation))
        items = spool.batch(bytes.fromhex(period), int(least), int(most))
        for _, envelope in items:
            save(folder, envelope)
        if items:
            spool.filed(int(backup), [token for token, _ in items])
        print(len(items))
    elif command == "drop":
        spool = Spool(batch)
        spool.hello(bytes.fromhex(rest[0]))
        print(spool.drop(int(rest[1])))
    elif command == "read":
        found = read_file(run)
        for _, envelope in found:
            save(rest[0], envelope)
        filed = sum(is_filed for is_filed, _ in found)
        print("waiting", len(found) - filed, "filed", filed)
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refused as refusal:
        sys.exit(f"refused: {refusal}")
