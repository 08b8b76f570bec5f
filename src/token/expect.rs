//! The caller's expectations of a token, beyond a good signature and the right time.

use crate::error::{Code, Error};
use crate::token::json::{JsonReader, Read, read_object};

/// Longest token accepted unless the caller says otherwise: 64 MiB, three times the workspace of 100,000 assistants.
pub const DEFAULT_MAX_BYTES: u64 = 64 << 20;

/// The caller's expectations of a token. The default expects only a good signature and the right time.
#[derive(Clone, Debug, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Expect {
    /// `iss` must be this.
    #[cfg_attr(bindings, tsify(optional))]
    pub issuer: Option<String>,
    /// `aud` must be or contain this.
    #[cfg_attr(bindings, tsify(optional))]
    pub audience: Option<String>,
    /// The facts must be those of the organization of this id.
    #[cfg_attr(bindings, tsify(optional))]
    pub organization: Option<String>,
    /// The lowest epoch accepted: the highest one seen. In a later epoch every version is accepted.
    #[cfg_attr(bindings, tsify(optional))]
    pub min_epoch: Option<u64>,
    /// The lowest version accepted in that epoch (0 if absent): the highest one seen, so that an old snapshot cannot come back.
    #[cfg_attr(bindings, tsify(optional))]
    pub min_version: Option<u64>,
    /// How far clocks may differ, in seconds. It widens `nbf` and `exp`.
    #[cfg_attr(bindings, tsify(optional))]
    pub clock_tolerance: u64,
    /// Longest token, in bytes; 64 MiB if absent.
    #[cfg_attr(bindings, tsify(optional))]
    pub max_bytes: Option<u64>,
}

impl Expect {
    /// Reads expectations, in the names of the npm package's options.
    ///
    /// # Errors
    /// [`Code::InvalidOptions`] with the name of the option.
    pub fn from_json(json: &str) -> Result<Expect, Error> {
        let mut expect = Expect::default();
        let mut reader = JsonReader::new(json.to_owned());
        let mut read = |reader: &mut JsonReader| -> Read<()> {
            read_object!(reader, {
                "issuer" => expect.issuer = Some(reader.owned()?),
                "audience" => expect.audience = Some(reader.owned()?),
                "organization" => expect.organization = Some(reader.owned()?),
                "minEpoch" => expect.min_epoch = Some(reader.integer()?),
                "minVersion" => expect.min_version = Some(reader.integer()?),
                "clockTolerance" => expect.clock_tolerance = reader.integer()?,
                "maxBytes" => expect.max_bytes = Some(reader.integer()?),
            });
            reader.finish()
        };
        read(&mut reader).map_err(|fault| Error::at(Code::InvalidOptions, &*fault.path, &fault.reason))?;
        Ok(expect)
    }
}
