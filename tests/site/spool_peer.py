#!/usr/bin/env python3
"""spool_peer.py: what Node cannot do: speak to the spooler over SOCK_SEQPACKET, and stand between intake and the spooler.

usage: spool_peer.py RUN-FOLDER CAPTURE-FOLDER

Takes commands on stdin, one a line, and answers each with one line:

    count           waiting and filed envelopes, as the spooler says
    periods         the same for each period, as ID:WAITING:FILED, the id in hexadecimal, with blanks between; "none"
    append FILE     hands over an envelope as intake would: "O", or "R" and the number of the refusal
    tap             takes the place of append.sock: from now on everything from new connections passes through here
    mode MODE       what becomes of an envelope that passes: see MODES
    committed       how many envelopes the spooler has said are on disk, of those that passed
    captured        how many envelopes came; the Nth lies in CAPTURE-FOLDER/N (from 1)

Ends when stdin ends. Nothing of soundings is imported: this is soundings-spool(5) read by somebody else."""
import os
import socket
import struct
import sys
import threading

MODES = {
    'pass': 'on to the spooler, and its answer back',
    'hold': 'on to the spooler; its answer waits until the mode changes: committed, and nobody has heard yet',
    'lose': 'on to the spooler; its answer never comes back: committed, and nobody ever hears',
    'keep': 'not on to the spooler: never committed',
}
PACKET_MAX = 4 + 8 + 120 + 65536 + 16
HEAD = b'SP\x01'


def connect(path):
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    peer.settimeout(20)
    peer.connect(path)
    return peer


class Tap:
    def __init__(self, folder, captures):
        self.front, self.real, self.captures = f'{folder}/append.sock', f'{folder}/tapped.sock', captures
        self.mode, self.committed, self.captured = 'pass', 0, 0
        self.changed = threading.Condition()

    def start(self):
        os.rename(self.front, self.real)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(self.front)
        listener.listen(64)
        threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            with client, connect(self.real) as spooler:
                while packet := client.recv(PACKET_MAX):
                    is_envelope = packet[3:4] == b'A'
                    mode = self.take(packet) if is_envelope else 'pass'
                    if mode == 'keep':
                        return
                    spooler.send(packet)
                    answer = spooler.recv(PACKET_MAX)
                    if not answer:
                        return
                    if is_envelope:
                        self.answered(answer, mode)
                    if mode == 'lose':
                        return
                    client.send(answer)
        except OSError:
            pass  # either side is gone, and so is this connection

    def take(self, packet):
        with self.changed:
            self.captured += 1
            with open(f'{self.captures}/{self.captured}', 'wb') as file:
                file.write(packet[4:])
            return self.mode

    def answered(self, answer, mode):
        with self.changed:
            self.committed += answer[3:4] == b'O'
            if mode == 'hold':
                self.changed.wait_for(lambda: self.mode != 'hold')

    def set(self, mode):
        if mode not in MODES:
            raise ValueError(f'no mode {mode}')
        with self.changed:
            self.mode = mode
            self.changed.notify_all()


def ask(path, packet):
    with connect(path) as peer:
        peer.send(packet)
        return peer.recv(PACKET_MAX)


def main():
    folder, captures = sys.argv[1:]
    tap = Tap(folder, captures)
    for line in sys.stdin:
        verb, *words = line.split()
        try:
            if verb == 'count':
                answer = '%d %d' % struct.unpack('>QQ', ask(f'{folder}/batch.sock', HEAD + b'C')[4:])
            elif verb == 'periods':
                rows = struct.iter_unpack('>8sQQ', ask(f'{folder}/batch.sock', HEAD + b'P')[4:])
                answer = ' '.join(f'{period.hex()}:{waiting}:{filed}' for period, waiting, filed in rows) or 'none'
            elif verb == 'append':
                with open(words[0], 'rb') as file:
                    got = ask(f'{folder}/append.sock', HEAD + b'A' + file.read())
                answer = got[3:4].decode() + ''.join(f' {byte}' for byte in got[4:])
            elif verb == 'tap':
                tap.start()
                answer = 'ok'
            elif verb == 'mode':
                tap.set(words[0])
                answer = 'ok'
            elif verb in ('committed', 'captured'):
                answer = str(getattr(tap, verb))
            else:
                answer = f'error no command {verb}'
        except (OSError, ValueError, struct.error) as error:
            answer = f'error {error}'
        print(answer, flush=True)


main()
