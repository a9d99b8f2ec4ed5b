//! What was sent, written down before it is sent: run again after a crash or a lost answer, a command asks first.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use fs4::fs_std::FileExt;
use nnopen::{Json, Millis};
use nnopen_store::private;
use sha2::{Digest, Sha256};

use crate::show::{object, set, text};
use crate::trouble::Trouble;
use crate::words::say;

/// The entries of one platform, a file each.
pub(crate) struct Journal {
    dir: PathBuf,
    environment: String,
}

/// One order number of one seller.
pub(crate) struct Entry {
    path: PathBuf,
    json: Json,
}

/// What the journal says before an order is sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Before {
    /// It was never sent, or its number is free again.
    New,
    /// It may have been sent: ask first.
    Sent,
}

/// Whether the number may stand for an order with this content, or surely does not: it was refused, or is another's.
const BOUND: &str = "bound";
const OPEN: &str = "open";

impl Journal {
    /// The journal in `state_dir`.
    pub(crate) fn open(state_dir: &Path, environment: &str) -> Result<Self, Trouble> {
        let dir = state_dir.join("journal");
        private::folder(&dir).map_err(|error| Trouble::file(&dir, &error))?;
        Ok(Self { dir, environment: environment.to_owned() })
    }

    /// Enters an order before it is sent, and tells whether it may have been sent before.
    ///
    /// # Errors
    /// `input`, if its number was sent with other content.
    pub(crate) fn enter(
        &self,
        seller: &str,
        order_no: &str,
        body: &str,
        now: Millis,
    ) -> Result<(Entry, Before), Trouble> {
        let path = self.dir.join(format!("{}.json", &hash(&[&self.environment, seller, order_no])[..40]));
        let content = hash(&[body]);
        let _lock = lock(&self.dir.join("lock"))?;
        let earlier = read(&path)?;
        if let Some(earlier) = &earlier {
            let same = text(earlier, "sha256") == content;
            if !same && text(earlier, "number") != OPEN {
                return Err(other_content(order_no, &path));
            }
        }
        let entry = Entry {
            path,
            json: object([
                ("version", 1.into()),
                ("environment", self.environment.as_str().into()),
                ("seller", seller.into()),
                ("orderNo", order_no.into()),
                ("sha256", content.as_str().into()),
                ("at", earlier.as_ref().and_then(|entry| entry.get("at").cloned()).unwrap_or(now.0.into())),
                ("number", BOUND.into()),
                ("outcome", Json::Null),
            ]),
        };
        entry.write()?;
        Ok((entry, if earlier.is_some() { Before::Sent } else { Before::New }))
    }
}

impl Entry {
    /// It came to its end, or to what is known of it so far.
    pub(crate) fn ended(self, outcome: &str) -> Result<(), Trouble> {
        self.with("outcome", outcome).write()
    }

    /// No order with this content came of it: another content may be tried, after asking.
    pub(crate) fn open(self) -> Result<(), Trouble> {
        self.with("number", OPEN).write()
    }

    /// Nothing was done: as if it had never been entered.
    pub(crate) fn free(self) -> Result<(), Trouble> {
        private::remove(&self.path).map_err(|error| Trouble::file(&self.path, &error))
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        set(&mut self.json, name, value);
        self
    }

    fn write(&self) -> Result<(), Trouble> {
        private::replace(&self.path, &[self.json.to_string().as_bytes()])
            .map_err(|error| Trouble::file(&self.path, &error))
    }
}

/// Waits for the lock on the file `path`, which it makes. The lock ends with the value, or with the process.
fn lock(path: &Path) -> Result<File, Trouble> {
    let locked = || {
        let file = private::lock_file(path)?;
        FileExt::lock_exclusive(&file)?;
        Ok(file)
    };
    locked().map_err(|error| Trouble::file(path, &error))
}

/// SHA-256 over parts, each ended by a zero byte, as lower-case hex.
fn hash(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.as_bytes());
        sha.update([0]);
    }
    sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Result<Option<Json>, Trouble> {
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        result => result.map_err(|error| Trouble::file(path, &error))?,
    };
    let unreadable = || {
        Trouble::input(
            format!("{}: {}", path.display(), say("日志条目无法识别", "this journal entry can't be read")),
            "先用 nnopen query 查询该订单，确认后再删除这个文件",
            "Ask for the order with nnopen query before you delete this file",
        )
    };
    let entry = Json::parse(&text).map_err(|_| unreadable())?;
    let known = entry.get("version").and_then(Json::token) == Some("1");
    if known { Ok(Some(entry)) } else { Err(unreadable()) }
}

fn other_content(order_no: &str, path: &Path) -> Trouble {
    let what = say("这个订单号已用另一份内容提交过", "this order number was sent before with other content");
    Trouble::input(
        format!("{order_no}: {what}"),
        &format!("换一个订单号；先用 nnopen query 查询原订单的结果（记录在 {}）", path.display()),
        &format!(
            "Use a new order number; nnopen query tells what became of the first one (noted in {})",
            path.display()
        ),
    )
}
