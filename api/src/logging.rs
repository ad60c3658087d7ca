//! The log: lines on standard error, written by a thread of its own. Whoever has something to say never waits for whoever
//! reads it: while a terminal, a pipe or a disk behind standard error stands still, lines wait up to a bound, then new ones
//! are dropped and counted. A server that stood still with its log would stop serving because nobody looks at it.

use std::{
    io::{self, BufWriter, IsTerminal, Stderr, Write},
    sync::OnceLock,
    thread,
    time::Duration,
};

use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt};

use crate::{
    config::{LogArgs, LogFormat},
    telemetry::Telemetry,
};

/// How many lines wait for the reader, of some 300 bytes each.
const LINES: usize = 16 * 1024;

/// How long the log's thread leaves new lines alone when it has written all that there were. Whoever writes a line wakes it
/// only when it waits for one; and a server that logs each request would wake it, and have it write, for each of them.
const REST: Duration = Duration::from_millis(10);

/// A process has one log.
static DROPPED: OnceLock<ErrorCounter> = OnceLock::new();

/// Writes what waits when it is dropped, for a second at most.
#[must_use = "lines that still wait are lost without it"]
pub struct Log(#[expect(dead_code, reason = "held for what its end does")] WorkerGuard);

/// Begins the log of this process, beside what goes to the collector of traces.
pub fn start(args: &LogArgs, telemetry: Option<&Telemetry>) -> Result<Log, String> {
    // Of dozens of migrations one line is enough, which is ours; unless somebody asks for the others by name.
    let filter = format!("{}=warn,{}", migration::LOG_TARGET, args.log);
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("--log can't be read: {error}"))?;
    let builder = NonBlockingBuilder::default().buffered_lines_limit(LINES).thread_name("anju-log");
    let (writer, guard) = builder.finish(InPeace(BufWriter::new(io::stderr())));
    DROPPED.get_or_init(|| writer.error_counter());
    match telemetry {
        None => tracing_subscriber::registry().with(lines(args, writer)).with(filter).init(),
        Some(telemetry) => {
            let lines = lines(args, writer).with_filter(filter);
            tracing_subscriber::registry().with(telemetry.layer()).with(lines).init();
        }
    }
    Ok(Log(guard))
}

fn lines<S>(args: &LogArgs, writer: NonBlocking) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(io::stderr().is_terminal());
    match args.log_format {
        LogFormat::Pretty => lines.compact().boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    }
}

/// Standard error, to which lines go together. The log's thread flushes when no line waits.
struct InPeace(BufWriter<Stderr>);

impl Write for InPeace {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    // The log's thread has nothing else to do.
    #[allow(clippy::disallowed_methods)]
    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.0.flush();
        thread::sleep(REST);
        flushed
    }
}

/// How many lines nobody took in time.
pub fn dropped_lines() -> u64 {
    DROPPED.get().map_or(0, |dropped| u64::try_from(dropped.dropped_lines()).unwrap_or(u64::MAX))
}
