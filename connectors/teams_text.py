"""The HTML of a Teams or Skype message, with mentions as tokens and quotes marked as such."""

import re

_MENTION = re.compile(r"<at\b[^<>]{0,300}>[^<]{0,300}</at>", re.I)
_EMOJI = re.compile(r'<emoji\b[^<>]{0,300}?\balt="([^"<>]{0,20})"[^<>]{0,300}>', re.I)
_CODE = re.compile(r"</?codeblock\b[^<>]{0,300}>", re.I)
_OLD_QUOTE = re.compile(r"<(/?)quote\b[^<>]{0,2000}>", re.I)


def own_html(content: str) -> str:
    """Return the HTML with mentions as "@someone", emoji as characters, code as preformatted, quotes as blockquote."""
    html = _MENTION.sub("@someone", content)
    html = _EMOJI.sub(r"\1", html)
    html = _CODE.sub(lambda found: "</pre>" if found[0].startswith("</") else "<pre>", html)
    return _OLD_QUOTE.sub(r"<\1blockquote>", html)
