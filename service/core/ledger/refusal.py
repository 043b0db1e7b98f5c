"""Why a proof, a signature or a checkpoint must not be believed."""


class NotProvenError(ValueError):
    """What was shown does not prove what it should: why, as a stable code. Nothing of it may be used."""

    def __init__(self, because: str) -> None:
        """Keep the reason."""
        super().__init__(because)
        self.because = because
