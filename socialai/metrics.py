"""Prometheus names, one object so that every App (and every test) counts by itself."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """Labels carry ids of tenants and names of kinds; never what a person wrote."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self.messages = Counter(
            "socialai_messages",
            "Messages of contacts that were understood",
            ["tenant_id", "platform", "intent"],
            registry=registry,
        )
        self.leads_converted = Counter(
            "socialai_leads_converted",
            "Leads a person marked as converted",
            ["tenant_id", "source"],
            registry=registry,
        )
        self.llm_seconds = Histogram(
            "socialai_llm_duration_seconds",
            "Time in a language model",
            ["model", "operation"],
            registry=registry,
        )
        self.db_connections = Gauge(
            "socialai_db_connections_active", "Open connections", ["database"], registry=registry
        )
        self.intent_confidence = Histogram(
            "socialai_intent_confidence",
            "Calibrated confidence of the intent",
            ["intent_type"],
            buckets=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0],
            registry=registry,
        )
        self.hallucinations = Counter(
            "socialai_hallucinations",
            "Replies stopped because the sources do not say it",
            ["detection_method"],
            registry=registry,
        )
        self.intake = Counter(
            "socialai_intake",
            "Webhook deliveries by outcome",
            ["platform", "outcome"],
            registry=registry,
        )
        self.deliveries = Counter(
            "socialai_deliveries",
            "Attempts to send, by outcome",
            ["platform", "outcome"],
            registry=registry,
        )
        self.dead_letters = Counter(
            "socialai_dead_letters", "Dead letters made", ["tenant_id", "kind"], registry=registry
        )
        self.queue_depth = Gauge("socialai_queue_depth", "Wake-ups waiting", registry=registry)
        self.stage_seconds = Histogram(
            "socialai_stage_duration_seconds",
            "Time of a stage of a message's way",
            ["stage"],
            buckets=[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0],
            registry=registry,
        )

    def render(self) -> bytes:
        return generate_latest(self.registry)
