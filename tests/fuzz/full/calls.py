"""Calls of helpers, containers, comprehensions, and statements around active code."""

from __future__ import annotations

from tests.fuzz.full.loops import Loops
from tests.fuzz.full.templates import VALUES, WRITES
from tests.fuzz.scope import Shape


class Calls(Loops):
    """Each production writes one construct of functions, containers, statements or scalars."""

    definitions: dict[str, str]  # texts of the helpers that the program needs, by template

    def scalar(self) -> str:
        """A bounded scalar."""
        return self.tame(())

    def new(self, prefix: str, text: str, shape: Shape) -> str:
        """Bind a new name to an expression."""
        name = self.fresh_name(prefix)
        self.write(f"{name} = {text}")
        self.bind(name, shape)
        return name

    # --- functions ------------------------------------------------------------------------------

    def helper_call(self, budget: int) -> int:
        """A helper written by hand, called in one of its ways."""
        kind = self.choices.pick(sorted(VALUES))
        template = VALUES[kind]
        self.definitions[kind] = template.text
        shape = self.known_shape()
        call = self.choices.pick(template.calls)
        y = self.new("y", self.expression(shape, 1), shape)
        self.new("r", call.format(y=y, s=self.scalar()), shape)
        return 2

    def helper_writes(self, budget: int) -> int:
        """A helper that changes its argument, a row of it now and then, and returns nothing."""
        kind = self.choices.pick(sorted(WRITES))
        self.definitions[f"writes {kind}"] = WRITES[kind].text
        rank = 2 if self.choices.chance(25) else 1
        name, shape = self.made(rank)
        if rank == 2:
            name = f"{name}[{self.place(shape[0])}]"
        self.write(self.choices.pick(WRITES[kind].calls).format(x=name, s=self.scalar()))
        return 1

    def helper_writes_in_loop(self, budget: int) -> int:
        """One step of a time loop is a helper."""
        self.definitions["writes loops"] = WRITES["loops"].text
        name, _ = self.made(1, least=2)
        self.write(f"for p in range({self.choices.integer(0, 4)}):")
        self.write(f"    smooth({name})")
        return 2

    def nested_def(self, budget: int) -> int:
        """A function within the function, which reads the names around it."""
        name, shape = self.fresh_name("inner"), self.known_shape()
        free = self.scalar()
        self.write(f"def {name}(o, k=0.7):")
        self.write(f"    o = np.sin(o) * {free}")
        if self.choices.chance(40):
            self.write("    if np.sum(o) > 0.2:")
            self.write("        return o * k")
        self.write("    return k * o + 0.1")
        call = self.choices.pick(("{0}({1})", "{0}({1}, k=0.4)", "{0}({1}) * {0}({1}, 0.3)"))
        self.new("r", call.format(name, self.expression(shape, 1)), shape)
        return 3

    def nested_def_writes(self, budget: int) -> int:
        """A function within the function that writes an array of the outer one."""
        target, (size,) = self.made(1)
        name = self.fresh_name("inner")
        self.write(f"def {name}():")
        self.write(f"    {target}[{size - 1}] *= 0.5")
        self.write(f"{name}()")
        return 2

    def lambda_bound(self, budget: int) -> int:
        name, shape = self.fresh_name("f"), self.known_shape()
        self.write(f"{name} = lambda v, k=0.5: np.sin(v) * k + {self.scalar()}")
        self.new("r", f"{name}({self.expression(shape, 1)})", shape)
        return 2

    # --- containers -----------------------------------------------------------------------------

    def list_grown(self, budget: int) -> int:
        """A list that grows in a loop, and is stacked."""
        shape = self.known_shape()
        if len(shape) > 1:
            shape = ()
        count, rows = self.choices.integer(0, 4), self.fresh_name("rows")
        self.write(f"{rows} = [{self.expression(shape, 1)}]")
        self.write(f"for p in range({count}):")
        self.write(f"    {rows}.append(np.sin({rows}[-1]) + {self.constant()} * p)")
        if self.choices.chance(25):
            self.write(f"{rows}.append({self.expression(shape, 1)})")
            count += 1
        joined = (
            "np.array({})" if shape == () else self.choices.pick(("np.stack({})", "np.array({})"))
        )
        self.new("m", joined.format(rows), (count + 1, *shape))
        return 3

    def list_changed(self, budget: int) -> int:
        """pop, insert and item assignment."""
        shape = self.known_shape()
        items = self.fresh_name("items")
        one, other = self.expression(shape, 1), self.expression(shape, 1)
        self.write(f"{items} = [{one}, {other}]")
        change = self.choices.pick(
            (
                f"{items}.insert(1, {self.tame(shape)})",
                f"{items}.insert(0, {self.tame(shape)})",
                f"{items}[0] = {self.tame(shape)}",
                f"{items}[-1] = {items}[0] * 0.5",
                f"{items}.append({self.tame(shape)})",
            )
        )
        self.write(change)
        self.new("r", f"{items}.pop({self.choices.pick(('', '0'))}) + {items}[0]", shape)
        return 3

    def dict_built(self, budget: int) -> int:
        """A dict, key by key."""
        shape, table = self.known_shape(), self.fresh_name("table")
        self.write(f"{table} = {{}}")
        self.write(f"{table}['a'] = {self.expression(shape, 1)}")
        self.write(f"{table}['b'] = np.sin({table}['a']) * {self.scalar()}")
        if self.choices.chance(40):
            self.write(f"{table}['a'] = {table}['b'] + 0.1")
        self.new("r", f"{table}['a'] * {table}['b']", shape)
        return 3

    def record_made(self, budget: int) -> int:
        """A named tuple or a dataclass of arrays."""
        shape = self.known_shape()
        one, other = self.expression(shape, 1), self.expression(shape, 1)
        name = self.fresh_name("record")
        if self.choices.chance(50):
            self.write(f"{name} = Pair({one}, {other})")
            self.new("r", f"{name}.first * np.cos({name}.second) + {name}[0]", shape)
        else:
            self.write(f"{name} = Record({one}, bias={other})")
            self.new("r", f"{name}.scaled({self.scalar()}) + {name}.bias", shape)
        return 2

    def list_comprehension(self, budget: int) -> int:
        name, (size, *rest) = self.made(self.choices.integer(1, 2))
        kind = self.choices.integer(0, 3)
        if kind == 0:
            self.new("m", f"np.array([np.sin(v) * {self.scalar()} for v in {name}])", (size, *rest))
        elif kind == 1:
            self.new("s", f"sum([np.sum(v * v) * p for p, v in enumerate({name})])", ())
        elif kind == 2:
            self.new("s", f"sum([np.sum(v) for v in {name} if np.sum(v) > 0.1]) + 0.5", ())
        else:
            power = self.fresh_name("powers")
            self.write(f"{power} = [np.sin({name}) ** k for k in range(1, 4)]")
            self.new("m", f"{power}[0] * {power}[2] + {power}[1]", (size, *rest))
        return 2

    def dict_comprehension(self, budget: int) -> int:
        shape, table = self.known_shape(), self.fresh_name("table")
        one, other = self.expression(shape, 1), self.expression(shape, 1)
        self.write(f"{table} = {{'a': {one}, 'b': {other}}}")
        self.write(f"{table} = {{key: np.sin(v) * 0.7 for key, v in {table}.items()}}")
        self.new("r", f"{table}['a'] - {table}['b']", shape)
        return 2

    def reduced_by_python(self, budget: int) -> int:
        """sum, max, min, abs, len of active values."""
        one, other, third = (self.scalar() for _ in range(3))
        call = self.choices.pick(
            (
                "max({0}, {1}) * {2}",
                "min({0}, {1}) + {2}",
                "max([{0}, {1}, {2}])",
                "sum([{0}, {1}, {2}])",
                "abs({0}) * {1}",
                "pow(abs({0}) + 0.5, 2) + {1}",
            )
        )
        self.new("s", call.format(one, other, third), ())
        return 1

    # --- assignment and branches ----------------------------------------------------------------

    def starred(self, budget: int) -> int:
        name, (_, *rest) = self.made(self.choices.integer(1, 2), least=2)
        first, others = self.fresh_name("first"), self.fresh_name("others")
        self.write(f"{first}, *{others} = {name}")
        self.new("r", f"{first} * 0.5 + sum({others})", tuple(rest))
        return 2

    def unpacked(self, budget: int) -> int:
        name, (size, *rest) = self.made(self.choices.integer(1, 2))
        names = [self.fresh_name("e") for _ in range(size)]
        self.write(f"{', '.join(names)}{',' if size == 1 else ''} = {name}")
        for one in names:
            self.bind(one, tuple(rest))
        return 1

    def walrus(self, budget: int) -> int:
        name, other = self.fresh_name("w"), self.fresh_name("s")
        if self.choices.chance(60):
            self.write(f"if ({name} := {self.scalar()}) > {self.constant()}:")
            self.write(f"    {other} = {name} * {name}")
            self.write("else:")
            self.write(f"    {other} = {name} + {self.scalar()}")
        else:
            self.write(f"{other} = ({name} := {self.scalar()}) * 0.5 + {name} ** 2")
        self.bind(name, ())
        self.bind(other, ())
        return 2

    def chained_comparison(self, budget: int) -> int:
        self.write(f"if -0.5 < {self.scalar()} <= {self.choices.pick(('0.3', '0.9'))}:")
        share = max(1, budget // 2)
        ended = self.statements(1, self.scope.copy())
        self.merge(ended.floats, self.scope.floats)
        return min(2, share + 1)

    def short_circuit(self, budget: int) -> int:
        name, _ = self.made(1)
        joined = self.choices.pick(("and", "or"))
        test = f"len({name}) > 1 {joined} {name}[{self.choices.pick((0, -1))}] > 0.1"
        if joined == "and":
            test = f"len({name}) > 2 and {name}[2] > 0.1"
        self.write(f"if not ({test}):" if self.choices.chance(30) else f"if {test}:")
        ended = self.statements(1, self.scope.copy())
        self.merge(ended.floats, self.scope.floats)
        return 2

    def one_path(self, budget: int) -> int:
        """Bound on one path, read under the same condition."""
        flag, name, shape = self.fresh_name("flag"), self.fresh_name("q"), self.known_shape()
        total = self.fresh_name("s")
        self.write(f"{flag} = {self.scalar()} > 0.0")
        self.write(f"{total} = {self.scalar()}")
        self.write(f"if {flag}:")
        self.write(f"    {name} = {self.expression(shape, 1)}")
        self.write(f"if {flag}:")
        self.write(f"    {total} = {total} + np.sum(np.sin({name}))")
        self.bind(total, ())
        return 3

    def deleted(self, budget: int) -> int:
        shape, name = self.known_shape(), self.fresh_name("gone")
        self.write(f"{name} = {self.expression(shape, 1)}")
        self.new("r", f"np.sin({name}) * {name}", shape)
        self.write(f"del {name}")
        return 2

    def annotated(self, budget: int) -> int:
        name = self.fresh_name("s")
        self.write(f"{name}: float = {self.scalar()}")
        self.bind(name, ())
        return 1

    # --- statements and scalars -----------------------------------------------------------------

    def with_context(self, budget: int) -> int:
        self.write(
            self.choices.pick(
                ("with np.errstate(all='ignore'):", "with contextlib.nullcontext(), np.errstate():")
            )
        )
        ended = self.statements(1, self.scope.copy())
        self.merge(ended.floats, ended.floats)
        return 2

    def inactive_try(self, budget: int) -> int:
        name = self.fresh_name("number")
        self.write("try:")
        self.write(f"    {name} = {self.choices.pick(('int(chr(50))', '{}[0]'))}")
        self.write("except (KeyError, ValueError):")
        self.write(f"    {name} = 1")
        self.write(f"s = {self.scalar()} * {name}")
        self.bind("s", ())
        return 2

    def imported(self, budget: int) -> int:
        name = self.fresh_name("library")
        self.write(f"import math as {name}")
        self.new("s", f"{self.scalar()} * {name}.cos(0.5)", ())
        return 2

    def guarded(self, budget: int) -> int:
        """A raise that is not reached."""
        self.write(f"if {self.scalar()} > 100.0:")
        self.write("    raise ValueError('too large')")
        return 1

    def logged(self, budget: int) -> int:
        name = self.choices.pick(list(self.scope.floats) or ["0.5"])
        self.write(f"logger.debug('%s', {name})")
        return 1

    def math_call(self, budget: int) -> int:
        call = self.choices.pick(
            ("math.sin({})", "math.exp(0.3 * {})", "math.tanh({})", "math.sqrt(1.5 + {})")
        )
        self.new("s", call.format(self.scalar()), ())
        return 1

    def converted(self, budget: int) -> int:
        """float(x), x.item(), int(x)."""
        call = self.choices.pick(("float({0})", "np.sum({1}).item()", "int(3.0 * {0}) + 0.3 * {0}"))
        self.new("s", call.format(self.scalar(), self.expression(self.known_shape(1), 1)), ())
        return 1
