"""What people say in public under a post: a conversation of its own, answered in public or in private,
hidden."""

from typing import Any

import pytest

from socialai.actions import moderation
from socialai.actions import replies as replying
from socialai.domain.conversation import Conversation, Message
from socialai.domain.reply import Reply
from socialai.errors import Conflict, InvalidInput
from socialai.store import contacts, messages, outbox, replies
from tests.jobs.desk import POST, Desk

QUESTION = "Do you ship to Norway and what does it cost?"


def comments(desk: Desk, text: str, number: int = 99, contact: str = "8001", **changes: Any) -> str:
    """Somebody writes under the Page's post; the comment's id."""
    value = {
        "item": "comment",
        "verb": "add",
        "comment_id": f"88_{number}",
        "post_id": POST,
        "parent_id": POST,
        "from": {"id": contact, "name": "Ada Lovelace"},
        "created_time": round(desk.clock().timestamp()),
        "message": text,
        **changes,
    }
    desk.arrives({"field": "feed", "value": value}, section="changes")
    return f"88_{number}"


def talk(desk: Desk, contact: str = "8001") -> Conversation:
    return desk.conversation(contact, POST)


def said(desk: Desk, contact: str = "8001") -> list[Message]:
    conversation_id = talk(desk, contact).id
    return desk.db.read(lambda db: messages.messages(db, conversation_id))


def draft(desk: Desk) -> Reply:
    conversation_id = talk(desk).id
    found = desk.db.read(lambda db: replies.find_draft(db, conversation_id))
    assert found
    return found


def owned_by(desk: Desk) -> int | None:
    return talk(desk).owner_id


def states(desk: Desk) -> list[str]:
    found = desk.db.read(lambda db: outbox.items(db))
    return [item.state for item in found if item.conversation_id == talk(desk).id]


def test_a_comment_and_a_private_message_of_one_person_are_two_conversations(desk: Desk) -> None:
    desk.says("hello")
    comments(desk, QUESTION)
    desk.wait(10)
    private, public = desk.conversation(), talk(desk)
    assert private.id != public.id
    assert private.contact_id == public.contact_id
    assert (public.in_public, private.in_public) == (True, False)
    assert public.thread_url == f"https://www.facebook.com/{POST}"
    assert desk.db.read(lambda db: contacts.get(db, public.contact_id)).name == "Ada Lovelace"


def test_an_approved_draft_is_said_under_the_comment_once(desk: Desk) -> None:
    comment_id = comments(desk, QUESTION)
    desk.wait(10)
    replying.approve(desk.app, desk.anna, draft(desk).id)
    desk.page.plan.append("lost")
    desk.wait(60)
    assert [(sent["contact"], sent["id"]) for sent in desk.page.sent] == [
        (comment_id, said(desk)[-1].external_id)
    ]
    assert states(desk) == ["sent"]


def test_the_pages_own_comment_coming_back_is_proof_and_nobody_takes_over(desk: Desk) -> None:
    desk.auto()
    comment_id = comments(desk, QUESTION)
    desk.page.plan.append("lost")
    desk.page.reads.extend(["error"] * 20)
    desk.wait(5)
    sent = desk.page.sent[0]
    comments(desk, sent["text"], 130, PAGE_AUTHOR, parent_id=comment_id, comment_id=sent["id"])
    desk.wait(5)
    assert states(desk) == ["sent"]
    assert owned_by(desk) is None
    assert [message.author for message in said(desk)] == ["contact", "assistant"]


PAGE_AUTHOR = POST.partition("_")[0]


def test_an_echo_that_names_the_first_comment_is_of_the_answer_to_another_under_the_same_post(
    desk: Desk,
) -> None:
    """As on Instagram, where an answer to an answer stands under the comment that began it."""
    first = comments(desk, "Lovely!", 98, "8002")
    comments(desk, QUESTION, parent_id=first)
    desk.wait(10)

    def comes_back(sent: dict[str, Any]) -> None:
        comments(desk, sent["text"], 130, PAGE_AUTHOR, parent_id=first, comment_id=sent["id"])
        desk.keep_all()

    desk.page.taken = comes_back
    replying.approve(desk.app, desk.anna, draft(desk).id)
    desk.wait(10)
    assert (states(desk), said(desk)[-1].author) == (["sent"], "assistant")
    assert [message.text for message in said(desk, "8002")] == ["Lovely!"]


def test_a_private_answer_to_a_comment_that_comes_back_without_our_key_is_ours(desk: Desk) -> None:
    comments(desk, QUESTION)
    desk.says("hello")
    desk.wait(10)

    def comes_back(sent: dict[str, Any]) -> None:
        desk.echo({**sent, "contact": "8001", "key": None})
        desk.keep_all()

    desk.page.taken = comes_back
    replying.write(desk.app, desk.anna, talk(desk).id, "We write to you.", private=True)
    desk.wait(10)
    assert states(desk) == ["sent"]
    assert desk.conversation().owner_id is None


def test_a_colleague_who_answers_on_the_page_takes_over(desk: Desk) -> None:
    comment_id = comments(desk, QUESTION)
    desk.wait(10)
    comments(desk, "I'll look.", 131, PAGE_AUTHOR, parent_id=comment_id)
    desk.wait(10)
    assert owned_by(desk) == 0
    assert said(desk)[-1].text == "I'll look."
    comments(desk, "To nobody", 132, PAGE_AUTHOR)
    desk.wait(10)
    assert len(said(desk)) == 2


def test_a_comment_is_answered_in_private_once(desk: Desk) -> None:
    comment_id = comments(desk, QUESTION)
    desk.wait(10)
    replying.write(desk.app, desk.anna, talk(desk).id, "We write to you.", private=True)
    desk.wait(10)
    assert [(sent["contact"], sent["text"]) for sent in desk.page.sent] == [(comment_id, "We write to you.")]
    assert said(desk)[-1].private
    with pytest.raises(Conflict, match="once"):
        replying.write(desk.app, desk.anna, talk(desk).id, "Again.", private=True)
    desk.wait(60)
    comments(desk, "Thanks! And to Sweden?", 100)
    desk.wait(10)
    replying.write(desk.app, desk.anna, talk(desk).id, "There, too.", private=True)
    desk.wait(10)
    assert desk.page.sent[-1]["contact"] == "88_100"


def test_a_private_message_is_not_answered_in_private_again(desk: Desk) -> None:
    desk.says("hello")
    desk.wait(10)
    with pytest.raises(InvalidInput, match="private already"):
        replying.write(desk.app, desk.anna, desk.conversation().id, "hi", private=True)


def test_after_seven_days_a_private_answer_is_refused_with_the_reason(desk: Desk) -> None:
    comments(desk, QUESTION)
    desk.wait(10)
    desk.wait(8 * 24 * 3600)
    replying.write(desk.app, desk.anna, talk(desk).id, "We write to you.", private=True)
    desk.wait(10)
    assert states(desk) == ["dead"]
    assert desk.page.sent == []


def test_a_comment_is_hidden_once_it_can_be_and_shown_again(desk: Desk) -> None:
    comment_id = comments(desk, "You are all crooks")
    desk.wait(10)
    desk.page.plan.append("limit")
    moderation.moderate(desk.app, desk.anna, said(desk)[0].id, "hide")
    desk.wait(5)
    assert said(desk)[0].hidden_at is None
    desk.wait(120)
    assert said(desk)[0].hidden_at is not None
    assert desk.page.deeds[-1][1:] == (comment_id, {**desk.page.deeds[-1][2], "is_hidden": "true"})
    comments(desk, "You are all crooks", verb="unhide")
    desk.wait(5)
    assert said(desk)[0].hidden_at is None


def test_our_own_answer_is_changed_and_deleted_there(desk: Desk) -> None:
    comments(desk, QUESTION)
    desk.wait(10)
    replying.write(desk.app, desk.anna, talk(desk).id, "It costs 9 EUR.")
    desk.wait(10)
    ours = said(desk)[-1]
    moderation.moderate(desk.app, desk.anna, ours.id, "edit", "It costs 12 EUR.")
    desk.wait(5)
    assert said(desk)[-1].text == "It costs 12 EUR."
    moderation.moderate(desk.app, desk.anna, ours.id, "delete")
    desk.wait(5)
    assert said(desk)[-1].deleted_at is not None
    assert [method for method, *_ in desk.page.deeds] == ["POST", "DELETE"]


def test_what_the_platform_has_no_way_to_do_is_said(desk: Desk) -> None:
    desk.says("hello")
    comments(desk, "hello")
    desk.wait(10)
    with pytest.raises(InvalidInput, match="belongs to who wrote it"):
        moderation.moderate(desk.app, desk.anna, desk.messages()[0].id, "hide")
    with pytest.raises(InvalidInput, match="no way to edit"):
        moderation.moderate(desk.app, desk.anna, said(desk)[0].id, "edit", "hi")


def test_our_private_message_cannot_be_taken_back_where_only_comments_can(desk: Desk) -> None:
    desk.says("hello")
    desk.wait(10)
    replying.write(desk.app, desk.anna, desk.conversation().id, "It costs 9 EUR.")
    desk.wait(10)
    with pytest.raises(InvalidInput, match="no way to delete"):
        moderation.moderate(desk.app, desk.anna, desk.messages()[-1].id, "delete")


def test_who_answers_in_a_conversation_goes_on_there_whatever_post_is_named(desk: Desk) -> None:
    first = comments(desk, QUESTION)
    comments(desk, "Thanks", 100, parent_id=first, post_id=f"{POST}0")
    comments(desk, "I wonder too", 101, "8002", parent_id=first, post_id=f"{POST}0")
    desk.wait(10)
    assert [message.text for message in said(desk)] == [QUESTION, "Thanks"]
    assert desk.conversation("8002", f"{POST}0").thread == f"{POST}0"


def test_a_comment_that_is_taken_back_is_not_answered(desk: Desk) -> None:
    desk.auto()
    comments(desk, QUESTION)
    comments(desk, "", verb="remove")
    desk.wait(30)
    assert desk.page.sent == []
    assert said(desk)[0].text == ""
