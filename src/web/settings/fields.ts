import type { Field } from "./setting-form.tsx";

export const PRIVACY: readonly Field[] = [
  {
    name: "privacy.mode",
    label: "How people appear",
    as: "radio",
    choices: [
      { value: "teams", label: "Only as teams", says: "Nobody without the permission sees a single person." },
      {
        value: "pseudonymous",
        label: "Under a pseudonym",
        says: "The same person keeps the same pseudonym; who it is cannot be told from an export.",
      },
      { value: "named", label: "By name", says: "For small organizations whose people agreed to it." },
    ],
  },
  { name: "privacy.minimumGroup", label: "People in the smallest group that is shown", as: "number" },
];

export const METRICS: readonly Field[] = [
  {
    name: "denominator",
    label: "Adoption is a share of",
    as: "choice",
    choices: [
      { value: "", label: "The roster, else the members" },
      { value: "roster", label: "People of the roster" },
      { value: "org_members", label: "Members of the organization" },
      { value: "assigned_seats", label: "Assigned seats" },
      { value: "ever_active", label: "People who were ever active" },
    ],
  },
  {
    name: "activeRule",
    label: "A person is active on a day with",
    as: "choice",
    choices: [
      { value: "any", label: "Any activity" },
      { value: "token", label: "At least one token" },
      { value: "engaged", label: "An accepted edit, a commit or a pull request" },
    ],
  },
  { name: "weekStartsOn", label: "Weeks begin on", as: "choice", choices: [{ value: "monday", label: "Monday" }] },
];

export const LICENCES: readonly Field[] = [
  { name: "seatPriceUsd", label: "Price of a seat in a month, in USD", as: "money", placeholder: "not set" },
  {
    name: "idleDays",
    label: "A seat is idle after",
    as: "choice",
    choices: ["14", "30", "60", "90"].map((value) => ({ value, label: `${value} days` })),
  },
  { name: "graceDays", label: "Days of grace for new seats", as: "number" },
];

export const BUDGET: readonly Field[] = [
  { name: "budgetMonthlyUsd", label: "Budget of a month, in USD", as: "money", placeholder: "not set" },
];

export const ALERTS: readonly Field[] = [
  {
    name: "alertWebhookUrl",
    label: "Address of the webhook",
    as: "text",
    placeholder: "https://…",
  },
];

export const WITNESSES: readonly Field[] = [
  {
    name: "anchors.witnesses",
    label: "Witnesses",
    as: "lines",
    placeholder: "https://witness.example witness.example/audit+1a2b3c4d+B…",
  },
  { name: "anchors.quorum", label: "Witnesses needed", as: "number", placeholder: "all" },
];

export const TIME_STAMPS: readonly Field[] = [
  { name: "anchors.authorityUrl", label: "Time stamp authority", as: "text", placeholder: "https://…" },
  {
    name: "anchors.authorityCertificates",
    label: "Its certificates",
    as: "block",
    placeholder: "-----BEGIN CERTIFICATE-----",
  },
  { name: "anchors.calendars", label: "OpenTimestamps calendars", as: "lines", placeholder: "https://…" },
  { name: "anchors.headersUrl", label: "Bitcoin node or explorer", as: "text", placeholder: "https://…" },
  { name: "anchors.everyHours", label: "Hours between two stamps and copies", as: "number" },
];

export const AUDITOR: readonly Field[] = [
  { name: "anchors.copyMail", label: "Mailbox", as: "text", placeholder: "auditor@example.com" },
  { name: "anchors.copyWebhookUrl", label: "Address of a webhook", as: "text", placeholder: "https://…" },
];

export const SESSIONS: readonly Field[] = [
  { name: "sessionIdleHours", label: "Hours without use until a session ends", as: "number" },
];

export const SECOND_FACTOR: readonly Field[] = [
  {
    name: "secondFactor",
    label: "Demanded of",
    as: "radio",
    choices: [
      { value: "off", label: "Nobody", says: "Whoever wants one sets it up under My account." },
      { value: "admins", label: "Admins" },
      { value: "everybody", label: "Everybody" },
    ],
  },
];
