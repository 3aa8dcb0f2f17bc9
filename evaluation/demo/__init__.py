"""Builder of the fictional employers: dated lists of events (fixtures/demo) played through the services."""
