"""Test vectors of a RWKV-7 file, by a plain numpy evaluation: float64, one token for each call.

    python3 vectors.py ../stories-v7.pth ../stories-v7.vectors.safetensors
    python3 vectors.py ../stories-v7.pth --check ../stories-v7.vectors.safetensors
    python3 vectors.py ../stories-v7.pth --tell SEED [PROMPT]       a story at temperature 1

It shares no code with the training forward, so each checks the other. The file holds `tokens`,
`logits` after each of them, `greedy` (the argmax continuation) and the state after the last
token: `state.T.l.att_x`, `state.T.l.ffn_x` [C] and `state.T.l.att_kv` [head][value][key].
"""
import json
import random
import struct
import sys

import numpy as np
import torch  # only to read the file

import stories


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Rwkv7:
    def __init__(self, path):
        self.w = {n: t.double().numpy().squeeze() for n, t in torch.load(path, map_location="cpu").items()}
        self.H, self.N = self.w["blocks.0.att.r_k"].shape
        self.C = self.H * self.N
        self.L = 1 + max(int(n.split(".")[1]) for n in self.w if n.startswith("blocks."))

    def zero_state(self):
        return [dict(att_x=np.zeros(self.C), ffn_x=np.zeros(self.C), att_kv=np.zeros((self.H, self.N, self.N)))
                for _ in range(self.L)]

    def norm(self, x, name):
        return (x - x.mean()) / np.sqrt(x.var() + 1e-5) * self.w[name + ".weight"] + self.w[name + ".bias"]

    def __call__(self, token, state):
        """Logits after one more token; changes the state."""
        x = self.norm(self.w["emb.weight"][token], "blocks.0.ln0")
        first_value = None
        for l in range(self.L):
            att = {n[len(f"blocks.{l}.att."):]: t for n, t in self.w.items() if n.startswith(f"blocks.{l}.att.")}
            z = self.norm(x, f"blocks.{l}.ln1")
            y, first_value = self.time_mixing(att, z, state[l], first_value)
            x = x + y
            z = self.norm(x, f"blocks.{l}.ln2")
            mixed = z + (state[l]["ffn_x"] - z) * self.w[f"blocks.{l}.ffn.x_k"]
            state[l]["ffn_x"] = z
            hidden = np.maximum(self.w[f"blocks.{l}.ffn.key.weight"] @ mixed, 0) ** 2
            x = x + self.w[f"blocks.{l}.ffn.value.weight"] @ hidden
        return self.w["head.weight"] @ self.norm(x, "ln_out")

    def time_mixing(self, p, z, state, first_value):
        d = state["att_x"] - z
        state["att_x"] = z
        r = p["receptance.weight"] @ (z + d * p["x_r"])
        k = p["key.weight"] @ (z + d * p["x_k"])
        x_v = z + d * p["x_v"]
        v = p["value.weight"] @ x_v
        w = np.exp(-np.exp(-0.5) * sigmoid(p["w0"] + np.tanh((z + d * p["x_w"]) @ p["w1"]) @ p["w2"]))
        a = sigmoid(p["a0"] + (z + d * p["x_a"]) @ p["a1"] @ p["a2"])
        g = sigmoid((z + d * p["x_g"]) @ p["g1"]) @ p["g2"]
        if first_value is None:
            first_value = v
        else:
            v = v + (first_value - v) * sigmoid(p["v0"] + x_v @ p["v1"] @ p["v2"])
        kk = k * p["k_k"]
        k = k * (1 + (a - 1) * p["k_a"])
        y = np.empty(self.C)
        for h in range(self.H):
            at = slice(h * self.N, (h + 1) * self.N)
            S = state["att_kv"][h]
            unit = kk[at] / max(np.sqrt((kk[at] ** 2).sum()), 1e-12)
            S = S * w[at] - np.outer(S @ unit, unit * a[at]) + np.outer(v[at], k[at])
            state["att_kv"][h] = S
            out = S @ r[at]
            out = (out - out.mean()) / np.sqrt(out.var() + 64e-5)
            y[at] = out * p["ln_x.weight"][at] + p["ln_x.bias"][at] + (r[at] * k[at] * p["r_k"][h]).sum() * v[at]
        return p["output.weight"] @ (y * g), first_value


def make(path):
    model, rng = Rwkv7(path), random.Random("vectors")
    while True:  # a held-out story cut right after a question mark
        story = stories.Story(rng, 80)
        ends = [len(stories.encode(story.text[:a.start])) for a in story.answers if a.kind == "where_carried"]
        if ends and 46 <= ends[-1] <= 50:
            break
    tokens = stories.encode(story.text)[:ends[-1]]
    state = model.zero_state()
    logits = [model(token, state) for token in tokens]
    tensors = {"tokens": np.array(tokens, "<i4"), "logits": np.array(logits, "<f4")}
    for l, layer in enumerate(state):
        for name, value in layer.items():
            tensors[f"state.{len(tokens)}.{l}.{name}"] = value.astype("<f4")
    greedy, last, gap = [], logits[-1], np.inf
    for _ in range(16):
        second, first = np.sort(last)[-2:]
        gap = min(gap, first - second)
        greedy.append(int(last.argmax()))
        last = model(greedy[-1], state)
    tensors["greedy"] = np.array(greedy, "<i4")
    print(repr(stories.decode(tokens)), "->", repr(stories.decode(greedy)), f"smallest gap {gap:.3f}")
    return tensors, {"text": stories.decode(tokens), "greedy_text": stories.decode(greedy), "greedy_min_top1_gap": f"{gap:.4f}"}


def write(path, tensors, metadata):
    header, at = {"__metadata__": metadata}, 0
    for name, t in tensors.items():
        header[name] = dict(dtype="I32" if t.dtype == np.dtype("<i4") else "F32", shape=t.shape,
                            data_offsets=[at, at + t.nbytes])
        at += t.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for t in tensors.values():
            file.write(t.tobytes())


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    size, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__")
    types = {"I32": "<i4", "F32": "<f4"}
    return {name: np.frombuffer(data[8 + size:][slice(*t["data_offsets"])], types[t["dtype"]]).reshape(t["shape"])
            for name, t in header.items()}


def check(path, file):
    """Largest differences of this evaluation and of the training forward from the file."""
    import model
    vectors = read(file)
    tokens, own = vectors["tokens"].tolist(), Rwkv7(path)
    state = own.zero_state()
    logits = np.array([own(token, state) for token in tokens])
    print("numpy float64: logits", abs(logits - vectors["logits"]).max(), "state",
          max(abs(value - vectors[f"state.{len(tokens)}.{l}.{name}"]).max()
              for l, layer in enumerate(state) for name, value in layer.items()))
    with torch.no_grad():
        parameters, ids = model.load(path), list(tokens)
        trained = model.forward(parameters, torch.tensor([ids]))[0].numpy()
        for _ in vectors["greedy"]:
            ids.append(int(model.forward(parameters, torch.tensor([ids]))[0, -1].argmax()))
    print("training forward, float32: logits", abs(trained - vectors["logits"]).max(),
          "greedy equal", ids[len(tokens):] == vectors["greedy"].tolist())


def tell(path, seed, prompt=""):
    """A story sampled at temperature 1, with nothing cut from the distribution."""
    model, rng = Rwkv7(path), np.random.default_rng(seed)
    state = model.zero_state()
    for token in stories.encode(prompt) if prompt else [stories.END]:
        logits = model(token, state)
    said = []
    while len(said) < 300:
        p = np.exp(logits - logits.max())
        said.append(int(rng.choice(len(p), p=p / p.sum())))
        if said[-1] == stories.END:
            break
        logits = model(said[-1], state)
    print(prompt + stories.decode(said))


if __name__ == "__main__":
    if sys.argv[2] == "--check":
        check(sys.argv[1], sys.argv[3])
    elif sys.argv[2] == "--tell":
        tell(sys.argv[1], int(sys.argv[3]), *sys.argv[4:])
    else:
        write(sys.argv[2], *make(sys.argv[1]))
