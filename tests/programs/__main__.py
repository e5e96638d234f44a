"""python -m tests.programs [--update-pending] [WORD ...]: judge the programs whose names match."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.fuzz.judge import load_compiler
from tests.programs.table import (
    WRONG,
    error_class,
    judged,
    programs,
    read_pending,
    write_pending,
)


def main() -> int:
    """Judge, print what is not right, and write the marks if asked; 1 if any is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.programs")
    parser.add_argument("words", nargs="*", help="parts of names, such as mutation. or recursion")
    parser.add_argument("--update-pending", action="store_true", help="write pending.txt anew")
    options = parser.parse_args()
    everything = programs()
    names = [
        name for name in everything if not options.words or any(w in name for w in options.words)
    ]
    compiler, counts = load_compiler(), Counter[str]()
    marks = {name: error for name, error in read_pending().items() if name in everything}
    for name in names:
        verdict = judged(name, everything[name], compiler)
        counts[verdict.kind] += 1
        mark = marks.pop(name, None)
        if mark == WRONG and verdict.kind in ("wrong", "crashed"):
            marks[name] = WRONG
        if verdict.kind == "refused":
            marks[name] = error_class(verdict)
            print(f"refused  {name}: {verdict.group}", flush=True)
        elif verdict.kind != "right":
            print(f"\n{verdict.kind.upper()}  {name}\n{verdict.detail}\n", flush=True)
    print(f"\n{len(names)} programs: {dict(counts)}")
    if options.update_pending:
        write_pending(marks)
    return 1 if counts["wrong"] or counts["crashed"] else 0


if __name__ == "__main__":
    sys.exit(main())
