"""What is said to the person when no server gave the page."""


def sentences(tried, service, book, now):
    """Each sentence of `tried` once, and those about the servers of `service` that want to be left alone.

    `service`: None for a link, which had one server.
    """
    out = []
    for said in tried:
        if said not in out:  # a page that is cut short is asked for twice
            out.append(said)
    for pointer in book.of(service) if service else ():
        health = book.health(pointer.url)
        if health.is_asked_to_wait(now):
            said = keeps_away(health, pointer.label, now)
            if said not in out:
                out.append(said)
    return out


def keeps_away(health, label, now):
    """That a server asked not to be asked (Retry-After)."""
    seconds = (health.not_before - now + 999) // 1000
    return "%s asked not to be asked again for another %d s." % (label, seconds)
