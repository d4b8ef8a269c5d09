import { expect, it } from "vitest";

import { KeptAnswers } from "../../src/mcp/kept-answers.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { appendLook } from "../../src/sync/index.ts";
import { withSessions } from "../support/sessions.ts";

it("answers are kept while the rows are the same, for whoever asked", () =>
  withSessions(async ({ open }) => {
    const context = await open();
    const { scope } = context;
    const kept = new KeptAnswers();
    const operation = await catalog.describeMetrics();
    let made = 0;
    const ask = async (asker: OperationContext, input = {}) => {
      const before = made;
      const make = () => {
        made += 1;
        return runOperation(asker, operation, input);
      };
      await kept.ask(asker, operation, input, make);
      return made > before ? "made" : "kept";
    };
    await runOperation(context, await catalog.savePerson(), { name: "Ada", emails: ["ada@example.com"] });
    expect([await ask(context), await ask(context)]).toEqual(["made", "kept"]);
    await appendLook(await context.effects(), scope, { event: "mcp.called" });
    expect(await ask(context)).toBe("kept");
    expect(await ask({ ...context, scope: { ...scope, principal: "token:1" } })).toBe("made");
    const nobody = { ...context, caller: { ...context.caller, permissions: new Set<never>() } };
    await expect(ask(nobody)).rejects.toThrow("not allowed");
    await runOperation(context, await catalog.savePerson(), { name: "Bo", emails: ["bo@example.com"] });
    expect(await ask(context)).toBe("made");
  }));
