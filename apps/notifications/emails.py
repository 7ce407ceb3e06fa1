"""Send email as text and HTML, in the reader's language, from the worker.

If a worker dies between the mail server's answer and the update of the row, the email is sent again under the same
Message-ID, which most mailboxes show once.
"""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from apps.core.errors import JobFailed
from apps.jobs import jobs, task_names

from .models import OutgoingEmail


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a plain text, each on one line."""
    return [" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def html_page(*, title: str, text: str, why: str, link: str = "", button: str = "") -> str:
    """Return the HTML of an email: the common layout around its paragraphs, one button, the link in full."""
    context = {"title": title, "paragraphs": paragraphs(text), "why": why, "link": link, "button": button}
    return render_to_string("mail/base.html", context)


def text_page(*, title: str, text: str, why: str, link: str = "") -> str:
    """Return the plain text of an email."""
    context = {"title": title, "paragraphs": paragraphs(text), "why": why, "link": link}
    return render_to_string("mail/base.txt", context).strip() + "\n"


def deliver(*, to: str, subject: str, text: str, html: str, number: str) -> None:
    """Send one email to the mail server; JobFailed tells whether a retry makes sense.

    `number` identifies the email permanently, so that a second sending is recognized as the same one.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{number}@{domain}>", "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(" ".join(subject.split()), text, to=[to], headers=headers)
    if html:
        message.attach_alternative(html, "text/html")
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        permanent = all(500 <= code < 600 for code in codes)
        raise JobFailed("The mail server refused the address.", permanent=permanent) from error
    except (smtplib.SMTPException, OSError) as error:
        raise JobFailed(f"The mail server did not take the mail ({type(error).__name__}).") from error


def post(*, to: str, subject: str, text: str, html: str = "") -> None:
    """Accept an email in the caller's transaction; the worker sends it."""
    with transaction.atomic():
        mail = OutgoingEmail.objects.create(to=to, subject=subject, text=text, html=html)
        jobs.enqueue(task_names.SEND_EMAIL, key=str(mail.pk), args={"mail_id": mail.pk}, priority=1)


def send(mail_id: int) -> None:
    """Send one accepted email and delete its row; a second run finds nothing to do."""
    mail = OutgoingEmail.objects.filter(pk=mail_id).first()
    if mail is None:
        return
    deliver(to=mail.to, subject=mail.subject, text=mail.text, html=mail.html, number=f"mail-{mail.pk}")
    mail.delete()
