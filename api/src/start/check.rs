//! The configuration as a whole, before anything of it is opened: every fault is told at once, each with what to do about
//! it. Whether what it names can be reached is found when it is opened.

use std::sync::Arc;

use super::{
    StartError, open_authorities, open_blobs, open_channels, open_delivery, open_guard, open_outbound, push::open_push,
    read_key,
};
use crate::{
    channel::Channels,
    clock::{Clock, Ids, SystemClock},
    config::{ChannelArgs, ServeArgs},
};

/// What is wrong with a configuration, in the order of the flags.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn add(&mut self, what: impl Into<String>) {
        self.0.push(what.into());
    }

    fn add_if(&mut self, is_so: bool, what: impl Into<String>) {
        if is_so {
            self.add(what);
        }
    }

    /// What can't be made of a flag's value.
    fn of<T>(&mut self, outcome: Result<T, StartError>) {
        if let Err(error) = outcome {
            self.add(error.to_string());
        }
    }
}

/// Says everything that is wrong with what `anju serve` was started with.
pub fn check(args: &ServeArgs) -> Result<(), StartError> {
    let mut faults = Faults::default();
    check_database(args, &mut faults);
    check_production(args, &mut faults);
    if let Some(key) = &args.keys.master_key {
        faults.of(read_key("--master-key", key));
    }
    check_addresses(args, &mut faults);
    check_senders(args, &mut faults);
    faults.of(open_blobs(&args.attachments));
    faults.of(open_guard(&args.guard));
    faults.add_if(args.workers == 0, "--workers 0 would answer nobody; leave it out for one a core");
    match faults.0.len() {
        0 => Ok(()),
        1 => Err(StartError::new(faults.0.remove(0))),
        many => Err(StartError::new(format!("the configuration has {many} faults:\n  - {}", faults.0.join("\n  - ")))),
    }
}

fn check_database(args: &ServeArgs, faults: &mut Faults) {
    let is_postgres = |url: &str| url.starts_with("postgres://") || url.starts_with("postgresql://");
    let url = args.database.database_url.as_str();
    faults.add_if(
        !is_postgres(url) && !url.starts_with("sqlite:"),
        "--database-url must begin with postgres:// (a server) or sqlite:// (an embedded database)",
    );
    if let Some(replica) = &args.replica.replica_url {
        faults.add_if(
            !is_postgres(url) || !is_postgres(replica),
            "--replica-url names a streaming replica of a PostgreSQL database (postgres://…); leave it out, or move the \
             data to PostgreSQL and name that with --database-url",
        );
    }
}

/// What production mode insists on.
fn check_production(args: &ServeArgs, faults: &mut Faults) {
    if !args.keys.production {
        return;
    }
    faults.add_if(
        args.keys.master_key.is_none(),
        "--production needs --master-key; make one with `openssl rand -hex 32` and keep it",
    );
    faults.add_if(
        args.code_webhook_url.is_none(),
        "--production needs --code-webhook-url: sign-in codes must not go to the log",
    );
}

fn check_addresses(args: &ServeArgs, faults: &mut Faults) {
    for url in args.nats_url.iter().map(|url| url.trim()) {
        let is_known = ["nats://", "tls://", "ws://", "wss://"].iter().any(|scheme| url.starts_with(scheme));
        // What stands before an @ is a password.
        let shown = url.rsplit('@').next().unwrap_or(url);
        faults.add_if(
            url.contains("://") && !is_known,
            format!("--nats-url can't be used: {shown} is no address; it must begin with nats:// or tls://"),
        );
    }
    if let Some(url) = &args.otlp_endpoint {
        let is_http = url.starts_with("http://") || url.starts_with("https://");
        faults.add_if(!is_http, "--otlp-endpoint must begin with http:// or https://");
    }
    for origin in &args.allowed_origins {
        faults.add_if(
            !is_origin(origin),
            format!(
                "--allowed-origins {origin}: write it as browsers do, such as https://desk.example.com, without a path"
            ),
        );
    }
}

/// Whether a browser ever sends this as the origin of a page.
fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_host = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-:[]".contains(letter);
    rest.is_some_and(|host| !host.is_empty() && host.chars().all(is_host))
}

/// The ways out: each that is named, and each half of one that is of no use alone.
fn check_senders(args: &ServeArgs, faults: &mut Faults) {
    let (clock, ids): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(Ids::new()));
    let authorities = open_authorities(&args.outbound);
    let known = authorities.as_ref().cloned().unwrap_or_default();
    faults.of(authorities);
    faults.of(open_delivery(args, &clock, &ids, &known));
    let all = &args.channels;
    let from = all.mail_from.clone();
    let secret = all.message_webhook_secret.clone();
    for one in [
        ChannelArgs { smtp_url: all.smtp_url.clone(), mail_from: from, ..ChannelArgs::default() },
        ChannelArgs {
            sms_webhook_url: all.sms_webhook_url.clone(),
            message_webhook_secret: secret.clone(),
            ..ChannelArgs::default()
        },
        ChannelArgs {
            wechat_webhook_url: all.wechat_webhook_url.clone(),
            message_webhook_secret: secret,
            ..ChannelArgs::default()
        },
    ] {
        faults.of(open_channels(&one, &clock, &ids, &known));
    }
    let outbound = open_outbound(&args.outbound, &known);
    faults.of(open_push(Channels::default(), &args.push, &outbound, &clock, &known));
    let is_webhook = all.sms_webhook_url.is_some() || all.wechat_webhook_url.is_some();
    for (is_alone, what) in [
        (
            args.code_webhook_secret.is_some() && args.code_webhook_url.is_none(),
            "--code-webhook-secret is of no use without --code-webhook-url: name your gateway, or leave it out",
        ),
        (
            all.mail_from.is_some() && all.smtp_url.is_none(),
            "--mail-from is of no use without --smtp-url: name your mail server, or leave it out",
        ),
        (
            all.message_webhook_secret.is_some() && !is_webhook,
            "--message-webhook-secret is of no use without --sms-webhook-url or --wechat-webhook-url",
        ),
    ] {
        faults.add_if(is_alone, what);
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::{Cli, Command};

    fn faults(more: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().to_str().unwrap();
        let begin = ["anju", "serve", "--attachments", folder];
        let arguments = begin.iter().chain(more);
        let Command::Serve(args) = Cli::try_parse_from(arguments).unwrap().command else { panic!("no serve") };
        let Err(error) = check(&args) else { return Vec::new() };
        let text = error.to_string();
        let list: Vec<String> = text.split("\n  - ").map(str::to_owned).collect();
        if list.len() > 1 { list[1..].to_vec() } else { list }
    }

    const DATABASE: &[&str] = &["--database-url", "sqlite://anju.db"];

    #[test]
    fn a_sound_configuration_has_no_faults() {
        let key = "a".repeat(64);
        let all = ["--master-key", &key, "--allowed-origins", "https://desk.example.com,http://localhost:3000"];
        assert_eq!(faults(&[DATABASE, &all[..]].concat()), Vec::<String>::new());
    }

    #[test]
    fn all_faults_are_told_at_once_each_with_its_flag() {
        let found = faults(&[
            "--database-url",
            "mysql://db/anju",
            "--production",
            "--master-key",
            "short",
            "--nats-url",
            "http://nats:4222",
            "--otlp-endpoint",
            "collector:4318",
            "--allowed-origins",
            "https://desk.example.com/,desk.example.com",
            "--mail-from",
            "Anju <no-reply@example.com>",
            "--message-webhook-secret",
            "whsec_AAAA",
            "--documents-only",
            "/nowhere/documents.json",
            "--workers",
            "0",
        ]);
        let flags: Vec<&str> = found.iter().map(|fault| fault.split([' ', ':']).next().unwrap()).collect();
        assert_eq!(
            flags,
            [
                "--database-url",
                "--production",
                "--master-key",
                "--nats-url",
                "--otlp-endpoint",
                "--allowed-origins",
                "--allowed-origins",
                "--mail-from",
                "--message-webhook-secret",
                "--documents-only",
                "--workers",
            ],
            "{found:#?}"
        );
    }

    #[test]
    fn no_secret_is_repeated() {
        let secret = "whsec_not-base64-and-secret";
        let url = "https://gateway.example.com/codes";
        let more = ["--code-webhook-url", url, "--code-webhook-secret", secret, "--master-key", "hush-hush"];
        let found = faults(&[DATABASE, &more[..]].concat());
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(
            !found.iter().any(|fault| fault.contains("secret\"") || fault.contains(secret) || fault.contains("hush"))
        );
    }

    #[test]
    fn origins_are_those_that_browsers_send() {
        for good in ["https://desk.example.com", "http://127.0.0.1:3000", "http://[::1]:3000"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in
            ["*", "", "https://", "desk.example.com", "https://Desk.example.com", "https://a.com/", "ftp://a.com"]
        {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
