"""What all tests share: a generator of random numbers, and golden sources."""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

os.environ["SRCAD_VERIFY"] = "1"  # graphs are checked between the stages, also in child processes

GOLDEN = Path(__file__).parent / "golden"

collect_ignore = ["golden"]

with contextlib.suppress(ImportError):  # the smoke test runs without it
    from hypothesis import settings

    settings.register_profile("srcad", deadline=None, derandomize="CI" in os.environ)
    settings.load_profile("srcad")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden anew: read the diff"
    )


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers: the same in each run, others for each test."""
    return np.random.default_rng(zlib.crc32(request.node.nodeid.encode()))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden(name, text)`: the text is that of tests/golden/<name>.py, which a person has read."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / f"{name}.py"
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert path.exists(), f"{path} is missing: use --update-golden, and read it"
        assert text == path.read_text(), f"{path} differs: if rightly so, use --update-golden"

    return check
