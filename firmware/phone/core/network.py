"""The settings page about the network: our address, who is asked for names, how strong the radio is, and
where the phone's status can be read.
"""

from phone.core.trouble import NO_NETWORK
from phone.phrases import phrase

BARS_MAX = 4


def lines(own):
    """Phrases, a line each."""
    link = own.net.network
    if not link or not link.up:
        return [NO_NETWORK]
    out = [phrase("Address: %s", link.address)]
    if own.config.dns:
        names = ["%s:%d" % server if server[1] != 53 else server[0] for server in own.config.dns]
        out.append(phrase("Name servers, as configured: %s", ", ".join(names)))
    elif link.dns:
        out.append(phrase("Name servers of the network: %s", ", ".join(link.dns)))
    else:
        out.append(phrase("The network names no name server."))
    out.append(_strength(link.bars) if link.bars is not None else phrase("Connected by cable."))
    port = own.config.push.port
    if port:
        place = link.address if port == 80 else "%s:%d" % (link.address, port)
        out.append(phrase("Status page: %s", "http://%s/" % place))
    return out


def _strength(bars):
    word = (phrase("none"), phrase("weak"), phrase("fair"), phrase("good"), phrase("very good"))[bars]
    return phrase("Wi-Fi signal: %s (%d of %d)", word, bars, BARS_MAX)
