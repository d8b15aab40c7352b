"""The `everline` command. What it starts, it ends; what goes wrong, it says in a sentence."""

import json
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from host_tools.problem import Problem

DISPLAYS = ("320x240", "128x64")
# Words for keys that a shell would take for itself.
ALIASES = {"star": "*", "hash": "#", "pound": "#"}


class Sentences(TyperGroup):
    """A group whose commands end with a sentence on stderr, and quietly on Ctrl-C."""

    def invoke(self, ctx):
        """Run the command; exit codes: 1 or 2 for a Problem, 130 for Ctrl-C as shells have it."""
        try:
            return super().invoke(ctx)
        except Problem as problem:
            print("everline: %s" % problem, file=sys.stderr)
            raise typer.Exit(problem.code) from problem
        except KeyboardInterrupt as signal:
            raise typer.Exit(130) from signal


app = typer.Typer(
    cls=Sentences, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="A desk phone whose screen services outlive the servers that give them. "
         "Start with [bold]everline run[/bold], or watch [bold]everline demo[/bold].")

PanelOption = Annotated[str, typer.Option("--panel", metavar="HOST:PORT", help="Where the phone's panel is.")]
DisplayOption = Annotated[str | None, typer.Option(
    "--display", metavar="|".join(DISPLAYS), help="The display: four levels and colour, or two levels.")]
BoardOption = Annotated[str, typer.Option("--board", metavar="NAME", help="Whose firmware it is.")]
TimeoutOption = Annotated[float, typer.Option("--timeout", min=0.1, help="How long to wait, in seconds.")]


@app.command()
def run(
    site: Annotated[list[Path] | None, typer.Option(
        metavar="DIR", help="A folder of XML pages to serve instead of the little intranet: one for all "
                            "servers, or one each (give the option again).")] = None,
    port: Annotated[int, typer.Option(
        min=1, max=65000, help="Port of the page; busy ports are stepped over.")] = 8000,
    display: DisplayOption = None,
    no_browser: Annotated[bool, typer.Option(
        "--no-browser", help="Do not open the page in a browser.")] = False,
    names: Annotated[bool, typer.Option(
        help="Give the servers names and the phone a name server, or addresses only.")] = True,
    managers: Annotated[bool, typer.Option(
        help="Give the phone two call managers: Kamailio where it is installed, else a stand-in.")] = True,
    stand_in: Annotated[bool, typer.Option(
        "--stand-in", help="The stand-ins, also where Kamailio is installed.")] = False,
    learn: Annotated[bool, typer.Option(
        "--learn", help="The phone is told of A alone, and hears of B from A's call manager.")] = False,
) -> None:
    """Run a phone and a small world of servers; show it on a page and in the terminal."""
    from host_tools.run import run as go

    _display(display)
    if learn and not managers:
        raise Problem("Without call managers the phone can learn of nobody.", 2)
    kind = "stand-in" if managers and stand_in else managers
    go(site or [], port, display, not no_browser, names, kind, learn)


@app.command()
def phone(
    config: Annotated[Path, typer.Option(
        metavar="FILE", help="The phone's configuration (docs/configuration.md).")],
    state: Annotated[Path, typer.Option(
        metavar="DIR", help="A folder for what the phone remembers over a restart.")],
    panel: PanelOption = "127.0.0.1:5100",
    display: DisplayOption = None,
) -> None:
    """Run one phone against any servers, and print its account. Ctrl-C ends it."""
    from host_tools.phone import PhoneProcess, build_folder
    from host_tools.run import undisturbed, until_signalled

    if not config.is_file():
        raise Problem("There is no file %s." % config, 2)
    _display(display)
    build_folder()
    try:
        json.loads(config.read_bytes())
    except ValueError as error:  # the phone says so too, but has no line and column
        _say("%s is not valid JSON: %s" % (config, error))
    process = PhoneProcess(config, panel, state, display, on_line=_say, on_event=_say)
    with until_signalled():
        try:
            _say("panel %s:%d" % process.start())
            process.wait()
        finally:
            ended = process.ended
            with undisturbed():
                process.stop()
    if ended != "it ended in good order":
        raise Problem("The phone has ended: %s." % ended)


@app.command()
def press(
    keys: Annotated[list[str], typer.Argument(
        metavar="KEY...", help="Keys in order, such as: services 1 soft3 star.")],
    panel: PanelOption = "127.0.0.1:5100",
    wait: Annotated[bool, typer.Option(
        help="Wait after each key until the phone has loaded and drawn.")] = True,
    timeout: TimeoutOption = 12.0,
) -> None:
    """Press keys of a phone that runs."""
    with _connect(panel) as link:
        keys = [ALIASES.get(key, key) for key in keys]
        for key in keys:
            link.check(key)
        for key in keys:
            link.press(key, timeout)
            if wait:
                link.settle(timeout)


@app.command()
def screen(
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the picture to FILE.")] = None,
    scale: Annotated[int, typer.Option(min=1, max=16, help="How large to draw a pixel of the picture.")] = 1,
    as_json: Annotated[bool, typer.Option(
        "--json", help="Print the screen as one line of JSON (docs/panel.md).")] = False,
    panel: PanelOption = "127.0.0.1:5100",
    timeout: TimeoutOption = 12.0,
) -> None:
    """Show the screen of a phone that runs, as text; with --png as a picture."""
    with _connect(panel) as link:
        shown = link.settle(timeout)
        if png is not None:
            try:
                link.image(scale).save(png, "PNG")
            except OSError as error:
                raise Problem("%s can not be written: %s." % (png, error.strerror)) from error
        if as_json:
            _say(json.dumps(shown, ensure_ascii=False))
        elif png is None:
            _say(link.text())


@app.command()
def logs(
    follow: Annotated[bool, typer.Option(
        "--follow", "-f", help="Go on with what is added, also after the phone was started anew.")] = False,
    as_json: Annotated[bool, typer.Option(
        "--json", help="Print one line of JSON each: n, t (ms since start), at (unix time), text.")] = False,
    panel: PanelOption = "127.0.0.1:5100",
) -> None:
    """Print the journal of a phone that runs: what it decided, when and why."""
    from host_tools.logs import logs as tell
    from host_tools.run import until_signalled

    with until_signalled():
        tell(lambda: _connect(panel), follow, as_json, _say)


@app.command()
def drill(
    as_json: Annotated[bool, typer.Option(
        "--json", help="Print one line of JSON for each result: lost, by (null: nobody), ms.")] = False,
    panel: PanelOption = "127.0.0.1:5100",
) -> None:
    """Have a phone pretend that each of its servers in turn is lost; who takes over, in milliseconds.

    Nothing is stored, and any key of the phone stops it. Exit code 1 where nobody would take over."""
    from host_tools.drill import drill as play

    with _connect(panel) as link:
        covered = play(link, as_json, _say)
    raise typer.Exit(0 if covered else 1)


@app.command()
def doctor(
    config: Annotated[Path, typer.Option(
        metavar="FILE", help="The phone's configuration (docs/configuration.md).")],
    as_json: Annotated[bool, typer.Option(
        "--json", help="Print one line of JSON for each finding: about, ok (null: a remark), text.")] = False,
) -> None:
    """Look at a configuration and the servers that it names as a phone would; say what is wrong.

    Each server is asked once, a call manager by OPTIONS only. Exit code 1 where something is wrong."""
    from host_tools.doctor import doctor as look
    from host_tools.run import until_signalled

    with until_signalled():
        code = look(config, as_json, _say)
    raise typer.Exit(code)


@app.command()
def demo(
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each event.")] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the pictures go.")] = Path("build/demo"),
) -> None:
    """Tell the story without hands: servers fail and return, the phone goes on. Under a minute."""
    from host_tools.demo import demo as play
    from host_tools.phone import build_folder
    from host_tools.run import until_signalled

    build_folder()
    with until_signalled():
        code = play(out, as_json)
    raise typer.Exit(code)


@app.command()
def bench(
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON, no tables.")] = False,
    quick: Annotated[bool, typer.Option(
        "--quick", help="A few runs, half a minute: to see that it works, not how fast.")] = False,
    only: Annotated[list[str] | None, typer.Option(
        metavar="NAME", help="One section, such as keys or managers; may be repeated.")] = None,
) -> None:
    """Measure this phone beside its peers, in minutes. Exit code 1 where a bound does not hold."""
    from host_tools.bench.run import bench as measure
    from host_tools.phone import build_folder
    from host_tools.run import until_signalled

    build_folder()
    with until_signalled():
        code = measure(as_json, quick, only or ())
    raise typer.Exit(code)


@app.command()
def soak(
    hours: Annotated[float, typer.Option(min=0, help="Length of a day in virtual time; 0: none.")] = 24,
    minutes: Annotated[float, typer.Option(min=0, help="How long with real sockets; 0: not at all.")] = 15,
    days: Annotated[int, typer.Option(min=1, help="How many virtual days, each of its own seed.")] = 1,
    seed: Annotated[int, typer.Option(help="One seed is one day, to the last piece.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON, no tables.")] = False,
) -> None:
    """Random outages for long: what breaks, and what grows. Exit code 1 where a bound does not hold."""
    from host_tools.phone import build_folder
    from host_tools.run import until_signalled
    from host_tools.soak.run import soak as endure

    build_folder()
    with until_signalled():
        code = endure(hours, minutes, days, seed, as_json)
    raise typer.Exit(code)


@app.command()
def render(
    pages: Annotated[list[str], typer.Argument(metavar="FILE|URL...", help="Pages of a service.")],
    board: BoardOption = "unix",
    display: DisplayOption = None,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Where the pictures go; without: build/render, if it can be made.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each page.")] = False,
) -> None:
    """Show pages as the phone would: a picture and a line of each. Exit code 1 where one cannot be read."""
    from host_tools.render import everything
    from host_tools.run import until_signalled

    _display(display)
    with until_signalled():
        code = everything(pages, board, display or DISPLAYS[0], out, as_json, _say)
    raise typer.Exit(code)


@app.command()
def lint(
    pages: Annotated[list[str], typer.Argument(metavar="FILE|URL...", help="Pages of a service.")],
    board: BoardOption = "unix",
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each page.")] = False,
) -> None:
    """Say what a commercial phone would refuse or cut in pages. Exit code 1 where there is anything."""
    from host_tools.lint import everything
    from host_tools.run import until_signalled

    with until_signalled():
        code = everything(pages, board, as_json, _say)
    raise typer.Exit(code)


@app.command()
def site(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of XML pages.")],
    port: Annotated[int, typer.Option(
        min=1, max=65535, help="Its port; busy ports are stepped over.")] = 8001,
    name: Annotated[str, typer.Option(help="What {site} in the pages becomes.")] = "A",
) -> None:
    """Serve one folder of pages alone, for a phone of your own. Ctrl-C ends it."""
    from host_tools.run import until_signalled
    from host_tools.world import Server

    if not folder.is_dir():
        raise Problem("There is no folder %s." % folder, 2)
    over = threading.Event()
    server = Server(name, folder, port, on_change=lambda it: over.set() if it.state == "stopped" else None,
                    on_request=lambda it: _say("%s %s" % (it["status"], it["request"])))
    with until_signalled():
        try:
            server.start()
            _say("%s serves %s" % (server.url, folder))
            over.wait()
        finally:
            server.stop()
    raise Problem("The server has ended by itself.")


@app.command()
def manager(
    host: Annotated[str, typer.Argument(help="Where it listens, such as 127.0.0.1 or an address of a LAN.")],
    port: Annotated[int, typer.Argument(min=1, max=65535, help="Its UDP port.")] = 5060,
    user: Annotated[list[str] | None, typer.Option(
        metavar="NAME:PASSWORD", help="Who may register; may be repeated. Without: 1001:secret1001")] = None,
    pointers: Annotated[str | None, typer.Option(
        metavar="CALL-INFO", help="The Call-Info of its answers, such as "
                                  "'<http://10.0.0.2/menu.xml>;purpose=backup-service'.")] = None,
    watch: Annotated[str | None, typer.Option(
        metavar="HOST:PORT", help="Another call manager: when it dies, the pointers are pushed.")] = None,
    algorithm: Annotated[list[str] | None, typer.Option(
        metavar="MD5|SHA-256", help="Of the digest; may be repeated. Old software knows MD5 only.")] = None,
) -> None:
    """Run the stand-in call manager alone, for phones of your own. It carries no calls. Ctrl-C ends it."""
    from host_tools.manager import serve
    from host_tools.run import until_signalled

    with until_signalled():
        serve(host, port, user or ["1001:secret1001"], pointers, watch, algorithm or ["MD5"], _say)


def _display(display) -> None:
    if display is not None and display not in DISPLAYS:
        raise Problem("There is no display %r. There are: %s." % (display, ", ".join(DISPLAYS)), 2)


def _connect(panel):
    from host_tools.panel import Panel

    host, _, port = panel.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise Problem("%r is no address of a panel: HOST:PORT is wanted, such as 127.0.0.1:5100." % panel, 2)
    return Panel.connect(host, int(port))


def _say(line) -> None:
    print(line, flush=True)


def main() -> None:
    """The entry point."""
    # Who is started in the background of a script has Ctrl-C ignored: nothing would end it in order.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    app(prog_name="everline")


if __name__ == "__main__":
    main()
