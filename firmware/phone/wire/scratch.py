"""What one life of the phone leaves to the next, as bytes that survive a reset: writing.

    "V2"  length  CRC-32 of the rest  phase url ms boots safe round  falls wary label why  notes

Falls, wary, label and why have their length before them. Read by wire/life.py, at the start only.
"""

import struct
from binascii import crc32

from phone.wire import url as urls

# What was going on: nothing, the start, a request without an answer yet, its bytes, a page on screen.
NOTHING, STARTING, ASKING, READING, SHOWING = range(5)
RECORD = "suspect"  # whom the phone is wary of, in the store: it outlives a loss of power, too
SPELL_MS = 180000  # three minutes: bad ends within so long count together
SCRATCH_MAX = 1024  # half of an ESP32's RTC memory; a file on the unix port
NOTES_MAX = 512  # bytes of it for the last lines of the account
MAGIC = 0x3256
OPEN = "<HHI"  # magic, length of the rest, its CRC-32
HEAD = "<BIIHBB"
LABEL_MAX = 16  # letters of a server's name, as many as the configuration allows
_PART_MAX = 80  # bytes of a label, which has 16 letters of 4 at most, and of a reason


def pack(head, parts, notes):
    """head: phase, url, ms, boots, safe, round. parts: falls, wary, label, why; all as in wire/life.py.
    notes: whole lines, NOTES_MAX bytes at most.
    """
    out = [struct.pack(HEAD, *head)]
    for part in parts:
        out.append(bytes((min(len(part), _PART_MAX),)))
        out.append(part[:_PART_MAX])
    out.append(notes)
    body = b"".join(out)
    return struct.pack(OPEN, MAGIC, len(body), crc32(body)) + body


def fingerprint(url):
    """A Url as a number that is never 0."""
    return crc32(urls.text(url).encode()) or 1
