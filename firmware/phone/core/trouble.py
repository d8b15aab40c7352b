"""What an answer without a page means, and what is said to the person about it: phrases."""

from phone.core.result import label
from phone.phrases import phrase

NO_NETWORK = phrase("The phone has no network.")
NO_ROOM = phrase("The page needs more memory than the phone has.")
NO_ADDRESS = phrase("No address is configured for this key.")
# What the hard keys open, by name.
TITLES = {
    "services": phrase("Services"),
    "directory": phrase("Directory"),
    "messages": phrase("Messages"),
    "information": phrase("Information"),
    "settings": phrase("Settings"),
    "idle": phrase("Idle page"),
}


def what(context):
    """What was asked for; without what was typed, which may be a password."""
    name = TITLES[context.service]
    return name if context.walks else phrase("%s, %s", name, context.url.path.partition("?")[0][:40])


def nothing(wanted, said, tried):
    """The line of the account where a request came to nothing; what those did who were asked was said."""
    out = phrase("%s: no page.", what(wanted))
    return out if tried else phrase("%s %s", out, said[-1])


def sentences(tried, more, up):
    """What is said when no server gave the page, each sentence once: two pointers may lead to one server."""
    out = [] if up else [NO_NETWORK]
    for said in [said for _, said in tried] + more:
        if said not in out:
            out.append(said)
    return out


def excuse(target, name, moved, tried):
    """Why the page does not come from where it should, in a line. name: of the server that gave it; moved:
    why a link led elsewhere, or ""; tried: (label, phrase) of those that did not give it.
    """
    if moved and target.walks:
        return phrase("%s The first page of %s.", moved, name)
    if moved:
        return phrase("%s From %s.", moved, name)
    if target.pointer and target.pointer.home == 0:
        return ""
    for name, said in tried:
        if name != label(target):
            return phrase("From %s, since %s", label(target), said)
    return ""


def not_ours(reference, scheme):
    """Why an address on a page cannot be followed."""
    if scheme not in ("", "http", "https"):
        return phrase("This phone cannot do %s: yet.", reference[: len(scheme)])
    shown = reference.partition("?")[0][:40]  # without what was typed
    return phrase('The address "%s" cannot be used.', shown)


def seconds(ms):
    """Milliseconds as a person says them, a phrase: "12 ms", "2.5 s", "50 s", "3 min", "5 h", "4 d"."""
    if ms < 1000:
        return phrase("%d ms", ms)
    if ms < 10000:
        return phrase("%d.%d s", ms // 1000, ms % 1000 // 100)
    if ms < 120000:
        return phrase("%d s", ms // 1000)
    if ms < 7200000:
        return phrase("%d min", ms // 60000)
    return phrase("%d h", ms // 3600000) if ms < 172800000 else phrase("%d d", ms // 86400000)
