"""What the map shows of the codes: coordinates of theirs, their principal components, or a layout by t-SNE or UMAP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from PySide6.QtCore import QObject, Signal

from explorer.analysis.planes import AxisPlane, LinearPlane, NeighbourPlane, Plane
from explorer.gui.desk import Desk
from explorer.gui.jobs import Job
from explorer.parameters import parameters
from explorer.workspace.map_planes import plane_words
from explorer.workspace.messages import ModelRef, ProjectCodes, Projected
from explorer.workspace.project import ProjectFile
from explorer.workspace.stored_layouts import MapLayout

if TYPE_CHECKING:
    from explorer.analysis.camera import Camera

Method = Literal["axes", "pca", "tsne", "umap"]
TITLES: dict[Method, str] = {
    "axes": "Axes",
    "pca": "PCA",
    "tsne": "t-SNE",
    "umap": "UMAP",
}
FEWEST = 5
"""Samples that a layout needs."""
_KEY = "map_view:{}"  # of a run, in the project


@dataclass(frozen=True)
class View:
    """What a person chose to see.

    Parameters
    ----------
    method : {"axes", "pca", "tsne", "umap"}
    dims : {2, 3}
    axes : tuple of int
        Of the method "axes" the coordinates shown, of which a flat map takes the first two.
    """

    method: Method = "axes"
    dims: int = 2
    axes: tuple[int, int, int] = (0, 1, 2)

    @property
    def laid_out(self) -> bool:
        """Whether it takes a layout, which takes time."""
        return self.method in ("tsne", "umap")

    def with_axis(self, place: int, axis: int) -> View:
        """Return the view with another coordinate along one axis; one that had it before changes places with it."""
        axes = list(self.axes)
        if axis in axes:
            axes[axes.index(axis)] = axes[place]
        axes[place] = axis
        return replace(self, axes=(axes[0], axes[1], axes[2]))


@dataclass(frozen=True)
class Work:
    """A layout under way: of which run and view, with which settings, how much is done (NaN: unknown), seconds left."""

    run: int
    view: View
    epoch: int
    params: dict[str, Any] = field(default_factory=dict)
    fraction: float = float("nan")
    seconds_left: float | None = None


class Outlook(QObject):
    """Keeps what each run's map shows, has layouts made beside the window, and knows the plane that the hand moves in.

    Attributes
    ----------
    view : View
        What is shown.
    plane : Plane or None
        What the map's coordinates mean; None where there are no codes.
    camera : Camera or None
        How a map of three dimensions is turned; None where it has not been yet.
    layout : MapLayout or None
        What is behind a view that is laid out.
    work : Work or None
        The layout that is being made; until it is here, the map shows what it showed.
    """

    changed = Signal()
    """Something else is shown of the same codes, in a view that should be fitted anew."""
    work_changed = Signal()
    """A layout began, went on, or ended."""
    params_changed = Signal()
    """Other settings were chosen for a layout."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk, self._workspace = desk, desk.workspace
        self.view = View()
        self.camera: Camera | None = None
        self.plane: Plane | None = None
        self.layout: MapLayout | None = None
        self.work: Work | None = None
        self._job: Job | None = None
        self._params: dict[Method, dict[str, Any]] = {}
        self._restore()
        self._workspace.active_run_changed.connect(self._restore)
        self._workspace.codes_changed.connect(self._refresh)
        self._workspace.project_changed.connect(self.cancel)

    # What can be shown

    def hindrance(self, view: View) -> str:
        """Return why a view cannot be shown, as a sentence; empty where it can."""
        codes = self._workspace.codes
        if codes is None:
            return "There are no codes yet."
        width = codes.shape[1]
        if view.dims == 3 and width < 3:
            return f"A code of {'one number' if width == 1 else 'two numbers'} has no third dimension."
        if view.method != "axes" and width < 3:
            return f"A code of {'one number' if width == 1 else 'two numbers'} is its own map."
        if view.laid_out and len(codes) < FEWEST:
            return f"A layout needs {FEWEST} samples or more."
        return ""

    @property
    def stale(self) -> bool:
        """Whether the layout that is shown is of earlier weights than the run has now."""
        run = self._workspace.run
        return self.layout is not None and run is not None and self.layout.version != run.version

    # The settings of layouts

    @property
    def tunable(self) -> Method | None:
        """The method whose settings matter now: of the layout that is made, or shown; None where there is neither."""
        view = self.view if self.work is None else self.work.view
        return view.method if view.laid_out else None

    def params(self, method: Method) -> dict[str, Any]:
        """Return the settings that were chosen for a method; those not named have their defaults."""
        return self._params.get(method, {})

    def set_params(self, method: Method, params: dict[str, Any]) -> None:
        """Choose the settings of a method; what is shown stays until it is laid out again."""
        if params != self.params(method):
            self._params[method] = dict(params)
            self.params_changed.emit()

    @property
    def params_differ(self) -> bool:
        """Whether the layout that is made, or shown, has other settings than were chosen since."""
        method = self.tunable
        made = self.layout.params if self.layout is not None else {}
        if self.work is not None:
            made = self.work.params
        return method is not None and _settled(method, made) != _settled(method, self.params(method))

    # What is shown

    def choose(self, view: View) -> None:
        """Show a view; one that must be laid out first, once it is."""
        if self.hindrance(view):
            return
        if self.work is not None and self.work.view != view:
            self.cancel()
        if view == self.view:
            return
        layout = self._stored(view)
        if view.laid_out and layout is None:
            self._lay_out(view)
        else:
            self._take_params(layout)
            self._show(view, layout)

    def lay_out_again(self) -> None:
        """Lay out anew what is shown or being made, by the codes and settings as they are now."""
        view = self.view if self.work is None else self.work.view
        if view.laid_out:
            self._lay_out(view)

    def _take_params(self, layout: MapLayout | None) -> None:
        """Offer the settings that a layout was made with."""
        if layout is not None:
            method: Any = layout.method
            self._params[method] = _unlike_defaults(method, layout.params)

    def keep_camera(self, camera: Camera) -> None:
        """Remember how the map is turned."""
        self.camera = camera
        self._remember()

    def _show(self, view: View, layout: MapLayout | None) -> None:
        self.view, self.layout = view, layout
        self.plane = self._plane()
        self._remember()
        self.changed.emit()

    def _plane(self) -> Plane | None:
        """Return the plane of the view over the codes as they are now."""
        codes = self._workspace.codes
        return None if codes is None else plane_of(self.view, codes, self.layout, like=self.plane)

    def words(self) -> dict[str, Any]:
        """Return what the map's coordinates mean in words for a worker; there must be a plane."""
        assert self.plane is not None
        return plane_words(self.plane, self.view.method, self.view.dims)

    def _refresh(self) -> None:
        """Follow the codes while they move on; those of another shape begin anew."""
        codes = self._workspace.codes
        if codes is None or self.plane is None or not self._holds(self.view, codes):
            self._restore()
        elif not isinstance(self.plane, AxisPlane):
            self.plane = self._plane()

    def _holds(self, view: View, codes: np.ndarray) -> bool:
        """Whether codes can be shown in a view."""
        if codes.shape[1] < 3:
            return view.method == "axes" and view.dims == 2 and set(view.axes[:2]) == {0, 1}
        if self.layout is not None and len(self.layout.coordinates) != len(codes):
            return False
        return max(view.axes[: view.dims]) < codes.shape[1]

    # What is remembered

    def _restore(self) -> None:
        """Take up what the run's map showed last; two coordinates of its codes where that is not known."""
        run, codes = self._workspace.run, self._workspace.codes
        self.view, self.camera, self.layout, self.plane = View(), None, None, None
        if run is not None and codes is not None:
            kept = self._desk.guard(lambda: self._workspace.project.get_state(_KEY.format(run.id)))
            view = _view_of(kept)
            if view is not None and not self.hindrance(view):
                layout = self._stored(view)
                if self._fits(view, layout, codes):
                    self.view, self.layout = view, layout
                    self.camera = _camera_of(kept)
            self._take_params(self.layout)
        self.plane = self._plane()

    @staticmethod
    def _fits(view: View, layout: MapLayout | None, codes: np.ndarray) -> bool:
        if view.laid_out:
            return layout is not None and len(layout.coordinates) == len(codes)
        return view.method != "axes" or max(view.axes[: view.dims]) < codes.shape[1]

    def _remember(self) -> None:
        run = self._workspace.run
        if run is not None:
            kept: dict[str, Any] = {
                "method": self.view.method,
                "dims": self.view.dims,
                "axes": list(self.view.axes),
            }
            if self.camera is not None:
                kept["camera"] = self.camera.to_json()
            self._workspace.project.set_state(_KEY.format(run.id), kept)

    def _stored(self, view: View) -> MapLayout | None:
        run, codes = self._workspace.run, self._workspace.codes
        if not view.laid_out or run is None or codes is None:
            return None
        layout = self._desk.guard(lambda: self._workspace.project.layout(run.id, view.method, view.dims))
        return layout if layout is not None and len(layout.coordinates) == len(codes) else None

    # Layouts

    def _lay_out(self, view: View) -> None:
        model, run = self._workspace.model_ref, self._workspace.run
        if model is None or run is None:
            return
        self.cancel()
        epoch = run.history.epochs[-1].number if run.history.epochs else 0
        work = self.work = Work(run.id, view, epoch, self.params(view.method))
        self.work_changed.emit()
        job = self._desk.jobs.submit(
            "project_codes",
            ProjectCodes(model, view.method, view.dims, work.params),  # type: ignore[arg-type] - of layouts only
            lane="study",
            on_progress=lambda fraction, _message, _payload, left: self._went_on(work, fraction, left),
            on_result=partial(self._laid_out, model, work),
            on_error=lambda reason: self._ended(work, lambda: self._desk.failed.emit(reason)),
            on_cancelled=lambda: self._ended(work),
        )
        if self._current(work):  # it may have ended already, where work is done at once
            self._job = job

    def cancel(self) -> None:
        """Give up the layout that is being made; the map shows what it showed."""
        if self._job is not None:
            self._job.cancel()
            self._job.drop()
        self._job = None
        if self.work is not None:
            self.work = None
            self.work_changed.emit()

    def _current(self, work: Work) -> bool:
        return self.work is not None and (self.work.run, self.work.view) == (
            work.run,
            work.view,
        )

    def _went_on(self, work: Work, fraction: float, seconds_left: float | None) -> None:
        if self._current(work):
            self.work = replace(work, fraction=fraction, seconds_left=seconds_left)
            self.work_changed.emit()

    def _ended(self, work: Work, then: Callable[[], object] | None = None) -> None:
        if self._current(work):
            self._job = self.work = None
            self.work_changed.emit()
        if then is not None:
            then()

    def _laid_out(self, model: ModelRef, work: Work, result: Projected) -> None:
        """Keep what was laid out, and show it if its run is still looked at."""
        self._take(model, work, result)
        self._ended(work)

    def _take(self, model: ModelRef, work: Work, result: Projected) -> None:
        if self.params(work.view.method) == work.params:
            # As they were used: of few codes a neighbourhood is smaller than was asked for.
            self._params[work.view.method] = _unlike_defaults(work.view.method, result.params)
        workspace = self._workspace
        if str(workspace.path) != model.project or all(run.id != model.run for run in workspace.runs):
            return
        layout = MapLayout(
            model.run, result.method, result.dims, result.model.version, work.epoch,
            result.coordinates, result.params, result.note,
        )  # fmt: skip
        self._desk.guard(lambda: workspace.project.write_layout(layout))
        codes = workspace.codes
        if workspace.run is not None and workspace.run.id == model.run and codes is not None:
            if len(layout.coordinates) == len(codes):
                self._show(work.view, layout)
            if result.note:
                self._desk.notice.emit("info", result.note)


def plane_of(
    view: View,
    codes: np.ndarray,
    layout: MapLayout | None,
    *,
    like: Plane | None = None,
) -> Plane:
    """Return what a view shows of codes ``(N, L)``; one that is laid out needs its layout.

    `like` is the plane that showed them before, which principal components should not flip against.
    """
    if codes.shape[1] == 1:
        return AxisPlane(0)
    if view.method == "axes":
        return AxisPlane(*view.axes[: view.dims])
    if view.method == "pca":
        return LinearPlane.principal(codes, view.dims, like=like)
    assert layout is not None
    names = [f"{TITLES[view.method]} {i + 1}" for i in range(view.dims)]
    return NeighbourPlane(layout.coordinates, codes, names)


def _settled(method: Method, params: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a method, with the defaults of those that are not named."""
    from explorer.analysis.projections import METHODS

    return {parameter.name: params.get(parameter.name, parameter.default) for parameter in parameters(METHODS[method])}


def _unlike_defaults(method: Method, params: dict[str, Any]) -> dict[str, Any]:
    """Return those settings of a method that differ from their defaults, as its form names them."""
    defaults = _settled(method, {})
    return {name: value for name, value in _settled(method, params).items() if value != defaults[name]}


def remembered(project: ProjectFile, run: int) -> View | None:
    """Return what a run's map showed last; None where that is not known."""
    return _view_of(project.get_state(_KEY.format(run)))


def _camera_of(kept: dict[str, Any]) -> Camera | None:
    if "camera" not in kept:
        return None
    from explorer.analysis.camera import (
        Camera,
    )  # a flat map at the start need not load it

    return Camera.from_json(kept["camera"])


def _view_of(kept: Any) -> View | None:
    """Return the view in a project's words; None where they make none."""
    if not isinstance(kept, dict):
        return None
    method: Any = kept.get("method")
    dims, axes = kept.get("dims"), kept.get("axes")
    if method not in get_args(Method) or dims not in (2, 3) or not isinstance(axes, list) or len(axes) != 3:
        return None
    if not all(isinstance(axis, int) and axis >= 0 for axis in axes) or len(set(axes)) < 3:
        return None
    return View(method, dims, (axes[0], axes[1], axes[2]))
