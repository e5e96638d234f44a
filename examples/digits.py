"""A two-layer network learns to read handwritten digits, with gradients that srcad wrote.

The 1,797 images of 8 x 8 pixels come with scikit-learn. Prints the test accuracy and the gradient
function in Python, and draws the loss and the digits misread.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from srcad import value_and_grad

try:
    from matplotlib.figure import Figure
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split
    from tqdm import tqdm
except ImportError as error:
    raise SystemExit(
        f"digits.py needs {error.name}, which is not installed. Install what it uses with\n"
        "    pip install scikit-learn matplotlib tqdm"
    ) from error

HIDDEN = 64
CLASSES = 10
DECAY = 1e-4
BATCH = 32
RATE = 0.1
MOMENTUM = 0.9

Weights = tuple[NDArray, NDArray, NDArray, NDArray]


class Data(NamedTuple):
    """Images: (n, 64), from 0 to 1, and the digits that they show: (n,), in two parts."""

    train_images: NDArray
    test_images: NDArray
    train_digits: NDArray
    test_digits: NDArray


class Result(NamedTuple):
    """What the training came to."""

    accuracy: float
    losses: list[float]
    picture: Path


def scores(W1, b1, W2, b2, X):
    """X: (n, 64) -> (n, 10), the higher the likelier."""
    hidden = np.tanh(X @ W1 + b1)
    return hidden @ W2 + b2


def log_softmax(z):
    """The logarithms of probabilities, row by row; shifted, so that no exponential overflows."""
    shifted = z - np.max(z, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


def loss(W1, b1, W2, b2, X, Y):
    """W1: (64, h), b1: (h,), W2: (h, 10), b2: (10,), X: (n, 64), Y: (n, 10) one-hot -> a number.

    The mean cross-entropy, and a small price on large weights.
    """
    cross_entropy = -np.mean(np.sum(Y * log_softmax(scores(W1, b1, W2, b2, X)), axis=1))
    return cross_entropy + 0.5 * DECAY * (np.sum(W1 * W1) + np.sum(W2 * W2))


loss_and_gradient = value_and_grad(loss, wrt=("W1", "b1", "W2", "b2"))


def load_data(seed: int) -> Data:
    """A fifth of the images is kept for the test."""
    images, digits = load_digits(return_X_y=True)
    parts = train_test_split(
        images / 16.0, digits, test_size=0.2, random_state=seed, stratify=digits
    )
    return Data(*parts)


def initial_weights(random: np.random.Generator) -> Weights:
    """Small random weights and zero biases."""
    W1 = random.normal(size=(64, HIDDEN)) / np.sqrt(64)
    W2 = random.normal(size=(HIDDEN, CLASSES)) / np.sqrt(HIDDEN)
    return W1, np.zeros(HIDDEN), W2, np.zeros(CLASSES)


def batches(
    images: NDArray, digits: NDArray, random: np.random.Generator
) -> Iterator[tuple[NDArray, NDArray]]:
    """All images in a new order, a few at a time, with one-hot targets."""
    targets = np.eye(CLASSES)[digits]
    order = random.permutation(len(images))
    for start in range(0, len(images), BATCH):
        rows = order[start : start + BATCH]
        yield images[rows], targets[rows]


def train(data: Data, epochs: int, random: np.random.Generator) -> tuple[Weights, list[float]]:
    """Gradient descent with momentum -> the weights, and the mean loss of every epoch."""
    weights = initial_weights(random)
    velocities = tuple(np.zeros_like(weight) for weight in weights)
    losses = []
    for _ in (progress := tqdm(range(epochs), desc="training", unit="epoch")):
        seen = []
        for images, targets in batches(data.train_images, data.train_digits, random):
            value, gradients = loss_and_gradient(*weights, images, targets)
            seen.append(value)
            pairs = zip(velocities, gradients, strict=True)
            velocities = tuple(MOMENTUM * velocity - RATE * slope for velocity, slope in pairs)
            pairs = zip(weights, velocities, strict=True)
            weights = tuple(weight + velocity for weight, velocity in pairs)
        losses.append(float(np.mean(seen)))
        progress.set_postfix(loss=f"{losses[-1]:.4f}")
    return weights, losses


def predict(weights: Weights, images: NDArray) -> NDArray:
    """The digit with the highest score: (n,)."""
    return np.argmax(scores(*weights, images), axis=1)


def draw(losses: list[float], data: Data, predicted: NDArray, path: Path) -> None:
    """The loss by epoch, and up to ten misread digits."""
    figure = Figure(figsize=(11, 4), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=(2, 3))
    axes = left.subplots()
    axes.semilogy(range(1, len(losses) + 1), losses)
    axes.set(title="Training", xlabel="epoch", ylabel="mean loss")
    right.suptitle("Misread test digits")
    wrong = np.flatnonzero(predicted != data.test_digits)[:10]
    panels = right.subplots(2, 5).ravel()
    for panel in panels:
        panel.axis("off")
    for panel, index in zip(panels, wrong, strict=False):
        panel.imshow(data.test_images[index].reshape(8, 8), cmap="gray_r")
        panel.set_title(f"read {predicted[index]}, is {data.test_digits[index]}", fontsize=9)
    figure.savefig(path, dpi=120)


def main(output: Path = Path(), epochs: int = 60, seed: int = 0) -> Result:
    """Train, test, show the gradient's source, draw."""
    data = load_data(seed)
    weights, losses = train(data, epochs, np.random.default_rng(seed))

    predicted = predict(weights, data.test_images)
    accuracy = float(np.mean(predicted == data.test_digits))
    print(f"\nTest accuracy: {accuracy:.1%} of {len(predicted)} digits\n")

    images, targets = next(batches(data.train_images, data.train_digits, np.random.default_rng()))
    print("The function that computed every gradient:\n")
    print(loss_and_gradient.specialize(*weights, images, targets).source)

    picture = output / "digits.png" if output.is_dir() else output
    draw(losses, data, predicted, picture)
    print(f"Picture: {picture}")
    return Result(accuracy, losses, picture)


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(),
        metavar="PATH",
        help="the picture's file, or a directory for digits.png (default: the current directory)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main(parse_arguments().output)
