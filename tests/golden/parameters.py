def parameters_value_and_grad(params, x):
    """Value and gradient of parameters (golden_programs.py:87) with respect to params.

    params: {'W': f8[n, m], 'b': f8[n], 'scale': float}, x: f8[m]
    """
    # forward
    total = params["W"] @ x + params["b"]
    h = np.maximum(total, 0.0)
    total_1 = np.sum(h)
    value = total_1 * params["scale"]
    # backward
    # 88: h = np.maximum(params["W"] @ x + params["b"], 0.0)
    dh = np.where(total == 0.0, 0.5 * params["scale"], 0.0)
    dparams = np.where(total > 0.0, params["scale"], dh)
    dW = np.outer(dparams, x)
    return value, {"W": dW, "b": dparams, "scale": float(total_1)}
