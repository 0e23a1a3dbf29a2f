#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A reader of soundings-catalogue(5), made from that page alone (and envelope.py from the page that it refers to).

  catalogue.py FOLDER ROOT [SERIAL KEYSET_SERIAL]

Verifies the catalogue that FOLDER/current leads to against the root's public key ROOT (HEX) and the highest serials seen,
and prints its serials, forms, events, Areas and sounds as canonical JSON. Exit status 1 and "refused: REASON" otherwise.
"""
import datetime
import hashlib
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
        require(database.execute("PRAGMA user_version").fetchone() == (3,), "database")
        require(database.execute("SELECT id, serial FROM catalogue").fetchall() == [(1, manifest["serial"])], "database")
    except sqlite3.Error as error:
        raise Refused("database") from error
    for column in ("organisation", "words"):
        try:
            json.loads(database.execute("SELECT %s FROM catalogue" % column).fetchone()[0])
        except (ValueError, TypeError) as error:
            raise Refused(column) from error
    return database


def is_text(value):
    """As a page and a feed may show it."""
    return isinstance(value, str) and len(value.encode()) <= 8192 and not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]", value)


def is_date(value):
    try:
        return isinstance(value, str) and datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def shown(document):
    """What is shown of an event or an Area, checked."""
    try:
        found = envelope.canonical_read(document.encode())
    except envelope.Refused as error:
        raise Refused("database") from error
    require(len(document.encode()) <= 1048576 and isinstance(found, dict) and found.get("format") == "soundings-shown/1", "database")
    require(set(found) - {"next_on"} == {"actions", "format"} and is_date(found.get("next_on", "2026-01-01")), "database")
    require(isinstance(found["actions"], list) and len(found["actions"]) <= 40, "database")
    for action in found["actions"]:
        require(set(action) - {"many", "event", "held_on"} == {"id", "status", "texts", "updated"}, "database")
        require(re.fullmatch("[0-9a-f]{16}", action["id"]) and action["status"] in ("heard", "doing", "done", "cannot"), "database")
        require(action.get("many", "many") in ("a few", "several", "many") and is_text(action.get("event", "")), "database")
        require(is_date(action["updated"]) and is_date(action.get("held_on", "2026-01-01")), "database")
        require(isinstance(action["texts"], list) and 1 <= len(action["texts"]) <= 24, "database")
        for text in action["texts"]:
            require(set(text) - {"did"} == {"said", "tag", "theme"} and all(map(is_text, text.values())), "database")
            require(re.fullmatch("[a-z0-9-]{2,35}", text["tag"]) and text.get("did") != "", "database")
    return found


def events(database):
    found = []
    for row in database.execute("SELECT code, title, place, held_on, area, programme, is_practice, is_wales,"
                                " is_careful, wants_tickets, state, note, points_to FROM event ORDER BY code"):
        event = dict(zip(("code", "title", "place", "held_on", "area", "programme"), row))
        datetime.date.fromisoformat(event["held_on"])
        event.update(zip(("is_practice", "is_wales", "is_careful", "wants_tickets"), (value == 1 for value in row[6:10])))
        event["state"], event["note"] = row[10:12]
        if row[12] is not None:
            event["points_to"] = row[12]
        require(event["state"] in ("planned", "open", "grace", "closed", "released"), "database")
        event["languages"] = [tag for tag, in database.execute(
            "SELECT tag FROM event_language WHERE event = ? ORDER BY position", (event["code"],))]
        event["forms"] = [{"form": form, "version": version} for form, version in database.execute(
            "SELECT form, version FROM event_form WHERE event = ? ORDER BY position", (event["code"],))]
        for document, in database.execute("SELECT document FROM event_shown WHERE event = ?", (event["code"],)):
            event["shown"] = shown(document)
        found.append(event)
    return found


def areas(database):
    return [{"area": area, "shown": shown(document)}
            for area, document in database.execute("SELECT area, document FROM area_shown ORDER BY area")]


def sound_key(language, text):
    """The key of a text, without the white space and the marks that do not count."""
    plain = " ".join("".join(sign for sign in text if sign not in "\u200e\u200f\u2066\u2067\u2068\u2069").split())
    return hashlib.blake2b(b"soundings/sound/1\0" + language.encode() + b"\0" + plain.encode(), digest_size=16).digest()


def sounds(database):
    found = []
    for key, name, length, both in database.execute("SELECT key, name, ms, hash FROM sound ORDER BY key"):
        require(len(key) == 16 and re.fullmatch("[0-9a-f]{20}", name) and envelope.is_number(length, 0, 3600000) and len(both) == 32, "database")
        found.append({"hash": both.hex(), "key": key.hex(), "ms": length, "name": name})
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
    print(envelope.canonical({"areas": areas(database), "events": events(database), "forms": forms(database), "keyset": keyset["serial"],
                              "serial": manifest["serial"], "sounds": sounds(database)}))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (Refused, envelope.Refused) as refusal:
        print("refused:", refusal, file=sys.stderr)
        sys.exit(1)
