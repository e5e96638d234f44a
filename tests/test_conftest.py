"""The golden files are compared, and written when asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Callable[..., None]) -> Path:
    monkeypatch.setitem(golden.__globals__, "GOLDEN", tmp_path)
    return tmp_path


def asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, update: bool) -> None:
    monkeypatch.setattr(request.config.option, "update_golden", update)


def test_golden_is_compared(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    directory: Path,
    golden: Callable[[str, str], None],
) -> None:
    asked(request, monkeypatch, False)
    (directory / "same.py").write_text("x = 1\n")
    golden("same", "x = 1\n")
    with pytest.raises(AssertionError, match="differs"):
        golden("same", "x = 2\n")
    with pytest.raises(AssertionError, match="missing"):
        golden("absent", "x = 2\n")


def test_golden_is_written_when_asked(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    directory: Path,
    golden: Callable[[str, str], None],
) -> None:
    asked(request, monkeypatch, True)
    golden("networks/new", "x = 2\n")
    assert (directory / "networks" / "new.py").read_text() == "x = 2\n"
