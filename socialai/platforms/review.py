"""What a platform asks before its app may serve strangers, and an owner's answers, ready to be copied."""

from collections.abc import Mapping

from msgspec import Struct

DATA = (
    "Messages, comments, names and access tokens are stored on a computer of {business}, in a database file "
    "of its own. Access tokens are encrypted there. No data goes to a service provider, is sold or serves "
    "advertising; the software's artificial intelligence runs on the same computer. Only staff of {business} "
    "who signed in can read them. When somebody asks, the contact is deleted in the software with all "
    "messages and files. When an account is disconnected, its token is deleted."
)


class Ask(Struct, frozen=True):
    """`answer` names the business as {business} and the hub's address as {address}."""

    title: str
    answer: str


class Text(Struct, frozen=True):
    """Ready to be copied."""

    title: str
    text: str


def written(ask: Ask, business: str, address: str) -> Text:
    return Text(ask.title, ask.answer.replace("{business}", business).replace("{address}", address))


def of_meta(platform: str, uses: Mapping[str, str]) -> tuple[Ask, ...]:
    """`uses`: permission → how it is used, from “we”."""
    about = (
        f"{{business}} answers its customers on {platform} in its own shared inbox, SocialAI Hub, which "
        f"runs on a "
        "computer of the business and serves no other company. It shows what customers write, drafts an "
        "answer "
        "from the business's own articles, and sends it after a person of the team approved it, or by "
        "itself for "
        "simple questions. Whatever it is not sure of goes to a person."
    )
    steps = (
        "1. Open {address} and sign in with the test account given in this form.\n"
        "2. Choose Channels: the connected account is shown there, with its state.\n"
        f"3. Write to that account on {platform} from any other account.\n"
        "4. Choose Inbox: within seconds the conversation stands at the top. Open it.\n"
        "5. Change the draft if you like, and choose Approve and send. The answer arrives on "
        f"{platform}, and the inbox shows that it was delivered.\n"
        "6. Under a comment choose Hide or answer it in public."
    )
    return (
        Ask("What your app does", about),
        *(
            Ask(f"How your app uses {name}", f"{use} We use it for nothing else.")
            for name, use in uses.items()
        ),
        Ask("Instructions for the reviewer, and what to show in the recording", steps),
        Ask("How you handle data", DATA),
        Ask(
            "How people have their data deleted",
            "Write to {business}, by message or e-mail. An administrator opens the contact in "
            "SocialAI Hub "
            "and chooses Erase; its messages and files are erased at once.",
        ),
    )
