"""The embedded voter index."""


class EmbeddedVoterIndex:
    """Placeholder until the roll's room is built."""

    def __init__(self, url: str) -> None:
        self.url = url
