def unrolled_forward(params, x, n):
    """Value of unrolled (golden_programs.py:188), and what unrolled_backward reads.

    params: {'W': f8[n, m], 'b': f8[k]}, x: f8[p], n: int
    """
    h = x
    energy = 0.0
    hs = []
    for t in range(n):
        hs.append(h.copy())
        h = np.tanh(params["W"] @ h + params["b"])
        energy += np.sum(h * h)
    return {"h": h, "energy": energy}, (params["W"].copy(), params["b"][...], n, h.copy(), hs)


def unrolled_backward(saved, g):
    """Cotangents of params, x, from the cotangent of the value."""
    W, b, n, h, hs = saved
    hs = list(hs)
    dh = g["h"]
    denergy = g["energy"]
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    dh = dh.copy()
    for t in reversed(range(n)):
        dh += 2.0 * denergy * h   # 193: energy += np.sum(h * h)
        dtanh = dh * (1 - h * h)  # 192: h = np.tanh(params["W"] @ h + params["b"])
        db += dtanh
        h = hs.pop()
        dh = W.T @ dtanh
        dW += np.outer(dtanh, h)
    return {"W": dW, "b": db}, dh
