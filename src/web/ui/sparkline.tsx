import { sparkline } from "./sparkline-path.ts";

/** The shape of a figure over its range. Says nothing that the numbers beside it do not. */
export function Sparkline({
  values,
  width = 96,
  height = 28,
}: {
  values: readonly (number | null)[];
  width?: number;
  height?: number;
}) {
  if (values.every((value) => value === null)) return null;
  const { line, area, end } = sparkline(values, width, height);
  return (
    <svg className="sparkline" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden>
      <path className="sparkline-area" d={area} />
      <path className="sparkline-line" d={line} />
      {end !== null && <circle className="sparkline-end" cx={end.x} cy={end.y} r={2} />}
    </svg>
  );
}
