"""The main job, shown as it happens: from a meter's payload to a bill, on the embedded stack."""
