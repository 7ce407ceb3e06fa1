"""The app `outreach`: campaigns, asks, pledges."""

from django.apps import AppConfig

HOUR = 3600


class OutreachConfig(AppConfig):
    """Members ask their friends themselves; organisers write what for. See docs/architecture.md for its place."""

    name = "apps.outreach"

    def ready(self) -> None:
        """Register the work, the reminders, the sets of the contact graph and what is held about members here."""
        from django.utils.translation import gettext_lazy as _

        from apps.activity import words
        from apps.contacts import graph
        from apps.core import schedule, work
        from apps.records import notices, tiles

        from . import held, reads
        from .models import Campaign
        from .services import plans

        work.register("default.remind")
        schedule.every(HOUR, "outreach_reminders", plans.queue_reminders)
        graph.register("outreach", reads.sets_of)
        held.register()
        notices.register_notice(
            plans.KIND,
            title=_("A day of your plan to vote is near"),
            body_template="outreach/notice_reminder.txt",
            mail=True,
            link="outreach:home",
            button=_("See my plan"),
            context=plans.context,
        )
        tiles.register(
            "organiser",
            _("Campaigns that are open"),
            lambda: Campaign.objects.filter(state=Campaign.State.LIVE).count(),
            "outreach:campaigns",
        )
        words.register("ask.picked", _("You picked friends to ask"))
        words.register("ask.sent", _("You asked a friend"))
        words.register("ask.answered", _("You noted what a friend said"))
        words.register("pledge.made", _("You made a plan to vote"))
        words.register("campaign.live", _("The campaign opened"))
        words.register("campaign.ended", _("The campaign ended"))
        words.register("campaign.reached", _("A round number of friends were asked"))
