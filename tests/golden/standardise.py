def standardise_grad(x):
    """Gradient of standardise (golden_programs.py:120) with respect to x.

    x: f8[n, m]
    """
    # forward
    centred = x - np.mean(x, axis=0)
    std = np.std(x, axis=0)
    quotient = centred / std
    # backward
    dpower = 3.0 * quotient**2  # 122: return np.sum((centred / np.std(x, axis=0)) ** 3)
    dcentred = dpower / std
    n = quotient.shape[0]
    dstd = np.sum(dpower * quotient / std, axis=0) / (np.where(std == 0, 1, std) * n)
    dstd = dstd * (x - np.mean(x, axis=0, keepdims=True))
    dx = dcentred - dstd - np.sum(dcentred, axis=0) / n  # 121: centred = x - np.mean(x, axis=0)
    return dx
