"""Activity documents in the application's own database."""


class SqlActivity:
    """Rows of JSON."""

    def __init__(self, url: str) -> None:
        self.url = url
