"""What a person sets for the tenant."""

from socialai.agents.order_patterns import compile_order_pattern
from socialai.context import App
from socialai.domain.language import LANGUAGES
from socialai.domain.lead import Weights
from socialai.domain.policy import Policy
from socialai.errors import InvalidInput
from socialai.security.permissions import Principal
from socialai.store import policies


def put(app: App, who: Principal, policy: Policy) -> Policy:
    """Holds from the next message on."""
    _check(policy.weights)
    if policy.thresholds.warm > policy.thresholds.hot:
        raise InvalidInput("A lead is warm from fewer points than it is hot.")
    if not policy.voice.languages:
        raise InvalidInput("Say at least one language in which replies may be, such as en.")
    for code in policy.voice.languages:
        if code not in LANGUAGES:
            raise InvalidInput(f'The language "{code}" is not known. Use codes such as en, de, fr.')
    for pattern in policy.order_patterns:
        compile_order_pattern(pattern)
    app.files.tenant(who.tenant_id).write(lambda db: policies.put(db, policy))
    return policy


def _check(weights: Weights) -> None:
    total = weights.intent + weights.sentiment + weights.engagement + weights.profile
    if abs(total - 100) > 0.01:
        raise InvalidInput(f"The weights add up to {total:g}. They have to add up to 100.")
