export { Accounts } from "./accounts.tsx";
export { Assistants } from "./assistants.tsx";
export { ALERTS, AUDITOR, BUDGET, LICENCES, METRICS, PRIVACY, TIME_STAMPS, WITNESSES } from "./fields.ts";
export { Budgets } from "./budgets.tsx";
export { MyAccount } from "./my-account.tsx";
export { Retention } from "./retention.tsx";
export { Server, SingleSignOn } from "./server.tsx";
export { SettingForm, type Field } from "./setting-form.tsx";
export { Tokens } from "./tokens.tsx";
