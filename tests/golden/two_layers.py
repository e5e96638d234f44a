def two_layers_grad(W1, b1, W2, b2, X, Y):
    """Gradient of two_layers (golden_programs.py:25) with respect to W1, b1, W2, b2.

    W1: f8[n, m], b1: f8[m], W2: f8[m, k], b2: f8[k], X: f8[p, n], Y: f8[p, k]
    """
    # forward
    h = np.tanh(X @ W1 + b1)
    r = h @ W2 + b2 - Y
    # backward
    dr = r / r.size                 # 28: return 0.5 * np.mean(r * r)
    db2 = np.sum(dr, axis=0)        # 27: r = h @ W2 + b2 - Y
    dW2 = h.T @ dr
    dh = (dr @ W2.T) * (1 - h * h)  # 26: h = np.tanh(X @ W1 + b1)
    db1 = np.sum(dh, axis=0)
    dW1 = X.T @ dh
    return dW1, db1, dW2, db2
