def bias_of_every_shape_grad(x, row, column, number):
    """Gradient of bias_of_every_shape (golden_programs.py:83) with respect to x, row, column,
    number.

    x: f8[n, m], row: f8[1, m], column: f8[n, 1], number: float
    """
    # forward
    tanh = np.tanh(x + row + column)
    # backward
    dnumber = np.sum(tanh)  # 84: return np.sum(np.tanh(x + row + column) * number)
    dx = number * (1 - tanh * tanh)
    dcolumn = np.sum(dx, axis=1, keepdims=True)
    drow = np.sum(dx, axis=0, keepdims=True)
    return dx, drow, dcolumn, float(dnumber)
