"""Every example runs, and what it shows is so."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"

"""To be taken away, with its two uses, when it passes: an xfail that passes fails."""


def load(name: str) -> ModuleType:
    """The example of that name, imported from its file."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assert_equal_arrays(found, expected) -> None:
    """Equal to rounding, of one shape and one dtype."""
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15, strict=True)


def test_computation_graph(capsys):
    assert load("computation_graph").main() == (4.0, 4.0, 5.0)
    printed = capsys.readouterr().out
    assert "total" in printed
    assert "dz/dw = 5.0" in printed


def test_single_neuron():
    by_srcad, by_hand = load("single_neuron").main()
    a = 1.0 / (1.0 + np.exp(-0.6))  # 0.6 * 1.5 - 0.3
    slope = (a - 1.0) * a * (1.0 - a)
    assert by_srcad == pytest.approx((1.5 * slope, slope), rel=1e-12)
    assert by_hand == pytest.approx((1.5 * slope, slope), rel=1e-12)


def test_chain_rule():
    two_deep, three_deep = load("chain_rule").main(x=0.7)
    inner = 2.0 * 0.7 * np.cos(0.7**2)
    assert two_deep == pytest.approx((inner, inner), rel=1e-12)
    outer = inner * np.exp(np.sin(0.7**2))
    assert three_deep == pytest.approx((outer, outer), rel=1e-12)


def test_two_layer_network():
    result = load("two_layer_network").main(steps=20)
    for found, expected in zip(result.by_srcad, result.by_hand, strict=True):
        assert_equal_arrays(found, expected)
    assert len(result.losses) == 21
    assert np.all(np.diff(result.losses) < 0.0)


def test_outer_delta():
    found, printed = load("outer_delta").main()
    z = np.array([1.0, 1.6])  # 0.1 * 1 + 0.2 * 2 + 0.5, and 0.3 * 1 + 0.4 * 2 + 0.5
    a = 1.0 / (1.0 + np.exp(-z))
    delta = (a - 1.0) * np.exp(-z) / (1.0 + np.exp(-z)) ** 2
    assert_equal_arrays(found, np.outer(delta, np.array([1, 2])))
    assert_equal_arrays(found, printed)


def test_minibatch_linear_regression():
    module = load("minibatch_linear_regression")
    found = module.main(epochs=10)
    np.testing.assert_allclose(found.w, module.TRUE_WEIGHTS, atol=0.03, strict=True)
    assert found.b == pytest.approx(module.TRUE_BIAS, abs=0.03)


def test_minibatch_linear_regression_without_noise():
    module = load("minibatch_linear_regression")
    found = module.main(epochs=30, noise=0.0)
    np.testing.assert_allclose(found.w, module.TRUE_WEIGHTS, atol=1e-9, strict=True)
    assert found.b == pytest.approx(module.TRUE_BIAS, abs=1e-9)


def test_digits(tmp_path, capsys):
    result = load("digits").main(output=tmp_path, epochs=30)
    assert result.accuracy >= 0.95
    assert result.losses[-1] < 0.1 * result.losses[0]
    assert result.picture == tmp_path / "digits.png"
    assert_is_picture(result.picture)
    printed = capsys.readouterr().out
    assert "def loss_value_and_grad(W1, b1, W2, b2, X, Y" in printed
    assert str(result.picture) in printed


def test_digits_gradient_is_softmax_minus_target():
    digits = load("digits")
    random = np.random.default_rng(seed=1)
    W1, b1, W2, b2 = digits.initial_weights(random)
    X, Y = random.uniform(size=(7, 64)), np.eye(10)[random.integers(10, size=7)]
    _, gradients = digits.loss_and_gradient(W1, b1, W2, b2, X, Y)
    hidden = np.tanh(X @ W1 + b1)
    e = np.exp(hidden @ W2 + b2)
    delta2 = (e / np.sum(e, axis=1, keepdims=True) - Y) / 7
    delta1 = (delta2 @ W2.T) * (1.0 - hidden * hidden)
    expected = (
        X.T @ delta1 + digits.DECAY * W1,
        np.sum(delta1, axis=0),
        hidden.T @ delta2 + digits.DECAY * W2,
        np.sum(delta2, axis=0),
    )
    for found, wanted in zip(gradients, expected, strict=True):
        assert_equal_arrays(found, wanted)


def test_digits_output_names_a_file(tmp_path):
    digits = load("digits")
    data = digits.load_data(seed=0)
    wrong = (data.test_digits + 1) % 10
    digits.draw([1.0, 0.5], data, wrong, tmp_path / "misread.png")
    assert_is_picture(tmp_path / "misread.png")


def test_heat_equation(tmp_path, capsys):
    result = load("heat_equation").main(output=tmp_path)
    assert_heat_is_found(result)
    assert result.picture == tmp_path / "heat_equation.png"
    assert_is_picture(result.picture)
    printed = capsys.readouterr().out
    assert "def loss_value_and_grad(initial, final, steps" in printed
    assert str(result.picture) in printed


@pytest.mark.parametrize(("cells", "steps"), [(3, 1), (12, 0), (12, 5), (40, 30)])
def test_heat_equation_gradient_is_the_scheme_run_backward(cells, steps):
    heat = load("heat_equation")
    random = np.random.default_rng(seed=2)
    initial, final = random.normal(size=cells), random.normal(size=cells)
    kept = initial.copy()
    value, gradient = heat.loss_and_gradient(initial, final, steps)
    expected = heat_gradient(heat, initial, final, steps)
    assert value == heat.loss(initial, final, steps)
    np.testing.assert_array_equal(initial, kept)
    np.testing.assert_allclose(gradient, expected, rtol=1e-10, atol=1e-12, strict=True)


def test_heat_equation_with_a_gradient_by_hand(tmp_path):
    heat = load("heat_equation")
    heat.loss_and_gradient = ByHand(heat)
    result = heat.main(output=tmp_path / "rod.png", cells=40, steps=15)
    assert_heat_is_found(result)
    assert_is_picture(tmp_path / "rod.png")


class ByHand:
    """What `value_and_grad(heat.loss)` stands for."""

    def __init__(self, heat: ModuleType) -> None:
        self.heat = heat
        self.source = "by hand"

    def __call__(self, *arguments):
        return self.heat.loss(*arguments), heat_gradient(self.heat, *arguments)

    def specialize(self, *arguments):
        return self


def heat_gradient(heat, initial, final, steps) -> np.ndarray:
    """The time loop is linear, and so it is run backward transposed."""
    u = initial.copy()
    heat.spread(u, steps)
    gradient = 2.0 * (u - final)
    for _ in range(steps):
        flow = heat.RATE * gradient[1:-1]
        gradient[2:] += flow
        gradient[1:-1] -= 2.0 * flow
        gradient[:-2] += flow
    jumps = 2.0 * heat.ROUGHNESS * (initial[1:] - initial[:-1])
    gradient[1:] += jumps
    gradient[:-1] -= jumps
    return gradient


def assert_heat_is_found(result) -> None:
    """Nothing is worse than where the search started, and the result is near the truth."""
    assert result.losses[-1] < 1e-4 * result.losses[0]
    at_first, found = (np.max(np.abs(u - result.truth)) for u in (result.start, result.found))
    assert found < 0.06
    assert found < 0.25 * at_first


@pytest.mark.parametrize(
    ("name", "missing", "packages"),
    [
        ("digits", "sklearn", "scikit-learn matplotlib tqdm"),
        ("digits", "matplotlib", "scikit-learn matplotlib tqdm"),
        ("digits", "tqdm", "scikit-learn matplotlib tqdm"),
        ("heat_equation", "scipy.optimize", "scipy matplotlib tqdm"),
        ("heat_equation", "matplotlib", "scipy matplotlib tqdm"),
        ("heat_equation", "tqdm", "scipy matplotlib tqdm"),
    ],
)
def test_examples_say_what_to_install(name, missing, packages):
    path = EXAMPLES / f"{name}.py"
    program = f"import runpy, sys; sys.modules[{missing!r}] = None; runpy.run_path({str(path)!r})"
    finished = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=EXAMPLES.parent,
    )
    assert finished.returncode == 1
    assert f"pip install {packages}\n" in finished.stderr
    assert "Traceback" not in finished.stderr


def assert_is_picture(path: Path) -> None:
    """A PNG file with something dark in its left and in its right half."""
    from matplotlib.image import imread  # noqa: PLC0415

    pixels = imread(path)[..., :3]
    middle = pixels.shape[1] // 2
    assert pixels[:, :middle].min() < 0.2
    assert pixels[50:, middle:].min() < 0.2
