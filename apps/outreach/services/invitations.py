"""Invitations of organizers: links for one place and 12 hours that raise the lookups of the network there."""

import base64
import secrets
from typing import Final

from allauth.mfa.adapter import get_adapter

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import quotas as core_quotas
from apps.core.quotas import Limit, key_for
from apps.outreach.models import Campaign
from apps.verification import quotas

# Each invitation adds 200 lookups; an organizer prepares one place after the other.
INVITATIONS_PER_DAY: Final = 5
ID_BITS: Final = 60


def create_invitation(*, actor: User, campaign: Campaign) -> str:
    """Return the token of a new invitation, which is logged; raise QuotaExceeded beyond five a day."""
    core_quotas.spend(Limit("invitation.organizer", key_for("organizer", actor.pk), INVITATIONS_PER_DAY))
    audit.log_write(actor=actor, action="campaign.invitation", subject=campaign)
    return quotas.sign_invitation(secrets.randbits(ID_BITS))


def qr_code(url: str) -> str:
    """Return a QR code of a link as a data URI of an SVG image."""
    svg = get_adapter().build_totp_svg(url)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
