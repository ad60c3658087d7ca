//! `anju export`: a table of the whole company, or of one of its projects, in a file. Which rows it has and how they are
//! written is known to [`crate::service::export`] and [`crate::export`], as for whoever downloads it; here they are put where
//! the operator wants them.

use std::{
    io::{self, BufWriter, ErrorKind, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use futures_util::TryStreamExt;
use tempfile::NamedTempFile;

use super::{open_services, stop_signal};
use crate::{
    auth::viewer::Viewer,
    config::ExportArgs,
    error::Error,
    export::{Format, csv, workbook, workbook::WorkbookError},
    language::Language,
    service::{
        Services,
        export::{Narrowing, Order, Rows, Subject, begin},
    },
    start::StartError,
    store::{self, backup::file_of},
};

/// `anju export`
pub async fn run(args: ExportArgs) -> Result<ExitCode, StartError> {
    let url = &args.database.database_url;
    if args.database.is_embedded() && !file_of(url).is_some_and(|file| file.is_file()) {
        return Err(StartError::new(format!("there is no database at {url}; check --database-url")));
    }
    let services = open_services(&args.database, &args.keys).await?;
    let exported = match is_printed(&args.file) {
        // It leaves nothing to take away, and so is ended at once, also when nobody reads on.
        true => export(&services, &args).await,
        false => export_unless_stopped(&services, &args).await,
    };
    services.db.close().await;
    exported.map(|()| ExitCode::SUCCESS)
}

/// What is not whole when the program is told to stop is taken away with the work on it.
async fn export_unless_stopped(services: &Services, args: &ExportArgs) -> Result<(), StartError> {
    let stopped = stop_signal().map_err(|error| StartError::because("no signal can be heard")(&error))?;
    tokio::select! {
        exported = export(services, args) => exported,
        () = stopped => Err(StartError::new("stopped before the table was whole; nothing was written")),
    }
}

fn is_printed(file: &Path) -> bool {
    file == Path::new("-")
}

/// Writes what the arguments say.
pub async fn export(services: &Services, args: &ExportArgs) -> Result<(), StartError> {
    let format = format(args)?;
    let out = Out::open(&args.file)?;
    let order = order(services, args, format).await?;
    let rows = begin(services, &Viewer::system(), &order).await?;
    out.fill(rows, &order, format).await
}

fn format(args: &ExportArgs) -> Result<Format, StartError> {
    let by_name = || args.file.extension().and_then(|ending| Format::of(&ending.to_string_lossy().to_lowercase()));
    args.format.map(Into::into).or_else(by_name).ok_or_else(|| {
        let text =
            "say which kind of file it is: by a name that ends in .csv or .xlsx, or by --format csv or --format xlsx";
        StartError::new(text)
    })
}

async fn order(services: &Services, args: &ExportArgs, format: Format) -> Result<Order, StartError> {
    let subject = Subject::from(args.table);
    let months = (args.from_month, args.to_month);
    if subject != Subject::Figures && months != (None, None) {
        return Err(StartError::new("--from-month and --to-month narrow figures alone; leave them out"));
    }
    let project_id = match &args.project {
        Some(code) => Some(project(services, code).await?),
        None => None,
    };
    let narrowing = Narrowing { project_id, months, ..Narrowing::default() };
    let language = Language::from(args.language).into();
    Ok(Order { subject, narrowing, language, format: format.ending() })
}

async fn project(services: &Services, code: &str) -> Result<uuid::Uuid, StartError> {
    let projects = store::figure::projects(services.db.reader(), &Viewer::system(), None).await?;
    if let Some(project) = projects.iter().find(|project| project.code.eq_ignore_ascii_case(code)) {
        return Ok(project.id);
    }
    let known: Vec<String> = projects.iter().map(|project| format!("{} ({})", project.code, project.name)).collect();
    let advice = match known.is_empty() {
        true => "there is none at all: check --database-url".to_owned(),
        false => format!("--project takes one of {}", known.join(", ")),
    };
    Err(StartError::new(format!("there is no project with the code {code}; {advice}")))
}

/// Where the table goes.
enum Out {
    /// Under another name in the same folder, until it is whole. Only this user may read it; dropped, it is gone.
    File {
        path: PathBuf,
        part: NamedTempFile,
    },
    Stdout,
}

impl Out {
    fn open(path: &Path) -> Result<Self, StartError> {
        if is_printed(path) {
            return Ok(Self::Stdout);
        }
        if path.is_dir() {
            return Err(StartError::new(format!("{} is a folder; name the file in it", path.display())));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let part = tempfile::Builder::new().prefix(".anju-export-").tempfile_in(folder);
        let part = part.map_err(|error| unwritten(path, &error))?;
        Ok(Self::File { path: path.to_owned(), part })
    }

    async fn fill(self, rows: Rows, order: &Order, format: Format) -> Result<(), StartError> {
        match self {
            Self::File { path, mut part } => {
                match write(rows, order, format, BufWriter::new(part.as_file_mut())).await {
                    Ok(()) => {}
                    Err(Broken::Rows(error)) => {
                        let (why, file) = (StartError::from(error), path.display());
                        return Err(StartError::new(format!("{why}; {file} was not written: run it again")));
                    }
                    Err(Broken::Out(error)) => return Err(unwritten(&path, &error)),
                }
                part.as_file().sync_all().map_err(|error| unwritten(&path, &error))?;
                part.persist(&path).map_err(|error| unwritten(&path, &error.error))?;
                eprintln!("anju: {} holds the whole table", path.display());
                Ok(())
            }
            Self::Stdout => match write(rows, order, format, BufWriter::new(io::stdout())).await {
                Ok(()) => Ok(()),
                // A reader who has gone away has what it wanted.
                Err(Broken::Out(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
                Err(Broken::Out(error)) => Err(StartError::because("standard output can't be written to")(&error)),
                Err(Broken::Rows(error)) => {
                    Err(StartError::new(format!("{}; what was printed is not whole", StartError::from(error))))
                }
            },
        }
    }
}

fn unwritten(path: &Path, error: &io::Error) -> StartError {
    StartError::because(&format!("{} can't be written", path.display()))(error)
}

/// Why a table is not whole.
enum Broken {
    Rows(Error),
    Out(io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Out(error)
    }
}

async fn write(rows: Rows, order: &Order, format: Format, mut out: impl Write) -> Result<(), Broken> {
    let (headings, language) = (order.subject.headings(), order.language);
    match format {
        Format::Csv => {
            let mut parts = csv::parts(headings, language, rows);
            while let Some(part) = parts.try_next().await.map_err(Broken::Rows)? {
                out.write_all(&part)?;
            }
        }
        Format::Xlsx => {
            let made = workbook(headings, language, rows).await;
            let mut file = made.map_err(|error| match error {
                WorkbookError::Rows(error) => Broken::Rows(error),
                unmade @ WorkbookError::Unwritten(_) => Broken::Out(io::Error::other(unmade)),
            })?;
            io::copy(&mut file, &mut out)?;
        }
    }
    Ok(out.flush()?)
}
