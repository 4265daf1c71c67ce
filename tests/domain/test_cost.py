"""The usual calculation comes out as anybody can check with a pencil, and ours counts what was measured."""

from socialai.domain.cost import Prices, Size, Use, cloud, ours


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


def test_nothing_measured_is_no_division_by_zero() -> None:
    assert ours(Size(), Use(), Prices()).total == 0
