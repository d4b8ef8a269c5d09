export { Accounts } from "./accounts.tsx";
export { Assistants } from "./assistants.tsx";
export { ALERTS, BUDGET, LICENCES, METRICS, PRIVACY } from "./fields.ts";
export { MyAccount } from "./my-account.tsx";
export { Server, SingleSignOn } from "./server.tsx";
export { SettingForm } from "./setting-form.tsx";
export { Tokens } from "./tokens.tsx";
