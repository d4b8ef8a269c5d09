import "./activity.css";
import type { Output } from "../client/index.ts";
import { formatDay } from "../format/index.ts";
import { Foot } from "../ui/index.ts";

type Frame = Pick<
  Output<"activeUsers">,
  "source" | "completeThrough" | "asOf" | "coverage" | "range" | "warnings" | "activeRule"
>;

const RULES = {
  any: "A person is active on a day with anything at all: a session, a line, a decision, a token.",
  token: "A person is active on a day with at least one token used.",
  engaged: "A person is active on a day with an accepted edit, a commit or a pull request.",
} as const satisfies Record<Frame["activeRule"], string>;

/** Warnings that the page shows by other means: the state dots and the hatching. */
const SHOWN_ELSEWHERE = new Set(["incomplete"]);

/** What to know before reading the figures, and where they come from. */
export function ActivityFoot({
  answers,
  metrics,
  rule = true,
}: {
  answers: readonly (Frame | undefined)[];
  /** What "how is this computed" explains. */
  metrics: readonly string[];
  /** Whether figures of the page depend on when a person counts as active. */
  rule?: boolean;
}) {
  const known = answers.filter((answer) => answer !== undefined);
  const [first] = known;
  if (first === undefined) return null;
  const warnings = new Map(
    known
      .flatMap(({ warnings }) => warnings)
      .filter(({ code }) => !SHOWN_ELSEWHERE.has(code))
      .map(({ code, message }) => [code, message.replaceAll(/\d{4}-\d{2}-\d{2}/g, (day) => formatDay(day))]),
  );
  const isRead = first.coverage.covered + first.coverage.partial > 0;
  const lines = !isRead ? [] : [...(rule ? [RULES[first.activeRule]] : []), ...warnings.values()];
  return (
    <>
      {lines.length > 0 && (
        <section className="good-to-know" aria-label="Good to know">
          <h2>Good to know</h2>
          <ul>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      <Foot answers={metrics.map((metric) => ({ metric, ...first, range: { ...first.range, grain: null } }))} />
    </>
  );
}
