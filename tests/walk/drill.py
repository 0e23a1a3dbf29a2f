#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""drill.py: the machine is lost; what brings everything back is a backup, the spool and the recovery key, and it is timed.

usage: drill.py [--responses N]   (2,000 unless given; the promise is 100,000 in under 10 minutes)

Fills an instance through the spooler and the collector, backs it up, lets some more come that no backup holds, burns everything but the
spool, and goes the way of soundings-keeping(7), "The machine is lost" (tests/site/guide.test.mjs types that page's own commands). Once from
the recovery file, once from two of the three printed shares, read from the paper by a QR decoder. Then every response must be there, by
content."""
import argparse
import datetime
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hub

LIMIT_S = 600
CONNECTIONS = 64


def fill(site, code, first, count):
    """COUNT envelopes through the append socket, many at once, so that the spooler commits them in groups. Their contents, as they must come back."""
    period, public, _ = next(entry for entry in site.keyset() if entry[2])
    peers = [hub.spool_format.Spool(os.path.join(site.dir, 'run/append.sock')) for _ in range(CONNECTIONS)]
    contents = []
    for start in range(first, first + count, CONNECTIONS):
        busy = []
        for number, peer in zip(range(start, min(start + CONNECTIONS, first + count)), peers):
            answers = {'overall': ('very_good', 'good', 'poor')[number % 3], 'next': f'Person {number} says that the room was too cold, and more of it. ' * 3, 'age_band': '25_34'}
            envelope = site.response(number, os.urandom(20), code, 0, answers, period, public)
            contents.append((code, 0, envelope.canonical))
            peer.send(b'A', envelope.data)
            busy.append(peer)
        for peer in busy:
            assert peer.receive() == (b'O', b''), 'not durable'
    for peer in peers:
        peer.close()
    return contents


def file_all(site, seconds):
    site.collector = site.start('collector')
    site.until('filing', lambda: site.counts()[0] == 0, seconds)
    site.stop_collector()


def shares(site):
    """Two of the three sheets, as text that a QR decoder read from the printed page."""
    site.run('key', 'shares', '--recovery', site.recovery, '-o', site.folder)
    texts = []
    for letter in 'AC':
        page = os.path.join(site.folder, f'page-{letter}')
        subprocess.run(['pdftoppm', '-r', '150', '-png', '-singlefile', os.path.join(site.folder, f'share-{letter}.pdf'), page], check=True)
        text = subprocess.run(['zbarimg', '--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', page + '.png'], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        path = os.path.join(site.folder, f'share-{letter}.txt')
        with open(path, 'wb') as file:
            file.write(text)
        texts += ['--share', path]
    return texts


def recover(site, key, backup, expected):
    """Everything but the spool is gone; from the first command to the last response back. Gives the seconds."""
    site.stop_spooler()
    site.lose()
    begun = time.monotonic()
    site.run('restore', backup, *key)
    restored = time.monotonic() - begun
    site.start_spooler()
    site.greet()
    file_all(site, LIMIT_S)
    took = time.monotonic() - begun
    site.stop_spooler()
    linked = site.office()[0]
    assert linked == expected, f'{len(linked)} responses came back of {len(expected)}, or not as they were sent'
    site.start_spooler()
    return restored, took


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--responses', type=int, default=2000)
    count = parser.parse_args().responses
    late = max(50, count // 100)
    folder = tempfile.mkdtemp(prefix='soundings-drill-')
    site = None
    try:
        site = hub.Site(folder)
        site.day = datetime.date.today()
        code = site.cli('event', 'add', '--title', 'A drill', '--date', str(site.day), '--open').split()[0]
        site.start_spooler()
        begun = time.monotonic()
        expected = fill(site, code, 0, count)
        print(f'    {count} responses durable in {time.monotonic() - begun:.1f} s')
        begun = time.monotonic()
        file_all(site, LIMIT_S)
        print(f'    filed in {time.monotonic() - begun:.1f} s')
        begun = time.monotonic()
        site.cli('backup')
        [name] = os.listdir(site.backups)
        backup = os.path.join(site.backups, name)
        print(f'    backed up in {time.monotonic() - begun:.1f} s: {os.path.getsize(backup) / 1e6:.1f} MB')
        file_all(site, LIMIT_S)  # the collector lets go what the backup holds
        begun = time.monotonic()
        site.run('backup', '--drill', backup, '--recovery', site.recovery)
        print(f'    backup --drill in {time.monotonic() - begun:.1f} s')
        expected = sorted(expected + fill(site, code, count, late))
        for what, key in (('the recovery file', ['--recovery', site.recovery]), ('two of three shares', shares(site))):
            restored, took = recover(site, key, backup, expected)
            print(f'    from {what}: restored in {restored:.1f} s, all {len(expected)} responses back in {took:.1f} s')
            verdict = 'ok' if took < LIMIT_S else 'not ok'
            print(f'{verdict} a lost machine comes back from a backup, the spool and {what}: {len(expected)} responses, by content')
        return 0
    except AssertionError as error:
        print(f'not ok a lost machine comes back: {error}')
        return 1
    finally:
        if site:
            site.stop_collector()
            site.stop_spooler()
        shutil.rmtree(folder, ignore_errors=True)


sys.exit(main())
