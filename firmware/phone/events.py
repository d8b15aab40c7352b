"""The phone's vocabulary: what can happen to it, and what it can ask for.

Events go into Agent.feed(); effects come out of it. Nothing else crosses the line between
the brain (decides, never waits) and the hands (wait, never decide).

`conn` is a small positive int that the brain chooses for one TCP connection and never uses
again. `address` is (host, port); the host is an IPv4 literal by the time it is in an effect.
`now` is in milliseconds since start, never wraps, and is always an argument.
"""

from collections import namedtuple

# --- events: the world tells the brain ------------------------------------------------------

# A TCP connection that was asked for is open.
Opened = namedtuple("Opened", ("conn",))
# Somebody connected to the port of Listen; the hands choose a negative conn. `peer` is (host, port).
Accepted = namedtuple("Accepted", ("conn", "peer"))
# Bytes came. `view` is a memoryview that is valid during feed() only.
Received = namedtuple("Received", ("conn", "view"))
# The connection ended, or never opened. `why` is one of the words below. conn TAKEN: the port of Listen is.
Closed = namedtuple("Closed", ("conn", "why"))
# `port`: ours at which it came, that of Bound; 0 for answers to questions (names, time). `data` is b"" where
# an empty one came to the port of Bound.
Datagram = namedtuple("Datagram", ("data", "address", "port"))
# Datagrams are taken at this port of the phone from now on, the one of Bind or one above it; 0: none is free.
Bound = namedtuple("Bound", ("port",))
# What a Save came to: `why` is "", or one of the words below.
Saved = namedtuple("Saved", ("name", "why"))
# `data` is bytes, None where there is no such file, False where it cannot be read.
Loaded = namedtuple("Loaded", ("name", "data"))
# A key of the keypad went down (True) or up (False); names in ui/keys.py.
Key = namedtuple("Key", ("key", "down"))
# Somebody at the panel link wants to see one of the phone's own pages: a name of core/settings.py.
Show = namedtuple("Show", ("page",))
# The network came, went or changed; `address` is ours, `dns` the name servers as IPv4 literals. `bars`: how
# strong the radio is, 0 to 4; None for a cable.
Link = namedtuple("Link", ("up", "address", "dns", "bars"))
# The time of day in unix seconds, UTC, and who says so ("sntp", "http", "clock").
Wall = namedtuple("Wall", ("seconds", "source"))
# The heap is nearly full: what can be made again should go.
Low = namedtuple("Low", ())
# A deadline of the brain's has come.
Tick = namedtuple("Tick", ())

TAKEN = -1  # the conn of Closed where the port of Listen belongs to somebody else
# Words of Closed.why. END: the peer closed in order (FIN). RESET: it broke off.
# REFUSED, UNREACHABLE: the connection never opened. UNTRUSTED: it never opened, because the certificate
# is not for that name, has expired, or is of nobody whom the phone trusts.
END, RESET, REFUSED, UNREACHABLE, UNTRUSTED = "end", "reset", "refused", "unreachable", "untrusted"
# Words of Saved.why: the file system has no room, takes nothing, or fails.
FULL, READ_ONLY, BROKEN = "full", "read-only", "broken"

# --- effects: the brain asks the world -------------------------------------------------------

# Answered by Opened or Closed. There is no time-out in the hands: the brain closes. `tls` is the host name
# that the certificate must be for, "" for plain; Opened then comes after the handshake.
Open = namedtuple("Open", ("conn", "address", "tls"))
# `data` is bytes, or an iterator of pieces of at most 1 KB.
Write = namedtuple("Write", ("conn", "data"))
# The socket is closed and nothing more is heard of this conn.
Close = namedtuple("Close", ("conn",))
# Take connections at this port of the phone from now on; they are Accepted.
Listen = namedtuple("Listen", ("port",))
# Take datagrams at this port of the phone, or the next free one: answered by Bound.
Bind = namedtuple("Bind", ("port",))
# `port`: as of Datagram.
SendTo = namedtuple("SendTo", ("data", "address", "port"))
# Write a file: bytes, or an iterator of pieces of at most 1 KB, one of which is written in a turn of the loop
# (an empty one: not now), or None: remove it. A power cut before Saved may leave the file spoilt.
Save = namedtuple("Save", ("name", "data"))
# Read at most 1 KB of a file from byte `at`; fewer are its end. A Load goes before a Save.
Load = namedtuple("Load", ("name", "at"))
Light = namedtuple("Light", ("level",))  # backlight, 0..100
Lamp = namedtuple("Lamp", ("on",))  # message waiting lamp
Tone = namedtuple("Tone", ("name",))
# One line of the account: what the phone did and why, in plain words.
Note = namedtuple("Note", ("text",))
# One HTTP request on the time line, told as it begins (word "") and when it is over. number: counts them.
# label: whom, as the user knows it. why: KEY and the like, of core/run.py. ms: how long it took.
# word: what it came to: an outcome of core/fetch.py, or LOST, GIVEN_UP.
Asked = namedtuple("Asked", ("number", "label", "path", "why", "reused", "ms", "word"))
# At most 1 KB that a reset leaves alone and a power cut does not: kept at once, in place of what was there.
Scratch = namedtuple("Scratch", ("data",))
# The last effect of its feed: the phone starts anew, as it wished.
Restart = namedtuple("Restart", ("why",))
