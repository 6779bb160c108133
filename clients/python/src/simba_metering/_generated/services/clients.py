"""All services together. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations

from simba_metering._transport import AsyncTransport, Transport

from . import access_v1, analytics_v1, billing_v1, commands_v1, devices_v1, events_v1, readings_v1, system_v1


class Services:
    """Every service, by its name at the client."""

    def __init__(self, transport: Transport) -> None:
        self.audit = access_v1.AuditService(transport)
        """Who changed what, when and why."""
        self.principals = access_v1.PrincipalService(transport)
        """Who may call, and with which credential."""
        self.roles = access_v1.RoleService(transport)
        """Roles: which permissions go together."""
        self.tenants = access_v1.TenantService(transport)
        """Tenants of one installation."""
        self.concentrators = devices_v1.ConcentratorService(transport)
        """Concentrators."""
        self.config_profiles = devices_v1.ConfigProfileService(transport)
        """Configurations that many devices share."""
        self.device_bindings = devices_v1.DeviceBindingService(transport)
        """What an adapter must know of a device to read its frames and to speak to it."""
        self.device_models = devices_v1.DeviceModelService(transport)
        """Types of devices: what they measure, how their frames are read, what they can be told."""
        self.gateways = devices_v1.GatewayService(transport)
        """Radio gateways."""
        self.hierarchy = devices_v1.HierarchyService(transport)
        """The trees of places and of the network."""
        self.inventories = devices_v1.InventoryService(transport)
        """The inventory as files: both trees, usage points, meters, gateways and all the rest, in and out."""
        self.meters = devices_v1.MeterService(transport)
        """Meters."""
        self.network_health = devices_v1.NetworkHealthService(transport)
        """How the field is: who was heard when, how well, with which battery and which clock, and how much of what was expected came."""
        self.provisionings = devices_v1.ProvisioningService(transport)
        """Devices in the network server: kept there as they are here."""
        self.pulse_modules = devices_v1.PulseModuleService(transport)
        """Pulse modules, and which of their inputs counts for which meter."""
        self.usage_points = devices_v1.UsagePointService(transport)
        """Usage points and the meters installed at them."""
        self.aggregations = readings_v1.AggregationService(transport)
        """Sums over the trees of places and of the grid, at any level, with what they are made of."""
        self.coverage = readings_v1.CoverageService(transport)
        """How complete readings are: the KPI of a head-end."""
        self.dead_letters = readings_v1.DeadLetterService(transport)
        """Readings that could not be given to a channel: nobody knows the channel, or the sender's unit or multiplier is not the channel's."""
        self.demands = readings_v1.DemandService(transport)
        """Demand: average power over a period, from the final intervals of usage points."""
        self.derived_seriess = readings_v1.DerivedSeriesService(transport)
        """Derived series: virtual channels by formula, energy of gas, amounts of pulses."""
        self.exchange = readings_v1.ExchangeService(transport)
        """Files in and out."""
        self.factor_sets = readings_v1.FactorSetService(transport)
        """Factors for derived series: calorific values, volume conversion, pulse weights."""
        self.frames = readings_v1.FrameService(transport)
        """Frames that no codec could read."""
        self.ingest = readings_v1.IngestService(transport)
        """Takes readings in bulk, from adapters and from other systems."""
        self.reading_edits = readings_v1.ReadingEditService(transport)
        """Editing of final values."""
        self.reading_exports = readings_v1.ReadingExportService(transport)
        """Final readings out, as files."""
        self.readings = readings_v1.ReadingService(transport)
        """Reads what meters gave and what validation made of it, and takes readings of those who have few."""
        self.retentions = readings_v1.RetentionService(transport)
        """How long readings are kept, and what must not be deleted."""
        self.rule_sets = readings_v1.RuleSetService(transport)
        """Rule sets of validation and estimation."""
        self.supply_qualities = readings_v1.SupplyQualityService(transport)
        """Quality of supply: what the momentary values of meters say of voltage, frequency, distortion, pressure, temperature and flow."""
        self.vee = readings_v1.VeeService(transport)
        """Validation, estimation and editing."""
        self.adapters = commands_v1.AdapterService(transport)
        """The adapters' side of the command bus."""
        self.commands = commands_v1.CommandService(transport)
        """Tells meters what to do, and says honestly what became of it."""
        self.events = events_v1.EventService(transport)
        """What happened, in order, without a hole and without a repeat."""
        self.billing_runs = billing_v1.BillingRunService(transport)
        """Makes invoices."""
        self.customers = billing_v1.CustomerService(transport)
        """Who pays for what."""
        self.invoices = billing_v1.InvoiceService(transport)
        """Invoices."""
        self.tariffs = billing_v1.TariffService(transport)
        """Tariffs."""
        self.forecasts = analytics_v1.ForecastService(transport)
        """Forecasts."""
        self.operation_logs = system_v1.OperationLogService(transport)
        """The log of operations: every call, who made it, on what, how it ended and how long it took."""


class AsyncServices:
    """Every service, by its name at the client."""

    def __init__(self, transport: AsyncTransport) -> None:
        self.audit = access_v1.AsyncAuditService(transport)
        """Who changed what, when and why."""
        self.principals = access_v1.AsyncPrincipalService(transport)
        """Who may call, and with which credential."""
        self.roles = access_v1.AsyncRoleService(transport)
        """Roles: which permissions go together."""
        self.tenants = access_v1.AsyncTenantService(transport)
        """Tenants of one installation."""
        self.concentrators = devices_v1.AsyncConcentratorService(transport)
        """Concentrators."""
        self.config_profiles = devices_v1.AsyncConfigProfileService(transport)
        """Configurations that many devices share."""
        self.device_bindings = devices_v1.AsyncDeviceBindingService(transport)
        """What an adapter must know of a device to read its frames and to speak to it."""
        self.device_models = devices_v1.AsyncDeviceModelService(transport)
        """Types of devices: what they measure, how their frames are read, what they can be told."""
        self.gateways = devices_v1.AsyncGatewayService(transport)
        """Radio gateways."""
        self.hierarchy = devices_v1.AsyncHierarchyService(transport)
        """The trees of places and of the network."""
        self.inventories = devices_v1.AsyncInventoryService(transport)
        """The inventory as files: both trees, usage points, meters, gateways and all the rest, in and out."""
        self.meters = devices_v1.AsyncMeterService(transport)
        """Meters."""
        self.network_health = devices_v1.AsyncNetworkHealthService(transport)
        """How the field is: who was heard when, how well, with which battery and which clock, and how much of what was expected came."""
        self.provisionings = devices_v1.AsyncProvisioningService(transport)
        """Devices in the network server: kept there as they are here."""
        self.pulse_modules = devices_v1.AsyncPulseModuleService(transport)
        """Pulse modules, and which of their inputs counts for which meter."""
        self.usage_points = devices_v1.AsyncUsagePointService(transport)
        """Usage points and the meters installed at them."""
        self.aggregations = readings_v1.AsyncAggregationService(transport)
        """Sums over the trees of places and of the grid, at any level, with what they are made of."""
        self.coverage = readings_v1.AsyncCoverageService(transport)
        """How complete readings are: the KPI of a head-end."""
        self.dead_letters = readings_v1.AsyncDeadLetterService(transport)
        """Readings that could not be given to a channel: nobody knows the channel, or the sender's unit or multiplier is not the channel's."""
        self.demands = readings_v1.AsyncDemandService(transport)
        """Demand: average power over a period, from the final intervals of usage points."""
        self.derived_seriess = readings_v1.AsyncDerivedSeriesService(transport)
        """Derived series: virtual channels by formula, energy of gas, amounts of pulses."""
        self.exchange = readings_v1.AsyncExchangeService(transport)
        """Files in and out."""
        self.factor_sets = readings_v1.AsyncFactorSetService(transport)
        """Factors for derived series: calorific values, volume conversion, pulse weights."""
        self.frames = readings_v1.AsyncFrameService(transport)
        """Frames that no codec could read."""
        self.ingest = readings_v1.AsyncIngestService(transport)
        """Takes readings in bulk, from adapters and from other systems."""
        self.reading_edits = readings_v1.AsyncReadingEditService(transport)
        """Editing of final values."""
        self.reading_exports = readings_v1.AsyncReadingExportService(transport)
        """Final readings out, as files."""
        self.readings = readings_v1.AsyncReadingService(transport)
        """Reads what meters gave and what validation made of it, and takes readings of those who have few."""
        self.retentions = readings_v1.AsyncRetentionService(transport)
        """How long readings are kept, and what must not be deleted."""
        self.rule_sets = readings_v1.AsyncRuleSetService(transport)
        """Rule sets of validation and estimation."""
        self.supply_qualities = readings_v1.AsyncSupplyQualityService(transport)
        """Quality of supply: what the momentary values of meters say of voltage, frequency, distortion, pressure, temperature and flow."""
        self.vee = readings_v1.AsyncVeeService(transport)
        """Validation, estimation and editing."""
        self.adapters = commands_v1.AsyncAdapterService(transport)
        """The adapters' side of the command bus."""
        self.commands = commands_v1.AsyncCommandService(transport)
        """Tells meters what to do, and says honestly what became of it."""
        self.events = events_v1.AsyncEventService(transport)
        """What happened, in order, without a hole and without a repeat."""
        self.billing_runs = billing_v1.AsyncBillingRunService(transport)
        """Makes invoices."""
        self.customers = billing_v1.AsyncCustomerService(transport)
        """Who pays for what."""
        self.invoices = billing_v1.AsyncInvoiceService(transport)
        """Invoices."""
        self.tariffs = billing_v1.AsyncTariffService(transport)
        """Tariffs."""
        self.forecasts = analytics_v1.AsyncForecastService(transport)
        """Forecasts."""
        self.operation_logs = system_v1.AsyncOperationLogService(transport)
        """The log of operations: every call, who made it, on what, how it ended and how long it took."""
