//! `nnopen demo`: the whole way of an invoice on this machine, shown step by step.

use std::time::Duration;

use nnopen::{Config, Environment, Json, Method, Role, Session, order};
use nnopen_simulator::{Life, Options, Simulator};

use crate::drive::{Driver, Event, now, purpose, stamp};
use crate::issue::{ISSUE, report};
use crate::show::{clock, columns, framed, invoice_number, invoice_rows, pad, pad_left, set, text, width};
use crate::trouble::{Trouble, violation_line};
use crate::words::{Lang, lang, out, say};

/// The made-up order that is sent; its number and date are made new for each run.
const ORDER: &str = include_str!("order.json");
const APP_KEY: &str = "SD00000001";
const APP_SECRET: &str = "SD00000000000001";
const TAX_NUM: &str = "339901999999142";

/// Runs the demo; with `json` only its outcome is shown.
pub(crate) fn run(json: bool) -> u8 {
    let mut steps = Steps { count: 0, quiet: json };
    let mut order_no = String::new();
    let result = tour(&mut steps, &mut order_no);
    if json {
        let (trouble, rows) = match &result {
            Ok(rows) => (None, rows),
            Err(trouble) => (Some(trouble), &trouble.result),
        };
        out(&report(trouble, Some(&order_no), rows).to_string());
    }
    match result {
        Ok(_) => 0,
        Err(trouble) => {
            trouble.tell();
            trouble.exit()
        }
    }
}

fn tour(steps: &mut Steps, order_no: &mut String) -> Result<Json, Trouble> {
    let simulator = start()?;
    steps.line(say(
        "nnopen 演示：在本机走完一张发票的全程",
        "nnopen demo: the whole way of an invoice, on this machine",
    ));
    steps.line(say("不连接诺诺平台，不产生真实发票。", "Nothing leaves this machine; no real invoice is made."));
    steps.begin(say("启动平台模拟器", "Start a simulator of the platform"));
    steps.detail(simulator.url());

    let (params, number) = order()?;
    *order_no = number;
    check(steps, &params)?;

    let environment = Environment::Custom { service_url: simulator.service_url(), token_url: simulator.token_url() };
    let session = Session::new(Config {
        environment,
        app_key: APP_KEY.to_owned(),
        app_secret: APP_SECRET.into(),
        tax_num: TAX_NUM.to_owned(),
        role: Role::SelfUse,
        permanent_token: None,
        shared: false,
    })?;
    let mut call = session.settle_json(ISSUE, &params)?;
    let driver = Driver::unkept(session)?;
    let result = driver.watch(&mut call, &mut |event| steps.event(&event))?;
    for row in invoice_rows(&result) {
        steps.line("");
        paper(row, &params).iter().for_each(|line| steps.line(line));
    }
    steps.line("");
    steps.line(say(
        "接下来：nnopen --help，或用自己的账号运行 nnopen issue 订单.json",
        "Next: nnopen --help, or nnopen issue ORDER.json with your own account",
    ));
    Ok(result)
}

/// A simulator on which an invoice is ready after a few seconds.
fn start() -> Result<Simulator, Trouble> {
    let life = Life { hidden: 800, issuing: 1_000, sealing: 700, ..Life::default() };
    Simulator::start(Options { life, ..Options::default() }).map_err(|error| {
        Trouble::input(format!("127.0.0.1: {error}"), "本机无法监听端口", "No port can be opened on this machine")
    })
}

/// The order with a number and a date of its own.
fn order() -> Result<(Json, String), Trouble> {
    let mut params = Json::parse_params(ORDER)?;
    let digits = stamp()?.nonce();
    let number = format!("DEMO{}{}", now().0, &digits[5..]);
    let date = clock(now()).chars().take(19).collect::<String>();
    if let Json::Object(members) = &mut params {
        for (_, order) in members.iter_mut().filter(|(name, _)| name == "order") {
            set(order, "orderNo", &number);
            set(order, "invoiceDate", &date);
        }
    }
    Ok((params, number))
}

fn check(steps: &mut Steps, params: &Json) -> Result<(), Trouble> {
    let method = Method::find(ISSUE).ok_or_else(|| Trouble::usage(format!("{ISSUE} is not known")))?;
    steps.begin(say("校验订单 examples/order.json", "Check the order examples/order.json"));
    let body = method.body(params)?;
    let order = params.get("order").cloned().unwrap_or_default();
    let lines = order.get("invoiceDetail").map_or(0, |lines| lines.items().len());
    steps.detail(&match lang() {
        Lang::Zh => format!("订单号 {}，明细 {lines} 行，正文 {} 字节，没有错误", text(&order, "orderNo"), body.len()),
        Lang::En => {
            format!("order {}, {lines} lines, a body of {} bytes, no error", text(&order, "orderNo"), body.len())
        }
    });
    method.check(params).iter().for_each(|violation| steps.detail(&violation_line(violation)));
    Ok(())
}

/// Tells a run step by step.
struct Steps {
    count: usize,
    quiet: bool,
}

impl Steps {
    fn begin(&mut self, title: &str) {
        self.count += 1;
        self.line("");
        self.line(&format!("{}  {title}", mark(self.count)));
    }

    fn detail(&self, line: &str) {
        self.line(&format!("   {line}"));
    }

    fn line(&self, line: &str) {
        if !self.quiet {
            out(line);
        }
    }

    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Sending(request) => {
                self.begin(match purpose(request) {
                    ISSUE => say("签名并发送开票请求", "Sign and send the order"),
                    "accessToken" => say(
                        "取访问令牌（24 小时有效，30 天最多取 50 次）",
                        "Take an access token (good for 24 hours; 50 in 30 days at the most)",
                    ),
                    _ => say("按订单号查询结果", "Ask for the result by order number"),
                });
                let (address, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
                self.detail(&format!("POST {address}"));
                if !query.is_empty() {
                    self.detail(&format!("     ?{query}"));
                }
                if let Some((_, method)) = request.headers.iter().find(|(name, _)| *name == "method") {
                    self.detail(&format!("method: {method}"));
                    self.detail("X-Nuonuo-Sign: ***  accessToken: ***");
                }
            }
            Event::Answered(_, (status, body), took) => {
                let answer = std::str::from_utf8(body).ok().and_then(|body| Json::parse(body).ok()).unwrap_or_default();
                self.detail(&format!("← HTTP {status}  {}  {}", meaning(&answer), millis(*took)));
            }
            Event::Failed(_, reason) => self.detail(&format!("← {reason}")),
            // Its token is shared with nobody.
            Event::Elsewhere => {}
            Event::Waiting(left) => {
                let seconds = left.as_millis().div_ceil(1000);
                self.begin(&match lang() {
                    Lang::Zh => format!("等待 {seconds} 秒：开票是异步的"),
                    Lang::En => format!("Wait {seconds} s: an invoice takes its time"),
                });
            }
        }
    }
}

fn mark(count: usize) -> char {
    u32::try_from(count)
        .ok()
        .filter(|count| (1..=20).contains(count))
        .and_then(|count| char::from_u32(0x245f + count))
        .unwrap_or('•')
}

fn millis(took: Duration) -> String {
    format!("{}.{} ms", took.as_millis(), took.subsec_micros() / 100 % 10)
}

/// What an answer says, in a few words.
fn meaning(answer: &Json) -> String {
    if answer.get("access_token").is_some() {
        return say("取得令牌", "a token").to_owned();
    }
    let rows = answer.get("result").map(invoice_rows).unwrap_or_default();
    let status =
        rows.first().map(|row| (text(row, "status"), text(row, "statusMsg"))).filter(|(status, _)| !status.is_empty());
    let status =
        status.map_or_else(String::new, |(status, words)| format!("  {} {status} {words}", say("状态", "status")));
    format!("{} {}{status}", text(answer, "code"), text(answer, "describe")).trim_end().to_owned()
}

/// The invoice, as a framed table.
fn paper(row: &Json, params: &Json) -> Vec<String> {
    let order = params.get("order").cloned().unwrap_or_default();
    let pairs = [
        (say("购买方", "Buyer"), text(&order, "buyerName")),
        (say("税号", "Tax number"), text(&order, "buyerTaxNum")),
        (say("销售方税号", "Seller"), text(&order, "salerTaxNum")),
        (say("订单号", "Order"), text(row, "orderNo")),
        (say("流水号", "Serial number"), text(row, "serialNo")),
    ];
    let pairs: Vec<Vec<String>> =
        pairs.iter().map(|(name, value)| vec![(*name).to_owned(), (*value).to_owned()]).collect();
    let title = say("电子发票（普通发票）  模拟器样张", "E-invoice (ordinary)  specimen of the simulator");
    let number = say("数电发票号码", "Invoice number (数电发票号码)");
    let number = format!("{number}  {}", invoice_number(row).unwrap_or("-"));
    framed(title, &[columns(&pairs), goods(&order), vec![number]])
}

/// The lines of the order with their sum, amounts to the right.
fn goods(order: &Json) -> Vec<String> {
    let names = [
        say("货物或服务", "Goods or service"),
        say("数量", "Number"),
        say("单位", "Unit"),
        say("税率", "Rate"),
        say("不含税金额", "Without tax"),
        say("税额", "Tax"),
        say("价税合计", "With tax"),
    ];
    let members = ["goodsName", "num", "unit", "taxRate", "taxExcludedAmount", "tax", "taxIncludedAmount"];
    let lines = order.get("invoiceDetail").map(Json::items).unwrap_or_default();
    let mut rows = vec![names.map(str::to_owned)];
    rows.extend(lines.iter().map(|line| members.map(|member| shown(line, member))));
    rows.push(sums(order));
    let widths: Vec<usize> =
        (0..names.len()).map(|at| rows.iter().map(|row| width(&row[at])).max().unwrap_or(0)).collect();
    let cell =
        |at: usize, text: &str| if matches!(at, 0 | 2) { pad(text, widths[at]) } else { pad_left(text, widths[at]) };
    rows.iter()
        .map(|row| row.iter().enumerate().map(|(at, text)| cell(at, text)).collect::<Vec<_>>().join("  "))
        .collect()
}

/// A member of a line; a rate of two decimals as on paper.
fn shown(line: &Json, member: &str) -> String {
    let value = text(line, member);
    match value.strip_prefix("0.").filter(|part| member == "taxRate" && part.len() == 2) {
        Some(part) => format!("{}%", part.trim_start_matches('0')),
        None => value.to_owned(),
    }
}

/// The sums of the amounts.
fn sums(order: &Json) -> [String; 7] {
    let sums =
        order::totals(order).map(|sums| [sums.tax_excluded, sums.tax, sums.tax_included].map(|sum| sum.to_string()));
    let [excluded, tax, included] = sums.unwrap_or_default();
    let blank = String::new;
    [say("合计", "Sum").to_owned(), blank(), blank(), blank(), excluded, tax, included]
}
