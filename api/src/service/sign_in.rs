//! Proving who one is: owners by a one-time code on their phone, staff by login and password.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{sign_in_code, staff, vocab::PrincipalKind};

use super::{
    Services,
    guess::{Guess, address_key, forget, throttle},
    session::{self, Tokens},
};
use crate::{
    auth::{
        password::PasswordError,
        secret::{constant_time_eq, token_hash},
        viewer::Viewer,
    },
    clock::random_digits,
    domain::{phone, span::is_running, throttle::Tries},
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn},
};

/// How long a code is good.
const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// How many tries a code has.
const CODE_TRIES: i32 = 5;

const CODE_DIGITS: usize = 6;

/// Longer ones are wrong without being hashed.
const LONGEST_PASSWORD: usize = 128;

/// How many codes a phone is sent, how many one address asks for, and how many everybody together: each one costs money.
const CODES_OF_A_PHONE: (i32, TimeDelta) = (5, TimeDelta::hours(1));
const CODES_FROM_AN_ADDRESS: (i32, TimeDelta) = (100, TimeDelta::hours(1));
const CODES_OF_EVERYBODY: (i32, TimeDelta) = (10_000, TimeDelta::hours(1));

/// How many wrong passwords a login has in a window before it must wait.
const WRONG_PASSWORDS: Tries = Tries { most: 10, window: TimeDelta::minutes(15), longest_wait: TimeDelta::hours(4) };

/// How many wrong codes a phone has in an hour, over all codes.
const WRONG_CODES: Tries = Tries { most: 15, window: TimeDelta::hours(1), longest_wait: TimeDelta::hours(8) };

/// Sends a code to a phone. The answer is the same for a phone that nobody has, so it tells nothing about customers.
pub async fn request_code(services: &Services, phone_text: &str, from: Option<IpAddr>) -> Result<DateTime<Utc>> {
    let phone = read_phone(phone_text)?;
    let now = services.now();
    let phone_hash = services.vault.phone_hash(&phone);
    throttle(services, &format!("code:{phone_hash}"), CODES_OF_A_PHONE, "phone").await?;
    if let Some(address) = from {
        throttle(services, &address_key(services, "codes-from", address), CODES_FROM_AN_ADDRESS, "phone").await?;
    }
    throttle(services, "codes", CODES_OF_EVERYBODY, "phone").await?;
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
pub async fn with_code(
    services: &Services,
    (phone_text, code): (&str, &str),
    device_name: Option<&str>,
    from: Option<IpAddr>,
) -> Result<Tokens> {
    let phone = read_phone(phone_text)?;
    let wrong = || Error::fault(FaultCode::WrongCredentials, "code", Message::WrongCode);
    let now = services.now();
    let phone_hash = services.vault.phone_hash(&phone);
    let tries = (format!("code-try:{phone_hash}"), WRONG_CODES);
    let guess = Guess::begin(services, tries, from, "code").await?;
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
    guess.was_right(&tx).await?;
    store::sign_in::take_back_codes(&tx, &phone_hash, now).await?;
    let tokens = session::open(services, &tx, PrincipalKind::Owner, owner.id, device_name).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Signs a member of staff in.
pub async fn with_password(
    services: &Services,
    (login, given): (&str, &str),
    device_name: Option<&str>,
    from: Option<IpAddr>,
) -> Result<Tokens> {
    let wrong = || Error::fault(FaultCode::WrongCredentials, "password", Message::WrongPassword);
    let login = login.trim();
    if login.is_empty() || login.chars().count() > 100 {
        return Err(wrong());
    }
    let guess = Guess::begin(services, (password_key(login), WRONG_PASSWORDS), from, "password").await?;
    let staff = store::staff::by_login(services.db.reader(), login).await?;
    let hash = staff.as_ref().filter(|staff| staff.is_active).and_then(|staff| staff.password_hash.clone());
    let (Some(staff), true) = (staff, check_password(services, hash, given).await?) else { return Err(wrong()) };
    let tx = services.db.begin().await?;
    // Disabled, or given another password, since it was compared: no session may come after that.
    let still = store::staff::present(&tx, &Viewer::system(), staff.id).await?;
    if !still.is_some_and(|still| still.is_active && still.password_hash == staff.password_hash) {
        return Err(wrong());
    }
    guess.was_right(&tx).await?;
    let tokens = session::open(services, &tx, PrincipalKind::Staff, staff.id, device_name).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Whether somebody who is signed in knows the password too. Wrong tries count as those at the door do.
pub(super) async fn prove(services: &Services, staff: &staff::Model, given: &str, from: Option<IpAddr>) -> Result<()> {
    let field = "currentPassword";
    let guess = Guess::begin(services, (password_key(&staff.login), WRONG_PASSWORDS), from, field).await?;
    if !check_password(services, staff.password_hash.clone(), given).await? {
        return Err(not_the_present_one());
    }
    guess.was_right(services.db.writer()).await
}

pub(super) fn not_the_present_one() -> Error {
    Error::fault(FaultCode::WrongCredentials, "currentPassword", Message::NotThePresentPassword)
}

/// Forgets the wrong tries at a password that was replaced.
pub(super) async fn forget_tries(conn: &impl Conn, login: &str) -> Result<()> {
    forget(conn, &password_key(login)).await
}

fn password_key(login: &str) -> String {
    format!("password:{}", token_hash(login))
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
    phone::normalize(text).ok_or_else(|| Error::fault(FaultCode::Invalid, "phone", Message::NotAMainlandNumber))
}

fn code_hash(phone_hash: &str, code: &str) -> String {
    token_hash(&format!("{phone_hash}:{code}"))
}
