"""Tables in text files: comma-, semicolon-, tab- or blank-separated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from explorer.data.dataset import Dataset
from explorer.data.reader import Preview, StreamingReader
from explorer.data.readers import _roles, _stack
from explorer.data.readers._describe import describe
from explorer.data.readers._dialect import Dialect, sniff
from explorer.data.readers._roles import NO_COLUMN, Roles
from explorer.data.readers._table import Table, read_table
from explorer.data.recording import Recording
from explorer.errors import InputError
from explorer.parameters import Param
from explorer.progress import Progress, Silent

_PREVIEW_ROWS = 20


@dataclass(kw_only=True, eq=False, repr=False)
class Delimited(StreamingReader):
    """A table in a text file: a row a sample (wide), or a row a time step (long). It finds out by itself which.

    A column is given by its name, or its number from 1. Empty cells, NaN, NA and ? are missing values. The UCR
    archive's files (class first, no header) are recognised.
    """

    title: ClassVar[str] = "Table in a text file (CSV, TSV)"
    extensions: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".txt")

    layout: Annotated[
        Literal["wide", "long"] | None,
        Param("Wide: a row is a sample. Long: a row is one time step of a sample."),
    ] = None
    samples: Annotated[
        Literal["series", "vectors"] | None,
        Param("In a wide table, whether a row is a curve over time or a vector of features.", label="A row is"),
    ] = None
    label_column: Annotated[str | None, Param("Column with the class of each sample; - for none.")] = None
    step_column: Annotated[
        str | None,
        Param("In a long table, column with the class of each time step, such as anomalous or not; - for none."),
    ] = None
    id_column: Annotated[
        str | None, Param("Column with the name of each row's sample; - for none.", label="Sample column")
    ] = None
    time_column: Annotated[
        str | None, Param("In a long table, column with the time of each row; - for evenly spaced rows.")
    ] = None
    value_columns: Annotated[
        str | None, Param("Columns with the values, separated by commas; auto takes all numbers that are left.")
    ] = None
    sampling_rate: Annotated[
        float | None, Param("Time steps per second; auto takes it from the times.", gt=0, unit="Hz")
    ] = None
    header: Annotated[bool | None, Param("Whether the first row holds the names of the columns.", advanced=True)] = None
    delimiter: Annotated[
        Literal[",", ";", "tab", "space", "|"] | None, Param("What separates the columns.", advanced=True)
    ] = None
    decimal: Annotated[Literal[".", ","] | None, Param("The decimal mark.", advanced=True)] = None
    encoding: Annotated[
        Literal["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1", "gb18030", "shift_jis"] | None,
        Param("How characters are stored.", advanced=True),
    ] = None

    def read(self, path: Path, progress: Progress) -> Dataset:
        """Read the table; see `Reader.read`."""
        dialect, _, _ = self._sniff(path)
        table = read_table(path, dialect, None, progress, retry=self.encoding is None)
        progress.report(0.9, "Arranging")
        return self._arrange(table, whole=True)[0]

    def preview(self, path: Path) -> Preview:
        """Read the head of the table; see `Reader.preview`."""
        dialect, head, whole = self._sniff(path)
        table = read_table(path, dialect, head, Silent(), retry=False)
        dataset, roles = self._arrange(table, whole=whole)
        rows = table.frame.head(_PREVIEW_ROWS).astype(object).to_numpy()
        text = tuple(tuple("" if cell != cell else str(cell) for cell in row) for row in rows)
        size = None if whole else path.stat().st_size / max(1, len(head.encode(dialect.encoding, "replace")))
        return Preview(
            options=self._options(table, roles, dataset),
            header=dialect.columns,
            rows=text,
            summary=describe(dataset, times=size if roles.layout == "wide" else None, whole=whole),
        )

    def recording(self, path: Path) -> Recording:
        """Open the table to go through it in pieces; its head tells the columns' roles. See `Reader.recording`."""
        from explorer.data.readers._recorded_table import TableRecording

        dialect, head, whole = self._sniff(path)
        table = read_table(path, dialect, head, Silent(), retry=False)
        dataset, roles = self._arrange(table, whole=whole)
        if dataset.layout != "series":
            raise InputError(
                "a row of this table is a vector of features, not a series",
                source=path,
                remedy="Give the option samples=series if a row is a curve, or layout=long if it is a time step",
            )
        rate = self.sampling_rate or dataset.sampling_rate
        return TableRecording(path, dialect, roles, dataset.channel_names, rate)

    def _sniff(self, path: Path) -> tuple[Dialect, str, bool]:
        return sniff(path, encoding=self.encoding, delimiter=self.delimiter, decimal=self.decimal, header=self.header)

    def _arrange(self, table: Table, *, whole: bool) -> tuple[Dataset, Roles]:
        table.check_short_rows()
        roles = _roles.infer(
            table,
            layout=self.layout,
            label=self.label_column,
            step=self.step_column,
            id=self.id_column,
            time=self.time_column,
            values=self.value_columns,
        )
        if roles.layout == "long":
            return _stack.long(table, roles, sampling_rate=self.sampling_rate, whole=whole), roles
        series = None if self.samples is None else self.samples == "series"
        return _stack.wide(table, roles, series=series, sampling_rate=self.sampling_rate, whole=whole), roles

    def _options(self, table: Table, roles: Roles, dataset: Dataset) -> dict[str, object]:
        """Return the options that read the whole file as its head was read."""

        def name(column: int | None) -> str:
            if column is None:
                return NO_COLUMN
            title = table.name(column)
            return title if title and table.dialect.columns.count(title) == 1 else str(column + 1)

        dialect = table.dialect
        return {
            "layout": roles.layout,
            "samples": "series" if dataset.layout == "series" else "vectors",
            "label_column": name(roles.label),
            "step_column": name(roles.step),
            "id_column": name(roles.id),
            "time_column": name(roles.time),
            "value_columns": self.value_columns,
            "sampling_rate": self.sampling_rate or dataset.sampling_rate,
            "header": dialect.header,
            "delimiter": dialect.delimiter_name,
            "decimal": dialect.decimal,
            "encoding": dialect.encoding,
        }
