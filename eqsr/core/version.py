"""The version of this release; ``make release`` changes it together with CHANGELOG.md."""

VERSION = "0.9.0"
