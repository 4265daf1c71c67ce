"""What people do: it is kept, and the bots that may know of it are told, together."""

from typing import Any

from msgspec import Struct

from socialai.errors import InvalidInput
from socialai.sandbox.telegram import shapes, untaken
from socialai.sandbox.telegram.records import Bot, File, Group, Message, Person
from socialai.sandbox.telegram.state import State


class Act(Struct, frozen=True, kw_only=True):
    """One thing a person does: says something, with `content` as the Bot API shows other kinds, in a private
    chat with the bot, in a `group`, or in a chat with the business account behind `connection`.

    `edit`: their last message becomes this. `answers`: it answers the bot's last message. `press`: the data
    of a button under it. `reaction` to it. `blocks` the bot, or (False) starts it again. `file`: its bytes;
    `content` names the kind.
    """

    who: int
    name: str = ""
    text: str = ""
    content: dict[str, Any] = {}
    group: int | None = None
    connection: str | None = None
    edit: bool = False
    answers: bool = False
    press: str | None = None
    reaction: str | None = None
    blocks: bool | None = None
    file: bytes | None = None


def perform(state: State, bot: Bot, act: Act) -> int:
    """The number of the message concerned."""
    with state.changing():
        _meet(state, bot, act)
        chat = act.group or act.who
        if act.blocks is not None:
            return _block(state, bot, act)
        if act.press is not None or act.reaction is not None:
            return _answer_of(state, bot, act, chat)
        return _edit(state, bot, act, chat) if act.edit else _write(state, bot, act, chat)


def upgrade(state: State, bot: Bot, group_id: int, new_id: int) -> None:
    """The group becomes a supergroup; both are told."""
    with state.changing():
        group = state.groups[group_id]
        owner = next(iter(state.people))
        said = Message(state.number(), group_id, owner, state.now(), {"migrate_to_chat_id": new_id})
        untaken.tell(state, bot, "message", shapes.message(state, said))
        group.moved_to = new_id
        state.groups[new_id] = Group(new_id, group.title, "supergroup")
        said = Message(state.number(), new_id, owner, state.now(), {"migrate_from_chat_id": group_id})
        untaken.tell(state, bot, "message", shapes.message(state, said))


def remove_bot(state: State, bot: Bot, group_id: int) -> None:
    with state.changing():
        _place(state, bot, group_id, next(iter(state.people)), "member", "kicked")
        state.groups.pop(group_id)


def write_as_owner(state: State, bot: Bot, connection: str, who: int, text: str) -> int:
    """The owner of a business account answers in person."""
    with state.changing():
        said = Message(state.number(), who, state.owners[connection], state.now(), {"text": text})
        said.connection = connection
        state.messages.append(said)
        untaken.tell(state, bot, "business_message", shapes.message(state, said))
        return said.id


def delete_in_business(state: State, bot: Bot, connection: str, who: int, number: int) -> None:
    with state.changing():
        if found := state.find(who, number):
            found.deleted = True
        told = {
            "business_connection_id": connection,
            "chat": shapes.chat(state, who),
            "message_ids": [number],
        }
        untaken.tell(state, bot, "deleted_business_messages", told)


def connect_business(state: State, bot: Bot, connection: str, owner: Person) -> None:
    with state.changing():
        state.people[owner.id] = owner
        state.owners[connection] = owner.id
        told = {
            "id": connection,
            "user": shapes.user(owner),
            "user_chat_id": owner.id,
            "date": state.now(),
            "rights": {"can_reply": True},
            "is_enabled": True,
        }
        untaken.tell(state, bot, "business_connection", told)


def _meet(state: State, bot: Bot, act: Act) -> None:
    """People exist from their first word on."""
    if act.who not in state.people:
        state.people[act.who] = Person(act.who, act.name or f"Guest {act.who % 10_000}")
    if act.group is None and act.connection is None:
        state.met.add((act.who, bot.id))
    if act.group is not None and act.group not in state.groups:
        state.groups[act.group] = Group(act.group, f"Group {-act.group % 10_000}")


def _write(state: State, bot: Bot, act: Act, chat: int) -> int:
    content = dict(act.content)
    if act.text:
        content["caption" if content else "text"] = act.text
    if act.file is not None:
        _attach(state, content, act.file)
    if not content:
        raise InvalidInput("A person says something, sends something, or does something to a message.")
    said = Message(state.number(), chat, act.who, state.now(), content, connection=act.connection)
    if act.answers and (last := state.last(chat, by_bot=True, connection=act.connection)):
        said.reply_to = last.id
    state.messages.append(said)
    kind = "business_message" if act.connection else "message"
    if _is_seen(state, bot, said):
        untaken.tell(state, bot, kind, shapes.message(state, said))
    return said.id


def _edit(state: State, bot: Bot, act: Act, chat: int) -> int:
    said = next(each for each in reversed(state.messages) if (each.chat, each.by) == (chat, act.who))
    said.content["text" if "text" in said.content else "caption"] = act.text
    said.edited_at = state.now()
    kind = "edited_business_message" if said.connection else "edited_message"
    if _is_seen(state, bot, said):
        untaken.tell(state, bot, kind, shapes.message(state, said))
    return said.id


def _answer_of(state: State, bot: Bot, act: Act, chat: int) -> int:
    """Something is done to what the bot said last."""
    last = state.last(chat, by_bot=True)
    if last is None:
        raise InvalidInput(f"The bot has said nothing in {chat} yet.")
    person, shown = shapes.user(state.people[act.who]), shapes.message(state, last)
    if act.press is not None:
        pressed = {"id": str(state.number()), "from": person, "message": shown, "data": act.press}
        untaken.tell(state, bot, "callback_query", {**pressed, "chat_instance": str(chat)})
        return last.id
    new = [{"type": "emoji", "emoji": act.reaction}] if act.reaction else []
    reacted = {"chat": shown["chat"], "message_id": last.id, "user": person, "date": state.now()}
    untaken.tell(state, bot, "message_reaction", {**reacted, "old_reaction": [], "new_reaction": new})
    return last.id


def _block(state: State, bot: Bot, act: Act) -> int:
    pair = (act.who, bot.id)
    (state.blocked.add if act.blocks else state.blocked.discard)(pair)
    old, new = ("member", "kicked") if act.blocks else ("kicked", "member")
    _place(state, bot, act.who, act.who, old, new)
    return 0


def _place(state: State, bot: Bot, chat: int, who: int, old: str, new: str) -> None:
    told = {
        "chat": shapes.chat(state, chat),
        "from": shapes.user(state.people[who]),
        "date": state.now(),
        "old_chat_member": _member(bot, old),
        "new_chat_member": _member(bot, new),
    }
    untaken.tell(state, bot, "my_chat_member", told)


def _member(bot: Bot, status: str) -> dict[str, Any]:
    until = {"until_date": 0} if status == "kicked" else {}
    return {"user": shapes.user(bot), "status": status, **until}


def _is_seen(state: State, bot: Bot, said: Message) -> bool:
    """In groups most bots are shown only what is said to them (privacy mode)."""
    if said.chat not in state.groups or not bot.privacy:
        return True
    quoted = state.find(said.chat, said.reply_to) if said.reply_to else None
    is_answer = quoted is not None and quoted.by == bot.id
    return is_answer or said.text.startswith("/") or f"@{bot.username}".lower() in said.text.lower()


def _attach(state: State, content: dict[str, Any], file: bytes) -> None:
    """Its bytes under an id, in the place that the content has for one."""
    kind = next(iter(content))
    number = state.number()
    kept = File(f"file-{number}", f"{kind}/file_{number}", file)
    state.files[kept.id] = kept
    shown = {"file_id": kept.id, "file_unique_id": f"u{number}", "file_size": len(file), **content[kind]}
    content[kind] = [shown] if kind == "photo" else shown
