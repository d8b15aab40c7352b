"""Who asks for pages: a client with a memory where the heap has room for one, else one without."""

from micropython import const

from phone.core.client import Client

# A phone that has less than this part of its heap left as it starts keeps no copies of pages: their code
# takes 12 KB on a 64-bit machine, and each request would drop the copies to make room for its own page. So
# 156wK with 128x64 has them, and 120wK has not.
_PERCENT = const(22)
# Call managers are loaded later: they take a third of what a phone has by now.
_MANAGERS = const(3)
# Bytes of free heap for a row of copies, which takes some 100: a twentieth of what is free at first.
_BYTES_A_ROW = const(2048)
_ROWS = const(120)  # where nobody knows what is free


def client(plain, heap, store, wall, config, *parts):
    """The client. plain: without copies in any case; `heap()` gives (free, used) in bytes, or is None; the
    others as for Client.
    """
    parts = (config,) + parts
    free, used = heap() if heap else (_ROWS * _BYTES_A_ROW, 0)
    if config.sip:
        free, used = free - used // _MANAGERS, used + used // _MANAGERS
    if plain or free * 100 < (free + used) * _PERCENT:
        return Client(*parts)
    from phone.core.cache import Cache
    from phone.core.stale import StaleClient

    return StaleClient(*(parts + (Cache(free // _BYTES_A_ROW), store, wall)))
