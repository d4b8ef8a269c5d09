import { inService, modelOf, type Family, type Model } from "./prices.ts";
import { shareOf } from "./random.ts";

/** Where nothing of a family serves yet, the next one down does. */
const FALLBACK: Record<Family, readonly Family[]> = {
  fable: ["fable", "opus", "sonnet", "haiku"],
  opus: ["opus", "sonnet", "haiku"],
  sonnet: ["sonnet", "opus", "haiku"],
  haiku: ["haiku", "sonnet", "opus"],
};

/**
 * The model of that family that this caller uses on that day: the newest after a personal delay of up to three weeks.
 * One caller in twelve stays a generation behind. Only models in service are chosen.
 */
export function modelFor(seed: number, caller: string, family: Family, day: number): Model {
  const models = FALLBACK[family].map((candidate) => inService(candidate, day)).find((found) => found.length > 0);
  const [newest, ...older] = models ?? [];
  if (newest === undefined) throw new RangeError("no model is in service on that day");
  const candidates = older.length > 0 && shareOf(seed, "behind", caller) < 1 / 12 ? older : [newest, ...older];
  const adopted = candidates.find((model) => model.from + delayOf(seed, caller, model) <= day);
  return adopted ?? candidates.at(-1) ?? newest;
}

/** `pinned` as long as it serves, else as above. */
export function pinnedModel(seed: number, caller: string, pinned: string, family: Family, day: number): Model {
  const model = modelOf(pinned);
  return model.from <= day && day < model.until ? model : modelFor(seed, caller, family, day);
}

function delayOf(seed: number, caller: string, model: Model): number {
  const share = shareOf(seed, "delay", caller, model.id);
  return Math.floor(share * share * 21);
}
