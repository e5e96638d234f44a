"""Contestants timed in turn, so that what slows the machine for a while slows all of them."""

import gc
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple

Call = Callable[[], object]


class Quartiles(NamedTuple):
    """The middle half of some numbers."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Effort:
    """The number of rounds, and how long each contestant runs in a round at least."""

    rounds: int
    least_seconds: float


@dataclass(frozen=True, slots=True)
class Measurement:
    """Seconds a call by contestant; entry i of each list was measured in round i."""

    seconds: dict[str, list[float]]

    def time(self, name: str) -> Quartiles:
        """How long one call takes, over the rounds."""
        return quartiles(self.seconds[name])

    def ratio(self, name: str, over: str) -> Quartiles:
        """One contestant's time over another's, round by round."""
        pairs = zip(self.seconds[name], self.seconds[over], strict=True)
        return quartiles([one / other for one, other in pairs])


def quartiles(numbers: list[float]) -> Quartiles:
    """Of one number, that number three times."""
    if len(numbers) == 1:
        return Quartiles(*numbers * 3)
    return Quartiles(*statistics.quantiles(numbers, n=4, method="inclusive"))


def seconds_per_call(call: Call, repetitions: int) -> float:
    """The mean over some repetitions, after one call that is not timed."""
    call()
    start = perf_counter()
    for _ in range(repetitions):
        call()
    return (perf_counter() - start) / repetitions


def enough_repetitions(call: Call, least_seconds: float) -> int:
    """How many calls last at least that long."""
    repetitions = 1
    while (seconds := seconds_per_call(call, repetitions)) * repetitions < least_seconds:
        repetitions = max(2 * repetitions, int(least_seconds / seconds) + 1)
    return repetitions


def measure(
    calls: dict[str, Call], effort: Effort, after_round: Callable[[int], None] = lambda _: None
) -> Measurement:
    """Time every call once a round, in the order given."""
    repetitions = {
        name: enough_repetitions(call, effort.least_seconds) for name, call in calls.items()
    }
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    collecting = gc.isenabled()
    gc.disable()
    try:
        for number in range(effort.rounds):
            gc.collect()
            for name, call in calls.items():
                seconds[name].append(seconds_per_call(call, repetitions[name]))
            after_round(number + 1)
    finally:
        if collecting:
            gc.enable()
    return Measurement(seconds)
