"""Calls of `simba.analytics.v1`. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations


from simba_metering._pages import AsyncPages, Pages
from simba_metering._transport import AsyncTransport, Metadata, Transport
from simba_metering._requests import new_request_id, present

from .. import methods
from ..simba.analytics import v1 as analytics_v1


class ForecastService:
    """Forecasts. Each keeps its issue time, so that what was known when can be asked later."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_forecast(
        self,
        forecast: analytics_v1.Forecast,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> analytics_v1.Forecast:
        """Computes a forecast and keeps it.

        Args:
            forecast: What to forecast.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.FORECAST_SERVICE_CREATE_FORECAST,
                    analytics_v1.CreateForecastRequest(forecast=forecast, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).forecast,
            "forecast",
        )

    def get_forecast(
        self,
        forecast_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> analytics_v1.Forecast:
        """One forecast.

        Args:
            forecast_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.FORECAST_SERVICE_GET_FORECAST,
                    analytics_v1.GetForecastRequest(forecast_id=forecast_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).forecast,
            "forecast",
        )

    def list_forecasts(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        node_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[analytics_v1.Forecast]:
        """The tenant's forecasts, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Only those of this usage point.
            node_id: Only those of this node.
        """
        return Pages(
            self._transport,
            methods.FORECAST_SERVICE_LIST_FORECASTS,
            analytics_v1.ListForecastsRequest(
                page_size=page_size, page_token=page_token, usage_point_id=usage_point_id, node_id=node_id
            ),
            lambda page: page.forecasts,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncForecastService:
    """Forecasts. Each keeps its issue time, so that what was known when can be asked later."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_forecast(
        self,
        forecast: analytics_v1.Forecast,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> analytics_v1.Forecast:
        """Computes a forecast and keeps it.

        Args:
            forecast: What to forecast.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.FORECAST_SERVICE_CREATE_FORECAST,
                    analytics_v1.CreateForecastRequest(forecast=forecast, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).forecast,
            "forecast",
        )

    async def get_forecast(
        self,
        forecast_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> analytics_v1.Forecast:
        """One forecast.

        Args:
            forecast_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.FORECAST_SERVICE_GET_FORECAST,
                    analytics_v1.GetForecastRequest(forecast_id=forecast_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).forecast,
            "forecast",
        )

    def list_forecasts(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        node_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[analytics_v1.Forecast]:
        """The tenant's forecasts, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Only those of this usage point.
            node_id: Only those of this node.
        """
        return AsyncPages(
            self._transport,
            methods.FORECAST_SERVICE_LIST_FORECASTS,
            analytics_v1.ListForecastsRequest(
                page_size=page_size, page_token=page_token, usage_point_id=usage_point_id, node_id=node_id
            ),
            lambda page: page.forecasts,
            rpc_timeout,
            rpc_metadata,
        )
