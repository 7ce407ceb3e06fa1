"""Pages of outreach: the member's, the public one of a campaign, the organiser's."""
