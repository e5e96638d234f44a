"""What the tests of srcad share: the compiler, or a skip while it is not whole."""

from __future__ import annotations

import pytest

from tests.fuzz.judge import Compiler, load_compiler


def compiler_or_skip() -> Compiler:
    """srcad, or a skipped test if its public names cannot be imported yet."""
    try:
        return load_compiler()
    except (ImportError, AttributeError) as error:
        pytest.skip(f"srcad is not whole: {error}")
