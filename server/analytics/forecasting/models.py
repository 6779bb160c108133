"""Models of the day ahead. Each learns from a grid without holes and foretells the day after one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from server.analytics.forecasting.features import LOOK_BACK_DAYS, day_features, training_set
from server.analytics.forecasting.grid import Floats

if TYPE_CHECKING:
    import lightgbm

MODEL_VERSION = "1"
"""Changes whenever the same history could give another forecast."""

_PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


class Model(Protocol):
    """One model, made for one series."""

    name: str

    def fit(self, values: Floats, first_weekday: int) -> None:
        """Learns from days (days, slots) of which the first has this weekday."""

    def predict(self, history: Floats, weekday: int) -> Floats:
        """The slots of the day after ``history``, whose weekday is given."""


@dataclass(slots=True)
class SeasonalNaive:
    """The same slot a week before: what every model must beat."""

    name: str = "seasonal_naive_week"

    def fit(self, values: Floats, first_weekday: int) -> None:
        """Nothing to learn."""

    def predict(self, history: Floats, weekday: int) -> Floats:  # noqa: ARG002 - a week before has it
        """The slots of seven days before."""
        return cast("Floats", history[-7])


@dataclass(slots=True)
class RecentProfile:
    """The mean of the last four days of the same weekday and of the last week, half each."""

    name: str = "recent_profile"

    def fit(self, values: Floats, first_weekday: int) -> None:
        """Nothing to learn."""

    def predict(self, history: Floats, weekday: int) -> Floats:  # noqa: ARG002 - lags of 7 have it
        """The blended profile."""
        same = history[-7::-7][:4].mean(axis=0)
        return cast("Floats", 0.5 * same + 0.5 * history[-7:].mean(axis=0))


class SlotRidge:
    """A ridge regression for every slot, all solved at once; the penalty by generalised cross-validation."""

    name = "ridge_per_slot"

    def fit(self, values: Floats, first_weekday: int) -> None:
        """Learns one coefficient vector a slot."""
        features, targets = training_set(values, first_weekday, LOOK_BACK_DAYS, values.shape[0])
        x, y = features.transpose(1, 0, 2), targets.T
        self._centre = x.mean(axis=1, keepdims=True)
        self._scale = np.maximum(x.std(axis=1, keepdims=True), 1e-9)
        self._level = y.mean(axis=1, keepdims=True)
        u, s, vt = np.linalg.svd((x - self._centre) / self._scale, full_matrices=False)
        projected = np.einsum("snk,sn->sk", u, y - self._level)
        days = x.shape[1]
        best: tuple[float, Floats] | None = None
        for penalty in _PENALTIES:
            shrink = s**2 / (s**2 + penalty * days / 10)
            residual = (y - self._level) - np.einsum("snk,sk->sn", u, shrink * projected)
            freedom = np.maximum(days - 1 - shrink.sum(axis=1), 1.0)
            score = float(((residual**2).sum(axis=1) / freedom**2).sum())
            if best is None or score < best[0]:
                weight = np.divide(shrink, s, out=np.zeros_like(s), where=s > 1e-9)  # noqa: PLR2004
                best = score, np.einsum("skf,sk->sf", vt, weight * projected)
        assert best is not None
        self._coefficients = best[1]

    def predict(self, history: Floats, weekday: int) -> Floats:
        """Every slot by its own coefficients."""
        x = (day_features(history, weekday) - self._centre[:, 0]) / self._scale[:, 0]
        return cast("Floats", self._level[:, 0] + (x * self._coefficients).sum(axis=1))


class GradientBoosting:
    """LightGBM over all slots together, so that it may learn what changes within a day."""

    name = "lightgbm"

    def __init__(self) -> None:
        self._booster: lightgbm.Booster | None = None

    def fit(self, values: Floats, first_weekday: int) -> None:
        """Learns deterministically: the same history gives the same trees."""
        # Here and not above: it takes a third of a server's start.
        import lightgbm

        features, targets = training_set(values, first_weekday, LOOK_BACK_DAYS, values.shape[0])
        slots = np.broadcast_to(np.arange(values.shape[1], dtype=np.float64), targets.shape)
        data = lightgbm.Dataset(
            np.concatenate([features, slots[..., None]], axis=2).reshape(targets.size, -1),
            targets.reshape(-1),
        )
        parameters = {
            "objective": "l2",
            "num_leaves": 15,
            "learning_rate": 0.06,
            "min_data_in_leaf": 20,
            "feature_fraction": 0.8,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "lambda_l2": 1.0,
            "seed": 1,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "verbosity": -1,
        }
        self._booster = lightgbm.train(parameters, data, num_boost_round=150)

    def predict(self, history: Floats, weekday: int) -> Floats:
        """All slots of the day at once."""
        assert self._booster is not None, "fit comes first"
        slots = np.arange(history.shape[1], dtype=np.float64)[:, None]
        return np.asarray(self._booster.predict(np.hstack([day_features(history, weekday), slots])))


def all_models() -> list[Model]:
    """Fresh models; the first is the naive one."""
    return [SeasonalNaive(), RecentProfile(), SlotRidge(), GradientBoosting()]
