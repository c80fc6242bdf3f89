"""What Prometheus reads: sends of this process, and how much stands in the store."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.mail.ledger import Outcome
from bot.model import DeliveryStatus
from handlers.health import Health

CONTENT_TYPE = CONTENT_TYPE_LATEST

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_SHOWN = (
    DeliveryStatus.WAITING,
    DeliveryStatus.CLAIMED,
    DeliveryStatus.SENDING,
    DeliveryStatus.FAILED,
    DeliveryStatus.UNKNOWN,
)


class Metrics:
    """Counts what this process sends; the rest is looked up when it is asked for."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._sends = Counter(
            "planbot_sends",
            "Sends of this process that ended, by lane and outcome.",
            ("lane", "outcome"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "planbot_send_seconds",
            "How long a send took, until its product answered or was given up.",
            ("lane",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._depth = self._gauge(
            "deliveries", "Deliveries that have not ended well.", "lane", "status"
        )
        self._oldest = self._gauge(
            "oldest_due_seconds", "How long the oldest due delivery is due.", "lane"
        )
        self._letters = self._gauge("letters", "Letters not answered.", "status")
        self._oldest_letter = self._gauge(
            "oldest_letter_seconds", "How long the oldest letter waits."
        )
        self._beats = self._gauge(
            "beat_age_seconds", "How long ago a beat of the clock came.", "beat"
        )
        self._heard = self._gauge(
            "heard_age_seconds", "How long ago a channel was last heard.", "channel"
        )
        self._alarms = self._gauge("alarms", "Alarms that are raised.")

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(f"planbot_{name}", words, labels, registry=self._registry)

    def observe(self, lane: str, outcome: Outcome, seconds: float) -> None:
        """Count a send that has ended; one that is tried again counts as "waiting"."""
        self._sends.labels(lane, str(outcome.status)).inc()
        self._seconds.labels(lane).observe(seconds)

    def text(self, health: Health) -> bytes:
        """Write everything in the text format of Prometheus."""
        for gauge in (
            self._depth,
            self._oldest,
            self._letters,
            self._beats,
            self._heard,
        ):
            gauge.clear()  # what is gone is not shown for ever
        for name, lane in health.lanes.items():
            for status in _SHOWN:
                self._depth.labels(name, str(status)).set(lane.depth.get(status, 0))
            self._oldest.labels(name).set(lane.oldest.total_seconds())
        for letters, count in health.letters.items():
            self._letters.labels(str(letters)).set(count)
        self._oldest_letter.set(health.oldest_letter.total_seconds())
        for name, beat in health.beats.items():
            self._beats.labels(name).set(beat.age.total_seconds())
        for channel, hearing in health.hearing.items():
            self._heard.labels(channel).set(hearing.age.total_seconds())
        self._alarms.set(len(health.alarms))
        return generate_latest(self._registry)
