def newton_grad(a, tolerance):
    """Gradient of newton (golden_programs.py:125) with respect to a.

    a: f8[n], tolerance: float
    """
    # forward
    x = a
    xs = []
    products = []
    quotients = []
    trips = 0
    while np.max(np.abs(x * x - a)) > tolerance:
        trips += 1
        xs.append(x)
        products.append(2.0 * x)
        quotients.append((x * x - a) / products[-1])
        x = x - quotients[-1]
    # backward
    dx = np.ones_like(a)          # 129: return np.sum(x)
    da = np.zeros_like(a)
    for _ in range(trips):
        product = products.pop()
        dquotient = dx / product  # 128: x = x - (x * x - a) / (2.0 * x)
        quotient = quotients.pop()
        da += dquotient
        x = xs.pop()
        dx = dx + 2.0 * (dx * quotient / product) + -2.0 * (dquotient * x)
    da += dx
    return da
