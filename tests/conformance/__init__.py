"""Official test vectors of formats, run through our own code: ``python -m tests.conformance prompty DIR``."""
