"""CSV files as columns of readings: batch by batch, one broken row costs only itself."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

from kernel.codec.units import factor as unit_factor
from server.readings.domain import Int64s, UInt32s, UInt64s
from server.readings.exchange.domain import CsvFormat, RowError
from server.readings.exchange.errors import FileUnreadable
from server.readings.exchange.numbers import micros_of
from server.readings.exchange.times import Held, Instants, TwiceTold, instants_of

BATCH_BYTES = 4 << 20
"""Size of one batch of the unpacked file: the same file is always cut at the same rows."""
_LARGEST_CHANNEL = 2**63 - 1
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """What must be known of a channel to read rows for it."""

    unit: str
    interval_ms: int
    """0 for registers and irregular channels."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one piece of the file."""

    rows: int
    """Data rows of the piece, good and bad."""
    channel: UInt64s
    time_ms: Int64s
    value_micro: Int64s
    line: Int64s
    repeated: int
    """Rows left out because the piece has the same reading twice."""
    errors: list[RowError]
    quality: UInt32s = field(default_factory=lambda: np.empty(0, np.uint32))
    """Bits of each row; empty: none has any."""


def count_rows(file: IO[bytes]) -> int:
    """Lines of a file without its heading. Raises FileUnreadable when it does not unpack."""
    lines, last = 0, b"\n"
    try:
        while piece := file.read(1 << 20):
            lines += piece.count(b"\n")
            last = piece[-1:]
    except (OSError, EOFError, zlib.error) as error:
        raise FileUnreadable(f"the file does not unpack: {error}") from error
    return max(0, lines + (last != b"\n") - 1)


def channels_in(file: IO[bytes], csv: CsvFormat) -> list[int]:
    """The distinct numbers in the channel column. Raises FileUnreadable."""
    numbers: set[int] = set()
    plain = replace(csv, time_column=csv.channel_column, value_column=csv.channel_column)
    reader = CsvFile(file, plain, {})
    for piece in reader.pieces():
        texts = pc.unique(pc.utf8_trim_whitespace(pc.fill_null(piece.column(csv.channel_column), "")))
        numbers |= {int(text) for text in texts.to_pylist() if text.isascii() and text.isdigit()}
    return sorted(number for number in numbers if 0 < number <= _LARGEST_CHANNEL)


class CsvFile:
    """Reads one file in one format. ``kinds`` knows the channels that the format can name."""

    def __init__(self, file: IO[bytes], csv: CsvFormat, kinds: Mapping[int, ChannelKind]) -> None:
        self._csv = csv
        self._kinds = kinds
        self._broken: list[RowError] = []
        self._next_line = 2
        self._twice = TwiceTold()
        try:
            self._reader = self._open(file)
        except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeDecodeError) as error:
            raise FileUnreadable(_said(error, csv)) from error

    def _open(self, file: IO[bytes]) -> Any:
        named = (self._csv.time_column, self._csv.value_column, self._csv.channel_column)
        columns = list(dict.fromkeys(name for name in named if name))
        return pc_csv.open_csv(
            pa.PythonFile(file, mode="r"),
            read_options=pc_csv.ReadOptions(use_threads=False, block_size=BATCH_BYTES),
            parse_options=pc_csv.ParseOptions(
                delimiter=self._csv.delimiter,
                invalid_row_handler=self._ragged,
                # Kept, so that line numbers stay those of the file.
                ignore_empty_lines=False,
            ),
            convert_options=pc_csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()),
                include_columns=columns,
                strings_can_be_null=False,
            ),
        )

    def batches(self) -> Iterator[Batch]:
        """The file's rows; rows of the hour that occurs twice come in a batch of their own at the end.

        Raises FileUnreadable when the rest of the file is no CSV in UTF-8.
        """
        for piece in self.pieces():
            yield self._read(piece)
        if len(self._twice) or self._broken:
            yield self._last()

    def pieces(self) -> Iterator[pa.RecordBatch]:
        """The named columns as texts, piece by piece. Raises FileUnreadable."""
        while True:
            try:
                yield self._reader.read_next_batch()
            except StopIteration:
                return
            except (pa.ArrowInvalid, OSError, EOFError, zlib.error) as error:
                raise FileUnreadable(_said(error, self._csv)) from error

    def _ragged(self, row: Any) -> str:
        """A row with too few or too many columns: told, and left out."""
        self._broken.append(
            RowError(
                row.number,
                "",
                str(row.text)[:_SHOWN],
                f"the row has {row.actual_columns} columns, the heading {row.expected_columns}",
                "INVALID_FIELD",
            )
        )
        return "skip"

    def _read(self, piece: pa.RecordBatch) -> Batch:
        lines = self._lines(piece.num_rows)
        times = pc.fill_null(piece.column(self._csv.time_column), "")
        values = pc.fill_null(piece.column(self._csv.value_column), "")
        empty = _all_blank(piece)
        channel, channel_ok = self._channels(piece)
        instants = instants_of(times, time_zone=self._csv.time_zone, time_format=self._csv.time_format)
        value, value_ok = self._values(values, channel)
        start = instants.ms - self._back(channel)
        skipped = instants.skipped & (not self._csv.shift_missing_hour)
        wrong: list[RowError] = []
        wrong += self._told(~channel_ok & ~empty, lines, piece, self._csv.channel_column, "UNKNOWN_CHANNEL")
        wrong += self._told(~instants.known & ~empty, lines, times, self._csv.time_column, "NOT_A_NUMBER")
        wrong += self._told(skipped, lines, times, self._csv.time_column, "AMBIGUOUS_LOCAL_TIME")
        wrong += self._told(~value_ok & ~empty, lines, values, self._csv.value_column, "NOT_A_NUMBER")
        good = channel_ok & instants.known & ~skipped & value_ok & ~empty
        held = good & instants.twice
        self._hold(held, lines, channel, value, times, instants)
        good &= ~held
        due = [one for one in self._broken if one.line <= (lines[-1] if len(lines) else 0)]
        self._broken = self._broken[len(due) :]
        return _batch(
            int((~empty).sum()) + len(due) - int(held.sum()),
            channel[good],
            start[good],
            value[good],
            lines[good],
            _one_a_line([*wrong, *due]),
        )

    def _last(self) -> Batch:
        clear, doubtful = self._twice.told()
        errors = [
            RowError(
                row.line,
                self._csv.time_column,
                row.text,
                f"the local time occurs twice in {self._csv.time_zone}, and the order of the rows does not"
                " tell which one it is",
                "AMBIGUOUS_LOCAL_TIME",
            )
            for row in doubtful
        ]
        channel = np.array([row.channel for row, _ in clear], dtype=np.uint64)
        starts = np.array([ms for _, ms in clear], dtype=np.int64) - self._back(channel)
        return _batch(
            len(clear) + len(doubtful) + len(self._broken),
            channel,
            starts,
            np.array([row.value for row, _ in clear], dtype=np.int64),
            np.array([row.line for row, _ in clear], dtype=np.int64),
            _one_a_line([*errors, *self._broken]),
        )

    def _lines(self, count: int) -> Int64s:
        """Line numbers of the next rows: those that were left out as ragged have numbers too."""
        gone = sorted(one.line for one in self._broken if one.line >= self._next_line)
        numbers = np.arange(self._next_line, self._next_line + count + len(gone), dtype=np.int64)
        numbers = numbers[~np.isin(numbers, gone)][:count]
        if count:
            self._next_line = int(numbers[-1]) + 1
        return numbers

    def _channels(self, piece: pa.RecordBatch) -> tuple[UInt64s, Any]:
        rows = piece.num_rows
        if not self._csv.channel_column:
            return np.full(rows, self._csv.channel, np.uint64), np.full(rows, fill_value=True)
        coded = pc.dictionary_encode(
            pc.utf8_trim_whitespace(pc.fill_null(piece.column(self._csv.channel_column), ""))
        )
        numbers = [self._number(text) for text in coded.dictionary.to_pylist()]
        picked = np.array(numbers or [0], dtype=np.uint64)[coded.indices.to_numpy(zero_copy_only=False)]
        return picked, picked > 0

    def _number(self, text: str) -> int:
        """The channel that a text of the channel column means; 0: none that is known."""
        if self._csv.channel_map:
            number = self._csv.channel_map.get(text, 0)
        else:
            number = int(text) if text.isascii() and text.isdigit() else 0
        return number if number in self._kinds and number <= _LARGEST_CHANNEL else 0

    def _values(self, texts: pa.StringArray, channel: UInt64s) -> tuple[Int64s, Any]:
        """Values in 10^-6 of each channel's unit; channels of one unit are converted together."""
        units = {number: self._kinds[number].unit for number in np.unique(channel).tolist() if number}
        values = np.zeros(len(channel), np.int64)
        known = np.zeros(len(channel), np.bool_)
        for unit in sorted(set(units.values())):
            mine = np.isin(channel, [number for number, its in units.items() if its == unit])
            scale = unit_factor(self._csv.unit or unit, unit) or Fraction(1)
            read = micros_of(
                texts.filter(pa.array(mine)), decimal_comma=self._csv.decimal_comma, factor=scale
            )
            values[mine], known[mine] = read.values, read.known
        # Rows of unknown channels are refused for that, not for their value.
        return values, known | (channel == 0)

    def _back(self, channel: UInt64s) -> Int64s:
        """How far each row's time lies behind the start of its interval."""
        if not self._csv.interval_end:
            return np.zeros(len(channel), np.int64)
        numbers, place = np.unique(channel, return_inverse=True)
        lengths = [
            self._kinds[number].interval_ms if number in self._kinds else 0 for number in numbers.tolist()
        ]
        return np.array(lengths or [0], dtype=np.int64)[place]

    def _told(self, wrong: Any, lines: Int64s, texts: Any, column: str, reason: str) -> list[RowError]:
        if isinstance(texts, pa.RecordBatch):
            texts = pc.fill_null(texts.column(column), "") if column else None
        rule = {
            "UNKNOWN_CHANNEL": "is not a channel that the import knows",
            "AMBIGUOUS_LOCAL_TIME": f"does not occur in {self._csv.time_zone}: summer time skips that hour",
        }.get(reason) or (
            self._time_rule() if column == self._csv.time_column else "is not a number below 10^12"
        )
        found = []
        for index in np.flatnonzero(wrong).tolist():
            value = "" if texts is None else texts[index].as_py()[:_SHOWN]
            found.append(RowError(int(lines[index]), column, value, f"{value!r} {rule}", reason))
        return found

    def _time_rule(self) -> str:
        return f"is not a time written as {self._csv.time_format or 'ISO 8601'}"

    def _hold(
        self,
        held: Any,
        lines: Int64s,
        channel: UInt64s,
        value: Int64s,
        texts: pa.StringArray,
        instants: Instants,
    ) -> None:
        for index in np.flatnonzero(held).tolist():
            self._twice.hold(
                Held(
                    int(lines[index]),
                    int(channel[index]),
                    int(value[index]),
                    texts[index].as_py(),
                    int(instants.ms[index]),
                    int(instants.later_ms[index]),
                )
            )


def _batch(
    rows: int, channel: UInt64s, start: Int64s, value: Int64s, lines: Int64s, errors: list[RowError]
) -> Batch:
    """A batch without rows that say the same as an earlier one of it."""
    if len(channel):
        order = np.lexsort((lines, value, start, channel))
        same = np.zeros(len(order), np.bool_)
        same[1:] = (
            (np.diff(channel[order]) == 0) & (np.diff(start[order]) == 0) & (np.diff(value[order]) == 0)
        )
        keep = np.ones(len(order), np.bool_)
        keep[order[same]] = False
        channel, start, value, lines = channel[keep], start[keep], value[keep], lines[keep]
        return Batch(rows, channel, start, value, lines, int(same.sum()), errors)
    return Batch(rows, channel, start, value, lines, 0, errors)


def _all_blank(piece: pa.RecordBatch) -> Any:
    blank = np.full(piece.num_rows, fill_value=True)
    for column in piece.columns:
        text = pc.utf8_trim_whitespace(pc.fill_null(column, ""))
        blank &= pc.equal(text, "").to_numpy(zero_copy_only=False)
    return blank


def _one_a_line(errors: list[RowError]) -> list[RowError]:
    """The first reason of each line, in order of line."""
    first: dict[int, RowError] = {}
    for error in errors:
        first.setdefault(error.line, error)
    return [first[line] for line in sorted(first)]


def _said(error: BaseException, csv: CsvFormat) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "invalid UTF8" in text or isinstance(error, UnicodeDecodeError):
        return "the file is not UTF-8"
    if "does not exist in CSV file" in text or "not found" in text.lower():
        return f"{text}; the format names {csv.time_column!r}, {csv.value_column!r} {csv.channel_column!r}"
    return text
