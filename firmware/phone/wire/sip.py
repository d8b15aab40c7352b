"""SIP messages as bytes (RFC 3261 section 7): what came is looked into, what goes out is put together.

    read(bytes) --Message--> get, all, raw --bytes--> value, display, words --str-->
    request(...), response(message, ...) --bytes-->

A message is kept as it came; a field is looked for when somebody asks for it. Nothing here raises, whatever
the bytes are, and no message costs more than the 1,500 bytes that a datagram has.
"""

from micropython import const

from phone.wire.sip_value import (  # "as": for who imports this module, these are a part of it
    VALUES_MAX,
    display as display,
    host_port as host_port,
    number,
    param,
    parted,
    token,
    value,
    word,
    words,
)

DATAGRAM_MAX = 1472  # what goes out stays in one frame of Ethernet: an ESP32 puts no fragments together
_READ_MAX = const(1499)  # the hands read 1,500: as many were cut
_FIELDS_MAX = const(64)  # a 200 of a large manager has 20, an INVITE through five proxies 40
_LENGTH_DIGITS = const(4)
_CSEQ_DIGITS = const(10)  # below 2**31 (RFC 3261 8.1.1.5)
_PORT = const(5060)
# Line end and compact name behind each name (RFC 3261 7.3.3, RFC 6665 8.2.1).
_COMPACT = b" call-id\ni contact\nm content-length\nl content-type\nc event\no from\nf to\nt via\nv"


class Message:
    """A request (status 0) or a response. uri: of a request, str. reason: of a response, fit for a screen.
    method: str; of a response the one that it answers. branch: of the topmost Via. body: bytes.
    """

    def __init__(self, head, body):
        self.status = self.cseq = 0
        self.reason = self.method = self.uri = self.branch = ""
        self.call_id = b""
        self.body = body
        self._head = head
        self._low = head.lower()  # names are looked for in it

    def get(self, name):
        """The value of the first field of this name (bytes, lower case), unfolded; b"" without one."""
        at = self._place(name, 0)
        return b"" if at < 0 else self._value(at).replace(b"\r\n", b"")

    def raw(self, name):
        """The value of each field of this name, as it stands: a folded one has line ends in it."""
        out = []
        at = self._place(name, 0)
        while at >= 0:
            out.append(self._value(at))
            at = self._place(name, at)
        return out

    def is_once(self, name):
        at = self._place(name, 0)
        return at >= 0 and self._place(name, at) < 0

    def all(self, name):
        """Each value of the fields of this name, lists parted at their commas (RFC 3261 7.3.1)."""
        out = []
        for line in self.raw(name):
            out += [part.strip() for part in parted(line.replace(b"\r\n", b""), b",")]
        return [part for part in out if part][:VALUES_MAX]

    def _place(self, name, at):
        """Where the next value of this name begins, behind its colon; -1: nowhere."""
        full = self._find(b"\n" + name, at)
        place = _COMPACT.find(name)
        end = place + len(name)
        if place < 0 or _COMPACT[place - 1] != 32 or _COMPACT[end] != 10:
            return full
        short = self._find(_COMPACT[end : end + 2], at)
        return short if full < 0 or 0 <= short < full else full

    def _find(self, form, at):
        """Where the value begins of the next field at the beginning of whose line this stands."""
        at = self._low.find(form, at)
        while at >= 0:
            at += len(form)
            while self._low[at] in b" \t":  # the head ends with a line end
                at += 1
            if self._low[at] == 58:
                return at + 1
            at = self._low.find(form, at)
        return -1

    def _value(self, at):
        end = self._head.find(b"\r\n", at)
        while self._head[end + 2 : end + 3] in (b" ", b"\t"):  # a continuation
            end = self._head.find(b"\r\n", end + 2)
        return self._head[at:end].strip()


def read(data):
    """A Message; None where this is no SIP, was cut, is no whole message, or says two things at once."""
    end = data.find(b"\r\n\r\n")
    if end < 0 or len(data) > _READ_MAX:
        return None
    head = data[: end + 2]
    lines = head.count(b"\n")
    # A line end for some and none for others is how a field is smuggled into what we send.
    if lines > _FIELDS_MAX or lines != head.count(b"\r\n") or lines != head.count(b"\r") or b"\0" in head:
        return None
    message = Message(head, data[end + 4 :])
    return message if _first_line(message, head) and _fields(message) and _length(message) else None


def _first_line(message, head):
    """Whether the first line is one; what it says goes into the message."""
    parts = head[: head.find(b"\r")].split(b" ", 2)
    if len(parts) < 2:
        return False
    if parts[0].upper() == b"SIP/2.0":
        if len(parts[1]) == 3 and parts[1].isdigit() and b"1" <= parts[1][:1] < b"7":
            message.status = int(parts[1])
            message.reason = words(parts[2]) if len(parts) > 2 else ""
        return message.status > 0
    message.method, message.uri = token(parts[0]), word(parts[1])
    return len(parts) > 2 and parts[2].upper() == b"SIP/2.0" and bool(message.method and message.uri)


def _fields(message):
    """Whether the five that each message has (RFC 3261 8.1.1) are there, once each but for Via."""
    if not (message.is_once(b"from") and message.is_once(b"to") and message.is_once(b"call-id")
            and message.is_once(b"cseq")):  # fmt: skip
        return False
    via = message.get(b"via")
    message.branch = param(via if b"," not in via else via[: via.find(b",")], b"branch")
    message.call_id = message.get(b"call-id")
    cseq = message.get(b"cseq").split()
    if not via or len(cseq) != 2 or not cseq[0].isdigit() or len(cseq[0]) > _CSEQ_DIGITS:
        return False
    message.cseq = int(cseq[0])
    method = token(cseq[1])
    if message.status:
        message.method = method
    return bool(method) and method == message.method and bool(message.call_id)


def _length(message):
    """Whether the body is as long as it is said to be; what follows it is cut off (RFC 3261 18.3)."""
    said = message.get(b"content-length")
    if not said:
        return True
    if not said.isdigit() or len(said) > _LENGTH_DIGITS or not message.is_once(b"content-length"):
        return False
    size = int(said)
    whole = size <= len(message.body)
    message.body = message.body[:size]
    return whole


def request(method, uri, fields, body=b""):
    """A request as bytes. fields: (name, value) strs in their order, Via first."""
    return _built(["%s %s SIP/2.0" % (method, uri)], list(fields) + [("Max-Forwards", "70")], body)


def response(message, status, reason, tag, fields=(), body=b"", whence=None):
    """The response to a request as bytes. tag: ours, put to To where it has none; "": none (100).
    whence: (host, port) from where the request came, told in its topmost Via (RFC 3261 18.2.1, RFC 3581 4).
    """
    out = ["SIP/2.0 %d %s" % (status, reason)]
    for place, via in enumerate(message.raw(b"via")):
        out.append(b"Via: " + (via if place or not whence else _stamped(via, whence)))
    for name in (b"From", b"To", b"Call-ID", b"CSeq"):
        out.append(name + b": " + message.raw(name.lower())[0])
        if name == b"To" and tag and "tag" not in value(message.get(b"to"))[1]:
            out[-1] += b";tag=" + tag.encode()
    return _built(out, fields, body)


def reply_to(message, whence):
    """The (host, port) for a response to this request: never another host than the one that sent it."""
    parts = parted(message.get(b"via"), b",")[0].split(b";")
    if any([part.strip().lower() == b"rport" for part in parts[1:]]):
        return whence
    port = number(parts[0].rpartition(b":")[2].strip()) if b":" in parts[0] else 0
    return whence[0], port if 0 < port < 65536 else _PORT


def _built(lines, fields, body):
    out = bytearray()
    for line in lines + ["%s: %s" % field for field in fields]:
        out.extend(line if isinstance(line, bytes) else line.encode())
        out.extend(b"\r\n")
    out.extend(b"Content-Length: %d\r\n\r\n" % len(body))
    out.extend(body)
    return bytes(out)


def _stamped(via, whence):
    """The topmost Via with rport filled and received added."""
    first = parted(via, b",")[0]
    parts = first.split(b";")
    sent_by = parts[0].split()[-1:] or [b""]
    tell = sent_by[0].partition(b":")[0] != whence[0].encode()
    out = []
    for part in parts:
        name = part.partition(b"=")[0].strip().lower()
        if name == b"rport":
            tell = True
            part = b"rport=%d" % whence[1]
        if name != b"received":
            out.append(part)
    if tell:
        out.append(b"received=" + whence[0].encode())
    return b";".join(out) + via[len(first) :]
