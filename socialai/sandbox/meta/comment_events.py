"""Comments in webhooks as Meta writes them (SHEET-facebook and SHEET-instagram, the restfb payloads)."""

from typing import Any

from socialai.sandbox.meta.comments import Comment
from socialai.sandbox.meta.records import Account


def value(account: Account, comment: Comment, verb: str) -> dict[str, Any]:
    return _of_page(comment, verb) if account.watched == "page" else _of_instagram(account, comment)


def _of_page(comment: Comment, verb: str) -> dict[str, Any]:
    address = f"https://www.facebook.com/{comment.post_id.replace('_', '/posts/')}"
    told = {
        "from": {"id": comment.author, "name": comment.name},
        "post": {"status_type": "mobile_status_update", "permalink_url": address, "id": comment.post_id},
        "post_id": comment.post_id,
        "comment_id": comment.id,
        "created_time": comment.at // 1000,
        "item": "comment",
        "parent_id": comment.parent_id or comment.post_id,
        "verb": verb,
    }
    return told if verb == "remove" else {**told, "message": comment.text}


def _of_instagram(account: Account, comment: Comment) -> dict[str, Any]:
    own = comment.author == account.id
    username = account.handle if own else comment.name.lower().replace(" ", ".")
    told = {
        "from": {"id": comment.author, "username": username},
        "media": {"id": comment.post_id, "media_product_type": "FEED"},
        "id": comment.id,
        "text": comment.text,
    }
    return told if comment.parent_id is None else {**told, "parent_id": comment.parent_id}
