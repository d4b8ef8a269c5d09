import { leavesAnAdmin } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import {
  forgetAccount,
  listMembers,
  listPeople,
  lockMembers,
  rewriteOwnTexts,
  savePerson,
  type WriteTx,
} from "../../store/index.ts";
import { namePseudonym, type Suppressor } from "../../sync/index.ts";
import { requireMayGrant } from "../accounts.ts";
import type { OperationContext } from "../context.ts";
import { readExceptions, writeExceptions } from "../licence-terms.ts";

export interface OwnDataErased {
  /** Rows changed or deleted, by table. */
  readonly rows: ReadonlyMap<string, number>;
  /** Accounts that stay, because they enter other tenants too. */
  readonly accountsElsewhere: number;
}

/**
 * Erases what we ourselves hold about whoever is listed: roster, history, accounts with all that hangs on them, settings,
 * views, plans.
 *
 * Of the roster an entry stays under pseudonyms, with when it holds, so that several addresses stay one person in
 * every count, and keys that count as theirs keep an owner.
 *
 * @throws Failure `access.last_admin`; `access.above_own` for an account that may more than the caller
 */
export async function eraseOwnData(
  tx: WriteTx,
  { scope, caller, factorSafe }: Pick<OperationContext, "scope" | "caller" | "factorSafe">,
  suppressor: Suppressor,
): Promise<OwnDataErased> {
  const rows = new Map<string, number>();
  const count = (table: string, more = 1) => rows.set(table, (rows.get(table) ?? 0) + more);
  const subjects = new Map<string, string>();
  for (const person of await listPeople(tx, scope)) {
    const found = person.emails.map((email) => suppressor.find(email)).filter((one) => one !== null);
    const [first] = found;
    if (first === undefined) continue;
    subjects.set(person.personId, first.subject);
    const { personId, startsOn, endsOn, inRoster } = person;
    const nobody = { team: null, costCentre: null, manager: null };
    const emails = found.map(({ pseudonym }) => pseudonym);
    await savePerson(tx, scope, {
      ...nobody,
      personId,
      startsOn,
      endsOn,
      inRoster,
      name: namePseudonym(first.subject),
      emails,
    });
    count("people", 1 + (person.earlier?.length ?? 0));
  }
  let accountsElsewhere = 0;
  await lockMembers(tx, scope);
  const members = await listMembers(tx, scope);
  for (const member of members) {
    const { account, personId } = member;
    const addresses = [account.email, account.contact].filter((one) => one !== null);
    const found = addresses.map((one) => suppressor.find(one)).find((one) => one !== null);
    const subject = found?.subject ?? (personId === null ? undefined : subjects.get(personId));
    if (subject === undefined) continue;
    requireMayGrant(caller, member.role, member.people);
    if (!leavesAnAdmin(members, { ...member, disabled: true })) throw new Failure("access.last_admin");
    if (await forgetAccount(tx, scope, account.accountId, namePseudonym(subject)))
      await factorSafe.destroy(tx, account.accountId);
    else accountsElsewhere += 1;
    count("accounts");
  }
  const exceptions = await readExceptions(tx, scope);
  const kept = exceptions.filter(({ person }) => !subjects.has(person) && suppressor.find(person) === null);
  if (kept.length < exceptions.length) {
    // With their reasons, which are about the person whatever they say.
    await writeExceptions(tx, scope, kept);
    count("settings");
  }
  for (const [table, more] of await rewriteOwnTexts(tx, scope, (text) => suppressor.text(text))) count(table, more);
  return { rows, accountsElsewhere };
}
