#!/usr/bin/env bash
# Fills fuzz/corpus with seeds from tests/vectors: bodies of answers, pushes and params as they stand there.
set -eu
cd "$(dirname "$0")"
python3 - <<'PYTHON'
import json, pathlib
vectors = pathlib.Path("../tests/vectors")
def seed(target, name, data):
    folder = pathlib.Path("corpus") / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
def text(body):
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
status = (200).to_bytes(2, "little")
for path in sorted(vectors.glob("replies/*.json")):
    vector = json.loads(path.read_text())
    body = text(vector.get("body", "")).encode()
    target = {"accessToken": "token_answer", "authorize": "authorize_return"}.get(vector.get("method"), "answer")
    seed(target, path.stem, body if target == "authorize_return" else body + status)
for path in sorted(vectors.glob("pushes/*.json")):
    vector = json.loads(path.read_text())
    seed("push", path.stem, bytes.fromhex(vector["body_hex"]) if "body_hex" in vector else text(vector["body"]).encode())
for path in sorted(vectors.glob("checks/*.json")):
    seed("params", path.stem, text(json.loads(path.read_text())["params"]).encode())
for path in sorted(vectors.glob("calls/*.json")):
    snapshot = json.loads(path.read_text()).get("snapshot")
    if snapshot:
        seed("snapshot", path.stem, text(snapshot).encode() + (1_700_000_000_000).to_bytes(8, "little"))
PYTHON
