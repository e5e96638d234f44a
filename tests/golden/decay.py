def decay_grad(x, rate=0.9):
    """Gradient of decay (golden_programs.py:92) with respect to x.

    x: f8[n], rate: float
    """
    # forward
    y = np.exp(x)
    y_1 = y.copy()
    y *= rate
    y -= x
    # backward
    dy = 2.0 * y              # 96: return np.sum(y * y)
    dproduct = dy * rate      # 94: y *= rate
    dx = dproduct * y_1 - dy  # 93: y = np.exp(x)
    return dx
