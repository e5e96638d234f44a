"""The measuring itself: fair turns, plain numbers, no column without its package."""

import gc
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import contestants as names
from benchmarks import costs, report
from benchmarks.table import duration, markdown, megabytes, spread, three_digits
from benchmarks.timing import Effort, Measurement, Quartiles, enough_repetitions, measure, quartiles
from benchmarks.workloads import loop

ROOT = Path(__file__).parents[2]


def test_contestants_take_turns():
    calls = []
    measured = measure(
        {name: lambda name=name: calls.append(name) for name in "abc"},
        Effort(rounds=4, least_seconds=0.0),
    )
    turns = [name for name, before in zip(calls, [None, *calls], strict=False) if name != before]
    assert turns == list("abc") * 5  # the repetitions are chosen in one turn more
    assert {name: len(seconds) for name, seconds in measured.seconds.items()} == dict.fromkeys(
        "abc", 4
    )


def test_collector_is_as_it_was_found():
    states = []
    measure({"a": lambda: states.append(gc.isenabled())}, Effort(rounds=1, least_seconds=0.0))
    assert states[-1] is False
    assert gc.isenabled()


def test_rounds_are_reported():
    seen = []
    measure({"a": lambda: None}, Effort(rounds=3, least_seconds=0.0), seen.append)
    assert seen == [1, 2, 3]


def test_short_calls_are_repeated():
    assert enough_repetitions(lambda: None, least_seconds=1e-4) > 100


def test_quartiles():
    assert quartiles([5.0, 1.0, 2.0, 4.0, 3.0]) == (2.0, 3.0, 4.0)
    assert quartiles([7.0]) == (7.0, 7.0, 7.0)


def test_ratio_is_taken_round_by_round():
    measured = Measurement({"slow": [2.0, 20.0, 4.0], "fast": [1.0, 10.0, 1.0]})
    assert measured.ratio("slow", over="fast").median == 2.0
    assert measured.time("fast").median == 1.0


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (2.5, "2.50 s"),
        (0.0123, "12.3 ms"),
        (1e-3, "1.00 ms"),
        (4.56e-4, "456 µs"),
        (2e-7, "0.20 µs"),
    ],
)
def test_duration(seconds, expected):
    assert duration(seconds) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1.0, "1.00"), (9.994, "9.99"), (9.996, "10.0"), (99.94, "99.9"), (99.96, "100")],
)
def test_three_digits(number, expected):
    assert three_digits(number) == expected


def test_spread():
    assert spread(Quartiles(0.987, 1.0, 12.34)) == "1.00 (0.99 to 12.3)"


def test_megabytes():
    assert megabytes(2_500_000) == "2.50 MB"


def test_markdown_is_aligned():
    assert markdown(["", "time"], [["short", "1 s"], ["longer", "100 ms"]]) == (
        "|        |   time |\n| ------ | -----: |\n| short  |    1 s |\n| longer | 100 ms |"
    )


def test_without_autograd_its_column_is_left_out(monkeypatch):
    monkeypatch.setitem(sys.modules, "autograd", None)
    assert not names.has_autograd()
    columns = (names.FUNCTION, names.LINES, names.EXPERT, names.SRCAD, names.SRCAD_CALL)
    measured = {"row": Measurement({column: [1.0, 2.0] for column in columns})}
    for table in (report.ratio_table(measured), report.time_table(measured)):
        assert names.AUTOGRAD not in table
    assert f"{names.SRCAD} / {names.EXPERT}" in report.ratio_table(measured)


def refusing(x):
    with open(str(x)) as file:
        return float(file.read())


def test_what_srcad_refuses_is_left_out_and_said_so():
    workload = SimpleNamespace(
        function=refusing, WRT="x", line_by_line=lambda x: 1.0, expert=lambda x: 1.0
    )
    assert list(names.gradients(workload, (2.0,), autograd=False)) == [names.LINES, names.EXPERT]
    written = {name: [1.0, 2.0] for name in (names.FUNCTION, names.LINES, names.EXPERT)}
    by_srcad = {name: [4.0, 8.0] for name in (names.SRCAD, names.SRCAD_CALL)}
    taken, refused = Measurement({**written, **by_srcad}), Measurement(written)
    lines = report.ratio_table({"taken": taken, "refused": refused}).split("\n")
    assert "4.00" in lines[2]
    assert lines[3].count(report.REFUSED) == lines[4].count(report.REFUSED) + 1 == 5
    assert report.time_table({"row": refused}).count(report.REFUSED) == 2
    assert report.growth_table(taken, refused).count(report.REFUSED) == 2
    assert report.REFUSED in report.memory_table({names.LINES: 3, names.EXPERT: 2})


def test_what_autograd_does_not_take_is_left_out():
    assert names.AUTOGRAD not in names.gradients(loop, loop.make_inputs(3), autograd=False)
    written = {name: [2.0] for name in (names.LINES, names.EXPERT, names.SRCAD, names.SRCAD_CALL)}
    rows = {
        "with": Measurement({**written, names.AUTOGRAD: [16.0]}),
        "without": Measurement(written),
    }
    table = report.ratio_table(rows)
    assert report.LEFT_OUT in table.split("\n")[3]
    assert table.split("\n")[4].endswith(" 8.00 |")
    assert report.REFUSED not in table


def test_growth_is_the_ratio_of_the_medians():
    small = Measurement({names.LINES: [1.0], names.SRCAD: [2.0], names.SRCAD_CALL: [2.0]})
    large = Measurement({names.LINES: [11.0], names.SRCAD: [24.0], names.SRCAD_CALL: [26.0]})
    assert report.growth_table(small, large).split("\n")[2].split() == (
        "| growth | 11.0 | 12.0 | 13.0 |".split()
    )


def test_the_mean_of_ratios_is_geometric():
    rows = {
        label: Measurement({names.LINES: [1.0], names.EXPERT: [1.0], names.SRCAD: [ratio]})
        for label, ratio in (("twice", 2.0), ("half", 0.5))
    }
    assert report.ratio_table(rows).split("\n")[4].split("|")[2].strip() == "1.00"


def test_autograd_differentiates_the_very_function():
    pytest.importorskip("autograd")
    arguments = loop.make_inputs(7)
    found = names.autograd_gradient(loop)(*arguments)
    for gradient, expected in zip(found, loop.line_by_line(*arguments), strict=True):
        np.testing.assert_allclose(gradient, expected, rtol=1e-10, strict=True)


def test_a_wrong_gradient_is_not_timed():
    workload = SimpleNamespace(
        function=loop.function,
        WRT=loop.WRT,
        line_by_line=loop.line_by_line,
        expert=lambda w, b, x: (w, b, x),
    )
    with pytest.raises(names.Disagreement, match=names.EXPERT):
        names.contestants(workload, loop.make_inputs(7))


def test_peak_counts_what_a_call_holds_at_most():
    assert 8_000_000 <= costs.peak_bytes(lambda: np.zeros(1_000_000).sum()) < 8_100_000


def test_copies_are_fresh_functions(tmp_path):
    copies = [costs.import_copy(loop, tmp_path / f"copy_{number}.py") for number in range(2)]
    codes = {copy.function.__code__.co_filename for copy in copies}
    assert codes == {str(tmp_path / "copy_0.py"), str(tmp_path / "copy_1.py")}
    assert copies[0].function is not copies[1].function


def test_imports_are_timed_in_new_processes():
    measured = costs.import_times(["json", "decimal"], count=2)
    assert [len(seconds) for seconds in measured.seconds.values()] == [2, 2]
    assert all(second > 0.0 for seconds in measured.seconds.values() for second in seconds)


def test_everything_runs(tmp_path):
    page = tmp_path / "page.md"
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--smoke", "--output", str(page)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert finished.returncode == 0, finished.stderr
    assert page.read_text(encoding="utf-8") == finished.stdout
    for row in report.ROWS:
        assert finished.stdout.count(f"| {row.label}") == 2
    assert "one thread" in finished.stdout
