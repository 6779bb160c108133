"""What ChirpStack is to know, made from what SiMBA knows."""

import pytest
from chirpstack_api import api, common

from adapters.chirpstack import provisioning_forms as forms
from simba.devices.v1.device_keys_pb2 import DeviceKeys
from simba.devices.v1.device_model_pb2 import DeviceModel, LorawanProfile
from simba.devices.v1.provisioning_service_pb2 import ProvisioningTask

MODEL_ID = "01900000-0000-7000-8000-000000000001"
TENANT, NETWORK = "t", "n"


def a_model(**changed) -> DeviceModel:
    lorawan = {"region": "EU868", "mac_version": "1.0.3", "reg_params_revision": "A", **changed}
    return DeviceModel(
        device_model_id=MODEL_ID,
        manufacturer="M" * 90,
        model="Very long",
        lorawan=LorawanProfile(**lorawan),
    )


@pytest.mark.parametrize("region", ["EU868", "RU864", "AS923_2", "ISM2400"])
@pytest.mark.parametrize("mac", ["1.0.0", "1.0.4", "1.1.0"])
@pytest.mark.parametrize("revision", ["A", "B", "RP002-1.0.0", "RP002-1.0.4"])
def test_names_of_the_standard_become_those_of_chirpstack(region, mac, revision):
    model = a_model(region=region, mac_version=mac, reg_params_revision=revision)
    made = forms.profile(api.DeviceProfile(), TENANT, NETWORK, model)
    assert common.Region.Name(made.region) == region
    assert common.MacVersion.Name(made.mac_version) == f"LORAWAN_{mac.replace('.', '_')}"
    name = common.RegParamsRevision.Name(made.reg_params_revision)
    assert name.replace("_", ".") == revision.replace("-", ".")


def test_the_name_of_a_profile_fits_and_ends_with_the_id_of_the_model():
    made = forms.profile(api.DeviceProfile(), TENANT, NETWORK, a_model())
    assert len(made.name) <= 100
    assert made.name.endswith(f"[{MODEL_ID}]")


def test_what_operators_set_in_a_profile_stays():
    before = api.DeviceProfile(
        id="p", rx1_delay=3, adr_algorithm_id="ours", region_config_id="eu868", tags={"theirs": "1"}
    )
    made = forms.profile(before, TENANT, NETWORK, a_model())
    assert (made.id, made.rx1_delay, made.adr_algorithm_id, made.region_config_id) == (
        "p",
        3,
        "ours",
        "eu868",
    )
    assert made.tags["theirs"] == "1"
    assert forms.profile(made, TENANT, NETWORK, a_model()) == made


@pytest.mark.parametrize("changed", [{"region": "XX1"}, {"mac_version": "1.1.4"}])
def test_what_chirpstack_does_not_know_is_told(changed):
    with pytest.raises(forms.Unfit, match="ChirpStack knows no"):
        forms.profile(api.DeviceProfile(), TENANT, NETWORK, a_model(**changed))


def test_keys_of_1_0_and_1_1_go_where_chirpstack_looks_for_them():
    old = forms.keys(ProvisioningTask(address="a", keys=DeviceKeys(app_key="AA" * 16)))
    new = forms.keys(ProvisioningTask(address="a", keys=DeviceKeys(app_key="bb" * 16, nwk_key="cc" * 16)))
    assert (old.nwk_key, old.app_key) == ("aa" * 16, "0" * 32)
    assert (new.nwk_key, new.app_key) == ("cc" * 16, "bb" * 16)
    assert forms.keys(ProvisioningTask(address="a", keys=DeviceKeys(gen_app_key="dd" * 16))) is None
    assert forms.same_keys(old, api.DeviceKeys(nwk_key="AA" * 16))
    assert not forms.same_keys(old, new)


def test_a_gateway_without_a_place_leaves_the_one_that_chirpstack_has():
    before = api.Gateway(gateway_id="g", stats_interval=15)
    before.location.latitude = 1.5
    made = forms.gateway(before, TENANT, NETWORK, ProvisioningTask(address="g", device_id="d"))
    assert (made.location.latitude, made.stats_interval) == (1.5, 15)
