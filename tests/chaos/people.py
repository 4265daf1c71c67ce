"""People who write to the shop, all the time, with what people do besides."""

import random
import threading
from collections.abc import Sequence

from socialai.errors import InvalidInput
from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.meta.records import Say
from socialai.sandbox.northwind import shop

_PEOPLE = 300
_STICKER = 369239263222822


class People(threading.Thread):
    """Writes until `stop` is called, about `rate` things a second."""

    def __init__(self, sandbox: Sandbox, seed: int, rate: float) -> None:
        super().__init__(name="people", daemon=True)
        self.done = 0
        self._sandbox = sandbox
        self._dice = random.Random(seed)
        self._rate = rate
        self._stopping = threading.Event()
        self._questions = _questions()

    def run(self) -> None:
        while not self._stopping.wait(self._dice.expovariate(self._rate)):
            self._act()

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def _act(self) -> None:
        psid = f"2468000{self._dice.randrange(_PEOPLE):06}"
        try:
            match self._dice.randrange(80):
                case 0 | 1 | 2:
                    self._sandbox.say(psid, "Do you ship to Norway?", edit="last")
                case 11 | 12:
                    self._sandbox.say(psid, delete="last")
                case 3:
                    self._sandbox.say(psid, react_to="answer", reaction="\N{THUMBS UP SIGN}")
                case 4:
                    self._sandbox.say(psid, "Track my order", postback="TRACK")
                case 5:
                    self._sandbox.say(psid, "ok", sticker_id=_STICKER)
                case 6 | 13:
                    self._sandbox.redeliver(3)
                case 7:
                    self._sandbox.reply_as_person(psid, "I take care of it, Robin")
                case 8 | 9 | 10:
                    for text in ("Hi", "sorry", self._dice.choice(self._questions)):
                        self._sandbox.perform(Say(psid=psid, text=text))
                case _:
                    self._sandbox.say(psid, self._dice.choice(self._questions))
        except InvalidInput:
            return  # nothing of theirs to edit, delete or react to yet
        self.done += 1


def _questions() -> Sequence[str]:
    written = [step.text for story in shop.traffic() for step in story.messages if step.text]
    return [*(question for question, _ in shop.faq()), *written]
