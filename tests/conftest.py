"""Fixtures for everybody: the engines, and the platform on top of them."""

pytest_plugins = ["tests.support.engines", "tests.support.platform", "tests.support.stage"]
