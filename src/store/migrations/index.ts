import { base } from "./0001-base.ts";
import { conflicted } from "./0002-conflicted.ts";
import { access } from "./0003-access.ts";
import { teamHistory } from "./0004-team-history.ts";
import { viewsAndAlerts } from "./0005-views-and-alerts.ts";
import { oauth } from "./0006-oauth.ts";
import { changes } from "./0007-changes.ts";
import { anchors } from "./0008-anchors.ts";
import { logLives } from "./0009-log-lives.ts";
import { erasure } from "./0010-erasure.ts";
import { budgetsAndAnomalies } from "./0011-budgets-and-anomalies.ts";
import { secondFactor } from "./0012-second-factor.ts";
import { alertsArrive } from "./0013-alerts-arrive.ts";
import type { Migration } from "./migration.ts";

/** In order; the database's version is how many of them it has had. Forward only: a shipped one is never edited. */
export const migrations: readonly Migration[] = [
  base,
  conflicted,
  access,
  teamHistory,
  viewsAndAlerts,
  oauth,
  changes,
  anchors,
  logLives,
  erasure,
  budgetsAndAnomalies,
  secondFactor,
  alertsArrive,
];
