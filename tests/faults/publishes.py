#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""publishes.py: a catalogue is published again and again while pages are asked for: neither a worker of intake nor the collector may hold
more after a hundred than after fifty.

  publishes.py [--publishes 100] [--verbose]

Each of them replaces what it has parsed with every publication. On a heap that is shared with what requests need for a moment that once left
other holes each time, and a worker that had seen a hundred and fifty publications held nearly a tenth more than a fresh one. Compared are the
medians of the second and of the last quarter, for a request leaves more or less behind in the gaps. A control in which each worker forgets 2 KiB of
every catalogue must be found."""
import argparse
import http.client
import os
import statistics
import sys

import site_run
import soak

WORKERS = 4
PAGES = 8            # between two publications: each worker sees each catalogue
CONTROL_PUBLISHES = 40
GROWTH_PERCENT = 1.0


def page(site, code, number):
    """From another address each time: nginx counts them by address."""
    connection = http.client.HTTPConnection('127.0.0.1', site.port, timeout=10, source_address=(f'127.1.{number // 250}.{1 + number % 250}', 0))
    try:
        connection.request('GET', f'/{code}/EN')
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, f'{answer.status} for a page'
    finally:
        connection.close()


def published(site, code, count, is_verbose):
    """[{program: bytes}] after each of COUNT publications."""
    rows = []
    for number in range(count):
        site.cli('form', 'publish', os.path.join(site_run.ROOT, 'forms', site_run.FORM))
        for _ in range(PAGES):
            page(site, code, number)
        found = soak.look(site)
        rows.append({name: found[name][1:3] for name in ('intake', 'collector')})
        if is_verbose and number % 5 == 4:
            print(number + 1, {name: f'{bytes_ >> 10} KiB, {descriptors} descriptors' for name, (bytes_, descriptors) in rows[-1].items()}, flush=True)
    return rows


def run(count, is_verbose, keeps=False):
    site = site_run.Site({'workers': WORKERS})
    try:
        if keeps:
            site.preload('intake', LD_PRELOAD=site_run.compile_library('keeps.c', site.folder))
        code = site.event('--open')
        site.start()
        return published(site, code, count, is_verbose)
    except BaseException:
        print(site.said()[-2000:], file=sys.stderr)
        raise
    finally:
        site.remove()


def growth(rows, name):
    """(bytes then, bytes at the end, percent)."""
    quarter = len(rows) // 4
    of, last = (statistics.median(row[name][0] for row in part) for part in (rows[quarter:2 * quarter], rows[-quarter:]))
    return int(of), int(last), 100 * (last - of) / of


def say(is_ok, name):
    print(f'{"ok" if is_ok else "not ok"} publishes: {name}', flush=True)
    return is_ok


def fewest(rows, name):
    """Descriptors: a look can fall into the end of a request, and a worker has a connection less for a while when the spooler was slow."""
    return min(row[name][1] for row in rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--publishes', type=int, default=100)
    parser.add_argument('--verbose', action='store_true')
    options = parser.parse_args()
    rows = run(options.publishes, options.verbose)
    good, quarter = True, len(rows) // 4
    for name in ('intake', 'collector'):
        of, last, percent = growth(rows, name)
        good &= say(percent < GROWTH_PERCENT and fewest(rows[-quarter:], name) <= fewest(rows[quarter:2 * quarter], name) + WORKERS,
                         f'{name}: {of >> 10} KiB after {len(rows) // 2} publications, {last >> 10} after {len(rows)} ({percent:.2f} %; may: {GROWTH_PERCENT} %), {fewest(rows[-quarter:], name)} descriptors')
    rows = run(CONTROL_PUBLISHES, options.verbose, keeps=True)
    percent = growth(rows, 'intake')[2]
    good &= say(percent >= GROWTH_PERCENT, f'control, 2 KiB of each catalogue forgotten: {percent:.2f} % in {CONTROL_PUBLISHES // 2} publications, and that was found')
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
