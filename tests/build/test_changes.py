"""Changes of containers, undone and kept."""

from __future__ import annotations

from srcad.build.changes import Change, Held, closed, containers_in, distinct, refill, undo
from srcad.graph import Const, Value
from srcad.records import Record

ONE, TWO = Const(1), Const(2)


def change(journal: list[Change], container: list[object], contents: list[object]) -> None:
    journal.append(Change(container, list(container)))
    refill(container, contents)


def test_undone_in_reverse() -> None:
    journal: list[Change] = []
    items: list[object] = [ONE]
    change(journal, items, [ONE, TWO])
    change(journal, items, [TWO])
    (ended,) = undo(journal, 0, [items])
    assert items == [ONE] and ended.container is items and ended.before == [TWO]
    assert not journal


def test_what_is_new_in_a_block_stays_as_it_is() -> None:
    journal: list[Change] = []
    inside: list[object] = []
    change(journal, inside, [ONE])
    assert undo(journal, 0, []) == []
    assert inside == [ONE]


def test_only_what_came_since() -> None:
    journal: list[Change] = []
    items: list[object] = []
    change(journal, items, [ONE])
    start = len(journal)
    change(journal, items, [ONE, TWO])
    undo(journal, start, [items])
    assert items == [ONE] and len(journal) == 1


def test_a_container_in_a_container_is_an_object() -> None:
    inner: list[object] = [ONE]
    shut = closed({"a": inner, "b": TWO})
    assert shut == {"a": Const(Held(inner)), "b": TWO} or shut["a"].value == Held(inner)
    outer: dict[str, object] = {}
    refill(outer, shut)
    assert outer["a"] is inner and outer["b"] is TWO


def test_keys_are_told_apart_by_identity() -> None:
    one, other = [ONE], [ONE]
    assert Held(one) == Held(one) != Held(other)
    assert len({Held(one), Held(one), Held(other)}) == 2
    assert distinct([one, other, one]) == [one, other]


def test_containers_in_an_operand() -> None:
    inner: list[object] = [Value()]
    operand = ({"a": inner}, Record(tuple, {"b": [ONE]}))
    assert [type(c) for c in containers_in(operand)] == [dict, list, list]
    assert any(c is inner for c in containers_in(operand))
