def logistic_value_and_grad(w, b, X, y):
    """Value and gradient of logistic (golden_programs.py:52) with respect to w, b.

    w: f8[n], b: float, X: f8[m, n], y: f8[m]
    """
    # forward
    margin = y * (X @ w + b)
    exp = np.exp(-margin)
    value = np.mean(np.log1p(exp)) + 0.5 * np.sum(w**2)
    # backward
    # 54: return np.mean(np.log1p(np.exp(-margin))) + 0.5 * np.sum(w**2)
    dexp = exp / (1 + exp) / exp.size
    dmargin = dexp * y  # 53: margin = y * (X @ w + b)
    db = -np.sum(dmargin)
    dw = w + X.T @ -dmargin
    return value, (dw, float(db))
