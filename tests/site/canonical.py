#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""canonical.py: every response of an office, whole, in a form in which two offices can be compared.

usage: canonical.py OFFICE.DB

Prints a JSON object: "responses": each linked response with its half, its texts, its edit and what its id and its receipt are under its
period's secret; "tables": how many rows there are of all that hangs on responses, so that what is joined to nothing is seen too. Random
row numbers are followed and left out: two offices that filed the same envelopes differ in nothing else. Reads the file with SQLite alone
and fails where a join finds nothing, or something twice."""
import json
import sqlite3
import sys

TABLES = 'response', 'apart', 'free_text', 'link', 'seen', 'tombstone', 'quarantine'


def texts_of(database, half):
    """row: sorted [field, language, text]"""
    found = {}
    for row, *text in database.execute(f'SELECT {half}, field, language, text FROM free_text WHERE {half} IS NOT NULL'):
        found.setdefault(row, []).append(text)
    return {row: sorted(texts) for row, texts in found.items()}


def halves(database, columns, table):
    return {row: rest for row, *rest in database.execute(f'SELECT row, {columns} FROM {table}')}


def responses(database):
    whole, apart = halves(database, 'event, form, version, answers, release', 'response'), halves(database, 'event, form, version, answers, language, variant, mode', 'apart')
    texts, apart_texts = texts_of(database, 'response'), texts_of(database, 'apart')
    period = dict(database.execute('SELECT keyed_id, period FROM seen'))
    for id_, receipt, response, half, edit in database.execute('SELECT keyed_id, keyed_withdraw, response, apart, edit FROM link'):
        yield {'id': id_.hex(), 'receipt': receipt.hex(), 'period': period[id_].hex(), 'edit': edit, 'response': whole.pop(response),
               'apart': apart.pop(half), 'texts': texts.pop(response, []), 'apart texts': apart_texts.pop(half, [])}
    if whole or apart or texts or apart_texts:
        raise SystemExit(f'joined to no receipt: {len(whole)} responses, {len(apart)} halves, the texts of {len(texts) + len(apart_texts)}')


def main(path):
    database = sqlite3.connect(f'file:{path}?mode=ro', uri=True, timeout=20)
    database.execute('BEGIN')
    found = {'responses': sorted(responses(database), key=lambda response: response['id']),
             'tables': {table: database.execute(f'SELECT count(*) FROM {table}').fetchone()[0] for table in TABLES}}
    json.dump(found, sys.stdout, sort_keys=True)


main(*sys.argv[1:])
