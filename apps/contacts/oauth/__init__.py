"""OAuth for address books at Google (People API) and Microsoft (Graph). Off, and invisible, without client keys."""

from .providers import PROVIDERS, AddressBookPage, Provider, enabled_provider, enabled_providers

__all__ = ["PROVIDERS", "AddressBookPage", "Provider", "enabled_provider", "enabled_providers"]
