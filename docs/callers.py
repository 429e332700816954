"""Who calls the methods of a port, and when: read off the code of the desks, so that the page cannot be wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import attrs

import fanbilling

PACKAGE = Path(fanbilling.__path__[0])
#: Those who keep to a port, try it out or show it do not call it.
OUTSIDE = ("adapters", "testing", "samples", "cli")

#: What the code calls the one that keeps to a port, by the port.
STORES = ("store", "ours", "_ours")
RECEIVERS = {
    "Journal": {f"{store}.journal" for store in STORES},
    "Agenda": {"agenda", *(f"{store}.agenda" for store in STORES)},
    "BilledLedger": {f"{store}.billed" for store in STORES},
    "Decisions": {f"{store}.decisions" for store in STORES},
    "Documents": {f"{store}.documents" for store in STORES},
    "Ledger": {f"{store}.ledger" for store in STORES},
    "Reading": {"store", "reading", "ours", "_ours"},
    "Shelf": {"store", "ours", "_ours"},
    "Store": {"store", "ours", "_ours"},
    "BillingSource": {"source"},
    "Renderer": {"renderer"},
    "Mailer": {"mailer"},
    "DocumentStore": {"documents"},
    "Announcing": {"source"},
    "PaymentFeed": {"feed"},
}


@attrs.frozen
class Caller:
    """A function that somebody may call: its module, its name, and the first sentence of what it says of itself."""

    module: str
    name: str
    purpose: str

    def __str__(self) -> str:
        return f"`{self.name}`" + (f": {self.purpose}" if self.purpose else f" of `{self.module}`")


@attrs.frozen
class _Function:
    module: str
    owner: str
    node: ast.FunctionDef

    @property
    def public(self) -> bool:
        return not self.node.name.startswith("_") or self.node.name == "__call__"

    def caller(self) -> Caller:
        name = f"{self.owner or self.module}.{self.node.name}"
        if self.node.name == "__call__":
            name = self.owner
        said = " ".join((ast.get_docstring(self.node) or "").split("\n\n")[0].replace("``", "`").split())
        sentence = re.split(r"\. (?=[A-Z])|: |; ", said)[0].rstrip(".")
        return Caller(self.module, name, sentence[:1].lower() + sentence[1:])

    def calls(self) -> Iterator[tuple[str, str]]:
        """Yield what is called: on what, and which method; a plain function is called on nothing."""
        for node in ast.walk(self.node):
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Attribute):
                    yield _last(node.func.value), node.func.attr
                    if isinstance(node.func.value, ast.Attribute):
                        yield f"{_last(node.func.value.value)}.{node.func.value.attr}", node.func.attr
                yield "", _last(node.func)


def _last(node: ast.expr) -> str:
    """Return the last name of an expression: ``self._ours(store)`` is ``_ours``."""
    if isinstance(node, ast.Call):
        return _last(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


@cache
def _functions() -> tuple[_Function, ...]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE)
        if place.parts[0] in OUTSIDE or place.parts[:2] == ("domain", "ports"):
            continue
        module = ".".join(place.with_suffix("").parts).removesuffix(".__init__")
        for node in ast.parse(path.read_text("utf-8")).body:
            inside = node.body if isinstance(node, ast.ClassDef) else [node]
            owner = node.name if isinstance(node, ast.ClassDef) else ""
            found += [_Function(module, owner, one) for one in inside if isinstance(one, ast.FunctionDef)]
    return tuple(found)


def callers(port: str, method: str) -> list[Caller]:
    """Return the public functions that call a method of a port, themselves or through their private parts."""
    if method == "__call__":
        names, methods = {""}, {"books", "looking"}
    elif method == "reading":
        names, methods = {""}, {"looking"}
    else:
        names, methods = RECEIVERS.get(port, set()), {method}
    direct = [one for one in _functions() if any(on in names and name in methods for on, name in one.calls())]
    reached: dict[tuple[str, str, str], _Function] = {}
    waiting = list(direct)
    while waiting:
        one = waiting.pop()
        place = one.module, one.owner, one.node.name
        if place in reached:
            continue
        reached[place] = one
        if not one.public:
            waiting += [
                other
                for other in _functions()
                if other.module == one.module and any(name == one.node.name for on, name in other.calls())
            ]
    return sorted({one.caller() for one in reached.values() if one.public}, key=lambda c: (c.module, c.name))
