"""wire/png.py, png_rows.py, halftone.py, darkroom.py, runtime/inflate.py: a PNG becomes a Picture."""

from binascii import a2b_base64

import png_files as files

from phone.rare import Picture
from phone.records import Unshown
from phone.runtime.inflate import Inflater
from phone.wire import png
from phone.wire.darkroom import Darkroom
from phone.wire.halftone import Halftone
from phone.wire.png_rows import Rows

GREY = bytes([i & 255 for i in range(298)])


def read(data, most=100000, piece=7):
    """What the reader makes of it, fed in pieces."""
    reader = png.PngReader(most)
    for at in range(0, len(data), piece):
        if reader.done:
            break
        reader.feed(memoryview(data)[at : at + piece])
    return reader.finish()


def rows_of(record):
    return Rows(record, Inflater(record.pieces, (png.row_bytes(record)[0] + 1) * record.height))


def lines(data):
    """The darkness of each row."""
    record = read(data)
    rows, out = rows_of(record), []
    for _ in range(record.height):
        for _ in rows.next():
            pass
        if rows.over:
            break
        out.append(bytes(rows.line))
    return out


def picture(data, size=None, levels=4):
    record = read(data)
    stream = Inflater(record.pieces, (png.row_bytes(record)[0] + 1) * record.height)
    room = Darkroom(record, stream, size or (record.width, record.height), levels)
    while room.work():
        pass
    return room.picture()


def levels_of(found):
    """Rows of digits."""
    stream = b"".join(found.strips)
    text = ""
    for i in range(found.width * found.height):
        text += "%d" % (stream[i >> 2] >> 2 * (i & 3) & 3)
    return [text[i : i + found.width] for i in range(0, len(text), found.width)]


def why(data, **options):
    record = read(data, **options)
    assert type(record) is Unshown, record
    return record.why[0]


def test_grey_of_every_depth():
    assert lines(files.png(9, 1, 1, 0, [b"\0\xa5\x80"])) == [bytes((0, 255, 0, 255, 255, 0, 255, 0, 0))]
    assert lines(files.png(4, 1, 2, 0, [b"\0\x1b"])) == [bytes((255, 170, 85, 0))]
    assert lines(files.png(3, 1, 4, 0, [b"\0\x0f\x80"])) == [bytes((255, 0, 119))]
    assert lines(files.png(3, 1, 8, 0, [b"\0\x00\xff\x40"])) == [bytes((255, 0, 191))]
    assert lines(files.png(2, 1, 16, 0, [b"\0\x00\xff\x40\x00"])) == [bytes((255, 191))]


def test_colours_are_as_dark_as_they_look():
    red, green, blue = b"\xff\0\0", b"\0\xff\0", b"\0\0\xff"
    dark = lines(files.png(5, 1, 8, 2, [b"\0" + red + green + blue + b"\0\0\0\xff\xff\xff"]))[0]
    assert list(dark) == [179, 106, 227, 255, 0]
    assert lines(files.png(2, 1, 16, 2, [b"\0\xff\x01\0\2\0\3" + b"\0\1\xff\xff\0\0"])) == [bytes((179, 106))]
    palette = red + green + blue
    assert lines(files.png(4, 1, 2, 3, [b"\0\x1b"], palette)) == [bytes((179, 106, 227, 0))], "one too few"
    assert lines(files.png(3, 1, 8, 3, [b"\0\2\1\0"], palette)) == [bytes((227, 106, 179))]


def test_what_is_clear_shows_the_paper():
    assert lines(files.png(3, 1, 8, 4, [b"\0\0\xff\0\0\0\x80"])) == [bytes((255, 0, 128))]
    assert lines(files.png(2, 1, 8, 6, [b"\0\0\0\0\xff\0\0\0\x33"])) == [bytes((255, 51))]
    assert lines(files.png(1, 1, 16, 6, [b"\0\0\0\0\0\0\0\x80\0"])) == [bytes((128,))]
    assert lines(files.png(1, 1, 16, 4, [b"\0\0\0\x40\0"])) == [bytes((64,))]
    assert lines(files.png(3, 1, 8, 3, [b"\0\0\1\2"], bytes(9), clear=b"\0\x80")) == [bytes((0, 128, 255))]
    assert lines(files.png(2, 1, 8, 0, [b"\0\x10\x11"], clear=b"\0\x10")) == [bytes((0, 238))]
    assert lines(files.png(2, 1, 8, 2, [b"\0\1\2\3\1\2\4"], clear=b"\0\1\0\2\0\3")) == [bytes((0, 254))]
    assert lines(files.png(2, 1, 16, 0, [b"\0\1\2\1\3"], clear=b"\1\2")) == [bytes((0, 254))]


def test_every_filter():
    """Of rows that are 1 2 3 .. and 2 4 6 ..., as ISO 15948 9.2 has them."""
    first = b"\1\1\1\1\1"  # sub: 1 2 3 4
    want = [bytes((254, 253, 252, 251))]
    for second in (b"\0\2\4\6\x08", b"\1\2\2\2\2", b"\2\1\2\3\4", b"\3\2\2\3\3", b"\4\1\2\2\2"):
        found = lines(files.png(4, 2, 8, 0, [first, second]))
        assert found == want + [bytes((253, 251, 249, 247))], second
    # Paeth takes left, above, or the corner, and each of them once here.
    found = lines(files.png(3, 2, 8, 0, [b"\0\x64\x0a\x64", b"\4\0\0\0"]))
    assert found[1] == bytes((155, 245, 155)), found
    assert lines(files.png(2, 1, 8, 2, [b"\1\1\1\1\1\1\1"])) == [bytes((254, 253))]


def test_pieces_of_any_size_and_chunks_that_do_not_matter():
    rows = [b"\0" + GREY, b"\2" + bytes(298)]
    more = files.chunk(b"tEXt", b"x" * 3000) + files.chunk(b"gAMA", b"\0\0\xb1\x8f")
    want = lines(files.png(298, 2, 8, 0, rows))
    assert want == [bytes([255 - grey for grey in GREY])] * 2
    assert lines(files.png(298, 2, 8, 0, rows, more=more, piece=13)) == want
    for size in (1, 64, 5000):
        assert read(files.png(298, 2, 8, 0, rows, more=more), piece=size).width == 298
    wide = read(files.png(2000, 2, 8, 0, [bytes(2001)] * 2))
    assert [len(piece) for piece in wide.pieces] == [1024, 1024, 1024, 2 * 2001 + 11 - 3 * 1024]


def test_what_cannot_be_shown_is_said():
    rows = [b"\0\0"]
    assert "interlaced" in why(files.png(1, 1, 8, 0, rows, interlaced=1))
    assert "only PNG" in why(b"\xff\xd8\xff\xe0\0\x10JFIF") and "only PNG" in why(b"GIF89a")
    assert "only PNG" in why(b"<html>") and "only PNG" in why(b"") and "only PNG" in why(b"\x89PNG")
    assert "KB" in why(files.png(100, 100, 8, 0, [bytes(101)] * 100), most=5000)
    for width, height, colour in ((1000, 1000, 0), (2000, 9, 2), (70000, 70000, 0)):
        assert "points" in why(files.png(width, height, 8, colour, rows))
    assert "damaged" in why(files.png(0, 1, 8, 0, rows)) and "damaged" in why(files.png(1, 1, 7, 0, rows))
    assert "damaged" in why(files.png(1, 1, 4, 2, rows)) and "damaged" in why(files.png(1, 1, 8, 5, rows))
    whole = files.png(1, 1, 8, 0, rows)
    assert "damaged" in why(whole[:40]), "no IDAT"
    reader = png.PngReader(100000)
    reader.feed(memoryview(whole)[:50])
    assert "KB" in reader.finish(False).why[0]


def test_a_picture_that_breaks_off_is_shown_as_far_as_it_came():
    rows = [b"\0" + bytes(600)] * 4
    data = files.png(600, 4, 8, 0, rows)
    found = levels_of(picture(data[: len(data) - 900]))
    assert found == ["3" * 600, "3" * 600, "0" * 600, "0" * 600]
    nonsense = data.replace(b"\x78\x01\x01", b"\x78\x01\x07")  # a kind of block that there is not
    assert nonsense != data and picture(nonsense) is None


def test_levels_without_loss_are_the_levels():
    rows = [b"\0" + bytes((0, 85, 170, 255, 0)), b"\0" + bytes((255, 170, 85, 0, 255))]
    found = picture(files.png(5, 2, 8, 0, rows))
    assert levels_of(found) == ["32103", "01230"]
    # 3 2 1 0, 3 0 1 2, 3 0 and the end: no row begins a byte
    assert found.strips == (bytes((3 | 2 << 2 | 1 << 4, 3 | 1 << 4 | 2 << 6, 3)),)


def test_grey_is_dithered_and_stays_as_dark():
    for grey, levels in ((128, 4), (30, 4), (220, 4), (128, 2), (200, 2)):
        data = files.png(40, 40, 8, 0, [b"\0" + bytes((grey,)) * 40] * 40)
        found = "".join(levels_of(picture(data, None, levels)))
        assert set(found) <= set("03" if levels == 2 else "0123")
        mean = sum([int(level) * 85 for level in found]) / len(found)
        assert abs(mean - (255 - grey)) < 4, (grey, mean)


def test_scaled_down_is_the_mean():
    checks = [b"\0" + bytes((0, 255)) * 4, b"\0" + bytes((255, 0)) * 4]
    black = [b"\0" + bytes(4) + b"\xff" * 4] * 2
    found = levels_of(picture(files.png(8, 4, 8, 0, black + black), (4, 2)))
    assert found == ["3300", "3300"]
    found = "".join(levels_of(picture(files.png(8, 4, 8, 0, checks * 2), (4, 2))))
    assert set(found) <= set("12"), found
    assert levels_of(picture(files.png(3, 3, 8, 0, [bytes(4)] * 3), (2, 2))) == ["33", "33"]
    wide = picture(files.png(300, 3, 8, 0, [bytes(301)] * 3), (1, 1))
    assert wide == Picture(1, 1, (b"\3",))


def test_strips_are_small_and_all_there():
    found = picture(files.png(130, 70, 1, 0, [b"\0" + b"\xff" * 17] * 70))
    assert [len(strip) for strip in found.strips] == [1024, 1024, 227] and not any(b"".join(found.strips))
    tone = Halftone(64, 64, (64, 64), 4)
    assert [len(strip) for strip in tone.picture().strips] == [1024], "nothing came: paper"


def test_a_picture_with_a_table_of_its_own_unpacks():
    """Packed by zlib 1.3: 200x40 in grey, two rows of three being the one above and some more."""
    packed = a2b_base64(PACKED)
    record = png.Png(200, 40, 8, 0, b"", b"", [packed[i : i + 100] for i in range(0, len(packed), 100)])
    rows = rows_of(record)
    for y in range(40):
        for _ in rows.next():
            pass
        assert not rows.over
        assert bytes(rows.line) == bytes([255 - (x * x + y * 3 & 255) for x in range(200)]), y


PACKED = (
    "eNrt0mFTEgYAxnFKSSltSOmGlC6ktJCmhWxaCKUhlIZQOoTSEZRG0DSCTSNZKUmlDSrdoNIFlhbYtMBNC11paKWhlQ6tdKSlkTaN"
    "dNNI9yV4we14vsD/nrsfADDHHQSGIsLxFHa27EqzBbAsdq+sbtAHn1XeAybl3wZsyL8HTikfx8sHI2WvYy8CmM0rZVPsTnwNQgE+"
    "7n4EcMT9OFiBqMF3sqdkK5uZgIuxr2WRg3L8eHkK+F7+BsDtfBK4pzwL7zNYJ9sbuwxgab4iy2ZT8OEIKBjkPsdR/blu/5P9b44A"
    "QPO9IVA4KopE5x1VXG+3glYlHFDcGfUn5VS9gFKL7oM2Fz2C7qqaJilHNyreJVwFcdrXKObyekn1KBX0tPcJ0Anv01AVqp7Uy5ur"
    "WNPOAV1NeKfYOKokTVftgj4q2gy6X0SFvqjKIfmP3lEcSFgFsrZfVxzl0UlRKDgU4j3fUX0XLaejBVnkB4MjMTFUlvCk6ma3DbI2"
    "+ZDqwWQQNa/2DZxR8hiyreQpfF+tG1U9uUX1IfkGhN+9TrVAOEBtwmjg5/zOQM74nYNrME3UAeEC1bpuPuRG8gfVlkk11a12H/xp"
    "yTbI4xIG/E1tHjVo8oHqUPJaiK37puqkkEWNwSDhML9Fjuq7aDkdLdiSQAQSjYtncMVnNc39dtj6tHzNk9lQRmHjeyS77BlsR9kg"
    "8mCjF0M7u13jnnYLJuqP1SwWjzDacDpkeeB52PnAcqQO18YYES/WxPaLYLfS3DXbZ7UMr8aDyMGyHbBnZWzk+8ZCRujsE01+2nqY"
    "vb9Zc1bMZcTj0EhE4BJH9V20nI4WYnkICo0lJrEF0gu69mEgYlNGke65ZwS7uPUjmlf5ErG7chR9uNWXrffcqfPOuIuQDCfolkon"
    "2F1EA7oq5BLiUkgV2kDsYk9Il+oShiWIuxneup2eerZv62H0aOVuxMtKHvpjazE7wvO5rihjEwI43K67IBWwk4hYNCpkuaP6LlpO"
    "Rwu1OhyDJVBSebnyy4bu8YWorVklhlc+0bzSznlYYc1b1P6aSeyxzgBeg88eg1/WQ9Sp8WTDCvkMr49ixNaGX0NdC6/FGil9vBn5"
    "CkPy+CnUwyw/wx6fBl5A5zHsZM1+1NsaIXZeZykv2ueVoSRrK2rheLfhsjyXl0ohYDHhqx3Vd9FyOlqYL6NwBDI9XVig/NXYP/0p"
    "5uucMuPf/nHCit5PCOL6fzDf1c8SfuwNFrb4f2sMzPkT89N0mvELpYdwiG4iNEb9hvktqpFgog8JPZRfGNOmf8L8mRNo/Na/RRjc"
    "+yNhtv47zD/1YsInvRXCOP+/jWU5X2M+ne43/qosEKbTyQRc1JeO6rtoOR0tHD6GSKaxMsUy9e+mYbfPcd/kVZr+DUoUVw98RpY2"
    "AXA/NHmSfx4IE3cEfW8KyfsL94tbhukrNVg8xjKTW2P+wP0R00o2s8bEYPVXpgy3X3B/5YWYvg/qEIcN/Ez2bPoBB2iSkj8bqBYn"
    "Bv1rqsz7Bve527Dpd7VMnMmikYkxeEf1XbScjhaRFE+hMbnZUoX2tnncayVxb2GNeU5oirRuZBlN3gYiHm/zoV0ciZT2hB4xhxe+"
    "Jl7xyjJv0EKlU1wLrTP+HvFefCfNwp2SQrUbzFleV4ivC8PNR0J7pJEjF2k+bceJoDY5bdlInTQldI65pnAvcaXXuPm2ViHN5jJp"
    "lHiSo/ouWk5Hi0JNojM5gqNylf6+Zdp3DeVAcb1lfsQu+Z2JVUxlF4RyusufeXVio/xFxAlLVPE7ynXfHMtmPVw+V2Bl9iY9ojxK"
    "6mVaBXPlcP1mS47vdcq74ijLiYgX8o0TV5n+XacpkC4lc9XEHfmuiPmW+uIDlDW+05b7epX8qIDDpCdRHdV30XI6WnRGKovDzz2p"
    "1DQ8troFrKMfKm2yLorep3wws5aj7oPRz/UFcW7MbFG+iT5jjSn9QL8ZkGfd1oBULsi1cQZSn9Kfpg5wbLkLlMiGbda8gJv0D6Ux"
    "1jPRb5RbZm5wgvrO0WF9as7amQfKfdGLrE2lh+jrAtysjxs0ypO5fA4rleGovouW09FisdO5fFHBWbWu5ZnNKziWlV/RZlsSd1D9"
    "xGM9XzuEYJUPhfJveWxXv487b4uvcGc1BxfadrSg1YsL7PyR9EHWYPoI316wWI1u2WErDG5muVfE287HvVdv97jFDx0qZyGGtPz1"
    "Hk/UB+OW2Noq8lmxwV62Zy069dkCEZ+bznZU30XL6WhxeZkCkUR2QWvoeGn3DUvgFlV32ZcnHtY+B28S6cdQ3KqxCNFd8E7tx8RL"
    "9qRqb257WLF9dwdWu1QGFE1kjnJHMydEQNlSLbZjt704rJ3rXZ1kv5T4UbsTfFcUMVbFRY3pRZvAz7WHE5fbu6qLuAlhvvaXHQbt"
    "BZlEJMjkOarvouV0tATC7FzJKcVlvbHnLTAgMllQUtcHXJ1yTP8KulXSMIUR1E5FSx5C9+jnpVwDptb5CbojS4H7ewj6FYqFkpns"
    "ScFk9oxkoWKFntCzH1ga2S3wq0sFXkuZp98DfSiJnqoVYKYaJFuhr/THUlYD++pKBMmRAcC3PUb9ZcUpSW620FH9/wD/AoOw"
)
