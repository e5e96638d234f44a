"""Measure srcad's gradients against gradients written by hand, and print the ratios."""

import argparse
import os
from pathlib import Path

THREAD_VARIABLES = (
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OMP_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    length.add_argument("--smoke", action="store_true", help="only see that everything runs")
    parser.add_argument("--output", type=Path, metavar="PATH", help="also write the page there")
    return parser.parse_args()


def main() -> None:
    """Set BLAS to one thread, which it reads when NumPy is first imported, and measure."""
    arguments = parse_arguments()
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))

    from benchmarks.report import run  # noqa: PLC0415
    from benchmarks.timing import Effort  # noqa: PLC0415

    if arguments.smoke:
        page = run(Effort(rounds=2, least_seconds=1e-4), fresh_copies=1)
    elif arguments.quick:
        page = run(Effort(rounds=15, least_seconds=4e-3), fresh_copies=5)
    else:
        page = run(Effort(rounds=41, least_seconds=2e-2), fresh_copies=15)
    print(page, end="")
    if arguments.output:
        arguments.output.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
