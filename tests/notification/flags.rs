//! What the flags of channels say when they can't be used, before a server starts.

use std::{path::Path, sync::Arc};

use anju::{
    channel::Channels,
    clock::{Clock, Ids, SystemClock},
    config::{Cli, Command, ServeArgs},
    start,
};
use clap::Parser;
use entity::vocab::{NotificationChannel, PushService};

use crate::harness::browser::{APPLE_KEY, VAPID_KEY, service_account};

fn parsed(more: &[&str]) -> Result<ServeArgs, String> {
    let all = ["anju", "serve", "--database-url", "sqlite://nowhere.db"].iter().chain(more);
    match Cli::try_parse_from(all).map_err(|error| error.to_string())?.command {
        Command::Serve(args) => Ok(*args),
        other => panic!("{other:?}"),
    }
}

/// The channels that a server would start with, or what it says.
fn opened(more: &[&str]) -> Result<Channels, String> {
    let args = parsed(more)?;
    let (clock, ids): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(Ids::new()));
    let known = start::open_authorities(&args.outbound).map_err(|error| error.to_string())?;
    let channels = start::open_channels(&args.channels, &clock, &ids, &known).map_err(|error| error.to_string())?;
    let outbound = start::open_outbound(&args.outbound, &known);
    start::open_push(channels, &args.push, &outbound, &clock, &known).map_err(|error| error.to_string())
}

fn says(more: &[&str]) -> String {
    match opened(more) {
        Ok(channels) => panic!("{more:?} is taken: {:?}", channels.kinds().collect::<Vec<_>>()),
        Err(said) => said,
    }
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn without_flags_nothing_leaves_the_house() {
    assert!(opened(&[]).unwrap().is_empty());
}

#[test]
fn each_channel_is_opened_by_its_own_flags() {
    let folder = tempfile::tempdir().unwrap();
    let (google, apple) =
        (file(folder.path(), "google.json", &service_account(1)), file(folder.path(), "apple.p8", &APPLE_KEY));
    let secret = ["--message-webhook-secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"];
    let apple = ["--apns-key", &apple, "--apns-key-id", "K", "--apns-team-id", "T", "--apns-topic", "example.anju"];
    let with_mail = ["--smtp-url", "smtps://user:p%40ss@mail.example.com", "--mail-from", "Anju <a@example.com>"];
    let kinds = |more: &[&str]| opened(more).unwrap().kinds().collect::<Vec<_>>();
    assert_eq!(kinds(&with_mail), [NotificationChannel::Email]);
    assert_eq!(
        kinds(&[&["--sms-webhook-url", "https://gateway.example.com/"][..], &secret].concat()),
        [NotificationChannel::Sms]
    );
    let web = ["--vapid-key", VAPID_KEY.as_str(), "--vapid-contact", "mailto:it@example.com"];
    for (more, service) in [
        (&web[..], PushService::WebPush),
        (&["--fcm-credentials", &google], PushService::Fcm),
        (&apple, PushService::Apns),
        (&["--hms-client-id", "104567890", "--hms-client-secret", "s", "--hms-category", "WORK"], PushService::Hms),
    ] {
        let channels = opened(more).unwrap();
        assert!(channels.push(service).is_some() && channels.kinds().eq([NotificationChannel::Push]), "{more:?}");
    }
    assert!(opened(&web).unwrap().web_push_key().is_some());
}

#[test]
fn what_can_t_be_used_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let junk = file(folder.path(), "junk", "{}");
    let broken = file(folder.path(), "ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let no_address = file(folder.path(), "no-address.json", &service_account(1).replace("http://", "ftp://"));
    let apple = ["--apns-key", &junk, "--apns-key-id", "K", "--apns-team-id", "T", "--apns-topic", "example.anju"];
    let huawei = ["--hms-client-id", "104567890", "--hms-client-secret", "s"];
    for (more, expected) in [
        (&["--smtp-url", "smtp://mail.example.com"][..], "--mail-from"),
        (
            &["--smtp-url", "mail.example.com", "--mail-from", "a@example.com"],
            "--smtp-url can't be used: it is not a URL such as",
        ),
        (&["--smtp-url", "smtp://mail.example.com", "--mail-from", "nobody"], "--mail-from takes an address such as"),
        (&["--sms-webhook-url", "https://gateway.example.com/"], "--message-webhook-secret"),
        (
            &["--wechat-webhook-url", "gateway", "--message-webhook-secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
            "--wechat-webhook-url can't be used",
        ),
        (&["--vapid-key", &VAPID_KEY], "--vapid-contact"),
        (
            &["--vapid-key", "abc", "--vapid-contact", "mailto:it@example.com"],
            "`npx web-push generate-vapid-keys` makes one",
        ),
        (&["--vapid-key", &VAPID_KEY, "--vapid-contact", "it@example.com"], "--vapid-contact takes mailto:"),
        (
            &["--fcm-credentials", "/nowhere/google.json"],
            "--fcm-credentials /nowhere/google.json can't be used: No such file",
        ),
        (&["--fcm-credentials", &junk], "as the Firebase console makes it"),
        (&["--fcm-credentials", &no_address], "token_uri is not an http or https URL"),
        (&["--apns-key", &junk], "--apns-key-id"),
        (&apple, "as the developer account makes it"),
        (&["--hms-client-id", "104567890"], "--hms-client-secret"),
        (&["--hms-client-secret", "s"], "--hms-client-id"),
        (
            &["--hms-client-id", "my app", "--hms-client-secret", "s"],
            "AppGallery Connect shows it under Project settings",
        ),
        (
            &["--hms-client-id", "104567890", "--hms-client-secret", "s\n"],
            "--hms-client-secret takes the client secret",
        ),
        (&[&huawei[..], &["--hms-category", "work"]].concat(), "--hms-category takes a category that Huawei"),
        (&[&huawei[..], &["--hms-url", "push.example.com"]].concat(), "--hms-url takes an http or https URL"),
        (&[&huawei[..], &["--hms-token-url", "ftp://example.com"]].concat(), "--hms-token-url takes an http or https"),
        (
            &["--outbound-ca", "/nowhere/authority.pem"],
            "--outbound-ca /nowhere/authority.pem can't be used: No such file",
        ),
        (&["--outbound-ca", &junk], "it holds no certificate; it must be PEM"),
        (&["--outbound-ca", &broken], "a certificate in it can't be read"),
    ] {
        let said = says(more);
        assert!(said.contains(expected), "{more:?}: {said}");
    }
}

#[test]
fn no_secret_is_repeated_in_what_is_said() {
    let said = says(&["--smtp-url", "smtp://user:hunter2@[", "--mail-from", "a@example.com"]);
    assert!(!said.contains("hunter2"), "{said}");
    let said = says(&["--vapid-key", "hunter2hunter2", "--vapid-contact", "mailto:it@example.com"]);
    assert!(!said.contains("hunter2"), "{said}");
    let said = says(&["--hms-client-id", "1", "--hms-client-secret", "hunter2 hunter2"]);
    assert!(!said.contains("hunter2"), "{said}");
}
