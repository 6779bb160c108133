"""Billing, built from the platform and from what knows usage points and measurements."""

from datetime import timedelta

from server.billing.agreements import Agreements
from server.billing.customers import Accounts, Customers
from server.billing.invoices import Invoices
from server.billing.issuers import Issuers
from server.billing.personal_data import PersonalData
from server.billing.ports import SeriesDirectory, UsagePoints, UsageSource
from server.billing.rate_shard import RateShard
from server.billing.run import AGREEMENTS_A_SHARD
from server.billing.runs import PLAN_JOB, QUEUE, SHARD_JOB, BillingRuns, PlanRun
from server.billing.service_customers import CustomerService
from server.billing.service_invoices import InvoiceService
from server.billing.service_runs import BillingRunService
from server.billing.service_tariffs import TariffService
from server.billing.tariffs import Tariffs
from server.platform.capability import Capability, Service
from server.platform.hints import Hints
from server.platform.jobs import Job, Loop, Retry
from server.platform.platform import Platform
from server.platform.scope import Visible
from simba.billing.v1.billing_run_service_pb2_grpc import add_BillingRunServiceServicer_to_server
from simba.billing.v1.customer_service_pb2_grpc import add_CustomerServiceServicer_to_server
from simba.billing.v1.invoice_service_pb2_grpc import add_InvoiceServiceServicer_to_server
from simba.billing.v1.tariff_service_pb2_grpc import add_TariffServiceServicer_to_server

# A run waits for its engines as long as it takes; whoever does not want to wait sees it standing.
_RETRY = Retry(attempts=1000, longest_wait=timedelta(minutes=1))


def build(
    platform: Platform,
    *,
    usage: UsageSource,
    series: SeriesDirectory,
    usage_points: UsagePoints,
    visible_points: Visible | None = None,
    agreements_a_shard: int = AGREEMENTS_A_SHARD,
) -> Capability:
    """The capability."""
    uow, pages, clock = platform.uow, platform.pages, platform.clock
    hints = Hints(platform.redis, "billing")
    customers = CustomerService(
        Customers(uow, pages),
        Accounts(uow, pages),
        Agreements(uow, pages, usage_points),
        PersonalData(uow, usage_points),
    )
    tariffs = TariffService(Tariffs(uow, pages))
    runs = BillingRunService(BillingRuns(uow, pages, hints, clock), clock)
    invoices = InvoiceService(Invoices(uow, pages, visible_points), Issuers(uow))
    return Capability(
        name="billing",
        services=[
            Service("simba.billing.v1.CustomerService", add_CustomerServiceServicer_to_server, customers),
            Service("simba.billing.v1.TariffService", add_TariffServiceServicer_to_server, tariffs),
            Service("simba.billing.v1.BillingRunService", add_BillingRunServiceServicer_to_server, runs),
            Service("simba.billing.v1.InvoiceService", add_InvoiceServiceServicer_to_server, invoices),
        ],
        jobs=[
            Job(PLAN_JOB, PlanRun(uow, usage, hints, agreements_a_shard=agreements_a_shard), QUEUE, _RETRY),
            Job(SHARD_JOB, RateShard(uow, usage, series, usage_points, hints, clock), QUEUE, _RETRY),
        ],
        server_loops=[Loop("billing.hints", hints.run)],
    )
