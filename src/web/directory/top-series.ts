import type { Output } from "../client/index.ts";
import type { Value } from "../format/index.ts";

type Answer = Output<"listWorkspaces">;

interface Bar {
  readonly name: string;
  readonly label: string;
  readonly value: Value;
  readonly previous?: Value;
}

const MOST = 10;

/** The costliest workspaces as bars, against the period before; what costs nothing has no bar. */
export function seriesOf(answer: Answer, before: Answer | undefined): Bar[] {
  const placeOf = ({ organizationId, workspaceId }: Answer["rows"][number]) => `${organizationId} ${workspaceId}`;
  const earlier = new Map(before?.rows.map((row) => [placeOf(row), row.cost]));
  return answer.rows
    .filter(({ cost }) => cost !== null && Number(cost) > 0)
    .slice(0, MOST)
    .map((row) => ({
      name: placeOf(row),
      label: row.name,
      value: row.cost,
      ...(before === undefined ? {} : { previous: earlier.get(placeOf(row)) ?? null }),
    }));
}
