"""Records: instances of named tuples and dataclasses, whose fields can be read and made again.

A class is a record's if its fields are all that there is to an instance, and the generated constructor
stores its arguments as they are: `cls(**fields)` is then the instance again.
"""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

GENERATED = "<string>"  # the file of a constructor that `dataclasses` or `collections` has written


class Pair(NamedTuple):
    """What `collections` writes for a class."""

    first: Any
    second: Any


ITEM_METHODS = {"_replace", "_asdict", "_make"}


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of an instance: its class, and its fields in their order."""

    cls: type
    fields: dict[str, Any]

    @property
    def named_tuple(self) -> bool:
        """Whether it is a tuple, with items and a length."""
        return issubclass(self.cls, tuple)

    @property
    def fixed(self) -> bool:
        """Whether its fields cannot be set."""
        return self.named_tuple or generated(self.cls.__setattr__)

    @property
    def adds(self) -> bool:
        """Whether `+` joins it to a tuple, as that of tuples does."""
        own = getattr(self.cls, "__add__", None) is not tuple.__add__
        return self.named_tuple and not own and not hasattr(self.cls, "__radd__")

    def mapped(self, function: Any) -> Record:
        """The record with each field replaced."""
        return Record(self.cls, {name: function(item) for name, item in self.fields.items()})

    def replaced(self, **fields: Any) -> Record:
        """The record with some fields replaced."""
        return Record(self.cls, {**self.fields, **fields})


def has_fields(cls: Any) -> bool:
    """Whether a thing is the class of named tuples, or a dataclass."""
    if not isinstance(cls, type):
        return False
    named = issubclass(cls, tuple) and isinstance(getattr(cls, "_fields", None), tuple)
    return named or dataclasses.is_dataclass(cls)


def field_names(cls: Any) -> tuple[str, ...]:
    """The fields of such a class, in order."""
    if issubclass(cls, tuple):
        return tuple(cls._fields)
    return tuple(field.name for field in dataclasses.fields(cls))


def complaint(cls: Any) -> str | None:
    """Why the instances of a class with fields are no records; None if they are."""
    if type(cls).__call__ is not type.__call__:
        return "its metaclass makes the instances"
    return _of_named_tuple(cls) if issubclass(cls, tuple) else _of_dataclass(cls)


def _of_named_tuple(cls: Any) -> str | None:
    plain = ("__getitem__", "__iter__", "__len__", "__getattribute__", "__init__")
    if not generated(cls.__new__) or any(
        getattr(cls, name) is not getattr(tuple, name) for name in plain
    ):
        return "it has a constructor or an access to its items of its own"
    getters = (inspect.getattr_static(cls, name) for name in cls._fields)
    if not all(type(getter) is type(vars(Pair)["first"]) for getter in getters):
        return "a field is hidden by an attribute of the class"
    return None


def _of_dataclass(cls: Any) -> str | None:
    if cls.__new__ is not object.__new__ or cls.__getattribute__ is not object.__getattribute__:
        return "it makes or reads its instances in a way of its own"
    if hasattr(cls, "__post_init__"):
        return "its __post_init__ may change the fields"
    owner = next(c for c in cls.__mro__ if "__init__" in vars(c))
    fields = vars(owner).get("__dataclass_fields__")
    if fields is not cls.__dataclass_fields__ or not generated(cls.__init__):
        return "it has a constructor of its own"
    if {*inspect.signature(cls.__init__).parameters} != {"self", *field_names(cls)}:
        return "its constructor does not take each field"
    if cls.__setattr__ is not object.__setattr__ and not generated(cls.__setattr__):
        return "it sets its attributes in a way of its own"
    for name in field_names(cls):
        found = inspect.getattr_static(cls, name, None)
        if hasattr(type(found), "__set__") and not isinstance(found, types.MemberDescriptorType):
            return f"its field {name} is a property"
    return None


def generated(function: Any) -> bool:
    """Whether a method is one that `dataclasses` or `collections` has written for its class."""
    return _file(function) == GENERATED


def keeps(cls: Any, name: str) -> bool:
    """Whether a method of a named tuple is that of all named tuples: `_replace`, `_asdict`, `_make`."""
    common = name in ITEM_METHODS and issubclass(cls, tuple)
    return common and _file(getattr(cls, name)) == _file(getattr(Pair, name))


def _file(function: Any) -> str | None:
    return getattr(getattr(function, "__code__", None), "co_filename", None)


def plain(cls: Any) -> bool:
    """Whether the instances of a class are records."""
    return has_fields(cls) and complaint(cls) is None


def is_record(value: Any) -> bool:
    """Whether a value is a record, all of its fields set, that does not contain itself."""
    cls = type(value)
    if not plain(cls) or not all(hasattr(value, name) for name in field_names(cls)):
        return False
    return _ends(value, ())


def _ends(value: Any, around: tuple[int, ...]) -> bool:
    if id(value) in around:
        return False
    return all(_ends(item, (*around, id(value))) for item in _items(value))


def _items(value: Any) -> Iterator[Any]:
    if type(value) in (tuple, list):
        yield from value
    elif type(value) is dict:
        yield from value.values()
    elif plain(type(value)):
        yield from (getattr(value, name, None) for name in field_names(type(value)))


def record_of(value: Any) -> Record:
    """The fields of an instance."""
    return Record(type(value), {name: getattr(value, name) for name in field_names(type(value))})


def opened(operand: Any) -> Any:
    """A named tuple as the tuple that it is; any other operand as it is.

    >>> opened(Record(Pair, {"first": 1, "second": 2}))
    (1, 2)
    """
    named = isinstance(operand, Record) and operand.named_tuple
    return tuple(operand.fields.values()) if named else operand


def opened_throughout(operand: Any) -> Any:
    """The same within containers: what NumPy sees of an argument."""
    operand = opened(operand)
    if type(operand) in (tuple, list):
        return type(operand)(map(opened_throughout, operand))
    if type(operand) is dict:
        return {key: opened_throughout(item) for key, item in operand.items()}
    return operand


def records_in(operand: Any) -> Iterator[Record]:
    """The records in an operand, those in other records among them."""
    if isinstance(operand, Record):
        yield operand
        operand = operand.fields
    if isinstance(operand, dict):
        operand = tuple(operand.values())
    if isinstance(operand, (tuple, list)):
        for item in operand:
            yield from records_in(item)
