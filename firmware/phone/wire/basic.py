"""Basic credentials as a request brings them (RFC 7617)."""

from binascii import a2b_base64


def is_right(authorization, credentials):
    """Whether the value of the field Authorization brings b"user:password"; in a time that does not tell
    where the two differ."""
    brought = given(authorization)
    differs = len(brought) ^ len(credentials)
    for place, byte in enumerate(brought):
        differs |= byte ^ (credentials[place] if place < len(credentials) else 0)
    return not differs


def given(authorization):
    """b"user:password" of the value of the field Authorization; b"" where it is nothing of the kind."""
    scheme, _, coded = authorization.partition(b" ")
    try:
        return a2b_base64(coded.strip()) if scheme.lower() == b"basic" else b""
    except ValueError:
        return b""
