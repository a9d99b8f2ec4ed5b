#!/usr/bin/env python3
"""Makes every request in the vectors anew: bodies, canonical texts, signatures, headers.

    python3 tests/vectors/make.py            rewrites the files in place
    python3 tests/vectors/make.py --check    compares only; exits 1 and names what differs

It shares no code with the library on purpose: a vector is a second opinion. It reads the inputs
that stand in each file (session, params, stamps, answers) and the order of members from
api/methods/**.toml, and knows the rest by itself. What must *come* (wait, done, error) is written
by hand and never touched. A new request may be written short and is then expanded in place:
{"send": {"service": "<method>"}} or {"send": {"token": "client_credentials"}}.  Python 3.11 or later.
"""

import base64, hashlib, hmac, json, pathlib, sys, tomllib, unicodedata
from urllib.parse import parse_qs, parse_qsl, urlsplit

HERE = pathlib.Path(__file__).resolve().parent
METHODS = HERE.parent.parent / "api" / "methods"
HOSTS = {
    "sandbox": "https://sandbox.nuonuocs.cn/open/v1/services",
    "production": "https://sdk.nuonuo.com/open/v1/services",
}
TOKEN_URL = "https://open.nuonuo.com/accessToken"
FORM = "application/x-www-form-urlencoded;charset=UTF-8"
TYPES = {"text", "decimal", "integer", "date", "time", "json"}


class Fault(Exception):
    """A vector that cannot be made: said with the file's name, never a traceback."""


# ── JSON that keeps every number's text, the members' order and repeated members ──────────────

class Number(str):
    """A number as it was written."""


class Repeated(list):
    """An object some member of which is there twice: its pairs."""


def load(text):
    def members(pairs):
        return dict(pairs) if len(dict(pairs)) == len(pairs) else Repeated(pairs)
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=Number,
                      object_pairs_hook=members)


def quote(text):
    return json.dumps(text, ensure_ascii=False)


def plain(value):
    """Compact JSON, as a body is written."""
    match value:
        case Number():
            return str(value)
        case str():
            return quote(value)
        case dict() | Repeated():
            return "{" + ",".join(f"{quote(k)}:{plain(v)}" for k, v in pairs(value)) + "}"
        case list():
            return "[" + ",".join(map(plain, value)) + "]"
    return json.dumps(value)


def pairs(value):
    return value.items() if isinstance(value, dict) else value


def visible(text):
    """A JSON text in which no character hides: marks, blanks and halves of pairs are escaped."""
    def one(c):
        if c in " " or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Mn", "Zs", "Zl", "Zp"):
            return c
        units = c.encode("utf-16-be", "surrogatepass").hex()
        return "".join("\\u" + units[i:i + 4] for i in range(0, len(units), 4))
    return "".join(map(one, quote(text)))


def pretty(value, indent=0):
    """The one format of a vector file: a value that fits stands on one line."""
    def line(v):
        match v:
            case Number():
                return str(v)
            case str():
                return visible(v)
            case dict() | Repeated():
                inner = ", ".join(f"{visible(k)}: {line(x)}" for k, x in pairs(v))
                return "{ " + inner + " }" if inner else "{}"
            case list():
                return "[" + ", ".join(map(line, v)) + "]"
        return json.dumps(v)
    short = line(value)
    if len(short) + indent <= 110 or not value or not isinstance(value, (dict, list)):
        return short
    pad = "\n" + " " * (indent + 1)
    if isinstance(value, (dict, Repeated)):
        rows = [f"{visible(k)}: {pretty(v, indent + 1)}" for k, v in pairs(value)]
        return "{" + pad + ("," + pad).join(rows) + pad[:-1] + "}"
    return "[" + pad + ("," + pad).join(pretty(v, indent + 1) for v in value) + pad[:-1] + "]"


# ── Bodies, in the model's order ──────────────────────────────────────────────────────────────

def methods():
    found = {}
    for file in sorted(METHODS.glob("**/*.toml")):
        method = tomllib.loads(file.read_text("utf-8"))
        found[method["name"]] = method
    return found


def body(method, params):
    return plain(members(method["params"], method.get("shapes", {}), params))


def members(rows, shapes, given):
    """Known members in the order of the rows, then the others in the caller's order; null is absent."""
    if not isinstance(given, dict):
        raise Fault("params that do not fit the model cannot be written")
    known = {row["name"]: row for row in rows}
    out = {name: member(row["type"], row, shapes, given[name])
           for name, row in known.items() if given.get(name) is not None}
    out.update((name, value) for name, value in given.items() if name not in known)
    return out


def member(type_, row, shapes, value):
    if type_.startswith("list<"):
        # A single row may stand in its list's place.
        return [member(type_[5:-1], row, shapes, one) for one in ([value] if isinstance(value, dict) else value)]
    if type_ in shapes:
        return members(shapes[type_], shapes, value)
    if type_ not in TYPES and not type_.startswith("code<"):
        raise Fault(f"no shape {type_}")
    if type_ == "json" or not isinstance(value, str):
        return value
    return Number(value) if row.get("wire") == "number" and value else str(value)


# ── Signing ───────────────────────────────────────────────────────────────────────────────────

def canonical(path, app_key, senid, nonce, timestamp):
    """Everything before the body."""
    p, l, a = path[:3]
    return f"a={a}&l={l}&p={p}&k={app_key}&i={senid}&n={nonce}&t={timestamp}&f="


def signature(secret, text):
    mac = hmac.new(secret.encode(), text.encode(), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()


def whole(text):
    """A text, or a very long one told as prefix + repeat × times + suffix."""
    if isinstance(text, str):
        return text
    return text.get("prefix", "") + text["repeat"] * int(text["times"]) + text.get("suffix", "")


def after(head, text):
    if isinstance(text, str):
        return head + text
    return {"prefix": head + text.get("prefix", "")} | {k: v for k, v in text.items() if k != "prefix"}


def sign_vector(v, _):
    head = canonical(v["path"], v["app_key"], v["senid"], v["nonce"], v["timestamp"])
    v["canonical"] = after(head, v["body"])
    v["signature"] = signature(v["app_secret"], head + whole(v["body"]))
    if request := v.get("request"):
        base = f"https://{request['host']}/" + "/".join(v["path"])
        request["url"] = service_url(base, v["senid"], v["nonce"], v["timestamp"], v["app_key"])
        request["headers"] = service_headers(v["signature"], request["token"], request["tax_num"], request["method"])


# ── Transcripts ───────────────────────────────────────────────────────────────────────────────

def service_url(base, senid, nonce, timestamp, app_key):
    return f"{base}?senid={senid}&nonce={nonce}&timestamp={timestamp}&appkey={app_key}"


def service_headers(sign, token, tax_num, method):
    return [["Content-Type", "application/json"], ["X-Nuonuo-Sign", sign], ["accessToken", token],
            ["userTax", tax_num], ["method", method]]


def encode(text):
    """A form value: letters, digits and - . _ * stay, a blank is +, every other byte is %XX."""
    stay = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._*"
    return "".join("+" if b == 32 else chr(b) if b in stay else f"%{b:02X}" for b in text.encode())


class Transcript:
    """Walks a script and knows which token is held when a request is made."""

    def __init__(self, vector, methods):
        self.vector, self.methods, self.session = vector, methods, vector["session"]
        token = (vector.get("snapshot") or {}).get("token") or {}
        self.held = {k: token.get(k) for k in ("access", "refresh", "userId")}
        if permanent := self.session.get("permanent_token"):
            self.held = {"access": permanent}
        self.token_url = self.session.get("token_url", TOKEN_URL)
        self.fetches = 0   # an answer to an older fetch than the newest changes nothing
        self.waits = {}    # call → number of its fetch

    def make(self):
        wrong = self.vector.get("broken", {}).get("line")
        for at, line in enumerate(self.vector.get("script", [])):
            index = int(line.get("call", 0))
            step = line.get("step", {})
            if "send" in step:
                if self.for_token(step["send"]):
                    self.fetches += 1
                    self.waits[index] = self.fetches
                if wrong is None or at != int(wrong):
                    step["send"] = self.send(at, line, self.vector["calls"][index], step["send"])
            elif "receive" in line and "error" not in line and index in self.waits:
                self.granted(line["receive"]["body"], self.waits.pop(index))
            elif "fail" in line or "drop" in line:
                self.waits.pop(index, None)

    def granted(self, answer, number):
        if isinstance(answer, str):
            try:
                answer = load(answer)
            except ValueError:
                return
        if number == self.fetches and isinstance(answer, dict) and answer.get("access_token"):
            self.held = {"access": answer["access_token"],
                         "refresh": answer.get("refresh_token"),
                         "userId": answer.get("userId") or self.held.get("userId")}

    def for_token(self, send):
        return "token" in send or send.get("url", "").startswith(self.token_url)

    def send(self, at, line, call, send):
        base = self.session.get("service_url") or HOSTS[self.session["environment"]]
        if self.for_token(send):
            grant = send.get("token") or parse_qs(send["body"])["grant_type"][0]
            return {"url": self.token_url, "headers": [["Content-Type", FORM]], "body": self.token_body(grant, call)}
        method = send.get("service") or dict(map(tuple, send["headers"]))["method"]
        text = self.service_body(method, call)
        entropy = bytes.fromhex(line["entropy"]) if "entropy" in line else bytes([at + 1] * 20)
        senid = entropy[:16].hex()
        nonce = 10_000_000 + int.from_bytes(entropy[16:20], "big") % 90_000_000
        timestamp = int(line["now"]) // 1000
        head = canonical(urlsplit(base).path.split("/")[1:], self.session["app_key"], senid, nonce, timestamp)
        sign = signature(self.session["app_secret"], head + text)
        return {"url": service_url(base, senid, nonce, timestamp, self.session["app_key"]),
                "headers": service_headers(sign, self.held["access"] or "", self.session["tax_num"], method),
                "body": text}

    def token_body(self, grant, call):
        s = self.session
        fields = [("client_id", s["app_key"]), ("client_secret", s["app_secret"])]
        if grant == "authorization_code":
            code = call["sign_in"][grant]
            fields += [("code", code["code"]), ("taxNum", code["tax_num"]), ("redirect_uri", code["redirect_uri"])]
        elif grant == "refresh_token":
            fields[0] = ("client_id", self.held["userId"])
            fields += [("refresh_token", self.held["refresh"])]
        return "&".join(f"{k}={encode(v)}" for k, v in fields + [("grant_type", grant)])

    def service_body(self, method, call):
        if "raw" in call:
            return call["body"]
        name = next(call[k] for k in ("call", "poll", "settle", "resume") if k in call)
        params = load(call["params"]) if isinstance(call["params"], str) else call["params"]
        if method == name:
            return body(self.methods[name], params)
        settle = self.methods[name]["settle"]
        if method != settle["ask"]:
            raise Fault(f"{name} does not ask {method}")
        for part in settle["key"].split("."):
            params = params[part]
        return body(self.methods[method], {settle["by"]: [params]})


class StoreTranscript(Transcript):
    """Several sessions, one store. The token stands in the line itself, as `access` or in the headers: which one it
    must be is written by hand; it is no part of the signature."""

    def __init__(self, vector, methods):
        self.vector, self.methods = vector, methods
        self.sessions = vector.get("sessions") or [vector["session"]]

    def make(self):
        wrong = self.vector.get("broken", {}).get("line")
        for at, line in enumerate(self.vector.get("script", [])):
            send = line.get("step", {}).get("send")
            if send is None or (wrong is not None and at == int(wrong)):
                continue
            call = self.vector["calls"][int(line.get("call", 0))]
            self.session = self.sessions[int(call.get("session", 0))]
            self.token_url = self.session.get("token_url", TOKEN_URL)
            headers = dict(map(tuple, send.get("headers", [])))
            self.held = {"access": send.get("access") or headers.get("accessToken")}
            line["step"]["send"] = self.send(at, line, call, send)


class BatchTranscript(Transcript):
    """One batch: a query is told by its `keys`."""

    def make(self):
        follow = self.vector["follow"]
        by = follow.get("by", "orderNos")
        for at, line in enumerate(self.vector.get("script", [])):
            send = line.get("step", {}).get("send")
            if send is None:
                if "receive" in line and 0 in self.waits:
                    self.granted(line["receive"]["body"], self.waits.pop(0))
                continue
            call = {"call": follow["method"]}
            if self.for_token(send):
                self.fetches += 1
                self.waits[0] = self.fetches
            else:
                keys = send["keys"] if "keys" in send else load(send["body"])[by]
                call["params"] = {by: keys, **(follow.get("with") or {})}
                send.setdefault("service", follow["method"])
            line["step"]["send"] = self.send(at, line, call, send)


def batch_vector(v, known):
    BatchTranscript(v, known).make()


def call_vector(v, known):
    Transcript(v, known).make()


def store_vector(v, known):
    StoreTranscript(v, known).make()


def broken_vector(v, known):
    maker = StoreTranscript if "sessions" in v else Transcript
    maker(v, known).make()


# ── Files ─────────────────────────────────────────────────────────────────────────────────────

def first_difference(old, new):
    """Where two texts differ, in words; for a transcript the line of its script."""
    try:
        a, b = load(old).get("script", []), load(new).get("script", [])
        for at, (x, y) in enumerate(zip(a, b)):
            if x != y:
                return f"script line {at}"
    except (ValueError, AttributeError):
        pass
    rows = zip(old.split("\n"), new.split("\n"))
    return "line %d of the file" % next((n for n, (x, y) in enumerate(rows, 1) if x != y), 1)


def as_written(*_):
    """Nothing in it is computed."""


def push_vector(v, _):
    """What came, as members: read here by Python's own means."""
    if "raw" not in v["expect"]:
        return
    text = v["body"] if "body" in v else bytes.fromhex(v["body_hex"]).decode()
    if text.lstrip("\ufeff \r\n").startswith("{"):
        v["expect"]["raw"] = load(text)
    else:
        v["expect"]["raw"] = dict(parse_qsl(text, keep_blank_values=True, errors="strict"))


FOLDERS = {"sign": sign_vector, "calls": call_vector, "stores": store_vector, "batch": batch_vector, "broken": broken_vector,
           "replies": as_written, "checks": as_written, "pushes": push_vector}


def main():
    check = "--check" in sys.argv[1:]
    known, passed, failed = methods(), 0, 0
    for folder, maker in FOLDERS.items():
        files = sorted((HERE / folder).glob("**/*.json"))
        if not files:
            print(f"{folder}: no vectors")
            failed += 1
        for file in files:
            try:
                old = file.read_text("utf-8")
                vector = load(old)
                maker(vector, known)
                new = pretty(vector) + "\n"
            except (Fault, KeyError, ValueError, TypeError) as fault:
                print(f"{folder}/{file.name}: {type(fault).__name__}: {fault}")
                failed += 1
                continue
            if load(old) == vector and vector.get("source", "").startswith("api/"):
                new = old   # made from an example of a data file, and formatted there
            if check and new != old:
                print(f"{folder}/{file.name}: {first_difference(old, new)} differs")
                failed += 1
                continue
            if new != old:
                file.write_text(new, "utf-8", newline="\n")
            passed += 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
