"""What an owner may enter, and what nobody is shown."""

import pytest

from socialai.errors import InvalidInput
from socialai.platforms.telegram.config import TelegramConfig
from tests.platforms.telegram.sample import BOT, CONFIG, TOKEN


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"bot_token": "northwind"}, "The bot token looks like"),
        ({"bot_token": f"{TOKEN}/getMe?"}, "The bot token looks like"),
        ({"bot_token": f"{TOKEN}\n"}, "The bot token looks like"),
        ({"username": "northwind bot"}, "The bot's user name has letters"),
        ({"api_url": "http://api.telegram.org"}, "must begin with https://"),
        ({"api_url": "https://api.telegram.org/?to="}, "must begin with https://"),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_sentence(wrong: dict[str, str], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        TelegramConfig(**{"bot_token": TOKEN, **wrong})


def test_the_bots_number_stands_before_the_colon_of_its_token() -> None:
    assert CONFIG.bot_id == BOT


def test_a_name_may_be_given_with_its_at_sign() -> None:
    assert TelegramConfig(bot_token=TOKEN, username="@northwind_bot").name == CONFIG.name == "northwind_bot"


def test_each_token_has_a_secret_of_its_own_that_telegram_takes() -> None:
    other = TelegramConfig(bot_token=f"{TOKEN}2")
    assert other.webhook_secret != CONFIG.webhook_secret
    assert CONFIG.webhook_secret.isalnum()
    assert len(CONFIG.webhook_secret) == 64
