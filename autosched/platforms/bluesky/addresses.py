"""Addresses of servers: made whole, and never such that a stranger's server leads us inwards."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from autosched.errors import InvalidError
from autosched.platforms import wire


def server_address(address: str) -> str:
    """The address of a server as a person may write it, made whole.

    `InvalidError` unless it is https, or on this very machine: tokens don't travel in the open.
    """
    text = address.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.username or parts.scheme not in ("http", "https"):
        raise InvalidError(
            "This is not the address of a server.",
            remedy="Leave it as https://bsky.social unless your account is on another server.",
        )
    if parts.scheme == "http" and not is_this_machine(host):
        raise InvalidError(
            "The server's address must begin with https, so that nobody can read along.",
            remedy=f"Write https://{host}.",
        )
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port else "")


def own_server(document: Any, teller: str) -> str | None:
    """The server that the account's identity names, where its posts are; `teller` gave the
    document. `None` if it names none that will do.
    """
    services = document.get("service", []) if isinstance(document, dict) else []
    for service in services if isinstance(services, list) else []:
        if isinstance(service, dict) and str(service.get("id", "")).endswith("#atproto_pds"):
            return told_by(teller, service.get("serviceEndpoint"))
    return None


def told_by(server: str, address: Any) -> str | None:
    """An address that `server` has named, made whole; `None` if it won't do.

    A server out in the world must not send us to a port of this machine.
    """
    if not isinstance(address, str):
        return None
    try:
        told = server_address(wire.named(address))
    except InvalidError:
        return None
    return told if _inside(server) or not _inside(told) else None


def _inside(address: str) -> bool:
    return is_this_machine(urlsplit(address).hostname or "")


def is_this_machine(host: str) -> bool:
    """Whether a host's name stands for this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
