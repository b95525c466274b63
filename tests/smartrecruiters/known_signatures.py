"""A webhook delivery with its known signature."""

SECRET_1, SECRET_2 = "test-secret-key-0001", "test-secret-key-0002"
TIME = 1760000000
BODY = (
    b'{"job_id":"7f0d1c1e-2f52-4a5e-9d3a-0b6f6a1f9c11",'
    b'"candidate_id":"b6a3c0a4-8f39-4f0b-8a93-5a9b1c2d3e4f",'
    b'"application_id":"0c9d8e7f-6a5b-4c3d-2e1f-0a9b8c7d6e5f"}'
)
V1_BY_1 = "v1=b930d2b30bff5cf977c672cbe46a864725482eea04ceba22a57922498d02b300"
HEADERS = {
    "smartrecruiters-timestamp": str(TIME),
    "event-id": "11111111-2222-4333-8444-555555555555",
    "event-name": "application.status.updated",
    "event-version": "v201910",
    "link": (
        "<https://api.smartrecruiters.com/candidates/b6a3c0a4-8f39-4f0b-8a93-5a9b1c2d3e4f"
        '/jobs/7f0d1c1e-2f52-4a5e-9d3a-0b6f6a1f9c11>; rel="self"'
    ),
}
