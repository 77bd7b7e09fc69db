"""The largest stable rate and the best one, from the features."""

import numpy as np

from ..spec import Exercise, Mistake


def stable_rates(X):
    return rates_of(2 / len(X) * X.T @ X)


def rates_of(H):
    curvatures = np.linalg.eigvalsh(H)
    return 2 / curvatures[-1], 2 / (curvatures[0] + curvatures[-1])


EXERCISE = Exercise(
    stable_rates,
    fixed=[
        {"X": np.array([[1.0], [2.0], [3.0]])},
        {"X": np.array([[1.0, 0.0], [0.0, 3.0]])},
        {"X": np.array([[1, 2], [3, 4], [5, 7], [0, 1]])},
        {"X": np.array([[3504.0, 1.0, 70], [2372, 0, 74], [4312, 1, 76], [2130, 0, 79]])},
    ],
    random=lambda rng: {"X": rng.normal(size=(rng.integers(3, 9), rng.integers(1, 4)))
                        * 10.0 ** rng.integers(-2, 3)},
    atol=1e-15,
    mistakes=[
        Mistake("The Hessian of the mean squared error is 2/n · XᵀX. The 2/n is missing.",
                lambda X: rates_of(X.T @ X)),
        Mistake("The Hessian of the mean squared error is 2/n · XᵀX. The 2 is missing.",
                lambda X: rates_of(X.T @ X / len(X))),
        Mistake("The Hessian of the mean squared error is 2/n · XᵀX. The 1/n is missing.",
                lambda X: rates_of(2 * X.T @ X)),
        Mistake("The steepest direction sets the limit: divide 2 by the largest curvature.",
                lambda X: (2 / np.linalg.eigvalsh(2 / len(X) * X.T @ X)[0], stable_rates(X)[1])),
        Mistake("The Hessian has the shape (d, d): XᵀX, that is X.T @ X, and not X @ X.T.",
                lambda X: rates_of(2 / len(X) * X @ X.T)),
        Mistake("The two are exchanged: first the largest stable rate, then the best.",
                lambda X: stable_rates(X)[::-1]),
        Mistake("This is 1 / a_max. The steps still shrink up to twice that rate: 2 / a_max.",
                lambda X: (stable_rates(X)[0] / 2, stable_rates(X)[1]), part=0),
        Mistake("The largest stable rate is right. The best makes both ends equally slow: "
                "2 / (a_min + a_max).", lambda X: (stable_rates(X)[0], stable_rates(X)[0] / 2),
                part=1, when=lambda got, want, args: np.isclose(got[0], want[0])),
    ],
    hints=[
        "The curvatures are the eigenvalues of the Hessian, 2/n · XᵀX, of shape (d, d).",
        "np.linalg.eigvalsh(H) gives the eigenvalues of a symmetric matrix in ascending order.",
        "With the smallest a_min and the largest a_max: return 2 / a_max, 2 / (a_min + a_max).",
    ],
)
