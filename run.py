#!/usr/bin/env python3
"""One command for each thing to do here; needs nothing but Python 3.11.

    python3 run.py demo                 bill the sample companies
    python3 run.py test [-k words]      test the built wheel; --long tries many more examples
    python3 run.py lint                 judge form, types and imports
    python3 run.py docs                 build the documentation
    python3 run.py bench [--json]       measure
    python3 run.py check                everything a change has to pass: lint, docs, demo, test

The first call makes a private environment in .venv; later calls renew it when pyproject.toml has changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENV = ROOT / ".venv"
PYTHON = ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
WHEEL = ENV / "wheel"  # the package as its users get it; the tests import this one, not src

TASKS = {  # the parts of each, and what Python is called with
    "demo": {"fanbilling demo": ["-m", "fanbilling", "demo"]},
    "test": {"pytest": ["-m", "pytest", "-n", "auto", "--maxprocesses", "4", "--dist", "worksteal"]},
    "lint": {
        "ruff check": ["-m", "ruff", "check"],
        "ruff format": ["-m", "ruff", "format", "--check"],
        "mypy": ["-m", "mypy"],
        "lint-imports": ["-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
    },
    "docs": {"sphinx": ["-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html"]},
    "bench": {"bench": ["-m", "bench.run"]},
}
CHECK = ["lint", "docs", "demo", "test"]


def say(text: str) -> None:
    """Tell what happens, beside the output of the task itself."""
    print(f"run.py: {text}", file=sys.stderr, flush=True)


def call(*command: object, **environment: str) -> int:
    """Run a command in the project's folder and return its exit code."""
    return subprocess.run([str(c) for c in command], cwd=ROOT, env=os.environ | environment, check=False).returncode


def must(what: str, *command: object) -> None:
    """Run a step of the set-up, or stop with a sentence and the step's exit code."""
    if code := call(*command):
        say(f"could not {what} (exit code {code}); its own message is above")
        raise SystemExit(code)


def pip_install(what: str, *words: object) -> None:
    """Install something into the private environment."""
    must(what, PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *words)


def make_environment() -> None:
    """Make .venv, also where the system's Python is managed externally or comes without ensurepip."""
    ready = ENV / ".ready"
    if ready.exists() and PYTHON.exists():
        return
    say("making a private environment in .venv, once")
    if importlib.util.find_spec("ensurepip"):
        must("make .venv", sys.executable, "-m", "venv", ENV)
    elif importlib.util.find_spec("pip"):
        must("make .venv", sys.executable, "-m", "venv", "--without-pip", ENV)
        must("bring pip into .venv", sys.executable, "-m", "pip", "--python", PYTHON, "install", "-qq", "pip>=25.1")
    elif uv := shutil.which("uv"):
        must("make .venv", uv, "venv", "--quiet", "--allow-existing", "--seed", "--python", sys.executable, ENV)
    else:
        sys.exit("run.py: this Python has neither ensurepip nor pip; install python3-venv, python3-pip or uv and retry")
    pip_install("renew pip", "pip>=25.1")  # the first that knows dependency groups
    ready.touch()


def install(groups: list[str]) -> None:
    """Install what a task needs, unless that was done for this very pyproject.toml in this very place."""
    stamp = ENV / f".installed-{'-'.join(groups) or 'demo'}"
    state = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + bytes(ROOT)).hexdigest()
    if stamp.exists() and stamp.read_text() == state:
        return
    say(f"installing what is needed for {' and '.join(groups) or 'the demo'}")
    pip_install("install it", "--editable", ".[demo]", *(word for group in groups for word in ("--group", group)))
    stamp.write_text(state)


def run(task: str, *arguments: str) -> int:
    """Do every part of a task, name the parts that failed, and return the first of their exit codes."""
    environment = {}
    if task == "test":
        shutil.rmtree(WHEEL, ignore_errors=True)
        pip_install("build the wheel", "--no-deps", "--no-build-isolation", "--target", WHEEL, ".")
        environment["PYTHONPATH"] = str(WHEEL)
        arguments = tuple("--hypothesis-profile=long" if word == "--long" else word for word in arguments)
    codes = {part: call(PYTHON, *words, *arguments, **environment) for part, words in TASKS[task].items()}
    for part, code in codes.items():
        if code:
            say(f"{task} failed: {part} (exit code {code})")
    return next(filter(None, codes.values()), 0)


def main(task: str = "", *arguments: str) -> int:
    """Prepare for a task and do it."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older Python should read why
        sys.exit(f"run.py: fanbilling needs Python 3.11 or newer, this is {sys.version.split()[0]}")
    if task in {"help", "--help", "-h"}:
        print(__doc__)
        return 0
    if task not in {*TASKS, "check"} or (arguments and task in {"lint", "check"}):
        print(__doc__, file=sys.stderr)
        return 2
    make_environment()
    # The bench wants the driver and the PostgreSQL that the tests bring.
    wanted = "test" if task == "bench" else task
    install([group for group in ("test", "lint", "docs") if wanted in {group, "check"}])
    if task != "check":
        return run(task, *arguments)
    codes = [run(part, *(["--hypothesis-profile=ci"] if part == "test" else [])) for part in CHECK]
    return next(filter(None, codes), 0)


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
