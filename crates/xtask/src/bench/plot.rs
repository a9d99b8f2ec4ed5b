//! The plot: how far each comparison that has an aim is from it, on a scale of doublings.

use std::fmt::Write;

use super::Data;
use super::aims::{aim, chinese, is_cost};
use super::page::title;

const WIDTH: f64 = 860.0;
const LEFT: f64 = 430.0;
const ROW: f64 = 24.0;
/// Ratios beyond this end at the edge.
const DOUBLINGS: f64 = 4.0;

pub(super) fn draw(data: &Data, zh: bool) -> String {
    let rows: Vec<(String, f64, bool, bool)> = data
        .programs
        .iter()
        .flat_map(|program| program.lines.iter().map(move |line| (program, line)))
        .filter_map(|(program, line)| {
            let (aim, ratio) = (aim(&program.name, line)?, line.ratio?);
            let better = if is_cost(&program.name) { aim.aim / ratio } else { ratio / aim.aim };
            // The same is held against more than one other.
            let many = program.lines.iter().filter(|other| other.name == line.name).count() > 1;
            let name = if many { format!("{} / {}", line.name, line.beside) } else { line.name.clone() };
            let name = if zh { chinese(&name) } else { name };
            let (reached, accepted) = aim.held(ratio);
            Some((format!("{} · {name}", title(&program.name, zh)), better, reached, accepted))
        })
        .collect();
    let height = ROW * (rows.len() as f64 + 3.0);
    let scale = (WIDTH - LEFT - 60.0) / (2.0 * DOUBLINGS);
    let middle = LEFT + DOUBLINGS * scale;
    let heading = if zh {
        "离目标多远：右边达到，左边没有达到"
    } else {
        "How far from its aim: right reaches it, left misses it"
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"12\" y=\"20\" font-size=\"14\">{heading}</text>\n"
    );
    for doubling in [-4_i32, -2, 0, 2, 4] {
        let at = middle + f64::from(doubling) * scale;
        let label = match doubling {
            ..0 => format!("1/{}", 1 << -doubling),
            _ => format!("{}×", 1 << doubling),
        };
        let colour = if doubling == 0 { "#333" } else { "#ddd" };
        let _ = writeln!(
            out,
            "<line x1=\"{at}\" y1=\"44\" x2=\"{at}\" y2=\"{:.0}\" stroke=\"{colour}\"/><text x=\"{at}\" y=\"38\" text-anchor=\"middle\" fill=\"#666\">{label}</text>",
            height - ROW / 2.0
        );
    }
    for (at, (name, better, reached, accepted)) in rows.iter().enumerate() {
        let y = ROW * (at as f64 + 2.0);
        let length = better.log2().clamp(-DOUBLINGS, DOUBLINGS) * scale;
        let colour = match (reached, accepted) {
            (true, _) => "#2b8a3e",
            (false, true) => "#e8a200",
            (false, false) => "#c92a2a",
        };
        let (from, width) = if length < 0.0 { (middle + length, -length) } else { (middle, length) };
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text><rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"12\" fill=\"{colour}\"/><text x=\"{:.1}\" y=\"{:.1}\">{better:.2}</text>",
            LEFT - 8.0,
            y + 10.0,
            escaped(name),
            y,
            width.max(1.0),
            if length < 0.0 { middle + 4.0 } else { from + width + 4.0 },
            y + 10.0,
        );
    }
    out + "</svg>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Line, Program};

    #[test]
    fn a_bar_goes_right_where_the_aim_is_reached_and_left_where_it_is_missed() {
        let line = |name: &str, ratio| Line { name: name.to_owned(), ratio: Some(ratio), ..Line::default() };
        let lines = vec![
            line("body of 1 KiB given as text", 2.0),
            line("order of 10 lines <checked>", 0.5),
            line("other", 1.0),
        ];
        let program = Program { name: "node".to_owned(), runtime: Vec::new(), skipped: None, lines };
        let drawn = draw(&Data { machine: Default::default(), programs: vec![program] }, false);
        let bars: Vec<&str> = drawn.lines().filter(|line| line.contains("height=\"12\"")).collect();
        assert_eq!(bars.len(), 2, "what has no aim is not drawn");
        assert!(bars[0].contains("#2b8a3e") && bars[0].ends_with(">2.00</text>"), "{}", bars[0]);
        assert!(bars[1].contains("#c92a2a") && bars[1].contains("&lt;checked>"), "{}", bars[1]);
        let start =
            |bar: &str| bar.split("<rect x=\"").nth(1).unwrap().split('"').next().unwrap().parse::<f64>().unwrap();
        assert!(start(bars[1]) < start(bars[0]));
    }
}
