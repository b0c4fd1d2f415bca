"""The Evaluation page beside the chat: the kept runs, the report of one, the comparison of two.

Plain pages without a script, so that whatever a run holds can be forbidden to do anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from assistant.errors import TestSetError
from assistant.evaluation import html
from assistant.evaluation.intervals import Estimate, estimate
from assistant.evaluation.report import answerers
from assistant.evaluation.run import Run
from assistant.evaluation.scoring import measures
from index.errors import PinciteError

ADDRESS = "evaluation"

LISTED = 50
"""How many runs the page lists, the newest first."""

LARGEST = 100_000_000
"""Bytes of a run's file that the page reads."""

_CHAT = {"Chat": "./"}
_RUNS = {"All runs": ADDRESS}


@dataclass(frozen=True, slots=True)
class Stored:
    """A run's file as it is now."""

    path: Path
    changed: int
    """Nanoseconds: what is known of the file holds until then."""
    size: int

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class Listed:
    """A run as the page lists it."""

    name: str
    created: str = ""
    questions: int = 0
    answers: str = ""
    right: Estimate | None = None
    problem: str = ""
    """Why it cannot be shown; empty if it can."""


def routes(folder: Path) -> list[Route]:
    """The page over the runs in ``folder``, to be served beside the chat."""
    drawing = Lock()  # Matplotlib is not made for threads

    def shown(request: Request) -> HTMLResponse:
        asked = request.query_params
        with drawing:
            return _shown(folder, asked.get("run", ""), asked.get("before", ""))

    return [Route(f"/{ADDRESS}", shown)]


def _shown(folder: Path, name: str, before: str) -> HTMLResponse:
    try:
        if not name:
            return _page(_list(folder))
        return _page(_report(_find(folder, name), _find(folder, before) if before else None))
    except PinciteError as error:
        return _page(_list(folder, str(error)), 404)


def _page(text: str, status: int = 200) -> HTMLResponse:
    policy = f"{html.POLICY}; frame-ancestors 'none'"
    return HTMLResponse(text, status, {"Content-Security-Policy": policy})


def _list(folder: Path, message: str = "") -> str:
    return html.render(
        "runs.html.jinja",
        links=_CHAT,
        address=ADDRESS,
        folder=str(folder),
        runs=[_listed(one) for one in stored(folder)],
        message=message,
    )


def stored(folder: Path) -> list[Stored]:
    """The runs in the folder, newest first; none where there is no such folder."""
    return sorted(_files(folder), key=lambda one: -one.changed)[:LISTED]


def _files(folder: Path) -> Iterator[Stored]:
    if not folder.is_dir():
        return
    for path in folder.glob("[!.]*.json"):
        if path.is_file():
            state = path.stat()
            yield Stored(path, state.st_mtime_ns, state.st_size)


def _find(folder: Path, name: str) -> Stored:
    # Only what is listed is opened: a name from outside is never made a path.
    for one in stored(folder):
        if one.name == name:
            return one
    raise TestSetError(f"There is no run {name} (any more): choose one of the list.")


@lru_cache(maxsize=2 * LISTED)
def _listed(one: Stored) -> Listed:
    try:
        run = _load(one)
    except TestSetError as error:
        return Listed(one.name, problem=str(error))
    right = [found["right"] for record in run.records if "right" in (found := measures(record, 1))]
    return Listed(
        one.name,
        run.created[:16].replace("T", " "),
        len(run.records),
        ", ".join(answerers(run)) or "none",
        estimate(right) if right else None,
    )


@lru_cache(maxsize=8)
def _report(one: Stored, before: Stored | None) -> str:
    run, earlier = _load(one), _load(before) if before else None
    return html.page(run, earlier, _RUNS | _CHAT)


def _load(one: Stored) -> Run:
    if one.size > LARGEST:
        raise TestSetError(f"{one.name} is too large for this page: use pincite evaluate --from.")
    return Run.load(one.path)
