def relax_value_and_grad(w, x, most):
    """Value and gradient of relax (golden_programs.py:132) with respect to w, x.

    w: f8[n, m], x: f8[k], most: int
    """
    # forward
    xs = []
    news = []
    taken = []
    trips = 0
    for _ in range(most):
        trips += 1
        xs.append(x)
        new = np.tanh(w @ x)
        news.append(new)
        broke = np.max(np.abs(new - x)) < 1e-06
        taken.append(not broke)
        if taken[-1]:
            x = 0.5 * (x + new)
        if broke:
            break
    value = np.sum(x * x)
    # backward
    dx = 2.0 * x                       # 138: return np.sum(x * x)
    dw = np.zeros_like(w)
    for _ in reversed(range(most)[:trips]):
        new = news.pop()
        if taken.pop():
            dx = 0.5 * dx              # 137: x = 0.5 * (x + new)
            dnew = dx
        else:
            dnew = np.zeros_like(new)
        dnew = dnew * (1 - new * new)  # 134: new = np.tanh(w @ x)
        x_1 = xs.pop()
        dw += np.outer(dnew, x_1)
        dx += w.T @ dnew
    return value, (dw, dx)
