//! The kinds of things that the packs claim, each by one text as it stands in documents, with the value that is found in it.

use fieldstrip::finding::Severity;

use super::{ENGINE, found};

/// Each text gives a finding above `info` of this rule with exactly this value.
fn all_found(cases: &[(&str, &str, &str)]) {
    for (rule, text, value) in cases {
        let hits = found(text, &ENGINE.scan(text));
        let good = hits.iter().any(|(id, severity, found)| id == rule && *severity > Severity::Info && found == value);
        assert!(good, "{rule}: {text:?} gives {hits:?}");
    }
}

#[test]
fn markings_of_states_and_organisations() {
    all_found(&[
        ("marking.germany", "VS – NUR FÜR DEN DIENSTGEBRAUCH\nLage", "VS – NUR FÜR DEN DIENSTGEBRAUCH"),
        ("marking.france", "page 2\nSECRET DÉFENSE\n", "SECRET DÉFENSE"),
        ("marking.italy", "  RISERVATO  \nRelazione", "RISERVATO"),
        ("marking.poland", "ŚCIŚLE TAJNE egz. 1", "ŚCIŚLE TAJNE"),
        ("marking.nordic", "STRENGT HEMMELIG\n", "STRENGT HEMMELIG"),
        ("marking.turkey", "HİZMETE ÖZEL", "HİZMETE ÖZEL"),
        ("marking.russia-ukraine", "ДЛЯ СЛУЖБОВОГО КОРИСТУВАННЯ", "ДЛЯ СЛУЖБОВОГО КОРИСТУВАННЯ"),
        ("marking.china", "机密★10年", "机密★"),
        ("marking.korea", "문서 (대외비)", "대외비"),
        ("marking.australia", "OFFICIAL: Sensitive", "OFFICIAL: Sensitive"),
        ("marking.canada", "PROTECTED B\n", "PROTECTED B"),
        ("marking.agency", "EUROPOL RESTRICTED", "EUROPOL RESTRICTED"),
        ("marking.us-cab-value", "DECL ON: 25X1", "DECL ON: 25X1"),
        ("marking.protective-order", "CONFIDENTIAL – ATTORNEYS' EYES ONLY", "CONFIDENTIAL – ATTORNEYS' EYES ONLY"),
        ("marking.source-terms", "OFF THE RECORD: he said", "OFF THE RECORD"),
    ]);
}

#[test]
fn places_and_movements() {
    all_found(&[
        ("position.hemisphere-degrees", "camp at N51.50147 W0.14063.", "N51.50147 W0.14063"),
        ("position.geojson", r#"{"type":"Point","coordinates":[-0.1406,51.5014]}"#, "-0.1406,51.5014"),
        ("position.what3words-named", "w3w: filled.count.soap", "filled.count.soap"),
        ("position.bfpo", "mail to BFPO 792", "BFPO 792"),
        ("position.street-german", "wohnt Hauptstraße 12, 80331 München", "Hauptstraße 12, 80331 München"),
        ("operation.icao-address", "MMSI 235009802 off Malta", "235009802"),
        ("operation.message-header", "R 041200Z NOV 26\nFM COMSIXTHFLT", "R 041200Z NOV 26"),
        ("operation.closed-network", "sent over SIPRNet", "SIPRNet"),
        ("operation.call-sign", "callsign VIPER 21 inbound", "VIPER 21"),
        ("operation.tail-number", "tail number 05-4606", "05-4606"),
    ]);
}

#[test]
fn keys_of_services_with_and_without_a_form_of_their_own() {
    all_found(&[
        (
            "secret.digitalocean",
            "token dop_v1_9f86d081884c7d659a2feaa0c55ad0151b4f0e9851971998e732078544c96b36",
            "dop_v1_9f86d081884c7d659a2feaa0c55ad0151b4f0e9851971998e732078544c96b36",
        ),
        (
            "secret.location-service",
            "OPENWEATHER_API_KEY=9f86d081884c7d659a2feaa0c55ad015",
            "9f86d081884c7d659a2feaa0c55ad015",
        ),
        ("secret.security-service", "shodan SECRET Hs82nXc0LmPz41RtVbYk3aQw", "Hs82nXc0LmPz41RtVbYk3aQw"),
        ("secret.environment-password", "POSTGRES_PASSWORD=Hs82nXc0", "Hs82nXc0"),
        ("secret.network-device", "snmp-server community Hs82nXc0 RO", "Hs82nXc0"),
        ("network.cloud-resource", "see arn:aws:s3:::acme-prod-invoices.", "arn:aws:s3:::acme-prod-invoices"),
    ]);
}

/// Numbers of persons of fifty states, each with its check digit or its name, and each wrong by one left alone.
#[test]
fn numbers_of_persons() {
    let packs = fieldstrip::detect::built_in_packs().unwrap();
    let personal = packs.iter().find(|pack| pack.name == "personal").unwrap();
    let state = |id: &str| {
        let name = id.strip_prefix("personal.")?;
        let (country, rest) = name.split_at_checked(2)?;
        rest.starts_with('-').then(|| country.to_owned())
    };
    let mut checked: Vec<String> =
        personal.rules.iter().filter(|rule| rule.validator.is_some()).filter_map(|rule| state(&rule.id)).collect();
    checked.sort();
    checked.dedup();
    assert!(checked.len() >= 45, "{checked:?}");
    all_found(&[
        ("personal.no-birth-number", "fødselsnummer 15108695088", "15108695088"),
        ("personal.be-national", "nr 85.07.30-033.28", "85.07.30-033.28"),
        ("personal.ru-snils", "СНИЛС 112-233-445 95", "112-233-445 95"),
        ("personal.jp-my-number", "マイナンバー 1234 5678 9018", "1234 5678 9018"),
        ("personal.mx-curp", "CURP BOXW310820HNERXN09", "BOXW310820HNERXN09"),
        ("personal.il-id", "ת.ז. 039337423", "039337423"),
        ("personal.rank-and-name", "escorted by SSG Miller, John", "Miller, John"),
        ("personal.medical-record", "MRN: 00123456", "00123456"),
    ]);
}
