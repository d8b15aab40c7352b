"""What requests share: numbers of connections, and addresses of names.

Addresses that need nobody are answered here. The resolver is loaded with the first name that has
to be looked up: many wards write their servers as addresses, and its 8 KB stay free there.
"""

from phone.events import Close
from phone.wire.url import is_literal


class Net:
    def __init__(self, entropy):
        self.servers = ()  # name servers, IPv4 literals
        self._entropy = entropy
        self._resolver = None
        self._conn = 0

    def new_conn(self):
        self._conn += 1
        return self._conn

    def close(self):
        """Close the connection opened last, whether or not it is still open; effects."""
        return [Close(self._conn)]

    def lookup(self, name, now):
        """The address of `name`: str, None while it is being asked for, or False: not found."""
        if is_literal(name):
            return name
        if name == "localhost":  # RFC 6761 section 6.3
            return "127.0.0.1"
        if self._resolver is None:
            from phone.core.resolver import Resolver

            self._resolver = Resolver(self._entropy)
        self._resolver.servers = self.servers
        return self._resolver.lookup(name, now)

    def why(self, name):
        """Why `name` was not found, as half a sentence."""
        return self._resolver.why(name)

    def receive(self, data, address, now):
        """A datagram came: an answer, perhaps."""
        if self._resolver:
            self._resolver.receive(data, address, now)

    def tick(self, now):
        """Questions that are due, as effects."""
        return self._resolver.tick(now) if self._resolver else []

    def deadline(self):
        return self._resolver.deadline() if self._resolver else None
