"""What takes long is tried in part each time, and whole in the long campaign: ``python3 run.py test --long``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest


def sampled(cases: Mapping[str, Any], every: int = 6) -> list[Any]:
    """Return cases for ``parametrize``, by name: every sixth always, the others in the long campaign only."""
    return [
        pytest.param(case, id=name, marks=() if place % every == 0 else pytest.mark.campaign)
        for place, (name, case) in enumerate(cases.items())
    ]
