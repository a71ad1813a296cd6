//! Learning curves: a figure after each step, several curves in one diagram.

use super::{Canvas, Drawn, FAINT, GRID, INK, style, svg, write};
use plotters::prelude::{Circle, PathElement, RGBColor, ShapeStyle, WHITE};
use plotters::style::text_anchor::HPos;

/// A curve: a figure from 0 to 1 before, and after each step.
#[derive(Debug, Clone, Copy)]
pub struct LearningCurve<'c> {
    /// What the curve shows.
    pub name: &'c str,
    /// The figures, the first before any step.
    pub values: &'c [f64],
}

/// Colours that people with any colour vision tell apart (Okabe and Ito), in the order of the curves.
const COLOURS: [RGBColor; 6] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    INK,
];

const LEFT: i32 = 66;
const TOP: i32 = 64;
const WIDTH: i32 = 420;
const HEIGHT: i32 = 320;
const KEY: i32 = LEFT + WIDTH + 24;

/// Draws curves over steps, with a dashed line at the figure that is aimed for.
pub fn learning_curves(title: &str, aim: f64, curves: &[LearningCurve<'_>]) -> std::io::Result<String> {
    let steps = curves.iter().map(|curve| curve.values.len()).max().unwrap_or(0).saturating_sub(1).max(1);
    svg(((KEY + 250) as u32, (TOP + HEIGHT + 60) as u32), |canvas| {
        write(canvas, title, (16, 24), style(15, INK, HPos::Left))?;
        axes(canvas, steps, aim)?;
        for (at, (curve, colour)) in curves.iter().zip(COLOURS).enumerate() {
            draw_curve(canvas, steps, curve, colour)?;
            let y = TOP + 20 + at as i32 * 24;
            let line = ShapeStyle::from(colour).stroke_width(2);
            canvas.draw(&PathElement::new(vec![(KEY, y), (KEY + 20, y)], line))?;
            write(canvas, curve.name, (KEY + 28, y), style(12, INK, HPos::Left))?;
        }
        Ok(())
    })
}

fn x(step: usize, steps: usize) -> i32 {
    LEFT + WIDTH * step as i32 / steps as i32
}

fn y(figure: f64) -> i32 {
    TOP + HEIGHT - (figure.clamp(0.0, 1.0) * f64::from(HEIGHT)).round() as i32
}

fn axes(canvas: &Canvas<'_>, steps: usize, aim: f64) -> Drawn {
    for tenth in (0..=10).step_by(2) {
        let figure = f64::from(tenth) / 10.0;
        canvas.draw(&PathElement::new(vec![(LEFT, y(figure)), (LEFT + WIDTH, y(figure))], GRID))?;
        write(canvas, format!("{figure:.1}"), (LEFT - 8, y(figure)), style(11, FAINT, HPos::Right))?;
    }
    for step in 0..=steps {
        write(canvas, step.to_string(), (x(step, steps), y(0.0) + 14), style(11, FAINT, HPos::Center))?;
    }
    for dash in (LEFT..LEFT + WIDTH).step_by(10) {
        canvas.draw(&PathElement::new(vec![(dash, y(aim)), (dash + 5, y(aim))], FAINT))?;
    }
    write(canvas, format!("{aim:.2}"), (LEFT + WIDTH + 4, y(aim) - 10), style(11, FAINT, HPos::Left))?;
    write(canvas, "corrected pages", (LEFT + WIDTH / 2, y(0.0) + 34), style(12, INK, HPos::Center))
}

fn draw_curve(canvas: &Canvas<'_>, steps: usize, curve: &LearningCurve<'_>, colour: RGBColor) -> Drawn {
    let points = curve.values.iter().enumerate().map(|(step, figure)| (x(step, steps), y(*figure)));
    let points: Vec<(i32, i32)> = points.collect();
    canvas.draw(&PathElement::new(points.clone(), ShapeStyle::from(colour).stroke_width(2)))?;
    for point in points {
        canvas.draw(&Circle::new(point, 4, ShapeStyle::from(WHITE).filled()))?;
        canvas.draw(&Circle::new(point, 3, ShapeStyle::from(colour).filled()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_curve_and_step_is_named() {
        let curves = [LearningCurve { name: "first", values: &[0.2, 0.9, 1.0] }];
        let drawn = learning_curves("Curves", 0.95, &curves).unwrap();
        assert!(
            ["Curves", "first", "corrected pages", "0.95"].iter().all(|text| drawn.contains(text)),
            "{drawn}"
        );
        assert_eq!(drawn, learning_curves("Curves", 0.95, &curves).unwrap());
    }
}
