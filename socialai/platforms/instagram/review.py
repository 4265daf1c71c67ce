"""What Meta asks of an app that answers for an Instagram account. Source: shared contract sheet, two
flavours."""

from socialai.platforms.review import of_meta

REVIEW = of_meta(
    "Instagram",
    {
        "instagram_business_basic": "We read the connected account's name, to show which account it is.",
        "instagram_business_manage_messages": "We receive what customers write to the account, and answer.",
        "instagram_business_manage_comments": "We show comments under the account's posts, and answer, "
        "hide or delete them.",
        "Human Agent": "A person of our team answers within seven days where a case takes longer than a day, "
        "for example over a weekend. The software's own answers never use it.",
    },
)
