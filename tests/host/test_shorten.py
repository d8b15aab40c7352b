"""The shortener: what it makes of small programs does the same, and what it cannot follow is refused."""

import itertools
import json
import os
import subprocess
import sys
import textwrap

import pytest

from host_tools import build
from host_tools.phone import interpreter
from host_tools.problem import Problem
from host_tools.shorten import shorten
from host_tools.shorten.back import Back


def program(**files):
    """{module: text}; two underscores stand for a dot, main is what runs."""
    return {name.replace("__", "."): (name + ".py", textwrap.dedent(text)) for name, text in files.items()}


def run(files, folder):
    """What the files print, {path without suffix: text}."""
    for name, text in files.items():
        path = folder / (name + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = subprocess.run([sys.executable, "-B", str(folder / "main.py")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def the_same(tmp_path, **files):
    """The Short of a program that prints the same as the program does; the output."""
    sources = program(**files)
    plain = run({name.replace(".", "/"): text for name, (_, text) in sources.items()}, tmp_path / "plain")
    short = shorten(sources, ["board", "main"])
    assert run(short.files, tmp_path / "short") == plain
    return short, plain


def test_files_of_a_folder_become_one_and_do_the_same(tmp_path):
    short, said = the_same(
        tmp_path,
        main="""
            from pkg.shop import Shop
            from pkg import tools
            print(Shop(3).price("apple"), tools.VAT, tools.double(4))
        """,
        pkg__tools="""
            VAT = 7
            def double(number):
                return 2 * number
        """,
        pkg__shop="""
            from pkg.tools import VAT, double as twice
            class Shop:
                '''Sells.'''
                def __init__(self, percent):
                    self._percent = percent
                def price(self, name):
                    return twice(len(name)) + self._percent + VAT
        """,
    )
    assert said == "20 7 8\n"
    assert sorted(short.files) == ["main", "pkg/__init__"]
    for word in ("_percent", "percent", "Shop", "double", "price", "VAT", "Sells"):
        assert word not in "".join(short.files.values())


def test_what_is_imported_late_stays_by_itself_and_comes_late(tmp_path):
    short, _ = the_same(
        tmp_path,
        main="""
            from pkg.door import enter
            print("begin")
            enter()
            enter()
        """,
        pkg__door="""
            LIMIT = 5
            def enter():
                from pkg import rare
                rare.show(LIMIT)
                from pkg.rare import Rare as Thing
                print(Thing(2).number)
        """,
        pkg__rare="""
            from pkg import door
            print("rare is here")
            class Rare:
                def __init__(self, number):
                    self.number = number + door.LIMIT
            def show(limit):
                print(limit, door.enter is not None)
        """,
    )
    assert sorted(short.files) == ["main", "pkg/__init__", "pkg/rare"]


def test_a_file_that_needs_a_folder_within_its_own_is_no_part_of_its_ground(tmp_path):
    short, _ = the_same(
        tmp_path,
        main="from pkg.top import answer\nprint(answer())",
        pkg__ground="BASE = 40000000000",
        pkg__inner__middle="from pkg.ground import BASE\ndef more():\n    return BASE + 2",
        pkg__top="from pkg.inner.middle import more\ndef answer():\n    return more()",
    )
    assert sorted(short.files) == ["main", "pkg/__init__", "pkg/inner/__init__", "pkg/top"]


def test_scopes_of_every_kind_keep_their_meaning(tmp_path):
    the_same(
        tmp_path,
        main="""
            count = 0
            limit = [1, 2]
            def outer(first, second=limit, *rest, key=3):
                total = first
                def inner(step):
                    nonlocal total
                    global count
                    total += step + key
                    count += 1
                    return [step + part for part in second if part < step + 9 for _ in (1, 2)]
                out = inner(5)
                words = {name: size for name, size in (("a", 1), ("b", 2))}
                work = lambda first, other=total: (first, other, total, sorted(words))
                try:
                    raise ValueError(rest)
                except ValueError as error:
                    return out, total, work(9), error.args, (lambda: key)()
            class Box:
                size = 4
                sizes = [size, size + 1]
                def __init__(self, content=limit):
                    self.content = content
                    self.size += 1
                @property
                def double(self):
                    return [self.size, Box.sizes, self.content] * 2
                @staticmethod
                def make(size):
                    box = Box(size)
                    box.label = "made"
                    return box.double, box.label
            print(outer(1, key=8), outer(1, (3, 4), 5), count, Box.make(7))
            for index, (left, right) in enumerate([(1, 2)]):
                print(index, left, right)
            with open(__file__) as file:
                print(bool(file.read()))
        """,
    )


def test_a_function_within_a_function_takes_no_name_of_its_neighbours(tmp_path):
    letters = ["number_%s" % letter for letter in "abcdefghijklmnopqrstuvwxyz"]
    body = "".join("    %s = %d\n" % (name, at) for at, name in enumerate(letters))
    main = "def main():\n%s    def within():\n        return 1\n    print(within(), %s)\nmain()\n"
    the_same(tmp_path, main=main % (body, ", ".join(letters)))


def test_what_a_module_has_is_never_hidden(tmp_path):
    """Variables of functions, attributes of classes and what is imported share their short names."""
    the_same(
        tmp_path,
        main="""
            from pkg import tools as t, late
            from pkg.tools import three
            def both(a):
                first = three(a)
                from pkg.tools import three as again, eight
                return first, again(a), eight(a), three(a)
            def one(x, y=t.three(1)):
                def two(z):
                    return [t.four(part) + x for part in (y, z)]
                total, other, more = 1, 2, 3
                return two(total), t.five(other, more), three(4), [three(n) + t.four(n) for n in range(3)]
            class Box:
                three = t.three(5)
                four = three + t.four(6)
                sizes = [t.four(n) for n in (1, 2)]
                def __init__(self, five=t.five(7, 8), six=lambda a, b=t.four(9): (a, b, t.four(a))):
                    self.all = five, six(1), self.three, self.four
            def rare(a, b, c):
                from pkg import late as other
                from pkg.late import seven, six
                return other.six(a), seven(b), six(c), late.seven(c)
            print(one(2), Box().all, Box.sizes, rare(1, 2, 3), both(1))
        """,
        pkg__tools="""
            def three(a):
                return a + 3
            def four(a):
                return a + 4
            def five(a, b):
                return three(a) + four(b)
            def eight(a):
                return a + 8
        """,
        pkg__late="""
            from pkg import tools
            def six(a):
                return tools.three(a) + 3
            def seven(a, three=1):
                four = six(a) + three
                return four + tools.four(four)
        """,
    )


def test_named_tuples_and_families(tmp_path):
    short, _ = the_same(
        tmp_path,
        main="""
            from collections import namedtuple
            from pkg.base import Base
            Event = namedtuple("Event", ("kind", "value") + ("extra",))
            class First(Base):
                def __init__(self):
                    Base.__init__(self)
                    self._mine = 1
                def show(self):
                    return self._mine, self._base, self.tell()
            class Other:
                def __init__(self):
                    self._other = 5
                    self.again = None
            first = First()
            other = Other()
            other.again = first.show()
            event = Event("k", 2, extra=other.again)
            kind, value, extra = event
            print(event.kind, event.value, event.extra, kind, value, extra, other._other, tuple(event))
        """,
        pkg__base="""
            class Base:
                def __init__(self):
                    self._base = 2
                def tell(self):
                    return self._base + 1
        """,
    )
    text = short.files["main"]
    assert "extra" in text and "kind" not in text and "again" not in text


def test_no_object_gets_two_attributes_of_one_name():
    """Two share a name only where no object has both; what is assigned from outside shares with nothing."""
    sources = program(
        main="""
            class A:
                def __init__(self):
                    self.one = self.two = 1
            class B(A):
                def __init__(self):
                    self.three = self.outside = 2
            class C:
                def __init__(self):
                    self.four = self.five = 3
            def late(thing):
                thing.outside = 4
        """,
    )
    short = shorten(sources, ["main"]).attributes
    assert len({short["one"], short["two"], short["three"], short["outside"]}) == 4
    assert short["four"] != short["five"]
    assert {short["four"], short["five"]} <= {short["one"], short["two"], short["three"]}
    assert short["outside"] not in {name for word, name in short.items() if word != "outside"}


def test_what_others_know_is_left_alone(tmp_path):
    short, _ = the_same(
        tmp_path,
        board="""
            import sys
            display = [1]
            _hidden = 5
            def link():
                return _hidden
        """,
        main="""
            import board
            class Loop:
                def __init__(self, board):
                    self._board = board
                    self.append = []
                    self.maybe = 1
                    self.link = None
                def run(self, *, option=0):
                    self.append.append(self._board.link())
                    return self.append, hasattr(self, "maybe"), getattr(self, "absent", 7), option
            print(Loop(board).run(option=2), board.display)
        """,
    )
    board, main = short.files["board"], short.files["main"]
    assert "def link" in board and "display" in board and "_hidden" not in board
    assert "maybe" in main and "option" in main and "_board" not in main


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(x, name):\n    return getattr(x, name)", "not written out"),
        ("def f(x):\n    return x.__dict__", "cannot be followed"),
        ("try:\n    print(len.x)\nexcept AttributeError:\n    print(1)", "cannot be followed"),
        ("print(globals())", "cannot be followed"),
        ("from pkg import one\nx = one", "module pkg.one is used as a value"),
        ("from pkg import one\nprint(one.absent)", "pkg.one has no absent"),
        ("from pkg.one import absent\nprint(absent)", "pkg.one has no absent"),
        ("def f(x):\n    from pkg import one\n    one.A\n    from pkg import one\n    return one.A",
         "one is a module of ours and bound more than once"),
        ("from pkg.one import *", "says in full"),
        ("import pkg.one", "from ... import"),
        ("def f(:\n", "line 1"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_place(text, said):
    with pytest.raises(Problem, match=said) as refused:
        shorten(program(main=text, pkg__one="A = 1"), ["main"])
    assert "main.py" in str(refused.value) or "pkg" in str(refused.value)


def test_constants_stand_where_they_are_used(tmp_path):
    short, _ = the_same(
        tmp_path,
        main="""
            from pkg import limits
            from pkg.limits import WORD, HALF
            print(limits.MOST, WORD, HALF, limits.LONG, limits.PAIR, limits.state(), limits.state())
        """,
        pkg__limits="""
            MOST, LEAST = 10 * 60 * 1000, -5
            HALF = MOST // 2 + LEAST
            WORD, LONG = "short", "longer than ten"
            PAIR = (1, 2)
            _count = 0
            def state():
                global _count
                _count += 1
                return _count, MOST
        """,
    )
    assert "600000" in short.files["main"] and "299995" in short.files["main"]
    assert "600000" in short.files["pkg/__init__"]  # within state(), and nowhere bound
    assert "= 600000" not in short.files["pkg/__init__"] and short.files["pkg/__init__"].count("longer") == 1


# --- the firmware itself ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def firmware():
    return build.shortened(build.sources("unix"))


def test_the_firmware_becomes_the_same_whatever_the_order_of_sets(firmware):
    code = ("import hashlib, json; from host_tools import build\n"
            "short = build.shortened(build.sources('unix'))\n"
            "made = json.dumps([short.files, short.names], sort_keys=True)\n"
            "print(hashlib.sha256(made.encode()).hexdigest())")
    seen = {subprocess.run([sys.executable, "-c", code], cwd=build.ROOT, capture_output=True, text=True,
                           env=dict(os.environ, PYTHONHASHSEED=seed)).stdout for seed in ("1", "2", "77")}
    assert len(seen) == 1 and len(seen.pop()) == 65


def test_micropython_knows_none_of_the_names_that_are_shortened(firmware, tmp_path):
    """What is not in its table of names cannot be known to it. What fails here is for platform_names.txt."""
    script, words = tmp_path / "new.py", tmp_path / "words"
    words.write_text("\n".join(sorted(firmware.attributes)))
    script.write_text(textwrap.dedent("""
        import micropython
        for name in open(%r):
            name = name.strip()
            print("name", name)
            micropython.qstr_info()
            try:
                getattr(0, name)
            except AttributeError:
                pass
            micropython.qstr_info()
    """) % str(words))
    said = subprocess.run([interpreter(), str(script)], capture_output=True, text=True).stdout.splitlines()
    names = [line.split()[1] for line in said if line.startswith("name ")]
    counts = [int(line.split("n_qstr=")[1].split(",")[0]) for line in said if "n_qstr=" in line]
    known = [name for name, before, after in zip(names, counts[::2], counts[1::2]) if before == after]
    assert names == sorted(firmware.attributes) and known == []


def test_a_traceback_tells_functions_apart(firmware):
    """Of functions in one result, those only share a short name that had one name before."""
    for unit, functions in firmware.names["functions"].items():
        for short, known in functions.items():
            assert len({one["name"].rpartition(".")[2] for one in known}) == 1, (unit, short, known)


def test_a_traceback_of_what_ships_reads_as_the_sources_do(tmp_path):
    """A fault in the middle of the firmware, told by the unix port, and translated."""
    source = (build.FIRMWARE / "phone" / "core" / "jitter.py").read_text()
    broken = tmp_path / "jitter.py"
    broken.write_text(source + "\n    def fail(self):\n        return self._state.nothing_there\n\n\n"
                      "def start():\n    return Jitter('x').fail()\n\n\nstart()\n")
    folder = build.build("unix", tmp_path / "out", {"phone/core/jitter.py": broken})
    done = subprocess.run([interpreter(), "-c", "import phone.core"], capture_output=True, text=True,
                          env=dict(os.environ, MICROPYPATH=f"{folder}:.frozen"))
    back = Back.of(folder)
    lines = [back.line(line) for line in (done.stdout + done.stderr).splitlines()]
    at = source.count("\n") + 2
    assert f'  File "{broken}", line {at}, in Jitter.fail' in lines, lines
    assert f'  File "{broken}", line {at + 4}, in start' in lines, lines
    assert lines[-1] == "AttributeError: 'int' object has no attribute 'nothing_there'"


def test_what_ships_forgets_and_comes_again(firmware, tmp_path):
    script = tmp_path / "forget.py"
    script.write_text(firmware.guest("forget.py", textwrap.dedent("""
        import gc
        import sys

        from phone.runtime.forget import SELDOM, forget


        def load():
            for name in SELDOM.split():
                __import__("phone." + name)


        used = []
        for _ in range(5):
            load()
            gc.collect()
            used.append(gc.mem_alloc())
            forget()
            gc.collect()
            used.append(gc.mem_alloc())
        print([name for name in SELDOM.split() if "phone." + name in sys.modules])
        print(used[-2] - used[-1] > 10000, used[-1] - used[-5] < 100)
    """)))
    folder = build.build("unix")
    done = subprocess.run([interpreter(), str(script)], capture_output=True, text=True,
                          env=dict(os.environ, MICROPYPATH=f"{folder}:.frozen"))
    assert done.stdout.splitlines() == ["[]", "True True"], done.stdout + done.stderr


def test_back_leaves_other_lines_alone():
    ask = {"at": "client.py", "line": 3, "name": "Client.ask", "names": {"B": "Race"},
           "attributes": {"c": "url"}}
    back = Back({"functions": {"phone.core": {"a": [ask]}}, "classes": {"H": ["Client", "Fetch"]}})
    say = '  File "%s", line 1, in %s'
    error = "AttributeError: 'H' object has no attribute 'c'"
    for line in ("    0.002 The phone was switched on.", error, say % ("asyncio/core.py", "run")):
        assert back.line(line) == line
    assert back.line(say % ("phone.core", "a")) == '  File "client.py", line 3, in Client.ask'
    assert back.line(error) == "AttributeError: 'Client or Fetch' object has no attribute 'url'"
    back.line(say % ("phone.core", "a"))
    assert back.line("NameError: name 'B' isn't defined") == "NameError: name 'Race' isn't defined"


def test_names_json_lies_beside_what_it_translates():
    folder = build.build("unix")
    made = json.loads((folder / "names.json").read_text())
    assert "phone.core" in made["functions"] and any("Client" in names for names in made["classes"].values())


def test_a_guest_keeps_its_variables_and_speaks_to_the_phone(firmware):
    said = firmware.guest("bench.py", "from phone import events\n\n\nclass Watch:\n    def __init__(self):\n"
                          "        self.seen_so_far = events.Key('1', True).down\n")
    assert "class Watch" in said and "seen_so_far" in said and "events" not in said and ".down" not in said
    one, other = next(pair for pair in itertools.combinations(sorted(firmware.attributes), 2)
                      if firmware.attributes[pair[0]] == firmware.attributes[pair[1]])
    with pytest.raises(Problem, match="one name in what ships"):
        firmware.guest("bench.py", f"class Watch:\n    def f(self):\n        self.{one} = self.{other} = 1\n")
