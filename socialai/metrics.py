"""Prometheus names, one object so that every App (and every test) counts by itself."""

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Enum, Gauge, Histogram, generate_latest

_SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0]
_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0]


class Metrics:
    """Labels carry ids of tenants and names of kinds; never what a person wrote."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry)
        enum = partial(Enum, registry=self.registry)
        histogram = partial(Histogram, registry=self.registry)
        self.messages = counter(
            "socialai_messages",
            "Messages of contacts that were understood",
            ["tenant_id", "platform", "intent"],
        )
        self.leads_converted = counter(
            "socialai_leads_converted", "Leads a person marked as converted", ["tenant_id", "source"]
        )
        self.llm_seconds = histogram(
            "socialai_llm_duration_seconds", "Time in a language model", ["model", "operation"]
        )
        self.db_connections = gauge("socialai_db_connections_active", "Open connections", ["database"])
        self.intent_confidence = histogram(
            "socialai_intent_confidence",
            "Calibrated confidence of the intent",
            ["intent_type"],
            buckets=_SHARES,
        )
        self.hallucinations = counter(
            "socialai_hallucinations",
            "Replies stopped because the sources do not say it",
            ["detection_method"],
        )
        self.replies = counter("socialai_replies", "Replies of the assistant, by what wrote them", ["tier"])
        self.intake = counter("socialai_intake", "Webhook deliveries by outcome", ["platform", "outcome"])
        self.deliveries = counter(
            "socialai_deliveries", "Attempts to send, by outcome", ["platform", "outcome"]
        )
        self.dead_letters = counter("socialai_dead_letters", "Dead letters made", ["tenant_id", "kind"])
        self.gates = enum(
            "socialai_channel_gate",
            "Whether anything is sent through a channel now",
            ["tenant_id", "platform", "channel_id"],
            states=["open", "trying", "shut"],
        )
        self.queue_depth = gauge("socialai_queue_depth", "Wake-ups waiting")
        self.stage_seconds = histogram(
            "socialai_stage_duration_seconds",
            "Time of a stage of a message's way",
            ["stage"],
            buckets=_SECONDS,
        )

    def render(self) -> bytes:
        return generate_latest(self.registry)
