export type {
  Call,
  Command,
  Globals,
  OpenMode,
  ServeOptions,
  Session,
  SettingFlag,
  WitnessServeOptions,
  World,
} from "./command.ts";
export { createIo, type Io } from "./io.ts";
export { runCli } from "./run-cli.ts";
