def gather_grad(table, rows, weights):
    """Gradient of gather (golden_programs.py:116) with respect to table, weights.

    table: f8[n, m], rows: i8[k], weights: f8[k]
    """
    # forward
    item = table[rows]
    # backward
    dweights = np.zeros_like(weights)  # 117: return np.sum(table[rows] * weights[:, None])
    dweights[:, None] += np.sum(item, axis=1, keepdims=True)
    dtable = np.zeros_like(table)
    np.add.at(dtable, rows, np.full_like(item, weights[:, None]))
    return dtable, dweights
