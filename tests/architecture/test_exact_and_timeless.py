"""Rules know no float and no clock: figures are decimals and dates are arguments."""

import ast

import pytest

from tests.architecture.tree import RULES

CLOCKS = {"today", "now", "utcnow", "fromtimestamp", "utcfromtimestamp"}
rules = pytest.mark.parametrize("source", RULES, ids=str)


@rules
def test_no_rule_computes_with_floats(source):
    floats = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) in {"float", "complex"})
    ]
    assert floats == []


@rules
def test_no_rule_reads_a_clock(source):
    clocks = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.Attribute) and node.attr in CLOCKS and "date" in ast.unparse(node.value).lower())
        or (isinstance(node, ast.Import) and any(alias.name == "time" for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and not node.level and node.module == "time")
    ]
    assert clocks == []
