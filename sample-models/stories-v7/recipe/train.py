"""Train RWKV-7 on endless fresh stories. One seed and one number of workers give one result.

    OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 python3 train.py --out run --steps 20000 --decay 6000

The learning rate is constant, then falls linearly to zero over the last `--decay` steps. A run
whose end is not known yet is given more steps than it will make; an empty file `finish` in its
folder starts the fall at the next step, and the log then says which `--steps` would have done
the same.
"""
import argparse
import collections
import json
import multiprocessing
import os
import random
import time

import torch
import torch.nn.functional as F

import model
import stories

TOKENS_PER_WORKER = 768
LENGTHS = [64, 96, 128, 192, 192, 256]
WARM_UP = 20
ANSWER_WEIGHT = 5.0     # few tokens are answers, and only these need the state
CLIP = 1.0


def batch(rng, length, rows):
    """Inputs, targets and loss weights [rows, length], and the answers as (row, first, last, kind)."""
    inputs = torch.zeros(rows, length, dtype=torch.long)
    targets = torch.zeros(rows, length, dtype=torch.long)
    weights = torch.zeros(rows, length)
    answers = []
    for row in range(rows):
        # Generation begins either with a typed prompt or with END alone: know both.
        begin = [stories.END] if rng.random() < 0.25 else []
        story = stories.Story(rng, length)
        ids, spans = stories.tokens_and_answers(story)
        ids = (begin + ids + [stories.END])[:length + 1]
        n = len(ids) - 1
        inputs[row, :n] = torch.tensor(ids[:-1])
        targets[row, :n] = torch.tensor(ids[1:])
        weights[row, :n] = 1
        for (first, last), answer in zip(spans, story.answers):
            first, last = first + len(begin) - 1, last + len(begin) - 1     # position t predicts t + 1
            weights[row, first:last] = ANSWER_WEIGHT
            answers.append((row, first, last, answer.kind))
    return inputs, targets, weights, answers


def learning_rate(args, step):
    if step < WARM_UP:
        return args.lr * (0.01 + 0.99 * step / WARM_UP)
    return args.lr * min(1.0, (args.steps - step) / args.decay)


def train(args, rank, shared, barrier, finish):
    torch.set_num_threads(1)
    start = model.initial_parameters(stories.VOCAB_SIZE, args.seed, **model.SIZES)
    # All parameters live in one flat tensor, their gradients in another one.
    flat = torch.cat([p.flatten() for p in start.values()])
    gradient = torch.zeros_like(flat)
    rate, decay = torch.ones_like(flat), torch.zeros_like(flat)
    parameters, at = {}, 0
    for name, p in start.items():
        part = slice(at, at + p.numel())
        parameters[name] = flat[part].view(p.shape).requires_grad_()
        parameters[name].grad = gradient[part].view(p.shape)
        if name.endswith("att.w0"):
            rate[part] = 2
        if p.dim() == 2 and name.endswith(".weight"):
            decay[part] = 0.1
        at += p.numel()
    m, v, first = torch.zeros_like(flat), torch.zeros_like(flat), 0
    last_file = os.path.join(args.out, "last.pt")
    if args.resume and os.path.exists(last_file):
        saved = torch.load(last_file)
        first = saved["step"]
        for to, name in ((flat, "flat"), (m, "m"), (v, "v")):
            to.data.copy_(saved[name])
    log = open(os.path.join(args.out, "log.jsonl"), "a") if rank == 0 else None
    sums, began, seen = collections.Counter(), time.time(), 0
    step = first
    while step < args.steps:
        length = random.Random(f"{args.seed}/{step}").choice(LENGTHS)
        rng = random.Random(f"{args.seed}/{step}/{rank}")
        inputs, targets, weights, answers = batch(rng, length, TOKENS_PER_WORKER // length)
        logits = model.forward(parameters, inputs)
        losses = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none").view_as(weights)
        gradient.zero_()
        ((losses * weights).sum() / weights.sum()).backward()

        # Mean gradient over the workers. Two buffers in turn need only one meeting for each step.
        shared[step % 2, rank] = gradient
        if rank == 0 and os.path.exists(os.path.join(args.out, "finish")):
            finish.value = finish.value or step + 1
        barrier.wait()
        torch.mean(shared[step % 2], 0, out=gradient)
        if finish.value == step + 1 and step + 1 + args.decay < args.steps:
            args.steps = step + 1 + args.decay
            if rank == 0:
                print(f"finishing: the same as --steps {args.steps}", flush=True)
        norm = float(gradient.norm())
        if norm > CLIP:
            gradient *= CLIP / norm
        model.adamw(flat.data, m, v, gradient, rate, decay, learning_rate(args, step), step + 1)
        step += 1

        if rank != 0:
            continue
        with torch.no_grad():
            right = logits.argmax(-1) == targets
            seen += inputs.numel() * args.workers
            sums.update(steps=1, norm=norm, loss=float((losses * (weights > 0)).sum()), tokens=int((weights > 0).sum()))
            for row, a, b, kind in answers:
                sums.update({kind: bool(right[row, a:b].all()), "n " + kind: 1})
        if step % 100 == 0 or step == args.steps:
            line = dict(step=step, loss=round(sums["loss"] / sums["tokens"], 4),
                        norm=round(sums["norm"] / sums["steps"], 2), lr=learning_rate(args, step - 1),
                        tokens_per_second=round(seen / (time.time() - began)),
                        right={k: round(sums[k] / max(1, sums["n " + k]), 2) for k in stories.KINDS})
            print(json.dumps(line), file=log, flush=True)
            sums, began, seen = collections.Counter(), time.time(), 0
        if step % args.keep == 0 or step == args.steps:
            model.save(parameters, os.path.join(args.out, f"step-{step}.pth"))
            torch.save(dict(step=step, flat=flat.data, m=m, v=v), last_file + ".new")
            os.replace(last_file + ".new", last_file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=20000)
    parser.add_argument("--decay", type=int, default=6000)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--workers", type=int, default=2, help="processes; each adds 768 tokens to a step")
    parser.add_argument("--keep", type=int, default=500, help="steps between checkpoints")
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    stories.write_vocabulary(os.path.join(args.out, "stories-v7.vocab.txt"))
    size = sum(p.numel() for p in model.initial_parameters(stories.VOCAB_SIZE, 0, **model.SIZES).values())
    shared = torch.zeros(2, args.workers, size).share_memory_()
    barrier, finish = multiprocessing.Barrier(args.workers), multiprocessing.Value("i", 0)
    others = [multiprocessing.Process(target=train, args=(args, rank, shared, barrier, finish), daemon=True)
              for rank in range(1, args.workers)]
    for process in others:
        process.start()
    train(args, 0, shared, barrier, finish)
    for process in others:
        process.join()


if __name__ == "__main__":
    main()
