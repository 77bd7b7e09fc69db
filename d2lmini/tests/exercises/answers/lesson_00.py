"""Answers to the exercises of lesson 00, introduction."""

GATE = """
def gate(name):
    return {{"AND": (1, 1, {}), "OR": (1, 1, {}), "NAND": (-1, -1, 1.5), "NOR": (-1, -1, 0.5),
            "NOT x1": ({}, 0.5), "x1 AND NOT x2": (1, -1, {})}}[name]
"""
MEND = """
def mend_swapped(height, weight, reported_height, reported_weight):
    a = abs(height - reported_height) + abs(weight - reported_weight)
    b = abs(weight - reported_height) + abs(height - reported_weight)
"""
BEST = """
def best_threshold(x, y, thresholds):
    a = [((x > t) == y).mean() for t in thresholds]
    return thresholds[np.argmax(a)], max(a)
"""
TRIAL = """
def trial_and_error(X, y, start, changes):
    wrong = lambda p: int(((X @ p[:2] + p[2] > 0) != y).sum())
    p, least = start, [wrong(start)]
    for c in changes:
"""

WRONG = {
    "neuron": [
        ("The bias is missing", """
def neuron(x, w, b, g):
    z = x @ w
    return {"step": (z > 0).astype(int), "sigmoid": 1 / (1 + np.exp(-z)),
            "relu": np.maximum(z, 0)}[g]
"""),
        ("The bias was subtracted", """
def neuron(x, w, b, g):
    return (x @ w - b > 0).astype(int)
"""),
        ("The activation g comes after it", "def neuron(x, w, b, g):\n    return x @ w + b\n"),
        ("at exactly 0 it answers 0", """
def neuron(x, w, b, g):
    z = x @ w + b
    return {"step": (z >= 0).astype(int), "sigmoid": 1 / (1 + np.exp(-z)),
            "relu": np.maximum(z, 0)}[g]
"""),
        ("a minus in its exponent", """
def neuron(x, w, b, g):
    z = x @ w + b
    return {"step": (z > 0).astype(int), "sigmoid": 1 / (1 + np.exp(z)),
            "relu": np.maximum(z, 0)}[g]
"""),
        ("Negative sums came through", """
def neuron(x, w, b, g):
    z = x @ w + b
    return {"step": (z > 0).astype(int), "sigmoid": 1 / (1 + np.exp(-z)), "relu": abs(z) - 9}[g]
"""),
        (".astype(int)", """
def neuron(x, w, b, g):
    z = x @ w + b
    return z > 0 if g == "step" else z
"""),
        ("one sum for each row", """
def neuron(x, w, b, g):
    z = (x * w).sum() + b
    return {"step": int(z > 0), "sigmoid": 1 / (1 + np.exp(-z)), "relu": np.maximum(z, 0)}[g]
"""),
        ("Is the return missing", """
def neuron(x, w, b, g):
    if g == "Step":
        return 1
"""),
    ],
    "gate": [
        ("moved by 0.2", GATE.format(-1, -0.5, "-1, 0", -0.5)),
        ("It fires for all four", GATE.format(0.5, -0.5, "-1, 0", -0.5)),
        ("It never fires", GATE.format(-2.5, -0.5, "-1, 0", -0.5)),
        ("too many of the four", GATE.format(-0.5, -0.5, "-1, 0", -0.5)),
        ("too few of the four", GATE.format(-1.5, -1.5, "-1, 0", -0.5)),
        ("does not listen to x2", GATE.format(-1.5, -0.5, "-1, -1", -0.5)),
        ("change all three signs", """
def gate(name):
    return {"AND": (-1, -1, 1.5), "OR": (-1, -1, 0.5)}[name]
"""),
        ("Is the bias the last", """
def gate(name):
    return {"AND": (-1.5, 1, 1), "OR": (-0.5, 1, 1), "NAND": (1.5, -1, -1)}[name]
"""),
        ("expected a tuple of 3 numbers", "def gate(name):\n    return 1, 1\n"),
        ("raised KeyError", """
def gate(name):
    return {"and": (1, 1, -1.5)}[name]
"""),
    ],
    "mend_swapped": [
        ("Every row is exchanged", """
def mend_swapped(height, weight, reported_height, reported_weight):
    return weight, height
"""),
        ("missing report (nan)", MEND + """
    return np.where(a <= b, height, weight), np.where(a <= b, weight, height)
"""),
        ("the same number twice", MEND + """
    height, weight = height.copy(), weight.copy()
    height[b < a] = weight[b < a]
    weight[b < a] = height[b < a]
    return height, weight
"""),
        ("without signs, by abs", MEND.replace("abs", "") + """
    return np.where(b < a, weight, height), np.where(b < a, height, weight)
"""),
        ("<, not <=", MEND + """
    s = b <= a
    return np.where(s, weight, height), np.where(s, height, weight)
"""),
        ("Nothing was exchanged", MEND + "    return height, weight\n"),
        ("the other way round", MEND + """
    return np.where(b < a, height, weight), np.where(b < a, weight, height)
"""),
        ("changed its input height and weight", MEND + """
    s = b < a
    height[s], weight[s] = weight[s], height[s]
    return height, weight
"""),
        ("gives in part 0 of the result", """
def mend_swapped(height, weight, reported_height, reported_weight):
    s = (height < weight) & ~np.isnan(reported_height + reported_weight)
    return np.where(s, weight, height), np.where(s, height, weight)
"""),
    ],
    "sex_neuron": [
        ("Everybody is called a man", "def sex_neuron(unit):\n    return 0.2, 0.2, 0\n"),
        ("In meters everybody", "def sex_neuron(unit):\n    return 0.2, 0.2, -47.5\n"),
        ("never gets above 0", "def sex_neuron(unit):\n    return 0.2, 0.2, -100\n"),
        ("men women", """
def sex_neuron(unit):
    return (-0.2, -0.2, 47.5) if unit == "cm" else (-20, -0.2, 47.5)
"""),
        ("At the average woman", """
def sex_neuron(unit):
    return (0.2, 0.2, -51.5) if unit == "cm" else (20, 0.2, -51.5)
"""),
        ("Height alone makes 26", """
def sex_neuron(unit):
    return (0.3, 0, -51.75) if unit == "cm" else (30, 0, -51.75)
"""),
    ],
    "best_threshold": [
        ("take the first", """
def best_threshold(x, y, thresholds):
    best = 0, -1
    for t in thresholds:
        a = ((x > t) == y).mean()
        if a >= best[1]:
            best = t, a
    return best
"""),
        ("take the first", BEST.replace("thresholds[np.argmax(a)]",
                                        "min(t for t, b in zip(thresholds, a) if b == max(a))")),
        ("does not count as above", BEST.replace("x > t", "x >= t")),
        ("The first number is the place", BEST.replace("thresholds[np.argmax(a)]", "np.argmax(a)")),
        ("counts people", BEST.replace("mean", "sum")),
        ("share of mistakes, not", BEST.replace("==", "!=").replace("max", "min")),
        ("first the threshold", BEST.replace("thresholds[np.argmax(a)], max(a)",
                                             "max(a), thresholds[np.argmax(a)]")),
        ("The rule is x > t: who", BEST.replace("x > t", "x < t")),
        ("begin your search below 0", """
def best_threshold(x, y, thresholds):
    best = None, 0
    for t in thresholds:
        a = ((x > t) == y).mean()
        if a > best[1]:
            best = t, a
    return best
"""),
        ("worst threshold", BEST.replace("max", "min")),
    ],
    "trial_and_error": [
        ("must be kept, too", TRIAL + """
        if wrong(p + c) < least[-1]:
            p = p + c
        least.append(wrong(p))
    return p, least
"""),
        ("Changes that make more mistakes", TRIAL + """
        p = p + c
        least.append(wrong(p))
    return p, least
"""),
        ("added to the start", TRIAL + """
        if wrong(start + c) <= least[-1]:
            p = start + c
        least.append(wrong(p))
    return p, least
"""),
        ("begins with the mistakes of the start", TRIAL + """
        if wrong(p + c) <= wrong(p):
            p = p + c
        least.append(wrong(p))
    return p, least[1:]
"""),
        ("Count the mistakes", TRIAL.replace("sum()", "mean()").replace("int(", "float(") + """
        if wrong(p + c) <= wrong(p):
            p = p + c
        least.append(wrong(p))
    return p, least
"""),
        ("it never rises", TRIAL + """
        if wrong(p + c) <= wrong(p):
            p = p + c
        least.append(wrong(p + c))
    return p, least
"""),
        ("write trial = p + change", TRIAL + """
        old = p
        p += c
        if wrong(p) > least[-1]:
            p = old
        least.append(wrong(p))
    return p, least
"""),
        ("the last number comes again", TRIAL + """
        if wrong(p + c) <= wrong(p):
            p = p + c
            least.append(wrong(p))
    return p, least
"""),
        ("in a Python list", TRIAL + """
        if wrong(p + c) <= wrong(p):
            p = p + c
        least.append(wrong(p))
    return p, np.array(least)
"""),
        ("changed its input start", TRIAL + """
        before = wrong(p)
        p += c
        if wrong(p) > before:
            p -= c
        least.append(wrong(p))
    return p, least
"""),
    ],
}

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
""", GATE.format(-1.45, -0.55, "-4, 0.1", -0.5).replace("-4, 0.1, 0.5", "-4, 0.1, 2")],
    "mend_swapped": [MEND + """
    h, w = height.copy(), weight.copy()
    for i in range(len(h)):
        if b[i] < a[i]:
            h[i], w[i] = w[i], h[i]
    return h, w
""", MEND + """
    h, w, s = height.copy(), weight.copy(), a > b
    h[s], w[s] = weight[s], height[s]
    return [h, w]
""", MEND + """
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
    "trial_and_error": [TRIAL + """
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
    "gate": {"line 13, column 20: 1 to 2": "-2 x1 + 0.5 changes sign at 0.25, still above 0.2"},
}
