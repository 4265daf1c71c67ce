"""The shapes that come under `messages`, `message_echoes` and `statuses`, as far as we read them.

Source: business-messaging-api_v23.0.yaml of Meta, and the shared contract sheet for what came after it: user
ids, edits, revokes, groups.
"""

from msgspec import Raw, Struct, field

from socialai.platforms.reading import Id

Number = float | str


class Metadata(Struct, frozen=True):
    phone_number_id: Id | None = None


class Profile(Struct, frozen=True):
    name: str | None = None
    username: str | None = None


class Contact(Struct, frozen=True):
    """Whoever has a user name may hide their number, and then has a user id only."""

    profile: Profile = Profile()
    wa_id: Id | None = None
    user_id: Id | None = None


class Error(Struct):
    code: Id | None = None


class Context(Struct):
    id: Id | None = None


class Message(Struct):
    """Around the content, which stands under the name of its type. `to` is there when the business wrote."""

    id: Id | None = None
    sender: Id | None = field(name="from", default=None)
    from_user_id: Id | None = None
    to: Id | None = None
    to_user_id: Id | None = None
    timestamp: Id | None = None
    type: str = ""
    group_id: Id | None = None
    context: Context | None = None


class Text(Struct):
    body: str = ""


class Media(Struct):
    id: Id | None = None
    caption: str | None = None
    filename: str | None = None


class Location(Struct):
    latitude: Number
    longitude: Number
    name: str | None = None
    address: str | None = None


class CardName(Struct, frozen=True):
    formatted_name: str | None = None


class CardPhone(Struct):
    phone: str | None = None
    wa_id: Id | None = None


class Card(Struct, frozen=True):
    name: CardName = CardName()
    phones: list[CardPhone] = []


class Reaction(Struct):
    """Without an emoji it was taken back."""

    message_id: Id
    emoji: str | None = None


class Button(Struct):
    text: str = ""
    payload: str | None = None


class Choice(Struct):
    id: str | None = None
    title: str = ""


class Form(Struct):
    body: str | None = None
    response_json: str | None = None


class CallPermission(Struct):
    response: str = ""


class Interactive(Struct):
    button_reply: Choice | None = None
    list_reply: Choice | None = None
    nfm_reply: Form | None = None
    call_permission_reply: CallPermission | None = None


class Product(Struct):
    product_retailer_id: Id
    quantity: Number
    item_price: Number
    currency: str = ""


class Order(Struct, frozen=True):
    text: str | None = None
    product_items: list[Product] = []


class Referral(Struct):
    headline: str | None = None


class System(Struct):
    """The new number was called `new_wa_id` once, the old one `customer`."""

    type: str = ""
    wa_id: Id | None = None
    new_wa_id: Id | None = None
    user_id: Id | None = None
    customer: Id | None = None


class Edit(Struct):
    original_message_id: Id
    message: Raw


class Revoke(Struct):
    original_message_id: Id


class Status(Struct, frozen=True):
    """`biz_opaque_callback_data` is what we sent along with the message."""

    id: Id | None = None
    status: str = ""
    timestamp: Id | None = None
    recipient_id: Id | None = None
    recipient_user_id: Id | None = None
    recipient_type: str | None = None
    recipient_participant_id: Id | None = None
    recipient_participant_user_id: Id | None = None
    biz_opaque_callback_data: str | None = None
    errors: list[Error] = []
