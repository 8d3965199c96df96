"""Microsoft Forms (a workbook) and Google Forms (CSV), recognised by the columns that they put before the questions."""

from connectors.survey_layout import Head, Layout, plain, positions

_MICROSOFT = (
    ("Start time", "Completion time", "Email", "Name"),
    ("Startzeit", "Fertigstellungszeit", "E-Mail", "Name"),
    ("Heure de début", "Heure de fin", "Adresse de messagerie", "Nom"),
    ("Hora de inicio", "Hora de finalización", "Correo electrónico", "Nombre"),
)
_TIMESTAMPS = frozenset(
    ["Timestamp", "Zeitstempel", "Horodateur", "Marca temporal", "Informazioni cronologiche", "Tijdstempel"]
)
_ADDRESSES = frozenset(
    ("email address", "username", "e-mail-adresse", "nutzername", "adresse e-mail", "nom d'utilisateur")
) | frozenset(("dirección de correo electrónico", "nombre de usuario", "indirizzo email", "nome utente", "e-mailadres"))


def microsoft(head: Head) -> Layout | None:
    """Return the layout of a Microsoft Forms workbook in one of four languages, or None."""
    names = [plain(name) for name in head[0][:5]]
    for words in _MICROSOFT:
        if names[:1] == ["ID"] and set(words[:2]) <= set(names):
            return Layout("Microsoft Forms", positions(head[0]), personal=frozenset(word.lower() for word in words[2:]))
    return None


def google(head: Head) -> Layout | None:
    """Return the layout of Google Forms answers in one of six languages, or None."""
    if plain(next(iter(head[0]), "")) not in _TIMESTAMPS:
        return None
    return Layout("Google Forms", positions(head[0]), personal=_ADDRESSES)
