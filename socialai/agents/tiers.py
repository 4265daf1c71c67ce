"""Which way of writing an answer is good enough: the cheapest that is.

An answer the tenant wrote for this very question is sent as it is. Else the knowledge's own sentences answer,
unless a language model was chosen and has something to add.
"""

from socialai.agents.follow_up import is_follow_up
from socialai.agents.retrieve import parts_of
from socialai.agents.turn import Turn


def model_adds(turn: Turn) -> bool:
    """Several facts to join, several questions, or one that means what was said before. Who tries to instruct
    the assistant is not read by it."""
    if turn.tier != "extractive" or "injection" in turn.understood.flags:
        return False
    return len(turn.sources) > 1 or len(parts_of(turn.question)) > 1 or is_follow_up(turn)
