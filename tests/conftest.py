"""Fixtures for everybody: the engines of tests/support/engines.py, the platform of tests/support/platform.py."""

from importlib.util import find_spec

pytest_plugins = [
    *(["tests.support.engines"] if find_spec("tests.support.engines") else []),
    "tests.support.platform",
]
