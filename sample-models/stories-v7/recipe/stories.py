"""Tiny stories about people, places and things, with questions whose answers are known.

A story keeps a small world (who is where, who holds what) and tells it in plain English.
Every answer carries a label: what kind of fact it asks for, and how many sentences ago the
oldest fact that it needs was told. So the recurrent state of a model that reads the stories
has a ground truth to be compared with.

    python3 stories.py [seed] [count]      print sample stories
"""
import random
import re
import sys
from dataclasses import dataclass

MEN = ["Tom", "Sam", "Ben", "Paul"]
WOMEN = ["Anna", "Mary", "Lucy", "Nina"]
PLACES = ["garden", "kitchen", "park", "barn", "library", "shop", "attic", "cellar"]
OBJECTS = ["ball", "book", "pear", "key", "lamp", "cup", "hat", "box"]
COLORS = ["red", "blue", "green", "yellow"]

GO = ["went", "ran", "came", "walked"]
TAKE = ["took", "picked up"]
DROP = ["dropped", "left", "put"]
MOODS = ["smiled", "laughed", "waited", "sang", "slept"]
FILLERS = ["The sun was warm.", "The wind was cold.", "It was a long day.",
           "The birds sang.", "It was very quiet.", "The rain came."]

# Kinds of questions; the two last have answers that are right without remembering a fact.
KINDS = ["where_person", "where_before", "where_object", "where_carried",
         "who_has", "what_has", "color", "nobody", "nothing"]


# --- vocabulary --------------------------------------------------------------------------------

END = 0  # end of story: has no bytes, so it has no line in the vocabulary file


def _words():
    """Words with a leading space; those that can open a story or a line also without it."""
    openers = MEN + WOMEN + ["The", "There", "It", "He", "She", "Where", "Who", "What"]
    spaced = openers + PLACES + OBJECTS + COLORS + [c.capitalize() for c in COLORS]
    spaced += ["In", "Nobody", "Nothing", "is", "was", "in", "the", "a", "has", "have", "does",
               "before", "color", "to", "gave", "up", "picked"]
    spaced += GO + ["took"] + DROP + MOODS
    spaced += ["sun", "warm", "wind", "cold", "long", "day", "birds", "very", "quiet", "rain"]
    return openers + [" " + word for word in dict.fromkeys(spaced)]


# id of byte b is b + 1, as in the World vocabulary; the words follow.
TOKENS = [b""] + [bytes([b]) for b in range(256)] + [w.encode() for w in _words()]
VOCAB_SIZE = len(TOKENS)
_ID = {token: i for i, token in enumerate(TOKENS) if token}
# An alternation ordered by length is a greedy longest match.
_GREEDY = re.compile(b"|".join(re.escape(t) for t in sorted(_ID, key=len, reverse=True)), re.S)


def encode(text):
    return [_ID[token] for token in _GREEDY.findall(text.encode())]


def decode(ids):
    return b"".join(TOKENS[i] for i in ids).decode("utf-8", "replace")


def write_vocabulary(path):
    """The World vocabulary's format: `id literal length`, the literal as Python writes it."""
    with open(path, "w", encoding="utf-8") as file:
        for i, token in enumerate(TOKENS):
            if token:
                literal = repr(token) if token[0] >= 0x80 else repr(token.decode())
                file.write(f"{i} {literal} {len(token)}\n")


# --- stories -----------------------------------------------------------------------------------

@dataclass
class Answer:
    kind: str
    distance: int   # sentences since the oldest fact needed (1 = told in the sentence before)
    start: int      # character span of the answer in the story, with its leading space
    end: int


class Story:
    """One story. Facts are remembered with the sentence that told them last."""

    def __init__(self, rng, limit):
        self.rng = rng
        self.limit = limit                  # in tokens, the end of story included
        self.text = ""
        self.tokens = 1
        self.answers = []
        self.sentence = 0
        self.subject = None                 # person whom He or She would mean now
        self.place = {}                     # person -> (place, sentence)
        self.came_from = {}                 # person -> (place, sentence told)
        self.lies = {}                      # object on the floor -> (place, sentence)
        self.held = {}                      # object -> (person, sentence)
        self.color = {}                     # object -> (color, sentence)
        self.asked = set()
        self._tell()

    # -- writing

    def _write(self, sentence, answer=None):
        """Append a sentence (and its answer); False if the story would grow too long."""
        gap = "" if not self.text else "\n" if self.rng.random() < 0.1 else " "
        tail = "" if answer is None else " " + answer
        size = len(encode(gap + sentence + tail))
        if self.tokens + size > self.limit:
            self.full = True
            return False
        self.tokens += size
        self.text += gap + sentence + tail
        self.sentence += 1
        return True

    def _holding(self, person):
        for thing, (holder, _) in self.held.items():
            if holder == person:
                return thing
        return None

    def _name(self, thing, chance):
        """The thing, sometimes with its colour (which tells the colour again)."""
        color = self.color.get(thing)
        if color and self.rng.random() < chance:
            self.color[thing] = (color[0], self.sentence + 1)
            return f"{color[0]} {thing}"
        return thing

    def _tell(self):
        rng = self.rng
        people = rng.sample(MEN + WOMEN, rng.randint(2, 4))
        self.places = rng.sample(PLACES, rng.randint(3, 5))
        things = rng.sample(OBJECTS, rng.randint(2, 4))
        for thing in things:
            if rng.random() < 0.6:
                self.color[thing] = (rng.choice(COLORS), 0)
        self.full = False
        self._introduce(people[0])
        rest = people[1:] + things
        rng.shuffle(rest)
        late = []
        for one in rest:
            if rng.random() < 0.3:
                late.append(one)
            else:
                self._introduce(one)
        question_before = False
        while not self.full:
            if rng.random() < (0.13 if question_before else 0.4):
                question_before = self._ask()
                if question_before:
                    continue
            question_before = False
            if rng.random() < 0.12:
                self._filler()
            elif late and rng.random() < 0.25:
                self._introduce(late.pop())
            else:
                self._event()

    # -- facts

    def _introduce(self, one):
        rng = self.rng
        if one[0].isupper():
            place = rng.choice(self.places)
            if self._write(f"{one} is in the {place}."):
                self.place[one] = (place, self.sentence)
                self.subject = one
            return
        free = [p for p in self.place if not self._holding(p)]
        if free and rng.random() < 0.3:
            holder = rng.choice(free)
            if self._write(f"{holder} has a {self._name(one, 1.0)}."):
                self.held[one] = (holder, self.sentence)
                self.subject = holder
            return
        place = rng.choice(self.places)
        if rng.random() < 0.25:
            done = self._write(f"There is a {self._name(one, 1.0)} in the {place}.")
        else:
            done = self._write(f"The {self._name(one, 1.0)} is in the {place}.")
        if done:
            self.lies[one] = (place, self.sentence)
            self.subject = None

    def _call(self, person):
        if person == self.subject and self.rng.random() < 0.5:
            return "He" if person in MEN else "She"
        return person

    def _filler(self):
        if self.rng.random() < 0.5:
            person = self.rng.choice(list(self.place))
            if self._write(f"{self._call(person)} {self.rng.choice(MOODS)}."):
                self.subject = person
        elif self._write(self.rng.choice(FILLERS)):
            self.subject = None

    def _event(self):
        rng = self.rng
        people = list(self.place)
        person = self.subject if self.subject and rng.random() < 0.4 else rng.choice(people)
        here = self.place[person][0]
        thing = self._holding(person)
        near = [t for t, (place, _) in self.lies.items() if place == here]
        mates = [p for p in people
                 if p != person and self.place[p][0] == here and not self._holding(p)]
        choices = ["go"] * 3
        if near and not thing:
            choices += ["take"] * 5
        if thing:
            choices += ["drop"]
        if thing and mates:
            choices += ["give"] * 3
        event = rng.choice(choices)
        who = self._call(person)
        if event == "go":
            there = rng.choice([p for p in self.places if p != here])
            if self._write(f"{who} {rng.choice(GO)} to the {there}."):
                self.came_from[person] = self.place[person]
                self.place[person] = (there, self.sentence)
                self.subject = person
        elif event == "take":
            thing = rng.choice(near)
            if self._write(f"{who} {rng.choice(TAKE)} the {self._name(thing, 0.25)}."):
                del self.lies[thing]
                self.held[thing] = (person, self.sentence)
                self.subject = person
        elif event == "drop":
            name = self._name(thing, 0.25)
            if self._write(f"{who} {rng.choice(DROP)} the {name} in the {here}."):
                del self.held[thing]
                self.lies[thing] = (here, self.sentence)
                self.place[person] = (here, self.sentence)  # tells again where the person is
                self.subject = person
        else:
            mate = rng.choice(mates)
            if self._write(f"{who} gave the {self._name(thing, 0.25)} to {mate}."):
                self.held[thing] = (mate, self.sentence)
                self.subject = None     # He could be either of them

    # -- questions

    def _ask(self):
        """Ask something that can be answered and was not asked since it last changed."""
        rng = self.rng
        kind = rng.choices(["where_person", "where_before", "where_object", "where_carried",
                            "who_has", "what_has", "color", "nobody", "nothing"],
                           [2, 1, 2.5, 2.5, 2, 2, 1.5, 0.25, 0.25])[0]
        if kind in ("where_person", "what_has", "nothing"):
            one = rng.choice(list(self.place))
        elif kind == "where_before":
            if not self.came_from:
                return False
            one = rng.choice(list(self.came_from))
        else:
            known = {"where_object": self.lies, "where_carried": self.held, "who_has": self.held,
                     "nobody": self.lies,
                     "color": [t for t, (_, told) in self.color.items() if told]}[kind]
            if not known:
                return False
            one = rng.choice(list(known))
        if kind == "where_person":
            place, told = self.place[one]
            question, answer = f"Where is {one}?", f"In the {place}."
        elif kind == "where_before":
            place, told = self.came_from[one]
            question, answer = f"Where was {one} before the {self.place[one][0]}?", f"In the {place}."
        elif kind == "where_object":
            place, told = self.lies[one]
            question, answer = f"Where is the {one}?", f"In the {place}."
        elif kind == "where_carried":
            holder, told = self.held[one]
            place, moved = self.place[holder]
            told = min(told, moved)
            question, answer = f"Where is the {one}?", f"In the {place}."
        elif kind == "who_has":
            holder, told = self.held[one]
            question, answer = f"Who has the {one}?", f"{holder}."
        elif kind == "nobody":
            told = self.lies[one][1]
            question, answer = f"Who has the {one}?", "Nobody."
        elif kind == "color":
            color, told = self.color[one]
            question, answer = f"What color is the {one}?", f"{color.capitalize()}."
        else:
            thing = self._holding(one)
            if (thing is None) != (kind == "nothing"):
                return False
            told = self.held[thing][1] if thing else self.place[one][1]
            question, answer = f"What does {one} have?", f"The {thing}." if thing else "Nothing."
        if (question, answer) in self.asked or not self._write(question, answer):
            return False
        # The same question may come again once its answer is another one.
        self.asked = {qa for qa in self.asked if qa[0] != question} | {(question, answer)}
        end = len(self.text)
        self.answers.append(Answer(kind, self.sentence - told, end - len(answer) - 1, end))
        self.subject = None
        return True


def tokens_and_answers(story):
    """Token ids of a story (without END) and, for each answer, its span of token positions."""
    ids, spans, at = [], [], 0
    for answer in story.answers:
        ids += encode(story.text[at:answer.start])
        first = len(ids)
        ids += encode(story.text[answer.start:answer.end])
        spans.append((first, len(ids)))
        at = answer.end
    return ids + encode(story.text[at:]), spans


if __name__ == "__main__":
    rng = random.Random(sys.argv[1] if len(sys.argv) > 1 else "show")
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 3):
        story = Story(rng, 160)
        print(story.text, "\n", [(a.kind, a.distance) for a in story.answers], "\n")
