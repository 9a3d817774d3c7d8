"""Every table of the program, imported for alembic and for a test's fresh database."""

from autosched.analytics.models import Figure
from autosched.identity.models import Invitation, Login, Membership, User, Workspace
from autosched.library.models import Asset, Upload
from autosched.schedule.models import (
    Account,
    Consent,
    PlatformHealth,
    Post,
    Target,
    TargetEvent,
)
from autosched.studio.making.models import Making
from autosched.studio.models import Analysis, Render, SeriesRow
from autosched.studio.saved.models import SavedTemplate, TemplateVersion

__all__ = [
    "Account",
    "Analysis",
    "Asset",
    "Consent",
    "Figure",
    "Invitation",
    "Login",
    "Making",
    "Membership",
    "PlatformHealth",
    "Post",
    "Render",
    "SavedTemplate",
    "SeriesRow",
    "Target",
    "TargetEvent",
    "TemplateVersion",
    "Upload",
    "User",
    "Workspace",
]
