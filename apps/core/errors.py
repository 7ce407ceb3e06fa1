"""Errors that carry what a caller may do about them. Their texts never hold what a person typed."""


class VotekinError(Exception):
    """A failure with a plain sentence for whoever has to act on it."""


class BadInput(VotekinError):
    """The file, argument or setting cannot be used; nothing was changed. Commands end with status 2."""


class Refused(VotekinError):
    """The data or the state does not allow it; nothing was changed. Commands end with status 1."""


class JobFailed(VotekinError):
    """Work that could not be done now. `permanent` decides whether it is tried again."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


class BackendUnavailable(JobFailed):
    """A real server behind a seam did not answer; the same work may succeed later."""


class BackendMisconfigured(VotekinError):
    """A server behind a seam answers and cannot be used: a wrong password, version or product."""
