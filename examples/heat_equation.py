"""How hot was the rod at the beginning? Found from its temperature at the end.

A rod is heated, and left alone: heat spreads along it, step by step, in one array that is written in
place. Its temperature is measured at the end only. SciPy looks for the temperature at the beginning
that leads to it, with the gradient that srcad wrote: the time loop, run backward.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from srcad import value_and_grad

try:
    from matplotlib.figure import Figure
    from scipy.optimize import OptimizeResult, minimize
    from tqdm import tqdm
except ImportError as error:
    raise SystemExit(
        f"heat_equation.py needs {error.name}, which is not installed. Install what it uses with\n"
        "    pip install scipy matplotlib tqdm"
    ) from error

RATE = 0.25  # of what flows to a neighbour in a step; the scheme is stable up to 0.5
ROUGHNESS = 1e-6  # the price of a difference between neighbours


class Result(NamedTuple):
    """Temperatures, each (cells,); the loss at the start and after each iteration."""

    truth: NDArray
    start: NDArray
    found: NDArray
    losses: list[float]
    picture: Path


def spread(u, steps):
    """Let heat flow between the cells of u: (cells,), in place; both ends keep their temperature."""
    for _ in range(steps):
        u[1:-1] += RATE * (u[2:] - 2.0 * u[1:-1] + u[:-2])


def loss(initial, final, steps):
    """initial, final: (cells,) -> how far `initial` is from becoming `final`, and how rough it is.

    Heat forgets: very different beginnings have nearly one end. The smoothest of them is meant.
    """
    u = initial.copy()
    spread(u, steps)
    jumps = initial[1:] - initial[:-1]
    return np.sum((u - final) ** 2) + ROUGHNESS * np.sum(jumps**2)


loss_and_gradient = value_and_grad(loss)


def make_truth(cells: int) -> NDArray:
    """A warm half and a hot spot: (cells,), cold at both ends."""
    x = np.linspace(0.0, 1.0, cells)
    warm = 0.5 * (np.tanh(30.0 * (x - 0.15)) - np.tanh(30.0 * (x - 0.5)))
    hot = 1.5 * np.exp(-((x - 0.75) ** 2) / (2.0 * 0.05**2))
    return (warm + hot) * np.sin(np.pi * x)


def search(final: NDArray, steps: int, iterations: int) -> tuple[NDArray, list[float]]:
    """From the final temperature itself downhill -> the initial one, and the losses."""
    losses = [float(loss(final, final, steps))]
    with tqdm(total=iterations, desc="searching", unit="iteration") as progress:

        def report(intermediate_result: OptimizeResult) -> None:
            losses.append(float(intermediate_result.fun))
            progress.set_postfix(loss=f"{losses[-1]:.2e}", refresh=False)
            progress.update()

        found = minimize(
            loss_and_gradient,
            final,
            args=(final, steps),
            jac=True,
            method="L-BFGS-B",
            callback=report,
            options={"maxiter": iterations, "ftol": 1e-15, "gtol": 1e-9},
        )
    return found.x, losses


def draw(truth: NDArray, start: NDArray, found: NDArray, losses: list[float], path: Path) -> None:
    """The temperatures along the rod, and the loss by iteration."""
    figure = Figure(figsize=(11, 4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    x = np.linspace(0.0, 1.0, len(truth))
    left.plot(x, truth, color="black", label="truth")
    left.plot(x, start, color="tab:blue", linestyle=":", label="start: the final temperature")
    left.plot(x, found, color="tab:red", linestyle="--", label="result")
    left.set(title="Initial temperature", xlabel="place", ylabel="temperature")
    left.set_ylim(top=1.5 * np.max(truth))  # with room for the legend
    left.legend()
    right.semilogy(losses, color="black")
    right.set(title="Search", xlabel="iteration", ylabel="loss")
    figure.savefig(path, dpi=120)


def main(
    output: Path = Path(), cells: int = 100, steps: int = 100, iterations: int = 300
) -> Result:
    """Heat a rod, wait, search for the beginning, show the gradient's source, draw."""
    truth = make_truth(cells)
    final = truth.copy()
    spread(final, steps)
    found, losses = search(final, steps, iterations)

    before, after = (np.max(np.abs(guess - truth)) for guess in (final, found))
    print(f"\nLargest error of the initial temperature: {before:.3f} at first, {after:.3f} found\n")
    print("The function that computed every gradient:\n")
    print(loss_and_gradient.specialize(final, final, steps).source)

    picture = output / "heat_equation.png" if output.is_dir() else output
    draw(truth, final, found, losses, picture)
    print(f"Picture: {picture}")
    return Result(truth, final, found, losses, picture)


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=100, help="of the rod (default: 100)")
    parser.add_argument("--steps", type=int, default=100, help="of time (default: 100)")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(),
        metavar="PATH",
        help="the picture's file, or a directory for heat_equation.png (default: the current one)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    arguments = parse_arguments()
    main(arguments.output, arguments.cells, arguments.steps)
