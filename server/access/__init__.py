"""Who may call: tenants, API keys, tokens, roles."""
