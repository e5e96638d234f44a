"""The whole run: every measurement in order, and the page that tells of it."""

import platform
import sys
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np

from benchmarks import contestants as names
from benchmarks import costs
from benchmarks.contestants import contestants, gradients, has_autograd
from benchmarks.table import duration, markdown, megabytes, spread
from benchmarks.timing import Effort, Measurement, measure
from benchmarks.workloads import chain, loop, network


class Row(NamedTuple):
    """One function at one size."""

    label: str
    workload: ModuleType
    sizes: tuple[int, ...]


ROWS = (
    Row("network 1x4->5->3", network, (1, 4, 5, 3)),
    Row("network 64x64->32->10", network, (64, 64, 32, 10)),
    Row("network 256x784->256->10", network, (256, 784, 256, 10)),
    Row("chain of 20 on 10", chain, (10,)),
    Row("chain of 20 on 1,000,000", chain, (1_000_000,)),
    Row("loop of 100 on 100", loop, (100,)),
)
COMPILED = (
    Row("network, 4 statements", network, (64, 64, 32, 10)),
    Row("chain, 10 statements", chain, (10,)),
    Row("loop, 3 statements", loop, (100,)),
)
LARGE = ROWS[2]
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
hidden -> classes.

## Ratios of time (lower is better for srcad, but for the last column)

{ratios}

## Times

{times}

## From `grad(f)` to the first result, in a warm process

{first}

## Import

{imports}

## Peak memory of the gradient, {large}

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
        ratios=ratio_table(measured),
        times=time_table(measured),
        first=_first_result_table(fresh_copies),
        imports=_import_table(fresh_copies),
        large=LARGE.label,
        memory=_memory_table(),
        environment="\n".join(f"- {line}" for line in environment()),
    )


def ratio_table(measured: dict[str, Measurement]) -> str:
    """One line a row, one column a pair of contestants."""
    present = next(iter(measured.values())).seconds
    pairs = [pair for pair in RATIOS if present.keys() >= set(pair)]
    header = ["", *(f"{one} / {other}" for one, other in pairs)]
    rows = [
        [label, *(spread(row.ratio(*pair)) for pair in pairs)] for label, row in measured.items()
    ]
    return markdown(header, rows)


def time_table(measured: dict[str, Measurement]) -> str:
    """One line a row, one column a contestant."""
    header = ["", *next(iter(measured.values())).seconds]
    rows = [
        [label, *(duration(row.time(name).median) for name in row.seconds)]
        for label, row in measured.items()
    ]
    return markdown(header, rows)


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


def _measure_row(row: Row, effort: Effort) -> Measurement:
    calls = contestants(row.workload, row.workload.make_inputs(*row.sizes))
    measured = measure(
        calls, effort, lambda number: _progress(f"{row.label}: round {number} of {effort.rounds}")
    )
    _end_progress()
    return measured


def _first_result_table(count: int) -> str:
    rows = []
    for label, workload, sizes in COMPILED:
        _progress(f"first result: {label}")
        found = costs.time_to_first_result(workload, workload.make_inputs(*sizes), count)
        rows.append([label, *(duration(seconds) for seconds in found)])
    _end_progress()
    return markdown(["", "lower quartile", "median", "upper quartile"], rows)


def _import_table(count: int) -> str:
    _progress("imports")
    measured = costs.import_times(["numpy", "srcad"], count)
    _end_progress()
    cells = [duration(measured.time(name).median) for name in ("numpy", "srcad")]
    header = ["", "import numpy", "import srcad", "srcad / numpy"]
    return markdown(header, [["median", *cells, spread(measured.ratio("srcad", "numpy"))]])


def _memory_table() -> str:
    calls = gradients(LARGE.workload, LARGE.workload.make_inputs(*LARGE.sizes))
    peaks = {name: costs.peak_bytes(call) for name, call in calls.items()}
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
