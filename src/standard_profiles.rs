//! The colour profiles that everybody has, by their SHA-256.
//!
//! Such a profile came with a system, a program or from a standards body, unmodified, and says nothing about who used it. It
//! stays as it is, with the name by which colour engines and people know it. Profiles of devices and those that a program
//! writes with the date of the day are no part of the list, and neither is one that differs from the published file in a
//! single byte.

/// Where the file of the same bytes is published stands in the second column.
#[rustfmt::skip]
const STANDARD: &[(&str, &str, &str)] = &[
    // name, published by, SHA-256
    ("sRGB IEC61966-2.1", "Hewlett-Packard; sRGB Color Space Profile.icm of Windows", "2b3aa1645779a9e634744faf9b01e9102b0c9b88fd6deced7934df86b949af7e"),
    ("sRGB IEC61966-2.1", "Google; the profile that Android and its image library write", "33c34ecfeb998459e0075ba26a0f1ea5042e20e2419c5962e495eba3208576f2"),
    ("sRGB IEC61966-2-1 black scaled", "International Color Consortium, color.org", "c4c1153168e817be61a676e403c370ce2c485a6bd54fbb59c3850845cfefad00"),
    ("sRGB", "Artifex; srgb.icc of Ghostscript", "eddaf344b5edea13269e0d20055f335610e5e0b6e33e6e536f2701bc18c5f7d5"),
    ("sRGB", "OpenICC; sRGB.icc of icc-profiles-free", "2a92d4bae450b76d8b0aa42193df974d75f62738ecebf74f01c5e75b12a95796"),
    ("sRGB display profile (ICC v2.2)", "Scribus; sRGB_icc22.icm", "39b1fbeb25163d8e0c2213124a9c10c1cf17f480c90c307b5b63694f65c3f8a3"),
    ("Adobe RGB (1998)", "Adobe; AdobeRGB1998.icc", "304f569a83c1e5eddaddac54e99ed03339333db013738bb499ab64f049887e28"),
    ("Compatible with Adobe RGB (1998)", "Graeme Gill; compatibleWithAdobeRGB1998.icc of icc-profiles-free", "76f4ad83ad4726d33e2291a5b3e3bf4f30b2f723c65a583b74a9365e30e097c7"),
    ("Apple RGB", "Adobe; AppleRGB.icc", "94559b531a2481650e1bcfb8fbf4295e6d315f6ebf3660b9ad6ea96d3c8f8b82"),
    ("CIE RGB", "Adobe; CIERGB.icc", "8631392602a3a6f00c81725e4cfa4d2144e1b8d348f66406435e825992501b2e"),
    ("PAL/SECAM", "Adobe; PAL_SECAM.icc", "b047f5cd95f0f62a98ceaede6fc59c4b6a76b29f2c74d6204c30553a073ebf7a"),
    ("SMPTE-C", "Adobe; SMPTE-C.icc", "8a4df954c554bede09cd9e66192c02a15f7edf736cc3d3939cca0f70fb99925e"),
    ("Display P3", "Apple; iOS and macOS since 2017", "e468e89239fc0493d5e8fb9b014e91b210c6caa73c81edf04c3d21a734f377cc"),
    ("Display P3", "Apple; iOS and macOS since 2022", "20789fdbea9835251a4f0796c8bf45cbd964896044886540da21ffc7457af0ab"),
    ("Dot Gain 20%", "Adobe; Photoshop", "2ad4cd40f56012a4f289fb875e64938a002f99a27c025c96c2ae107ec136b3e7"),
    ("Gray Gamma 2.2", "Adobe; Photoshop", "653b586c4707574ffcd648ba35494daed2c76ceafcf4c07d315ed961b1dc347f"),
    ("Generic RGB Profile", "Apple; Generic RGB Profile.icc of Mac OS X 10.5", "eda03c8910c87b8a3e3c1ffbc35d223da8ae1d0dcfbad0c153c4eefbff436723"),
    ("Generic RGB Profile", "Apple; Generic RGB Profile.icc of macOS", "283e482d9b10db98fb7df2f6ef4bdf4ddf8de5a07d2c7530cc361ec4b29ed39a"),
    ("Generic Gray Gamma 2.2 Profile", "Apple; Generic Gray Gamma 2.2 Profile.icc of macOS", "ee2f821d16d12ec9e9f2958ac8865f40912d0ce1fb9625a31b594fab942b1caf"),
    ("Coated FOGRA39 (ISO 12647-2:2004)", "Adobe; CoatedFOGRA39.icc", "da2b9b593e27cba2563cbc8596071c5c8f2395d3dbb4434538bac2bc9d58ce77"),
    ("ISO Coated v2 300% (basICColor)", "basICColor; ISOcoated_v2_300_bas.icc of Scribus", "b424c77f40c3423c925536f8ae08634985ccd0fe80eb253d5d229197ded7e886"),
    ("Artifex CMYK SWOP Profile", "Artifex; default_cmyk.icc of Ghostscript", "8472fa1493a024b800b67dee9424835ec0c41ab79490200ae8ec4a689fd1b9a9"),
    ("Artifex PS CMYK Profile", "Artifex; ps_cmyk.icc of Ghostscript", "020236a6458406743848a12c6be280e54bcd0fd8e2d4bea9c4899410cef98cb2"),
    ("Artifex PS Gray Profile", "Artifex; ps_gray.icc of Ghostscript", "184719ed5960bc9350022c724e3c35be20569fc3b15be3e41cd42d219d4672a2"),
    ("Artifex PS RGB Profile", "Artifex; ps_rgb.icc of Ghostscript", "2f83ca112acedf317291315a14e856556e7e36594c601c639a6cae751d491d5f"),
    ("Artifex sGray", "Artifex; default_gray.icc of Ghostscript", "d3aaaa8ad45ec8a0108fd393a07488073ee24561fd5ed2d1f88c59771278cabd"),
    ("Artifex sGray", "Artifex; sgray.icc of Ghostscript", "0976fe7bc0f118a47c89747cb707c6f76044b48baf670dad811d0514bc2c4214"),
    ("Artifex A98", "Artifex; a98.icc of Ghostscript", "c0995b8b196223f1c029c013b04d0ee11bce3d3dd8a23f814cac73e50ac0719a"),
    ("Artifex ROMMRGB", "Artifex; rommrgb.icc of Ghostscript", "52f5eade48da10b9ddfe132e6f30ac111b8764acb1228b7a8c5a4033cc6ff072"),
    ("Artifex scRGB", "Artifex; scrgb.icc of Ghostscript", "c338c5e2fb5cf9baa2d4bb79325a54337de7c6ae8dabc4ca79aa42d8341d8172"),
    ("Artifex Lab", "Artifex; lab.icc of Ghostscript", "ba46e78e9723a02b36ec823c8df90ac3f2e9272a52980c6f5ad403068609286f"),
];

/// The name of the standard profile with this SHA-256.
pub(crate) fn name(digest: &[u8; 32]) -> Option<&'static str> {
    let digest = crate::report::hex(digest);
    STANDARD.iter().find(|(_, _, known)| *known == digest).map(|(name, ..)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_digest_of_its_own() {
        for (index, (title, origin, digest)) in STANDARD.iter().enumerate() {
            assert!(!title.is_empty() && !origin.is_empty());
            let digits: Vec<u8> =
                digest.chars().map(|digit| u8::try_from(digit.to_digit(16).unwrap()).unwrap()).collect();
            let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
            assert_eq!(name(&bytes.try_into().unwrap()), Some(*title));
            assert!(!STANDARD[..index].iter().any(|(_, _, other)| other == digest), "{title} stands there twice");
        }
        assert_eq!(name(&[0; 32]), None);
    }
}
