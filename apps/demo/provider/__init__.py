"""A stand-in for Google People and Microsoft Graph: a real HTTP server on loopback, for the demo and for tests."""

from .server import FakeProvider, Trouble

__all__ = ["FakeProvider", "Trouble"]
