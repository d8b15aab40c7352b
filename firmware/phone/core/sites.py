"""The servers of the book, each once."""

from phone.core.pointers import SERVICES


def each_site(book):
    """A pointer of each site, in the order of the services and of the book."""
    out = []
    for service in SERVICES:
        for pointer in book.of(service):
            if pointer.health not in [other.health for other in out]:
                out.append(pointer)
    return out
