//! Sample documents of issued invoices: a page, a PDF and an OFD, all clearly marked 样张.

use crate::Shared;
use crate::clock::Beijing;
use crate::http::Response;
use crate::invoice;
use crate::lines::totals;
use crate::orders::{Order, Part};
use crate::table::text_of;
use crate::{ofd, pdf};

/// `GET /document/{serial}`, `….pdf` or `….ofd`.
pub(crate) fn answer(shared: &Shared, name: &str) -> Response {
    let (serial, kind) = name.rsplit_once('.').unwrap_or((name, ""));
    let now = shared.clock.now();
    let sheet = {
        let mut state = shared.state();
        crate::life::advance(shared, &mut state);
        let found = state.orders.by_serial(serial);
        let ready = found
            .filter(|(_, part)| part.status(now, &shared.options.life).is_some_and(crate::orders::Status::has_files));
        ready.map(|(order, part)| Sheet::new(order, part, part.issue_time(now, &shared.options.life).unwrap_or(now)))
    };
    match (sheet, kind) {
        (Some(sheet), "") => Response::html(200, sheet.page()),
        (Some(sheet), "pdf") => Response::new(200, "application/pdf", pdf::make(&sheet.texts())),
        (Some(sheet), "ofd") => Response::new(200, "application/ofd", ofd::make(&sheet.texts())),
        _ => Response::html(404, notice("没有这张发票", "流水号不存在，或发票还没有开具完成")),
    }
}

/// What is printed on an invoice.
struct Sheet {
    kind: &'static str,
    code: String,
    number: String,
    date: String,
    buyer: [String; 2],
    seller: [String; 2],
    /// Name, specification, unit, quantity, price, amount, rate, tax.
    rows: Vec<[String; 8]>,
    sums: [String; 3],
    clerk: String,
    remark: String,
}

impl Sheet {
    fn new(order: &Order, part: &Part, issued: i64) -> Sheet {
        let sent = |name: &str| text_of(&order.sent, name).unwrap_or_default();
        let digital = invoice::digital_number(order, part);
        let (code, number) = invoice::paper_numbers(order, part);
        let row = |line: &crate::lines::Line| {
            let plain = |value: Option<crate::decimal::Decimal>| {
                let text = value.and_then(|value| value.text(8)).unwrap_or_default();
                let short = text.trim_end_matches('0').trim_end_matches('.');
                short.to_owned()
            };
            [
                line.text("goodsName"),
                line.text("specType"),
                line.text("unit"),
                plain(line.num),
                plain(line.price),
                invoice::money(line.excluded),
                line.text("taxRate"),
                invoice::money(line.tax),
            ]
        };
        Sheet {
            kind: invoice::kind_name(&invoice::line_of(order)),
            code,
            number: if digital.is_empty() { number } else { digital },
            date: Beijing::at(issued).date(),
            buyer: [sent("buyerName"), sent("buyerTaxNum")],
            seller: [invoice::seller_name(&order.seller), order.seller.clone()],
            rows: part.lines.iter().map(row).collect(),
            sums: totals(&part.lines).map(invoice::money),
            clerk: sent("clerk"),
            remark: sent("remark"),
        }
    }

    /// The invoice as lines of text, for the file formats.
    fn texts(&self) -> Vec<String> {
        const SHOWN: usize = 20;
        let mut texts = vec![
            format!("{}（样张 SAMPLE，模拟器生成，不是发票）", self.kind),
            format!("发票号码：{}  {}  开票日期：{}", self.number, self.code, self.date),
            format!("购买方：{}  {}", self.buyer[0], self.buyer[1]),
            format!("销售方：{}  {}", self.seller[0], self.seller[1]),
            "项目名称  规格型号  单位  数量  单价  金额  税率  税额".to_owned(),
        ];
        texts.extend(self.rows.iter().take(SHOWN).map(|row| row.join("  ")));
        if self.rows.len() > SHOWN {
            texts.push(format!("…… 另有 {} 行", self.rows.len() - SHOWN));
        }
        let [excluded, tax, included] = &self.sums;
        texts.push(format!("合计金额：{excluded}  合计税额：{tax}  价税合计（小写）：¥{included}"));
        texts.push(format!("备注：{}", self.remark));
        texts.push(format!("开票人：{}", self.clerk));
        texts
    }

    fn page(&self) -> String {
        let e = escape;
        let cells = |row: &[String; 8]| row.iter().map(|cell| format!("<td>{}</td>", e(cell))).collect::<String>();
        let rows: String = self.rows.iter().map(|row| format!("<tr>{}</tr>\n", cells(row))).collect();
        let heads = ["项目名称", "规格型号", "单位", "数量", "单价", "金额", "税率/征收率", "税额"];
        let heads: String = heads.map(|head| format!("<th>{head}</th>")).concat();
        let [excluded, tax, included] = &self.sums;
        let code = if self.code.is_empty() { String::new() } else { format!("发票代码：{}　", e(&self.code)) };
        let body = format!(
            "<div class=mark>样张 SAMPLE</div>\n<h1>{}</h1>\n<p class=head>{code}发票号码：{}　开票日期：{}</p>\n\
             <p>购买方：{}　{}</p>\n<p>销售方：{}　{}</p>\n<table><tr>{heads}</tr>\n{rows}\
             <tr><td colspan=5>合计</td><td>{excluded}</td><td></td><td>{tax}</td></tr></table>\n\
             <p>价税合计（小写）：¥{included}</p>\n<p>备注：{}</p>\n<p>开票人：{}</p>\n\
             <p class=note>由本机模拟器生成的样张，不是发票，没有任何效力。</p>",
            e(self.kind),
            e(&self.number),
            e(&self.date),
            e(&self.buyer[0]),
            e(&self.buyer[1]),
            e(&self.seller[0]),
            e(&self.seller[1]),
            e(&self.remark),
            e(&self.clerk),
        );
        html(&format!("样张 {}", e(&self.number)), &body)
    }
}

/// A small page that says one thing.
pub(crate) fn notice(title: &str, text: &str) -> String {
    html(&escape(title), &format!("<h1>{}</h1><p>{}</p>", escape(title), escape(text)))
}

/// A page that asks for a few texts: name, label, what stands there.
pub(crate) fn form(title: &str, text: &str, fields: &[(&str, &str, String)]) -> String {
    let field = |(name, label, value): &(&str, &str, String)| {
        format!("<p><label>{label}<br><input name={name} value=\"{}\"></label></p>", escape(value))
    };
    let fields: String = fields.iter().map(field).collect();
    let body = format!(
        "<h1>{}</h1><p>{}</p><form method=post>{fields}<button>申请</button></form>",
        escape(title),
        escape(text)
    );
    html(&escape(title), &body)
}

/// What stands at `/`.
pub(crate) fn welcome(shared: &Shared) -> String {
    let paths = [
        ("POST", "/accessToken"),
        ("GET", "/authorize"),
        ("POST", crate::gateway::PATH),
        ("GET", "/document/{serial}[.pdf|.ofd]"),
        ("GET POST", "/scan/{number}"),
        ("GET", "/scan/{taxNum}/{number}"),
    ];
    let row = |(method, path): (&str, &str)| format!("<tr><td>{method}</td><td>{path}</td></tr>");
    let admin = crate::admin::PATHS.iter().map(|(path, methods)| (*methods, format!("/_simulator{path}")));
    let rows = paths.map(row).concat() + &admin.map(|(methods, path)| row((methods, &path))).collect::<String>();
    let accounts = shared.options.accounts.iter();
    let keys = accounts.map(|account| escape(&account.app_key)).collect::<Vec<_>>().join("、");
    html("nnopen simulator", &format!("<h1>诺诺开放平台模拟器</h1><p>appKey：{keys}</p><table>{rows}</table>"))
}

fn html(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=zh-CN><head><meta charset=utf-8><title>{title}</title><style>\
         body{{font:14px/1.6 serif;max-width:60em;margin:2em auto;position:relative}}h1{{text-align:center;color:#933}}\
         table{{border-collapse:collapse;width:100%}}td,th{{border:1px solid #933;padding:.2em .5em}}\
         .mark{{position:absolute;top:30%;left:15%;font-size:6em;color:#c003;transform:rotate(-20deg);pointer-events:none}}\
         .note{{color:#666}}</style></head>\n<body>\n{body}\n</body></html>\n"
    )
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() && c != '\n' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}
