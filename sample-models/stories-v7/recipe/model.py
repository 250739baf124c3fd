"""RWKV-7 "Goose" in PyTorch: official tensor names, shapes and initial values, float32."""
import ctypes
import math
import os
import subprocess
import tempfile

import torch
import torch.nn.functional as F

SIZES = dict(layers=4, channels=128, head_size=32, rank_w=16, rank_a=16, rank_v=16, rank_g=32)


# --- operators in C ----------------------------------------------------------------------------

def _compile():
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "wkv7.c")
    with tempfile.TemporaryDirectory() as folder:  # the loaded library outlives its file
        library = os.path.join(folder, "wkv7.so")
        subprocess.run(["gcc", "-O3", "-march=native", "-ffast-math", "-shared", "-fPIC", source,
                        "-o", library, "-lm"], check=True)
        return ctypes.CDLL(library)


_C = _compile()


def _pointer(tensor):
    return ctypes.c_void_p(None if tensor is None else tensor.data_ptr())


class Wkv7(torch.autograd.Function):
    """y [B,T,H,N] and the last state [B,H,N,N] from r, e, k, v, a, b (e: decay before sigmoid)."""

    @staticmethod
    def forward(ctx, r, e, k, v, a, b, s0=None):
        inputs = [x.contiguous() for x in (r, e, k, v, a, b)]
        B, T, H, N = r.shape
        y, sT = torch.empty_like(inputs[0]), r.new_empty(B, H, N, N)
        saved = r.new_empty(B, H, (T + 15) // 16, N, N)
        s0 = None if s0 is None else s0.contiguous()
        _C.wkv7_forward(B, T, H, N, _pointer(s0), *map(_pointer, inputs), _pointer(y), _pointer(saved), _pointer(sT))
        ctx.save_for_backward(*inputs, saved)
        ctx.has_s0 = s0 is not None
        ctx.set_materialize_grads(False)
        return y, sT

    @staticmethod
    def backward(ctx, gy, gsT):
        *inputs, saved = ctx.saved_tensors
        B, T, H, N = inputs[0].shape
        gy = torch.zeros_like(inputs[0]) if gy is None else gy.contiguous()
        gsT = None if gsT is None else gsT.contiguous()
        grads = [torch.empty_like(x) for x in inputs]
        gs0 = gy.new_empty(B, H, N, N) if ctx.has_s0 else None
        _C.wkv7_backward(B, T, H, N, *map(_pointer, inputs), _pointer(saved), _pointer(gy), _pointer(gsT),
                         *map(_pointer, grads), _pointer(gs0))
        return (*grads, gs0)


class Shift(torch.autograd.Function):
    """Token shift: for x [B,T,C] and M weights mu, M tensors x + (x_previous - x) * mu."""

    @staticmethod
    def forward(ctx, x, *mus):
        x, mu = x.contiguous(), torch.cat([m.view(1, -1) for m in mus])
        B, T, C = x.shape
        out = x.new_empty(len(mus), B, T, C)
        _C.shift_forward(B, T, C, len(mus), _pointer(x), _pointer(mu), _pointer(out))
        ctx.save_for_backward(x, mu)
        return tuple(out.unbind(0))

    @staticmethod
    def backward(ctx, *grads):
        x, mu = ctx.saved_tensors
        B, T, C = x.shape
        grads = [g.contiguous() for g in grads]
        gx, gmu = torch.zeros_like(x), torch.zeros_like(mu)
        pointers = (ctypes.c_void_p * len(grads))(*[g.data_ptr() for g in grads])
        _C.shift_backward(B, T, C, len(grads), _pointer(x), _pointer(mu), pointers, _pointer(gx), _pointer(gmu))
        return (gx, *(g.view(1, 1, C) for g in gmu))


class SquareRelu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        y = torch.empty_like(x)
        _C.square_relu(ctypes.c_size_t(x.numel()), _pointer(x), _pointer(y))
        return y

    @staticmethod
    def backward(ctx, gy):
        x, = ctx.saved_tensors
        gy, gx = gy.contiguous(), torch.empty_like(x)
        _C.square_relu_backward(ctypes.c_size_t(x.numel()), _pointer(x), _pointer(gy), _pointer(gx))
        return gx


def adamw(p, m, v, g, rate, decay, lr, step, betas=(0.9, 0.99)):
    """One step of Adam with decoupled weight decay on flat tensors; step counts from 1."""
    _C.adamw(ctypes.c_size_t(p.numel()), *map(_pointer, (p, m, v, g, rate, decay)),
             *map(ctypes.c_float, (lr, *betas, 1 - betas[0] ** step, 1 - betas[1] ** step)))


# --- parameters --------------------------------------------------------------------------------

def initial_parameters(vocab, seed, layers, channels, head_size, rank_w, rank_a, rank_v, rank_g):
    """Name -> tensor with the official initial values of RWKV-7."""
    random = torch.Generator().manual_seed(seed)
    L, C, N = layers, channels, head_size

    def orthogonal(rows, cols, gain):
        q, r = torch.linalg.qr(torch.randn(max(rows, cols), min(rows, cols), generator=random))
        q = q * torch.sign(torch.diagonal(r))
        return gain * (q if rows >= cols else q.T).contiguous()

    i = torch.arange(C)
    linear = i / (C - 1) - 0.5
    zigzag = (i % N - (N - 1) / 2) / ((N - 1) / 2)  # slow and fast channels in every head
    zigzag = zigzag * zigzag.abs()
    p = {"emb.weight": (torch.rand(vocab, C, generator=random) * 2 - 1) * 1e-4}
    for l in range(L):
        depth, rest = l / max(L - 1, 1), 1 - l / L
        b = f"blocks.{l}."
        for norm in ["ln0", "ln1", "ln2"] if l == 0 else ["ln1", "ln2"]:
            p[b + norm + ".weight"], p[b + norm + ".bias"] = torch.ones(C), torch.zeros(C)
        for name, power in dict(x_r=0.2, x_w=0.9, x_k=0.7, x_v=0.7, x_a=0.9, x_g=0.2).items():
            p[b + "att." + name] = (1 - (i / C) ** (power * rest)).view(1, 1, C)
        p[b + "att.w0"] = (-6 + 6 * (i / (C - 1)) ** (1 + depth ** 0.3) + 0.5 + 2.5 * zigzag).view(1, 1, C)
        p[b + "att.a0"] = (-0.19 + 0.3 * zigzag + 0.4 * linear).view(1, 1, C)
        if l > 0:  # layer 0 makes v_first and has no value residual
            p[b + "att.v0"] = (0.73 - 0.4 * linear).view(1, 1, C)
        for name, rank in dict(w=rank_w, a=rank_a, v=rank_v, g=rank_g).items():
            if name != "v" or l > 0:
                p[f"{b}att.{name}1"] = torch.zeros(C, rank)
                p[f"{b}att.{name}2"] = orthogonal(rank, C, 0.1)
        p[b + "att.k_k"] = (0.71 - 0.1 * linear).view(1, 1, C)
        p[b + "att.k_a"] = torch.full((1, 1, C), 1.02)
        p[b + "att.r_k"] = torch.full((C // N, N), -0.04)
        p[b + "att.receptance.weight"] = orthogonal(C, C, 1.0)
        p[b + "att.key.weight"] = orthogonal(C, C, 0.1)
        p[b + "att.value.weight"] = orthogonal(C, C, 1.0)
        p[b + "att.output.weight"] = torch.zeros(C, C)
        p[b + "att.ln_x.weight"] = torch.full((C,), ((1 + l) / L) ** 0.7)
        p[b + "att.ln_x.bias"] = torch.zeros(C)
        p[b + "ffn.x_k"] = (1 - (i / C) ** (rest ** 4)).view(1, 1, C)
        p[b + "ffn.key.weight"] = orthogonal(4 * C, C, 1.0)
        p[b + "ffn.value.weight"] = torch.zeros(C, 4 * C)
    p["ln_out.weight"], p["ln_out.bias"] = torch.ones(C), torch.zeros(C)
    p["head.weight"] = orthogonal(vocab, C, 0.5 * math.sqrt(vocab / C) if vocab > C else 0.5)
    return p


def load(path):
    """Parameters of a `.pth` file as float32."""
    return {name: tensor.float() for name, tensor in torch.load(path, map_location="cpu").items()}


def save(parameters, path):
    """The official form: a plain dict of bfloat16 tensors."""
    torch.save({name: p.detach().to(torch.bfloat16) for name, p in parameters.items()}, path)


# --- forward -----------------------------------------------------------------------------------

def forward(p, tokens):
    """Logits [B,T,V] of token ids [B,T], from the zero state; p maps names to tensors."""
    B, T = tokens.shape
    H, N = p["blocks.0.att.r_k"].shape
    C = H * N

    def norm(x, name):
        return F.layer_norm(x, (C,), p[name + ".weight"], p[name + ".bias"])

    x = norm(F.embedding(tokens, p["emb.weight"]), "blocks.0.ln0")
    v_first, l = None, 0
    while f"blocks.{l}.att.r_k" in p:
        attention = {name[len(f"blocks.{l}.att."):]: w for name, w in p.items() if name.startswith(f"blocks.{l}.att.")}
        y, v_first = time_mixing(attention, norm(x, f"blocks.{l}.ln1"), v_first)
        x = x + y
        z, = Shift.apply(norm(x, f"blocks.{l}.ln2"), p[f"blocks.{l}.ffn.x_k"])
        x = x + SquareRelu.apply(z @ p[f"blocks.{l}.ffn.key.weight"].T) @ p[f"blocks.{l}.ffn.value.weight"].T
        l += 1
    return norm(x, "ln_out") @ p["head.weight"].T


def time_mixing(p, z, v_first):
    B, T, C = z.shape
    H, N = p["r_k"].shape
    z_r, z_w, z_k, z_v, z_a, z_g = Shift.apply(z, *(p["x_" + c] for c in "rwkvag"))
    r = z_r @ p["receptance.weight"].T
    e = p["w0"] + torch.tanh(z_w @ p["w1"]) @ p["w2"]
    k = z_k @ p["key.weight"].T
    v = z_v @ p["value.weight"].T
    a = torch.sigmoid(p["a0"] + z_a @ p["a1"] @ p["a2"])
    g = torch.sigmoid(z_g @ p["g1"]) @ p["g2"]
    kk = F.normalize((k * p["k_k"]).view(B, T, H, N), dim=-1, eps=1e-12)
    k = k * (1 + (a - 1) * p["k_a"])
    if v_first is None:
        v_first = v
    else:
        v = v + (v_first - v) * torch.sigmoid(p["v0"] + z_v @ p["v1"] @ p["v2"])
    heads = lambda x: x.view(B, T, H, N)
    r, k, v = heads(r), heads(k), heads(v)
    y, _ = Wkv7.apply(r, heads(e), k, v, -kk, kk * heads(a))
    # GroupNorm with one group for each head, statistics for each token by itself.
    y = F.layer_norm(y, (N,), eps=64e-5).view(B, T, C) * p["ln_x.weight"] + p["ln_x.bias"]
    y = y + ((r * k * p["r_k"]).sum(-1, keepdim=True) * v).view(B, T, C)
    return (y * g) @ p["output.weight"].T, v_first
