import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import type { World } from "../../src/emulator/index.ts";
import { changeText, questionOf } from "../../src/mcp/changes/change-text.ts";
import { catalog } from "../../src/operations/index.ts";
import { TINY, tinyWorld } from "../emulator/tiny-world.ts";
import { ask, carryOut, withChanges } from "./support.ts";

const NAMES = JSON.parse(
  readFileSync(new URL("../fixtures/hostile-names.json", import.meta.url), "utf8"),
) as readonly string[];
const KEYS_EACH = 20;

/** Ten workspaces with twenty keys each: workspaces, keys and members are called what somebody hostile called them. */
function hostileWorld(): World {
  const world = tinyWorld();
  const { directory } = world;
  const workspace = directory.workspaces.find(({ id }) => id === TINY.workspace)!;
  const key = directory.apiKeys.find(({ id }) => id === TINY.key)!;
  for (const [at, name] of NAMES.entries()) {
    const group = Math.floor(at / KEYS_EACH);
    const id = `wrkspc_hostile${group}`;
    if (at % KEYS_EACH === 0) directory.workspaces.push({ ...workspace, id, name: name.slice(0, 40) });
    const scope = { type: "workspace" as const, workspace_id: id };
    directory.apiKeys.push({ ...key, id: `apikey_hostile${at}`, name, scope, workspace_id: id });
  }
  for (const [at, user] of directory.users.entries()) user.name = NAMES[at] ?? user.name;
  return world;
}

/** Controls, line ends, and marks that turn or hide writing. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

it("two hundred hostile names change nothing, and are told as data", () =>
  withChanges(
    async ({ operator, signIn, writes, emulator }) => {
      const ada = await signIn("ada.example@example.com");
      let named = 0;
      for (let group = 0; group < NAMES.length / KEYS_EACH; group += 1) {
        const order = { kind: "archive_workspace", arguments: { workspace_id: `wrkspc_hostile${group}` } };
        const { change } = await ask(operator, catalog.planChange(), order);
        const { request, consequences } = change.steps[0]!;
        expect([change.state, request]).toEqual([
          "planned",
          { method: "POST", path: `/v1/organizations/workspaces/wrkspc_hostile${group}/archive`, body: null },
        ]);
        for (const line of consequences) expect(line).not.toMatch(UNSEEN);
        for (const line of questionOf(change).lines) expect(line.split("\n")).toHaveLength(1);
        expect(changeText(change, []).split("\n").length).toBeLessThan(12);
        named += consequences.join("").match(/apikey_hostile/g)?.length ?? 0;
      }
      const removal = { kind: "remove_member", arguments: { user_id: TINY.developer } };
      await ask(operator, catalog.planChange(), removal);
      expect([named, writes()]).toEqual([NAMES.length, []]);
      // What a person does approve is that and nothing else.
      await carryOut(operator, ada, removal);
      expect(writes()).toEqual([`DELETE /v1/organizations/users/${TINY.developer}`]);
      expect(
        emulator.world.directory.workspaces.every(({ archived_at: at, id }) => at === null || !id.includes("hostile")),
      ).toBe(true);
    },
    { world: hostileWorld() },
  ));
