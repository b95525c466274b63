"""A customer's credential, and the keys under which its token and its limits are shared."""

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Credential:
    """A customer's OAuth client and the API it is for. repr() leaves the secret out."""

    client_id: str
    client_secret: str = field(repr=False)
    api_url: str
    token_url: str

    @property
    def token_key(self) -> str:
        """Key of the token in the store; depends on the secret, so a new one gets its own token."""
        return _digest(self.client_secret, "token", self.client_id, self.token_url)

    @property
    def limits_key(self) -> str:
        """Key of the rate limits; the same for all secrets: SmartRecruiters counts per client."""
        return _digest("", "limits", self.client_id, self.api_url)


def _digest(key: str, *parts: str) -> str:
    message = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hmac.new(key.encode("utf-8", "surrogatepass"), message, hashlib.sha256).hexdigest()
