/** A plain decimal rounded half-even to so many places, as text: money never passes through a binary fraction. */
export function roundDecimal(value: string, places: number): string {
  const plain = plainDecimal(value);
  const negative = plain.startsWith("-");
  const [whole = "0", fraction = ""] = plain.replace("-", "").split(".");
  const kept = BigInt(whole + fraction.slice(0, places).padEnd(places, "0"));
  const rest = fraction.slice(places);
  const half = /^50*$/.test(rest) ? (kept % 2n === 1n ? 1n : 0n) : rest >= "5" ? 1n : 0n;
  const digits = (kept + half).toString().padStart(places + 1, "0");
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}

/** `1234567.5` as `1,234,567.5`. */
export function groupThousands(value: string): string {
  const [whole = "", fraction] = value.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Three figures and a magnitude: 12,431 is `12.4` `k`. Below a thousand, with so many decimals if it has any. */
export function compactDigits(value: string, decimals: number): { text: string; suffix: string } {
  const size = Math.abs(Number(value));
  const step = STEPS.find(({ from }) => size >= from);
  if (step === undefined) {
    const places =
      Number.isInteger(Number(value)) && decimals === 0 ? 0 : size >= 100 && decimals > 0 ? 0 : decimals || 1;
    return { text: roundDecimal(value, places), suffix: "" };
  }
  const scaled = Number(value) / step.unit;
  return { text: roundDecimal(String(scaled), Math.abs(scaled) >= 99.95 ? 0 : 1), suffix: step.suffix };
}

/** Each begins where the smaller one would round up to a thousand of its own. */
const STEPS = [
  { from: 999_500_000_000, unit: 1e12, suffix: "T" },
  { from: 999_500_000, unit: 1e9, suffix: "B" },
  { from: 999_500, unit: 1e6, suffix: "M" },
  { from: 999.5, unit: 1e3, suffix: "k" },
];

/** Numbers write themselves with an exponent when they are very small or large. */
function plainDecimal(value: string): string {
  return /e/i.test(value)
    ? Number(value).toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 20 })
    : value;
}
