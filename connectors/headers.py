"""The header of one mail, looked up often: decoded late, never failing on bytes that lie."""

from connectors.decoding import header_text
from connectors.mime import Part


class Headers:
    """Header fields by name, whatever its case; values as the parser found them."""

    def __init__(self, mail: Part) -> None:
        self._values = mail.fields
        self._texts: dict[str, str] = {}

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
        if name not in self._texts:
            found = self._values.get(name)
            self._texts[name] = header_text(found[0]) if found else ""
        return self._texts[name]

    def word(self, name: str) -> str:
        """Return the first value of a field in lower case, for comparing."""
        return self.text(name).lower()
