from tests.results.conftest import no_limits, results_of

__all__ = ["no_limits", "results_of"]
