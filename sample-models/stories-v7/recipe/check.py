"""The C operators against autograd of their plain definitions, in float64, on small random cases.

    python3 check.py
"""
import torch

import model

DECAY = 0.6065306597126334  # exp(-1/2)


def plain_wkv7(r, e, k, v, a, b, S):
    w, ys = torch.exp(-DECAY * torch.sigmoid(e)), []
    for t in range(r.shape[1]):
        row = lambda x: x[:, t, :, None, :]
        column = lambda x: x[:, t, :, :, None]
        S = S * row(w) + (S @ column(a)) @ row(b) + column(v) @ row(k)
        ys.append((S @ column(r)).squeeze(-1))
    return torch.stack(ys, 1), S


def plain_shift(x, *mus):
    previous = torch.cat([torch.zeros_like(x[:, :1]), x[:, :-1]], 1)
    return tuple(x + (previous - x) * mu for mu in mus)


def compare(name, plain, fast, *inputs):
    double = [x.double().requires_grad_() for x in inputs]
    single = [x.clone().requires_grad_() for x in inputs]
    expected, got = plain(*double), fast(*single)
    upstream = [torch.randn_like(x) for x in expected]
    torch.autograd.backward(expected, upstream)
    torch.autograd.backward(got, [u.float() for u in upstream])
    pairs = list(zip(got, expected)) + [(s.grad, d.grad) for s, d in zip(single, double)]
    worst = max(float((x - y).abs().max() / y.abs().max()) for x, y in pairs)
    print(f"{name}: largest difference of outputs and gradients, relative to the largest value: {worst:.1e}")
    assert worst < 1e-5


if __name__ == "__main__":
    torch.manual_seed(1)
    for N in (8, 32, 64):
        for T in (1, 16, 37):
            B, H = 2, 2
            r, e, k, v = (torch.randn(B, T, H, N) for _ in range(4))
            kk, rate = torch.nn.functional.normalize(torch.randn(B, T, H, N), dim=-1), torch.rand(B, T, H, N)
            compare(f"WKV-7, head size {N}, {T} tokens", plain_wkv7, model.Wkv7.apply,
                    r, e, k, v, -kk, kk * rate, torch.randn(B, H, N, N))
    compare("token shift", plain_shift, model.Shift.apply, torch.randn(2, 5, 8), *(torch.rand(1, 1, 8) for _ in range(6)))
    compare("squared ReLU", lambda x: (torch.relu(x) ** 2,), lambda x: (model.SquareRelu.apply(x),), torch.randn(3, 50))
