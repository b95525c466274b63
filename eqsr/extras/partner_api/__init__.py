"""The signed API by which results of other assessment platforms enter."""
