"""wire/pixels.py: hex digits into pixels, whatever wrote them."""

from phone.rare import Picture
from phone.wire.pixels import Pixels

HEAP = "512wK"  # the pixels of a large picture, one by one


def picture(digits, width, height, depth=2, known=True, size=300):
    pixels = Pixels(depth if known else 0)
    for begin in range(0, len(digits), size):
        pixels.add(digits[begin : begin + size])
    return pixels.picture(width, height, depth)


def levels(found):
    """The pixels, row by row, as digits."""
    stream = b"".join(found.strips)
    flat = [stream[at >> 2] >> 2 * (at & 3) & 3 if at >> 2 < len(stream) else 0
            for at in range(found.width * found.height)]  # fmt: skip
    rows = [flat[at : at + found.width] for at in range(0, len(flat), found.width)]
    return ["".join([str(level) for level in row]) for row in rows]


def test_the_examples_of_the_specification():
    for size in (300, 3, 1):
        found, fits = picture(b"2D", 4, 1, size=size)
        assert fits and levels(found) == ["1320"]
        found, fits = picture(b"03Cc3f", 6, 2, size=size)
        assert fits and levels(found) == ["300003", "033330"]


def test_white_space_and_what_is_no_digit_is_passed_over():
    for digits in (b"03 CC\r\n3F", b"\t0 3 C C 3 F ", b"03-CC-3F", b"0x03CC3F"[2:], b"03CC3"):
        found, _ = picture(digits, 6, 2)
        assert levels(found)[0] == "300003", digits


def test_rows_that_are_filled_up_to_a_byte():
    found, fits = picture(b"030CFC03", 6, 2)
    assert not fits and levels(found) == ["300003", "033330"]
    rows = [bytes([(5 * row + at) & 255 for at in range(34)]).replace(b"\xff", b"\0") for row in range(65)]
    rows = [row[:33] + bytes((row[33] & 3,)) for row in rows]  # 133 pixels are 33 bytes and a quarter
    digits = b"".join([b"%02x" % byte for row in rows for byte in row])
    found, fits = picture(digits, 133, 65)
    assert not fits and [len(strip) for strip in found.strips] == [1024, 1024, 114]
    whole = levels(found)
    for number, row in enumerate(rows):
        alone = Picture(133, 1, (row,))
        assert whole[number] == levels(alone)[0], number


def test_too_much_is_cut_and_too_little_is_white():
    found, fits = picture(b"ff" * 9, 4, 2)
    assert not fits and found.strips == (b"\xff\xff",)
    found, fits = picture(b"ff", 4, 2)
    assert not fits and levels(found) == ["3333", "0000"]
    found, fits = picture(b"", 4, 2)
    assert not fits and levels(found) == ["0000", "0000"]
    assert picture(b"ff", 0, 2) == (None, False) and picture(b"", 0, 0) == (None, True)
    found, _ = picture(b"ff" * 20000, 9999, 9999)
    assert (found.width, found.height) == (800, 480) and sum([len(strip) for strip in found.strips]) <= 13312


def test_one_bit():
    for known in (True, False):
        found, fits = picture(b"a501", 8, 2, 1, known)
        assert fits and levels(found) == ["30300303", "30000000"], known
        found, fits = picture(b"1f00", 6, 2, 1, known)  # 12 bits
        assert fits and levels(found) == ["333330", "000000"], known
        found, fits = picture(b"010203", 6, 3, 1, known)
        assert fits, "18 bits are 3 bytes, filled up or not"
        found, fits = picture(b"01020304", 6, 4, 1, known)
        assert not fits and levels(found) == ["300000", "030000", "330000", "003000"], known


def test_a_large_picture_comes_in_strips():
    found, fits = picture(b"1b" * 10728, 298, 144)
    assert fits and [len(strip) for strip in found.strips] == [1024] * 10 + [488]
    assert levels(found)[0].startswith("3210") and levels(found)[143].startswith("1032")
