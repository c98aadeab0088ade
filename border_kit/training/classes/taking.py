"""A learner who takes a pack: which shipment comes, what was done, and the results that go back."""

from __future__ import annotations

from pathlib import Path

from border_kit import disk
from border_kit.clock import Clock
from border_kit.desk import places
from border_kit.errors import StoreError
from border_kit.training import runs
from border_kit.training.classes.pack import Item, Pack, seal_results
from border_kit.training.result import Result
from border_kit.training.run import Run

ENDING = ".result.json"


class Taking:
    """A pack under way. Each shipment is a run of its own, kept as every run is; the results can be written at any time."""

    def __init__(self, pack: Pack, clock: Clock, folder: Path | None = None) -> None:
        """Runs lie in the office's folder, unless another is named."""
        self.pack = pack
        self._clock = clock
        self._folder = folder or places.home() / "training" / "taken" / f"{pack.session.id}-{pack.file_stem}"

    @property
    def items(self) -> tuple[Item, ...]:
        """The shipments, in order."""
        return self.pack.session.items

    def ended(self, number: int) -> bool:
        """Whether the shipment of that number (0 is the first) was decided."""
        return any(decided for _, _, decided in runs.logs(self._place(number)))

    def next(self) -> int | None:
        """The number of the first shipment that was not decided; None when all were."""
        return next((number for number in range(len(self.items)) if not self.ended(number)), None)

    def open(self, number: int) -> Run:
        """The run of a shipment: begun, or gone on with where it was left. Raises InputError, StoreError, SourceError."""
        item = self.items[number]
        scenario = self.pack.session.scenario(item)
        path = self._log(number)
        if path is not None:
            return Run.resumed(scenario, path, self._clock)
        return runs.begin(
            scenario, self.pack.learner, self._clock, seed=item.seed, mode=item.mode, into=self._place(number)
        )

    def results(self) -> list[Result | None]:
        """What was done in each shipment so far."""
        return [self.open(number).result() if self._log(number) else None for number in range(len(self.items))]

    def write(self, folder: Path) -> Path:
        """Write the results as a signed file, in place of an earlier one. Raises StoreError."""
        path = folder / f"{self.pack.file_stem}{ENDING}"
        try:
            disk.replace_file(path, seal_results(self.pack, self.results()))
        except OSError as error:
            raise StoreError(
                "results_not_written",
                f"The results could not be written to {path.name} ({error.strerror}).",
                "Name another folder with --into; nothing that was done is lost.",
            ) from error
        return path

    def _place(self, number: int) -> Path:
        return self._folder / f"{number + 1:03}"

    def _log(self, number: int) -> Path | None:
        return next((path for path, _, _ in runs.logs(self._place(number))), None)
