def scalar_branch_grad(x, a):
    """Gradient of scalar_branch (golden_programs.py:73) with respect to x, a.

    x: float, a: float
    """
    # forward
    if x > a:
        y = x * x
    elif x > 0.0:
        y = np.sin(x)
    else:
        y = a * x
    # backward
    if x > a:
        dx = 2.0 * (a * x)  # 75: y = x * x
        da = y
    elif x > 0.0:
        dx = a * np.cos(x)  # 77: y = np.sin(x)
        da = y
    else:
        dx = a * a          # 79: y = a * x
        da = y + a * x
    return float(dx), float(da)
