"""Call managers: all that the phone does over SIP, as one machine of the agent."""

from phone.core.machine import Machine
from phone.core.teaching import Teaching
from phone.events import Bind, Bound


class Managers(Machine):
    def __init__(self, config, book, net, journal, store, wall, entropy, jitter, outside):
        self._config = config
        self._port = None
        self.teaching = Teaching(config, book, store, journal, wall)

    def tick(self, now):
        if self._port is None:
            self._port = 0
            return [Bind(self._config.sip.port)]
        return []

    def receive(self, event, now):
        if type(event) is Bound:
            self._port = event.port
            return []
        return None
