//! What each comparison should come to, and its name in Chinese. Rust's ratios tell how much the core costs (less is
//! better), those of other languages how often it is done in the other's time (more is better).

use super::{Data, Line};

/// A comparison that has an aim.
pub(super) struct Aim {
    program: &'static str,
    /// How the line's name begins, and what stands beside it.
    name: &'static str,
    beside: &'static str,
    pub(super) aim: f64,
    /// What is accepted still.
    pub(super) least: f64,
}

/// A row that stands on one line: program, name, beside, aim, what is accepted still.
const fn aim_of(program: &'static str, name: &'static str, beside: &'static str, aim: f64, least: f64) -> Aim {
    Aim { program, name, beside, aim, least }
}

const AIMS: &[Aim] = &[
    aim_of("rust", "body of 1 KiB given as text", "", 1.3, 1.6),
    aim_of("rust", "typed order of 10 lines", "", 1.5, 1.5),
    aim_of("rust", "answer with 50 invoices", "", 1.0, 1.0),
    aim_of("rust", "memory: typed order of 2000 lines", "", 3.0, 3.0),
    aim_of("python", "a dict of 10 lines", "nuonuo-sdk, before requests", 4.0, 4.0),
    aim_of("python", "a dict of 10 lines", "json.dumps + hmac", 1.5, 1.2),
    aim_of("python", "an answer of 50 invoices", "json.loads, the same by hand", 1.0, 1.0),
    aim_of("python", "import and first request", "nuonuo", 10.0, 10.0),
    aim_of("node", "body of 1 KiB given as text", "", 1.0, 1.0),
    aim_of("node", "order of 10 lines", "", 1.0, 0.7),
    aim_of("wasm", "body of 1 KiB given as text", "", 1.0, 1.0),
    aim_of("php", "body of 1 KiB given as text, extension", "", 1.0, 1.0),
    aim_of("php", "order of 10 lines, checked, extension", "", 1.0, 1.0),
];

pub(super) fn aim(program: &str, line: &Line) -> Option<&'static Aim> {
    AIMS.iter().find(|aim| aim.program == program && aim.fits(line))
}

/// Whether a program's ratios are costs.
pub(super) fn is_cost(program: &str) -> bool {
    program == "rust"
}

impl Aim {
    fn fits(&self, line: &Line) -> bool {
        line.name.starts_with(self.name) && line.beside.starts_with(self.beside)
    }

    /// Whether a ratio reaches the aim; whether it is accepted still.
    pub(super) fn held(&self, ratio: f64) -> (bool, bool) {
        match is_cost(self.program) {
            true => (ratio <= self.aim, ratio <= self.least),
            false => (ratio >= self.aim, ratio >= self.least),
        }
    }
}

/// What is not even accepted, and aims for which nothing was measured.
pub(super) fn missed(data: &Data) -> Vec<String> {
    let mut missed = Vec::new();
    for program in &data.programs {
        let aims = AIMS.iter().filter(|aim| aim.program == program.name);
        for aim in aims.filter(|_| program.skipped.is_none()) {
            let what = format!("{}: {} {}", aim.program, aim.name, aim.beside).trim_end().to_owned();
            match program.lines.iter().find(|line| aim.fits(line)).and_then(|line| line.ratio) {
                Some(ratio) if aim.held(ratio).1 => {}
                Some(ratio) => missed.push(format!("{what}: {ratio:.2}, not {:.2}", aim.least)),
                None => missed.push(format!("{what}: not measured")),
            }
        }
    }
    missed
}

/// Parts of names, the longer ones first, as Chinese says them.
const WORDS: &[(&str, &str)] = &[
    ("body of 1 KiB given as text", "1 KiB 文本正文"),
    ("memory: typed order of ", "内存：强类型订单，行数 "),
    ("memory: JSON order of ", "内存：JSON 订单，行数 "),
    ("typed order of ", "强类型订单，行数 "),
    ("JSON order of ", "JSON 订单，行数 "),
    ("a dict of ", "dict 订单，行数 "),
    ("an order of ", "dict 订单，行数 "),
    ("order of ", "订单，行数 "),
    (" lines as JSON text", "，以 JSON 文本给出"),
    (" lines in Decimal", "，金额为 Decimal"),
    (" lines", ""),
    (": check, write, sign", "：校验、写出、签名"),
    (", checked", "，带校验"),
    (": sign", "：签名"),
    ("answer with ", "应答，发票张数 "),
    ("an answer of ", "应答，发票张数 "),
    ("answer of ", "应答，发票张数 "),
    (" invoices", ""),
    (": read into typed rows", "：读成强类型"),
    ("import and first request", "导入加第一个请求"),
    ("the whole stack loaded", "连同各自的传输层"),
    (", extension", "（扩展）"),
    (", ffi", "（FFI）"),
    ("simulator, ", "模拟器，客户端数 "),
    (" clients: requests each second", "：每秒请求数"),
    ("simulator: half of the answers within", "模拟器：一半的应答快于"),
    ("simulator: 99 of 100 answers within", "模拟器：99% 的应答快于"),
    ("batch of ", "批量，订单数 "),
    (": memory for one order", "：每单内存"),
    (": one order asked, done, another added", "：问一单、得结果、再加一单"),
    (": snapshot, for one order", "：快照，每单"),
    ("the body's length", "正文长度"),
    (" first, given as text", " 之后以文本给出"),
    (" alone", "（不转换）"),
    (", in a new process", "（新进程）"),
    (", before requests", "，到 requests 之前"),
    (", up to the socket", "，到套接字为止"),
    (", the same by hand", "，手写同样的转换"),
];

pub(super) fn chinese(name: &str) -> String {
    WORDS.iter().fold(name.to_owned(), |name, (en, zh)| name.replace(en, zh))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Program;

    #[test]
    fn a_ratio_that_misses_its_aim_is_told_and_so_is_one_that_was_not_measured() {
        let line = |name: &str, ratio| Line { name: name.to_owned(), ratio: Some(ratio), ..Line::default() };
        let program = |name: &str, lines| Program { name: name.to_owned(), runtime: Vec::new(), skipped: None, lines };
        let data = Data {
            machine: Default::default(),
            programs: vec![
                program(
                    "node",
                    vec![line("body of 1 KiB given as text", 0.9), line("order of 10 lines, checked", 0.8)],
                ),
                program("rust", vec![line("typed order of 10 lines: check, write, sign", 1.4)]),
            ],
        };
        let told = missed(&data);
        assert_eq!(told[0], "node: body of 1 KiB given as text: 0.90, not 1.00");
        assert!(
            told[1..].iter().all(|line| line.starts_with("rust: ") && line.ends_with(": not measured")),
            "{told:?}"
        );
        assert_eq!(told.len(), 4);
    }
}
