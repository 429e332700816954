"""Pages that follow from the code agree with it, and what a person added to them is complete."""

import pytest

from docs.generate import FOLDER, HEARD, PAGES, SECTIONS, STATES
from fanbilling import Layer, load_administration, load_settings
from fanbilling.domain.messages import MessageState
from fanbilling.domain.settings import Sections
from tests.docs.pages import fences


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name):
    kept = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert kept == PAGES[name](), "run: python docs/generate.py"


def test_everything_has_its_words():
    assert list(HEARD) == [field.name for field in Layer.__attrs_attrs__]
    assert list(SECTIONS) == [section.value for section in Sections]
    assert set(STATES) == {state.value for state in MessageState}


def test_the_example_of_a_settings_file_can_be_read(tmp_path):
    [example] = [content for language, content, _ in fences(FOLDER / "settings.md") if language == "toml"]
    path = tmp_path / "settings.toml"
    path.write_text(example, encoding="utf-8")
    settings = load_settings(path)
    for name in HEARD:
        assert settings.resolve(name).layer == "administration"
    assert settings.resolve("payment_days", client="acme").layer == "client acme"
    assert load_administration(path).seller.address.city == "Utrecht"
