#!/usr/bin/env python3
"""team.py OFFICE_DB: puts people, sessions, actions and placements into an office, as no page would in so short a time. Standard input is JSON:
{"people": [{"name", "role", "areas", "state", "language", "password", "has_totp", "addresses": [{"purpose", "left_s"}],
"sessions": [{"stage", "age_s", "idle_s", "proved_s"}]}],
"actions": [{"area", "event"}], "placements": [{"area"}]}; standard output the same with ids, tokens, and secrets in base 32.
The product's own hashes are of its own making; these are made with Python's BLAKE2b and PyNaCl's argon2id, so that each proves the other."""
import base64
import hashlib
import json
import secrets
import sqlite3
import sys
import time

import nacl.pwhash

ask = json.load(sys.stdin)
office = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
office.execute('PRAGMA foreign_keys = ON')
now = int(time.time())


def token():
    """As a browser carries it, and what the office keeps of it: BLAKE2b-256 of its bytes."""
    secret = secrets.token_bytes(32)
    return base64.urlsafe_b64encode(secret).rstrip(b'=').decode(), hashlib.blake2b(secret, digest_size=32).digest()


def number():
    return secrets.randbelow(2**62) + 1


hashes = {}


def hashed(password):
    if password not in hashes:  # a quarter of a second each
        hashes[password] = nacl.pwhash.argon2id.str(password.encode(), 3, 64 << 20).decode()
    return hashes[password]


for person in ask.get('people', []):
    if 'password' in person:
        hashed(person['password'])
office.execute('BEGIN IMMEDIATE')
for person in ask.get('people', []):
    person['id'] = str(number())
    state = person.get('state', 'active')
    password = hashed(person['password']) if 'password' in person else '$none'
    totp = secrets.token_bytes(20) if person.get('has_totp') else None
    if totp:
        person['totp'] = base64.b32encode(totp).decode()
    office.execute("INSERT INTO account (id, name, shown, role, state, language, password, totp, totp_step, version, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 1, ?)",
                   (int(person['id']), person['name'], person.get('shown', person['name']), person['role'], state, person.get('language', 'en'), password if state == 'active' else None, totp, number()))
    for area in person.get('areas', []):
        office.execute('INSERT INTO account_area (account, area) VALUES (?, ?)', (int(person['id']), area))
    for address in person.get('addresses', []):
        address['token'], kept = token()
        office.execute('INSERT INTO one_time (hash, purpose, account, until_s) VALUES (?, ?, ?, ?)',
                       (kept, address['purpose'], int(person['id']), now + address.get('left_s', 3600)))
    for session in person.get('sessions', []):
        session['token'], kept = token()
        session['id'] = str(number())
        used = now - session.get('idle_s', 0)
        office.execute('INSERT INTO session (hash, id, account, stage, began_s, used_s, proved_s) VALUES (?, ?, ?, ?, ?, ?, ?)',
                       (kept, int(session['id']), int(person['id']), session.get('stage', 'full'),
                        now - session.get('age_s', 0), used, now - session.get('proved_s', 0)))
for action in ask.get('actions', []):
    action['id'] = str(number())
    office.execute("INSERT INTO action (id, area, event, status, many, owner, aim, partner, evidence, due, is_public, is_removed, version, mark) VALUES (?, ?, ?, 'heard', 'few', 'the Area', '', '', '', '2027-12-31', 0, 0, 1, ?)",
                   (int(action['id']), action['area'], action.get('event'), number()))
    office.execute("INSERT INTO action_text (action, place, tag, theme, said, did) VALUES (?, 0, 'en', 'The heating', ?, '')", (int(action['id']), action.get('said', 'It was cold')))
held = office.execute('SELECT count(*) FROM placement').fetchone()[0]
for place, placement in enumerate(ask.get('placements', []), held):  # each in a quarter of its own: there is one of a kind in a quarter
    placement['id'] = str(number())
    office.execute("INSERT INTO placement (id, area, year, quarter, kind, offered, taken_up, completed, meals, school, ethnic, nbcpa, disability, care, version, mark) VALUES (?, ?, ?, ?, ?, 5, 4, 3, 0, 0, 0, 0, 0, 0, 1, ?)",
                   (int(placement['id']), placement['area'], 2026 - place // 4, place % 4 + 1, placement.get('kind', 'five-day'), number()))
office.execute('COMMIT')
json.dump(ask, sys.stdout)
