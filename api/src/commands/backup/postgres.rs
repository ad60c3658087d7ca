//! PostgreSQL's own programs for backups: where they are, and how they are called. The password goes by the environment,
//! since everybody on the machine can read a command line.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use percent_encoding::percent_decode_str;
use reqwest::Url;
use tokio::process::Command;

use crate::{start::StartError, store::backup::MARK};

/// Where Debian keeps the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// What PostgreSQL's programs understand of a database's address; the rest is for this program's own connections.
const UNDERSTOOD: [&str; 6] = ["sslmode", "sslrootcert", "sslcert", "sslkey", "host", "port"];

/// Writes the database into a file of PostgreSQL's custom format.
pub(super) async fn dump(url: &str, file: &Path) -> Result<(), StartError> {
    let mut command = program("pg_dump")?;
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--no-password", "--file"]).arg(file);
    run(connected(&mut command, url)?).await?;
    check(file).await
}

/// Puts a backup into an empty database, as a whole or not at all.
pub(super) async fn load(url: &str, file: &Path) -> Result<(), StartError> {
    check(file).await?;
    let mut command = program("pg_restore")?;
    command.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password"]);
    run(connected(&mut command, url)?.arg(file)).await.map(drop)
}

/// Whether a file is a backup of a database of ours.
async fn check(file: &Path) -> Result<(), StartError> {
    let mut command = program("pg_restore")?;
    let listed = run(command.arg("--list").arg(file)).await?;
    let is_ours = String::from_utf8_lossy(&listed.stdout).contains(&format!(" {MARK} "));
    if is_ours { Ok(()) } else { Err(StartError::new(format!("{} is no backup of Anju's", file.display()))) }
}

/// Says where the database is.
fn connected<'c>(command: &'c mut Command, address: &str) -> Result<&'c mut Command, StartError> {
    let unreadable = || StartError::new("--database-url can't be read");
    let mut url = Url::parse(address).map_err(|_| unreadable())?;
    if let Some(password) = url.password() {
        let password = percent_decode_str(password).decode_utf8().map_err(|_| unreadable())?.into_owned();
        command.env("PGPASSWORD", password);
        url.set_password(None).map_err(|()| unreadable())?;
    }
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| UNDERSTOOD.contains(&&**name))
        .map(|it| (it.0.into(), it.1.into()))
        .collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    Ok(command.arg("--dbname").arg(url.as_str()))
}

async fn run(command: &mut Command) -> Result<Output, StartError> {
    let output = command.stdin(Stdio::null()).output().await;
    let output = output.map_err(|error| StartError::because("PostgreSQL's program can't be started")(&error))?;
    if output.status.success() {
        return Ok(output);
    }
    Err(StartError::new(format!("PostgreSQL refuses: {}", String::from_utf8_lossy(&output.stderr).trim())))
}

fn program(name: &str) -> Result<Command, StartError> {
    let on_path = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    Ok(Command::new(find(name, on_path, Path::new(VERSIONS))?))
}

/// The program on the path, or else the newest of those that Debian keeps off it.
fn find(name: &str, mut places: Vec<PathBuf>, versions: &Path) -> Result<PathBuf, StartError> {
    let mut kept: Vec<PathBuf> =
        std::fs::read_dir(versions).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<f64>().ok();
    kept.sort_by(|one, other| version(other).partial_cmp(&version(one)).unwrap_or(std::cmp::Ordering::Equal));
    places.extend(kept.into_iter().map(|folder| folder.join("bin")));
    places.into_iter().map(|place| place.join(name)).find(|path| path.is_file()).ok_or_else(|| {
        StartError::new(format!(
            "{name} was not found on the PATH or under {VERSIONS}; install PostgreSQL's client programs, of the \
             server's version or newer (on Debian: postgresql-client)"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_comes_first_and_then_the_newest_version() {
        let folder = tempfile::tempdir().unwrap();
        let put = |place: &str| {
            let place = folder.path().join(place);
            std::fs::create_dir_all(&place).unwrap();
            std::fs::write(place.join("pg_dump"), "").unwrap();
            place
        };
        let versions = folder.path().join("versions");
        let missing = find("pg_dump", vec![folder.path().to_owned()], &versions).unwrap_err().to_string();
        assert!(missing.contains("pg_dump") && missing.contains("postgresql-client"), "{missing}");
        put("versions/9.6/bin");
        let newest = put("versions/15/bin");
        assert_eq!(find("pg_dump", vec![], &versions).unwrap(), newest.join("pg_dump"));
        let own = put("own");
        assert_eq!(find("pg_dump", vec![own.clone()], &versions).unwrap(), own.join("pg_dump"));
    }

    #[test]
    fn the_password_is_not_on_the_command_line() {
        let mut command = Command::new("pg_dump");
        let url = "postgres://anju:p%40ss%2Bword@db.example/anju?sslmode=require&statement-cache-capacity=0";
        connected(&mut command, url).unwrap();
        let command = command.as_std();
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_str().unwrap()).collect();
        assert_eq!(arguments, ["--dbname", "postgres://anju@db.example/anju?sslmode=require"]);
        let password = command.get_envs().find(|(name, _)| *name == "PGPASSWORD").and_then(|(_, value)| value);
        assert_eq!(password.unwrap(), "p@ss+word");
    }
}
