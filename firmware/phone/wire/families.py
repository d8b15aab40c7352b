"""What other families of phones call the things of a page: one table of names, no other reader.

Pages of Yealink, Mitel (Aastra) and Snom differ from Cisco-style ones in the names of their elements, mostly.
"""

# What a root begins with.
_FAMILIES = b"yealinkipphone", b"aastraipphone", b"mitelipphone", b"snomipphone"

# What a root of theirs says behind that -> our object; b"" for one that only holds the first page of several.
_ROOTS = {
    b"menu": b"menu", b"textmenu": b"menu", b"text": b"text", b"textscreen": b"text",
    b"formattedtextscreen": b"text", b"input": b"input", b"inputscreen": b"input", b"error": b"error",
    b"directory": b"directory", b"phonebook": b"directory", b"book": b"directory", b"execute": b"execute",
    b"imagefile": b"imagefile", b"batch": b"",
}  # fmt: skip
# Their element or attribute -> ours. What means another thing within some item stands behind its name.
_NAMES = {
    b"uri": b"url", b"line": b"text", b"parameter": b"querystringparam", b"default": b"defaultvalue",
    b"inputtoken": b"querystringparam", b"inputfield": b"inputitem", b"unit": b"menuitem", b"phone1": b"url",
    b"menuitem prompt": b"name", b"menuitem dial": b"telephone", b"inputitem prompt": b"displayname",
    b"inputitem type": b"inputflags", b"softkeyitem label": b"name", b"softkeyitem name": b"prompt",
    b"softkeyitem softkey": b"key", b"softkey label": b"name", b"softkey index": b"position",
    b" type": b"inputflags",
}  # fmt: skip
# Links of theirs to what the phone itself does.
_LINKS = {b"snom://mb_exit": b"SoftKey:Exit", b"snom://mb_back": b"SoftKey:Back"}


def known(name):
    """(object, names) of a root, plain and in lower case: an object of wire/makers.py, b"" where the page is
    within it, None where there is none; names: a dict, what its elements are in our words."""
    for family in _FAMILIES:
        if name.startswith(family):
            return _ROOTS.get(name[len(family) :]), dict(_NAMES)
    return None, {}


def tidy(item):
    """Mend the fields of an item: a number alone is dialled, some links are ours by another name."""
    url = item.get(b"url", b"").strip()
    if not url and item.get(b"telephone"):
        url = b"Dial:" + item[b"telephone"].strip()
    if url:
        item[b"url"] = _LINKS.get(url, url)
