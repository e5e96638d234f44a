def neuron_grad(w, b, x, t):
    """Gradient of neuron (golden_programs.py:61) with respect to w, b.

    w: f8[n], b: float, x: f8[n], t: float
    """
    # forward
    x_1 = np.dot(w, x) + b
    exp = np.exp(-x_1)
    total = 1.0 + exp
    a = 1.0 / total
    # backward
    dx_1 = (a - t) * a / total * exp  # 58: return 1.0 / (1.0 + np.exp(-x))
    dw = dx_1 * x                     # 62: a = sigmoid(np.dot(w, x) + b)
    return dw, float(dx_1)
