"""What of a tenant's Policy is asked for, in plain words and in this order."""

from msgspec import Struct


class Setting(Struct, frozen=True):
    """`name` is the path in Policy, with a dot: 'weights.intent'."""

    name: str
    label: str
    hint: str = ""
    least: float | None = None
    most: float | None = None
    step: float = 1
    is_long: bool = False


class Section(Struct, frozen=True):
    id: str
    title: str
    about: str
    settings: tuple[Setting, ...]


SECTIONS = (
    Section(
        "voice",
        "How replies sound",
        "The facts come from your knowledge; the words around them are yours.",
        (
            Setting(
                "voice.greeting", "Greeting", "{name} becomes the contact's first name; left out if unknown."
            ),
            Setting("voice.welcome", "To a mere hello", "The answer when nothing is asked yet."),
            Setting(
                "voice.thanks",
                "To thanks",
                "Sent once, and only where replies go out by themselves. Empty: nothing is said.",
            ),
            Setting("voice.small_talk", "To small talk", "“How are you?” Empty: nothing is said."),
            Setting(
                "voice.about_me",
                "To “are you a robot?”",
                "Many countries ask you to say that a machine answers.",
                is_long=True,
            ),
            Setting(
                "voice.off_topic",
                "To what has nothing to do with you",
                "Empty: a person gets it.",
                is_long=True,
            ),
            Setting(
                "voice.call_to_action",
                "Invitation to buy",
                "Only in replies to people who want to buy.",
            ),
            Setting("voice.tone", "Tone", "For a language model, if you chose one: how it should sound."),
            Setting(
                "voice.forbidden_words",
                "Words you never use",
                "One on each line. A draft with one of them waits for you.",
                is_long=True,
            ),
            Setting(
                "voice.languages",
                "Languages of your replies",
                "One code on each line: en, de. With several, a message is answered in its own language.",
                is_long=True,
            ),
            Setting("voice.signature", "Signature", "Ends every reply. Empty: none."),
            Setting(
                "voice.cannot_answer",
                "When it cannot answer",
                "The draft when your knowledge does not say it; a person then takes over.",
                is_long=True,
            ),
        ),
    ),
    Section(
        "rules",
        "When a person is needed",
        "Any of these brings the conversation to you, with the reason.",
        (
            Setting(
                "rules.words",
                "These words",
                "One on each line, in any case. Refunds and lawyers, for example.",
                is_long=True,
            ),
            Setting(
                "rules.angry_below", "Angrier than", "Mood from -1 (furious) to 1 (delighted).", -1, 0, 0.05
            ),
            Setting("rules.high_urgency", "Something is urgent"),
            Setting("rules.alarm", "It reads like an emergency or a threat"),
            Setting("rules.vip_sales", "A hot lead wants to buy"),
            Setting("rules.no_evidence", "The knowledge does not answer it"),
            Setting("rules.low_confidence", "The assistant is not sure what is meant"),
            Setting("rules.foreign_language", "The message is in a language the assistant did not learn"),
            Setting("rules.injection", "The message tries to instruct the assistant"),
        ),
    ),
    Section(
        "sure",
        "How sure it must be",
        "Higher is more careful: fewer answers, fewer mistakes.",
        (
            Setting(
                "confidence",
                "Sure of the intent",
                "Below it, a message is treated as a plain inquiry.",
                0,
                1,
                0.01,
            ),
            Setting(
                "escalate_confidence",
                "Else a person looks",
                "Less sure than this, it asks for you.",
                0,
                1,
                0.01,
            ),
            Setting(
                "spam_confidence",
                "Sure that it is spam",
                "From here on spam gets no answer; below it, a person looks.",
                0,
                1,
                0.01,
            ),
            Setting(
                "evidence",
                "Answers the question",
                "How likely a passage has to answer; 0.5 is as likely as not. Try it under Knowledge.",
                0,
                1,
                0.01,
            ),
            Setting("max_hits", "Passages looked at", "The best ones, for each question.", 1, 20),
        ),
    ),
    Section(
        "lead",
        "Lead score",
        "What each part can give. The four add up to 100.",
        (
            Setting("weights.intent", "What they want", "Full points for wanting to buy.", 0, 100),
            Setting("weights.sentiment", "Their mood", "", 0, 100),
            Setting(
                "weights.engagement", "How much they wrote", "Full points from five earlier messages.", 0, 100
            ),
            Setting("weights.profile", "What is known of them", "E-mail, phone or profile.", 0, 100),
            Setting("thresholds.hot", "Hot over", "", 0, 100),
            Setting("thresholds.warm", "Warm from", "", 0, 100),
        ),
    ),
    Section(
        "memory",
        "What it remembers and looks for",
        "",
        (
            Setting("memory_messages", "Last messages it reads", "", 1, 200),
            Setting("memory_days", "From the last days", "", 1, 365),
            Setting(
                "region",
                "Country of phone numbers",
                "Two letters, for example NO. It reads numbers without a country code.",
            ),
            Setting(
                "products",
                "Names of your products",
                "One on each line; they are recognised in messages.",
                is_long=True,
            ),
            Setting(
                "order_patterns",
                "What order numbers look like",
                "One pattern on each line, for example AC-\\d{5}.",
                is_long=True,
            ),
        ),
    ),
)
