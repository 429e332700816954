"""One tree of errors, each with a code of its own that never changes its meaning."""

import re
from collections import Counter

from fanbilling.domain.errors import BillingError
from tests.architecture.tree import EVERYTHING, classes_of


def errors() -> list[type[BaseException]]:
    """Every exception that the package defines, wherever it does."""
    modules = [source.load() for source in EVERYTHING if source.name != "fanbilling.__main__"]
    return [cls for module in modules for cls in classes_of(module) if issubclass(cls, BaseException)]


def test_every_error_is_a_billing_error():
    assert BillingError in errors()
    assert [cls for cls in errors() if not issubclass(cls, BillingError)] == []


def test_every_error_has_a_code_of_its_own():
    assert [cls for cls in errors() if not isinstance(vars(cls).get("code"), str)] == []
    assert [code for code, count in Counter(cls.code for cls in errors()).items() if count > 1] == []


def test_codes_are_words_with_hyphens():
    assert [cls.code for cls in errors() if not re.fullmatch(r"[a-z]+(-[a-z]+)*", cls.code)] == []
