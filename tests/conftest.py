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
    parser.addoption(
        "--stale-pending",
        action="store_true",
        help="let a program that has become right keep its mark in tests/programs/pending.txt",
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many programs of the language are still refused, where those were tested."""
    ran = {
        report.nodeid
        for report in terminalreporter.stats.get("passed", [])
        if "test_programs.py::test_srcad[" in report.nodeid
    }
    if not ran:
        return
    lines = (GOLDEN.parent / "programs" / "pending.txt").read_text().splitlines()
    names = [line.split()[0] for line in lines if line and not line.startswith("#")]
    refused = [name for name in names if any(f"[{name}]" in node for node in ran)]
    terminalreporter.line(f"{len(refused)} of {len(ran)} programs are pending: refused so far")


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
