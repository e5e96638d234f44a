"""Augmented assignments stay where they write an array of the function's own, and only there."""

from __future__ import annotations

import pytest

from tests.fuzz.owned import spell_out

KEPT = {
    "own": "a = x * 2.0\na += x",
    "copy": "a = x.copy()\na += x",
    "number": "s = np.sum(x)\ns += 1.0  # number",
    "shared_number": "s = np.sum(x)\nt = s\ns += t  # number",
    "loop": "a = x * 2.0\nfor i in range(3):\n    a += x",
    "other_name_is_rebound": "a = x * 2.0\nb = a\nb = x + a\na += b",
}
SPELLED_OUT = {
    "argument": "x += 1.0",
    "zero_dimensional_argument": "x += 1.0  # number",
    "alias": "a = x * 2.0\nb = a\na += x",
    "view": "a = x * 2.0\nb = a[1:].T\na += x",
    "view_of_an_argument": "a = x.T\na += x",
    "one_path": "a = x * 2.0\nif x[0] > 0.0:\n    b = a\na += x",
    "next_iteration": "a = x * 2.0\nb = x\nfor i in range(3):\n    a += x\n    b = a",
    "swapped": "a, b = x * 2.0, x\na, b = b, a\na += x",
    "conditional": "a = (x if x[0] > 0.0 else x * 2.0)\na += x",
    "number_of_a_helper": "s = helper(x * 2.0)\nt = s\ns += t  # number",
    "rank_0_of_where": "s = np.where(True, 1.0, 2.0)\nt = s\ns += t  # number",
    "helper": "a = helper(x)\na += x",
    "in_a_list": "a = x * 2.0\nbox = [a, x]\na += x",
    "in_a_lambda": "a = x * 2.0\ninner = lambda o: o * a\na += x",
}


def spelled(body: str) -> str:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return spell_out(f"def f(x):\n{lines}\n    return x\n")


@pytest.mark.parametrize("name", KEPT)
def test_kept(name: str) -> None:
    text = spelled(KEPT[name])
    assert "+=" in text
    assert "#" not in text


@pytest.mark.parametrize("name", SPELLED_OUT)
def test_spelled_out(name: str) -> None:
    assert "+=" not in spelled(SPELLED_OUT[name])
