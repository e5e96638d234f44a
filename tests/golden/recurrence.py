def recurrence_value_and_grad(w, x, n):
    """Value and gradient of recurrence (golden_programs.py:31) with respect to w, x.

    w: f8[n, m], x: f8[k], n: int
    """
    # forward
    h = x
    loss = 0.0
    hs = []
    taken = []
    for t in range(n):
        hs.append(h)
        z = w @ h
        taken.append(np.sum(z) > 0.0)
        if taken[-1]:
            h = np.tanh(z)
        else:
            h = 0.5 * z
        loss += np.sum(h * h)
    # backward
    dh = np.zeros_like(h)
    dw = np.zeros_like(w)
    for t in reversed(range(n)):
        dh += 2.0 * h              # 40: loss += np.sum(h * h)
        if taken.pop():
            dz = dh * (1 - h * h)  # 37: h = np.tanh(z)
        else:
            dz = 0.5 * dh          # 39: h = 0.5 * z
        h = hs.pop()
        dh = w.T @ dz              # 35: z = w @ h
        dw += np.outer(dz, h)
    return loss, (dw, dh)
