"""The frames part of readings, built."""

from server.platform.capability import Capability, Service
from server.platform.platform import Platform
from server.readings.frames.app import Frames
from server.readings.frames.ports import ModelDevices
from server.readings.frames.service import FrameService
from server.readings.frames.store import FrameStore
from simba.readings.v1.frame_service_pb2 import DESCRIPTOR
from simba.readings.v1.frame_service_pb2_grpc import add_FrameServiceServicer_to_server


def build_frames(platform: Platform, *, models: ModelDevices) -> Capability:
    """The service that keeps frames; `models` is the devices capability's."""
    frames = Frames(platform.uow, platform.pages, FrameStore(), models)
    name = DESCRIPTOR.services_by_name["FrameService"].full_name
    service = Service(name, add_FrameServiceServicer_to_server, FrameService(frames))
    return Capability("readings.frames", services=[service])
