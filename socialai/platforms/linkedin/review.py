"""What LinkedIn asks of who wants the Community Management API. Source: shared contract sheet, access."""

from socialai.platforms.review import DATA, Ask

REVIEW = (
    Ask(
        "Describe your use case",
        "{business} answers comments under the posts of its own Page, and posts that name it, in its own "
        "shared inbox, SocialAI Hub, which runs on a computer of the business. Administrators of the Page "
        "connect it by signing in at LinkedIn. A person of our team, or the software for simple questions, "
        "answers under the comment that asked.",
    ),
    Ask(
        "r_organization_social_feed",
        "We read comments under our own posts and posts that name our Page, so that nobody waits for an "
        "answer.",
    ),
    Ask(
        "w_organization_social_feed",
        "We answer these comments as our Page, and change or delete our own answers.",
    ),
    Ask(
        "rw_organization_admin",
        "We subscribe to the notifications of our own Page, and see which Pages the person who connects "
        "administers.",
    ),
    Ask(
        "How long you keep members' data",
        "What members wrote is deleted after 48 hours and who they are after 24 hours, by the software "
        "itself.",
    ),
    Ask("How you handle data", DATA),
)
