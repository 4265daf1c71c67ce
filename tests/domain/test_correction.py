"""Whether what was learnt is good enough to be used."""

from datetime import UTC, datetime

from socialai.domain.correction import Judgement, as_meant, checked, verdict
from socialai.domain.triage import Sentiment, Understanding

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CALM, CROSS = Judgement("support", "neutral", "low"), Judgement("complaint", "angry", "low")


def test_what_gets_better_is_accepted() -> None:
    report = verdict(2, checked([CALM, CALM], [CALM, CROSS], [CALM, CROSS]), NOW)
    assert report.accepted
    assert [(one.part, one.before, one.after) for one in report.checked] == [
        ("intent", 0.5, 1.0),
        ("mood", 0.5, 1.0),
        ("urgency", 1.0, 1.0),
    ]


def test_what_makes_one_part_worse_is_refused_with_the_figures() -> None:
    after = Judgement("support", "angry", "low")
    report = verdict(2, checked([CALM, CALM], [CALM, after], [CALM, CALM]), NOW)
    assert not report.accepted
    assert report.reason == "mood would be right 50% of the time instead of 100%"


def test_the_score_of_a_mood_moves_only_with_its_label() -> None:
    said = Understanding("inquiry", 0.8, Sentiment("neutral", 0.12), "low")
    assert as_meant(said, CALM).sentiment == Sentiment("neutral", 0.12)
    assert as_meant(said, CROSS).sentiment == Sentiment("angry", -0.85)
