"""A name server for the small world: a few names of its own, and three ways to behave.

    names = Names({"a.everline.test": "127.0.0.1"})
    names.services["_sip._udp.everline.test"] = [(10, 50, 5070, "a.everline.test")]
    names.start()            # names.address is "127.0.0.1:PORT", UDP
    names.mode("silent")

| mode | what happens |
|---|---|
| well | its names have their addresses, other names do not exist |
| silent | questions are heard and never answered |
| lies | no name exists, not even its own |

It knows addresses (A) and services (SRV: priority, weight, port, host), class IN: any other question about
one of its names has an empty answer. What is no question is dropped. The code is its own: the phone's and the
world's ends must not share a mistake.
"""

import collections
import contextlib
import socket
import struct
import threading

from host_tools.problem import Problem

MODES = {
    "well": "answers",
    "silent": "is silent",
    "lies": "knows no name",
}
# An address holds this long: so short that a change is seen by who watches.
TTL_SECONDS = 10
QUESTIONS_MAX = 1000
# A question over UDP is at most this long; what is longer is none.
DATAGRAM_MAX = 512
NAME_MAX, LABEL_MAX = 255, 63
_HEAD = struct.Struct(">6H")
_QUERY_BITS, _RECURSION_WISHED = 0xF800, 0x0100  # answer bit and operation must be 0 in a question
_ANSWER, _NO_ERROR, _NO_SUCH_NAME = 0x8480, 0, 3  # an authoritative answer, recursion available
_A, _SRV, _ANY, _IN = 1, 33, 255, 1
_SAME_NAME = 0xC000 + _HEAD.size  # a pointer to the name in the question


class Names:
    """One name server on loopback, in a thread. `questions` are (name, type) as they came, lower case.

    on_change(names) is called after the mode has changed.
    """

    def __init__(self, addresses, on_change=None):
        self.addresses = {name.lower(): address for name, address in addresses.items()}
        self.services = {}  # name in lower case -> list of (priority, weight, port, host)
        self.state = "well"
        self.port = 0
        self.questions = collections.deque(maxlen=QUESTIONS_MAX)
        self._on_change = on_change or (lambda names: None)
        self._socket = None
        self._thread = None

    def __enter__(self) -> "Names":
        return self.start()

    def __exit__(self, *_) -> None:
        self.close()

    @property
    def address(self) -> str:
        """Where it listens, as a configuration wants it."""
        return "127.0.0.1:%d" % self.port

    @property
    def words(self) -> str:
        """What it does, in plain words."""
        return MODES[self.state]

    @property
    def sentence(self) -> str:
        """The same as a sentence."""
        return "The name server %s." % self.words

    def start(self) -> "Names":
        """Listen on a free port; one that was closed comes back on the same."""
        if self._socket is None:
            link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                link.bind(("127.0.0.1", self.port))
            except OSError as error:
                link.close()
                raise Problem("The name server could not be started: %s." % error.strerror) from error
            self.port = link.getsockname()[1]
            self._socket = link
            self._thread = threading.Thread(target=self._serve, args=(link,), name="names", daemon=True)
            self._thread.start()
        return self

    def close(self) -> None:
        """Stop listening. Closing twice does no harm."""
        link, self._socket = self._socket, None
        if link is not None:
            link.sendto(b"", link.getsockname())  # wakes the thread, which would hold the port
            self._thread.join()
            link.close()

    def mode(self, mode: str) -> None:
        """Switch to one of MODES; it holds for the next question."""
        if mode not in MODES:
            raise Problem("A name server can not %r. It can: %s." % (mode, " ".join(MODES)), 2)
        changed, self.state = self.state != mode, mode
        if changed:
            self._on_change(self)

    def _serve(self, link) -> None:
        while True:
            try:
                datagram, client = link.recvfrom(DATAGRAM_MAX + 1)
            except OSError:
                continue  # an earlier answer came to a port that is closed by now
            if self._socket is not link:
                return
            answer = self._answer(datagram)
            if answer:
                with contextlib.suppress(OSError):
                    link.sendto(answer, client)

    def _answer(self, datagram):
        """The datagram that answers, or None."""
        found = read_question(datagram)
        if found is None:
            return None
        name, kind, end = found
        self.questions.append((name, kind))
        if self.state == "silent":
            return None
        lies = self.state == "lies"
        address = None if lies else self.addresses.get(name)
        services = None if lies else self.services.get(name)
        records = []
        if address and kind in (_A, _ANY):
            records.append((_A, socket.inet_aton(address)))
        if services and kind in (_SRV, _ANY):
            records += [(_SRV, struct.pack(">3H", *service[:3]) + packed(service[3])) for service in services]
        ident, bits = struct.unpack_from(">2H", datagram)
        bits = _ANSWER | bits & _RECURSION_WISHED | (_NO_ERROR if address or services else _NO_SUCH_NAME)
        # The question comes back as it was written: capitals in it are the client's secret.
        out = _HEAD.pack(ident, bits, 1, len(records), 0, 0) + datagram[_HEAD.size:end]
        for kind, data in records:
            out += struct.pack(">3HIH", _SAME_NAME, kind, _IN, TTL_SECONDS, len(data)) + data
        return out


def packed(name: str) -> bytes:
    """A name as it stands in a message (RFC 1035 3.1)."""
    labels = [label.encode() for label in name.rstrip(".").split(".")]
    return b"".join(bytes((len(label),)) + label for label in labels if label) + b"\0"


def read_question(datagram: bytes):
    """(name in lower case, type, where the question ends), or None where this is no single question."""
    if not _HEAD.size < len(datagram) <= DATAGRAM_MAX:
        return None
    _, bits, questions, answers, _, _ = _HEAD.unpack_from(datagram)
    if bits & _QUERY_BITS or questions != 1 or answers:
        return None
    labels, place = [], _HEAD.size
    while place < len(datagram) and 0 < datagram[place] <= LABEL_MAX:
        labels.append(datagram[place + 1:place + 1 + datagram[place]])
        place += 1 + datagram[place]
    if len(datagram) < place + 5 or datagram[place] or place - _HEAD.size >= NAME_MAX:
        return None
    kind, kind_of_net = struct.unpack_from(">2H", datagram, place + 1)
    if kind_of_net != _IN:
        return None
    return b".".join(labels).decode("ascii", "replace").lower(), kind, place + 5
