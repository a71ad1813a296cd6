//! Figures → SVG charts: reliability diagrams, a confusion matrix as a heat map, bars of each label's F1.
//!
//! The same figures give the same bytes. Text stays text, in the reader's own sans-serif face; no font is needed to
//! draw it.

#![expect(clippy::cast_possible_wrap, reason = "what is drawn is counted in dozens")]

mod bars;
mod matrix;
mod reliability;

pub use bars::label_bars;
pub use matrix::confusion_matrix;
pub use reliability::{Curve, reliability_diagram};

use plotters::coord::Shift;
use plotters::prelude::{
    DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, RGBColor, SVGBackend, Text, WHITE,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{IntoFont, TextStyle};

/// What is drawn on.
type Canvas<'c> = DrawingArea<SVGBackend<'c>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
const FAINT: RGBColor = RGBColor(0x77, 0x77, 0x77);
const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);
/// The blue of the heat map and of the bars.
const BLUE: RGBColor = RGBColor(0x1f, 0x5a, 0x96);

/// Draws on a white canvas and gives the SVG.
fn svg(size: (u32, u32), draw: impl FnOnce(&Canvas<'_>) -> Drawn) -> std::io::Result<String> {
    let mut svg = String::new();
    let drawn = {
        let canvas = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        canvas.fill(&WHITE).and_then(|()| draw(&canvas)).and_then(|()| canvas.present())
    };
    drawn.map_err(std::io::Error::other)?;
    Ok(svg)
}

/// Text of a size and colour, anchored at the left, in the middle or at the right.
fn style(size: u32, colour: RGBColor, across: HPos) -> TextStyle<'static> {
    let plain = TextStyle::from(("sans-serif", size).into_font()).pos(Pos::new(across, VPos::Center));
    TextStyle { color: plotters::style::Color::to_backend_color(&colour), ..plain }
}

fn write(canvas: &Canvas<'_>, text: impl Into<String>, at: (i32, i32), style: TextStyle<'static>) -> Drawn {
    canvas.draw(&Text::new(text.into(), at, style))
}

/// A count as people read it: `1,234`.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!([7, 1234, 123_456, 1_000_000].map(grouped), ["7", "1,234", "123,456", "1,000,000"]);
    }
}
