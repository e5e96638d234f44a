def rosenbrock_grad(x):
    """Gradient of rosenbrock (golden_programs.py:66) with respect to x.

    x: f8[n]
    """
    # backward
    dx = np.zeros_like(x)
    for i in reversed(range(len(x) - 1)):
        # 69: total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
        dx[i] += -2.0 * (1.0 - x[i])
        count = i + 1
        item = x[i]
        dtotal = 200.0 * (x[count] - item**2)
        dx[i] += -2.0 * dtotal * item
        dx[count] += dtotal
    return dx
