#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check_history.py: holds what people were told (load.py's history) against what the office holds, after the spool has drained.

By content, through SQL on the file alone: every page with an ok is there exactly once, with the answers of its highest edit; a page that was only
refused is not there; an unknown is one way or the other only until its person has been told; nothing is there that nobody has sent.

As a program: check_history.py HISTORY OFFICE.DB; exit code 1 when anything is wrong."""
import json
import sys

import site_run

WRONG = ('lost', 'stale', 'twice', 'refused_but_filed', 'never_sent', 'unresolved', 'receipts')


def read_history(path):
    """{nonce: [attempt]}: nonce, event, edit, text, state, and receipt if any. A request without an end is unknown."""
    requests = {}
    with open(path) as file:
        for line in map(json.loads, file):
            if line['state'] == 'invoke':
                assert line['request'] not in requests, 'a request number twice'
                requests[line['request']] = {**line, 'state': 'unknown'}
            else:
                requests[line['request']].update(line)
    pages = {}
    for attempt in requests.values():
        pages.setdefault(attempt['nonce'], []).append(attempt)
    return pages


def check_page(attempts, rows, result):
    """ROWS: (edit, text hash) of the office that are this page's."""
    oks = [attempt for attempt in attempts if attempt['state'] == 'ok']
    unknowns = [attempt for attempt in attempts if attempt['state'] == 'unknown']
    result['acknowledged'] += len(oks)
    result['unknown'] += len(unknowns)
    result['twice'] += max(0, len(rows) - 1)
    if not oks:
        result['unresolved'] += len(unknowns)
        result['refused_but_filed'] += bool(rows and not unknowns)
        return
    last = max(attempt['edit'] for attempt in oks)
    open_ends = [attempt for attempt in unknowns if attempt['edit'] > last]
    result['resolved'] += len(unknowns) - len(open_ends)
    result['unresolved'] += len(open_ends)
    result['receipts'] += len({attempt['receipt'] for attempt in oks}) != 1
    if not rows:
        result['lost'] += 1
    elif not open_ends and not any(row == (attempt['edit'], attempt['text']) for row in rows for attempt in oks if attempt['edit'] == last):
        result['stale'] += 1


def check(history, office):
    """Counts by name; those in WRONG must be 0."""
    pages = read_history(history)
    rows, reasons = site_run.read_office(office)
    result = dict.fromkeys(('pages', 'acknowledged', 'unknown', 'resolved', *WRONG), 0)
    result['pages'] = len(pages)
    owner = {(attempt['event'], attempt['text']): nonce for nonce, attempts in pages.items() for attempt in attempts}
    found = {}
    for event, edit, answers in rows:
        text = site_run.text_hash(answers)
        nonce = owner.get((event, text))
        if nonce is None:
            result['never_sent'] += 1
        else:
            found.setdefault(nonce, []).append((edit, text))
    for nonce, attempts in pages.items():
        check_page(attempts, found.get(nonce, []), result)
    result['in_office'], result['quarantine'] = len(rows), len(reasons)
    return result


def is_good(result):
    return all(result[name] == 0 for name in WRONG) and result['quarantine'] == 0


def main():
    result = check(*sys.argv[1:])
    print(' '.join(f'{name}={count}' for name, count in result.items()))
    return 0 if is_good(result) else 1


if __name__ == '__main__':
    sys.exit(main())
