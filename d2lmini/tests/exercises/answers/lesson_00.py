"""Right answers to the exercises of lesson 00, introduction, written unlike the solution."""

RIGHT = {
    "neuron": ["""
def neuron(x, w, b, g):
    out = []
    for row in x:
        z = b
        for i in range(len(w)):
            z += row[i] * w[i]
        if g == "step":
            out.append(1 if z > 0 else 0)
        elif g == "relu":
            out.append(max(0, z))
        else:
            out.append(1 / (1 + np.exp(-z)))
    return np.array(out)
""", """
def neuron(x, w, b, g):
    z = (x * w).sum(axis=1) + b
    return {"step": np.where(z > 0, 1, 0), "sigmoid": 1 / (1 + np.exp(-z)), "relu": z * (z > 0)}[g]
""", """
def neuron(x, w, b, g):
    z = x @ w + b
    if g == "sigmoid":
        return 1 / (1 + np.exp(-z))
    return np.where(z > 0, 1, 0) if g == "step" else np.where(z > 0, z, 0.0)
"""],
    "gate": ["""
def gate(name):
    if name == "AND":
        return 2, 2, -3
    if name == "OR":
        return [2, 2, -1]
    if name == "NAND":
        return -2, -2, 3
    if name == "NOR":
        return -2, -2, 1
    return (-2, 0, 1) if name.startswith("NOT") else np.array([1.0, -1.0, -0.5])
""", """
def gate(name):
    return {"AND": (1, 1, -1.45), "OR": (1, 1, -0.55), "NAND": (-1, -1, 1.5), "NOR": (-1, -1, 0.5),
            "NOT x1": (-4, 0.1, 2), "x1 AND NOT x2": (1, -1, -0.5)}[name]
"""],
    "mend_swapped": ["""
def mend_swapped(height, weight, reported_height, reported_weight):
    a = abs(height - reported_height) + abs(weight - reported_weight)
    b = abs(weight - reported_height) + abs(height - reported_weight)

    h, w = height.copy(), weight.copy()
    for i in range(len(h)):
        if b[i] < a[i]:
            h[i], w[i] = w[i], h[i]
    return h, w
""", """
def mend_swapped(height, weight, reported_height, reported_weight):
    a = abs(height - reported_height) + abs(weight - reported_weight)
    b = abs(weight - reported_height) + abs(height - reported_weight)

    h, w, s = height.copy(), weight.copy(), a > b
    h[s], w[s] = weight[s], height[s]
    return [h, w]
""", """
def mend_swapped(height, weight, reported_height, reported_weight):
    a = abs(height - reported_height) + abs(weight - reported_weight)
    b = abs(weight - reported_height) + abs(height - reported_weight)

    h, w = np.zeros(len(height)), np.zeros(len(height))
    for i in range(len(h)):
        h[i], w[i] = (weight[i], height[i]) if b[i] < a[i] else (height[i], weight[i])
    return h, w
"""],
    "sex_neuron": ["""
def sex_neuron(unit):
    return np.array([0.285 if unit == "cm" else 28.5, 0.177, -60.5])
""", """
def sex_neuron(unit):
    w = [2, 2, -475]
    if unit == "m":
        w[0] = 100 * w[0]
    return w
"""],
    "best_threshold": ["""
def best_threshold(x, y, thresholds):
    best = None, -1
    for t in thresholds:
        a = sum((xi > t) == yi for xi, yi in zip(x, y)) / len(x)
        if a > best[1]:
            best = t, a
    return best
""", """
def best_threshold(x, y, thresholds):
    a = ((x > thresholds[:, None]) == y).mean(axis=1)
    return [thresholds[a.argmax()], a.max()]
"""],
    "trial_and_error": ["""
def trial_and_error(X, y, start, changes):
    wrong = lambda p: int(((X @ p[:2] + p[2] > 0) != y).sum())
    p, least = start, [wrong(start)]
    for c in changes:

        if wrong(p + c) <= wrong(p):
            p = p + c
        least.append(wrong(p))
    return p, least
""", """
def trial_and_error(X, y, start, changes):
    p = list(start)
    def wrong(p):
        return sum((x[0] * p[0] + x[1] * p[1] + p[2] > 0) != t for x, t in zip(X, y))
    least = [wrong(p)]
    for c in changes:
        q = [a + b for a, b in zip(p, c)]
        if not wrong(q) > wrong(p):
            p = q
        least += [wrong(p)]
    return np.array(p), least
"""],
}

SAME = {
    "gate": {"line 13, column 20: 1 to 2":
        "-2 x1 + 0.5 changes sign at 0.25, still above 0.2"},
}
