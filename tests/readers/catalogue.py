#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A reader of soundings-catalogue(5), made from that page alone (and envelope.py from the page that it refers to).

  catalogue.py FOLDER ROOT [SERIAL KEYSET_SERIAL]

Verifies the catalogue that FOLDER/current leads to against the root's public key ROOT (HEX) and the highest serials seen,
and prints its serials, forms and events as canonical JSON. Exit status 1 and "refused: REASON" otherwise.
"""
import datetime
import json
import os
import re
import sqlite3
import stat
import sys

import envelope


class Refused(Exception):
    """REASON is a word of soundings-catalogue(5)."""


def require(is_so, reason):
    if not is_so:
        raise Refused(reason)


def open_file(directory, name, most, reason):
    """The bytes of a regular file, read by way of the directory's descriptor, and its status."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
    except OSError as error:
        raise Refused(reason) from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        require(stat.S_ISREG(status.st_mode) and status.st_size <= most, reason)
        return file.read(), status


def verify(folder, root, seen_serial, seen_keyset):
    """The name of the directory, the manifest, the key set, and the status of the database that was hashed."""
    try:
        name = os.readlink(os.path.join(folder, "current"))
    except OSError as error:
        raise Refused("link") from error
    match = re.fullmatch(r"([1-9][0-9]{0,18})-[0-9a-f]{16}", name)
    require(match, "link")
    try:
        directory = os.open(os.path.join(folder, name), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise Refused("directory") from error
    document, _ = open_file(directory, "manifest", 262144, "manifest")
    try:
        keyset_text = json.loads(document.partition(b"\n")[2])["keyset"].encode()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("manifest") from error
    try:
        keyset = envelope.keyset_read(keyset_text, root)
    except envelope.Refused as error:
        raise Refused("keyset") from error
    try:
        body = envelope.signed_read(document, "manifest", bytes.fromhex(keyset["content"]))
        manifest = envelope.canonical_read(body)
    except envelope.Refused as error:
        raise Refused("signature") from error
    require(set(manifest) == {"bytes", "database", "format", "keyset", "serial"}, "manifest")
    require(envelope.is_number(manifest["format"], 1, 1), "manifest")
    require(envelope.is_number(manifest["serial"], 1, 2**63 - 1), "manifest")
    require(int(match.group(1)) == manifest["serial"], "name")
    require(manifest["serial"] >= seen_serial and keyset["serial"] >= seen_keyset, "serial")
    database, status = open_file(directory, "catalogue.db", 268435456, "database")
    require(len(database) == manifest["bytes"], "size")
    require(envelope.blake2b(database).hex() == manifest["database"], "hash")
    return name, manifest, keyset, status


def connect(folder, name, manifest, status):
    path = os.path.abspath(os.path.join(folder, name, "catalogue.db"))
    uri = "file:" + "".join(sign if sign.isalnum() or sign in "/-._" else "%%%02X" % byte
                            for byte in os.fsencode(path) for sign in [chr(byte) if byte < 128 else "?"])
    try:
        database = sqlite3.connect(uri + "?mode=ro&immutable=1", uri=True)
        opened = os.stat(path)
        require((opened.st_dev, opened.st_ino) == (status.st_dev, status.st_ino), "database")
        require(database.execute("PRAGMA application_id").fetchone() == (1397638979,), "database")
        require(database.execute("PRAGMA user_version").fetchone() == (1,), "database")
        require(database.execute("SELECT id, serial FROM catalogue").fetchall() == [(1, manifest["serial"])], "database")
    except sqlite3.Error as error:
        raise Refused("database") from error
    for column in ("organisation", "words"):
        try:
            json.loads(database.execute("SELECT %s FROM catalogue" % column).fetchone()[0])
        except (ValueError, TypeError) as error:
            raise Refused(column) from error
    return database


def events(database):
    found = []
    for row in database.execute("SELECT code, title, place, held_on, area, programme, is_practice, is_wales,"
                                " wants_tickets, state FROM event ORDER BY code"):
        event = dict(zip(("code", "title", "place", "held_on", "area", "programme"), row))
        datetime.date.fromisoformat(event["held_on"])
        event.update(zip(("is_practice", "is_wales", "wants_tickets"), (value == 1 for value in row[6:9])))
        event["state"] = row[9]
        require(event["state"] in ("planned", "open", "grace", "closed", "released"), "database")
        event["languages"] = [tag for tag, in database.execute(
            "SELECT tag FROM event_language WHERE event = ? ORDER BY position", (event["code"],))]
        event["forms"] = [{"form": form, "version": version} for form, version in database.execute(
            "SELECT form, version FROM event_form WHERE event = ? ORDER BY position", (event["code"],))]
        for document, in database.execute("SELECT document FROM event_shown WHERE event = ?", (event["code"],)):
            event["shown"] = document
        found.append(event)
    return found


def forms(database):
    return [{"form": form, "version": version, "hash": envelope.blake2b(document.encode()).hex()}
            for form, version, document in database.execute(
                "SELECT form, version, document FROM form_version ORDER BY form, version")]


def main(arguments):
    if len(arguments) not in (2, 4):
        sys.exit(__doc__)
    folder, root = arguments[0], envelope.unhex(arguments[1], 32, "not a key")
    seen = [int(number) for number in arguments[2:]] or [0, 0]
    name, manifest, keyset, status = verify(folder, root, *seen)
    database = connect(folder, name, manifest, status)
    print(envelope.canonical({"events": events(database), "forms": forms(database), "keyset": keyset["serial"],
                              "serial": manifest["serial"]}))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (Refused, envelope.Refused) as refusal:
        print("refused:", refusal, file=sys.stderr)
        sys.exit(1)
