"""What the gateway says of itself at the head of its OpenAPI description; English, as every API. A constant."""

DESCRIPTION = """\
Takes call recordings, stores them, registers them and announces them for transcription.

    curl --fail-with-body -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: $(uuidgen)" \\
      -F company_name="Acme Corp" -F contact_email=john@acme.com -F call_type=demo -F file=@call.mp3 \\
      https://gateway.example.com/api/v1/calls/upload

A program that may be away for days, such as a laptop, sends straight to storage instead: it begins a direct upload
under a `call_id` of its own, gets a signed URL for each part, and completes it.

After 202, 409, 429, 500 and 503 send the same request again, after `Retry-After` seconds and with the same
`Idempotency-Key`: however often it is sent, it is one call. Errors are problem details (RFC 9457); `type` is stable.
"""
