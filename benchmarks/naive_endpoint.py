"""The endpoint as the story's text suggests it, to be measured against: UploadFile, read, put_object. One event loop.

Settings are in the environment: ENDPOINT, BUCKET, MONGO, DATABASE, QUEUE, and AWS's own keys.
"""

import json
import os
import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

import boto3
from fastapi import FastAPI, File, Form, UploadFile
from pymongo import MongoClient

app = FastAPI()
_environ = os.environ
_s3 = boto3.client("s3", endpoint_url=_environ["ENDPOINT"], region_name="us-east-1")
_sqs = boto3.client("sqs", endpoint_url=_environ["QUEUE"].rsplit("/", 2)[0], region_name="us-east-1")
_calls = MongoClient[dict[str, Any]](_environ["MONGO"])[_environ["DATABASE"]]["naive_calls"]


@app.post("/api/v1/calls/upload", status_code=201)
async def upload(
    file: Annotated[UploadFile, File()],
    company_name: Annotated[str, Form()],
    contact_email: Annotated[str, Form()],
    call_type: Annotated[str, Form()],
) -> dict[str, str]:
    """Store, register and announce, without a look at what it is."""
    call_id, now = str(uuid.uuid4()), datetime.now(UTC)
    content = await file.read()
    _s3.put_object(Bucket=_environ["BUCKET"], Key=f"naive/{call_id}", Body=content)
    metadata = {"company_name": company_name, "contact_email": contact_email, "call_type": call_type}
    _calls.insert_one({"call_id": call_id, "uploaded_at": now, "metadata": metadata})
    _sqs.send_message(QueueUrl=_environ["QUEUE"], MessageBody=json.dumps({"call_id": call_id}))
    return {"call_id": call_id, "status": "uploaded"}
