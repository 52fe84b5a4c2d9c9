"""Colours and fonts of the window, dark and light, with the system or by choice."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from explorer.analysis.palette import PALETTES, Palette

Choice = Literal["system", "light", "dark"]
Role = Literal["small", "body", "title", "number"]
GRID = 8
"""Spacing is a multiple of this, in pixels."""


class Theme(QObject):
    """The theme in force. Widgets read `palette` when they draw, and restyle on `changed`."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        stored = QSettings().value("theme", "system")
        self.choice: Choice = stored if stored in ("light", "dark") else "system"
        self.name: Literal["light", "dark"] = "light"
        self._base_font = QFont(app.font())
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow)
        app.screenAdded.connect(lambda _screen: self.changed.emit())  # icons are drawn for the screens that there are
        self._apply()

    @property
    def palette(self) -> Palette:
        """Colours by role."""
        return PALETTES[self.name]

    def color(self, role: str, alpha: float = 1.0) -> QColor:
        """Return the colour of a palette's role, with an opacity from 0 to 1."""
        color = QColor(getattr(self.palette, role))
        color.setAlphaF(alpha)
        return color

    def font(self, role: Role) -> QFont:
        """Return the font of a role; all grow with the system's font size."""
        if role == "number":
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            font.setPointSizeF(self._base_font.pointSizeF() * 0.95)
            return font
        font = QFont(self._base_font)
        font.setPointSizeF(self._base_font.pointSizeF() * {"small": 0.88, "body": 1.0, "title": 1.12}[role])
        if role == "title":
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def choose(self, choice: Choice) -> None:
        """Follow the system, or stay light or dark; remembered."""
        self.choice = choice
        QSettings().setValue("theme", choice)
        self._apply()

    def _follow(self) -> None:
        if self.choice == "system":
            self._apply()

    def _apply(self) -> None:
        if self.choice == "system":
            dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
            self.name = "dark" if dark else "light"
        else:
            self.name = self.choice
        self._app.setPalette(self._qt_palette())
        self._app.setStyleSheet(self._style_sheet())
        self.changed.emit()

    def _qt_palette(self) -> QPalette:
        p, role = self.palette, QPalette.ColorRole
        palette = QPalette()
        pairs = {
            role.Window: p.panel, role.WindowText: p.text, role.Base: p.field, role.AlternateBase: p.window,
            role.Text: p.text, role.Button: p.panel, role.ButtonText: p.text, role.BrightText: p.bad,
            role.ToolTipBase: p.panel, role.ToolTipText: p.text, role.PlaceholderText: p.muted,
            role.Highlight: p.accent, role.HighlightedText: p.accent_text, role.Link: p.accent,
            role.Light: p.panel, role.Midlight: p.window, role.Mid: p.line, role.Dark: p.line, role.Shadow: p.line,
            role.Accent: p.accent,
        }  # fmt: skip
        for key, value in pairs.items():
            palette.setColor(key, QColor(value))
        for key in (role.Text, role.ButtonText, role.WindowText):
            palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(p.muted))
        palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(p.line))
        return palette

    def _style_sheet(self) -> str:
        p = self.palette
        return f"""
        QMainWindow {{ background: {p.window}; }}
        QWidget#ground {{ background: {p.field}; }}
        QMainWindow::separator {{ background: {p.window}; width: 6px; height: 6px; }}
        QMainWindow::separator:hover {{ background: {p.line}; }}
        QToolTip {{ background: {p.panel}; color: {p.text}; border: 1px solid {p.line}; padding: 4px; }}
        QToolBar {{ background: {p.panel}; border: none; border-bottom: 1px solid {p.line}; padding: 4px;
                    spacing: 4px; }}
        QToolBar QToolButton {{ padding: 5px 10px; border: none; border-radius: 6px; }}
        QToolBar QToolButton:hover {{ background: {p.window}; }}
        QToolBar QToolButton:checked {{ background: {p.window}; color: {p.accent}; }}
        QMenuBar {{ background: {p.panel}; padding: 2px 4px; }}
        QMenuBar::item {{ padding: 3px 8px; border-radius: 4px; background: transparent; }}
        QMenuBar::item:selected {{ background: {p.window}; }}
        QDockWidget {{ color: {p.muted}; }}
        QMainWindow > QTabBar {{ background: {p.window}; }}
        QMainWindow > QTabBar::tab {{ background: transparent; color: {p.muted}; border: none; padding: 5px 12px;
                                      border-top: 2px solid transparent; }}
        QMainWindow > QTabBar::tab:selected {{ background: {p.panel}; color: {p.text};
                                               border-top-color: {p.accent}; }}
        QMainWindow > QTabBar::tab:hover:!selected {{ color: {p.text}; }}
        QTabBar#bench_views::tab {{ background: transparent; color: {p.muted}; border: none; padding: 5px 12px;
                                    border-bottom: 2px solid transparent; }}
        QTabBar#bench_views::tab:selected {{ color: {p.text}; border-bottom-color: {p.accent}; }}
        QTabBar#bench_views::tab:hover:!selected {{ color: {p.text}; }}
        QStatusBar {{ background: {p.panel}; border-top: 1px solid {p.line}; color: {p.muted}; }}
        QStatusBar::item {{ border: none; }}
        QStatusBar QLabel {{ padding-left: 8px; }}
        QStatusBar QPushButton {{ padding: 1px 8px; }}
        QScrollBar {{ background: transparent; border: none; }}
        QScrollBar:vertical {{ width: 10px; }}
        QScrollBar:horizontal {{ height: 10px; }}
        QScrollBar::handle {{ background: {p.line}; border-radius: 3px; margin: 2px; }}
        QScrollBar::handle:vertical {{ min-height: 24px; }}
        QScrollBar::handle:horizontal {{ min-width: 24px; }}
        QScrollBar::handle:hover {{ background: {p.muted}; }}
        QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
        QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
        QPushButton {{ padding: 5px 12px; border: 1px solid {p.line}; border-radius: 6px; background: {p.panel}; }}
        QPushButton:hover {{ border-color: {p.accent}; }}
        QPushButton:focus {{ border-color: {p.accent}; }}
        QPushButton:pressed {{ background: {p.window}; }}
        QPushButton:disabled {{ color: {p.muted}; background: {p.window}; }}
        QPushButton[primary="true"] {{ background: {p.accent}; color: {p.accent_text}; border-color: {p.accent}; }}
        QPushButton[primary="true"]:disabled {{ background: {p.line}; color: {p.muted}; border-color: {p.line}; }}
        QProgressBar {{ border: none; border-radius: 3px; background: {p.line}; max-height: 6px; }}
        QProgressBar::chunk {{ border-radius: 3px; background: {p.accent}; }}
        QTableView {{ border: none; gridline-color: {p.line}; }}
        QHeaderView::section {{ background: {p.panel}; color: {p.muted}; border: none; padding: 4px 6px;
                                border-bottom: 1px solid {p.line}; }}
        QScrollArea {{ border: none; background: transparent; }}
        """


_theme: Theme | None = None


def install_theme(app: QApplication) -> Theme:
    """Give the application its theme, once."""
    global _theme
    if _theme is None or _theme.parent() is not app:
        _theme = Theme(app)
    return _theme


def theme() -> Theme:
    """Return the theme in force; it is installed at the first call."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("a QApplication must exist before its theme")
    return install_theme(app)
