"""What a message says, by its type. Content of a shape nobody told us of costs itself, never the message."""

from collections.abc import Callable, Mapping

from msgspec import Raw, Struct

from socialai.domain.happening import Attachment, MessageKind
from socialai.platforms.reading import optional
from socialai.platforms.whatsapp import wire

Parts = Mapping[str, Raw]
_NOTHING = Raw(b"null")


class Said(Struct, frozen=True):
    kind: MessageKind
    text: str = ""
    payload: str | None = None
    attachments: tuple[Attachment, ...] = ()


_UNSUPPORTED = Said("unsupported")


def read(kind: str, parts: Parts) -> Said:
    """With the advertisement it came from, when it did."""
    reader = _READERS.get(kind)
    said = (reader(parts.get(kind, _NOTHING)) if reader else None) or _UNSUPPORTED
    referral = optional(parts.get("referral", _NOTHING), wire.Referral)
    if not (referral and referral.headline):
        return said
    ad = Attachment("ad", title=referral.headline)
    return Said(said.kind, said.text, said.payload, (*said.attachments, ad))


def _text(raw: Raw) -> Said | None:
    text = optional(raw, wire.Text)
    return Said("text", text.body) if text and text.body else None


def _file(kind: str) -> Callable[[Raw], Said | None]:
    """Fetched by its id: the address that may come along opens with our token only."""

    def reader(raw: Raw) -> Said | None:
        media = optional(raw, wire.Media)
        if not media or media.id is None:
            return None
        found = Attachment(kind, title=media.filename, ref=str(media.id))
        return Said("text" if media.caption else "attachment", media.caption or "", attachments=(found,))

    return reader


def _sticker(raw: Raw) -> Said | None:
    media = optional(raw, wire.Media)
    known = media is not None and media.id is not None
    return Said("sticker", attachments=(Attachment("sticker", ref=str(media.id)),) if media and known else ())


def _location(raw: Raw) -> Said | None:
    place = optional(raw, wire.Location)
    if place is None:
        return None
    url = f"geo:{place.latitude},{place.longitude}"
    return Said("attachment", attachments=(Attachment("location", url, place.name or place.address),))


def _contacts(raw: Raw) -> Said | None:
    cards = optional(raw, list[wire.Card]) or []
    found = tuple(
        Attachment("contact", f"tel:{phone}" if phone else None, card.name.formatted_name)
        for card in cards
        for phone in [each.phone or each.wa_id for each in card.phones] or [None]
    )
    return Said("attachment", attachments=found) if found else None


def _button(raw: Raw) -> Said | None:
    button = optional(raw, wire.Button)
    return Said("quick_reply", button.text, button.payload) if button else None


def _interactive(raw: Raw) -> Said | None:
    found = optional(raw, wire.Interactive)
    choice = found and (found.button_reply or found.list_reply)
    if choice:
        return Said("quick_reply", choice.title, choice.id)
    form = found and found.nfm_reply
    return Said("quick_reply", form.body or "", form.response_json) if form else None


def _order(raw: Raw) -> Said | None:
    order = optional(raw, wire.Order)
    if order is None:
        return None
    items = tuple(Attachment("order", title=_item(product)) for product in order.product_items)
    return Said("text" if order.text else "attachment", order.text or "", attachments=items)


def _item(product: wire.Product) -> str:
    price = f"{_plain(product.item_price)} {product.currency}".strip()
    return f"{_plain(product.quantity)} × {product.product_retailer_id}, {price}"


def _plain(number: wire.Number) -> str:
    return f"{number:g}" if isinstance(number, float) else number


_READERS: Mapping[str, Callable[[Raw], Said | None]] = {
    "text": _text,
    "image": _file("image"),
    "video": _file("video"),
    "audio": _file("audio"),
    "document": _file("file"),
    "sticker": _sticker,
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "order": _order,
}
