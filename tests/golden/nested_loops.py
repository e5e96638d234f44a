def nested_loops_grad(w, n):
    """Gradient of nested_loops (golden_programs.py:106) with respect to w.

    w: f8[n], n: int
    """
    # forward
    ss = []
    sins = []
    for i in range(n):
        s = w
        for j in range(i):
            ss.append(s)
            sins.append(np.sin(s))
            s = sins[-1] * w
    # backward
    dw = np.zeros_like(w)
    for i in reversed(range(n)):
        ds = np.ones_like(w)  # 112: total = total + np.sum(s)
        for j in reversed(range(i)):
            sin = sins.pop()
            dw += ds * sin    # 111: s = np.sin(s) * w
            s = ss.pop()
            ds = ds * w * np.cos(s)
        dw += ds
    return dw
