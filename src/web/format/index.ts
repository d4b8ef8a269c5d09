export { changeOf, type Change } from "./change.ts";
export {
  addDays,
  bucketsOf,
  dayCount,
  dayOf,
  formatAgo,
  formatDay,
  formatDayShort,
  formatInstant,
  formatRange,
  isDay,
  mondayOf,
  monthStart,
  type Day,
} from "./day.ts";
export { inSentence, labelOf } from "./label.ts";
export { reasonText } from "./reason.ts";
export { sourceNames } from "./source.ts";
export { compact, DASH, exact, rate, toNumber, unitWords, type Unit, type Value } from "./value.ts";
