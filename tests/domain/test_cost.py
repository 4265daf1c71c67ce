"""The usual calculation comes out as anybody can check with a pencil, and ours counts what was measured."""

import pytest

from socialai.domain.cost import Size, Use, cloud, ours
from socialai.domain.spending import Prices, TierCost, tokens_of


def test_the_usual_calculation_for_a_hundred_businesses() -> None:
    size = Size(100, 1000)
    bill = cloud(size)
    assert size.messages == 3_000_000
    assert [round(step.dollars, 2) for step in bill.steps] == [18_000.0, 1_440.0, 1_313.0]
    assert round(bill.total, 2) == 20_753.0
    assert round(bill.per_message, 6) == 0.006918


def test_ours_is_nothing_but_energy_without_an_endpoint() -> None:
    bill = ours(Size(), Use(messages=500), Prices(tokens_in=5, tokens_out=15, watts=100, kilowatt_hour=0.25))
    assert round(bill.total, 2) == 18.0


def test_an_endpoint_costs_the_tokens_that_were_measured() -> None:
    use = Use(messages=100, calls=10, tokens_in=8000, tokens_out=500) + Use()
    bill = ours(Size(1, 100), use, Prices(tokens_in=1.0, tokens_out=2.0))
    assert round(bill.total, 6) == round(3000 * 0.1 * 800 / 1e6 + 3000 * 0.1 * 50 / 1e6 * 2, 6)


def test_a_model_on_this_machine_has_no_price_a_token_but_its_time_draws_energy() -> None:
    use = Use(messages=100, here=20, here_in=10_000, here_out=800, here_ms=60_000)
    bill = ours(Size(1, 100), use, Prices(tokens_in=5, tokens_out=15))
    assert bill.total == 0
    assert "600 texts × 540 tokens in 3.0 s each" in bill.steps[1].how
    assert "2,400 messages" in bill.steps[0].how
    prices = Prices(watts=120, kilowatt_hour=0.30)
    assert prices.of_work(30_000) == pytest.approx(120 * 30 / 3_600_000 * 0.30)
    assert Prices(1.0, 2.0).of_tokens(1_000_000, 500_000) == 2.0


def test_tiers_add_up_and_tokens_are_guessed_where_nobody_says() -> None:
    both = TierCost("model", 2, 10.0, 30, 4, 0.5) + TierCost("model", 3, 5.0, 10, 1, 0.5)
    assert both == TierCost("model", 5, 15.0, 40, 5, 1.0)
    assert (both.ms_each, both.dollars_each) == (3.0, 0.2)
    assert TierCost(None, 0, 0.0, 0, 0, 0.0).ms_each == 0
    assert (tokens_of(""), tokens_of("abcde")) == (0, 2)


def test_nothing_measured_is_no_division_by_zero() -> None:
    assert ours(Size(), Use(), Prices()).total == 0
