//! Addresses, hosts and paths.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Sight, Verdict};

/// An IPv4 address that says something: private, shared or public; not a version number, a mask or a documentation address.
pub(super) fn ipv4(sight: &Sight<'_>) -> Verdict {
    let value = sight.value();
    let (address, prefix) = value.split_once('/').map_or((value, None), |(address, prefix)| (address, Some(prefix)));
    let Ok(address) = address.parse::<Ipv4Addr>() else { return Verdict::Invalid };
    // Part of something longer, such as 1.2.3.4.5 or an object identifier.
    let longer = sight.before(2).ends_with('.') || digit_behind_point(sight.after(2));
    let section = ["§", "section ", "version ", "release ", "firmware ", "build ", "v"]
        .iter()
        .any(|word| sight.before(16).to_lowercase().ends_with(word));
    let octets = address.octets();
    let mask = octets.starts_with(&[255]);
    // Small numbers all over are section and version numbers much more often than the addresses of somebody's network.
    let small = octets.iter().all(|octet| *octet < 30);
    if longer || section || mask || octets.starts_with(&[0]) || address.is_loopback() || address.is_documentation() {
        return Verdict::Invalid;
    }
    match (address.is_private() || shared(address), small, prefix) {
        (true, ..) => Verdict::Valid,
        (false, true, _) => Verdict::Invalid,
        (false, false, Some(_)) => Verdict::Valid,
        (false, false, None) => Verdict::Unknown,
    }
}

fn digit_behind_point(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next() == Some('.') && characters.next().is_some_and(|c| c.is_ascii_digit())
}

/// 100.64.0.0/10, shared address space between carriers (RFC 6598).
fn shared(address: Ipv4Addr) -> bool {
    matches!(address.octets(), [100, 64..=127, _, _])
}

/// An IPv6 address that says something; times, hardware addresses and `::` of programming languages are none.
pub(super) fn ipv6(sight: &Sight<'_>) -> Verdict {
    let value = sight.value();
    let address = value.split(['%', '/']).next().unwrap_or_default();
    let Ok(address) = address.parse::<Ipv6Addr>() else { return Verdict::Invalid };
    let joined = |text: Option<char>| text.is_some_and(|c| c.is_alphanumeric() || matches!(c, ':' | '_'));
    let longer = joined(sight.before(4).chars().last()) || joined(sight.after(4).chars().next());
    let documentation = address.segments().starts_with(&[0x2001, 0xdb8]);
    let groups = value.split(':').filter(|group| !group.is_empty()).count();
    let embedded = value.contains('.');
    let mask = address.segments().starts_with(&[0xffff]);
    // `A::B` is a path of a programming language; an address so short begins with the four digits of its network.
    let network = value
        .split(':')
        .next()
        .is_some_and(|first| first.len() == 4 && first.to_ascii_lowercase().starts_with(['2', '3', 'f']));
    let path = groups < 3 && !embedded && !network;
    if longer || mask || path || address.is_loopback() || address.is_unspecified() || documentation || groups < 2 {
        return Verdict::Invalid;
    }
    let spelled = value.split("::").count() > 1 || value.bytes().any(|b| b.is_ascii_alphabetic());
    if (spelled && groups >= 3) || embedded { Verdict::Valid } else { Verdict::Unknown }
}

/// A hardware address that belongs to a device: not all zeros or ones, no group address of a protocol.
pub(super) fn mac(sight: &Sight<'_>) -> Verdict {
    let value = sight.value();
    // Part of something longer: a fingerprint, a digest, a dump.
    let hex = |text: Option<char>| text.is_some_and(|c| matches!(c, ':' | '-') || c.is_ascii_hexdigit());
    let next = sight.after(2);
    let goes_on = next.starts_with([':', '-']) && hex(next.chars().nth(1));
    if goes_on || sight.before(1).ends_with([':', '-']) {
        return Verdict::Invalid;
    }
    let digits: String = value.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_ascii_lowercase();
    let Ok(number) = u64::from_str_radix(&digits, 16) else { return Verdict::Invalid };
    let placeholder = matches!(
        number,
        0 | 0xffff_ffff_ffff | 0x0012_3456_789a | 0x0123_4567_89ab | 0xaabb_ccdd_eeff | 0x0011_2233_4455
    );
    let protocol = ["01005e", "0180c2", "3333"].iter().any(|prefix| digits.starts_with(prefix));
    if digits.len() != 12 || protocol || number == 0 || number == 0xffff_ffff_ffff {
        return Verdict::Invalid;
    }
    // Three groups of four with points are also what tables of numbers look like.
    if placeholder || value.contains('.') { Verdict::Unknown } else { Verdict::Valid }
}

/// Domains that RFC 2606 and RFC 6761 keep for examples.
fn reserved(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    ["example", "invalid", "localhost", "test"]
        .iter()
        .any(|name| host == *name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')))
        || ["example.com", "example.net", "example.org"]
            .iter()
            .any(|name| host == *name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')))
}

/// An e-mail address of somebody: not a machine's, not one of the domains kept for examples, not a file name with an `@`.
pub(super) fn email(value: &str) -> Verdict {
    let Some((user, host)) = value.rsplit_once('@') else { return Verdict::Invalid };
    let user = user.to_ascii_lowercase();
    let top = host.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let file = ["png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "json", "html", "pdf", "local", "internal"];
    let machine =
        ["noreply", "no-reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster", "git", "notifications"];
    let well_formed =
        !user.is_empty() && user.len() <= 64 && !user.contains("..") && !host.contains("..") && !user.ends_with('.');
    if !well_formed || reserved(host) || file.contains(&top.as_str()) || machine.contains(&user.as_str()) {
        return Verdict::Invalid;
    }
    Verdict::Unknown
}

/// A path with the name of somebody: not a service, a placeholder or a shared folder.
pub(super) fn user_path(value: &str) -> Verdict {
    const NOBODY: &[&str] = &[
        "user",
        "username",
        "users",
        "you",
        "yourname",
        "your_name",
        "your-name",
        "me",
        "name",
        "xxx",
        "public",
        "default",
        "all users",
        "shared",
        "guest",
        "runner",
        "ubuntu",
        "vagrant",
        "docker",
        "node",
        "app",
        "root",
        "admin",
        "administrator",
        "somebody",
        "someone",
        "foo",
        "bar",
        "home",
        "profile",
        "page",
        "index.html",
    ];
    let name = value.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default().to_lowercase();
    let odd = name.contains(['%', '$', '{', '<', '*', '[']) || name.len() < 2;
    if odd || NOBODY.contains(&name.as_str()) { Verdict::Invalid } else { Verdict::Unknown }
}

/// A host name without a domain, as only an intranet knows it; not the names of examples.
pub(super) fn intranet_name(value: &str) -> Verdict {
    const EXAMPLES: &[&str] = &[
        "localhost",
        "host",
        "hostname",
        "server",
        "servername",
        "domain",
        "example",
        "site",
        "proxy",
        "www",
        "web",
        "address",
        "foo",
        "bar",
        "test",
        "user",
        "username",
        "name",
        "url",
        "path",
        "base",
        "api",
        "app",
        "machine",
    ];
    let name = value.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let example = EXAMPLES.contains(&name.as_str()) || ["my", "your", "some"].iter().any(|own| name.starts_with(own));
    if example || name.len() < 4 { Verdict::Invalid } else { Verdict::Unknown }
}

/// A host of an armed force that is not one of its public web servers.
pub(super) fn military_host(value: &str) -> Verdict {
    let host = value.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let closed = [".smil.mil", ".sgov.gov", ".ic.gov", ".r.mil.uk"].iter().any(|zone| host.ends_with(zone));
    match (closed, host.starts_with("www.")) {
        (true, _) => Verdict::Valid,
        (false, true) => Verdict::Invalid,
        (false, false) => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_say_something() {
        use Verdict::{Invalid, Unknown, Valid};
        type Check = fn(&Sight<'_>) -> Verdict;
        // The value stands between the bars.
        let cases: &[(Check, &str, Verdict)] = &[
            (ipv4, "host |10.20.30.40| up", Valid),
            (ipv4, "net |172.16.0.0/12|", Valid),
            (ipv4, "at |93.184.216.34| now", Unknown),
            (ipv4, "version |8.14.200.31|", Invalid),
            (ipv4, "see |4.2.1.3| below", Invalid),
            (ipv4, "oid |141.31.60.45|.7", Invalid),
            (ipv4, "|192.0.2.1|", Invalid),
            (ipv4, "|255.255.255.0|", Invalid),
            (ipv4, "|127.0.0.1|", Invalid),
            (mac, "at |00:1B:44:11:3A:B7|.", Valid),
            (mac, "|ff-ff-ff-ff-ff-ff|", Invalid),
            (mac, "|01:00:5e:00:00:fb|", Invalid),
            (mac, "MD5 |f3:46:9e:aa:1a:4a|:73:c9", Invalid),
            (ipv6, "to |fe80::5054:ff:fe1b:b031| port", Valid),
            (ipv6, "|2001:db8::8a2e:370:7334|", Invalid),
            (ipv6, "std|::1|", Invalid),
            (ipv6, "|::1|", Invalid),
        ];
        for (check, text, want) in cases {
            let start = text.find('|').unwrap();
            let joined = text.replace('|', "");
            let sight = Sight { text: &joined, start, end: text.rfind('|').unwrap() - 1 };
            assert_eq!(check(&sight), *want, "{text}");
        }
    }

    #[test]
    fn hosts_paths_and_hardware() {
        use Verdict::{Invalid, Unknown, Valid};
        type Check = fn(&str) -> Verdict;
        let cases: &[(Check, &str, Verdict)] = &[
            (email, "jane.doe@ministry.gov", Unknown),
            (email, "jane@example.org", Invalid),
            (email, "noreply@ministry.gov", Invalid),
            (email, "icon@2x.png", Invalid),
            (email, "", Invalid),
            (user_path, r"C:\Users\jsmith", Unknown),
            (user_path, "/home/user", Invalid),
            (user_path, "/Users/%s", Invalid),
            (intranet_name, "intranet07", Unknown),
            (intranet_name, "wiki:8080", Unknown),
            (intranet_name, "localhost:80", Invalid),
            (intranet_name, "yourhost", Invalid),
            (military_host, "www.navy.mil", Invalid),
            (military_host, "x.army.smil.mil", Valid),
            (military_host, "dc1.navy.mil", Unknown),
        ];
        for (check, value, want) in cases {
            assert_eq!(check(value), *want, "{value}");
        }
    }
}
