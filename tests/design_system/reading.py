"""Measure readability: Flesch-Kincaid grade for English, Fernández Huerta index for Spanish."""

import re

SENTENCE = re.compile(r"[.?!:;](?:\s|$)|\n\s*\n")

SILENT = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouylscxz])es$")


def plain(message: str) -> str:
    """Return a message as a reader sees it: without tags, and with a short word for each placeholder."""
    return re.sub(r"%\(\w+\)[sd]|\{\w*\}|%[sd%]", "four", re.sub(r"<[^>]+>", "", message))


def sentences(message: str) -> list[list[str]]:
    """Return the words of each sentence."""
    parts = SENTENCE.split(plain(message))
    found = [re.findall(r"[^\W_]+(?:['’][^\W\d_]+)?", part) for part in parts]
    return [words for words in found if words]


def _beats(word: str, vowels: str) -> int:
    return max(1, len(re.findall(f"[{vowels}]+", word.lower())))


def beats_en(word: str) -> int:
    """Return an English word's number of syllables: groups of vowels without a silent e."""
    bare = (
        re.sub(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouylscxz])es$", "", word.lower())
        if len(word) > 3
        else word
    )
    return _beats(bare or word, "aeiouy")


def beats_es(word: str) -> int:
    """Return a Spanish word's number of syllables: two strong vowels are two syllables."""
    return _beats(
        re.sub("([aeoáéó])(?=[aeoáéó])|(?<=[aeo])(?=[íú])|([íú])(?=[aeo])", r"\1\2-", word.lower()), "aeiouáéíóúü"
    )


def grade(messages: list[str]) -> float:
    """Return the school grade at which English is easily read (Kincaid et al. 1975)."""
    read = [words for message in messages for words in sentences(message)]
    words = [word for one in read for word in one]
    beats = sum(beats_en(word) for word in words)
    return 0.39 * len(words) / len(read) + 11.8 * beats / len(words) - 15.59


def ease(messages: list[str]) -> float:
    """Return how easy Spanish is to read, 0 to 100; 60 to 70 is plain, seventh and eighth grade (Fernández Huerta
    1959).
    """
    read = [words for message in messages for words in sentences(message)]
    words = [word for one in read for word in one]
    beats = sum(beats_es(word) for word in words)
    return 206.84 - 60 * beats / len(words) - 1.02 * len(words) / len(read)
