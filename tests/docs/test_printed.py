"""What a page says that an example prints is what it prints: a ``text`` fence that follows a ``python`` fence."""

from contextlib import redirect_stdout
from io import StringIO

import pytest

from tests.docs.pages import ROOT, fences


def shown(page):
    """The fences of a page, each with whether it shows what the example before it prints."""
    before = ""
    for language, content, follows in fences(page):
        yield language, content, language == "text" and follows and before == "python"
        before = language


def shows_output(page):
    return any(output for _, _, output in shown(page))


PAGES = [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if shows_output(page)]


def test_some_pages_show_what_they_print():
    assert PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_an_example_prints_what_the_page_says(page, new_pg_url):
    names, printed = {"__name__": "example", "new_pg_url": new_pg_url}, ""
    for language, content, output in shown(page):
        if language == "python":
            out = StringIO()
            with redirect_stdout(out):
                exec(compile(content, str(page), "exec"), names)
            printed = out.getvalue()
        elif output:
            assert lines(printed) == lines(content)


def lines(text):
    return [line.rstrip() for line in text.rstrip().splitlines()]
