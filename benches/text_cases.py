#!/usr/bin/env python3
"""Coverage of labelled text cases by `fieldstrip detect --jsonl`.

    benches/text_cases.py PROGRAM CASES_DIR [-v] [--policy NAME]

CASES_DIR holds the cases as JSON lines, one file per suite. Two figures per suite:

covered   of the labelled values, those of which findings cover half or more (cases without offsets: any finding counts);
clean     of the texts in which nothing is to be found, those without a finding above `info`.

Below the line stands how many of these texts have no finding at all. What no pack claims, and cases whose expectation this
project does not share, stand in the tables below with the reason; they are counted and listed, but do not enter the figures.
Exit status: 0 all targets are met, 1 one is missed, 2 usage.
"""

import argparse
import json
import pathlib
import subprocess
import sys
from collections import defaultdict

# What a suite must reach, in percent: covered, clean. None: reported only.
TARGETS = {
    "presidio": (97, 97),
    "capco": (98, None),
    "noseyparker": (90, None),
    "kingfisher": (90, None),
    "ferret": (90, None),
}

FILES = {
    "presidio.jsonl": "presidio",
    "presidio-validator.jsonl": "presidio",
    "capco-markings.jsonl": "capco",
    "noseyparker.jsonl": "noseyparker",
    "kingfisher.jsonl": "kingfisher",
    "ferret-score.jsonl": "ferret",
}

# Entity of presidio -> rules that claim it.
ENTITIES = {
    "ABA_ROUTING_NUMBER": "personal.bank-routing",
    "AU_ABN": "personal.au-abn",
    "AU_ACN": "personal.au-acn",
    "AU_MEDICARE": "personal.au-medicare",
    "AU_TFN": "personal.au-tfn",
    "CA_SIN": "personal.ca-sin",
    "CREDIT_CARD": "personal.card-number",
    "CRYPTO": "personal.bitcoin-address",
    "DE_BSNR": "personal.de-health-provider",
    "DE_FUEHRERSCHEIN": "personal.de-driving-licence",
    "DE_HANDELSREGISTER": "personal.de-company-register",
    "DE_HEALTH_INSURANCE": "personal.de-health-insurance",
    "DE_ID_CARD": "personal.de-id-card",
    "DE_KFZ": "personal.vehicle-plate",
    "DE_LANR": "personal.de-health-provider",
    "DE_PASSPORT": "personal.passport",
    "DE_PLZ": "position.postcode",
    "DE_SOCIAL_SECURITY": "personal.de-social-security",
    "DE_TAX_ID": "personal.de-steuer-id",
    "DE_TAX_NUMBER": "personal.de-tax-number",
    "DE_VAT_ID": "personal.eu-vat",
    "EMAIL_ADDRESS": "personal.email",
    "ES_NIE": "personal.es-nif",
    "ES_NIF": "personal.es-nif",
    "ES_PASSPORT": "personal.passport",
    "FI_PERSONAL_IDENTITY_CODE": "personal.fi-hetu",
    "IBAN_CODE": "personal.iban",
    "IN_AADHAAR": "personal.in-aadhaar",
    "IN_GSTIN": "personal.in-gstin",
    "IN_PAN": "personal.in-pan",
    "IN_PASSPORT": "personal.passport",
    "IN_VEHICLE_REGISTRATION": "personal.vehicle-plate",
    "IN_VOTER": "personal.in-voter",
    "IP_ADDRESS": "network.ipv4, network.ipv6",
    "IT_DRIVER_LICENSE": "personal.it-driving-licence",
    "IT_FISCAL_CODE": "personal.it-codice-fiscale",
    "IT_IDENTITY_CARD": "personal.it-id-card",
    "IT_PASSPORT": "personal.passport",
    "IT_VAT_CODE": "personal.it-partita-iva",
    "KR_BRN": "personal.kr-brn",
    "KR_DRIVER_LICENSE": "personal.kr-driving-licence",
    "KR_FRN": "personal.kr-rrn",
    "KR_PASSPORT": "personal.passport",
    "KR_RRN": "personal.kr-rrn",
    "MAC_ADDRESS": "network.mac",
    "MEDICAL_LICENSE": "personal.us-dea",
    "NG_NIN": "personal.ng-nin",
    "NG_VEHICLE_REGISTRATION": "personal.vehicle-plate",
    "PHONE_NUMBER": "personal.phone",
    "PH_MOBILE_NUMBER": "personal.phone",
    "PH_TIN": "personal.ph-tin",
    "PL_PESEL": "personal.pl-pesel",
    "SE_ORGANISATIONSNUMMER": "personal.se-organisationsnummer",
    "SE_PERSONNUMMER": "personal.se-personnummer",
    "SG_NRIC_FIN": "personal.sg-nric",
    "SG_UEN": "personal.sg-uen",
    "TH_TNIN": "personal.th-id",
    "TR_LICENSE_PLATE": "personal.vehicle-plate",
    "TR_NATIONAL_ID": "personal.tr-kimlik",
    "TR_PHONE_NUMBER": "personal.phone",
    "UK_DRIVING_LICENCE": "personal.uk-driving-licence",
    "UK_NHS": "personal.uk-nhs",
    "UK_NINO": "personal.uk-nino",
    "UK_PASSPORT": "personal.passport",
    "UK_POSTCODE": "position.postcode",
    "UK_VEHICLE_REGISTRATION": "personal.vehicle-plate",
    "US_BANK_NUMBER": "personal.bank-account",
    "US_DRIVER_LICENSE": "personal.driving-licence",
    "US_ITIN": "personal.us-itin",
    "US_MBI": "personal.us-mbi",
    "US_NPI": "personal.us-npi",
    "US_PASSPORT": "personal.passport",
    "US_SSN": "personal.us-ssn",
    "VERHOEFF": "personal.in-aadhaar",
    "ZA_ID_NUMBER": "personal.za-id",
}

# What no pack claims: the entity of presidio, or the service or rule of the collections of secrets.
UNCLAIMED = {
    "presidio": {
        "DATE_TIME": "a date says nothing by itself",
        "URL": "an address on the web is published; places that give something away have rules of their own",
        "TEST": "tests the pattern mechanism of that project with invented words",
        "TITLE": "tests the pattern mechanism of that project with invented words",
    },
    "noseyparker": {
        "reactapp.1": "a user name, no secret",
    },
    "kingfisher": {
        "reactapp.1": "a user name, no secret",
        "planetscale.2": "a user name, no secret",
        "facebook.1": "the public number of an application",
        "azurestorage.name.1": "the name of an account, which every link to it shows",
        "sonarqube.2": "the address of a host behind a public name",
    },
    "ferret": {},
    "capco": {},
}

# (suite, start of the text) -> why the expectation is not shared.
_UNSET = "a placeholder: every character is the same, or it says that it is one"
_VARIABLE = "a reference to a variable, not a password"
_BARE = "digits without a label, separators or check digit could be anything"
DISPUTED = {
    ("presidio", "021234568"): _BARE,
    ("presidio", "991234567"): _BARE,
    ("presidio", "0981508150999"): _BARE,
    ("presidio", "0181508150000"): _BARE,
    ("presidio", "2121234567"): _BARE,
    ("presidio", "98765432106"): "a German tax number repeats exactly one of its first ten digits",
    ("presidio", "192.168.1.1.1"): "five groups are no address",
    ("presidio", "Physical address is aabb.ccdd.eeff"): "a placeholder of manuals",
    ("presidio", "078-051121 07805-1121"): "no form in which the number is written; the second one is a ZIP code",
    ("presidio", "000402-6214431"): "valid as the number of a foreign resident",
    ("presidio", "GB29 1WBK 6016 1331 9268 19"): "holds a valid military grid reference, whatever it was meant to be",
    ("noseyparker", "okta_api_token = 00aaaa"): _UNSET,
    ("kingfisher", "okta_api_token = 00aaaa"): _UNSET,
    ("noseyparker", 'export SLACK_TOKEN="xoxb-00000'): _UNSET,
    ("noseyparker", 'TAVILY_API_KEY = "tvly-xxxx'): _UNSET,
    ("noseyparker", '"password": "YOURPASSWROD"'): _UNSET,
    ("kingfisher", '"password": "YOURPASSWROD"'): _UNSET,
    ("noseyparker", "credentials {\n  username 'user'\n  password 'password'"): _UNSET,
    ("kingfisher", "credentials {\n  username 'user'\n  password 'password'"): _UNSET,
    ("noseyparker", ":: satmodel2\n%RUNTIMEDIR%\\PsExec.exe"): _VARIABLE,
    ("kingfisher", ":: satmodel2\n%RUNTIMEDIR%\\PsExec.exe"): _VARIABLE,
    ("noseyparker", "#Set-PowerCLIConfiguration"): _VARIABLE,
}


def load(folder):
    """Yields (suite, claim, text, labelled byte ranges or None, must be clean) for every case."""
    for file, suite in FILES.items():
        path = folder / file
        if not path.exists():
            continue
        for line in path.read_text("utf-8").splitlines():
            case = json.loads(line)
            text = case.get("text", case.get("value", ""))
            if file == "presidio-validator.jsonl":
                if case["expected_valid"] is None:
                    continue
                spans = [[0, len(text.encode())]] if case["expected_valid"] else []
            elif suite == "presidio":
                spans = case["expected_byte_spans"]
            elif suite == "ferret":
                spans = [[len(text[:start].encode()), len(text[:end].encode())] for start, end in case["expected_spans"]]
            elif suite == "capco":
                spans = [[0, len(text.encode())]] if case["expected_valid"] else []
            else:
                spans = [] if case["expected_count"] == 0 else None
            claim = case.get("entity") if suite == "presidio" else case.get("rule_id", suite)
            yield suite, claim, text, spans


def unclaimed(suite, claim):
    """Why no pack claims this, or None."""
    table = UNCLAIMED[suite]
    if suite == "presidio":
        return table.get(claim) or (None if claim in ENTITIES else "no rule for this entity")
    parts = claim.split(".")
    names = [".".join(parts[1:count]) for count in range(len(parts), 1, -1)]
    return next((table[name] for name in names if name in table), None)


def disputed(suite, text):
    return next((why for (of, start), why in DISPUTED.items() if of == suite and text.startswith(start)), None)


def covers(findings, span):
    start, end = span
    inside = set()
    for finding in findings:
        inside.update(range(max(start, finding["start"]), min(end, finding["end"])))
    return 2 * len(inside) >= end - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("cases", type=pathlib.Path)
    parser.add_argument("--policy", help="policy of the program")
    parser.add_argument("-v", "--verbose", action="store_true", help="list missed cases, unclaimed entities and disputes")
    arguments = parser.parse_args()

    cases = list(load(arguments.cases))
    if not cases:
        print(f"no cases in {arguments.cases}", file=sys.stderr)
        return 2
    lines = "".join(json.dumps({"text": case[2]}) + "\n" for case in cases)
    policy = ["--policy", arguments.policy] if arguments.policy else []
    run = subprocess.run(
        [arguments.program, "detect", "--jsonl", *policy], input=lines.encode(), stdout=subprocess.PIPE, check=False
    )
    answers = [json.loads(line)["findings"] for line in run.stdout.decode().splitlines()]
    if run.returncode > 1 or len(answers) != len(cases):
        print(f"{arguments.program} ended with {run.returncode} after {len(answers)} of {len(cases)} lines", file=sys.stderr)
        return 2

    # A text that one rule of a collection must not match may be an example of another.
    wanted = {(suite, text) for suite, _, text, spans in cases if spans is None}
    count = defaultdict(lambda: defaultdict(int))
    missed, aside = [], []
    for (suite, claim, text, spans), findings in zip(cases, answers):
        tally = count[suite]
        why = unclaimed(suite, claim) or disputed(suite, text)
        if why:
            tally["aside"] += 1
            aside.append((suite, claim, text, why))
            continue
        if spans is None:
            tally["values"] += 1
            tally["covered"] += bool(findings)
            if not findings:
                missed.append((suite, claim, "not covered", text))
        elif spans:
            for span in spans:
                tally["values"] += 1
                if covers(findings, span):
                    tally["covered"] += 1
                else:
                    value = text.encode()[span[0] : span[1]].decode()
                    missed.append((suite, claim, f"not covered: {value}", text))
        elif (suite, text) not in wanted:
            loud = [finding["rule"] for finding in findings if finding["severity"] != "info"]
            tally["negatives"] += 1
            tally["clean"] += not loud
            tally["silent"] += not findings
            if loud:
                missed.append((suite, claim, f"not clean: {', '.join(loud)}", text))

    failed = False
    print(f"{'suite':<12} {'covered':>17} {'clean':>17} {'silent':>9} {'aside':>6}   target")
    for suite, (cover, clean) in TARGETS.items():
        tally = count[suite]
        if not tally["values"]:
            continue
        rate = 100 * tally["covered"] / tally["values"]
        rest = 100 * tally["clean"] / tally["negatives"] if tally["negatives"] else 100.0
        met = rate >= cover and (clean is None or rest >= clean)
        failed |= not met
        print(
            f"{suite:<12} {tally['covered']:>4}/{tally['values']:<4} {rate:6.1f}% {tally['clean']:>4}/{tally['negatives']:<4}"
            f" {rest:6.1f}% {tally['silent']:>4}/{tally['negatives']:<4} {tally['aside']:>6}   "
            f"{cover} %{'' if clean is None else f' / {clean} %'}{'' if met else '  MISSED'}"
        )
    if arguments.verbose:
        for suite, claim, what, text in missed:
            print(f"{suite} {claim}: {what}\n    {text[:200]!r}")
        for suite, claim, text, why in aside:
            print(f"aside: {suite} {claim}: {why}: {text[:60]!r}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
