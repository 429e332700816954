"""How a test of a contract is held against something by hand: in all its cases, each with fixtures made anew."""

import inspect
from itertools import product


def rules_of(contract):
    """The names of the rules of a contract."""
    return [name.removeprefix("test_") for name in dir(contract) if name.startswith("test_")]


def hold(contract, rule, fixtures):
    """Hold what the fixtures make to one rule of a contract, in all its cases; ``fixtures()`` makes them anew."""
    test = getattr(contract, f"test_{rule}")
    wanted = inspect.signature(test).parameters
    marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    for case in product(*([(mark.args[0], value) for value in mark.args[1]] for mark in marks)):
        made = fixtures()
        test(**dict(case), **{name: value for name, value in made.items() if name in wanted})
