import { dayRuns } from "./decode.ts";
import { findCode } from "./dims.ts";
import { ORGANIZATION } from "./records.ts";
import { sessionOf } from "./session.ts";
import type { DayNumber, Scope, Table, WriteTx } from "./types.ts";

/**
 * Sums these days of one organization again into the table's roll-ups.
 *
 * A sum is null when every row's value is; it leaves nulls out otherwise. A group's sum of one day must fit 64 bits
 * ($9.2 M in pico-dollars); more is refused loudly by both engines and undoes the transaction.
 */
export async function refreshRollups(
  tx: WriteTx,
  scope: Scope,
  table: Table,
  organizationId: string,
  days: Iterable<DayNumber>,
): Promise<void> {
  const organization = await findCode(tx, scope, ORGANIZATION, organizationId);
  if (organization === null) return;
  const place = "tenant_id = ? and organization_id = ? and day >= ? and day < ?";
  const session = sessionOf(tx);
  for (const { from, to } of dayRuns(days)) {
    const params = [scope.tenantId, organization, from, to];
    for (const { name, by, sums } of table.rollups) {
      await session.run(`delete from ${name} where ${place}`, params);
      const kept = ["tenant_id", ...by].join(", ");
      await session.run(
        `insert into ${name} (${[kept, ...sums].join(", ")})
         select ${[kept, ...sums.map((column) => `sum(${column})`)].join(", ")}
         from ${table.name}
         where ${place}
         group by ${kept}`,
        params,
      );
    }
  }
}
