"""What Meta asks of an app that answers for a Page. Source: shared contract sheet, permissions and
windows."""

from socialai.platforms.review import of_meta

REVIEW = of_meta(
    "Facebook",
    {
        "pages_show_list": "When the owner connects the business, we show which Pages they manage.",
        "pages_messaging": "We receive what customers write to the Page in Messenger and send our answers.",
        "pages_manage_metadata": "We subscribe the Page to webhooks, so that a message is shown at once.",
        "pages_read_engagement": "We read the comments under the Page's posts, to show them in the inbox.",
        "pages_read_user_content": "We read what visitors write under the Page's posts, to answer.",
        "pages_manage_engagement": "We answer, hide and delete comments under the Page's own posts.",
        "Human Agent": "A person of our team answers within seven days where a case takes longer than a day, "
        "for example over a weekend. The software's own answers never use it.",
    },
)
