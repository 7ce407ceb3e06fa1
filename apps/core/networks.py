"""The network that a request comes from, as limits count it: /24 of IPv4, /48 of IPv6."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_network(request: HttpRequest) -> str:
    """Return the network of the client; forwarded addresses count only behind `PROXY_COUNT` proxies."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXY_COUNT:
        hops = [hop.strip() for hop in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()]
        peer = hops[-settings.PROXY_COUNT] if len(hops) >= settings.PROXY_COUNT else peer
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return "unknown"
    bits = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, bits), strict=False))
