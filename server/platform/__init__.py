"""What every capability stands on: calls, transactions, jobs, engines, errors. Imports no capability."""
