"""Random expressions of a wanted shape, over the variables in scope."""

from __future__ import annotations

from tests.fuzz.choices import Choices
from tests.fuzz.scope import Helper, Scope, Shape, wrap

UNARY = (
    "np.tanh({})",
    "np.sin({})",
    "np.cos({})",
    "-{}",
    "0.5 * {}",
    "np.exp(-0.3 * {} ** 2)",
    "np.exp(0.2 * np.tanh({}))",
    "np.sqrt(1.0 + {} ** 2)",
    "np.log1p({} ** 2)",
    "np.abs({})",
    "np.square(0.5 * {})",
    "np.arctan({})",
    "{} ** 2",
    "(0.4 * {}) ** 3",
    "1.0 / (2.0 + np.sin({}))",
    "np.clip({}, -0.8, 0.9)",
    "np.maximum({}, 0.1)",
    "np.minimum({}, 0.7)",
    "np.sinh(0.3 * {})",
    "np.logaddexp({}, 0.0)",
    "np.negative({})",
    "np.expm1(0.2 * {})",
)
BINARY = (
    "{} + {}",
    "{} - {}",
    "{} * {}",
    "{} / (1.5 + np.abs({}))",
    "np.maximum({}, {})",
    "np.minimum({}, {})",
    "np.hypot(1.0 + {}, {})",
    "np.logaddexp({}, {})",
    "np.arctan2({}, 2.0 + np.cos({}))",
    "np.multiply({}, {})",
    "(1.5 + np.sin({})) ** (0.5 * {})",
    "np.add({}, {})",
)
REDUCE = ("np.sum({})", "np.mean({})", "np.max({})", "np.min({})", "np.prod(np.tanh({}))")
REDUCE += ("np.var({})", "np.sqrt(0.1 + np.var({}))", "np.linalg.norm({})")
REDUCE_METHOD = ("{}.sum()", "{}.mean()", "{}.max()", "{}.min()", "{}.var()")
REDUCE_AXIS = ("sum", "mean", "max", "min", "prod", "var")


class Expressions:
    """Expressions by shape; depth bounds their size; `wide` leaves the documented language."""

    def __init__(self, choices: Choices, sizes: tuple[int, int], wide: bool = False) -> None:
        self.choices = choices
        self.sizes = sizes
        self.wide = wide
        self.scope = Scope()

    # --- leaves ---------------------------------------------------------------------------------

    def constant(self) -> str:
        return self.choices.pick(("0.5", "1.0", "0.3", "-0.4", "2.0", "1.7"))

    def shape(self, rank: int | None = None) -> Shape:
        """A shape that programs use: sizes coincide now and then."""
        if rank is None:
            rank = self.choices.weighted([(3, 0), (5, 1), (3, 2)])
        return tuple(self.choices.pick(self.sizes) for _ in range(rank))

    def known_shape(self, least_rank: int = 0) -> Shape:
        """The shape of some variable in scope."""
        found = [s for s in self.scope.floats.values() if len(s) >= least_rank]
        return self.choices.pick(found) if found else self.shape(max(1, least_rank))

    def leaf(self, shape: Shape) -> str:
        """A variable of the shape, or something made up."""
        if shape == ():
            return self.scalar_leaf()
        names = self.scope.with_shape(shape)
        if names and not self.choices.chance(3):
            return self.choices.pick(names)
        if len(shape) == 1 and self.choices.chance(60):
            for name, other in {**self.scope.floats, **self.scope.fixed}.items():
                if other:
                    return self.picked(name, other, shape[0])
        dimensions = str(shape) if len(shape) != 1 else str(shape[0])
        scalar = self.leaf(())
        return self.choices.pick(
            (
                f"np.full({dimensions}, {scalar})",
                f"np.ones({dimensions}) * {wrap(scalar)}",
                f"(np.zeros({dimensions}) + {scalar})",
                f"np.broadcast_to({scalar}, {shape})",
            )
        )

    def scalar_leaf(self) -> str:
        """A scalar variable, an element or a mean of an array, an integer or a constant."""
        names = self.scope.with_shape(())
        if names and self.choices.chance(65):
            return self.choices.pick(names)
        everything = {**self.scope.floats, **self.scope.fixed}
        arrays = [name for name, shape in everything.items() if shape]
        if arrays and self.choices.chance(70):
            name = self.choices.pick(arrays)
            if self.choices.chance(30):
                return f"np.mean({name})"
            return f"{name}[{', '.join(self.index(size) for size in everything[name])}]"
        if self.scope.integers and self.choices.chance(40):
            return f"0.1 * {self.choices.pick(sorted(self.scope.integers))}"
        return self.constant()

    def picked(self, name: str, shape: Shape, size: int) -> str:
        """A vector of `size` elements or rows' elements, gathered from a variable."""
        picks = [self.choices.integer(0, shape[0] - 1) for _ in range(size)]
        column = f", {self.index(shape[1])}" if len(shape) == 2 else ""
        return f"{name}[{picks}{column}]"

    def index(self, size: int) -> str:
        """An index into an axis: a literal, or an integer variable kept in range."""
        if self.scope.integers and self.choices.chance(40):
            name = self.choices.pick(sorted(self.scope.integers))
            return name if self.scope.integers[name] < size else f"{name} % {size}"
        return str(self.choices.integer(-size, size - 1) if self.choices.chance(30) else size - 1)

    # --- any shape ------------------------------------------------------------------------------

    def expression(self, shape: Shape, depth: int) -> str:
        """An expression of exactly this shape."""
        if depth <= 0:
            return self.leaf(shape)
        options = [
            (4, self.leaf_at),
            (6, self.unary),
            (8, self.binary),
            (1, self.where),
            (1, self.conditional),
            (3, self.call_helper),
        ]
        options += {
            0: [(6, self.reduce), (3, self.element), (2, self.product_scalar), (1, self.to_float)],
            1: [(8, self.vector)],
            2: [(8, self.matrix)],
        }[len(shape)]
        return self.choices.weighted(options)(shape, depth)

    def leaf_at(self, shape: Shape, depth: int) -> str:
        return self.leaf(shape)

    def unary(self, shape: Shape, depth: int) -> str:
        operand = wrap(self.expression(shape, depth - 1))
        return self.choices.pick(UNARY).format(operand)

    def binary(self, shape: Shape, depth: int) -> str:
        """A binary operation, one operand of which may broadcast."""
        left, right = shape, shape
        if shape and self.choices.chance(45):
            ones = tuple(1 if self.choices.chance(50) else size for size in shape)
            right = self.choices.pick([(), shape[1:], ones])
        if self.choices.chance(30):
            left, right = right, left
        texts = [wrap(self.expression(each, depth - 1)) for each in (left, right)]
        return self.choices.pick(BINARY).format(*texts)

    def where(self, shape: Shape, depth: int) -> str:
        tested = wrap(self.expression(shape, depth - 2))
        first, second = (self.expression(shape, depth - 1) for _ in range(2))
        return f"np.where({tested} > {self.constant()}, {first}, {second})"

    def conditional(self, shape: Shape, depth: int) -> str:
        first, second = (self.expression(shape, depth - 1) for _ in range(2))
        return f"({first} if {self.predicate(depth - 2)} else {second})"

    def call_helper(self, shape: Shape, depth: int) -> str:
        """A call of a user function with a fitting result."""
        found = [h for h in self.scope.helpers if h.result in (None, shape)]
        if not found:
            return self.unary(shape, depth)
        helper = self.choices.pick(found)
        call = self.call(helper, shape, depth)
        return f"{call}[{self.choices.integer(0, 1)}]" if helper.pair else call

    def call(self, helper: Helper, shape: Shape, depth: int) -> str:
        """The text of a call, with or without its option, by position or by name."""
        shapes = helper.parameters if helper.result is not None else (shape,)
        texts = [self.expression(each, depth - 1) for each in shapes]
        if self.choices.chance(15):
            last = len(texts) - 1
            texts[last] = f"{helper.names[last]}={texts[last]}"
        if helper.option is not None and self.choices.chance(50):
            texts.append(f"{helper.option}={self.expression((), depth - 2)}")
        return f"{helper.name}({', '.join(texts)})"

    # --- scalars --------------------------------------------------------------------------------

    def reduce(self, shape: Shape, depth: int) -> str:
        operand = self.expression(self.known_shape(1), depth - 1)
        if self.choices.chance(25):
            return self.choices.pick(REDUCE_METHOD).format(f"({operand})")
        return self.choices.pick(REDUCE).format(operand)

    def element(self, shape: Shape, depth: int) -> str:
        base = self.known_shape(1)
        names = self.scope.with_shape(base)
        name = self.choices.pick(names) if names else f"({self.expression(base, depth - 1)})"
        if len(base) == 2 and self.choices.chance(30):
            return f"{name}[{self.index(base[0])}][{self.index(base[1])}]"
        return f"{name}[{', '.join(self.index(size) for size in base)}]"

    def product_scalar(self, shape: Shape, depth: int) -> str:
        size = self.choices.pick(self.sizes)
        left, right = (wrap(self.expression((size,), depth - 1)) for _ in range(2))
        return self.choices.pick(("{} @ {}", "np.dot({}, {})", "np.inner({}, {})")).format(
            left, right
        )

    def to_float(self, shape: Shape, depth: int) -> str:
        return f"float({self.expression((), depth - 1)})"

    # --- vectors --------------------------------------------------------------------------------

    def vector(self, shape: Shape, depth: int) -> str:
        """A vector from another rank: products, rows, slices, gathers, reductions, joins."""
        (n,) = shape
        m = self.choices.pick(self.sizes)
        kind = self.choices.integer(0, 11)
        matrix = wrap(self.expression((m, n), depth - 1))
        if kind == 0:
            return f"{wrap(self.expression((n, m), depth - 1))} @ {self.expression((m,), 0)}"
        if kind == 1:
            return f"{wrap(self.expression((m,), depth - 1))} @ {matrix}"
        if kind == 2:
            name = self.choices.pick(REDUCE_AXIS)
            axis = self.choices.pick(("0", "-2"))
            return f"np.{name}({matrix}, axis={axis})"
        if kind == 3:
            other = wrap(self.expression((n, m), depth - 1))
            return f"{other}.{self.choices.pick(('sum', 'mean', 'max'))}(axis=1)"
        if kind == 4:
            return f"{matrix}[{self.index(m)}]"
        if kind == 5:
            return f"{wrap(self.expression((n, m), depth - 1))}[:, {self.index(m)}]"
        return self.rearranged(n, m, kind, depth)

    def rearranged(self, n: int, m: int, kind: int, depth: int) -> str:
        """A vector from vectors and scalars: reversed, gathered, joined, accumulated."""
        vector = wrap(self.expression((n,), depth - 1))
        if kind == 6:
            return f"{vector}[::-1]"
        if kind == 7:
            source = wrap(self.expression((m,), depth - 1))
            picks = [self.choices.integer(0, m - 1) for _ in range(n)]
            return f"{source}[{self.choices.pick(('{}', 'np.array({})')).format(picks)}]"
        if kind == 8:
            if n == 1:
                return f"np.array([{self.expression((), depth - 1)}])"
            parts = (self.expression((size,), depth - 1) for size in (1, n - 1))
            return f"np.concatenate([{', '.join(parts)}])"
        if kind == 9:
            parts = (self.expression((), depth - 2) for _ in range(n))
            return f"np.{self.choices.pick(('array', 'stack'))}([{', '.join(parts)}])"
        if kind == 10:
            call = self.choices.pick(("np.cumsum({})", "np.roll({}, 1)", "{}.copy()"))
            return call.format(vector)
        return f"np.exp({vector}) / np.sum(np.exp({vector}))"

    # --- matrices -------------------------------------------------------------------------------

    def matrix(self, shape: Shape, depth: int) -> str:
        """A matrix from another rank: products, transposes, joins, broadcasts, gathers."""
        m, n = shape
        k = self.choices.pick(self.sizes)
        kind = self.choices.integer(0, 9)
        row = wrap(self.expression((n,), depth - 1))
        column = wrap(self.expression((m,), depth - 1))
        if kind == 0:
            return f"{wrap(self.expression((n, m), depth - 1))}.T"
        if kind == 1:
            return f"np.outer({column}, {row})"
        if kind == 2:
            return f"{column}[:, None] * {row}"
        if kind == 3:
            left = wrap(self.expression((m, k), depth - 1))
            return f"{left} @ {wrap(self.expression((k, n), depth - 1))}"
        if kind == 4:
            rows = (self.expression((n,), depth - 2) for _ in range(m))
            return f"np.{self.choices.pick(('stack', 'vstack', 'array'))}([{', '.join(rows)}])"
        if kind == 5:
            flat = wrap(self.expression((m * n,), depth - 2))
            return f"{flat}.reshape({m}, {n})"
        if kind == 6:
            picks = [self.choices.integer(0, k - 1) for _ in range(m)]
            return f"{wrap(self.expression((k, n), depth - 1))}[{picks}]"
        if kind == 7:
            other = wrap(self.expression((m, n), depth - 1))
            form = self.choices.pick(("{}[::-1]", "{}[:, ::-1]", "np.transpose({}.T)"))
            return form.format(other)
        if kind == 8:
            name = self.choices.pick(REDUCE_AXIS)
            other = wrap(self.expression((m, n), depth - 1))
            return f"{other} - np.{name}({other}, axis={self.choices.integer(0, 1)}, keepdims=True)"
        return f"np.broadcast_to({row}, {shape})"

    # --- predicates -----------------------------------------------------------------------------

    def predicate(self, depth: int) -> str:
        """A condition, most often on data."""
        kind = self.choices.integer(0, 5)
        scalar = wrap(self.expression((), max(depth, 0) + 1))
        if kind <= 2:
            return f"{scalar} {self.choices.pick(('>', '<', '>=', '<='))} {self.constant()}"
        if kind == 3 and self.scope.integers:
            name = self.choices.pick(sorted(self.scope.integers))
            return f"{name} {self.choices.pick(('% 2 == 0', '== 0', '> 0', '!= 1'))}"
        if kind == 4 and depth > 0:
            joined = self.choices.pick(("and", "or"))
            return f"({self.predicate(0)} {joined} not {self.predicate(0)})"
        arrays = [name for name, shape in self.scope.floats.items() if shape]
        if arrays and kind == 5:
            test = ("{}.size > 2", "{}.ndim == 1", "{}.shape[0] > 1", "np.any({} > 0.5)")
            return self.choices.pick(test).format(self.choices.pick(arrays))
        return f"{scalar} > {self.constant()}"
