"""PyTorch's further functions, methods and autograd.Function: values, dtypes and gradients equal."""

import textwrap

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini.tests.library.programs import prints_the_same

torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")

# Expressions in L, the library; a (2, 3), b (2, 3), s (3, 3), v (3,) and w (3,) want gradients;
# i (4,) are integers below 3, k (2, 3) integers with signs.
EXPRESSIONS = """
L.einsum("ij,kj->ik", a, b) | L.einsum("ij,kl->il", a, s) | L.einsum("ij->j", a) | L.einsum("ij", a)
L.einsum("ij,ij->", a, b) | L.einsum("i,j->ij", v, w) | L.einsum("...j,jk->...k", a, s)
L.einsum("ij,j,kj->ik", a, v, b) | L.einsum("bi,bj->bij", a, b) | L.einsum("ij,jk", a, s)
L.einsum("ii->i", s.detach()) | L.einsum("ij,ij->i", [a, b])
v.index_add(0, i, i * 1.0) | a.index_add(1, i, L.cat([b, b], 1)[:, :4]) | s.index_add(0, i[:2], a)
v.index_copy(0, i[:1], w[:1]) | a.index_fill(1, i, 5.0) | L.index_fill(s, 0, i, -1)
s.index_add(0, i[:2], a, alpha=2) | v.scatter_add(0, i, L.ones(4)) | L.scatter_add(s, 1, k.abs(), b)
a.unfold(1, 2, 1) | s.unfold(0, 2, 1) | v.unfold(0, 2, 2) | L.arange(8).unfold(0, 3, 2)
a.cumprod(1) | L.cumprod(v, dim=0) | k.cumprod(0) | a.diff() | L.diff(s, n=2, dim=0) | k.diff(dim=0)
a.fmod(2) | L.fmod(a, b) | L.fmod(k, 2) | L.atan2(a, b) | a.frac() | a.exp2() | k.exp2()
L.hypot(a, b) | L.deg2rad(a) | L.rad2deg(a) | L.quantile(a, 0.3) | a.quantile(0.5, dim=1)
a.quantile(0.25, dim=0, keepdim=True) | L.quantile(v, 1.0, keepdim=True) | L.var_mean(a) | L.std_mean(v)
L.var_mean(a, dim=1) | L.std_mean(a, 0, unbiased=False) | L.nansum(a / a) | L.nanmean(a, 1)
L.addmm(s, a.T, b) | L.addmm(s, a.T, b, beta=0.5, alpha=2) | L.addmv(v, s, w) | L.fliplr(a)
L.baddbmm(s, a.T[None], b[None])[0] | a.flipud() | L.argwhere(k) | L.isin(k, L.tensor([0, 2]))
L.bucketize(L.tensor([3, 6]), L.tensor([1, 5, 9])) | L.searchsorted(L.tensor([1, 5]), L.tensor([5]))
L.searchsorted(L.tensor([1, 5]), 5, right=True) | a.histc(4) | L.histc(a, bins=3, min=-1, max=1)
L.nan_to_num(a.log()) | a.nan_to_num(1.0) | k.nan_to_num() | L.cdist(a, b) | L.cdist(a, s, p=1.0)
L.cross(a, b, dim=1) | a.cross(b, dim=-1) | L.linalg.cross(v, w) | L.tensordot(a, s, dims=1)
L.tensordot(a, b, dims=([0], [0])) | L.tensordot(v, w, dims=0) | a.take_along_dim(k.abs(), 1)
L.inverse(s.detach() + 3 * L.eye(3)) | L.det(s.detach()) | L.linalg.solve(s.detach(), v.detach())
L.linalg.norm(a) | L.linalg.multi_dot([a, s, b.T]) | L.linalg.eigvalsh(L.eye(3)) | L.logspace(0, 2, 3)
L.linalg.matmul(a, s) | L.linalg.vector_norm(v) | L.linalg.inv(L.eye(3) * 2) | L.linalg.pinv(L.eye(2))
L.broadcast_tensors(a, v) | L.column_stack((v, w)) | L.dstack((a, b)) | L.atleast_2d(v)
L.tril_indices(3, 3) | L.triu_indices(3, 4, offset=1) | L.histogram(v.detach(), 3)
L.histogram(v.detach(), bins=4, density=True) | L.cartesian_prod(L.arange(2), L.arange(3))
L.combinations(L.arange(4)) | L.combinations(v, r=3) | L.absolute(a) | L.divide(a, b)
L.arctan(a) | a.arctan2(b) | L.moveaxis(a, 0, 1) | L.greater_equal(a, b) | L.multiply(a, 2)
L.subtract(a, b, alpha=2) | L.negative(a) | a.fix() | L.concatenate([a, b]) | L.row_stack((v, w))
a.new_ones(2, dtype=L.float64) | k.new_zeros((2, 2)) | a.new_full((2,), 3) | k.new_tensor([1.5])
a.new_empty(2, 3).shape | a.new(2, 3).shape | a.new([1, 2]) | a.half() | k.short() | k.abs().byte()
a.type("torch.DoubleTensor") | a.type(L.LongTensor) | k.type(L.FloatTensor) | k.abs().char()
L.addcmul(a, 0.5, a, b) | a.add(2, b) | L.addcdiv(a, b, b * b + 1, value=0.1) | L.pi | L.inf | L.e
L.finfo(L.float32).eps | L.iinfo(L.int32).max | L.device("cpu") == L.device("cpu")
L.zeros(3).scatter_(0, i[:1], value=1) | L.zeros(3).scatter_(0, L.tensor(1), 2.0)
L.zeros(2, 3).scatter_(1, k.abs(), b.detach()) | L.device("cuda:1").index | str(L.device("cuda", 0))
L.accelerator.is_available() | L.cuda.device_count() | L.version.cuda | L.cuda.is_available()
""".replace("\n", " | ").strip(" |").split(" | ")


def named(library):
    rng = np.random.default_rng(0)
    space = {"L": library}
    for name, shape in dict(a=(2, 3), b=(2, 3), s=(3, 3), v=(3,), w=(3,)).items():
        array = rng.standard_normal(shape).astype(np.float32)
        space[name] = library.from_numpy(array).requires_grad_()
    space["i"] = library.from_numpy(np.array([2, 0, 0, 1]))
    space["k"] = library.from_numpy(np.array([[1, -2, 0], [2, 2, -1]]))
    return space


def outcome(expression, library):
    """All tensors that come out, then the gradients, as arrays; other values as they are."""
    space = named(library)
    outs = eval(expression, space)
    outs = list(outs) if isinstance(outs, list | tuple) and type(outs) is not type(
        torch.ones(1).shape) and hasattr(outs[0], "requires_grad") else [outs]
    for i, out in enumerate(outs):
        if getattr(out, "requires_grad", False):
            weights = np.arange(1.0, out.numel() + 1).reshape(tuple(out.shape)).astype(np.float32)
            weights = library.from_numpy(np.asarray(weights)).to(out.dtype)
            (out * weights).sum().backward(retain_graph=True)
        outs[i] = np.asarray(out.detach().numpy()) if hasattr(out, "detach") else out
    return outs + [space[n].grad if space[n].grad is None else np.asarray(space[n].grad.numpy())
                   for n in "absvw"]


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.filterwarnings("ignore")
def test_expression(expression):
    with np.errstate(all="ignore"):
        ours, theirs = outcome(expression, d2l), outcome(expression, torch)
    assert len(ours) == len(theirs)
    for x, y in zip(ours, theirs):
        if isinstance(y, np.ndarray):
            assert x.dtype == y.dtype and x.shape == y.shape
            np.testing.assert_allclose(x, y, rtol=2e-5, atol=2e-6)
        else:
            assert x == y


PROGRAMS = {
    "a function with its own derivative": """
        class Cube(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x, k):
                ctx.save_for_backward(x)
                ctx.k = k
                return k * x ** 3
            @staticmethod
            def backward(ctx, g):
                x, = ctx.saved_tensors
                return g * 3 * ctx.k * x ** 2, None
        x = torch.tensor([1.0, -2.0], requires_grad=True)
        y = Cube.apply(x, 2)
        y.sum().backward()
        print(y.tolist(), x.grad)
        double = torch.tensor([0.3, 1.2], dtype=torch.float64, requires_grad=True)
        print(torch.autograd.gradcheck(lambda t: Cube.apply(t, 3), (double,)))
        """,
    "a function of two tensors": """
        class Product(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x, w):
                ctx.save_for_backward(x, w)
                return x @ w
            @staticmethod
            def backward(ctx, g):
                x, w = ctx.saved_tensors
                return g @ w.t(), x.t() @ g
        x, w = torch.ones(2, 3, requires_grad=True), torch.ones(3, 1, requires_grad=True)
        out = Product.apply(x, w) * 2
        out.sum().backward()
        print(out.tolist(), x.grad, w.grad)
        """,
    "modules of torch.autograd": """
        from torch.autograd import Variable, grad
        x = Variable(torch.ones(2), requires_grad=True)
        print(grad((x ** 2).sum(), x), torch.autograd.grad([x.sum()], [x], [torch.tensor(2.0)]))
        torch.autograd.backward([x.sum(), (2 * x).sum()])
        print(x.grad)
        with torch.autograd.set_detect_anomaly(True), torch.autograd.detect_anomaly():
            print(x * 2)
        """,
    "the whole library": """
        torch.random.manual_seed(seed=3)
        state = torch.get_rng_state()
        a = torch.rand(3)
        torch.set_rng_state(state)
        print((a == torch.rand(3)).all(), torch.device("cuda:1"), torch.device("cpu"))
        print(isinstance(a.dtype, torch.dtype))
        x = torch.arange(6)
        x.resize_(2, 3)
        print(x, a.detach().numpy(force=True).shape)
        """,
    "weights that no derivative needs may change": """
        x, w = torch.ones(2, 3), torch.ones(3, 1, requires_grad=True)
        y = x @ w
        with torch.no_grad():
            w *= 2
        y.sum().backward()
        print(w.grad)
        """,
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.filterwarnings("ignore")
def test_the_same_program_prints_the_same(name):
    prints_the_same("import torch\n" + textwrap.dedent(PROGRAMS[name]))


def test_a_gradient_is_not_lost_without_a_word():
    x = d2l.eye(2).requires_grad_()
    for function in d2l.inverse, d2l.linalg.det, lambda t: d2l.einsum("ii->i", t):
        with pytest.raises(RuntimeError, match=r"does not record its derivative"):
            function(x)
    with pytest.raises(RuntimeError, match="computes on the CPU only"):
        d2l.ones(1, device=d2l.device("cuda"))
    with pytest.raises(RuntimeError, match="another number of elements"):
        d2l.ones(4).resize_(3)
