"""What is said to the person when a server did not give the page."""

NO_NETWORK = "The phone has no network."
NO_ROOM = "The page needs more memory than the phone has."
NO_ADDRESS = "No address is configured for this key."


def once(sentences):
    """Each sentence once, in order: two pointers may lead to one server."""
    out = []
    for said in sentences:
        if said not in out:
            out.append(said)
    return out


def keeps_away(health, label, now):
    """That a server asked not to be asked (Retry-After)."""
    seconds = (health.not_before - now + 999) // 1000
    return "%s asked not to be asked again for another %d s." % (label, seconds)


def not_ours(reference, scheme):
    """Why an address on a page cannot be followed."""
    if scheme == "https":
        return "This version of the phone speaks http only, not https."
    if scheme and scheme != "http":
        return "This phone cannot do %s: yet." % reference[: len(scheme)]
    return 'The address "%s" cannot be used.' % reference[:40]
