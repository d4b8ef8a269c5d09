export { overTime } from "./over-time.ts";
