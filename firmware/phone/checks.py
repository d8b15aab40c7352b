"""What a value of the configuration may be: each check returns it, or says in a sentence what is wrong."""

MISTAKES_MAX = 20  # after so many the file is something else


def a_list(path, found, most, mistakes):
    """The list itself, not too long; or [] where it is none."""
    if not isinstance(found, list):
        mistakes.append("%s: it must be a list [...]." % path)
        return []
    if len(found) > most:
        mistakes.append("%s: more than %d; the rest is left out." % (path, most))
    return found[:most]


def a_table(path, raw, known, mistakes):
    """The dict itself, its unknown keys named; or {} where it is none."""
    if not isinstance(raw, dict):
        mistakes.append("%s: it must be an object {...}." % (path or "configuration"))
        return {}
    if len(raw) > 4 * MISTAKES_MAX:
        mistakes.append("%s: there are %d keys in it." % (path or "configuration", len(raw)))
        return {}
    for key in sorted([str(key) for key in raw]):  # dicts of MicroPython have no order
        if key not in known:
            where = "%s.%s" % (path, shown(key)) if path else shown(key)
            mistakes.append("%s: there is no such key; known here: %s." % (where, ", ".join(known)))
    return raw


def a_text(path, value, most, mistakes):
    if not isinstance(value, str):
        mistakes.append("%s: it must be a text in quotation marks." % path)
    elif len(value) > most:
        mistakes.append("%s: longer than %d characters." % (path, most))
        return value[:most]
    elif shown(value, most) != value:
        mistakes.append("%s: a character is in it that cannot be seen." % path)
    else:
        return value
    return None


def one_of(path, value, known, mistakes):
    """The value itself, or the first of those known."""
    if value in known:
        return value
    mistakes.append('%s: "%s" is not one of %s.' % (path, shown(str(value)), ", ".join(known)))
    return known[0]


def shown(text, most=60):
    """As much of `text` as can be put on a screen or into a log: no control characters, nothing that turns
    the direction of what follows.
    """
    out = ""
    for letter in text[:most]:
        code = ord(letter)
        seen = 32 <= code < 127 or code >= 160 and not (0x200B <= code <= 0x200F or 0x202A <= code <= 0x202E)
        out += letter if seen and not 0x2066 <= code <= 0x2069 else "?"
    return out


def a_number(path, value, least, most, mistakes):
    if isinstance(value, bool) or not isinstance(value, int):
        mistakes.append("%s: it must be a whole number." % path)
    elif not least <= value <= most:
        mistakes.append("%s: %d is not between %d and %d." % (path, value, least, most))
    else:
        return value
    return None


def set_timers(path, raw, known, mistakes):
    """{name: ms} of a table of timers. known: {name: (default, least, most)}."""
    timers = {}
    table = a_table(path, raw, tuple(sorted(known)), mistakes)
    for name in sorted(known):
        default, least, most = known[name]
        value = a_number("%s.%s" % (path, name), table.get(name, default), least, most, mistakes)
        timers[name] = default if value is None else value
    return timers
