//! Passwords of staff: what is accepted, and hashing with Argon2id so that a stolen table is slow to guess and sign-in
//! takes neither all threads nor all memory. Who signs in and how often they may try is not known here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE32_NOPAD;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::clock::random_bytes;

/// OWASP's parameters for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How long a sign-in waits for its turn before it is told that the server is busy.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

pub const MIN_CHARS: usize = 10;
pub const MAX_CHARS: usize = 128;

/// Why a new password is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("a password has at least 10 characters")]
    TooShort,
    #[error("a password has at most 128 characters")]
    TooLong,
    #[error("a password is not the same character over and over")]
    Monotonous,
}

/// Why a password could not be hashed or compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("too many sign-ins at once")]
    Busy,
    #[error("the stored password hash cannot be read")]
    BadHash,
}

/// Whether a new password is good enough. Length is what counts; rules about symbols only make people write it down.
pub fn check(password: &str) -> Result<(), WeakPassword> {
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return Err(WeakPassword::TooShort);
    }
    if chars > MAX_CHARS {
        return Err(WeakPassword::TooLong);
    }
    let first = password.chars().next();
    if password.chars().all(|char| Some(char) == first) {
        return Err(WeakPassword::Monotonous);
    }
    Ok(())
}

/// A password that nobody chose: 80 random bits in four groups of letters and digits that are not mistaken for each other.
pub fn generate() -> String {
    let letters = BASE32_NOPAD.encode(&random_bytes::<10>()).to_lowercase();
    let groups: Vec<&str> = (0..letters.len()).step_by(4).map(|at| &letters[at..at + 4]).collect();
    groups.join("-")
}

/// Hashes and compares passwords, a few at a time.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    dummy: Arc<str>,
    longest_wait: Duration,
    done: Arc<AtomicU64>,
}

impl Passwords {
    /// Hashing for at most so many at once; each takes 19 MiB and a thread for some hundredths of a second.
    pub fn new(at_once: usize) -> Passwords {
        Passwords {
            turns: Arc::new(Semaphore::new(at_once)),
            dummy: hash_now(&random_bytes::<16>()).into(),
            longest_wait: LONGEST_WAIT,
            done: Arc::default(),
        }
    }

    /// The hash to store, as a PHC string with its own salt and parameters.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.in_turn(move || hash_now(password.as_bytes())).await
    }

    /// Whether the password is the one the hash was made of.
    pub async fn verify(&self, password: String, hash: String) -> Result<bool, PasswordError> {
        self.in_turn(move || verify_now(password.as_bytes(), &hash)).await?
    }

    /// Takes as long as [`Passwords::verify`] and comes to nothing: called for a login that does not exist, so that the
    /// time of the answer does not tell which logins do.
    pub async fn dummy_verify(&self, password: String) -> Result<(), PasswordError> {
        let dummy = Arc::clone(&self.dummy);
        self.in_turn(move || verify_now(password.as_bytes(), &dummy).map(drop)).await?
    }

    /// How many hashes were computed so far: that two answers take the same work is shown by counting.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Runs `work` on a blocking thread. The turn ends with the work, not with the request: a client that hangs up
    /// early does not let one more in.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
        let turn = self.wait_for_turn().await?;
        let count = Arc::clone(&self.done);
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            count.fetch_add(1, Ordering::Relaxed);
            drop(turn);
            result
        });
        // Only a runtime that is shutting down cancels blocking work before it began.
        done.await.map_err(|_| PasswordError::Busy)
    }

    async fn wait_for_turn(&self) -> Result<OwnedSemaphorePermit, PasswordError> {
        let turn = Arc::clone(&self.turns).acquire_owned();
        match tokio::time::timeout(self.longest_wait, turn).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(PasswordError::Busy),
        }
    }
}

fn argon2id() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &[u8]) -> String {
    argon2id()
        .hash_password_with_salt(password, &random_bytes::<16>())
        .expect("a salt of 16 bytes and any password below 4 GiB can be hashed")
        .to_string()
}

fn verify_now(password: &[u8], hash: &str) -> Result<bool, PasswordError> {
    let hash = PasswordHash::new(hash).map_err(|_| PasswordError::BadHash)?;
    match argon2id().verify_password(password, &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(_) => Err(PasswordError::BadHash),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters() {
        let cases = [
            ("short", Err(WeakPassword::TooShort)),
            ("九个汉字不够长的呀", Err(WeakPassword::TooShort)),
            ("十个汉字就已经够长了", Ok(())),
            ("correct horse", Ok(())),
            ("aaaaaaaaaaaa", Err(WeakPassword::Monotonous)),
            (&"ab".repeat(64), Ok(())),
            (&"ab".repeat(65), Err(WeakPassword::TooLong)),
        ];
        for (password, expected) in cases {
            assert_eq!(check(password), expected, "{password}");
        }
    }

    #[test]
    fn what_is_generated_is_good_enough_and_never_the_same() {
        let [one, other] = [generate(), generate()];
        assert_eq!((check(&one), one.len()), (Ok(()), 19));
        assert_ne!(one, other);
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_and_no_other() {
        let passwords = Passwords::new(2);
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(passwords.verify("correct horse".into(), hash.clone()).await, Ok(true));
        assert_eq!(passwords.verify("correct hors".into(), hash.clone()).await, Ok(false));
        assert_ne!(passwords.hash("correct horse".into()).await.unwrap(), hash, "salted");
    }

    #[tokio::test]
    async fn hashes_that_are_none_are_an_error_and_not_a_mismatch() {
        let passwords = Passwords::new(1);
        for hash in ["", "plain", "$argon2id$v=19$m=19456,t=2,p=1$AAAA"] {
            assert_eq!(passwords.verify("x".into(), hash.into()).await, Err(PasswordError::BadHash), "{hash}");
        }
    }

    #[tokio::test]
    async fn a_dummy_does_the_work_of_a_real_one() {
        let passwords = Passwords::new(1);
        let dummy = PasswordHash::new(&passwords.dummy).unwrap();
        let real = passwords.hash("correct horse".into()).await.unwrap();
        let real = PasswordHash::new(&real).unwrap();
        assert_eq!((dummy.algorithm, dummy.version, &dummy.params), (real.algorithm, real.version, &real.params));
        assert_eq!(passwords.dummy_verify("anything".into()).await, Ok(()));
    }

    #[tokio::test]
    async fn whoever_waits_too_long_for_a_turn_is_told_so() {
        let passwords = Passwords { longest_wait: Duration::from_millis(1), ..Passwords::new(1) };
        let taken = passwords.wait_for_turn().await.unwrap();
        assert_eq!(passwords.dummy_verify("x".into()).await, Err(PasswordError::Busy));
        drop(taken);
        assert!(passwords.wait_for_turn().await.is_ok());
    }

    #[tokio::test]
    async fn a_turn_is_kept_until_the_work_is_done_although_nobody_waits_for_it() {
        let passwords = Passwords::new(1);
        let (finish, finished) = std::sync::mpsc::channel::<()>();
        let (begin, begun) = tokio::sync::oneshot::channel();
        let request = tokio::spawn({
            let passwords = passwords.clone();
            async move {
                let work = move || {
                    begin.send(()).unwrap();
                    finished.recv().unwrap();
                };
                passwords.in_turn(work).await
            }
        });
        begun.await.unwrap();
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
        assert_eq!(passwords.turns.available_permits(), 0);
        finish.send(()).unwrap();
        drop(passwords.wait_for_turn().await.unwrap());
    }
}
