"""Day-ahead forecasts of one series: pure functions over arrays, without any I/O.

``grid`` lays a series out in local days, ``features`` describes a day by the days before it, ``models``
learns from that, ``backtest`` says how well on days that were not seen, ``forecast`` puts it together.
"""
