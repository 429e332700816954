"""What a page says that an example prints is what it prints: a ``text`` fence that follows a ``python`` fence."""

from contextlib import redirect_stdout
from io import StringIO

import pytest

from tests.docs.pages import ROOT, fences


def shows_output(page):
    return any(language == "text" and follows for language, _, follows in fences(page))


PAGES = [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if shows_output(page)]


def test_some_pages_show_what_they_print():
    assert PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_an_example_prints_what_the_page_says(page):
    names, printed = {"__name__": "example"}, ""
    for language, content, follows in fences(page):
        if language == "python":
            out = StringIO()
            with redirect_stdout(out):
                exec(compile(content, str(page), "exec"), names)
            printed = out.getvalue()
        elif language == "text" and follows:
            assert lines(printed) == lines(content)


def lines(text):
    return [line.rstrip() for line in text.rstrip().splitlines()]
