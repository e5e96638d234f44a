def heat_grad(u, k, steps):
    """Gradient of heat (golden_programs.py:99) with respect to u, k.

    u: f8[n], k: float, steps: int
    """
    # forward
    totals = []
    for _ in range(steps):
        totals.append(u[2:] - 2.0 * u[1:-1] + u[:-2])
        inner = u[1:-1] + k * totals[-1]
        u = np.concatenate([u[:1], inner, u[-1:]])
    # backward
    du = 2.0 * u                   # 103: return np.sum(u**2)
    dk = 0.0
    for _ in reversed(range(steps)):
        total = totals.pop()
        stop = 1 + total.shape[0]  # 102: u = np.concatenate([u[:1], inner, u[-1:]])
        dinner = du[1:stop]
        ditem = np.zeros_like(u)
        ditem[-1:] += du[stop:]
        ditem[:1] += du[:1]
        dproduct = dinner * k      # 101: inner = u[1:-1] + k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        dk = dk + np.sum(dinner * total)
        ditem[:-2] += dproduct
        ditem[1:-1] += -2.0 * dproduct
        ditem[2:] += dproduct
        ditem[1:-1] += dinner
        du = ditem
    return du, float(dk)
