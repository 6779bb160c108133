"""How good the models were on days that they had not seen.

The last days are cut into blocks of a week. For each block the models learn from what lies before it and
foretell each of its days from the days before that day. The weights of the blend come from earlier blocks
only, so that the error told is that of a forecast that could have been made then.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np

from server.analytics.forecasting.features import LOOK_BACK_DAYS
from server.analytics.forecasting.grid import Floats
from server.analytics.forecasting.models import Model, all_models

BLOCK_DAYS = 7
_MOST_BLOCKS = 3
_LEARNING_DAYS = 7
"""Days that a model needs besides those that its features look back on."""

FEWEST_DAYS = LOOK_BACK_DAYS + _LEARNING_DAYS + BLOCK_DAYS
"""Complete local days without which nothing is foretold."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """Foretold and true values of the days tried."""

    names: tuple[str, ...]
    predictions: Floats
    """Shape (models, days, slots)."""
    blend: Floats
    """Shape (days, slots): with the weights known then."""
    naive: Floats
    """Shape (days, slots): the same slot a week before."""
    actual: Floats
    """Shape (days, slots); NaN where nothing was measured."""
    weights: Floats
    """Weights of the models for the forecast to come."""
    later_days_factor: float
    """How much larger the error of the second to seventh day is than that of the first; at least 1."""
    scale: float
    """Mean absolute difference to a week before over the whole history: the denominator of MASE."""

    @property
    def residuals(self) -> Floats:
        """True less foretold, (days, slots)."""
        return self.actual - self.blend

    def mae(self) -> float:
        """Mean absolute error of the blend."""
        return float(np.nanmean(np.abs(self.residuals)))

    def naive_mae(self) -> float:
        """Mean absolute error of the seasonal naive forecast on the same values."""
        return float(np.nanmean(np.abs(self.actual - self.naive)))

    def mase(self) -> float:
        """Mean absolute scaled error; 0 when the history repeats itself exactly."""
        return self.mae() / self.scale if self.scale > 0 else 0.0

    def wape(self) -> float:
        """Sum of absolute errors over the sum of absolute values; 0 when all values are 0."""
        total = float(np.nansum(np.abs(self.actual)))
        return float(np.nansum(np.abs(self.residuals))) / total if total > 0 else 0.0


def _weights(errors: Floats) -> Floats:
    """Weights of models by their mean absolute errors: good ones count much more than bad ones."""
    strength = (errors.min() + 1e-12) / (errors + 1e-12)
    power = strength**6
    return cast("Floats", power / power.sum())


def recursive_forecast(
    models: list[Model], weights: Floats, known: Floats, weekday: int, days: int
) -> Floats:
    """The ``days`` after ``known`` by fitted models, shape (days, slots); ``weekday`` is that of the first.

    From the second day on, what was foretold stands in place of what is not known.
    """
    history = known
    for ahead in range(days):
        day = sum(w * m.predict(history, (weekday + ahead) % 7) for m, w in zip(models, weights, strict=True))
        history = np.vstack([history, day])
    return history[-days:]


def run_backtest(values: Floats, measured: Floats, first_weekday: int) -> Backtest:
    """Tries the models on the last weeks of a grid.

    ``values`` has no holes, ``measured`` is the same with NaN where nothing was measured: those slots are
    learned from and not judged by. Raises ValueError with fewer than FEWEST_DAYS days.
    """
    days = values.shape[0]
    if days < FEWEST_DAYS:
        raise ValueError(f"{days} days are fewer than {FEWEST_DAYS}")
    blocks = min(_MOST_BLOCKS, (days - LOOK_BACK_DAYS - _LEARNING_DAYS) // BLOCK_DAYS)
    first = days - blocks * BLOCK_DAYS
    predictions: list[Floats] = []
    blends: list[Floats] = []
    later: list[tuple[float, float]] = []
    for block in range(blocks):
        start = first + block * BLOCK_DAYS
        models = all_models()
        for model in models:
            model.fit(values[:start], first_weekday)
        tried = np.stack(
            [
                [
                    m.predict(values[:day], (first_weekday + day) % 7)
                    for day in range(start, start + BLOCK_DAYS)
                ]
                for m in models
            ]
        )
        if predictions:
            seen = np.concatenate(predictions, axis=1)
            weights = _weights(np.nanmean(np.abs(measured[first:start] - seen), axis=(1, 2)))
        else:
            weights = np.full(len(models), 1 / len(models))
        blend = np.einsum("m,mds->ds", weights, tried)
        ahead = recursive_forecast(models, weights, values[:start], (first_weekday + start) % 7, BLOCK_DAYS)
        truth = measured[start : start + BLOCK_DAYS]
        later.append((_mean_abs(truth[1:] - ahead[1:]), _mean_abs(truth[1:] - blend[1:])))
        predictions.append(tried)
        blends.append(blend)
    everything = np.concatenate(predictions, axis=1)
    actual = measured[first:]
    shorter = sum(one for _, one in later)
    return Backtest(
        names=tuple(model.name for model in all_models()),
        predictions=everything,
        blend=np.concatenate(blends),
        naive=values[first - 7 : days - 7],
        actual=actual,
        weights=_weights(np.nanmean(np.abs(actual - everything), axis=(1, 2))),
        later_days_factor=max(1.0, sum(many for many, _ in later) / shorter) if shorter > 0 else 1.0,
        scale=float(np.abs(values[7:] - values[:-7]).mean()),
    )


def _mean_abs(errors: Floats) -> float:
    known = errors[np.isfinite(errors)]
    return float(np.abs(known).mean()) if known.size else 0.0
