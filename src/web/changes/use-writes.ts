import { useAnswer, useMe } from "../client/index.ts";

export interface Writes {
  /** The caller may manage the organization; whether anything can be changed is another matter. */
  readonly mayManage: boolean;
  /** Whether writing is switched on; undefined until it is known. */
  readonly isOn: boolean | undefined;
  /** Both: the actions are offered. */
  readonly isOffered: boolean;
}

/** Whether the organization can be changed from here, by whoever looks. */
export function useWrites(): Writes {
  const { may } = useMe();
  const mayManage = may("manage");
  const { data } = useAnswer("listChanges", mayManage ? { limit: 1 } : null);
  return { mayManage, isOn: data?.isOn, isOffered: mayManage && data?.isOn === true };
}
