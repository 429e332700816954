"""The how-to for Django, followed to the letter: a fresh project, built from the page alone, bills."""

import os
import re
import shlex
import subprocess
import sys

import psycopg
import pytest

from tests.docs.pages import ROOT
from tests.postgres import dsn

PAGE = (ROOT / "docs" / "how-to" / "embed-in-django.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"(?P<how>[Aa]dd to|Write) `(?P<path>[\w./]+)`(?P<instead> instead)?:\n\n```py\n(?P<content>.*?)^```$"
    r"|^```sh\n(?P<commands>.*?)^```(?:\n\n```text\n(?P<said>.*?)^```)?$",
    re.MULTILINE | re.DOTALL,
)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_project_made_from_the_page_bills(database, tmp_path, request):
    environment, name = {}, ""
    if database == "postgresql":
        with psycopg.connect(dsn(request.getfixturevalue("pg_url"))) as connection:
            name, info = connection.info.dbname, connection.info
            environment = {"PGHOST": info.host, "PGPORT": str(info.port), "PGUSER": info.user}
            environment["PGPASSWORD"] = info.password
    project = Project(tmp_path, environment)
    skipped = None
    for step in STEP.finditer(PAGE):
        if step["commands"]:
            project.run(step["commands"], step["said"])
        elif bool(step["instead"]) == (database == "postgresql") or step["path"] != "erp/settings.py":
            content = step["content"].replace('"NAME": "erp"', f'"NAME": "{name}"')
            project.write(step["path"], content, add=step["how"] != "Write")
        else:
            skipped = step
    assert skipped, "the page names both databases"
    assert len(project.done) == PAGE.count("```sh\n")


def test_every_block_is_a_step():
    steps = list(STEP.finditer(PAGE))
    assert len([step for step in steps if step["content"]]) == PAGE.count("```py\n")
    assert len([step for step in steps if step["commands"]]) == PAGE.count("```sh\n")
    assert "```python" not in PAGE


class Project:
    """A folder in which the steps of the page are taken."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.done = []
        paths = [str(folder), *filter(None, sys.path)]
        self.environment = {**os.environ, **environment, "PYTHONPATH": os.pathsep.join(paths)}

    def write(self, path, content, *, add):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a" if add else "w", encoding="utf-8") as opened:
            opened.write(content)

    def run(self, commands, said):
        for line in commands.splitlines():
            words = shlex.split(line)
            if words[0] == "pip":  # it is what is tested
                continue
            programs = {"django-admin": [sys.executable, "-m", "django"], "python": [sys.executable]}
            command = [*programs[words[0]], *words[1:]]
            done = subprocess.run(
                command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{line}:\n{done.stdout}{done.stderr}"
            assert "Warning" not in done.stderr, done.stderr
            if said is not None:
                assert done.stdout == said, line
        self.done.append(commands)
