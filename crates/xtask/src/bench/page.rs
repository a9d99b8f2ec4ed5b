//! The page of results, in both languages, beside the figures and plots that it is made from.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::aims::{aim, chinese, is_cost};
use super::{Data, Line, Program, plot};

pub(super) const DATA: &str = "docs/benchmarks.json";

/// A language's words.
struct Words {
    page: &'static str,
    plot: &'static str,
    head: &'static str,
    aim: &'static str,
    table: &'static str,
    figures: &'static str,
    skipped: &'static str,
    rest: &'static str,
    zh: bool,
}

const ZH: Words = Words {
    page: "docs/benchmarks.md",
    plot: "docs/images/benchmarks.svg",
    head: "# 基准测试

[English](benchmarks.en.md)

`cargo xtask bench` 一次跑完本机能跑的全部基准，写出本页、图和数据（[benchmarks.json](benchmarks.json)）；不要手改。单跑一种：
`cargo xtask bench node`。每一行都在同一进程里轮流跑两个程序，各取最好的一轮，所以看比值，不看绝对时间。nnopen 的订单按资料和全部规则校验过，
对照的程序什么也不校验。
",
    aim: "目标",
    table: "| | 对照 | nnopen | 对照用时 | 比值 | 目标 | |\n|---|---|---:|---:|---:|---:|---|",
    figures: "| | |\n|---|---:|",
    skipped: "没有跑",
    rest: "Rust 的比值是花费的倍数，越小越好；其他语言的比值是快多少倍，越大越好。✓ 达到目标，○ 仍可接受，✗ 没有达到。

## 怎样量的

- Rust：`crates/bench`，对照是 serde_json 加裸 HMAC-SHA1。内存的对照是正文长度。
- Python：从 dict 到签好的请求，对照是手写 `json.dumps` + `hmac`，以及 `nuonuo-sdk` 0.2.0（网络调用换成固定应答）；应答是从字节到各行。
  新进程一项量到第一个请求写好为止，再量到各自的传输层查询平台地址为止。都是进程的 CPU 时间。
- Node 与 WebAssembly：同一个立刻应答的传输，从参数到读好的结果，对照是手写 `JSON.stringify` + `node:crypto`（WebAssembly：WebCrypto）。
- PHP：从数组（或正文）到 curl 要的地址、请求头各行与正文，对照是 `json_encode` + `hash_hmac`，写出同样三样；从应答到数组（数字一律是
  字符串），对照是 `json_decode`。经扩展与 FFI 各一次，没有 OPcache。
- JVM：从 JSON 文本到签好的请求，对照是 `javax.crypto`；差的是 JNA 跨越边界的固定花费。
- 批量：每单的花费，含选单、写查询、签名、读应答。
- 模拟器：同一台机器上的客户端，各用一条连接，一边开票一边查询。

## 时间花在哪里

perf 和 callgrind 所见，取整；没有达到的目标差在这里。

- 订单：对照的程序只序列化和签名，nnopen 还逐个字段校验、跑全部规则。Rust 里十行订单（约 145 个字段）校验和写出占一半，签名三成，规则两成，
  没有哪一处特别重；一个字段合 30 ns，校验、写出、记下位置各几十条指令。
- 文本：签 1 KiB，六成是 SHA-1 本身；其余是请求的各个文本，和抹掉密钥待过的内存。
- Python，十行：核心的校验和写出 25%，签名 9%，规则 9%，CPython 自己的对象 24%，两者之间 22%，内存 8%。
- Node，十行：`JSON.stringify` 17%（对照也要），转码和读 JSON 17%，校验和写出 14%，规则 7%，签名 5%，内存 11%，Node 自己（回收、Promise、
  napi）占其余的多半。
- PHP，十行：校验和写出 35%，走 PHP 数组 20%，规则 17%，内存 8%，签名 7%，扩展 4%，PHP 的类 3%。签 1 KiB：签名 23%，PHP 的类 20%，扩展
  19%（四次调用），内存 14%，随机数 8%；对照的 2.8 µs 里 2.2 µs 是 `hash_hmac` 自己的 SHA-1。
- 应答：对照得到的数字是浮点，nnopen 留着每个数字的原文：Node（和经 FFI 的 PHP）先读成树，再写成宿主认得的文本，一半时间在这里；Python 和
  PHP 的扩展直接由树造值，读成树占一半多。",
    zh: true,
};

const EN: Words = Words {
    page: "docs/benchmarks.en.md",
    plot: "docs/images/benchmarks.en.svg",
    head: "# Benchmarks

[中文](benchmarks.md)

`cargo xtask bench` runs every benchmark that this machine can run and writes this page, its plot and its figures
([benchmarks.json](benchmarks.json)); it is not edited by hand. One language alone: `cargo xtask bench node`. Each line runs two
programs turn by turn in one process and takes the best round of each: look at the ratios, not at the times. nnopen has
checked an order against the model and all rules; the program beside it checks nothing.
",
    aim: "Aim",
    table: "| | beside | nnopen | the other | ratio | aim | |\n|---|---|---:|---:|---:|---:|---|",
    figures: "| | |\n|---|---:|",
    skipped: "not run",
    rest: "Rust's ratios are costs: less is better. Those of other languages tell how often nnopen is done in the other's time: more is
better. ✓ reaches the aim, ○ is accepted still, ✗ misses it.

## How it is measured

- Rust: `crates/bench`, beside serde_json and a bare HMAC-SHA1; memory beside the length of the body.
- Python: from a dict to the signed request, beside `json.dumps` + `hmac` by hand and beside `nuonuo-sdk` 0.2.0, its network
  call replaced by an answer that is always the same; an answer from its bytes to the rows. A new process until its first request
  is written, and until the transport that each SDK has looks up the platform's address. All in the process's CPU time.
- Node and WebAssembly: from the params to the result over a transport that answers at once, beside `JSON.stringify` +
  `node:crypto` by hand (WebAssembly: WebCrypto).
- PHP: from an array (or a body) to the address, header lines and body that curl takes, beside `json_encode` + `hash_hmac` which
  make the same three; from an answer to an array whose numbers are all texts, beside `json_decode`; over the extension and over
  FFI, without OPcache.
- JVM: from JSON text to the signed request, beside `javax.crypto`; what it costs more is JNA's price for crossing the border.
- Batch: the cost of one order: choosing it, writing and signing the query, reading the answer.
- Simulator: clients on the same machine, a connection each, issue and ask turn by turn.

## Where the time goes

As perf and callgrind see it, rounded; where an aim is missed, this is why.

- Orders: the program beside only serialises and signs; nnopen checks each field and runs all rules too. In Rust, checking and
  writing take half of an order of ten lines (some 145 fields), signing three tenths, the rules two, and nothing stands out: 30 ns
  for a field, some tens of instructions each for the check, the writing and where it stands.
- Text: of signing 1 KiB, 60 % is SHA-1 itself; the rest are the request's own texts, and wiping the memory that held the key.
- Python, ten lines: checking and writing in the core 25 %, signing 9 %, rules 9 %, CPython's own objects 24 %, what stands
  between 22 %, memory 8 %.
- Node, ten lines: `JSON.stringify` 17 % (the other pays it too), UTF-16 and reading JSON 17 %, checking and writing 14 %, rules
  7 %, signing 5 %, memory 11 %, most of the rest Node itself (collector, promises, napi).
- PHP, ten lines: checking and writing 35 %, walking PHP's array 20 %, rules 17 %, memory 8 %, signing 7 %, the extension 4 %,
  PHP's classes 3 %. Signing 1 KiB: signing 23 %, PHP's classes 20 %, the extension 19 % (four calls), memory 14 %,
  randomness 8 %; of the other's 2.8 µs, 2.2 are the SHA-1 of `hash_hmac` itself.
- Answers: the other's numbers are floats; nnopen keeps the text of each. Node (and PHP over FFI) reads a tree and writes it as a
  text that the host takes, which is half of the time; Python and PHP's extension make values from the tree, the reading of which
  is more than half of theirs.",
    zh: false,
};

pub(super) fn write(root: &Path, data: &Data) -> Result<Vec<String>, String> {
    let mut written = Vec::new();
    let mut put = |file: &str, text: String| {
        written.push(file.to_owned());
        fs::write(root.join(file), text).map_err(|error| format!("{file}: {error}"))
    };
    let json = serde_json::to_string_pretty(data).map_err(|error| error.to_string())?;
    put(DATA, json + "\n")?;
    for words in [&ZH, &EN] {
        put(words.page, page(data, words))?;
        put(words.plot, plot::draw(data, words.zh))?;
    }
    Ok(written)
}

fn page(data: &Data, words: &Words) -> String {
    let mut out = format!("{}\n", words.head);
    let machine = data.machine.iter().map(|(name, value)| format!("{name} {value}"));
    let runtimes = data.programs.iter().flat_map(|program| program.runtime.iter().cloned());
    let mut seen: Vec<String> = Vec::new();
    for told in machine.chain(runtimes) {
        if !seen.contains(&told) {
            seen.push(told);
        }
    }
    out += &seen.join("; ");
    let plot = words.plot.trim_start_matches("docs/");
    let _ = write!(out, "\n\n![{}]({plot})\n", words.aim);
    for program in &data.programs {
        out += &section(program, words);
    }
    let _ = writeln!(out, "\n{}", words.rest);
    out
}

fn section(program: &Program, words: &Words) -> String {
    let mut out = format!("\n## {}\n\n", title(&program.name, words.zh));
    if let Some(why) = &program.skipped {
        let _ = writeln!(out, "{}: {why}", words.skipped);
        return out;
    }
    let (ratios, figures): (Vec<&Line>, Vec<&Line>) = program.lines.iter().partition(|line| line.ratio.is_some());
    if !ratios.is_empty() {
        let _ = writeln!(out, "{}", words.table);
    }
    for line in ratios {
        let said = |text: &str| if words.zh { chinese(text) } else { text.to_owned() };
        let ratio = line.ratio.unwrap_or_default();
        let (aim, mark) = match aim(&program.name, line) {
            None => (String::new(), ""),
            Some(aim) => {
                let sign = if is_cost(&program.name) { "≤" } else { "≥" };
                let mark = match aim.held(ratio) {
                    (true, _) => "✓",
                    (false, true) => "○",
                    (false, false) => "✗",
                };
                (format!("{sign} {}", aim.aim), mark)
            }
        };
        let (name, beside, [ours, theirs]) = (said(&line.name), said(&line.beside), amounts(line));
        let _ = writeln!(out, "| {name} | {beside} | {ours} | {theirs} | {ratio:.2} | {aim} | {mark} |");
    }
    if !figures.is_empty() {
        let _ = writeln!(out, "{}", words.figures);
    }
    for line in figures {
        let name = if words.zh { chinese(&line.name) } else { line.name.clone() };
        let _ = writeln!(out, "| {name} | {} {} |", number(line.value), line.unit.as_deref().unwrap_or_default());
    }
    out
}

pub(super) fn title(program: &str, zh: bool) -> &str {
    match (program, zh) {
        ("rust", _) => "Rust",
        ("python", _) => "Python",
        ("node", _) => "Node",
        ("wasm", _) => "WebAssembly",
        ("php", _) => "PHP",
        ("jvm", _) => "JVM",
        ("batch", true) => "批量",
        ("batch", false) => "Batch",
        ("simulator", true) => "模拟器",
        ("simulator", false) => "Simulator",
        (other, _) => other,
    }
}

/// What was measured of both, with their unit.
fn amounts(line: &Line) -> [String; 2] {
    let time = |nanos: f64| match nanos {
        nanos if nanos >= 1e6 => format!("{:.2} ms", nanos / 1e6),
        nanos => format!("{:.1} µs", nanos / 1e3),
    };
    match (line.ours_ns.zip(line.theirs_ns), line.ours_bytes.zip(line.theirs_bytes)) {
        (Some((ours, theirs)), _) => [time(ours), time(theirs)],
        (None, Some((ours, theirs))) => [ours, theirs].map(|bytes| format!("{:.1} KB", bytes / 1e3)),
        (None, None) => Default::default(),
    }
}

fn number(value: Option<f64>) -> String {
    match value {
        None => String::new(),
        Some(value) if value >= 100.0 => format!("{value:.0}"),
        Some(value) => format!("{value:.1}"),
    }
}

/// A line as the terminal shows it.
pub(super) fn plain(program: &str, line: &Line) -> String {
    let [ours, theirs] = amounts(line);
    let Some(ratio) = line.ratio else {
        return format!("{:<64} {:>10} {}", line.name, number(line.value), line.unit.as_deref().unwrap_or_default());
    };
    let aim = aim(program, line).map(|aim| format!("  aim {}{}", if is_cost(program) { "≤ " } else { "≥ " }, aim.aim));
    format!("{:<64} {ours:>10} {theirs:>10} {ratio:>6.2}{}", line.name, aim.unwrap_or_default())
}

/// What the page tells of where it ran.
pub(super) fn machine(root: &Path) -> BTreeMap<String, String> {
    let said = |program: &str, args: &[&str]| {
        let told =
            Command::new(program).args(args).current_dir(root).output().ok().filter(|told| told.status.success());
        told.map(|told| String::from_utf8_lossy(&told.stdout).trim().to_owned()).filter(|told| !told.is_empty())
    };
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let rows = [
        ("CPU", processor.map(|name| format!("{name}, {cores}×"))),
        ("OS", Some(format!("{} {}", std::env::consts::OS, std::env::consts::ARCH))),
        ("rustc", said("rustc", &["--version"]).map(|told| told.replace("rustc ", ""))),
        ("date", said("date", &["-u", "+%Y-%m-%d"])),
        ("nnopen", said("git", &["describe", "--always", "--dirty"])),
    ];
    rows.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
