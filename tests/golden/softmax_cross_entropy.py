def softmax_cross_entropy_grad(W, X, Y):
    """Gradient of softmax_cross_entropy (golden_programs.py:44) with respect to W.

    W: f8[n, m], X: f8[k, n], Y: f8[k, m]
    """
    # forward
    z = X @ W
    z_1 = z
    max_1 = np.max(z, axis=1, keepdims=True)
    z = z - max_1
    e = np.exp(z)
    total = np.sum(e, axis=1, keepdims=True)
    p = e / total
    total_1 = np.sum(Y * np.log(p), axis=1)
    # backward
    dp = -1.0 / total_1.size * Y / p  # 49: return -np.mean(np.sum(Y * np.log(p), axis=1))
    # 48: p = e / np.sum(e, axis=1, keepdims=True)
    de = dp / total - np.sum(dp * p / total, axis=1, keepdims=True)
    dz = de * e                       # 47: e = np.exp(z)
    best = z_1 == max_1               # 46: z = z - np.max(z, axis=1, keepdims=True)
    dmax = -(np.sum(dz, axis=1, keepdims=True) / np.sum(best, axis=1, keepdims=True))
    dmax = np.where(best, dmax, 0.0)
    dz += dmax
    dW = X.T @ dz                     # 45: z = X @ W
    return dW
