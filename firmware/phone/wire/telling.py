"""What is said of a page that had to be mended."""


def sentence(place, what, name):
    """place: line and column; what: a phrase with %s for the name, bytes, of which a line is enough."""
    shown = "".join([chr(byte) if 32 < byte < 127 else "?" for byte in name[:32]])
    return "line %d, column %d: " % place + what % shown
