"""Keys of a device in the clear: for whoever seals them, and for the adapter that needs them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKeys:
    """Keys as hex; an empty one is not given. Never shown: not even in a trace."""

    app_key: str = field(default="", repr=False)
    nwk_key: str = field(default="", repr=False)
    gen_app_key: str = field(default="", repr=False)
    others: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By name, for example ``dlms_encryption``."""

    @property
    def named(self) -> dict[str, str]:
        """Those that are given, by name."""
        own = {name: getattr(self, name) for name in ("app_key", "nwk_key", "gen_app_key")}
        return {name: key for name, key in {**own, **self.others}.items() if key}

    @classmethod
    def of(cls, named: Mapping[str, str]) -> "DeviceKeys":
        """Keys from their names."""
        own = ("app_key", "nwk_key", "gen_app_key")
        others = {name: key for name, key in named.items() if name not in own}
        return cls(**{name: named.get(name, "") for name in own}, others=others)
