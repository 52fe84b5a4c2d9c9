"""What the panels call: the parts that turn wishes into jobs, and their results into the workspace's state."""

from __future__ import annotations

from PySide6.QtCore import QObject

from explorer.gui.analyst import Analyst
from explorer.gui.denoiser import Denoiser
from explorer.gui.desk import Desk
from explorer.gui.exporter import Exporter
from explorer.gui.hand import Hand
from explorer.gui.jobs import Jobs
from explorer.gui.librarian import Librarian
from explorer.gui.outlook import Outlook
from explorer.gui.past import Past
from explorer.gui.sentences import Sentences
from explorer.gui.track import Track
from explorer.gui.trainer import Trainer
from explorer.gui.ways import Ways
from explorer.workspace.workspace import Workspace


class Controller(Desk):
    """The one object that knows the workspace and the workers, and the parts that act on both.

    Parameters
    ----------
    workspace : Workspace
    jobs : Jobs

    Attributes
    ----------
    outlook : Outlook
        What the map shows of the codes, and the plane that the hand moves in.
    past : Past
        The map as it was after earlier epochs.
    hand : Hand
        The handle on the map, and the sample decoded under it.
    track : Track
        The play-head on a recording whose windows the data are.
    ways : Ways
        Places that were marked among the codes, and what is sketched on the map.
    denoiser : Denoiser
        One sample, spoilt and passed through the model.
    sentences : Sentences
        Sentences that the person types.
    trainer : Trainer
        The training that is under way, and the estimate of the next.
    librarian : Librarian
        Projects and data sets.
    analyst : Analyst
        Questions to the run and its data that take a while.
    exporter : Exporter
        Figures and numbers, written to files.
    """

    def __init__(self, workspace: Workspace, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(workspace, jobs, parent)
        self.outlook = Outlook(self)
        self.past = Past(self)
        self.hand = Hand(self, self.outlook)
        self.track = Track(self, self.hand)
        self.ways = Ways(self, self.hand)
        self.denoiser = Denoiser(self, self.hand)
        self.sentences = Sentences(self, self.hand)
        self.trainer = Trainer(self)
        self.librarian = Librarian(self, self.trainer)
        self.analyst = Analyst(self)
        self.exporter = Exporter(self, self.outlook, self.past, self.hand, self.denoiser, self.analyst)

    def begin(self) -> None:
        """Decode at the handle, and read the data that the project waits for, now that the window can show them."""
        self.hand.begin()
        self.librarian.begin()

    def close(self) -> None:
        """End the workers and close the project file."""
        self.past.stop()
        self.hand.stop()
        self.track.stop()
        self.jobs.close()
        self.workspace.close()
