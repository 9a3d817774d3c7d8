"""Media that a spec names by asset: checked against the library, and turned into paths."""

from __future__ import annotations

import copy
from typing import Any

from autosched.errors import InvalidError, NotFoundError
from autosched.library import service as library
from autosched.library.models import Kind
from autosched.studio import spec as specs
from autosched.studio.saved.resolving import filled
from autosched.studio.spec import AssetMedia, Spec


def check(actor: str, workspace_id: str, spec: Spec) -> None:
    """Whether all that the spec names is in the workspace's library, and of the right kind."""
    if spec.files():
        raise InvalidError(
            f"{spec.files()[0][0]}: a file is named by its path.",
            remedy='Upload it to the library and name it as {"asset": ID}.',
            code="path_in_spec",
        )
    for place, asset_id, kinds in _assets(spec):
        asset = library.asset(actor, asset_id)
        if asset.workspace_id != workspace_id:
            raise NotFoundError(f"{place}: there is no such file in this workspace.")
        if asset.kind not in kinds:
            raise InvalidError(
                f"{place}: “{asset.name}” is of the wrong kind ({asset.kind.value}).",
                remedy=f"Choose one of these: {', '.join(kind.value for kind in kinds)}.",
            )


def _assets(spec: Spec) -> list[tuple[str, str, tuple[Kind, ...]]]:
    found: list[tuple[str, str, tuple[Kind, ...]]] = []
    for number, scene in enumerate(spec.scenes):
        if isinstance(scene.media, AssetMedia):
            place = f"scenes[{number}].media"
            found.append((place, scene.media.asset, (Kind.VIDEO, Kind.IMAGE)))
    for name in ("recitation", "music"):
        value = getattr(spec.audio, name)
        if isinstance(value, AssetMedia):
            found.append((f"audio.{name}", value.asset, (Kind.AUDIO,)))
    return found


def resolved(data: dict[str, Any], actor: str, workspace_id: str) -> Spec:
    """The spec with the library's paths and the workspace's template.

    What the actor may not see is refused.
    """

    def path(value: Any) -> Any:
        if isinstance(value, dict) and "asset" in value:
            asset = library.asset(actor, value["asset"])
            if asset.workspace_id != workspace_id:
                raise NotFoundError("A file of this render is no longer in the workspace.")
            return str(library.file(actor, asset.id))
        return value

    data = copy.deepcopy(filled(data, actor, workspace_id))
    for scene in data["scenes"]:
        if "media" in scene:
            scene["media"] = path(scene["media"])
    audio = data.get("audio", {})
    for name in ("recitation", "music"):
        if name in audio:
            audio[name] = path(audio[name])
    return specs.parse(data)
