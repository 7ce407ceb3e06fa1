"""Writes of outreach: campaigns by organisers, picking and marking by members, plans and their reminders."""
