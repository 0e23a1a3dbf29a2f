#!/usr/bin/python3
"""forge.py: what somebody could make who has got hold of keys, of the disk, or of nothing at all: envelopes and catalogues.

usage: forge.py open INSTANCE ENVELOPE           the letter in it, with the periods' secrets
       forge.py seal INSTANCE FOLDER             a list of jobs on standard input, see JOB; writes FOLDER/NAME for each
       forge.py catalogue INSTANCE FOLDER KIND   a catalogue directory, newer than the current one but of kind "schema", see KINDS; it has an event F2RGED

A JOB is an object: name; text (what is sealed, base64); to ("ordinary" or "practice": the period whose key seals it now; the id of a
period in hexadecimal: that one; "stranger": a key of nobody's); as (whose period id stands outside, the same unless given; "stranger" is an id of nobody's); bucket (the smallest
unless given); head ({offset: byte}, written before sealing, so that the seal is over it); pad (the byte after the text, 128 unless
given); flip (offsets of bytes to change after sealing).

Uses the reader in tests/readers, and nothing of soundings itself."""
import base64
import json
import os
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../readers"))
import envelope
from nacl import bindings


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def write(data, *path):
    with open(os.path.join(*path), "wb") as file:
        file.write(data)


# ---- envelopes -------------------------------------------------------------------------------------------------------

def periods(instance):
    keyset = json.loads(read(instance, "keys/keyset").partition(b"\n")[2])
    found = {period["id"]: bytes.fromhex(period["public"]) for period in keyset["periods"]}
    found |= {"practice" if period["practice"] else "ordinary": found[period["id"]] for period in keyset["periods"] if period["current"]}
    return found


def open_envelope(instance, data):
    secret = read(instance, "keys/periods", data[8:16].hex() + ".secret")
    return envelope.envelope_open(data, secret)


def seal(job, publics):
    text = base64.b64decode(job["text"])
    bucket = job.get("bucket", next((i for i, size in enumerate(envelope.BUCKETS) if size > len(text)), None))
    padded = (text + bytes([job.get("pad", 128)])).ljust(envelope.BUCKETS[bucket], b"\0")
    key, nonce = os.urandom(32), os.urandom(24)
    header = bytearray(b"SNDG" + bytes([1, bucket, 0, 0]) + envelope.period_id(publics[job.get("as", job["to"])]))
    header += bindings.crypto_box_seal(key, publics[job["to"]]) + nonce
    for offset, byte in job.get("head", {}).items():
        header[int(offset)] = byte
    nonce = bytes(header[96:120])
    out = header + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, bytes(header), nonce, key)
    for offset in job.get("flip", []):
        out[offset] ^= 1
    return bytes(out)


def seal_all(instance, folder):
    publics = periods(instance)
    publics["stranger"] = bindings.crypto_box_keypair()[0]
    for job in json.load(sys.stdin):
        write(seal(job, publics), folder, job["name"])


# ---- catalogues ------------------------------------------------------------------------------------------------------

def signed(kind, body, secret):
    message = b"soundings/signed/1\n" + kind.encode() + b"\n" + body
    signature = bindings.crypto_sign(message, secret)[:64]
    return b"soundings-signed 1 " + kind.encode() + b" " + signature.hex().encode() + b"\n" + body


def change_hex_digit(data, at):
    return data[:at] + (b"0" if data[at:at + 1] != b"0" else b"1") + data[at + 1:]


def other_root(keyset_text):
    """The same key set with a content key and periods of a stranger's, signed by a stranger's root. And the content secret."""
    _, root_secret = bindings.crypto_sign_keypair()
    content, content_secret = bindings.crypto_sign_keypair()
    keyset = json.loads(keyset_text.partition("\n")[2])
    keyset["content"] = content.hex()
    keyset["serial"] += 1
    for period in keyset["periods"]:
        public, _ = bindings.crypto_box_keypair()
        period["public"], period["id"] = public.hex(), envelope.period_id(public).hex()
    return signed("keyset", envelope.canonical(keyset).encode(), root_secret).decode(), content_secret, root_secret[32:]


KINDS = {
    "good": "nothing is wrong with it: signed with the instance's own content key",
    "signature": "a digit of the manifest's signature is another",
    "stranger": "the manifest is signed by a key that the key set does not name",
    "manifest": "the manifest was changed after it was signed",
    "keyset": "the key set was changed after it was signed: a period's key is a stranger's",
    "root": "a stranger's root signed the key set, and the content key that it names signed the manifest; FOLDER/root.pub is that root",
    "hash": "a byte of the database was changed after it was signed",
    "size": "the database grew by a byte after it was signed",
    "database": "there is no database",
    "serial": "the database says another serial than the manifest",
    "schema": "nothing is wrong with it, but programs of an older version have published it",
}


def catalogue(instance, folder, kind):
    current = os.path.join(instance, "catalogue/current")
    manifest = json.loads(read(current, "manifest").partition(b"\n")[2])
    content_secret = read(instance, "keys/content.secret")
    manifest["serial"] += kind != "schema"
    os.makedirs(folder)
    path = os.path.join(folder, "catalogue.db")
    shutil.copyfile(os.path.join(current, "catalogue.db"), path)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = MEMORY")
        pattern, = database.execute("SELECT min(code) FROM event WHERE state = 'open'").fetchone()
        for table, column in (("event", "code"), ("event_language", "event"), ("event_form", "event")):
            names = [row[1] for row in database.execute("PRAGMA table_info(%s)" % table)]
            database.execute("INSERT INTO %s SELECT %s FROM %s WHERE %s = ?" % (
                table, ", ".join("'F2RGED'" if name == column else name for name in names), table, column), (pattern,))
        if kind != "serial":
            database.execute("UPDATE catalogue SET serial = ?", (manifest["serial"],))
        if kind == "schema":
            database.execute("PRAGMA user_version = 2")
    database.close()
    data = read(path)
    manifest["bytes"], manifest["database"] = len(data), envelope.blake2b(data).hex()
    if kind == "root":
        manifest["keyset"], content_secret, root = other_root(manifest["keyset"])
        write(root.hex().encode() + b"\n", folder, "root.pub")
    if kind == "keyset":
        keyset = json.loads(manifest["keyset"].partition("\n")[2])
        public, _ = bindings.crypto_box_keypair()
        keyset["periods"][0].update(public=public.hex(), id=envelope.period_id(public).hex())
        manifest["keyset"] = manifest["keyset"].partition("\n")[0] + "\n" + envelope.canonical(keyset)
    if kind == "stranger":
        _, content_secret = bindings.crypto_sign_keypair()
    document = signed("manifest", envelope.canonical(manifest).encode(), content_secret)
    if kind == "signature":
        document = change_hex_digit(document, len(b"soundings-signed 1 manifest ") + 7)
    if kind == "manifest":
        document = document.replace(b'"bytes":%d' % len(data), b'"bytes":%d' % (len(data) + 1))
        write(data + b"\0", path)
    if kind == "hash":
        write(data[:-1] + bytes([data[-1] ^ 1]), path)
    if kind == "size":
        write(data + b"\0", path)
    if kind == "database":
        os.unlink(path)
    write(document, folder, "manifest")


def main(verb, instance, *rest):
    if verb == "open":
        sys.stdout.buffer.write(open_envelope(instance, read(rest[0])))
    elif verb == "seal":
        seal_all(instance, rest[0])
    elif verb == "catalogue" and rest[1] in KINDS:
        catalogue(instance, *rest)
    else:
        sys.exit(__doc__)


main(*sys.argv[1:])
