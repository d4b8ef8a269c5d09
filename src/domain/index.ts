export * from "./effects.ts";
export * from "./failure.ts";
export * from "./json.ts";
export * from "./money.ts";
export * from "./scope.ts";
export * from "./table.ts";
export * from "./time.ts";
