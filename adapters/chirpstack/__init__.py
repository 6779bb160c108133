"""LoRaWAN devices through ChirpStack v4: events in by MQTT, downlinks out."""
