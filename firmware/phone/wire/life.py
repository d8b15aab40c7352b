"""What one life of the phone left to the next: reading (wire/scratch.py writes).

A write that a reset broke off is known by its CRC: then nothing is known, which is safer than half of it.
"""

import struct
from binascii import crc32
from collections import namedtuple

from phone.wire.scratch import HEAD, MAGIC, OPEN

# phase: what was going on. url: fingerprint of the pointer that it was about, 0: none.
# ms: how long this life had lasted. boots: starts since the power came, that of this life included. safe:
# whether it was one of safe mode; round: how many of those there were in a row. falls: the bad ends before
# this life, a byte each: seconds before its start. wary: {fingerprint: how often it stopped the phone}.
# label: of the server of `url`. why: "" unless the phone started anew by its own will. notes: the last lines
# of the account as (ms, text), newest last.
Life = namedtuple("Life", ("phase", "url", "ms", "boots", "safe", "round",
                           "falls", "wary", "label", "why", "notes"))

_WARY = "<IB"


def unpack(data):
    """The Life in `data`, or None where there is none, or not a whole one."""
    at = struct.calcsize(OPEN)
    if len(data) < at:
        return None
    magic, length, check = struct.unpack(OPEN, data[:at])
    body = data[at : at + length]
    at = struct.calcsize(HEAD)
    if magic != MAGIC or not at <= len(body) == length or crc32(body) != check:
        return None
    try:
        return _life(body, at)
    except (ValueError, IndexError):  # it is whole, but no firmware like this one wrote it
        return None


def _life(body, at):
    head = struct.unpack(HEAD, body[:at])
    parts = []
    for _ in range(4):
        end = at + 1 + body[at]
        parts.append(body[at + 1 : end])
        at = end
    falls, wary, label, why = parts
    notes = [_note(line) for line in str(body[at:], "utf-8").split("\n") if line]
    return Life(*(head + (falls, unpack_wary(wary), str(label, "utf-8"), str(why, "utf-8"), notes)))


def unpack_wary(data):
    """{fingerprint: strikes}"""
    size = struct.calcsize(_WARY)
    return dict([struct.unpack(_WARY, data[at : at + size]) for at in range(0, len(data) - size + 1, size)])


def pack_wary(wary):
    """The same as bytes."""
    return b"".join([struct.pack(_WARY, url, min(strikes, 255)) for url, strikes in wary.items()])


def _note(line):
    ms, _, text = line.partition(" ")
    return int(ms), text
