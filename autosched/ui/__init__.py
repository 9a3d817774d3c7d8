"""The web pages: components, state and words; no rule of the domain lives here.

To add a page:

1. Make a folder or module with `pages() -> list[Page]` (`ui/page.py`) and add its name to
   `app.ROOMS`; its stylesheet is `assets/style/NAME.css`, added to `app.STYLES`. The shell
   (rail, phone bar) is put around every page that is not `bare`.
2. Its state is a subclass of `session.Session`: `person_id`, `workspace_id`, `zone`, `role`,
   `language`, `can_edit` are there when `on_load` events run (begin with `if not self.ready:
   return`). Call services with `await self.ask(service.verb, self.workspace_id, …)`, which puts
   the actor first and runs in a thread; catch `AutoschedError` and `return self.trouble(error)`;
   say success with `return self.good("Saved")`. Mark handlers with `handlers.event` (typed, where
   `rx.event` is not). What the browser need not know starts with `_`.
3. Live: `Page(…, refresh=State.refresh, topics=frozenset({"render"}))`. The session listens once
   for each tab and calls `refresh` on those topics and every few quiet seconds.
4. Every visible sentence is `t("Save")`, `t("Open {name}", name=var)`, `plural("{n} post",
   "{n} posts", n=var)` from `words`, and stands in Arabic in `words/ar/ROOM.toml`; times are
   `moment(iso, Session.zone, "time")`, numbers `number`, `size`, `length`, `time_left`.
5. Build from `parts` (buttons, fields, dialog, menu, chips, empty, bones, retry, media_tile,
   verse) and the classes in `assets/style/parts.css`; colours, type and space only by the names
   in `tokens.css`; logical properties (`inline-start`, not `left`); icons that point have the
   class `turns`. No Radix Themes component (`rx.button`, `rx.dialog`, …): its stylesheet is not
   loaded.
"""
