"""QueryStringParam: an item of a menu and a softkey have half of an address each (services-xml.md section 8).
Functions only: seldom wanted.
"""

QUERY = "querystringparam:"


def together(url, link):
    """What a softkey with `url` opens while the item with `link` is selected; "" where that is nothing. The
    data of the one goes to the address of the other; what is no address of a page stays as it is.
    """
    data, other = _data(url), link
    if data is None:
        data, other = _data(link), url
        if data is None or not is_address(url):
            return url
    if not other or not is_address(other) or _data(other) is not None:
        return ""
    other, mark, fragment = other.partition("#")
    return other + ("&" if "?" in other else "?") + data + mark + fragment


def is_address(url):
    """Whether it is that of a page: http, https, or relative to its own."""
    head, colon, _ = url.partition(":")
    return not colon or head.lower() in ("http", "https") or not head.isalpha()


def _data(url):
    """What a QueryStringParam: has, None for anything else."""
    return url[len(QUERY) :].strip() if url[: len(QUERY)].lower() == QUERY else None
