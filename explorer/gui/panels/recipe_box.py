"""The menu of models: in families, those that the data do not suit greyed out with the reason."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from explorer.data.dataset import Dataset
from explorer.gui.theme import theme
from explorer.models.base import RECIPES, LatentModel

FAMILIES = (
    "Linear",
    "Autoencoders",
    "Recurrent",
    "Convolutional and attention",
    "Generative",
    "Text",
    "With labels",
    "Ensembles",
)
"""In this order; those of other recipes come behind."""
_LAYOUT_WORDS = {
    "series": "series",
    "image": "images",
    "points": "points",
    "profile": "profiles (vectors)",
    "text": "sentences",
    "notes": "melodies",
}
_NEED_WORDS = {
    "labels": "the label of each sample",
    "masks": "masks, the class of each step or pixel",
    "targets": "a translation of each sample",
}


def unsuitable(cls: type[LatentModel], data: Dataset) -> str:
    """Return why a recipe cannot learn from data, as a sentence; empty where it can."""
    if data.layout not in cls.layouts:
        takes = " and ".join(_LAYOUT_WORDS[layout] for layout in cls.layouts)
        return f"{cls.title} takes {takes}; these data are {_LAYOUT_WORDS[data.layout]}."
    for need in cls.needs:
        if getattr(data, need) is None or (need == "targets" and not data.target_vocabulary):
            return f"{cls.title} learns from {_NEED_WORDS[need]}; these data have none."
    return ""


class RecipeBox(QComboBox):
    """Lists all recipes under the names of their families."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recipe")
        self.setAccessibleName("Model")
        self.setToolTip("What kind of model to train")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setMaxVisibleItems(30)
        self.classes, failed = RECIPES.load_all()
        self._items: dict[str, QStandardItem] = {}
        self._headings: list[QStandardItem] = []
        model = QStandardItemModel(self)
        families = {cls.family for cls in self.classes.values()}
        for family in (*FAMILIES, *sorted(families - set(FAMILIES))):
            members = [name for name, cls in self.classes.items() if cls.family == family]
            if not members:
                continue
            heading = QStandardItem(family)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            self._headings.append(heading)
            model.appendRow(heading)
            for name in sorted(members, key=lambda name: self.classes[name].title.lower()):
                self._append(model, name, self.classes[name].title or name)
        for name, reason in failed.items():
            self._append(model, name, f"{name} (cannot be loaded)")
            self._items[name].setEnabled(False)
            self._items[name].setToolTip(reason)
        self.setModel(model)
        self.setCurrentIndex(next(iter(self._items.values())).row())
        theme().changed.connect(self._restyle)
        self._restyle()

    def _append(self, model: QStandardItemModel, name: str, title: str) -> None:
        item = self._items[name] = QStandardItem(title)
        item.setData(name, Qt.ItemDataRole.UserRole)
        model.appendRow(item)

    @property
    def name(self) -> str:
        """The registered name of the chosen recipe."""
        return self.currentData()

    def choose(self, name: str) -> None:
        """Choose the recipe of that name."""
        self.setCurrentIndex(self._items[name].row())

    def grey_out(self, data: Dataset | None) -> None:
        """Grey out the recipes that cannot learn from the data, and say why by tool tip."""
        for name, cls in self.classes.items():
            reason = "" if data is None else unsuitable(cls, data)
            self._items[name].setEnabled(not reason)
            self._items[name].setToolTip(reason or (cls.__doc__ or "").strip().split("\n")[0])

    def _restyle(self) -> None:
        for heading in self._headings:
            heading.setFont(theme().font("small"))
            heading.setForeground(theme().color("accent"))
