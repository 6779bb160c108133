"""Errors of kept frames."""

from uuid import UUID

from server.platform.errors import FieldViolation, InvalidArgument, NotFound


class FrameNotFound(NotFound):
    """The tenant keeps no such frame."""

    reason = "FRAME_NOT_FOUND"

    def __init__(self, frame_id: UUID) -> None:
        super().__init__(f"frame {frame_id} does not exist", frame_id=frame_id)


class ReplayOfEverything(InvalidArgument):
    """A replay must say which frames it means."""

    def __init__(self) -> None:
        fields = ("frame_ids", "dev_eui", "device_model_id")
        why = "one of frame_ids, dev_eui and device_model_id is needed"
        super().__init__(
            why, violations=[FieldViolation(name, why, "replay_frames.selector") for name in fields]
        )
