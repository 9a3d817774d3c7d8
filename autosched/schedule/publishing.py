"""The worker's side: from a claim to a published post, with every step recorded before the next.

`publish` reads as guards first, the one thing last. What a failure means is in
`schedule.verdicts`; what may follow what is in `schedule.life`.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from autosched import clock, db
from autosched.errors import AutoschedError, InvalidError, NotFoundError, UnavailableError
from autosched.platforms import registry
from autosched.platforms.base import Desk, Draft, LeaseLost, Media, Platform, Published
from autosched.schedule import attachments, breaker, by_hand, life, public, verdicts
from autosched.schedule.job import WORKER, Job, take_up
from autosched.schedule.lease import Lease, Secret, until
from autosched.schedule.meters import SharedMeter
from autosched.schedule.models import AccountState, Target
from autosched.schedule.models import TargetState as S
from autosched.schedule.transitions import move
from autosched.settings import settings

_FIRST_LOOK = timedelta(minutes=15)
_PAINS = (0.2, 1.0, 3.0)
"""Seconds between the tries to record a proof while the database does not answer."""
log = logging.getLogger(__name__)


def publish(target_id: str, lease: str) -> None:
    """Publish, or settle, the target that was claimed with `lease`; do nothing if it is not ours.

    A message that comes twice, late, or after a cancel finds that its lease is not the target's.
    """
    job = take_up(target_id, lease)
    if job is None:
        return
    with Lease(target_id, job.target.workspace_id, job.token, job.handle) as held:
        try:
            _Publishing(job, held).run()
        except LeaseLost:
            log.info("target %s: another has taken it over, or it was cancelled", target_id)


class _Publishing:
    """One try at one target, under one lease."""

    def __init__(self, job: Job, held: Lease) -> None:
        self.job, self.held = job, held
        self.secret = Secret(job.account)
        self.breaker = breaker.key(job.account.platform, job.account.options)
        self.first_backoff = settings().lease_seconds / 3

    def run(self) -> None:
        try:
            if self.job.account.state == AccountState.DISCONNECTED:
                raise UnavailableError("The account is not connected any more.")
            platform = registry.platform(self.job.account.platform)
            desk = self._desk(platform)
        except AutoschedError as error:
            self._give_to_person(error)
            return
        if self.job.target.state == S.UNCONFIRMED:
            self._settle(platform, desk)
        elif self.job.options.get(by_hand.OPTION):
            self._hand_over(platform)
        else:
            self._prepare(platform, desk)

    def _desk(self, platform: Platform) -> Desk:
        return Desk(
            secret=self.secret.opened(),
            options=dict(self.job.account.options),
            handle=dict(self.job.handle),
            remember=self.held.remember,
            keep_secret=self.secret.keep,
            progress=self.held.progress,
            stored_secret=self.secret.stored,
            public_url=public.url,
            meter=SharedMeter(platform.name, platform.title, self.job.account.id),
        )

    def _draft(self, media: tuple[Media, ...]) -> Draft:
        job = self.job
        account = dict(job.account.options)
        return Draft(job.target.id, job.text, media, job.options, job.due_at, account)

    def _prepare(self, platform: Platform, desk: Desk) -> None:
        try:
            draft = self._draft(self._fitted(platform))
            against = [problem for problem in platform.check(draft) if problem.blocking]
            if not against:
                desk.handle = platform.prepare(desk, draft)
        except LeaseLost:
            raise
        except (NotFoundError, InvalidError) as error:
            self._fail(error.code, error.sentence, error.remedy)
        except Exception as error:  # noqa: BLE001  whatever a platform throws is classified
            self._log(error)
            self._apply(verdicts.after_prepare(error, self.job.attempts, self.first_backoff))
        else:
            if against:
                told = " ".join(problem.sentence for problem in against)
                self._fail(against[0].code, told, "Change the post, then try again.")
            else:
                self._commit(platform, desk, draft, "All is prepared: the post goes out now.")

    def _fitted(self, platform: Platform) -> tuple[Media, ...]:
        """The post's files as this platform takes them, converted where they must be."""
        media = attachments.files(self.job.target.workspace_id, self.job.post.media)
        limits = platform.shape(self._draft(media)).limits
        workspace_id = self.job.target.workspace_id
        return attachments.fitted(
            workspace_id, media, limits, self.job.options, progress=self.held.progress
        )

    def _hand_over(self, platform: Platform) -> None:
        """What a person posts by hand: the package is made ready, and they are told."""
        try:
            media = attachments.files(self.job.target.workspace_id, self.job.post.media)
            by_hand.make(self.job.target.workspace_id, self._draft(media), self.held.progress)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001  whatever goes wrong is classified
            self._log(error)
            self._apply(verdicts.after_prepare(error, self.job.attempts, self.first_backoff))
            return
        told = by_hand.due(platform.title, self.job.account.handle)
        self._end(
            told.to,
            told.cause,
            error_code=told.code,
            error=told.sentence,
            remedy=told.remedy,
        )

    def _commit(self, platform: Platform, desk: Desk, draft: Draft, cause: str) -> None:
        """The one thing last: recorded under our lease, on the disk, and only then called."""
        begun = time.monotonic()
        with db.write(durable=True) as session:
            move(
                session,
                [self.job.target],
                S.COMMITTING,
                actor=WORKER,
                cause=cause,
                held=self.job.token,
                handle=dict(desk.handle),
                attempts=self.job.attempts,
                doubt_since=clock.now(),
                run_at=until(),
            )
        self.job = replace(self.job, target=replace(self.job.target, state=S.COMMITTING))
        self.held.handle = dict(desk.handle)
        self.held.renewed_at(begun)
        self.held.make_sure()
        try:
            published = platform.commit(desk, draft)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001  whatever a platform throws is classified
            self._log(error)
            self._apply(verdicts.after_commit(error, self.job.attempts, self.first_backoff))
            return
        self._published(published, "The platform has taken it.")

    def _settle(self, platform: Platform, desk: Desk) -> None:
        """Ask whether the post is there: only a sure no lets it be sent again."""
        job = self.job
        try:
            media = self._media_if_there(platform)
            draft = self._draft(media or ())
            found = platform.settle(desk, draft)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001  whatever a platform throws is classified
            self._log(error)
            questions = job.questions + 1
            verdict = verdicts.after_question(error, questions, self.first_backoff)
            self._apply(verdict, questions=questions)
            return
        if found is not None:
            self._published(found, "The platform was asked: the post is there.")
            return
        no = "The platform was asked: the post is not there."
        step = self._obstacle_after_no(media is None)
        if step is None:
            self.job = replace(job, attempts=job.attempts + 1)
            self._commit(platform, desk, draft, f"{no} It goes out now.")
        else:
            self._end(
                step.to,
                f"{no} {step.cause}",
                error_code=step.code,
                error=step.sentence,
                remedy=step.remedy,
            )

    def _media_if_there(self, platform: Platform) -> tuple[Media, ...] | None:
        try:
            return self._fitted(platform)
        except NotFoundError:
            return None  # asking needs no files

    def _obstacle_after_no(self, media_gone: bool) -> life.Step | None:
        job = self.job
        overdue = clock.now() - job.due_at
        if job.account.state != AccountState.ACTIVE:
            return life.disconnected()
        if overdue > job.missed_after:
            return life.too_late(overdue)
        if media_gone or job.attempts >= verdicts.MAX_ATTEMPTS:
            return life.Step(
                S.FAILED,
                "Its file is gone." if media_gone else f"Given up after {job.attempts} tries.",
                code="media_gone" if media_gone else "unfinished",
                sentence="This post did not go out.",
                remedy="Choose the file again." if media_gone else "Try again.",
            )
        return None

    def _published(self, published: Published, cause: str) -> None:
        """Record the proof, and take pains over it: without it the platform must be asked."""
        self._note(None)
        changes: dict[str, Any] = {
            "permalink": published.permalink,
            "published_at": clock.now(),
            "measure_at": self._first_look(),
            "handle": {**self.held.handle, "remote_id": published.remote_id},
            "error_code": None,
            "error": None,
            "remedy": None,
        }
        for pause in (*_PAINS, None):
            try:
                self._end(S.PUBLISHED, cause, **changes)
            except LeaseLost:
                self._published_all_the_same(cause, changes)
            except SQLAlchemyError as error:
                if pause is None:
                    raise
                log.warning("target %s: proof not yet recorded: %s", self.job.target.id, error)
                time.sleep(pause)
                continue
            break

    def _published_all_the_same(self, cause: str, changes: dict[str, Any]) -> None:
        """Our lease is gone, yet we hold the proof: it ends the doubt of whoever has it now."""
        with db.write() as session:
            target = session.get(Target, self.job.target.id, with_for_update=True)
            if target is None or (target.doubt_since is None and target.state != S.UNCONFIRMED):
                log.error("target %s is public, and no longer in doubt", self.job.target.id)
                return
            settled = {"lease": None, "run_at": None, "doubt_since": None}
            move(session, [target], S.PUBLISHED, actor=WORKER, cause=cause, **settled, **changes)

    def _fail(self, code: str, sentence: str, remedy: str) -> None:
        self._end(S.FAILED, sentence, error_code=code, error=sentence, remedy=remedy)

    def _give_to_person(self, error: AutoschedError) -> None:
        """The account can't be used as it is stored: another platform, or another key."""
        self.secret.refused(error.sentence)
        self._end(
            S.NEEDS_PERSON,
            error.sentence,
            error_code="account",
            error=error.sentence,
            remedy=error.remedy or "Reconnect the account.",
            keep_doubt=self.job.target.state == S.UNCONFIRMED,
        )

    def _apply(self, verdict: verdicts.Verdict, **changes: Any) -> None:
        if verdict.account_problem is not None:
            self.secret.refused(verdict.account_problem)
        self._end(
            verdict.to,
            verdict.cause,
            wait=verdict.wait,
            **({"attempts": max(1, self.job.attempts - 1)} if verdict.free else {}),
            keep_doubt=verdict.doubt,
            error_code=verdict.code,
            error=verdict.sentence,
            remedy=verdict.remedy,
            **changes,
        )

    def _end(
        self,
        to: S,
        cause: str,
        *,
        wait: float | None = None,
        keep_doubt: bool = False,
        **changes: Any,
    ) -> None:
        """Let the target go into its next state; with `wait`, to be looked at again then."""
        if not keep_doubt:
            changes["doubt_since"] = None
        run_at = None if wait is None else clock.now() + timedelta(seconds=wait)
        with db.write() as session:
            move(
                session,
                [self.job.target],
                to,
                actor=WORKER,
                cause=cause,
                held=self.job.token,
                lease=None,
                run_at=run_at,
                **changes,
            )

    def _first_look(self) -> datetime | None:
        """When its figures are asked for first, on a platform that gives any."""
        counted = registry.platform(self.job.account.platform).metrics
        return clock.now() + _FIRST_LOOK if counted else None

    def _note(self, error: Exception | None) -> None:
        """Tell the breaker how it went; it is a comfort, and must not cost a post."""
        try:
            if error is None:
                breaker.worked(self.breaker)
            else:
                breaker.failed(self.breaker, error)
        except SQLAlchemyError as trouble:
            log.warning("the health of %s was not noted: %s", self.breaker, trouble)

    def _log(self, error: Exception) -> None:
        self._note(error)
        log.warning(
            "target %s on %s, while %s: %s",
            self.job.target.id,
            self.job.account.platform,
            self.job.target.state,
            error,
            exc_info=None if isinstance(error, AutoschedError) else error,
        )
