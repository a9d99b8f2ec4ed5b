// The request written out in five languages. Each signs the body that it sends, byte for byte, and takes its token nowhere
// else: no redirect is followed.

import type { Preview } from 'nnopen';

export interface Asked {
  readonly request: Preview;
  readonly method: string;
  readonly appKey: string;
  readonly taxNum: string;
}

export const SNIPPETS: readonly { readonly name: string; readonly write: (asked: Asked) => string }[] = [
  { name: 'curl', write: curl },
  { name: 'Python', write: python },
  { name: 'Node', write: node },
  { name: 'PHP', write: php },
  { name: 'Java', write: java },
];

/** The address without what is new each time. */
function service({ request }: Asked): string {
  return request.url.slice(0, request.url.indexOf('?'));
}

const inShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const inPhp = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
/** A literal of JSON's is one of Python's, JavaScript's and Java's too. */
const quoted = (text: string) => JSON.stringify(text);

function curl({ request }: Asked): string {
  const headers = request.headers.map(([name, value]) => `  -H ${inShell(`${name}: ${value}`)} \\\n`).join('');
  return `curl -sS ${inShell(request.url)} \\\n${headers}  --data-binary ${inShell(request.body)}\n`;
}

function python(asked: Asked): string {
  return `import base64, hashlib, hmac, os, secrets, time, urllib.request

app_key = ${quoted(asked.appKey)}
body = ${quoted(asked.request.body)}.encode()

senid, nonce, timestamp = secrets.token_hex(16), str(10_000_000 + secrets.randbelow(90_000_000)), str(int(time.time()))
canonical = f"a=services&l=v1&p=open&k={app_key}&i={senid}&n={nonce}&t={timestamp}&f=".encode() + body
secret = os.environ["NNOPEN_APP_SECRET"].encode()
signature = base64.b64encode(hmac.new(secret, canonical, hashlib.sha1).digest()).decode()

request = urllib.request.Request(
    f"${service(asked)}?senid={senid}&nonce={nonce}&timestamp={timestamp}&appkey={app_key}",
    data=body,
    headers={
        "Content-Type": "application/json",
        "X-Nuonuo-Sign": signature,
        "accessToken": os.environ["NNOPEN_TOKEN"],
        "userTax": ${quoted(asked.taxNum)},
        "method": ${quoted(asked.method)},
    },
)

class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


with urllib.request.build_opener(NoRedirect).open(request, timeout=30) as answer:
    print(answer.read().decode())
`;
}

function node(asked: Asked): string {
  return `import { createHmac, randomBytes, randomInt } from 'node:crypto';

const appKey = ${quoted(asked.appKey)};
const body = ${quoted(asked.request.body)};

const senid = randomBytes(16).toString('hex');
const nonce = String(randomInt(10_000_000, 100_000_000));
const timestamp = String(Math.floor(Date.now() / 1000));
const canonical = \`a=services&l=v1&p=open&k=\${appKey}&i=\${senid}&n=\${nonce}&t=\${timestamp}&f=\${body}\`;
const signature = createHmac('sha1', process.env.NNOPEN_APP_SECRET).update(canonical).digest('base64');

const answer = await fetch(
  \`${service(asked)}?senid=\${senid}&nonce=\${nonce}&timestamp=\${timestamp}&appkey=\${appKey}\`,
  {
    method: 'POST',
    redirect: 'error',
    headers: {
      'Content-Type': 'application/json',
      'X-Nuonuo-Sign': signature,
      accessToken: process.env.NNOPEN_TOKEN,
      userTax: ${quoted(asked.taxNum)},
      method: ${quoted(asked.method)},
    },
    body,
  },
);
console.log(await answer.text());
`;
}

function php(asked: Asked): string {
  return `<?php
$appKey = ${inPhp(asked.appKey)};
$body = ${inPhp(asked.request.body)};

$senid = bin2hex(random_bytes(16));
$nonce = (string) random_int(10000000, 99999999);
$timestamp = (string) time();
$canonical = "a=services&l=v1&p=open&k=$appKey&i=$senid&n=$nonce&t=$timestamp&f=$body";
$signature = base64_encode(hash_hmac('sha1', $canonical, getenv('NNOPEN_APP_SECRET'), true));

$context = stream_context_create(['http' => [
    'method' => 'POST',
    'header' => [
        'Content-Type: application/json',
        "X-Nuonuo-Sign: $signature",
        'accessToken: ' . getenv('NNOPEN_TOKEN'),
        ${inPhp(`userTax: ${asked.taxNum}`)},
        ${inPhp(`method: ${asked.method}`)},
    ],
    'content' => $body,
    'timeout' => 30,
    'follow_location' => 0,
    'ignore_errors' => true,
]]);
$url = "${service(asked)}?senid=$senid&nonce=$nonce&timestamp=$timestamp&appkey=$appKey";
echo file_get_contents($url, false, $context), "\\n";
`;
}

/** A constant of Java's holds at most 65535 bytes. */
const LONGEST_IN_JAVA = 10_000;

function java(asked: Asked): string {
  const { body } = asked.request;
  const pieces = body.match(new RegExp(`[^]{1,${LONGEST_IN_JAVA}}`, 'g')) ?? [];
  const literal = pieces.length > 1 ? `String.join("",\n            ${pieces.map(quoted).join(',\n            ')})` : quoted(body);
  return `import java.net.URI;
import java.net.http.*;
import java.security.SecureRandom;
import java.util.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import static java.nio.charset.StandardCharsets.UTF_8;

public class Send {
    public static void main(String[] args) throws Exception {
        String appKey = ${quoted(asked.appKey)};
        String body = ${literal};

        var random = new SecureRandom();
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String senid = HexFormat.of().formatHex(bytes);
        String nonce = String.valueOf(10_000_000 + random.nextInt(90_000_000));
        String timestamp = String.valueOf(System.currentTimeMillis() / 1000);
        String canonical = "a=services&l=v1&p=open&k=" + appKey + "&i=" + senid + "&n=" + nonce
            + "&t=" + timestamp + "&f=" + body;
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(System.getenv("NNOPEN_APP_SECRET").getBytes(UTF_8), "HmacSHA1"));
        String signature = Base64.getEncoder().encodeToString(mac.doFinal(canonical.getBytes(UTF_8)));

        var request = HttpRequest.newBuilder(URI.create("${service(asked)}"
                + "?senid=" + senid + "&nonce=" + nonce + "&timestamp=" + timestamp + "&appkey=" + appKey))
            .timeout(java.time.Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .header("X-Nuonuo-Sign", signature)
            .header("accessToken", System.getenv("NNOPEN_TOKEN"))
            .header("userTax", ${quoted(asked.taxNum)})
            .header("method", ${quoted(asked.method)})
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
        System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
`;
}
