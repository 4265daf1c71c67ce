"""What must come of each payload that others recorded of X (../shared, not part of the repository).

Those of the playground are answers to requests, listed with the request: no webhook delivers such a thing.
"""

EXPECTED: dict[str, list[str]] = {
    "chatwoot__aaa-direct-message": ["received text"],
    "chatwoot__aaa-tweet-create-mention": ["received text in public"],
    "xplayground__dm_conversations_with_participant_id_messages": ["refused"],
    "xplayground__dm_events": ["refused"],
    "xplayground__tweets": ["refused"],
    "xplayground__users_id_mentions": ["refused"],
}
