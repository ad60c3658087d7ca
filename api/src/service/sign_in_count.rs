//! How attempts to sign in end, as an operator counts them: guessing shows before anybody complains.

use super::Services;
use crate::error::{Error, FaultCode, Result};

/// Counts how an attempt ended, and passes it on.
pub fn counted<T>(services: &Services, way: &'static str, attempt: Result<T>) -> Result<T> {
    services.metrics.sign_in(way, outcome(&attempt));
    attempt
}

fn outcome<T>(attempt: &Result<T>) -> &'static str {
    match attempt {
        Ok(_) => "ok",
        Err(Error::Invalid(faults)) if faults.iter().any(|fault| fault.code == FaultCode::Throttled) => "throttled",
        Err(Error::Busy | Error::Internal(_)) => "failed",
        Err(_) => "refused",
    }
}
