//! The platform's colour, and what follows from it: it is as dark as white text on it needs,
//! and everything else that has to be read is made light or dark enough.

use std::{fmt, str::FromStr};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color([u8; 3]);

const WHITE: Color = Color([255; 3]);
const BLACK: Color = Color([0; 3]);
/// `--ground` in `base.css`: the darkest that links stand on.
const GROUND: Color = Color([0xe8, 0xee, 0xed]);
/// `--surface` of the dark scheme there: the lightest that links stand on.
const DARK_SURFACE: Color = Color([0x17, 0x22, 0x20]);
/// WCAG 2.2, 1.4.3.
const READABLE: f64 = 4.5;
/// What is light in the dark is lighter than it has to be.
const READABLE_IN_DARK: f64 = 7.0;

/// What `base.css` says of a colour, for light or dark.
type Properties = [(&'static str, Color); 5];

impl Default for Color {
    fn default() -> Self {
        Self([0x0d, 0x5c, 0x63])
    }
}

impl Color {
    /// Relative luminance, as WCAG 2.2 defines it.
    fn luminance(self) -> f64 {
        let [r, g, b] = self.0.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            match channel <= 0.04045 {
                true => channel / 12.92,
                false => ((channel + 0.055) / 1.055).powf(2.4),
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// From 1 to 21, as WCAG 2.2 defines it.
    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        a.max(b) / a.min(b)
    }

    /// So many hundredths of the other.
    fn mixed(self, other: Self, hundredths: u16) -> Self {
        let mix = |own: u8, other: u8| {
            let mixed = u16::from(own) * (100 - hundredths) + u16::from(other) * hundredths;
            u8::try_from(mixed / 100).unwrap_or(u8::MAX)
        };
        let ([r, g, b], [or, og, ob]) = (self.0, other.0);
        Self([mix(r, or), mix(g, og), mix(b, ob)])
    }

    /// As much of the other as it takes to be read on `ground`.
    fn readable(self, towards: Self, ground: Self, contrast: f64) -> Self {
        let mut steps = (0..=100).map(|hundredths| self.mixed(towards, hundredths));
        let found = steps.find(|it| it.contrast(ground) >= contrast);
        found.unwrap_or(towards)
    }

    fn light(self) -> Properties {
        let text = self.readable(BLACK, GROUND, READABLE);
        [
            ("--brand", self),
            ("--brand-text", text),
            ("--brand-strong", text.mixed(BLACK, 25)),
            ("--on-brand", WHITE),
            ("--brand-wash", self.mixed(WHITE, 88)),
        ]
    }

    fn dark(self) -> Properties {
        let light = self.readable(WHITE, DARK_SURFACE, READABLE_IN_DARK);
        [
            ("--brand", light),
            ("--brand-text", light),
            ("--brand-strong", light.mixed(WHITE, 35)),
            ("--on-brand", self.mixed(BLACK, 80)),
            ("--brand-wash", self.mixed(DARK_SURFACE, 70)),
        ]
    }

    /// What follows `base.css`.
    pub(super) fn stylesheet(self) -> String {
        let rule = |properties: Properties| {
            let all = properties.map(|(name, color)| format!("{name}: {color};"));
            format!(":root {{ {} }}", all.join(" "))
        };
        let (light, dark) = (rule(self.light()), rule(self.dark()));
        format!("{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n")
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

impl FromStr for Color {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim().strip_prefix('#');
        let is_six = |it: &&str| it.len() == 6 && it.bytes().all(|b| b.is_ascii_hexdigit());
        let number = digits.filter(is_six).map(|it| u32::from_str_radix(it, 16));
        let number = number.and_then(Result::ok).ok_or("must be like #0d5c63")?;
        let [_, r, g, b] = number.to_be_bytes();
        let color = Self([r, g, b]);
        let contrast = color.contrast(WHITE);
        if contrast >= READABLE {
            return Ok(color);
        }
        // Rounded down: nobody reads that 4.5 is less than 4.5.
        let shown = (contrast * 100.0).floor() / 100.0;
        Err(format!(
            "white text on it cannot be read well: the contrast is {shown} and must be {READABLE} at least; choose a darker colour"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Whatever colour is taken, what has to be read can be read, in both schemes.
    #[test]
    fn every_colour_that_is_taken_can_be_read() {
        let (mut taken, mut refused) = (0, 0);
        for number in (0..0x100_0000_u32).step_by(0x1357) {
            let Ok(color) = format!("#{number:06x}").parse::<Color>() else {
                refused += 1;
                continue;
            };
            taken += 1;
            let light = [GROUND, WHITE, Color([0xf3, 0xf6, 0xf6])];
            let dark = [
                DARK_SURFACE,
                Color([0x0c, 0x14, 0x13]),
                Color([0x10, 0x1a, 0x18]),
            ];
            for (properties, grounds) in [(color.light(), light), (color.dark(), dark)] {
                let [brand, text, strong, on, wash] = properties.map(|(_, color)| color);
                let texts = grounds
                    .into_iter()
                    .flat_map(|it| [(text, it), (strong, it)]);
                for (a, b) in texts.chain([(on, brand), (on, strong), (strong, wash)]) {
                    let contrast = a.contrast(b);
                    assert!(contrast >= READABLE, "{color}: {a} on {b} is {contrast}");
                }
            }
        }
        assert!(taken > 500 && refused > 500, "{taken} and {refused}");
    }

    #[test]
    fn a_colour_is_six_digits_and_dark_enough() {
        assert_eq!("#0D5C63".parse(), Ok(Color::default()));
        for wrong in [
            "",
            "0d5c63",
            "#0d5",
            "#0d5c63ff",
            "red",
            "#+d5c63",
            "#äb5c6",
        ] {
            let error = wrong.parse::<Color>().unwrap_err();
            assert_eq!(error, "must be like #0d5c63", "{wrong}");
        }
        let error = "#777777".parse::<Color>().unwrap_err();
        assert!(
            error.contains("4.47") && error.contains("darker"),
            "{error}"
        );
        assert!("#767676".parse::<Color>().is_ok());
    }

    /// What an operator may change is what there is.
    #[test]
    fn the_document_has_every_variable() {
        let names = |lines: &str, end: char| -> BTreeSet<String> {
            let parts = lines.split("--").skip(1);
            let name = |part: &str| part.split(end).next().unwrap_or_default().to_owned();
            parts.map(name).collect()
        };
        let css = include_str!("../../assets/style/base.css");
        let (_, root) = css.split_once(":root {").unwrap();
        let (root, _) = root.split_once("\n}").unwrap();
        let declared = root.lines().filter_map(|line| line.split_once(':'));
        let declared: String = declared.map(|(name, _)| format!("{name};")).collect();
        let declared = names(&declared, ';');
        let document = include_str!("../../../../docs/brand.md");
        let (_, table) = document.split_once("| custom property |").unwrap();
        let (table, rest) = table.split_once("\n\n").unwrap();
        let first = table
            .lines()
            .skip(2)
            .filter_map(|row| row.split('|').nth(1));
        assert_eq!(names(&first.collect::<String>(), '`'), declared);
        let (_, sample) = rest.split_once("```css\n").unwrap();
        let (sample, _) = sample.split_once("```").unwrap();
        assert!(names(sample, ':').is_subset(&declared), "{sample}");
    }

    /// What is reckoned with here is what stands there.
    #[test]
    fn the_stylesheet_has_these_grounds_and_these_names() {
        let css = include_str!("../../assets/style/base.css");
        let ours = Color::default();
        for part in [
            format!("--ground: {GROUND}"),
            format!("--surface: {DARK_SURFACE}"),
            format!("--brand: {ours}"),
        ] {
            assert!(css.contains(&part), "{part}");
        }
        for (name, _) in ours.light().into_iter().chain(ours.dark()) {
            assert!(css.contains(&format!("  {name}: ")), "{name}");
        }
    }
}
