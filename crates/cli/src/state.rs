//! The token snapshot: a file for its owner alone, replaced in one step, under a lock while a token is fetched.
//!
//! 50 token calls in 30 days are all that the platform takes, and a new token voids the old one: programs that run side by
//! side share one token through this file. Whoever needs a new one takes the lock and looks into the file first.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use fs4::fs_std::FileExt;
use nnopen::{Json, Secret, Session};
use sha2::{Digest, Sha256};

use crate::show::text;
use crate::trouble::Trouble;

/// Where one session's snapshot is kept.
pub(crate) struct Store {
    path: PathBuf,
    /// Four digits that most likely differ for another secret, and tell nothing about it.
    mark: String,
}

/// The code of a used-up quota.
const QUOTA: &str = "070306";

/// While it lives, no other program fetches a token for this session.
pub(crate) struct Lock(#[allow(dead_code)] File);

impl Store {
    /// The file of `session` in `dir`: one for each platform, application and merchant. Its name tells none of them.
    pub(crate) fn of(session: &Session, secret: &Secret, dir: &Path) -> Result<Self, Trouble> {
        let identity = Json::parse(&session.snapshot()).unwrap_or_default();
        let parts = ["environment", "appKey", "taxNum"].map(|name| text(&identity, name));
        private_dir(dir).map_err(|error| Trouble::file(dir, &error))?;
        let mark = hash(&[parts[1], secret.expose()])[..4].to_owned();
        Ok(Self { path: dir.join(format!("token-{}.json", &hash(&parts)[..32])), mark })
    }

    /// Waits until no other program holds the lock.
    pub(crate) fn lock(&self) -> Result<Lock, Trouble> {
        lock(&self.path.with_extension("lock"))
    }

    /// Takes over what is in the file. A token that the platform has just refused (the session holds it no more) is not
    /// taken back, and leaves the file too: for that, hold the lock.
    pub(crate) fn restore(&self, session: &Session, refused: Option<&str>) -> Result<(), Trouble> {
        let snapshot = match std::fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            result => result.map_err(|error| Trouble::file(&self.path, &error))?,
        };
        let ours = session.snapshot();
        session.restore(&self.without_old_refusal(snapshot)).map_err(|_| self.unusable())?;
        let taken_back = session.token().is_some_and(|token| Some(token.access.expose()) == refused);
        if taken_back {
            // Our own state again; the ledgers stay joined.
            session.restore(&ours)?;
            self.save(session)?;
        }
        Ok(())
    }

    /// Replaces the file.
    pub(crate) fn save(&self, session: &Session) -> Result<(), Trouble> {
        let mark = self.path.with_extension("mark");
        if std::fs::read_to_string(&mark).ok().as_deref() != Some(&self.mark) {
            replace(&mark, &self.mark).map_err(|error| Trouble::file(&mark, &error))?;
        }
        replace(&self.path, &session.snapshot()).map_err(|error| Trouble::file(&self.path, &error))
    }

    /// After the platform refused key and secret, nothing is asked for ten minutes. That is for the secret of then: who
    /// has mended it need not wait. A used-up quota stays.
    fn without_old_refusal(&self, snapshot: String) -> String {
        let mark = std::fs::read_to_string(self.path.with_extension("mark")).unwrap_or_default();
        let Ok(Json::Object(mut members)) = Json::parse(&snapshot) else { return snapshot };
        let Some((_, pause)) = members.iter_mut().find(|(name, _)| name == "pause") else { return snapshot };
        match text(pause, "code") {
            "" | QUOTA => snapshot,
            _ if mark == self.mark => snapshot,
            _ => {
                *pause = Json::Null;
                Json::Object(members).to_string()
            }
        }
    }

    fn unusable(&self) -> Trouble {
        Trouble::input(
            format!("{}: the token snapshot can't be read", self.path.display()),
            "令牌快照已损坏：确认近 30 天的取令牌次数后删除该文件",
            "The token snapshot is broken: delete it, minding that it counted the token calls of 30 days",
        )
    }
}

/// Waits for the lock on the file `path`, which it makes. The lock ends with the value, or with the process.
pub(crate) fn lock(path: &Path) -> Result<Lock, Trouble> {
    let locked = || {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        owner_only(&mut options);
        let file = options.open(path)?;
        FileExt::lock_exclusive(&file)?;
        Ok(Lock(file))
    };
    locked().map_err(|error| Trouble::file(path, &error))
}

/// Writes a file for its owner alone, in one step: whoever reads it sees the old text or the new one, even after a crash.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(dir)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_dir(dir)
}

/// Takes a file away, for good.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => path.parent().map_or(Ok(()), sync_dir),
    }
}

/// SHA-256 over parts, each ended by a zero byte, as lower-case hex.
pub(crate) fn hash(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.as_bytes());
        sha.update([0]);
    }
    sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes a folder for its owner alone.
pub(crate) fn private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

#[cfg(not(unix))]
fn owner_only(_: &mut OpenOptions) {}

/// A rename is only safe from a power cut once its folder is on disk.
#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}
