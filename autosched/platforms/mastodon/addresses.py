"""Where a person's server is, and whether this installation may call there.

The name comes from a person, so it could lead into the network that this machine stands in. Only
addresses of the open internet are called, by https; a server on this very machine only where the
installation itself is for this machine alone.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from urllib.parse import urlsplit

from autosched.errors import InvalidError
from autosched.settings import settings

_KNOWN_SECONDS = 60.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAME = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_known: dict[str, float] = {}
_HINT = "Write its name as it stands in the browser, such as mastodon.social."


class Unsafe(InvalidError):
    """The server stands where this installation must not call."""

    code = "private_address"


class Unknown(InvalidError):
    """There is no server of that name."""

    code = "no_server"


def server(written: str) -> str:
    """The server in what a person typed or pasted, as `https://name`: a name, an address, a
    profile's page or `@user@name`. `InvalidError` if there is none.
    """
    text = "".join(written.split())
    try:
        if "://" not in text:
            text = text.rpartition("@")[2]
            loopback = _is_loopback(urlsplit(f"//{text}").hostname or "")
            text = f"{'http' if loopback else 'https'}://{text}"
        parts = urlsplit(text)
        host, port = (parts.hostname or "").encode("idna").decode().lower(), parts.port
    except ValueError:  # UnicodeError is one too
        host = ""
    if not _is_name(host) or parts.username or parts.scheme not in ("http", "https"):
        raise InvalidError("This is not the name of a server.", remedy=_HINT, code="no_server")
    name = f"[{host}]" if ":" in host else host
    scheme = parts.scheme if _is_loopback(host) else "https"
    return f"{scheme}://{name}" + (f":{port}" if port else "")


def _is_name(host: str) -> bool:
    """Whether it can be a host: an address, this machine, or a name with an ending."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _is_loopback(host) or _NAME.fullmatch(host) is not None
    return "%" not in host


def allow(url: str) -> None:
    """Return if this installation may call `url`; else `Unsafe` or `Unknown`."""
    if settings().sandbox:
        return
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_loopback(host):
        if _is_loopback(urlsplit(settings().public_url).hostname or ""):
            return
        raise _unsafe(host)
    if parts.scheme != "https":
        raise _unsafe(host)
    if _known.get(host, 0.0) > time.monotonic():
        return
    if not all(_is_open(address) for address in _addresses(host, parts.port or 443)):
        raise _unsafe(host)
    _known[host] = time.monotonic() + _KNOWN_SECONDS


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unknown(f"There is no server called {host}.", remedy=_HINT) from error
    return [str(each[4][0]) for each in found]


def _is_open(address: str) -> bool:
    """Whether it is an address of the open internet, whatever way it is wrapped."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            found = inner
    return found.is_global and not found.is_multicast


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unsafe(host: str) -> Unsafe:
    return Unsafe(
        f"{host} is not on the open internet, so it can't be connected from here.",
        remedy=_HINT,
    )
