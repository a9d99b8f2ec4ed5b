//! `nnopen explain-body`: what a body or an address is by its shape, the protocols that came before this one included.
//!
//! Nothing of what is given is told again: it may hold a secret.

use md5::{Digest, Md5};
use nnopen::{Json, Method, Words};

use crate::files::{read_bytes, read_text};
use crate::show::{columns, object};
use crate::trouble::Trouble;
use crate::words::{say, speak};
use crate::{Done, finish};

/// What something is, and what to do with it.
struct Shape {
    name: &'static str,
    /// Of a protocol that this one has replaced.
    legacy: bool,
    is: fn(&Seen) -> bool,
    what: Words,
    todo: Words,
}

/// What is given, looked at in every way once.
struct Seen {
    text: String,
    lower: String,
    json: Option<Json>,
    form: Vec<(String, String)>,
}

const fn words(zh: &'static str, en: &'static str) -> Words {
    Words { zh, en }
}

/// The first that fits is told.
const SHAPES: &[Shape] = &[
    Shape {
        name: "v1_gateway_url",
        legacy: true,
        is: |seen| seen.lower.contains("/openplatform/services"),
        what: words("旧 v1 网关的地址（AES 加密）", "an address of the old v1 gateway (AES)"),
        todo: words(
            "改用 https://sdk.nuonuo.com/open/v1/services：正文不再加密，改为 HMAC-SHA1 签名；方法名与字段见参考页",
            "Move to https://sdk.nuonuo.com/open/v1/services: bodies are no longer encrypted but signed (HMAC-SHA1); methods and fields are in the reference",
        ),
    },
    Shape {
        name: "identity_url",
        legacy: true,
        is: |seen| {
            ["nnfp.jss.com.cn", "nnfpdev.jss.com.cn", "nnfpbox.nuonuocs.cn"]
                .iter()
                .any(|host| seen.lower.contains(host))
        },
        what: words(
            "旧 identity 接口的地址（DES 加密，MD5 校验）",
            "an address of the old identity API (DES, with an MD5 prefix)",
        ),
        todo: words(
            "在开放平台创建应用，用 appKey/appSecret 代替 identity，开票改用 nuonuo.OpeMplatform.requestBillingNew",
            "Create an application on the open platform; appKey and appSecret replace the identity; issue with nuonuo.OpeMplatform.requestBillingNew",
        ),
    },
    Shape {
        name: "service_url",
        legacy: false,
        is: |seen| seen.lower.starts_with("http") && seen.lower.contains("/open/v1/services"),
        what: words("开放平台的服务地址", "the service address of the open platform"),
        todo: words(
            "查询串应为 senid、nonce、timestamp（秒）、appkey 四项，全部小写；核对签名用 nnopen sign",
            "Its query holds senid, nonce, timestamp (seconds) and appkey, all lower case; nnopen sign shows what is signed",
        ),
    },
    Shape {
        name: "token_url",
        legacy: false,
        is: |seen| seen.lower.starts_with("http") && seen.lower.contains("/accesstoken"),
        what: words("取令牌的地址", "the address of the token endpoint"),
        todo: words(
            "表单 POST，30 天最多 50 次；nnopen token 会记账并共用",
            "Takes a form by POST, 50 times in 30 days at the most; nnopen token keeps count and shares it",
        ),
    },
    Shape {
        name: "string_to_sign",
        legacy: false,
        is: |seen| seen.text.starts_with("a=services&l=v1&p=open&k="),
        what: words("待签文本", "the string that is signed"),
        todo: words(
            "UTF-8 字节，以 appSecret 为密钥做 HMAC-SHA1 再 base64；f= 之后必须与发送的正文逐字节相同",
            "HMAC-SHA1 of its UTF-8 bytes with the appSecret as key, in base64; what follows f= equals the body sent, byte for byte",
        ),
    },
    Shape {
        name: "v1_request",
        legacy: true,
        is: |seen| seen.encoded("param", 16),
        what: words("旧 v1 网关的请求：AES 加密的 param", "a request of the old v1 gateway: param, encrypted with AES"),
        todo: words(
            "内容是 {\"public\",\"private\"} 两段；private.servicedata 里的业务参数换成开放平台的同名接口重新提交",
            "It holds {\"public\",\"private\"}; the params in private.servicedata go to the method of the open platform",
        ),
    },
    Shape {
        name: "v1_plain",
        legacy: true,
        is: |seen| seen.has(&["public", "private"]),
        what: words("旧 v1 网关的请求（加密前）", "a request of the old v1 gateway, before encryption"),
        todo: words(
            "去掉 public/private 外层，业务参数直接作为正文；timestamp 由毫秒改为秒并移到查询串",
            "Take public and private off: the params are the body; the timestamp moves into the query, in seconds instead of milliseconds",
        ),
    },
    Shape {
        name: "identity_request",
        legacy: true,
        is: |seen| seen.encoded("order", 8),
        what: words(
            "旧 identity 接口的请求：DES 加密的 order",
            "a request of the old identity API: order, encrypted with DES",
        ),
        todo: words(
            "自行解密后用 --plain 核对 MD5 前缀；明文的拼音字段按下面的对照改名",
            "Decrypt it yourself and check the MD5 prefix with --plain; the members of the plain text have new names",
        ),
    },
    Shape {
        name: "identity_plain",
        legacy: true,
        is: |seen| seen.has(&["identity", "order"]),
        what: words("旧 identity 接口的订单（加密前）", "an order of the old identity API, before encryption"),
        todo: words(
            "identity 换成 appKey/appSecret；拼音字段按下面的对照改名后交给 requestBillingNew",
            "appKey and appSecret replace the identity; rename the members as below and give them to requestBillingNew",
        ),
    },
    Shape {
        name: "identity_answer",
        legacy: true,
        is: |seen| seen.has(&["status", "fpqqlsh"]) || (seen.has(&["result", "list"]) && !seen.has(&["code"])),
        what: words("旧 identity 接口的应答", "an answer of the old identity API"),
        todo: words(
            "fpqqlsh 就是发票流水号（serialNo），可用 queryInvoiceResult 查询它是否在新平台上",
            "fpqqlsh is the serial number (serialNo): queryInvoiceResult tells whether the open platform knows it",
        ),
    },
    Shape {
        name: "scan_lookup",
        legacy: true,
        is: |seen| seen.member("operater") == Some("queryInfoByOrderId"),
        what: words("旧扫码开票：平台向商户查询订单", "older scan-to-invoice: the platform asks for an order"),
        todo: words(
            "它期待 DES 加密的应答；新接入请用 saveScanTemp 保存订单并出示二维码",
            "It expects an answer encrypted with DES; today saveScanTemp stores the order and gives a QR code",
        ),
    },
    Shape {
        name: "push",
        legacy: false,
        is: |seen| seen.member("operater").is_some(),
        what: words("平台的回传", "a push of the platform"),
        todo: words(
            "没有签名，只当提示：核对单号，再用查询接口确认；解读见 docs/pushes.md",
            "It is not signed: a hint. See that the numbers are yours and confirm it with a query; docs/pushes.md",
        ),
    },
    Shape {
        name: "token_request",
        legacy: false,
        is: |seen| seen.form.iter().any(|(name, _)| name == "grant_type"),
        what: words("取令牌的请求，内含 appSecret", "a token request; it holds the appSecret"),
        todo: words("不要保存或转发它", "Neither keep it nor pass it on"),
    },
    Shape {
        name: "token_answer",
        legacy: false,
        is: |seen| seen.has(&["access_token"]) || seen.has(&["error", "error_description"]),
        what: words("取令牌的应答", "an answer of the token endpoint"),
        todo: words(
            "令牌只存放在 0600 的文件或密钥库里；返回码用 nnopen explain 查",
            "Tokens belong into a file for their owner alone or a vault; nnopen explain tells an error's code",
        ),
    },
    Shape {
        name: "answer",
        legacy: false,
        is: |seen| seen.has(&["code", "describe"]) || seen.has(&["code", "result"]) || seen.has(&["code", "msg"]),
        what: words("平台的应答", "an answer of the platform"),
        todo: words(
            "nnopen read 接口名 解读它；nnopen explain 解释返回码",
            "nnopen read METHOD reads it; nnopen explain tells its code",
        ),
    },
    Shape {
        name: "params",
        legacy: false,
        is: |seen| !seen.methods().is_empty(),
        what: words("接口的参数（请求正文）", "params of a method: the body of a request"),
        todo: words("nnopen check 接口名 校验它", "nnopen check METHOD checks it"),
    },
    Shape {
        name: "hex",
        legacy: true,
        is: |seen| {
            seen.text.len() >= 32 && seen.text.len() % 16 == 0 && seen.text.bytes().all(|byte| byte.is_ascii_hexdigit())
        },
        what: words(
            "十六进制密文：像旧扫码接口的 DES 应答",
            "hex: like an answer of the old scan API, encrypted with DES",
        ),
        todo: words("新接入用 saveScanTemp，应答是明文 JSON", "Today saveScanTemp is used; its answers are plain JSON"),
    },
    Shape {
        name: "xml",
        legacy: true,
        is: |seen| seen.text.starts_with('<') && !seen.lower.contains("<html"),
        what: words(
            "XML：不是开放平台的报文（像更早的 ECXML 系列接口）",
            "XML: not of the open platform, rather of the ECXML interfaces before it",
        ),
        todo: words("开放平台只用 JSON", "The open platform speaks JSON alone"),
    },
];

/// Members of the identity API and what they are called today.
const RENAMED: &[(&str, &str)] = &[
    ("orderno", "orderNo"),
    ("saletaxnum", "salerTaxNum"),
    ("saleaddress", "salerAddress"),
    ("salephone", "salerTel"),
    ("saleaccount", "salerAccount"),
    ("kptype", "invoiceType"),
    ("invoicedate", "invoiceDate"),
    ("buyername", "buyerName"),
    ("taxnum", "buyerTaxNum"),
    ("address", "buyerAddress"),
    ("account", "buyerAccount"),
    ("phone", "buyerPhone"),
    ("message", "remark"),
    ("fpdm", "invoiceCode"),
    ("fphm", "invoiceNum"),
    ("qdbz", "listFlag"),
    ("qdxmmc", "listName"),
    ("detail", "invoiceDetail"),
    ("goodsname", "goodsName"),
    ("spec", "specType"),
    ("hsbz", "withTaxFlag"),
    ("taxrate", "taxRate"),
    ("spbm", "goodsCode"),
    ("fphxz", "invoiceLineProperty"),
    ("yhzcbs", "favouredPolicyFlag"),
    ("zzstsgl", "favouredPolicyName"),
    ("lslbs", "zeroRateFlag"),
];

/// Tells what a body or an address is; with `plain`, whether what was decrypted bears the right MD5.
pub(crate) fn run(file: &str, plain: bool, json: bool) -> u8 {
    finish(if plain { prefix(file) } else { shape(file) }, json)
}

fn shape(file: &str) -> Result<Done, Trouble> {
    let seen = Seen::new(read_text(file)?.trim_start_matches('\u{feff}').trim());
    let Some(shape) = SHAPES.iter().find(|shape| (shape.is)(&seen)) else {
        return Err(Trouble::input(
            say("看不出这是什么", "its shape tells nothing"),
            "给出完整的正文或地址；若是密文，说明不了更多",
            "Give the whole body or address; of what is encrypted no more can be told",
        ));
    };
    let methods = if shape.name == "params" { seen.methods() } else { Vec::new() };
    let renamed: Vec<_> = match shape.name {
        "identity_plain" | "identity_request" => RENAMED.iter().filter(|(old, _)| seen.mentions(old)).collect(),
        _ => Vec::new(),
    };
    let generation = if shape.legacy { say("旧协议", "replaced") } else { say("现行", "current") };
    let mut rows = vec![
        vec![say("这是", "This is").to_owned(), speak(shape.what).to_owned()],
        vec![say("协议", "Protocol").to_owned(), generation.to_owned()],
        vec![say("怎么办", "What to do").to_owned(), speak(shape.todo).to_owned()],
    ];
    for method in &methods {
        rows.push(vec![
            say("可能的接口", "Perhaps for").to_owned(),
            format!("{}  {}", method.name, speak(method.title)),
        ]);
    }
    rows.extend(renamed.iter().map(|(old, new)| vec![(*old).to_owned(), format!("→ {new}")]));
    let json = object([
        ("ok", Json::Bool(true)),
        ("shape", shape.name.into()),
        ("legacy", Json::Bool(shape.legacy)),
        ("what", object([("zh", shape.what.zh.into()), ("en", shape.what.en.into())])),
        ("todo", object([("zh", shape.todo.zh.into()), ("en", shape.todo.en.into())])),
        ("methods", Json::List(methods.iter().map(|method| method.name.into()).collect())),
        ("renamed", Json::Object(renamed.iter().map(|(old, new)| ((*old).to_owned(), (*new).into())).collect())),
    ]);
    Ok(Done::new(json, columns(&rows)))
}

/// `MD5(plain) ‖ plain`, the digest as sixteen bytes or as hex.
fn prefix(file: &str) -> Result<Done, Trouble> {
    let bytes = read_bytes(file)?;
    let fits = [16, 32].iter().any(|length| {
        let Some((digest, plain)) = bytes.split_at_checked(*length) else { return false };
        let made = Md5::digest(plain);
        let hex: String = made.iter().map(|byte| format!("{byte:02x}")).collect();
        digest == made.as_slice() || digest.eq_ignore_ascii_case(hex.as_bytes())
    });
    if !fits {
        return Err(Trouble::input(
            say("MD5 前缀不符", "the MD5 at its beginning does not fit"),
            "密钥、模式（CBC）、填充（PKCS5）之一不对，或末尾多了换行；文件须是解密后的原始字节",
            "Key, mode (CBC) or padding (PKCS5) is wrong, or a newline was added; the file holds the decrypted bytes as they are",
        ));
    }
    let line = say("MD5 前缀相符：解密正确，内容完整", "the MD5 fits: it was decrypted rightly and is whole");
    Ok(Done::new(object([("ok", Json::Bool(true)), ("md5", Json::Bool(true))]), vec![line.to_owned()]))
}

impl Seen {
    fn new(text: &str) -> Self {
        let form = match text.split_once('=') {
            Some((name, _)) if !name.is_empty() && !name.contains(['{', '<', ' ', ':', '/']) => {
                form_urlencoded::parse(text.as_bytes()).into_owned().collect()
            }
            _ => Vec::new(),
        };
        Self { text: text.to_owned(), lower: text.to_lowercase(), json: Json::parse(text).ok(), form }
    }

    /// Whether all these are members of the object.
    fn has(&self, names: &[&str]) -> bool {
        self.json.as_ref().is_some_and(|json| names.iter().all(|name| json.get(name).is_some()))
    }

    fn member(&self, name: &str) -> Option<&str> {
        let in_form = self.form.iter().find(|(member, _)| member == name).map(|(_, value)| value.as_str());
        in_form.or_else(|| self.json.as_ref().and_then(|json| json.get(name)).and_then(Json::token))
    }

    /// Whether a form's member is base64 of whole blocks, percent-encoded once more or not.
    fn encoded(&self, name: &str, block: usize) -> bool {
        let Some((_, value)) = self.form.iter().find(|(member, _)| member == name) else { return false };
        let once_more: String =
            form_urlencoded::parse(format!("v={value}").as_bytes()).map(|(_, value)| value).collect();
        // A plus sign that was not encoded has become a blank.
        [value, &once_more].iter().any(|text| {
            let text = text.replace(' ', "+");
            let digits = text.trim_end_matches('=');
            let base64 = digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/');
            base64 && text.len() % 4 == 0 && digits.len() >= 2 * block && (digits.len() * 3 / 4) % block == 0
        })
    }

    /// The methods that know every member of the object and get all they need.
    fn methods(&self) -> Vec<&'static Method> {
        let Some(Json::Object(members)) = &self.json else { return Vec::new() };
        let knows =
            |method: &Method| {
                !members.is_empty()
                    && members.iter().all(|(name, _)| method.params.fields.iter().any(|field| field.name == *name))
                    && method.params.fields.iter().all(|field| {
                        field.need != nnopen::Need::Yes || members.iter().any(|(name, _)| field.name == *name)
                    })
            };
        Method::all().iter().copied().filter(|method| knows(method)).collect()
    }

    /// Whether a member of this name stands anywhere.
    fn mentions(&self, name: &str) -> bool {
        self.json.is_none() || self.lower.contains(&format!("\"{name}\""))
    }
}
