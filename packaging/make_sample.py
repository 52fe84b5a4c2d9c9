"""Make the sample project that the first start opens: noisy sines and an LSTM autoencoder with a code of two.

Run it after a change of the project format or of the recipe; the result is committed.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from explorer.data.generated import make
from explorer.progress import Silent
from explorer.workspace import past_keeper
from explorer.workspace.messages import TrainRun
from explorer.workspace.project import ProjectFile
from explorer.workspace.tasks import run_task
from explorer.workspace.workspace import Workspace

EPOCHS = 60
"""Maps of epochs that the sample holds, at most: each is 6 kB."""
TARGET = Path(__file__).parent.parent / "resources" / "samples" / "sines.latentscape"


def main() -> None:
    """Write the sample, and print how well its model denoises."""
    # Which epochs are kept must not depend on how fast this machine is.
    past_keeper.SHARE, past_keeper.MOST_EPOCHS = float("inf"), EPOCHS
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.unlink(missing_ok=True)
    workspace = Workspace(ProjectFile.create(TARGET))
    data = make("sines", n=3000)
    workspace.add_data(data)
    workspace.set_colouring("phase")
    run = workspace.begin_run("lstm-autoencoder", {"latent_dim": 2, "hidden": 8}, None)
    workspace.rename_run(run.id, "LSTM autoencoder, 2-D code")
    outcome = run_task("train", TrainRun(str(TARGET), run.id, data), Silent())
    workspace.end_run(outcome)
    workspace.close()
    with closing(sqlite3.connect(TARGET)) as database:
        database.execute("VACUUM")  # of the maps that were let go nothing stays
    size = TARGET.stat().st_size / 1e6
    print(f"{TARGET.name}: {size:.1f} MB, test set {outcome.metrics['test']['snr_gain_db']:.1f} dB", file=sys.stderr)


if __name__ == "__main__":
    main()
