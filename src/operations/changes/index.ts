export { changeConfirmed } from "./execute-change.ts";
export type { ChangeOrder } from "./plan-change.ts";
export type { ChangeShown, OffboardingShown } from "./shapes.ts";
