//! The flags of push services.

use std::path::PathBuf;

use clap::Args;

/// By which services messages go to people's devices. Everybody has them in the inbox, whatever is given here.
#[derive(Args, Clone, Debug)]
pub struct PushArgs {
    /// The private key by which browsers' push services know this house, as `npx web-push generate-vapid-keys` makes it. Keep it: with another one, every browser has to subscribe anew. Without it, browsers are not pushed to.
    #[arg(long, env = "ANJU_VAPID_KEY", hide_env_values = true, value_name = "KEY", requires = "vapid_contact")]
    pub vapid_key: Option<String>,
    /// Whom a browser's push service turns to when something is wrong: `mailto:somebody@example.com`, or an https URL.
    #[arg(long, env = "ANJU_VAPID_CONTACT", value_name = "URL")]
    pub vapid_contact: Option<String>,
    /// The key of a service account of your Firebase project, as its console makes it. Without it, nothing goes out by FCM.
    #[arg(long, env = "ANJU_FCM_CREDENTIALS", value_name = "FILE.json")]
    pub fcm_credentials: Option<PathBuf>,
    /// Where FCM is, if not at Google. Tokens come from the `token_uri` of the file.
    #[arg(long, env = "ANJU_FCM_URL", default_value = "https://fcm.googleapis.com", value_name = "URL")]
    pub fcm_url: String,
    /// A key for Apple's push service, as the developer account makes it. Without it, nothing goes out by APNs.
    #[arg(long, env = "ANJU_APNS_KEY", value_name = "FILE.p8", requires_all = ["apns_key_id", "apns_team_id", "apns_topic"])]
    pub apns_key: Option<PathBuf>,
    /// The id of that key, 10 letters and digits.
    #[arg(long, env = "ANJU_APNS_KEY_ID", value_name = "ID")]
    pub apns_key_id: Option<String>,
    /// The id of the developer team.
    #[arg(long, env = "ANJU_APNS_TEAM_ID", value_name = "ID")]
    pub apns_team_id: Option<String>,
    /// The bundle id of the app.
    #[arg(long, env = "ANJU_APNS_TOPIC", value_name = "BUNDLE")]
    pub apns_topic: Option<String>,
    /// Where Apple's push service is; `https://api.sandbox.push.apple.com` for apps that are built for development.
    #[arg(long, env = "ANJU_APNS_URL", default_value = "https://api.push.apple.com", value_name = "URL")]
    pub apns_url: String,
    /// The OAuth 2.0 client id of your app at Huawei, digits, as AppGallery Connect shows it under Project settings. Without it, nothing goes out by HMS.
    #[arg(long, env = "ANJU_HMS_CLIENT_ID", value_name = "ID", requires = "hms_client_secret")]
    pub hms_client_id: Option<String>,
    /// The client secret that belongs to that id.
    #[arg(
        long,
        env = "ANJU_HMS_CLIENT_SECRET",
        hide_env_values = true,
        value_name = "SECRET",
        requires = "hms_client_id"
    )]
    pub hms_client_secret: Option<String>,
    /// What messages are, in Huawei's words, such as WORK, if Huawei has granted it to the app. Without one it counts them as marketing, and shows a phone two to five a day.
    #[arg(long, env = "ANJU_HMS_CATEGORY", value_name = "CATEGORY", requires = "hms_client_id")]
    pub hms_category: Option<String>,
    /// Where Huawei's push service is; it has addresses for other regions too.
    #[arg(long, env = "ANJU_HMS_URL", default_value = "https://push-api.cloud.huawei.com", value_name = "URL")]
    pub hms_url: String,
    /// Where its tokens come from.
    #[arg(
        long,
        env = "ANJU_HMS_TOKEN_URL",
        default_value = "https://oauth-login.cloud.huawei.com",
        value_name = "URL"
    )]
    pub hms_token_url: String,
}
