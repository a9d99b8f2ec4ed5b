//! Who we are: settings from the environment, else from a file; never from arguments.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use nnopen::{Config, Environment, Error, Role, Secret, Session};

use crate::trouble::{Trouble, summary};
use crate::words::{note, say, speak};

/// Every setting, as an environment variable or a line `NAME=VALUE` of the file.
const NAMES: [&str; 10] = [
    "NNOPEN_APP_KEY",
    "NNOPEN_APP_SECRET",
    "NNOPEN_TAX_NUM",
    "NNOPEN_ENV",
    "NNOPEN_ROLE",
    "NNOPEN_TOKEN",
    "NNOPEN_URL",
    "NNOPEN_TOKEN_URL",
    "NNOPEN_CA_FILE",
    "NNOPEN_STATE_DIR",
];

/// The settings that were found.
pub(crate) struct Settings(BTreeMap<&'static str, String>);

impl Settings {
    /// Reads the file, then the environment, which wins.
    pub(crate) fn load() -> Result<Self, Trouble> {
        let mut values = match config_file() {
            Some((path, named)) => read_file(&path, named)?,
            None => BTreeMap::new(),
        };
        for name in NAMES {
            match env::var(name) {
                Ok(value) if !value.is_empty() => {
                    values.insert(name, value);
                }
                Ok(_) | Err(env::VarError::NotPresent) => {}
                Err(env::VarError::NotUnicode(_)) => {
                    let what = format!("{name}: {}", say("不是 UTF-8 文本", "is no UTF-8"));
                    return Err(Trouble::input(what, "改用 UTF-8 文本", "Use UTF-8 text"));
                }
            }
        }
        Ok(Self(values))
    }

    /// A setting, if it is there.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// What a session is made from.
    pub(crate) fn config(&self) -> Result<Config, Trouble> {
        let missing: Vec<&str> =
            ["NNOPEN_APP_KEY", "NNOPEN_APP_SECRET"].into_iter().filter(|name| self.get(name).is_none()).collect();
        if !missing.is_empty() {
            return Err(Trouble::input(
                format!("{}{}", say("缺少设置：", "missing: "), missing.join(say("、", ", "))),
                "设为环境变量，或写进配置文件（每行 名称=值，权限 600）；先用 nnopen demo 试试则无需任何设置",
                "Set them in the environment or in the settings file (NAME=VALUE, mode 600); nnopen demo needs none",
            ));
        }
        let text = |name: &str| self.get(name).unwrap_or_default().to_owned();
        let permanent_token = self.get("NNOPEN_TOKEN").map(Secret::from);
        Ok(Config {
            environment: self.environment()?,
            app_key: text("NNOPEN_APP_KEY"),
            app_secret: Secret::from(text("NNOPEN_APP_SECRET")),
            tax_num: text("NNOPEN_TAX_NUM"),
            role: self.role()?,
            shared: permanent_token.is_none(),
            permanent_token,
        })
    }

    /// A session, with what looks wrong told on stderr.
    pub(crate) fn session(&self) -> Result<Session, Trouble> {
        let session = Session::new(self.config()?).map_err(|error| named(&error))?;
        for warning in session.warnings() {
            note(&format!("⚠ {}", speak(warning)));
        }
        Ok(session)
    }

    /// The certificate file to trust besides the well-known authorities.
    pub(crate) fn ca_file(&self) -> Option<&Path> {
        self.get("NNOPEN_CA_FILE").map(Path::new)
    }

    /// Where tokens and journal entries are kept.
    pub(crate) fn state_dir(&self) -> Result<PathBuf, Trouble> {
        let dir = self.get("NNOPEN_STATE_DIR").map(PathBuf::from).or_else(nnopen_store::default_folder);
        dir.ok_or_else(|| {
            Trouble::input(
                say("没有主目录", "there is no home directory"),
                "用 NNOPEN_STATE_DIR 指定状态目录",
                "Name a directory by NNOPEN_STATE_DIR",
            )
        })
    }

    /// The platform: named, or where the addresses point, or by the look of the key.
    fn environment(&self) -> Result<Environment, Trouble> {
        let sandbox_key = self.get("NNOPEN_APP_KEY").is_some_and(|key| key.starts_with("SD"));
        let known = match self.get("NNOPEN_ENV") {
            Some("sandbox") => Environment::Sandbox,
            Some("production") => Environment::Production,
            Some(other) => return Err(one_of("NNOPEN_ENV", other, ["sandbox", "production"])),
            None if sandbox_key => Environment::Sandbox,
            None => Environment::Production,
        };
        let (service_url, token_url) = match (self.get("NNOPEN_URL"), self.get("NNOPEN_TOKEN_URL")) {
            (None, None) => return Ok(known),
            (Some(service), Some(token)) => (service.to_owned(), token.to_owned()),
            (Some(service), None) => (service.to_owned(), format!("{}/accessToken", origin(service))),
            (None, Some(token)) => (known.service_url().to_owned(), token.to_owned()),
        };
        Ok(Environment::Custom { service_url, token_url })
    }

    fn role(&self) -> Result<Role, Trouble> {
        match self.get("NNOPEN_ROLE") {
            None | Some("self_use") => Ok(Role::SelfUse),
            Some("service_provider") => Ok(Role::ServiceProvider),
            Some(other) => Err(one_of("NNOPEN_ROLE", other, ["self_use", "service_provider"])),
        }
    }
}

/// An error about a session's settings, with the names that people know them by.
fn named(error: &Error) -> Trouble {
    let mut trouble = Trouble::from(error.clone());
    for violation in &mut trouble.violations {
        violation.path = match violation.path.as_str() {
            "app_key" => "NNOPEN_APP_KEY",
            "app_secret" => "NNOPEN_APP_SECRET",
            "tax_num" => "NNOPEN_TAX_NUM",
            "permanent_token" => "NNOPEN_TOKEN",
            "service_url" => "NNOPEN_URL",
            "token_url" => "NNOPEN_TOKEN_URL",
            other => other,
        }
        .to_owned();
    }
    trouble.describe = summary(&trouble.violations).unwrap_or_else(|| trouble.describe.clone());
    trouble
}

fn one_of(name: &str, value: &str, [one, other]: [&str; 2]) -> Trouble {
    Trouble::input(
        format!("{name}: {}{value}", say("没有这个值：", "there is no ")),
        &format!("填 {one} 或 {other}"),
        &format!("It is {one} or {other}"),
    )
}

/// Scheme and host of an address.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    url[start..].find('/').map_or(url, |at| &url[..start + at])
}

/// The settings file, and whether someone named it.
fn config_file() -> Option<(PathBuf, bool)> {
    match env::var_os("NNOPEN_CONFIG").filter(|path| !path.is_empty()) {
        Some(path) => Some((path.into(), true)),
        None => config_home().map(|dir| (dir.join("config"), false)),
    }
}

#[cfg(target_os = "macos")]
const CONFIG_HOME: (&str, &str) = ("HOME", "Library/Application Support");
#[cfg(windows)]
const CONFIG_HOME: (&str, &str) = ("APPDATA", "");
#[cfg(not(any(windows, target_os = "macos")))]
const CONFIG_HOME: (&str, &str) = ("HOME", ".config");

/// Our folder in the one for settings.
fn config_home() -> Option<PathBuf> {
    let (home, usual) = CONFIG_HOME;
    let named = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let usual = || env::var_os(home).filter(|home| !home.is_empty()).map(|home| Path::new(&home).join(usual));
    Some(named.or_else(usual)?.join("nnopen"))
}

/// Reads `NAME=VALUE` lines; blank lines and those that begin with # are passed over, quotes around a value are taken off.
fn read_file(path: &Path, named: bool) -> Result<BTreeMap<&'static str, String>, Trouble> {
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !named => return Ok(BTreeMap::new()),
        result => result.map_err(|error| Trouble::file(path, &error))?,
    };
    let mut values = BTreeMap::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let known = line.split_once('=').and_then(|(name, value)| {
            let name = NAMES.into_iter().find(|known| *known == name.trim())?;
            Some((name, unquoted(value.trim())))
        });
        let Some((name, value)) = known else {
            return Err(Trouble::input(
                format!("{}:{}: {}", path.display(), index + 1, say("无法识别这一行", "this line is not understood")),
                "每行应为 名称=值，名称与环境变量相同，例如 NNOPEN_APP_KEY=…",
                "A line is NAME=VALUE, with the names of the environment variables, such as NNOPEN_APP_KEY=…",
            ));
        };
        if !value.is_empty() {
            values.insert(name, value.to_owned());
        }
    }
    if values.contains_key("NNOPEN_APP_SECRET") || values.contains_key("NNOPEN_TOKEN") {
        check_private(path)?;
    }
    Ok(values)
}

fn unquoted(value: &str) -> &str {
    let inner = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

/// A file that holds a secret is for its owner alone.
#[cfg(unix)]
fn check_private(path: &Path) -> Result<(), Trouble> {
    use std::os::unix::fs::PermissionsExt;

    let mode = std::fs::metadata(path).map_err(|error| Trouble::file(path, &error))?.permissions().mode();
    if mode & 0o007 != 0 {
        return Err(Trouble::input(
            format!(
                "{}: {}",
                path.display(),
                say("含有密钥，却可被其他用户读取", "holds a secret and others can read it")
            ),
            &format!("执行 chmod 600 {}", path.display()),
            &format!("Run chmod 600 {}", path.display()),
        ));
    }
    if mode & 0o070 != 0 {
        let what =
            say("含有密钥，同组用户可读取，建议 chmod 600", "holds a secret and its group can read it: chmod 600");
        note(&format!("⚠ {}: {what}", path.display()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_private(_: &Path) -> Result<(), Trouble> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_address_stands_beside_the_service() {
        assert_eq!(origin("http://127.0.0.1:8080/open/v1/services"), "http://127.0.0.1:8080");
        assert_eq!(origin("https://host"), "https://host");
        assert_eq!(origin("nonsense"), "nonsense");
    }

    #[test]
    fn quotes_around_a_value_are_taken_off() {
        assert_eq!((unquoted("\"a\""), unquoted("'a'"), unquoted("\"a"), unquoted("a")), ("a", "a", "\"a", "a"));
    }
}
