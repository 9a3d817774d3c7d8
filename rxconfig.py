"""Reflex's configuration: one port for pages, events and files."""

import reflex as rx

from autosched.frontend import BUILD_ORIGIN, FollowOrigin

config = rx.Config(
    app_name="autosched",
    app_module_import="autosched.ui.app",
    # The bundle is built once and served on any port: see `autosched.frontend`.
    api_url=BUILD_ORIGIN,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    plugins=[FollowOrigin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
