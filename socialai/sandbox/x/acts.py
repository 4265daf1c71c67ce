"""What people and the shop do on X, and who is told of it."""

from socialai.sandbox.x import shapes
from socialai.sandbox.x.records import Direct, Person, Post
from socialai.sandbox.x.state import State


def write(state: State, sender: Person, recipient: Person, text: str) -> Direct:
    """In private."""
    with state.changing():
        state.people |= {sender.id: sender, recipient.id: recipient}
        said = Direct(
            id=state.number(), sender=sender.id, recipient=recipient.id, text=text, at=state.clock()
        )
        state.directs.append(said)
        state.tell("dm.sent" if sender.id == state.shop.id else "dm.received", shapes.told(state, said))
    return said


def post(state: State, author: Person, text: str, answers: str | None = None) -> Post:
    with state.changing():
        state.people[author.id] = author
        number, asked = state.number(), state.find(answers or "")
        said = Post(
            id=number,
            first=number,
            author=author.id,
            text=text,
            at=state.clock(),
            conversation=asked.conversation if asked else number,
            answers=asked.first if asked else None,
        )
        state.posts.append(said)
        _tell(state, said)
    return said


def edit(state: State, post_id: str, text: str) -> Post | None:
    """X gives what was edited a new id."""
    with state.changing():
        if said := state.find(post_id):
            said.id, said.text = state.number(), text
            _tell(state, said)
    return said


def delete(state: State, post_id: str) -> bool:
    with state.changing():
        said = state.find(post_id)
        if said:
            said.deleted = True
            state.tell("post.delete", {"id": said.first})
    return said is not None


def names_shop(state: State, said: Post) -> bool:
    return f"@{state.shop.username}".casefold() in said.text.casefold()


def _tell(state: State, said: Post) -> None:
    """Who names the shop in an answer to it is told of twice, as X does."""
    shown, beside = shapes.post(state, said), shapes.around(state, said)
    asked = state.find(said.answers) if said.answers else None
    if said.author == state.shop.id:
        state.tell("post.create", shown, beside)
        return
    if names_shop(state, said):
        state.tell("post.mention.create", shown, beside)
    if asked and asked.author == state.shop.id:
        state.tell("post.reply.create", shown, beside)
