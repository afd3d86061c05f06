//! Shades: a sequence of colours that looks evenly spaced, in colour and in grey.

use super::viridis::VIRIDIS;
use crate::chart::style::{BLACK, Colour, WHITE};

/// The shade of a share of the range [0–1]; shares beyond it have the shade of its end.
pub(crate) fn shade(share: f64) -> Colour {
    let place = share.clamp(0.0, 1.0) * (VIRIDIS.len() - 1) as f64;
    let below = (place.floor() as usize).min(VIRIDIS.len() - 2);
    let ends = [VIRIDIS[below], VIRIDIS[below + 1]].map(Colour::hex);
    mix(ends[0], ends[1], place - below as f64)
}

/// A colour between two opaque ones, at a share [0–1] of the way.
pub(crate) fn mix(from: Colour, to: Colour, share: f64) -> Colour {
    let part = |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))).round() as u8;
    Colour {
        rgb: (
            part(from.rgb.0, to.rgb.0),
            part(from.rgb.1, to.rgb.1),
            part(from.rgb.2, to.rgb.2),
        ),
        alpha: 1.0,
    }
}

/// Black or white, whichever stands out from a ground.
pub(crate) fn on(ground: Colour) -> Colour {
    if lightness(ground) > 0.55 {
        BLACK
    } else {
        WHITE
    }
}

/// How light a colour prints in grey [0–1]: the luma of ITU-R BT.601.
pub(crate) fn lightness(colour: Colour) -> f64 {
    let (red, green, blue) = colour.rgb;
    (0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue)) / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn higher_is_lighter_everywhere() {
        let greys: Vec<f64> = (0..=100)
            .map(|i| lightness(shade(f64::from(i) / 100.0)))
            .collect();
        assert!(greys.windows(2).all(|pair| pair[1] > pair[0]), "{greys:?}");
        assert!(greys[0] < 0.2 && greys[100] > 0.8);
    }

    #[test]
    fn published_points_are_met() {
        assert_eq!(shade(0.0), Colour::hex(0x440154));
        assert_eq!(shade(51.0 / 255.0), Colour::hex(0x414487));
        assert_eq!(shade(0.5), Colour::hex(0x21918D));
        assert_eq!(shade(204.0 / 255.0), Colour::hex(0x7AD151));
        assert_eq!(shade(1.0), Colour::hex(0xFDE725));
        assert_eq!(shade(-3.0), shade(0.0));
        assert_eq!(shade(7.0), shade(1.0));
    }

    #[test]
    fn marks_stand_out_from_every_shade() {
        for i in 0..=100 {
            let ground = shade(f64::from(i) / 100.0);
            assert!(
                (lightness(on(ground)) - lightness(ground)).abs() > 0.4,
                "{i}%"
            );
        }
    }
}
