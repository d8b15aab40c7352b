"""Names of letters as web pages write them (&eacute;): no part of service pages, and found in them."""

# Those of ISO 8859-1 from U+00A0 on, in their order.
_LATIN = (
    b" nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn"
    b" sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave"
    b" Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml"
    b" ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN"
    b" szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute"
    b" icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml"
    b" yacute thorn yuml"
)
# Others that are met.
_OTHERS = {
    b"OElig": 0x152, b"oelig": 0x153, b"Scaron": 0x160, b"scaron": 0x161, b"Yuml": 0x178, b"ndash": 0x2013,
    b"mdash": 0x2014, b"lsquo": 0x2018, b"rsquo": 0x2019, b"sbquo": 0x201A, b"ldquo": 0x201C,
    b"rdquo": 0x201D, b"bdquo": 0x201E, b"dagger": 0x2020, b"bull": 0x2022, b"hellip": 0x2026,
    b"permil": 0x2030, b"lsaquo": 0x2039, b"rsaquo": 0x203A, b"euro": 0x20AC, b"trade": 0x2122,
    b"larr": 0x2190, b"uarr": 0x2191, b"rarr": 0x2192, b"darr": 0x2193, b"minus": 0x2212, b"ensp": 0x20,
    b"emsp": 0x20, b"thinsp": 0x20,
}  # fmt: skip


def code_of(name):
    """The code point of a name as bytes, 0 where it is none."""
    at = (_LATIN + b" ").find(b" %s " % name)
    return 160 + _LATIN.count(b" ", 0, at) if at >= 0 else _OTHERS.get(name, 0)
