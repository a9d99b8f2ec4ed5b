//! What pages point to, and that each stands in both languages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::tracked;
use crate::book::beside;
use crate::fault::Faults;

/// Pages that follow from the data, in both languages at once.
fn is_generated(page: &str) -> bool {
    page.starts_with("docs/reference/")
}

/// A guide is Chinese, `X.md`, with an English twin, `X.en.md`.
pub(super) fn twins(root: &Path, faults: &mut Faults) -> Result<(), String> {
    let guides: BTreeSet<String> = pages(root)?
        .into_iter()
        .filter(|page| page.starts_with("docs/") || page.starts_with("README"))
        .filter(|page| !is_generated(page))
        .collect();
    for page in &guides {
        let stem = page.trim_end_matches(".md").trim_end_matches(".en");
        for twin in [format!("{stem}.md"), format!("{stem}.en.md")] {
            if !guides.contains(&twin) {
                faults.add(page, "", format!("its twin {twin} is not there"));
            }
        }
    }
    Ok(())
}

/// Every link to a file leads to one, and to the reader's language; every one to a heading to that heading.
pub(super) fn links(root: &Path, faults: &mut Faults) -> Result<(), String> {
    let mut seen = 0;
    for page in pages(root)? {
        let text = fs::read_to_string(root.join(&page)).map_err(|error| format!("{page}: {error}"))?;
        for link in of(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            seen += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { PathBuf::from(&page) } else { beside(Path::new(&page), file) };
            if !root.join(&target).exists() {
                faults.add(&page, link, "leads nowhere");
            } else if is_foreign(&page, &target, |twin| root.join(twin).exists()) {
                faults.add(&page, link, "leads to a page that stands in this one's language too");
            } else if !anchor.is_empty() {
                let there = fs::read_to_string(root.join(&target)).unwrap_or_default();
                if !anchors(&there).contains(anchor) {
                    faults.add(&page, link, "leads to no heading");
                }
            }
        }
    }
    if seen == 0 { Err("no links were found".to_owned()) } else { Ok(()) }
}

/// Whether a page of two languages links to the other language of another page.
fn is_foreign(page: &str, target: &Path, is_there: impl Fn(&str) -> bool) -> bool {
    let target = target.to_string_lossy();
    let twin = |page: &str| {
        let stem = page.strip_suffix(".md")?;
        Some(stem.strip_suffix(".en").map_or_else(|| format!("{stem}.en.md"), |stem| format!("{stem}.md")))
    };
    let is_english = |page: &str| page.ends_with(".en.md");
    let (Some(ours), Some(theirs)) = (twin(page), twin(&target)) else { return false };
    is_english(page) != is_english(&target) && *target != *ours && is_there(&ours) && is_there(&theirs)
}

/// Every file of ours that a page names in code is there.
pub(super) fn named(root: &Path, faults: &mut Faults) -> Result<(), String> {
    for page in pages(root)? {
        let text = fs::read_to_string(root.join(&page)).map_err(|error| format!("{page}: {error}"))?;
        for name in prose(&text).flat_map(|line| line.split('`').skip(1).step_by(2)).filter(|name| is_ours(name)) {
            if !root.join(name).exists() {
                faults.add(&page, name, "is not there");
            }
        }
    }
    Ok(())
}

/// How many methods, codes and rules there are, wherever a page says so.
pub(super) fn counted(root: &Path, faults: &mut Faults) -> Result<(), String> {
    let api = crate::read(&root, faults);
    let things = [
        (" 个接口", api.methods.len()),
        (" methods", api.methods.len()),
        (" 个码", api.codes.len()),
        (" codes", api.codes.len()),
        (" sets of codes", api.enums.len()),
        (" rules", api.rules.len()),
    ];
    for page in pages(root)?.into_iter().filter(|page| !is_generated(page)) {
        let text = fs::read_to_string(root.join(&page)).map_err(|error| format!("{page}: {error}"))?;
        for (what, count) in things {
            for told in before(&text, what).filter(|told| *told != count) {
                faults.add(&page, format!("{told}{what}"), format!("there are {count}"));
            }
        }
    }
    Ok(())
}

/// The numbers that stand right before a word; not those that end a name such as V1.
fn before<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(word).filter_map(|(at, _)| {
        let rest = text[..at].trim_end_matches(|letter: char| letter.is_ascii_digit());
        text[rest.len()..at].parse().ok().filter(|_| !rest.ends_with(|letter: char| letter.is_ascii_alphabetic()))
    })
}

/// Whether a piece of code is a path that begins at the root.
fn is_ours(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-".contains(letter);
    let folder = name.split_once('/').map(|(folder, _)| folder);
    folder.is_some_and(|folder| OUR_FOLDERS.contains(&folder)) && name.chars().all(plain) && !name.contains("/dist/")
}

/// Folders at the root that no other project that we speak of has too.
const OUR_FOLDERS: [&str; 6] = ["api", "bindings", "crates", "docs", "examples", "fuzz"];

fn pages(root: &Path) -> Result<Vec<String>, String> {
    Ok(tracked(root)?.into_iter().filter(|file| file.ends_with(".md") && root.join(file).exists()).collect())
}

/// The lines of a page outside of its blocks of code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// The targets of the links in a page, code left out.
fn of(text: &str) -> Vec<&str> {
    // Every second piece between backticks is code.
    let pieces = prose(text).flat_map(|line| line.split('`').step_by(2));
    let links = pieces.flat_map(|piece| piece.split("](").skip(1).filter_map(|rest| rest.split(')').next()));
    links.filter(|link| !link.is_empty()).collect()
}

/// The anchors of a page's headings, as they are made on the common hosts, and those it sets itself.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let mut anchors = BTreeSet::new();
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        let set = line.split("id=\"").skip(1).filter_map(|rest| rest.split('"').next());
        anchors.extend(set.map(str::to_owned));
        let Some(heading) = line.strip_prefix('#').filter(|_| !fenced) else { continue };
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
        anchors.insert(kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect());
    }
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_outside_of_code() {
        let text = "[a](a.md) and `[b](b.md)` and [c](../c.md#d-e)\n```\n[d](d.md)\n```\n![e](e.png)";
        assert_eq!(of(text), ["a.md", "../c.md#d-e", "e.png"]);
        assert_eq!(beside(Path::new("docs/x/y.md"), "../c.md"), PathBuf::from("docs/c.md"));
    }

    #[test]
    fn a_page_links_to_pages_of_its_language() {
        let there = ["a.md", "a.en.md", "b.md", "b.en.md", "one.md"];
        let foreign = |page, target| is_foreign(page, Path::new(target), |twin| there.contains(&twin));
        assert!(foreign("a.en.md", "b.md") && foreign("a.md", "b.en.md"));
        assert!(!foreign("a.en.md", "b.en.md") && !foreign("a.en.md", "a.md") && !foreign("a.en.md", "one.md"));
        assert!(!foreign("one.md", "b.en.md"), "a page of one language links as it likes");
    }

    #[test]
    fn paths_of_ours_are_told_from_other_code() {
        assert!(is_ours("crates/core/src/lib.rs") && is_ours("docs/benchmarks.md"));
        for other in ["crates/*/src", "api/<group>", "nnopen/file", "crates", "examples/preview/dist/index.html"] {
            assert!(!is_ours(other), "{other}");
        }
    }

    #[test]
    fn numbers_before_a_word_are_found() {
        let text = "226 codes and 92 sets of codes, R5 codes";
        assert_eq!(before(text, " codes").collect::<Vec<_>>(), [226]);
        assert_eq!(before("60 个接口、两个接口", " 个接口").collect::<Vec<_>>(), [60]);
    }

    #[test]
    fn headings_become_anchors() {
        let found = anchors("# 先看：`nnopen demo`\n## Two Words\n<a id=\"E9106\"></a>\n```\n# no heading\n```");
        let expected = ["E9106", "two-words", "先看nnopen-demo"].map(str::to_owned);
        assert_eq!(found, BTreeSet::from(expected));
    }
}
