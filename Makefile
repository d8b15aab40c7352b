# `make` alone lists what there is. No recipe needs bash, and the folder's path may hold spaces.
#
#   SITE=dir                 run: serve your own pages (a folder of XML files)
#   PYTHON=python3.12        setup: the Python to use (3.10 to 3.13)
#   MICROPYTHON=path         a unix port of your own instead of the packaged one
#   TESTS=...                test: only these, as pytest takes them
#   BENCH="--only keys"      bench: as everline bench takes it
#   SOAK="--minutes 3"       soak: as everline soak takes it

PY := .venv/bin/python
PYTEST := $(PY) -m pytest

# What needs neither sockets nor processes: seconds.
QUICK := $(wildcard tests/unit tests/story tests/screens tests/house)

.DEFAULT_GOAL := help
.PHONY: help setup run demo build test unit bench soak lint screens gallery clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: setup ## a phone and two service sites, live (SITE=dir: with your own pages)
	@.venv/bin/everline run $(if $(SITE),--site "$(SITE)")

demo: setup ## the story without hands: A fails, B serves, A is back; pictures in build/demo/
	@.venv/bin/everline demo

test: setup ## all tests (TESTS="-k word": some of them)
	@$(PYTEST) $(if $(TESTS),$(TESTS),-n 2 --dist loadgroup)

unit: setup ## the quick tests: units under both interpreters, stories, screens, house rules
	@$(PYTEST) $(QUICK) $(TESTS)

bench: setup ## figures beside their peers, with bounds: three minutes, on a machine that rests (BENCH=--quick)
	@.venv/bin/everline bench $(BENCH)

soak: setup ## a virtual day of outages, then a quarter of an hour with real sockets on a small heap (SOAK="--minutes 3")
	@.venv/bin/everline soak $(SOAK)

lint: setup ## ruff, and the MicroPython compiler over every file of the firmware
	@$(PY) -m ruff check
	@$(PY) -m host_tools.build --check

screens: setup ## draw the reviewed screens of tests/screens anew: look at the diff afterwards
	@EVERLINE_SCREENS=write $(PYTEST) tests/screens

gallery: setup ## draw every screen of both displays into docs/gallery
	@$(PY) -m tests.screens.gallery

build: setup ## compile the firmware of board unix into build/unix and print its size
	@$(PY) -m host_tools.build unix

setup: ## make .venv with everything pinned (the other targets do it themselves)
	@sh host_tools/setup.sh

clean: ## remove build/ and .venv
	rm -rf build .venv .venv.* everline.egg-info
