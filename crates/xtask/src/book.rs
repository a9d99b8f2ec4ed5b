//! The book: the pages as they stand, put together by `docs/SUMMARY.md` and rendered by mdBook, once in each language.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::fault::Faults;

/// A language of the book: its folder, its summary, how mdBook calls it, and the end of its pages' names.
struct Lang {
    name: &'static str,
    summary: &'static str,
    code: &'static str,
    /// What a link to the twin in the other language says.
    other: (&'static str, &'static str),
}

const LANGS: &[Lang] = &[
    Lang { name: "zh", summary: "docs/SUMMARY.md", code: "zh-CN", other: ("English", "en") },
    Lang { name: "en", summary: "docs/SUMMARY.en.md", code: "en", other: ("中文", "zh") },
];

/// Guides that need not be in the summary.
const REFERENCE: &str = "docs/reference/";

/// Below it stand the pictures.
const GUIDES: &str = "docs/";

/// Puts the book together and renders it into `target/book`.
pub(crate) fn run(root: &Path) -> ExitCode {
    let out = root.join("target/book");
    for lang in LANGS {
        if let Err(why) = assemble(root, lang, &out).and_then(|folder| render(&folder)) {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    }
    println!("{}", out.join("zh/book/index.html").display());
    ExitCode::SUCCESS
}

fn render(folder: &Path) -> Result<(), String> {
    let built = Command::new("mdbook").arg("build").arg(folder).status();
    match built {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("mdbook: {status}")),
        Err(error) => Err(format!("mdbook: {error}; cargo install mdbook brings it")),
    }
}

/// Every guide stands in the summary of its language, and every page of a summary is there.
pub(crate) fn complete(root: &Path, faults: &mut Faults) -> Result<(), String> {
    for lang in LANGS {
        let listed: BTreeSet<PathBuf> = chapters(root, lang)?.into_iter().collect();
        for page in &listed {
            if !root.join(page).is_file() {
                faults.add(lang.summary, page.display().to_string(), "is not there");
            }
        }
        let folder = fs::read_dir(root.join("docs")).map_err(|error| format!("docs: {error}"))?;
        for page in folder.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()) {
            let english = page.ends_with(".en.md");
            let ours = page.ends_with(".md") && english == (lang.name == "en") && !page.starts_with("SUMMARY");
            if ours && !listed.contains(&Path::new("docs").join(&page)) {
                faults.add(lang.summary, page, "is not in the book");
            }
        }
    }
    Ok(())
}

/// Copies the pages of one language, their links made to fit, into a folder that mdBook takes.
fn assemble(root: &Path, lang: &Lang, out: &Path) -> Result<PathBuf, String> {
    let folder = out.join(lang.name);
    let source = folder.join("src");
    if source.exists() {
        fs::remove_dir_all(&source).map_err(|error| format!("{}: {error}", source.display()))?;
    }
    let mut pages: BTreeSet<PathBuf> = chapters(root, lang)?.into_iter().collect();
    pages.extend(
        below(&root.join(REFERENCE), "md").into_iter().filter_map(|page| Some(page.strip_prefix(root).ok()?.into())),
    );
    for page in &pages {
        let text = fs::read_to_string(root.join(page)).map_err(|error| format!("{}: {error}", page.display()))?;
        write(&source.join(page), &joined(&relinked(&text, page, lang, &pages)))?;
    }
    for picture in below(&root.join(GUIDES), "svg") {
        let name = picture.strip_prefix(root).map_err(|error| error.to_string())?;
        let text = fs::read_to_string(&picture).map_err(|error| format!("{}: {error}", name.display()))?;
        write(&source.join(name), &text)?;
    }
    let summary = fs::read_to_string(root.join(lang.summary)).map_err(|error| format!("{}: {error}", lang.summary))?;
    let summary =
        links(&summary, |label, link| format!("[{label}]({})", shown(&beside(Path::new(lang.summary), link))));
    let index = "(docs/reference/index.md)\n";
    write(&source.join("SUMMARY.md"), &summary.replace(index, &(index.to_owned() + &methods(root, lang, &pages))))?;
    write(
        &folder.join("book.toml"),
        &format!(
            "[book]\ntitle = \"nnopen\"\nlanguage = \"{}\"\nsrc = \"src\"\n\n[output.html]\nno-section-label = true\nadditional-css = [\"book.css\"]\n\n\
             [output.html.fold]\nenable = true\n",
            lang.code
        ),
    )?;
    write(&folder.join("book.css"), include_str!("../templates/book.css"))?;
    Ok(folder)
}

/// The pages of methods and pushes, as chapters below their index, by their title in one language.
fn methods(root: &Path, lang: &Lang, pages: &BTreeSet<PathBuf>) -> String {
    let mut lines = String::new();
    let named = pages.iter().filter(|page| page.starts_with(REFERENCE) && page.components().count() > 3);
    for page in named {
        let text = fs::read_to_string(root.join(page)).unwrap_or_default();
        let title = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or("?");
        let title = title.split_once(" · ").map_or(title, |(zh, en)| if lang.name == "zh" { zh } else { en });
        lines += &format!("  - [{}]({})\n", title.replace(['[', ']', '`'], ""), shown(page));
    }
    lines
}

/// The pages of a summary, by their place in the project.
fn chapters(root: &Path, lang: &Lang) -> Result<Vec<PathBuf>, String> {
    let text = fs::read_to_string(root.join(lang.summary)).map_err(|error| format!("{}: {error}", lang.summary))?;
    let mut pages = Vec::new();
    links(&text, |_, link| {
        pages.push(beside(Path::new(lang.summary), link));
        String::new()
    });
    Ok(pages)
}

/// A link to a page of the book stays, one to its twin leads into the other book, any other loses its target: it is a
/// file of the project.
fn relinked(text: &str, page: &Path, lang: &Lang, pages: &BTreeSet<PathBuf>) -> String {
    let up = "../".repeat(page.components().count());
    links(text, |label, link| {
        let (file, anchor) = link.split_once('#').map_or((link, String::new()), |(file, at)| (file, format!("#{at}")));
        if link.contains("://") || file.is_empty() {
            return format!("[{label}]({link})");
        }
        let target = beside(page, file);
        if target.extension().is_some_and(|end| end == "svg") {
            return format!("[{label}]({link})");
        }
        if label == lang.other.0 {
            // From `zh/book/docs/x.html` to `en/book/docs/x.en.html`.
            return format!("[{label}]({up}../{}/book/{}{anchor})", lang.other.1, html(&target));
        }
        let twin = PathBuf::from(shown(&target).replace(".md", ".en.md"));
        match [target, twin].into_iter().find(|target| pages.contains(target)) {
            Some(target) => format!("[{label}]({}{}{anchor})", &up[3..], html(&target)),
            None => label.to_owned(),
        }
    })
}

/// Lines that break between two Chinese letters are joined: a browser would show a blank there.
fn joined(text: &str) -> String {
    let wide = |letter: Option<char>| letter.is_some_and(|letter| letter >= '\u{2e80}');
    let mut out = String::with_capacity(text.len());
    let mut fenced = false;
    for line in text.split_inclusive('\n') {
        if !fenced
            && wide(line.chars().next())
            && out.ends_with('\n')
            && wide(out.trim_end_matches('\n').chars().last())
        {
            let ends = out.len() - out.trim_end_matches('\n').len();
            out.truncate(out.len() - usize::from(ends == 1));
        }
        fenced ^= line.trim_start().starts_with("```");
        out.push_str(line);
    }
    out
}

/// The text with each link outside of code put anew. A link may go over the end of a line, not of a paragraph.
fn links(text: &str, mut change: impl FnMut(&str, &str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut paragraph = String::new();
    let mut fenced = false;
    for line in text.split_inclusive('\n') {
        let is_fence = line.trim_start().starts_with("```");
        if fenced || is_fence || line.trim().is_empty() {
            relink(&std::mem::take(&mut paragraph), &mut out, &mut change);
            out.push_str(line);
        } else {
            paragraph.push_str(line);
        }
        fenced ^= is_fence;
    }
    relink(&paragraph, &mut out, &mut change);
    out
}

/// One paragraph of it.
fn relink(text: &str, out: &mut String, change: &mut impl FnMut(&str, &str) -> String) {
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let Some(end) = rest[at + 2..].find(')').map(|end| at + 2 + end) else { break };
        let in_code = text[..text.len() - rest.len() + at].matches('`').count() % 2 == 1;
        let Some(start) = opening(&rest[..at]).filter(|_| !in_code) else {
            out.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        };
        out.push_str(&rest[..start]);
        out.push_str(&change(&rest[start + 1..at], &rest[at + 2..end]));
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
}

/// Where the bracket opens that closes at the end of `text`.
fn opening(text: &str) -> Option<usize> {
    let mut depth = 1;
    for (at, letter) in text.char_indices().rev() {
        match letter {
            ']' => depth += 1,
            '[' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// The place in the project that a link of a page leads to.
pub(crate) fn beside(page: &Path, link: &str) -> PathBuf {
    let mut path = page.to_owned();
    path.pop();
    for part in Path::new(link).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(part) => path.push(part),
            _ => {}
        }
    }
    path
}

/// A path as a link, on any system.
fn shown(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// What mdBook makes of a page: a README is the index of its folder.
fn html(page: &Path) -> String {
    match page.file_name() {
        Some(name) if name == "README.md" => shown(&page.with_file_name("index.html")),
        _ => shown(&page.with_extension("html")),
    }
}

/// The files below a folder whose names end so.
fn below(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(below(&path, end));
        } else if path.extension().is_some_and(|extension| extension == end) {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    made.map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_put_anew_outside_of_code() {
        let text = "[a](a.md), `x[i](j)` [`b`](b.md)\n```\n[b](b.md)\n```\n[c [d]](c.md#e)\n";
        let changed = links(text, |label, link| format!("<{label}|{link}>"));
        assert_eq!(changed, "<a|a.md>, `x[i](j)` <`b`|b.md>\n```\n[b](b.md)\n```\n<c [d]|c.md#e>\n");
    }

    #[test]
    fn a_link_may_go_over_the_end_of_a_line() {
        let text = "see [the\nother page](a.md) and `x\n[b](b.md)`\n\n[no\n\nlink](c.md)\n";
        let changed = links(text, |label, link| format!("<{label}|{link}>"));
        assert_eq!(changed, "see <the\nother page|a.md> and `x\n[b](b.md)`\n\n[no\n\nlink](c.md)\n");
    }

    #[test]
    fn a_picture_is_taken_along() {
        let text = "![a loop](images/loop.svg)";
        let found = relinked(text, Path::new("docs/concepts.md"), &LANGS[0], &BTreeSet::new());
        assert_eq!(found, "![a loop](images/loop.svg)");
    }

    #[test]
    fn chinese_lines_are_joined() {
        let text = "# 题\n\n发票\n开出\nabc\n```\n发\n票\n```\n- 一\n- 二\n";
        assert_eq!(joined(text), text.replace("发票\n开出", "发票开出"));
    }

    #[test]
    fn a_link_stays_in_its_book() {
        let pages: BTreeSet<PathBuf> =
            ["docs/cli.en.md", "docs/legacy.en.md", "docs/reference/codes.md"].map(PathBuf::from).into();
        let page = Path::new("docs/cli.en.md");
        let text = "[中文](cli.md) [old](legacy.md) [code](reference/codes.md#E9106) [source](../crates/x.rs) [web](https://x.example)";
        assert_eq!(
            relinked(text, page, &LANGS[1], &pages),
            "[中文](../../../zh/book/docs/cli.html) [old](../docs/legacy.en.html) [code](../docs/reference/codes.html#E9106) source \
             [web](https://x.example)"
        );
    }
}
