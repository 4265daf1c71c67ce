"""Words that change or are taken back, and what needs no answer."""

from tests.jobs.desk import Desk

QUESTION = "Do you ship to Norway and what does it cost?"


def texts(desk: Desk) -> list[str]:
    return [message.text for message in desk.messages()]


# -- edits and deletions


def test_an_edit_changes_the_words_and_keeps_the_old_ones(desk: Desk) -> None:
    mid = desk.says("Do you ship to Sweden?")
    desk.ring()
    desk.wait(1)
    desk.edits(mid, "Do you ship to Norway?")
    desk.ring()
    assert texts(desk) == ["Do you ship to Norway?"]
    old = desk.db.read(lambda db: db.execute("select old_text from edit").fetchone()[0])
    assert old == "Do you ship to Sweden?"


def test_an_edit_before_its_message_is_the_message(desk: Desk) -> None:
    desk.edits("m_late", "as edited")
    desk.ring()
    desk.says("as first written", mid="m_late")
    desk.ring()
    assert texts(desk) == ["as edited"]


def test_edits_that_come_in_the_wrong_order_end_with_the_last_one(desk: Desk) -> None:
    mid = desk.says("first")
    desk.wait(1)
    older = desk.item("8001", message_edit={"mid": mid, "text": "second", "num_edit": 1})
    desk.wait(1)
    desk.edits(mid, "third")
    desk.ring()
    desk.arrives(older)
    desk.ring()
    assert texts(desk) == ["third"]


def test_an_older_edit_after_an_edit_without_its_message_is_ignored(desk: Desk) -> None:
    older = desk.item("8001", message_edit={"mid": "m_late", "text": "second", "num_edit": 1})
    desk.wait(1)
    desk.edits("m_late", "third")
    desk.ring()
    desk.arrives(older)
    desk.ring()
    assert texts(desk) == ["third"]


def test_an_edit_of_what_was_answered_long_ago_is_kept_and_not_answered(desk: Desk) -> None:
    desk.auto()
    mid = desk.says(QUESTION)
    desk.wait(10)
    desk.edits(mid, QUESTION + " please")
    desk.wait(30)
    assert len(desk.page.sent) == 1


def test_deleted_words_are_gone_and_not_answered(desk: Desk) -> None:
    desk.auto()
    mid = desk.says(QUESTION)
    desk.ring()
    desk.deletes(mid)
    desk.wait(30)
    assert texts(desk) == [""]
    assert desk.page.sent == []


def test_a_deletion_before_its_message_keeps_the_words_out(desk: Desk) -> None:
    desk.auto()
    desk.deletes("m_late")
    desk.ring()
    desk.says(QUESTION, mid="m_late")
    desk.wait(30)
    assert texts(desk) == [""]
    assert desk.page.sent == []


def test_what_is_left_of_a_burst_is_answered_when_part_of_it_is_deleted(desk: Desk) -> None:
    desk.auto()
    mid = desk.says("I want a refund!")
    desk.says(QUESTION)
    desk.ring()
    desk.deletes(mid)
    desk.wait(30)
    assert len(desk.page.sent) == 1


def test_the_draft_of_a_deleted_question_is_not_approved_unread(desk: Desk) -> None:
    mid = desk.says(QUESTION)
    desk.wait(10)
    desk.deletes(mid)
    desk.wait(10)
    assert desk.draft().version < desk.conversation().version


# -- what needs no answer


def test_a_thread_that_another_app_has_is_kept_and_not_answered(desk: Desk) -> None:
    desk.auto()
    item = desk.item("8001", message={"mid": "m_by", "text": QUESTION})
    desk.arrives(item, section="standby")
    desk.wait(30)
    assert texts(desk) == [QUESTION]
    assert desk.page.sent == []
    assert desk.activities() == ["Another app has this thread, so it is not answered"]


def test_what_another_app_answered_is_not_answered_with_the_next_message(desk: Desk) -> None:
    desk.auto()
    desk.arrives(desk.item("8001", message={"mid": "m_by", "text": "refund!"}), section="standby")
    desk.wait(30)
    desk.says(QUESTION)
    desk.wait(30)
    assert len(desk.page.sent) == 1


def test_a_sticker_alone_needs_no_answer_even_when_all_else_is_taken_back(desk: Desk) -> None:
    desk.auto()
    desk.arrives(desk.item("8001", message={"mid": "m_st", "sticker_id": 369}))
    mid = desk.says("hello")
    desk.ring()
    desk.deletes(mid)
    desk.wait(30)
    assert desk.conversation().state == "open"
    assert desk.conversation().answer_due_at is None


# -- a person in the Page inbox


def test_a_person_on_the_platform_takes_over(desk: Desk) -> None:
    desk.auto()
    desk.says(QUESTION)
    desk.ring()
    desk.answers_in_the_inbox("Yes, we do.")
    desk.wait(30)
    desk.says("and to Sweden?")
    desk.wait(30)
    assert desk.page.texts("8001") == ["Yes, we do."]
    assert desk.conversation().owner_id == 0
    assert desk.activities() == ["A person answered on the platform and took over"]


def test_a_draft_gives_way_to_a_person_on_the_platform(desk: Desk) -> None:
    desk.says(QUESTION)
    desk.wait(10)
    desk.answers_in_the_inbox("Yes, we do.")
    desk.ring()
    assert [reply.state for reply in desk.replies()] == ["superseded"]
