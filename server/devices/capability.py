"""Devices, built."""

import asyncio
from datetime import timedelta

from kernel.codec import CodecSandbox
from server.devices.attachments import Attachments
from server.devices.bindings import Bindings
from server.devices.codec_trial import CodecCheck, CodecTrial
from server.devices.concentrators import Concentrators
from server.devices.config_profiles import ConfigProfiles
from server.devices.device_models import DeviceModels
from server.devices.exchanges import Exchanges
from server.devices.gateways import Gateways
from server.devices.health import NetworkHealth
from server.devices.installations import Installations
from server.devices.keys import Keys
from server.devices.meter_history import MeterHistory
from server.devices.meters import Meters
from server.devices.model_import import ModelImport
from server.devices.nodes import Nodes
from server.devices.ports import Completeness, RegisterReadings
from server.devices.provisioning_tasks import ProvisioningTasks
from server.devices.provisioning_timer import ProvisioningTimer
from server.devices.pulse_modules import PulseModules
from server.devices.reconciliations import Reconciliations
from server.devices.service_binding import DeviceBindingServicer
from server.devices.service_concentrator import ConcentratorServicer
from server.devices.service_config_profile import ConfigProfileServicer
from server.devices.service_gateway import GatewayServicer
from server.devices.service_health import NetworkHealthServicer
from server.devices.service_hierarchy import HierarchyServicer
from server.devices.service_meter import MeterServicer
from server.devices.service_model import DeviceModelServicer
from server.devices.service_provisioning import ProvisioningServicer
from server.devices.service_pulse_module import PulseModuleServicer
from server.devices.service_usage_point import UsagePointServicer
from server.devices.stated import JOB as RECORD_JOB
from server.devices.stated import QUEUE as RECORD_QUEUE
from server.devices.stated import RecordReadings
from server.devices.usage_points import UsagePoints
from server.platform.capability import Capability, Service
from server.platform.jobs import Job, Loop
from server.platform.platform import Platform
from simba.devices.v1 import (
    concentrator_service_pb2_grpc,
    config_profile_service_pb2_grpc,
    device_binding_service_pb2_grpc,
    device_model_service_pb2_grpc,
    gateway_service_pb2_grpc,
    hierarchy_service_pb2_grpc,
    meter_service_pb2_grpc,
    network_health_service_pb2_grpc,
    provisioning_service_pb2_grpc,
    pulse_module_service_pb2_grpc,
    usage_point_service_pb2_grpc,
)


def build(platform: Platform, *, completeness: Completeness, registers: RegisterReadings) -> Capability:
    """Its services over the platform, with a sandbox for the codecs that callers try.

    ``completeness`` and ``registers`` are the readings capability's.
    """
    uow, pages = platform.uow, platform.pages
    sandbox = CodecSandbox()

    async def close_with_server(stop: asyncio.Event) -> None:
        async with sandbox:
            await stop.wait()

    keys = Keys(platform.secrets)
    lease = timedelta(seconds=platform.settings.provisioning_lease_seconds)
    timer = ProvisioningTimer(
        uow, platform.clock, lease=lease, every=timedelta(hours=platform.settings.reconciliation_hours)
    )
    models = DeviceModels(uow, CodecCheck(sandbox))
    return Capability(
        name="devices",
        services=[
            Service(
                "simba.devices.v1.DeviceModelService",
                device_model_service_pb2_grpc.add_DeviceModelServiceServicer_to_server,
                DeviceModelServicer(
                    models, ModelImport(uow, models), CodecTrial(models, sandbox, platform.clock), pages
                ),
            ),
            Service(
                "simba.devices.v1.GatewayService",
                gateway_service_pb2_grpc.add_GatewayServiceServicer_to_server,
                GatewayServicer(Gateways(uow), pages),
            ),
            Service(
                "simba.devices.v1.ConcentratorService",
                concentrator_service_pb2_grpc.add_ConcentratorServiceServicer_to_server,
                ConcentratorServicer(Concentrators(uow, keys), pages),
            ),
            Service(
                "simba.devices.v1.ConfigProfileService",
                config_profile_service_pb2_grpc.add_ConfigProfileServiceServicer_to_server,
                ConfigProfileServicer(ConfigProfiles(uow), pages),
            ),
            Service(
                "simba.devices.v1.NetworkHealthService",
                network_health_service_pb2_grpc.add_NetworkHealthServiceServicer_to_server,
                NetworkHealthServicer(NetworkHealth(uow, completeness), pages),
            ),
            Service(
                "simba.devices.v1.MeterService",
                meter_service_pb2_grpc.add_MeterServiceServicer_to_server,
                MeterServicer(Meters(uow, keys), MeterHistory(uow), Exchanges(uow), pages),
            ),
            Service(
                "simba.devices.v1.PulseModuleService",
                pulse_module_service_pb2_grpc.add_PulseModuleServiceServicer_to_server,
                PulseModuleServicer(PulseModules(uow, keys), Attachments(uow), pages),
            ),
            Service(
                "simba.devices.v1.UsagePointService",
                usage_point_service_pb2_grpc.add_UsagePointServiceServicer_to_server,
                UsagePointServicer(UsagePoints(uow), pages, Installations(uow)),
            ),
            Service(
                "simba.devices.v1.HierarchyService",
                hierarchy_service_pb2_grpc.add_HierarchyServiceServicer_to_server,
                HierarchyServicer(Nodes(uow), pages),
            ),
            Service(
                "simba.devices.v1.DeviceBindingService",
                device_binding_service_pb2_grpc.add_DeviceBindingServiceServicer_to_server,
                DeviceBindingServicer(Bindings(uow)),
            ),
            Service(
                "simba.devices.v1.ProvisioningService",
                provisioning_service_pb2_grpc.add_ProvisioningServiceServicer_to_server,
                ProvisioningServicer(
                    ProvisioningTasks(uow, keys, lease=lease), Reconciliations(uow, lease=lease), pages
                ),
            ),
        ],
        jobs=[Job(RECORD_JOB, RecordReadings(registers), queue=RECORD_QUEUE)],
        worker_loops=[Loop("devices.provisioning", timer.run)],
        server_loops=[Loop("codec-sandbox", close_with_server)],
    )
