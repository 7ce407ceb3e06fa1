"""Configuration of the app `outreach`."""

from django.apps import AppConfig

HOUR = 3600


class OutreachConfig(AppConfig):
    """Configure outreach: members ask their friends in person; organizers write what for."""

    name = "apps.outreach"

    def ready(self) -> None:
        """Register the job, reminders, segments, personal data, notice, tile and activity labels."""
        from django.utils.translation import gettext_lazy as _

        from apps.activity import labels as activity_labels
        from apps.cases import dashboard
        from apps.contacts import segments
        from apps.jobs import jobs, schedule, task_names
        from apps.notifications import services as notifications

        from . import personal_data, selectors
        from .models import Campaign
        from .services import plans

        jobs.register_job(task_names.SEND_REMINDERS)
        schedule.every(HOUR, "outreach_reminders", plans.queue_reminders)
        segments.register_segment("outreach", selectors.outreach_segments)
        personal_data.register_personal_data()
        notifications.register_notice(
            plans.NOTICE_KIND,
            title=_("A day of your plan to vote is near"),
            body_template="outreach/notice_reminder.txt",
            mail=True,
            link="outreach:home",
            button=_("See my plan"),
            context=plans.reminder_context,
        )
        dashboard.register_tile(
            "organizer",
            _("Campaigns that are open"),
            lambda: Campaign.objects.filter(state=Campaign.State.LIVE).count(),
            "outreach:campaigns",
        )
        activity_labels.register_labels("ask.picked", _("You picked friends to ask"))
        activity_labels.register_labels("ask.sent", _("You asked a friend"))
        activity_labels.register_labels("ask.answered", _("You noted what a friend said"))
        activity_labels.register_labels("pledge.made", _("You made a plan to vote"))
        activity_labels.register_labels("campaign.live", _("The campaign opened"))
        activity_labels.register_labels("campaign.ended", _("The campaign ended"))
        activity_labels.register_labels("campaign.reached", _("A round number of friends were asked"))
