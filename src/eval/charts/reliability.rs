//! A reliability diagram: what probabilities say against what comes true.

use super::{Canvas, Drawn, FAINT, GRID, INK, grouped, style, svg, write};
use crate::eval::{Bin, Reliability};
use plotters::prelude::{Circle, Color, PathElement, RGBColor, Rectangle, ShapeStyle};
use plotters::style::text_anchor::HPos;

/// A curve of a reliability diagram.
#[derive(Debug, Clone, Copy)]
pub struct Curve<'c> {
    /// What the probabilities belong to.
    pub name: &'c str,
    /// The probabilities.
    pub reliability: &'c Reliability,
}

/// Colours that people with any colour vision tell apart (Okabe and Ito), in the order of the curves.
const COLOURS: [RGBColor; 6] = [
    INK,
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0xe6, 0x9f, 0x00),
];

/// The square of the diagram and the strip below it that shows how many blocks a bin holds.
const LEFT: i32 = 66;
const TOP: i32 = 64;
const SIDE: i32 = 420;
const STRIP_TOP: i32 = TOP + SIDE + 52;
const STRIP: i32 = 76;
const KEY: i32 = LEFT + SIDE + 28;

/// Bins of fewer blocks are drawn hollow: their place is chance.
const FEW: usize = 30;

/// Draws curves of observed shares over probabilities, and below them how many blocks each bin of the first curve
/// holds, on a logarithmic scale. On the diagonal probabilities are right; below it they promise too much.
pub fn reliability_diagram(title: &str, curves: &[Curve<'_>]) -> std::io::Result<String> {
    svg(((KEY + 210) as u32, (STRIP_TOP + STRIP + 56) as u32), |canvas| {
        write(canvas, title, (16, 24), style(17, INK, HPos::Left))?;
        axes(canvas)?;
        for (at, (curve, colour)) in curves.iter().zip(COLOURS).enumerate() {
            draw_curve(canvas, &curve.reliability.bins, colour)?;
            key(canvas, at, curve, colour)?;
        }
        curves.first().map_or(Ok(()), |curve| strip(canvas, &curve.reliability.bins))
    })
}

fn x(p: f64) -> i32 {
    LEFT + (p.clamp(0.0, 1.0) * f64::from(SIDE)).round() as i32
}

fn y(p: f64) -> i32 {
    TOP + SIDE - (p.clamp(0.0, 1.0) * f64::from(SIDE)).round() as i32
}

fn axes(canvas: &Canvas<'_>) -> Drawn {
    for tenth in (0..=10).step_by(2) {
        let p = f64::from(tenth) / 10.0;
        canvas.draw(&PathElement::new(vec![(x(p), y(0.0)), (x(p), y(1.0))], GRID))?;
        canvas.draw(&PathElement::new(vec![(x(0.0), y(p)), (x(1.0), y(p))], GRID))?;
        write(canvas, format!("{p:.1}"), (x(p), y(0.0) + 14), style(11, FAINT, HPos::Center))?;
        write(canvas, format!("{p:.1}"), (LEFT - 8, y(p)), style(11, FAINT, HPos::Right))?;
    }
    canvas.draw(&PathElement::new(vec![(x(0.0), y(0.0)), (x(1.0), y(1.0))], FAINT))?;
    write(canvas, "probability", (x(0.5), y(0.0) + 32), style(12, INK, HPos::Center))?;
    write(canvas, "share that came true", (16, TOP - 16), style(12, INK, HPos::Left))
}

fn draw_curve(canvas: &Canvas<'_>, bins: &[Bin], colour: RGBColor) -> Drawn {
    let filled = || bins.iter().filter(|bin| bin.count > 0);
    let points: Vec<(i32, i32)> = filled().map(|bin| (x(bin.predicted), y(bin.observed))).collect();
    canvas.draw(&PathElement::new(points.clone(), ShapeStyle::from(colour).stroke_width(2)))?;
    for (bin, point) in filled().zip(points) {
        canvas.draw(&Circle::new(point, 4, ShapeStyle::from(plotters::prelude::WHITE).filled()))?;
        let dot = ShapeStyle::from(colour);
        let dot = if bin.count < FEW { dot } else { dot.filled() };
        canvas.draw(&Circle::new(point, 4, dot))?;
    }
    Ok(())
}

fn key(canvas: &Canvas<'_>, at: usize, curve: &Curve<'_>, colour: RGBColor) -> Drawn {
    let top = TOP + 12 + at as i32 * 56;
    let line = vec![(KEY, top), (KEY + 22, top)];
    canvas.draw(&PathElement::new(line, ShapeStyle::from(colour).stroke_width(2)))?;
    canvas.draw(&Circle::new((KEY + 11, top), 4, ShapeStyle::from(colour).filled()))?;
    let Reliability { count, ece, brier, .. } = curve.reliability;
    write(canvas, curve.name, (KEY + 30, top), style(13, INK, HPos::Left))?;
    let blocks = format!("{} blocks", grouped(*count));
    write(canvas, blocks, (KEY + 30, top + 17), style(11, FAINT, HPos::Left))?;
    let figures = format!("ECE {ece:.4} · Brier {brier:.4}");
    write(canvas, figures, (KEY + 30, top + 32), style(11, FAINT, HPos::Left))
}

/// Bars of the bins' numbers of blocks, on a logarithmic scale.
fn strip(canvas: &Canvas<'_>, bins: &[Bin]) -> Drawn {
    let base = STRIP_TOP + STRIP;
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(0);
    let log = |count: usize| (count as f64 + 1.0).log10();
    let height = |count: usize| (log(count) / log(most).max(1e-9) * f64::from(STRIP)).round() as i32;
    for bin in bins.iter().filter(|bin| bin.count > 0) {
        let bar = [(x(bin.from) + 1, base - height(bin.count)), (x(bin.to) - 1, base)];
        canvas.draw(&Rectangle::new(bar, ShapeStyle::from(FAINT.mix(0.55)).filled()))?;
    }
    let powers = (0..10).map(|power| 10_usize.pow(power)).filter(|count| *count <= most);
    for count in powers {
        let at = base - height(count);
        canvas.draw(&PathElement::new(vec![(LEFT - 4, at), (LEFT, at)], FAINT))?;
        write(canvas, grouped(count), (LEFT - 8, at), style(10, FAINT, HPos::Right))?;
    }
    canvas.draw(&PathElement::new(vec![(x(0.0), base), (x(1.0), base)], FAINT))?;
    let what = "blocks in a bin, logarithmic, all of them; hollow points: fewer than 30 blocks";
    write(canvas, what, (LEFT, base + 18), style(11, FAINT, HPos::Left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_drawn_with_their_figures_and_sparse_bins_are_hollow() {
        let sure = Reliability::of((0..100).map(|n| (0.95, n < 90)));
        let few = Reliability::of([(0.2, true), (0.2, false)]);
        let curves =
            [Curve { name: "all", reliability: &sure }, Curve { name: "Chinese", reliability: &few }];
        let svg = reliability_diagram("main content", &curves).unwrap();
        for text in ["Chinese", "100 blocks", "ECE 0.0500", "fill=\"none\""] {
            assert!(svg.contains(text), "{text} in {svg}");
        }
        assert_eq!((x(0.0), y(0.0)), (LEFT, TOP + SIDE));
    }

    #[test]
    fn no_blocks_give_an_empty_diagram() {
        let none = Reliability::default();
        assert!(reliability_diagram("none", &[Curve { name: "all", reliability: &none }]).is_ok());
    }
}
