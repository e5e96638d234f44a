"""Statements that write into arrays, through names, items, views and calls."""

from __future__ import annotations

from tests.fuzz.scope import Shape
from tests.fuzz.statements import Statements

TAME = ("np.tanh({})", "np.sin({})", "np.cos({})", "0.5 * np.tanh({})")


class Writes(Statements):
    """Each production writes one construct; where nothing fits, it assigns a name instead."""

    def tame(self, shape: Shape, depth: int = 1) -> str:
        """A bounded expression of a shape."""
        return self.choices.pick(TAME).format(self.expression(shape, depth))

    def some_array(self, *ranks: int, least: int = 1) -> tuple[str, Shape] | None:
        """A variable that is an array of one of the ranks, with `least` items along its axes."""
        found = [
            (name, shape)
            for name, shape in self.scope.floats.items()
            if len(shape) in (ranks or (1, 2)) and min(shape) >= least
        ]
        return self.choices.pick(found) if found else None

    def made(self, rank: int, least: int = 1) -> tuple[str, Shape]:
        """An array that is there, or else one that is made here."""
        found = self.some_array(rank, least=least)
        if found is not None and self.choices.chance(80):
            return found
        shape = tuple(max(least, self.choices.pick(self.sizes)) for _ in range(rank))
        name = self.fresh_name("m")
        self.write(f"{name} = {self.tame(shape, 2)} + 0.1")
        self.bind(name, shape)
        return name, shape

    def place(self, size: int) -> str:
        """The index of a place: most often a literal."""
        return self.index(size)

    # --- items and slices -----------------------------------------------------------------------

    def store_item(self, budget: int) -> int:
        name, shape = self.made(self.choices.integer(1, 2))
        index = ", ".join(self.place(size) for size in shape)
        operator = self.choices.pick(("=", "=", "+=", "-="))
        self.write(f"{name}[{index}] {operator} {self.tame(())}")
        return 1

    def scale_item(self, budget: int) -> int:
        name, shape = self.made(1)
        self.write(f"{name}[{self.place(shape[0])}] *= {self.tame(())}")
        return 1

    def store_slice(self, budget: int) -> int:
        name, (size,) = self.made(1, least=2)
        start, stop = self.choices.pick(((0, size - 1), (1, size), (0, size), (1, size)))
        text = self.choices.pick((f"{start or ''}:{stop}", f"{start}:", f"{start}:{stop}"))
        count = len(range(size)[start : size if text.endswith(":") else stop])
        shape = () if self.choices.chance(25) else (count,)
        operator = self.choices.pick(("=", "+=", "-=", "*="))
        self.write(f"{name}[{text}] {operator} {self.tame(shape)}")
        return 1

    def store_row(self, budget: int) -> int:
        name, (m, n) = self.made(2)
        kind = self.choices.integer(0, 4)
        operator = self.choices.pick(("=", "+=", "*="))
        index, shape = (
            (self.place(m), (n,)),
            (f"{self.place(m)}, :", (n,)),
            (f":, {self.place(n)}", (m,)),
            ("1:" if m > 1 else "0:", (n,)),
            (f"{self.place(m)}, ::-1", (n,)),
        )[kind]
        self.write(f"{name}[{index}] {operator} {self.tame(shape)}")
        return 1

    def store_whole(self, budget: int) -> int:
        name, shape = self.made(self.choices.integer(1, 2))
        self.write(f"{name}[{self.choices.pick((':', '...'))}] = {self.tame(shape)}")
        return 1

    def store_mask(self, budget: int) -> int:
        name, _ = self.made(self.choices.integer(1, 2))
        test = f"{name} {self.choices.pick(('>', '<'))} {self.constant()}"
        value = self.choices.pick((self.tame(()), self.constant()))
        operator = self.choices.pick(("=", "=", "*=", "+="))
        self.write(f"{name}[{test}] {operator} {value}")
        return 1

    def store_mask_values(self, budget: int) -> int:
        name, _ = self.made(1)
        other = self.fresh_name("mask")
        self.write(f"{other} = {name} > 0.1")
        self.write(f"{name}[{other}] = np.sin({name}[{other}]) * 0.7")
        return 2

    def store_fancy(self, budget: int) -> int:
        name, (size, *rest) = self.made(self.choices.integer(1, 2))
        picks = [self.choices.integer(0, size - 1) for _ in range(self.choices.integer(1, 3))]
        operator = self.choices.pick(("=", "+=", "*="))
        self.write(f"{name}[{picks}] {operator} {self.tame((len(picks), *rest))}")
        return 1

    def add_at(self, budget: int) -> int:
        name, (size,) = self.made(1)
        picks = [self.choices.integer(0, size - 1) for _ in range(self.choices.integer(1, 3))]
        self.write(f"np.add.at({name}, {picks}, {self.tame((len(picks),))})")
        return 1

    def overlapping(self, budget: int) -> int:
        name, _ = self.made(1, least=2)
        text = self.choices.pick(
            (
                "{0}[1:] = {0}[:-1]",
                "{0}[:-1] = {0}[1:] * 0.5",
                "{0}[:] = {0}[::-1]",
                "{0}[1:] += 0.5 * {0}[:-1]",
                "{0}[::-1] = np.sin({0})",
            )
        )
        self.write(text.format(name))
        return 1

    # --- calls that write -----------------------------------------------------------------------

    def out(self, budget: int) -> int:
        name, shape = self.made(self.choices.integer(1, 2))
        one, other = (self.expression(shape, 1) for _ in range(2))
        call = self.choices.pick(
            ("np.sin({0}, out={2})", "np.multiply({0}, {1}, out={2})", "np.add({0}, {1}, out={2})")
        )
        self.write(call.format(one, other, name))
        return 1

    def fill(self, budget: int) -> int:
        name, _ = self.made(1)
        self.write(f"{name}.fill({self.tame(())})")
        return 1

    def copyto(self, budget: int) -> int:
        name, shape = self.made(self.choices.integer(1, 2))
        self.write(f"np.copyto({name}, {self.tame(shape)})")
        return 1

    def fill_diagonal(self, budget: int) -> int:
        size = self.choices.pick(self.sizes)
        name = self.fresh_name("square")
        self.write(f"{name} = {self.tame((size, size), 2)} * 1.0")
        self.bind(name, (size, size))
        self.write(f"np.fill_diagonal({name}, {self.tame(())})")
        return 1

    def put(self, budget: int) -> int:
        name, (size,) = self.made(1)
        self.write(f"np.put({name}, [{size - 1}], {self.tame(())})")
        return 1

    def sort(self, budget: int) -> int:
        name, _ = self.made(1)
        self.write(f"{name}.sort()")
        return 1

    # --- elements are values, the rest are views ------------------------------------------------

    def swap_items(self, budget: int) -> int:
        name, (size,) = self.made(1, least=2)
        if self.choices.chance(50):
            self.write(f"{name}[0], {name}[{size - 1}] = {name}[{size - 1}], {name}[0]")
            return 1
        kept = self.fresh_name("t")
        self.write(f"{kept} = {name}[0]")
        self.write(f"{name}[0] = {name}[1] * 0.9")
        self.write(f"{name}[1] = np.sin({kept})")
        self.bind(kept, ())
        return 2

    def view_written(self, budget: int) -> int:
        """A view is bound, and written; the base is read again later."""
        rank = self.choices.integer(1, 2)
        name, shape = self.made(rank, least=2)
        if rank == 1:
            (n,) = shape
            options = [
                (f"{name}[1:]", (n - 1,)),
                (f"{name}[::-1]", (n,)),
                (f"{name}[:, None]", (n, 1)),
            ]
        else:
            m, n = shape
            options = [
                (f"{name}[{self.choices.integer(0, m - 1)}]", (n,)),
                (f"{name}[:, {self.choices.integer(0, n - 1)}]", (m,)),
                (f"{name}.T", (n, m)),
                (f"{name}[1:]", (m - 1, n)),
            ]
        text, viewed = self.choices.pick(options)
        view = self.fresh_name("view")
        self.write(f"{view} = {text}")
        self.write_view(view, viewed)
        return 2

    def reshaped_written(self, budget: int) -> int:
        """A reshape of a new array is a view."""
        m, n = (max(2, size) for size in self.sizes)
        base, view = self.fresh_name("base"), self.fresh_name("view")
        self.write(f"{base} = np.zeros(({m}, {n}))")
        self.write(f"{base}[...] = {self.tame((m, n), 2)}")
        self.bind(base, (m, n))
        self.write(f"{view} = {base}{self.choices.pick(('.reshape(-1)', '.ravel()'))}")
        self.write_view(view, (m * n,))
        return 2

    def write_view(self, view: str, shape: Shape) -> None:
        """One write through a view."""
        kind = self.choices.integer(0, 2)
        if kind == 0:
            self.write(f"{view} *= {self.tame(())}")
        elif kind == 1:
            index = ", ".join(self.place(size) for size in shape)
            self.write(f"{view}[{index}] = {self.tame(())}")
        else:
            self.write(f"{view} += {self.tame(shape)}")
        self.bind(view, shape)

    def transpose_store(self, budget: int) -> int:
        name, (m, n) = self.made(2)
        self.write(f"{name}.T[...] = {self.tame((n, m))}")
        return 1

    def diagonal_view(self, budget: int) -> int:
        size = self.choices.pick(self.sizes)
        name = self.fresh_name("square")
        self.write(f"{name} = {self.tame((size, size), 2)} * 1.0")
        self.bind(name, (size, size))
        self.write(f"np.einsum('ii->i', {name})[...] = {self.tame((size,))}")
        return 2

    def flat_store(self, budget: int) -> int:
        name, (m, n) = self.made(2)
        self.write(f"{name}.flat[{self.choices.integer(0, m * n - 1)}] = {self.tame(())}")
        return 1

    def alias_written(self, budget: int) -> int:
        name, shape = self.made(1)
        other = self.fresh_name("same")
        self.write(f"{other} = {name}")
        self.write(f"{other}[{self.place(shape[0])}] = {self.tame(())}")
        self.write(f"{other} *= 0.8")
        self.bind(other, shape)
        return 2

    def copy_written(self, budget: int) -> int:
        name, shape = self.made(1)
        other = self.fresh_name("copy")
        self.write(f"{other} = {name}.copy()")
        self.write(f"{other}[{self.place(shape[0])}] += {self.tame(())}")
        self.bind(other, shape)
        return 2

    # --- arrays that loops build ----------------------------------------------------------------

    def built_by_items(self, budget: int) -> int:
        size = self.choices.integer(1, 4)
        name = self.fresh_name("built")
        self.write(f"{name} = np.zeros({size})")
        self.write(f"for p in range({size}):")
        self.write(f"    {name}[p] = {self.tame(())} * (p + 0.5)")
        self.bind(name, (size,))
        return 2

    def built_by_rows(self, budget: int) -> int:
        m, n = self.choices.pick(self.sizes), self.choices.pick(self.sizes)
        name = self.fresh_name("built")
        self.write(f"{name} = np.{self.choices.pick(('zeros', 'empty'))}(({m}, {n}))")
        self.write(f"for p in range({m}):")
        self.write(f"    {name}[p] = {self.tame((n,))} * (p + 0.5)")
        self.bind(name, (m, n))
        return 2

    def prefix(self, budget: int) -> int:
        name, (size,) = self.made(1, least=2)
        self.write(f"for p in range(1, {size}):")
        self.write(f"    {name}[p] += np.sin({name}[p - 1]) * {self.constant()}")
        return 2

    def ping_pong(self, budget: int) -> int:
        shape = self.known_shape(1)
        one, other = self.fresh_name("u"), self.fresh_name("v")
        self.write(f"{one}, {other} = {self.tame(shape)} * 1.0, np.zeros({shape})")
        self.write(f"for p in range({self.choices.integer(0, 4)}):")
        self.write(f"    {other}[...] = np.sin({one}) * 0.9 + 0.2 * {self.expression(shape, 1)}")
        if self.choices.chance(40):
            zero = ", ".join("0" for _ in shape)
            self.write(f"    {other}[{zero}] = {one}[{zero}] * 0.5")
        self.write(f"    {one}, {other} = {other}, {one}")
        self.bind(one, shape)
        self.bind(other, shape)
        return 3

    def stencil(self, budget: int) -> int:
        name = self.fresh_name("field")
        self.write(f"{name} = {self.tame((5,), 2)} * 1.0")
        self.write(f"for p in range({self.choices.integer(0, 4)}):")
        update = self.choices.pick(
            (
                "{0}[1:-1] += 0.1 * ({0}[2:] - 2.0 * {0}[1:-1] + {0}[:-2])",
                "{0}[1:-1] -= 0.2 * {0}[1:-1] * ({0}[2:] - {0}[:-2])",
                "{0}[1:] *= np.cos({0}[:-1])",
            )
        )
        self.write("    " + update.format(name))
        self.bind(name, (5,))
        return 3
