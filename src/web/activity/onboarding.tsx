import type { Output } from "../client/index.ts";
import { FactRows } from "../ui/index.ts";

type Step = Output<"onboarding">["steps"][number];

/** Short enough to stand beside a bar. */
export const STEPS: Readonly<Record<Step["id"], string>> = {
  invited: "Invited",
  accepted: "Accepted",
  first_session: "First session",
  first_accepted_edit: "Accepted edit",
  first_commit_or_pull_request: "Commit or PR",
};

/** What is said of a step beside its figures. */
export function noteOf(median: number | null, open: number | null): { note?: string } {
  const parts = [
    median === null ? null : `${daysText(median)} after the step before, as a median`,
    open === null || open === 0 ? null : `${open} have not come this far yet`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? {} : { note: `${parts.join("; ")}.` };
}

/** How long each step took, in one line each. */
export function Waits({ steps }: { steps: readonly Step[] }) {
  const known = steps
    .map((step, at) => ({ ...step, before: steps[at - 1]?.id }))
    .filter(({ medianDays }) => medianDays.value !== null);
  if (known.length === 0) return null;
  return (
    <FactRows of="figures" className="activity-facts small">
      {known.map(({ id, before, medianDays, measured }) => (
        <div key={id}>
          <dt>
            {before === undefined ? "" : STEPS[before]} to {lowerFirst(STEPS[id])}
          </dt>
          <dd>
            {daysText(medianDays.value ?? 0)}{" "}
            <span className="quiet">
              median of {measured}
              {medianDays.lowSample === true ? ", few" : ""}
            </span>
          </dd>
        </div>
      ))}
    </FactRows>
  );
}

function daysText(days: number): string {
  return days === 0 ? "same day" : days === 1 ? "1 day" : `${days} days`;
}

/** "Commit or PR" within a sentence: an abbreviation stays as it is. */
function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
