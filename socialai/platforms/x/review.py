"""What X asks of who registers an app. Source: shared contract sheet, access."""

from socialai.platforms.review import DATA, Ask

REVIEW = (
    Ask(
        "Describe all of your use cases of X's data and API",
        "{business} answers its own customers on X in its own shared inbox, SocialAI Hub, which runs on a "
        "computer "
        "of the business. We read private messages to our account, and posts that mention it or reply to "
        "it. A "
        "person of our team, or the software for simple questions, answers those who wrote to us first, "
        "once, to "
        "their post or in private. We post nothing else, follow nobody, and like nothing by software. We "
        "make no "
        "lists or profiles of people, show no posts elsewhere, and share nothing with a government entity.",
    ),
    Ask("How you handle data", DATA),
)
