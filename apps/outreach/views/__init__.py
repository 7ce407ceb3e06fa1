"""Pages of outreach: asking friends, plans, and organizers' campaigns."""
