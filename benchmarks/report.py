"""The whole run: every measurement in order, and the page that tells of it."""

import platform
import statistics
import sys
from collections.abc import Collection, Iterable
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np

from benchmarks import contestants as names
from benchmarks import costs
from benchmarks.contestants import contestants, gradients, has_autograd
from benchmarks.table import duration, markdown, megabytes, spread, three_digits
from benchmarks.timing import Effort, Measurement, measure
from benchmarks.workloads import (
    chain,
    heat,
    loop,
    network,
    newton,
    recurrence,
    rosenbrock,
    rows,
    tridiagonal,
)


class Row(NamedTuple):
    """One function at one size; `autograd` tells whether it takes the function, and in time."""

    label: str
    workload: ModuleType
    sizes: tuple[int, ...]
    autograd: bool = True


ARRAYS = (
    Row("network 1x4->5->3", network, (1, 4, 5, 3)),
    Row("network 64x64->32->10", network, (64, 64, 32, 10)),
    Row("network 256x784->256->10", network, (256, 784, 256, 10)),
    Row("chain of 20 on 10", chain, (10,)),
    Row("chain of 20 on 1,000,000", chain, (1_000_000,)),
    Row("loop of 100 on 100", loop, (100,)),
)
LANGUAGE = (
    Row("Rosenbrock of 100", rosenbrock, (100,)),
    Row("Rosenbrock of 1,000", rosenbrock, (1_000,)),
    Row("Rosenbrock of 10,000", rosenbrock, (10_000,), autograd=False),
    Row("recurrence of 50 on 16x32", recurrence, (50, 16, 8, 32)),
    Row("heat, 200 steps on 1,000", heat, (1_000,), autograd=False),
    Row("Newton on 100", newton, (100,)),
    Row("tridiagonal, 200", tridiagonal, (200,), autograd=False),
    Row("rows, 50 of 200", rows, (50, 200), autograd=False),
)
ROWS = (*ARRAYS, *LANGUAGE)
GROWING = (LANGUAGE[1], LANGUAGE[2])
COMPILED = (
    Row("network, 4 statements", network, (64, 64, 32, 10)),
    Row("chain, 10 statements", chain, (10,)),
    Row("loop, 3 statements", loop, (100,)),
)
LARGE = (ARRAYS[2], Row("heat, 200 steps on 100,000", heat, (100_000,), autograd=False))
REFUSED = "refused"  # srcad does not differentiate the function
LEFT_OUT = "-"  # autograd has no item assignment, or would take too long
RATIOS = (
    (names.SRCAD, names.LINES),
    (names.SRCAD, names.EXPERT),
    (names.SRCAD_CALL, names.LINES),
    (names.SRCAD_CALL, names.EXPERT),
    (names.LINES, names.EXPERT),
    (names.AUTOGRAD, names.SRCAD),
)
PAGE = """\
# Benchmarks

`python -m benchmarks --output benchmarks/README.md` measures this and writes this page.

A row is one function at one size. Its contestants are timed in turn, over {rounds} rounds, each at
least {milliseconds} ms a round; what is shown is the median, and for ratios, which are taken round
by round, also the quartiles. *Line by line* is the gradient that a careful person writes statement
after statement; *expert* also uses the mathematics of the whole and works in place (both stand in
`benchmarks/workloads/`). *srcad* is the specialised gradient function without its guard,
*srcad, whole call* is `grad(f)(...)` as it is called in practice. Networks are batch x features ->
hidden -> classes. Where srcad refuses a function, *refused* stands in its place.

## Ratios of time on whole arrays (lower is better for srcad, but for the last column)

{arrays}

## Ratios of time in loops, with exits and writes

{language}

## Times

{times}

## Growth: time for {grown} over that for {growing}

{growth}

## From `grad(f)` to the first result, in a warm process

{first}

## Import

{imports}

{memory}

## Measured on

{environment}
"""


def run(effort: Effort, fresh_copies: int) -> str:
    """Measure everything -> the page, in Markdown."""
    if not has_autograd():
        print(names.NO_AUTOGRAD, file=sys.stderr)
    measured = {row.label: _measure_row(row, effort) for row in ROWS}
    return PAGE.format(
        rounds=effort.rounds,
        milliseconds=f"{1e3 * effort.least_seconds:g}",
        arrays=ratio_table(_of(measured, ARRAYS)),
        language=ratio_table(_of(measured, LANGUAGE)),
        times=time_table(measured),
        growing=GROWING[0].label,
        grown=GROWING[1].label,
        growth=growth_table(*(measured[row.label] for row in GROWING)),
        first=_first_result_table(fresh_copies),
        imports=_import_table(fresh_copies),
        memory="\n\n".join(_memory_section(row) for row in LARGE),
        environment="\n".join(f"- {line}" for line in environment()),
    )


def ratio_table(measured: dict[str, Measurement]) -> str:
    """One line a row, one column a pair of contestants; the last line is the geometric mean."""
    columns = _columns(measured.values())
    pairs = [pair for pair in RATIOS if {*columns} >= set(pair)]
    header = ["", *(f"{one} / {other}" for one, other in pairs)]
    rows = [[label, *(_ratio(row, *pair) for pair in pairs)] for label, row in measured.items()]
    means = [_mean_ratio(measured.values(), *pair) for pair in pairs]
    return markdown(header, [*rows, ["geometric mean", *means]])


def time_table(measured: dict[str, Measurement]) -> str:
    """One line a row, one column a contestant."""
    columns = _columns(measured.values())
    rows = [[label, *(_time(row, name) for name in columns)] for label, row in measured.items()]
    return markdown(["", *columns], rows)


def growth_table(small: Measurement, large: Measurement) -> str:
    """The time of the larger row over that of the smaller, for each contestant."""
    columns = _columns([small, large])
    cells = [
        three_digits(large.time(name).median / small.time(name).median)
        if name in small.seconds and name in large.seconds
        else _missing(name)
        for name in columns
    ]
    return markdown(["", *columns], [["growth", *cells]])


def environment() -> list[str]:
    """Versions, processor, threads and date, one a line."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    packages = [f"{name} {_version(name)}" for name in ("srcad", "numpy", "autograd")]
    return [
        f"Python {platform.python_version()}, {', '.join(packages)}",
        f"{blas['name']} {blas['version']}, one thread",
        f"{_processor()}, {platform.system()} {platform.machine()}",
        date.today().isoformat(),
    ]


def _of(measured: dict[str, Measurement], rows: Iterable[Row]) -> dict[str, Measurement]:
    return {row.label: measured[row.label] for row in rows}


def _columns(measured: Iterable[Measurement]) -> list[str]:
    """Every contestant that was timed in some row; srcad also where it refuses all of them."""
    timed = {name for row in measured for name in row.seconds} | {names.SRCAD, names.SRCAD_CALL}
    return [name for name in names.ALL if name in timed]


def _missing(*contestants: str) -> str:
    return REFUSED if {names.SRCAD, names.SRCAD_CALL} & {*contestants} else LEFT_OUT


def _time(row: Measurement, name: str) -> str:
    return duration(row.time(name).median) if name in row.seconds else _missing(name)


def _ratio(row: Measurement, name: str, over: str) -> str:
    absent = {name, over} - row.seconds.keys()
    return _missing(*absent) if absent else spread(row.ratio(name, over))


def _mean_ratio(measured: Collection[Measurement], name: str, over: str) -> str:
    """Over the rows that have both; but a row that srcad refuses is not passed over."""
    absent = [{name, over} - row.seconds.keys() for row in measured]
    if any(_missing(*missing) == REFUSED for missing in absent):
        return REFUSED
    pairs = zip(measured, absent, strict=True)
    medians = [row.ratio(name, over).median for row, missing in pairs if not missing]
    return three_digits(statistics.geometric_mean(medians)) if medians else LEFT_OUT


def _measure_row(row: Row, effort: Effort) -> Measurement:
    arguments = row.workload.make_inputs(*row.sizes)
    calls = contestants(row.workload, arguments, row.autograd)
    measured = measure(
        calls, effort, lambda number: _progress(f"{row.label}: round {number} of {effort.rounds}")
    )
    _end_progress()
    return measured


def _first_result_table(count: int) -> str:
    rows = []
    for row in COMPILED:
        _progress(f"first result: {row.label}")
        arguments = row.workload.make_inputs(*row.sizes)
        found = costs.time_to_first_result(row.workload, arguments, count)
        rows.append([row.label, *(duration(seconds) for seconds in found)])
    _end_progress()
    return markdown(["", "lower quartile", "median", "upper quartile"], rows)


def _import_table(count: int) -> str:
    _progress("imports")
    measured = costs.import_times(["numpy", "srcad"], count)
    _end_progress()
    cells = [duration(measured.time(name).median) for name in ("numpy", "srcad")]
    header = ["", "import numpy", "import srcad", "srcad / numpy"]
    return markdown(header, [["median", *cells, spread(measured.ratio("srcad", "numpy"))]])


def _memory_section(row: Row) -> str:
    _progress(f"memory: {row.label}")
    arguments = row.workload.make_inputs(*row.sizes)
    calls = gradients(row.workload, arguments, row.autograd)
    peaks = {name: costs.peak_bytes(call) for name, call in calls.items()}
    _end_progress()
    return f"## Peak memory of the gradient, {row.label}\n\n{memory_table(peaks)}"


def memory_table(peaks: dict[str, int]) -> str:
    """One line a contestant: the peak, and over those of the gradients written by hand."""
    header = ["", "peak", f"over {names.LINES}", f"over {names.EXPERT}"]
    rows = [
        [
            name,
            megabytes(peak),
            f"{peak / peaks[names.LINES]:.2f}",
            f"{peak / peaks[names.EXPERT]:.2f}",
        ]
        for name, peak in peaks.items()
    ]
    if names.SRCAD not in peaks:
        rows.append([names.SRCAD, REFUSED, REFUSED, REFUSED])
    return markdown(header, rows)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(no version)"


def _processor() -> str:
    """The processor's name where Linux tells it, else what Python knows."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown processor"


def _progress(text: str) -> None:
    """Write over the line that tells what is being measured."""
    print(f"\r{text:<70}", end="", file=sys.stderr, flush=True)


def _end_progress() -> None:
    print(file=sys.stderr)
