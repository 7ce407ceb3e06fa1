"""What an attack learned, beside guessing, and the table of all attacks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from apps.matching.binomial import upper_bound

POINT: Final = 0.01
# Together 95 %: of what is learned beyond guessing, and of all that is learned.
BEYOND, ALL = 0.96, 0.99
HEADER: Final = ("attack", "roll", "accounts", "targets", "learned", "guessing", "95 % upper bound", "bound", "verdict")


@dataclass(frozen=True)
class Outcome:
    """The result of one attack: the share of targets that the best guess gets right, and the number that is learned.

    `gained` are the targets learned that the best guess gets wrong. Both are of the same targets, so that the upper
    bound is of what the attack adds to guessing, and not of the luck of guessing.
    """

    attack: str
    roll: str
    accounts: int
    targets: int
    learned: int
    guessing: float
    gained: int
    note: str = ""

    @classmethod
    def judged(
        cls, attack: str, roll: str, accounts: int, hits: Sequence[bool], guessed: Sequence[bool], note: str = ""
    ) -> "Outcome":
        """Return the outcome from which targets are learned, and which the best guess gets right."""
        gained = sum(hit and not right for hit, right in zip(hits, guessed, strict=True))
        share = sum(guessed) / max(1, len(guessed))
        return cls(attack, roll, accounts, len(hits), sum(hits), share, gained, note)

    @property
    def bound(self) -> float:
        """Return what may be learned: guessing and one point."""
        return min(1.0, self.guessing + POINT)

    @property
    def upper(self) -> float:
        """Return the upper bound of the share that is learned, with 95 % confidence.

        The smaller of two bounds, which hold together: of what is learned beyond guessing, and of all that is learned.
        An attacker who leaves the best guess for another one loses as well as gains, which only the second one sees.
        """
        beyond = self.guessing + upper_bound(self.gained, self.targets, BEYOND)
        return min(1.0, beyond, upper_bound(self.learned, self.targets, ALL))

    @property
    def passed(self) -> bool:
        """Return whether the upper bound is within the bound."""
        return self.upper <= self.bound

    @property
    def verdict(self) -> str:
        """Return pass or FAIL, or `few targets` where the share is within the bound and only its upper bound is not."""
        if self.passed:
            return "pass"
        return "few targets" if self.targets and self.learned / self.targets <= self.bound else "FAIL"

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the row of the table."""
        share = self.learned / self.targets if self.targets else 0.0
        rates = (share, self.guessing, self.upper, self.bound)
        return (
            *(self.attack, self.roll, str(self.accounts), f"{self.targets:,}"),
            *(f"{rate:.2%}" for rate in rates),
            self.verdict,
        )


def table(outcomes: Iterable[Outcome]) -> str:
    """Return outcomes as a table in Markdown."""
    rows = [HEADER, tuple("---" for _ in HEADER), *(outcome.cells for outcome in outcomes)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
