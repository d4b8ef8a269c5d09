export { changeConfirmed } from "./execute-change.ts";
export type { ChangeOrder } from "./plan-change.ts";
export type { ChangeShown } from "./shapes.ts";
