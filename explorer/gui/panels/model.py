"""Which model to train, with which settings."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.dialogs.errors import sentence
from explorer.gui.forms import ParameterForm
from explorer.gui.panels.corruption_box import CorruptionBox
from explorer.gui.panels.recipe_box import RecipeBox, unsuitable
from explorer.gui.theme import GRID
from explorer.gui.widgets.banner import Banner
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.wording import counted, span
from explorer.models.base import LatentModel
from explorer.parameters import parameters, validate
from explorer.workspace.messages import Estimate
from explorer.workspace.run import Run

_PAUSE_MS = 300
# What a person most likely wants first: the first of these that takes the data's layout.
_FIRST = ("recurrent-autoencoder", "vae", "translator", "sentence-vae")
_ELSEWHERE = ("corruption",)
_REMEDY = "gaussian:0.2"
"""The noise that keeps a wide code from copying its input."""


class ModelPanel(QWidget):
    """The recipe, its form, what its training will cost, and the button that starts it.

    Parameters
    ----------
    controller : Controller

    Notes
    -----
    The settings of a run are shown when it is chosen, unless the person has changed the form since: then a line says
    that they differ, with a button to take them.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._workspace = controller, controller.workspace
        self.form: ParameterForm | None = None
        self._edited = False
        self._chosen_by_hand = False
        self._asked = 0
        self._hinted: tuple[object, ...] = ()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._estimate)
        self._make_widgets()
        self._lay_out()
        workspace = self._workspace
        workspace.data_changed.connect(self._data_changed)
        workspace.active_run_changed.connect(self._run_chosen)
        workspace.run_changed.connect(self._run_changed)
        controller.trainer.changed.connect(self._refresh)
        self._show_form()
        self._data_changed()
        self._run_chosen()

    # Its parts

    def _make_widgets(self) -> None:
        self.recipe = RecipeBox()
        self._classes = self.recipe.classes
        self.recipe.currentIndexChanged.connect(self._show_form)
        self.recipe.activated.connect(self._recipe_chosen)
        self.description = Words("", "small", "muted")
        self.description.setObjectName("recipe_description")
        self.corruption = CorruptionBox()
        self.corruption.changed.connect(self._form_changed)
        self.hint = Words("", "small", "muted")
        self.hint.setObjectName("settings_hint")
        self.take_button = QPushButton("Use its settings")
        self.take_button.setObjectName("take_settings")
        self.take_button.setAccessibleName("Use the settings of the active run")
        self.take_button.setToolTip("Put the settings of the run that is shown into the form")
        self.take_button.clicked.connect(self._take_settings)
        self.warning = Banner("model-warning", self)
        self.remedy_button = QPushButton("Add noise")
        self.remedy_button.setObjectName("add_noise")
        self.remedy_button.setAccessibleName("Add noise to the inputs")
        self.remedy_button.setToolTip("Spoil the inputs anew in each epoch, so that copying them is no way out")
        self.remedy_button.clicked.connect(self._add_noise)
        self.remedy_button.hide()
        self.cost = Words("", "small", "muted")
        self.cost.setObjectName("cost")
        self.train_button = QPushButton("Train")
        self.train_button.setObjectName("train")
        self.train_button.setProperty("primary", True)
        self.train_button.setAccessibleName("Train the model")
        self.train_button.clicked.connect(self.train)
        for label in (self.description, self.hint, self.cost):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def _lay_out(self) -> None:
        page = QWidget()
        self._page = QVBoxLayout(page)
        self._page.setContentsMargins(GRID * 3 // 2, GRID // 2, GRID * 3 // 2, GRID)
        self._page.setSpacing(GRID // 2)
        self._page.addWidget(self.recipe)
        self._page.addWidget(self.description)
        self._page.addWidget(self.warning)
        self._page.addWidget(self.remedy_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._form_place = QVBoxLayout()
        self._page.addLayout(self._form_place)
        self._page.addWidget(self.corruption)
        self._page.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("model_scroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        foot = QVBoxLayout()
        foot.setContentsMargins(GRID * 3 // 2, GRID // 2, GRID * 3 // 2, GRID)
        foot.setSpacing(GRID // 2)
        foot.addWidget(self.hint)
        foot.addWidget(self.take_button, 0, Qt.AlignmentFlag.AlignLeft)
        foot.addWidget(self.cost)
        foot.addWidget(self.train_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)

    # The settings

    @property
    def recipe_name(self) -> str:
        """The registered name of the chosen recipe."""
        return self.recipe.name

    def settings(self) -> tuple[str, dict[str, Any], str | None]:
        """Return the recipe, the parameters that differ from its defaults, and the corruption.

        Raises
        ------
        InputError
            If a value does not fit.
        """
        assert self.form is not None
        corruption = self.corruption.text() if self._takes_corruption() else None
        return self.recipe_name, self.form.values(), corruption

    def set_settings(self, recipe: str, params: dict[str, Any], corruption: str | None) -> None:
        """Show a recipe with these parameters; the others have their defaults."""
        if recipe not in self._classes:
            return
        self.recipe.choose(recipe)
        assert self.form is not None
        self.form.set_values(params)
        self.corruption.set_text(corruption or params.get("corruption"))
        self._edited = False
        self._refresh()

    def _class(self) -> type[LatentModel]:
        return self._classes[self.recipe_name]

    def _takes_corruption(self) -> bool:
        return any(parameter.name == "corruption" for parameter in parameters(self._class()))

    def _show_form(self) -> None:
        """Show the form of the chosen recipe; settings that two recipes share go over."""
        shared: dict[str, Any] = {}
        if self.form is not None:
            shared = {} if self.form.error() else self.form.values()
            self._form_place.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        cls = self._class()
        self.description.setText(_first_sentence(cls))
        self.form = ParameterForm(cls, hidden=_ELSEWHERE)
        self.form.set_values(_that_fit(cls, shared, self.form.names))
        self.form.changed.connect(self._form_changed)
        self._form_place.addWidget(self.form)
        self.corruption.setVisible(self._takes_corruption())
        self.corruption.set_label_width(max(self.form.label_width, 9 * GRID))
        self._refresh()

    def _recipe_chosen(self) -> None:
        self._chosen_by_hand = self._edited = True
        self._refresh()

    def _form_changed(self) -> None:
        self._edited = True
        self._refresh()

    def _take_settings(self) -> None:
        if run := self._workspace.run:
            self.set_settings(run.recipe, run.params, run.corruption)

    # What is open

    def _data_changed(self) -> None:
        data = self._workspace.data
        self.recipe.grey_out(data)
        if data is not None and not self._chosen_by_hand and self._workspace.run is None:
            if not self._edited:  # a run of other data brought the settings along, no person
                self.set_settings(self.recipe_name, {}, None)
            for name in dict.fromkeys((*_FIRST, *self._classes)):
                if name in self._classes and not unsuitable(self._classes[name], data):
                    self.recipe.choose(name)
                    break
        self._refresh()

    def _run_chosen(self) -> None:
        if self._workspace.run is not None and not self._edited:
            self._take_settings()
        self._refresh()

    def _run_changed(self, run: int) -> None:
        active = self._workspace.run
        if active is None or active.id != run:
            return
        settings = (run, active.name, active.recipe, active.params, active.corruption)
        if settings != self._hinted:  # an epoch changes none of them
            self._hinted = settings
            self._refresh_hint()

    # What can be done

    def obstacle(self) -> str:
        """Return why the training cannot start, as a sentence; empty where it can."""
        data = self._workspace.data
        if data is None:
            return "Open data to train on first."
        cls = self._class()
        if reason := unsuitable(cls, data):
            return f"{reason} Choose another model."
        try:
            self.settings()
        except InputError as reason:
            return str(reason)
        return "A training is under way." if self._controller.trainer.running else ""

    def train(self) -> None:
        """Start a training with the settings of the form; where it cannot start, say why."""
        if text := self.obstacle():
            self._controller.notice.emit("warn", text)
            return
        self._edited = False
        self._controller.trainer.start(*self.settings())

    def train_again(self, changes: dict[str, Any]) -> None:
        """Train with the settings of the run that is shown but for some, which are put into the form."""
        if run := self._workspace.run:
            self.set_settings(run.recipe, {**run.params, **changes}, run.corruption)
            self.train()

    def _refresh(self) -> None:
        """Say what stands in the way, ask what it would cost, and whether the settings are those of the run."""
        obstacle = self.obstacle()
        self.train_button.setEnabled(not obstacle)
        self.train_button.setToolTip(obstacle or "Train a new run with these settings (Ctrl+T)")
        self.train_button.setAccessibleDescription(obstacle)
        self._refresh_hint()
        self._asked += 1  # an answer on its way is no longer about this form
        if obstacle and not self._controller.trainer.running:
            self._pause.stop()
            self._warn([])
            told = obstacle if self.form and self.form.error() is None else "A setting above does not fit."
            self._tell(told, "muted" if self._workspace.data is None else "bad")
        else:
            self._pause.start()

    def _refresh_hint(self) -> None:
        run = self._workspace.run
        fits = self.form is not None and self.form.error() is None
        differs = run is not None and fits and not self._is_of(run)
        self.hint.setVisible(differs)
        self.take_button.setVisible(differs and run is not None and run.recipe in self._classes)
        if differs and run is not None:
            self.hint.setText(f"The settings are not those of “{run.name}”. Train to see what they do.")

    def _is_of(self, run: Run) -> bool:
        if run.recipe != self.recipe_name:
            return False
        try:
            _, params, corruption = self.settings()
            then = validate(self._class(), run.params)
        except InputError:
            return False
        defaults = {parameter.name: parameter.default for parameter in parameters(self._class())}
        before, now = {**defaults, **then}, {**defaults, **params}
        spoilt = run.corruption or before.pop("corruption", None)
        now.pop("corruption", None)
        before.pop("corruption", None)
        return before == now and spoilt == corruption

    # What it costs

    def _estimate(self) -> None:
        try:
            recipe, params, corruption = self.settings()
        except InputError:
            return
        if corruption:
            params = {**params, "corruption": corruption}
        self._asked += 1
        asked = self._asked

        def answered(estimate: Estimate) -> None:
            if asked == self._asked:
                time = "" if estimate.seconds is None else f" · about {span(estimate.seconds)}"
                self._tell(f"{counted(estimate.n_parameters, 'parameter')}{time}")
                self._warn(estimate.warnings)

        def failed(reason: Exception) -> None:
            if asked == self._asked:
                self._tell(sentence(str(reason)), "bad")

        self._controller.trainer.estimate(recipe, params, answered, failed)

    def _warn(self, warnings: list[str]) -> None:
        """Show what a person should know before the training, and what mends it by one press."""
        self.warning.tell("warn", "\n".join(warnings))
        self.remedy_button.setVisible(bool(warnings) and self._takes_corruption() and not self.corruption.text())

    def _add_noise(self) -> None:
        self.corruption.set_text(_REMEDY)
        self._form_changed()

    def _tell(self, text: str, color: str = "muted") -> None:
        self.cost.setText(text)
        self.cost.set_color(color)


def _first_sentence(cls: type) -> str:
    return " ".join((cls.__doc__ or "").strip().split("\n\n")[0].split())


def _that_fit(cls: type, values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return those of the values that `cls` declares with the same name and takes."""
    fitting = {}
    for name in values.keys() & set(names):
        try:
            fitting |= validate(cls, {name: values[name]})
        except InputError:
            continue  # the same word means another thing there: `hidden` of an LSTM is one number
    return fitting
