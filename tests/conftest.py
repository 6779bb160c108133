"""Fixtures for everybody: the engines, and the platform on top of them."""

from hypothesis import HealthCheck, settings

# A busy machine is slow, not wrong: examples have no deadline of their own, pytest-timeout has the last word.
settings.register_profile("simba", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("simba")

pytest_plugins = ["tests.support.engines", "tests.support.platform", "tests.support.stage"]
