import { analyticsCost, analyticsUsage } from "./analytics.ts";
import { claudeCode } from "./claude-code.ts";
import { costReport } from "./cost-report.ts";
import { Days } from "./days.ts";
import { inventDirectory } from "./directory.ts";
import { messagesUsage } from "./messages-usage.ts";
import { Overlay } from "./overlay.ts";
import { ownersOf, rosterOf } from "./roster.ts";
import { inventSetting } from "./setting.ts";
import { truthOf } from "./truth.ts";
import type { World, WorldOptions } from "./types.ts";

/**
 * Invents an organization and its usage. Equal options give equal worlds, on every machine and at every time.
 *
 * All reports are cuts of the same cells, so they agree as far as the real ones do. The history (up to `options.end`)
 * is settled at `startsAt`; later days go on being invented, and arrive late and in pieces as `now` moves.
 *
 * @throws RangeError for options that no organization can have.
 */
export function createWorld(options: WorldOptions): World {
  const setting = inventSetting(options);
  const days = new Days(setting);
  const overlay = new Overlay();
  const directory = inventDirectory(setting);
  return {
    options: setting.options,
    directory,
    startsAt: setting.startsAt,
    overlay,
    messagesUsage: (query, now) => messagesUsage(setting, days, overlay, query, now),
    costReport: (query, now) => costReport(setting, days, overlay, query, now),
    claudeCode: (day, now) => claudeCode(setting, days, overlay, day, now),
    analyticsUsage: (query, now) => analyticsUsage(setting, days, overlay, query, now),
    analyticsCost: (query, now) => analyticsCost(setting, days, overlay, query, now),
    truth: () => truthOf(setting, directory, days),
    roster: () => rosterOf(setting),
    keyOwners: () => ownersOf(setting),
  };
}
