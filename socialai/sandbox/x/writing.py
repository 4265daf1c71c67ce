"""What the account says and does through the API."""

from litestar import delete, post, put
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from socialai.sandbox.x import acts, problems
from socialai.sandbox.x.asking import Asked, Shown, answered, as_account
from socialai.sandbox.x.state import State

_LONGEST = 10_000


class Words(Struct):
    text: str


class Under(Struct):
    in_reply_to_tweet_id: str


class Posting(Struct):
    text: str
    reply: Under | None = None


class Hiding(Struct):
    hidden: bool


@post("/2/dm_conversations/with/{contact:str}/messages", status_code=201)
async def write(request: Asked, contact: FromPath[str], data: JSONBody[Words]) -> Shown:
    state = as_account(request)
    return await answered(request, "send", lambda: _write(state, contact, data.text))


@post("/2/tweets", status_code=201)
async def answer(request: Asked, data: JSONBody[Posting]) -> Shown:
    state = as_account(request)
    return await answered(request, "send", lambda: _answer(state, data))


@delete("/2/tweets/{number:str}", status_code=200, sync_to_thread=False)
def remove(request: Asked, number: FromPath[str]) -> Shown:
    state = as_account(request)
    said = state.find(number)
    if said and said.author != state.shop.id:
        raise problems.refused("You may delete your own posts only.")
    return {"data": {"deleted": acts.delete(state, number)}}


@put("/2/tweets/{number:str}/hidden", sync_to_thread=False)
def hide(request: Asked, number: FromPath[str], data: JSONBody[Hiding]) -> Shown:
    state = as_account(request)
    said = state.find(number)
    if said is None:
        raise problems.not_found()
    with state.changing():
        said.hidden = data.hidden
    return {"data": {"hidden": said.hidden}}


HANDLERS = (write, answer, remove, hide)


def _write(state: State, contact: str, text: str) -> Shown:
    """To whom is known here; X lets nobody write to whoever takes no messages."""
    if contact not in state.people:
        raise problems.refused("You do not have permission to DM one or more participants.")
    if not text.strip() or len(text) > _LONGEST:
        raise problems.invalid("The text of a message has 1 to 10000 characters.")
    said = acts.write(state, state.shop, state.people[contact], text)
    return {"data": {"dm_event_id": said.id, "dm_conversation_id": f"{state.shop.id}-{contact}"}}


def _answer(state: State, posting: Posting) -> Shown:
    """Only when summoned, and not twice the same."""
    asked = state.find(posting.reply.in_reply_to_tweet_id) if posting.reply else None
    if posting.reply and (asked is None or not acts.names_shop(state, asked)):
        raise problems.refused("Reply to this conversation is not allowed: you were not mentioned.")
    own = (each for each in state.posts if each.author == state.shop.id and not each.deleted)
    if any(each.text == posting.text for each in own):
        raise problems.refused("You are not allowed to create a Tweet with duplicate content.")
    said = acts.post(state, state.shop, posting.text, asked.id if asked else None)
    return {"data": {"id": said.id, "text": said.text}}
