"""Random statements: assignments, aliases, branches, loops, calls, around random expressions."""

from __future__ import annotations

import re

from tests.fuzz.choices import Choices
from tests.fuzz.grammar import Expressions
from tests.fuzz.owned import NUMBER
from tests.fuzz.scope import Helper, Scope, Shape, wrap

NAMES = ("a", "b", "c", "d", "h", "u", "v", "z", "s", "t", "r", "q")
AUGMENT = ("{} += {}", "{} -= {}", "{} *= {}", "{} /= (1.5 + np.abs({}))")


class Statements(Expressions):
    """Blocks of statements; `lines` collects the text."""

    def __init__(self, choices: Choices, sizes: tuple[int, int], wide: bool = False) -> None:
        super().__init__(choices, sizes, wide)
        self.lines: list[str] = []
        self.indent = 1
        self.counter = 0
        self.active: set[str] = set()  # names that surely or maybe depend on the arguments
        self.nested = 0  # in how many loops and branches

    def write(self, text: str) -> None:
        """A line; the names that it binds to something active are noted."""
        self.lines.append("    " * self.indent + text)
        targets, operator, value = re.split(r" ([-+*/]?=) ", f"{text} = ", maxsplit=1)[:3]
        if self.active & set(re.findall(r"\w+", value)):
            self.active |= set(re.findall(r"\w+", targets))
        elif operator == "=" and not self.nested:
            self.active -= set(re.findall(r"\w+", targets))

    def fresh_name(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    def target(self, shape: Shape) -> str:
        """A name to bind to a value of this shape: an old one half of the time."""
        old = [name for name, other in self.scope.floats.items() if other == shape]
        if old and self.choices.chance(55):
            return self.choices.pick(old)
        free = [name for name in NAMES if name not in self.scope.floats]
        if not self.nested and self.choices.chance(15):
            free = list(NAMES)  # at the top level a name may change its shape
        return self.choices.pick(free) if free else self.fresh_name("e")

    def bind(self, name: str, shape: Shape) -> None:
        self.scope.floats.pop(name, None)
        self.scope.floats[name] = shape

    def block(self, budget: int) -> None:
        """Some statements; at least one."""
        options = [
            (9, self.assign),
            (4, self.augment),
            (2, self.alias),
            (3, self.view),
            (2, self.swap),
            (2, self.assign_pair),
            (1, self.harmless),
            (1, self.container),
            (1, self.function),
            (1, self.chain),
        ]
        if self.wide and not self.nested:
            options.append((1, self.early_return))
        if budget > 1 and self.nested < 3:
            options += [(4, self.loop), (4, self.branch), (1, self.bound_once), (1, self.resize)]
        while budget > 0:
            budget -= self.choices.weighted(options)(budget)
            if self.nested and self.choices.chance(25):
                return

    # --- simple statements ----------------------------------------------------------------------

    def assign(self, budget: int) -> int:
        shape = self.shape() if self.choices.chance(25) else self.known_shape()
        text = self.expression(shape, 2)
        name = self.target(shape)
        if self.nested and not self.choices.chance(30):
            text = f"np.tanh({text})"
        self.write(f"{name} = {text}")
        self.bind(name, shape)
        return 1

    def augment(self, budget: int) -> int:
        if not self.scope.floats:
            return self.assign(budget)
        name = self.choices.pick(list(self.scope.floats))
        shape = self.scope.floats[name]
        other = shape if self.choices.chance(60) else self.choices.pick([(), shape[1:]])
        text = self.expression(other, 1)
        operation = self.choices.pick(AUGMENT)
        if "*" in operation:
            text = f"np.cos({text})"
        self.write(operation.format(name, text) + ("" if shape else NUMBER))
        return 1

    def alias(self, budget: int) -> int:
        if not self.scope.floats:
            return self.assign(budget)
        name = self.choices.pick(list(self.scope.floats))
        shape = self.scope.floats[name]
        target = self.target(shape)
        if target == name:
            return self.assign(budget)
        self.write(f"{target} = {name}")
        self.bind(target, shape)
        return 1

    def view(self, budget: int) -> int:
        """A name for a row, a slice, a transpose or a reshape of an array."""
        arrays = [name for name, shape in self.scope.floats.items() if shape]
        if not arrays:
            return self.assign(budget)
        name = self.choices.pick(arrays)
        shape = self.scope.floats[name]
        if len(shape) == 2:
            m, n = shape
            options = [
                (f"{name}.T", (n, m)),
                (f"{name}[{self.index(m)}]", (n,)),
                (f"{name}[:, {self.index(n)}]", (m,)),
                (f"{name}.ravel()", (m * n,)),
                (f"{name}.reshape(-1)", (m * n,)),
                (f"{name}[::-1, :]", (m, n)),
            ]
        else:
            options = [
                (f"{name}[::-1]", shape),
                (f"{name}[:]", shape),
                (f"{name}[1:]", (shape[0] - 1,)),
                (f"{name}[None, :]", (1, shape[0])),
                (f"{name}.reshape(1, -1)", (1, shape[0])),
            ]
        text, viewed = self.choices.pick([option for option in options if 0 not in option[1]])
        target = self.target(viewed)
        self.write(f"{target} = {text}")
        self.bind(target, viewed)
        return 1

    def swap(self, budget: int) -> int:
        for shape in self.scope.floats.values():
            names = [name for name, other in self.scope.floats.items() if other == shape]
            if len(names) >= 2:
                first = self.choices.pick(names)
                second = self.choices.pick([name for name in names if name != first])
                if self.choices.chance(50):
                    self.write(f"{first}, {second} = {second}, {first}")
                else:
                    self.write(f"{first}, {second} = {second}, {self.expression(shape, 1)}")
                return 1
        return self.assign(budget)

    def chain(self, budget: int) -> int:
        """`a = b = expression`."""
        shape = self.known_shape()
        text = self.expression(shape, 1)
        first, second = self.target(shape), self.target(shape)
        self.write(f"{first} = {second} = {text}")
        self.bind(first, shape)
        self.bind(second, shape)
        return 1

    def assign_pair(self, budget: int) -> int:
        """Two targets from a tuple display or from a helper that returns two results."""
        helpers = [helper for helper in self.scope.helpers if helper.pair]
        shapes = (self.known_shape(), self.known_shape())
        if helpers and self.choices.chance(50):
            helper = self.choices.pick(helpers)
            shapes = (helper.result or shapes[0],) * 2
            text = self.call(helper, shapes[0], 1)
        else:
            text = ", ".join(self.expression(shape, 1) for shape in shapes)
        first, second = (self.target(shape) for shape in shapes)
        if first == second:
            return self.assign(budget)
        self.write(f"{first}, {second} = {text}")
        self.bind(first, shapes[0])
        self.bind(second, shapes[1])
        return 1

    def harmless(self, budget: int) -> int:
        """A statement that only looks."""
        name = self.choices.pick(list(self.scope.floats) or ["0.5"])
        lines = (
            f"print('{name}', {name})",
            f"assert np.all(np.isfinite({name})), f'{{{name}}} is not finite'",
            f"message = f'{{{name}!r}} {{np.max({name}):.3f}}'",
            f"assert np.ndim({name}) == {len(self.scope.floats.get(name, ()))}",
            f"print(f'largest {{np.max({name}):.2e}}')",
        )
        self.write(self.choices.pick(lines))
        return 1

    def container(self, budget: int) -> int:
        """A tuple, list or dict of arrays, whose items can be read afterwards."""
        shapes = [self.known_shape() for _ in range(2)]
        first, second = (self.expression(shape, 1) for shape in shapes)
        kind, keys = self.choices.pick(
            (("({}, {})", ("0", "1")), ("[{}, {}]", ("0", "-1")), ("{{'w': {}, 'b': {}}}", "wb"))
        )
        name = self.fresh_name("box")
        self.write(f"{name} = " + kind.format(first, second))
        for key, shape in zip(keys, shapes, strict=True):
            item = f"{name}[{key!r}]" if key in "wb" else f"{name}[{key}]"
            self.scope.fixed[item] = shape
        return 1

    def function(self, budget: int) -> int:
        """A lambda, or a wide inner function, which may read the names around it."""
        name = self.fresh_name("inner")
        shape = self.known_shape()
        outer = self.scope
        self.scope = outer.copy()
        self.scope.floats["o"] = shape
        option: str | None = "k"
        if not self.wide or self.choices.chance(50):
            option = "k" if self.wide and self.choices.chance(30) else None
            default = ", k=0.5" if option else ""
            factor = " * k" if option else ""
            self.write(f"{name} = lambda o{default}: {wrap(self.expression(shape, 1))}{factor}")
        else:
            self.write(f"def {name}(o, k=0.7):")
            self.write(f"    o = {self.expression(shape, 1)}")
            self.write(f"    return k * {wrap(self.expression(shape, 1))}")
        self.scope = outer
        self.scope.helpers.append(Helper(name, ("o",), (shape,), shape, option))
        return 1

    def early_return(self, budget: int) -> int:
        """A result before the end; of a helper, it may not fit the others."""
        self.write(f"if {self.predicate(0)}:")
        self.write(f"    return {self.expression((), 1)}")
        return 1

    # --- control flow ---------------------------------------------------------------------------

    def trips(self) -> tuple[str, int, bool]:
        """(range arguments, an upper bound of the index, whether it surely runs)."""
        options = [("2", 1, True), ("3", 2, True), ("1", 0, True), ("0", 0, False)]
        options += [("1, 3", 2, True), ("2, -1, -1", 2, True), ("0, 3, 2", 2, True)]
        options += [("3, 0, -2", 3, True)]
        integers = sorted(self.scope.integers)
        if integers and self.choices.chance(45):
            name = self.choices.pick(integers)
            bound = self.scope.integers[name]
            return self.choices.pick(
                (
                    (name, bound, False),
                    (f"{name} - 1", bound, False),
                    (f"1, {name} + 1", bound, False),
                    (f"{name}, 0, -1", bound, False),
                )
            )
        arrays = [name for name, shape in self.scope.floats.items() if shape]
        if arrays and self.choices.chance(20):
            name = self.choices.pick(arrays)
            return f"{name}.shape[0]", self.scope.floats[name][0] - 1, True
        return self.choices.pick(options)

    def inside(self, budget: int, scope: Scope) -> Scope:
        """Write a nested block in a copy of `scope`; the scope at its end."""
        self.scope = scope.copy()
        self.indent += 1
        self.nested += 1
        self.block(max(1, budget))
        self.indent -= 1
        self.nested -= 1
        ended, self.scope = self.scope, scope
        return ended

    def loop(self, budget: int) -> int:
        """A loop over a range; what it binds may be read afterwards where it surely runs."""
        text, bound, runs = self.trips()
        index = self.choices.pick(("i", "j", "k")[self.nested :] or ("k",))
        share = max(1, self.choices.integer(1, budget))
        if self.scope.floats and self.choices.chance(50):
            name = self.choices.pick(list(self.scope.floats))
            self.write(f"h = {name}")
            self.bind("h", self.scope.floats[name])
        self.write(f"for {index} in range({text}):")
        outer = self.scope
        body = outer.copy()
        body.integers[index] = bound
        if "h" in body.floats and self.choices.chance(60):
            shape = body.floats["h"]
            self.scope = body
            step = self.expression(shape, 2)
            self.scope = outer
            self.write(f"    h = np.tanh({wrap(step)} + 0.5 * h)")
        ended = self.inside(share, body)
        self.merge(ended.floats, ended.floats if runs else outer.floats)
        if runs and self.choices.chance(20):
            self.scope.integers[index] = bound
        return 1 + share

    def resize(self, budget: int) -> int:
        """A loop that changes the size of a vector in each iteration."""
        vectors = [name for name, shape in self.scope.floats.items() if len(shape) == 1]
        if not vectors or self.nested:
            return self.loop(budget)
        name = self.choices.pick(vectors)
        (size,) = self.scope.floats[name]
        trips = self.choices.integer(1, 2)
        change = self.choices.pick((1, -1)) if size > trips else 1
        kept = f"{name}[1:]" if change < 0 else f"np.concatenate([{name}, {name}[:1]])"
        factor = self.choices.pick((f"np.mean({name})", f"np.cos({name}[0])", "0.9"))
        self.write(f"for step in range({trips}):")
        self.write(f"    {name} = np.tanh({kept} * {factor})")
        self.bind(name, (size + trips * change,))
        return 2

    def merge(self, first: dict[str, Shape], second: dict[str, Shape]) -> None:
        """After a join: the names bound on both sides, and seldom one bound on one side only."""
        merged = {}
        for name, shape in first.items():
            one_path_only = name not in second
            if second.get(name) == shape or (one_path_only and self.choices.chance(4)):
                merged[name] = shape
        self.scope.floats = merged

    def branch(self, budget: int) -> int:
        share = max(1, self.choices.integer(1, budget) // 2)
        outer = self.scope
        self.write(f"if {self.predicate(1)}:")
        ends = [self.inside(share, outer)]
        if self.choices.chance(25):
            self.write(f"elif {self.predicate(0)}:")
            ends.append(self.inside(share, outer))
        if self.choices.chance(65):
            self.write("else:")
            ends.append(self.inside(share, outer))
        else:
            ends.append(outer.copy())
        first, *rest = ends
        for end in rest:
            self.merge(first.floats, end.floats)
            first = self.scope.copy()
        return len(ends) * share

    def bound_once(self, budget: int) -> int:
        """A name that only some iterations bind, read in the later ones."""
        if not self.choices.chance(40):
            return self.loop(budget)
        name, shape = self.fresh_name("q"), self.known_shape()
        total = self.target(())
        self.write(f"{total} = {self.expression((), 1)}")
        self.bind(total, ())
        self.write(f"for i in range({self.choices.pick(('3', '2', '1'))}):")
        self.write(f"    if {self.choices.pick(('i == 0', 'i % 2 == 0', 'i != 1'))}:")
        self.write(f"        {name} = {self.expression(shape, 2)}")
        self.write(f"    {total} += np.sum(np.sin({name})){NUMBER}")
        return 3
