"""The exceptions of Votekin. Their messages are shown or logged, so they never contain personal values."""


class VotekinError(Exception):
    """An error with a message for the person who must act on it."""


class BadInput(VotekinError):
    """A file, argument or setting cannot be used; nothing was changed. Commands exit with status 2."""


class Refused(VotekinError):
    """The data or the state does not allow the operation; nothing was changed. Commands exit with status 1."""


class JobFailed(VotekinError):
    """A job could not finish. It is retried unless `permanent` is true."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


class BackendUnavailable(JobFailed):
    """The server of a backend did not answer; the same request may succeed later."""


class BackendMisconfigured(VotekinError):
    """The server of a backend answers but cannot be used: wrong password, version or product."""
