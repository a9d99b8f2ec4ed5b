//! What a worker keeps of its orders: a file for each, replaced in one step, so that a kill at any moment leaves the old
//! text or the new one.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// How far an order is, as its file tells.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kept {
    /// There is no file: nothing was ever sent.
    New,
    /// It may have been sent. With the snapshot of the call in progress, if there is one.
    Open(Option<String>),
    /// It is issued; its seal is missing.
    Sealing,
    /// It has ended, so: and its invoices.
    Ended(String, Vec<Invoice>),
}

/// An invoice as the caller knows it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Invoice {
    pub(crate) serial: String,
    pub(crate) status: String,
    /// With tax, in cents.
    pub(crate) cents: u64,
}

/// The folder of all workers' files.
#[derive(Clone, Debug)]
pub(crate) struct Files(PathBuf);

impl Files {
    pub(crate) fn open(dir: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(dir)?;
        Ok(Self(dir.to_owned()))
    }

    /// What is kept of the order.
    ///
    /// # Errors
    /// If the file can't be read.
    pub(crate) fn read(&self, number: &str) -> io::Result<Kept> {
        let text = match std::fs::read(self.path(number)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Kept::New),
            text => text?,
        };
        let value: Value = serde_json::from_slice(&text)?;
        Ok(match value["state"].as_str().unwrap_or_default() {
            "open" => Kept::Open(value["call"].as_str().map(str::to_owned)),
            "sealing" => Kept::Sealing,
            end => {
                let invoices = value["invoices"].as_array().into_iter().flatten().map(Invoice::read);
                Kept::Ended(end.to_owned(), invoices.collect())
            }
        })
    }

    /// Replaces what is kept, on disk before it comes back.
    ///
    /// # Errors
    /// If the file can't be written.
    pub(crate) fn write(&self, number: &str, kept: &Kept) -> io::Result<()> {
        let value = match kept {
            Kept::New => return Ok(()),
            Kept::Open(call) => json!({ "state": "open", "call": call }),
            Kept::Sealing => json!({ "state": "sealing" }),
            Kept::Ended(end, invoices) => {
                json!({ "state": end, "invoices": invoices.iter().map(Invoice::json).collect::<Vec<_>>() })
            }
        };
        nnopen_store::private::replace(&self.path(number), &[value.to_string().as_bytes()])
    }

    fn path(&self, number: &str) -> PathBuf {
        self.0.join(format!("{number}.json"))
    }
}

impl Invoice {
    fn read(value: &Value) -> Self {
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Self { serial: text("serial"), status: text("status"), cents: value["cents"].as_u64().unwrap_or_default() }
    }

    fn json(&self) -> Value {
        json!({ "serial": self.serial, "status": self.status, "cents": self.cents })
    }
}

/// Cents of an amount such as `113.00`.
pub(crate) fn cents(amount: &str) -> Option<u64> {
    let (yuan, rest) = amount.split_once('.').unwrap_or((amount, "00"));
    let rest = format!("{rest:0<2}");
    (rest.len() == 2).then_some(())?;
    yuan.parse::<u64>().ok()?.checked_mul(100)?.checked_add(rest.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_comes_back() {
        let dir = tempfile::tempdir().expect("a folder");
        let files = Files::open(dir.path()).expect("a folder");
        assert_eq!(files.read("A").expect("nothing"), Kept::New);
        let invoice = Invoice { serial: "1".to_owned(), status: "2".to_owned(), cents: cents("113.5").expect("cents") };
        assert_eq!(invoice.cents, 11_350);
        for kept in [
            Kept::Open(None),
            Kept::Open(Some("{}".to_owned())),
            Kept::Sealing,
            Kept::Ended("issued".to_owned(), vec![invoice]),
        ] {
            files.write("A", &kept).expect("written");
            assert_eq!(files.read("A").expect("read"), kept);
        }
    }
}
