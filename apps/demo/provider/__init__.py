"""A stand-in for Google People and Microsoft Graph: a real HTTP server on loopback, for the demo and for tests."""

from .server import FakeProvider, ProviderFaults

__all__ = ["FakeProvider", "ProviderFaults"]
