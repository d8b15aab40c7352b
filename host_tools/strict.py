"""Where a strict parser stops in a page: what this phone passes over without a word, and others do not."""

from xml.parsers import expat


class _Entities(Exception):
    """A page declares entities of its own; they are never expanded: one page could become gigabytes."""


def stop(body: bytes, charset: str = "") -> str:
    """"line 2, column 2: a strict parser stops here: not well-formed (invalid token)"; "" where it does not,
    or where it cannot tell."""
    def declared(*_):
        raise _Entities

    try:
        parser = expat.ParserCreate(charset or None)
        parser.EntityDeclHandler = declared
        parser.Parse(body, True)
    except expat.ExpatError as error:
        if error.code != expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING]:
            said = error.lineno, error.offset + 1, expat.ErrorString(error.code)
            return "line %d, column %d: a strict parser stops here: %s" % said
    except (_Entities, ValueError, LookupError):  # an encoding that Python lacks, or refuses
        pass
    return ""
