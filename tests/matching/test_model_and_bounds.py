"""The model as data; exact bounds; training and certification on a small roll."""

import dataclasses
import json
from pathlib import Path
from random import Random

import pytest

from apps.matching import Matcher, ModelError, TypedPerson, VoterIndex, open_index, read_model, shipped_model
from apps.matching.binomial import at_most, upper_bound
from apps.matching.certificate import FILE, write
from apps.matching.certify import certify
from apps.matching.fields import FIELDS, GROUPS
from apps.matching.model import SHIPPED
from apps.matching.perturb import perturbed_query
from apps.matching.train import learn_m, learn_u
from tests.matching.conftest import ROLL, build, neighbors


def test_the_shipped_model_reads_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text(shipped_model().as_json())
    assert read_model(path).as_json() == SHIPPED.read_text()


def test_m_is_a_distribution_within_each_group_of_levels() -> None:
    model = shipped_model()
    for name, levels in FIELDS.items():
        for group in GROUPS.get(name, (tuple(levels),)):
            assert sum(model.m[name][level] for level in group) == pytest.approx(1, abs=0.01), name


@pytest.mark.parametrize("change", [{"prior": {}}, {"fields": {}}, {"near": {"twin": {}}}])
def test_a_model_that_lacks_something_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "m.json"
    path.write_text(json.dumps({**json.loads(SHIPPED.read_text()), **change}))
    with pytest.raises(ModelError, match=r"m\.json: not a model"):
        read_model(path)


# Known values: scipy.stats.beta.ppf(.95, k + 1, n - k), and 1 - .05 ** (1 / n) for none seen.
@pytest.mark.parametrize(
    ("seen", "trials", "bound"),
    [(0, 10, 0.2588656), (0, 100_000, 2.9957e-5), (1, 10, 0.3941633), (5, 50, 0.198833),
     (40, 100_000, 5.20662e-4),
     (10, 10, 1.0), (0, 0, 1.0)],
)  # fmt: skip
def test_clopper_pearson_bounds(seen: int, trials: int, bound: float) -> None:
    assert upper_bound(seen, trials) == pytest.approx(bound, rel=1e-3)


def test_the_tail_of_the_binomial() -> None:
    assert at_most(0, 10, 0.5) == pytest.approx(0.5**10)
    assert (at_most(3, 10, 0), at_most(3, 10, 1), at_most(10, 10, 0.5)) == (1, 0, 1)


def test_learning_finds_what_true_pairs_agree_on(index: VoterIndex, matcher: Matcher) -> None:
    voters = [*ROLL, *neighbors(4000)]
    rng = Random(5)
    people = [perturbed_query(v, "form", voters, rng) for v in voters[::9]]
    u = learn_u(matcher, people, 20_000, seed=1)
    assert u["dob"][0] < 0.02
    assert u["first"][-1] > 0.5
    learned = learn_m(Matcher([index], dataclasses.replace(matcher.model, u=u)), people, "form", rounds=4)
    assert learned.m["dob"][0] > 0.9
    assert learned.m["where"][0] > 0.7


def test_a_small_roll_is_not_certified_and_keeps_the_shipped_thresholds(matcher: Matcher) -> None:
    voters = list(enumerate([*ROLL, *neighbors(4000)]))[::40]
    certificate = certify(matcher, voters, "form", seed=3)
    assert not certificate.certified
    assert {n: s.threshold for n, s in certificate.strata.items()} == matcher.model.thresholds["form"]
    assert certificate.recall > 0.6
    assert certificate.false <= 2


def test_a_certificate_travels_with_its_index_and_fits_no_other(tmp_path: Path, matcher: Matcher) -> None:
    roll = build(tmp_path / "index", [*ROLL, *neighbors(300)])
    made = certify(Matcher([roll]), list(enumerate([*ROLL, *neighbors(300)])), "form", seed=3)
    strata = {name: dataclasses.replace(s, threshold=0.9999999) for name, s in made.strata.items()}
    write(roll.folder, [dataclasses.replace(made, certified=True, strata=strata)])
    query = TypedPerson(
        first_name="William", last_name="Hartwell", dob="1956-03-09", address="12 N Main St", zip="10001"
    )
    again = Matcher([open_index(roll.folder)]).match_one(query)
    assert (again.status, again.certified, again.threshold) == ("possible", True, 0.9999999)
    assert again.explanation["certified"]
    other = Matcher([open_index(roll.folder)], dataclasses.replace(matcher.model, version="other")).match_one(query)
    assert (other.status, other.certified) == ("verified", False)
    (roll.folder / FILE).write_text("{")
    assert not Matcher([open_index(roll.folder)]).match_one(query).certified


def test_the_accuracy_card_tells_recall_by_group_and_calibration(matcher: Matcher) -> None:
    card = certify(matcher, list(enumerate([*ROLL, *neighbors(4000)]))[3::10], "form", seed=4)
    recall = card.recall_by
    assert recall["moved"]["yes"]["recall"] < recall["moved"]["no"]["recall"]
    assert recall["given"]["birth_date"]["recall"] > recall["given"]["address"]["recall"]
    assert recall["surname"]["two_surnames"]["people"] == 1
    assert sum(g["people"] for g in recall["moved"].values()) == 401
    assert all(0 <= band["true"] <= 1 for band in card.calibration)
