"""python -m tests.fuzz --programs 5000 --seed 0 [--jobs 2] [--keep DIR] [--language full]
[--only store_slice,for_elements]
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import multiprocessing
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.fuzz import broadcasting
from tests.fuzz.compile_text import forget_programs
from tests.fuzz.full.constructs import CONSTRUCTS, coverage
from tests.fuzz.full.writer import full_program
from tests.fuzz.judge import Verdict, describe, judge, load_compiler
from tests.fuzz.programs import Program, keep_program, program
from tests.fuzz.shrink import shrink

LEAST_RIGHT = 0.95
SECONDS_EACH = 30


@contextlib.contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """A TimeoutError if the block takes longer."""

    def stop(number: int, frame: Any) -> None:
        raise TimeoutError(f"more than {seconds} seconds")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def judged(candidate: Program) -> Verdict:
    """A verdict in bounded time; an accident of the judge itself counts as a crash."""
    try:
        with time_limit(SECONDS_EACH):
            return judge(candidate)
    except Exception as error:
        return Verdict("crashed", f"in the judge: {describe(error)}", describe(error))
    finally:
        forget_programs()


LANGUAGES: dict[str, Callable[[int], Program]] = {
    "default": program,
    "wide": functools.partial(program, wide=True),
    "full": full_program,
}


def judge_seed(seed: int, language: str, only: frozenset[str] | None) -> tuple[Program, Verdict]:
    """The program of a seed and its verdict."""
    made = full_program(seed, only) if only is not None else LANGUAGES[language](seed)
    return made, judged(made)


def judge_program(made: Program) -> tuple[Program, Verdict]:
    """A program and its verdict."""
    return made, judged(made)


def report_failure(made: Program, verdict: Verdict, keep: Path | None) -> None:
    """Print a failing program, made smaller, and keep it if asked."""

    def fails(candidate: Program) -> bool:
        again = judged(candidate)
        alike = again.group.split()[:2] == verdict.group.split()[:2]
        return again.kind == verdict.kind and alike

    small = shrink(made, fails, 200)
    print(f"\n--- {verdict.kind}: {made.label}\n{small.listing()}\n{judged(small).detail}")
    if keep is not None:
        name = re.sub(r"\W+", "_", made.label)
        keep_program(made, keep, name)
        keep_program(small, keep, f"{name}_small")


def report_counts(verdicts: list[Verdict], seconds: float, least_right: float) -> bool:
    """Print the counts and the groups of refusals; whether the run passes."""
    counts = Counter(verdict.kind for verdict in verdicts)
    share = counts["right"] / max(1, len(verdicts))
    print(f"\n{len(verdicts)} programs in {seconds:.0f} s: {dict(counts)}, right {share:.1%}")
    for kind in ("refused", "crashed", "wrong"):
        groups = Counter(verdict.group for verdict in verdicts if verdict.kind == kind)
        for group, count in groups.most_common(25):
            print(f"  {kind} {count:5d}  {group[:150]}")
    classes = Counter(v.group.partition(":")[0] for v in verdicts if v.kind == "refused")
    print("refused by class:", dict(classes.most_common()))
    return not counts["wrong"] and not counts["crashed"] and share >= least_right


def report_coverage(seeds: range) -> int:
    """Print how often each construct of the whole language occurs, and how often it is active."""
    occurs, active = coverage(full_program(seed).text for seed in seeds)
    for name in sorted(CONSTRUCTS, key=lambda name: occurs[name]):
        share = occurs[name] / len(seeds)
        print(f"{share:6.1%}  active {active[name] / max(1, occurs[name]):4.0%}  {name}")
    return 0


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--failures", type=int, default=10, help="how many to shrink and print")
    parser.add_argument("--language", choices=LANGUAGES, default="default")
    parser.add_argument("--wide", action="store_const", const="wide", dest="language")
    parser.add_argument(
        "--only",
        metavar="STORE_SLICE,...",
        help="the full language, restricted to plain statements and these productions",
    )
    parser.add_argument("--coverage", action="store_true", help="count constructs, judge nothing")
    parser.add_argument("--broadcasting", action="store_true", help="every broadcasting program")
    return parser.parse_args()


def results(options: argparse.Namespace) -> Iterator[tuple[Program, Verdict]]:
    """Programs and verdicts, in order, from one process or several."""
    if options.broadcasting:
        work, items = judge_program, broadcasting.all_programs()
    else:
        only = None if options.only is None else frozenset(options.only.split(","))
        work = functools.partial(judge_seed, language=options.language, only=only)
        items = range(options.seed, options.seed + options.programs)
    if options.jobs <= 1:
        yield from map(work, items)
        return
    with multiprocessing.Pool(options.jobs) as pool:
        yield from pool.imap(work, items, chunksize=10)


def main() -> int:
    """Judge many programs; 1 if any is wrong or crashed, or too few are right."""
    options = parse_arguments()
    if options.coverage:
        return report_coverage(range(options.seed, options.seed + options.programs))
    load_compiler()  # an ImportError now, rather than a crash in every program
    started, last = time.monotonic(), 0.0
    verdicts: list[Verdict] = []
    failures: list[tuple[Program, Verdict]] = []
    for made, verdict in results(options):
        verdicts.append(verdict)
        if verdict.kind in ("wrong", "crashed"):
            failures.append((made, verdict))
        now = time.monotonic()
        if now - last > 5:
            counts = Counter(each.kind for each in verdicts)
            print(f"{len(verdicts)} {dict(counts)}", file=sys.stderr, flush=True)
            last = now
    for made, verdict in failures[: options.failures]:
        report_failure(made, verdict, options.keep)
    if len(failures) > options.failures:
        print("\nalso:", ", ".join(made.label for made, _ in failures[options.failures :]))
    least_right = 0.0 if options.language == "wide" else LEAST_RIGHT
    return 0 if report_counts(verdicts, time.monotonic() - started, least_right) else 1


if __name__ == "__main__":
    sys.exit(main())
