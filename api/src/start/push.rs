//! The ways to people's devices, from their flags.

use std::{path::Path, sync::Arc};

use entity::vocab::PushService;

use super::StartError;
use crate::{
    authorities::Authorities,
    channel::{
        Channels,
        outbound::Outbound,
        push::{
            apns::{Apns, Identity},
            fcm::Fcm,
            hms::{Addresses, Application, Hms},
            web::WebPush,
        },
    },
    clock::Clock,
    config::PushArgs,
};

/// Adds the push services that are configured.
pub fn open_push(
    mut channels: Channels,
    args: &PushArgs,
    outbound: &Outbound,
    clock: &Arc<dyn Clock>,
    authorities: &Authorities,
) -> Result<Channels, StartError> {
    if let (Some(key), Some(contact)) = (&args.vapid_key, &args.vapid_contact) {
        let web = WebPush::new(key, contact, outbound.clone(), Arc::clone(clock));
        channels = channels.with_web_push(web.map_err(|error| unusable("--vapid-key")(&error))?);
    }
    if let Some(file) = &args.fcm_credentials {
        let fcm = Fcm::new(&read("--fcm-credentials", file)?, &args.fcm_url, Arc::clone(clock), authorities);
        let fcm = fcm.map_err(|error| unusable(&format!("--fcm-credentials {}", file.display()))(&error))?;
        channels = channels.with_push(PushService::Fcm, Arc::new(fcm));
    }
    if let (Some(file), Some(key_id), Some(team_id), Some(topic)) =
        (&args.apns_key, &args.apns_key_id, &args.apns_team_id, &args.apns_topic)
    {
        let identity = Identity { key: &read("--apns-key", file)?, key_id, team_id, topic };
        let apns = Apns::new(&identity, &args.apns_url, Arc::clone(clock), authorities);
        let apns = apns.map_err(|error| unusable(&format!("--apns-key {}", file.display()))(&error))?;
        channels = channels.with_push(PushService::Apns, Arc::new(apns));
    }
    if let (Some(client_id), Some(client_secret)) = (&args.hms_client_id, &args.hms_client_secret) {
        let application = Application { client_id, client_secret, category: args.hms_category.as_deref() };
        let addresses = Addresses { push: &args.hms_url, tokens: &args.hms_token_url };
        let hms = Hms::new(&application, &addresses, Arc::clone(clock), authorities);
        let hms = hms.map_err(|error| unusable("--hms-client-id")(&error))?;
        channels = channels.with_push(PushService::Hms, Arc::new(hms));
    }
    Ok(channels)
}

fn unusable(flag: &str) -> impl Fn(&dyn std::error::Error) -> StartError + use<> {
    let what = format!("{flag} can't be used");
    move |error| StartError::because(&what)(error)
}

fn read(flag: &str, file: &Path) -> Result<String, StartError> {
    let failed = |error: std::io::Error| unusable(&format!("{flag} {}", file.display()))(&error);
    std::fs::read_to_string(file).map_err(failed)
}
