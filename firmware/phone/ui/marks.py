"""Small pictures that are drawn by us and no font need have, a digit a pixel: the level."""

from micropython import const

from phone.ui.screen import BACKUP, NONE, PRIMARY, STALE

_GS2_HMSB = const(5)  # framebuf.GS2_HMSB

# One str a mark: each row of it as a str of its own would take 64 bytes more.
_LARGE = {
    PRIMARY: (
        "00013331000"
        "00333333300"
        "03333333330"
        "13333333331"
        "33333333333"
        "33333333333"
        "33333333333"
        "13333333331"
        "03333333330"
        "00333333300"
        "00013331000"
    ),
    BACKUP: (
        "00000300000"
        "00002320000"
        "00003330000"
        "00023332000"
        "00033333000"
        "00233333200"
        "00333333300"
        "02333333320"
        "03333333330"
        "23333333332"
        "33333333333"
    ),
    NONE: (
        "02000000020"
        "23200000232"
        "02320002320"
        "00232023200"
        "00023232000"
        "00002320000"
        "00023232000"
        "00232023200"
        "02320002320"
        "23200000232"
        "02000000020"
    ),
    STALE: (
        "00023332000"
        "00320002300"
        "03000300030"
        "20000300002"
        "30000300003"
        "30000333003"
        "30000000003"
        "20000000002"
        "03000000030"
        "00320002300"
        "00023332000"
    ),
}

_SMALL = {
    PRIMARY: ("0033300" "0333330" "3333333" "3333333" "3333333" "0333330" "0033300"),
    BACKUP: ("0000000" "0003000" "0033300" "0033300" "0333330" "0333330" "3333333"),
    NONE: ("3000003" "0300030" "0030300" "0003000" "0030300" "0300030" "3000003"),
    STALE: ("0033300" "0303030" "3003003" "3003303" "3000003" "0300030" "0033300"),
}


def picture(mark, size):
    """What a canvas takes to blit: (bits, width, height, format); `size` is 11 or 7 pixels.

    None for a mark that is not known.
    """
    rows = (_LARGE if size == 11 else _SMALL).get(mark)
    if rows is None:
        return None
    stride = (size + 3) // 4
    bits = bytearray(stride * size)
    for y in range(size):
        for x in range(size):
            bits[y * stride + x // 4] |= int(rows[y * size + x : y * size + x + 1]) << x % 4 * 2
    return (bytes(bits), size, size, _GS2_HMSB)
