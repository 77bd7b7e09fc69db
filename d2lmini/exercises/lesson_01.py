"""What judges the exercises of lesson 01, tensors: fill, broadcast, pixels, a small network."""

import numpy as np

from .spec import Exercise, Mistake

# --- frame ---


def frame(m, n):
    x = np.zeros((m, n), dtype=int)
    x[[0, -1], :] = 1
    x[:, [0, -1]] = 1
    return x


def frame_rows_only(m, n):
    x = np.zeros((m, n), dtype=int)
    x[[0, -1], :] = 1
    return x


def frame_columns_only(m, n):
    return frame_rows_only(n, m).T


def frame_inside_out(m, n):
    return 1 - frame(m, n)


# --- place_numbers ---


def place_numbers(a, b, c):
    i, j, k = np.indices((a, b, c))
    return 100 * i + 10 * j + k


def place_arange(a, b, c):
    return np.arange(a * b * c).reshape(a, b, c)


def place_from_one(a, b, c):
    return place_numbers(a, b, c) + 111


def place_reversed(a, b, c):
    i, j, k = np.indices((a, b, c))
    return i + 10 * j + 100 * k


# --- channels_last ---


def channels_last(images):
    return images.transpose(0, 2, 3, 1)


def channels_reshaped(images):
    n, c, h, w = images.shape
    return images.reshape(n, h, w, c)


def channels_turned(images):
    return images.transpose(0, 3, 2, 1)


def channels_first_of_all(images):
    return images.transpose(2, 3, 1, 0)


def some_images(n, c, h, w):
    return {"images": np.arange(n * c * h * w).reshape(n, c, h, w).astype(np.uint8)}


# --- brighten ---


def brighten(image, amount):
    return np.clip(image.astype(int) + amount, 0, 255).astype(np.uint8)


def brighten_wraps(image, amount):
    return (image.astype(int) + amount).astype(np.uint8)


def random_image(rng):
    shape = tuple(int(n) for n in rng.integers(1, 6, rng.integers(2, 4)))
    return {"image": rng.integers(0, 256, shape).astype(np.uint8),
            "amount": int(rng.integers(-255, 256))}


# --- distances ---


def distances(a, b):
    return np.sqrt(((a[:, None] - b) ** 2).sum(axis=2))


def distances_squared(a, b):
    return distances(a, b) ** 2


def distances_turned(a, b):
    return distances(b, a)


def distances_city(a, b):
    return abs(a[:, None] - b).sum(axis=2)


def random_points(rng):
    n, m, d = rng.integers(1, 6, 3)
    return {"a": rng.normal(size=(n, d)), "b": rng.normal(size=(m, d))}


# --- five_neurons ---


def five_neurons(X, W1, W2, scale):
    e = np.exp(X / scale @ W1.T @ W2.T)
    return e / e.sum(axis=1, keepdims=True)


def neurons_unscaled(X, W1, W2, scale):
    return five_neurons(X, W1, W2, 1)


def neurons_multiplied(X, W1, W2, scale):
    return five_neurons(X, W1, W2, 1 / scale)


def neurons_not_transposed(X, W1, W2, scale):
    return five_neurons(X, W1.T, W2, scale)


def neurons_all(X, W1, W2, scale):
    e = np.exp(X / scale @ W1.T @ W2.T)
    return e / e.sum()


def neurons_columns(X, W1, W2, scale):
    e = np.exp(X / scale @ W1.T @ W2.T)
    return e / e.sum(axis=0)


def random_network(rng):
    n = rng.integers(1, 7)
    return {"X": rng.uniform(0, 100, (n, 3)), "W1": rng.normal(size=(3, 3)),
            "W2": rng.normal(size=(2, 3)), "scale": float(rng.choice([50.0, 100.0, 400.0]))}


W1 = np.array([[0.2, -0.5, 0.3], [0.4, 0.1, -0.2], [-0.3, 0.2, 0.5]])
W2 = np.array([[0.5, -0.4, 0.7], [-0.2, 0.6, 0.1]])
BATCH = np.array([[22.0, 35.0, 86.0], [60.0, 20.0, 40.0], [10.0, 80.0, 15.0], [50.0, 50.0, 50.0]])

EXERCISES = [
    Exercise(
        name="frame", reference=frame, program="frame(m, n)",
        fixed=[{"m": m, "n": n} for m, n in ((4, 4), (3, 5), (2, 2), (1, 4), (5, 1), (1, 1))],
        random=lambda rng: {"m": int(rng.integers(1, 9)), "n": int(rng.integers(1, 9))},
        mistakes=[
            Mistake("Only the first and the last row are filled; the first and the last column "
                    "are part of the frame, too.", like=frame_rows_only),
            Mistake("Only the first and the last column are filled; the first and the last row "
                    "are part of the frame, too.", like=frame_columns_only),
            Mistake("It is inside out: 1 belongs on the border, and 0 inside.",
                    like=frame_inside_out),
            Mistake("Rows come first: m is the number of rows.", like=lambda m, n: frame(n, m)),
            Mistake("Part of the border is missing. The last row is x[-1, :], and the last column "
                    "x[:, -1].", when=lambda got, want, args: (got < want).any()),
            Mistake("A number inside is not 0.",
                    when=lambda got, want, args: (got > want).any()),
        ],
        hints=["Begin with np.zeros((m, n), dtype=int), and then write into it.",
               "x[0, :] = 1 fills the first row. The last row has the index -1.",
               "Columns go the same way: x[:, 0] = 1."]),
    Exercise(
        name="place_numbers", reference=place_numbers, program="place_numbers(a, b, c)",
        fixed=[{"a": a, "b": b, "c": c}
               for a, b, c in ((4, 5, 6), (2, 2, 3), (1, 1, 1), (3, 1, 2), (10, 1, 1), (0, 2, 3))],
        random=lambda rng: dict(zip("abc", rng.integers(1, 9, 3).tolist())),
        mistakes=[
            Mistake("These are the numbers 0, 1, 2, … in a row. Each element must tell its own "
                    "place: 100 i + 10 j + k.", like=place_arange),
            Mistake("Places are counted from 0: the first element is 0, not 111.",
                    like=place_from_one),
            Mistake("The digits are in reverse: i is the hundreds, and k the ones.",
                    like=place_reversed),
            Mistake("The axes are in the wrong order: i runs along the first axis, of length a.",
                    when=lambda got, want, args: got.ndim == 3 and got.shape != want.shape
                    and sorted(got.shape) == sorted(want.shape)),
            Mistake("Where a is 0, a list of layers is empty, and its other axes are lost. Begin "
                    "with np.zeros((a, b, c), dtype=int), or broadcast.",
                    when=lambda got, want, args: args["a"] == 0 and got.shape != want.shape),
            Mistake("The three ranges were not combined: give them the shapes (a, 1, 1), (b, 1) "
                    "and (c,), so that they broadcast.",
                    when=lambda got, want, args: got.ndim < 3),
        ],
        hints=["np.arange(c) is right for the last digit, along the last axis.",
               "np.arange(b)[:, None], or np.arange(b).reshape(b, 1), is a column: ten times it "
               "gives the tens, one for each row.",
               "The hundreds need the shape (a, 1, 1): np.arange(a).reshape(a, 1, 1). Then add "
               "all three."]),
    Exercise(
        name="channels_last", reference=channels_last, program="channels_last(images)", exact=True,
        fixed=[some_images(*shape) for shape in (
            (1, 3, 2, 2), (2, 3, 2, 2), (1, 3, 2, 4), (2, 1, 3, 2), (1, 3, 1, 1), (0, 3, 4, 5))],
        random=lambda rng: {"images": rng.normal(size=rng.integers(1, 6, 4))},
        mistakes=[
            Mistake("The shape is right, and the pictures are scrambled: reshape keeps the order "
                    "of the numbers in memory. Exchange the axes with transpose.",
                    like=channels_reshaped),
            Mistake("The channels are last, but rows and columns are exchanged: every picture "
                    "lies on its side.", like=channels_turned),
            Mistake("The images are no longer on the first axis.", like=channels_first_of_all),
            Mistake("Nothing has moved: the channels are still on axis 1.",
                    when=lambda got, want, args: np.array_equal(got, args["images"])),
            Mistake("In transpose, the numbers say which old axis comes to each new place: the "
                    "rows were on axis 2, the columns on 3, the channels on 1.",
                    when=lambda got, want, args: got.shape != want.shape),
        ],
        hints=["There are four axes: 0 images, 1 channels, 2 rows, 3 columns. In which order do "
               "you want them?",
               "x.transpose(1, 0) exchanges the axes of a matrix. It takes four numbers for four "
               "axes.",
               "Images stay first: images.transpose(0, …). The last number is 1, the channels."]),
    Exercise(
        name="brighten", reference=brighten, program="brighten(image, amount)", exact=True,
        fixed=[{"image": np.array(image, np.uint8), "amount": amount} for image, amount in (
            ([[0, 100, 155], [156, 200, 255]], 100), ([[0, 99, 100], [101, 200, 255]], -100),
            ([[7, 8]], 0), ([[128]], 255), ([[128]], -255), ([[3, 250], [254, 1]], 300))],
        random=random_image,
        mistakes=[
            Mistake("The paper wrapped around: what falls below 0 must become 0. In bytes, 0 - 100 "
                    "is 156. Cut off before you turn back.",
                    when=lambda got, want, args: args["amount"] < 0
                    and np.array_equal(got, brighten_wraps(**args))),
            Mistake("The ink wrapped around: in bytes, 200 + 100 is 44. Compute in a larger dtype, "
                    "such as image.astype(int), and cut off before you turn back.",
                    like=brighten_wraps),
            Mistake("An int8 ends at 127, so bytes above it turn negative. Compute in int.",
                    like=lambda image, amount: np.clip(
                        image.astype(np.int8) + amount, 0, 255).astype(np.uint8)),
            Mistake("Turn the result into bytes again, with .astype(np.uint8).",
                    when=lambda got, want, args: got.dtype != np.uint8),
        ],
        hints=["A byte holds 0 to 255. Where does 200 + 100 go? Turn the bytes into int first.",
               "np.minimum(x, 255) cuts off what is above 255, np.maximum(x, 0) what is below 0.",
               "At the end, .astype(np.uint8)."]),
    Exercise(
        name="distances", reference=distances, program="distances(a, b)",
        fixed=[{"a": np.array(a), "b": np.array(b)} for a, b in (
            ([[0.0, 0.0]], [[3.0, 4.0]]), ([[0.0, 0.0], [1.0, 1.0]], [[0.0, 1.0], [4.0, 5.0]]),
            ([[1.0, 2.0, 2.0]], [[0.0, 0.0, 0.0], [1.0, 2.0, 2.0], [1.0, 0.0, 2.0]]),
            ([[-2], [5]], [[1], [2], [3]]), (np.zeros((0, 2)), [[1.0, 2.0]]))],
        random=random_points,
        mistakes=[
            Mistake("These are squared distances. Take the root.", like=distances_squared),
            Mistake("Rows belong to a and columns to b; here it is the other way round.",
                    like=distances_turned),
            Mistake("The differences are added up without their signs. The distance is the root of "
                    "the sum of their squares.", like=distances_city),
            Mistake("Without points in a, a list of rows is empty, and its m columns are lost. "
                    "Begin with np.zeros((len(a), len(b))), or broadcast.",
                    when=lambda got, want, args: len(args["a"]) == 0),
            Mistake("Each point of a was compared with one point of b only. Give a the shape "
                    "(n, 1, d), so that all pairs meet.",
                    when=lambda got, want, args: got.ndim == 1),
            Mistake("The last axis, with the d differences, must go away, and only this one: sum "
                    "over axis=2.", when=lambda got, want, args: np.shape(got) != want.shape),
        ],
        hints=["With two loops first: distance[i, j] = np.sqrt(((a[i] - b[j]) ** 2).sum()). That "
               "is a right answer, too.",
               "Without loops: a[:, None] has the shape (n, 1, d). Minus b, of shape (m, d), it "
               "gives (n, m, d).",
               "Square it, sum over axis=2, take the root."]),
    Exercise(
        name="five_neurons", reference=five_neurons, program="five_neurons(X, W1, W2, scale)",
        fixed=[{"X": x, "W1": W1, "W2": W2, "scale": s} for x, s in (
            (BATCH[:1], 100.0), (BATCH, 100.0), (BATCH, 10.0), (-BATCH, 100),
            (BATCH[:2].astype(int), 100), (np.zeros((0, 3)), 100.0))],
        random=random_network,
        mistakes=[
            Mistake("The inputs must be divided by scale first.", like=neurons_unscaled),
            Mistake("Divide the inputs by scale. Here they were multiplied.",
                    like=neurons_multiplied),
            Mistake("Each row of W1 holds the weights of one neuron, so a batch takes X @ W1.T.",
                    like=neurons_not_transposed),
            Mistake("All numbers together sum to 1. Each row must: sum over axis=1, with "
                    "keepdims=True.", like=neurons_all),
            Mistake("Each column sums to 1. Each row must: sum over axis=1, with keepdims=True.",
                    like=neurons_columns),
            Mistake("The two outputs of a row should be positive and sum to 1. Is the softmax "
                    "missing? It is the last step.", when=lambda got, want, args:
                    got.shape == want.shape
                    and not np.allclose(got.sum(axis=1), 1)),
            Mistake("One row for each example, and two columns, one for each output, are wanted.",
                    when=lambda got, want, args: got.shape != want.shape),
        ],
        hints=["The hidden layer of the whole batch is X / scale @ W1.T, of shape (n, 3).",
               "The outputs N come from it in the same way, with W2.T; their shape is (n, 2).",
               "Softmax: e = np.exp(N), divided by e.sum(axis=1, keepdims=True)."],
        bans=("functional.softmax", "functional.log_softmax")),
]
