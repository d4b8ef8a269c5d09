import * as Plot from "@observablehq/plot";

import { compact, formatDay, formatDayShort, unitWords, type Unit, type Value } from "../format/index.ts";

/** What a chart is drawn on: a browser's document or a test's. */
export interface Canvas {
  readonly document: Document;
  /** Pixels of the place it gets. */
  readonly width: number;
  readonly height: number;
}

/** A part of a drawing that can be pointed at, in pixels of the drawing. */
export interface Region {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Drawn {
  readonly svg: SVGSVGElement;
  readonly regions: readonly Region[];
}

/** A chart's data as a table: every value that is drawn, exact. */
export interface ChartTable {
  readonly columns: readonly { readonly label: string; readonly unit?: Unit }[];
  readonly rows: readonly (readonly Value[])[];
}

/** What is said about a part of a drawing. */
export interface Tip {
  readonly title: string;
  readonly lines: readonly { readonly label: string; readonly text: string; readonly color?: string }[];
  readonly note?: string;
}

/** A kind of chart: all of it pure functions of its data. */
export interface Chart<Data> {
  draw(data: Data, canvas: Canvas): Drawn;
  table(data: Data): ChartTable;
  tip(data: Data, key: string): Tip | null;
}

/** Draws with Plot, and takes out the style element it brings: the page's policy allows none, and its rules are in ours. */
export function plot(canvas: Canvas, options: Plot.PlotOptions): SVGSVGElement & Plot.Plot {
  const svg = Plot.plot({
    document: canvas.document,
    width: canvas.width,
    height: canvas.height,
    className: "plot",
    figure: false,
    style: { fontSize: "12px" },
    ...options,
  }) as SVGSVGElement & Plot.Plot;
  for (const style of svg.querySelectorAll("style")) style.remove();
  svg.setAttribute("font-size", "12");
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

/** Stripes for what may still change, told apart without colour. One definition serves every chart of a page. */
export function addHatches(svg: SVGSVGElement, document: Document): void {
  const defs = document.createElementNS(SVG, "defs");
  for (const [id, color, width] of [
    ["hatch-over", "var(--surface)", "2"],
    ["hatch-ground", "var(--line-strong)", "1"],
  ] as const) {
    const pattern = document.createElementNS(SVG, "pattern");
    set(pattern, { id, width: "6", height: "6", patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
    const line = document.createElementNS(SVG, "line");
    set(line, { x1: "0", y1: "0", x2: "0", y2: "6", stroke: color, "stroke-width": width });
    pattern.append(line);
    defs.append(pattern);
  }
  svg.prepend(defs);
}

const SVG = "http://www.w3.org/2000/svg";

function set(element: Element, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

/** Which buckets get a tick: the first, and then as many as have room for their label. */
export function tickBuckets(buckets: readonly string[], width: number, roomPerTick = 64): string[] {
  const most = Math.max(2, Math.floor(width / roomPerTick));
  const steps = [1, 2, 3, 5, 7, 10, 14, 28, 30, 60, 91, 182, 365];
  const every = steps.find((step) => Math.ceil(buckets.length / step) <= most) ?? Math.ceil(buckets.length / most);
  return buckets.filter((_, at) => at % every === 0);
}

/** `1 Nov` on an axis; months say their year. */
export function bucketLabel(bucket: string): string {
  return bucket.length === 7 ? formatDay(bucket) : formatDayShort(bucket);
}

/** Axis numbers: whole counts are not cut into halves. */
export function axisTicks(
  unit: Unit,
  most: number,
  height: number,
): { ticks: number; tickFormat: (value: number) => string } {
  const room = Math.max(2, Math.floor(height / 52));
  const whole = unit !== "usd" && unit !== "ratio";
  return {
    ticks: whole ? Math.min(room, Math.max(1, Math.ceil(most))) : room,
    tickFormat: (value) => (unit === "ratio" ? `${Math.round(value * 100)}%` : axisNumber(value, unit)),
  };
}

function axisNumber(value: number, unit: Unit): string {
  if (unit === "usd" && Math.abs(value) < 1000) {
    return Number.isInteger(value) ? `$${value}` : `$${value.toFixed(2)}`;
  }
  return compact(value, unit).replace(/\.0(?=\D|$)/, "");
}

/** What the figures of a drawing are: its unit, and what is said of it. A bare count is named by that alone. */
export function axisLabel({ unit, note }: { readonly unit: Unit; readonly note?: string }): string {
  if (note === undefined) return unitWords(unit);
  return unit === "count" ? note : `${unitWords(unit)}, ${note}`;
}

/** A label cut to what fits, for the drawing only: tables and tips say it whole. */
export function cut(text: string, letters: number): string {
  const all = lettersOf(text);
  return all.length <= letters ? text : `${all.slice(0, Math.max(1, letters - 1)).join("")}…`;
}

/** What a reader takes for one letter, whatever it is made of. */
export function lettersOf(text: string): string[] {
  return Array.from(new Intl.Segmenter("en").segment(text), ({ segment }) => segment);
}
