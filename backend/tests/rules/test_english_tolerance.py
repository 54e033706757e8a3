"""Every case of tolerance.yaml: which typed answers are the same as the key, and what is said."""

from pathlib import Path

import pytest
import yaml

from app.english.answers import accepts, compare

CASES = [
    pytest.param(case, id=f"{heading}: {case['answer']}")
    for heading, cases in yaml.safe_load(
        Path(__file__).with_name("tolerance.yaml").read_text(encoding="utf-8")
    ).items()
    for case in cases
]


def _listed(value):
    return value if isinstance(value, list) else [value]


def test_there_are_at_least_two_hundred_cases():
    assert len(CASES) >= 200


@pytest.mark.parametrize("case", CASES)
def test_an_answer_is_judged_as_the_teacher_says(case):
    how = {"exact": case.get("exact", False), "language": case.get("language", "en")}
    keys = _listed(case["key"])
    found = compare(keys, case["answer"], **how)
    assert found.is_accepted is case["accepted"], case["reason"]
    assert accepts(keys, case["answer"], **how) is case["accepted"]
    if "named" in case:
        assert [remark.reason for remark in found.reasons] == _listed(case["named"])
    elif case["accepted"]:
        assert not found.reasons
    assert all(remark.text("id") != remark.text("en") for remark in found.reasons)
