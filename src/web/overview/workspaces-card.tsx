import { Link } from "wouter";

import { useAnswer } from "../client/index.ts";
import type { Common, Filters } from "../filters/index.ts";
import { SpendTable } from "../money/index.ts";
import { Card } from "../ui/index.ts";

export type Kind = NonNullable<Filters["kind"]>;

const MOST = 6;
const WORDS = { estimated: "estimated", list: "list price", net: "billed", notional: "notional" } as const;

/** Where the money goes by workspace, in the kind of money that is told by workspace. */
export function WorkspacesCard({
  common,
  kind,
  carried,
}: {
  readonly common: Common | null;
  readonly kind: { readonly kind?: Kind };
  readonly carried: string;
}) {
  const found = useAnswer("spendBy", common && { by: "workspace", most: MOST, ...common, ...kind });
  const table = found.data?.table;
  const told = table === undefined ? "" : table.kind === null ? "By tokens: " : `By ${WORDS[table.kind]} cost: `;
  return (
    <Card
      title="Workspaces"
      sentence={`${told}all use of the API, Claude Code among it.`}
      tools={<Link href={`/workspaces${carried}`}>All workspaces</Link>}
    >
      <SpendTable
        label="Spend by workspace"
        short
        table={table}
        problem={found.error}
        onRetry={() => void found.refetch()}
        dimmed={found.isPlaceholderData}
      />
    </Card>
  );
}
