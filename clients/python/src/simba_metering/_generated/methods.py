"""Every call of the contract. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations

from simba_metering._method import Method

from .simba.access import v1 as access_v1
from .simba.analytics import v1 as analytics_v1
from .simba.billing import v1 as billing_v1
from .simba.commands import v1 as commands_v1
from .simba.devices import v1 as devices_v1
from .simba.events import v1 as events_v1
from .simba.readings import v1 as readings_v1

PRINCIPAL_SERVICE_CREATE_API_KEY = Method(
    "simba.access.v1.PrincipalService",
    "CreateApiKey",
    access_v1.CreateApiKeyRequest,
    access_v1.CreateApiKeyResponse,
    repeatable=True,
)
PRINCIPAL_SERVICE_GET_API_KEY = Method(
    "simba.access.v1.PrincipalService",
    "GetApiKey",
    access_v1.GetApiKeyRequest,
    access_v1.GetApiKeyResponse,
    repeatable=True,
)
PRINCIPAL_SERVICE_LIST_API_KEYS = Method(
    "simba.access.v1.PrincipalService",
    "ListApiKeys",
    access_v1.ListApiKeysRequest,
    access_v1.ListApiKeysResponse,
    repeatable=True,
)
PRINCIPAL_SERVICE_REVOKE_API_KEY = Method(
    "simba.access.v1.PrincipalService",
    "RevokeApiKey",
    access_v1.RevokeApiKeyRequest,
    access_v1.RevokeApiKeyResponse,
    repeatable=True,
)
PRINCIPAL_SERVICE_WHO_AM_I = Method(
    "simba.access.v1.PrincipalService",
    "WhoAmI",
    access_v1.WhoAmIRequest,
    access_v1.WhoAmIResponse,
    repeatable=True,
)
TENANT_SERVICE_CREATE_TENANT = Method(
    "simba.access.v1.TenantService",
    "CreateTenant",
    access_v1.CreateTenantRequest,
    access_v1.CreateTenantResponse,
    repeatable=True,
)
TENANT_SERVICE_GET_TENANT = Method(
    "simba.access.v1.TenantService",
    "GetTenant",
    access_v1.GetTenantRequest,
    access_v1.GetTenantResponse,
    repeatable=True,
)
TENANT_SERVICE_LIST_TENANTS = Method(
    "simba.access.v1.TenantService",
    "ListTenants",
    access_v1.ListTenantsRequest,
    access_v1.ListTenantsResponse,
    repeatable=True,
)
DEVICE_BINDING_SERVICE_GET_DEVICE_BINDING = Method(
    "simba.devices.v1.DeviceBindingService",
    "GetDeviceBinding",
    devices_v1.GetDeviceBindingRequest,
    devices_v1.GetDeviceBindingResponse,
    repeatable=True,
)
DEVICE_BINDING_SERVICE_REPORT_DEVICE_STATUS = Method(
    "simba.devices.v1.DeviceBindingService",
    "ReportDeviceStatus",
    devices_v1.ReportDeviceStatusRequest,
    devices_v1.ReportDeviceStatusResponse,
)
DEVICE_MODEL_SERVICE_CREATE_DEVICE_MODEL = Method(
    "simba.devices.v1.DeviceModelService",
    "CreateDeviceModel",
    devices_v1.CreateDeviceModelRequest,
    devices_v1.CreateDeviceModelResponse,
    repeatable=True,
)
DEVICE_MODEL_SERVICE_GET_DEVICE_MODEL = Method(
    "simba.devices.v1.DeviceModelService",
    "GetDeviceModel",
    devices_v1.GetDeviceModelRequest,
    devices_v1.GetDeviceModelResponse,
    repeatable=True,
)
DEVICE_MODEL_SERVICE_LIST_DEVICE_MODELS = Method(
    "simba.devices.v1.DeviceModelService",
    "ListDeviceModels",
    devices_v1.ListDeviceModelsRequest,
    devices_v1.ListDeviceModelsResponse,
    repeatable=True,
)
DEVICE_MODEL_SERVICE_UPDATE_DEVICE_MODEL = Method(
    "simba.devices.v1.DeviceModelService",
    "UpdateDeviceModel",
    devices_v1.UpdateDeviceModelRequest,
    devices_v1.UpdateDeviceModelResponse,
    repeatable=True,
)
DEVICE_MODEL_SERVICE_ARCHIVE_DEVICE_MODEL = Method(
    "simba.devices.v1.DeviceModelService",
    "ArchiveDeviceModel",
    devices_v1.ArchiveDeviceModelRequest,
    devices_v1.ArchiveDeviceModelResponse,
    repeatable=True,
)
DEVICE_MODEL_SERVICE_TEST_CODEC = Method(
    "simba.devices.v1.DeviceModelService",
    "TestCodec",
    devices_v1.TestCodecRequest,
    devices_v1.TestCodecResponse,
)
GATEWAY_SERVICE_CREATE_GATEWAY = Method(
    "simba.devices.v1.GatewayService",
    "CreateGateway",
    devices_v1.CreateGatewayRequest,
    devices_v1.CreateGatewayResponse,
    repeatable=True,
)
GATEWAY_SERVICE_GET_GATEWAY = Method(
    "simba.devices.v1.GatewayService",
    "GetGateway",
    devices_v1.GetGatewayRequest,
    devices_v1.GetGatewayResponse,
    repeatable=True,
)
GATEWAY_SERVICE_LIST_GATEWAYS = Method(
    "simba.devices.v1.GatewayService",
    "ListGateways",
    devices_v1.ListGatewaysRequest,
    devices_v1.ListGatewaysResponse,
    repeatable=True,
)
GATEWAY_SERVICE_UPDATE_GATEWAY = Method(
    "simba.devices.v1.GatewayService",
    "UpdateGateway",
    devices_v1.UpdateGatewayRequest,
    devices_v1.UpdateGatewayResponse,
    repeatable=True,
)
GATEWAY_SERVICE_ARCHIVE_GATEWAY = Method(
    "simba.devices.v1.GatewayService",
    "ArchiveGateway",
    devices_v1.ArchiveGatewayRequest,
    devices_v1.ArchiveGatewayResponse,
    repeatable=True,
)
HIERARCHY_SERVICE_CREATE_NODE = Method(
    "simba.devices.v1.HierarchyService",
    "CreateNode",
    devices_v1.CreateNodeRequest,
    devices_v1.CreateNodeResponse,
    repeatable=True,
)
HIERARCHY_SERVICE_GET_NODE = Method(
    "simba.devices.v1.HierarchyService",
    "GetNode",
    devices_v1.GetNodeRequest,
    devices_v1.GetNodeResponse,
    repeatable=True,
)
HIERARCHY_SERVICE_LIST_NODES = Method(
    "simba.devices.v1.HierarchyService",
    "ListNodes",
    devices_v1.ListNodesRequest,
    devices_v1.ListNodesResponse,
    repeatable=True,
)
HIERARCHY_SERVICE_UPDATE_NODE = Method(
    "simba.devices.v1.HierarchyService",
    "UpdateNode",
    devices_v1.UpdateNodeRequest,
    devices_v1.UpdateNodeResponse,
    repeatable=True,
)
HIERARCHY_SERVICE_ARCHIVE_NODE = Method(
    "simba.devices.v1.HierarchyService",
    "ArchiveNode",
    devices_v1.ArchiveNodeRequest,
    devices_v1.ArchiveNodeResponse,
    repeatable=True,
)
METER_SERVICE_CREATE_METER = Method(
    "simba.devices.v1.MeterService",
    "CreateMeter",
    devices_v1.CreateMeterRequest,
    devices_v1.CreateMeterResponse,
    repeatable=True,
)
METER_SERVICE_GET_METER = Method(
    "simba.devices.v1.MeterService",
    "GetMeter",
    devices_v1.GetMeterRequest,
    devices_v1.GetMeterResponse,
    repeatable=True,
)
METER_SERVICE_LIST_METERS = Method(
    "simba.devices.v1.MeterService",
    "ListMeters",
    devices_v1.ListMetersRequest,
    devices_v1.ListMetersResponse,
    repeatable=True,
)
METER_SERVICE_UPDATE_METER = Method(
    "simba.devices.v1.MeterService",
    "UpdateMeter",
    devices_v1.UpdateMeterRequest,
    devices_v1.UpdateMeterResponse,
    repeatable=True,
)
METER_SERVICE_ARCHIVE_METER = Method(
    "simba.devices.v1.MeterService",
    "ArchiveMeter",
    devices_v1.ArchiveMeterRequest,
    devices_v1.ArchiveMeterResponse,
    repeatable=True,
)
USAGE_POINT_SERVICE_CREATE_USAGE_POINT = Method(
    "simba.devices.v1.UsagePointService",
    "CreateUsagePoint",
    devices_v1.CreateUsagePointRequest,
    devices_v1.CreateUsagePointResponse,
    repeatable=True,
)
USAGE_POINT_SERVICE_GET_USAGE_POINT = Method(
    "simba.devices.v1.UsagePointService",
    "GetUsagePoint",
    devices_v1.GetUsagePointRequest,
    devices_v1.GetUsagePointResponse,
    repeatable=True,
)
USAGE_POINT_SERVICE_LIST_USAGE_POINTS = Method(
    "simba.devices.v1.UsagePointService",
    "ListUsagePoints",
    devices_v1.ListUsagePointsRequest,
    devices_v1.ListUsagePointsResponse,
    repeatable=True,
)
USAGE_POINT_SERVICE_UPDATE_USAGE_POINT = Method(
    "simba.devices.v1.UsagePointService",
    "UpdateUsagePoint",
    devices_v1.UpdateUsagePointRequest,
    devices_v1.UpdateUsagePointResponse,
    repeatable=True,
)
USAGE_POINT_SERVICE_ARCHIVE_USAGE_POINT = Method(
    "simba.devices.v1.UsagePointService",
    "ArchiveUsagePoint",
    devices_v1.ArchiveUsagePointRequest,
    devices_v1.ArchiveUsagePointResponse,
    repeatable=True,
)
USAGE_POINT_SERVICE_INSTALL_METER = Method(
    "simba.devices.v1.UsagePointService",
    "InstallMeter",
    devices_v1.InstallMeterRequest,
    devices_v1.InstallMeterResponse,
    repeatable=True,
)
USAGE_POINT_SERVICE_REMOVE_METER = Method(
    "simba.devices.v1.UsagePointService",
    "RemoveMeter",
    devices_v1.RemoveMeterRequest,
    devices_v1.RemoveMeterResponse,
    repeatable=True,
)
USAGE_POINT_SERVICE_LIST_INSTALLATIONS = Method(
    "simba.devices.v1.UsagePointService",
    "ListInstallations",
    devices_v1.ListInstallationsRequest,
    devices_v1.ListInstallationsResponse,
    repeatable=True,
)
EXCHANGE_SERVICE_CREATE_IMPORT = Method(
    "simba.readings.v1.ExchangeService",
    "CreateImport",
    readings_v1.CreateImportRequest,
    readings_v1.CreateImportResponse,
    repeatable=True,
)
EXCHANGE_SERVICE_UPLOAD_IMPORT = Method(
    "simba.readings.v1.ExchangeService",
    "UploadImport",
    readings_v1.UploadImportRequest,
    readings_v1.UploadImportResponse,
    client_streaming=True,
)
EXCHANGE_SERVICE_GET_IMPORT = Method(
    "simba.readings.v1.ExchangeService",
    "GetImport",
    readings_v1.GetImportRequest,
    readings_v1.GetImportResponse,
    repeatable=True,
)
EXCHANGE_SERVICE_LIST_IMPORTS = Method(
    "simba.readings.v1.ExchangeService",
    "ListImports",
    readings_v1.ListImportsRequest,
    readings_v1.ListImportsResponse,
    repeatable=True,
)
EXCHANGE_SERVICE_LIST_IMPORT_ERRORS = Method(
    "simba.readings.v1.ExchangeService",
    "ListImportErrors",
    readings_v1.ListImportErrorsRequest,
    readings_v1.ListImportErrorsResponse,
    repeatable=True,
)
EXCHANGE_SERVICE_WATCH_IMPORT = Method(
    "simba.readings.v1.ExchangeService",
    "WatchImport",
    readings_v1.WatchImportRequest,
    readings_v1.WatchImportResponse,
    server_streaming=True,
    repeatable=True,
)
FRAME_SERVICE_STORE_FRAMES = Method(
    "simba.readings.v1.FrameService",
    "StoreFrames",
    readings_v1.StoreFramesRequest,
    readings_v1.StoreFramesResponse,
)
FRAME_SERVICE_REPORT_REPLAY = Method(
    "simba.readings.v1.FrameService",
    "ReportReplay",
    readings_v1.ReportReplayRequest,
    readings_v1.ReportReplayResponse,
)
FRAME_SERVICE_GET_FRAME = Method(
    "simba.readings.v1.FrameService",
    "GetFrame",
    readings_v1.GetFrameRequest,
    readings_v1.GetFrameResponse,
    repeatable=True,
)
FRAME_SERVICE_LIST_FRAMES = Method(
    "simba.readings.v1.FrameService",
    "ListFrames",
    readings_v1.ListFramesRequest,
    readings_v1.ListFramesResponse,
    repeatable=True,
)
FRAME_SERVICE_REPLAY_FRAMES = Method(
    "simba.readings.v1.FrameService",
    "ReplayFrames",
    readings_v1.ReplayFramesRequest,
    readings_v1.ReplayFramesResponse,
    repeatable=True,
)
INGEST_SERVICE_INGEST_READINGS = Method(
    "simba.readings.v1.IngestService",
    "IngestReadings",
    readings_v1.IngestReadingsRequest,
    readings_v1.IngestReadingsResponse,
    client_streaming=True,
    server_streaming=True,
)
READING_SERVICE_CREATE_READINGS = Method(
    "simba.readings.v1.ReadingService",
    "CreateReadings",
    readings_v1.CreateReadingsRequest,
    readings_v1.CreateReadingsResponse,
    repeatable=True,
)
READING_SERVICE_QUERY_READINGS = Method(
    "simba.readings.v1.ReadingService",
    "QueryReadings",
    readings_v1.QueryReadingsRequest,
    readings_v1.QueryReadingsResponse,
    repeatable=True,
)
READING_SERVICE_QUERY_INTERVALS = Method(
    "simba.readings.v1.ReadingService",
    "QueryIntervals",
    readings_v1.QueryIntervalsRequest,
    readings_v1.QueryIntervalsResponse,
    repeatable=True,
)
READING_SERVICE_GET_LATEST_READINGS = Method(
    "simba.readings.v1.ReadingService",
    "GetLatestReadings",
    readings_v1.GetLatestReadingsRequest,
    readings_v1.GetLatestReadingsResponse,
    repeatable=True,
)
READING_SERVICE_LIST_READING_VERSIONS = Method(
    "simba.readings.v1.ReadingService",
    "ListReadingVersions",
    readings_v1.ListReadingVersionsRequest,
    readings_v1.ListReadingVersionsResponse,
    repeatable=True,
)
VEE_SERVICE_RUN_VEE = Method(
    "simba.readings.v1.VeeService",
    "RunVee",
    readings_v1.RunVeeRequest,
    readings_v1.RunVeeResponse,
    repeatable=True,
)
VEE_SERVICE_LIST_VEE_EXCEPTIONS = Method(
    "simba.readings.v1.VeeService",
    "ListVeeExceptions",
    readings_v1.ListVeeExceptionsRequest,
    readings_v1.ListVeeExceptionsResponse,
    repeatable=True,
)
VEE_SERVICE_EXPLAIN_READING = Method(
    "simba.readings.v1.VeeService",
    "ExplainReading",
    readings_v1.ExplainReadingRequest,
    readings_v1.ExplainReadingResponse,
    repeatable=True,
)
ADAPTER_SERVICE_REGISTER_ADAPTER = Method(
    "simba.commands.v1.AdapterService",
    "RegisterAdapter",
    commands_v1.RegisterAdapterRequest,
    commands_v1.RegisterAdapterResponse,
)
ADAPTER_SERVICE_REPORT_PROGRESS = Method(
    "simba.commands.v1.AdapterService",
    "ReportProgress",
    commands_v1.ReportProgressRequest,
    commands_v1.ReportProgressResponse,
)
ADAPTER_SERVICE_LIST_ADAPTERS = Method(
    "simba.commands.v1.AdapterService",
    "ListAdapters",
    commands_v1.ListAdaptersRequest,
    commands_v1.ListAdaptersResponse,
    repeatable=True,
)
COMMAND_SERVICE_SUBMIT_COMMAND = Method(
    "simba.commands.v1.CommandService",
    "SubmitCommand",
    commands_v1.SubmitCommandRequest,
    commands_v1.SubmitCommandResponse,
    repeatable=True,
)
COMMAND_SERVICE_GET_COMMAND = Method(
    "simba.commands.v1.CommandService",
    "GetCommand",
    commands_v1.GetCommandRequest,
    commands_v1.GetCommandResponse,
    repeatable=True,
)
COMMAND_SERVICE_LIST_COMMANDS = Method(
    "simba.commands.v1.CommandService",
    "ListCommands",
    commands_v1.ListCommandsRequest,
    commands_v1.ListCommandsResponse,
    repeatable=True,
)
COMMAND_SERVICE_CANCEL_COMMAND = Method(
    "simba.commands.v1.CommandService",
    "CancelCommand",
    commands_v1.CancelCommandRequest,
    commands_v1.CancelCommandResponse,
    repeatable=True,
)
COMMAND_SERVICE_WATCH_COMMAND = Method(
    "simba.commands.v1.CommandService",
    "WatchCommand",
    commands_v1.WatchCommandRequest,
    commands_v1.WatchCommandResponse,
    server_streaming=True,
    repeatable=True,
)
COMMAND_SERVICE_WAIT_COMMAND = Method(
    "simba.commands.v1.CommandService",
    "WaitCommand",
    commands_v1.WaitCommandRequest,
    commands_v1.WaitCommandResponse,
    repeatable=True,
)
EVENT_SERVICE_SUBSCRIBE = Method(
    "simba.events.v1.EventService",
    "Subscribe",
    events_v1.SubscribeRequest,
    events_v1.SubscribeResponse,
    server_streaming=True,
    repeatable=True,
)
EVENT_SERVICE_PULL_EVENTS = Method(
    "simba.events.v1.EventService",
    "PullEvents",
    events_v1.PullEventsRequest,
    events_v1.PullEventsResponse,
    repeatable=True,
)
EVENT_SERVICE_LIST_EVENTS = Method(
    "simba.events.v1.EventService",
    "ListEvents",
    events_v1.ListEventsRequest,
    events_v1.ListEventsResponse,
    repeatable=True,
)
BILLING_RUN_SERVICE_CREATE_BILLING_RUN = Method(
    "simba.billing.v1.BillingRunService",
    "CreateBillingRun",
    billing_v1.CreateBillingRunRequest,
    billing_v1.CreateBillingRunResponse,
    repeatable=True,
)
BILLING_RUN_SERVICE_GET_BILLING_RUN = Method(
    "simba.billing.v1.BillingRunService",
    "GetBillingRun",
    billing_v1.GetBillingRunRequest,
    billing_v1.GetBillingRunResponse,
    repeatable=True,
)
BILLING_RUN_SERVICE_LIST_BILLING_RUNS = Method(
    "simba.billing.v1.BillingRunService",
    "ListBillingRuns",
    billing_v1.ListBillingRunsRequest,
    billing_v1.ListBillingRunsResponse,
    repeatable=True,
)
BILLING_RUN_SERVICE_WATCH_BILLING_RUN = Method(
    "simba.billing.v1.BillingRunService",
    "WatchBillingRun",
    billing_v1.WatchBillingRunRequest,
    billing_v1.WatchBillingRunResponse,
    server_streaming=True,
    repeatable=True,
)
BILLING_RUN_SERVICE_LIST_BILLING_EXCEPTIONS = Method(
    "simba.billing.v1.BillingRunService",
    "ListBillingExceptions",
    billing_v1.ListBillingExceptionsRequest,
    billing_v1.ListBillingExceptionsResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_CREATE_CUSTOMER = Method(
    "simba.billing.v1.CustomerService",
    "CreateCustomer",
    billing_v1.CreateCustomerRequest,
    billing_v1.CreateCustomerResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_GET_CUSTOMER = Method(
    "simba.billing.v1.CustomerService",
    "GetCustomer",
    billing_v1.GetCustomerRequest,
    billing_v1.GetCustomerResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_LIST_CUSTOMERS = Method(
    "simba.billing.v1.CustomerService",
    "ListCustomers",
    billing_v1.ListCustomersRequest,
    billing_v1.ListCustomersResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_UPDATE_CUSTOMER = Method(
    "simba.billing.v1.CustomerService",
    "UpdateCustomer",
    billing_v1.UpdateCustomerRequest,
    billing_v1.UpdateCustomerResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_ARCHIVE_CUSTOMER = Method(
    "simba.billing.v1.CustomerService",
    "ArchiveCustomer",
    billing_v1.ArchiveCustomerRequest,
    billing_v1.ArchiveCustomerResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_CREATE_ACCOUNT = Method(
    "simba.billing.v1.CustomerService",
    "CreateAccount",
    billing_v1.CreateAccountRequest,
    billing_v1.CreateAccountResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_GET_ACCOUNT = Method(
    "simba.billing.v1.CustomerService",
    "GetAccount",
    billing_v1.GetAccountRequest,
    billing_v1.GetAccountResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_LIST_ACCOUNTS = Method(
    "simba.billing.v1.CustomerService",
    "ListAccounts",
    billing_v1.ListAccountsRequest,
    billing_v1.ListAccountsResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_UPDATE_ACCOUNT = Method(
    "simba.billing.v1.CustomerService",
    "UpdateAccount",
    billing_v1.UpdateAccountRequest,
    billing_v1.UpdateAccountResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_ARCHIVE_ACCOUNT = Method(
    "simba.billing.v1.CustomerService",
    "ArchiveAccount",
    billing_v1.ArchiveAccountRequest,
    billing_v1.ArchiveAccountResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_CREATE_AGREEMENT = Method(
    "simba.billing.v1.CustomerService",
    "CreateAgreement",
    billing_v1.CreateAgreementRequest,
    billing_v1.CreateAgreementResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_GET_AGREEMENT = Method(
    "simba.billing.v1.CustomerService",
    "GetAgreement",
    billing_v1.GetAgreementRequest,
    billing_v1.GetAgreementResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_LIST_AGREEMENTS = Method(
    "simba.billing.v1.CustomerService",
    "ListAgreements",
    billing_v1.ListAgreementsRequest,
    billing_v1.ListAgreementsResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_UPDATE_AGREEMENT = Method(
    "simba.billing.v1.CustomerService",
    "UpdateAgreement",
    billing_v1.UpdateAgreementRequest,
    billing_v1.UpdateAgreementResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_ARCHIVE_AGREEMENT = Method(
    "simba.billing.v1.CustomerService",
    "ArchiveAgreement",
    billing_v1.ArchiveAgreementRequest,
    billing_v1.ArchiveAgreementResponse,
    repeatable=True,
)
INVOICE_SERVICE_GET_INVOICE = Method(
    "simba.billing.v1.InvoiceService",
    "GetInvoice",
    billing_v1.GetInvoiceRequest,
    billing_v1.GetInvoiceResponse,
    repeatable=True,
)
INVOICE_SERVICE_LIST_INVOICES = Method(
    "simba.billing.v1.InvoiceService",
    "ListInvoices",
    billing_v1.ListInvoicesRequest,
    billing_v1.ListInvoicesResponse,
    repeatable=True,
)
INVOICE_SERVICE_GET_INVOICE_PDF = Method(
    "simba.billing.v1.InvoiceService",
    "GetInvoicePdf",
    billing_v1.GetInvoicePdfRequest,
    billing_v1.GetInvoicePdfResponse,
    repeatable=True,
)
INVOICE_SERVICE_GET_ISSUER = Method(
    "simba.billing.v1.InvoiceService",
    "GetIssuer",
    billing_v1.GetIssuerRequest,
    billing_v1.GetIssuerResponse,
    repeatable=True,
)
INVOICE_SERVICE_UPDATE_ISSUER = Method(
    "simba.billing.v1.InvoiceService",
    "UpdateIssuer",
    billing_v1.UpdateIssuerRequest,
    billing_v1.UpdateIssuerResponse,
    repeatable=True,
)
TARIFF_SERVICE_CREATE_TARIFF = Method(
    "simba.billing.v1.TariffService",
    "CreateTariff",
    billing_v1.CreateTariffRequest,
    billing_v1.CreateTariffResponse,
    repeatable=True,
)
TARIFF_SERVICE_GET_TARIFF = Method(
    "simba.billing.v1.TariffService",
    "GetTariff",
    billing_v1.GetTariffRequest,
    billing_v1.GetTariffResponse,
    repeatable=True,
)
TARIFF_SERVICE_LIST_TARIFFS = Method(
    "simba.billing.v1.TariffService",
    "ListTariffs",
    billing_v1.ListTariffsRequest,
    billing_v1.ListTariffsResponse,
    repeatable=True,
)
TARIFF_SERVICE_UPDATE_TARIFF = Method(
    "simba.billing.v1.TariffService",
    "UpdateTariff",
    billing_v1.UpdateTariffRequest,
    billing_v1.UpdateTariffResponse,
    repeatable=True,
)
TARIFF_SERVICE_ARCHIVE_TARIFF = Method(
    "simba.billing.v1.TariffService",
    "ArchiveTariff",
    billing_v1.ArchiveTariffRequest,
    billing_v1.ArchiveTariffResponse,
    repeatable=True,
)
FORECAST_SERVICE_CREATE_FORECAST = Method(
    "simba.analytics.v1.ForecastService",
    "CreateForecast",
    analytics_v1.CreateForecastRequest,
    analytics_v1.CreateForecastResponse,
    repeatable=True,
)
FORECAST_SERVICE_GET_FORECAST = Method(
    "simba.analytics.v1.ForecastService",
    "GetForecast",
    analytics_v1.GetForecastRequest,
    analytics_v1.GetForecastResponse,
    repeatable=True,
)
FORECAST_SERVICE_LIST_FORECASTS = Method(
    "simba.analytics.v1.ForecastService",
    "ListForecasts",
    analytics_v1.ListForecastsRequest,
    analytics_v1.ListForecastsResponse,
    repeatable=True,
)

ALL = (
    PRINCIPAL_SERVICE_CREATE_API_KEY,
    PRINCIPAL_SERVICE_GET_API_KEY,
    PRINCIPAL_SERVICE_LIST_API_KEYS,
    PRINCIPAL_SERVICE_REVOKE_API_KEY,
    PRINCIPAL_SERVICE_WHO_AM_I,
    TENANT_SERVICE_CREATE_TENANT,
    TENANT_SERVICE_GET_TENANT,
    TENANT_SERVICE_LIST_TENANTS,
    DEVICE_BINDING_SERVICE_GET_DEVICE_BINDING,
    DEVICE_BINDING_SERVICE_REPORT_DEVICE_STATUS,
    DEVICE_MODEL_SERVICE_CREATE_DEVICE_MODEL,
    DEVICE_MODEL_SERVICE_GET_DEVICE_MODEL,
    DEVICE_MODEL_SERVICE_LIST_DEVICE_MODELS,
    DEVICE_MODEL_SERVICE_UPDATE_DEVICE_MODEL,
    DEVICE_MODEL_SERVICE_ARCHIVE_DEVICE_MODEL,
    DEVICE_MODEL_SERVICE_TEST_CODEC,
    GATEWAY_SERVICE_CREATE_GATEWAY,
    GATEWAY_SERVICE_GET_GATEWAY,
    GATEWAY_SERVICE_LIST_GATEWAYS,
    GATEWAY_SERVICE_UPDATE_GATEWAY,
    GATEWAY_SERVICE_ARCHIVE_GATEWAY,
    HIERARCHY_SERVICE_CREATE_NODE,
    HIERARCHY_SERVICE_GET_NODE,
    HIERARCHY_SERVICE_LIST_NODES,
    HIERARCHY_SERVICE_UPDATE_NODE,
    HIERARCHY_SERVICE_ARCHIVE_NODE,
    METER_SERVICE_CREATE_METER,
    METER_SERVICE_GET_METER,
    METER_SERVICE_LIST_METERS,
    METER_SERVICE_UPDATE_METER,
    METER_SERVICE_ARCHIVE_METER,
    USAGE_POINT_SERVICE_CREATE_USAGE_POINT,
    USAGE_POINT_SERVICE_GET_USAGE_POINT,
    USAGE_POINT_SERVICE_LIST_USAGE_POINTS,
    USAGE_POINT_SERVICE_UPDATE_USAGE_POINT,
    USAGE_POINT_SERVICE_ARCHIVE_USAGE_POINT,
    USAGE_POINT_SERVICE_INSTALL_METER,
    USAGE_POINT_SERVICE_REMOVE_METER,
    USAGE_POINT_SERVICE_LIST_INSTALLATIONS,
    EXCHANGE_SERVICE_CREATE_IMPORT,
    EXCHANGE_SERVICE_UPLOAD_IMPORT,
    EXCHANGE_SERVICE_GET_IMPORT,
    EXCHANGE_SERVICE_LIST_IMPORTS,
    EXCHANGE_SERVICE_LIST_IMPORT_ERRORS,
    EXCHANGE_SERVICE_WATCH_IMPORT,
    FRAME_SERVICE_STORE_FRAMES,
    FRAME_SERVICE_REPORT_REPLAY,
    FRAME_SERVICE_GET_FRAME,
    FRAME_SERVICE_LIST_FRAMES,
    FRAME_SERVICE_REPLAY_FRAMES,
    INGEST_SERVICE_INGEST_READINGS,
    READING_SERVICE_CREATE_READINGS,
    READING_SERVICE_QUERY_READINGS,
    READING_SERVICE_QUERY_INTERVALS,
    READING_SERVICE_GET_LATEST_READINGS,
    READING_SERVICE_LIST_READING_VERSIONS,
    VEE_SERVICE_RUN_VEE,
    VEE_SERVICE_LIST_VEE_EXCEPTIONS,
    VEE_SERVICE_EXPLAIN_READING,
    ADAPTER_SERVICE_REGISTER_ADAPTER,
    ADAPTER_SERVICE_REPORT_PROGRESS,
    ADAPTER_SERVICE_LIST_ADAPTERS,
    COMMAND_SERVICE_SUBMIT_COMMAND,
    COMMAND_SERVICE_GET_COMMAND,
    COMMAND_SERVICE_LIST_COMMANDS,
    COMMAND_SERVICE_CANCEL_COMMAND,
    COMMAND_SERVICE_WATCH_COMMAND,
    COMMAND_SERVICE_WAIT_COMMAND,
    EVENT_SERVICE_SUBSCRIBE,
    EVENT_SERVICE_PULL_EVENTS,
    EVENT_SERVICE_LIST_EVENTS,
    BILLING_RUN_SERVICE_CREATE_BILLING_RUN,
    BILLING_RUN_SERVICE_GET_BILLING_RUN,
    BILLING_RUN_SERVICE_LIST_BILLING_RUNS,
    BILLING_RUN_SERVICE_WATCH_BILLING_RUN,
    BILLING_RUN_SERVICE_LIST_BILLING_EXCEPTIONS,
    CUSTOMER_SERVICE_CREATE_CUSTOMER,
    CUSTOMER_SERVICE_GET_CUSTOMER,
    CUSTOMER_SERVICE_LIST_CUSTOMERS,
    CUSTOMER_SERVICE_UPDATE_CUSTOMER,
    CUSTOMER_SERVICE_ARCHIVE_CUSTOMER,
    CUSTOMER_SERVICE_CREATE_ACCOUNT,
    CUSTOMER_SERVICE_GET_ACCOUNT,
    CUSTOMER_SERVICE_LIST_ACCOUNTS,
    CUSTOMER_SERVICE_UPDATE_ACCOUNT,
    CUSTOMER_SERVICE_ARCHIVE_ACCOUNT,
    CUSTOMER_SERVICE_CREATE_AGREEMENT,
    CUSTOMER_SERVICE_GET_AGREEMENT,
    CUSTOMER_SERVICE_LIST_AGREEMENTS,
    CUSTOMER_SERVICE_UPDATE_AGREEMENT,
    CUSTOMER_SERVICE_ARCHIVE_AGREEMENT,
    INVOICE_SERVICE_GET_INVOICE,
    INVOICE_SERVICE_LIST_INVOICES,
    INVOICE_SERVICE_GET_INVOICE_PDF,
    INVOICE_SERVICE_GET_ISSUER,
    INVOICE_SERVICE_UPDATE_ISSUER,
    TARIFF_SERVICE_CREATE_TARIFF,
    TARIFF_SERVICE_GET_TARIFF,
    TARIFF_SERVICE_LIST_TARIFFS,
    TARIFF_SERVICE_UPDATE_TARIFF,
    TARIFF_SERVICE_ARCHIVE_TARIFF,
    FORECAST_SERVICE_CREATE_FORECAST,
    FORECAST_SERVICE_GET_FORECAST,
    FORECAST_SERVICE_LIST_FORECASTS,
)
