"""PyTorch's further functions, methods and autograd.Function: values, dtypes and gradients."""

import textwrap

import numpy as np
import pytest

import d2lmini as d2l
from d2lmini.tests.library.programs import prints_the_same

torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")

# Expressions in L, the library; a (2, 3), b (2, 3), s (3, 3), v (3,) and w (3,) want gradients;
# i (4,) are integers below 3, k (2, 3) integers with signs.
EXPRESSIONS = """
L.einsum("ij,kj->ik", a, b) | L.einsum("ij,kl->il", a, s) | L.einsum("ij->j", a)
L.einsum("ij", a) | L.einsum("ij,ij->", a, b) | L.einsum("i,j->ij", v, w)
L.einsum("...j,jk->...k", a, s) | L.einsum("ij,j,kj->ik", a, v, b) | L.einsum("bi,bj->bij", a, b)
L.einsum("ij,jk", a, s) | L.einsum("ii->i", s.detach()) | L.einsum("ij,ij->i", [a, b])
v.index_add(0, i, i * 1.0) | a.index_add(1, i, L.cat([b, b], 1)[:, :4]) | s.index_add(0, i[:2], a)
v.index_copy(0, i[:1], w[:1]) | a.index_fill(1, i, 5.0) | L.index_fill(s, 0, i, -1)
s.index_add(0, i[:2], a, alpha=2) | v.scatter_add(0, i, L.ones(4))
L.scatter_add(s, 1, k.abs(), b) | a.unfold(1, 2, 1) | s.unfold(0, 2, 1) | v.unfold(0, 2, 2)
L.bernoulli(L.ones(3)) | L.bernoulli(L.zeros(3)) | L.randint(3, (0, 2)) | L.randint(1, (2,))
v.expand(2, 3).clone().is_contiguous() == True | a.t().clone().stride()[0]
L.nn.Dropout().p | L.arange(8).unfold(0, 3, 2) | a.cumprod(1) | L.cumprod(v, dim=0)
k.cumprod(0) | a.diff()
L.diff(s, n=2, dim=0) | k.diff(dim=0) | a.fmod(2) | L.fmod(a, b) | L.fmod(k, 2) | L.atan2(a, b)
a.frac() | a.exp2() | k.exp2() | L.hypot(a, b) | L.deg2rad(a) | L.rad2deg(a) | L.quantile(a, 0.3)
a.quantile(0.5, dim=1) | a.quantile(0.25, dim=0, keepdim=True) | L.quantile(v, 1.0, keepdim=True)
L.var_mean(a) | L.std_mean(v) | L.var_mean(a, dim=1) | L.std_mean(a, 0, unbiased=False)
L.nansum(a / a) | L.nanmean(a, 1) | L.addmm(s, a.T, b) | L.addmm(s, a.T, b, beta=0.5, alpha=2)
L.addmv(v, s, w) | L.fliplr(a) | L.baddbmm(s, a.T[None], b[None])[0] | a.flipud() | L.argwhere(k)
L.isin(k, L.tensor([0, 2])) | L.bucketize(L.tensor([3, 6]), L.tensor([1, 5, 9]))
L.searchsorted(L.tensor([1, 5]), L.tensor([5])) | L.searchsorted(L.tensor([1, 5]), 5, right=True)
a.histc(4) | L.histc(a, bins=3, min=-1, max=1) | L.nan_to_num(a.log()) | a.nan_to_num(1.0)
k.nan_to_num() | L.cdist(a, b) | L.cdist(a, s, p=1.0) | L.cross(a, b, dim=1) | a.cross(b, dim=-1)
L.linalg.cross(v, w) | L.tensordot(a, s, dims=1) | L.tensordot(a, b, dims=([0], [0]))
L.tensordot(v, w, dims=0) | a.take_along_dim(k.abs(), 1) | L.inverse(s.detach() + 3 * L.eye(3))
L.det(s.detach()) | L.linalg.solve(s.detach(), v.detach()) | L.linalg.norm(a)
L.linalg.multi_dot([a, s, b.T]) | L.linalg.eigvalsh(L.eye(3)) | L.logspace(0, 2, 3)
L.linalg.matmul(a, s) | L.linalg.vector_norm(v) | L.linalg.inv(L.eye(3) * 2)
L.linalg.pinv(L.eye(2)) | L.broadcast_tensors(a, v) | L.column_stack((v, w)) | L.dstack((a, b))
L.atleast_2d(v) | L.tril_indices(3, 3) | L.triu_indices(3, 4, offset=1)
L.histogram(v.detach(), 3) | L.histogram(v.detach(), bins=4, density=True)
L.cartesian_prod(L.arange(2), L.arange(3)) | L.combinations(L.arange(4)) | L.combinations(v, r=3)
L.absolute(a) | L.divide(a, b) | L.arctan(a) | a.arctan2(b) | L.moveaxis(a, 0, 1)
L.greater_equal(a, b) | L.multiply(a, 2) | L.subtract(a, b, alpha=2) | L.negative(a) | a.fix()
L.concatenate([a, b]) | L.row_stack((v, w)) | a.new_ones(2, dtype=L.float64) | k.new_zeros((2, 2))
a.new_full((2,), 3) | k.new_tensor([1.5]) | a.new_empty(2, 3).shape | a.new(2, 3).shape
a.new([1, 2]) | a.half() | k.short() | k.abs().byte() | a.type("torch.DoubleTensor")
a.type(L.LongTensor) | k.type(L.FloatTensor) | k.abs().char() | L.addcmul(a, 0.5, a, b)
a.add(2, b) | L.addcdiv(a, b, b * b + 1, value=0.1) | L.pi | L.inf | L.e | L.finfo(L.float32).eps
L.iinfo(L.int32).max | L.device("cpu") == L.device("cpu") | L.zeros(3).scatter_(0, i[:1], value=1)
L.zeros(3).scatter_(0, L.tensor(1), 2.0) | L.zeros(2, 3).scatter_(1, k.abs(), b.detach())
L.device("cuda:1").index | str(L.device("cuda", 0)) | L.accelerator.is_available()
L.cuda.device_count() | L.version.cuda | L.cuda.is_available()
F.cross_entropy(a[None].mT, i[None, :2]) | F.cross_entropy(a[None], a[None].softmax(1).detach())
F.cross_entropy(s.reshape(1, 3, 3), i[None, :3], reduction="none")
F.nll_loss(s[None], i[None, :3]) | F.cross_entropy(s[None], i[None, :3], ignore_index=0)
F.mse_loss(a, b, size_average=False) | F.nll_loss(s, i[:3], size_average=False)
nn.MSELoss(reduce=False)(a, b) | nn.CrossEntropyLoss(size_average=False)(s, i[:3])
F.kl_div(a, b.softmax(1)) | F.kl_div(a, b.softmax(1).detach(), reduction="batchmean")
F.kl_div(a, b, log_target=True) | nn.KLDivLoss(reduction="sum")(a, k.abs() * 0.5)
nn.TripletMarginLoss()(a, b, a * 0.5) | F.triplet_margin_loss(a, b, b + 0.5, margin=0.2)
nn.MarginRankingLoss(0.3)(v, w, w.detach().sign())
nn.CosineEmbeddingLoss()(a, b, L.tensor([1, -1])) | nn.MultiMarginLoss()(s, i[:3])
F.pad(s[None], (1, 2), mode="replicate") | F.pad(s[None], (2, 1), mode="reflect")
F.pad(s[None, None], (1, 0, 2, 1), mode="circular") | nn.TripletMarginLoss(0.5, p=1)(a, b, a * 2)
L.cov(s) | s.kthvalue(2, dim=0) | L.kthvalue(v, 1, keepdim=True) | k.cumprod(1)
nn.init.eye_(L.empty(2, 3)) | F.huber_loss(a.detach(), b.double().detach())
F.smooth_l1_loss(a, b.double().detach())
F.binary_cross_entropy(a.sigmoid(), b.sigmoid(), weight=v.detach().abs())
F.binary_cross_entropy_with_logits(a, b.sigmoid().detach(), weight=v.detach().abs())
nn.BCEWithLogitsLoss(pos_weight=L.tensor([2.0, 1.0, 0.5]))(a, b.sigmoid().detach())
F.normalize(a) | F.normalize(s, p=1, dim=0) | F.cosine_similarity(a, b)
F.pairwise_distance(a, b) | F.threshold(a, 0.1, 5.0) | F.glu(L.cat([a, b], 1))
F.layer_norm(a, (3,), v, w) | F.layer_norm(a, [3])
F.group_norm(L.stack([a, b]).reshape(2, 3, 2), 1, v, w) | F.silu(k.float()) | F.gelu(a)
F.scaled_dot_product_attention(a[None], b[None], a[None], is_causal=True)
F.scaled_dot_product_attention(a, b, s[:2], attn_mask=L.tensor([[True, False], [True, True]]))
F.scaled_dot_product_attention(a, b, b, attn_mask=L.zeros(2, 2), scale=0.1) | F.softmin(a, dim=1)
F.conv1d(L.ones(1, 1, 5), v.reshape(1, 1, 3)) | F.max_pool1d(s[None], 2)
F.avg_pool1d(s[None], 2, 1) | F.adaptive_avg_pool2d(s[None], 2)
F.interpolate(s[None, None], size=(5, 4))
F.interpolate(s[None, None], scale_factor=2, mode="bilinear", align_corners=False)
F.unfold(s[None, None], 2) | F.dropout2d(s[None, None], 0.5, training=False) | F.logsigmoid(a)
F.conv_transpose2d(s[None, None], a[None, None], stride=2) | nn.PairwiseDistance(p=1)(a, b)
D.Normal(v, w.abs()).log_prob(b) | D.Normal(v, w.abs()).entropy() | D.Normal(v, 1.0).cdf(v * 2)
D.Normal(0.0, 1.0).variance | D.kl_divergence(D.Normal(v, w.abs()), D.Normal(0.0, 1.0))
D.Uniform(-1.0, v.abs()).log_prob(L.tensor(0.1)) | D.Uniform(v, v + 2).entropy()
D.Uniform(v, v + 2).mean | D.Bernoulli(v.sigmoid()).log_prob(L.tensor([1.0, 0.0, 1.0]))
D.Bernoulli(logits=v).entropy() | D.Bernoulli(v.sigmoid()).logits
D.Categorical(s.abs()).log_prob(i[:3]) | D.Categorical(v.abs()).entropy()
D.Categorical(logits=a).log_prob(i[:2]) | D.Categorical(logits=a).probs
D.Categorical(logits=v).logits | D.kl_divergence(D.Categorical(logits=a), D.Categorical(logits=b))
D.Multinomial(9, v.abs()).sample().sum() | D.Categorical(a.abs()).sample().shape
D.Categorical(v.abs()).sample((5,)).shape | D.Normal(v, 1.0).rsample((2,)).shape
D.Bernoulli(v.sigmoid()).sample((2, 2)).shape | D.Normal(0.0, 1.0).sample().shape
D.Multinomial(9, v.abs()).sample((2,)).shape
nn.utils.rnn.pad_sequence([v, a[0, :1]], batch_first=True) | nn.utils.parameters_to_vector([a, v])
nn.utils.rnn.pad_sequence([a, s], padding_value=2.0) | nn.Embedding.from_pretrained(s)(i)
nn.EmbeddingBag.forward(nn.EmbeddingBag(3, 2), i[:1] * 0, L.tensor([0])).shape
nn.ParameterDict({"k": nn.Parameter(v)})["k"]
nn.Linear(2, 3, dtype=L.float64).weight.dtype.itemsize
k.mode() | L.mode(k, 0) | k.mode(dim=1, keepdim=True) | k.cummax(1) | a.cummin(dim=0)
k.abs().cummin(1) | L.logcumsumexp(a, 1) | a.rot90() | L.rot90(s, 2) | L.rot90(a, -1, (1, 0))
L.trapezoid(a, dx=0.5) | L.trapz(a, v.detach().cumsum(0)) | L.trapezoid(a, dim=0) | L.kron(a, s)
L.diag_embed(a) | L.diagflat(a) | L.logaddexp(a, b) | L.tensor([1, 1, 2, 1]).unique_consecutive()
L.tensor_split(i, 3) | L.tensor_split(a, [1, 2], dim=1) | L.hsplit(a, 3) | L.vsplit(a, 2)
L.matrix_power(s, 3) | L.linalg.matrix_power(s.detach(), -1) | L.matrix_power(s.detach(), 0)
s.detach().clone().fill_diagonal_(2) | L.zeros(3).index_put_((i[:2],), v.detach()[:2])
L.zeros(3).index_put_((i,), L.ones(4), accumulate=True) | k.clone().apply_(lambda n: n + 1)
a.asinh() | (a.abs() + 1).acosh() | L.atanh(a / 9) | L.arcsinh(a) | L.erfc(a) | L.logit(a.sigmoid())
L.logit(b, eps=0.2) | L.xlogy(a * 0, b.abs()) | L.heaviside(a.detach(), L.tensor([0.5]))
L.inner(v, w) | L.inner(a, b) | L.vdot(v, w) | L.dist(a, b) | L.dist(a, b, 1) | L.corrcoef(s)
L.float_power(k, 2) | L.rsub(a, 2) | L.positive(a) | L.logdet((s @ s.T).detach())
L.nanmedian(L.tensor([1.0, L.nan, 3.0])) | L.isneginf(a.log()) | L.isposinf(1 / (a * 0))
L.isreal(k) | L.signbit(a) | L.sgn(a.detach()) | L.is_nonzero(k[0, 0]) | L.is_complex(a)
a.is_signed()
k << 1 | k >> 1 | L.bitwise_left_shift(k, 2) | L.bitwise_not(k) | L.narrow(a, 1, 1, 2)
L.clamp_min(a, 0.1) | L.clamp_max(a, 0.1) | L.quantile(v, L.tensor([0.1, 0.6])) | L.aminmax(a)
L.broadcast_shapes((2, 1), (3,)) == (2, 3) | L.block_diag(a, v, s) | L.asarray([1, 2])
L.atleast_1d(L.tensor(2.0)) | L.scalar_tensor(2.5) | L.randint_like(k, 3).shape == (2, 3)
L.linalg.norm(a, 1) | L.linalg.norm(a, L.inf) | L.linalg.norm(a.detach(), 2)
L.linalg.norm(v, 1)
L.linalg.matrix_norm(s[None]) | L.linalg.norm(a, "fro") | L.linalg.norm(a.detach(), "nuc")
L.linalg.norm(a, 1, dim=(0, 1)) | L.linalg.norm(a, 2, dim=1) | L.linalg.vector_norm(a, 1)
nn.init._calculate_fan_in_and_fan_out(L.ones(2, 3, 4)) | nn.Linear(1, 1)._get_name()
L.linalg.slogdet(s.detach()) | L.linalg.matrix_norm(a) | a.is_sparse | a.is_cpu | k.is_quantized
a.detach().clone().transpose_(0, 1) | a.detach().clone().swapaxes_(0, 1) | a.get_device()
a.detach().clone().lt_(0) | s.detach().clone().addmm_(a.T, b) | k.clone().floor_divide_(2)
F.cross_entropy(a, L.tensor([1, -100])) | F.cross_entropy(s[None], L.tensor([[0, -100, 2]]))
F.cross_entropy(a, L.tensor([-100, 2]), reduction="none") | F.cross_entropy(a, i[:2] * 0 - 100)
nn.CrossEntropyLoss(reduction="sum")(a, L.tensor([-100, 2])) | F.gumbel_softmax(a).shape == (2, 3)
F.gumbel_softmax(a, hard=True).sum(-1) | F.hardshrink(a) | F.softshrink(a, 0.3)
nn.Hardshrink(0.2)(a) | nn.Softshrink()(a) | nn.Threshold(0.1, 20)(a) | F.relu_(v.detach().clone())
nn.RMSNorm(3)(a) | F.rms_norm(a, (3,), v, 1e-5) | nn.RMSNorm([2, 3], eps=1e-3)(s[None, :2])
nn.SoftMarginLoss()(a, b.detach().sign()) | nn.HingeEmbeddingLoss(0.5)(a, b.detach().sign())
nn.PoissonNLLLoss()(a, k.abs()) | F.poisson_nll_loss(a.exp(), k.abs(), log_input=False)
nn.GaussianNLLLoss()(a, b, a * a) | F.gaussian_nll_loss(a, b, L.zeros(2, 3), full=True)
nn.ReplicationPad2d(1)(s[None, None]) | nn.ConstantPad2d((1, 0, 2, 0), 0.5)(s[None, None])
L.heaviside(v.detach() / 0 * 0, w.detach()) | L.heaviside(k, k * 0 + 3)
L.inner(a[None], b[None])
L.inner(v[:0], w[:0]) | L.inner(a, v) | (k > 0).diff(dim=0) | v.diff(4) | v[:0].diff()
v[:0].median()
a.unflatten(1, (-1, 1)) | a[:, :0].unflatten(0, (2, -1)) | L.cat([v[:0], a]) | L.cat([v[:0]], -2)
L.atan2(v * 0, w * 0) | v.clamp(-0.6, -1.0) | a[:0].stride() | L.zeros(2, 0, 3).stride()
k.to(L.int32)[0, 1] / k.abs().byte() | v.sub(100 * k.abs().byte()[0], alpha=3)
k.sub(1.0, alpha=0.5) | (k > 0).add(k < 2, alpha=2) | a[None].stride()
F.nll_loss(a, i[:2], weight=L.zeros(3)) | F.nll_loss(a, i[:2] * 0 - 100, weight=L.zeros(3))
L.ones(1, 2).index_put((L.tensor([[True, False]]),), L.zeros(1, 1))
L.maximum(v, w) / 0.0 | (v * 0 + 1).std().sqrt()
a.topk(2).indices.is_contiguous()
""".replace("\n", " | ").strip(" |").split(" | ")


def named(library):
    rng = np.random.default_rng(0)
    space = {"L": library, "nn": library.nn, "F": library.nn.functional,
             "D": library.distributions}
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
    many = isinstance(outs, list | tuple) and outs and hasattr(outs[0], "requires_grad")
    outs = list(outs) if many else [outs]
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
    "a shape is a size": """
        x = torch.zeros(2, 3)
        for make in torch.Tensor, torch.FloatTensor, torch.LongTensor:
            print(make(x.size()).shape == x.shape, make(x.shape[1:]).shape == (3,),
                  make(x.shape + (1,)).shape == (2, 3, 1), make((2, 3)), make([2, 3]),
                  make(x.size(0), 4).shape == (2, 4), make(torch.Size([])).shape == ())
        s = torch.Size([2, 3])
        print(s.numel(), s == (2, 3), {s: 1}[2, 3], *s, isinstance(s[:1], torch.Size))
        print(isinstance(x, torch.FloatTensor), isinstance(x, torch.LongTensor))
        torch.set_default_tensor_type("torch.FloatTensor")
    """,
    "limits that are tensors": """
        x = torch.linspace(-2, 2, 6).reshape(2, 3).requires_grad_()
        low = torch.tensor([-1.0, 0, 0.5], requires_grad=True)
        high = torch.tensor([0.0, 1, 0.25], requires_grad=True)
        x.clamp(min=low).sum().backward()
        print(x.grad, low.grad)
        y = torch.clamp(x, low, high)
        (y * torch.arange(6.0).reshape(2, 3)).sum().backward()
        print(y.detach(), x.grad, low.grad, high.grad)
        print(torch.arange(4).clamp(max=torch.tensor([1.5])))
    """,
    "old arguments of losses": """
        import warnings
        warnings.simplefilter("ignore")
        a, b = torch.tensor([[0.2, 0.7], [0.4, 0.1]]), torch.tensor([[0.5, 0.5], [0.3, 0.7]])
        nn = torch.nn
        for loss in (nn.L1Loss, nn.KLDivLoss, nn.BCEWithLogitsLoss, nn.PoissonNLLLoss, nn.BCELoss,
                     nn.SmoothL1Loss, nn.MSELoss, nn.SoftMarginLoss):
            for old in {}, {"size_average": False}, {"reduce": False}, {"size_average": True}:
                print(loss.__name__, old, loss(**old)(a, b), loss(**old).reduction)
        print(nn.TripletMarginLoss(size_average=False)(a, b, b + 1))
        print(nn.functional.kl_div(a, b, size_average=False))
        print(nn.init.constant(torch.zeros(2), 3.0), nn.init.xavier_uniform(a).shape == a.shape)
        layer = nn.BatchNorm1d(3)
        old = {k: v + 1 for k, v in layer.state_dict().items() if "num_batches" not in k}
        print(layer.load_state_dict(old), layer.state_dict())
    """,
    "a leaf that moves into the graph": """
        x = torch.ones(2, requires_grad=True)
        y = x * 2
        x.detach_()
        x += y
        try:
            x.sum().backward()
        except RuntimeError as error:
            print("leaf variable has been moved into the graph interior" in str(error))
    """,
    "named results": """
        print(torch.linalg.eigh(torch.eye(2)), torch.linalg.svd(torch.eye(2)).S)
        print(torch.nn.utils.rnn.pack_padded_sequence(torch.ones(2, 3), torch.tensor([3, 2]), True))
    """,
    "hooks of gradients": """
        import copy
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = x ** 2
        z = (y * 3).sum()
        first = y.register_hook(lambda g: g * 2)
        y.register_hook(lambda g: print("y", g))
        x.register_hook(lambda g: g.clamp(max=20))
        y.retain_grad()
        z.backward(retain_graph=True)
        print(x.grad, y.grad, y.retains_grad)
        first.remove()
        z.backward(retain_graph=True)
        print(x.grad, torch.autograd.grad(z, x))
        kept = []
        w = torch.nn.Parameter(torch.ones(2))
        w.register_hook(kept.append)
        for _ in range(2):
            (w * w).sum().backward()
        print(kept, w.grad, copy.deepcopy(w).grad, copy.deepcopy(w))
        u = w * 1
        u.register_hook(lambda g: print("before", g))
        u.mul_(3)
        u.register_hook(lambda g: print("after", g))
        u.sum().backward()
        v = torch.autograd.Variable(u.detach(), requires_grad=True)
        print(u.detach().requires_grad, v.is_leaf, torch.autograd.Variable(x).requires_grad)
    """,
    "a function with setup_context": """
        class Scale(torch.autograd.Function):
            @staticmethod
            def forward(x, k):
                return x * k
            @staticmethod
            def setup_context(ctx, inputs, output):
                ctx.k = inputs[1]
            @staticmethod
            def backward(ctx, g):
                return g * ctx.k, None
        x = torch.ones(2, requires_grad=True)
        Scale.apply(x, 3).sum().backward()
        print(x.grad)
    """,
    "mixed precision and switches without a GPU": """
        import torch.backends.cudnn as cudnn
        from torch.cuda.amp import GradScaler, autocast
        cudnn.benchmark = True
        torch.backends.cuda.matmul.allow_tf32 = True
        w = torch.nn.Parameter(torch.ones(2))
        optimizer, scaler = torch.optim.SGD([w], lr=0.1), GradScaler()
        with autocast(), torch.amp.autocast("cuda"), torch.amp.autocast("cpu", enabled=False):
            loss = (w * w).sum()
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()
        print(w, scaler.is_enabled(), scaler.get_scale(), torch.amp.GradScaler("cuda").state_dict())
        print(torch.cuda.is_available(), torch.backends.mps.is_built(), cudnn.enabled)
    """,
    "distributions as text": """
        from torch import distributions
        print(distributions.Normal(0.0, 1.0), distributions.Uniform(0.5, 2.0))
        print(distributions.Bernoulli(logits=torch.ones(1)), distributions.normal.Normal(1.5, 2.0))
        print(torch.aminmax(torch.tensor([2, 1])), torch.tensor([1, 1, 2]).mode())
    """,
    "where samplers and data sets are": """
        from torch.utils.data import get_worker_info
        from torch.utils.data.dataloader import DataLoader
        from torch.utils.data.dataset import TensorDataset
        from torch.utils.data.sampler import SequentialSampler
        data = TensorDataset(torch.arange(4.0))
        print([x for x, in DataLoader(data, 2, sampler=SequentialSampler(data))], get_worker_info())
        torch.set_default_tensor_type(torch.FloatTensor)
        with torch.random.fork_rng():
            torch.manual_seed(1)
        print(torch.get_default_device(), torch.promote_types(torch.int32, torch.float32).itemsize)
    """,
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
    "the first nan of a backward pass": """
        def attempt():
            x = torch.tensor([0.0, 1.0], requires_grad=True)
            try:
                (torch.sqrt(x) * torch.tensor([0.0, 1.0])).sum().backward()
                print(x.grad)
            except RuntimeError as error:
                print(error)
        with torch.autograd.detect_anomaly():
            attempt()
        attempt()
        with torch.autograd.set_detect_anomaly(False):
            attempt()
        torch.autograd.set_detect_anomaly(True)
        attempt()
        torch.autograd.set_detect_anomaly(False)
        with torch.autograd.detect_anomaly(check_nan=False):
            attempt()
        """,
    "grids keep the graph": """
        a, b = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([1.0, 2.0, 4.0])
        for indexing in "ij", "xy":
            x, y = torch.meshgrid(a, b, indexing=indexing)
            print(tuple(x.shape), y, x)
            (x * y).sum().backward()
        x, y, z = torch.meshgrid([b, b[:2], b], indexing="xy")
        print(tuple(x.shape), (x + 10 * y + 100 * z)[:, :, 1])
        print(torch.cartesian_prod(a, b).detach(), torch.cartesian_prod(b), a.grad)
        """,
    "softmax in another dtype": """
        import torch.nn.functional as F
        x = torch.tensor([[0.5, 1.0, 3.0]], requires_grad=True)
        print(F.softmax(x, 1, dtype=torch.float64).tolist())
        print(x.log_softmax(dim=1, dtype=torch.double).detach().numpy())
        F.softmax(x, dim=1, dtype=torch.float64)[0, 1].backward()
        print(x.grad, torch.softmax(torch.tensor([1, 2]), 0, dtype=torch.float32))
        """,
    "masks of attention": """
        import torch.nn.functional as F
        x, mask = torch.arange(12.0).reshape(1, 3, 4) / 5, torch.ones(3, 3).tril().bool()
        print(F.scaled_dot_product_attention(x, x, x, is_causal=True, scale=0.0))
        for options in {"is_causal": True, "attn_mask": mask}, {"is_causal": True}:
            for function in F.scaled_dot_product_attention, torch.nn.MultiheadAttention(
                    4, 1, batch_first=True):
                try:
                    out = function(x, x, x, **options)
                    print(tuple(out[0].shape) if isinstance(out, tuple) else out)
                except (RuntimeError, AssertionError):
                    print("refused")
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
    "lazy layers": """
        from torch import nn
        net = nn.Sequential(nn.LazyConv2d(2, 3, padding=1), nn.LazyBatchNorm2d(), nn.Flatten(),
                            nn.LazyLinear(3, bias=False))
        print(net, [type(p).__name__ for p in net.parameters()])
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
        net.eval()
        print(tuple(net(torch.ones(2, 1, 4, 4)).shape), net)
        net.train()
        print([tuple(p.shape) for p in net.parameters()])
        with torch.no_grad():
            for p in net.parameters():
                p.fill_(0.1)
        net(torch.arange(32.0).reshape(2, 1, 4, 4)).sum().backward()
        optimizer.step()
        print(net.state_dict(), nn.LazyLinear(3), nn.LazyBatchNorm1d(), nn.LazyConv1d(4, 3))
        """,
    "attention": """
        from torch import nn
        layer = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0), 2)
        attention = nn.MultiheadAttention(4, 2, batch_first=True)
        for m in (layer, attention):
            for i, p in enumerate(m.parameters()):
                p.data.copy_(torch.sin(torch.arange(1.0 + i, 1 + i + p.numel())).view(p.shape))
        print(list(attention.state_dict()), sum(p.numel() for p in layer.parameters()))
        x = torch.arange(24.0).view(2, 3, 4).sin()
        mask = torch.triu(torch.ones(3, 3, dtype=torch.bool), diagonal=1)
        print([t.detach() for t in attention(x, x, x, attn_mask=mask)])
        padding = torch.tensor([[False, False, True]] * 2)
        print(attention(x, x, x, key_padding_mask=padding)[0].detach())
        layer.layers[1].norm_first = True
        out = layer(x)
        out.square().mean().backward()
        print(out.detach(), (layer.layers[0].linear1.weight.grad * 1000).round())
        """,
    "samplers": """
        from torch.utils.data import BatchSampler, DataLoader, RandomSampler, SequentialSampler
        from torch.utils.data import WeightedRandomSampler, sampler
        data = list(range(7))
        print(list(BatchSampler(SequentialSampler(data), 3, drop_last=False)))
        print([b.tolist() for b in DataLoader(data, batch_sampler=BatchSampler(data, 2, True))])
        print(sorted(RandomSampler(data)), len(RandomSampler(data, True, 20)))
        print(list(WeightedRandomSampler([0.0, 1.0, 0.0], 4)))
        print(sorted(sampler.SubsetRandomSampler([4, 2])))
        """,
    "what a derivative needs cannot be changed": """
        import torch.nn.functional as F
        class Square(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x * x
            @staticmethod
            def backward(ctx, g):
                return 2 * g * ctx.saved_tensors[0]
        for function in F.silu, F.selu, Square.apply, lambda t: torch.einsum("i,i->i", t, t):
            x = torch.ones(2, requires_grad=True) * 1
            y = function(x)
            x += 1
            try:
                y.sum().backward()
            except RuntimeError:
                print("refused")
        x = torch.tensor([-1.0, 0.5], requires_grad=True)
        F.silu(x * 2, inplace=True).sum().backward()
        print(x.grad)
        """,
    "arguments by name": """
        x, y = torch.arange(6.0).reshape(2, 3), torch.ones(2, 3)
        print(torch.add(input=x, other=y), torch.matmul(x, other=y.T), torch.eq(input=x, other=y))
        print(torch.split(x, split_size_or_sections=1, dim=1), torch.pow(x, exponent=2))
        print(torch.flip(x, dims=(0,)), x.flip(dims=[1]), torch.permute(x, dims=(1, 0)))
        print(torch.reshape(x, shape=(3, 2)), torch.roll(x, shifts=1, dims=1))
        print(torch.unique(x > 1, return_inverse=True), x[1].storage_offset())
        print(torch.tensor([[1, 1], [0, 2], [1, 1]]).unique(dim=0), x.diagonal(1))
        print(torch.arange(8).view(2, 2, 2).diagonal(0, 1, 2))
        """,
    "a whole model on disk": """
        import io
        layer = torch.nn.Linear(2, 1)
        file = io.BytesIO()
        torch.save(layer, file)
        file.seek(0)
        again = torch.load(file, weights_only=False)
        print(again, (again.weight == layer.weight).all())
        file.seek(0)
        try:
            torch.load(file)
        except Exception:
            print("refused")
        """,
    "what shares memory and what does not": """
        x = torch.zeros(3, 4)
        x.diagonal().fill_(5)
        x.diagonal(1)[0] = 2
        x.diagonal(-1).add_(1)
        print(x.requires_grad_())
        (x.diagonal(1) * torch.arange(3.0)).sum().backward()
        print(x.grad)
        a = torch.arange(3.)
        print(a.to(torch.float32, copy=True).data_ptr() == a.data_ptr(), a.to("cpu") is a)
        print(a.to(torch.float32, False, True).data_ptr() == a.data_ptr())
        """,
    "equal numbers share the gradient of their median": """
        x = torch.tensor([3.0, 1.0, 3.0, 5.0], requires_grad=True)
        (2 * x.median()).backward()
        print(x.grad, x.grad.zero_())
        x.median(0).values.backward()
        print(x.grad.sum())
        """,
    "counts with weights": """
        i = torch.tensor([0, 1, 1])
        for dtype in torch.float32, torch.float64, torch.int64:
            counts = torch.bincount(i, weights=torch.ones(3, dtype=dtype))
            print(counts.tolist(), counts.dtype.itemsize)
        """,
    "lists and dicts of parameters as text": """
        from torch import nn
        print(nn.ParameterList(), nn.ParameterList([torch.ones(2, 3), torch.zeros(1)]))
        print(nn.ParameterDict({"a": nn.Parameter(torch.ones(2)), "b": torch.ones(2, 1)}))
        print(nn.ParameterDict({"a": torch.ones(2)}), nn.ParameterDict())
        print(torch.iinfo(torch.int8), torch.finfo(torch.float32), torch.finfo(torch.float64))
        print(torch.linalg.slogdet(torch.eye(2)), nn.MultiheadAttention(4, 2))
        """,
    "the sampler of a loader without one": """
        from torch.utils.data import DataLoader, RandomSampler, SequentialSampler
        loader = DataLoader([1, 2, 3], batch_size=2)
        print(isinstance(loader.sampler, SequentialSampler), list(loader.sampler), len(loader))
        loader = DataLoader([1, 2, 3], shuffle=True)
        print(isinstance(loader.sampler, RandomSampler), len(loader.sampler))
        print(DataLoader([1, 2, 3], sampler=[2, 0]).sampler)
        """,
    "kinds of errors": """
        F = torch.nn.functional
        x, i = torch.ones(2, 3), torch.tensor([0, 3])
        for error, call in [
                (IndexError, lambda: F.cross_entropy(x, i)),
                (RuntimeError, lambda: F.cross_entropy(x, i.float())),
                (RuntimeError, lambda: F.one_hot(i.float())),
                (RuntimeError, lambda: torch.arange(3).gather(0, i)),
                (RuntimeError, lambda: torch.linalg.inv(torch.zeros(2, 2))),
                (torch.linalg.LinAlgError, lambda: torch.linalg.cholesky(-torch.eye(2))),
                (RuntimeError, lambda: torch.multinomial(torch.ones(2), 3)),
                (RuntimeError, lambda: x.clone().copy_(torch.ones(4))),
                (RuntimeError, lambda: torch.nn.BatchNorm2d(3)(torch.ones(2, 1, 2, 2))),
                (IndexError, lambda: x.index_select(0, i[:1, None]))]:
            try:
                call()
            except error:
                print("caught")
        """,
    "rarer names": """
        x = torch.tensor([[3.0, 1.0, 2.0], [9.0, 7.0, 8.0]])
        print(torch.movedim(torch.arange(6).view(1, 2, 3), (0, 1), (1, 2)), torch.msort(x.T))
        print(torch.arange(12).view(2, 1, 3, 2).movedim((-1, 0), (0, -1)))
        print(torch.can_cast(torch.float32, torch.int32), torch.can_cast(torch.int32, torch.int8))
        print(torch.addr(torch.ones(2, 3), torch.ones(2), torch.arange(3.0)), torch.fmax(x, x + 1))
        print(torch.sinc(x + 0.5).round(decimals=3), torch.lgamma(x))
        print(torch.gcd(torch.tensor([4, 9]), torch.tensor(6)))
        print(torch.linalg.svdvals(torch.diag(x[0])), torch.linalg.diagonal(x[:, :2]))
        print(x.index_put((torch.tensor([0]), torch.tensor([1])), torch.tensor(5.0)), x.hypot_(x))
        print(x.clamp_min_(2), x.clamp_max_(8), x.eq_(8), torch.ShortTensor([1]).dtype.itemsize)
        print(torch.randint(high=1, size=(2,)), torch.kron(torch.ones(2), torch.arange(3)))
        print(torch.kron(torch.eye(2), torch.arange(3)), x.take_along_dim(torch.tensor([[0]]), 1))
        cosines = torch.nn.functional.cosine_similarity(x + torch.arange(3), torch.ones(3))
        print(cosines.round(decimals=3))
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


# Sizes that PyTorch refuses, and NumPy would broadcast or cut off without a word.
REFUSED = """
nn.BatchNorm1d(3).eval()(L.ones(4, 1)) | nn.BatchNorm2d(1).eval()(L.ones(4, 3, 2, 2))
F.batch_norm(a, L.zeros(3), L.ones(3), bias=L.ones(1)) | F.layer_norm(a, (3,), L.ones(1))
nn.GroupNorm(1, 1)(L.ones(2, 4, 2, 2)) | nn.GroupNorm(1, 4)(L.ones(2, 1, 2, 2))
nn.InstanceNorm2d(3, affine=True)(L.ones(2, 1, 2, 2)) | nn.PReLU(4)(L.ones(2, 1))
nn.PReLU(4)(L.ones(1)) | nn.RMSNorm(4)(L.ones(2, 1)) | nn.RMSNorm(1)(L.ones(2, 4))
nn.LSTMCell(3, 4)(a, (L.zeros(1, 4), L.zeros(1, 4))) | nn.GRUCell(3, 4)(a, L.zeros(1, 4))
nn.RNNCell(3, 4)(a, L.zeros(1, 4)) | F.glu(v) | L.block_diag(L.ones(1, 1, 1))
nn.MultiheadAttention(4, 2)(L.ones(3, 1, 4), L.ones(2, 2, 4), L.ones(2, 2, 4))
nn.MultiheadAttention(4, 2)(L.ones(3, 1, 4), *[L.ones(2, 1, 4)] * 2, attn_mask=L.zeros(1, 2))
nn.MultiheadAttention(4, 2)(*[L.ones(3, 2, 4)] * 3, key_padding_mask=L.zeros(1, 3).bool())
F.cross_entropy(a, i[:2], weight=L.ones(4)) | F.nll_loss(a, i[:2], weight=L.ones(1))
nn.BCEWithLogitsLoss(pos_weight=L.ones(3))(L.ones(2, 1), L.ones(2, 1))
nn.BCEWithLogitsLoss(weight=L.ones(3))(L.ones(2, 1), L.ones(2, 1))
F.soft_margin_loss(L.ones(3, 1), v) | L.cdist(a, L.ones(2, 1)) | L.histc(i) | L.trace(v)
v.detach().index_add_(0, i, L.ones(1)) | v.detach().index_copy_(0, i, L.ones(1))
L.ones(2).index_select(0, L.tensor([[0]])) | L.randperm(-1) | a.narrow(0, 1, 2)
L.heaviside(a.detach(), L.tensor(0.5, dtype=L.float64)) | L.heaviside(v, w).sum().backward()
v[0].diff() | v.expand_as(L.ones(3, 1)) | L.tensor(1.0).copy_(L.ones(1))
L.ones(1).copy_(L.ones(1, 1))
v[0].unflatten(0, (1, 1)) | a.unflatten(1, (2, 2)) | a.unflatten(1, (-1, -1)) | a.unflatten(1, ())
setattr(v, "grad", L.ones(1)) | setattr(v, "grad", v.detach().double()) | L.ones(2, 0).median(dim=1)
""".replace("\n", " | ").strip(" |").split(" | ")


@pytest.mark.parametrize("expression", REFUSED)
def test_sizes_that_do_not_fit_are_refused(expression):
    for library in torch, d2l:
        with pytest.raises((RuntimeError, ValueError, IndexError, AssertionError,
                            NotImplementedError)):
            eval(expression, named(library))


def test_a_name_of_a_module_is_given_once():
    for library in torch, d2l:
        layer = library.nn.Linear(1, 1)
        for give, value in ((layer.add_module, library.nn.ReLU()), (layer.register_parameter, None),
                            (layer.register_buffer, library.zeros(1))):
            with pytest.raises(KeyError, match="already exists"):
                give("forward", value)
            give("one", None if give is layer.register_parameter else value)
            del layer.one


def test_grad_keeps_what_retain_grad_asked_for_and_values_are_copies():
    for library in torch, d2l:
        x = library.ones(2, requires_grad=True)
        y = x * 2
        y.retain_grad()
        library.autograd.grad(y.sum(), x)
        assert y.grad.tolist() == [1, 1]
        number = library.tensor(-2.0)
        least = number.min(dim=0, keepdim=True).values
        number.abs_()
        assert least.item() == -2


def test_an_empty_leaf_gets_an_empty_gradient_of_its_dtype():
    for library in torch, d2l:
        for function in lambda x, L: L.cat([x, L.ones(2, 1)]).sum(), lambda x, L: x.median():
            x = library.zeros(0, requires_grad=True)
            function(x, library).backward()
            assert x.grad.shape == (0,) and x.grad.dtype == library.float32


def test_a_gradient_is_not_lost_without_a_word():
    x = d2l.eye(2).requires_grad_()
    for function in d2l.inverse, d2l.linalg.det, lambda t: d2l.einsum("ii->i", t):
        with pytest.raises(RuntimeError, match=r"does not record its derivative"):
            function(x)
    with pytest.raises(RuntimeError, match="computes on the CPU only"):
        d2l.ones(1, device=d2l.device("cuda"))
    with pytest.raises(RuntimeError, match="another number of elements"):
        d2l.ones(4).resize_(3)


def test_rarer_ways_to_begin():
    d2l.manual_seed(0)
    for shape in ((3, 5), (5, 3), (4, 2, 2)):
        w = d2l.nn.init.orthogonal_(d2l.empty(*shape), gain=2).numpy().reshape(shape[0], -1)
        w = w if len(w) <= w.shape[1] else w.T
        np.testing.assert_allclose(w @ w.T, 4 * np.eye(len(w)), atol=1e-5)
    w = d2l.nn.init.trunc_normal_(d2l.empty(2000), std=2.0).numpy()
    assert np.abs(w).max() <= 2 and 1 < w.std() < 1.2


def test_names_that_are_not_here_say_what_to_use():
    places = {d2l.autograd: "functional", d2l.nn.functional: "ctc_loss", d2l.optim: "LBFGS",
              d2l.optim.lr_scheduler: "SWALR", d2l.nn: "Transformer", d2l: "bfloat16"}
    for place, name in places.items():
        with pytest.raises(AttributeError, match=f"has no '{name}'.* (Use|If PyTorch has it)"):
            getattr(place, name)
    with pytest.raises(AttributeError, match=r"a tensor has no 'erfinv'\. If PyTorch has it"):
        d2l.ones(1).erfinv()
