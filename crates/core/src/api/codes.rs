//! Every code the platform is known to answer.

use crate::model::Code;

pub(crate) static CODES: &[Code] = &[];
pub(crate) static FAIL_CAUSES: &[crate::model::FailCause] = &[];
