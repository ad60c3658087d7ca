//! Proving who one is: owners by a one-time code on their phone, staff by login and password.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{sign_in_code, vocab::PrincipalKind};

use super::{
    Services,
    session::{self, Tokens},
};
use crate::{
    auth::{
        password::PasswordError,
        secret::{constant_time_eq, token_hash},
    },
    clock::random_digits,
    domain::{phone, span::is_running},
    error::{Error, FaultCode, Result},
    store,
};

/// How long a code is good.
const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// How many tries a code has.
const CODE_TRIES: i32 = 5;

const CODE_DIGITS: usize = 6;

/// Longer ones are wrong without being hashed.
const LONGEST_PASSWORD: usize = 128;

/// How many codes a phone is sent in an hour.
const CODES_PER_HOUR: i32 = 5;

/// How many wrong passwords a login has in a window before it must wait for its end.
const WRONG_PASSWORDS: i32 = 10;
const PASSWORD_WINDOW: TimeDelta = TimeDelta::minutes(15);

/// How many wrong codes a phone has in an hour, over all codes.
const WRONG_CODES: i32 = 15;

/// Sends a code to a phone. The answer is the same for a phone that nobody has, so it tells nothing about customers.
pub async fn request_code(services: &Services, phone_text: &str) -> Result<DateTime<Utc>> {
    let phone = read_phone(phone_text)?;
    let now = services.now();
    let phone_hash = services.vault.phone_hash(&phone);
    throttle(services, &format!("code:{phone_hash}"), CODES_PER_HOUR, TimeDelta::hours(1), "phone").await?;
    let expires_at = now + CODE_LIFETIME;
    let code = random_digits(CODE_DIGITS);
    let id = services.new_id(now);
    let known = store::owner::by_phone_hash(services.db.reader(), &phone_hash).await?.is_some();
    let row = sign_in_code::Model {
        id,
        code_hash: code_hash(&phone_hash, &code),
        phone_hash,
        expires_at,
        attempts: 0,
        consumed_at: None,
        created_at: now,
    };
    let tx = services.db.begin().await?;
    store::sign_in::take_back_codes(&tx, &row.phone_hash, now).await?;
    store::sign_in::add_code(&tx, row).await?;
    tx.commit().await?;
    if known {
        let delivery = std::sync::Arc::clone(&services.delivery);
        // Sent aside, so that the time of the answer does not tell whether the phone is known.
        tokio::spawn(async move {
            if let Err(error) = delivery.deliver(&phone, &code, expires_at).await {
                tracing::error!(%error, "a sign-in code was not delivered");
            }
        });
    }
    Ok(expires_at)
}

/// Signs an owner in.
pub async fn with_code(services: &Services, phone_text: &str, code: &str, device_name: Option<&str>) -> Result<Tokens> {
    let phone = read_phone(phone_text)?;
    let wrong =
        || Error::fault(FaultCode::WrongCredentials, "code", "The code is wrong or has expired. Ask for a new one.");
    let now = services.now();
    let phone_hash = services.vault.phone_hash(&phone);
    throttle(services, &format!("code-try:{phone_hash}"), WRONG_CODES, TimeDelta::hours(1), "code").await?;
    let newest = store::sign_in::newest_code(services.db.reader(), &phone_hash).await?;
    let sent = newest.filter(|sent| is_running(sent.expires_at, CODE_LIFETIME, now)).ok_or_else(wrong)?;
    if !store::sign_in::count_try(services.db.writer(), sent.id, CODE_TRIES).await? {
        return Err(wrong());
    }
    if !constant_time_eq(sent.code_hash.as_bytes(), code_hash(&phone_hash, code.trim()).as_bytes()) {
        return Err(wrong());
    }
    let tx = services.db.begin().await?;
    let owner = store::owner::by_phone_hash(&tx, &phone_hash).await?.ok_or_else(wrong)?;
    if !store::sign_in::consume(&tx, sent.id, now).await? {
        return Err(wrong());
    }
    store::sign_in::take_back_codes(&tx, &phone_hash, now).await?;
    store::sign_in::forget(&tx, &format!("code-try:{phone_hash}")).await?;
    let tokens = session::open(services, &tx, PrincipalKind::Owner, owner.id, device_name).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Signs a member of staff in.
pub async fn with_password(services: &Services, login: &str, given: &str, device_name: Option<&str>) -> Result<Tokens> {
    let wrong = || Error::fault(FaultCode::WrongCredentials, "password", "Login or password is wrong.");
    let login = login.trim();
    if login.is_empty() || login.chars().count() > 100 {
        return Err(wrong());
    }
    let key = format!("password:{}", token_hash(login));
    throttle(services, &key, WRONG_PASSWORDS, PASSWORD_WINDOW, "password").await?;
    let staff = store::staff::by_login(services.db.reader(), login).await?;
    let hash = staff.as_ref().filter(|staff| staff.is_active).and_then(|staff| staff.password_hash.clone());
    let (Some(staff), true) = (staff, check_password(services, hash, given).await?) else { return Err(wrong()) };
    let tx = services.db.begin().await?;
    store::sign_in::forget(&tx, &key).await?;
    let tokens = session::open(services, &tx, PrincipalKind::Staff, staff.id, device_name).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Takes the same time whether or not the login exists.
async fn check_password(services: &Services, hash: Option<String>, given: &str) -> Result<bool> {
    if given.chars().count() > LONGEST_PASSWORD {
        return Ok(false);
    }
    let checked = match hash {
        Some(hash) => services.passwords.verify(given.to_owned(), hash).await,
        None => services.passwords.dummy_verify(given.to_owned()).await.map(|()| false),
    };
    checked.map_err(|error| match error {
        PasswordError::Busy => Error::Busy,
        error => Error::internal(error),
    })
}

fn read_phone(text: &str) -> Result<String> {
    phone::normalize(text)
        .ok_or_else(|| Error::fault(FaultCode::Invalid, "phone", "This is not a mainland mobile number of 11 digits."))
}

fn code_hash(phone_hash: &str, code: &str) -> String {
    token_hash(&format!("{phone_hash}:{code}"))
}

/// Counts a try and refuses it when there were too many.
pub(super) async fn throttle(services: &Services, key: &str, most: i32, window: TimeDelta, field: &str) -> Result<()> {
    let tries = store::sign_in::hit(services.db.writer(), key, window, services.now()).await?;
    if tries <= most {
        return Ok(());
    }
    let message = format!("Too many tries. Wait up to {} minutes.", window.num_minutes());
    Err(Error::fault(FaultCode::Throttled, field, message))
}
