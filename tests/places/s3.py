"""A stand-in of S3: buckets in memory, every request's signature checked as AWS's page on Signature Version 4
says (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html), written from that page alone."""

import hashlib
import hmac
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

ACCESS, SECRET, REGION, BUCKET = "AKIATEST", "a secret of the test", "eu-test-1", "shop"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/s3/aws4_request, ?"
    r"SignedHeaders=(?P<headers>[\w;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


class Storage:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.refused: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"storage": self}))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Storage":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    storage: Storage
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve()

    do_PUT = do_POST = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names are http.server's

    def log_message(self, *_: Any) -> None:
        pass

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if wrong := self._wrong(parts.path, query, body):
            self.storage.refused.append(wrong)
            self._answer(403, _error(wrong))
            return
        bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
        if bucket != BUCKET:
            self._answer(404, _error("NoSuchBucket"))
        else:
            self._do(key, query, body)

    def _do(self, key: str, query: dict[str, str], body: bytes) -> None:
        objects, uploads = self.storage.objects, self.storage.uploads
        if not key:
            found = sorted(name for name in objects if name.startswith(query.get("prefix", "")))
            self._answer(200, _listing(found))
        elif self.command == "POST" and "uploads" in query:
            uploads[key] = {}
            self._answer(200, f"<InitiateMultipartUploadResult><Bucket>{BUCKET}</Bucket><Key>{key}</Key>"
                              "<UploadId>1</UploadId></InitiateMultipartUploadResult>")  # fmt: skip
        elif self.command == "PUT" and "partNumber" in query:
            uploads[key][int(query["partNumber"])] = body
            self._answer(200, "", etag=_etag(body))
        elif self.command == "POST":
            objects[key] = b"".join(part for _, part in sorted(uploads.pop(key).items()))
            self._answer(200, f"<CompleteMultipartUploadResult><Bucket>{BUCKET}</Bucket><Key>{key}</Key>"
                              f"<Location>/</Location><ETag>{_etag(objects[key])}</ETag>"
                              "</CompleteMultipartUploadResult>")  # fmt: skip
        elif self.command == "PUT":
            objects[key] = body
            self._answer(200, "", etag=_etag(body))
        elif self.command == "DELETE":
            objects.pop(key, None)
            self._answer(204, "")
        elif key in objects:
            self._answer(200, objects[key], etag=_etag(objects[key]))
        else:
            self._answer(404, _error("NoSuchKey"))

    def _wrong(self, path: str, query: dict[str, str], body: bytes) -> str:
        """'' when who asks has the secret and nothing was changed on the way."""
        found = _AUTHORIZATION.fullmatch(self.headers.get("authorization", ""))
        if found is None or found["key"] != ACCESS:
            return "InvalidAccessKeyId"
        told = self.headers["x-amz-content-sha256"]
        if told != hashlib.sha256(body).hexdigest():
            return "XAmzContentSHA256Mismatch"
        names = found["headers"].split(";")
        canonical = "\n".join(
            [
                self.command,
                quote(unquote(path), safe="/-_.~"),
                "&".join(
                    f"{quote(n, safe='-_.~')}={quote(v, safe='-_.~')}" for n, v in sorted(query.items())
                ),
                *(f"{name}:{' '.join(self.headers[name].split())}" for name in names),
                "",
                found["headers"],
                told,
            ]
        )
        scope = f"{found['day']}/{found['region']}/s3/aws4_request"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        to_sign = f"AWS4-HMAC-SHA256\n{self.headers['x-amz-date']}\n{scope}\n{digest}"
        key = f"AWS4{SECRET}".encode()
        for part in (found["day"], found["region"], "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        good = hmac.compare_digest(hmac.digest(key, to_sign.encode(), "sha256").hex(), found["signature"])
        return "" if good else "SignatureDoesNotMatch"

    def _answer(self, status: int, body: str | bytes, *, etag: str = "") -> None:
        raw = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("content-length", str(len(raw)))
        self.send_header("content-type", "application/xml")
        self.send_header("last-modified", "Tue, 01 Dec 2026 12:00:00 GMT")
        if etag:
            self.send_header("etag", etag)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def _error(code: str) -> str:
    return f"<Error><Code>{code}</Code><Message>{code}</Message></Error>"


def _listing(names: list[str]) -> str:
    rows = "".join(
        f"<Contents><Key>{escape(name)}</Key><LastModified>2026-12-01T12:00:00.000Z</LastModified>"
        "<Size>1</Size></Contents>"
        for name in names
    )
    return f"<ListBucketResult><Name>{BUCKET}</Name><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"
