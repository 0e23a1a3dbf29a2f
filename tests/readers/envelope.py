#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A reader of soundings-envelope(5), made from that page alone.

  envelope.py open SECRET_FILE ENVELOPE   prints the letter; SECRET_FILE holds a period's secret as HEX
  envelope.py ids EVENT FORM NONCE [ANSWERS_FILE]   prints id, receipt as a person sees it, and withdraw hash
  envelope.py recovery FILE               prints the root's and the recovery public key that the file leads to
  envelope.py shares FILE FILE            the same from two of the three shares
  envelope.py keyset ROOT FILE            prints the body of a signed key set; ROOT is HEX

Exit status 1 and one line on standard error when something is refused.
"""
import hashlib
import json
import struct
import sys

from nacl import bindings, exceptions


class Refused(Exception):
    """What was read is not what the page describes."""


def require(is_so, why):
    if not is_so:
        raise Refused(why)


def blake2b(data, key=b""):
    return hashlib.blake2b(data, digest_size=32, key=key).digest()


def parts_hash(*parts):
    return blake2b(b"".join(struct.pack(">I", len(part)) + part for part in parts))


def unhex(text, length, what):
    require(isinstance(text, str) and len(text) == 2 * length, what)
    require(all(sign in "0123456789abcdef" for sign in text), what)
    return bytes.fromhex(text)


# ---- canonical JSON --------------------------------------------------------------------------------------------------

ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def canonical_string(text):
    signs = []
    for sign in text:
        require(sign != "\0", "NUL in a string")
        signs.append(ESCAPES.get(sign, sign if sign >= " " else "\\u%04X" % ord(sign)))
    return '"' + "".join(signs) + '"'


def canonical(value):
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        require(value >= 0, "a number below zero")
        return str(value)
    if isinstance(value, str):
        return canonical_string(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    require(isinstance(value, dict), "a value of another type")
    names = sorted(value, key=lambda name: name.encode())
    return "{" + ",".join(canonical_string(name) + ":" + canonical(value[name]) for name in names) + "}"


def canonical_read(data):
    try:
        value = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refused("not JSON") from error
    require(isinstance(value, dict), "not an object")
    require(canonical(value).encode() == data, "not in canonical form")
    return value


# ---- envelope and letter ---------------------------------------------------------------------------------------------

BUCKETS = (1024, 4096, 16384, 65536)
UPPER, LOWER, DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789"


def period_id(public):
    return blake2b(b"soundings/key/1\0" + public)[:8]


def envelope_open(envelope, secret):
    require(len(envelope) >= 120 and envelope[:4] == b"SNDG" and envelope[4] == 1, "not an envelope")
    require(envelope[5] < 4 and envelope[6:8] == b"\0\0", "not an envelope")
    bucket = BUCKETS[envelope[5]]
    require(len(envelope) == 120 + bucket + 16, "length and bucket differ")
    public = bindings.crypto_scalarmult_base(secret)
    require(envelope[8:16] == period_id(public), "another period's")
    try:
        key = bindings.crypto_box_seal_open(envelope[16:96], public, secret)
        padded = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(envelope[120:], envelope[:120], envelope[96:120], key)
    except exceptions.CryptoError as error:
        raise Refused("does not open") from error
    stripped = padded.rstrip(b"\0")
    require(stripped.endswith(b"\x80"), "no padding")
    letter = stripped[:-1]
    require(next(size for size in BUCKETS if size > len(letter)) == bucket, "not the smallest bucket")
    return letter


def is_of(text, allowed, least, most):
    return isinstance(text, str) and least <= len(text) <= most and all(sign in allowed for sign in text)


def is_number(value, least, most):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_answer(value):
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


MEMBERS = {
    "answers": lambda v: isinstance(v, dict) and all(is_answer(value) for value in v.values()),
    "edit": lambda v: is_number(v, 0, 9999),
    "event": lambda v: is_of(v, DIGITS + UPPER, 6, 6),
    "form": lambda v: is_of(v, LOWER + DIGITS + "-", 1, 32),
    "format": lambda v: is_number(v, 1, 1),
    "id": lambda v: is_of(v, "0123456789abcdef", 64, 64),
    "kind": lambda v: v in ("response", "withdrawal"),
    "language": lambda v: is_of(v, LOWER + DIGITS + "-", 2, 35),
    "mode": lambda v: v in ("phone", "kiosk", "paper"),
    "receipt": lambda v: is_of(v, "0123456789abcdef", 64, 64),
    "ticket": lambda v: is_of(v, LOWER + UPPER + DIGITS + "-", 1, 64),
    "variant": lambda v: is_of(v, LOWER + DIGITS + "-", 0, 32),
    "version": lambda v: is_number(v, 1, 4294967295),
}


def letter_read(data):
    letter = canonical_read(data)
    if letter.get("kind") == "withdrawal":
        expected = {"event", "format", "kind", "receipt"}
    else:
        expected = set(MEMBERS) - ({"ticket"} - set(letter))
    require(set(letter) == expected, "other members than a letter has")
    for name, value in letter.items():
        is_unnamed = name == "event" and value == "" and letter["kind"] == "withdrawal"
        require(is_unnamed or MEMBERS[name](value), "member " + name)
    return letter


# ---- ids and receipts ------------------------------------------------------------------------------------------------

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"


def ids(event, form, nonce, answers=None):
    parts = [event.encode(), form.encode(), nonce] + ([] if answers is None else [answers])
    receipt = parts_hash(b"soundings/receipt/1", *parts)[:10]
    return parts_hash(b"soundings/id/1", *parts), receipt, parts_hash(b"soundings/withdraw/1", receipt)


def receipt_text(receipt):
    number = int.from_bytes(receipt, "big")
    signs = "".join(CROCKFORD[number >> shift & 31] for shift in range(75, -1, -5)) + CROCKFORD[number % 37]
    return " ".join(signs[at:at + 4] for at in range(0, 17, 4))


def receipt_read(signs):
    signs = signs.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    require(len(signs) == 17 and all(sign in CROCKFORD for sign in signs), "not a receipt")
    require(all(sign in CROCKFORD[:32] for sign in signs[:16]), "not a receipt")
    number = 0
    for sign in signs[:16]:
        number = number * 32 + CROCKFORD.index(sign)
    require(CROCKFORD[number % 37] == signs[16], "the check sign is wrong")
    return number.to_bytes(10, "big")


# ---- signed documents, key set, recovery file, shares ----------------------------------------------------------------

def signed_read(document, kind, public):
    line, end, body = document.partition(b"\n")
    fields = line.decode("ascii", "replace").split(" ")
    require(end == b"\n" and len(fields) == 4 and fields[:2] == ["soundings-signed", "1"], "not a signed document")
    require(fields[2] == kind, "another kind of document")
    signature = unhex(fields[3], 64, "not a signature")
    message = b"soundings/signed/1\n" + kind.encode() + b"\n" + body
    try:
        bindings.crypto_sign_open(signature + message, public)
    except exceptions.BadSignatureError as error:
        raise Refused("the signature is wrong") from error
    return body


def keyset_read(document, root):
    keyset = canonical_read(signed_read(document, "keyset", root))
    require(set(keyset) == {"content", "format", "periods", "recovery", "serial"}, "other members than a key set has")
    require(is_number(keyset["format"], 1, 1) and is_number(keyset["serial"], 1, 2**63 - 1), "format or serial")
    unhex(keyset["content"], 32, "content")
    unhex(keyset["recovery"], 32, "recovery")
    periods = keyset["periods"]
    require(isinstance(periods, list) and len(periods) <= 64, "periods")
    current = []
    for period in periods:
        require(isinstance(period, dict) and set(period) == {"current", "id", "practice", "public"}, "a period")
        require(period["current"] in (True, False) and period["practice"] in (True, False), "a period")
        require(period_id(unhex(period["public"], 32, "a period")) == unhex(period["id"], 8, "a period"), "a period's id")
        if period["current"]:
            current.append(period["practice"])
    require(len({period["id"] for period in periods}) == len(periods), "a period twice")
    require(sorted(current) == [False, True], "one current period of each kind")
    return keyset


def subkey(key, number, context):
    return hashlib.blake2b(b"", digest_size=32, key=key, salt=struct.pack("<Q", number) + bytes(8),
                           person=context + bytes(8)).digest()


def lines_read(text, mark, end_mark, first, count):
    """The lines between the marks, of 10 bytes each; FIRST gives the first one's number from what follows the mark."""
    # Only ASCII is lower or upper case here, so that no other sign becomes longer or shorter.
    upper = "".join(sign.upper() if sign < "\x80" else sign for sign in text)
    require(mark in upper, "no key in it")
    inside, end, rest = upper.partition(mark)[2].partition(end_mark)
    require(end != "", "no end")
    require(mark not in rest or mark != SHARE_MARKS[0], "two shares")
    signs = "".join(inside.split()).replace("-", "")
    number, signs = first(signs)
    require(len(signs) == 17 * count, "not %d signs" % (17 * count))
    lines = [receipt_read(signs[at:at + 17]) for at in range(0, 17 * count, 17)]
    require([line[0] for line in lines] == [number + at for at in range(count)], "lines have changed places")
    return number, bytes(line[1] for line in lines), b"".join(line[2:] for line in lines)


def recovery_seed(text):
    _, check, seed = lines_read(text, "BEGIN-RECOVERY-KEY", "END-RECOVERY-KEY", lambda signs: (1, signs), 4)
    require(blake2b(b"soundings/recovery/1\0" + seed)[:4] == check, "it does not check")
    return seed


SHARE_MARKS = "BEGIN-RECOVERY-SHARE", "END-RECOVERY-SHARE"


def share_first(signs):
    require(signs[:1] in ("A", "B", "C"), "no letter")
    return (0x11, 0x21, 0x31)["ABC".index(signs[0])], signs[1:]


def share_read(text):
    first, extras, pieces = lines_read(text, *SHARE_MARKS, share_first, 8)
    number, share_set = (first >> 4) - 1, extras[:4]
    check = blake2b(b"soundings/share/1\0" + bytes([number]) + share_set + pieces)[:4]
    require(check == extras[4:], "it does not check")
    return share_set, number, (pieces[:32], pieces[32:])


def shares_join(one, other):
    require(one[0] == other[0], "shares of two splittings")
    require(one[1] != other[1], "the same share twice")
    pieces = {}
    for _, number, (first, second) in (one, other):
        for place, piece in ((number, first), ((number + 1) % 3, second)):
            require(pieces.setdefault(place, piece) == piece, "the shares contradict each other")
    return bytes(a ^ b ^ c for a, b, c in zip(pieces[0], pieces[1], pieces[2]))


def recovery_keys(seed):
    """The root's public key, and the recovery pair, public and secret."""
    root, _ = bindings.crypto_sign_seed_keypair(subkey(seed, 1, b"sndg-rec"))
    secret = hashlib.sha512(subkey(seed, 2, b"sndg-rec")).digest()[:32]
    return root, bindings.crypto_scalarmult_base(secret), secret


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "open":
        secret = unhex(read(arguments[1]).decode().strip(), 32, "not a secret")
        letter = envelope_open(read(arguments[2]), secret)
        letter_read(letter)
        print(letter.decode())
    elif len(arguments) in (4, 5) and arguments[0] == "ids":
        answers = read(arguments[4]) if len(arguments) == 5 else None
        response, receipt, withdraw = ids(arguments[1], arguments[2], unhex(arguments[3], 20, "not a nonce"), answers)
        print(response.hex(), receipt_text(receipt), withdraw.hex(), sep="\n")
    elif len(arguments) == 2 and arguments[0] == "recovery":
        root, recovery, _ = recovery_keys(recovery_seed(read(arguments[1]).decode()))
        print(root.hex(), recovery.hex(), sep="\n")
    elif len(arguments) == 3 and arguments[0] == "shares":
        seed = shares_join(share_read(read(arguments[1]).decode()), share_read(read(arguments[2]).decode()))
        root, recovery, _ = recovery_keys(seed)
        print(root.hex(), recovery.hex(), sep="\n")
    elif len(arguments) == 3 and arguments[0] == "keyset":
        print(canonical(keyset_read(read(arguments[2]), unhex(arguments[1], 32, "not a key"))))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (Refused, OSError, UnicodeDecodeError) as refusal:
        print("refused:", refusal, file=sys.stderr)
        sys.exit(1)
