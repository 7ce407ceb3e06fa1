"""Address books elsewhere: Google People and Microsoft Graph, by OAuth. Off, and invisible, without keys."""

from .providers import PROVIDERS, Page, Provider, provider, switched_on

__all__ = ["PROVIDERS", "Page", "Provider", "provider", "switched_on"]
