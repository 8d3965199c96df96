"""The instant that a night runs for."""

from datetime import UTC, datetime

from configs import ConfigError


def instant_of(text: str | None) -> datetime:
    """Return an aware instant in UTC: now for None; a time without a zone is UTC. Raises ConfigError."""
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError("--at", [f"expected an instant such as 2025-03-01T02:00:00+00:00, found {text!r}"]) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
