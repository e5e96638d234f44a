"""What srcad costs besides the gradient's own time: compiling, importing, memory."""

import importlib.util
import inspect
import os
import subprocess
import sys
import tempfile
import tracemalloc
from pathlib import Path
from time import perf_counter
from types import ModuleType

from benchmarks.timing import Call, Measurement, Quartiles, quartiles

TIMED_IMPORT = """
from time import perf_counter
start = perf_counter()
import {module}
print(perf_counter() - start)
"""


def import_copy(module: ModuleType, path: Path) -> ModuleType:
    """Write the module's source to a new file and import that one, which no cache has seen."""
    path.write_text(inspect.getsource(module))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy


def time_to_first_result(workload: ModuleType, arguments: tuple, count: int) -> Quartiles:
    """Seconds from `grad(function)` to its first result, over fresh copies of the function.

    One more copy goes first and is not counted: the process is warm.
    """
    from srcad import grad  # noqa: PLC0415

    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count + 1):
            copy = import_copy(workload, Path(folder, f"fresh_{number}.py"))
            start = perf_counter()
            grad(copy.function, wrt=copy.WRT)(*arguments)
            seconds.append(perf_counter() - start)
    return quartiles(seconds[1:])


def import_times(modules: list[str], count: int) -> Measurement:
    """Seconds to import each module in a new process, in turn; one more goes first, uncounted.

    That one writes the bytecode, which an installed package has from the start.
    """
    seconds: dict[str, list[float]] = {module: [] for module in modules}
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(count + 1):
            for module in modules:
                command = [sys.executable, "-c", TIMED_IMPORT.format(module=module)]
                done = subprocess.run(
                    command, capture_output=True, text=True, check=True, env=environment
                )
                if number > 0:
                    seconds[module].append(float(done.stdout))
    return Measurement(seconds)


def peak_bytes(call: Call) -> int:
    """The most memory that one call holds above what was held before, NumPy's buffers included."""
    call()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
