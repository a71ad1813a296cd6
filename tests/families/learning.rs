//! Learning curves: a figure after each step, several curves in one diagram.

#![expect(clippy::cast_possible_wrap, reason = "what is drawn is counted in dozens")]

use plotters::coord::Shift;
use plotters::prelude::{
    Circle, DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, PathElement, RGBColor, SVGBackend,
    ShapeStyle, Text, WHITE,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, TextStyle};

type Canvas<'c> = DrawingArea<SVGBackend<'c>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
const FAINT: RGBColor = RGBColor(0x77, 0x77, 0x77);
const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);

fn style(size: u32, colour: RGBColor, across: HPos) -> TextStyle<'static> {
    let plain = TextStyle::from(("sans-serif", size).into_font()).pos(Pos::new(across, VPos::Center));
    TextStyle { color: colour.to_backend_color(), ..plain }
}

fn write(canvas: &Canvas<'_>, text: impl Into<String>, at: (i32, i32), style: TextStyle<'static>) -> Drawn {
    canvas.draw(&Text::new(text.into(), at, style))
}

/// A curve: a figure from 0 to 1 before, and after each step.
#[derive(Debug, Clone, Copy)]
pub(super) struct LearningCurve<'c> {
    /// What the curve shows.
    pub(super) name: &'c str,
    /// The figures, the first before any step.
    pub(super) values: &'c [f64],
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

/// Draws curves over steps as SVG, with a dashed line at the figure that is aimed for.
pub(super) fn learning_curves(
    title: &str,
    aim: f64,
    curves: &[LearningCurve<'_>],
) -> std::io::Result<String> {
    let mut svg = String::new();
    let size = ((KEY + 250) as u32, (TOP + HEIGHT + 60) as u32);
    draw(&SVGBackend::with_string(&mut svg, size).into_drawing_area(), title, aim, curves)
        .map_err(std::io::Error::other)?;
    Ok(svg)
}

fn draw(canvas: &Canvas<'_>, title: &str, aim: f64, curves: &[LearningCurve<'_>]) -> Drawn {
    let steps = curves.iter().map(|curve| curve.values.len()).max().unwrap_or(0).saturating_sub(1).max(1);
    canvas.fill(&WHITE)?;
    write(canvas, title, (16, 24), style(15, INK, HPos::Left))?;
    axes(canvas, steps, aim)?;
    for (at, (curve, colour)) in curves.iter().zip(COLOURS).enumerate() {
        draw_curve(canvas, steps, curve, colour)?;
        let y = TOP + 20 + at as i32 * 24;
        let line = ShapeStyle::from(colour).stroke_width(2);
        canvas.draw(&PathElement::new(vec![(KEY, y), (KEY + 20, y)], line))?;
        write(canvas, curve.name, (KEY + 28, y), style(12, INK, HPos::Left))?;
    }
    canvas.present()
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
