"""Whatever a reader may use says what it is. A port's method is explained at the port, once."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import EVERYTHING


def public(nodes: list[ast.stmt], *kinds: type[ast.stmt]) -> list[ast.stmt]:
    """The statements that define something public of these kinds."""
    return [node for node in nodes if isinstance(node, kinds) and not node.name.startswith("_")]


def functions(nodes: list[ast.stmt]) -> list[ast.stmt]:
    """The public functions or methods; neither an overload nor a setter is one of its own."""
    marks = {"overload", "setter", "deleter"}
    return [
        node
        for node in public(nodes, ast.FunctionDef, ast.AsyncFunctionDef)
        if marks.isdisjoint(ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list)
    ]


PORT_METHODS = {
    method.name
    for source in EVERYTHING
    for cls in public(source.tree.body, ast.ClassDef)
    if any(ast.unparse(base).startswith("Protocol") for base in cls.bases)
    for method in functions(cls.body)
    if ast.get_docstring(method)
}


def silent(tree: ast.Module) -> Iterator[str]:
    """What is public in a module and has no docstring."""
    if not ast.get_docstring(tree):
        yield "the module itself"
    for function in functions(tree.body):
        if not ast.get_docstring(function):
            yield function.name
    for cls in public(tree.body, ast.ClassDef):
        if not ast.get_docstring(cls):
            yield cls.name
        for method in functions(cls.body):
            if method.name not in PORT_METHODS and not ast.get_docstring(method):
                yield f"{cls.name}.{method.name}"


@pytest.mark.parametrize("source", EVERYTHING, ids=str)
def test_everything_public_has_a_docstring(source):
    assert list(silent(source.tree)) == []
