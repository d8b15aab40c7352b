"""Pages without a phone: what `everline render` and `everline lint` say, and that nothing breaks them."""

import codecs
import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from host_tools import render
from host_tools.lint import check
from host_tools.render import PAGE_SECONDS, Renderer, picture_name, root

ROOT = Path(__file__).parents[2]
KEYS = ["file", "object", "title", "items", "mended", "truncated", "error", "ms"]
MENU = ('<CiscoIPPhoneMenu>\n<Title>Wards &amp; beds</Title>\n'
        '<MenuItem><Name>One</Name><URL>http://x/?a=1&b=2</URL></MenuItem>\n'
        '<MenuItem><Name>Two</Name><URL>two.xml</URL></MenuItem>\n</CiscoIPPhoneMenu>\n')
TEXT = "<CiscoIPPhoneText><Title>News</Title><Text>%s</Text></CiscoIPPhoneText>"


def everline(*arguments, seconds=60):
    """Run the command; (exit code, stdout, stderr)."""
    done = subprocess.run([sys.executable, "-m", "host_tools.cli", *arguments], cwd=ROOT, timeout=seconds,
                          capture_output=True, text=True, encoding="utf-8", errors="surrogateescape")
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


PLAIN = "<CiscoIPPhoneText><Title>Ward</Title><Text>Rest</Text></CiscoIPPhoneText>"


@pytest.fixture(scope="module")
def renderer():
    with Renderer() as made:
        yield made


def test_a_page_is_a_line_of_json_and_a_picture(tmp_path):
    page = tmp_path / "menu.xml"
    page.write_text(MENU)
    code, out, err = everline("render", str(page), "--json", "--out", str(tmp_path / "out"))
    assert (code, err) == (0, "")
    said = json.loads(out)
    assert list(said) == KEYS
    assert said["file"] == str(page)
    assert (said["object"], said["title"], said["items"]) == ("CiscoIPPhoneMenu", "Wards & beds", 2)
    assert said["mended"][0] == "Line 3, column 45: & stands for itself."
    assert (said["truncated"], said["error"]) == ([], None)
    assert 0 < said["ms"] < 1000
    picture = Image.open(tmp_path / "out" / "menu.png")
    assert picture.size == (320, 240)
    assert len(picture.getcolors()) > 4


def test_the_small_display_and_a_line_for_a_person(tmp_path):
    page = tmp_path / "menu.xml"
    page.write_text(MENU)
    code, out, _ = everline("render", str(page), "--display", "128x64", "--out", str(tmp_path))
    assert code == 0 and out.count("\n") == 1
    assert 'CiscoIPPhoneMenu, "Wards & beds", 2 items' in out and "line 3, column 45" in out.lower()
    assert Image.open(tmp_path / "menu.png").size == (128, 64)


def bad_pages(folder):
    """Files that no server should send, by name."""
    files = {
        "empty": b"", "blank": b" \n ", "binary": bytes(range(256)) * 100, "comment": b"<!-- nothing -->",
        "deep": b"<a>" * 60000, "open": b"<CiscoIPPhoneMenu>" + b"<MenuItem><Name>x" * 9000, "lone": b"<",
        "utf16": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "ampersands": b"&" * 190000,
        "attributes": b"<CiscoIPPhoneMenu " + b"a='b' " * 30000 + b"/>",
        "entities": b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 9000 + b'">]><CiscoIPPhoneText>' + b"&b;" * 9000,
        "other": b"<CiscoIPPhoneRingList><Ring/></CiscoIPPhoneRingList>",
        "png": b"\x89PNG\r\n\x1a\n" + bytes(999),
        "huge": b"<CiscoIPPhoneText><Text>" + b"word " * 1000000,
    }  # fmt: skip
    for name, body in files.items():
        (folder / (name + ".xml")).write_bytes(body)
    return [str(folder / (name + ".xml")) for name in files]


def test_whatever_a_file_holds_there_is_a_line_for_it(tmp_path):
    names = bad_pages(tmp_path)
    folder, none = str(tmp_path), str(tmp_path / "none.xml")
    good = tmp_path / "good.xml"
    good.write_text(TEXT % "a")
    code, out, _ = everline("render", *names, folder, none, "/dev/zero", "", "http://127.0.0.1:1/", "http://[",
                            str(good), "--json", "--out", str(tmp_path / "out"))
    said = [json.loads(line) for line in out.splitlines()]
    assert [line["file"] for line in said][: len(names)] == names and len(said) == len(names) + 7
    assert all(list(line) == KEYS for line in said)
    shown = {Path(line["file"]).stem for line in said if line["object"]}
    assert shown <= {"open", "attributes", "entities", "huge", "good", "utf16"} and "good" in shown
    for line in said:
        assert (line["object"] is None) == bool(line["error"]), line
        assert line["error"] is None or line["error"].endswith(".")
    assert code == 1  # some could not be read at all


def test_a_fifo_does_not_hold_it_up(tmp_path, renderer):
    os.mkfifo(tmp_path / "pipe.xml")
    result, image = renderer.render(str(tmp_path / "pipe.xml"))
    assert result["error"] == "This is no file with a page in it." and image is None


def test_a_picture_lies_beside_its_page(tmp_path, renderer):
    pictured = "<CiscoIPPhoneImageFile><Title>Plan</Title><URL>%s</URL></CiscoIPPhoneImageFile>"
    Image.new("L", (40, 30), 0).save(tmp_path / "plan.png")
    seen = {}
    for name in ("plan.png", "./plan.png?x=1", "none.png", "http://10.0.0.1/plan.png", "page.xml"):
        (tmp_path / "page.xml").write_text(pictured % name)
        result, image = renderer.render(str(tmp_path / "page.xml"))
        assert result["object"] == "CiscoIPPhoneImageFile" and result["error"] is None
        seen[name] = image
    assert seen["plan.png"] == seen["./plan.png?x=1"]
    ink = seen["plan.png"].getpixel((30, 65))
    assert sum(ink) < 200 < sum(seen["none.png"].getpixel((30, 65)))
    assert len({seen[name].tobytes() for name in seen}) > 2  # each with its sentence


def test_what_was_left_out_is_said(tmp_path, renderer):
    page = tmp_path / "long.xml"
    items = "".join("<MenuItem><Name>%d</Name><URL>Dial:%d</URL></MenuItem>" % (n, n) for n in range(130))
    page.write_text("<CiscoIPPhoneMenu><Title>Long</Title>%s</CiscoIPPhoneMenu>" % items)
    result, _ = renderer.render(str(page))
    assert result["items"] == 100
    assert result["truncated"] == ["Line 1, column 5463: left out: items after the first 100."]


NOT_XML = (  # (what stands around or in a page, where a strict parser stops)
    ('<%@ Language="JScript"%>\n' + PLAIN, "Line 1, column 2"),
    ("\n<?xml version='1.0'?>" + PLAIN, "Line 2, column 1"),
    (PLAIN.replace("Rest", "Rest&nbsp;now"), "Line 1, column 48"),
    (PLAIN + "<br/>", "Line 1, column 74"),
)


@pytest.mark.parametrize("body, place", NOT_XML)
def test_where_a_strict_parser_stops_is_said_of_a_page_that_is_shown(body, place, tmp_path, renderer):
    page = tmp_path / "page.xml"
    page.write_text(body)
    result, _ = renderer.render(str(page), draw=False)
    assert result["object"] == "CiscoIPPhoneText" and result["error"] is None
    assert [said.rpartition(": ")[0] for said in result["mended"]] == [place + ": a strict parser stops here"]


def test_a_page_that_is_well_formed_was_not_mended(tmp_path, renderer):
    page = tmp_path / "page.xml"
    for body in (PLAIN.encode(), ('<?xml version="1.0" encoding="windows-1251"?>' + PLAIN).encode("cp1251"),
                 ('<!DOCTYPE a [<!ENTITY b "c">]>' + PLAIN).encode(), PLAIN.encode("utf-16")):
        page.write_bytes(body)
        result, _ = renderer.render(str(page), draw=False)
        assert (result["object"], result["mended"]) == ("CiscoIPPhoneText", [])
    page.write_bytes(b"<CiscoIPPhoneRingList>")
    assert renderer.render(str(page), draw=False)[0]["mended"] == []


GUEST = """
import json, sys, time
print("noise")
print("\\x1e{}", flush=True)
for line in sys.stdin:
    body = open(json.loads(line)["path"]).read()
    if body == "hang": time.sleep(99)
    if body == "die": sys.exit("of hunger")
    if body == "kill": import os; os.abort()
    if body == "babble":
        while True: print("x" * 9000)
    if body == "nonsense": print("\\x1e{", flush=True)
    else:
        print('\\x1e{"root": "%s", "shown": true, "title": "", "items": 0, "told": [],'
              ' "mends": 0, "why": "", "us": 1000}' % body, flush=True)
"""


@pytest.mark.parametrize("body, words", [
    ("hang", "does not come to an end"), ("die", "dies of this page (exit code 1: of hunger)"),
    ("kill", "dies of this page (signal 6"), ("babble", "does not come to an end"),
    ("nonsense", "nobody understands")])
def test_a_page_that_breaks_the_phone_costs_itself_only(body, words, tmp_path, monkeypatch):
    (tmp_path / "guest.py").write_text(GUEST)
    monkeypatch.setattr(render.build, "guest", lambda *_: tmp_path / "guest.py")
    monkeypatch.setattr(render, "interpreter", lambda: tmp_path / "python")
    (tmp_path / "python").write_text('#!/bin/sh\nshift 2\nexec "%s" "$@"\n' % sys.executable)
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setattr(render, "PAGE_SECONDS", 1.0)
    files = [tmp_path / name for name in ("before.xml", "bad.xml", "after.xml")]
    for file, text in zip(files, ("CiscoIPPhoneText", body, "ciscoipphonemenu")):
        file.write_text(text)
    with Renderer() as renderer:
        results = [renderer.render(str(file))[0] for file in files]
    assert [result["object"] for result in results] == ["CiscoIPPhoneText", None, "CiscoIPPhoneMenu"]
    assert words in results[1]["error"]
    assert PAGE_SECONDS > 1


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status = 404 if self.path == "/none" else 200
        self.send_response(status)
        self.send_header("Content-Type", "text/xml; charset=windows-1251")
        self.end_headers()
        self.wfile.write(TEXT.replace("News", "Новости").encode("cp1251") % b"\xe4\xe0")

    def log_message(self, *_):
        pass


def test_a_url_is_fetched_with_its_charset_and_its_status(renderer):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = "http://127.0.0.1:%d" % server.server_port
    try:
        assert renderer.render(url + "/news.xml")[0]["title"] == "Новости"
        assert renderer.render(url + "/none")[0]["error"] == "The server answers with status 404."
    finally:
        server.shutdown()
        server.server_close()


def test_names():
    taken = set()
    assert [picture_name(name, taken) for name in ("a/b.xml", "c/b.xml", "http://h:1/x/y.php?a=1", "...")] \
        == ["b.png", "b-2.png", "h-1-x-y.php.png", "page.png"]
    assert root("ciscoipphonemenu") == "CiscoIPPhoneMenu"
    assert root("CiscoIPPhoneImageFileWindowMode=") == "CiscoIPPhoneImageFile"
    assert root("x:YealinkIPPhoneTextMenu") == "YealinkIPPhoneTextMenu"


@pytest.mark.parametrize("arguments, words", [
    (["render", "x.xml", "--display", "3x3"], "no display '3x3'"),
    (["render", "x.xml", "--board", "toaster"], "no board 'toaster'"),
    (["render", "x.xml", "--out", "README.md"], "README.md cannot be made")])
def test_wrong_options_are_sentences(arguments, words):
    code, out, err = everline(*arguments)
    assert (code, out) == (2, "") and words in err


# --- lint -----------------------------------------------------------------------------------------


def page(name, inner):
    return ("<CiscoIPPhone%s>\n%s\n</CiscoIPPhone%s>" % (name, inner, name)).encode()


GOOD = {
    "Menu": "<Title>T</Title><Prompt>P</Prompt><MenuItem><Name>N</Name><URL>Dial:1</URL></MenuItem>"
            "<SoftKeyItem><Name>S</Name><URL>SoftKey:Select</URL><Position>1</Position></SoftKeyItem>",
    "Text": "<Title>T</Title><Text>x\ty\n</Text><KeyItem><Key>KeyPad1</Key><URL>http://x/</URL></KeyItem>",
    "Input": '<URL method="post">http://x/</URL><InputItem><DisplayName>N</DisplayName><InputFlags>AP</InputFlags>'
             "<QueryStringParam>n</QueryStringParam></InputItem>",
    "Directory": "<DirectoryEntry><Name>N</Name><Telephone>1</Telephone></DirectoryEntry>",
    "Image": "<LocationX>-1</LocationX><Width>4</Width><Height>1</Height><Depth>2</Depth><Data>2D</Data>",
    "Execute": '<ExecuteItem Priority="0" URL="http://x/"/><ExecuteItem URL="Play:a.raw"/>',
    "Error": "no",
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_every_phone_takes(name):
    assert check(page(name, GOOD[name])) == []


WRONG = [
    ("Menu", "<title>T</title>", 2, 1, "<title> is written <Title>"),
    ("Menu", "<Prompt>P</Prompt>\n<Title>T</Title>", 3, 1, "<Title> stands after <Prompt>"),
    ("Menu", "<Title>%s</Title>" % ("x" * 33), 2, 1, "<Title> has 33 characters, 32 are allowed"),
    ("Menu", "<Title>T</Title>" * 2, 2, 17, "<Title> number 2, 1 allowed"),
    ("Menu", "<MenuItem><URL>x</URL></MenuItem>", 2, 1, "<MenuItem> has no <Name>: older"),
    ("Menu", "<MenuItem><Name>N</Name></MenuItem>\n" * 101, 102, 1, "<MenuItem> number 101, 100 allowed"),
    ("Menu", "<MenuItem><Name>N</Name><URL>http://x/?a&b</URL></MenuItem>", 2, 41, "& stands for itself"),
    ("Menu", "<MenuItem><Name>&nbsp;</Name></MenuItem>", 2, 17, "&nbsp; is no name of XML's"),
    ("Menu", "<MenuItem><Name>N</Name><URL>softkey:Exit</URL></MenuItem>", 2, 25, "softkey: is written"),
    ("Menu", "<MenuItem><Name>N</Name><URL>SoftKey:Dial</URL></MenuItem>", 2, 25, "SoftKey:Dial is not"),
    ("Menu", "<MenuItem><Name>N</Name><URL>http://x/%s</URL></MenuItem>" % ("p" * 130), 2, 25, "a path of"),
    ("Menu", "<SoftKeyItem><Name>S</Name></SoftKeyItem>", 2, 1, "<SoftKeyItem> has no <Position>"),
    ("Menu", "<SoftKeyItem><Name>S</Name><Position>0</Position></SoftKeyItem>", 2, 28, "it is -1 to"),
    ("Text", "<Title>T</Title>", 1, 1, "<CiscoIPPhoneText> has no <Text>"),
    ("Text", "<Text>%s</Text>" % ("x" * 4001), 2, 1, "<Text> has 4001 characters"),
    ("Text", "<Text>a</Text><Bold/>", 2, 15, "<Bold> is unknown"),
    ("Text", "<Text>a<Text>", 3, 3, "this is no XML"),
    ("Input", "<Title>T</Title>", 1, 1, "<CiscoIPPhoneInput> has no <URL>"),
    ("Input", "<URL>x</URL>\n<InputItem><QueryStringParam>n</QueryStringParam>"
              "<InputFlags>a</InputFlags></InputItem>", 3, 50, 'InputFlags "a"'),
    ("Directory", "<DirectoryEntry><Name>N</Name></DirectoryEntry>", 2, 1, "has no <Telephone>"),
    ("Image", "<Width>4</Width><Height>1</Height><Depth>2</Depth><Data>2D2D</Data>", 2, 51, "Data has 4"),
    ("Image", "<Width>4</Width><Height>1</Height><Depth>2</Depth><Data>xx</Data>", 2, 51, "hexadecimal"),
    ("Execute", '<ExecuteItem URL="http://x/"/>' * 2, 1, 1, "more than one http URL"),
    ("Execute", '<ExecuteItem Priority="5" URL="Play:a"/>', 2, 1, 'Priority="5"'),
    ("GraphicFileMenu", '<URL>x</URL>\n<MenuItem><TouchArea X1="a" Y1="1" X2="2" Y2="2"/></MenuItem>', 3, 11,
     'X1="a" is no number'),
]  # fmt: skip


@pytest.mark.parametrize("name, inner, line, column, words", WRONG, ids=[case[4][:30] for case in WRONG])
def test_what_a_commercial_phone_refuses(name, inner, line, column, words):
    found = check(page(name, inner))
    assert any(words in str(it) and (it.line, it.column) == (line, column) for it in found), found


def test_roots_and_bytes():
    assert "is written <CiscoIPPhoneText>" in str(check(TEXT.lower().encode() % b"a")[0])
    assert "is none of the objects" in str(check(b"<YealinkIPPhoneTextMenu/>")[0])
    assert "no UTF-8" in str(check(TEXT.encode() % b"\xe4")[0])
    assert check(b'<?xml version="1.0" encoding="iso-8859-1"?>' + TEXT.encode() % b"\xe4") == []
    assert check(TEXT.encode() % b"\xe4", "text/xml; charset=iso-8859-1") == []
    assert "entities of a page's own" in str(check(b'<!DOCTYPE a [<!ENTITY b "c">]><CiscoIPPhoneText/>')[0])
    assert "no XML" in str(check(b"")[0])


def test_lint_ends_with_1_where_a_phone_would_refuse_a_page(tmp_path):
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_bytes(page("Menu", GOOD["Menu"]))
    bad.write_text(MENU)
    assert everline("lint", str(good))[0] == 0
    code, out, _ = everline("lint", str(good), str(bad))
    assert code == 1 and "bad.xml: Line 3, column 45: & stands for itself" in out
    code, out, _ = everline("lint", str(bad), "--json")
    assert code == 1 and json.loads(out)["findings"][0]["line"] == 3
