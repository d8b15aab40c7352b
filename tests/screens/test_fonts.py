"""The font files: built the same every time, read back whole, refused when broken."""

import pytest

from host_tools.fonts import DIGITS, FACES, TEXT, build
from tests.screens.drawing import ROOT

TEXTS = [name for name, face in FACES.items() if face[3] is TEXT]


@pytest.fixture(scope="module")
def folder():
    return build(ROOT / "build/fonts")


def opened(folder, name):
    from phone.runtime.fonts import fonts

    return fonts(str(folder), (name,))[name]


def test_the_same_files_every_time(folder, tmp_path):
    again = build(tmp_path)
    assert {file.name for file in again.iterdir()} == {name + ".font" for name in FACES} | {"stamp"}
    for file in again.iterdir():
        assert file.read_bytes() == (folder / file.name).read_bytes(), file.name


def test_nothing_is_done_twice(tmp_path):
    build(tmp_path)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    build(tmp_path)
    assert before == {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}


@pytest.mark.parametrize("name", TEXTS)
def test_the_letters_of_europe_are_there(folder, name):
    font = opened(folder, name)
    box = font.read(0xFFFF)
    for char in "Az09~ÄßçñøþŁőšȘΑΩάϊЁжяіїґ„“”‘’–—…•€№":
        assert font.read(ord(char)) != box, char
    for char in "日☎\x07\x85\u0378":
        assert font.read(ord(char)) == box, hex(ord(char))
    assert font.read(0x2070) == box and font.width(0x2070) == box[0] == font.width(0)


@pytest.mark.parametrize("name", FACES)
def test_no_glyph_leaves_its_line(folder, name):
    font = opened(folder, name)
    for first, last in FACES[name][3]:
        for code in range(first, last + 1):
            advance, left, top, width, height, bits = font.read(code)
            assert advance == font.width(code) and 0 < advance <= font.height * 2
            assert top + height <= font.height and len(bits) == (width + 3) // 4 * height <= 4096
            assert left > -4 and width <= advance + 4


def test_mono_fonts_are_crisp(folder):
    font = opened(folder, "mono")
    for code in range(0x20, 0x180):
        for byte in font.read(code)[5]:
            assert all(byte >> shift & 3 in (0, 3) for shift in (0, 2, 4, 6)), hex(code)


def test_digits_are_of_one_width(folder):
    for name, face in FACES.items():
        font = opened(folder, name)
        if face[3] is DIGITS:
            assert font.height < font.width(ord("0")) * 2
        assert len({font.width(ord(digit)) for digit in "0123456789"}) == 1, name


def test_a_broken_file_is_refused(folder, tmp_path):
    from phone.runtime.fonts import FontFile

    whole = (folder / "mono.font").read_bytes()
    broken = tmp_path / "broken.font"
    for data in (b"", b"EVF2", b"PNG" + whole, whole[:40], whole[:300]):
        broken.write_bytes(data)
        with pytest.raises(ValueError, match="broken.font is "):
            FontFile(str(broken))
    with pytest.raises(OSError):
        FontFile(str(tmp_path / "none.font"))
    broken.write_bytes(whole[:4500])  # the bits are cut: letters are blank, nothing is raised
    font = FontFile(str(broken))
    assert font.read(0x416)[0] == font.width(0x416) > 0 and font.read(0x416)[4] == 0
