"""Read the emails that a test sent."""

from django.core import mail
from django.core.mail import EmailMultiAlternatives


def sent(position: int = -1) -> EmailMultiAlternatives:
    """Return a sent email, by default the last one."""
    message = mail.outbox[position]
    assert isinstance(message, EmailMultiAlternatives)
    return message


def text_of(position: int = -1) -> str:
    """Return the text of a sent email."""
    return str(sent(position).body)


def html_of(position: int = -1) -> str:
    """Return the HTML of a sent email."""
    return str(sent(position).alternatives[0][0])
