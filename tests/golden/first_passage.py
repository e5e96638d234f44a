def first_passage_value_and_grad(x, rate, n):
    """Value and gradient of first_passage (golden_programs.py:141) with respect to x, rate.

    x: float, rate: float, n: int
    """
    # forward
    broke = False
    xs = []
    taken = []
    xs_1 = []
    taken_1 = []
    trips = 0
    for day in range(n):
        trips += 1
        xs.append(x)
        x = x * rate
        broke = x < 1.0
        taken.append(not broke)
        if taken[-1]:
            for hour in range(3):
                xs_1.append(x)
                taken_1.append(x > 9.0)
                if not taken_1[-1]:
                    x = x + np.sin(x)
        if broke:
            break
    if not broke:
        result = -x
    else:
        result = x * day
    # backward
    if not broke:
        dx = -1.0
    else:
        dx = 1.0 * day                        # 145: return x * day
    drate = 0.0
    for day in reversed(range(n)[:trips]):
        if taken.pop():
            for hour in reversed(range(3)):
                x = xs_1.pop()
                if not taken_1.pop():
                    dx = dx + dx * np.cos(x)  # 149: x = x + np.sin(x)
        dproduct = dx * rate                  # 143: x = x * rate
        x = xs.pop()
        drate = drate + dx * x
        dx = dproduct
    return result, (float(dx), float(drate))
