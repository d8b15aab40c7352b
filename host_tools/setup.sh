#!/bin/sh
# Make .venv: everything that the host side needs, with pinned versions. Called by make; instant
# where nothing has changed since. A .venv that is broken or half made is made again.
#
# PYTHON=python3.12 chooses the Python; MICROPYTHON=path uses a unix port of one's own.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
give_up() { say "$*"; exit 1; }

OURS='import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))'
# Two makes at the same time: the second waits. (util-linux; where it is missing, nobody waits.)
if [ -z "${EVERLINE_SETUP_LOCKED:-}" ] && command -v flock >/dev/null 2>&1; then
    EVERLINE_SETUP_LOCKED=1 exec flock .venv.lock sh host_tools/setup.sh
fi

# What the .venv must match: the pins, the place (scripts in it hold its path), the unix port.
project=$(sed '/^\[tool.pytest/,$d' pyproject.toml) # what is installed and how, without the tools' settings
wanted="$({ cat requirements*.txt host_tools/setup.sh; echo "$project"; } | cksum) ${MICROPYTHON:+own} $(pwd)"
if [ -n "${MICROPYTHON:-}" ]; then
    answer=$("$MICROPYTHON" -c 'import sys; print(sys.implementation.name)' 2>/dev/null) || answer=
    [ "$answer" = micropython ] || give_up "MICROPYTHON=$MICROPYTHON is not a MicroPython that can be started here."
fi
there=$(.venv/bin/python -V 2>/dev/null) || there= # empty: no .venv, or one whose Python has gone
asked=
if [ -n "${PYTHON:-}" ]; then
    asked=$("$PYTHON" -V 2>/dev/null) || give_up "PYTHON=$PYTHON cannot be started."
fi
if [ -n "$there" ] && [ "$(cat .venv/ready 2>/dev/null)" = "$wanted" ] && [ "${asked:-$there}" = "$there" ]; then
    exit 0
fi

# --- which Python -------------------------------------------------------------------------------
chosen=
# A .venv that works keeps its Python until another is asked for.
[ -n "$there" ] && [ "$(cat .venv/place 2>/dev/null)" = "$(pwd)" ] || rm -rf .venv
set -- python3 python3.13 python3.12 python3.11 python3.10
[ -z "$there" ] || set -- .venv/bin/python "$@"
[ -z "${PYTHON:-}" ] || set -- "$PYTHON"
for python; do
    if command -v "$python" >/dev/null 2>&1 && "$python" -c "$OURS" 2>/dev/null; then
        chosen=$python
        break
    fi
done
if [ -z "$chosen" ]; then
    command -v "$1" >/dev/null 2>&1 ||
        give_up "Everline needs Python 3.10 to 3.13, and $1 is not here: sudo apt install python3 python3-venv make"
    give_up "Everline needs Python 3.10 to 3.13; $1 is $("$1" -V 2>&1). PYTHON=python3.12 (or the like) chooses another."
fi
"$chosen" -c 'import ensurepip, venv' 2>/dev/null ||
    give_up "Python's venv module is incomplete here: sudo apt install python3-venv make"
if [ -z "${MICROPYTHON:-}" ]; then
    machine=$("$chosen" -c 'import platform; print(platform.system(), platform.machine())')
    [ "$machine" = "Linux x86_64" ] ||
        give_up "MicroPython comes as a package for Linux x86_64 only, this is $machine: set MICROPYTHON to the path of a unix port of your own."
fi

# --- install ------------------------------------------------------------------------------------
log=.venv.log
rm -f .venv/ready
if [ "$chosen" != .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    [ "$chosen" != .venv/bin/python ] || chosen=$(.venv/bin/python -c 'import sys; print(sys._base_executable)')
    rm -rf .venv
    "$chosen" -m venv .venv >"$log" 2>&1 || { cat "$log" >&2; rm -rf .venv; give_up "The folder .venv could not be made."; }
    pwd >.venv/place
fi
say "Setting up .venv with $(.venv/bin/python -V): about 40 packages are fetched, half a minute to a few minutes ..."
pip() { PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 .venv/bin/python -m pip "$@" >>"$log" 2>&1; }
: >"$log"
if [ -n "${MICROPYTHON:-}" ]; then set --; else set -- -r requirements-unix-port.txt; fi
if ! pip install -r requirements.txt "$@" || ! pip install --no-deps --no-build-isolation -e .; then
    grep -v '^WARNING' "$log" | tail -n 12 >&2
    give_up "Setting up failed; all that pip said is in $log. Is the package index (PyPI) within reach?"
fi
printf '%s\n' "$wanted" >.venv/ready
rm -f "$log"
say "Ready."
