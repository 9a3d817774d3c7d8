"""The maker `diffusers`: text to image and image to image by a model that the user has chosen."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from autosched.errors import CancelledError, InvalidError, UnavailableError
from autosched.settings import settings
from autosched.studio.making import guard
from autosched.studio.making.wish import Cancelled, Made, Told, Wish

STEPS = 30
_STRENGTH = 0.6


class Diffusion:
    """A local folder or a hub's name, on CUDA when there; the model's safety checker is kept."""

    @property
    def version(self) -> str:
        return f"diffusers {settings().diffusion_model} {STEPS} {guard.negative()}"

    def make(
        self, wish: Wish, source: Path | None, out: Path, told: Told, cancelled: Cancelled
    ) -> Made:
        guard.check(wish.words)
        told(0.0, "Loading the model")
        pipeline, torch = _pipeline(settings().diffusion_model, source is not None)

        def stepped(pipe: Any, step: int, at: Any, values: dict[str, Any]) -> dict[str, Any]:
            if cancelled():
                raise CancelledError("The picture was cancelled.")
            told((step + 1) / STEPS, "Painting")
            return values

        # A model paints sides of whole eighths.
        width, height = wish.width - wish.width % 8, wish.height - wish.height % 8
        asked: dict[str, Any] = {"width": width, "height": height}
        if source is not None:
            from PIL import Image, ImageOps

            with Image.open(source) as opened:
                picture = ImageOps.fit(opened.convert("RGB"), (width, height))
            asked = {"image": picture, "strength": _STRENGTH}
        result = pipeline(
            prompt=wish.words,
            negative_prompt=guard.negative(),
            num_inference_steps=STEPS,
            generator=torch.Generator("cpu").manual_seed(wish.seed),
            callback_on_step_end=stepped,
            **asked,
        )
        if any(getattr(result, "nsfw_content_detected", None) or ()):
            raise InvalidError(
                "The model's safety checker has refused this picture.",
                remedy="Say it in other words, or choose another seed.",
                code="unsafe_picture",
            )
        path = out / "picture.png"
        result.images[0].save(path)
        return Made(path=path, name=f"{wish.prompt[:60] or 'picture'}.png", alt=wish.prompt)


@lru_cache(maxsize=1)
def _pipeline(model: str, from_picture: bool) -> tuple[Any, Any]:
    if not model:
        raise UnavailableError(
            "No picture model is chosen.",
            remedy="Set AUTOSCHED_DIFFUSION_MODEL to a folder or a hub's name.",
            code="no_model",
        )
    try:
        torch: Any = import_module("torch")
        made: Any = import_module("diffusers")
        kind = made.AutoPipelineForImage2Image if from_picture else made.AutoPipelineForText2Image
    except (ImportError, RuntimeError):
        raise UnavailableError(
            "Pictures can't be painted here: torch is not installed.",
            remedy="Run `pip install 'autosched[diffusion]'` in the program's environment.",
            code="no_torch",
        ) from None
    device = "cuda" if torch.cuda.is_available() else "cpu"
    number = torch.float16 if device == "cuda" else torch.float32
    try:
        pipeline = kind.from_pretrained(model, torch_dtype=number)
    except (OSError, ValueError) as error:
        raise UnavailableError(
            f"The picture model “{model}” can't be loaded.",
            remedy="See that AUTOSCHED_DIFFUSION_MODEL names a folder or hub model of diffusers.",
            code="bad_model",
        ) from error
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(device), torch
