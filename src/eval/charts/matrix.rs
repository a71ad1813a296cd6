//! A confusion matrix as a heat map with its numbers.

use super::{BLUE, Canvas, Drawn, FAINT, GRID, INK, grouped, style, svg, write};
use crate::classify::Label;
use crate::eval::Confusion;
use plotters::prelude::{Color, RGBColor, Rectangle, ShapeStyle, WHITE};
use plotters::style::text_anchor::HPos;

const WIDTH: i32 = 66;
const HEIGHT: i32 = 34;
/// The colour of blocks that were taken for something else.
const WRONG: RGBColor = RGBColor(0xc4, 0x4e, 0x00);
/// Place of the first cell.
const LEFT: i32 = 150;
const TOP: i32 = 108;

/// Draws a confusion matrix: true labels down, given labels across. A cell's colour is its share of its row, blue where
/// the label is right and orange where it is not; its text is the number of blocks.
pub fn confusion_matrix(title: &str, confusion: &Confusion) -> std::io::Result<String> {
    let labels = confusion.labels();
    let n = labels.len() as i32;
    let size = ((LEFT + n * WIDTH + 96).max(420) as u32, (TOP + n * HEIGHT + 56) as u32);
    svg(size, |canvas| {
        write(canvas, title, (16, 24), style(17, INK, HPos::Left))?;
        let what = format!(
            "{} blocks · accuracy {:.3} · macro F1 {:.3}",
            grouped(confusion.total()),
            confusion.accuracy(),
            confusion.macro_f1()
        );
        write(canvas, what, (16, 46), style(13, FAINT, HPos::Left))?;
        for (row, truth) in labels.iter().enumerate() {
            draw_row(canvas, confusion, &labels, (row as i32, *truth))?;
        }
        for (column, label) in labels.iter().enumerate() {
            let middle = LEFT + column as i32 * WIDTH + WIDTH / 2;
            write(canvas, label.as_str(), (middle, TOP - 12), style(12, INK, HPos::Center))?;
        }
        write(canvas, "recall", (LEFT + n * WIDTH + 14, TOP - 12), style(12, FAINT, HPos::Left))?;
        precisions(canvas, confusion, &labels)?;
        let how = "down: what it is · across: what it was taken for · colour: share of its row";
        write(canvas, how, (16, 64), style(11, FAINT, HPos::Left))
    })
}

fn draw_row(canvas: &Canvas<'_>, confusion: &Confusion, labels: &[Label], row: (i32, Label)) -> Drawn {
    let (at, truth) = row;
    let figures = confusion.figures(truth);
    let (top, middle) = (TOP + at * HEIGHT, TOP + at * HEIGHT + HEIGHT / 2);
    write(canvas, truth.as_str(), (LEFT - 62, middle), style(12, INK, HPos::Right))?;
    write(canvas, grouped(figures.support), (LEFT - 10, middle), style(11, FAINT, HPos::Right))?;
    for (column, given) in labels.iter().enumerate() {
        let left = LEFT + column as i32 * WIDTH;
        let count = confusion.count(truth, *given);
        let share = count as f64 / figures.support.max(1) as f64;
        let cell = [(left, top), (left + WIDTH, top + HEIGHT)];
        let colour = if truth == *given { BLUE } else { WRONG };
        canvas.draw(&Rectangle::new(cell, ShapeStyle::from(heat(share, colour)).filled()))?;
        canvas.draw(&Rectangle::new(cell, ShapeStyle::from(GRID).stroke_width(1)))?;
        if count > 0 {
            let ink = if share > 0.55 { WHITE } else { INK };
            write(canvas, grouped(count), (left + WIDTH / 2, middle), style(12, ink, HPos::Center))?;
        }
    }
    let recall = if figures.support > 0 { format!("{:.3}", figures.recall) } else { "–".to_owned() };
    write(canvas, recall, (LEFT + labels.len() as i32 * WIDTH + 14, middle), style(12, INK, HPos::Left))
}

/// The precision of each column, below it.
fn precisions(canvas: &Canvas<'_>, confusion: &Confusion, labels: &[Label]) -> Drawn {
    let below = TOP + labels.len() as i32 * HEIGHT + 18;
    write(canvas, "precision", (LEFT - 10, below), style(12, FAINT, HPos::Right))?;
    for (column, label) in labels.iter().enumerate() {
        let figures = confusion.figures(*label);
        let text = if figures.given > 0 { format!("{:.3}", figures.precision) } else { "–".to_owned() };
        let middle = LEFT + column as i32 * WIDTH + WIDTH / 2;
        write(canvas, text, (middle, below), style(12, INK, HPos::Center))?;
    }
    Ok(())
}

/// White for 0, the colour for 1. The root makes small shares visible.
fn heat(share: f64, colour: RGBColor) -> RGBColor {
    let strength = share.clamp(0.0, 1.0).sqrt();
    let mix = |to: u8| (255.0 + (f64::from(to) - 255.0) * strength).round() as u8;
    let (r, g, b) = colour.rgb();
    RGBColor(mix(r), mix(g), mix(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_that_has_blocks_shows_their_number() {
        let mut confusion = Confusion::default();
        (0..1234).for_each(|_| confusion.add(Label::Body, Label::Body));
        (0..56).for_each(|_| confusion.add(Label::Adult, Label::Related));
        let svg = confusion_matrix("a < b", &confusion).unwrap();
        for text in ["1,234", "56", "related", "a &lt; b", "macro F1 0.500"] {
            assert!(svg.contains(text), "{text} in {svg}");
        }
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
        assert_eq!(svg, confusion_matrix("a < b", &confusion).unwrap());
    }

    #[test]
    fn a_cell_is_darker_the_larger_its_share() {
        assert_eq!([heat(0.0, BLUE), heat(1.0, BLUE)], [WHITE, BLUE]);
        assert!(heat(0.3, WRONG).rgb().2 > heat(0.6, WRONG).rgb().2);
    }

    #[test]
    fn a_matrix_without_blocks_is_drawn_too() {
        assert!(confusion_matrix("none", &Confusion::default()).unwrap().contains("0 blocks"));
    }
}
