"""Billing: customers and tariffs, determinants, runs and invoices; exact, repeatable to the byte."""
