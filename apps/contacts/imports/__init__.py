"""Imports of contacts: previews, the plan of each part, the runner, and address books fetched by OAuth."""
