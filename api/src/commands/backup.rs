//! `anju backup` and `anju restore`: the whole database in one file. PostgreSQL's own programs do it for PostgreSQL.
//! A file gets its name when it is whole, so half of one is never taken for a backup.

mod postgres;

use std::{
    fs::{self, File},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use super::PoolOptions;
use crate::{
    config::{BackupArgs, DatabaseArgs},
    start::StartError,
    store::{
        backup::{self, analyse, copy_to, fault_of_copy, is_blank},
        db::Db,
    },
};

/// Copying a large database takes longer than any request may.
const PATIENCE: Duration = Duration::from_secs(6 * 60 * 60);

/// `anju backup`
pub async fn backup(args: BackupArgs) -> Result<ExitCode, StartError> {
    let target = Target::create(&args.file)?;
    if args.database.is_embedded() {
        embedded_file(&args.database)?.try_exists().ok().filter(|exists| *exists).ok_or_else(|| missing(&args))?;
        let db = connect(&args.database).await?;
        let copied = copy_to(&db, &target.part).await;
        db.close().await;
        copied?;
    } else {
        postgres::dump(&args.database.database_url, &target.part).await?;
    }
    target.finish()?;
    eprintln!("anju: the database is in {}; its pictures and the master key are not", args.file.display());
    Ok(ExitCode::SUCCESS)
}

fn missing(args: &BackupArgs) -> StartError {
    StartError::new(format!("there is no database at {}; check --database-url", args.database.database_url))
}

/// `anju restore`
pub async fn restore(args: BackupArgs) -> Result<ExitCode, StartError> {
    if !args.file.is_file() {
        return Err(StartError::new(format!("there is no file {}", args.file.display())));
    }
    if args.database.is_embedded() {
        restore_embedded(&args).await?;
    } else {
        restore_postgres(&args).await?;
    }
    eprintln!("anju: the backup is restored; run `anju migrate` if this version is newer than the backup");
    Ok(ExitCode::SUCCESS)
}

async fn restore_postgres(args: &BackupArgs) -> Result<(), StartError> {
    let db = connect(&args.database).await?;
    refuse_unless_blank(&db).await?;
    postgres::load(&args.database.database_url, &args.file).await?;
    analyse(&db).await?;
    db.close().await;
    Ok(())
}

async fn restore_embedded(args: &BackupArgs) -> Result<(), StartError> {
    let file = embedded_file(&args.database)?;
    // Opening it also clears away what a lost database may have left beside it, which would spoil the new one.
    let db = connect(&args.database).await?;
    let blank = refuse_unless_blank(&db).await;
    db.close().await;
    blank?;
    let copy = Target::beside(&file)?;
    fs::copy(&args.file, &copy.part).map_err(|error| StartError::because("the backup can't be copied")(&error))?;
    if let Some(fault) = fault_of_copy(&copy.part).await {
        return Err(StartError::new(format!("{} can't be restored: {fault}", args.file.display())));
    }
    copy.finish()
}

async fn connect(args: &DatabaseArgs) -> Result<Db, StartError> {
    let options =
        PoolOptions { max_connections: 2, statement_timeout: PATIENCE, slow_statement: PATIENCE, ..Default::default() };
    let failed = StartError::because("the database can't be opened; check --database-url");
    Db::connect(&args.database_url, options).await.map_err(|error| failed(&error))
}

async fn refuse_unless_blank(db: &Db) -> Result<(), StartError> {
    if is_blank(db).await? {
        return Ok(());
    }
    Err(StartError::new(
        "the database is not empty; nothing was changed. Restore into a new one (`createdb …`, or another file), \
         look at it, and then let the servers use that",
    ))
}

fn embedded_file(args: &DatabaseArgs) -> Result<PathBuf, StartError> {
    backup::file_of(&args.database_url).ok_or_else(|| StartError::new("--database-url names no file"))
}

/// A file that is being written, under another name until it is whole. It is removed when that fails.
struct Target {
    file: PathBuf,
    part: PathBuf,
}

impl Target {
    /// A new file. One that is there already is somebody's backup, and stays.
    fn create(file: &Path) -> Result<Self, StartError> {
        if file.exists() {
            return Err(StartError::new(format!("{} is there already; nothing was changed", file.display())));
        }
        Self::beside(file)
    }

    /// What is written will take the place of `file`. Only this user may read it.
    fn beside(file: &Path) -> Result<Self, StartError> {
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        let target = Self { file: file.to_owned(), part: part.into() };
        let opened = File::options().write(true).create(true).truncate(true).mode(0o600).open(&target.part);
        opened.map_err(|error| target.because(&error))?;
        Ok(target)
    }

    /// Puts the whole file in its place, and both on the disk.
    fn finish(self) -> Result<(), StartError> {
        self.put_in_place().map_err(|error| self.because(&error))
    }

    fn put_in_place(&self) -> io::Result<()> {
        File::open(&self.part)?.sync_all()?;
        fs::rename(&self.part, &self.file)?;
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }

    fn because(&self, error: &io::Error) -> StartError {
        StartError::because(&format!("{} can't be written", self.file.display()))(error)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // After a success there is none any more.
        let _ = fs::remove_file(&self.part);
    }
}
