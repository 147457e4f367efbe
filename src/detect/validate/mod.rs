//! Validators: what a pattern cannot say. Check digits, ranges, grammar, surroundings.
//!
//! A validator has three answers. *Valid* makes a match all but certain, *invalid* drops it, *unknown* leaves the score as it
//! is. All are pure functions of the text in sight. [`VALIDATORS`] is the one place that lists them.

mod check_digits;
mod europe;
mod identity;
mod markings;
mod network;
mod overseas;
mod payment;
mod places;
mod secrets;
mod unlabelled;

/// What a validator thinks of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is what the rule looks for.
    Valid,
    /// It cannot be that.
    Invalid,
    /// Nothing can be said.
    Unknown,
}

impl From<bool> for Verdict {
    fn from(valid: bool) -> Self {
        if valid { Self::Valid } else { Self::Invalid }
    }
}

/// A value in the normalised text it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'t> {
    /// The normalised text.
    pub text: &'t str,
    /// Byte offset of the value.
    pub start: usize,
    /// Byte offset behind the value.
    pub end: usize,
}

impl<'t> Sight<'t> {
    /// The value.
    #[must_use]
    pub fn value(&self) -> &'t str {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// Up to `bytes` bytes before the value.
    #[must_use]
    pub fn before(&self, bytes: usize) -> &'t str {
        let from = (self.start.saturating_sub(bytes)..=self.start).find(|at| self.text.is_char_boundary(*at));
        self.text.get(from.unwrap_or(self.start)..self.start).unwrap_or_default()
    }

    /// Up to `bytes` bytes behind the value.
    #[must_use]
    pub fn after(&self, bytes: usize) -> &'t str {
        let to = (self.end..=self.end.saturating_add(bytes)).rev().find(|at| self.text.is_char_boundary(*at));
        self.text.get(self.end..to.unwrap_or(self.end)).unwrap_or_default()
    }

    /// The first of these lower-case words or phrases that stands as whole words within `distance` bytes before the value,
    /// in it, or within half of that behind it.
    #[must_use]
    pub fn near<'w>(&self, words: &'w [String], distance: usize) -> Option<&'w str> {
        if words.is_empty() {
            return None;
        }
        let before = self.before(distance);
        // A word that is cut off at the edge is not that word.
        let cut = before.len() < self.start
            && self.text.get(..self.start.saturating_sub(before.len())).is_some_and(ends_in_word);
        let before = if cut { before.trim_start_matches(char::is_alphanumeric) } else { before };
        let after = self.after(distance / 2);
        let rest = self.end.saturating_add(after.len());
        let cut = self.text.get(rest..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        let after = if cut { after.trim_end_matches(char::is_alphanumeric) } else { after };
        let mut around = String::with_capacity(before.len().saturating_add(after.len()).saturating_add(64));
        around.push(' ');
        for piece in [before, self.value().get(..self.value().len().min(256)).unwrap_or_default(), after] {
            for c in piece.chars() {
                if c.is_alphanumeric() {
                    around.extend(c.to_lowercase());
                } else if !around.ends_with(' ') {
                    around.push(' ');
                }
            }
        }
        around.push(' ');
        words.iter().map(String::as_str).find(|word| contains_words(&around, word))
    }

    /// The first of these keywords that stands near the value, ASCII letters in either case.
    #[must_use]
    pub fn keyword<'w>(&self, keywords: &'w [String], before: usize, after: usize) -> Option<&'w str> {
        if keywords.is_empty() {
            return None;
        }
        let value = self.value().get(..self.value().len().min(after)).unwrap_or_default();
        let around = [self.before(before), value, self.after(after)].concat().to_ascii_lowercase();
        keywords.iter().map(String::as_str).find(|keyword| around.contains(&keyword.to_ascii_lowercase()))
    }

    /// True for the digits behind the point of a decimal number: a sheet of measurements is no list of identifiers.
    #[must_use]
    pub fn is_fraction(&self) -> bool {
        let mut before = self.before(8).chars().rev();
        before.next() == Some('.')
            && before.next().is_some_and(|c| c.is_ascii_digit())
            && self.value().bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The line that the value stands in, as far as it is shorter than `most` bytes on either side.
    #[must_use]
    pub fn line(&self, most: usize) -> (&'t str, &'t str) {
        let before = self.before(most);
        let after = self.after(most);
        (before.rsplit('\n').next().unwrap_or_default(), after.split('\n').next().unwrap_or_default())
    }
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(char::is_alphanumeric)
}

/// True when `words` stands in `around`, in which all that is no letter or digit is one space. Words of scripts that are
/// written without spaces need none.
fn contains_words(around: &str, words: &str) -> bool {
    let spaced = words.chars().any(|c| (c as u32) < 0x0e00);
    around.match_indices(words).any(|(at, _)| {
        let before = around.get(..at).is_some_and(|text| text.ends_with(' '));
        let after =
            at.checked_add(words.len()).and_then(|end| around.get(end..)).is_some_and(|text| text.starts_with(' '));
        !spaced || (before && after)
    })
}

/// A named validator.
#[derive(Debug)]
pub struct Validator {
    /// The name that rules use.
    pub name: &'static str,
    /// What it means that a match is valid, for the explanation of a finding; empty where there is nothing special to say.
    pub says: &'static str,
    /// The validator itself.
    pub check: fn(&Sight<'_>) -> Verdict,
}

macro_rules! validators {
    ($($name:literal $says:literal $check:expr;)*) => {
        /// The one place that lists validators.
        pub static VALIDATORS: &[Validator] = &[$(Validator { name: $name, says: $says, check: $check }),*];
    };
}

validators! {
    // Payment
    "card" "check digit and issuer valid" |sight| payment::card(sight.value()).into();
    "iban" "check digits and length valid" |sight| payment::iban(sight.value()).into();
    "aba-routing" "check digit valid" |sight| payment::aba_routing(sight.value()).into();
    "bitcoin-address" "checksum valid" |sight| payment::bitcoin_address(sight.value()).into();
    // Identity
    "us-ssn" "" |sight| identity::us_ssn(sight.value());
    "us-itin" "" |sight| identity::us_itin(sight.value());
    "us-npi" "check digit valid" |sight| identity::us_npi(sight.value()).into();
    "uk-nino" "prefix valid" |sight| identity::uk_nino(sight.value()).into();
    "uk-nhs" "check digit valid" |sight| identity::uk_nhs(sight.value()).into();
    "in-aadhaar" "check digit valid" |sight| identity::in_aadhaar(sight.value()).into();
    "es-nif" "check letter valid" |sight| identity::es_nif(sight.value()).into();
    "it-codice-fiscale" "check letter valid" |sight| identity::it_codice_fiscale(sight.value()).into();
    "fr-nir" "key valid" |sight| identity::fr_nir(sight.value()).into();
    "de-steuer-id" "check digit valid" |sight| identity::de_steuer_id(sight.value()).into();
    "nl-bsn" "check digit valid" |sight| identity::nl_bsn(sight.value()).into();
    "pl-pesel" "check digit valid" |sight| identity::pl_pesel(sight.value()).into();
    "br-cpf" "check digits valid" |sight| identity::br_cpf(sight.value()).into();
    "au-tfn" "check digit valid" |sight| identity::au_tfn(sight.value()).into();
    "au-medicare" "check digit valid" |sight| identity::au_medicare(sight.value()).into();
    "ca-sin" "check digit valid" |sight| identity::ca_sin(sight.value()).into();
    "sg-nric" "check letter valid" |sight| identity::sg_nric(sight.value()).into();
    "kr-rrn" "check digit valid" |sight| identity::kr_rrn(sight.value());
    "cn-resident-id" "check digit valid" |sight| identity::cn_resident_id(sight.value()).into();
    "fi-hetu" "check character valid" |sight| identity::fi_hetu(sight.value()).into();
    "se-personnummer" "check digit valid" |sight| identity::se_personnummer(sight.value()).into();
    "tr-kimlik" "check digits valid" |sight| identity::tr_kimlik(sight.value()).into();
    "za-id" "check digit valid" |sight| identity::za_id(sight.value()).into();
    "th-id" "check digit valid" |sight| identity::th_id(sight.value()).into();
    "mrz" "check digits valid" |sight| identity::mrz(sight.value());
    "vin" "check digit valid" |sight| identity::vin(sight.value());
    "imei" "check digit valid" |sight| identity::imei(sight.value()).into();
    "has-digit" "" |sight| identity::has_digit(sight.value());
    "birth-date" "" |sight| identity::birth_date(sight.value());
    "phone" "" |sight| identity::phone(sight.value());
    "email" "" |sight| network::email(sight.value());
    // Identity, Europe
    "at-svnr" "check digit valid" |sight| europe::at_svnr(sight.value()).into();
    "be-national" "check digit valid" |sight| europe::be_national(sight.value()).into();
    "bg-egn" "check digit valid" |sight| europe::bg_egn(sight.value()).into();
    "ch-ahv" "check digit valid" |sight| europe::ch_ahv(sight.value()).into();
    "cz-birth-number" "check digit valid" |sight| europe::cz_birth_number(sight.value()).into();
    "dk-cpr" "check digit valid" |sight| europe::dk_cpr(sight.value());
    "ee-personal-code" "check digit valid" |sight| europe::ee_personal_code(sight.value()).into();
    "lv-personal-code" "check digit valid" |sight| europe::lv_personal_code(sight.value());
    "gr-amka" "check digit valid" |sight| europe::gr_amka(sight.value()).into();
    "gr-afm" "check digit valid" |sight| europe::gr_afm(sight.value()).into();
    "hr-oib" "check digit valid" |sight| europe::hr_oib(sight.value()).into();
    "hu-taj" "check digit valid" |sight| europe::hu_taj(sight.value()).into();
    "hu-tax" "check digit valid" |sight| europe::hu_tax(sight.value()).into();
    "ie-pps" "check digit valid" |sight| europe::ie_pps(sight.value()).into();
    "is-kennitala" "check digit valid" |sight| europe::is_kennitala(sight.value()).into();
    "no-birth-number" "check digit valid" |sight| europe::no_birth_number(sight.value()).into();
    "pt-nif" "check digit valid" |sight| europe::pt_nif(sight.value()).into();
    "ro-cnp" "check digit valid" |sight| europe::ro_cnp(sight.value()).into();
    "jmbg" "check digit valid" |sight| europe::jmbg(sight.value()).into();
    "ua-tax" "check digit valid" |sight| europe::ua_tax(sight.value()).into();
    "ru-snils" "check digit valid" |sight| europe::ru_snils(sight.value()).into();
    "ru-inn" "check digit valid" |sight| europe::ru_inn(sight.value()).into();
    "it-vat" "check digit valid" |sight| europe::it_vat(sight.value()).into();
    "se-organisation" "check digit valid" |sight| europe::se_organisation(sight.value()).into();
    "de-vat" "check digit valid" |sight| europe::de_vat(sight.value()).into();
    "de-pension" "check digit valid" |sight| europe::de_pension(sight.value()).into();
    "de-health-insurance" "check digit valid" |sight| europe::de_health_insurance(sight.value()).into();
    "de-physician" "check digit valid" |sight| europe::de_physician(sight.value()).into();
    "de-id-card" "check digit valid" |sight| europe::de_id_card(sight.value());
    // Identity, elsewhere
    "au-abn" "check digit valid" |sight| overseas::au_abn(sight.value()).into();
    "au-acn" "check digit valid" |sight| overseas::au_acn(sight.value()).into();
    "nz-ird" "check digit valid" |sight| overseas::nz_ird(sight.value()).into();
    "nz-nhi" "check digit valid" |sight| overseas::nz_nhi(sight.value()).into();
    "mx-curp" "check digit valid" |sight| overseas::mx_curp(sight.value()).into();
    "ar-cuit" "check digit valid" |sight| overseas::ar_cuit(sight.value()).into();
    "cl-rut" "check digit valid" |sight| overseas::cl_rut(sight.value()).into();
    "co-nit" "check digit valid" |sight| overseas::co_nit(sight.value()).into();
    "ec-cedula" "check digit valid" |sight| overseas::ec_cedula(sight.value()).into();
    "pe-ruc" "check digit valid" |sight| overseas::pe_ruc(sight.value()).into();
    "uy-cedula" "check digit valid" |sight| overseas::uy_cedula(sight.value()).into();
    "do-cedula" "check digit valid" |sight| overseas::do_cedula(sight.value()).into();
    "br-cnpj" "check digit valid" |sight| overseas::br_cnpj(sight.value()).into();
    "il-id" "check digit valid" |sight| overseas::il_id(sight.value()).into();
    "ae-id" "check digit valid" |sight| overseas::ae_id(sight.value()).into();
    "sa-id" "check digit valid" |sight| overseas::sa_id(sight.value()).into();
    "kw-civil" "check digit valid" |sight| overseas::kw_civil(sight.value()).into();
    "ir-national" "check digit valid" |sight| overseas::ir_national(sight.value()).into();
    "kz-iin" "check digit valid" |sight| overseas::kz_iin(sight.value()).into();
    "jp-my-number" "check digit valid" |sight| overseas::jp_my_number(sight.value()).into();
    "hk-id" "check digit valid" |sight| overseas::hk_id(sight.value()).into();
    "tw-id" "check digit valid" |sight| overseas::tw_id(sight.value()).into();
    "my-nric" "" |sight| overseas::my_nric(sight.value());
    "id-nik" "" |sight| overseas::id_nik(sight.value());
    "eg-national" "" |sight| overseas::eg_national(sight.value());
    "ng-nin" "check digit valid" |sight| overseas::ng_nin(sight.value()).into();
    "ph-tin" "check digit valid" |sight| overseas::ph_tin(sight.value()).into();
    "in-gstin" "check digit valid" |sight| overseas::in_gstin(sight.value());
    "kr-business" "check digit valid" |sight| overseas::kr_business(sight.value()).into();
    "us-dea" "check digit valid" |sight| overseas::us_dea(sight.value()).into();
    "unlabelled-number" "" unlabelled::number_of;
    "unlabelled-document" "" unlabelled::document;
    // Places
    "latitude-longitude" "degrees in range" places::latitude_longitude;
    "degrees-minutes" "degrees in range" |sight| places::degrees_minutes(sight.value()).into();
    "compact-position" "degrees in range" |sight| places::compact_position(sight.value()).into();
    "mgrs" "letters fit the zone" |sight| places::mgrs(sight.value());
    "utm" "in range" |sight| places::utm(sight.value()).into();
    "iso6709" "degrees in range" |sight| places::iso6709(sight.value()).into();
    "nmea" "checksum valid" |sight| places::nmea(sight.value()).into();
    "map-link" "" |sight| places::map_link(sight.value());
    "date-time-group" "a real date and time" |sight| places::date_time_group(sight.value()).into();
    "nsn" "" |sight| places::nsn(sight.value());
    // Markings
    "capco-banner" "the marking follows the register" |sight| markings::banner(sight.value());
    "capco-portion" "the marking follows the register" |sight| markings::portion(sight.value());
    "cui-banner" "categories of the registry" |sight| markings::cui_banner(sight.value());
    "line-alone" "alone on its line" markings::line_alone;
    "classification-block" "with other lines of such a block" markings::classification_block;
    "cui-block" "with other lines of such a block" markings::cui_block;
    "several-portions" "with other portion marks" markings::several_portions;
    // Secrets
    "random" "looks random" |sight| secrets::random(sight.value());
    "random-unless-placeholder" "looks random" |sight| secrets::random_unless_placeholder(sight.value());
    "service-token" "" |sight| secrets::service_token(sight.value());
    "not-placeholder" "" |sight| secrets::not_placeholder(sight.value());
    "jwt" "its header is JSON" |sight| secrets::jwt(sight.value());
    "url-credentials" "" |sight| secrets::url_credentials(sight.value());
    "url-credentials-example" "" |sight| secrets::url_credentials_example(sight.value());
    "private-key" "" |sight| secrets::private_key(sight);
    // Network
    "ipv4" "" network::ipv4;
    "ipv6" "" network::ipv6;
    "mac" "" network::mac;
    "user-path" "" |sight| network::user_path(sight.value());
    "intranet-name" "" |sight| network::intranet_name(sight.value());
    "military-host" "" |sight| network::military_host(sight.value());
}

/// The validator of this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Validator> {
    VALIDATORS.iter().find(|validator| validator.name == name)
}

#[cfg(test)]
mod tests {
    /// A check with the country it is for, a number that it takes and one that it does not.
    type Case<'c> = (&'c str, fn(&str) -> bool, &'c str, &'c str);

    pub(super) fn check_all(cases: &[Case<'_>]) {
        for (country, check, good, bad) in cases {
            assert!(check(good), "{country} {good}");
            assert!(!check(bad), "{country} {bad}");
            assert!(!check("") && !check("1") && !check("ü"), "{country}");
        }
    }
}
