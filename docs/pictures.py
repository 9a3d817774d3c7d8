"""Takes the pictures of the README from a running demo: `make pictures`.

Starts autosched with its stand-ins on a data folder of its own, fills it with the demo, logs in,
and photographs the pages. Everything that is seen is the program's own.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser import browser  # noqa: E402  the root must be on the path first

OUT = ROOT / "docs" / "pictures"
PAGES = {
    "studio": "/studio",
    "calendar": "/calendar",
    "compose": "/compose",
    "library": "/library",
    "accounts": "/accounts",
}
PORT = 8976


def main() -> None:
    """Take every picture."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        start = [sys.executable, "-m", "autosched"]
        running = subprocess.Popen(
            [*start, "up", "--sandbox", "--data", str(data), "--port", str(PORT)],
            stdout=subprocess.DEVNULL,
        )
        try:
            _await()
            demo = subprocess.run(
                [*start, "demo", "--data", str(data)], check=True, capture_output=True, text=True
            )
            found = re.search(r"Log in as (\S+) with the password (\S+) ", demo.stdout)
            if found is None:
                raise SystemExit(demo.stdout)
            _take(*found.groups())
        finally:
            running.terminate()
            running.wait(30)
    _overview()


def _await() -> None:
    for _ in range(1200):
        try:
            httpx.get(f"http://127.0.0.1:{PORT}/ping")
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the demo did not start")


def _take(email: str, password: str) -> None:
    with browser() as running:
        for name, size, scheme, language in (
            ("", (1440, 900), "light", "en"),
            ("-dark", (1440, 900), "dark", "en"),
            ("-phone", (390, 844), "dark", "ar"),
        ):
            page = running.new_page(
                viewport={"width": size[0], "height": size[1]},
                color_scheme=scheme,
                device_scale_factor=1,
            )
            page.goto(f"http://127.0.0.1:{PORT}/login")
            page.evaluate(f"localStorage.setItem('autosched_language', {language!r})")
            page.fill("input[name=email]", email)
            page.fill("input[name=password]", password)
            page.click("button[type=submit]")
            page.wait_for_url(f"http://127.0.0.1:{PORT}/")
            for title, path in PAGES.items():
                page.goto(f"http://127.0.0.1:{PORT}{path}")
                page.wait_for_timeout(6000 if title == "studio" else 2500)
                page.screenshot(path=OUT / f"{title}{name}.png")
            page.context.close()


def _overview() -> None:
    """The README's first picture: the calendar, with the studio on a phone before it."""
    wide = Image.open(OUT / "calendar.png").convert("RGB")
    phone = Image.open(OUT / "studio-phone.png").convert("RGB").resize((312, 675))
    sheet = Image.new("RGB", (wide.width, wide.height), "white")
    sheet.paste(wide)
    sheet.paste(Image.new("RGB", (320, 683), "#0b0d1b"), (wide.width - 380, 180))
    sheet.paste(phone, (wide.width - 376, 184))
    sheet.save(OUT / "overview.png")
    for file in OUT.glob("*.png"):
        Image.open(file).convert("P", palette=Image.Palette.ADAPTIVE, colors=255).save(
            file, optimize=True
        )


if __name__ == "__main__":
    main()
