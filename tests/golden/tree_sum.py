def tree_sum_value_and_grad(x):
    """Value and gradient of tree_sum (golden_programs.py:200) with respect to x.

    x: f8[n]
    """
    # forward
    n = len(x)
    if n < 2:
        r = np.sum(x * x)
    else:
        tree_sum_3, tree_sum_saved_2 = tree_sum_forward_1(x[:n // 2])
        tree_sum_4, tree_sum_saved_3 = tree_sum_forward_1(x[n // 2:])
        r = tree_sum_3 * 1.5 + np.sin(tree_sum_4)
    # backward
    if n < 2:
        dx = 2.0 * x  # 203: r = np.sum(x * x)
    else:
        # 205: r = tree_sum(x[: n // 2]) * 1.5 + np.sin(tree_sum(x[n // 2 :]))
        dx = np.zeros_like(x)
        dx[n // 2:] += tree_sum_backward_1(tree_sum_saved_3, np.cos(tree_sum_4))
        dx[:n // 2] += tree_sum_backward_1(tree_sum_saved_2, 1.5)
    return r, dx


def tree_sum_forward_1(x):
    """Value of tree_sum (golden_programs.py:200), and what tree_sum_backward_1 reads.

    x: f8[n]
    """
    tree_sum_2 = None
    tree_sum_saved_1 = None
    tree_sum_saved = None
    n = len(x)
    if n < 2:
        r = np.sum(x * x)
    else:
        tree_sum_1, tree_sum_saved = tree_sum_forward_1(x[:n // 2])
        tree_sum_2, tree_sum_saved_1 = tree_sum_forward_1(x[n // 2:])
        r = tree_sum_1 * 1.5 + np.sin(tree_sum_2)
    return r, (x.copy(), n, tree_sum_2, tree_sum_saved_1, tree_sum_saved)


def tree_sum_backward_1(saved, dr):
    """Cotangents of x, from the cotangent of the value."""
    x, n, tree_sum_2, tree_sum_saved_1, tree_sum_saved = saved
    if n < 2:
        dx = 2.0 * dr * x  # 203: r = np.sum(x * x)
    else:
        # 205: r = tree_sum(x[: n // 2]) * 1.5 + np.sin(tree_sum(x[n // 2 :]))
        dx = np.zeros_like(x)
        dx[n // 2:] += tree_sum_backward_1(tree_sum_saved_1, dr * np.cos(tree_sum_2))
        dx[:n // 2] += tree_sum_backward_1(tree_sum_saved, 1.5 * dr)
    return dx
