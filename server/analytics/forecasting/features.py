"""What is known of a day at its first instant: numbers made of the days before it."""

import numpy as np

from server.analytics.forecasting.grid import Floats

LOOK_BACK_DAYS = 14
"""Days before a day that its features need."""

_LAGS = (1, 2, 3, 7, 14)


def day_features(history: Floats, weekday: int) -> Floats:
    """Features of the day after ``history`` (days, slots; at least LOOK_BACK_DAYS days, no holes).

    Returns shape (slots, features): the same slot on the days before, means over them, the level of the day
    and of the week before, the last hours, and the weekday.
    """
    slots = history.shape[1]
    evening = history[-1, -max(1, slots // 8) :].mean()
    columns = [
        *(history[-lag] for lag in _LAGS),
        history[[-7, -14]].mean(axis=0),
        history[-7:].mean(axis=0),
        history[-LOOK_BACK_DAYS:].mean(axis=0),
        np.full(slots, history[-1].mean()),
        np.full(slots, history[-7:].mean()),
        np.full(slots, evening),
        *(np.full(slots, float(weekday == day)) for day in range(7)),
    ]
    return np.column_stack(columns)


def training_set(values: Floats, first_weekday: int, start: int, end: int) -> tuple[Floats, Floats]:
    """Features and targets of the days ``start`` to before ``end`` of a grid without holes.

    Returns shapes (days, slots, features) and (days, slots); ``start`` must be at least LOOK_BACK_DAYS.
    """
    features = np.stack([day_features(values[:day], (first_weekday + day) % 7) for day in range(start, end)])
    return features, values[start:end]
