"""Widths, wrapping and the glyph cache."""

from ui_fakes import Source

from phone.ui.font import Font, codes


def test_width_counts_real_widths():
    font = Font(Source())
    assert font.width("") == 0
    assert font.width("Wi.") == 19
    assert font.width("äЖ") == 12
    assert font.width("\u65e5") == 8


def test_fit_cuts_with_an_ellipsis_only_where_it_must():
    font = Font(Source())
    assert font.fit("abcde", 30) == "abcde"
    assert font.fit("abcdef", 30) == "abcd\u2026"
    assert font.fit("abc def", 30) == "abc\u2026"  # no blank before the ellipsis
    assert font.width(font.fit("WWWWWWWWW", 37)) <= 37


def test_wrap_breaks_after_blanks():
    font = Font(Source())
    assert font.wrap("", 60) == [""]
    assert font.wrap("one two", 60) == ["one two"]
    assert font.wrap("one two three", 60) == ["one two", "three"]
    assert font.wrap("0123456789 x", 60) == ["0123456789", "x"]  # the blank hangs over
    assert font.wrap("  indented", 60) == ["  indented"]
    assert font.wrap("a    \t    b", 12) == ["a", "b"]
    assert font.wrap("one\n\ntwo three\n four", 60) == ["one", "", "two three", " four"]


def test_wrap_breaks_long_words_and_after_hyphens():
    font = Font(Source())
    assert font.wrap("abcdefghijklmno", 60) == ["abcdefghij", "klmno"]
    assert font.wrap("ab cdefghijklmnopq", 60) == ["ab", "cdefghijkl", "mnopq"]
    assert font.wrap("night-nurse", 60) == ["night-", "nurse"]
    assert font.wrap("WWW", 5) == ["W", "W", "W"]  # narrower than a letter: one a line, and an end


def test_wrap_loses_no_character():
    font = Font(Source())
    text = "Ärzte, сёстры и 4711-4712 … " * 9 + "x" * 70
    for width in (7, 20, 33, 60, 300):
        starts = list(font.breaks(text, width)) + [len(text)]
        assert starts[0] == 0 and all(starts[i] < starts[i + 1] for i in range(len(starts) - 1))
        for i in range(len(starts) - 1):
            line = text[starts[i] : starts[i + 1]].rstrip()
            assert font.width(line) <= width or len(line) == 1


def test_code_points_are_those_of_ord():
    for text in (
        "",
        "plain",
        "\u00e4\u0416\u20ac",
        "a\U0001f600b\u65e5",
        "\x7f\x80\u07ff\u0800\uffff\U0010ffff",
    ):
        assert list(codes(text)) == [ord(letter) for letter in text]


def test_glyphs_are_kept_and_forgotten():
    source = Source()
    font = Font(source, 10)
    first = font.glyph(65)
    assert first == (bytes([65] * 4) + bytes((6, 128, 2)), 3, 4, 5)
    for code in range(65, 73):
        font.glyph(code)
        font.glyph(code)
    assert source.reads == 8
    assert font.glyph(32)[2] == 0  # a blank has no picture
    for code in range(200, 260):
        font.glyph(code)
    assert len(font._young) <= 10 and len(font._old) <= 10
    assert font.glyph(65) == first and source.reads == 8 + 1 + 60 + 1


class Narrow(Source):
    """There is room for so many letters of two fonts."""

    def __init__(self, room):
        Source.__init__(self)
        self.room, self.fonts = room, ()

    def read(self, code):
        if sum([len(font._young) + len(font._old) for font in self.fonts]) >= self.room:
            raise MemoryError
        return Source.read(self, code)


def test_where_there_is_no_room_for_a_letter_those_of_all_fonts_go():
    source = Narrow(5)
    source.fonts = title, row = Font(source), Font(source)

    def forget():
        title.forget()
        row.forget()

    title.spare = row.spare = forget
    for code in range(65, 70):
        title.glyph(code)
    for code in range(65, 91):  # none of its own could go for the first of them
        assert row.glyph(code)[0][:4] == bytes([code] * 4)
    assert row.prepare("abcdefghijklmnop", 24) == 8


def test_widths_of_many_letters_are_bounded():
    font = Font(Source())
    font.width("".join([chr(code) for code in range(0x400, 0x500)]))
    assert len(font._widths) <= 128
