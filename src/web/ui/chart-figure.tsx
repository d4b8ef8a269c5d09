import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import type { Chart, ChartTable, Drawn, Region, Tip } from "../charts/drawing.ts";
import type { charts as chartCatalog, ChartSpec } from "../charts/index.ts";

type Charts = typeof chartCatalog;

let loaded: Charts | null = null;

/** The charts, which come after the page; null until they are there. */
export function useCharts(): Charts | null {
  const [charts, setCharts] = useState(loaded);
  useEffect(() => {
    if (charts !== null) return;
    let gone = false;
    const load = async () => {
      const module = await import("../charts/index.ts");
      loaded = module.charts;
      if (!gone) setCharts(module.charts);
    };
    void load();
    return () => {
      gone = true;
    };
  }, [charts]);
  return charts;
}

/** A chart with its data put in. */
export function chartOf(
  charts: Charts,
  { kind, data }: ChartSpec,
): { draw: (width: number, height: number) => Drawn; table: () => ChartTable; tip: (key: string) => Tip | null } {
  // Kind and data belong together by the type of the spec, which is lost where both are looked up.
  const chart = charts[kind] as Chart<typeof data>;
  return {
    draw: (width, height) => chart.draw(data, { document, width, height }),
    table: () => chart.table(data),
    tip: (key) => chart.tip(data, key),
  };
}

/** Below this the names alone would take the whole width: the place is still being laid out. */
const NARROWEST = 180;

interface ChartFigureProps {
  readonly spec: ChartSpec;
  readonly label: string;
  readonly height: number;
  readonly onPick?: ((key: string) => void) | undefined;
}

/** A drawing in its place, with what is pointed at told in exact values: by pointer, or by the arrow keys. */
export function ChartFigure({ spec, label, height, onPick }: ChartFigureProps) {
  const charts = useCharts();
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [at, setAt] = useState<Region | null>(null);

  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = place.current;
    if (charts === null || element === null || width < NARROWEST) return;
    const next = chartOf(charts, spec).draw(width, height);
    element.replaceChildren(next.svg);
    setDrawn(next);
    setAt(null);
  }, [charts, spec, width, height]);

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setAt(regionAt(drawn?.regions ?? [], event.clientX - box.left, event.clientY - box.top));
  };
  const press = (event: KeyboardEvent) => {
    const regions = drawn?.regions ?? [];
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step !== undefined && regions.length > 0) {
      event.preventDefault();
      const now = at === null ? -1 : regions.findIndex(({ key }) => key === at.key);
      setAt(regions[Math.min(regions.length - 1, Math.max(0, now + step))] ?? null);
    } else if (event.key === "Enter" && at !== null) onPick?.(at.key);
    else if (event.key === "Escape") setAt(null);
  };
  const tip = charts === null || at === null ? null : chartOf(charts, spec).tip(at.key);

  return (
    <div
      className="chart-figure"
      style={{ height }}
      role="group"
      aria-roledescription="chart"
      aria-label={`${label}. Arrow keys read the values; the table below the title has them all.`}
      tabIndex={0}
      data-pickable={(onPick !== undefined && at !== null) || undefined}
      onPointerMove={point}
      onPointerLeave={() => setAt(null)}
      onClick={() => at !== null && onPick?.(at.key)}
      onKeyDown={press}
      onBlur={() => setAt(null)}
    >
      <div ref={place} className="chart-drawing" role="img" aria-label={label} />
      {at !== null && (
        <div className="chart-at" style={{ left: at.x, top: at.y, width: at.width, height: at.height }} />
      )}
      {tip !== null && at !== null && <TipBox tip={tip} at={at} width={width} />}
      <span className="visually-hidden" aria-live="polite">
        {tip === null
          ? ""
          : `${tip.title}: ${tip.lines.map(({ label, text }) => `${label} ${text}`).join(", ")}. ${tip.note ?? ""}`}
      </span>
    </div>
  );
}

/** Beside what it tells about, on the side with more room, and never outside the chart. */
function TipBox({ tip, at, width }: { tip: Tip; at: Region; width: number }) {
  const middle = at.x + at.width / 2;
  const side =
    middle < width / 2
      ? { left: Math.min(at.x + at.width, middle + 24) + 8 }
      : { right: width - Math.max(at.x, middle - 24) + 8 };
  return (
    <div className="chart-tip" style={{ ...side, top: Math.max(0, Math.min(at.y, 200)) }} aria-hidden>
      <p className="chart-tip-title">{tip.title}</p>
      <dl>
        {tip.lines.map(({ label, text, color }) => (
          <div key={label}>
            <dt>
              {color !== undefined && <span className="swatch" style={{ background: color }} />}
              {label}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {tip.note !== undefined && <p className="quiet">{tip.note}</p>}
    </div>
  );
}

function regionAt(regions: readonly Region[], x: number, y: number): Region | null {
  return (
    regions.find((one) => one.x <= x && x < one.x + one.width && one.y - 30 <= y && y < one.y + one.height) ?? null
  );
}
