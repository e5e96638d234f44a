def two_layers_grad(W1, b1, W2, b2, X, Y):
    """Gradient of two_layers (golden_programs.py:25) with respect to W1, b1, W2, b2."""
    # forward
    product = X @ W1
    total = product + b1
    h = np.tanh(total)
    product_1 = h @ W2
    total_1 = product_1 + b2
    r = total_1 - Y
    product_2 = r * r
    value = 0.5 * np.mean(product_2)
    check_scalar(value)
    # backward
    # 28: return 0.5 * np.mean(r * r)
    dproduct = unbroadcast(np.divide(0.5, np.size(product_2)), product_2) * r
    dproduct = unbroadcast(dproduct, r)
    dr = 2.0 * dproduct
    dr = unbroadcast(dr, total_1)              # 27: r = h @ W2 + b2 - Y
    db2 = unbroadcast(dr, b2)
    dr = matmul_vjp(unbroadcast(dr, product_1), product_1, x1=h, x2=W2)
    dh = unbroadcast(dr[0], h)
    dW2 = unbroadcast(dr[1], W2)
    dh = unbroadcast(dh * (1 - h * h), total)  # 26: h = np.tanh(X @ W1 + b1)
    db1 = unbroadcast(dh, b1)
    dW1 = unbroadcast(matmul_vjp(unbroadcast(dh, product), product, x1=X, x2=W1)[1], W1)
    return as_argument(dW1, W1), as_argument(db1, b1), as_argument(dW2, W2), as_argument(db2, b2)
