"""What srcad makes of a program: right, refused, wrong or crashed."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.fuzz.programs import Program, quiet
from tests.oracles.dual import value_and_gradient
from tests.oracles.numeric import assert_bitwise, assert_same, leaves

RTOL_FLOAT64 = 1e-8
RTOL_FLOAT32 = 1e-3


@dataclass(frozen=True)
class Verdict:
    """The judgement of one program, and why."""

    kind: str  # "right", "refused", "wrong" or "crashed"
    detail: str = ""
    group: str = ""  # the error's class and first line, to count refusals by


@dataclass(frozen=True)
class Compiler:
    """What is judged: the two entry points, the class of refusals, and the generic source."""

    grad: Callable[..., Any]
    value_and_grad: Callable[..., Any]
    refusal: type[BaseException]
    generic: Callable[[Any], Callable[..., Any] | None] | None = None
    vjp: Callable[..., Any] | None = None


def generic_gradient(gradient: Any) -> Callable[..., Any] | None:
    """The function of the generic source, or None where srcad refuses to write one."""
    import srcad.errors  # noqa: PLC0415

    try:
        assert isinstance(gradient.source, str)
        return gradient.generic
    except srcad.errors.SrcadError:
        return None


def load_compiler() -> Compiler:
    """srcad itself; an ImportError or AttributeError while it is not whole."""
    import srcad  # noqa: PLC0415
    import srcad.errors  # noqa: PLC0415

    vjp = getattr(srcad, "vjp", None)
    return Compiler(
        srcad.grad, srcad.value_and_grad, srcad.errors.SrcadError, generic_gradient, vjp
    )


def arrays_in(value: Any) -> list[np.ndarray]:
    """The arrays in a value."""
    return [leaf for _, leaf in leaves(value) if isinstance(leaf, np.ndarray)]


def assert_unchanged(args: tuple[Any, ...], before: tuple[Any, ...]) -> None:
    """The caller's arrays hold the same bits as before the call."""
    both = zip(leaves(args), leaves(before), strict=True)
    for (path, now), (_, then) in both:
        if isinstance(now, np.ndarray):
            assert_bitwise(now, then, f"argument {path} after the call")


def assert_fresh(gradients: Any, others: Any) -> None:
    """Every gradient is writable memory of its own."""
    mine, foreign = arrays_in(gradients), arrays_in(others)
    for i, array in enumerate(mine):
        assert array.flags.writeable, f"gradient array {i} is read-only"
        for other in [*foreign, *mine[:i]]:
            assert not np.shares_memory(array, other), f"gradient array {i} shares its memory"


def has_float32(args: tuple[Any, ...]) -> bool:
    """Whether an argument holds single precision."""
    return any(getattr(leaf, "dtype", None) == np.float32 for _, leaf in leaves(args))


def has_nan(value: Any) -> bool:
    """Whether a gradient holds a NaN."""
    return any(np.isnan(leaf).any() for _, leaf in leaves(value) if leaf is not None)


def describe(error: BaseException) -> str:
    """The class and the first line of an error, which name its group."""
    lines = [line for line in str(error).splitlines() if line.strip()] or [""]
    return f"{type(error).__name__}: {lines[0]}"


def judge(program: Program, compiler: Compiler | None = None) -> Verdict:
    """Compare srcad with plain Python and the dual numbers, on one program."""
    return judge_call(program.function(), lambda: program.args, program.wrt, compiler)


def judge_call(
    function: Any,
    make_args: Callable[[], tuple[Any, ...]],
    wrt: tuple[Any, ...],
    compiler: Compiler | None = None,
    oracle: bool = True,
) -> Verdict:
    """Compare srcad with plain Python and the dual numbers, on newly made arguments.

    Without the oracle a refusal is all that is asked for.
    """
    compiler = compiler or load_compiler()
    args = make_args()
    with quiet():
        plain = function(*make_args())
        if oracle:
            value, wanted = value_and_gradient(function, make_args(), wrt)
            assert_bitwise(value, plain, "the oracle's value")
        try:
            gradient = compiler.value_and_grad(function, wrt=wrt)
            result = gradient(*args)
        except compiler.refusal as error:
            return Verdict("refused", str(error), describe(error))
        except Exception as error:
            return Verdict("crashed", traceback.format_exc(), describe(error))
        if not oracle:
            return Verdict("wrong", "not refused", "not refused")
        try:
            variants = run_variants(compiler, function, gradient, args, wrt)
        except compiler.refusal as error:
            return Verdict("wrong", f"refused later: {error}", f"refused later: {describe(error)}")
        except Exception as error:
            return Verdict("crashed", traceback.format_exc(), describe(error))
        try:
            check_result(result, plain, wanted, args, make_args())
            check_variants(result, variants, args)
        except AssertionError as error:
            return Verdict("wrong", str(error), describe(error))
    return Verdict("right")


def check_result(
    result: Any, plain: Any, wanted: Any, args: tuple[Any, ...], before: tuple[Any, ...]
) -> None:
    """One call's value and gradients; the inputs as they were."""
    value, found = result
    assert_bitwise(value, plain)
    assert_unchanged(args, before)
    single = has_float32(args)
    assert_same(
        found,
        wanted,
        rtol=RTOL_FLOAT32 if single else RTOL_FLOAT64,
        atol=1e-6 if single else 1e-10,
        equal_nan=has_nan(wanted),
        where="gradient",
    )
    assert_fresh(found, (args, value))


def run_variants(
    compiler: Compiler, function: Any, gradient: Any, args: tuple[Any, ...], wrt: tuple[str, ...]
) -> dict[str, Any]:
    """The other ways to the same gradient: called again, `grad`, specialised, generic."""
    alone = compiler.grad(function, wrt=wrt)
    variants = {
        "second call": gradient(*args),
        "specialised": alone.specialize(*args)(*args),
        "grad": alone(*args),
    }
    generic = compiler.generic(alone) if compiler.generic is not None else None
    if generic is not None:
        try:
            variants["generic"] = generic(*args)
        except TypeError as error:  # the generic text says that it is not for containers
            if "specialize it" not in str(error):
                raise
    return variants


def check_variants(result: Any, variants: dict[str, Any], args: tuple[Any, ...]) -> None:
    """Every variant agrees with the first call, the second call to the last bit or nearly."""
    value, first = result
    close = 1e-4 if has_float32(args) else 1e-10
    others = [args, value, first]
    for name, found in variants.items():
        tolerance = close
        if name == "second call":
            assert_bitwise(found[0], value, "the second value")
            found, tolerance = found[1], 1e-14
        assert_same(found, first, tolerance, equal_nan=has_nan(first), where=name)
        assert_fresh(found, others)
        others.append(found)
