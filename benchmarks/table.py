"""Numbers as a person reads them, and tables in Markdown."""

from collections.abc import Sequence

from benchmarks.timing import Quartiles

UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6))


def duration(seconds: float) -> str:
    """0.00123 -> "1.23 ms"."""
    unit, size = next((pair for pair in UNITS if seconds >= pair[1]), UNITS[-1])
    return f"{three_digits(seconds / size)} {unit}"


def spread(ratio: Quartiles) -> str:
    """Quartiles(1.0, 1.05, 1.1) -> "1.05 (1.00 to 1.10)"."""
    low, median, high = (three_digits(number) for number in ratio)
    return f"{median} ({low} to {high})"


def three_digits(number: float) -> str:
    """1.234 -> "1.23", 12.34 -> "12.3", 123.4 -> "123"."""
    digits = next((places for places, bound in ((2, 9.995), (1, 99.95)) if number < bound), 0)
    return f"{number:.{digits}f}"


def megabytes(count: int) -> str:
    """2_500_000 -> "2.50 MB"."""
    return f"{three_digits(count / 1e6)} MB"


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose columns are also aligned as plain text: the first to the left, others right."""
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_row(line, widths) for line in [header, rule, *rows])


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    others = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
    return f"| {' | '.join([first, *others])} |"
