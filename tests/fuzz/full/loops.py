"""Loops over everything, and the ways out of them."""

from __future__ import annotations

from tests.fuzz.full.writes import Writes
from tests.fuzz.scope import Scope, Shape


class Loops(Writes):
    """Loops whose bodies come from the whole grammar."""

    only: frozenset[str] | None = None  # the productions that may be used besides the plain ones
    looping = 0  # how many loops are around
    result_shape: Shape | None = ()  # what an early return returns; None: none is allowed

    def allows(self, production: str) -> bool:
        """Whether a production may be used."""
        return self.only is None or production in self.only

    def body(self, head: str, budget: int, names: dict[str, Shape], runs: bool = False) -> int:
        """A loop: its head, some statements, an exit now and then, an else now and then."""
        share = max(1, self.choices.integer(1, max(1, budget // 2)))
        self.write(head)
        outer = self.scope
        inner = outer.copy()
        inner.floats.update(names)
        self.looping += 1
        ended = self.statements(share, inner)
        self.looping -= 1
        if self.allows("loop_else") and self.choices.chance(15):
            self.write("else:  # loop")
            self.scope = outer.copy()
            self.statements(1, outer)
        self.scope = outer
        self.merge(ended.floats, ended.floats if runs else outer.floats)
        return 1 + share

    def statements(self, budget: int, scope: Scope) -> Scope:
        """A nested block, around an exit in some cases."""
        outer, self.scope = self.scope, scope
        self.indent += 1
        self.nested += 1
        if self.looping and self.allows("early_exit") and self.choices.chance(30):
            if self.choices.chance(50):
                self.block(1)
            self.exit()
        self.block(max(1, budget))
        self.indent -= 1
        self.nested -= 1
        ended, self.scope = self.scope, outer
        return ended

    def exit(self) -> None:
        """A break, a continue or a return, under a condition."""
        self.write(f"if {self.predicate(0)}:")
        if self.choices.chance(20):
            self.write(f"    {self.scalar_step()}")
        options = ["break", "continue", "break", "continue"]
        if self.result_shape is not None:
            options.append(f"return {self.expression(self.result_shape, 1)}")
        self.write(f"    {self.choices.pick(options)}")

    def scalar_step(self) -> str:
        """An assignment to a scalar that is there, or else to a new one."""
        names = self.scope.with_shape(())
        plain = [name for name in names if name.isidentifier()]
        name = self.choices.pick(plain) if plain else "s"
        return f"{name} = {self.tame(())}"

    def early_exit(self, budget: int) -> int:
        """An exit of the loop around, or of the function."""
        if self.looping:
            self.exit()
        elif self.result_shape is not None:
            self.write(f"if {self.predicate(0)}:")
            self.write(f"    return {self.expression(self.result_shape, 1)}")
        else:
            return self.assign(budget)
        return 1

    # --- what is looped over --------------------------------------------------------------------

    def for_range(self, budget: int) -> int:
        text, bound, runs = self.trips()
        index = ("i", "j", "k")[min(self.looping, 2)]
        outer = dict(self.scope.integers)
        self.scope.integers[index] = bound
        cost = self.body(f"for {index} in range({text}):", budget, {}, runs)
        self.scope.integers = outer
        if runs and self.choices.chance(30):
            self.scope.integers[index] = bound
        return cost

    def for_reversed(self, budget: int) -> int:
        count = self.choices.integer(0, 4)
        index = ("i", "j", "k")[min(self.looping, 2)]
        outer = dict(self.scope.integers)
        self.scope.integers[index] = max(0, count - 1)
        cost = self.body(f"for {index} in reversed(range({count})):", budget, {}, count > 0)
        self.scope.integers = outer
        return cost

    def for_elements(self, budget: int) -> int:
        name, (_, *rest) = self.made(self.choices.integer(1, 2))
        text = self.choices.pick(("{}", "{}", "reversed({})", "{}[::-1]")).format(name)
        item = self.fresh_name("item")
        return self.body(f"for {item} in {text}:", budget, {item: tuple(rest)}, True)

    def for_enumerate(self, budget: int) -> int:
        name, (size, *rest) = self.made(self.choices.integer(1, 2))
        item, index = self.fresh_name("item"), self.fresh_name("at")
        start = self.choices.pick(("", "", ", 1"))
        outer = dict(self.scope.integers)
        self.scope.integers[index] = size
        head = f"for {index}, {item} in enumerate({name}{start}):"
        cost = self.body(head, budget, {item: tuple(rest)}, True)
        self.scope.integers = outer
        return cost

    def for_zip(self, budget: int) -> int:
        one, (_, *first) = self.made(self.choices.integer(1, 2))
        other, (_, *second) = self.made(1)
        a, b = self.fresh_name("item"), self.fresh_name("item")
        names = {a: tuple(first), b: tuple(second)}
        return self.body(f"for {a}, {b} in zip({one}, {other}):", budget, names, True)

    def for_list(self, budget: int) -> int:
        shape = self.known_shape()
        items = [self.expression(shape, 1) for _ in range(self.choices.integer(1, 3))]
        display = self.choices.pick(("[{}]", "({},)")).format(", ".join(items))
        item = self.fresh_name("item")
        return self.body(f"for {item} in {display}:", budget, {item: shape}, True)

    def for_items(self, budget: int) -> int:
        shape = self.known_shape()
        one, other = self.expression(shape, 1), self.expression(shape, 1)
        box, item = self.fresh_name("table"), self.fresh_name("item")
        self.write(f"{box} = {{'a': {one}, 'b': {other}}}")
        head = self.choices.pick(
            (f"for key, {item} in {box}.items():", f"for {item} in {box}.values():")
        )
        return self.body(head, budget, {item: shape}, True)

    def while_counts(self, budget: int) -> int:
        count, index = self.choices.integer(0, 4), self.fresh_name("count")
        self.write(f"{index} = 0")
        self.write(f"while {index} < {count}:")
        self.write(f"    {index} += 1")
        outer = dict(self.scope.integers)
        self.scope.integers[index] = count
        share = max(1, self.choices.integer(1, max(1, budget // 2)))
        self.looping += 1
        ended = self.statements(share, self.scope.copy())
        self.looping -= 1
        self.merge(ended.floats, self.scope.floats)
        if self.allows("loop_else") and self.choices.chance(15):
            self.write("else:  # loop")
            self.statements(1, self.scope.copy())
        self.scope.integers = {**outer, index: count}
        return 1 + share

    def while_on_data(self, budget: int) -> int:
        """A value that shrinks, until it is small, or the loop has had enough of it."""
        name = self.fresh_name("rest")
        self.write(f"{name} = 1.0 + {self.tame((), 2)} ** 2")
        self.bind(name, ())
        if self.choices.chance(50):
            self.write(f"while {name} > {self.choices.pick(('0.3', '0.6', '1.2'))}:")
            self.write(f"    {name} = {name} * (0.5 + 0.2 * {self.tame(())})")
        else:
            self.write("while True:")
            self.write(f"    {name} = 0.6 * {name}")
            self.write(f"    if {name} < 0.5:")
            self.write("        break")
        return 2

    def nested_counts(self, budget: int) -> int:
        """An inner loop as long as the outer index."""
        name = self.fresh_name("sum")
        self.write(f"{name} = {self.tame(())}")
        self.write(f"for p in range({self.choices.integer(1, 4)}):")
        self.write("    for q in range(p):")
        self.write(f"        {name} = np.sin({name}) + {self.tame(())} * (q + 0.5)")
        if self.allows("early_exit") and self.choices.chance(30):
            self.write(f"        if {name} > 0.8:")
            self.write("            break")
        self.write(f"    {name} = {name} * 0.9")
        self.bind(name, ())
        return 3

    def read_after(self, budget: int) -> int:
        """The loop's own name, read below it."""
        name, _ = self.made(1)
        item, total = self.fresh_name("item"), self.fresh_name("sum")
        self.write(f"{total} = 0.0")
        self.write(f"for {item} in {name}:")
        self.write(f"    {total} += {item} * {item}")
        self.write(f"{total} = {total} * np.cos({item})")
        self.bind(total, ())
        return 2

    def search(self, budget: int) -> int:
        """A loop with an else: found, or not."""
        name, _ = self.made(1)
        found = self.fresh_name("found")
        self.write(f"for item in {name}:")
        self.write(f"    if item > {self.constant()}:")
        self.write(f"        {found} = item * item")
        self.write("        break")
        self.write("else:  # loop")
        self.write(f"    {found} = {self.tame(())}")
        self.bind(found, ())
        return 3
