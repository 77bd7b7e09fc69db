"""Let a recurrent model go on from a series, on its own forecasts."""

from functools import partial

import numpy as np

from ..spec import Code, Exercise, Mistake


def continue_series(model, xs, k, *, warm=True, again=False, carry=True, feed=True, skip=0):
    state = None
    for x in xs if warm else xs[-1:]:
        forecast, state = model(x, state)
    if again:
        forecast, state = model(xs[-1], state)
    forecasts = [forecast]
    while len(forecasts) < k + skip:
        forecast, new = model(forecast if feed else xs[-1], state)
        state = new if carry else state
        forecasts.append(forecast)
    return np.array(forecasts[skip:])


def read_only(model, xs, k):
    state, forecasts = None, []
    for x in xs:
        forecast, state = model(x, state)
        forecasts.append(forecast)
    return np.array(forecasts)


LINE = Code("lambda x, h: (2 * x - (x if h is None else h), x)")      # goes on in a straight line
GROWS = Code("lambda x, h: (x + 2, 0)")                               # needs no state


def leaky(keep, gain):
    """A state that forgets: h' = keep h + x, and a forecast of gain h'."""
    after = f"{keep} * (h or 0) + x"
    return Code(f"lambda x, h: ({gain} * ({after}), {after})")


but = partial(partial, continue_series)
EXERCISE = Exercise(
    continue_series,
    fixed=[
        {"model": GROWS, "xs": [1.0, 3.0], "k": 3},
        {"model": leaky(0.5, 0.5), "xs": [4.0, 0.0, 2.0, 1.0], "k": 3},
        {"model": LINE, "xs": [1.0, 2.0, 4.0], "k": 3},
        {"model": leaky(0.5, 1.0), "xs": [3.0], "k": 1},
    ],
    random=lambda rng: {"model": leaky(*(round(float(v), 2) for v in rng.uniform(0.2, 0.9, 2))),
                        "xs": rng.integers(1, 9, rng.integers(2, 6)).astype(float).tolist(),
                        "k": int(rng.integers(2, 6))},
    mistakes=[
        Mistake("Only the last number was read, so the state knows nothing of the others. Feed all "
                "of xs, in order, and pass the state on.", but(warm=False)),
        Mistake("The last number was fed in twice. What the model says after reading it is already "
                "the first forecast.", but(again=True)),
        Mistake("The state stood still while the forecasts went on. Each call gets the state that "
                "the call before returned.", but(carry=False)),
        Mistake("The model was fed the last number of xs again and again. Feed it its own "
                "forecast.", but(feed=False)),
        Mistake("The first forecast is missing: what the model says after the last number of xs "
                "belongs to the result.", but(skip=1)),
        Mistake("These are its forecasts while it reads xs. Only the last of them looks beyond xs; "
                "go on from there.", read_only),
        Mistake("The result has k forecasts: one after reading xs, and k - 1 after that.",
                but(skip=-1), when=lambda got, want, args: np.shape(got) != np.shape(want)),
    ],
    hints=["First read: state = None, then for x in xs: forecast, state = model(x, state).",
           "After this loop `forecast` is the first of the k results.",
           "Then k - 1 times: forecast, state = model(forecast, state), and keep the forecast."],
)
