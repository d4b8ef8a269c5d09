import type { ReactNode } from "react";
import { Link, useSearch } from "wouter";

import { useMe, type Permission } from "../client/index.ts";
import {
  Accounts,
  ALERTS,
  Assistants,
  AUDITOR,
  BUDGET,
  Budgets,
  LICENCES,
  METRICS,
  MyAccount,
  PRIVACY,
  Retention,
  Server,
  SettingForm,
  SingleSignOn,
  TestAlert,
  TIME_STAMPS,
  Tokens,
  WITNESSES,
  type Field,
} from "../settings/index.ts";
import { Notice, Page } from "../ui/index.ts";

interface Part {
  readonly tab: string;
  readonly title: string;
  readonly needs: Permission;
  readonly show: () => ReactNode;
}

/** A part that is one form, for those who set Bursar up. */
function formPart(tab: string, title: string, fields: readonly Field[], sentence: string): Part {
  return {
    tab,
    title,
    needs: "settings",
    show: () => <SettingForm title={title} sentence={sentence} fields={fields} />,
  };
}

const PARTS: readonly Part[] = [
  { tab: "account", title: "My account", needs: "own", show: () => <MyAccount /> },
  { tab: "tokens", title: "API tokens", needs: "own", show: () => <Tokens /> },
  { tab: "assistants", title: "Assistants", needs: "own", show: () => <Assistants /> },
  { tab: "accounts", title: "Accounts", needs: "accounts", show: () => <Accounts /> },
  { tab: "sso", title: "Single sign-on", needs: "settings", show: () => <SingleSignOn /> },
  formPart(
    "privacy",
    "Privacy",
    PRIVACY,
    "It holds for pages, exports, the API and the ledger alike. Each person always sees their own figures.",
  ),
  { tab: "retention", title: "Retention", needs: "settings", show: () => <Retention /> },
  formPart(
    "metrics",
    "Metrics",
    METRICS,
    "What figures mean where a page does not ask otherwise. Past days are counted anew.",
  ),
  formPart("licences", "Licences", LICENCES, "When a seat counts as idle, and what it costs."),
  {
    tab: "budget",
    title: "Budget",
    needs: "settings",
    show: () => (
      <>
        <SettingForm title="Budget" sentence="Drawn as a line on the pages about money." fields={BUDGET} />
        <Budgets />
      </>
    ),
  },
  {
    tab: "alerts",
    title: "Alerts",
    needs: "settings",
    show: () => (
      <>
        <SettingForm
          title="Alerts"
          sentence="Bursar posts JSON to an address of yours. Leave it empty for none."
          fields={ALERTS}
        />
        <TestAlert />
      </>
    ),
  },
  {
    tab: "anchors",
    title: "Anchors",
    needs: "settings",
    show: () => (
      <>
        <SettingForm
          title="Witnesses"
          sentence="Others who look that the ledger only grows, and sign what they saw. Give them the log's key: Ledger, State."
          fields={WITNESSES}
        />
        <SettingForm
          title="Time stamps"
          sentence="Services that state when a checkpoint existed. They are sent a digest, and learn nothing of what is recorded."
          fields={TIME_STAMPS}
        />
        <SettingForm
          title="Auditor"
          sentence="Where copies of checkpoints go. A copy that somebody keeps shows every later change of what it covers."
          fields={AUDITOR}
        />
      </>
    ),
  },
  { tab: "server", title: "Server", needs: "settings", show: () => <Server /> },
];

/** What is decided about this Bursar, and what is one's own. Which part is open stands in the address. */
export function Settings() {
  const { me, may } = useMe();
  const wanted = new URLSearchParams(useSearch()).get("tab");
  const parts = PARTS.filter(({ needs }) => may(needs));
  const open = parts.find(({ tab }) => tab === wanted) ?? parts[0];
  const isKept = wanted !== null && open?.tab !== wanted && PARTS.some(({ tab }) => tab === wanted);
  return (
    <Page title="Settings" sentence="Who may come in and see what, and what figures mean here.">
      <div className="settings">
        <nav className="settings-nav no-print" aria-label="Settings">
          {parts.map(({ tab, title }) => (
            <Link key={tab} href={`/settings?tab=${tab}`} aria-current={tab === open?.tab ? "page" : undefined}>
              {title}
            </Link>
          ))}
        </nav>
        <div className="settings-body">
          {me !== undefined && isKept && (
            <Notice kind="note">
              This part is for administrators. Ask one of yours, or see what is your own below.
            </Notice>
          )}
          {open?.show()}
        </div>
      </div>
    </Page>
  );
}
