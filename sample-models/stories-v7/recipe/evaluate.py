"""Held-out stories: loss for each token, and how many answers are exactly right.

    python3 evaluate.py ../stories-v7.pth                       tables
    python3 evaluate.py ../stories-v7.pth --write ../heldout.json   also choose 100 questions

The stories come from the generator with seeds that training never uses. An answer is right if
greedy decoding after its question mark gives exactly its tokens, the full stop included. (With
the true answer fed, "every argmax right" is the same condition, so whole stories run at once.)
Answers Nothing and Nobody are reported apart: they can be guessed without remembering anything.
"""
import argparse
import collections
import json
import random

import torch
import torch.nn.functional as F

import model
import stories

BUCKETS = [(1, 2), (3, 5), (6, 10), (11, 20), (21, 40), (41, 10000)]
APART = ("nobody", "nothing")


def held_out(seed, count, length):
    rng = random.Random(f"held-out/{seed}/{length}")
    return [stories.Story(rng, length) for _ in range(count)]


def judge(parameters, told, rows=16):
    """Mean loss for each token, and (answer, right) for each answer of these stories."""
    total, tokens, results = 0.0, 0, []
    for at in range(0, len(told), rows):
        group = told[at:at + rows]
        encoded = [stories.tokens_and_answers(story) for story in group]
        width = max(len(ids) for ids, _ in encoded)
        inputs = torch.zeros(len(group), width, dtype=torch.long)
        targets = torch.full((len(group), width), -100)
        for row, (ids, _) in enumerate(encoded):
            inputs[row, :len(ids)] = torch.tensor(ids)
            targets[row, :len(ids)] = torch.tensor(ids[1:] + [stories.END])
        with torch.no_grad():
            logits = model.forward(parameters, inputs)
        total += float(F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum"))
        tokens += int((targets >= 0).sum())
        right = logits.argmax(-1) == targets
        for row, (_, spans) in enumerate(encoded):
            for (first, last), answer in zip(spans, group[row].answers):
                results.append((answer, bool(right[row, first - 1:last - 1].all())))
    return total / tokens, tokens, results


def table(title, results, key, order):
    count, good = collections.Counter(), collections.Counter()
    for answer, right in results:
        count[key(answer)] += 1
        good[key(answer)] += right
    print(f"\n| {title} | right | of |\n| --- | ---: | ---: |")
    for name in order:
        if count[name]:
            print(f"| {name} | {100 * good[name] / count[name]:.1f} % | {count[name]} |")


def bucket(answer):
    for low, high in BUCKETS:
        if answer.distance <= high:
            return f"{low} to {high}" if high < 1000 else f"over {low - 1}"


def report(parameters, seed, count, length):
    loss, tokens, results = judge(parameters, held_out(seed, count, length))
    facts = [(a, r) for a, r in results if a.kind not in APART]
    print(f"\n{count} stories of up to {length} tokens ({tokens} tokens): loss {loss:.4f} for each token;")
    print(f"answers exactly right: {100 * sum(r for _, r in facts) / len(facts):.1f} % of {len(facts)} "
          f"without Nobody and Nothing, {100 * sum(r for _, r in results) / len(results):.1f} % of {len(results)} with them")
    table("question", results, lambda a: a.kind, stories.KINDS)
    names = [f"{low} to {high}" if high < 1000 else f"over {low - 1}" for low, high in BUCKETS]
    table("distance in sentences", facts, bucket, names)


def questions(seed, count=100, length=160):
    """One question from each of `count` stories, kinds in turn: prompts that end with '?'."""
    rng, chosen = random.Random(f"questions/{seed}"), []
    kinds = [k for k in stories.KINDS if k not in APART]
    while len(chosen) < count:
        kind = kinds[len(chosen) % len(kinds)]
        story = stories.Story(rng, length)
        fitting = [a for a in story.answers if a.kind == kind]
        if fitting:
            a = rng.choice(fitting)
            chosen.append(dict(prompt=story.text[:a.start], answer=story.text[a.start:a.end], kind=kind, distance=a.distance))
    return chosen


def answer_greedily(parameters, prompt, limit=8):
    ids, said = stories.encode(prompt), []
    while len(said) < limit and (not said or stories.decode(said[-1:]) != "."):
        with torch.no_grad():
            said.append(int(model.forward(parameters, torch.tensor([ids + said]))[0, -1].argmax()))
    return stories.decode(said)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--lengths", type=int, nargs="*", default=[256, 512])
    parser.add_argument("--write", help="choose 100 questions and write them to this file")
    parser.add_argument("--questions", help="answer the questions in this file")
    args = parser.parse_args()
    torch.set_num_threads(1)
    parameters = model.load(args.model)
    for length in args.lengths:
        report(parameters, args.seed, args.stories, length)
    if args.write:
        with open(args.write, "w") as file:
            lines = ",\n".join(json.dumps(q) for q in questions(args.seed))
            file.write(f"[\n{lines}\n]\n")
    if args.questions or args.write:
        with open(args.questions or args.write) as file:
            asked = json.load(file)
        right = [answer_greedily(parameters, q["prompt"]) == q["answer"] for q in asked]
        print(f"\n{sum(right)} of {len(asked)} questions of the file answered exactly right; wrong:")
        for q, good in zip(asked, right):
            if not good:
                print(f"  {q['kind']}, distance {q['distance']}: {q['prompt'].splitlines()[-1][-60:]!r} "
                      f"{answer_greedily(parameters, q['prompt'])!r} instead of {q['answer']!r}")


if __name__ == "__main__":
    main()
