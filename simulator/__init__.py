"""Field simulators: they speak as ChirpStack and as WUM concentrators do, for the demo, tests and trials."""
