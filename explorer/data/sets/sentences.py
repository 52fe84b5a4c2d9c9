"""Sentences of a small grammar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.texts import text_data
from explorer.parameters import Param


@dataclass(frozen=True)
class Topic:
    """The words of a topic. Nouns as singular and plural, verbs as third person, infinitive and past."""

    name: str
    actors: tuple[tuple[str, str], ...]
    adjectives: tuple[str, ...]
    verbs: tuple[tuple[str, str, str], ...]
    objects: tuple[str, ...]
    places: tuple[str, ...]


TOPICS = (
    Topic(
        "animals",
        (("cat", "cats"), ("dog", "dogs"), ("horse", "horses"), ("bird", "birds"), ("fox", "foxes")),
        ("young", "old", "black", "hungry"),
        (("chases", "chase", "chased"), ("watches", "watch", "watched"), ("finds", "find", "found")),
        ("a mouse", "the ball", "some grass", "a stick"),
        ("in the garden", "near the river", "behind the barn"),
    ),
    Topic(
        "kitchen",
        (("cook", "cooks"), ("guest", "guests"), ("baker", "bakers"), ("waiter", "waiters"), ("child", "children")),
        ("tired", "young", "cheerful", "clever"),
        (("eats", "eat", "ate"), ("makes", "make", "made"), ("brings", "bring", "brought")),
        ("fresh bread", "the soup", "an apple", "some cake"),
        ("in the kitchen", "at the table", "near the oven"),
    ),
    Topic(
        "hospital",
        (("doctor", "doctors"), ("nurse", "nurses"), ("patient", "patients"), ("surgeon", "surgeons"),
         ("student", "students")),
        ("careful", "new", "tired", "calm"),
        (("reads", "read", "read"), ("checks", "check", "checked"), ("needs", "need", "needed")),
        ("the chart", "a bed", "the monitor", "some rest"),
        ("on the ward", "in the clinic", "during the night"),
    ),
    Topic(
        "music",
        (("singer", "singers"), ("pianist", "pianists"), ("player", "players"), ("teacher", "teachers"),
         ("pupil", "pupils")),
        ("famous", "nervous", "gifted", "new"),
        (("plays", "play", "played"), ("hears", "hear", "heard"), ("learns", "learn", "learnt")),
        ("a song", "the tune", "an old waltz", "the scale"),
        ("on the stage", "at the concert", "in the hall"),
    ),
)  # fmt: skip
TENSES = ("present", "past", "future")
_TIMES = {"present": ("today", "every day"), "past": ("yesterday", "last week"), "future": ("tomorrow", "next week")}


@dataclass(kw_only=True, eq=False, repr=False)
class Sentences(GeneratedSet):
    """English sentences of a small grammar, 3 to 14 words: four topics, three tenses, one or many, said or denied."""

    title: ClassVar[str] = "Sentences of a grammar"
    n: Annotated[int, Param("Number of sentences, all different.", ge=10, le=50_000, label="Sentences")] = 6000

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return `n` different sentences as text of words.

        Classes are the topics; columns tell tense, number, negation and length. A verb agrees with its subject, and a
        time goes with its tense.
        """
        texts: dict[str, tuple[int, int, bool, bool]] = {}
        while len(texts) < self.n:  # the grammar has more than a hundred thousand
            topic, tense = int(rng.integers(len(TOPICS))), int(rng.integers(len(TENSES)))
            many, denied = bool(rng.random() < 0.5), bool(rng.random() < 0.25)
            text = _sentence(TOPICS[topic], TENSES[tense], many, denied, rng)
            texts.setdefault(text, (topic, tense, many, denied))
        topics, tenses, many, denied = (np.array(each) for each in zip(*texts.values(), strict=True))
        return text_data(
            list(texts),
            seed=int(rng.integers(2**31)),
            labels=topics.astype(np.int64),
            class_names=tuple(topic.name for topic in TOPICS),
            columns={
                "tense": np.array(TENSES)[tenses],
                "number": np.where(many, "many", "one"),
                "negation": np.where(denied, "denied", "said"),
                "words": np.array([len(text.split()) for text in texts]),
            },
            name=self.title,
        )


def _sentence(topic: Topic, tense: str, many: bool, denied: bool, rng: np.random.Generator) -> str:
    def one_of(choices: tuple[str, ...]) -> str:
        return choices[rng.integers(len(choices))]

    noun = topic.actors[rng.integers(len(topic.actors))][many]
    third, bare, past = topic.verbs[rng.integers(len(topic.verbs))]
    words = ["the" if many or rng.random() < 0.6 else "one"]
    words += [one_of(topic.adjectives)] if rng.random() < 0.5 else []
    words += [noun]
    if denied:
        words += [{"present": "do" if many else "does", "past": "did", "future": "will"}[tense], "not", bare]
    elif tense == "future":
        words += ["will", bare]
    else:
        words += [past if tense == "past" else bare if many else third]
    words += [one_of(topic.objects)]
    words += [one_of(topic.places)] if rng.random() < 0.5 else []
    words += [one_of(_TIMES[tense])] if rng.random() < 0.4 else []
    return " ".join(words)
