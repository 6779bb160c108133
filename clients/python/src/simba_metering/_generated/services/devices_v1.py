"""Calls of `simba.devices.v1`. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations

import datetime
from collections.abc import Sequence

from simba_metering._pages import AsyncPages, Pages
from simba_metering._transport import AsyncTransport, Metadata, Transport
from simba_metering._requests import field_mask, new_request_id, present

from .. import methods
from ..simba.common import v1 as common_v1
from ..simba.devices import v1 as devices_v1


class DeviceBindingService:
    """What an adapter must know of a device to read its frames and to speak to it. For adapters."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_device_binding(
        self,
        dev_eui: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceBinding:
        """The binding of a device by its address in the field.

        Args:
            dev_eui: LoRaWAN DevEUI, 16 lower-case hex digits.
        """
        return present(
            (
                self._transport.unary(
                    methods.DEVICE_BINDING_SERVICE_GET_DEVICE_BINDING,
                    devices_v1.GetDeviceBindingRequest(dev_eui=dev_eui),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_binding,
            "device_binding",
        )

    def report_device_status(
        self,
        *,
        statuses: Sequence[devices_v1.DeviceStatus] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Tells what the adapter has heard of devices: last contact, battery, radio. Later news
        wins.

        Args:
            statuses: One for each device; unknown devices are passed over.
        """
        return (
            self._transport.unary(
                methods.DEVICE_BINDING_SERVICE_REPORT_DEVICE_STATUS,
                devices_v1.ReportDeviceStatusRequest(statuses=list(statuses)),
                rpc_timeout,
                rpc_metadata,
            )
        ).known


class AsyncDeviceBindingService:
    """What an adapter must know of a device to read its frames and to speak to it. For adapters."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_device_binding(
        self,
        dev_eui: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceBinding:
        """The binding of a device by its address in the field.

        Args:
            dev_eui: LoRaWAN DevEUI, 16 lower-case hex digits.
        """
        return present(
            (
                await self._transport.unary(
                    methods.DEVICE_BINDING_SERVICE_GET_DEVICE_BINDING,
                    devices_v1.GetDeviceBindingRequest(dev_eui=dev_eui),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_binding,
            "device_binding",
        )

    async def report_device_status(
        self,
        *,
        statuses: Sequence[devices_v1.DeviceStatus] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Tells what the adapter has heard of devices: last contact, battery, radio. Later news
        wins.

        Args:
            statuses: One for each device; unknown devices are passed over.
        """
        return (
            await self._transport.unary(
                methods.DEVICE_BINDING_SERVICE_REPORT_DEVICE_STATUS,
                devices_v1.ReportDeviceStatusRequest(statuses=list(statuses)),
                rpc_timeout,
                rpc_metadata,
            )
        ).known


class DeviceModelService:
    """Types of devices: what they measure, how their frames are read, what they can be told.

    1. Create a model with its codec and channel templates, or import one of the library.

    2. Try the codec with `TestCodec` on frames of a real device.

    3. Create meters of the model; each gets a channel for every template.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_device_model(
        self,
        device_model: devices_v1.DeviceModel,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Makes a device model.

        Args:
            device_model: The device model to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_CREATE_DEVICE_MODEL,
                    devices_v1.CreateDeviceModelRequest(device_model=device_model, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    def get_device_model(
        self,
        device_model_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """One device model.

        Args:
            device_model_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_GET_DEVICE_MODEL,
                    devices_v1.GetDeviceModelRequest(device_model_id=device_model_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    def list_device_models(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.DeviceModel]:
        """The tenant's device models, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            commodity: Only those of this commodity.
            show_archived: Whether archived ones are listed too.
        """
        return Pages(
            self._transport,
            methods.DEVICE_MODEL_SERVICE_LIST_DEVICE_MODELS,
            devices_v1.ListDeviceModelsRequest(
                page_size=page_size, page_token=page_token, commodity=commodity, show_archived=show_archived
            ),
            lambda page: page.device_models,
            rpc_timeout,
            rpc_metadata,
        )

    def update_device_model(
        self,
        device_model: devices_v1.DeviceModel,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Changes a device model.

        Args:
            device_model: The new values; `device_model_id` says which one, `etag` (if given)
                what it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_UPDATE_DEVICE_MODEL,
                    devices_v1.UpdateDeviceModelRequest(
                        device_model=device_model, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    def archive_device_model(
        self,
        device_model_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Archives a device model: it keeps its id and its history and takes no more changes.
        Never deleted.

        Args:
            device_model_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_ARCHIVE_DEVICE_MODEL,
                    devices_v1.ArchiveDeviceModelRequest(
                        device_model_id=device_model_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    def test_codec(
        self,
        *,
        device_model_id: str | None = None,
        device_model: devices_v1.DeviceModel | None = None,
        f_port: int = 0,
        payload: bytes = b"",
        receive_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.TestCodecResponse:
        """Runs a codec on one frame and shows what it gives and which readings it would become.
        Nothing is stored.

        Args:
            device_model_id: The codec and templates of a stored model.
            device_model: A model that is not stored yet.
            f_port: LoRaWAN FPort.
            payload: The frame's payload.
            receive_time: When the frame is taken to be received; absent means now.
        """
        return self._transport.unary(
            methods.DEVICE_MODEL_SERVICE_TEST_CODEC,
            devices_v1.TestCodecRequest(
                device_model_id=device_model_id,
                device_model=device_model,
                f_port=f_port,
                payload=payload,
                receive_time=receive_time,
            ),
            rpc_timeout,
            rpc_metadata,
        )


class AsyncDeviceModelService:
    """Types of devices: what they measure, how their frames are read, what they can be told.

    1. Create a model with its codec and channel templates, or import one of the library.

    2. Try the codec with `TestCodec` on frames of a real device.

    3. Create meters of the model; each gets a channel for every template.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_device_model(
        self,
        device_model: devices_v1.DeviceModel,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Makes a device model.

        Args:
            device_model: The device model to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_CREATE_DEVICE_MODEL,
                    devices_v1.CreateDeviceModelRequest(device_model=device_model, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    async def get_device_model(
        self,
        device_model_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """One device model.

        Args:
            device_model_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_GET_DEVICE_MODEL,
                    devices_v1.GetDeviceModelRequest(device_model_id=device_model_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    def list_device_models(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.DeviceModel]:
        """The tenant's device models, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            commodity: Only those of this commodity.
            show_archived: Whether archived ones are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.DEVICE_MODEL_SERVICE_LIST_DEVICE_MODELS,
            devices_v1.ListDeviceModelsRequest(
                page_size=page_size, page_token=page_token, commodity=commodity, show_archived=show_archived
            ),
            lambda page: page.device_models,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_device_model(
        self,
        device_model: devices_v1.DeviceModel,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Changes a device model.

        Args:
            device_model: The new values; `device_model_id` says which one, `etag` (if given)
                what it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_UPDATE_DEVICE_MODEL,
                    devices_v1.UpdateDeviceModelRequest(
                        device_model=device_model, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    async def archive_device_model(
        self,
        device_model_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Archives a device model: it keeps its id and its history and takes no more changes.
        Never deleted.

        Args:
            device_model_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_ARCHIVE_DEVICE_MODEL,
                    devices_v1.ArchiveDeviceModelRequest(
                        device_model_id=device_model_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    async def test_codec(
        self,
        *,
        device_model_id: str | None = None,
        device_model: devices_v1.DeviceModel | None = None,
        f_port: int = 0,
        payload: bytes = b"",
        receive_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.TestCodecResponse:
        """Runs a codec on one frame and shows what it gives and which readings it would become.
        Nothing is stored.

        Args:
            device_model_id: The codec and templates of a stored model.
            device_model: A model that is not stored yet.
            f_port: LoRaWAN FPort.
            payload: The frame's payload.
            receive_time: When the frame is taken to be received; absent means now.
        """
        return await self._transport.unary(
            methods.DEVICE_MODEL_SERVICE_TEST_CODEC,
            devices_v1.TestCodecRequest(
                device_model_id=device_model_id,
                device_model=device_model,
                f_port=f_port,
                payload=payload,
                receive_time=receive_time,
            ),
            rpc_timeout,
            rpc_metadata,
        )


class GatewayService:
    """Radio gateways."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_gateway(
        self,
        gateway: devices_v1.Gateway,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Makes a gateway.

        Args:
            gateway: The gateway to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_CREATE_GATEWAY,
                    devices_v1.CreateGatewayRequest(gateway=gateway, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def get_gateway(
        self,
        gateway_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """One gateway.

        Args:
            gateway_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_GET_GATEWAY,
                    devices_v1.GetGatewayRequest(gateway_id=gateway_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def list_gateways(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        gateway_eui: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.Gateway]:
        """The tenant's gateways, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
            gateway_eui: Only that with this EUI.
        """
        return Pages(
            self._transport,
            methods.GATEWAY_SERVICE_LIST_GATEWAYS,
            devices_v1.ListGatewaysRequest(
                page_size=page_size,
                page_token=page_token,
                show_archived=show_archived,
                gateway_eui=gateway_eui,
            ),
            lambda page: page.gateways,
            rpc_timeout,
            rpc_metadata,
        )

    def update_gateway(
        self,
        gateway: devices_v1.Gateway,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Changes a gateway.

        Args:
            gateway: The new values; `gateway_id` says which one, `etag` (if given) what it must
                be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_UPDATE_GATEWAY,
                    devices_v1.UpdateGatewayRequest(
                        gateway=gateway, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def archive_gateway(
        self,
        gateway_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Archives a gateway: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            gateway_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_ARCHIVE_GATEWAY,
                    devices_v1.ArchiveGatewayRequest(gateway_id=gateway_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )


class AsyncGatewayService:
    """Radio gateways."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_gateway(
        self,
        gateway: devices_v1.Gateway,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Makes a gateway.

        Args:
            gateway: The gateway to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_CREATE_GATEWAY,
                    devices_v1.CreateGatewayRequest(gateway=gateway, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    async def get_gateway(
        self,
        gateway_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """One gateway.

        Args:
            gateway_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_GET_GATEWAY,
                    devices_v1.GetGatewayRequest(gateway_id=gateway_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def list_gateways(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        gateway_eui: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.Gateway]:
        """The tenant's gateways, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
            gateway_eui: Only that with this EUI.
        """
        return AsyncPages(
            self._transport,
            methods.GATEWAY_SERVICE_LIST_GATEWAYS,
            devices_v1.ListGatewaysRequest(
                page_size=page_size,
                page_token=page_token,
                show_archived=show_archived,
                gateway_eui=gateway_eui,
            ),
            lambda page: page.gateways,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_gateway(
        self,
        gateway: devices_v1.Gateway,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Changes a gateway.

        Args:
            gateway: The new values; `gateway_id` says which one, `etag` (if given) what it must
                be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_UPDATE_GATEWAY,
                    devices_v1.UpdateGatewayRequest(
                        gateway=gateway, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    async def archive_gateway(
        self,
        gateway_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Archives a gateway: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            gateway_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_ARCHIVE_GATEWAY,
                    devices_v1.ArchiveGatewayRequest(gateway_id=gateway_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )


class HierarchyService:
    """The trees of places and of the network."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_node(
        self,
        node: devices_v1.Node,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Makes a node.

        Args:
            node: The node to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.HIERARCHY_SERVICE_CREATE_NODE,
                    devices_v1.CreateNodeRequest(node=node, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    def get_node(
        self,
        node_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """One node.

        Args:
            node_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.HIERARCHY_SERVICE_GET_NODE,
                    devices_v1.GetNodeRequest(node_id=node_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    def list_nodes(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        hierarchy: devices_v1.Hierarchy = devices_v1.Hierarchy(0),
        parent_id: str = "",
        kind: str = "",
        code: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.Node]:
        """The tenant's nodes, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            hierarchy: Only nodes of this tree.
            parent_id: Only nodes right below this one.
            kind: Only nodes of this kind.
            code: Only the node with this code.
            show_archived: Whether archived ones are listed too.
        """
        return Pages(
            self._transport,
            methods.HIERARCHY_SERVICE_LIST_NODES,
            devices_v1.ListNodesRequest(
                page_size=page_size,
                page_token=page_token,
                hierarchy=hierarchy,
                parent_id=parent_id,
                kind=kind,
                code=code,
                show_archived=show_archived,
            ),
            lambda page: page.nodes,
            rpc_timeout,
            rpc_metadata,
        )

    def update_node(
        self,
        node: devices_v1.Node,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Changes a node.

        Args:
            node: The new values; `node_id` says which one, `etag` (if given) what it must be
                based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.HIERARCHY_SERVICE_UPDATE_NODE,
                    devices_v1.UpdateNodeRequest(
                        node=node, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    def archive_node(
        self,
        node_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Archives a node: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            node_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.HIERARCHY_SERVICE_ARCHIVE_NODE,
                    devices_v1.ArchiveNodeRequest(node_id=node_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )


class AsyncHierarchyService:
    """The trees of places and of the network."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_node(
        self,
        node: devices_v1.Node,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Makes a node.

        Args:
            node: The node to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.HIERARCHY_SERVICE_CREATE_NODE,
                    devices_v1.CreateNodeRequest(node=node, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    async def get_node(
        self,
        node_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """One node.

        Args:
            node_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.HIERARCHY_SERVICE_GET_NODE,
                    devices_v1.GetNodeRequest(node_id=node_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    def list_nodes(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        hierarchy: devices_v1.Hierarchy = devices_v1.Hierarchy(0),
        parent_id: str = "",
        kind: str = "",
        code: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.Node]:
        """The tenant's nodes, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            hierarchy: Only nodes of this tree.
            parent_id: Only nodes right below this one.
            kind: Only nodes of this kind.
            code: Only the node with this code.
            show_archived: Whether archived ones are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.HIERARCHY_SERVICE_LIST_NODES,
            devices_v1.ListNodesRequest(
                page_size=page_size,
                page_token=page_token,
                hierarchy=hierarchy,
                parent_id=parent_id,
                kind=kind,
                code=code,
                show_archived=show_archived,
            ),
            lambda page: page.nodes,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_node(
        self,
        node: devices_v1.Node,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Changes a node.

        Args:
            node: The new values; `node_id` says which one, `etag` (if given) what it must be
                based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.HIERARCHY_SERVICE_UPDATE_NODE,
                    devices_v1.UpdateNodeRequest(
                        node=node, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    async def archive_node(
        self,
        node_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Archives a node: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            node_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.HIERARCHY_SERVICE_ARCHIVE_NODE,
                    devices_v1.ArchiveNodeRequest(node_id=node_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )


class MeterService:
    """Meters."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_meter(
        self,
        meter: devices_v1.Meter,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Makes a meter. Its channels are given out here.

        Args:
            meter: The meter to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_CREATE_METER,
                    devices_v1.CreateMeterRequest(meter=meter, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def get_meter(
        self,
        meter_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """One meter.

        Args:
            meter_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_GET_METER,
                    devices_v1.GetMeterRequest(meter_id=meter_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def list_meters(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        device_model_id: str = "",
        state: devices_v1.MeterState = devices_v1.MeterState(0),
        show_archived: bool = False,
        dev_eui: str = "",
        serial_number: str = "",
        last_seen_before: datetime.datetime | None = None,
        external_id: common_v1.ExternalId | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.Meter]:
        """The tenant's meters, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            device_model_id: Only meters of this model.
            state: Only meters in this state. Archived ones are listed only when asked for by
                this or `show_archived`.
            show_archived: Whether archived ones are listed too.
            dev_eui: Only the meter with this DevEUI.
            serial_number: Only meters with this serial number.
            last_seen_before: Only meters last heard before this, or never.
            external_id: Only the meter that this other system calls so.
        """
        return Pages(
            self._transport,
            methods.METER_SERVICE_LIST_METERS,
            devices_v1.ListMetersRequest(
                page_size=page_size,
                page_token=page_token,
                device_model_id=device_model_id,
                state=state,
                show_archived=show_archived,
                dev_eui=dev_eui,
                serial_number=serial_number,
                last_seen_before=last_seen_before,
                external_id=external_id,
            ),
            lambda page: page.meters,
            rpc_timeout,
            rpc_metadata,
        )

    def update_meter(
        self,
        meter: devices_v1.Meter,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Changes a meter.

        Args:
            meter: The new values; `meter_id` says which one, `etag` (if given) what it must be
                based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_UPDATE_METER,
                    devices_v1.UpdateMeterRequest(
                        meter=meter, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def archive_meter(
        self,
        meter_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Archives a meter: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            meter_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_ARCHIVE_METER,
                    devices_v1.ArchiveMeterRequest(meter_id=meter_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )


class AsyncMeterService:
    """Meters."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_meter(
        self,
        meter: devices_v1.Meter,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Makes a meter. Its channels are given out here.

        Args:
            meter: The meter to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_CREATE_METER,
                    devices_v1.CreateMeterRequest(meter=meter, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    async def get_meter(
        self,
        meter_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """One meter.

        Args:
            meter_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_GET_METER,
                    devices_v1.GetMeterRequest(meter_id=meter_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def list_meters(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        device_model_id: str = "",
        state: devices_v1.MeterState = devices_v1.MeterState(0),
        show_archived: bool = False,
        dev_eui: str = "",
        serial_number: str = "",
        last_seen_before: datetime.datetime | None = None,
        external_id: common_v1.ExternalId | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.Meter]:
        """The tenant's meters, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            device_model_id: Only meters of this model.
            state: Only meters in this state. Archived ones are listed only when asked for by
                this or `show_archived`.
            show_archived: Whether archived ones are listed too.
            dev_eui: Only the meter with this DevEUI.
            serial_number: Only meters with this serial number.
            last_seen_before: Only meters last heard before this, or never.
            external_id: Only the meter that this other system calls so.
        """
        return AsyncPages(
            self._transport,
            methods.METER_SERVICE_LIST_METERS,
            devices_v1.ListMetersRequest(
                page_size=page_size,
                page_token=page_token,
                device_model_id=device_model_id,
                state=state,
                show_archived=show_archived,
                dev_eui=dev_eui,
                serial_number=serial_number,
                last_seen_before=last_seen_before,
                external_id=external_id,
            ),
            lambda page: page.meters,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_meter(
        self,
        meter: devices_v1.Meter,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Changes a meter.

        Args:
            meter: The new values; `meter_id` says which one, `etag` (if given) what it must be
                based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_UPDATE_METER,
                    devices_v1.UpdateMeterRequest(
                        meter=meter, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    async def archive_meter(
        self,
        meter_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Archives a meter: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            meter_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_ARCHIVE_METER,
                    devices_v1.ArchiveMeterRequest(meter_id=meter_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )


class UsagePointService:
    """Usage points and the meters installed at them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_usage_point(
        self,
        usage_point: devices_v1.UsagePoint,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Makes a usage point.

        Args:
            usage_point: The usage point to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_CREATE_USAGE_POINT,
                    devices_v1.CreateUsagePointRequest(usage_point=usage_point, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def get_usage_point(
        self,
        usage_point_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """One usage point.

        Args:
            usage_point_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_GET_USAGE_POINT,
                    devices_v1.GetUsagePointRequest(usage_point_id=usage_point_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def list_usage_points(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        place_id: str = "",
        grid_node_id: str = "",
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        code: str = "",
        show_archived: bool = False,
        external_id: common_v1.ExternalId | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.UsagePoint]:
        """The tenant's usage points, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            place_id: Only those in this node of the place hierarchy or below it.
            grid_node_id: Only those fed by this node of the grid hierarchy or below it.
            commodity: Only those of this commodity.
            code: Only that with this code.
            show_archived: Whether archived ones are listed too.
            external_id: Only that which this other system calls so.
        """
        return Pages(
            self._transport,
            methods.USAGE_POINT_SERVICE_LIST_USAGE_POINTS,
            devices_v1.ListUsagePointsRequest(
                page_size=page_size,
                page_token=page_token,
                place_id=place_id,
                grid_node_id=grid_node_id,
                commodity=commodity,
                code=code,
                show_archived=show_archived,
                external_id=external_id,
            ),
            lambda page: page.usage_points,
            rpc_timeout,
            rpc_metadata,
        )

    def update_usage_point(
        self,
        usage_point: devices_v1.UsagePoint,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Changes a usage point.

        Args:
            usage_point: The new values; `usage_point_id` says which one, `etag` (if given) what
                it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_UPDATE_USAGE_POINT,
                    devices_v1.UpdateUsagePointRequest(
                        usage_point=usage_point, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def archive_usage_point(
        self,
        usage_point_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Archives a usage point: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            usage_point_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_ARCHIVE_USAGE_POINT,
                    devices_v1.ArchiveUsagePointRequest(
                        usage_point_id=usage_point_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def install_meter(
        self,
        usage_point_id: str,
        meter_id: str,
        install_time: datetime.datetime,
        *,
        multiplier: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.InstallMeterResponse:
        """Puts a meter at a usage point from an instant on. The meter and the usage point must
        both be free then.

        Args:
            usage_point_id: Where.
            meter_id: Which meter.
            install_time: From when on.
            multiplier: Current times voltage transformer ratio, a decimal above 0; empty means
                1.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return self._transport.unary(
            methods.USAGE_POINT_SERVICE_INSTALL_METER,
            devices_v1.InstallMeterRequest(
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                install_time=install_time,
                multiplier=multiplier,
                request_id=request_id,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def remove_meter(
        self,
        usage_point_id: str,
        remove_time: datetime.datetime,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Installation:
        """Takes the meter away at an instant. Its readings up to then stay with the usage point.

        Args:
            usage_point_id: Where.
            remove_time: From when on it is gone.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_REMOVE_METER,
                    devices_v1.RemoveMeterRequest(
                        usage_point_id=usage_point_id, remove_time=remove_time, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).installation,
            "installation",
        )

    def list_installations(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        meter_id: str = "",
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.Installation]:
        """Which meters were where, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Only those at this usage point.
            meter_id: Only those of this meter.
            as_of: Only those at this instant; absent: at any time.
        """
        return Pages(
            self._transport,
            methods.USAGE_POINT_SERVICE_LIST_INSTALLATIONS,
            devices_v1.ListInstallationsRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                as_of=as_of,
            ),
            lambda page: page.installations,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncUsagePointService:
    """Usage points and the meters installed at them."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_usage_point(
        self,
        usage_point: devices_v1.UsagePoint,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Makes a usage point.

        Args:
            usage_point: The usage point to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_CREATE_USAGE_POINT,
                    devices_v1.CreateUsagePointRequest(usage_point=usage_point, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    async def get_usage_point(
        self,
        usage_point_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """One usage point.

        Args:
            usage_point_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_GET_USAGE_POINT,
                    devices_v1.GetUsagePointRequest(usage_point_id=usage_point_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def list_usage_points(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        place_id: str = "",
        grid_node_id: str = "",
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        code: str = "",
        show_archived: bool = False,
        external_id: common_v1.ExternalId | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.UsagePoint]:
        """The tenant's usage points, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            place_id: Only those in this node of the place hierarchy or below it.
            grid_node_id: Only those fed by this node of the grid hierarchy or below it.
            commodity: Only those of this commodity.
            code: Only that with this code.
            show_archived: Whether archived ones are listed too.
            external_id: Only that which this other system calls so.
        """
        return AsyncPages(
            self._transport,
            methods.USAGE_POINT_SERVICE_LIST_USAGE_POINTS,
            devices_v1.ListUsagePointsRequest(
                page_size=page_size,
                page_token=page_token,
                place_id=place_id,
                grid_node_id=grid_node_id,
                commodity=commodity,
                code=code,
                show_archived=show_archived,
                external_id=external_id,
            ),
            lambda page: page.usage_points,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_usage_point(
        self,
        usage_point: devices_v1.UsagePoint,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Changes a usage point.

        Args:
            usage_point: The new values; `usage_point_id` says which one, `etag` (if given) what
                it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_UPDATE_USAGE_POINT,
                    devices_v1.UpdateUsagePointRequest(
                        usage_point=usage_point, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    async def archive_usage_point(
        self,
        usage_point_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Archives a usage point: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            usage_point_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_ARCHIVE_USAGE_POINT,
                    devices_v1.ArchiveUsagePointRequest(
                        usage_point_id=usage_point_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    async def install_meter(
        self,
        usage_point_id: str,
        meter_id: str,
        install_time: datetime.datetime,
        *,
        multiplier: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.InstallMeterResponse:
        """Puts a meter at a usage point from an instant on. The meter and the usage point must
        both be free then.

        Args:
            usage_point_id: Where.
            meter_id: Which meter.
            install_time: From when on.
            multiplier: Current times voltage transformer ratio, a decimal above 0; empty means
                1.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.USAGE_POINT_SERVICE_INSTALL_METER,
            devices_v1.InstallMeterRequest(
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                install_time=install_time,
                multiplier=multiplier,
                request_id=request_id,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    async def remove_meter(
        self,
        usage_point_id: str,
        remove_time: datetime.datetime,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Installation:
        """Takes the meter away at an instant. Its readings up to then stay with the usage point.

        Args:
            usage_point_id: Where.
            remove_time: From when on it is gone.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_REMOVE_METER,
                    devices_v1.RemoveMeterRequest(
                        usage_point_id=usage_point_id, remove_time=remove_time, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).installation,
            "installation",
        )

    def list_installations(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        meter_id: str = "",
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.Installation]:
        """Which meters were where, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Only those at this usage point.
            meter_id: Only those of this meter.
            as_of: Only those at this instant; absent: at any time.
        """
        return AsyncPages(
            self._transport,
            methods.USAGE_POINT_SERVICE_LIST_INSTALLATIONS,
            devices_v1.ListInstallationsRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                as_of=as_of,
            ),
            lambda page: page.installations,
            rpc_timeout,
            rpc_metadata,
        )
