"""The servers of the book, each once."""

from phone.core.pointers import IDLE, SERVICES
from phone.phrases import phrase


def each_site(book):
    """A pointer of each site, in the order of the services and of the book."""
    out = []
    for service in SERVICES + (IDLE,):
        for pointer in book.of(service):
            if pointer.health not in [other.health for other in out]:
                out.append(pointer)
    return out


def nobody(config):
    """Why there is no server in the book."""
    if config.homes or config.backups:
        return phrase("Safe mode: no server is asked.")
    return phrase("No server is configured.")
