"""What a person does with a reply: approve, edit, reject, or write one."""

import sqlite3

from socialai.actions import sending
from socialai.channels import adapter_kind, limits_of
from socialai.context import App
from socialai.domain.conversation import Conversation
from socialai.domain.limits import Limits
from socialai.domain.reply import Reply
from socialai.errors import Conflict, InvalidInput
from socialai.security.permissions import Principal
from socialai.store import activities, channels, conversations, messages, replies

_LONGEST = 10_000


def approve(app: App, who: Principal, reply_id: int, *, private: bool = False) -> Reply:
    """Send the draft as it is; `private`: a comment is answered by private message. Conflict, once, when
    something was said after it was made."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> tuple[Reply, list[int]] | None:
        draft = replies.get(db, reply_id)
        conversation = conversations.get(db, draft.conversation_id)
        _check_owner(conversation, who)
        if draft.state == "draft" and draft.version != conversation.version:
            replies.fit(db, reply_id, conversation.version)
            return None
        if private:
            _check_private(db, conversation)
            replies.make_private(db, reply_id)
        reply = replies.approve(db, reply_id, who.user_id, now)
        conversations.changed(db, conversation.id)
        items = sending.queue(db, conversation, reply, _limits(db, conversation), now)
        activities.add(db, conversation.id, "approved", f"{who.name} approved the draft", now, who.user_id)
        return reply, items

    approved = app.files.tenant(who.tenant_id).write(run)
    if approved is None:
        raise Conflict("Something new was said after this draft was made. Read it, then approve again.")
    _ring(app, who.tenant_id, *approved)
    return approved[0]


def edit(app: App, who: Principal, reply_id: int, text: str) -> Reply:
    """Change the draft's words. It then belongs to what was said until now."""
    now, text = app.clock(), _checked(text)

    def run(db: sqlite3.Connection) -> Reply:
        reply = replies.edit(db, reply_id, text, now)
        version = conversations.get(db, reply.conversation_id).version
        return replies.fit(db, reply_id, version)

    reply = app.files.tenant(who.tenant_id).write(run)
    app.feed.tell(who.tenant_id, "conversation", reply.conversation_id)
    return reply


def reject(app: App, who: Principal, reply_id: int) -> Reply:
    """The draft is not sent; a person goes on with the conversation."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> Reply:
        reply = replies.reject(db, reply_id, who.user_id)
        conversations.changed(db, reply.conversation_id)
        activities.add(
            db, reply.conversation_id, "rejected", f"{who.name} rejected the draft", now, who.user_id
        )
        return reply

    reply = app.files.tenant(who.tenant_id).write(run)
    app.feed.tell(who.tenant_id, "conversation", reply.conversation_id)
    return reply


def write(
    app: App,
    who: Principal,
    conversation_id: int,
    text: str,
    *,
    private: bool = False,
    template: bool = False,
) -> Reply:
    """Send what a person wrote; `private`: a comment is answered by private message; `template`: in the
    channel's message template, which goes through when the window is closed. The waiting draft is put aside
    and the conversation is theirs."""
    now, text = app.clock(), text if template else _checked(text)

    def run(db: sqlite3.Connection) -> tuple[Reply, list[int]]:
        conversations.take_over(db, conversation_id, who.user_id)
        conversation = conversations.get(db, conversation_id)
        if private:
            _check_private(db, conversation)
        said = _in_template(db, conversation, text) if template else text
        replies.supersede(db, conversation_id)
        version = conversation.version
        reply = replies.add(
            db, conversation_id, "approved", said, version, now, user_id=who.user_id, private=private
        )
        limits = _limits(db, conversation)
        return reply, sending.queue(db, conversation, reply, limits, now, template=template)

    reply, items = app.files.tenant(who.tenant_id).write(run)
    _ring(app, who.tenant_id, reply, items)
    return reply


def _ring(app: App, tenant_id: str, reply: Reply, items: list[int]) -> None:
    for item_id in items[:1]:
        app.tasks.wake("deliver", tenant_id, item_id)
    app.feed.tell(tenant_id, "conversation", reply.conversation_id)


def _in_template(db: sqlite3.Connection, conversation: Conversation, text: str) -> str:
    """What goes into its blank; where it has none, its name, which stands in the thread for its words."""
    channel = channels.get(db, conversation.channel_id)
    kind = adapter_kind(channel.platform)
    template = kind.template(channel.config)
    if template is None:
        raise InvalidInput(f"{channel.name} has no message template to send. Name one under Channels.")
    if not template.most:
        return f"Message template “{template.name}”"
    if len(text) > template.most:
        raise InvalidInput(
            f"The blank of a message template takes {template.most} characters; make it shorter."
        )
    return _checked(text)


def _check_private(db: sqlite3.Connection, conversation: Conversation) -> None:
    able = adapter_kind(channels.get(db, conversation.channel_id).platform)
    if not conversation.in_public:
        raise InvalidInput("This conversation is private already.")
    if able.capabilities.private_answer is None:
        raise InvalidInput(f"{able.title} lets nobody answer a comment in private.")
    comment = messages.find_last_of_contact(db, conversation.id)
    if comment and replies.answered_in_private(db, comment):
        raise Conflict(f"{able.title} lets a comment be answered in private once, which was done.")


def _limits(db: sqlite3.Connection, conversation: Conversation) -> Limits:
    return limits_of(channels.get(db, conversation.channel_id), conversation)


def _check_owner(conversation: Conversation, who: Principal) -> None:
    if conversation.owner_id not in (None, who.user_id):
        raise Conflict("Another person of your team has this conversation.")


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise InvalidInput("The reply is empty. Write something first.")
    if len(text) > _LONGEST:
        raise InvalidInput(f"The reply is longer than {_LONGEST} characters. Make it shorter.")
    return text
