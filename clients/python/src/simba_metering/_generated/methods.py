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
from .simba.system import v1 as system_v1

AUDIT_SERVICE_LIST_CHANGES = Method(
    "simba.access.v1.AuditService",
    "ListChanges",
    access_v1.ListChangesRequest,
    access_v1.ListChangesResponse,
    repeatable=True,
)
AUDIT_SERVICE_GET_CHANGE = Method(
    "simba.access.v1.AuditService",
    "GetChange",
    access_v1.GetChangeRequest,
    access_v1.GetChangeResponse,
    repeatable=True,
)
AUDIT_SERVICE_VERIFY_CHAIN = Method(
    "simba.access.v1.AuditService", "VerifyChain", access_v1.VerifyChainRequest, access_v1.VerifyChainResponse
)
PRINCIPAL_SERVICE_CREATE_PRINCIPAL = Method(
    "simba.access.v1.PrincipalService",
    "CreatePrincipal",
    access_v1.CreatePrincipalRequest,
    access_v1.CreatePrincipalResponse,
    repeatable=True,
)
PRINCIPAL_SERVICE_GET_PRINCIPAL = Method(
    "simba.access.v1.PrincipalService",
    "GetPrincipal",
    access_v1.GetPrincipalRequest,
    access_v1.GetPrincipalResponse,
    repeatable=True,
)
PRINCIPAL_SERVICE_LIST_PRINCIPALS = Method(
    "simba.access.v1.PrincipalService",
    "ListPrincipals",
    access_v1.ListPrincipalsRequest,
    access_v1.ListPrincipalsResponse,
    repeatable=True,
)
PRINCIPAL_SERVICE_UPDATE_PRINCIPAL = Method(
    "simba.access.v1.PrincipalService",
    "UpdatePrincipal",
    access_v1.UpdatePrincipalRequest,
    access_v1.UpdatePrincipalResponse,
    repeatable=True,
)
PRINCIPAL_SERVICE_ARCHIVE_PRINCIPAL = Method(
    "simba.access.v1.PrincipalService",
    "ArchivePrincipal",
    access_v1.ArchivePrincipalRequest,
    access_v1.ArchivePrincipalResponse,
    repeatable=True,
)
PRINCIPAL_SERVICE_SUSPEND_PRINCIPAL = Method(
    "simba.access.v1.PrincipalService",
    "SuspendPrincipal",
    access_v1.SuspendPrincipalRequest,
    access_v1.SuspendPrincipalResponse,
    repeatable=True,
)
PRINCIPAL_SERVICE_RESUME_PRINCIPAL = Method(
    "simba.access.v1.PrincipalService",
    "ResumePrincipal",
    access_v1.ResumePrincipalRequest,
    access_v1.ResumePrincipalResponse,
    repeatable=True,
)
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
PRINCIPAL_SERVICE_UPDATE_API_KEY = Method(
    "simba.access.v1.PrincipalService",
    "UpdateApiKey",
    access_v1.UpdateApiKeyRequest,
    access_v1.UpdateApiKeyResponse,
    repeatable=True,
)
PRINCIPAL_SERVICE_ROTATE_API_KEY = Method(
    "simba.access.v1.PrincipalService",
    "RotateApiKey",
    access_v1.RotateApiKeyRequest,
    access_v1.RotateApiKeyResponse,
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
PRINCIPAL_SERVICE_TEST_PERMISSIONS = Method(
    "simba.access.v1.PrincipalService",
    "TestPermissions",
    access_v1.TestPermissionsRequest,
    access_v1.TestPermissionsResponse,
)
ROLE_SERVICE_CREATE_ROLE = Method(
    "simba.access.v1.RoleService",
    "CreateRole",
    access_v1.CreateRoleRequest,
    access_v1.CreateRoleResponse,
    repeatable=True,
)
ROLE_SERVICE_GET_ROLE = Method(
    "simba.access.v1.RoleService",
    "GetRole",
    access_v1.GetRoleRequest,
    access_v1.GetRoleResponse,
    repeatable=True,
)
ROLE_SERVICE_LIST_ROLES = Method(
    "simba.access.v1.RoleService",
    "ListRoles",
    access_v1.ListRolesRequest,
    access_v1.ListRolesResponse,
    repeatable=True,
)
ROLE_SERVICE_UPDATE_ROLE = Method(
    "simba.access.v1.RoleService",
    "UpdateRole",
    access_v1.UpdateRoleRequest,
    access_v1.UpdateRoleResponse,
    repeatable=True,
)
ROLE_SERVICE_ARCHIVE_ROLE = Method(
    "simba.access.v1.RoleService",
    "ArchiveRole",
    access_v1.ArchiveRoleRequest,
    access_v1.ArchiveRoleResponse,
    repeatable=True,
)
ROLE_SERVICE_LIST_PERMISSIONS = Method(
    "simba.access.v1.RoleService",
    "ListPermissions",
    access_v1.ListPermissionsRequest,
    access_v1.ListPermissionsResponse,
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
TENANT_SERVICE_UPDATE_TENANT = Method(
    "simba.access.v1.TenantService",
    "UpdateTenant",
    access_v1.UpdateTenantRequest,
    access_v1.UpdateTenantResponse,
    repeatable=True,
)
TENANT_SERVICE_SUSPEND_TENANT = Method(
    "simba.access.v1.TenantService",
    "SuspendTenant",
    access_v1.SuspendTenantRequest,
    access_v1.SuspendTenantResponse,
    repeatable=True,
)
TENANT_SERVICE_RESUME_TENANT = Method(
    "simba.access.v1.TenantService",
    "ResumeTenant",
    access_v1.ResumeTenantRequest,
    access_v1.ResumeTenantResponse,
    repeatable=True,
)
TENANT_SERVICE_GET_QUOTA_USAGE = Method(
    "simba.access.v1.TenantService",
    "GetQuotaUsage",
    access_v1.GetQuotaUsageRequest,
    access_v1.GetQuotaUsageResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_CREATE_CONCENTRATOR = Method(
    "simba.devices.v1.ConcentratorService",
    "CreateConcentrator",
    devices_v1.CreateConcentratorRequest,
    devices_v1.CreateConcentratorResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_GET_CONCENTRATOR = Method(
    "simba.devices.v1.ConcentratorService",
    "GetConcentrator",
    devices_v1.GetConcentratorRequest,
    devices_v1.GetConcentratorResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_LIST_CONCENTRATORS = Method(
    "simba.devices.v1.ConcentratorService",
    "ListConcentrators",
    devices_v1.ListConcentratorsRequest,
    devices_v1.ListConcentratorsResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_UPDATE_CONCENTRATOR = Method(
    "simba.devices.v1.ConcentratorService",
    "UpdateConcentrator",
    devices_v1.UpdateConcentratorRequest,
    devices_v1.UpdateConcentratorResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_ARCHIVE_CONCENTRATOR = Method(
    "simba.devices.v1.ConcentratorService",
    "ArchiveConcentrator",
    devices_v1.ArchiveConcentratorRequest,
    devices_v1.ArchiveConcentratorResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_UNDELETE_CONCENTRATOR = Method(
    "simba.devices.v1.ConcentratorService",
    "UndeleteConcentrator",
    devices_v1.UndeleteConcentratorRequest,
    devices_v1.UndeleteConcentratorResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_SUSPEND_CONCENTRATOR = Method(
    "simba.devices.v1.ConcentratorService",
    "SuspendConcentrator",
    devices_v1.SuspendConcentratorRequest,
    devices_v1.SuspendConcentratorResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_RESUME_CONCENTRATOR = Method(
    "simba.devices.v1.ConcentratorService",
    "ResumeConcentrator",
    devices_v1.ResumeConcentratorRequest,
    devices_v1.ResumeConcentratorResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_RETURN_CONCENTRATOR = Method(
    "simba.devices.v1.ConcentratorService",
    "ReturnConcentrator",
    devices_v1.ReturnConcentratorRequest,
    devices_v1.ReturnConcentratorResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_RETRY_CONCENTRATOR_PROVISIONING = Method(
    "simba.devices.v1.ConcentratorService",
    "RetryConcentratorProvisioning",
    devices_v1.RetryConcentratorProvisioningRequest,
    devices_v1.RetryConcentratorProvisioningResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_GET_CONCENTRATOR_CONFIG_DRIFT = Method(
    "simba.devices.v1.ConcentratorService",
    "GetConcentratorConfigDrift",
    devices_v1.GetConcentratorConfigDriftRequest,
    devices_v1.GetConcentratorConfigDriftResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_APPLY_CONCENTRATOR_CONFIG_PROFILE = Method(
    "simba.devices.v1.ConcentratorService",
    "ApplyConcentratorConfigProfile",
    devices_v1.ApplyConcentratorConfigProfileRequest,
    devices_v1.ApplyConcentratorConfigProfileResponse,
    repeatable=True,
)
CONCENTRATOR_SERVICE_GET_CONCENTRATOR_CLOCK_STATUS = Method(
    "simba.devices.v1.ConcentratorService",
    "GetConcentratorClockStatus",
    devices_v1.GetConcentratorClockStatusRequest,
    devices_v1.GetConcentratorClockStatusResponse,
    repeatable=True,
)
CONFIG_PROFILE_SERVICE_CREATE_CONFIG_PROFILE = Method(
    "simba.devices.v1.ConfigProfileService",
    "CreateConfigProfile",
    devices_v1.CreateConfigProfileRequest,
    devices_v1.CreateConfigProfileResponse,
    repeatable=True,
)
CONFIG_PROFILE_SERVICE_GET_CONFIG_PROFILE = Method(
    "simba.devices.v1.ConfigProfileService",
    "GetConfigProfile",
    devices_v1.GetConfigProfileRequest,
    devices_v1.GetConfigProfileResponse,
    repeatable=True,
)
CONFIG_PROFILE_SERVICE_LIST_CONFIG_PROFILES = Method(
    "simba.devices.v1.ConfigProfileService",
    "ListConfigProfiles",
    devices_v1.ListConfigProfilesRequest,
    devices_v1.ListConfigProfilesResponse,
    repeatable=True,
)
CONFIG_PROFILE_SERVICE_UPDATE_CONFIG_PROFILE = Method(
    "simba.devices.v1.ConfigProfileService",
    "UpdateConfigProfile",
    devices_v1.UpdateConfigProfileRequest,
    devices_v1.UpdateConfigProfileResponse,
    repeatable=True,
)
CONFIG_PROFILE_SERVICE_ARCHIVE_CONFIG_PROFILE = Method(
    "simba.devices.v1.ConfigProfileService",
    "ArchiveConfigProfile",
    devices_v1.ArchiveConfigProfileRequest,
    devices_v1.ArchiveConfigProfileResponse,
    repeatable=True,
)
DEVICE_BINDING_SERVICE_GET_DEVICE_BINDING = Method(
    "simba.devices.v1.DeviceBindingService",
    "GetDeviceBinding",
    devices_v1.GetDeviceBindingRequest,
    devices_v1.GetDeviceBindingResponse,
    repeatable=True,
)
DEVICE_BINDING_SERVICE_BATCH_GET_DEVICE_BINDINGS = Method(
    "simba.devices.v1.DeviceBindingService",
    "BatchGetDeviceBindings",
    devices_v1.BatchGetDeviceBindingsRequest,
    devices_v1.BatchGetDeviceBindingsResponse,
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
DEVICE_MODEL_SERVICE_UNDELETE_DEVICE_MODEL = Method(
    "simba.devices.v1.DeviceModelService",
    "UndeleteDeviceModel",
    devices_v1.UndeleteDeviceModelRequest,
    devices_v1.UndeleteDeviceModelResponse,
    repeatable=True,
)
DEVICE_MODEL_SERVICE_LIST_CODEC_VERSIONS = Method(
    "simba.devices.v1.DeviceModelService",
    "ListCodecVersions",
    devices_v1.ListCodecVersionsRequest,
    devices_v1.ListCodecVersionsResponse,
    repeatable=True,
)
DEVICE_MODEL_SERVICE_IMPORT_DEVICE_MODELS = Method(
    "simba.devices.v1.DeviceModelService",
    "ImportDeviceModels",
    devices_v1.ImportDeviceModelsRequest,
    devices_v1.ImportDeviceModelsResponse,
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
GATEWAY_SERVICE_UNDELETE_GATEWAY = Method(
    "simba.devices.v1.GatewayService",
    "UndeleteGateway",
    devices_v1.UndeleteGatewayRequest,
    devices_v1.UndeleteGatewayResponse,
    repeatable=True,
)
GATEWAY_SERVICE_SUSPEND_GATEWAY = Method(
    "simba.devices.v1.GatewayService",
    "SuspendGateway",
    devices_v1.SuspendGatewayRequest,
    devices_v1.SuspendGatewayResponse,
    repeatable=True,
)
GATEWAY_SERVICE_RESUME_GATEWAY = Method(
    "simba.devices.v1.GatewayService",
    "ResumeGateway",
    devices_v1.ResumeGatewayRequest,
    devices_v1.ResumeGatewayResponse,
    repeatable=True,
)
GATEWAY_SERVICE_RETURN_GATEWAY = Method(
    "simba.devices.v1.GatewayService",
    "ReturnGateway",
    devices_v1.ReturnGatewayRequest,
    devices_v1.ReturnGatewayResponse,
    repeatable=True,
)
GATEWAY_SERVICE_RETRY_GATEWAY_PROVISIONING = Method(
    "simba.devices.v1.GatewayService",
    "RetryGatewayProvisioning",
    devices_v1.RetryGatewayProvisioningRequest,
    devices_v1.RetryGatewayProvisioningResponse,
    repeatable=True,
)
GATEWAY_SERVICE_GET_GATEWAY_CONFIG_DRIFT = Method(
    "simba.devices.v1.GatewayService",
    "GetGatewayConfigDrift",
    devices_v1.GetGatewayConfigDriftRequest,
    devices_v1.GetGatewayConfigDriftResponse,
    repeatable=True,
)
GATEWAY_SERVICE_APPLY_GATEWAY_CONFIG_PROFILE = Method(
    "simba.devices.v1.GatewayService",
    "ApplyGatewayConfigProfile",
    devices_v1.ApplyGatewayConfigProfileRequest,
    devices_v1.ApplyGatewayConfigProfileResponse,
    repeatable=True,
)
GATEWAY_SERVICE_GET_GATEWAY_CLOCK_STATUS = Method(
    "simba.devices.v1.GatewayService",
    "GetGatewayClockStatus",
    devices_v1.GetGatewayClockStatusRequest,
    devices_v1.GetGatewayClockStatusResponse,
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
HIERARCHY_SERVICE_UNDELETE_NODE = Method(
    "simba.devices.v1.HierarchyService",
    "UndeleteNode",
    devices_v1.UndeleteNodeRequest,
    devices_v1.UndeleteNodeResponse,
    repeatable=True,
)
HIERARCHY_SERVICE_BATCH_CREATE_NODES = Method(
    "simba.devices.v1.HierarchyService",
    "BatchCreateNodes",
    devices_v1.BatchCreateNodesRequest,
    devices_v1.BatchCreateNodesResponse,
    repeatable=True,
)
HIERARCHY_SERVICE_MOVE_NODE = Method(
    "simba.devices.v1.HierarchyService",
    "MoveNode",
    devices_v1.MoveNodeRequest,
    devices_v1.MoveNodeResponse,
    repeatable=True,
)
HIERARCHY_SERVICE_LIST_NODE_PARENTS = Method(
    "simba.devices.v1.HierarchyService",
    "ListNodeParents",
    devices_v1.ListNodeParentsRequest,
    devices_v1.ListNodeParentsResponse,
    repeatable=True,
)
INVENTORY_SERVICE_CREATE_INVENTORY_IMPORT = Method(
    "simba.devices.v1.InventoryService",
    "CreateInventoryImport",
    devices_v1.CreateInventoryImportRequest,
    devices_v1.CreateInventoryImportResponse,
    repeatable=True,
)
INVENTORY_SERVICE_UPLOAD_INVENTORY_IMPORT = Method(
    "simba.devices.v1.InventoryService",
    "UploadInventoryImport",
    devices_v1.UploadInventoryImportRequest,
    devices_v1.UploadInventoryImportResponse,
    client_streaming=True,
)
INVENTORY_SERVICE_GET_INVENTORY_IMPORT = Method(
    "simba.devices.v1.InventoryService",
    "GetInventoryImport",
    devices_v1.GetInventoryImportRequest,
    devices_v1.GetInventoryImportResponse,
    repeatable=True,
)
INVENTORY_SERVICE_LIST_INVENTORY_IMPORTS = Method(
    "simba.devices.v1.InventoryService",
    "ListInventoryImports",
    devices_v1.ListInventoryImportsRequest,
    devices_v1.ListInventoryImportsResponse,
    repeatable=True,
)
INVENTORY_SERVICE_LIST_INVENTORY_IMPORT_ERRORS = Method(
    "simba.devices.v1.InventoryService",
    "ListInventoryImportErrors",
    devices_v1.ListInventoryImportErrorsRequest,
    devices_v1.ListInventoryImportErrorsResponse,
    repeatable=True,
)
INVENTORY_SERVICE_WATCH_INVENTORY_IMPORT = Method(
    "simba.devices.v1.InventoryService",
    "WatchInventoryImport",
    devices_v1.WatchInventoryImportRequest,
    devices_v1.WatchInventoryImportResponse,
    server_streaming=True,
    repeatable=True,
)
INVENTORY_SERVICE_CREATE_INVENTORY_EXPORT = Method(
    "simba.devices.v1.InventoryService",
    "CreateInventoryExport",
    devices_v1.CreateInventoryExportRequest,
    devices_v1.CreateInventoryExportResponse,
    repeatable=True,
)
INVENTORY_SERVICE_GET_INVENTORY_EXPORT = Method(
    "simba.devices.v1.InventoryService",
    "GetInventoryExport",
    devices_v1.GetInventoryExportRequest,
    devices_v1.GetInventoryExportResponse,
    repeatable=True,
)
INVENTORY_SERVICE_DOWNLOAD_INVENTORY_EXPORT = Method(
    "simba.devices.v1.InventoryService",
    "DownloadInventoryExport",
    devices_v1.DownloadInventoryExportRequest,
    devices_v1.DownloadInventoryExportResponse,
    server_streaming=True,
)
INVENTORY_SERVICE_GET_INVENTORY_EXPORT_FILE = Method(
    "simba.devices.v1.InventoryService",
    "GetInventoryExportFile",
    devices_v1.GetInventoryExportFileRequest,
    devices_v1.GetInventoryExportFileResponse,
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
METER_SERVICE_UNDELETE_METER = Method(
    "simba.devices.v1.MeterService",
    "UndeleteMeter",
    devices_v1.UndeleteMeterRequest,
    devices_v1.UndeleteMeterResponse,
    repeatable=True,
)
METER_SERVICE_BATCH_CREATE_METERS = Method(
    "simba.devices.v1.MeterService",
    "BatchCreateMeters",
    devices_v1.BatchCreateMetersRequest,
    devices_v1.BatchCreateMetersResponse,
    repeatable=True,
)
METER_SERVICE_SUSPEND_METER = Method(
    "simba.devices.v1.MeterService",
    "SuspendMeter",
    devices_v1.SuspendMeterRequest,
    devices_v1.SuspendMeterResponse,
    repeatable=True,
)
METER_SERVICE_RESUME_METER = Method(
    "simba.devices.v1.MeterService",
    "ResumeMeter",
    devices_v1.ResumeMeterRequest,
    devices_v1.ResumeMeterResponse,
    repeatable=True,
)
METER_SERVICE_RETURN_METER = Method(
    "simba.devices.v1.MeterService",
    "ReturnMeter",
    devices_v1.ReturnMeterRequest,
    devices_v1.ReturnMeterResponse,
    repeatable=True,
)
METER_SERVICE_RETRY_PROVISIONING = Method(
    "simba.devices.v1.MeterService",
    "RetryProvisioning",
    devices_v1.RetryProvisioningRequest,
    devices_v1.RetryProvisioningResponse,
    repeatable=True,
)
METER_SERVICE_GET_METER_CONFIG_DRIFT = Method(
    "simba.devices.v1.MeterService",
    "GetMeterConfigDrift",
    devices_v1.GetMeterConfigDriftRequest,
    devices_v1.GetMeterConfigDriftResponse,
    repeatable=True,
)
METER_SERVICE_APPLY_METER_CONFIG_PROFILE = Method(
    "simba.devices.v1.MeterService",
    "ApplyMeterConfigProfile",
    devices_v1.ApplyMeterConfigProfileRequest,
    devices_v1.ApplyMeterConfigProfileResponse,
    repeatable=True,
)
METER_SERVICE_REPLACE_METER = Method(
    "simba.devices.v1.MeterService",
    "ReplaceMeter",
    devices_v1.ReplaceMeterRequest,
    devices_v1.ReplaceMeterResponse,
    repeatable=True,
)
METER_SERVICE_COMPLETE_METER_EXCHANGE = Method(
    "simba.devices.v1.MeterService",
    "CompleteMeterExchange",
    devices_v1.CompleteMeterExchangeRequest,
    devices_v1.CompleteMeterExchangeResponse,
    repeatable=True,
)
METER_SERVICE_GET_METER_EXCHANGE = Method(
    "simba.devices.v1.MeterService",
    "GetMeterExchange",
    devices_v1.GetMeterExchangeRequest,
    devices_v1.GetMeterExchangeResponse,
    repeatable=True,
)
METER_SERVICE_LIST_METER_EXCHANGES = Method(
    "simba.devices.v1.MeterService",
    "ListMeterExchanges",
    devices_v1.ListMeterExchangesRequest,
    devices_v1.ListMeterExchangesResponse,
    repeatable=True,
)
METER_SERVICE_LIST_METER_HISTORY = Method(
    "simba.devices.v1.MeterService",
    "ListMeterHistory",
    devices_v1.ListMeterHistoryRequest,
    devices_v1.ListMeterHistoryResponse,
    repeatable=True,
)
NETWORK_HEALTH_SERVICE_GET_DEVICE_HEALTH = Method(
    "simba.devices.v1.NetworkHealthService",
    "GetDeviceHealth",
    devices_v1.GetDeviceHealthRequest,
    devices_v1.GetDeviceHealthResponse,
    repeatable=True,
)
NETWORK_HEALTH_SERVICE_LIST_DEVICE_HEALTH = Method(
    "simba.devices.v1.NetworkHealthService",
    "ListDeviceHealth",
    devices_v1.ListDeviceHealthRequest,
    devices_v1.ListDeviceHealthResponse,
    repeatable=True,
)
PROVISIONING_SERVICE_TAKE_PROVISIONING_TASK = Method(
    "simba.devices.v1.ProvisioningService",
    "TakeProvisioningTask",
    devices_v1.TakeProvisioningTaskRequest,
    devices_v1.TakeProvisioningTaskResponse,
)
PROVISIONING_SERVICE_REPORT_PROVISIONING = Method(
    "simba.devices.v1.ProvisioningService",
    "ReportProvisioning",
    devices_v1.ReportProvisioningRequest,
    devices_v1.ReportProvisioningResponse,
    repeatable=True,
)
PROVISIONING_SERVICE_LIST_MANAGED_DEVICES = Method(
    "simba.devices.v1.ProvisioningService",
    "ListManagedDevices",
    devices_v1.ListManagedDevicesRequest,
    devices_v1.ListManagedDevicesResponse,
)
PROVISIONING_SERVICE_REPORT_RECONCILIATION = Method(
    "simba.devices.v1.ProvisioningService",
    "ReportReconciliation",
    devices_v1.ReportReconciliationRequest,
    devices_v1.ReportReconciliationResponse,
    repeatable=True,
)
PROVISIONING_SERVICE_START_RECONCILIATION = Method(
    "simba.devices.v1.ProvisioningService",
    "StartReconciliation",
    devices_v1.StartReconciliationRequest,
    devices_v1.StartReconciliationResponse,
    repeatable=True,
)
PROVISIONING_SERVICE_GET_RECONCILIATION = Method(
    "simba.devices.v1.ProvisioningService",
    "GetReconciliation",
    devices_v1.GetReconciliationRequest,
    devices_v1.GetReconciliationResponse,
    repeatable=True,
)
PROVISIONING_SERVICE_LIST_RECONCILIATIONS = Method(
    "simba.devices.v1.ProvisioningService",
    "ListReconciliations",
    devices_v1.ListReconciliationsRequest,
    devices_v1.ListReconciliationsResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_CREATE_PULSE_MODULE = Method(
    "simba.devices.v1.PulseModuleService",
    "CreatePulseModule",
    devices_v1.CreatePulseModuleRequest,
    devices_v1.CreatePulseModuleResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_GET_PULSE_MODULE = Method(
    "simba.devices.v1.PulseModuleService",
    "GetPulseModule",
    devices_v1.GetPulseModuleRequest,
    devices_v1.GetPulseModuleResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_LIST_PULSE_MODULES = Method(
    "simba.devices.v1.PulseModuleService",
    "ListPulseModules",
    devices_v1.ListPulseModulesRequest,
    devices_v1.ListPulseModulesResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_UPDATE_PULSE_MODULE = Method(
    "simba.devices.v1.PulseModuleService",
    "UpdatePulseModule",
    devices_v1.UpdatePulseModuleRequest,
    devices_v1.UpdatePulseModuleResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_ARCHIVE_PULSE_MODULE = Method(
    "simba.devices.v1.PulseModuleService",
    "ArchivePulseModule",
    devices_v1.ArchivePulseModuleRequest,
    devices_v1.ArchivePulseModuleResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_UNDELETE_PULSE_MODULE = Method(
    "simba.devices.v1.PulseModuleService",
    "UndeletePulseModule",
    devices_v1.UndeletePulseModuleRequest,
    devices_v1.UndeletePulseModuleResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_SUSPEND_PULSE_MODULE = Method(
    "simba.devices.v1.PulseModuleService",
    "SuspendPulseModule",
    devices_v1.SuspendPulseModuleRequest,
    devices_v1.SuspendPulseModuleResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_RESUME_PULSE_MODULE = Method(
    "simba.devices.v1.PulseModuleService",
    "ResumePulseModule",
    devices_v1.ResumePulseModuleRequest,
    devices_v1.ResumePulseModuleResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_RETURN_PULSE_MODULE = Method(
    "simba.devices.v1.PulseModuleService",
    "ReturnPulseModule",
    devices_v1.ReturnPulseModuleRequest,
    devices_v1.ReturnPulseModuleResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_RETRY_PULSE_MODULE_PROVISIONING = Method(
    "simba.devices.v1.PulseModuleService",
    "RetryPulseModuleProvisioning",
    devices_v1.RetryPulseModuleProvisioningRequest,
    devices_v1.RetryPulseModuleProvisioningResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_GET_PULSE_MODULE_CONFIG_DRIFT = Method(
    "simba.devices.v1.PulseModuleService",
    "GetPulseModuleConfigDrift",
    devices_v1.GetPulseModuleConfigDriftRequest,
    devices_v1.GetPulseModuleConfigDriftResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_APPLY_PULSE_MODULE_CONFIG_PROFILE = Method(
    "simba.devices.v1.PulseModuleService",
    "ApplyPulseModuleConfigProfile",
    devices_v1.ApplyPulseModuleConfigProfileRequest,
    devices_v1.ApplyPulseModuleConfigProfileResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_ATTACH_CHANNEL = Method(
    "simba.devices.v1.PulseModuleService",
    "AttachChannel",
    devices_v1.AttachChannelRequest,
    devices_v1.AttachChannelResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_DETACH_CHANNEL = Method(
    "simba.devices.v1.PulseModuleService",
    "DetachChannel",
    devices_v1.DetachChannelRequest,
    devices_v1.DetachChannelResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_SET_PULSE_WEIGHT = Method(
    "simba.devices.v1.PulseModuleService",
    "SetPulseWeight",
    devices_v1.SetPulseWeightRequest,
    devices_v1.SetPulseWeightResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_LIST_ATTACHMENTS = Method(
    "simba.devices.v1.PulseModuleService",
    "ListAttachments",
    devices_v1.ListAttachmentsRequest,
    devices_v1.ListAttachmentsResponse,
    repeatable=True,
)
PULSE_MODULE_SERVICE_REPLACE_MODULE = Method(
    "simba.devices.v1.PulseModuleService",
    "ReplaceModule",
    devices_v1.ReplaceModuleRequest,
    devices_v1.ReplaceModuleResponse,
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
USAGE_POINT_SERVICE_UNDELETE_USAGE_POINT = Method(
    "simba.devices.v1.UsagePointService",
    "UndeleteUsagePoint",
    devices_v1.UndeleteUsagePointRequest,
    devices_v1.UndeleteUsagePointResponse,
    repeatable=True,
)
USAGE_POINT_SERVICE_BATCH_CREATE_USAGE_POINTS = Method(
    "simba.devices.v1.UsagePointService",
    "BatchCreateUsagePoints",
    devices_v1.BatchCreateUsagePointsRequest,
    devices_v1.BatchCreateUsagePointsResponse,
    repeatable=True,
)
USAGE_POINT_SERVICE_SET_MULTIPLIER = Method(
    "simba.devices.v1.UsagePointService",
    "SetMultiplier",
    devices_v1.SetMultiplierRequest,
    devices_v1.SetMultiplierResponse,
    repeatable=True,
)
USAGE_POINT_SERVICE_MOVE_USAGE_POINT = Method(
    "simba.devices.v1.UsagePointService",
    "MoveUsagePoint",
    devices_v1.MoveUsagePointRequest,
    devices_v1.MoveUsagePointResponse,
    repeatable=True,
)
USAGE_POINT_SERVICE_LIST_USAGE_POINT_POSITIONS = Method(
    "simba.devices.v1.UsagePointService",
    "ListUsagePointPositions",
    devices_v1.ListUsagePointPositionsRequest,
    devices_v1.ListUsagePointPositionsResponse,
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
AGGREGATION_SERVICE_AGGREGATE = Method(
    "simba.readings.v1.AggregationService",
    "Aggregate",
    readings_v1.AggregateRequest,
    readings_v1.AggregateResponse,
    repeatable=True,
)
COVERAGE_SERVICE_GET_COVERAGE = Method(
    "simba.readings.v1.CoverageService",
    "GetCoverage",
    readings_v1.GetCoverageRequest,
    readings_v1.GetCoverageResponse,
    repeatable=True,
)
DEAD_LETTER_SERVICE_LIST_DEAD_READINGS = Method(
    "simba.readings.v1.DeadLetterService",
    "ListDeadReadings",
    readings_v1.ListDeadReadingsRequest,
    readings_v1.ListDeadReadingsResponse,
    repeatable=True,
)
DEAD_LETTER_SERVICE_GET_DEAD_LETTER_SUMMARY = Method(
    "simba.readings.v1.DeadLetterService",
    "GetDeadLetterSummary",
    readings_v1.GetDeadLetterSummaryRequest,
    readings_v1.GetDeadLetterSummaryResponse,
    repeatable=True,
)
DEAD_LETTER_SERVICE_REPLAY_DEAD_READINGS = Method(
    "simba.readings.v1.DeadLetterService",
    "ReplayDeadReadings",
    readings_v1.ReplayDeadReadingsRequest,
    readings_v1.ReplayDeadReadingsResponse,
    repeatable=True,
)
DEAD_LETTER_SERVICE_DISCARD_DEAD_READINGS = Method(
    "simba.readings.v1.DeadLetterService",
    "DiscardDeadReadings",
    readings_v1.DiscardDeadReadingsRequest,
    readings_v1.DiscardDeadReadingsResponse,
    repeatable=True,
)
DEAD_LETTER_SERVICE_GET_DEAD_LETTER_JOB = Method(
    "simba.readings.v1.DeadLetterService",
    "GetDeadLetterJob",
    readings_v1.GetDeadLetterJobRequest,
    readings_v1.GetDeadLetterJobResponse,
    repeatable=True,
)
DEAD_LETTER_SERVICE_LIST_DEAD_LETTER_JOBS = Method(
    "simba.readings.v1.DeadLetterService",
    "ListDeadLetterJobs",
    readings_v1.ListDeadLetterJobsRequest,
    readings_v1.ListDeadLetterJobsResponse,
    repeatable=True,
)
DEAD_LETTER_SERVICE_WATCH_DEAD_LETTER_JOB = Method(
    "simba.readings.v1.DeadLetterService",
    "WatchDeadLetterJob",
    readings_v1.WatchDeadLetterJobRequest,
    readings_v1.WatchDeadLetterJobResponse,
    server_streaming=True,
    repeatable=True,
)
DEAD_LETTER_SERVICE_CANCEL_DEAD_LETTER_JOB = Method(
    "simba.readings.v1.DeadLetterService",
    "CancelDeadLetterJob",
    readings_v1.CancelDeadLetterJobRequest,
    readings_v1.CancelDeadLetterJobResponse,
    repeatable=True,
)
DEMAND_SERVICE_QUERY_DEMAND = Method(
    "simba.readings.v1.DemandService",
    "QueryDemand",
    readings_v1.QueryDemandRequest,
    readings_v1.QueryDemandResponse,
    repeatable=True,
)
DEMAND_SERVICE_QUERY_MAXIMUM_DEMAND = Method(
    "simba.readings.v1.DemandService",
    "QueryMaximumDemand",
    readings_v1.QueryMaximumDemandRequest,
    readings_v1.QueryMaximumDemandResponse,
    repeatable=True,
)
DERIVED_SERIES_SERVICE_CREATE_DERIVED_SERIES = Method(
    "simba.readings.v1.DerivedSeriesService",
    "CreateDerivedSeries",
    readings_v1.CreateDerivedSeriesRequest,
    readings_v1.CreateDerivedSeriesResponse,
    repeatable=True,
)
DERIVED_SERIES_SERVICE_GET_DERIVED_SERIES = Method(
    "simba.readings.v1.DerivedSeriesService",
    "GetDerivedSeries",
    readings_v1.GetDerivedSeriesRequest,
    readings_v1.GetDerivedSeriesResponse,
    repeatable=True,
)
DERIVED_SERIES_SERVICE_LIST_DERIVED_SERIES = Method(
    "simba.readings.v1.DerivedSeriesService",
    "ListDerivedSeries",
    readings_v1.ListDerivedSeriesRequest,
    readings_v1.ListDerivedSeriesResponse,
    repeatable=True,
)
DERIVED_SERIES_SERVICE_UPDATE_DERIVED_SERIES = Method(
    "simba.readings.v1.DerivedSeriesService",
    "UpdateDerivedSeries",
    readings_v1.UpdateDerivedSeriesRequest,
    readings_v1.UpdateDerivedSeriesResponse,
    repeatable=True,
)
DERIVED_SERIES_SERVICE_ARCHIVE_DERIVED_SERIES = Method(
    "simba.readings.v1.DerivedSeriesService",
    "ArchiveDerivedSeries",
    readings_v1.ArchiveDerivedSeriesRequest,
    readings_v1.ArchiveDerivedSeriesResponse,
    repeatable=True,
)
DERIVED_SERIES_SERVICE_LIST_DERIVED_SERIES_VERSIONS = Method(
    "simba.readings.v1.DerivedSeriesService",
    "ListDerivedSeriesVersions",
    readings_v1.ListDerivedSeriesVersionsRequest,
    readings_v1.ListDerivedSeriesVersionsResponse,
    repeatable=True,
)
DERIVED_SERIES_SERVICE_EVALUATE_DERIVED_SERIES = Method(
    "simba.readings.v1.DerivedSeriesService",
    "EvaluateDerivedSeries",
    readings_v1.EvaluateDerivedSeriesRequest,
    readings_v1.EvaluateDerivedSeriesResponse,
    repeatable=True,
)
DERIVED_SERIES_SERVICE_PREVIEW_DERIVED_SERIES = Method(
    "simba.readings.v1.DerivedSeriesService",
    "PreviewDerivedSeries",
    readings_v1.PreviewDerivedSeriesRequest,
    readings_v1.PreviewDerivedSeriesResponse,
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
FACTOR_SET_SERVICE_CREATE_FACTOR_SET = Method(
    "simba.readings.v1.FactorSetService",
    "CreateFactorSet",
    readings_v1.CreateFactorSetRequest,
    readings_v1.CreateFactorSetResponse,
    repeatable=True,
)
FACTOR_SET_SERVICE_GET_FACTOR_SET = Method(
    "simba.readings.v1.FactorSetService",
    "GetFactorSet",
    readings_v1.GetFactorSetRequest,
    readings_v1.GetFactorSetResponse,
    repeatable=True,
)
FACTOR_SET_SERVICE_LIST_FACTOR_SETS = Method(
    "simba.readings.v1.FactorSetService",
    "ListFactorSets",
    readings_v1.ListFactorSetsRequest,
    readings_v1.ListFactorSetsResponse,
    repeatable=True,
)
FACTOR_SET_SERVICE_UPDATE_FACTOR_SET = Method(
    "simba.readings.v1.FactorSetService",
    "UpdateFactorSet",
    readings_v1.UpdateFactorSetRequest,
    readings_v1.UpdateFactorSetResponse,
    repeatable=True,
)
FACTOR_SET_SERVICE_ARCHIVE_FACTOR_SET = Method(
    "simba.readings.v1.FactorSetService",
    "ArchiveFactorSet",
    readings_v1.ArchiveFactorSetRequest,
    readings_v1.ArchiveFactorSetResponse,
    repeatable=True,
)
FACTOR_SET_SERVICE_GIVE_FACTOR_VALUES = Method(
    "simba.readings.v1.FactorSetService",
    "GiveFactorValues",
    readings_v1.GiveFactorValuesRequest,
    readings_v1.GiveFactorValuesResponse,
    repeatable=True,
)
FACTOR_SET_SERVICE_LIST_FACTOR_VALUES = Method(
    "simba.readings.v1.FactorSetService",
    "ListFactorValues",
    readings_v1.ListFactorValuesRequest,
    readings_v1.ListFactorValuesResponse,
    repeatable=True,
)
FACTOR_SET_SERVICE_LIST_FACTOR_VALUE_VERSIONS = Method(
    "simba.readings.v1.FactorSetService",
    "ListFactorValueVersions",
    readings_v1.ListFactorValueVersionsRequest,
    readings_v1.ListFactorValueVersionsResponse,
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
READING_EDIT_SERVICE_EDIT_READINGS = Method(
    "simba.readings.v1.ReadingEditService",
    "EditReadings",
    readings_v1.EditReadingsRequest,
    readings_v1.EditReadingsResponse,
    repeatable=True,
)
READING_EDIT_SERVICE_ESTIMATE_READINGS = Method(
    "simba.readings.v1.ReadingEditService",
    "EstimateReadings",
    readings_v1.EstimateReadingsRequest,
    readings_v1.EstimateReadingsResponse,
    repeatable=True,
)
READING_EDIT_SERVICE_REVERT_EDIT = Method(
    "simba.readings.v1.ReadingEditService",
    "RevertEdit",
    readings_v1.RevertEditRequest,
    readings_v1.RevertEditResponse,
    repeatable=True,
)
READING_EDIT_SERVICE_APPROVE_EDIT = Method(
    "simba.readings.v1.ReadingEditService",
    "ApproveEdit",
    readings_v1.ApproveEditRequest,
    readings_v1.ApproveEditResponse,
    repeatable=True,
)
READING_EDIT_SERVICE_REJECT_EDIT = Method(
    "simba.readings.v1.ReadingEditService",
    "RejectEdit",
    readings_v1.RejectEditRequest,
    readings_v1.RejectEditResponse,
    repeatable=True,
)
READING_EDIT_SERVICE_GET_EDIT = Method(
    "simba.readings.v1.ReadingEditService",
    "GetEdit",
    readings_v1.GetEditRequest,
    readings_v1.GetEditResponse,
    repeatable=True,
)
READING_EDIT_SERVICE_LIST_EDITS = Method(
    "simba.readings.v1.ReadingEditService",
    "ListEdits",
    readings_v1.ListEditsRequest,
    readings_v1.ListEditsResponse,
    repeatable=True,
)
READING_EDIT_SERVICE_GET_EDIT_SETTINGS = Method(
    "simba.readings.v1.ReadingEditService",
    "GetEditSettings",
    readings_v1.GetEditSettingsRequest,
    readings_v1.GetEditSettingsResponse,
    repeatable=True,
)
READING_EDIT_SERVICE_UPDATE_EDIT_SETTINGS = Method(
    "simba.readings.v1.ReadingEditService",
    "UpdateEditSettings",
    readings_v1.UpdateEditSettingsRequest,
    readings_v1.UpdateEditSettingsResponse,
    repeatable=True,
)
READING_EXPORT_SERVICE_CREATE_READING_EXPORT = Method(
    "simba.readings.v1.ReadingExportService",
    "CreateReadingExport",
    readings_v1.CreateReadingExportRequest,
    readings_v1.CreateReadingExportResponse,
    repeatable=True,
)
READING_EXPORT_SERVICE_GET_READING_EXPORT = Method(
    "simba.readings.v1.ReadingExportService",
    "GetReadingExport",
    readings_v1.GetReadingExportRequest,
    readings_v1.GetReadingExportResponse,
    repeatable=True,
)
READING_EXPORT_SERVICE_LIST_READING_EXPORTS = Method(
    "simba.readings.v1.ReadingExportService",
    "ListReadingExports",
    readings_v1.ListReadingExportsRequest,
    readings_v1.ListReadingExportsResponse,
    repeatable=True,
)
READING_EXPORT_SERVICE_WATCH_READING_EXPORT = Method(
    "simba.readings.v1.ReadingExportService",
    "WatchReadingExport",
    readings_v1.WatchReadingExportRequest,
    readings_v1.WatchReadingExportResponse,
    server_streaming=True,
    repeatable=True,
)
READING_EXPORT_SERVICE_CANCEL_READING_EXPORT = Method(
    "simba.readings.v1.ReadingExportService",
    "CancelReadingExport",
    readings_v1.CancelReadingExportRequest,
    readings_v1.CancelReadingExportResponse,
    repeatable=True,
)
READING_EXPORT_SERVICE_DOWNLOAD_READING_EXPORT = Method(
    "simba.readings.v1.ReadingExportService",
    "DownloadReadingExport",
    readings_v1.DownloadReadingExportRequest,
    readings_v1.DownloadReadingExportResponse,
    server_streaming=True,
)
READING_EXPORT_SERVICE_GET_READING_EXPORT_FILE = Method(
    "simba.readings.v1.ReadingExportService",
    "GetReadingExportFile",
    readings_v1.GetReadingExportFileRequest,
    readings_v1.GetReadingExportFileResponse,
    repeatable=True,
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
READING_SERVICE_GET_BILL_READY_USAGE = Method(
    "simba.readings.v1.ReadingService",
    "GetBillReadyUsage",
    readings_v1.GetBillReadyUsageRequest,
    readings_v1.GetBillReadyUsageResponse,
    repeatable=True,
)
READING_SERVICE_GET_LATEST_READINGS = Method(
    "simba.readings.v1.ReadingService",
    "GetLatestReadings",
    readings_v1.GetLatestReadingsRequest,
    readings_v1.GetLatestReadingsResponse,
    repeatable=True,
)
READING_SERVICE_SUBSCRIBE_READINGS = Method(
    "simba.readings.v1.ReadingService",
    "SubscribeReadings",
    readings_v1.SubscribeReadingsRequest,
    readings_v1.SubscribeReadingsResponse,
    server_streaming=True,
    repeatable=True,
)
READING_SERVICE_LIST_READING_VERSIONS = Method(
    "simba.readings.v1.ReadingService",
    "ListReadingVersions",
    readings_v1.ListReadingVersionsRequest,
    readings_v1.ListReadingVersionsResponse,
    repeatable=True,
)
RETENTION_SERVICE_SET_RETENTION_POLICY = Method(
    "simba.readings.v1.RetentionService",
    "SetRetentionPolicy",
    readings_v1.SetRetentionPolicyRequest,
    readings_v1.SetRetentionPolicyResponse,
    repeatable=True,
)
RETENTION_SERVICE_LIST_RETENTION_POLICIES = Method(
    "simba.readings.v1.RetentionService",
    "ListRetentionPolicies",
    readings_v1.ListRetentionPoliciesRequest,
    readings_v1.ListRetentionPoliciesResponse,
    repeatable=True,
)
RETENTION_SERVICE_DELETE_RETENTION_POLICY = Method(
    "simba.readings.v1.RetentionService",
    "DeleteRetentionPolicy",
    readings_v1.DeleteRetentionPolicyRequest,
    readings_v1.DeleteRetentionPolicyResponse,
    repeatable=True,
)
RETENTION_SERVICE_CREATE_LEGAL_HOLD = Method(
    "simba.readings.v1.RetentionService",
    "CreateLegalHold",
    readings_v1.CreateLegalHoldRequest,
    readings_v1.CreateLegalHoldResponse,
    repeatable=True,
)
RETENTION_SERVICE_GET_LEGAL_HOLD = Method(
    "simba.readings.v1.RetentionService",
    "GetLegalHold",
    readings_v1.GetLegalHoldRequest,
    readings_v1.GetLegalHoldResponse,
    repeatable=True,
)
RETENTION_SERVICE_LIST_LEGAL_HOLDS = Method(
    "simba.readings.v1.RetentionService",
    "ListLegalHolds",
    readings_v1.ListLegalHoldsRequest,
    readings_v1.ListLegalHoldsResponse,
    repeatable=True,
)
RETENTION_SERVICE_RELEASE_LEGAL_HOLD = Method(
    "simba.readings.v1.RetentionService",
    "ReleaseLegalHold",
    readings_v1.ReleaseLegalHoldRequest,
    readings_v1.ReleaseLegalHoldResponse,
    repeatable=True,
)
RETENTION_SERVICE_PREVIEW_RETENTION = Method(
    "simba.readings.v1.RetentionService",
    "PreviewRetention",
    readings_v1.PreviewRetentionRequest,
    readings_v1.PreviewRetentionResponse,
    repeatable=True,
)
RETENTION_SERVICE_GET_RETENTION_STATUS = Method(
    "simba.readings.v1.RetentionService",
    "GetRetentionStatus",
    readings_v1.GetRetentionStatusRequest,
    readings_v1.GetRetentionStatusResponse,
    repeatable=True,
)
RETENTION_SERVICE_START_RETENTION_RUN = Method(
    "simba.readings.v1.RetentionService",
    "StartRetentionRun",
    readings_v1.StartRetentionRunRequest,
    readings_v1.StartRetentionRunResponse,
    repeatable=True,
)
RETENTION_SERVICE_GET_RETENTION_RUN = Method(
    "simba.readings.v1.RetentionService",
    "GetRetentionRun",
    readings_v1.GetRetentionRunRequest,
    readings_v1.GetRetentionRunResponse,
    repeatable=True,
)
RETENTION_SERVICE_LIST_RETENTION_RUNS = Method(
    "simba.readings.v1.RetentionService",
    "ListRetentionRuns",
    readings_v1.ListRetentionRunsRequest,
    readings_v1.ListRetentionRunsResponse,
    repeatable=True,
)
RETENTION_SERVICE_CANCEL_RETENTION_RUN = Method(
    "simba.readings.v1.RetentionService",
    "CancelRetentionRun",
    readings_v1.CancelRetentionRunRequest,
    readings_v1.CancelRetentionRunResponse,
    repeatable=True,
)
RETENTION_SERVICE_WATCH_RETENTION_RUN = Method(
    "simba.readings.v1.RetentionService",
    "WatchRetentionRun",
    readings_v1.WatchRetentionRunRequest,
    readings_v1.WatchRetentionRunResponse,
    server_streaming=True,
    repeatable=True,
)
RULE_SET_SERVICE_GET_RULE_CATALOGUE = Method(
    "simba.readings.v1.RuleSetService",
    "GetRuleCatalogue",
    readings_v1.GetRuleCatalogueRequest,
    readings_v1.GetRuleCatalogueResponse,
    repeatable=True,
)
RULE_SET_SERVICE_CREATE_RULE_SET = Method(
    "simba.readings.v1.RuleSetService",
    "CreateRuleSet",
    readings_v1.CreateRuleSetRequest,
    readings_v1.CreateRuleSetResponse,
    repeatable=True,
)
RULE_SET_SERVICE_GET_RULE_SET = Method(
    "simba.readings.v1.RuleSetService",
    "GetRuleSet",
    readings_v1.GetRuleSetRequest,
    readings_v1.GetRuleSetResponse,
    repeatable=True,
)
RULE_SET_SERVICE_LIST_RULE_SETS = Method(
    "simba.readings.v1.RuleSetService",
    "ListRuleSets",
    readings_v1.ListRuleSetsRequest,
    readings_v1.ListRuleSetsResponse,
    repeatable=True,
)
RULE_SET_SERVICE_UPDATE_RULE_SET = Method(
    "simba.readings.v1.RuleSetService",
    "UpdateRuleSet",
    readings_v1.UpdateRuleSetRequest,
    readings_v1.UpdateRuleSetResponse,
    repeatable=True,
)
RULE_SET_SERVICE_ARCHIVE_RULE_SET = Method(
    "simba.readings.v1.RuleSetService",
    "ArchiveRuleSet",
    readings_v1.ArchiveRuleSetRequest,
    readings_v1.ArchiveRuleSetResponse,
    repeatable=True,
)
RULE_SET_SERVICE_LIST_RULE_SET_VERSIONS = Method(
    "simba.readings.v1.RuleSetService",
    "ListRuleSetVersions",
    readings_v1.ListRuleSetVersionsRequest,
    readings_v1.ListRuleSetVersionsResponse,
    repeatable=True,
)
RULE_SET_SERVICE_ASSIGN_RULE_SET = Method(
    "simba.readings.v1.RuleSetService",
    "AssignRuleSet",
    readings_v1.AssignRuleSetRequest,
    readings_v1.AssignRuleSetResponse,
    repeatable=True,
)
RULE_SET_SERVICE_LIST_RULE_SET_ASSIGNMENTS = Method(
    "simba.readings.v1.RuleSetService",
    "ListRuleSetAssignments",
    readings_v1.ListRuleSetAssignmentsRequest,
    readings_v1.ListRuleSetAssignmentsResponse,
    repeatable=True,
)
RULE_SET_SERVICE_REMOVE_RULE_SET_ASSIGNMENT = Method(
    "simba.readings.v1.RuleSetService",
    "RemoveRuleSetAssignment",
    readings_v1.RemoveRuleSetAssignmentRequest,
    readings_v1.RemoveRuleSetAssignmentResponse,
    repeatable=True,
)
RULE_SET_SERVICE_RESOLVE_RULE_SET = Method(
    "simba.readings.v1.RuleSetService",
    "ResolveRuleSet",
    readings_v1.ResolveRuleSetRequest,
    readings_v1.ResolveRuleSetResponse,
    repeatable=True,
)
SUPPLY_QUALITY_SERVICE_GET_SUPPLY_QUALITY = Method(
    "simba.readings.v1.SupplyQualityService",
    "GetSupplyQuality",
    readings_v1.GetSupplyQualityRequest,
    readings_v1.GetSupplyQualityResponse,
)
SUPPLY_QUALITY_SERVICE_QUERY_SUPPLY_QUALITY = Method(
    "simba.readings.v1.SupplyQualityService",
    "QuerySupplyQuality",
    readings_v1.QuerySupplyQualityRequest,
    readings_v1.QuerySupplyQualityResponse,
    repeatable=True,
)
SUPPLY_QUALITY_SERVICE_LIST_WORST_SUPPLY_QUALITY = Method(
    "simba.readings.v1.SupplyQualityService",
    "ListWorstSupplyQuality",
    readings_v1.ListWorstSupplyQualityRequest,
    readings_v1.ListWorstSupplyQualityResponse,
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
VEE_SERVICE_GET_VEE_EXCEPTION_SUMMARY = Method(
    "simba.readings.v1.VeeService",
    "GetVeeExceptionSummary",
    readings_v1.GetVeeExceptionSummaryRequest,
    readings_v1.GetVeeExceptionSummaryResponse,
    repeatable=True,
)
VEE_SERVICE_ASSIGN_VEE_EXCEPTIONS = Method(
    "simba.readings.v1.VeeService",
    "AssignVeeExceptions",
    readings_v1.AssignVeeExceptionsRequest,
    readings_v1.AssignVeeExceptionsResponse,
    repeatable=True,
)
VEE_SERVICE_RESOLVE_VEE_EXCEPTIONS = Method(
    "simba.readings.v1.VeeService",
    "ResolveVeeExceptions",
    readings_v1.ResolveVeeExceptionsRequest,
    readings_v1.ResolveVeeExceptionsResponse,
    repeatable=True,
)
VEE_SERVICE_ACCEPT_VEE_EXCEPTIONS = Method(
    "simba.readings.v1.VeeService",
    "AcceptVeeExceptions",
    readings_v1.AcceptVeeExceptionsRequest,
    readings_v1.AcceptVeeExceptionsResponse,
    repeatable=True,
)
VEE_SERVICE_REOPEN_VEE_EXCEPTIONS = Method(
    "simba.readings.v1.VeeService",
    "ReopenVeeExceptions",
    readings_v1.ReopenVeeExceptionsRequest,
    readings_v1.ReopenVeeExceptionsResponse,
    repeatable=True,
)
VEE_SERVICE_LIST_VEE_EXCEPTION_HISTORY = Method(
    "simba.readings.v1.VeeService",
    "ListVeeExceptionHistory",
    readings_v1.ListVeeExceptionHistoryRequest,
    readings_v1.ListVeeExceptionHistoryResponse,
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
CUSTOMER_SERVICE_EXPORT_PERSONAL_DATA = Method(
    "simba.billing.v1.CustomerService",
    "ExportPersonalData",
    billing_v1.ExportPersonalDataRequest,
    billing_v1.ExportPersonalDataResponse,
    repeatable=True,
)
CUSTOMER_SERVICE_ERASE_PERSONAL_DATA = Method(
    "simba.billing.v1.CustomerService",
    "ErasePersonalData",
    billing_v1.ErasePersonalDataRequest,
    billing_v1.ErasePersonalDataResponse,
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
OPERATION_LOG_SERVICE_LIST_OPERATIONS = Method(
    "simba.system.v1.OperationLogService",
    "ListOperations",
    system_v1.ListOperationsRequest,
    system_v1.ListOperationsResponse,
    repeatable=True,
)

ALL = (
    AUDIT_SERVICE_LIST_CHANGES,
    AUDIT_SERVICE_GET_CHANGE,
    AUDIT_SERVICE_VERIFY_CHAIN,
    PRINCIPAL_SERVICE_CREATE_PRINCIPAL,
    PRINCIPAL_SERVICE_GET_PRINCIPAL,
    PRINCIPAL_SERVICE_LIST_PRINCIPALS,
    PRINCIPAL_SERVICE_UPDATE_PRINCIPAL,
    PRINCIPAL_SERVICE_ARCHIVE_PRINCIPAL,
    PRINCIPAL_SERVICE_SUSPEND_PRINCIPAL,
    PRINCIPAL_SERVICE_RESUME_PRINCIPAL,
    PRINCIPAL_SERVICE_CREATE_API_KEY,
    PRINCIPAL_SERVICE_GET_API_KEY,
    PRINCIPAL_SERVICE_LIST_API_KEYS,
    PRINCIPAL_SERVICE_UPDATE_API_KEY,
    PRINCIPAL_SERVICE_ROTATE_API_KEY,
    PRINCIPAL_SERVICE_REVOKE_API_KEY,
    PRINCIPAL_SERVICE_WHO_AM_I,
    PRINCIPAL_SERVICE_TEST_PERMISSIONS,
    ROLE_SERVICE_CREATE_ROLE,
    ROLE_SERVICE_GET_ROLE,
    ROLE_SERVICE_LIST_ROLES,
    ROLE_SERVICE_UPDATE_ROLE,
    ROLE_SERVICE_ARCHIVE_ROLE,
    ROLE_SERVICE_LIST_PERMISSIONS,
    TENANT_SERVICE_CREATE_TENANT,
    TENANT_SERVICE_GET_TENANT,
    TENANT_SERVICE_LIST_TENANTS,
    TENANT_SERVICE_UPDATE_TENANT,
    TENANT_SERVICE_SUSPEND_TENANT,
    TENANT_SERVICE_RESUME_TENANT,
    TENANT_SERVICE_GET_QUOTA_USAGE,
    CONCENTRATOR_SERVICE_CREATE_CONCENTRATOR,
    CONCENTRATOR_SERVICE_GET_CONCENTRATOR,
    CONCENTRATOR_SERVICE_LIST_CONCENTRATORS,
    CONCENTRATOR_SERVICE_UPDATE_CONCENTRATOR,
    CONCENTRATOR_SERVICE_ARCHIVE_CONCENTRATOR,
    CONCENTRATOR_SERVICE_UNDELETE_CONCENTRATOR,
    CONCENTRATOR_SERVICE_SUSPEND_CONCENTRATOR,
    CONCENTRATOR_SERVICE_RESUME_CONCENTRATOR,
    CONCENTRATOR_SERVICE_RETURN_CONCENTRATOR,
    CONCENTRATOR_SERVICE_RETRY_CONCENTRATOR_PROVISIONING,
    CONCENTRATOR_SERVICE_GET_CONCENTRATOR_CONFIG_DRIFT,
    CONCENTRATOR_SERVICE_APPLY_CONCENTRATOR_CONFIG_PROFILE,
    CONCENTRATOR_SERVICE_GET_CONCENTRATOR_CLOCK_STATUS,
    CONFIG_PROFILE_SERVICE_CREATE_CONFIG_PROFILE,
    CONFIG_PROFILE_SERVICE_GET_CONFIG_PROFILE,
    CONFIG_PROFILE_SERVICE_LIST_CONFIG_PROFILES,
    CONFIG_PROFILE_SERVICE_UPDATE_CONFIG_PROFILE,
    CONFIG_PROFILE_SERVICE_ARCHIVE_CONFIG_PROFILE,
    DEVICE_BINDING_SERVICE_GET_DEVICE_BINDING,
    DEVICE_BINDING_SERVICE_BATCH_GET_DEVICE_BINDINGS,
    DEVICE_BINDING_SERVICE_REPORT_DEVICE_STATUS,
    DEVICE_MODEL_SERVICE_CREATE_DEVICE_MODEL,
    DEVICE_MODEL_SERVICE_GET_DEVICE_MODEL,
    DEVICE_MODEL_SERVICE_LIST_DEVICE_MODELS,
    DEVICE_MODEL_SERVICE_UPDATE_DEVICE_MODEL,
    DEVICE_MODEL_SERVICE_ARCHIVE_DEVICE_MODEL,
    DEVICE_MODEL_SERVICE_UNDELETE_DEVICE_MODEL,
    DEVICE_MODEL_SERVICE_LIST_CODEC_VERSIONS,
    DEVICE_MODEL_SERVICE_IMPORT_DEVICE_MODELS,
    DEVICE_MODEL_SERVICE_TEST_CODEC,
    GATEWAY_SERVICE_CREATE_GATEWAY,
    GATEWAY_SERVICE_GET_GATEWAY,
    GATEWAY_SERVICE_LIST_GATEWAYS,
    GATEWAY_SERVICE_UPDATE_GATEWAY,
    GATEWAY_SERVICE_ARCHIVE_GATEWAY,
    GATEWAY_SERVICE_UNDELETE_GATEWAY,
    GATEWAY_SERVICE_SUSPEND_GATEWAY,
    GATEWAY_SERVICE_RESUME_GATEWAY,
    GATEWAY_SERVICE_RETURN_GATEWAY,
    GATEWAY_SERVICE_RETRY_GATEWAY_PROVISIONING,
    GATEWAY_SERVICE_GET_GATEWAY_CONFIG_DRIFT,
    GATEWAY_SERVICE_APPLY_GATEWAY_CONFIG_PROFILE,
    GATEWAY_SERVICE_GET_GATEWAY_CLOCK_STATUS,
    HIERARCHY_SERVICE_CREATE_NODE,
    HIERARCHY_SERVICE_GET_NODE,
    HIERARCHY_SERVICE_LIST_NODES,
    HIERARCHY_SERVICE_UPDATE_NODE,
    HIERARCHY_SERVICE_ARCHIVE_NODE,
    HIERARCHY_SERVICE_UNDELETE_NODE,
    HIERARCHY_SERVICE_BATCH_CREATE_NODES,
    HIERARCHY_SERVICE_MOVE_NODE,
    HIERARCHY_SERVICE_LIST_NODE_PARENTS,
    INVENTORY_SERVICE_CREATE_INVENTORY_IMPORT,
    INVENTORY_SERVICE_UPLOAD_INVENTORY_IMPORT,
    INVENTORY_SERVICE_GET_INVENTORY_IMPORT,
    INVENTORY_SERVICE_LIST_INVENTORY_IMPORTS,
    INVENTORY_SERVICE_LIST_INVENTORY_IMPORT_ERRORS,
    INVENTORY_SERVICE_WATCH_INVENTORY_IMPORT,
    INVENTORY_SERVICE_CREATE_INVENTORY_EXPORT,
    INVENTORY_SERVICE_GET_INVENTORY_EXPORT,
    INVENTORY_SERVICE_DOWNLOAD_INVENTORY_EXPORT,
    INVENTORY_SERVICE_GET_INVENTORY_EXPORT_FILE,
    METER_SERVICE_CREATE_METER,
    METER_SERVICE_GET_METER,
    METER_SERVICE_LIST_METERS,
    METER_SERVICE_UPDATE_METER,
    METER_SERVICE_ARCHIVE_METER,
    METER_SERVICE_UNDELETE_METER,
    METER_SERVICE_BATCH_CREATE_METERS,
    METER_SERVICE_SUSPEND_METER,
    METER_SERVICE_RESUME_METER,
    METER_SERVICE_RETURN_METER,
    METER_SERVICE_RETRY_PROVISIONING,
    METER_SERVICE_GET_METER_CONFIG_DRIFT,
    METER_SERVICE_APPLY_METER_CONFIG_PROFILE,
    METER_SERVICE_REPLACE_METER,
    METER_SERVICE_COMPLETE_METER_EXCHANGE,
    METER_SERVICE_GET_METER_EXCHANGE,
    METER_SERVICE_LIST_METER_EXCHANGES,
    METER_SERVICE_LIST_METER_HISTORY,
    NETWORK_HEALTH_SERVICE_GET_DEVICE_HEALTH,
    NETWORK_HEALTH_SERVICE_LIST_DEVICE_HEALTH,
    PROVISIONING_SERVICE_TAKE_PROVISIONING_TASK,
    PROVISIONING_SERVICE_REPORT_PROVISIONING,
    PROVISIONING_SERVICE_LIST_MANAGED_DEVICES,
    PROVISIONING_SERVICE_REPORT_RECONCILIATION,
    PROVISIONING_SERVICE_START_RECONCILIATION,
    PROVISIONING_SERVICE_GET_RECONCILIATION,
    PROVISIONING_SERVICE_LIST_RECONCILIATIONS,
    PULSE_MODULE_SERVICE_CREATE_PULSE_MODULE,
    PULSE_MODULE_SERVICE_GET_PULSE_MODULE,
    PULSE_MODULE_SERVICE_LIST_PULSE_MODULES,
    PULSE_MODULE_SERVICE_UPDATE_PULSE_MODULE,
    PULSE_MODULE_SERVICE_ARCHIVE_PULSE_MODULE,
    PULSE_MODULE_SERVICE_UNDELETE_PULSE_MODULE,
    PULSE_MODULE_SERVICE_SUSPEND_PULSE_MODULE,
    PULSE_MODULE_SERVICE_RESUME_PULSE_MODULE,
    PULSE_MODULE_SERVICE_RETURN_PULSE_MODULE,
    PULSE_MODULE_SERVICE_RETRY_PULSE_MODULE_PROVISIONING,
    PULSE_MODULE_SERVICE_GET_PULSE_MODULE_CONFIG_DRIFT,
    PULSE_MODULE_SERVICE_APPLY_PULSE_MODULE_CONFIG_PROFILE,
    PULSE_MODULE_SERVICE_ATTACH_CHANNEL,
    PULSE_MODULE_SERVICE_DETACH_CHANNEL,
    PULSE_MODULE_SERVICE_SET_PULSE_WEIGHT,
    PULSE_MODULE_SERVICE_LIST_ATTACHMENTS,
    PULSE_MODULE_SERVICE_REPLACE_MODULE,
    USAGE_POINT_SERVICE_CREATE_USAGE_POINT,
    USAGE_POINT_SERVICE_GET_USAGE_POINT,
    USAGE_POINT_SERVICE_LIST_USAGE_POINTS,
    USAGE_POINT_SERVICE_UPDATE_USAGE_POINT,
    USAGE_POINT_SERVICE_ARCHIVE_USAGE_POINT,
    USAGE_POINT_SERVICE_UNDELETE_USAGE_POINT,
    USAGE_POINT_SERVICE_BATCH_CREATE_USAGE_POINTS,
    USAGE_POINT_SERVICE_SET_MULTIPLIER,
    USAGE_POINT_SERVICE_MOVE_USAGE_POINT,
    USAGE_POINT_SERVICE_LIST_USAGE_POINT_POSITIONS,
    USAGE_POINT_SERVICE_INSTALL_METER,
    USAGE_POINT_SERVICE_REMOVE_METER,
    USAGE_POINT_SERVICE_LIST_INSTALLATIONS,
    AGGREGATION_SERVICE_AGGREGATE,
    COVERAGE_SERVICE_GET_COVERAGE,
    DEAD_LETTER_SERVICE_LIST_DEAD_READINGS,
    DEAD_LETTER_SERVICE_GET_DEAD_LETTER_SUMMARY,
    DEAD_LETTER_SERVICE_REPLAY_DEAD_READINGS,
    DEAD_LETTER_SERVICE_DISCARD_DEAD_READINGS,
    DEAD_LETTER_SERVICE_GET_DEAD_LETTER_JOB,
    DEAD_LETTER_SERVICE_LIST_DEAD_LETTER_JOBS,
    DEAD_LETTER_SERVICE_WATCH_DEAD_LETTER_JOB,
    DEAD_LETTER_SERVICE_CANCEL_DEAD_LETTER_JOB,
    DEMAND_SERVICE_QUERY_DEMAND,
    DEMAND_SERVICE_QUERY_MAXIMUM_DEMAND,
    DERIVED_SERIES_SERVICE_CREATE_DERIVED_SERIES,
    DERIVED_SERIES_SERVICE_GET_DERIVED_SERIES,
    DERIVED_SERIES_SERVICE_LIST_DERIVED_SERIES,
    DERIVED_SERIES_SERVICE_UPDATE_DERIVED_SERIES,
    DERIVED_SERIES_SERVICE_ARCHIVE_DERIVED_SERIES,
    DERIVED_SERIES_SERVICE_LIST_DERIVED_SERIES_VERSIONS,
    DERIVED_SERIES_SERVICE_EVALUATE_DERIVED_SERIES,
    DERIVED_SERIES_SERVICE_PREVIEW_DERIVED_SERIES,
    EXCHANGE_SERVICE_CREATE_IMPORT,
    EXCHANGE_SERVICE_UPLOAD_IMPORT,
    EXCHANGE_SERVICE_GET_IMPORT,
    EXCHANGE_SERVICE_LIST_IMPORTS,
    EXCHANGE_SERVICE_LIST_IMPORT_ERRORS,
    EXCHANGE_SERVICE_WATCH_IMPORT,
    FACTOR_SET_SERVICE_CREATE_FACTOR_SET,
    FACTOR_SET_SERVICE_GET_FACTOR_SET,
    FACTOR_SET_SERVICE_LIST_FACTOR_SETS,
    FACTOR_SET_SERVICE_UPDATE_FACTOR_SET,
    FACTOR_SET_SERVICE_ARCHIVE_FACTOR_SET,
    FACTOR_SET_SERVICE_GIVE_FACTOR_VALUES,
    FACTOR_SET_SERVICE_LIST_FACTOR_VALUES,
    FACTOR_SET_SERVICE_LIST_FACTOR_VALUE_VERSIONS,
    FRAME_SERVICE_STORE_FRAMES,
    FRAME_SERVICE_REPORT_REPLAY,
    FRAME_SERVICE_GET_FRAME,
    FRAME_SERVICE_LIST_FRAMES,
    FRAME_SERVICE_REPLAY_FRAMES,
    INGEST_SERVICE_INGEST_READINGS,
    READING_EDIT_SERVICE_EDIT_READINGS,
    READING_EDIT_SERVICE_ESTIMATE_READINGS,
    READING_EDIT_SERVICE_REVERT_EDIT,
    READING_EDIT_SERVICE_APPROVE_EDIT,
    READING_EDIT_SERVICE_REJECT_EDIT,
    READING_EDIT_SERVICE_GET_EDIT,
    READING_EDIT_SERVICE_LIST_EDITS,
    READING_EDIT_SERVICE_GET_EDIT_SETTINGS,
    READING_EDIT_SERVICE_UPDATE_EDIT_SETTINGS,
    READING_EXPORT_SERVICE_CREATE_READING_EXPORT,
    READING_EXPORT_SERVICE_GET_READING_EXPORT,
    READING_EXPORT_SERVICE_LIST_READING_EXPORTS,
    READING_EXPORT_SERVICE_WATCH_READING_EXPORT,
    READING_EXPORT_SERVICE_CANCEL_READING_EXPORT,
    READING_EXPORT_SERVICE_DOWNLOAD_READING_EXPORT,
    READING_EXPORT_SERVICE_GET_READING_EXPORT_FILE,
    READING_SERVICE_CREATE_READINGS,
    READING_SERVICE_QUERY_READINGS,
    READING_SERVICE_QUERY_INTERVALS,
    READING_SERVICE_GET_BILL_READY_USAGE,
    READING_SERVICE_GET_LATEST_READINGS,
    READING_SERVICE_SUBSCRIBE_READINGS,
    READING_SERVICE_LIST_READING_VERSIONS,
    RETENTION_SERVICE_SET_RETENTION_POLICY,
    RETENTION_SERVICE_LIST_RETENTION_POLICIES,
    RETENTION_SERVICE_DELETE_RETENTION_POLICY,
    RETENTION_SERVICE_CREATE_LEGAL_HOLD,
    RETENTION_SERVICE_GET_LEGAL_HOLD,
    RETENTION_SERVICE_LIST_LEGAL_HOLDS,
    RETENTION_SERVICE_RELEASE_LEGAL_HOLD,
    RETENTION_SERVICE_PREVIEW_RETENTION,
    RETENTION_SERVICE_GET_RETENTION_STATUS,
    RETENTION_SERVICE_START_RETENTION_RUN,
    RETENTION_SERVICE_GET_RETENTION_RUN,
    RETENTION_SERVICE_LIST_RETENTION_RUNS,
    RETENTION_SERVICE_CANCEL_RETENTION_RUN,
    RETENTION_SERVICE_WATCH_RETENTION_RUN,
    RULE_SET_SERVICE_GET_RULE_CATALOGUE,
    RULE_SET_SERVICE_CREATE_RULE_SET,
    RULE_SET_SERVICE_GET_RULE_SET,
    RULE_SET_SERVICE_LIST_RULE_SETS,
    RULE_SET_SERVICE_UPDATE_RULE_SET,
    RULE_SET_SERVICE_ARCHIVE_RULE_SET,
    RULE_SET_SERVICE_LIST_RULE_SET_VERSIONS,
    RULE_SET_SERVICE_ASSIGN_RULE_SET,
    RULE_SET_SERVICE_LIST_RULE_SET_ASSIGNMENTS,
    RULE_SET_SERVICE_REMOVE_RULE_SET_ASSIGNMENT,
    RULE_SET_SERVICE_RESOLVE_RULE_SET,
    SUPPLY_QUALITY_SERVICE_GET_SUPPLY_QUALITY,
    SUPPLY_QUALITY_SERVICE_QUERY_SUPPLY_QUALITY,
    SUPPLY_QUALITY_SERVICE_LIST_WORST_SUPPLY_QUALITY,
    VEE_SERVICE_RUN_VEE,
    VEE_SERVICE_LIST_VEE_EXCEPTIONS,
    VEE_SERVICE_EXPLAIN_READING,
    VEE_SERVICE_GET_VEE_EXCEPTION_SUMMARY,
    VEE_SERVICE_ASSIGN_VEE_EXCEPTIONS,
    VEE_SERVICE_RESOLVE_VEE_EXCEPTIONS,
    VEE_SERVICE_ACCEPT_VEE_EXCEPTIONS,
    VEE_SERVICE_REOPEN_VEE_EXCEPTIONS,
    VEE_SERVICE_LIST_VEE_EXCEPTION_HISTORY,
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
    CUSTOMER_SERVICE_EXPORT_PERSONAL_DATA,
    CUSTOMER_SERVICE_ERASE_PERSONAL_DATA,
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
    OPERATION_LOG_SERVICE_LIST_OPERATIONS,
)
