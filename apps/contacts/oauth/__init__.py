"""Address books elsewhere: Google People and Microsoft Graph, by OAuth. Off, and invisible, without keys."""

from .providers import PROVIDERS, AddressBookPage, Provider, enabled_provider, enabled_providers

__all__ = ["PROVIDERS", "AddressBookPage", "Provider", "enabled_provider", "enabled_providers"]
