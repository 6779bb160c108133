from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from adapters.chirpstack.settings import ChirpStackSettings

PAGE = (Path(__file__).parents[3] / "docs/adapters.md").read_text()


def test_every_setting_is_documented():
    missing = [name for name in ChirpStackSettings.model_fields if f"`SIMBA_{name.upper()}`" not in PAGE]
    assert not missing


@pytest.mark.parametrize(
    ("name", "default"),
    [
        (name, one.default)
        for name, one in ChirpStackSettings.model_fields.items()
        if isinstance(one.default, int)
    ],
)
def test_documented_defaults_are_the_real_ones(name, default):
    row = next(line for line in PAGE.splitlines() if f"`SIMBA_{name.upper()}`" in line)
    shown = row.rstrip(" |").rpartition("|")[2].strip().strip("`")
    assert shown == ("off" if default is False else str(default))


def test_the_key_is_read_from_its_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("simba_secret\n")
    assert ChirpStackSettings(api_key_file=file).credential() == "simba_secret"
    assert ChirpStackSettings(api_key=SecretStr("given")).credential() == "given"
    with pytest.raises(ValueError, match="SIMBA_API_KEY"):
        ChirpStackSettings().credential()


def test_secrets_do_not_show():
    settings = ChirpStackSettings(mqtt_url=SecretStr("mqtt://u:hidden@h"), api_key=SecretStr("hidden"))
    assert "hidden" not in repr(settings)


def test_the_session_outlives_a_day(monkeypatch):
    monkeypatch.setenv("SIMBA_MQTT_SESSION_SECONDS", "3600")
    with pytest.raises(ValidationError, match="mqtt_session_seconds"):
        ChirpStackSettings()


def test_the_environment_is_read(monkeypatch):
    monkeypatch.setenv("SIMBA_MQTT_URL", "mqtts://user:p%40ss@broker.example")
    monkeypatch.setenv("SIMBA_MQTT_SHARE", "simba")
    monkeypatch.setenv("SIMBA_ADAPTER_ID", "north")
    options = ChirpStackSettings().mqtt_options()
    assert options.url == "mqtts://user:p%40ss@broker.example"
    assert options.topics == ("$share/simba/application/+/device/+/event/+",)
    assert options.client_id == "simba-chirpstack-north"
