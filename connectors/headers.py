"""The header of one mail, looked up often: decoded late, never failing on bytes that lie."""

from email.message import Message as Mail

from connectors.decoding import header_text


class Headers:
    """Header fields by name, whatever its case; values as the parser found them."""

    def __init__(self, mail: Mail) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in mail.raw_items():
            self._values.setdefault(name.lower(), []).append(str(value))

    def __bool__(self) -> bool:
        """Whether there is any field at all."""
        return bool(self._values)

    def __contains__(self, name: str) -> bool:
        """Whether a field has a value; `name` is in lower case, here and below."""
        return any(self._values.get(name, ()))

    def every(self, name: str) -> list[str]:
        """Return the values of a field, as found."""
        return self._values.get(name, [])

    def text(self, name: str) -> str:
        """Return the first value of a field, decoded, or ""."""
        found = self._values.get(name)
        return header_text(found[0]) if found else ""

    def word(self, name: str) -> str:
        """Return the first value of a field in lower case, for comparing."""
        return self.text(name).lower()
