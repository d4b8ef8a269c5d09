import { Link } from "wouter";

import { useAnswer } from "../client/index.ts";
import { rate } from "../format/index.ts";

/** How much of what was used has somebody behind it: no split of money by people, teams or keys is better than this. */
export function Attribution({
  range: { from, to },
  pastDay,
}: {
  range: { readonly from: string; readonly to: string };
  pastDay: string | null;
}) {
  const past = pastDay === null ? {} : { asOf: pastDay };
  const { data } = useAnswer("listKeyOwners", { from, to, ...past, limit: 1 });
  if (data === undefined) return null;
  const { cost, tokens } = data.mapping;
  const shares = [
    ...(cost.share === null ? [] : [`${rate(cost.share)} of Claude Code cost`]),
    ...(tokens.share === null ? [] : [`${rate(tokens.share)} of API tokens`]),
  ];
  if (shares.length === 0) return null;
  return (
    <div title="Of the whole organization in this range: what has a person or a service behind it. The rest counts for nobody.">
      <dt>Attributed</dt>
      <dd>
        <Link href="/keys?view=owners">{shares.join(", ")}</Link>
      </dd>
    </div>
  );
}
