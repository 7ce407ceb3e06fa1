"""A stand-in for Google People and Microsoft Graph: a real HTTP server on loopback, for the demo and for tests."""

from .server import FakeProvider, ServiceError

__all__ = ["FakeProvider", "ServiceError"]
