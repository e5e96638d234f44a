"""References: a storage, a path, and the version that was read."""

from __future__ import annotations

import numpy as np

from srcad.build.storages import Storages, is_selection, step_of
from srcad.graph import FLAT, GETITEM, Const, Equation, Value, follow
from srcad.primitive import find

TRANSPOSE, RESHAPE, EINSUM = find(np.transpose), find(np.reshape), find(np.einsum)


def item(base: Value, index: object) -> Equation:
    return Equation((Value(),), GETITEM, (base, index))


def test_what_is_no_view_is_a_storage_of_its_own() -> None:
    storages, y = Storages(), Value()
    reference = storages.of(y)
    assert (reference.storage, reference.path, reference.version) == (y, (), y)
    assert not storages.stale(y)


def test_a_view_of_a_view_has_a_longer_path() -> None:
    storages, y = Storages(), Value()
    first = item(y, slice(Const(1), None, None))
    storages.view(first.out, y, step_of(first))
    second = item(first.out, Const(0))
    storages.view(second.out, first.out, step_of(second))
    reference = storages.of(second.out)
    assert reference.storage is y and len(reference.path) == 2


def test_a_write_makes_what_was_read_before_stale() -> None:
    storages, y = Storages(), Value()
    view = item(y, slice(Const(1), None, None))
    storages.view(view.out, y, step_of(view))
    version = Value()
    storages.renew(y, version)
    assert storages.now(y) is version and not storages.stale(version)
    assert storages.stale(y) and storages.stale(view.out)


def test_a_view_that_was_read_again_is_found() -> None:
    storages, y = Storages(), Value()
    view = item(y, slice(Const(1), None, None))
    storages.view(view.out, y, step_of(view))
    storages.renew(y, Value())
    assert storages.cached(view.out) is None
    again = Value()
    storages.stand(view.out, again)
    assert storages.cached(view.out) is again
    storages.renew(y, Value())
    assert storages.cached(view.out) is None


def test_a_path_leads_to_the_view() -> None:
    a = np.arange(12.0).reshape(3, 4)
    base = Value()
    steps = [
        Equation((Value(),), TRANSPOSE, (base,)),
        Equation((Value(),), GETITEM, (base, Const(1))),
    ]
    path = [step for equation in steps for step in step_of(equation)]
    plain = [(p.value, b, tuple(c.value for c in a_), k) for p, b, a_, k in path]
    view = follow(a, plain)
    np.testing.assert_array_equal(view, a.T[1])
    view[...] = 0.0
    assert not a[:, 1].any()


def test_the_array_of_an_einsum_is_its_second_operand() -> None:
    base = Value()
    ((primitive, before, after, keywords),) = step_of(
        Equation((Value(),), EINSUM, (Const("ii->i"), base))
    )
    assert primitive.value is EINSUM and [c.value for c in before] == ["ii->i"]
    assert after == () and keywords == {}


def test_selections_are_told_from_other_layouts() -> None:
    assert is_selection(GETITEM) and is_selection(FLAT) and is_selection(TRANSPOSE)
    assert is_selection(EINSUM) and not is_selection(RESHAPE)
