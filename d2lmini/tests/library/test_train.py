"""Training: what is learned, what is reported, and how it stops."""

import copy
import io
import re
import time

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini import functional as F
from d2lmini import nn, optim, progress
from d2lmini.data import DataLoader, Subset, TensorDataset, mnist, xor
from d2lmini.train import History, accuracy, evaluate, fit


def classes(n=64):
    """Two clouds of points that a line separates."""
    rng = np.random.default_rng(0)
    y = np.arange(n) % 2
    return TensorDataset((rng.standard_normal((n, 2)) + 6 * y[:, None] - 3).astype(np.float32), y)


def start(lr=0.1, *layers):
    d2l.manual_seed(0)
    model = nn.Sequential(*layers, nn.Linear(2, 2))
    return model, optim.SGD(model.parameters(), lr)


# --- what is learned ---

def test_xor_is_solved():
    d2l.manual_seed(3)
    X, y = xor()
    model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    history = fit(model, [(X, y)], optim.Adam(model.parameters(), 0.1),
                  F.binary_cross_entropy_with_logits, epochs=100, verbose=False)
    assert ((model(X) > 0) == y).all() and history.train_loss[-1] < 0.05
    assert history.train_accuracy == [] and len(history.train_loss) == 100


def test_a_slice_of_mnist_is_learned():
    d2l.manual_seed(0)
    training, test = mnist()
    model = nn.Sequential(nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                          nn.Linear(288, 10))
    few = DataLoader(Subset(training, np.arange(2500)), 50, shuffle=True, generator=0)
    history = fit(model, few, optim.Adam(model.parameters(), 0.01), epochs=3, verbose=False,
                  valid_loader=DataLoader(Subset(test, np.arange(1000)), 500))
    assert history.valid_accuracy[-1] > 0.88
    assert history.train_loss[-1] < 0.35 < 0.7 < history.train_loss[0]
    loss, hits = evaluate(model, DataLoader(Subset(test, np.arange(1000)), 300))
    assert hits == pytest.approx(history.valid_accuracy[-1])
    assert loss == pytest.approx(history.valid_loss[-1], rel=1e-5)


def test_fifty_images_can_be_memorized():
    d2l.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    loader = DataLoader(Subset(mnist()[0], np.arange(50)), 50)
    assert evaluate(model, loader)[0] == pytest.approx(-np.log(0.1), rel=0.1)
    history = fit(model, loader, optim.Adam(model.parameters(), 0.01), epochs=100, verbose=False)
    assert history.train_accuracy[-1] == 1


# --- what is reported ---

def test_history():
    model, optimizer = start()
    loader, start_time = DataLoader(classes(), 10), time.perf_counter()
    history = fit(model, loader, optimizer, epochs=3, valid_loader=loader, verbose=False)
    assert isinstance(history, History) and sum(history.seconds) < time.perf_counter() - start_time
    for name in ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "seconds"):
        values = getattr(history, name)
        assert len(values) == 3 and all(type(v) is float for v in values), name
    assert history.train_loss[2] < history.train_loss[0] and min(history.seconds) > 0
    assert fit(model, loader, optimizer, epochs=0) == History()


def test_losses_are_means_over_examples():
    """A last batch of 4 counts for 4 of 64 examples."""
    model, _ = start()
    data = classes()
    loss, hits = evaluate(model, DataLoader(data, 10))
    out = model(data[:][0])
    assert loss == pytest.approx(F.cross_entropy(out, data[:][1]).item(), rel=1e-5)
    assert hits == pytest.approx(accuracy(out, data[:][1]))
    still = optim.SGD(model.parameters(), 0.0)
    history = fit(model, DataLoader(data, 10), still, verbose=False)
    assert history.train_loss == [pytest.approx(loss)] and history.train_accuracy == [hits]


def test_accuracy():
    scores = d2l.tensor([[1.0, 2.0], [3.0, 0.0], [0.0, 1.0]])
    assert accuracy(scores, d2l.tensor([1, 0, 0])) == pytest.approx(2 / 3)
    assert accuracy(scores.numpy(), [1, 0, 1]) == 1
    with pytest.raises(ValueError, match=re.escape("accuracy: scores (3, 2) need the shape")):
        accuracy(scores, [1, 0])
    with pytest.raises(ValueError, match="accuracy: the batch is empty"):
        accuracy(np.ones((0, 2)), np.ones(0))


def test_the_lines_of_text(capsys):
    model, optimizer = start()
    loader = DataLoader(classes(), 64)
    history = fit(model, loader, optimizer, epochs=10, valid_loader=loader)
    expected = "".join(
        f"epoch {i + 1:2}/10: training loss {history.train_loss[i]:.4f}, "
        f"accuracy {history.train_accuracy[i]:.4f} | validation loss {history.valid_loss[i]:.4f}, "
        f"accuracy {history.valid_accuracy[i]:.4f}\n" for i in range(10))
    assert capsys.readouterr().out == expected
    fit(model, [(d2l.ones(1, 2), d2l.ones(1, 2))], optim.SGD(model.parameters(), 0.0), F.mse_loss)
    assert re.fullmatch(r"epoch 1/1: training loss \d\.\d{4}\n", capsys.readouterr().out)
    fit(model, loader, optimizer, verbose=False)
    assert capsys.readouterr().out == ""


def test_the_bar_moves_only_in_an_interactive_session(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return watched

    clock = iter(range(10**6))
    monkeypatch.setattr(progress.time, "perf_counter", lambda: float(next(clock)))
    written = {}
    for watched in (False, True):
        monkeypatch.setattr("sys.stdout", Terminal())
        model, optimizer = start()
        fit(model, DataLoader(classes(), 16), optimizer, epochs=2)
        written[watched] = progress.sys.stdout.getvalue()
    assert "\r" not in written[False] and written[False].count("\n") == 2
    bars = re.findall(r"\repoch 1/2 \[(#* *)\] step (\d)/4, loss \d\.\d{4}", written[True])
    assert bars == [(("#" * 5 * i).ljust(20), str(i)) for i in range(1, 5)]
    # What remains on a terminal: each \r goes back to the start of the line, spaces wipe it.
    remains = "".join(line.split("\r")[-1] + "\n" for line in written[True].split("\n")[:-1])
    assert remains.split() == written[False].split()


def test_the_bar_of_a_loader_without_length(monkeypatch, capsys):
    monkeypatch.setattr(progress, "interactive", lambda: True)
    model, optimizer = start()
    fit(model, iter([classes()[:8]]), optimizer)
    assert "step 1/?, loss" in capsys.readouterr().out


@pytest.mark.parametrize("parent, watched", [({"metadata": {"cellId": "a"}}, True),
                                             ({"metadata": {}}, False), ({}, False)])
def test_a_notebook_is_interactive_if_a_front_end_sent_the_cell(monkeypatch, parent, watched):
    class Shell:
        class kernel:
            @staticmethod
            def get_parent():
                return parent

    class IPython:
        get_ipython = staticmethod(lambda: Shell)

    monkeypatch.setitem(progress.sys.modules, "IPython", IPython)
    assert progress.interactive() is watched


# --- modes, schedules, gradients ---

def test_evaluate_leaves_everything_as_it_was():
    model, _ = start(0.1, nn.Dropout(0.5), nn.Dropout(0.5))
    model[0].eval()
    loader = DataLoader(classes(), 16)
    assert evaluate(model, loader) == evaluate(model, loader)  # without dropout
    assert model.training and not model[0].training and model[1].training
    assert all(p.grad is None for p in model.parameters()) and d2l.is_grad_enabled()
    with pytest.raises(ValueError):
        evaluate(model, [(d2l.ones(2, 3), np.zeros(2, int))])
    assert model.training and not model[0].training and d2l.is_grad_enabled()


def test_fit_trains_in_training_mode_after_each_evaluation():
    seen = []

    class Spy(nn.Module):
        def forward(self, x):
            seen.append(self.training)
            return x

    model, optimizer = start(0.1, Spy())
    model.eval()
    loader = DataLoader(classes(), 32)
    fit(model, loader, optimizer, epochs=2, valid_loader=loader, verbose=False)
    assert seen == [True, True, False, False] * 2


def test_the_schedule_steps_after_every_batch():
    model, optimizer = start(1.0)
    schedule = optim.lr_scheduler.StepLR(optimizer, 1, 0.5)
    fit(model, DataLoader(classes(), 16), optimizer, epochs=2, scheduler=schedule, verbose=False)
    assert optimizer.param_groups[0]["lr"] == 2.0 ** -8


def test_fit_is_the_loop_written_out():
    model, optimizer = start()
    twin, other = start()
    loader = DataLoader(classes(), 16)
    fit(model, loader, optimizer, epochs=2, verbose=False)
    for _ in range(2):
        for x, y in loader:
            loss = F.cross_entropy(twin(x), y)
            other.zero_grad()
            loss.backward()
            other.step()
    for p, q in zip(model.parameters(), twin.parameters(), strict=True):
        np.testing.assert_array_equal(p.array, q.array)


# --- how it stops ---

class Log(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(d2l.tensor([1.0]))

    def forward(self, x):
        return (x * self.scale).log()


class LogOfInput(nn.Module):
    def forward(self, x):
        return (x - 100).log()


@pytest.mark.parametrize("layer", [Log, LogOfInput])
def test_nan_names_epoch_step_and_operator(layer):
    model, optimizer = start(0.1, layer())
    good = (d2l.ones(4, 2) * 200, np.zeros(4, int))
    bad = (d2l.tensor([[1e3, -3.0]]), np.zeros(1, int))
    batches = [[good] * 3, [good, bad]]
    loader = type("Loader", (), {"__iter__": lambda self: iter(batches.pop(0))})()
    with pytest.raises(FloatingPointError, match=re.escape(
            "fit: the loss is nan in epoch 2, step 2. The first result that is not finite came "
            "from the operator log. Try a smaller learning rate")):
        with pytest.warns(RuntimeWarning, match="invalid value encountered in log"):
            fit(model, loader, optimizer, epochs=3, verbose=False)


def test_nan_in_the_batch():
    model, optimizer = start(0.1, nn.Flatten())
    x, y = classes()[:4]
    x[2, 1] = np.nan
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(FloatingPointError, match=r"epoch 1, step 1\. The batch itself holds"):
        fit(model, [(x, y)], optimizer, verbose=False)
    assert all((before[k] == v).all() for k, v in model.state_dict().items())


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_rate_that_is_too_large():
    model, optimizer = start(1e30, nn.Linear(2, 2))
    with pytest.raises(FloatingPointError, match=(
            r"epoch 1, step [23]\. (The first .* the operator linear|The parameter \d.weight was "
            r"no longer finite before this step)\. Try a smaller learning rate, and")):
        fit(model, DataLoader(classes(), 16), optimizer, verbose=False)


def test_a_parameter_that_is_not_finite():
    model, optimizer = start()
    model[0].bias.data[1] = np.inf
    with pytest.warns(RuntimeWarning):
        with pytest.raises(FloatingPointError, match=r"The parameter 0\.bias was no longer"):
            fit(model, [classes()[:4]], optimizer, verbose=False)


@pytest.mark.parametrize("where", ["training", "validation"])
def test_ctrl_c_ends_a_loop_of_fits_and_keeps_the_model(where):
    class Interrupted(DataLoader):
        passes = 0

        def __iter__(self):
            self.passes += 1
            for i, batch in enumerate(super().__iter__()):
                if self.passes == 3 and i == 1:
                    raise KeyboardInterrupt
                yield batch

    model, optimizer = start()
    before = model[0].weight.array.copy()
    calm, loader = DataLoader(classes(), 16), Interrupted(classes(), 16)
    loaders = (loader, calm) if where == "training" else (calm, loader)
    with pytest.raises(KeyboardInterrupt) as stopped:
        for _ in range(5):
            fit(model, loaders[0], optimizer, epochs=5, valid_loader=loaders[1], verbose=False)
    said = "Stopped by you in epoch 3; the model keeps what it has learned so far."
    assert str(stopped.value) == said and stopped.value._render_traceback_() == [said]
    assert loader.passes == 3 and not np.array_equal(model[0].weight.array, before)
    assert d2l.is_grad_enabled() and model.training


LOOP = """
import os, signal, threading
import d2lmini as d2l
from d2lmini import nn, optim
from d2lmini.train import fit

threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
model = nn.Linear(1, 2)
for run in range(100_000):
    fit(model, [(d2l.ones(2, 1), d2l.tensor([0, 1]))] * 50, optim.SGD(model.parameters(), lr=0.1),
        verbose=False)
"""


def test_interrupt_in_jupyter_drops_the_cells_that_wait():
    """A kernel interrupted in a loop of fits says one sentence, and runs no further cell."""
    start_new_kernel = pytest.importorskip("jupyter_client.manager").start_new_kernel
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        waiting = [client.execute(code) for code in (LOOP, "print('the next cell')")]
        replies = {}
        while not replies.keys() >= set(waiting):
            reply = client.get_shell_msg(timeout=60)
            replies[reply["parent_header"]["msg_id"]] = reply["content"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    stopped, dropped = map(replies.get, waiting)
    (line,) = stopped["traceback"]
    assert line.startswith("Stopped by you in epoch 1") and dropped["status"] == "aborted"


@pytest.mark.parametrize("function", [
    lambda m, o: fit(m, [], o), lambda m, o: evaluate(m, []),
    lambda m, o: fit(m, DataLoader(classes(8), 16, drop_last=True), o),
    lambda m, o: fit(m, DataLoader(classes(8), 8), o, valid_loader=[], verbose=False)])
def test_an_empty_loader(function):
    with pytest.raises(ValueError, match=r"the loader has no batches\. Is the data set"):
        function(*start())
