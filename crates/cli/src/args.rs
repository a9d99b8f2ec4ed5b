//! The command line: its commands, options and help, in Chinese or English.

use clap::{Arg, ArgAction, Command, Parser, Subcommand};

use crate::words::{Lang, lang, say};

#[derive(Debug, Parser)]
#[command(
    name = "nnopen",
    version,
    about = say("诺诺开放平台命令行：签名、校验、开票并等到结果", "The Nuonuo open platform on the command line: sign, check, issue and follow e-invoices"),
    after_help = say(AFTER_ZH, AFTER_EN),
    subcommand_required = true,
    arg_required_else_help = true,
)]
pub(crate) struct Args {
    #[arg(long, global = true, help = say("结果写成一个 JSON 对象（标准输出）", "Write the result as one JSON object (stdout)"))]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Task,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    #[command(about = say("无需账号的演示：启动本机模拟器，取令牌、开一张票并等到号码", "A tour without an account: a simulator on this machine, a token, an invoice and its number"))]
    Demo,

    #[command(
        about = say("开一张发票并等到结果；中断后可放心重跑，会先查询再决定是否重发", "Issue an invoice and follow it to its end; run again after an interruption, it asks before it sends"),
        after_help = say("文件内容：{\"order\":{…}}，示例见 examples/order.json；字段说明见 nnopen methods OpeMplatform.requestBillingNew", "The file holds {\"order\":{…}}, see examples/order.json; nnopen methods OpeMplatform.requestBillingNew lists the fields")
    )]
    Issue {
        #[arg(value_name = FILE(), help = say("开票参数的 JSON 文件，- 为标准输入", "JSON file of the params; - is the standard input"))]
        file: String,
    },

    #[command(about = say("按订单号（或流水号）查询开票结果", "Ask what became of invoices, by order number or serial number"))]
    Query {
        #[arg(required = true, value_name = say("单号", "NUMBER"), help = say("订单号，最多 50 个", "Order numbers, 50 at the most"))]
        numbers: Vec<String>,
        #[arg(long, help = say("给出的是发票流水号", "The numbers are serial numbers of invoices"))]
        serial: bool,
        #[arg(long, help = say("等到全部有最终结果", "Wait until all are final"))]
        wait: bool,
    },

    #[command(
        about = say("下载发票的版式文件（OFD、PDF、XML、图片）", "Download the files of invoices (OFD, PDF, XML, pictures)"),
        after_help = say("只走 https（除非 --http），不跟随到别的主机，按内容核对类型，整份写完才出现；已有的同名文件不覆盖。\n有 OFD 时 OFD 是原始凭证，PDF 不是；没有 OFD 时 PDF 是。", "Over https alone (unless --http), never on to another host, the type seen in the content, and a file appears only when it is whole; one of the same name is left alone.\nWhere there is an OFD it is the legal original and the PDF is not; else the PDF is.")
    )]
    Download {
        #[arg(required_unless_present = "from", value_name = say("单号", "NUMBER"), help = say("订单号，最多 50 个", "Order numbers, 50 at the most"))]
        numbers: Vec<String>,
        #[arg(long, help = say("给出的是发票流水号", "The numbers are serial numbers of invoices"))]
        serial: bool,
        #[arg(long, value_name = FILE(), conflicts_with_all = ["numbers", "serial"], help = say("不查询，从已有的应答或回传（JSON）里取地址，- 为标准输入", "Do not ask: take the links from an answer or a push (JSON) at hand; - is the standard input"))]
        from: Option<String>,
        #[arg(long, default_value = ".", value_name = say("目录", "DIR"), help = say("存放的目录", "Where they go"))]
        dir: String,
        #[arg(long, value_name = say("类型", "KIND"), value_delimiter = ',', value_parser = ["ofd", "pdf", "xml", "paper_pdf", "image"], help = say("只要这些类型，可重复", "These kinds alone; may be repeated"))]
        kind: Vec<String>,
        #[arg(long, help = say("只列出地址，不下载", "List the links, download nothing"))]
        list: bool,
        #[arg(long, help = say("允许明文 http：内容可能在途中被改", "Plain http too: what comes may have been changed on its way"))]
        http: bool,
        #[arg(long, default_value_t = 20, value_name = "MB", value_parser = clap::value_parser!(u64).range(1..=1024), help = say("单个文件的大小上限", "The most that one file may hold"))]
        limit: u64,
    },

    #[command(about = say("调用任意接口：已登记的先校验参数，结果原样给出", "Call any method: the params of known ones are checked, the result is given as it is"))]
    Call {
        #[arg(value_name = METHOD(), help = say("接口名，例如 nuonuo.OpeMplatform.queryInvoiceResult", "Name, such as nuonuo.OpeMplatform.queryInvoiceResult"))]
        method: String,
        #[arg(value_name = FILE(), default_value = "-", help = say("参数的 JSON 文件，- 为标准输入", "JSON file of the params; - is the standard input"))]
        file: String,
        #[arg(long, help = say("不校验，正文逐字节签名并发送", "No check: sign and send the body byte for byte"))]
        raw: bool,
    },

    #[command(
        about = say("令牌状态：到期时间、30 天内已用次数、何时可再取", "The token: when it ends, calls used of 50 in 30 days, when the next is possible"),
        after_help = say("令牌本身从不显示", "The token itself is never shown")
    )]
    Token {
        #[arg(long, help = say("没有可用令牌时取一个（占用 30 天 50 次的额度）", "Fetch one if none is held (50 in 30 days are all there are)"))]
        fetch: bool,
    },

    #[command(about = say("服务商：生成商户授权页的地址", "Service providers: the address of the page on which a merchant authorises you"))]
    AuthorizeUrl {
        #[arg(long, value_name = "URL", help = say("应用配置的回调地址", "The return address as configured for the application"))]
        redirect_uri: String,
        #[arg(long, help = say("自定的随机串，回调时核对；不填则生成一个", "Your unguessable text, checked at the return; made if left out"))]
        state: Option<String>,
    },

    #[command(
        about = say("服务商：用商户授权后的回调地址换取令牌（从标准输入读取）", "Service providers: redeem a merchant's return address (read from stdin) for a token"),
        after_help = say("回调地址里的 code 是一次性的秘密，请不要写在命令行里：echo 会留在历史记录，粘贴后按 Ctrl-D 即可", "The code in the address is a secret for one use: paste it, do not put it into the command line")
    )]
    AuthorizeReturn {
        #[arg(long, value_name = "URL", help = say("与授权时相同的回调地址", "The return address, as in authorize-url"))]
        redirect_uri: String,
        #[arg(long, help = say("授权时用的随机串", "The state used in authorize-url"))]
        state: String,
        #[arg(long, help = say("回调中没有 state 也接受（仅在你确知来源时）", "Accept a return without any state (only if you know where it comes from)"))]
        without_state: bool,
    },

    #[command(
        about = say("只签名不发送：给出地址、请求头、正文、待签文本和签名", "Sign without sending: address, headers, body, what is signed and the signature"),
        after_help = say("正文从标准输入逐字节读取。输出包含令牌和签名，这正是本命令的用途，请勿贴到公开场合。\n需要 NNOPEN_APP_KEY、NNOPEN_APP_SECRET、NNOPEN_TOKEN，以及 NNOPEN_TAX_NUM；可选 NNOPEN_URL。", "The body is read from stdin byte for byte. The output holds the token and the signature, that is what it is for: do not publish it.\nNeeds NNOPEN_APP_KEY, NNOPEN_APP_SECRET, NNOPEN_TOKEN and NNOPEN_TAX_NUM; NNOPEN_URL if it is another place.")
    )]
    Sign {
        #[arg(long, value_name = METHOD(), help = say("接口名", "The method's name"))]
        method: String,
        #[arg(long, value_name = "S", help = say("请求标识，默认随机 32 位", "The request's id; 32 random digits by default"))]
        senid: Option<String>,
        #[arg(long, value_name = "N", help = say("随机数，默认随机 8 位", "Random number; 8 digits by default"))]
        nonce: Option<String>,
        #[arg(long, value_name = "T", help = say("时间戳（秒），默认现在", "Time in seconds; now by default"))]
        timestamp: Option<String>,
    },

    #[command(
        about = say("校验参数（标准输入），一次列出全部问题，给出将要发送的正文", "Check params (stdin): everything wrong at once, and the body as it would be sent"),
        after_help = say("退出码 0：没有错误（可能有警告）；2：有错误", "Exits with 0 if there is no error (there may be warnings), else with 2")
    )]
    Check {
        #[arg(value_name = METHOD(), help = say("接口名", "The method's name"))]
        method: String,
    },

    #[command(about = say("解读平台的应答（标准输入）：含义、原因、怎么办", "Read an answer of the platform (stdin): what it means and what to do"))]
    Read {
        #[arg(value_name = METHOD(), help = say("接口名；未登记的按写操作判断", "The method's name; an unknown one is judged as a write"))]
        method: String,
        #[arg(long, default_value_t = 200, help = say("HTTP 状态码", "The HTTP status"))]
        status: u16,
    },

    #[command(about = say("解释返回码、发票状态或失败原因", "Explain a reply code, an invoice status or a reason of failure"))]
    Explain {
        #[arg(value_name = say("返回码或文字", "CODE"), help = say("返回码或状态（E9106、070301、22），或平台原文、失败原因的一部分", "A code or status (E9106, 070301, 22), or a part of the platform's words"))]
        code: String,
        #[arg(long, help = say("只当文字查，不当返回码", "Take it for words even if it looks like a code"))]
        text: bool,
    },

    #[command(
        about = say("认出一段正文或地址是什么，包括旧协议（AES 网关、DES identity 接口）", "Tell what a body or an address is, the old protocols (AES gateway, DES identity API) included"),
        after_help = say("只看形状，不解密，也不复述内容", "It looks at the shape alone: nothing is decrypted or told again")
    )]
    ExplainBody {
        #[arg(value_name = FILE(), default_value = "-", help = say("正文或地址的文件，- 为标准输入", "File of the body or address; - is the standard input"))]
        file: String,
        #[arg(long, help = say("给出的是已解密的字节：核对 MD5(明文) ‖ 明文", "These are decrypted bytes: check MD5(plain) ‖ plain"))]
        plain: bool,
    },

    #[command(about = say("列出登记的接口，可按方法名、名称或能力筛选；只剩一个时列出它的字段", "List the known methods, by name, title or capability; the fields, if it is just one"))]
    Methods {
        #[arg(value_name = say("筛选", "FILTER"), help = say("接口名或标题的一部分", "A part of the name or title"))]
        filter: Option<String>,
    },

    #[command(
        about = say("在本机打开开票请求预览页：检查订单、看发票样子、看签名，不联网", "Serve the request-preview page: check an order, see its invoice and its signature, offline"),
        after_help = say("标准输出第一行只有地址。页面没有编入程序时，用 --file 指定构建好的 index.html", "The first line on stdout is the address alone. Where the page is not in the program, --file names the index.html that was built")
    )]
    Preview {
        #[arg(long, default_value_t = 0, help = say("端口，0 为任选", "Port; 0 takes any"))]
        port: u16,
        #[arg(long, value_name = FILE(), help = say("用这个页面文件", "Serve this page"))]
        file: Option<String>,
    },

    #[command(
        about = say("在本机启动平台模拟器，直到被终止", "Run a simulator of the platform on this machine until it is ended"),
        after_help = say("标准输出第一行只有地址。内置账号：appKey SD00000001，appSecret SD00000000000001，税号 339901999999142", "The first line on stdout is the address alone. Its account: appKey SD00000001, appSecret SD00000000000001, tax number 339901999999142")
    )]
    Simulate {
        #[arg(long, default_value_t = 0, help = say("端口，0 为任选", "Port; 0 takes any"))]
        port: u16,
        #[arg(long, help = say("使用 https，证书在启动时生成", "Speak https, with a certificate made at start"))]
        tls: bool,
        #[arg(long, value_name = FILE(), requires = "tls", help = say("把证书写到这个文件，供 NNOPEN_CA_FILE 使用", "Write the certificate there, for NNOPEN_CA_FILE"))]
        cert_out: Option<String>,
        #[arg(long, help = say("严格检查 senid、nonce 和请求头大小写", "Demand the exact senid, nonce and case of header names"))]
        strict: bool,
        #[arg(long, value_name = "KEY:SECRET:TAXNUM[:REDIRECT_URI]", help = say("另加一个编造的账号；带回调地址的是第三方应用，可重复", "Add a made-up account; with a redirect URI it is a service provider's; may be repeated"))]
        account: Vec<String>,
    },
}

const AFTER_ZH: &str = "\
设置（环境变量，或配置文件 ~/.config/nnopen/config 中的 名称=值）：
  NNOPEN_APP_KEY      应用的 appKey
  NNOPEN_APP_SECRET   应用的 appSecret
  NNOPEN_TAX_NUM      税号（userTax）
  NNOPEN_ENV          sandbox 或 production；默认看 appKey 是否以 SD 开头
  NNOPEN_ROLE         self_use（自用，默认）或 service_provider（服务商）
  NNOPEN_TOKEN        永久令牌，有则不再取令牌
  NNOPEN_URL          服务完整地址，例如模拟器的 http://127.0.0.1:端口/open/v1/services
  NNOPEN_TOKEN_URL    令牌完整地址；默认与 NNOPEN_URL 同一主机的 /accessToken
  NNOPEN_CA_FILE      另外信任的证书文件（PEM）
  NNOPEN_STATE_DIR    令牌与开票日志的目录
只能设为环境变量：
  NNOPEN_CONFIG       配置文件的位置
  NNOPEN_LANG         zh 或 en

退出码：0 成功  2 输入有误  3 用法有误  4 授权失败  5 平台拒绝  6 应答无法识别  7 请求未送达  8 结果不明，须先查询

第一次使用：nnopen demo";

const AFTER_EN: &str = "\
Settings (environment variables, or NAME=VALUE lines of ~/.config/nnopen/config):
  NNOPEN_APP_KEY      the application's key
  NNOPEN_APP_SECRET   the application's secret
  NNOPEN_TAX_NUM      the tax number (userTax)
  NNOPEN_ENV          sandbox or production; by default sandbox if the key begins with SD
  NNOPEN_ROLE         self_use (default) or service_provider
  NNOPEN_TOKEN        a permanent token: none is fetched then
  NNOPEN_URL          whole service address, such as a simulator's http://127.0.0.1:PORT/open/v1/services
  NNOPEN_TOKEN_URL    whole token address; by default /accessToken at the host of NNOPEN_URL
  NNOPEN_CA_FILE      certificates (PEM) to trust besides the well-known ones
  NNOPEN_STATE_DIR    where the token and the journal of issues are kept
In the environment only:
  NNOPEN_CONFIG       where the settings file is
  NNOPEN_LANG         zh or en

Exit status: 0 ok  2 input  3 usage  4 authorisation  5 refused by the platform  6 unreadable answer
             7 not delivered  8 uncertain: ask before you send again

New here? Run: nnopen demo";

#[allow(non_snake_case)]
fn FILE() -> &'static str {
    say("文件", "FILE")
}

#[allow(non_snake_case)]
fn METHOD() -> &'static str {
    say("接口名", "METHOD")
}

/// The command with the help's own words in the language in use.
pub(crate) fn command() -> Command {
    use clap::CommandFactory;

    localised(Args::command().version(env!("CARGO_PKG_VERSION")), true)
}

fn localised(command: Command, top: bool) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help(say("显示帮助", "Show this help"));
    let mut command =
        command.disable_help_flag(true).disable_help_subcommand(true).arg(help).help_template(template(top)).mut_args(
            |arg| {
                let heading = if arg.is_positional() { say("参数", "Arguments") } else { say("选项", "Options") };
                arg.help_heading(heading)
            },
        );
    if top {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        command = command.disable_version_flag(true).arg(version.help(say("显示版本", "Show the version")));
    } else {
        let bin = format!("nnopen {}", command.get_name());
        let usage = command.clone().bin_name(bin).render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ").replace("[OPTIONS]", say("[选项]", "[OPTIONS]"));
        command = command.override_usage(usage);
    }
    command.mut_subcommands(|command| localised(command, false))
}

fn template(top: bool) -> &'static str {
    match (lang(), top) {
        (Lang::Zh, true) => {
            "{about}\n\n用法：nnopen <命令> [选项]\n\n命令：\n{subcommands}\n\n选项：\n{options}{after-help}"
        }
        (Lang::En, true) => {
            "{about}\n\nUsage: nnopen <COMMAND> [OPTIONS]\n\nCommands:\n{subcommands}\n\nOptions:\n{options}{after-help}"
        }
        (Lang::Zh, false) => "{about}\n\n用法：{usage}\n\n{all-args}{after-help}",
        (Lang::En, false) => "{about}\n\nUsage: {usage}\n\n{all-args}{after-help}",
    }
}
