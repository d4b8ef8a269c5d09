import { claudeCodeActivityTable, claudeCodeToolsTable } from "/work/main/src/source/streams/claude-code-tables.ts";
import { existsSync, mkdirSync } from "node:fs";
import { streams } from "/work/main/src/source/index.ts";
import { loadPeople, openStore, ensureTenant } from "/work/main/src/store/index.ts";
import { catalog } from "/work/main/src/operations/index.ts";
import { dayText, NAMED } from "/work/main/src/domain/index.ts";
import { FIRST_DAY, LAST_DAY, NOW } from "/work/main/bench/support/query-store.ts";
import * as S from "/work/main/src/store/index.ts";
const P = 5000, ORG = "4f0c1d2e-3a4b-4c5d-8e6f-7a8b9c0d1e2f";
const dir = "/tmp/adoption-perf-db"; const fresh = !existsSync(dir); mkdirSync(dir, { recursive: true });
const store = await openStore({ dataDir: dir, tables: streams.flatMap((s) => s.tables) });
const { tenantId } = await store.write((tx) => ensureTenant(tx, "default", 0));
const scope = { tenantId, tenant: "default", principal: "b", privacy: NAMED };
const own = (org: string, day: number, n: number) => ({ organization_id: org, day, actor_kind: "user_actor", actor: `user:p${n}@x.io`, customer_type: "api", subscription_type: null, terminal_type: n % 3 ? "vscode" : "iTerm.app", is_remote: "false", service_actor: null });
const actives = (day: number) => Array.from({ length: P }, (_, n) => n).filter((n) => ((n * 2654435761 + day * 40503) >>> 3) % 10 < ((day + 3) % 7 < 5 ? 6 : 1) && day - FIRST_DAY > (n % 200));
if (fresh) {
  const days = Array.from({ length: 365 }, (_, i) => FIRST_DAY + i);
  for (let i = 0; i < days.length; i += 15) await store.write(async (tx) => {
    const some = days.slice(i, i + 15);
    for (const day of some) await S.replaceRecordRows(tx, scope, { deletes: [], inserts: actives(day).flatMap((n) => [{ table: claudeCodeActivityTable, values: { ...own(ORG, day, n), sessions: 2n, lines_added: 10n, lines_removed: 3n, commits: n % 2 ? 1n : 0n, pull_requests: 0n, actions_accepted: 4n, actions_rejected: 1n, tokens: 1000n } }, { table: claudeCodeToolsTable, values: { ...own(ORG, day, n), tool: "edit_tool", accepted: 4n, rejected: 1n } }]) as never });
    await S.refreshRollups(tx, scope, claudeCodeActivityTable, ORG, some); await S.refreshRollups(tx, scope, claudeCodeToolsTable, ORG, some);
    const { claudeCodeActiveDays } = await import("/work/main/src/source/index.ts");
    await S.refreshActiveDays(tx, scope, claudeCodeActiveDays, ORG, some);
  });
  await store.write((tx) => S.setCoverage(tx, scope, ORG, "claude_code", days.map((day) => ({ day, state: "complete" as const, readAtMs: (day + 60) * 864e5, revised: 0, refreshedAtMs: null }))));
  await store.write((tx) => loadPeople(tx, scope, Array.from({ length: P }, (_, n) => ({ personId: `p_${n}`, name: `P ${n}`, emails: [`p${n}@x.io`], team: `T${n % 40}`, costCentre: null, manager: null, startsOn: null, endsOn: null, inRoster: true }))));
}
const mode = process.env.MODE;
const context = { store, scope: mode ? { ...scope, privacy: { mode: "teams", minimumGroup: 5 } } : scope, clock: { now: () => NOW } } as never;
for (const [name, range] of [["year", { from: dayText(FIRST_DAY), to: dayText(LAST_DAY) }], ["month", {}]] as const)
  for (const id of process.argv.slice(2)) {
    const op = await (catalog as any)[id]();
    const times = [];
    for (let i = 0; i < Number(process.env.N ?? 4); i++) { const c = process.cpuUsage(); await op.run(context, id.startsWith("lic") ? {} : range); const u = process.cpuUsage(c); times.push((u.user + u.system) / 1000); }
    console.log(name, id, "cpu ms", times.map((t) => t.toFixed(0)).join(" "));
  }
await store.close();
