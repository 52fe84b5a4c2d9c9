"""Asking for a file of data."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from explorer.data.reader import READERS


def ask_for_data_file(parent: QWidget, title: str) -> str:
    """Return the path of a file that a reader reads, or an empty text where the person cancelled."""
    readers = READERS.load_all()[0].values()
    patterns = " ".join(f"*{extension}" for cls in readers for extension in cls.extensions)
    filters = [f"Data files ({patterns})"]
    filters += [f"{cls.title} ({' '.join('*' + e for e in cls.extensions)})" for cls in readers]
    filters.append("All files (*)")
    folder = str(QSettings().value("data_folder") or Path.home())
    path, _ = QFileDialog.getOpenFileName(parent, title, folder, ";;".join(filters))
    if path:
        QSettings().setValue("data_folder", str(Path(path).parent))
    return path
