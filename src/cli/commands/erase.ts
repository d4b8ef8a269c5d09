import { catalog, runOperation, type ErasurePlan } from "../../operations/index.ts";
import { askPerson } from "../ask-person.ts";
import type { Command } from "../command.ts";
import { counted, shown } from "../text.ts";
import { jsonText, withSession } from "../with-session.ts";

/** What is held about somebody; with a yes of whoever sits there it is erased. */
export const erase: Command = {
  args: [["<person>", "e-mail, p_… of the roster, or user_… at Anthropic"]],
  options: [
    ["--also <text...>", "further texts under which the person is known; may be given again"],
    ["--plan", "say what is held, and erase nothing"],
    ["--yes", "erase without asking"],
  ],
  examples: ["bursar erase jane@example.com --plan", 'bursar erase jane@example.com --also "jane-laptop"'],
  run: ({ world, io, globals, options, args: [person = ""] }) =>
    withSession({ world, globals }, "change", async (context) => {
      const asked = { person, also: [...(options.list("also") ?? [])] };
      const plan = await runOperation(context, await catalog.planErasure(), asked);
      if (options.flag("plan")) return io.out(globals.json ? jsonText(plan) : planText(plan));
      io.err(planText(plan));
      if (!options.flag("yes") && !(await askPerson(io, `Erase ${shown(plan.confirmation, 320)} for good?`)))
        return undefined;
      const order = { ...asked, confirm: plan.confirmation };
      const done = await runOperation(context, await catalog.erasePerson(), order);
      await io.out(
        globals.json
          ? jsonText(done)
          : `Erased. In the ledger the person is ${done.subject} from now on. Backups made before still hold what was erased; delete them when you may.\n`,
      );
      return undefined;
    }),
};

function planText({ held, stays }: ErasurePlan): string {
  const { identifiers, records, leaves, closedLeaves, own, accountsElsewhere } = held;
  const isNothing = records.length + leaves.length + own.length + closedLeaves === 0;
  if (isNothing) {
    return "Nothing is held: this person was erased before. Erasing again finishes what may have been cut off.\n";
  }
  const erased = [
    ...leaves.map((one) => `  ${one.kind} leaves of the ledger: ${counted(one.leaves, "leaf", "leaves")}`),
    ...(closedLeaves > 0 ? [`  logs that ended: ${counted(closedLeaves, "leaf", "leaves")}`] : []),
    ...own.map((one) => `  ${one.table}: ${counted(one.rows, "row")}`),
  ];
  const lines = [
    `Known by ${counted(identifiers.emails, "address", "addresses")}, ${counted(identifiers.ids, "id")} and ${counted(identifiers.names, "name")}.`,
    ...(identifiers.sharedNames > 0
      ? [`${counted(identifiers.sharedNames, "name")} of somebody else too: replaced beside an identifier only.`]
      : []),
    "Erased, and recorded again under a pseudonym:",
    ...(records.length === 0
      ? ["  nothing"]
      : records.map((one) => `  ${one.stream}: ${counted(one.versions, "version")}`)),
    "Erased:",
    ...(erased.length === 0 ? ["  nothing else"] : erased),
    ...(accountsElsewhere > 0
      ? [`  (${counted(accountsElsewhere, "account")} in other tenants too, and kept there)`]
      : []),
    "Stays:",
    ...stays.map((says) => `  ${says}`),
  ];
  return `${lines.join("\n")}\n`;
}
