"""Site search in the application's own database."""


class SqlSiteSearch:
    """SQL full text."""

    def __init__(self, url: str) -> None:
        self.url = url
