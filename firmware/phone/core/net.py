"""What requests share: connections within the socket budget, and addresses of names.

    open --> in use --keep--> idle --reuse--> in use
               |               \\--Closed by the server, too old, no room--> gone
               +--close--> gone

An ESP32 has ten sockets, three of them for pages. A connection that a server keeps open serves the next
request to the same site; the oldest idle one goes where a new one needs its place. The resolver is loaded
with the first name that has to be looked up: many wards write their servers as addresses, and its 8 KB
stay free there.
"""

from micropython import const

from phone.events import Close, Closed, Datagram, Open
from phone.wire.url import is_literal, site

SOCKETS_MAX = 3  # for pages and probes, of an ESP32's ten (design: SIP 1, DNS 1, push 3, panel 1, spare 1)
IDLE_MAX = 2  # so that a new request finds room without closing anything
KEEP_MS = 15000  # a person reads a menu for so long; a server that closes earlier is heard of
# A handshake stalls a board by steps that a finger would feel: it waits until the key has been dealt with.
CALM_MS = 300
_PORT = const(53)  # of a name server, where the network names it
_SIP_PORT = const(5060)


class Net:
    """`config`: config.py; `entropy(n)` gives n bytes; `tls_max`: TLS connections a board has room for.
    `own`: the hosts whose addresses are worth keeping.
    """

    def __init__(self, config, entropy, journal, tls_max, own=()):
        self.calm_at = 0  # ms; no handshake begins before: a key was pressed
        self.network = None  # the last events.Link
        self._config = config
        self.entropy = entropy
        self._journal = journal
        self._tls_max = tls_max
        self._own = own
        self.address = ""  # ours, "" without a network
        self._resolver = None
        self.servers = config.dns
        self._conn = 0
        self.closing = []  # conns closed in this feed: should it break off, these effects are lost
        self._open = {}  # conn -> (Url, ms of its end; None while a request owns it)

    def link(self, address, servers):
        """The network came, went or changed: its name servers, unless the configuration has some; effects."""
        if not self._config.dns:
            self.servers = tuple([(server, _PORT) for server in servers])
        was, self.address = self.address, address
        return self.close_idle() if was != address else []  # they belong to the old one

    def open(self, address, url):
        """(conn, effects): a new connection for a request to `url`."""
        self._conn += 1
        out = []
        secure = url.scheme == "https"
        for conn in self._idle():
            again = secure and self._open[conn][0].scheme == "https"
            if len(self._open) >= SOCKETS_MAX or again and self._tls() >= self._tls_max:
                out += self.close(conn)
        self._open[self._conn] = url, None
        out.append(Open(self._conn, (address, url.port), url.host if secure else ""))
        return self._conn, out

    def has_room(self, url):
        """Whether one more connection to `url` may be opened beside those in use."""
        if url.scheme == "https" and self._tls(False) >= self._tls_max:
            return False
        return len(self._open) - len(self._idle()) < SOCKETS_MAX

    def reuse(self, url):
        """An idle connection to the site of `url`, or 0."""
        for conn in self._idle():
            if site(self._open[conn][0]) == site(url):
                self._open[conn] = url, None
                return conn
        return 0

    def keep(self, conn, ms, now):
        """A request is over and its connection may serve another one within `ms`; effects."""
        self._open[conn] = self._open[conn][0], now + min(ms, KEEP_MS)
        idle = self._idle()
        return self.close(idle[0]) if len(idle) > IDLE_MAX else []

    def close(self, conn):
        """The request that owns `conn` is over, or an idle one is in the way; effects."""
        if conn not in self._open:
            return []
        self.closing.append(conn)
        del self._open[conn]
        return [Close(conn)]


    def close_idle(self):
        """Memory is short; effects."""
        return [self.close(conn)[0] for conn in self._idle()]

    def close_all(self):
        """Memory is short, or the network went: whoever owned a connection has lost it; effects."""
        for conn in list(self._open):
            self.close(conn)
        return [Close(conn) for conn in self.closing]

    def _idle(self):
        """Those that wait for a request, oldest first."""
        return sorted([conn for conn, kept in self._open.items() if kept[1] is not None])

    def _tls(self, idle=True):
        """How many TLS connections are open, with or without the idle ones."""
        return len([1 for url, end in self._open.values() if url.scheme == "https" and (idle or end is None)])

    def lookup(self, name, now):
        """The address of `name`: str, None while it is being asked for, or False: not found."""
        if is_literal(name):
            return name
        if name == "localhost":  # RFC 6761 section 6.3
            return "127.0.0.1"
        return self.resolver().lookup(name, now)

    def lookup_sip(self, host, port, now):
        """Where the call managers of a host or domain are: [(IPv4 literal, port)] in the order in which they
        are tried; None while it is being asked for, or False: nowhere. port: 0 where none is given.
        """
        if is_literal(host):
            return [(host, port or _SIP_PORT)]
        from phone.core.srv import targets

        return targets(self, self._config.name, host, port, now)

    def resolver(self):
        if self._resolver is None:
            from phone.core.resolver import Resolver

            self._resolver = Resolver(self.entropy, self._config.search, self._journal, self._own)
        self._resolver.servers = self.servers
        return self._resolver

    def why(self, name):
        """Why `name` has no address, as a phrase, half a sentence about its server."""
        return self.resolver().why(name)

    def failed(self, name, address):
        """Nobody answers at this address of `name`; whether there is another one to try."""
        return bool(self._resolver) and self._resolver.turn(name, address)

    def receive(self, event, now):
        """An answer of a name server: effects. None: the event is for others; an idle connection that ends
        is forgotten.
        """
        if isinstance(event, Closed):
            self._open.pop(event.conn, None)
        answers = self._resolver and isinstance(event, Datagram) and not event.port
        if answers and event.address in self.servers:
            return self._resolver.receive(event.data, event.address, now)
        return None

    def tick(self, now):
        """A feed begins: idle connections that are too old, and questions that are due, as effects."""
        self.closing = []
        out = self.questions(now)
        for conn in self._idle() if self._open else ():
            if now >= self._open[conn][1]:
                out += self.close(conn)
        return out

    def questions(self, now):
        """Questions to name servers that are due, as effects."""
        return self._resolver.tick(now) if self._resolver else []

    def deadline(self):
        waits = [end for _, end in self._open.values() if end is not None]
        wait = self._resolver.deadline() if self._resolver else None
        if wait is not None:
            waits.append(wait)
        return min(waits) if waits else None
