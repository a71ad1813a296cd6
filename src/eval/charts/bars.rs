//! Each label's F1 as a bar, with its precision and recall as marks on it.

use super::{BLUE, Canvas, Drawn, FAINT, GRID, INK, grouped, style, svg, write};
use crate::eval::{Confusion, LabelFigures};
use plotters::prelude::{Circle, Color, PathElement, RGBColor, Rectangle, ShapeStyle, WHITE};
use plotters::style::text_anchor::HPos;

const LEFT: i32 = 96;
const TOP: i32 = 84;
const HEIGHT: i32 = 28;
/// Columns of a bar of 1.
const WIDTH: i32 = 420;
const PRECISION: RGBColor = RGBColor(0xd5, 0x5e, 0x00);
const RECALL: RGBColor = RGBColor(0x00, 0x9e, 0x73);

/// Draws a bar of F1 for each label that a block has, with marks for precision and recall.
pub fn label_bars(title: &str, confusion: &Confusion) -> std::io::Result<String> {
    let figures = confusion.labels().into_iter().map(|label| confusion.figures(label));
    let figures: Vec<LabelFigures> = figures.filter(|figures| figures.support > 0).collect();
    let bottom = TOP + figures.len() as i32 * HEIGHT;
    svg(((LEFT + WIDTH + 150) as u32, (bottom + 36) as u32), |canvas| {
        write(canvas, title, (16, 24), style(17, INK, HPos::Left))?;
        key(canvas)?;
        for tenth in (0..=10).step_by(2) {
            let x = across(f64::from(tenth) / 10.0);
            canvas.draw(&PathElement::new(vec![(x, TOP - 6), (x, bottom)], GRID))?;
            let text = format!("{:.1}", f64::from(tenth) / 10.0);
            write(canvas, text, (x, bottom + 14), style(11, FAINT, HPos::Center))?;
        }
        figures.iter().enumerate().try_for_each(|(at, figures)| bar(canvas, at, figures))
    })
}

fn across(share: f64) -> i32 {
    LEFT + (share.clamp(0.0, 1.0) * f64::from(WIDTH)).round() as i32
}

fn key(canvas: &Canvas<'_>) -> Drawn {
    let f1 = Rectangle::new([(LEFT, 46), (LEFT + 18, 56)], ShapeStyle::from(BLUE.mix(0.5)).filled());
    canvas.draw(&f1)?;
    write(canvas, "F1", (LEFT + 24, 51), style(12, INK, HPos::Left))?;
    canvas.draw(&Circle::new((LEFT + 64, 51), 4, ShapeStyle::from(PRECISION).filled()))?;
    write(canvas, "precision", (LEFT + 74, 51), style(12, INK, HPos::Left))?;
    canvas.draw(&Circle::new((LEFT + 148, 51), 4, ShapeStyle::from(RECALL).filled()))?;
    write(canvas, "recall", (LEFT + 158, 51), style(12, INK, HPos::Left))?;
    write(canvas, "F1 · blocks", (LEFT + WIDTH + 14, 51), style(12, FAINT, HPos::Left))
}

fn bar(canvas: &Canvas<'_>, at: usize, figures: &LabelFigures) -> Drawn {
    let middle = TOP + at as i32 * HEIGHT + HEIGHT / 2;
    write(canvas, figures.label.as_str(), (LEFT - 10, middle), style(13, INK, HPos::Right))?;
    let ends = [(LEFT, middle - 8), (across(figures.f1), middle + 8)];
    canvas.draw(&Rectangle::new(ends, ShapeStyle::from(BLUE.mix(0.5)).filled()))?;
    for (share, colour) in [(figures.precision, PRECISION), (figures.recall, RECALL)] {
        canvas.draw(&Circle::new((across(share), middle), 5, ShapeStyle::from(WHITE).filled()))?;
        canvas.draw(&Circle::new((across(share), middle), 4, ShapeStyle::from(colour).filled()))?;
    }
    let text = format!("{:.3} · {}", figures.f1, grouped(figures.support));
    write(canvas, text, (LEFT + WIDTH + 14, middle), style(12, INK, HPos::Left))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Label;

    #[test]
    fn labels_that_blocks_have_get_a_bar_and_others_none() {
        let mut confusion = Confusion::default();
        (0..3).for_each(|_| confusion.add(Label::Adult, Label::Adult));
        confusion.add(Label::Adult, Label::Ui);
        let svg = label_bars("made", &confusion).unwrap();
        assert!(svg.contains("adult") && svg.contains("0.857 · 4") && !svg.contains("\nui\n"), "{svg}");
    }

    #[test]
    fn a_bar_of_1_ends_at_the_last_line() {
        assert_eq!([across(0.0), across(1.0), across(7.0)], [LEFT, LEFT + WIDTH, LEFT + WIDTH]);
    }
}
